"""Running the command line in a test, and how a run ended."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any, NamedTuple


class Result(NamedTuple):
    """How a run ended and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


def takes_less_than(seconds: float, work: Callable[[], Any]) -> bool:
    """Tell whether work takes so little processor time; three times it may try, because a machine may be busy."""
    for _ in range(3):
        start = process_time()
        work()
        if process_time() - start < seconds:
            return True
    return False
