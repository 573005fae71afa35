"""The kinds of problems, one file per kind, each named after it; a file is loaded when its kind is asked for."""

from __future__ import annotations

from pathlib import Path


def names() -> tuple[str, ...]:
    """Return the names of the kinds, which are those of the files of this folder."""
    return tuple(sorted({file.stem for folder in __path__ for file in Path(folder).glob("[!_]*.py")}))
