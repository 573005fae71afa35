"""How much work a question may cost: steps are counted, so that the same question always ends the same way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MOST_STEPS = 20_000  # about 0.3 s
MOST_TERMS = 20_000


class NotCovered(Exception):
    """A formula that index forms do not cover: an operation without entries of its own, sizes that do not fit."""


class TooLong(NotCovered):
    """A question that costs more steps, or has more terms, than it may."""


class _Steps:
    def __init__(self, left: int) -> None:
        self.left = left


_STEPS: ContextVar[_Steps | None] = ContextVar("steps", default=None)


@contextmanager
def budget(steps: int = MOST_STEPS) -> Iterator[None]:
    """Allow that many steps within; TooLong is raised where they do not suffice."""
    token = _STEPS.set(_Steps(steps))
    try:
        yield
    finally:
        _STEPS.reset(token)


def spend(steps: int = 1) -> None:
    """Count steps."""
    left = _STEPS.get()
    if left is not None:
        left.left -= steps
        if left.left < 0:
            raise TooLong
