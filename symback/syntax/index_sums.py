r"""Sums over an index, in texts about arrays: `Σ_i x_i y_i`, `sum_i (x_i - m)^2`, `\sum_{i=1}^{n} x_i`.

A name with the index, x_i, is an entry of the vector x; the sum of such entries is `sum` of the formula in the vectors
themselves. The sum reaches as far as a product does: `Σ_i x_i + b` adds b once. Its ends are those of the vectors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sympy.core.symbol import Symbol

from symback.expr.tree import Inert, Tree, apply, fold, symbol, symbols_of

if TYPE_CHECKING:
    from symback.syntax.source import Source
    from symback.syntax.tokens import Lexer

KIND = "sum over"
_BELOW = re.compile(r"_\s*(?:([A-Za-z])(?![A-Za-z0-9])|\{\s*([A-Za-z])\s*(?:=[^{}]*)?\})")
_SEVERAL = re.compile(r"_\s*\{\s*[A-Za-z](?:\s*,\s*[A-Za-z])+\s*\}")
_ABOVE = re.compile(r"\s*\^\s*(?:[A-Za-z0-9]|\{[^{}]*\})")
_SIGNS = ("Σ", "∑", "\\sum", "sum")


def read_sum(lexer: Lexer, at: int) -> int:
    """Read the sign of a sum with its index and its ends; return where they end, 0 where there is no such sum."""
    if lexer.source.arrays is None:
        return 0
    sign = next((s for s in _SIGNS if lexer.text.startswith(s, at, lexer.stop)), "")
    below = _BELOW.match(lexer.text, at + len(sign), lexer.stop) if sign else None
    several = _SEVERAL.match(lexer.text, at + len(sign), lexer.stop) if sign else None
    if several is not None:
        hint = "Write sum(W) for the sum of all entries of W, or sums of products with @."
        raise lexer.source.error("A sum is over one index here.", at, several.end(), hint=hint)
    if below is None or lexer.text[at : below.end()] in lexer.source.names:
        return 0
    end = below.end()
    above = _ABOVE.match(lexer.text, end, lexer.stop) if "=" in below[0] else None
    lexer.emit(KIND, below[1] or below[2], at, above.end() if above else end)
    return above.end() if above else end


def summed(source: Source, index: str, body: Tree, at: int, end: int) -> Tree:
    """Return the sum of a formula over the entries of the vectors whose names have the index."""
    arrays = source.arrays
    names = {s: s.name.removesuffix(f"_{index}") for s in symbols_of(body) if s.name.endswith(f"_{index}")}
    vectors = {s: symbol(name) for s, name in names.items() if arrays is not None and arrays.axes(name) == 1}
    missing = next((s.name for s in names if s not in vectors), "")
    if missing:
        hint = (
            f"Give it a shape, {missing.removesuffix(f'_{index}')}: n, or write sums of matrices with @ and sum(X, 0)."
        )
        raise source.error(f"{missing} is not an entry of a vector.", at, end, hint=hint)
    if not vectors or symbol(index) in symbols_of(body):
        hint = (
            f"Write sum(x) for all entries of a vector or matrix x, or entries x_{index} of a vector; "
            "a loop with += adds terms of other kinds."
        )
        raise source.error(f"This sum over {index} has no entries of vectors.", at, end, hint=hint)

    def combine(node: Any, inner: list[Any]) -> Any:
        if isinstance(node, Symbol):
            return vectors.get(node, node)
        return node if not isinstance(node, Inert) or not inner else type(node)(*inner)

    return apply("sum", fold(body, combine))
