"""The places that part the axis: zeros of the derivative, kinks, gaps, and the ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import sympy
from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.extrema.solving import Roots, number_of, value_at, zeros
from symback.calculus.integrals.forms import value_of
from symback.expr.tree import (
    ONE,
    PI,
    Apply,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    is_free_of,
    number_value,
    walk,
)  # fmt: skip

KINKED = ("abs", "sign", "cbrt", "sqrt", "root", "ln", "log", "relu", "arcsin", "arccos")
JUMPING = ("floor", "ceil", "round", "mod")
ZEROS_OF = {"tan": "cos", "sec": "cos", "cot": "sin", "csc": "sin"}
TINY = mp.mpf(10) ** -9


class Place(NamedTuple):
    """A place on the axis: where it is, why it is looked at, and whether the function has a value there."""

    tree: Tree
    number: Any
    why: str  # "zero", "no slope", "end", "gap"

    @property
    def is_candidate(self) -> bool:
        return self.why != "gap"


def factors(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, Neg):
        yield from factors(tree._args[0])
    elif isinstance(tree, Times):
        for factor in tree._args:
            yield from factors(factor)
    elif isinstance(tree, Quotient) or isinstance(tree, Power) and (number_value(tree._args[1]) or 0) > 0:
        yield from factors(tree._args[0])
    else:
        yield tree


def is_zero_of(slope: Tree, function: Tree, variable: Symbol, place: Any) -> bool:
    """Tell whether a derivative has a value at a zero of one of its factors, and no jump as sign(x) has."""
    has_values = all(value_at(tree, variable, place) is not None for tree in (slope, function))
    return has_values and not has_kink(slope, variable, place)


def places_of(function: Tree, slope: Tree, variable: Symbol, roots: Roots, ends: tuple[Any, Any]) -> list[Place]:
    """Return all places that part the axis: zeros of the derivative, kinks, gaps, and the ends."""
    found: list[Place] = [Place(r, number_of(r), "zero") for r in roots.found]
    for suspect in dict.fromkeys(_suspects(function, slope, variable)):
        for tree in zeros(suspect, variable, *(None if mp.isinf(e) else e for e in ends)).found:
            place = number_of(tree)
            if any(abs(place - known.number) < TINY * (1 + abs(place)) for known in found):
                continue
            has_value = value_at(function, variable, place) is not None and is_defined(function, variable, tree)
            has_slope = value_at(slope, variable, place) is not None and not has_kink(slope, variable, place)
            if not has_value:
                found.append(Place(tree, place, "gap"))
            elif not has_slope:
                found.append(Place(tree, place, "no slope"))
    return sorted(found, key=lambda p: p.number)


def is_defined(function: Tree, variable: Symbol, place: Tree) -> bool:
    """Tell whether a function has a value at a place by exact arithmetic too."""
    value = value_of(function).subs(variable, place.doit())
    return not value.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo)


def has_kink(slope: Tree, variable: Symbol, place: Any) -> bool:
    near = [value_at(slope, variable, place + side * TINY) for side in (-1, 1)]
    return None in near or abs(near[0] - near[1]) > 1e-4 * (1 + abs(near[0]))


def _suspects(function: Tree, slope: Tree, variable: Symbol) -> Iterator[Tree]:
    """Yield what is 0 where a function or its derivative may have no value."""
    for tree in (function, slope):
        for node in walk(tree):
            if not isinstance(node, Inert) or is_free_of(node, variable):
                continue
            if isinstance(node, Quotient):
                yield from (f for f in factors(node._args[1]) if not is_free_of(f, variable))
            elif isinstance(node, Power):
                value = number_value(node._args[1])
                if not is_free_of(node._args[0], variable) and (value is None or value < 0 or value.denominator > 1):
                    yield node._args[0]
            elif isinstance(node, Apply):
                yield from _of_function(node, variable)


def _of_function(node: Apply, variable: Symbol) -> Iterator[Tree]:
    argument = node.arguments[0]
    if node.name in ("max", "min"):
        yield Plus(argument, Neg(node.arguments[1]))
    elif node.name in ZEROS_OF:
        yield apply(ZEROS_OF[node.name], argument)
    elif node.name in JUMPING:
        yield apply("sin", Times(PI, argument))
    elif node.name in ("arcsin", "arccos"):
        yield from (Plus(argument, ONE), Plus(argument, Neg(ONE)))
    elif node.name in KINKED and not is_free_of(argument, variable):
        yield argument
