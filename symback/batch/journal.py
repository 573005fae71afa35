"""The journal of a run: one line per finished problem, so that the next run can go on where this one ended.

A line is a checksum and a JSON object. The last line may be torn, where the process was killed while it wrote: what its
checksum does not confirm, and all after it, is cut off.
"""

from __future__ import annotations

import contextlib
import json
import os
from io import BufferedReader, FileIO
from typing import Any
from zlib import crc32

from symback.batch.folder import FILE, Folder
from symback.errors import UsageError

NAME = ".symback.journal"


class Journal:
    """The journal in a folder, locked for this run; UsageError where another run holds it or it cannot be written."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._file = _locked(folder)
        self._places: dict[str, tuple[int, int]] = {}
        self.written: dict[str, str] = {}  # the files that an interrupted run wrote, or was about to, and their SHA-256
        self.made: dict[tuple[str, str], str] = {}  # the same, by what they were made from too
        self._end = self._read()

    def __len__(self) -> int:
        return len(self._places)

    def drop(self) -> None:
        """Forget what an interrupted run noted."""
        self._places.clear()
        self.made.clear()
        self._end = 0
        self._file.truncate(0)

    def find(self, key: str) -> dict[str, Any] | None:
        """Return what was noted under a key, or None."""
        if key not in self._places:
            return None
        start, length = self._places[key]
        self._file.seek(start)
        text = b""
        while len(text) < length and (more := self._file.read(length - len(text))):
            text += more
        said: dict[str, Any] = json.loads(text)["said"]
        return said

    def note(self, key: str, said: dict[str, Any]) -> None:
        """Note what is finished under a key."""
        self._append({"key": key, "said": said})

    def note_file(self, path: str, digest: str, made_from: str) -> None:
        """Note that a file is about to be written, and a fingerprint of what it is made from."""
        self._append({"file": path, "sha256": digest, "from": made_from})

    def close(self, *, finished: bool) -> None:
        """Close the journal; it is taken away where the run is finished, or there is nothing in it."""
        if finished or not self._end:
            self._folder.unlink((NAME,))  # while it is still locked
        self._file.close()

    def _append(self, record: dict[str, Any]) -> None:
        text = json.dumps(record).encode()
        line = memoryview(b"%08x %s\n" % (crc32(text), text))
        self._file.seek(self._end)
        try:
            while line:
                line = line[self._file.write(line) :]
        except OSError:
            with contextlib.suppress(OSError):
                self._file.truncate(self._end)
            raise
        self._end = self._file.tell()

    def _read(self) -> int:
        """Take in the records of an interrupted run, cut off what is torn, and return where the last whole one ends."""
        end = 0
        reader = BufferedReader(self._file)
        for line in reader:
            text = line[9:-1]
            if not line.endswith(b"\n") or line[:8] != b"%08x" % crc32(text):
                break
            record = json.loads(text)
            if "key" in record:
                self._places[record["key"]] = (end + 9, len(text))
            else:
                self.written[record["file"]] = record["sha256"]
                self.made[record["file"], record["from"]] = record["sha256"]
            end += len(line)
        reader.detach()
        self._file.truncate(end)
        return end


def _locked(folder: Folder) -> FileIO:
    """Open the journal for this run alone."""
    while True:
        file = _opened(folder)
        try:
            _lock(file, folder)
        except BaseException:
            file.close()
            raise
        if os.fstat(file.fileno()).st_nlink:
            return file
        file.close()  # the run that had it has just taken it away


def _opened(folder: Folder) -> FileIO:
    try:
        file = folder.open(NAME)
    except OSError as error:
        raise UsageError(f"Nothing can be written to {folder.path}: {error.strerror}.") from None
    if folder.kind((NAME,)) == FILE:
        return file
    file.close()
    raise UsageError(f"{folder.path / NAME} is not an ordinary file.", hint="Take it away.")


def _lock(file: FileIO, folder: Folder) -> None:
    try:
        import fcntl
    except ImportError:  # no Unix: two runs at once are the user's affair
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise UsageError(f"Another run of symback is writing to {folder.path}.", hint="Wait until it ends.") from None
