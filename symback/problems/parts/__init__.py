"""Parts of problems: what they have from their problem, and what they say of one another."""
