"""The kinds of problems, one file per kind, each named after it; a file is loaded when its kind is asked for."""

from __future__ import annotations

import os
from functools import cache


def names() -> tuple[str, ...]:
    """Return the names of the kinds, which are those of the files of this folder."""
    return _names_in(tuple(__path__))


@cache
def _names_in(folders: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(_files()))


def does() -> dict[str, str]:
    """Return what the command of each kind does, by name; kinds that are asked in files alone have none.

    It is read from the files, of which none is loaded.

    The front page of the command line is printed before anything else is loaded.

    >>> does()["evaluate"]
    'Work out the value of an expression at a point.'
    """
    said = {}
    for name, file in sorted(_files().items()):
        with open(file, encoding="utf-8") as source:
            said[name] = source.read().partition('\n    does = "')[2].partition('"\n')[0]
    return {name: does for name, does in said.items() if does}


def _files() -> dict[str, str]:
    """Return the file of each kind, by name."""
    files = ((name, f"{folder}/{name}") for folder in __path__ for name in os.listdir(folder))  # noqa: PTH208
    return {name[:-3]: file for name, file in files if name.endswith(".py") and not name.startswith("_")}
