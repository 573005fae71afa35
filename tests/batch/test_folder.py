"""Files are written whole or not at all, in the folder and nowhere else: with real links and a real full disk."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from symback.batch import folder as module
from symback.batch.folder import ABSENT, FILE, LINK, OTHER, Folder
from symback.errors import UsageError

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts a file system"
)


@pytest.fixture(params=[True, False], ids=["by number", "by path"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    """A folder, on a system that names files relative to an open folder, and on one that does not."""
    if not request.param:
        monkeypatch.setattr(module, "_RELATIVE", False)
    with closing(Folder(tmp_path / "out")) as folder:
        yield folder


def names(path: Path) -> list[str]:
    return sorted(str(found.relative_to(path)) for found in path.rglob("*"))


def test_a_file_is_written_with_the_folders_on_its_way(folder: Folder) -> None:
    folder.write(("week", "one", "a.html"), b"first")
    folder.write(("week", "one", "a.html"), b"second")
    folder.write(("b.html",), b"")
    assert (folder.path / "week/one/a.html").read_bytes() == b"second"
    assert names(folder.path) == ["b.html", "week", "week/one", "week/one/a.html"]
    assert folder.read(("week", "one", "a.html")) == b"second"


def test_the_longest_name_has_room_for_its_draft(folder: Folder) -> None:
    name = "a" * 250 + ".html"
    folder.write((name,), b"long")
    assert names(folder.path) == [name]


def test_what_stands_somewhere(folder: Folder, tmp_path: Path) -> None:
    folder.write(("file",), b"")
    (folder.path / "folder").mkdir()
    (folder.path / "link").symlink_to(tmp_path)
    (folder.path / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder.path / "pipe")
    kinds = {"file": FILE, "folder": OTHER, "pipe": OTHER, "link": LINK, "dangling": LINK, "none": ABSENT}
    assert {name: folder.kind((name,)) for name in kinds} == kinds
    assert folder.kind(("link", "x")) == LINK
    assert folder.kind(("none", "x")) == ABSENT
    assert folder.kind(("file", "x")) == OTHER


def test_a_link_is_replaced_never_followed(folder: Folder, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep")
    (folder.path / "a.html").symlink_to(precious)
    folder.write(("a.html",), b"new")
    assert precious.read_text() == "keep"
    assert not (folder.path / "a.html").is_symlink()
    assert (folder.path / "a.html").read_bytes() == b"new"


def test_a_link_is_never_read(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (folder.path / "a").symlink_to(tmp_path / "secret")
    (folder.path / "b").symlink_to(tmp_path)
    assert folder.digest(("a",)) == folder.digest(("b", "secret")) == ""


def test_a_folder_on_the_way_that_is_a_link_is_refused(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder.path / "week").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="is a link"):
        folder.write(("week", "a.html"), b"new")
    assert names(tmp_path / "elsewhere") == []


def test_a_draft_that_is_a_link_is_not_followed(folder: Folder, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep")
    (folder.path / folder.draft("a.html")).symlink_to(precious)
    folder.write(("a.html",), b"new")
    assert precious.read_text() == "keep"
    assert names(folder.path) == ["a.html"]


def test_the_folder_itself_may_be_named_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with closing(Folder(tmp_path / "link")) as folder:
        folder.write(("a",), b"x")
    assert names(tmp_path / "real") == ["a"]


def test_drafts_of_a_run_that_was_killed_are_swept(folder: Folder) -> None:
    folder.write(("week", "a.html"), b"x")
    (folder.path / folder.draft("a")).touch()
    (folder.path / "week" / folder.draft("b")).touch()
    (folder.path / ".symback-notes").touch()
    for place in ((), ("week",), ("none",)):
        folder.sweep(place)
    assert names(folder.path) == [".symback-notes", "week", "week/a.html"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_what_fails_leaves_the_old_file_and_no_draft(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    folder.write(("a.html",), b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match=os.strerror(number)):
        folder.write(("a.html",), b"new")
    assert names(folder.path) == ["a.html"]
    assert (folder.path / "a.html").read_bytes() == b"old"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a file system")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@needs_root
def test_a_full_disk_leaves_the_old_file_and_no_draft(small_disk: Path) -> None:
    with closing(Folder(small_disk / "out")) as folder:
        folder.write(("a.html",), b"old")
        with pytest.raises(OSError, match="No space left"):
            folder.write(("a.html",), bytes(100_000))
        with pytest.raises(OSError, match="No space left"):
            folder.write(("b.html",), bytes(100_000))
        assert names(folder.path) == ["a.html"]
        assert folder.read(("a.html",)) == b"old"


def test_a_folder_that_cannot_be_made_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UsageError, match=r"The folder .* cannot be made or opened"):
            Folder(path)
