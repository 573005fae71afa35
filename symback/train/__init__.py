"""Training: gradient descent on a graph's parameters until the loss no longer falls, from Python or from a file."""

from __future__ import annotations

from symback.train.file import Plan, read_plan
from symback.train.history import History
from symback.train.settings import Settings
from symback.train.training import train

__all__ = ["History", "Plan", "Settings", "read_plan", "train"]
