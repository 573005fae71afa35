"""Integrals, step by step."""

from symback.integrals.ask import integrate
from symback.integrals.result import Integral

__all__ = ["Integral", "integrate"]
