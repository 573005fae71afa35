"""Values of functions that everybody knows: ln(1) = 0, sin(3pi/2) = -1, sqrt(9) = 3, log_2(8) = 3, sinh(ln 2) = 3/4.

The values of each function are in its row of the table of functions; here they are looked up. Angles beyond the first
turn, negative arguments and hyperbolic functions of logarithms are brought to those rows by steps of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache, lru_cache
from math import ceil, floor

from sympy.core.numbers import Integer

from symback.calculus.tidy.logarithms import of_logarithms
from symback.calculus.tidy.numbers import SIZE_OF_NUMBER, value_of_numbers
from symback.calculus.tidy.surds import Surd, key_of, surd
from symback.expr.functions import FUNCTIONS, ROWS, Function
from symback.expr.match import fill, match
from symback.expr.rule import Rule
from symback.expr.tree import (
    PI,
    Apply,
    E,
    Neg,
    Power,
    Quotient,
    Tree,
    apply,
    number,
    product_of,
    symbol,
    symbols_of,
)
from symback.syntax import parse_law
from symback.verify.compare import approximate

KNOWN_VALUE = "known value"
ODD = Rule("odd function", "sin(-u) = -sin(u)", minor=True)
EVEN = Rule("even function", "cos(-u) = cos(u)", minor=True)
REFERENCE_ANGLE = Rule("reference angle", "sin(7pi/6) = -sin(pi/6)", minor=True)

Hit = tuple[Rule, Tree]

# fmt: off
INVERSES = (  # a function and its inverse, and a root of a square
    "ln(e^u) = u", "ln(e) = 1", "ln(1/e) = -1", "ln(1/e^u) = -u", "ln(sqrt(e)) = 1/2",
    "e^(ln(u)) = u", "e^(-ln(u)) = 1/u",
    "log(u, u) = 1", "log(u^v, u) = v", "v^(log(u, v)) = u",
    "sqrt(u^2) = abs(u)", "abs(u^2) = u^2", "log(1, u) = 0",
)
WITH_A_NUMBER = "e^(u*ln(v)) = v^u"  # e^(3 ln x), e^(x ln 2); but e^(x^3 ln x) stays an exponential
OF_NUMBERS = (  # what is done for numbers only: with letters it would not be shorter, or not hold everywhere
    ("inverse functions", ("sin(arcsin(u)) = u", "cos(arccos(u)) = u", "tan(arctan(u)) = u", "sinh(arsinh(u)) = u",
                           "cosh(arcosh(u)) = u", "tanh(artanh(u)) = u", "e^(-(u*ln(v))) = v^(-u)",
                           "e^(ln(u)/v) = u^(1/v)")),
    ("hyperbolic function of a logarithm", (
        "sinh(ln(u)) = (u - 1/u)/2", "cosh(ln(u)) = (u + 1/u)/2", "tanh(ln(u)) = (u^2 - 1)/(u^2 + 1)",
        "coth(ln(u)) = (u^2 + 1)/(u^2 - 1)", "sech(ln(u)) = 2u/(u^2 + 1)", "csch(ln(u)) = 2u/(u^2 - 1)",
        "sinh(v*ln(u)) = (u^v - 1/u^v)/2", "cosh(v*ln(u)) = (u^v + 1/u^v)/2",
        "tanh(v*ln(u)) = (u^(2v) - 1)/(u^(2v) + 1)")),
)
# fmt: on


class Identity:
    """A known value or inverse pair as a rule: `left = right`, both read when first used."""

    __slots__ = ("_sides", "example", "of_numbers", "rule", "with_number")

    def __init__(self, name: str, text: str, example: str, of_numbers: bool = False, with_number: bool = False) -> None:
        self.rule = Rule(name, text, minor=True)
        self.example = example
        self.of_numbers = of_numbers  # for numbers alone
        self.with_number = with_number  # where one of its letters is a number
        self._sides: tuple[Tree, Tree] | None = None

    @property
    def sides(self) -> tuple[Tree, Tree]:
        if self._sides is None:
            left, right = self.rule.law.split("=")
            self._sides = parse_law(left), parse_law(right)
        return self._sides


def _example(law: str, **letters: str) -> str:
    left = re.sub(r"\b[uv]\b", lambda found: letters[found[0]], law.split("=")[0].strip())
    return f"({left}) x"


def _of_numbers(name: str, law: str) -> Identity:
    inside = "1/5" if "(ar" in law and "cosh" not in law else "5"
    return Identity(name, law, _example(law, u=inside, v="2"), of_numbers=True)


IDENTITY_ROWS: tuple[Identity, ...] = (
    *(Identity("inverse functions", law, _example(law, u="a", v="b")) for law in INVERSES),
    Identity("inverse functions", WITH_A_NUMBER, _example(WITH_A_NUMBER, u="2", v="b"), with_number=True),
    *(_of_numbers(name, law) for name, laws in OF_NUMBERS for law in laws),
)


def known_values_of(row: Function) -> Rule:
    """Return the rule that a row's known values make: `ln(1) = 0`, or all of them with commas between."""
    pairs = (entry.split(": ") for entry in row.known.split(", "))
    return Rule(KNOWN_VALUE, ", ".join(f"{row.name}({u}) = {value}" for u, value in pairs), minor=True)


