"""The ledger of a folder: which files symback wrote there, so that it replaces those and no others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from symback.batch.folder import ABSENT, FILE, LINK, Folder, Names

NAME = ".symback.json"


class Ledger:
    """The files that earlier runs wrote to a folder, and those an interrupted run `began`, with their SHA-256."""

    def __init__(self, folder: Folder, began: Mapping[str, str]) -> None:
        self._folder = folder
        self._began = dict(began)
        self._files = _read(folder)

    def refusal(self, names: Names, *, force: bool) -> str:
        """Return why a file must not be written, "" where it may; `force` replaces what symback did not write."""
        kind = self._folder.kind(names)
        if kind == ABSENT:
            return ""
        if kind == LINK:
            return "it is a link, or lies behind one, and symback does not write through links"
        if kind != FILE:
            return "it is not an ordinary file"
        if force or self._is_ours(names):
            return ""
        return "it exists and is not as symback wrote it; --force replaces it"

    def is_written(self, names: Names, content: str) -> bool:
        """Tell whether a file is there with content of that SHA-256."""
        return self._folder.kind(names) == FILE and self._folder.digest(names) == content

    def note(self, names: Names, content: str) -> None:
        """Note a file with the SHA-256 of its content."""
        self._files["/".join(names)] = content

    def knows(self, path: str) -> bool:
        """Tell whether symback wrote the file at a path below the folder."""
        return path in self._files or path in self._began

    def save(self) -> None:
        """Write the ledger, with the files that are still there; OSError where that cannot be."""
        for path, content in self._began.items():
            if self.is_written(_names(path), content):
                self._files[path] = content
        kept = {path: self._files[path] for path in sorted(self._files) if self._folder.kind(_names(path)) == FILE}
        text = json.dumps({"schema": 1, "files": kept}, indent=1) + "\n"
        self._folder.write((NAME,), text.encode())

    def _is_ours(self, names: Names) -> bool:
        path = "/".join(names)
        return self._folder.digest(names) in {self._files.get(path, "-"), self._began.get(path, "-")}


def _names(path: str) -> Names:
    return tuple(path.split("/"))


def _read(folder: Folder) -> dict[str, str]:
    """Return what the ledger says; nothing where it cannot be read, and then no file is ours."""
    try:
        said: Any = json.loads(folder.read((NAME,)))
        return {str(path): str(content) for path, content in said["files"].items() if _is_below(str(path))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _is_below(path: str) -> bool:
    return all(name not in ("", ".", "..") for name in path.split("/"))
