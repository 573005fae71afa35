"""Curves and what is near them: implicit differentiation, tangents, Taylor polynomials."""

from symback.calculus.curves.expand import taylor
from symback.calculus.curves.implicit import implicit
from symback.calculus.curves.result import Implicit
from symback.calculus.curves.tangent import Tangent, tangent
from symback.calculus.curves.taylor import Taylor

__all__ = ["Implicit", "Tangent", "Taylor", "implicit", "tangent", "taylor"]
