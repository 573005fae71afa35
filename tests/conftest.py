"""Fixtures for all tests."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Iterator

import pytest

from symback import cli
from tests.running import Result, Run

# The tests start hundreds of processes, workers of xdist among them. Where the environment forbids to keep compiled
# modules, each of them would compile the package again, which takes longer than most tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_finish() -> None:
    """Leave the thousands of tests out of what the collector looks through: it took a third of some tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="module")
def collected() -> Iterator[None]:
    """Leave what a module's tests have built (caches, tables) out of what the collector looks through in the next."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture
def symback(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process: `symback("derive", "x^2", stdin="")`."""

    def run(*args: str, stdin: str | bytes = "") -> Result:
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        code = cli.run(list(args))
        out, err = capfd.readouterr()
        return Result(code, out, err)

    return run
