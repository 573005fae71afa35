"""How to train: the method, the step and the end; what is wrong with a setting is said, all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from math import isfinite
from typing import Any

from symback.errors import SymbackError
from symback.expr.numeric import np, quiet
from symback.expr.tree import Tree, symbol, symbols_of
from symback.graph.program.formula_values import NotAlone, value_of
from symback.syntax import parse

CHUNK = 100_000  # epochs whose learning rates are looked at together
EPOCH = symbol("t")  # in the schedule of a learning rate
METHODS = {
    "full": "full-batch gradient descent",
    "stochastic": "stochastic gradient descent",
    "mini-batch": "mini-batch gradient descent",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a training.

    `method` says after how many examples the parameters are updated: all of them, each one, or `batch` of them, in an
    order that is shuffled in every epoch. `lr` is the learning rate: a number, or a schedule, which is a formula in the
    number t of epochs done, such as "0.1/(1 + 0.01t)" or "0.05(1 + cos(pi t/200))". With `momentum` m the step is the
    gradient plus m times the step before; `adam` divides by the size of the gradients so far (Kingma and Ba, 2015,
    their constants). Training ends after `epochs`, or where the least loss did not fall by `tolerance` in `patience`
    epochs: the validation loss where there is one. With `best` the parameters of the epoch with the least such loss are
    kept, and not the last. `axis` is the one along which the examples stand in the data. `seed` fixes initial values,
    order, and which part is kept out for validation.
    """

    method: str = "full"
    batch: int = 32
    lr: float | str = 0.1
    momentum: float = 0.0
    adam: bool = False
    epochs: int = 100
    tolerance: float = 1e-10
    patience: int = 50
    seed: int = 0
    axis: int = 0
    best: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether a step is the learning rate times the gradient and nothing else."""
        return not (self.adam or self.momentum)

    def rate(self, epoch: int) -> float:
        """Return the learning rate after so many epochs.

        >>> Settings(lr="0.1/(1 + t)").rate(3), Settings(lr=0.5).rate(3)
        (0.025, 0.5)
        """
        return _rate(self.lr, epoch) if isinstance(self.lr, str) else self.lr

    def words(self) -> str:
        """Return the method as people name it.

        >>> Settings("mini-batch", batch=8, adam=True).words()
        'mini-batch gradient descent, batches of 8, Adam, learning rate 0.1'
        """
        parts = [METHODS[self.method]]
        parts += [f"batches of {self.batch}"] if self.method == "mini-batch" else []
        parts += ["Adam"] if self.adam else []
        parts += [f"momentum {self.momentum:g}"] if self.momentum else []
        return ", ".join([*parts, f"learning rate {self.lr if isinstance(self.lr, str) else format(self.lr, 'g')}"])


DEFAULTS = Settings()
NAMES = tuple(field.name for field in fields(Settings))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _is_count(value: object, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _rate(formula: str, epoch: int) -> float:
    return float(value_of(_tree(formula), {EPOCH: np.float64(epoch)}))


@cache
def _tree(formula: str) -> Tree:
    return parse(formula)


def _is_schedule(formula: str) -> bool:
    """Tell whether a text is a formula in t whose value at the first epochs is a number above 0."""
    try:
        is_of_t = symbols_of(_tree(formula)) <= {EPOCH}
        return is_of_t and all(isfinite(r) and r > 0 for r in (_rate(formula, epoch) for epoch in (0, 1)))
    except (SymbackError, NotAlone, ArithmeticError):
        return False


def rate_fault(settings: Settings) -> str:
    """Return what is wrong with a schedule, as the end of a sentence that names the first bad epoch; "" for nothing.

    >>> rate_fault(Settings(lr="0.1 - 0.01t", epochs=100)), rate_fault(Settings(lr="0.1 - 0.01t", epochs=10))
    ('is 0 at epoch 10, but must be a number above 0 in every epoch.', '')
    """
    if not isinstance(settings.lr, str):
        return ""
    for first in range(0, settings.epochs, CHUNK):
        epochs = np.arange(first, min(first + CHUNK, settings.epochs), dtype=float)
        with quiet():
            rates = np.broadcast_to(value_of(_tree(settings.lr), {EPOCH: epochs}), epochs.shape)
        bad = ~(np.isfinite(rates) & (rates > 0))
        if bad.any():
            at = int(bad.argmax())
            shown = f"{rates[at]:.6g}" if np.isfinite(rates[at]) else "not a number"
            return f"is {shown} at epoch {first + at}, but must be a number above 0 in every epoch."
    return ""


# What each setting must be, in words and as a test.
MUST_BE: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "method": (f"one of {', '.join(METHODS)}", lambda v: isinstance(v, str) and v in METHODS),
    "batch": ("a whole number above 0", lambda v: _is_count(v, 1)),
    "lr": (
        "a number above 0, or a formula in the epoch t that is above 0",
        lambda v: _is_schedule(v) if isinstance(v, str) else _is_number(v) and v > 0,
    ),
    "momentum": ("a number from 0 up to, but not, 1", lambda v: _is_number(v) and 0 <= v < 1),
    "adam": ("true or false", lambda v: isinstance(v, bool)),
    "epochs": ("a whole number, 0 or more", _is_count),
    "tolerance": ("a number, 0 or more", lambda v: _is_number(v) and v >= 0),
    "patience": ("a whole number above 0", lambda v: _is_count(v, 1)),
    "seed": ("a whole number, 0 or more", _is_count),
    "axis": ("a whole number, 0 or more", _is_count),
    "best": ("true or false", lambda v: isinstance(v, bool)),
}


def faults(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with settings, in sentences.

    >>> list(faults({"momentum": 2, "epochs": 2.5}))
    ['momentum must be a number from 0 up to, but not, 1, not 2.', 'epochs must be a whole number, 0 or more, not 2.5.']
    """
    for name, value in given.items():
        words, is_good = MUST_BE.get(name, ("", None))
        if is_good is None:
            yield f"There is no setting {name}; there are {', '.join(NAMES)}."
        elif not is_good(value):
            yield f"{name} must be {words}, not {_shown(value)}."
    if given.get("adam") is True and given.get("momentum"):
        yield "Adam has a momentum of its own; leave out one of adam and momentum."


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:40] + "..."
