"""A file of problems: read, with all its faults and their places."""
