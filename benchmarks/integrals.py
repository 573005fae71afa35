"""Integrals of a first course: how many are found, how many are wrong, how long it takes.

SymPy's manualintegrate is asked the same.

Every answer is judged by numbers: its derivative is the integrand wherever that is real. A judgement of "narrower" is
an answer that is right in a part of that domain only, as ln x for 1/x.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks import Row
from symback.calculus.integrals import integrate
from symback.errors import SymbackError
from symback.expr.tree import Diff, Tree, symbol
from symback.syntax import parse
from symback.syntax.convert import from_sympy, to_sympy
from symback.verify import judge

X = symbol("x")
LONGEST = 10  # seconds, for SymPy
TEXTS = [
    line
    for line in (Path(__file__).parent / "integrals.txt").read_text(encoding="utf-8").splitlines()
    if line and line[0] not in "#["
]


def judged(integrand: Tree, antiderivative: Tree) -> str:
    """Return right, narrower, wrong or unknown."""
    verdict = judge(integrand, Diff(antiderivative, X), [integrand], seed=7).verdict
    return {"yes": "right", "no": "wrong"}.get(verdict, verdict)


def by_symback(text: str) -> str:
    """Return what becomes of an integral."""
    try:
        return judged(parse(text), integrate(text, "x").antiderivative)
    except SymbackError:
        return "not found"


def by_sympy(text: str) -> str:
    """Return what becomes of an integral in SymPy's manualintegrate."""
    from sympy.integrals.manualintegrate import manualintegrate

    tree = parse(text)
    signal.signal(signal.SIGALRM, _too_late)
    signal.alarm(LONGEST)
    try:
        found = manualintegrate(to_sympy(tree), X)
        return judged(tree, from_sympy(found))
    except (SymbackError, TimeoutError, ValueError, TypeError, AttributeError, RecursionError):
        return "not found"
    finally:
        signal.alarm(0)


def _too_late(*_: Any) -> None:
    raise TimeoutError


@cache
def _measured(way: Callable[[str], str]) -> tuple[Counter[str], list[float]]:
    found: Counter[str] = Counter()
    times = []
    for text in TEXTS:
        before = process_time()
        found[way(text)] += 1
        times.append(process_time() - before)
    return found, sorted(times)


def rows() -> Iterator[Row]:
    """Yield how many are missing and wrong, and the times in seconds."""
    found, times = _measured(by_symback)
    missing = sum(found[word] for word in ("not found", "unknown"))
    yield Row(f"integrals: not found, of {len(TEXTS)}", 100 * missing / len(TEXTS), "percent", 3.0)
    yield Row("integrals: wrong or narrower", float(found["wrong"] + found["narrower"]), "integrals", 0.0)
    yield Row("integrals: median, checked", times[len(times) // 2], "seconds", 0.1)
    yield Row("integrals: 90 percent, checked", times[len(times) * 9 // 10], "seconds", 1.5)
    yield Row("integrals: slowest, checked", times[-1], "seconds", 5.0)


def report() -> Iterator[str]:
    """Yield what SymPy's manualintegrate makes of the same integrals."""
    with suppress(ImportError):
        found, times = _measured(by_sympy)
        said = ", ".join(f"{count} {word}" for word, count in found.most_common())
        yield f"Integrals by SymPy's manualintegrate: {said}; median {times[len(times) // 2]:.3f} s."
