"""Variants of a problem: parameters, their values, and the text with values put in."""
