"""The composites: functions of arrays that are other functions put together, one row each; strings only.

A composite is what its definition says, in formulas, numbers and code alike: a graph prints its name, and the steps,
the checks and the programs work on what it is made of. A row is all that is needed for a new one.

    Composite("mae", "mean absolute error", ("a", "b"), "mean(abs(a - b))", is_loss=True)

Of a loss the first input is what is predicted and the second what is right; both have one shape.
"""

from __future__ import annotations

from typing import NamedTuple


class Composite(NamedTuple):
    """One composite: its name, what a teacher calls it, its inputs, and its definition in other functions."""

    name: str
    title: str
    inputs: tuple[str, ...]
    definition: str
    spellings: tuple[str, ...] = ()
    is_loss: bool = False

    @property
    def counts(self) -> tuple[int, int]:
        """The fewest and the most values of a call."""
        return (len(self.inputs),) * 2


_C = Composite

# fmt: off
ROWS: tuple[Composite, ...] = (
    # --- losses ------------------------------------------------------------------------------------------------------
    _C("mae", "mean absolute error", ("a", "b"), "mean(abs(a - b))", ("l1_loss",), is_loss=True),
    _C("hinge", "hinge loss", ("a", "b"), "mean(max(1 - a*b, 0))", ("hinge_loss",), is_loss=True),  # b is 1 or -1
    # --- probability and statistics (the variance of all entries, divided by n) --------------------------------------
    _C("entropy", "entropy", ("p",), "-sum(p*ln(p))"),
    _C("kl", "Kullback-Leibler divergence", ("p", "q"), "sum(p*(ln(p) - ln(q)))", ("kl_divergence",)),
    _C("var", "variance", ("x",), "mean((x - mean(x))^2)", ("variance",)),
    _C("std", "standard deviation", ("x",), "sqrt(mean((x - mean(x))^2))"),
)
# fmt: on

COMPOSITES: dict[str, Composite] = {row.name: row for row in ROWS}
COMPOSITE_WORDS: dict[str, str] = {s: row.name for row in ROWS for s in (row.name, *row.spellings)}


def add(row: Composite) -> None:
    """Add a composite before anything else of symback is imported."""
    COMPOSITES[row.name] = row
    COMPOSITE_WORDS.update((s, row.name) for s in (row.name, *row.spellings))
