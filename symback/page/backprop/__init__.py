"""Backpropagation written out: the forward pass, each gradient with its steps and its value, the update, the check."""
