"""The pictures that problems ask for, each with what it shows in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from symback.calculus.partials import Partials
from symback.errors import UsageError
from symback.expr.tree import Tree, symbol, symbols_of, without_lets
from symback.page.solution import Picture
from symback.problems.exercise import unicode
from symback.verify import approximate

MOST_NODES = 12  # that are described one by one


def listed(words: list[str]) -> str:
    """Return words as a list: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


# --- graphs -----------------------------------------------------------------------------------------------------------


def graph_picture(thing: Any) -> Picture:
    """Return the picture of a graph, or of a backpropagation with its values and gradients."""
    graph = getattr(thing, "graph", thing)
    words = [f"A computation graph with {_inputs(graph)}.", *_nodes(graph)]
    if graph is not thing:
        words.append(" ".join(_said_of(thing)))
    return Picture("graph", thing, " ".join(word for word in words if word))


def _inputs(graph: Any) -> str:
    names = [unicode(symbol(name)) for name in graph.inputs]
    if len(names) > MOST_NODES:
        return f"{len(names)} inputs"
    return f"the input{'s' * (len(names) != 1)} {listed(names)}" if names else "no inputs"


def _nodes(graph: Any) -> Iterator[str]:
    trees: Mapping[str, Tree] = graph.trees
    if len(trees) > MOST_NODES:
        yield f"{len(trees)} nodes lead to {unicode(symbol(graph.last))}."
        return
    for name, tree in trees.items():
        sources = sorted(unicode(s) for s in symbols_of(tree))
        if sources:
            yield f"{listed(sources)} lead{'s' * (len(sources) == 1)} to {unicode(symbol(name))} = {unicode(tree)}."


def _said_of(b: Any) -> Iterator[str]:
    if not b.inputs or any(getattr(value, "shape", ()) for value in b.inputs.values()):
        yield f"Below the wires stand the gradients of {unicode(symbol(b.loss))}."
        return
    given = [f"{unicode(symbol(name))} = {_number(value)}" for name, value in b.inputs.items()]
    yield f"At {listed(given)} the value of {unicode(symbol(b.loss))} is {_number(b.forward[b.loss])};"
    found = [f"{_number(value)} by {unicode(symbol(name))}" for name, value in b.values.items()]
    yield f"its gradient is {listed(found)}."


def _number(value: Any) -> str:
    """Return a number in words that are read aloud; one that is kept as a fraction is a fraction there too."""
    return str(value) if isinstance(value, Fraction) else f"{float(value):.6g}"


# --- contours and losses ----------------------------------------------------------------------------------------------


def contour_picture(thing: Any) -> Picture:
    """Return the level lines of a function of two variables, with its gradient as an arrow where there is a point."""
    partials: Partials = getattr(thing, "gradient", thing)
    function = without_lets(partials.functions[0])
    others = symbols_of(function) - set(partials.variables) - {variable for variable, _ in partials.point}
    if len(partials.variables) != 2 or others:
        hint = "Leave the picture out, or choose a function of two variables."
        raise UsageError("A contour picture needs a function of two variables.", hint=hint)
    x, y = (unicode(v) for v in partials.variables)
    name = partials.names[0] if partials.names and partials.names[0] else ""
    called = unicode(symbol(name)) + " = " if name else ""
    point = _point(partials) if partials.values else ""
    return Picture("contour", thing, f"Level lines of {called}{unicode(function)} over {x} and {y}{point}.")


def _point(partials: Partials) -> str:
    values = dict(partials.point)
    if not all(variable in values for variable in partials.variables):
        return ""
    at = ", ".join(unicode(values[variable]) for variable in partials.variables)
    gradient = [approximate(d.last) for d in partials.values[0]]
    if partials.kind != "gradient" or None in gradient:
        return f", with the point ({at})"
    if not any(gradient):
        return f", with the point ({at}), where the gradient is zero"
    numbers = ", ".join(f"{g:.4g}" for g in gradient)
    return f", with an arrow at ({at}) along the gradient ({numbers}), at a right angle to the level line there"


def loss_picture(history: Any) -> Picture:
    """Return the curve of the losses of a training."""
    first, last = history.losses[0], history.losses[-1]
    moves = "falls" if last < first else "rises" if last > first else "stays"
    way = f"from {first:.4g} to {last:.4g}" if last != first else f"at {first:.4g}"
    epochs = f"{history.epochs} epoch{'s' * (history.epochs != 1)}"
    held = history.validation_losses
    more = f"; the validation loss, dashed, is {held[0]:.4g} and then {held[-1]:.4g}" if held else ""
    return Picture("loss", history, f"The loss {unicode(symbol(history.loss))} {moves} {way} in {epochs}{more}.")
