"""Square and curly brackets that stand for round ones: 3[x - (x + 1)]^2, exp{-x^2}, as on paper.

A square bracket after d/dx holds what is differentiated, one after a name may be an index, one with a comma is a list;
those stay what they are.
"""

from __future__ import annotations

from symback.syntax.source import Source
from symback.syntax.tokens import Token

_BEFORE = frozenset(("+", "-", "*", "/", "^", "(", "[", "{", "|", "|(", "=", "function", "number"))
_OPENING, _CLOSING = frozenset(("(", "[", "{")), frozenset((")", "]", "}"))


def with_round_brackets(source: Source, tokens: list[Token]) -> list[Token]:
    """Return the tokens with a round bracket for each square one that can be nothing else."""
    if not any(token.kind == "[" for token in tokens):
        return tokens
    found = list(tokens)
    opened: list[int] = []
    with_comma: set[int] = set()
    for index, token in enumerate(tokens):
        if token.kind in _OPENING:
            opened.append(index)
        elif token.kind == "," and opened:
            with_comma.add(opened[-1])
        elif token.kind in _CLOSING and opened:
            first = opened.pop()
            if (tokens[first].kind, token.kind) == ("[", "]") and first not in with_comma and _groups(tokens, first):
                if index == first + 2 and not (first and tokens[first - 1].kind == "function"):
                    source.note(token.at, "[...] is read as a bracket; write `floor(...)` for the whole part.")
                found[first] = tokens[first]._replace(kind="(")
                found[index] = token._replace(kind=")")
    return found


def _groups(tokens: list[Token], index: int) -> bool:
    """Tell from what stands before a square bracket whether it can only be a group or the argument of a function."""
    if index == 0:
        return True
    before = tokens[index - 1]
    if before.kind == "function":
        return bool(before.value != "sqrt")  # \sqrt[3]{x}
    is_order = before.kind == "number" and index > 1 and tokens[index - 2].kind == "^"  # d^2/dx^2 [...]
    return before.kind in _BEFORE and not is_order
