"""Sizes that are letters: the numbers that stand for them, the numbers that values give them, and their sums.

A letter is a `Dim`, an int whose value is a sample: whatever needs a number runs at the samples, and a letter equals
nothing but itself. A formula is tried at two rows of samples, `FIRST` and `SECOND`, in each of which all differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sympy.core.numbers import Integer
from sympy.core.symbol import Str

from symback.errors import ShapeError
from symback.expr.tree import ONE, Neg, Plus, Size, Times, Tree, sum_of
from symback.graph.nodes import Dim, Node, Shape, shape_text

FIRST = (3, 4, 5, 7, 6, 8, 9, 11)
SECOND = (5, 3, 6, 4, 9, 7, 12, 8)
_TERM = re.compile(r"([+-]?)\s*(\d*)\s*([^\s\d+-][^\s+-]*)?")


class Taken(NamedTuple):
    """The number that a letter stands for, and the array that says so."""

    size: int
    name: str


def samples(
    letters: Iterable[str], row: tuple[int, ...] = FIRST, least: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Return a number for each letter, all different: those of the row, in order, and greater ones after them.

    `least` says of a letter how many entries it must have, because the text takes that many.

    >>> samples(["m", "n"]), samples(["m", "n"], SECOND), samples(["m", "n"], least={"m": 20})
    ({'m': 3, 'n': 4}, {'m': 5, 'n': 3}, {'m': 20, 'n': 4})
    """
    found: dict[str, int] = {}
    shift = 4 if row is FIRST else 5
    for place, letter in enumerate(letters):
        sample = max(row[place] if place < len(row) else place + shift, (least or {}).get(letter, 0))
        while sample in found.values():
            sample += 1
        found[letter] = sample
    return found


# --- letters and numbers ---------------------------------------------------------------------------------------------


def letters_of(shapes: Iterable[Shape]) -> dict[str, Dim]:
    """Return the letters in shapes, in the order in which they come."""
    return {size.letter: size for shape in shapes for size in shape if isinstance(size, Dim)}


def letters_in(nodes: Iterable[Node]) -> dict[str, int]:
    """Return what the letters in the shapes of nodes stand for there; sums such as `m + n` too."""
    return {letter: int(size) for letter, size in letters_of(node.shape for node in nodes).items()}


def filled(shape: Shape, sizes: Mapping[str, int]) -> Shape:
    """Return a shape with the sizes that are known in place of its letters.

    >>> filled((Dim("m", 3), Dim("n", 4), 2), {"n": 9})
    (m, 9, 2)
    """
    return tuple(sizes.get(size.letter, size) if isinstance(size, Dim) else size for size in shape)


def take(taken: dict[str, Taken], name: str, declared: Shape, actual: Shape) -> bool:
    """Remember what the letters of a shape stand for, and tell whether the shape of a value fits the declared one.

    Raises ShapeError where a letter stands for another number already; both arrays are named.
    """
    if len(declared) != len(actual):
        return False
    for size, found in zip(declared, actual, strict=True):
        if not isinstance(size, Dim):
            if size != found:
                return False
            continue
        known = taken.setdefault(size.letter, Taken(found, name))
        if known.size != found:
            raise ShapeError(_two_sizes(size.letter, known, Taken(found, name), declared), hint=_ONE_SIZE)
    return True


_ONE_SIZE = "Give values in which each letter stands for one number."


def _two_sizes(letter: str, first: Taken, second: Taken, shape: Shape) -> str:
    if first.name == second.name:
        found = f"{letter} is {first.size} and {second.size} in its value"
        return f"{first.name} has the shape {shape_text(shape)}, but {found}."
    return f"{letter} is {first.size} in {first.name} and {second.size} in {second.name}."


# --- sums of sizes ---------------------------------------------------------------------------------------------------


