"""Printed formulas, read back: `2 d/dH [L] * X`, `dL/dH @ W.T`, `ones(n) c` become trees.

A gradient that stands in a formula by name becomes a symbol, as `gradient_names` says, whose value is JAX's. The
derivative of one edge, `d/dx [z]`, stands for a law that is yet to be put in: such a line is pending, and left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from symback.errors import SymbackError
from symback.expr.tree import Tree
from symback.graph.language.reader import parse_expression
from symback.syntax.arrays import Arrays
from symback.syntax.reading import tree_in
from symback.syntax.source import Source

# What is left of a derivative once the gradients are named; x/dot(a, b) is none.
UNFINISHED = re.compile(r"/[d∂](?!(?:iag|iagonal|ot|et)\()[\w(|]")


class Unreadable(Exception):
    """A printed formula that the language does not read back."""


class Pending(Exception):
    """A line with a derivative that is yet to be worked out: of one edge, or by something without a name."""


def gradient_names(names: Sequence[str]) -> dict[str, str]:
    """Return, by the name of a node, the name that stands for the gradient by it while a formula is read.

    >>> gradient_names(["x", "h[1]"])
    {'x': 'gradient0', 'h[1]': 'gradient1'}
    """
    return {name: f"gradient{place}" for place, name in enumerate(names)}


def read_back(
    text: str,
    loss: str,
    names: Sequence[str],
    functions: Collection[str] = (),
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    sizes: Collection[str] = (),
) -> Tree:
    """Return the tree of a printed formula on names of these shapes, in which letters stand for sizes.

    Pending where it holds an unfinished derivative, Unreadable where it cannot be read.

    >>> read_back("2 d/dH [L] * H", "L", ["H", "L"])
    Times(2, gradient0, H)
    """
    gradients = gradient_names(names)
    plain = with_gradients(text, loss, gradients)
    known = [*names, *gradients.values()]
    try:
        return parse_expression(plain, known, functions, sizes, shapes)
    except SymbackError as error:
        return _read_as_law(plain, known, functions, str(error))


def _read_as_law(text: str, names: Collection[str], functions: Collection[str], said: str) -> Tree:
    """Return the tree of a formula with any word before a bracket as a function."""
    source = Source(text, frozenset(names), law=True, arrays=Arrays(dict.fromkeys(functions, ("t",))))
    try:
        return tree_in(source)
    except SymbackError as error:
        raise Unreadable(f"{text}: {said.splitlines()[0]} {str(error).splitlines()[0]}") from error


def with_gradients(text: str, loss: str, gradients: Mapping[str, str]) -> str:
    """Return a formula with each gradient that it names as one name; Pending where a derivative remains."""
    if "/d" not in text and "/∂" not in text:
        return text
    for name, stands in gradients.items():
        short = rf"(?<!\w)[d∂]{re.escape(loss)}/[d∂]{re.escape(name)}(?![\w\[])"
        long = rf"(?<!\w)[d∂]/[d∂]{re.escape(name)} ?\[{re.escape(loss)}\]"
        text = re.sub(f"{short}|{long}", stands, text)
    if UNFINISHED.search(text):
        raise Pending(text)
    return text
