"""Derivations built by hand, so that what is shown is tested without the engine."""

from __future__ import annotations

from types import SimpleNamespace

from sympy import Integer

from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import ONE, TWO, Diff, E, Plus, Power, Times, Tree, at, put, symbol

x, y = symbol("x"), symbol("y")
THREE = Integer(3)
VERIFIED = SimpleNamespace(verdict="verified", points=12, message="Verified at 12 points.")

CONSTANT_MULTIPLE = Rule("constant multiple rule", "D(c*u) = c*D(u)")
POWER_RULE = Rule("power rule", "D(x^n) = n*x^(n - 1)")
PRODUCT = Rule("product rule", "D(u*v) = D(u)*v + u*D(v)")
CHAIN = Rule("chain rule", "D(e^u) = D(e^u, u)*D(u)")
EXPONENTIAL = Rule("exponential rule", "D(e^x) = e^x")
IDENTITY = Rule("identity rule", "D(x) = 1")
NUMBERS = Rule("multiply numbers", "the numbers of a product are multiplied", minor=True)
BY_ONE = Rule("multiply by one", "1*u = u", minor=True)
ORDER = Rule("put the number first", "u*2 = 2*u", minor=True)


def derivation(start: Tree, *steps: tuple, **more: object) -> Derivation:
    """Return the derivation of (line, rule, path, result, bindings) steps; the pieces are what stands at the paths."""
    line, moves = start, []
    for number, rule, path, result, *bound in steps:
        piece = at(line, path)
        moves.append(Move(rule, path, piece, result, tuple(bound[0].items()) if bound else (), line=number))
        line = put(line, path, result)
    return Derivation(start, tuple(moves), line, **more)


def three_x_squared_y(**more: object) -> Derivation:
    """d/dx of 3x^2y."""
    squared = Power(x, TWO)
    factor = Times(THREE, y)
    return derivation(
        Diff(Times(THREE, squared, y), x),
        (1, CONSTANT_MULTIPLE, (), Times(THREE, y, Diff(squared, x)), {"c": factor, "u": squared}),
        (1, POWER_RULE, (2,), Times(TWO, x), {"n": TWO}),
        (2, NUMBERS, (), Times(Integer(6), x, y)),
        **{"variables": (x,), "source": "3*x**2*y", **more},
    )


def product_with_exponential(**more: object) -> Derivation:
    """d/dx of x^2 e^(3x)."""
    squared, inner = Power(x, TWO), Times(THREE, x)
    growth = Power(E, inner)
    return derivation(
        Diff(Times(squared, growth), x),
        (
            1, PRODUCT, (), Plus(Times(Diff(squared, x), growth), Times(squared, Diff(growth, x))),
            {"u": squared, "v": growth},
        ),
        (2, POWER_RULE, (0, 0), Times(TWO, x), {"n": TWO}),
        (2, CHAIN, (1, 1), Times(Diff(growth, inner), Diff(inner, x)), {"u": inner}),
        (2, EXPONENTIAL, (1, 1), growth, {}),
        (2, CONSTANT_MULTIPLE, (1, 2), Times(THREE, Diff(x, x)), {"c": THREE, "u": x}),
        (2, IDENTITY, (1, 3), ONE, {}),
        (2, BY_ONE, (1,), Times(squared, growth, THREE)),
        (2, ORDER, (1,), Times(THREE, squared, growth)),
        **{"variables": (x,), "source": "x^2 e^(3x)", **more},
    )  # fmt: skip
