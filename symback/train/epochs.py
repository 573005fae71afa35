"""The epochs of a training: updates, what is measured after each, which values are kept, and when to stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite
from typing import Any, NamedTuple

from symback.errors import DomainError
from symback.expr.numeric import np
from symback.train.descent import update_of
from symback.train.history import DONE, FALLEN, NOT_FINITE, STOPPED, VALIDATION_FALLEN, Row
from symback.train.objective import Objective, Rows
from symback.train.progress import Report
from symback.train.settings import Settings

Values = dict[str, Any]


class Reached(NamedTuple):
    """An epoch, what was measured then, the values that it belongs to; and the best epoch, its loss and its values."""

    epoch: int
    row: Row
    values: Values
    best: int
    least: float
    best_values: Values


@dataclass(frozen=True)
class Course:
    """What came of the epochs; `best` is the epoch whose values are kept, None where it is the last."""

    rows: tuple[Row, ...]
    values: Values
    reason: str
    best: int | None = None


def descend(objective: Objective, held: Objective | None, values: Values, settings: Settings, report: Report) -> Course:
    """Train the values, and return the course; `held` has the validation data.

    Ctrl-C stops after the last epoch that was done whole: what is reached is kept.
    """
    rows: list[Row] = []
    reached: list[Reached] = []
    try:
        reason = _epochs(objective, held, values, settings, report, rows, reached)
    except KeyboardInterrupt:
        if not reached:
            raise
        reason = STOPPED
    (last,) = reached  # an interrupt may fall between any two lines of the loop
    kept = (last.best_values, last.best) if settings.best and last.best < last.epoch else (last.values, None)
    return Course((*rows[: last.epoch], last.row), kept[0], reason, kept[1])


def _epochs(
    objective: Objective,
    held: Objective | None,
    values: Values,
    settings: Settings,
    report: Report,
    rows: list[Row],
    reached: list[Reached],
) -> str:
    """Go through the epochs, noting each row, and what is reached; return the reason to stop."""
    walk = _Walk(objective, settings)
    least, since = inf, 0  # the least loss, and the epochs since it fell
    for epoch in range(settings.epochs + 1):
        before = {name: np.array(value) if np.ndim(value) else value for name, value in values.items()}
        measured = walk.epoch(values) if epoch < settings.epochs else objective.measured(values)
        if not isfinite(measured[0]):
            _check_begun(rows)
            return NOT_FINITE
        row = _row(measured, held, before)
        reached[:] = [_reached(epoch, row, before, reached)]
        rows.append(row)
        report(epoch, row)
        least, since = (row.watched, 0) if row.watched < least - settings.tolerance else (least, since + 1)
        if since == settings.patience:
            return FALLEN if held is None else VALIDATION_FALLEN
    return DONE


def _row(measured: tuple[float, float | None], held: Objective | None, values: Values) -> Row:
    """Return what is measured; a validation loss that is no number, or none below infinity, is infinity."""
    loss, accuracy = measured
    if held is None:
        return Row(loss, None, accuracy)
    validation, right = held.measured(values)
    return Row(loss, validation if isfinite(validation) else inf, accuracy, right)


def _reached(epoch: int, row: Row, values: Values, before: list[Reached]) -> Reached:
    """Return what is reached; of equally good epochs the first is the best."""
    if before and not row.watched < before[0].least:
        return Reached(epoch, row, values, *before[0][3:])
    return Reached(epoch, row, values, epoch, row.watched, values)


def _check_begun(rows: list[Row]) -> None:
    if not rows:
        hint = "Give other initial values, or another seed."
        raise DomainError("The loss is not finite at the initial values.", hint=hint)


class _Walk:
    """The updates of an epoch; the order of the examples is its own stream of random numbers."""

    def __init__(self, objective: Objective, settings: Settings) -> None:
        self.objective, self.settings = objective, settings
        self.update = update_of(settings)
        self.count = 0 if settings.method == "full" else objective.count
        self.done = 0  # epochs
        self.lr = 0.0

    def epoch(self, values: Values) -> tuple[float, float | None]:
        """Walk through all examples once, changing the values; return what they were worth before that."""
        self.lr = self.settings.rate(self.done)
        self.done += 1
        if self.settings.method == "full" and self.objective.judge is None:
            return self._step(values, None), None
        measured = self.objective.measured(values)
        for rows in self._batches():
            self._step(values, rows)
        return measured

    def _step(self, values: Values, rows: Rows) -> float:
        if self.settings.is_plain:
            return self.objective.step(values, self.lr, rows)
        loss, gradients = self.objective.gradient(values, rows)
        self.update(values, gradients, self.lr)
        return loss

    def _batches(self) -> Iterator[Any]:
        if self.settings.method == "full":
            yield None
            return
        size = 1 if self.settings.method == "stochastic" else min(self.settings.batch, self.count)
        yield from self.objective.batches(self.random.permutation(self.count), size)

    @cached_property
    def random(self) -> Any:
        """What puts the examples in order, where they are taken in parts."""
        return np.random.default_rng([self.settings.seed, 1])
