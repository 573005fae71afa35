"""Expressions that keep the form in which they were written, the functions, and rules as steps."""
