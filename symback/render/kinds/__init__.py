"""The kinds of results, a file for each: what writes it as text, as blocks of a page, and as data.

A file has a `KIND`; to add a kind, write its file and name it in `FILES`. It is loaded when such a result is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Any, NamedTuple

from symback.render import terminal
from symback.render.options import Options
from symback.render.page import Block

Object = dict[str, Any]


class Kind(NamedTuple):
    """The writers of a kind of result, each of `(result, options)`.

    `lines` are those for a terminal, and `ending` the verdict and the notes below them; `blocks` are all steps,
    `answers` the answer alone, which is given the blocks too, so that nothing need be written twice. `data` is the
    object that its JSON is, `scene` makes the picture of it. `formats` are written in a way of its own.
    """

    lines: Callable[[Any, Options], Iterator[str]]
    blocks: Callable[[Any, Options], Iterator[Block]]
    answers: Callable[[Any, Options, Sequence[Block]], Iterator[Block]]
    data: Callable[[Any, Options], Object]
    ending: Callable[[Any, Options], Iterator[str]] = terminal.ending
    scene: Callable[[Any], Any] | None = None
    formats: Mapping[str, Callable[[Any, Options], str | bytes]] = MappingProxyType({})


FILES = {
    "derivation": "symback.render.kinds.derivation",
    "differences": "symback.render.kinds.differences",
    "gradient": "symback.render.kinds.partials",
    "jacobian": "symback.render.kinds.partials",
    "hessian": "symback.render.kinds.partials",
    "directional": "symback.render.kinds.directional",
    "array jacobian": "symback.render.kinds.array_jacobian",
    "array hessian": "symback.render.kinds.array_hessian",
    "backprop": "symback.render.kinds.backprop",
    "graph": "symback.render.kinds.graph",
    "training": "symback.render.kinds.training",
    "matrix": "symback.render.kinds.products",
    "forward table": "symback.render.kinds.forward_table",
    "check": "symback.render.kinds.check",
}


def kind_of(result: Any) -> Kind:
    """Return the writers of a result; TypeError for anything else."""
    name = getattr(result, "kind", None)
    if name not in FILES:
        raise TypeError(f"A {type(result).__name__} cannot be shown.")
    found: Kind = import_module(FILES[name]).KIND
    return found


def blocks_of_thing(thing: Any, options: Options) -> Iterator[Block]:
    r"""Yield the blocks that show a thing with all its steps; its verification and its notes are not among them.

    >>> import symback
    >>> [display] = blocks_of_thing(symback.derive("x^2", "x"), Options())
    >>> display.equations[0][1:]
    (('2 x',), 'power rule', ('n = 2',), ())
    """
    yield from kind_of(thing).blocks(thing, options)


def answers_of_thing(thing: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the answer alone, as blocks; `blocks` are all blocks of the thing."""
    yield from kind_of(thing).answers(thing, options, blocks)


def as_object(thing: Any, options: Options) -> Object:
    """Return a thing as the object that its JSON is."""
    return kind_of(thing).data(thing, options)


def text_of_thing(thing: Any, options: Options) -> str:
    """Return a thing as text for a terminal."""
    kind = kind_of(thing)
    return terminal.finished([*kind.lines(thing, options), *kind.ending(thing, options)], options)


def no_ending(thing: Any, options: Options) -> Iterator[str]:
    """Yield nothing: the lines say all."""
    return iter(())
