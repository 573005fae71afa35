"""Derivatives by the rules of a textbook, one labelled step at a time."""
