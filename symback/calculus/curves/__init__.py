"""Curves and what is near them: implicit differentiation, tangents, Taylor polynomials."""

from symback.calculus.curves.implicit import implicit
from symback.calculus.curves.result import Implicit
from symback.calculus.curves.tangent import Tangent, tangent
from symback.calculus.curves.taylor import Taylor, taylor

__all__ = ["Implicit", "Tangent", "Taylor", "implicit", "tangent", "taylor"]
