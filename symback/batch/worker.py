"""A worker process: it is told what to call, calls it within its limits, and answers.

Its run speaks to it through standard input and output; all other output to standard output is sent to standard
error, and both are thrown away. It ends when its run does.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
from collections.abc import Callable
from typing import Any, BinaryIO

from symback.batch import limits
from symback.batch.framing import Message, receive, send

Head = dict[str, Any]
Task = Callable[..., tuple[Head, bytes]]  # what a worker can be told to call: it returns plain data, and bytes


def main() -> None:
    """Answer calls until there are no more."""
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then ends this process
    calls, answers = _pipes()
    limits.forget_the_core()
    leaves = False
    while not leaves and (message := receive(calls)):
        answer, leaves = answered(message)
        try:
            send(answers, answer)
        except OSError:
            break  # the run has gone
    os._exit(0)  # SymPy's modules are not worth taking apart


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the pipes to the run, and put nothing and standard error in their places."""
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return calls, answers


def answered(message: Message) -> tuple[Message, bool]:
    """Make the call of a message; return the answer, and whether this process should give its place to a fresh one."""
    try:
        # A call comes from the run that started this process, never from a file or a network.
        task, arguments, allowed = pickle.loads(message.body)  # noqa: S301
        limits.impose(allowed)
        head, body = task(*arguments)
        leaves = limits.has_grown()
        return _packed({"said": head, "leaves": leaves}, body), leaves
    except MemoryError:
        return _packed({"memory": True, "leaves": True}), True
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        return _packed({"bug": f"{type(error).__name__}: {said}", "leaves": True}), True
    finally:
        limits.lift()


def _packed(head: Head, body: bytes = b"") -> Message:
    return Message(json.dumps(head).encode(), body)


if __name__ == "__main__":
    main()
