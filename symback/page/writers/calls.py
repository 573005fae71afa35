"""A worked thing as the call that works it again: for the cell of a notebook that uses the package itself.

Expressions are written by the package's own printer, and everything is quoted, so that the call means what the problem
meant and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from sympy.core.symbol import Symbol

from symback.errors import SymbackError
from symback.expr.tree import Diff, Tree, symbols_of, without_lets
from symback.graph.graph import Graph
from symback.page.maths import text
from symback.page.quantities import nested

LONGEST = 4000  # characters of a call


def call_of(thing: Any) -> str:
    """Return the call of `symback` that makes a thing; nothing for what cannot be written so.

    >>> import symback
    >>> call_of(symback.derive("3x^2 y", "x"))
    "symback.derive('3x^2y', ['x'])"
    """
    writer = _WRITERS.get(thing.kind)
    written = writer(thing) if writer else ""
    return written if len(written) <= LONGEST else ""


def _derivation(d: Any) -> str:
    if not all(isinstance(v, Symbol) for v in d.variables):
        return ""
    function = d.start
    for _ in d.variables:
        if not isinstance(function, Diff):
            return ""
        function = function._args[0]
    if not d.variables and isinstance(function, Diff):
        return ""
    name = "derive" if d.variables else "evaluate"
    wrt = [[v.name for v in d.variables]] if d.variables else []
    more = {"strategy": d.strategy} if d.variables and d.strategy != "textbook" else {}
    return _call(name, [_written(function)], wrt, d.point, more, [function, *d.variables])


_LAYOUTS = {"gradient": "denominator", "jacobian": "numerator"}  # which need not be said


def _partials(p: Any) -> str:
    functions = [_written(tree) for tree in p.functions]
    first = functions if p.kind == "jacobian" else functions[0]
    layout = p.layout if p.layout != _LAYOUTS.get(p.kind) else ""
    more = {"layout": layout} if layout else {}
    return _call(p.kind, [first], [[v.name for v in p.variables]], p.point, more, [*p.functions, *p.variables])


def _directional(d: Any) -> str:
    p = d.gradient
    wrt = [[v.name for v in p.variables], [_written(tree) for tree in d.direction]]
    return _call("directional", [_written(p.functions[0])], wrt, p.point, {}, [*p.functions, *p.variables])


def _backprop(b: Any) -> str:
    if not b.graph.text:
        return ""
    names = [] if _reads_alike(b.graph) else [sorted(b.graph.source.names)]
    graph = ", ".join(map(repr, (b.graph.text, *names)))
    known = {name: _value(value) for name, value in b.inputs.items()}
    exact = any(isinstance(value, Fraction) for value in b.inputs.values())
    chosen: dict[str, Any] = {"at": known} if known else {}
    chosen |= {"wrt": list(b.wrt)} | ({"lr": float(b.lr)} if b.lr is not None else {})
    chosen |= ({"layout": b.layout} if b.layout != "denominator" else {}) | ({"exact": True} if exact else {})
    return f"symback.Graph({graph}).backprop({', '.join([repr(b.loss), *_keywords(chosen)])})"


def _reads_alike(graph: Graph) -> bool:
    """Tell whether a graph's text alone says the same as with the names that were declared."""
    try:
        return Graph(graph.text).source.statements == graph.source.statements
    except SymbackError:
        return False


_WRITERS = {
    "derivation": _derivation,
    "differences": lambda d: _derivation(d.derivation),
    "gradient": _partials,
    "jacobian": _partials,
    "hessian": _partials,
    "directional": _directional,
    "backprop": _backprop,
}


def _call(
    name: str, first: Sequence[Any], wrt: Sequence[Any], point: Any, more: dict[str, Any], trees: Iterable[Tree]
) -> str:
    at = {symbol.name: _written(value) for symbol, value in point}
    names = sorted({s.name for tree in trees for s in symbols_of(tree) if len(s.name) > 1})
    keywords = ({"at": at} if at else {}) | more | ({"names": names} if names else {})
    return f"symback.{name}({', '.join([*map(repr, (*first, *wrt)), *_keywords(keywords)])})"


def _keywords(values: dict[str, Any]) -> Iterator[str]:
    return (f"{name}={value!r}" for name, value in values.items())


def _written(tree: Tree) -> str:
    return text(without_lets(tree))


def _value(value: Any) -> Any:
    """Return a number or nested lists as Python writes them; a fraction as a text."""
    value = nested(value)
    if isinstance(value, (list, tuple)):
        return [_value(v) for v in value]
    return str(value) if isinstance(value, Fraction) else value