def total(sizes: Iterable[int], less: Iterable[int] = ()) -> int:
    """Return the sum of sizes without those of `less`, a letter where one of them is: `m + n`, `2n`, `n - 1`.

    >>> m, n = Dim("m", 3), Dim("n", 4)
    >>> total([n, m]), total([n, n]), total([n], [1]), total([2, 3]), total([total([n, m])], [n])
    (m + n, 2n, n - 1, 5, m)
    """
    signed = [*((1, size) for size in sizes), *((-1, size) for size in less)]
    value = sum(sign * int(size) for sign, size in signed)
    counts: dict[str, int] = {}
    for sign, size in signed:
        for letter, count in _terms(size):
            counts[letter] = counts.get(letter, 0) + sign * count
    return Dim(_written(counts), value) if any(count for letter, count in counts.items() if letter) else value


def valued(letter: str, sizes: Mapping[str, int]) -> int | None:
    """Return what a letter, or a sum of letters such as `m + n`, stands for; None where one is not known.

    >>> valued("m + n", {"m": 3, "n": 4}), valued("n - 1", {"n": Dim("n", 4)}), valued("k", {})
    (7, n - 1, None)
    """
    if letter in sizes:
        return sizes[letter]
    terms = [(sizes.get(name) if name else 1, count) for name, count in _terms(Dim(letter, 0))]
    if any(size is None for size, _ in terms) or len(terms) == 1 and terms[0][1] == 1:
        return None
    known = [(size, count) for size, count in terms if size is not None]
    return total(
        [size for size, count in known for _ in range(count)], [size for size, count in known for _ in range(-count)]
    )


def size_tree(length: int) -> Tree:
    """Return a size as a tree: a number, a letter, or a sum of them.

    >>> size_tree(3), size_tree(Dim("n", 4)), size_tree(Dim("n - 1", 3))
    (3, Size(n), Plus(Size(n), Neg(1)))
    """
    terms = []
    for letter, count in _terms(length):
        factor: Tree = Size(Str(letter)) if letter else ONE
        term = factor if abs(count) == 1 else Times(Integer(abs(count)), factor) if letter else Integer(abs(count))
        terms.append(Neg(term) if count < 0 else term)
    return sum_of(terms)


def size_value(tree: Tree, letters: Mapping[str, int]) -> int | None:
    """Return the size that a tree says, with `letters` for its letters; None where it is not a size.

    >>> size_value(size_tree(Dim("2n - 1", 7)), {"n": Dim("n", 4)}), size_value(Integer(3), {})
    (2n - 1, 3)
    """
    counted: list[tuple[int, int]] = []  # sizes, each with how often it counts
    stack = [(tree, 1)]
    while stack:
        node, count = stack.pop()
        if isinstance(node, Plus):
            stack.extend((term, count) for term in reversed(node._args))
        elif isinstance(node, Neg):
            stack.append((node._args[0], -count))
        elif isinstance(node, Times) and isinstance(node._args[0], Integer) and len(node._args) == 2:
            stack.append((node._args[1], count * int(node._args[0])))
        elif isinstance(node, Size) and node.name in letters:
            counted.append((letters[node.name], count))
        elif isinstance(node, Integer):
            counted.append((int(node), count))
        else:
            return None
    if len(counted) == 1 and counted[0][1] == 1:
        return counted[0][0]
    return total([n for n, count in counted for _ in range(count)], [n for n, count in counted for _ in range(-count)])


def fits_in(end: int, size: int) -> bool:
    """Tell whether an entry may be counted along an axis: a letter only where it is one of the axis's own."""
    letters, own = ({letter for letter, _ in _terms(s) if letter} for s in (end, size))
    return letters <= own and int(end) <= int(size)


def _terms(size: int) -> Iterator[tuple[str, int]]:
    """Yield the letters of a size with how often each is in it; the number in it has no letter."""
    if not isinstance(size, Dim):
        yield "", size
        return
    for sign, count, letter in _TERM.findall(size.letter):
        if count or letter:
            yield letter, (-1 if sign == "-" else 1) * int(count or 1)


def _written(counts: Mapping[str, int]) -> str:
    text = ""
    for letter, count in sorted(counts.items(), key=lambda item: (not item[0], item[1] < 0, item[0])):
        if count:
            number = str(abs(count)) if abs(count) != 1 or not letter else ""
            sign = " - " if count < 0 else " + "
            text += (sign if text else sign.strip(" +")) + number + letter
    return text or "0"
