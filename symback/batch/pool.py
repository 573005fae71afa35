"""A few worker processes that can be killed, and the calls that wait for them.

A call over its time is ended with its process and has failed. A process that ended on its own, or was ended by others,
costs its call one more try in a fresh one; so does one whose memory did not suffice, because it may have held what
other calls left there. Nothing of this stops the other calls.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Hashable, Iterator
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, NamedTuple

from symback.batch.framing import Message
from symback.batch.interrupt import uninterrupted
from symback.batch.limits import Limits
from symback.batch.process import Call, WorkerHandle
from symback.errors import SymbackError

STARTING = Limits(seconds=60.0)  # for a process to load the engine
MOST_STARTS = 3  # processes in a row that may end before they are ready


class Answer(NamedTuple):
    """What became of a call: what it returned, or why it failed ("time", "memory", or how its process ended)."""

    said: dict[str, Any]
    body: bytes = b""
    failure: str = ""


class _Task(NamedTuple):
    key: Hashable
    call: Call
    tried: bool = False


class _Desk(NamedTuple):
    """What a worker is doing: a task (None while it starts), and until when."""

    task: _Task | None
    deadline: float


class Pool:
    """Up to `jobs` workers, each of which makes the call `prepare` before all others."""

    def __init__(self, jobs: int, prepare: Call) -> None:
        self.jobs = jobs
        self._prepare = prepare._replace(limits=STARTING)
        self._news: SimpleQueue[tuple[WorkerHandle, Message | None] | tuple[Hashable, Answer]] = SimpleQueue()
        self._elsewhere = 0
        self._waiting: deque[_Task] = deque()
        self._again: deque[_Task] = deque()  # for fresh workers only
        self._busy: dict[WorkerHandle, _Desk] = {}
        self._idle: list[WorkerHandle] = []
        self._failed_starts = 0

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def workers(self) -> tuple[WorkerHandle, ...]:
        """The worker processes that there are."""
        return (*self._busy, *self._idle)

    def start(self, workers: int) -> None:
        """Start that many workers, before it is known what there is to do."""
        while len(self.workers) < min(workers, self.jobs):
            self._hire()

    def submit(self, key: Hashable, call: Call, *, first: bool = False) -> None:
        """Let a call wait for a worker; `first` puts it before all others."""
        (self._waiting.appendleft if first else self._waiting.append)(_Task(key, call))

    def expect(self, calls: int) -> None:
        """Wait for the answers of that many calls that are made elsewhere, and come through `hear`."""
        self._elsewhere += calls

    def hear(self, key: Hashable, answer: Answer) -> None:
        """Take in the answer of a call that was made elsewhere; any thread may."""
        self._news.put((key, answer))

    def answers(self, *, wait: bool = True) -> Iterator[tuple[Hashable, Answer]]:
        """Yield the key and the answer of each call as it ends; without `wait` those alone that have ended."""
        while self._assign() or not wait:
            try:
                news = self._news.get(timeout=self._patience() if wait else 0)
            except Empty:
                self._kill_overdue()
                if not wait:
                    return
                continue
            if finished := self._heard(*news):
                yield finished

    def close(self) -> None:
        """End all workers."""
        with uninterrupted():
            workers = self.workers
            self._waiting.clear()
            self._again.clear()
            self._busy.clear()
            self._idle.clear()
            for worker in workers:
                worker.kill()
            for worker in workers:
                worker.wait()

    # --- workers ---------------------------------------------------------------------------------------------------

    def _hire(self) -> None:
        with uninterrupted():  # else a process might be started that nobody knows of
            worker = WorkerHandle(lambda worker, message: self._news.put((worker, message)))
            self._give(worker, None)

    def _give(self, worker: WorkerHandle, task: _Task | None) -> None:
        call = task.call if task else self._prepare
        self._busy[worker] = _Desk(task, monotonic() + call.limits.patience)
        worker.give(call)

    def _assign(self) -> bool:
        """Give the idle workers something to do, and tell whether anything is being done."""
        self._idle = [worker for worker in self._idle if worker.is_alive()]
        for worker in tuple(self._idle):
            queue = self._again if self._again and worker.fresh else self._waiting
            if queue:
                self._idle.remove(worker)
                self._give(worker, queue.popleft())
        starting = sum(desk.task is None for desk in self._busy.values())
        wanted = len(self._again) + len(self._waiting)
        while starting < wanted and len(self.workers) < self.jobs:
            self._hire()
            starting += 1
        if self._again and not starting and self._idle:  # all are idle and none is fresh
            self._idle.pop().kill()
            self._hire()
        return bool(self._elsewhere or self._again or self._waiting or any(desk.task for desk in self._busy.values()))

    def _patience(self) -> float:
        return max(0.0, min((desk.deadline for desk in self._busy.values()), default=monotonic() + 1.0) - monotonic())

    def _kill_overdue(self) -> None:
        now = monotonic()
        for worker, desk in self._busy.items():
            if desk.deadline <= now and not worker.killed:
                worker.kill()
                self._busy[worker] = desk._replace(deadline=now + 1.0)

    # --- what is heard ---------------------------------------------------------------------------------------------

    def _heard(self, source: Any, news: Any) -> tuple[Hashable, Answer] | None:
        if isinstance(news, Answer):
            self._elsewhere -= 1
            return source, news
        return self._gone(source) if news is None else self._answered(source, news)

    def _answered(self, worker: WorkerHandle, message: Message) -> tuple[Hashable, Answer] | None:
        desk = self._busy.pop(worker, None)
        if desk is None:
            return None  # the pool was closed meanwhile
        head = json.loads(message.head)
        self._rest(worker, head)
        if desk.task is None:
            self._started(head)
            return None
        worker.fresh = False
        if "memory" in head:
            return self._failed(desk.task, "memory")
        if "bug" in head:
            return desk.task.key, Answer({}, failure=head["bug"])
        return desk.task.key, Answer(head["said"], message.body)

    def _rest(self, worker: WorkerHandle, head: dict[str, Any]) -> None:
        """Let a worker wait for its next call, or go."""
        if head["leaves"]:
            worker.kill()
        else:
            self._idle.append(worker)

    def _started(self, head: dict[str, Any]) -> None:
        if "said" not in head:
            raise SymbackError(f"The engine cannot be loaded in a worker process: {head.get('bug', 'no memory')}.")
        if head["leaves"]:
            self._not_started("it was too large from the start")
        else:
            self._failed_starts = 0

    def _gone(self, worker: WorkerHandle) -> tuple[Hashable, Answer] | None:
        desk = self._busy.pop(worker, None)
        if worker in self._idle:
            self._idle.remove(worker)
        if desk is None:
            return None
        how = worker.how_it_ended()
        if desk.task is None:
            self._not_started(how)
            return None
        return (desk.task.key, Answer({}, failure="time")) if how == "time" else self._failed(desk.task, how)

    def _failed(self, task: _Task, failure: str) -> tuple[Hashable, Answer] | None:
        """Try a call once more, in a fresh worker; the second time it has failed."""
        if task.tried:
            return task.key, Answer({}, failure=failure)
        self._again.append(task._replace(tried=True))
        return None

    def _not_started(self, how: str) -> None:
        self._failed_starts += 1
        if self._failed_starts >= MOST_STARTS:
            hint = "Check whether the memory suffices, and with fewer --jobs."
            raise SymbackError(f"No worker process can be started: the last one ended ({how}).", hint=hint)
