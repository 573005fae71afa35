"""Trees in SymPy's own words: what its syntax has no name for is written out by its definition."""

from __future__ import annotations

from fractions import Fraction

from sympy.core.basic import Basic
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import (
    PI,
    Apply,
    Decimal,
    Diff,
    E,
    Inert,
    Int,
    Let,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    is_free_of,
    number,
    number_value,
    symbol,
)
from symback.expr.unknown import parts
from symback.syntax.function_rows import ARGUMENT, definition_of

_U = symbol("_u")  # the variable that stands in for an inner function
_KNOWN = frozenset(
    {"log", "root", "max", "min", "mod"}
)  # SymPy has these with two arguments, under this or a similar name


def lowered(tree: Tree) -> Tree:
    """Return the tree with inner functions, definitions and unknown derivatives in terms that SymPy can read."""
    return fold(tree, _lowered)


def _lowered(node: Basic, inner: list[Tree]) -> Tree:
    if not isinstance(node, Inert):
        return node
    if isinstance(node, Let):
        return inner[1]
    if isinstance(node, Diff) and not isinstance(inner[1], Symbol):
        return apply("Subs", Diff(replaced(inner[0], inner[1], _U), _U), _U, inner[1])
    if isinstance(node, Int) and not isinstance(inner[1], Symbol):
        return apply("Subs", Int(replaced(inner[0], inner[1], _U), _U), _U, inner[1])
    if isinstance(node, Apply):
        return _odd_root(inner[1:], node) or _function(node.name, inner[1:])
    if isinstance(node, Power):
        exponent = number_value(inner[1])
        return _power_of_root(inner[0], exponent) or _odd_power(inner[0], exponent) or Power(*inner)
    return type(node)(*inner)


def _odd_root(arguments: list[Tree], node: Apply) -> Tree | None:
    """Return a cube root, or a root of another odd index, in words that are real for negative numbers too."""
    if node.name not in ("cbrt", "root"):
        return None
    index = number_value(arguments[1]) if node.name == "root" else Fraction(3)
    return _odd_power(arguments[0], 1 / index) if index and index.denominator == 1 else None


def _odd_power(base: Tree, exponent: Fraction | None) -> Tree | None:
    """Return x^(1/3) as sign(x) |x|^(1/3): SymPy's own powers are complex for x < 0; None for other powers."""
    if exponent is None or exponent.denominator == 1 or exponent.denominator % 2 == 0 or _is_at_least_0(base):
        return None
    size = Power(apply("abs", base), number(exponent))
    return Times(apply("sign", base), size) if exponent.numerator % 2 else size


def _power_of_root(root: Tree, exponent: Fraction | None) -> Tree | None:
    """Return (sign(u) |u|^(1/3))^2 as |u|^(2/3); None for what is no whole power of such a root."""
    if exponent is None or exponent.denominator != 1 or not isinstance(root, Times) or len(root._args) != 2:
        return None
    sign, size = root._args
    if not (isinstance(sign, Apply) and sign.name == "sign" and isinstance(size, Power)):
        return None
    inner = number_value(size._args[1])
    if inner is None or inner.denominator == 1 or size._args[0] != apply("abs", sign.arguments[0]):
        return None
    raised = Power(size._args[0], number(inner * exponent))
    return Times(sign, raised) if exponent % 2 else raised


def _is_at_least_0(tree: Tree) -> bool:
    """Tell whether a tree is seen at once to be never negative: a number, e^x, |x|, x^2 + 1."""

    def seen(node: Basic, inner: list[bool]) -> bool:
        if isinstance(node, (Plus, Times, Quotient)):
            return all(inner)
        if isinstance(node, Power):
            exponent = number_value(node._args[1])
            return inner[0] or (exponent is not None and exponent.denominator == 1 and exponent % 2 == 0)
        if isinstance(node, Apply):
            return node.name in ("abs", "sqrt", "cosh", "relu", "sigmoid")
        return node in (E, PI) or isinstance(node, (Integer, Decimal))

    return fold(tree, seen)


def _function(name: str, arguments: list[Tree]) -> Tree:
    row = FUNCTIONS.get(name)
    if row and row.definition and not row.sympy and name not in _KNOWN:
        return lowered(replaced(definition_of(name), ARGUMENT, arguments[0]))
    own, slots = parts(name)
    return _derivative(own, slots, arguments) if slots else apply(name, *arguments)


def _derivative(own: str, slots: tuple[int, ...], arguments: list[Tree]) -> Tree:
    """Return a derivative of an unknown function: at other arguments than names it is put in afterwards."""
    inner = list(arguments)
    put_in: list[tuple[Tree, Tree]] = []
    for slot in sorted(set(slots)):
        argument, others = arguments[slot], [*arguments[:slot], *arguments[slot + 1 :]]
        if not isinstance(argument, Symbol) or not all(is_free_of(other, argument) for other in others):
            inner[slot] = _U if not put_in else symbol(f"_u{slot + 1}")
            put_in.append((inner[slot], argument))
    pending: Tree = apply(own, *inner)
    for slot in slots:
        pending = Diff(pending, inner[slot])
    for by, argument in put_in:
        pending = apply("Subs", pending, by, argument)
    return pending


def replaced(tree: Tree, old: Basic, new: Basic) -> Tree:
    """Return the tree with every occurrence of a subtree replaced."""

    def combine(node: Basic, inner: list[Tree]) -> Tree:
        if node == old:
            return new
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, combine)
