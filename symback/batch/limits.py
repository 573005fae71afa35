"""What one piece of work may take, and how a worker process holds itself to it.

A worker is ended by the system when its processor time is over. The run keeps the clock, and kills a worker that only
waits; what is set here beyond that ends a worker that has lost its run.
"""

from __future__ import annotations

import math
import os
import platform
import signal
from contextlib import suppress
from typing import Any, NamedTuple

try:
    import resource as _resource
except ImportError:  # no Unix: the run's clock is all there is
    resource: Any = None
else:
    resource = _resource

SECONDS = 5.0
MEMORY = 1 << 30
GRACE = 2.0  # seconds after which the second line of defence steps in
LONGEST_WAIT = 120.0  # seconds that a busy machine may take beyond the processor time
COUNTED = hasattr(signal, "setitimer")
IDLE = 300.0  # seconds that a worker waits for a call
LARGE = 384 << 20  # bytes in memory at which a worker gives its place to a fresh one


class Limits(NamedTuple):
    """Seconds of processor time and bytes of address space for one piece of work."""

    seconds: float = SECONDS
    memory: int = MEMORY

    def __str__(self) -> str:
        return f"{self.seconds:g} s and {self.memory / (1 << 30):g} GiB"

    @property
    def patience(self) -> float:
        """The seconds on the clock after which the run ends work that only waits; on a busy machine work takes longer.

        Where no system counts the processor time, the clock does.
        """
        return self.seconds + min(9 * self.seconds, LONGEST_WAIT) if COUNTED else self.seconds


OF_PROBLEM = Limits()


def of_document(problems: int) -> Limits:
    """Return the limits for putting together a document of that many problems.

    >>> str(of_document(1000))
    '280 s and 3.95312 GiB'
    """
    return Limits(30.0 + problems / 4, 2 * MEMORY + problems * (2 << 20))


def of_reading(variants: int | None) -> Limits:
    """Return the limits for reading a file and drawing that many variants of it.

    >>> str(of_reading(None)), str(of_reading(30))
    ('30 s and 1 GiB', '330 s and 1 GiB')
    """
    return Limits(30.0 + 10.0 * (variants or 0))


def impose(limits: Limits) -> None:
    """Hold this process to the limits, counted from now."""
    if COUNTED:  # nobody handles these: they end the process
        signal.setitimer(signal.ITIMER_PROF, limits.seconds)
        signal.setitimer(signal.ITIMER_REAL, limits.patience + GRACE)
    if resource is None:
        return
    _soften(resource.RLIMIT_AS, limits.memory)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soften(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + limits.seconds + GRACE))


def lift() -> None:
    """Let this process wait for its next call, though not for ever."""
    if COUNTED:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, IDLE)


def forget_the_core() -> None:
    """Leave no core file where a limit ends this process."""
    if resource is not None:
        _soften(resource.RLIMIT_CORE, 0)


def has_grown() -> bool:
    """Tell whether this process has become so large that the next piece of work should find a fresh one."""
    return size() > LARGE


def size() -> int:
    """Return the bytes that this process has in memory; 0 where the system does not tell.

    The peak that Linux keeps begins with that of the process which started this one, so it says nothing there.
    """
    with suppress(OSError, ValueError, IndexError), open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    if resource is None or platform.system() != "Darwin":
        return 0
    most: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most


def _soften(what: int, value: int) -> None:
    with suppress(OSError, ValueError):  # some systems know a limit and do not set it
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def overdue(returncode: int | None) -> bool:
    """Tell whether a process was ended by the clock or the processor time of `impose`."""
    signals = (getattr(signal, name, None) for name in ("SIGPROF", "SIGALRM", "SIGXCPU"))
    return returncode in {-number for number in signals if number is not None}
