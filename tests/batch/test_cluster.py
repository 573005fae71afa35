"""Runs on a real dask scheduler with two workers, each a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from symback.batch.cluster import Cluster
from symback.errors import UsageError
from tests.batch.sheets import folder_of_sheets, is_running, records, start, tree, wait_until

pytest.importorskip("distributed")
pytest.importorskip("joblib")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")]

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def dask(*arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=environment, **quiet)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a scheduler without workers."""
    port = free_port()
    process = dask("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    wait_until(lambda: answers(port))
    yield f"tcp://127.0.0.1:{port}"
    process.kill()
    process.wait()


@pytest.fixture
def workers(scheduler: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two workers of one thread each, without a nanny that would start them again."""
    options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
    processes = [
        dask("dask_worker", scheduler, *options, "--name", name, "--local-directory", str(tmp_path / name))
        for name in ("one", "two")
    ]
    yield processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def problems(tmp_path: Path) -> Path:
    return folder_of_sheets(tmp_path / "problems", 3, 20)


def finished(*arguments: object) -> str:
    run = start(*arguments)
    _, said = run.communicate(timeout=100)
    assert run.returncode == 0, said
    return said


@pytest.mark.usefixtures("workers")
def test_a_cluster_gives_the_same_bytes(problems: Path, tmp_path: Path, scheduler: str) -> None:
    formats = ("--format", "html,markdown")
    finished(problems, "--out", tmp_path / "here", *formats, "--jobs", 1)
    said = finished(problems, "--out", tmp_path / "there", *formats, "--cluster", scheduler)
    assert tree(tmp_path / "there") == tree(tmp_path / "here")
    assert "note" not in said


def test_a_machine_that_is_lost_costs_a_retry_not_the_batch(
    problems: Path, tmp_path: Path, scheduler: str, workers: list[subprocess.Popen[bytes]]
) -> None:
    finished(problems, "--out", tmp_path / "here", "--format", "markdown", "--jobs", 1)
    run = start(problems, "--out", tmp_path / "there", "--format", "markdown", "--cluster", scheduler)
    wait_until(lambda: records(tmp_path / "there") >= 1)
    workers[0].kill()
    _, said = run.communicate(timeout=100)
    assert run.returncode == 0, said
    assert tree(tmp_path / "there") == tree(tmp_path / "here")
    assert workers[1].poll() is None


def test_ctrl_c_ends_soon_on_a_cluster_too(
    problems: Path, tmp_path: Path, scheduler: str, workers: list[subprocess.Popen[bytes]]
) -> None:
    run = start(problems, "--out", tmp_path / "there", "--format", "markdown", "--cluster", scheduler)
    wait_until(lambda: records(tmp_path / "there") >= 1)
    run.send_signal(signal.SIGINT)
    wait_until(lambda: not is_running(run.pid), 2)
    _, said = run.communicate()
    assert (run.returncode, "--resume goes on" in said) == (130, True)
    finished(problems, "--out", tmp_path / "there", "--format", "markdown", "--jobs", 1, "--resume")
    finished(problems, "--out", tmp_path / "here", "--format", "markdown", "--jobs", 1)
    assert tree(tmp_path / "there") == tree(tmp_path / "here")
    assert len(workers) == 2


def test_an_address_where_nobody_answers_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symback.batch.cluster.PATIENCE", 1.0)
    with pytest.raises(UsageError, match="No scheduler answers at tcp://127.0.0.1:"):  # noqa: RUF043
        Cluster(f"tcp://127.0.0.1:{free_port()}")


def test_a_scheduler_without_workers_is_a_usage_error(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symback.batch.cluster.PATIENCE", 1.0)
    with pytest.raises(UsageError, match="has no workers"):
        Cluster(scheduler)
