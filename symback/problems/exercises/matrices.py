"""Problems about products and sums of vectors and matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from symback.errors import UsageError
from symback.expr.tree import Tree
from symback.page.solution import Formula, Part
from symback.problems import wording_of_arrays
from symback.problems.answers import given
from symback.problems.answers.rights import REFUSED, Answers, Right, Rights
from symback.problems.exercise import Exercise
from symback.products import Product, products
from symback.products.arrays import Array

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem


class Matrices(Exercise):
    """Expressions of arrays, worked out entry by entry; one whose shapes do not fit is refused, which is an answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        values = self.asked.get("values")
        if not isinstance(values, Mapping) or not values:
            hint = "Write values = {W = [[1, 2], [3, 4]], x = [1, -1]}."
            raise UsageError("values must be a table of names and arrays.", hint=hint)
        self.values: Mapping[str, Any] = values
        self.expressions = given.texts(self.asked.get("expr"), "expr")
        self.found = products(self.values, self.expressions, problem.symbols)

    def question(self) -> Iterator[Part]:
        several = len(self.expressions) > 1
        yield ("Work out each of these, or say why it does not exist:" if several else "Work this out:",)
        yield from self.data()

    def data(self) -> Iterator[Part]:
        yield from (Formula(product.tree) for product in self.found.products)
        yield ("The values are:",)
        yield wording_of_arrays.arrays(self.values)

    def things(self) -> Iterator[Any]:
        yield self.found

    def answers(self, things: Sequence[Any]) -> Answers:
        found: Sequence[Product] = things[0].products
        rights: dict[str, Rights] = {product.source: _right(product) for product in found}
        keys = tuple(product.source for product in found)
        is_list = not isinstance(self.asked.get("expr"), str)
        return Answers(rights, keys[0] if len(found) == 1 else "", keys if is_list else (), key=_spaced)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _right(product: Product) -> Rights:
    if product.result is None:
        return Right(REFUSED)
    return _entries(product.result)


def _entries(array: Array) -> Rights:
    trees: list[Tree] = [entry.tree for entry in array.entries]
    if len(array.shape) == 2:
        wide = array.shape[1]
        return [[Right(tree) for tree in trees[i : i + wide]] for i in range(0, len(trees), wide)]
    return [Right(tree) for tree in trees] if array.shape else Right(trees[0])
