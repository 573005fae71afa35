"""Wrong variants of a formula: a sign, a transpose, a missing sum, a lost factor, m for n."""

from __future__ import annotations

from collections.abc import Iterator

from sympy.core.numbers import Integer
from sympy.core.symbol import Str

from symback.expr.tree import (
    Apply,
    Gradient,
    Inert,
    Neg,
    Path,
    Plus,
    Quotient,
    Size,
    Times,
    Tree,
    apply,
    at,
    number,
    put,
)


def places(tree: Tree, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(tree, Inert) and not isinstance(tree, (Size, Gradient)):
        for k, inner in enumerate(tree._args):
            if not isinstance(inner, Str):
                yield from places(inner, (*path, k))


def mutants(tree: Tree, sizes: list[str]) -> Iterator[tuple[str, Tree]]:
    """Yield what was changed, and the formula after that."""
    for path in places(tree):
        for name, new in _changed(at(tree, path), sizes):
            yield name, put(tree, path, new)


def _changed(node: Tree, sizes: list[str]) -> Iterator[tuple[str, Tree]]:
    if isinstance(node, Neg):
        yield "a sign lost", node._args[0]
    elif not isinstance(node, (Integer, Size)):
        yield "a sign", Neg(node)
    if isinstance(node, (Plus, Times)):
        for k in range(len(node._args)):
            rest = (*node._args[:k], *node._args[k + 1 :])
            yield "a term or a factor lost", type(node)(*rest) if len(rest) > 1 else rest[0]
    if isinstance(node, Quotient):
        yield "a divisor lost", node._args[0]
    if node == Integer(2):
        yield "a factor 2", number(1)
    if isinstance(node, Size):
        yield from (("m for n", Size(Str(other))) for other in sizes if other != node.name)
    if isinstance(node, Apply):
        yield from _changed_call(node)


def _changed_call(node: Apply) -> Iterator[tuple[str, Tree]]:
    arguments = node.arguments
    if node.name == "transpose":
        yield "a transpose lost", arguments[0]
    elif node.name in ("matmul", "outer"):
        yield "factors exchanged", apply(node.name, *arguments[::-1])
        for k in range(2):
            turned = [apply("transpose", a) if k == i else a for i, a in enumerate(arguments)]
            yield "a transpose", apply(node.name, *turned)
    elif node.name in ("sum", "mean"):
        yield "a missing sum", arguments[0]
        yield "mean for sum", apply("mean" if node.name == "sum" else "sum", *arguments)
        yield from (("the other axis", apply(node.name, arguments[0], number(1 - int(a)))) for a in arguments[1:])
    elif node.name in ("inv", "tanh", "cos", "sigmoid", "softmax", "norm"):
        yield "a function lost", arguments[0]
