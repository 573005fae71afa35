"""Running the command line in a test, and how a run ended."""

from __future__ import annotations

import gc
import signal
import subprocess
from collections.abc import Callable, Sequence
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
        gc.freeze()  # what other tests have left in memory is not looked through while this works
        start = process_time()
        work()
        if process_time() - start < seconds:
            return True
    return False


def interruptible(command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """Start a process that Ctrl-C ends, even where a shell started the tests in the background and ignores it there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what is caught here has its default there
    try:
        return subprocess.Popen(command, **options)
    finally:
        signal.signal(signal.SIGINT, before)
