"""The pool of workers, with workers that are really killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from symback.batch.limits import Limits
from symback.batch.pool import Answer, Pool
from symback.batch.process import Call
from symback.errors import SymbackError
from tests.batch import tasks


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(2, Call(tasks.ready)) as pool:
        yield pool


def answers(pool: Pool, **calls: Call) -> dict[object, Answer]:
    for name, call in calls.items():
        pool.submit(name, call)
    return dict(pool.answers())


def test_every_call_is_answered(pool: Pool) -> None:
    for number in range(20):
        pool.submit(number, Call(tasks.square, (number,)))
    assert dict(pool.answers()) == {n: Answer({"square": n * n}, bytes(n)) for n in range(20)}


def test_no_more_workers_are_started_than_there_are_calls() -> None:
    with Pool(50, Call(tasks.ready)) as pool:
        answers(pool, one=Call(tasks.process), two=Call(tasks.process))
        assert len(pool.workers) <= 2


def test_the_first_call_that_waits_is_made_first() -> None:
    with Pool(1, Call(tasks.ready)) as pool:
        pool.submit("later", Call(tasks.ready))
        pool.submit("first", Call(tasks.ready), first=True)
        assert [key for key, _ in pool.answers()] == ["first", "later"]


def test_answers_of_any_size_come_through(pool: Pool) -> None:
    found = answers(pool, a=Call(tasks.large, (3_000_000,)), b=Call(tasks.large, (1,)))
    assert [len(found[key].said["text"]) for key in "ab"] == [3_000_000, 1]
    assert [len(found[key].body) for key in "ab"] == [3_000_000, 1]


def test_a_call_over_its_time_has_failed_and_stops_no_other(pool: Pool) -> None:
    start = time.monotonic()
    short = Limits(seconds=0.5)
    found = answers(
        pool,
        spin=Call(tasks.spin, (), short),
        sleep=Call(tasks.sleep, (60,), short),
        square=Call(tasks.square, (3,)),
    )
    assert [found[key].failure for key in ("spin", "sleep", "square")] == ["time", "time", ""]
    assert short.patience == 5 < time.monotonic() - start < 10  # what only waits is ended by the clock


def test_waiting_for_a_busy_machine_is_no_work(pool: Pool) -> None:
    assert answers(pool, sleep=Call(tasks.sleep, (0.8,), Limits(seconds=0.5)))["sleep"].failure == ""


def test_too_much_memory_is_a_failure_after_one_more_try_in_a_fresh_worker(pool: Pool, tmp_path: Path) -> None:
    found = answers(pool, eat=Call(tasks.eat, (2,)), once=Call(tasks.eat_once, (str(tmp_path / "mark"),)))
    assert found["eat"].failure == "memory"
    assert found["once"].said == {"mark": True}


def test_the_limits_are_set_in_the_worker(pool: Pool) -> None:
    found = answers(pool, space=Call(tasks.address_space))["space"].said
    assert found == {"soft": 1 << 30, "core": 0}


def test_a_worker_that_dies_costs_its_call_one_retry(pool: Pool, tmp_path: Path) -> None:
    found = answers(pool, once=Call(tasks.die_once, (str(tmp_path / "mark"),)), always=Call(tasks.kill_itself))
    assert found["once"] == Answer({"mark": True})
    assert found["always"].failure == f"signal {signal.SIGKILL:d}"


def test_a_worker_killed_from_outside_costs_nothing(pool: Pool) -> None:
    for number in range(8):
        pool.submit(number, Call(tasks.sleep, (0.1,)))
    found = {}
    for key, answer in pool.answers():
        found[key] = answer.failure
        if len(found) == 1:  # not twice: that might be the same call again
            pool.workers[0].process.kill()
    assert found == dict.fromkeys(range(8), "")


def test_an_idle_worker_that_died_is_replaced(pool: Pool) -> None:
    first = answers(pool, one=Call(tasks.process))["one"].said["process"]
    os.kill(first, signal.SIGKILL)
    pool.workers[0].process.wait()
    assert answers(pool, two=Call(tasks.process))["two"].said["process"] != first


def test_an_exception_is_named(pool: Pool) -> None:
    assert answers(pool, fail=Call(tasks.fail))["fail"].failure == "KeyError: 'missing'"


def test_what_a_library_prints_does_not_disturb_the_answers(pool: Pool) -> None:
    assert answers(pool, much=Call(tasks.print_much))["much"].said == {"read": ""}


def test_numerical_libraries_have_one_thread_and_hashes_one_order(pool: Pool) -> None:
    found = answers(pool, environment=Call(tasks.environment))["environment"].said
    assert (found["OPENBLAS_NUM_THREADS"], found["PYTHONHASHSEED"]) == ("1", "0")


def test_a_worker_ignores_ctrl_c(pool: Pool) -> None:
    answers(pool, first=Call(tasks.ready))
    pool.submit("sleep", Call(tasks.sleep, (0.3,)))
    list(pool.answers(wait=False))
    time.sleep(0.1)
    for worker in pool.workers:
        worker.process.send_signal(signal.SIGINT)
    assert [answer.failure for _, answer in pool.answers()] == [""]


@pytest.mark.parametrize(
    ("prepare", "why"), [(tasks.cannot_start, "ImportError: no engine"), (tasks.dies_at_the_start, "exit code 7")]
)
def test_workers_that_cannot_start_are_an_error(prepare: object, why: str) -> None:
    with Pool(1, Call(prepare)) as pool, pytest.raises(SymbackError, match=why):  # type: ignore[arg-type]
        answers(pool, one=Call(tasks.ready))


def test_closing_ends_every_worker_at_once() -> None:
    with Pool(2, Call(tasks.ready)) as pool:
        answers(pool, one=Call(tasks.sleep, (0.2,)), two=Call(tasks.sleep, (0.2,)))
        for number in range(4):
            pool.submit(number, Call(tasks.sleep, (60,)))
        list(pool.answers(wait=False))
        workers = pool.workers
        start = time.monotonic()
    assert time.monotonic() - start < 5  # they would sleep for a minute
    assert len(workers) == 2
    assert all(worker.process.returncode == -signal.SIGKILL for worker in workers)


def test_a_worker_without_its_run_ends_by_itself() -> None:
    """The second line of defence: a run that was killed leaves no process that works for ever."""
    with Pool(1, Call(tasks.ready)) as pool:
        answers(pool, first=Call(tasks.ready))
        pool.submit("spin", Call(tasks.spin, (), Limits(seconds=0.2)))
        list(pool.answers(wait=False))
        process = pool.workers[0].process  # nobody watches the clock from here on
        assert process.wait(timeout=10) in (-signal.SIGPROF, -signal.SIGALRM, -signal.SIGXCPU)


def test_answers_from_elsewhere_are_heard_with_the_others(pool: Pool) -> None:
    pool.expect(1)
    pool.hear("there", Answer({"far": True}))
    assert answers(pool, here=Call(tasks.square, (2,))) == {
        "there": Answer({"far": True}),
        "here": Answer({"square": 4}, bytes(2)),
    }


def test_workers_of_a_large_process_are_not_large() -> None:
    """A worker asks how large it is itself: the peak that Linux keeps is that of the process which started it."""
    code = (
        f"import sys; sys.path[:] = {sys.path}; ballast = bytearray(b'x') * (500 << 20)\n"
        "from tests.batch import tasks; from symback.batch.pool import Pool; from symback.batch.process import Call\n"
        "pool = Pool(1, Call(tasks.ready)); pool.submit(1, Call(tasks.square, (3,)))\n"
        "print(dict(pool.answers())[1].said); pool.close()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "{'square': 9}\n"
