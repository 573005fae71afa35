"""Curves and what is near them: implicit differentiation, tangents, Taylor polynomials."""

from symback.calculus.curves.implicit import implicit
from symback.calculus.curves.result import Implicit

__all__ = ["Implicit", "implicit"]
