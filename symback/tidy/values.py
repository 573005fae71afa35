"""Values of functions that everybody knows: ln(1) = 0, sin(pi/2) = 1, sqrt(9) = 3, |-3| = 3."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import ceil, floor, isqrt

from symback.match import fill, match
from symback.parse import parse_law
from symback.rule import Rule
from symback.tree import ONE, ZERO, Apply, E, Neg, Power, Tree, is_decimal, number, number_value, symbol

KNOWN_VALUE = "known value"
NUMBER_ROOT = Rule("work out the root", "sqrt(9) = 3", minor=True)
SIZE_OF_NUMBER = Rule("work out the value", "|-3| = 3", minor=True)

# fmt: off
INVERSES = (  # a function and its inverse, and a root of a square
    "ln(e^u) = u", "e^(ln(u)) = u", "e^(u*ln(v)) = v^u",
    "sqrt(u^2) = abs(u)", "abs(u^2) = u^2", "ln(e) = 1", "log(u, u) = 1",
)
VALUES = (
    "ln(1) = 0", "log(1, u) = 0",
    "sin(0) = 0", "sin(pi/6) = 1/2", "sin(pi/2) = 1", "sin(pi) = 0", "sin(2*pi) = 0",
    "cos(0) = 1", "cos(pi/3) = 1/2", "cos(pi/2) = 0", "cos(pi) = -1", "cos(2*pi) = 1",
    "tan(0) = 0", "tan(pi/4) = 1", "tan(pi) = 0", "sec(0) = 1", "sec(pi) = -1", "csc(pi/2) = 1", "cot(pi/4) = 1",
    "arcsin(0) = 0", "arcsin(1) = pi/2", "arccos(0) = pi/2", "arccos(1) = 0", "arctan(0) = 0", "arctan(1) = pi/4",
    "sinh(0) = 0", "cosh(0) = 1", "tanh(0) = 0", "sech(0) = 1", "arsinh(0) = 0", "arcosh(1) = 0", "artanh(0) = 0",
    "erf(0) = 0", "sigmoid(0) = 1/2", "softplus(0) = ln(2)", "silu(0) = 0", "gelu(0) = 0",
    "selu(0) = 0", "mish(0) = 0", "softsign(0) = 0",
)
# fmt: on


class Identity:
    """A known value or inverse pair as a rule: `left = right`, both read when first used."""

    __slots__ = ("_sides", "rule")

    def __init__(self, name: str, text: str) -> None:
        self.rule = Rule(name, text, minor=True)
        self._sides: tuple[Tree, Tree] | None = None

    @property
    def sides(self) -> tuple[Tree, Tree]:
        if self._sides is None:
            left, right = self.rule.law.split("=")
            self._sides = parse_law(left), parse_law(right)
        return self._sides


IDENTITY_ROWS: tuple[Identity, ...] = (
    *(Identity("inverse functions", text) for text in INVERSES),
    *(Identity(KNOWN_VALUE, text) for text in VALUES),
)


@lru_cache(maxsize=1)
def identities() -> dict[str, tuple[Identity, ...]]:
    """Return the identities by the name of the outer function (`e^` for powers)."""
    table: dict[str, list[Identity]] = {}
    for identity in IDENTITY_ROWS:
        table.setdefault(identity.rule.law.split("(")[0], []).append(identity)
    return {head: tuple(rows) for head, rows in table.items()}


_NO_VARIABLE = symbol("no_variable")


def known_value(node: Tree) -> tuple[Rule, Tree] | None:
    """Return the rule and the value where a function of this argument has a value that everybody knows."""
    head = node.name if isinstance(node, Apply) else "e^" if isinstance(node, Power) and node._args[0] is E else ""
    for identity in identities().get(head, ()):
        left, right = identity.sides
        bound = match(left, node, _NO_VARIABLE)
        if bound is not None:
            return identity.rule, fill(right, bound, _NO_VARIABLE)
    return _of_numbers(node) if isinstance(node, Apply) else None


def _of_numbers(node: Apply) -> tuple[Rule, Tree] | None:
    values = [number_value(a) for a in node.arguments]
    if not values or any(v is None for v in values):
        return None
    known = [v for v in values if v is not None]
    decimal = any(map(is_decimal, node.arguments))
    first = known[0]
    if node.name == "sqrt" and first >= 0:
        top, bottom = isqrt(first.numerator), isqrt(first.denominator)
        if top * top == first.numerator and bottom * bottom == first.denominator:
            return NUMBER_ROOT, number(type(first)(top, bottom), decimal)
        return None
    results: dict[str, Callable[[], Tree]] = {
        "abs": lambda: number(abs(first), decimal),
        "sign": lambda: ZERO if first == 0 else ONE if first > 0 else Neg(ONE),
        "step": lambda: ONE if first > 0 else ZERO,
        "relu": lambda: number(max(first, 0 * first), decimal),
        "hardtanh": lambda: number(max(min(first, 1 + 0 * first), -1 + 0 * first), decimal),
        "floor": lambda: number(floor(first)),
        "ceil": lambda: number(ceil(first)),
        "round": lambda: number(round(first)),
        "mod": lambda: number(first % known[1], decimal),
        "max": lambda: number(max(known), decimal),
        "min": lambda: number(min(known), decimal),
    }
    if node.name == "mod" and not known[1]:
        return None
    return (SIZE_OF_NUMBER, results[node.name]()) if node.name in results else None
