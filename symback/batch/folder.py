"""The folder of the outputs: files are written whole or not at all, never outside of it and never through a link.

A path below it is a tuple of names. Each folder on the way is opened without following a link and what lies in it is
named relative to the open folder, so that nothing that happens to the path meanwhile leads out of it.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple

from symback.errors import UsageError

Names = tuple[str, ...]  # of the folders below the folder of the outputs, and of the file
ABSENT, FILE, LINK, OTHER = "absent", "file", "link", "other"
DRAFT = (".symback-", ".part")  # how the names of drafts begin and end
_RELATIVE = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class _Place(NamedTuple):
    """A folder that is open: by its number, or by its path where the system has no names relative to a folder."""

    number: int | None
    path: Path

    def named(self, name: str) -> tuple[str, dict[str, Any]]:
        """Return how a function of `os` is given a name in this folder."""
        return (str(self.path / name), {}) if self.number is None else (name, {"dir_fd": self.number})


class Folder:
    """The folder at a path, which is made where it is missing; UsageError where that cannot be."""

    def __init__(self, path: Path) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
            self.path = path.resolve(strict=True)  # the folder itself may be named by a link: that is the user's word
            self._number = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY) if _RELATIVE else None
        except OSError as error:
            raise UsageError(f"The folder {path} cannot be made or opened: {error.strerror}.") from None

    def close(self) -> None:
        """Let go of the folder."""
        if self._number is not None:
            os.close(self._number)
            self._number = None

    def kind(self, names: Names) -> str:
        """Return what is there: "absent", "file", "link" (also where a folder on the way is one), or "other"."""
        try:
            with self._inside(names[:-1], make=False) as place:
                name, where = place.named(names[-1])
                mode = os.lstat(name, **where).st_mode
        except FileNotFoundError:
            return ABSENT
        except _ThroughLink:
            return LINK
        except NotADirectoryError:
            return OTHER
        return LINK if stat.S_ISLNK(mode) else FILE if stat.S_ISREG(mode) else OTHER

    def read(self, names: Names) -> bytes:
        """Return the content of a file; OSError where there is none, or a link."""
        with self._inside(names[:-1], make=False) as place:
            number = self._number_of(place, names[-1], os.O_RDONLY)
        with os.fdopen(number, "rb") as file:
            return file.read()

    def digest(self, names: Names) -> str:
        """Return the SHA-256 of a file, "" where it cannot be read."""
        try:
            return digest(self.read(names))
        except OSError:
            return ""

    def write(self, names: Names, content: bytes) -> None:
        """Write a file whole or not at all: a draft beside it first, then under its name; OSError otherwise."""
        with self._inside(names[:-1], make=True) as place:
            draft = self.draft(names[-1])
            self._unlink(place, draft)
            try:
                number = self._number_of(place, draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
                with os.fdopen(number, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                source, there = place.named(draft)
                target, _ = place.named(names[-1])
                folder = there.get("dir_fd")
                os.replace(source, target, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with contextlib.suppress(OSError):
                    self._unlink(place, draft)
                raise

    def open(self, name: str) -> FileIO:
        """Open a file of the folder itself to read and write; it is made where it is missing; OSError on a link."""
        number = self._number_of(_Place(self._number, self.path), name, os.O_RDWR | os.O_CREAT)
        return FileIO(number, "r+b")

    def unlink(self, names: Names) -> None:
        """Take a file away, where there is one."""
        with contextlib.suppress(OSError), self._inside(names[:-1], make=False) as place:
            self._unlink(place, names[-1])

    def sweep(self, folder: Names) -> None:
        """Take away the drafts that a run left which was ended by force."""
        with contextlib.suppress(OSError), self._inside(folder, make=False) as place:
            for name in os.listdir(place.path if place.number is None else place.number):  # noqa: PTH208
                if name.startswith(DRAFT[0]) and name.endswith(DRAFT[1]):
                    self._unlink(place, name)

    def settle(self, folder: Names) -> None:
        """Have the names of a folder on the disk, not only the contents."""
        with contextlib.suppress(OSError), self._inside(folder, make=False) as place:
            if place.number is not None:
                os.fsync(place.number)

    @staticmethod
    def draft(name: str) -> str:
        """Return the name of a file's draft: short, however long the file's name is."""
        return f"{digest(name.encode())[:16]}".join(DRAFT)

    # --- ways down -------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _inside(self, folders: Names, *, make: bool) -> Iterator[_Place]:
        """Open the folder below this one, without going through a link; `make` makes what is missing."""
        place = _Place(self._number, self.path)
        opened = []
        try:
            for name in folders:
                if make:
                    self._make(place, name)
                place = self._below(place, name)
                opened.append(place.number)
            yield place
        finally:
            for number in opened:
                if number is not None:
                    os.close(number)

    @staticmethod
    def _make(place: _Place, name: str) -> None:
        path, where = place.named(name)
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, **where)  # noqa: PTH102

    @staticmethod
    def _below(place: _Place, name: str) -> _Place:
        path, where = place.named(name)
        mode = os.lstat(path, **where).st_mode
        if stat.S_ISLNK(mode):
            raise _ThroughLink(0, f"{place.path / name} is a link, and symback does not write through one")
        if place.number is None:
            return _Place(None, place.path / name)
        return _Place(os.open(path, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, **where), place.path / name)

    @staticmethod
    def _number_of(place: _Place, name: str, flags: int) -> int:
        path, where = place.named(name)
        return os.open(path, flags | _NO_LINK | getattr(os, "O_BINARY", 0), 0o666, **where)

    @staticmethod
    def _unlink(place: _Place, name: str) -> None:
        path, where = place.named(name)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path, **where)


class _ThroughLink(OSError):
    """A folder on the way is a link."""


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return sha256(content).hexdigest()
