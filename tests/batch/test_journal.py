"""The journal: what is noted is found again, whatever happened to its last line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from symback.batch.folder import Folder
from symback.batch.journal import NAME, Journal
from symback.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with closing(Folder(tmp_path)) as folder:
        yield folder


def interrupted(folder: Folder) -> bytes:
    """Leave a journal behind as a run does that is killed, and return its bytes."""
    journal = Journal(folder)
    journal.note("first", {"parts": {"html": "Übung\n\u2028"}})
    journal.note_file("a.html", "123", "from")
    journal.note("second", {"parts": {}})
    journal.close(finished=False)
    return (folder.path / NAME).read_bytes()


def test_what_was_noted_is_found_by_the_next_run(folder: Folder) -> None:
    interrupted(folder)
    journal = Journal(folder)
    assert journal.find("first") == {"parts": {"html": "Übung\n\u2028"}}
    assert journal.find("second") == {"parts": {}}
    assert journal.find("third") is None
    assert journal.written == {"a.html": "123"}
    assert journal.made == {("a.html", "from"): "123"}
    journal.note("third", {"n": 3})
    assert journal.find("third") is None, "a run does not ask for what it noted itself"
    journal.close(finished=False)
    journal = Journal(folder)
    assert journal.find("third") == {"n": 3}
    journal.close(finished=True)


def test_the_journal_is_taken_away_with_a_finished_run_and_when_it_is_empty(folder: Folder) -> None:
    interrupted(folder)
    Journal(folder).close(finished=True)
    assert not (folder.path / NAME).exists()
    Journal(folder).close(finished=False)
    assert not (folder.path / NAME).exists()


def test_a_dropped_journal_is_empty(folder: Folder) -> None:
    interrupted(folder)
    journal = Journal(folder)
    journal.drop()
    assert (len(journal), journal.find("first"), journal.made) == (0, None, {})
    journal.note("new", {})
    journal.close(finished=False)
    journal = Journal(folder)
    assert (len(journal), journal.find("new")) == (1, {})
    journal.close(finished=True)


def test_a_torn_line_is_cut_off_wherever_it_is_torn(folder: Folder) -> None:
    whole = interrupted(folder)
    for length in range(len(whole)):
        (folder.path / NAME).write_bytes(whole[:length])
        journal = Journal(folder)
        lines = whole[:length].count(b"\n")
        assert [journal.find(key) is not None for key in ("first", "second")] == [lines >= 1, lines >= 3]
        journal.note("after", {"n": 1})
        journal.close(finished=False)
        journal = Journal(folder)
        assert journal.find("after") == {"n": 1}
        journal.close(finished=True)


def test_a_line_that_was_changed_ends_the_journal(folder: Folder) -> None:
    whole = interrupted(folder)
    (folder.path / NAME).write_bytes(whole.replace(b"a.html", b"b.html"))
    journal = Journal(folder)
    assert (len(journal), journal.written) == (1, {})
    journal.close(finished=True)


def test_two_runs_at_once_are_refused(folder: Folder) -> None:
    journal = Journal(folder)
    with pytest.raises(UsageError, match="Another run of symback is writing"):
        Journal(folder)
    journal.close(finished=True)
    Journal(folder).close(finished=True)


def test_a_journal_that_is_a_link_is_refused(folder: Folder, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep")
    (folder.path / NAME).symlink_to(precious)
    with pytest.raises(UsageError, match="Nothing can be written"):
        Journal(folder)
    assert precious.read_text() == "keep"
