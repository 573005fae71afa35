"""What a question may not do to the machine that answers it: read or write files, start programs, open connections.

Nothing in the engine does so for a question; this holds it to that, whatever a text has led to. Files that Python and
its packages bring along can be read, for a module that is loaded late, and so can the folder that a sheet is put into.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

REFUSED = ("subprocess.", "socket.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "ctypes.dlopen", "shutil.")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_watching = False
_may_read: tuple[str, ...] = ()
_folder = ""  # in which the question may read and write


class Refused(PermissionError):
    """Something that a question may not do."""


def install() -> None:
    """Begin to watch this process; that cannot be taken back, but it refuses only within `watched`."""
    global _may_read
    if _may_read:
        return
    roots = {*sys.path, sys.prefix, sys.base_prefix, sys.exec_prefix, os.__file__.rpartition(os.sep)[0]}
    _may_read = (*(os.path.realpath(root) for root in roots if root), "/proc/self/", "/dev/null", "/dev/urandom")
    sys.addaudithook(_look)


@contextmanager
def watched(folder: str = "") -> Iterator[None]:
    """Refuse, within the block, what a question may not do; a `folder` is one that it may use."""
    global _watching, _folder
    before = _watching, _folder
    _watching, _folder = True, os.path.realpath(folder) + os.sep if folder else ""
    try:
        yield
    finally:
        _watching, _folder = before


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event == "open":
        _look_at_file(*arguments)
    elif event.startswith(REFUSED) and not event.startswith("shutil.rmtree"):
        raise Refused(f"A question may not do this: {event}.")


def _look_at_file(path: Any, mode: Any, flags: Any) -> None:
    if not isinstance(path, (str, bytes)):
        return  # a number: a file that is open already
    name = os.path.realpath(os.fsdecode(path))
    writes = bool(flags & _WRITES) if isinstance(flags, int) else False
    if _folder and name.startswith(_folder) or not writes and name.startswith(_may_read):
        return
    raise Refused(f"A question may not open this file: {name.rpartition(os.sep)[2][:60]}.")


@contextmanager
def unwatched() -> Iterator[None]:
    """Let, within the block, our own code do what a question may not."""
    global _watching
    before, _watching = _watching, False
    try:
        yield
    finally:
        _watching = before
