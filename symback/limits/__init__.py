"""Limits step by step: `symback limit "sin(3x)/x" --to x=0`."""

from symback.limits.ask import limit
from symback.limits.result import Limit

__all__ = ["Limit", "limit"]
