"""What only a graph's names can tell: letters that are sizes, I_n the identity, and powers that are those of matrices.

A power of a square matrix beside @, and any power directly in trace, logdet or inv, is the power of the matrix; a note
says so. Everywhere else it is taken entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sympy.core.numbers import Integer
from sympy.core.symbol import Str, Symbol

from symback.expr.tree import Apply, Inert, Neg, Plus, Power, Size, Times, Tree, apply, fold, number_value, symbols_of
from symback.graph.nodes import Shape

IDENTITY = "I"
LARGEST_POWER = 8
_OF_MATRICES = ("trace", "logdet", "inv")  # of their own argument
_WORDS = {"matmul": "it is next to @"}


@dataclass(frozen=True)
class Meaning:
    """What the names of a graph mean: all of them, the letters that are sizes, the shapes that are known."""

    names: frozenset[str]
    sizes: frozenset[str]
    shapes: Mapping[str, Shape]
    about_matrices: bool = False  # so that I_3 is more likely an identity matrix than a current

    def of(self, tree: Tree, note: Callable[[str], None]) -> Tree:
        """Return a tree with sizes, identity matrices and powers of matrices; `note` takes what is to be said."""
        found = {s.name for s in symbols_of(tree)}
        named = {name: meant for name in found if (meant := self._named(name, note)) is not None}
        if named:
            tree = fold(
                tree, lambda node, inner: named.get(node.name) if _is_named(node, named) else _again(node, inner)
            )
        return self._powers(tree, note)

    def _named(self, name: str, note: Callable[[str], None]) -> Tree | None:
        """Return what a name stands for that is none of a node: a size, or an identity matrix."""
        if name in self.sizes:
            return Size(Str(name))
        if name[:1] != IDENTITY or IDENTITY in self.names or name in self.names or "[" in name:
            return None
        rows = name[1:].removeprefix("_")
        if rows in self.sizes and name != IDENTITY + rows:
            return apply("eye", Size(Str(rows)))
        if rows.isdigit() and int(rows) > 1 and self.about_matrices:
            note(f"I_{rows} is read as the identity matrix of {rows} rows; give I{rows} a shape for another meaning.")
            return apply("eye", Integer(int(rows)))
        return None

    # --- powers -------------------------------------------------------------------------------------------------------

    def _powers(self, tree: Tree, note: Callable[[str], None]) -> Tree:
        def combine(node: Any, inner: list[Any]) -> Any:
            if isinstance(node, Apply) and node.name in _OF_MATRICES:
                is_matrix = self._is_square if not isinstance(inner[1], Power) else self._may_be_square
                return apply(node.name, _as_matrix(inner[1], node.name, is_matrix, note))
            if isinstance(node, Apply) and node.name == "matmul":
                return apply("matmul", *(_as_matrix(part, node.name, self._is_square, note) for part in inner[1:]))
            return _again(node, inner)

        result = fold(tree, combine) if _has_powers_of_matrices(tree) else tree
        fold(result, lambda node, inner: self._note_reciprocal(node, note))
        return result

    def _is_square(self, base: Tree) -> bool:
        shape = self.shapes.get(base.name, ()) if isinstance(base, Symbol) else ()
        return len(shape) == 2 and shape[0] == shape[1]

    def _may_be_square(self, base: Tree) -> bool:
        return self._is_square(base) or not (isinstance(base, Symbol) and base.name in self.shapes)

    def _note_reciprocal(self, node: Any, note: Callable[[str], None]) -> None:
        if isinstance(node, Power) and isinstance(node._args[0], Symbol) and number_value(node._args[1]) == -1:
            name = node._args[0].name
            if len(self.shapes.get(name, ())) > 1:
                note(f"{name}^(-1) is read as 1/{name} entry by entry; write inv({name}) for the inverse.")


def _as_matrix(tree: Tree, where: str, is_square: Callable[[Tree], bool], note: Callable[[str], None]) -> Tree:
    """Return the operand of a matrix product, or the argument of trace, with its powers as those of matrices."""
    if isinstance(tree, (Plus, Neg, Times)) or isinstance(tree, Apply) and tree.name == "transpose":
        parts = [_as_matrix(part, where, is_square, note) if not isinstance(part, Str) else part for part in tree._args]
        return _again(tree, parts)
    if not isinstance(tree, Power) or not is_square(tree._args[0]):
        return tree
    base, exponent = tree._args
    value = number_value(exponent)
    if value is None or value.denominator != 1 or not 1 <= abs(value) <= LARGEST_POWER or value == 1:
        return tree
    factor = apply("inv", base) if value < 0 else base
    result = factor
    for _ in range(abs(int(value)) - 1):
        result = apply("matmul", result, factor)
    note(_remark(base, int(value), _WORDS.get(where, f"it is in {where}(...)")))
    return result


def _remark(base: Tree, exponent: int, why: str) -> str:
    name = base.name if isinstance(base, Symbol) else "(...)"
    if exponent < 0:
        meant = f"the inverse of the matrix, inv({name})" if exponent == -1 else "a power of the inverse of the matrix"
        return f"{name}^({exponent}) is read as {meant}, because {why}; write 1/{name} for the entries."
    product = " @ ".join([name] * exponent) if exponent < 4 else "@ again and again"
    return f"{name}^{exponent} is read as {product}, because {why}; write {name} * {name} for the entries."


def _has_powers_of_matrices(tree: Tree) -> bool:
    def combine(node: Any, inner: list[Any]) -> bool:
        return any(inner) or isinstance(node, Apply) and node.name in ("matmul", *_OF_MATRICES)

    return bool(fold(tree, combine))


def _is_named(node: Any, named: Mapping[str, Tree]) -> bool:
    return isinstance(node, Symbol) and node.name in named


def _again(node: Any, inner: list[Any]) -> Any:
    if not isinstance(node, Inert) or not inner:
        return node
    return node if all(a is b for a, b in zip(node._args, inner, strict=True)) else type(node)(*inner)
