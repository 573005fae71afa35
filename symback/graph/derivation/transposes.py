"""Transposes of formulas as they are printed."""

from __future__ import annotations

from symback.expr.tree import Apply, Neg, Plus, Tree, apply, number_value


def transposed(tree: Tree) -> Tree:
    """Return the transpose of a formula: (A @ b).T is b.T @ A.T, outer(a, b).T is outer(b, a).

    >>> from symback.expr.tree import symbol
    >>> transposed(apply("matmul", symbol("A"), symbol("b")))
    Apply(matmul, Apply(transpose, b), Apply(transpose, A))
    """
    if isinstance(tree, Apply) and tree.name == "transpose":
        return tree.arguments[0]
    if isinstance(tree, Apply) and tree.name in ("matmul", "outer"):
        first, second = tree.arguments
        is_product = tree.name == "matmul"
        return apply(tree.name, *((transposed(second), transposed(first)) if is_product else (second, first)))
    if isinstance(tree, Plus) and not any(number_value(term) is not None for term in tree._args):
        return Plus(*map(transposed, tree._args))
    if isinstance(tree, Neg):
        return Neg(transposed(tree._args[0]))
    return apply("transpose", tree)
