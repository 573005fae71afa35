"""Where the questions of a server wait for a worker process: one thread keeps the pool, any number wait for answers."""

from __future__ import annotations

import os
import threading
from collections import deque
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from itertools import count
from typing import Any, NamedTuple

from symback.batch.failures import of_failure
from symback.batch.limits import OF_PROBLEM, Limits
from symback.batch.pool import Answer, Pool
from symback.batch.process import Call
from symback.batch.task import Said
from symback.errors import SymbackError
from symback.web.side import JSON, LONG, Reply, refused

LONGEST_QUEUE = 512  # questions that wait
OF_SHEET = Limits(30.0)
_WAKE, _STOP = object(), object()


class Full(Exception):
    """More questions wait than the desk takes."""


class _Asked(NamedTuple):
    key: int
    call: Call
    future: Future[Reply]


def prepare() -> Said:
    """Load the engine in a worker, and begin to watch it."""
    from symback.batch.task import prepare as load
    from symback.web import exports, forms, graphs, guard, reading, rules, sheets, working  # noqa: F401

    load(("html",))
    guard.install()
    return {}, b""


def work(path: str, body: bytes) -> Said:
    """Answer one question, in a worker."""
    from symback.web.side import answer

    reply = answer(path, body)
    return {"status": reply.status, "type": reply.type, "file": reply.file}, reply.content


def limits_of(path: str) -> Limits:
    """Return what an answer may take; what is about many questions gets more time."""
    return OF_SHEET if path.partition("/")[2] in LONG else OF_PROBLEM


class Desk:
    """A pool of workers that answers questions from any thread."""

    def __init__(self, jobs: int = 0) -> None:
        self.jobs = jobs or max(1, min(8, os.cpu_count() or 1))
        self._inbox: deque[_Asked] = deque()
        self._waiting: dict[int, Future[Reply]] = {}
        self._keys = count()
        self._pool = Pool(self.jobs, Call(prepare))
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)

    def start(self) -> None:
        """Start the workers."""
        self._pool.expect(1)
        self._pool.start(self.jobs)
        self._thread.start()

    def ask(self, path: str, body: bytes) -> Future[Reply]:
        """Return the reply to come; Full where too many wait already."""
        if len(self._waiting) + len(self._inbox) >= LONGEST_QUEUE:
            raise Full
        asked = _Asked(next(self._keys), Call(work, (path, body), limits_of(path)), Future())
        self._inbox.append(asked)
        self._pool.hear(_WAKE, Answer({}))
        return asked.future

    def stop(self) -> None:
        """End the workers; whoever waits is told."""
        self._stopping = True
        self._pool.hear(_STOP, Answer({}))
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)

    @property
    def workers(self) -> tuple[Any, ...]:
        """The worker processes that there are."""
        return self._pool.workers

    def _run(self) -> None:
        try:
            for key, answer in self._pool.answers():
                if key is _STOP or self._stopping:
                    break
                if key is _WAKE:
                    self._pool.expect(1)  # so that the pool always waits for more
                    self._take_in()
                elif (future := self._waiting.pop(_number(key), None)) is not None:
                    _settle(future, _reply(answer))
        except SymbackError as error:  # no worker can be started
            self._give_up(error)
        finally:
            self._pool.close()
            self._give_up(SymbackError("The server is stopping.", hint="Ask again in a moment."))

    def _take_in(self) -> None:
        while self._inbox:
            asked = self._inbox.popleft()
            self._waiting[asked.key] = asked.future
            self._pool.submit(asked.key, asked.call)

    def _give_up(self, error: SymbackError) -> None:
        self._stopping = True
        self._take_in_nothing()
        for future in self._waiting.values():
            _settle(future, refused(error, plain=True)._replace(status=503))
        self._waiting.clear()

    def _take_in_nothing(self) -> None:
        while self._inbox:
            asked = self._inbox.popleft()
            self._waiting[asked.key] = asked.future


def _settle(future: Future[Reply], reply: Reply) -> None:
    with suppress(InvalidStateError):  # whoever asked has gone
        future.set_result(reply)


def _number(key: Any) -> int:
    return int(key)


def _reply(answer: Answer) -> Reply:
    if answer.failure:
        return refused(of_failure(answer.failure, OF_PROBLEM), plain=True)
    said = answer.said
    return Reply(said.get("status", 500), said.get("type", JSON), answer.body, said.get("file", ""))
