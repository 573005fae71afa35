"""Which arrays hold probabilities: labels y in -sum(y ln p) of a softmax p, whose entries are taken to sum to 1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sympy.core.symbol import Symbol

from symback.expr.numeric import np
from symback.expr.tree import Apply, Quotient, Times, Tree, walk
from symback.graph.derivation.shapes import arguments, is_call
from symback.graph.nodes import Shape
from symback.graph.program.formula_shapes import is_along_the_last

TOLERANCE = 1e-9


# what labels are called, with any index or subscript: an array of another name may hold anything
_CALLED = re.compile(r"(y|Y|t|T|q|Q|target|targets|label|labels|true)(?![A-Za-z])")


def labels_of(trees: Mapping[str, Tree], inputs: Iterable[str], shapes: Mapping[str, Shape]) -> list[str]:
    """Return the inputs that weight the logarithms of a softmax, as the labels of a cross-entropy do.

    The second argument of cross_entropy is one whatever it is called; in a loss that is written out, -sum(y ln p), what
    is called like labels is.
    """
    wanted = {name for name in inputs if shapes.get(name)}
    found = {
        factor.name: None
        for tree in trees.values()
        for one in walk(tree)
        for factor in map(_whole, _weights(one, trees, shapes))
        if isinstance(factor, Symbol) and factor.name in wanted
        if is_call(one, "cross_entropy") or _CALLED.match(factor.name)
    }
    return list(found)


def _whole(factor: Tree) -> Tree:
    """Return the array that a row is of: y for y[2]."""
    return arguments(factor)[0] if is_call(factor, "index") else factor


def _weights(node: Any, trees: Mapping[str, Tree], shapes: Mapping[str, Shape]) -> Iterator[Tree]:
    """Yield what weights the logarithm of a softmax in a product, a dot product or a cross-entropy."""
    if is_call(node, "cross_entropy") and _is_softmax(arguments(node)[0], trees, shapes):
        yield arguments(node)[1]
    factors = node._args if isinstance(node, Times) else arguments(node) if is_call(node, "matmul", "dot") else ()
    logarithms = [f for f in factors if _is_logarithm(f, trees, shapes)]
    if len(logarithms) == 1:
        yield from (f for f in factors if f is not logarithms[0])


def _is_logarithm(tree: Tree, trees: Mapping[str, Tree], shapes: Mapping[str, Shape]) -> bool:
    if isinstance(tree, Symbol) and tree.name in trees and not isinstance(trees[tree.name], Symbol):
        tree = trees[tree.name]
    if isinstance(tree, Apply) and tree.name == "log_softmax":
        return is_along_the_last(tree, shapes)
    return is_call(tree, "ln", "log") and _is_softmax(arguments(tree)[0], trees, shapes)


def _is_softmax(tree: Tree, trees: Mapping[str, Tree], shapes: Mapping[str, Shape]) -> bool:
    if isinstance(tree, Symbol) and tree.name in trees:
        tree = trees[tree.name]
    if isinstance(tree, Apply) and tree.name == "softmax":
        return is_along_the_last(tree, shapes)
    return isinstance(tree, Quotient)  # c/Z: whether Z is the sum of c is looked at later


def sum_to_one(name: str, values: Mapping[str, Any]) -> bool:
    """Tell whether the entries of a value, or of each of its rows, sum to 1."""
    if name not in values:
        return True
    sums = np.sum(np.asarray(values[name], dtype=float), axis=-1)
    return bool(np.allclose(sums, 1, rtol=0, atol=TOLERANCE))
