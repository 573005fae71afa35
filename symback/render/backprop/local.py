"""The local derivatives of a backward pass: what became of each ∂c/∂v of the chain rule, where it was worked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy.core.symbol import Symbol

from symback.derive import tidy
from symback.graph.formula_values import NotAlone, value_of
from symback.render.lines import places_after, shifted
from symback.rule import Derivation, Move
from symback.tree import Edge, Path, Tree, at, is_pending, product_of


def local_derivatives(derivation: Derivation) -> dict[str, Tree]:
    """Return the derivative of each consumer of a node by the node, where the derivation works it out as a factor.

    >>> import symback
    >>> found = symback.Graph("e = a^2; L = c e").backprop("L").derivations
    >>> local_derivatives(found["a"]), local_derivatives(found["c"])
    ({'e': Times(2, a)}, {'L': e})
    """
    found: dict[str, Tree] = {}
    open_: dict[str, list[Path]] = {}  # the places where the factors of each stand
    for line, move in zip(derivation.lines(), derivation.moves, strict=False):
        if _is_local(move) and move.piece != move.result:
            open_.setdefault(move.piece._args[0].name, [move.path])
        for consumer, places in list(open_.items()):
            if any(place != move.path and place[: len(move.path)] == move.path for place in places):
                found[consumer] = _factors(line, open_.pop(consumer))  # it is now mixed with what stands beside it
            else:
                open_[consumer] = _after(line, move, places)
    last = derivation.last
    found |= {consumer: _factors(last, places) for consumer, places in open_.items()}
    return {consumer: _tidied(tree) for consumer, tree in found.items() if not is_pending(tree)}


def _is_local(move: Move) -> bool:
    return isinstance(move.piece, Edge) and all(isinstance(node, Symbol) for node in move.piece._args)


def _after(line: Tree, move: Move, places: list[Path]) -> list[Path]:
    new, shift = places_after(line, move)
    inside = any(move.path[: len(place)] == place for place in places)
    kept = [shifted(place, shift) for place in places if place != move.path]
    return sorted(set(kept + (new if inside and move.path in places else [])))


def _factors(line: Tree, places: list[Path]) -> Tree:
    return product_of([at(line, place) for place in places])


def _tidied(tree: Tree) -> Tree:
    return tidy(tree, [], expand=False)


def value_at(tree: Tree, values: Mapping[Tree, Any]) -> Any:
    """Return what a formula is worth, None where that needs something that has no value."""
    try:
        return value_of(tree, values)
    except (NotAlone, ValueError):
        return None
