"""Integrals, step by step."""

from symback.calculus.integrals.ask import integrate
from symback.calculus.integrals.result import Integral

__all__ = ["Integral", "integrate"]
