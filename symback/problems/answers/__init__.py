"""Answers: what is right, and how a given one compares."""
