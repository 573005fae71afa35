"""Names of functions as values: on paper psi(1 - psi) and psi' stand for o(1 - o) and do/dz where o = psi(z)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sympy.core.symbol import Symbol

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Apply, Tree


def with_values(text: str, trees: Mapping[str, Tree]) -> str:
    """Return a text on a graph with values in the place of the names of functions that one node alone is the value of.

    >>> from symback.syntax import parse
    >>> with_values("psi(1 - psi) x", {"o": parse("sigma(z)"), "p": parse("tanh(z)")})
    'psi(1 - psi) x'
    >>> with_values("sigma(1 - sigma) x", {"o": parse("sigma(z)")})
    'o(1 - o) x'
    >>> with_values("1 - tanh^2 z", {"a": parse("tanh(z)")})
    '1 - tanh^2 z'
    >>> with_values("sigma'(z) + sigma(z)", {"o": parse("sigma(z)")})
    'do/dz + sigma(z)'
    """
    for name, (node, inner) in _applied(trees).items():
        own = re.escape(name)
        text = re.sub(rf"\b{own}'(?:\s*\(\s*{re.escape(inner)}\s*\))?", f"d{node}/d{inner}", text)
        of = re.escape(inner)
        applied = rf"(?:\s*\^\s*\{{?\d+\}}?)?\s*(?:\(\s*{of}\s*\)|{of}\b)"  # tanh^2 z, tanh(z)
        if re.search(rf"\b{own}\b(?!\s*\(|{applied})", text):
            text = re.sub(rf"\b{own}\b(?!{applied})", node, text)
    return text


def _applied(trees: Mapping[str, Tree]) -> dict[str, tuple[str, str]]:
    """Return the functions that one node alone is the value of, with that node and the one that is put in."""
    found: dict[str, list[tuple[str, str]]] = {}
    for node, tree in trees.items():
        if isinstance(tree, Apply) and len(tree.arguments) == 1 and isinstance(tree.arguments[0], Symbol):
            for name in _spellings(tree.name):
                found.setdefault(name, []).append((node, tree.arguments[0].name))
    return {name: uses[0] for name, uses in found.items() if len(uses) == 1}


def _spellings(name: str) -> tuple[str, ...]:
    return (name, *FUNCTIONS[name].spellings) if name in FUNCTIONS else (name,)
