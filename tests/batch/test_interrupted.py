"""Runs that are ended by force, by Ctrl-C, or lose a worker: what is done is kept, and the bytes are the same."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch.sheets import children, folder_of_sheets, is_running, records, start, tree, wait_until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")

FILES, PROBLEMS = 3, 10
ALL = FILES * PROBLEMS


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of_sheets(tmp_path_factory.mktemp("problems"), FILES, PROBLEMS)


@pytest.fixture(scope="module")
def undisturbed(problems: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bytes of a run that nothing disturbs."""
    out = tmp_path_factory.mktemp("undisturbed")
    run = start(problems, "--out", out, "--format", "markdown", "--jobs", 2)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 0, said
    assert sorted(tree(out)) == [".symback.json", "more/last.md", "s0.md", "s1.md"]
    return tree(out)


def finished(problems: Path, out: Path, *options: str) -> str:
    """Run to the end, and return what was said."""
    run = start(problems, "--out", out, "--format", "markdown", "--jobs", 2, *options)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 0, said
    return said


MOMENTS: list[Callable[[Path], object]] = [
    lambda out: out.exists(),
    lambda out: records(out) >= 1,
    lambda out: records(out) >= PROBLEMS // 2,
    lambda out: (out / "s0.md").exists(),
    lambda out: records(out) >= ALL - 2,
]


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(moment, id=name, marks=() if name == "half a file" else pytest.mark.slow)
        for moment, name in zip(MOMENTS, ["start", "first", "half a file", "a file", "end"], strict=True)
    ],
)
def test_a_run_that_was_killed_goes_on_to_the_same_bytes(
    problems: Path, undisturbed: dict[str, bytes], tmp_path: Path, moment: Callable[[Path], object]
) -> None:
    out = tmp_path / "out"
    run = start(problems, "--out", out, "--format", "markdown", "--jobs", 2)
    wait_until(lambda: moment(out))
    workers = children(run.pid)
    run.kill()
    run.communicate()
    wait_until(lambda: not any(map(is_running, workers)), 8)
    done = sum(b'"key"' in line for line in tree(out).get(".symback.journal", b"").splitlines(keepends=True))
    said = finished(problems, out, "--resume")
    assert tree(out) == undisturbed
    resumed = re.search(r"(\d+) of them done before", said)
    assert (int(resumed[1]) if resumed else 0) in (done, max(0, done - 1)), "only what is missing is done again"


def test_without_resume_what_was_left_is_done_again(
    problems: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = start(problems, "--out", out, "--format", "markdown", "--jobs", 2)
    wait_until(lambda: (out / "s0.md").exists())
    run.kill()
    run.communicate()
    said = finished(problems, out)
    assert "done before" not in said
    assert "--resume keeps it" in said
    assert tree(out) == undisturbed


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(0, id="start", marks=pytest.mark.slow),
        pytest.param(1, id="first", marks=pytest.mark.slow),
        pytest.param(3, id="a file"),
    ],
)
def test_ctrl_c_ends_soon_and_keeps_what_is_done(
    problems: Path, undisturbed: dict[str, bytes], tmp_path: Path, moment: int
) -> None:
    out = tmp_path / "out"
    run = start(problems, "--out", out, "--format", "markdown", "--jobs", 2)
    wait_until(lambda: MOMENTS[moment](out))
    workers = children(run.pid)
    begin = time.monotonic()
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=10)
    assert time.monotonic() - begin < 5
    assert run.returncode == 130
    assert "stopped" in said
    assert "--resume goes on" in said
    assert not any(map(is_running, workers))
    left = tree(out)
    assert not [name for name in left if name.endswith(".part")]
    assert all(left[name] == undisturbed[name] for name in left if not name.startswith("."))
    finished(problems, out, "--resume")
    assert tree(out) == undisturbed


@pytest.mark.parametrize(
    "moment", [pytest.param(0, marks=pytest.mark.slow), 2, pytest.param(3, marks=pytest.mark.slow)]
)  # one in each run: a second one might hit the same problem again
def test_a_worker_that_is_killed_changes_nothing(
    problems: Path, undisturbed: dict[str, bytes], tmp_path: Path, moment: int
) -> None:
    out = tmp_path / "out"
    run = start(problems, "--out", out, "--format", "markdown", "--jobs", 2)
    wait_until(lambda: MOMENTS[moment](out))
    for worker in wait_until(lambda: children(run.pid)):
        os.kill(worker, signal.SIGKILL)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 0, said
    assert tree(out) == undisturbed


def test_one_job_gives_the_same_bytes(problems: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    run = start(problems, "--out", tmp_path / "out", "--format", "markdown", "--jobs", 1)
    run.communicate(timeout=60)
    assert tree(tmp_path / "out") == undisturbed


def test_files_already_whole_are_not_written_again(problems: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = start(problems, "--out", out, "--format", "markdown", "--jobs", 1)
    wait_until(lambda: (out / "s0.md").exists())
    run.kill()
    run.communicate()
    before = (out / "s0.md").stat()
    finished(problems, out, "--resume")
    after = (out / "s0.md").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
