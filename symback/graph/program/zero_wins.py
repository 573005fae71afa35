"""0 times infinity in gradients: a factor of 0 wins, whether it is the incoming gradient or a local derivative.

The root of max(x, 0) is 0 for every x below 0, so its slope there is 0, though the root itself is infinitely steep at
0; and where nothing flows in, nothing flows out. Ordinary products say nan for both. `guarded` finds the products of a
gradient in which a factor may be infinite, and lets 0 win in them; all others stay what they are, so that a network
without poles costs what it did. nan is never hidden: it stays nan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from symback.graph.nodes import Node
from symback.graph.operations.table import TABLE

# --- which values may be infinite ------------------------------------------------------------------------------------


class Extent(NamedTuple):
    """What is known of all entries of a value, whatever finite values are given: sure, or False."""

    finite: bool = False
    at_least_0: bool = False
    not_0: bool = False

    @property
    def positive(self) -> bool:
        return self.at_least_0 and self.not_0


_ANYTHING = Extent()
_FINITE = Extent(finite=True)

# functions whose values lie between two bounds, for any argument; those without bounds beside them are >= 0
_BETWEEN = frozenset(("sin", "cos", "tanh", "erf", "sign", "arctan", "arccot", "sech", "softsign", "hardtanh"))
_BETWEEN_0_AND_1 = frozenset(("sigmoid", "softmax", "step", "one_hot", "eye"))
# what puts all entries elsewhere, or repeats or adds them
_REARRANGED = frozenset((
    "reshape", "flatten", "permute", "matrix_transpose", "expand", "squeeze", "array", "take", "flip", "broadcast_to",
    "sum_to", "cumsum",
))  # fmt: skip
# functions that grow without bound and have no pole: finite where the argument is
_WITHOUT_POLE = frozenset((
    "identity", "add", "subtract", "negate", "multiply", "times", "matmul", "product", "dot", "outer", "times_outer",
    "transpose", "sum", "mean", "norm2", "log_softmax", "logsumexp", "softmax_cross_entropy", "sigmoid_bce", "mse",
    "concat", "index", "trace", "broadcast", "reduce", "scatter", "slice", "hypot", "maximum", "minimum", "abs",
    "sqrt", "cbrt", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "arsinh", "call", "instead",
    "selu", "mish", "floor", "ceil", "round",
)) | _REARRANGED  # fmt: skip
_NUMBERS_OF_SIZES = ("ones", "zeros", "unit", "size")
# finite, where finite values are given
_TAME = _BETWEEN | _BETWEEN_0_AND_1 | _WITHOUT_POLE | {"input", "constant", *_NUMBERS_OF_SIZES}
_AT_LEAST_0 = frozenset(("exp", "abs", "sqrt", "norm2", "relu", "softplus", "cosh", "hypot", "mse"))
_SIGN_OF_PARTS = frozenset(
    ("identity", "sum", "mean", "transpose", "index", "broadcast", "reduce", "slice", "concat", "scatter", "sqrt",
     "instead", "times_outer", "outer", "dot", "matmul", "product", "trace")
) | _REARRANGED  # fmt: skip
_MAY_ADD_0 = frozenset(("scatter",))
_PRODUCTS = frozenset(("multiply", "times"))


def extent(node: Node, known: Sequence[Extent]) -> Extent:
    """Return what is sure about the values of a node, from what is known of the nodes before it."""
    parts = [known[i] for i in node.inputs]
    if node.op == "instead":
        parts = parts[:1]
    if node.op == "constant":
        value = 1 if node.value is None else node.value  # e, pi or infinity
        return Extent(node.params != ("inf",), value >= 0, value != 0)
    if node.op in _NUMBERS_OF_SIZES:
        return Extent(True, True, node.op in ("ones", "size"))
    if node.op in _SPECIAL:
        return _SPECIAL[node.op](node, parts)
    if node.op in _BETWEEN or node.op in _BETWEEN_0_AND_1:
        return Extent(True, node.op in _BETWEEN_0_AND_1)
    row = TABLE.get(node.op)
    if row is not None and node.op not in _WITHOUT_POLE:
        return Extent(row.is_finite and all(p.finite for p in parts), row.is_at_least_0)
    finite = node.op == "input" or (node.op in _WITHOUT_POLE and all(p.finite for p in parts))
    at_least_0 = node.op in _AT_LEAST_0 or (node.op in _SIGN_OF_PARTS and all(p.at_least_0 for p in parts))
    keeps = node.op in ("negate", "abs") or (node.op in _SIGN_OF_PARTS and at_least_0 and node.op not in _MAY_ADD_0)
    return Extent(finite, at_least_0, keeps and bool(parts) and all(p.not_0 for p in parts))


def _of_sum(node: Node, parts: Sequence[Extent]) -> Extent:
    at_least_0 = all(p.at_least_0 for p in parts)
    return Extent(all(p.finite for p in parts), at_least_0, at_least_0 and any(p.not_0 for p in parts))


def _of_product(node: Node, parts: Sequence[Extent]) -> Extent:
    is_square = node.inputs[0] == node.inputs[1]
    return Extent(
        all(p.finite for p in parts), is_square or all(p.at_least_0 for p in parts), all(p.not_0 for p in parts)
    )


def _of_quotient(node: Node, parts: Sequence[Extent]) -> Extent:
    above, below = parts
    finite = above.finite and below.finite and below.not_0
    return Extent(finite, above.at_least_0 and below.at_least_0, above.not_0 and below.finite)


def _of_greatest(node: Node, parts: Sequence[Extent]) -> Extent:
    return Extent(all(p.finite for p in parts), any(p.at_least_0 for p in parts), any(p.positive for p in parts))


def _of_least(node: Node, parts: Sequence[Extent]) -> Extent:
    """min(e^u, 1) is finite: one bounds it from above, 0 from below."""
    at_least_0 = all(p.at_least_0 for p in parts)
    finite = all(p.finite for p in parts) or (at_least_0 and any(p.finite for p in parts))
    return Extent(finite, at_least_0, at_least_0 and all(p.not_0 for p in parts))


_SPECIAL: dict[str, Callable[[Node, Sequence[Extent]], Extent]] = {
    "add": _of_sum,
    "multiply": _of_product,
    "times": _of_product,
    "divide": _of_quotient,
    "ratio": _of_quotient,
    "maximum": _of_greatest,
    "minimum": _of_least,
}


def _of_power(node: Node, nodes: Sequence[Node], parts: Sequence[Extent]) -> Extent:
    base, exponent = parts[0], nodes[node.inputs[1]].value
    if exponent is None:
        return Extent(False, base.at_least_0, base.positive)
    is_even = exponent.denominator == 1 and exponent % 2 == 0
    finite = base.finite and (exponent > 0 or base.not_0)
    return Extent(finite, is_even or base.at_least_0, base.not_0 and base.finite)


# --- the rule --------------------------------------------------------------------------------------------------------

# a product of gradients, and the one in which 0 wins
GUARDED = {"multiply": "times", "divide": "ratio", "matmul": "product", "dot": "product", "outer": "times_outer"}


def guarded(nodes: list[Node], first: int) -> None:
    """Let 0 win in the products from the node `first` on, wherever a factor may be infinite."""
    if all(_is_tame(node) or (node.op == "power" and _is_positive(nodes[node.inputs[1]])) for node in nodes):
        return
    known: list[Extent] = []
    for node in nodes:
        if node.op == "power":
            found = _of_power(node, nodes, [known[i] for i in node.inputs])
        else:
            if node.id >= first and node.op in GUARDED and _is_open(node, [known[i] for i in node.inputs]):
                node = nodes[node.id] = replace(node, op=GUARDED[node.op])
            found = extent(node, known)
        known.append(found)


def _is_tame(node: Node) -> bool:
    return (node.op in _TAME and node.params != ("inf",)) or node.op in TABLE and TABLE[node.op].is_finite


def _is_positive(node: Node) -> bool:
    return node.value is not None and node.value > 0


def _is_open(node: Node, parts: Sequence[Extent]) -> bool:
    """Tell whether 0 may meet infinity in a product or quotient."""
    a, b = parts
    if node.op == "divide":
        return not a.not_0 and not b.not_0
    return not (a.finite or b.not_0) or not (b.finite or a.not_0)
