"""Limits step by step: `symback limit "sin(3x)/x" --to x=0`."""

from symback.calculus.limits.ask import limit
from symback.calculus.limits.result import Limit

__all__ = ["Limit", "limit"]
