"""Extrema step by step: `symback extrema "x^3 - 3x"`."""

from symback.calculus.extrema.ask import extrema
from symback.calculus.extrema.result import Extrema, Point

__all__ = ["Extrema", "Point", "extrema"]
