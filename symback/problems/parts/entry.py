"""A problem, or a part of one, as it is in a file: its table, and where each of its keys is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from symback.problems.file.places import Path
from symback.problems.file.toml import Source


class Entry(NamedTuple):
    """A problem as it is in a file: the table, its path in the source, and the block of notes it is in.

    `label` is the letter of a part; `origins` says where keys are written that are not in its own table.
    """

    source: Source
    path: Path
    table: dict[str, Any]
    block: int = 0
    label: str = ""
    parts: tuple[Entry, ...] = ()
    origins: Mapping[str, Path] = {}

    def place(self, path: Path) -> Path:
        """Return the path in the source of a path in the table."""
        if path and path[0] in self.origins:
            return (*self.origins[str(path[0])], *path[1:])
        return (*self.path, *path)

    @property
    def inherited(self) -> frozenset[str]:
        """The keys that are those of the problem around it."""
        return frozenset(key for key, path in self.origins.items() if len(path) < len(self.path))

    def leaves(self) -> tuple[Entry, ...]:
        """Return the parts that have none themselves; of a problem without parts itself."""
        return tuple(leaf for part in self.parts for leaf in part.leaves()) if self.parts else (self,)
