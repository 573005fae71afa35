"""Which inputs a step of gradient descent changes: the parameters, but not the data of the loss.

A graph does not say which is which, so it is told by what people call them, and by the place of what a loss compares
with. `wrt` says it outright.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sympy.core.symbol import Symbol

from symback.expr.composites import COMPOSITES
from symback.expr.tree import Apply, walk
from symback.graph.graph import Graph

# what data are called, with any index, subscript or superscript: x, x1, x[2], x^(1), y_true, X_train
_LETTERS = ("x", "X", "y", "Y", "t", "T")
_WORDS = ("data", "input", "inputs", "feature", "features", "label", "labels", "target", "targets", "image", "images")
# what is given with the question and trained by nobody: how many, how small, how strong, and noise
_GIVEN = ("n", "N", "eps", "epsilon", "varepsilon", "ε", "lambda", "lamda", "λ")
DATA = frozenset((*_LETTERS, *_WORDS, *_GIVEN))
_HEAD = re.compile(r"[^\W\d_]+")
_LOSSES = frozenset(("mse", "bce", "cross_entropy"))  # the second argument is what is right


def trained(graph: Graph, wrt: Sequence[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the inputs that a step changes, and a note on those that were taken as data.

    With `wrt` these are the ones that it names. A graph in which everything is called like data has none: there it is
    the variables of a function that are changed.

    >>> trained(Graph("yhat = w x + b; L = (yhat - y)^2"), None)
    (('w', 'b'), ('x and y are taken as data, and not changed; wrt can say otherwise.',))
    >>> trained(Graph("L = (x - 3)^2 + y^2"), None)
    (('x', 'y'), ())
    """
    if wrt is not None:
        return tuple(name for name in wrt if name in graph.inputs), ()
    targets = _targets(graph)
    data = [name for name in graph.inputs if name in targets or _is_called_data(graph, name)]
    changed = tuple(name for name in graph.inputs if name not in data)
    if not data or not changed:
        return graph.inputs, ()
    names = f"{', '.join(data[:-1])} and {data[-1]} are" if len(data) > 1 else f"{data[0]} is"
    return changed, (f"{names} taken as data, and not changed; wrt can say otherwise.",)


def _targets(graph: Graph) -> set[str]:
    """Return the names that a loss compares with."""
    names = _LOSSES | {row.name for row in COMPOSITES.values() if row.is_loss}
    losses = [n for s in graph.statements for n in walk(s.tree) if isinstance(n, Apply) and n.name in names]
    return {n.arguments[1].name for n in losses if len(n.arguments) > 1 and isinstance(n.arguments[1], Symbol)}


def _is_called_data(graph: Graph, name: str) -> bool:
    """Tell whether a name is one of data, or of the state in which a loop begins, as h[0] is."""
    head = _HEAD.match(name)
    if head is not None and head[0] in DATA:
        return True
    base, bracket, _ = name.partition("[")
    return bool(bracket) and any(s.name.startswith(f"{base}[") for s in graph.statements)
