"""The kinds of results, a file for each: what writes it as blocks of a page, and as data.

A file has a `KIND`; to add a kind, write its file and name it in `FILES`. It is loaded when such a result is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Any, NamedTuple

from symback.page.options import Options
from symback.page.page import Block, Subheading, Text
from symback.page.remarks import remarks_of

Object = dict[str, Any]


class Kind(NamedTuple):
    """The writers of a kind of result, each of `(result, options)`.

    `blocks` are all steps, `answers` the answer alone, which is given the blocks too, so that nothing need be written
    twice. `data` is the object that its JSON is, `scene` makes the picture of it. `formats` are written in a way of
    its own. `has_heading` is true where the title stands above what is shown outside of a document too.
    """

    blocks: Callable[[Any, Options], Iterator[Block]]
    answers: Callable[[Any, Options, Sequence[Block]], Iterator[Block]]
    data: Callable[[Any, Options], Object]
    scene: Callable[[Any], Any] | None = None
    formats: Mapping[str, Callable[[Any, Options], str | bytes]] = MappingProxyType({})
    has_heading: bool = False
    is_answer: bool = False  # its blocks are its answer, which a document says once


def late(module: str, name: str) -> Callable[..., Any]:
    """Return a function of a module of this package that is loaded when the function is called."""

    def call(*arguments: Any) -> Any:
        return getattr(import_module(f"symback.page.{module}"), name)(*arguments)

    return call


FILES = {
    "derivation": "symback.page.kinds.derivation",
    "differences": "symback.page.kinds.differences",
    "alternatives": "symback.page.kinds.alternatives",
    "gradient": "symback.page.kinds.partials",
    "jacobian": "symback.page.kinds.partials",
    "hessian": "symback.page.kinds.partials",
    "directional": "symback.page.kinds.directional",
    "array jacobian": "symback.page.kinds.array_jacobian",
    "array hessian": "symback.page.kinds.array_hessian",
    "backprop": "symback.page.kinds.backprop",
    "graph": "symback.page.kinds.graph",
    "training": "symback.page.kinds.training",
    "integral": "symback.page.kinds.integral",
    "extrema": "symback.page.kinds.extrema",
    "limit": "symback.page.kinds.limit",
    "matrix": "symback.page.kinds.products",
    "forward table": "symback.page.kinds.forward_table",
    "check": "symback.page.kinds.check",
    "implicit": "symback.page.kinds.worked",
    "tangent": "symback.page.kinds.worked",
    "taylor": "symback.page.kinds.worked",
    "logarithmic": "symback.page.kinds.worked",
    "by definition": "symback.page.kinds.worked",
    "parametric": "symback.page.kinds.worked",
    "inverse": "symback.page.kinds.worked",
    "text": "symback.page.kinds.text",
    "choice": "symback.page.kinds.choice",
    "show": "symback.page.kinds.show",
    "steps of descent": "symback.page.kinds.descent",
    "does not exist": "symback.page.kinds.does_not_exist",
}


def kind_of(result: Any) -> Kind:
    """Return the writers of a result; TypeError for anything else."""
    name = getattr(result, "kind", None)
    if name not in FILES:
        raise TypeError(f"A {type(result).__name__} cannot be shown.")
    found: Kind = import_module(FILES[name]).KIND
    return found


def blocks_of(result: Any, options: Options) -> Iterator[Block]:
    r"""Yield the blocks that show a result with all its steps; its verification and its notes are not among them.

    >>> import symback
    >>> [display] = blocks_of(symback.derive("x^2", "x"), Options())
    >>> display.equations[0][1:4]
    ((Formula('2 x'),), 'power rule', (Formula('n = 2'),))
    """
    yield from kind_of(result).blocks(result, options)


def answers_of(result: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the answer alone, as blocks; `blocks` are all blocks of the result."""
    yield from kind_of(result).answers(result, options, blocks)


def page_of(result: Any, options: Options) -> Iterator[Block]:
    """Yield the blocks of a result, the verdict on it and its notes: all that is shown of it alone."""
    kind = kind_of(result)
    if kind.has_heading and result.title:
        yield Subheading((Text(result.title),))
    yield from kind.blocks(result, options)
    yield from remarks_of(result, options.verdict_on(result), options.notes)


def as_object(result: Any, options: Options) -> Object:
    """Return a result as the object that its JSON is."""
    return kind_of(result).data(result, options)
