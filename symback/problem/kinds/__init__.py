"""The kinds of problems, each read into an `Exercise`."""
