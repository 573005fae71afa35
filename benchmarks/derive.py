"""200 textbook expressions against bare `sympy.diff`: what labelled steps, tidying and the text of every line cost.

Every pass works on fresh trees, after SymPy's caches were emptied; nothing is verified, nothing is remembered.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import sympy
from sympy.core.cache import clear_cache

from benchmarks import Row, take_turns
from symback.calculus.derive import derive
from symback.expr.tree import Tree, symbol
from symback.page import maths
from symback.syntax import parse

X = symbol("x")
TEXTS = [
    line
    for line in (Path(__file__).parent / "expressions.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def bare(expressions: Sequence[Any]) -> None:
    """Differentiate with SymPy, which shows nothing."""
    for expression in expressions:
        sympy.diff(expression, X)


def steps(trees: Sequence[Tree]) -> None:
    """Differentiate by labelled rules, and leave the result as the rules leave it."""
    for tree in trees:
        derive(tree, X, tidy=False)


def tidied(trees: Sequence[Tree]) -> None:
    """The same, to the textbook form."""
    for tree in trees:
        derive(tree, X)


def written(trees: Sequence[Tree]) -> None:
    """The same, with the text of every line."""
    for tree in trees:
        for line in derive(tree, X).lines():
            maths.text(line)


def verified(trees: Sequence[Tree]) -> None:
    """The same, with every step checked by numbers (for information: no bound is set)."""
    for tree in trees:
        derive(tree, X).verify()


def timed(work: Callable[[Sequence[Any]], None], make: Callable[[], Sequence[Any]]) -> Callable[[], float]:
    """Return a task that makes fresh expressions, empties SymPy's caches, and times the work alone."""

    def task() -> float:
        expressions = make()
        clear_cache()
        gc.collect()
        start = process_time()
        work(expressions)
        return process_time() - start

    return task


def trees() -> list[Tree]:
    """Read the 200 expressions."""
    return [parse(text) for text in TEXTS]


def rows(passes: int = 7) -> list[Row]:
    """Measure, and return the lines of the table."""
    tasks = {
        "sympy.diff": timed(bare, lambda: [tree.doit() for tree in trees()]),
        "differentiating steps": timed(steps, trees),
        "with tidying": timed(tidied, trees),
        "with the text of every line": timed(written, trees),
    }
    times = take_turns(tasks, passes)
    base = times.pop("sympy.diff")
    bounds = (0.25, 0.4, 0.6)
    beside = f"bare sympy.diff, {len(TEXTS)} expressions, fresh trees, empty caches"
    return [
        Row(f"derive: {name}", taken.least / base.least, beside, bound)
        for (name, taken), bound in zip(times.items(), bounds, strict=True)
    ]
