"""Where a function of several variables has slopes: an extremum where it has none is met by no equation for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sympy.core.symbol import Symbol

from symback.calculus.extrema.solving import number_of
from symback.errors import DomainError
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Apply, Power, Tree, number_value, symbols_of, walk
from symback.verify import Undefined
from symback.verify.compare import evaluate

Places = Sequence[Mapping[Symbol, Tree]]


def require_slopes(function: Tree, slopes: Sequence[Tree], places: Places, name: str) -> None:
    """Refuse a function that may have an extremum where its slopes do not exist, as |x| + |y| has."""
    nodes = [n for n in walk(function) if symbols_of(n)]
    has_kinks = any(map(_has_kinks, nodes))
    has_roots = not places and any(isinstance(n, Apply) and n.name == "sqrt" for n in nodes)
    if has_kinks or has_roots or not all(_have_values(slopes, place) for place in places):
        raise DomainError(
            f"The slopes of {name} do not exist everywhere, and it may have an extremum where they do not.",
            hint="Look at the points where they do not exist by themselves.",
        )


def with_values(function: Tree, places: Iterable[dict[Symbol, Tree]]) -> list[dict[Symbol, Tree]]:
    """Return the places at which the function has a value."""
    return [place for place in places if _have_values([function], place)]


def _has_kinks(node: Tree) -> bool:
    """Tell whether a node has a kink or a cusp inside its domain, as |u| and u^(2/3) have."""
    if isinstance(node, Apply):
        return node.name == "cbrt" or (node.name in FUNCTIONS and bool(FUNCTIONS[node.name].kinks))
    exponent = number_value(node._args[1]) if isinstance(node, Power) else None
    return exponent is not None and exponent.denominator % 2 == 1 and exponent.denominator > 1 and exponent < 1


def _have_values(trees: Sequence[Tree], place: Mapping[Symbol, Tree]) -> bool:
    point = {letter: number_of(tree) for letter, tree in place.items()}
    try:
        for tree in trees:
            evaluate(tree, point)
    except Undefined:
        return False
    return True
