"""The ledger: symback replaces what it wrote, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from symback.batch.folder import Folder, digest
from symback.batch.manifest import NAME, Ledger


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """A folder in which symback wrote `own.html`, and others wrote, or changed, the rest."""
    with closing(Folder(tmp_path / "out")) as folder:
        ledger = Ledger(folder, {})
        for name in ("own.html", "changed.html", "gone.html"):
            folder.write((name,), name.encode())
            ledger.note((name,), digest(name.encode()))
        ledger.save()
        folder.write(("changed.html",), b"by the teacher")
        folder.write(("foreign.html",), b"precious")
        folder.unlink(("gone.html",))
        (folder.path / "link.html").symlink_to(tmp_path)
        (folder.path / "folder.html").mkdir()
        yield folder


ROWS = [
    ("own.html", "", ""),
    ("gone.html", "", ""),
    ("new.html", "", ""),
    ("changed.html", "--force", ""),
    ("foreign.html", "--force", ""),
    ("link.html", "link", "link"),
    ("folder.html", "ordinary", "ordinary"),
]


@pytest.mark.parametrize(("name", "why", "why_with_force"), ROWS)
def test_what_may_be_written(folder: Folder, name: str, why: str, why_with_force: str) -> None:
    ledger = Ledger(folder, {})
    for refusal, expected in (
        (ledger.refusal((name,), force=False), why),
        (ledger.refusal((name,), force=True), why_with_force),
    ):
        assert expected in refusal
        assert bool(expected) == bool(refusal)


def test_a_file_that_an_interrupted_run_began_is_its_own_before_and_after(folder: Folder) -> None:
    ledger = Ledger(folder, {"own.html": digest(b"new"), "foreign.html": digest(b"other")})
    assert ledger.refusal(("own.html",), force=False) == ""
    folder.write(("own.html",), b"new")
    assert ledger.refusal(("own.html",), force=False) == ""
    assert ledger.refusal(("foreign.html",), force=False) != ""
    ledger.save()
    assert Ledger(folder, {}).refusal(("own.html",), force=False) == ""


def test_the_ledger_forgets_files_that_are_gone(folder: Folder) -> None:
    Ledger(folder, {}).save()
    assert sorted(json.loads(folder.read((NAME,)))["files"]) == ["changed.html", "own.html"]


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"files": 3}', b'{"files": {"../x": "1"}}', b"[" * 100_000])
def test_a_ledger_that_cannot_be_read_makes_no_file_ones_own(folder: Folder, text: bytes) -> None:
    folder.write((NAME,), text)
    ledger = Ledger(folder, {})
    assert ledger.refusal(("own.html",), force=False) != ""
    assert not ledger.knows("../x")
