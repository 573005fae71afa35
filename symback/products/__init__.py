"""Products and sums of vectors and matrices in exact numbers, each entry with the sum that it is.

A vector is a column, transposed it is a row: x^T y is a number and x y^T a matrix. Two vectors side by side, x y or
dot(x, y), are their dot product; a vector before a matrix lies down. `*` and `@` mean the same product. Where two
shapes do not fit, the product is refused, and both shapes are named: that is an answer, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

from symback.content import ByContent
from symback.errors import UsageError
from symback.expr.tree import Tree
from symback.graph.operations.calls import arrays as graph_arrays
from symback.products.arrays import Array, Entry, read_array
from symback.products.steps import Refused, Step, Words
from symback.products.working import Evaluator
from symback.result import Result
from symback.syntax import read_names
from symback.syntax.reading import declared, tree_in
from symback.syntax.source import Source, check_length

__all__ = ["Array", "Entry", "Product", "Products", "Step", "products"]


class Product(NamedTuple):
    """One expression: its steps in order and the result, or why it does not exist."""

    source: str
    tree: Tree
    steps: tuple[Step, ...] = ()
    result: Array | None = None
    refusal: Words = ()

    @property
    def refusal_text(self) -> str:
        """Why it does not exist, as a sentence."""
        written = import_module("symback.page.maths").text if self.refusal else str
        return "".join(part if isinstance(part, str) else written(part) for part in self.refusal)


@dataclass(frozen=True, eq=False, repr=False)
class Products(Result, ByContent):
    """Expressions of vectors and matrices, worked out; `values` are those that were given, by name."""

    kind: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Matrix"
    values: Mapping[str, Array]
    products: tuple[Product, ...]
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The expressions as they were typed."""
        return "; ".join(product.source for product in self.products)

    def verify(self) -> Any:
        """Work everything out a second way; see `symback.products.check`."""
        return import_module("symback.products.check").verify(self)  # NumPy comes with it

    def about(self) -> str:
        """Return the expressions."""
        return self.source


def products(values: Mapping[str, Any], expressions: str | Iterable[str], names: Iterable[str] = ()) -> Products:
    """Work out expressions of vectors and matrices, which are lists and lists of rows, exactly.

    Raises ParseError for what cannot be read, UsageError for what has no value or is not a product or sum, TooLarge.

    >>> found = products({"W": [[1, 2], [3, 4]], "x": [5, 6], "y": [1, 2, 3]}, ["W x", "x . x", "W y"])
    >>> [p.result.values for p in found.products[:2]]
    [[Fraction(17, 1), Fraction(39, 1)], Fraction(61, 1)]
    >>> found.products[2].refusal_text
    'W @ y does not exist: W is a 2x2 matrix, y is a vector of 3 entries; the first has 2 columns, the second 3 rows.'
    """
    arrays: dict[str, Array] = {}
    for given, value in values.items():
        (name, *others) = read_names(given)
        if others or name in arrays:
            raise UsageError(f"{given[:60]!r} is not one new name.", hint="Give each array a name of its own.")
        arrays[name] = read_array(name, value)
    texts = [expressions] if isinstance(expressions, str) else list(expressions)
    if not texts:
        raise UsageError("There is no expression.", hint="Write one, such as W X.")
    known = declared((*arrays, *names))
    read = [_read(text, known) for text in texts]
    made = tuple(_product(text, tree, arrays) for text, (tree, _) in zip(texts, read, strict=True))
    return Products(arrays, made, tuple(dict.fromkeys(note for _, notes in read for note in notes)))


ELEMENTWISE = "entry by entry"  # said of graphs, where W x without @ is another product than here
_DOT = re.compile(r"(?<=\s)\.(?=\s)")  # x . w


def _read(text: str, names: frozenset[str]) -> tuple[Tree, tuple[str, ...]]:
    check_length(text)
    source = Source(_DOT.sub("*", text), names, arrays=graph_arrays())
    return tree_in(source), tuple(note for note in source.notes if ELEMENTWISE not in note)


def _product(text: str, tree: Tree, arrays: Mapping[str, Array]) -> Product:
    worker = Evaluator(arrays)
    try:
        worked = worker.work(tree)
    except Refused as refused:
        return Product(text.strip(), tree, tuple(worker.steps), None, refused.words)
    return Product(text.strip(), worked.tree, tuple(worker.steps), worked.array)
