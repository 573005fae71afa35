"""Fixtures for the tests of problem files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.problems.writing import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file, and return its path: `write("kind = ...")`."""

    def written(text: str | bytes, name: str = "sheet.toml") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written
