"""The kinds of problems, one file per kind, each named after it; a file is loaded when its kind is asked for."""

from __future__ import annotations

import os


def names() -> tuple[str, ...]:
    """Return the names of the kinds, which are those of the files of this folder."""
    files = (name for folder in __path__ for name in os.listdir(folder))  # noqa: PTH208 - pathlib would be loaded for this
    return tuple(sorted({name[:-3] for name in files if name.endswith(".py") and not name.startswith("_")}))
