"""The result of a training: the losses, the trained parameters, and why it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from symback.content import ByContent
from symback.expr.numeric import np, numpy
from symback.graph.nodes import Shape
from symback.result import Result
from symback.train.settings import DEFAULTS, Settings

FALLEN = "the loss no longer falls"
VALIDATION_FALLEN = "the validation loss no longer falls"
NOT_FINITE = "the loss is not finite"
DONE = "all epochs done"
STOPPED = "stopped by hand"


class Row(NamedTuple):
    """What is known after some epochs; None for what was not worked out, infinity for a validation that overflows."""

    loss: float
    validation_loss: float | None = None
    accuracy: float | None = None
    validation_accuracy: float | None = None

    @property
    def watched(self) -> float:
        """The loss that patience and the best parameters go by."""
        return self.loss if self.validation_loss is None else self.validation_loss


@dataclass(frozen=True, eq=False, repr=False)
class History(Result, ByContent):
    """The course of a training.

    `losses[k]` is the loss over all data that are trained on after k epochs; `validation_losses`, `accuracies` and
    `validation_accuracies` are as long, or empty without the data they need. A validation loss that is not finite is
    infinity. `parameters` are the values after `kept` epochs, the last or the best, as floats and
    read-only arrays. `seconds` is how long it took; it does not count when histories are compared.
    """

    kind: ClassVar[str] = "training"
    losses: tuple[float, ...]
    parameters: Mapping[str, Any]
    reason: str
    settings: Settings = DEFAULTS
    loss: str = "L"
    title: str = ""
    data: tuple[tuple[str, Shape], ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)
    validation: tuple[tuple[str, Shape], ...] = ()
    validation_losses: tuple[float, ...] = ()
    accuracies: tuple[float, ...] = ()
    validation_accuracies: tuple[float, ...] = ()
    best: int | None = None

    def about(self) -> str:
        """Return the last loss, and after how many epochs it was reached."""
        return f"{self.loss} = {self.losses[-1]:.6g} after {self.epochs} epoch{'s' * (self.epochs != 1)}"

    @property
    def kept(self) -> int:
        """After how many epochs the parameters were what they are."""
        return self.epochs if self.best is None else self.best

    @property
    def epochs(self) -> int:
        """How many epochs the last loss is from the start."""
        return len(self.losses) - 1

    def row(self, epoch: int) -> Row:
        """Return what is known after this number of epochs."""
        lists = (self.losses, self.validation_losses, self.accuracies, self.validation_accuracies)
        return Row(*(values[epoch] if values else None for values in lists))  # type: ignore[arg-type]

    def rows(self, most: int = 20) -> Iterator[tuple[int, Row]]:
        """Yield (epoch, row) for a table of about `most` rows: closer together at the start, where more happens.

        >>> [epoch for epoch, _ in History((4.0, 3.0, 2.5, 2.0, 1.9, 1.8, 1.7), {}, DONE).rows(most=4)]
        [0, 1, 2, 5, 6]
        """
        shown = _epochs_shown(self.epochs, most)
        for epoch in sorted(shown if self.best is None else shown | {self.best}):
            yield epoch, self.row(epoch)

    def _identity(self) -> tuple[Any, ...]:
        values = tuple((n, np.shape(v), numpy().asarray(v, float).tobytes()) for n, v in self.parameters.items())
        more = (self.validation, self.validation_losses, self.accuracies, self.validation_accuracies, self.best)
        return (self.losses, values, self.reason, self.settings, self.loss, self.title, self.data, self.notes, *more)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, History) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())


def _epochs_shown(last: int, most: int) -> set[int]:
    """Return 0, 1, 2, 5, 10, 20, 50 and so on, or all where there are few, and the last."""
    if last < most:
        return set(range(last + 1))
    shown = {0, last}
    power = 1
    while power <= last:
        shown |= {epoch for epoch in (power, 2 * power, 5 * power) if epoch <= last}
        power *= 10
    return shown


def frozen(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as floats and arrays that cannot be written to."""
    result: dict[str, Any] = {}
    for name, value in values.items():
        if not np.ndim(value):
            result[name] = float(value)
            continue
        result[name] = np.array(value)
        result[name].flags.writeable = False
    return result
