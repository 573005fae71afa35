"""What a kind of problem is: its keys with their types, which of them say that it is meant, and how it is worked.

A kind is one file in the folder `kinds`, named after it. Its class declares fields in its body; what needs SymPy is
imported in methods, so that commands, messages and the JSON Schema come from the declaration alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from symback.problems.file.tables import Table
from symback.problems.file.values import Refused

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem

EXPR = "The function, as in 'x^2 y', 'f(x, y) = x^2 y' or 'p = 0.5 o; o = x^2'."
WRT = "The variables to differentiate by."
AT = "A point, as in {x = 2, y = '1/2'}; the values there are worked out too."
WRT_TYPED = "The variables, as in --wrt x,y or --wrt x --wrt y."
AT_TYPED = "Work out the value at a point: --at x=2,y=-1/2."
GIVEN = 'Values of functions that are not defined, as in {"g(1)" = 3}, or tables: {f = {1 = 3, 2 = 5}}.'
ASSUME = "What is assumed, as in ['x > 0', 'n integer']; on a graph ['C = C.T']."
GRAPH = "Instead of expr: a graph, one assignment per line."


class Kind(Table):
    """A kind of problem: a subclass declares its keys, and works itself out or says what does."""

    does: ClassVar[str] = ""  # what its command does, as the front page says it
    usage: ClassVar[str] = ""  # the help of its command
    example: ClassVar[str] = ""  # of the keys that it needs
    takes: ClassVar[str] = "expression"  # what its command is given: that, a graph, or a file with all keys
    options: ClassVar[tuple[str, ...] | None] = None  # the keys that its command has as options; None for all
    details: ClassVar[tuple[str, ...]] = ("brief", "normal", "full")
    details_say: ClassVar[str] = "brief selects lines; full shows every step with what its letters stand for."
    writes: ClassVar[tuple[str, ...]] = ()  # formats besides those of every result
    reads_answer: ClassVar[bool] = True  # as mathematics
    picture: ClassVar[str] = ""  # what the page of its command shows
    draws: ClassVar[bool] = False  # whether sheets show that too, unless they say picture = "none"
    said_by: ClassVar[tuple[str, ...]] = ()  # keys that say this kind where `kind` is left out

    @classmethod
    def kind(cls) -> str:
        """Return the name of the kind, which is that of its file."""
        return cls.__module__.rpartition(".")[2]

    @classmethod
    def remarks(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Yield what whoever typed a question should know of how it was read."""
        yield from ()

    @classmethod
    def answered(cls, given: Mapping[str, Any], answer: Any) -> Iterator[Refused]:
        """Yield what is wrong with an answer beside the keys of the kind; None is no answer."""
        yield from ()

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        """Return a problem of this kind, read: by default the kind itself, which is an Exercise then."""
        made: Any = cls
        exercise: Exercise = made(problem)
        return exercise

    @classmethod
    def help(cls) -> str:
        """Return the help of the command."""
        return cls.usage or cls.does or cls.summary()

    @classmethod
    def needs(cls) -> frozenset[str]:
        """Return the keys that must be given."""
        return frozenset(key for key, one in cls.fields.items() if one.required)

    @classmethod
    def fits(cls, given: Mapping[str, Any]) -> bool:
        """Tell whether keys may be those of this kind: the needed ones are there, no others, and all are right."""
        return given.keys() <= cls.fields.keys() and not any(True for _ in cls.faults(given))


def expr_or_graph(given: Mapping[str, Any], hint: str, of_graphs: str) -> Iterator[Refused]:
    """Yield what is wrong between the keys of a kind that asks of expressions or of a graph."""
    if ("expr" in given) == ("graph" in given):
        yield Refused("needs either expr or graph", hint)
    if "expr" in given:
        if of_graphs in given:
            yield Refused("belongs to graph, not to expr", path=(of_graphs,))
        for name, value in given.get("at", {}).items():
            if isinstance(value, list):
                yield Refused("must be a number or a text, not a list", path=("at", name))
