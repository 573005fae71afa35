"""Fixtures for all tests."""

from __future__ import annotations

import io
import sys

import pytest

from symback import cli
from tests.running import Result, Run


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
