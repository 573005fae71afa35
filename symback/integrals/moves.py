"""The moves of the search, in the order in which they are tried."""

from symback.integrals.algebra import algebra, hyperbolic, powers_of_x
from symback.integrals.parts import by_parts
from symback.integrals.radicals import mixed_radicals, radicals
from symback.integrals.rational import rational
from symback.integrals.roots import roots
from symback.integrals.search import Move
from symback.integrals.substitution import substitution
from symback.integrals.trigonometry import trigonometric
from symback.integrals.universal import half_angle

MOVES: tuple[tuple[str, Move], ...] = (
    ("powers of x", powers_of_x),
    ("several roots as powers of u", mixed_radicals),
    ("substitution", substitution),
    ("rational functions", rational),
    ("roots as u", radicals),
    ("roots of quadratics", roots),
    ("algebra", algebra),
    ("trigonometric identities", trigonometric),
    ("hyperbolic functions by e^x", hyperbolic),
    ("u = tan(x/2)", half_angle),
    ("parts", by_parts),
)
