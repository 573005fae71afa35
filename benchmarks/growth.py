"""How the time to derive, tidying included, grows when the expression doubles, and whether depth is harmless."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from time import process_time

from sympy.core.numbers import Integer

from benchmarks import Row, take_turns
from symback.calculus.derive import derive
from symback.expr.tree import ONE, Plus, Power, Quotient, Times, Tree, apply, symbol

X = symbol("x")
BOUND = 2.4


def product(n: int) -> Tree:
    """(x + 1)(x + 2)...(x + n)"""
    return Times(*(Plus(X, Integer(k)) for k in range(1, n + 1)))


def nested_sines(n: int) -> Tree:
    """sin(sin(...sin(x)))"""
    tree = X
    for _ in range(n):
        tree = apply("sin", tree)
    return tree


def sum_of_powers(n: int) -> Tree:
    """2x^2 + 3x^3 + ... , n terms"""
    return Plus(*(Times(Integer(k), Power(X, Integer(k))) for k in range(2, n + 2)))


def tower(n: int) -> Tree:
    """x/(1 + x/(1 + x/(1 + ...)))"""
    tree = X
    for _ in range(n):
        tree = Quotient(X, Plus(ONE, tree))
    return tree


FAMILIES: tuple[tuple[str, Callable[[int], Tree], int], ...] = (
    ("a product of n factors", product, 200),
    ("n nested sines", nested_sines, 200),
    ("a sum of n terms", sum_of_powers, 10_000),
    ("a tower of n quotients", tower, 100),
)


def time_of(family: Callable[[int], Tree], n: int) -> float:
    """Return the CPU seconds to derive a fresh member of the family."""
    tree = family(n)
    gc.collect()
    gc.disable()  # a collection that falls into one of the two sizes would be counted as growth
    try:
        start = process_time()
        derive(tree, X)
        return process_time() - start
    finally:
        gc.enable()


def rows(passes: int = 7) -> list[Row]:
    """Measure, and return the lines of the table."""
    table = []
    for name, family, n in FAMILIES:
        times = take_turns({"half": partial(time_of, family, n // 2), "whole": partial(time_of, family, n)}, passes)
        ratio = times["whole"].least / times["half"].least
        table.append(
            Row(
                f"growth: {name}, n = {n:,}",
                ratio,
                f"the same, n = {n // 2:,} (with tidying; garbage collector off)",
                BOUND,
            )
        )
    return table


def check_depth(depth: int = 500) -> str:
    """Derive functions nested to that depth, and say so; a RecursionError here is a bug."""
    derivation = derive(nested_sines(depth), X)
    return f"{depth} nested sines: {len(derivation.moves)} steps, no RecursionError"
