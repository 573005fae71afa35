"""What workers are told to do in tests: some good calls, and some that hurt the process."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

Said = tuple[dict[str, Any], bytes]


def ready() -> Said:
    return {}, b""


def cannot_start() -> Said:
    raise ImportError("no engine")


def dies_at_the_start() -> Said:
    os._exit(7)


def square(number: int) -> Said:
    return {"square": number * number}, bytes(number)


def process() -> Said:
    return {"process": os.getpid()}, b""


def large(length: int) -> Said:
    return {"text": "x" * length}, b"y" * length


def spin() -> Said:
    while True:
        pass


def sleep(seconds: float) -> Said:
    time.sleep(seconds)
    return {}, b""


def eat(gibibytes: int) -> Said:
    return {"length": len(bytearray(gibibytes << 30))}, b""


def kill_itself() -> Said:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}, b""


def die_once(mark: str) -> Said:
    """End the process the first time."""
    if Path(mark).exists():
        return {"mark": True}, b""
    Path(mark).touch()
    os._exit(3)


def eat_once(mark: str) -> Said:
    """Lack memory the first time."""
    if Path(mark).exists():
        return {"mark": True}, b""
    Path(mark).touch()
    raise MemoryError


def fail() -> Said:
    raise KeyError("missing")


def print_much() -> Said:
    print("to standard output " * 1000)  # noqa: T201
    os.write(1, b"and to its descriptor")
    return {"read": os.read(0, 10).decode()}, b""


def environment() -> Said:
    return dict(os.environ), b""


def address_space() -> Said:
    import resource

    return {"soft": resource.getrlimit(resource.RLIMIT_AS)[0], "core": resource.getrlimit(resource.RLIMIT_CORE)[0]}, b""


def solve(data: bytes, wants: Any) -> Said:
    """Work a problem as a run does, but for those whose id says what is to happen to the process."""
    import pickle

    from symback.batch import task

    problem = pickle.loads(data)
    name, _, mark = problem.id.partition("-")
    match name:
        case "spin":
            spin()
        case "eat":
            eat(2)
        case "die":
            kill_itself()
        case "once":
            die_once(f"{Path(problem.file).parent}/{mark}")
        case "bug":
            raise AssertionError("impossible")
    return task.solve(data, wants)


def excuse(data: bytes, wants: Any, error: dict[str, str], bare: bool) -> Said:
    """Fill the place of a problem that failed, but hang where it is to be filled with what it asks."""
    from symback.batch import task

    return task.excuse(data, wants, error, bare) if bare else spin()


def solve_with_a_wrong_law(data: bytes, wants: Any) -> Said:
    """Work a problem with a law of squared norms that forgets what flows in."""
    from symback.batch import task
    from symback.graph.derivation import pull
    from symback.graph.derivation.backward_laws import law_for

    def wrong(operation: str, shapes: Any) -> Any:
        law = law_for(operation, shapes)
        return law._replace(by=("2*a",)) if law and operation == "norm2" else law

    pull.law_for = wrong  # type: ignore[assignment]
    try:
        return task.solve(data, wants)
    finally:
        pull.law_for = law_for
