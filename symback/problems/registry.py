"""The registry of kinds: the files of the folder `kinds`, one file per kind. A kind is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from symback.problems import kinds as folder
from symback.problems.kind import Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


ALSO_CALLED = {"integral": "integrate"}  # other names of kinds in files


def names() -> tuple[str, ...]:
    """Return the names of all kinds, those of the files; none of them is loaded.

    >>> names()[:3]
    ('backprop', 'check', 'choice')
    """
    return folder.names()


@cache
def kind(name: str) -> type[Kind]:
    """Return the kind of a name.

    >>> kind("derive").summary()
    'A derivative, step by step.'
    """
    module = import_module(f"symback.problems.kinds.{name}")
    found: type[Kind] = next(one for one in vars(module).values() if _is_kind(one, module.__name__))
    return found


def _is_kind(one: Any, module: str) -> bool:
    return isinstance(one, type) and issubclass(one, Kind) and one.__module__ == module


def kinds() -> Mapping[str, type[Kind]]:
    """Return all kinds by name."""
    return {name: kind(name) for name in names()}


def exercise(name: str, asked: Mapping[str, Any], symbols: Sequence[str] = ()) -> Exercise:
    """Return a question of a kind that is in no file, read; `asked` has its keys as a file gives them.

    >>> exercise("derive", {"expr": "x^3"}).names
    ()
    """
    return kind(name).exercise(cast("Problem", Typed(name, asked, symbols)))


class Typed:
    """A question that is in no file: what an exercise asks of a problem, made quickly."""

    text = file = ""

    def __init__(self, kind: str, asked: Mapping[str, Any], symbols: Sequence[str]) -> None:
        self.kind, self.asked, self.symbols = kind, dict(asked), tuple(symbols)
