"""The letters under which a law is shown: none that the expression holds.

A law is run with its own letters. Where `u` is a name of the user's, "u = u^2" would say nothing true, so the law and
what its letters stand for are shown with the next letters that are free, and with the user's own names for the inner
functions that have one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sympy.core.symbol import Symbol

from symback.expr.tree import Apply, Diff, Inert, Int, Let, Tree, symbols_of, walk

Bound = tuple[tuple[str, Tree], ...]

# Which letters may stand for each of a law's letters, in the order in which they are tried.
_ANYTHING = "uvwpqsrtyzabm"
_IN_PLACE: dict[str, str] = {
    **dict.fromkeys(_ANYTHING, _ANYTHING), "o": "o" + _ANYTHING, "x": _ANYTHING,
    "c": "ckabmjr", "k": "kmjrcab", "n": "nmkrjpq", "f": "fghFGH",
}  # fmt: skip
_SAID = frozenset("uvwpqsckn")  # of these letters a law speaks whether or not it says what they stand for
_LAW = ("D(", "I(")  # how every law with letters begins: the sentences of other rules hold none
_WORD = re.compile(r"[A-Za-z]+\d*")


def names_held(lines: Iterable[Tree], name: str = "") -> frozenset[str]:
    """Return the names in some trees: symbols, inner functions that have a name, functions that are not known.

    >>> from symback.syntax import parse
    >>> sorted(names_held([parse("u f'(v)")]))
    ['f', 'u', 'v']
    """
    held = {name} if name else set()
    seen: set[frozenset[Symbol]] = set()
    for line in lines:
        symbols = symbols_of(line)
        if symbols not in seen:
            seen.add(symbols)
            held.update(s.name for s in symbols)
        if isinstance(line, Inert):
            held.update(_other_names(line))
    return frozenset(held)


def _other_names(tree: Inert) -> Iterator[str]:
    for node in walk(tree):
        if isinstance(node, Let):
            yield node._args[0].name
        elif isinstance(node, Apply):
            yield node.name.rstrip("'")


def free_letters(law: str, bound: Bound, piece: Tree, held: frozenset[str]) -> dict[str, str]:
    """Return under which letters a law is shown that was applied to a piece: those that change, by its own.

    >>> from symback.expr.tree import TWO, symbol
    >>> free_letters("D(c*u) = c*D(u)", (("c", TWO), ("u", symbol("v"))), TWO, frozenset("uvx"))
    {'u': 'w'}
    """
    if not law.startswith(_LAW):
        return {}
    words = list(dict.fromkeys((*_words_of(law), *(letter for letter, _ in bound))))
    named = {letter: name for letter, tree in bound if (name := _own_name(letter, tree))}
    letters = [w for w in words if w in _IN_PLACE and w not in named and (w in _SAID or w in dict(bound))]
    if "x" in words and "x" in held and isinstance(piece, (Diff, Int)) and _name_of(piece._args[1]) != "x":
        name = _name_of(piece._args[1])  # x is the variable of the law, and another letter of the user's
        named |= {"x": name} if name else {}
        letters += [] if name else ["x"]
    changed = named | _chosen(letters, held | frozenset(named.values()))
    return {own: name for own, name in changed.items() if own != name}


@lru_cache(maxsize=1000)
def _words_of(law: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(law))


def _chosen(letters: Sequence[str], held: frozenset[str]) -> dict[str, str]:
    """Return free letters for those that are held: where one of u, v, w is, all of them move on together."""
    together = [own for own in letters if own in _ANYTHING]
    moving = [own for own in letters if own in held or (own in together and not held.isdisjoint(together))]
    taken = held | (frozenset(letters) - frozenset(moving))
    chosen: dict[str, str] = {}
    for own in moving:
        chosen[own] = _next_free(own, taken)
        taken |= {chosen[own]}
    return chosen


_CONSTANTS = ("c", "k", "n")


def _own_name(letter: str, tree: Tree) -> str:
    """Return the name that the user gave to the inner function that a law calls o; a constant c keeps its letter."""
    return _name_of(tree) if (isinstance(tree, Let) and letter not in _CONSTANTS) or letter == "o" else ""


def _name_of(tree: Tree) -> str:
    """Return the name of a symbol or an inner function that has one; an empty text for anything else."""
    named = tree._args[0] if isinstance(tree, Let) else tree
    return str(named.name) if isinstance(named, Symbol) else ""


def _next_free(letter: str, taken: frozenset[str]) -> str:
    pool = _IN_PLACE.get(letter[0], _ANYTHING)
    numbered = (f"{letter[0]}{number}" for number in range(1, len(taken) + 2))
    free: str = next(name for name in (*pool, *numbered) if name not in taken)
    return free


def relettered(law: str, letters: Mapping[str, str]) -> str:
    """Return a law with other letters.

    >>> relettered("D(u*v) = D(u)*v + u*D(v)", {"u": "w"})
    'D(w*v) = D(w)*v + w*D(v)'
    """
    return _WORD.sub(lambda word: letters.get(word[0], word[0]), law) if letters else law
