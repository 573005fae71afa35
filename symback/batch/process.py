"""One worker process as its run sees it: give it a call, hear its answer later, end it at any moment.

A thread of its own speaks to the process, so that a run never waits for one worker while it should watch another.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, BinaryIO, NamedTuple, cast

from symback.batch import framing as wire
from symback.batch.limits import Limits, overdue

# The path is that of the run: `-m` would look into the folder in which the command is given, and take a `sympy.py`
# that lies there for SymPy.
_BEGIN = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from symback.batch.worker import main; main()"
_ENVIRONMENT = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"),
    "PYTHONHASHSEED": "0",  # should an order anywhere hang on hashes, it is the same in every worker
    "MPLBACKEND": "agg",
}


class Call(NamedTuple):
    """What a worker is to call, with what, within which limits; all of it can be pickled."""

    task: Callable[..., tuple[dict[str, Any], bytes]]
    arguments: tuple[Any, ...] = ()
    limits: Limits = Limits()


class WorkerHandle:
    """A worker process; `hear(worker, message)` is called in a thread with each answer, and with None at its end."""

    def __init__(self, hear: Callable[[WorkerHandle, wire.Message | None], None]) -> None:
        self.fresh = True
        self.killed = False
        self._hear = hear
        self._calls: SimpleQueue[wire.Message | None] = SimpleQueue()
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", _BEGIN, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ENVIRONMENT},
            **_own_group(),
        )
        self._thread = threading.Thread(target=self._speak, daemon=True)
        self._thread.start()

    def give(self, call: Call) -> None:
        """Send a call; the answer is heard later."""
        self._calls.put(wire.Message(b"", pickle.dumps(tuple(call))))

    def kill(self) -> None:
        """End the process at once; its end is heard."""
        self.killed = True
        self.process.kill()
        self._calls.put(None)

    def wait(self) -> None:
        """Wait until the process has ended and its pipes are closed."""
        self.process.wait()
        self._thread.join()

    def is_alive(self) -> bool:
        """Tell whether the process is there."""
        return self.process.poll() is None

    def how_it_ended(self) -> str:
        """Return why the process has ended: "time", or the number of its signal or its exit code in words."""
        code = self.process.wait()
        if self.killed or overdue(code):
            return "time"
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def _speak(self) -> None:
        stdin, stdout = cast(BinaryIO, self.process.stdin), cast(BinaryIO, self.process.stdout)
        with contextlib.suppress(OSError, ValueError):
            while (call := self._calls.get()) is not None:
                wire.send(stdin, call)
                answer = wire.receive(stdout)
                if answer is None:
                    break
                self._hear(self, answer)
        self.process.kill()
        self.process.wait()
        for pipe in (stdin, stdout):
            _close(pipe)
        self._hear(self, None)


def _own_group() -> dict[str, Any]:
    """Keep the Ctrl-C of a terminal from the worker, where the system knows groups of processes."""
    return {"process_group": 0} if os.name == "posix" else {}


def _close(pipe: BinaryIO) -> None:
    with contextlib.suppress(OSError):  # what was not yet written has no reader any more
        pipe.close()
