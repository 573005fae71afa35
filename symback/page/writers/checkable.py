"""What answers claim, so that numbers can check it: these functions, differentiated so, are those formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sympy.core.symbol import Symbol

from symback.calculus.partials import Partials
from symback.compile.notes import harmless
from symback.expr.rule import Derivation
from symback.expr.tree import Diff, Tree, symbols_of, without_lets
from symback.graph.graph import Graph
from symback.page.evaluated import graph_of
from symback.page.quantities import is_array
from symback.verify import approximate

MOST = 12  # answers checked in one cell
MOST_PASSES = 3  # how often something may be differentiated, for differences to be of use

Values = tuple[float, ...]


class Claim(NamedTuple):
    """That a function, differentiated by some of its arguments one after the other, is an answer."""

    name: str
    function: int  # which of the functions
    by: tuple[int, ...]
    answer: Tree | float


class Claims(NamedTuple):
    """What answers say: the functions, as the nodes of graphs with one order of inputs, and the point if there is one.

    A number is an answer at the point alone.
    """

    functions: tuple[tuple[Graph, str], ...]
    arguments: tuple[str, ...]
    claims: tuple[Claim, ...]
    point: Values | None = None


# --- what is claimed ----------------------------------------------------------------------------------------------


def claims_of(things: Sequence[Any]) -> Claims | None:
    """Return what things claim; None where there is nothing that numbers can check.

    SymbackError where a function is not one of numbers.
    """
    if len(things) == 1 and things[0].kind == "backprop":
        return _claims_of_graph(things[0])
    things = [thing for thing in things if _derivations(thing)]
    derivations = [d for thing in things for d in _derivations(thing)]
    known = [(d, _function_of(d)) for d in derivations if _can_be_checked(d)]
    if not known or len(known) > MOST:
        return None
    functions = tuple(dict.fromkeys(function for _, function in known))
    trees = [*functions, *(d.last for d, _ in known)]
    names = tuple(dict.fromkeys(s.name for tree in trees for s in sorted(symbols_of(tree), key=lambda s: s.name)))
    found = [_claim(d, functions.index(f), len(functions) > 1, names) for d, f in known]
    claims = tuple(claim for claim in found if claim is not None)
    graphs = tuple((graph_of(f, names), "") for f in functions)
    return Claims(graphs, names, claims, _point(things, names)) if len(claims) == len(found) else None


def _claims_of_graph(thing: Any) -> Claims | None:
    """Return what a backward pass with numbers claims."""
    graph = thing.graph
    wrt = [name for name in thing.wrt if name in graph.inputs]
    if not thing.inputs or not wrt or any(is_array(v) for v in thing.inputs.values()):
        return None
    claims = [Claim(harmless(f"by {n}"), 0, (graph.inputs.index(n),), float(thing.values[n])) for n in wrt]
    point = tuple(float(thing.inputs[name]) for name in graph.inputs)
    return Claims(((graph, thing.loss),), graph.inputs, tuple(claims[:MOST]), point)


def _claim(derivation: Derivation, which: int, is_numbered: bool, names: Sequence[str]) -> Claim | None:
    variables = [v.name for v in derivation.variables]
    if not set(variables) <= set(names):
        return None
    name = f"by {', '.join(variables)}" if variables else "value"
    numbered = f"f{which + 1} {name}" if is_numbered else name
    by = tuple(names.index(v) for v in variables)
    return Claim(harmless(numbered), which, by, without_lets(derivation.last))


def _derivations(thing: Any) -> tuple[Derivation, ...]:
    kind = thing.kind
    if kind == "derivation":
        return (thing,)
    if kind == "differences":
        return (thing.derivation,)
    table = thing.gradient if kind == "directional" else thing if isinstance(thing, Partials) else None
    return tuple(d for row in table.entries for d in row) if table is not None else ()


def _can_be_checked(derivation: Derivation) -> bool:
    """Tell whether a derivation differentiates by letters, and not too often."""
    by = derivation.variables
    return len(by) <= MOST_PASSES and all(isinstance(v, Symbol) for v in by)


def _function_of(derivation: Derivation) -> Tree:
    tree = derivation.start
    for _ in derivation.variables:
        if isinstance(tree, Diff):
            tree = tree._args[0]
    return without_lets(tree)


def _point(things: Sequence[Any], names: Sequence[str]) -> Values | None:
    """Return the first point that says all values."""
    for thing in things:
        inner = {"directional": "gradient", "differences": "derivation"}.get(thing.kind)
        known = {s.name: approximate(tree) for s, tree in (getattr(thing, inner) if inner else thing).point}
        found = [known.get(name) for name in names]
        numbers = tuple(float(value) for value in found if value is not None)
        if known and len(numbers) == len(names):
            return numbers
    return None
