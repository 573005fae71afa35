"""Benchmarks, run by hand: `python -m benchmarks` prints one Markdown table of ratios.

Absolute times do not travel from one machine to another, so every figure is a ratio to something measured beside it, in
the same run, the passes taking turns, on one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """One line of the table: a ratio, its parts in words, and the bound it must keep (none where it only informs)."""

    what: str
    ratio: float
    beside: str
    bound: float | None = None

    @property
    def kept(self) -> bool:
        """Tell whether the bound is kept."""
        return self.bound is None or self.ratio <= self.bound


@dataclass(frozen=True)
class Times:
    """The CPU seconds of several passes over one task."""

    seconds: tuple[float, ...]

    @property
    def least(self) -> float:
        return min(self.seconds)

    @property
    def middle(self) -> float:
        return median(self.seconds)


def take_turns(tasks: Mapping[str, Callable[[], float]], passes: int) -> dict[str, Times]:
    """Run every task `passes` times, one after the other in turn, so that a busy moment hits all of them alike.

    A task returns the seconds that count; a first pass that nobody counts fills what is filled once.
    """
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(passes + 1):
        for name, task in tasks.items():
            taken = task()
            if turn:
                seconds[name].append(taken)
    return {name: Times(tuple(taken)) for name, taken in seconds.items()}
