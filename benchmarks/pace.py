"""How many lines a derivation has at each detail, beside its steps: a textbook's pace on the 200 expressions."""

from __future__ import annotations

from benchmarks import Row
from benchmarks.derive import TEXTS, X
from symback.calculus.board import groups_of
from symback.calculus.derive import derive
from symback.calculus.pace import BOOKKEEPING

BOUNDS = {"full": None, "normal": 0.42, "brief": 0.2}


def rows() -> list[Row]:
    """Count the lines, and return the lines of the table."""
    derivations = [derive(text, X) for text in TEXTS]
    steps = sum(len(d.moves) for d in derivations)
    beside = f"{steps:,} steps of {len(TEXTS)} expressions"
    table = []
    for detail, bound in BOUNDS.items():
        groups = [group for d in derivations for group in groups_of(d, detail)]
        table.append(Row(f"pace: {len(groups):,} lines at --detail {detail}", len(groups) / steps, beside, bound))
        if detail != "full":
            alone = sum(all(move.rule.name in BOOKKEEPING for move in group) for group in groups)
            table.append(Row(f"pace: {alone} of them bookkeeping alone", alone / len(groups), "those lines", 0.0))
    return table
