"""What the usual networks share: their losses, and the sizes and words they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from symback.errors import UsageError
from symback.expr.functions import FUNCTIONS, SPELLINGS

Size = int | str  # a number, or a letter that stands for any
# Each loss: what becomes of the last layer's values z on the way to it, and the loss of the outcome yhat.
LOSSES = {
    "mse": ("{z}", "mse(yhat, y)"),
    "bce": ("sigmoid({z})", "bce(yhat, y)"),
    "cross_entropy": ("softmax({z})", "cross_entropy(yhat, y)"),
}
LARGEST = 1_000_000
MOST_LAYERS, MOST_STEPS = 100, 1000


def checked(what: str, sizes: Sequence[int]) -> tuple[int, ...]:
    """Return the sizes; UsageError where one is not a whole number above 0."""
    for size in sizes:
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= LARGEST:
            raise UsageError(f"The {what} must be whole numbers from 1 to {LARGEST:,}, not {str(size)[:40]!r}.")
    return tuple(sizes)


def checked_size(what: str, size: Size | None, names: Collection[str]) -> Size | None:
    """Return a size that may be a letter; UsageError for a name of the network or for anything that is not a size."""
    if size is None or not isinstance(size, str):
        return size if size is None else checked(what, (size,))[0]
    if not (len(size) == 1 and size.isascii() and size.isalpha()):
        raise UsageError(f"The {what} must be a whole number or a letter, not {size[:40]!r}.")
    if size in names:
        free = next(letter for letter in "nmkNBT" if letter not in names)
        raise UsageError(f"{size} is the name of something else in this network.", hint=f"Write {what}={free!r}.")
    return size


def check_steps(steps: int) -> int:
    """Return a number of steps; UsageError where it is none or too large."""
    if checked("steps", (steps,))[0] > MOST_STEPS:
        raise UsageError(f"A network is written out over at most {MOST_STEPS} steps.")
    return steps


def check_choice(what: str, name: str, choices: Iterable[str]) -> str:
    """Return a word; UsageError where it is none of the choices."""
    names = tuple(choices)
    if name not in names:
        raise UsageError(f"{what} cannot be {name!r:.60}.", hint=f"Choose one of {', '.join(names)}.")
    return name


def check_function(name: str) -> str:
    """Return the name of a function of one number; UsageError where it is none."""
    return check_choice("hidden", name, [word for word, row in SPELLINGS.items() if FUNCTIONS[row].arity == 1])


def by(*sizes: Size | None) -> str:
    """Return a shape as it is written in a shape line; what is None is left out.

    >>> by(3, 2), by(None, 2), by("n", 2)
    ('3x2', '2', 'n x 2')
    """
    given = [str(size) for size in sizes if size is not None]
    return (" x " if any(isinstance(size, str) for size in sizes) else "x").join(given)


def output(loss: str, z: str, step: str = "", parts: int = 1) -> list[str]:
    """Return the lines of the outputs and the loss, [step] put behind the names where there are several."""
    way, error = LOSSES[check_choice("loss", loss, LOSSES)]
    if not step:
        return [f"yhat = {way.format(z=z)}", f"L = {error}"]
    of_step = error.replace("yhat", f"yhat[{step}]").replace("y)", f"y[{step}])")
    return [f"yhat[{step}] = {way.format(z=z)}", f"L += {of_step}/{parts}"]