KNOWN_VALUES: dict[str, Rule] = {row.name: known_values_of(row) for row in ROWS if row.known}


@lru_cache(maxsize=1)
def identities() -> dict[str, tuple[Identity, ...]]:
    """Return the identities by the name of the outer function (`e^` and `v^` for powers)."""
    table: dict[str, list[Identity]] = {}
    for identity in IDENTITY_ROWS:
        table.setdefault(identity.rule.law.split("(")[0], []).append(identity)
    return {head: tuple(rows) for head, rows in table.items()}


@cache
def _values_by_argument(name: str) -> dict[object, Tree]:
    """Return the known values of a function by what its equal arguments have in common."""
    entries = [entry.split(": ") for entry in FUNCTIONS[name].known.split(", ")] if FUNCTIONS[name].known else []
    return {key_of(parse_law(u)): parse_law(value) for u, value in entries}


_NO_VARIABLE = symbol("no_variable")
LARGEST_WHOLE, TOO_NEAR = 1e6, 1e-6
_WHOLE_VALUES: dict[str, Callable[[float], int]] = {
    "sign": lambda value: 1 if value > 0 else -1,
    "step": lambda value: int(value > 0),
    "floor": floor,
    "ceil": ceil,
    "round": round,
}


def known_value(node: Tree) -> Hit | None:
    """Return the rule and the value where a function of this argument has a value that everybody knows."""
    head = node.name if isinstance(node, Apply) else "e^" if isinstance(node, Power) and node._args[0] is E else "v^"
    is_number = not symbols_of(node)
    for identity in identities().get(head, ()):
        if identity.of_numbers and not is_number:
            continue
        left, right = identity.sides
        bound = match(left, node, _NO_VARIABLE)
        if bound is not None and (not identity.with_number or not all(map(symbols_of, bound.values()))):
            return identity.rule, fill(right, bound, _NO_VARIABLE)
    if is_number and head == "e^":
        return of_logarithms(node)
    if not is_number or not isinstance(node, Apply) or node.name not in FUNCTIONS:
        return None
    return value_of_numbers(node) or of_logarithms(node) or _from_row(node) or _whole_value(node)


def _whole_value(node: Apply) -> Hit | None:
    """Return the whole number that a sign or a floor of a constant is: sign(sin 4) = -1, floor(pi) = 3."""
    if node.name not in _WHOLE_VALUES:
        return None
    value = approximate(node.arguments[0])
    if value is None or abs(value) > LARGEST_WHOLE or abs(2 * value - round(2 * value)) < TOO_NEAR:
        return None  # so near to a step nobody can tell by numbers on which side it is
    return SIZE_OF_NUMBER, number(Fraction(_WHOLE_VALUES[node.name](value)))


def _from_row(node: Apply) -> Hit | None:
    """Look a value up in the row of the function, or come nearer to it: by its parity, by its reference angle."""
    row = FUNCTIONS[node.name]
    if row.arity != 1:
        return None
    argument = node.arguments[0]
    found = surd(argument) if row.known else None
    if found is not None:
        value = _values_by_argument(row.name).get(frozenset(found.items()))
        if value is not None:
            return KNOWN_VALUES[row.name], value
    if row.parity and isinstance(argument, Neg):
        positive = apply(row.name, argument._args[0])
        return (ODD, Neg(positive)) if row.parity == "odd" else (EVEN, positive)
    return None if found is None else _by_reference_angle(row.name, found)


# The signs in the four quadrants.
_SIGNS = {"sin": "++--", "csc": "++--", "cos": "+--+", "sec": "+--+", "tan": "+-+-", "cot": "+-+-"}
_TWELFTH = Fraction(1, 12)


def _by_reference_angle(name: str, angle: Surd) -> Hit | None:
    """Return sin(7pi/6) as -sin(pi/6): the angle to the nearer half of the axis, with the sign of the quadrant."""
    if name not in _SIGNS or not angle.keys() <= {(1, 1)}:
        return None
    turns = angle.get((1, 1), Fraction(0))
    if turns % _TWELFTH:
        return None
    around = turns % 2
    if around % Fraction(1, 2) == 0:  # on an axis, a full turn or more away
        return None if around == turns else (REFERENCE_ANGLE, apply(name, _times_pi(around)))
    nearer = min(around % 1, 1 - around % 1)
    value = apply(name, _times_pi(nearer))
    return REFERENCE_ANGLE, value if _SIGNS[name][int(2 * around)] == "+" else Neg(value)


def _times_pi(factor: Fraction) -> Tree:
    top = product_of([n for n in (Integer(factor.numerator),) if n != 1] + [PI]) if factor else Integer(0)
    return top if factor.denominator == 1 else Quotient(top, number(factor.denominator))
