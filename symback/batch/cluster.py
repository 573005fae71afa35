"""Problems worked on many machines: joblib's dask backend carries chunks of them to the workers of a scheduler.

There each chunk goes through a pool like that of one machine, so that the limits hold and a problem that ends its
process ends nothing else. A machine that is lost costs its chunks one more try on another; should the scheduler be
lost, what it had not answered is worked here.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from symback import __version__
from symback.batch.limits import Limits
from symback.batch.pool import Answer, Pool
from symback.batch.process import Call
from symback.errors import UsageError

ELSEWHERE = "cluster"  # the failure of a call that the cluster did not answer
PATIENCE = 15.0  # seconds in which a scheduler and a worker must be heard of
MOST_TOGETHER = 50  # calls in a chunk: some seconds of work
EXTRA = 'pip install "symback[cluster]"'

_lent: list[Pool] = []  # on a worker: pools that wait for its next chunk
_lending = threading.Lock()

Keyed = tuple[Hashable, Call]


class Cluster:
    """A dask scheduler; UsageError where it, its workers or what they need cannot be found."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = _client(address)
        try:
            self.cores = _check(self._client, address)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the scheduler, without waiting for what it still does."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=1)

    def start(self, calls: Sequence[Keyed], prepare: Call, pool: Pool) -> None:
        """Make the calls on the cluster; `pool` hears each answer, also where there is none."""
        pool.expect(len(calls))
        threading.Thread(target=self._work, args=(calls, prepare, pool), daemon=True).start()

    def _work(self, calls: Sequence[Keyed], prepare: Call, pool: Pool) -> None:
        waiting = dict(calls)
        try:
            for keys, answers in self._answered(_chunks(calls, self.cores), prepare):
                for key, answer in zip(keys, answers, strict=True):
                    del waiting[key]
                    pool.hear(key, answer)
        except Exception as error:
            for key in waiting:
                pool.hear(key, Answer({}, failure=f"{ELSEWHERE}: {type(error).__name__}"))

    def _answered(self, chunks: Sequence[Sequence[Keyed]], prepare: Call) -> Iterator[Any]:
        """Yield the keys and answers of each chunk as it comes."""
        from joblib import Parallel, delayed, parallel_config

        longest = max((len(chunk) for chunk in chunks), default=0)
        seconds = 120.0 + longest * 2 * Limits().seconds  # without any answer: joblib does not hear of lost chunks
        with parallel_config("dask", client=self._client):
            parallel = Parallel(batch_size=1, pre_dispatch="all", return_as="generator_unordered", timeout=seconds)
            yield from parallel(delayed(work)(chunk, prepare) for chunk in chunks)


def work(chunk: Sequence[Keyed], prepare: Call) -> tuple[list[Hashable], list[Answer]]:
    """Make the calls of a chunk, one after the other, in a process that can be killed: this runs on a worker."""
    with _pool(prepare) as pool:
        for key, call in chunk:
            pool.submit(key, call)
        answers = dict(pool.answers())
    return [key for key, _ in chunk], [answers[key] for key, _ in chunk]


@contextlib.contextmanager
def _pool(prepare: Call) -> Iterator[Pool]:
    """Lend a pool that an earlier chunk has left, so that not each loads the engine; its process ends when idle."""
    with _lending:
        pool = _lent.pop() if _lent else Pool(1, prepare)
    try:
        yield pool
    except BaseException:
        pool.close()
        raise
    with _lending:
        _lent.append(pool)


def _chunks(calls: Sequence[Keyed], cores: int) -> list[Sequence[Keyed]]:
    """Cut the calls into chunks, several for each core, so that none waits long for the last one."""
    size = max(1, min(MOST_TOGETHER, len(calls) // (4 * max(1, cores))))
    return [calls[start : start + size] for start in range(0, len(calls), size)]


def _client(address: str) -> Any:
    try:
        import joblib  # noqa: F401
        from distributed import Client
    except ImportError:
        raise UsageError("--cluster needs joblib and dask.distributed.", hint=EXTRA) from None
    try:
        connect: Any = Client
        return connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        hint = "Give the address of a running `dask scheduler`, as in --cluster tcp://host:8786."
        raise UsageError(f"No scheduler answers at {address}: {_short(error)}.", hint=hint) from None


def _check(client: Any, address: str) -> int:
    """Return the number of cores of the workers, each of which must have this symback."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        versions = client.run(version)
    except TimeoutError:
        raise UsageError(
            f"The scheduler at {address} has no workers.", hint="Start some: dask worker ADDRESS"
        ) from None
    except Exception as error:
        hint = f"Each worker needs the same symback: {EXTRA}"
        raise UsageError(f"A worker of {address} cannot load symback: {_short(error)}.", hint=hint) from None
    for worker, theirs in sorted(versions.items()):
        if theirs != __version__:
            raise UsageError(f"The worker {worker} has symback {theirs}, and this is {__version__}.")
    return sum(client.ncores().values())


def version() -> str:
    """Return the version of symback; this runs on a worker."""
    return __version__


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
