"""Products and sums computed operation by operation, each entry of a small result with its sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.errors import DomainError, TooLarge, UsageError
from symback.expr.tree import (
    TWO,
    Apply,
    Inert,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    is_decimal,
    number,
    number_value,
    product_of,
    sum_of,
    symbol,
)
from symback.products.arrays import NOTHING, Array, Entry, scalar
from symback.products.steps import Refused, Step, Worked, counted, misfit

MOST_SUMS = 16  # entries of a result whose sums are written out
LONGEST_SUM = 16  # terms of a sum that is written out
MOST_MULTIPLICATIONS = 1_000_000
HIGHEST_POWER = 10
HIGHEST_NUMBER_POWER = 100


Sums = Callable[[], Iterable[Tree]]  # the sum that each entry is; asked for where they are few


class Evaluator:
    """Works one expression out; `steps` are the operations so far."""

    def __init__(self, values: Mapping[str, Array]) -> None:
        self.values = {symbol(name): array for name, array in values.items()}
        self.steps: list[Step] = []
        self.multiplications = 0

    def work(self, tree: Tree) -> Worked:
        """Return what a tree is worth; Refused where shapes do not fit, UsageError for what is not worked out here."""
        worked: Worked = fold(tree, self._combine)
        return worked

    def _combine(self, node: Basic, inner: list[Any]) -> Any:
        if isinstance(node, Symbol):
            if node not in self.values:
                known = ", ".join(s.name for s in self.values) or "none"
                raise UsageError(f"{node.name} has no value.", hint=f"There are values for {known}.")
            return Worked(node, self.values[node])
        value = number_value(node)
        if value is not None:
            return Worked(node, scalar(Entry(value, is_decimal(node))))
        if isinstance(node, Apply):
            return self._applied(node, inner[1:])
        if type(node) in _OPERATIONS:
            return _OPERATIONS[type(node)](self, node, inner)
        if isinstance(node, Inert) or node.is_Number is not True and not hasattr(node, "name"):
            raise UsageError("Only products, sums and transposes of numbers and arrays are worked out.", hint=HINT)
        return node  # the inside of a decimal, the name of a function

    def _step(self, tree: Tree, operands: Iterable[Worked], result: Array, sums: Sums) -> Worked:
        """Remember an operation on arrays, with its sums where they are few."""
        arrays = tuple(operand.array for operand in operands)
        if any(array.shape for array in arrays):
            written = tuple(sums()) if len(result.entries) <= MOST_SUMS else ()
            kept = written if all(len(getattr(s, "_args", ())) <= LONGEST_SUM for s in written) else ()
            self.steps.append(Step(tree, arrays, result, kept))
        return Worked(tree, result)

    # --- products ---------------------------------------------------------------------------------------------------

    def multiply(self, left: Worked, right: Worked) -> Worked:
        """Return the product of two parts: a multiple, a dot product, or rows times columns."""
        if left.is_number or right.is_number:
            return self._multiple(left, right)
        if left.is_vector and right.is_vector and not left.array.is_row and not right.array.is_row:
            return self._dot(left, right)
        return self.rows_times_columns(left, right)

    def _multiple(self, left: Worked, right: Worked) -> Worked:
        tree = product_of([*_factors(left.tree), *_factors(right.tree)])
        number_part, other = (left, right) if left.is_number else (right, left)
        factor = number_part.array.entries[0]
        result = other.array.map(factor.times)
        entries = other.array.entries
        return self._step(tree, (left, right), result, lambda: (Times(factor.tree, e.tree) for e in entries))

    def _dot(self, left: Worked, right: Worked) -> Worked:
        a, b = left.array, right.array
        tree = apply("dot", left.tree, right.tree)
        if a.shape != b.shape:
            raise misfit(tree, left, right, "a dot product needs as many entries on both sides")
        self._count(len(a.entries))
        pairs = list(zip(a.entries, b.entries, strict=True))
        return self._step(tree, (left, right), scalar(_total(pairs)), lambda: [_written(pairs)])

    def rows_times_columns(self, left: Worked, right: Worked) -> Worked:
        """Return a product with a matrix, or of a row and a column."""
        a, b = left.array, right.array
        if left.is_vector and not a.is_row and len(b.rows) == a.shape[0] and len(b.shape) == 2:
            a = a._replace(is_row=True)  # a vector before a matrix lies down
        rows, columns = a.rows, tuple(zip(*b.rows, strict=True))
        tree = apply("matmul", left.tree, right.tree)
        if len(rows[0]) != len(b.rows):
            count, what = (len(a.rows), "entry") if len(a.shape) == 1 and not a.is_row else (len(rows[0]), "column")
            reason = f"the first has {counted(count, what)}, the second {counted(len(b.rows), 'row')}"
            raise misfit(tree, left, right, reason)
        self._count(len(rows) * len(columns) * len(b.rows))
        cells = [list(zip(row, column, strict=True)) for row in rows for column in columns]
        entries = tuple(map(_total, cells))
        result = _shaped(entries, (len(rows), len(columns)), a, b)
        return self._step(tree, (left, right), result, lambda: map(_written, cells))

    def _count(self, multiplications: int) -> None:
        self.multiplications += multiplications
        if self.multiplications > MOST_MULTIPLICATIONS:
            message = f"This takes more than {MOST_MULTIPLICATIONS:,} multiplications."
            raise TooLarge(message, hint="Give smaller matrices.")

    # --- other operations -------------------------------------------------------------------------------------------

    def add(self, node: Tree, terms: Sequence[Worked]) -> Worked:
        """Return a sum; a term with a minus is subtracted."""
        first = terms[0]
        for term in terms[1:]:
            if (term.array.shape, term.array.is_row) != (first.array.shape, first.array.is_row):
                whole = sum_of([first.tree, term.tree])
                raise misfit(whole, first, term, "a sum needs two of one shape")
        result = Array(first.array.shape, tuple(reduce(Entry.plus, c) for c in _columns(terms)), first.array.is_row)
        minus = [isinstance(term, Neg) for term in node._args]

        def sums() -> Iterable[Tree]:
            for column in _columns(terms):
                yield sum_of([Neg(_negative(e).tree) if m else e.tree for e, m in zip(column, minus, strict=True)])

        return self._step(sum_of([term.tree for term in terms]), terms, result, sums)

    def divide(self, above: Worked, below: Worked) -> Worked:
        """Return a part divided by a number."""
        tree = Quotient(above.tree, below.tree)
        if not below.is_number:
            raise Refused(tree, f" does not exist: nothing is divided by a {below.array.words}.")
        divisor = below.array.entries[0]
        if not divisor.value:
            raise DomainError("A divisor is 0.", hint="Divide by another number.")
        result = above.array.map(lambda e: Entry(e.value / divisor.value, e.decimal or divisor.decimal))
        entries = above.array.entries
        return self._step(tree, (above, below), result, lambda: (Quotient(e.tree, divisor.tree) for e in entries))

    def raise_to(self, base: Worked, exponent: Worked) -> Worked:
        """Return a power of a number, or of a square matrix."""
        tree = Power(base.tree, exponent.tree)
        power = exponent.array.entries[0].value if exponent.is_number else None
        if power is None or power.denominator != 1:
            raise UsageError("An exponent is not a whole number.", hint=HINT)
        if base.is_number:
            return Worked(tree, scalar(_power(base, int(power))))
        shape = base.array.shape
        if len(shape) != 2 or shape[0] != shape[1]:
            is_what = f" is a {base.array.words}, and only square matrices have powers."
            raise Refused(tree, " does not exist: ", base.tree, is_what)
        if not 1 <= power <= HIGHEST_POWER:
            message = f"A power of a matrix has an exponent from 1 to {HIGHEST_POWER}."
            raise UsageError(message, hint="Write a smaller one.")
        found = base
        for k in range(2, int(power) + 1):
            worked = self.rows_times_columns(found, base)
            found = worked._replace(tree=Power(base.tree, number(k)))
            self.steps[-1] = self.steps[-1]._replace(tree=found.tree)
        return found

    def _applied(self, node: Apply, arguments: list[Worked]) -> Worked:
        function = _FUNCTIONS.get(node.name)
        if function is None:
            raise UsageError(f"{node.name} is not worked out here.", hint=HINT)
        return function(self, node, arguments)

    def transpose(self, node: Tree, arguments: list[Worked]) -> Worked:
        """Return a part with rows and columns exchanged; of a matrix that is a step of its own."""
        (part,) = arguments
        turned = part.array.transposed()
        if len(turned.shape) == 2:
            return self._step(apply("transpose", part.tree), (part,), turned, tuple)
        return Worked(apply("transpose", part.tree), turned)

    def total(self, node: Apply, arguments: list[Worked]) -> Worked:
        """Return one number made of many: the sum of all entries, of those on the diagonal, or of all squares."""
        part, *others = arguments
        if others:
            raise UsageError("A sum along an axis is not worked out here.", hint=HINT)
        entries = part.array.entries
        if node.name == "trace":
            if len(part.array.shape) != 2 or part.array.shape[0] != part.array.shape[1]:
                raise Refused(node, " does not exist: ", part.tree, f" is a {part.array.words} and not square.")
            entries = entries[:: part.array.shape[1] + 1]
        is_square = node.name == "norm2"
        value = reduce(Entry.plus, [e.times(e) if is_square else e for e in entries], NOTHING)
        written = [Power(e.tree, TWO) if is_square else e.tree for e in entries]
        return self._step(apply(node.name, part.tree), (part,), scalar(value), lambda: [sum_of(written)])


HINT = "Write products such as W X, W @ X, dot(x, w), 2W, X^T; sums and differences."


# --- entries ----------------------------------------------------------------------------------------------------------


def _total(pairs: Sequence[tuple[Entry, Entry]]) -> Entry:
    return reduce(Entry.plus, [a.times(b) for a, b in pairs])


def _written(pairs: Sequence[tuple[Entry, Entry]]) -> Tree:
    return sum_of([Times(a.tree, b.tree) for a, b in pairs])


def _negative(entry: Entry) -> Entry:
    return Entry(-entry.value, entry.decimal)


def _columns(terms: Sequence[Worked]) -> Iterable[tuple[Entry, ...]]:
    return zip(*[term.array.entries for term in terms], strict=True)


def _power(base: Worked, power: int) -> Entry:
    entry = base.array.entries[0]
    if abs(power) > HIGHEST_NUMBER_POWER or (power < 0 and not entry.value):
        raise DomainError("A power is too large, or has no value.", hint="Write the number itself.")
    return Entry(entry.value**power, entry.decimal)


def _shaped(entries: tuple[Entry, ...], shape: tuple[int, int], a: Array, b: Array) -> Array:
    """Return a product with its shape: of a row with a column it is a number, with a vector at one end a vector."""
    lies, stands = len(a.shape) == 1 and shape[0] == 1, len(b.shape) == 1 and shape[1] == 1
    if lies and stands:
        return Array((), entries)
    if lies or stands:
        return Array((len(entries),), entries, lies)
    return Array(shape, entries)


def _factors(tree: Tree) -> tuple[Tree, ...]:
    return tree._args if isinstance(tree, Times) else (tree,)


_Operation = Callable[[Evaluator, Any, list[Any]], Worked]
_OPERATIONS: dict[type, _Operation] = {
    Times: lambda worker, node, inner: reduce(worker.multiply, inner),
    Plus: lambda worker, node, inner: worker.add(node, inner),
    Neg: lambda worker, node, inner: Worked(Neg(inner[0].tree), inner[0].array.map(_negative)),
    Quotient: lambda worker, node, inner: worker.divide(*inner),
    Power: lambda worker, node, inner: worker.raise_to(*inner),
}
_FUNCTIONS: dict[str, _Operation] = {
    "matmul": lambda worker, node, inner: worker.rows_times_columns(*inner),
    "dot": lambda worker, node, inner: worker.multiply(*inner),
    "outer": lambda worker, node, inner: worker.rows_times_columns(inner[0], worker.transpose(node, inner[1:])),
    "transpose": lambda worker, node, inner: worker.transpose(node, inner),
    "sum": lambda worker, node, inner: worker.total(node, inner),
    "trace": lambda worker, node, inner: worker.total(node, inner),
    "norm2": lambda worker, node, inner: worker.total(node, inner),
}
