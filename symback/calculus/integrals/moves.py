"""The moves of the search, in the order in which they are tried, each under the name of its technique."""

from symback.calculus.integrals.algebra import algebra, hyperbolic, powers_of_x
from symback.calculus.integrals.discriminant import one_over_quadratic
from symback.calculus.integrals.parts import by_parts
from symback.calculus.integrals.radicals import mixed_radicals, radicals
from symback.calculus.integrals.rational import rational
from symback.calculus.integrals.roots import roots
from symback.calculus.integrals.search import Move
from symback.calculus.integrals.substitution import logarithm, substitution
from symback.calculus.integrals.trigonometry import trigonometric
from symback.calculus.integrals.universal import half_angle

MOVES: tuple[tuple[str, Move], ...] = (
    ("algebra", powers_of_x),
    ("substitution", mixed_radicals),
    ("substitution", substitution),
    ("partial fractions", one_over_quadratic),
    ("partial fractions", rational),
    ("substitution", radicals),
    ("undetermined coefficients", roots),
    ("algebra", algebra),
    ("trigonometric identities", trigonometric),
    ("algebra", hyperbolic),
    ("u = tan(x/2)", half_angle),
    ("parts", by_parts),
    ("substitution", logarithm),
)
