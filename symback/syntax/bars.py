"""Bars: which of the `|` in a text open an absolute value and which close one.

A bar after an operator opens and a bar before one closes; a bar between two terms can do either. All ways in which the
bars between the same brackets can pair up are counted, and where there are several the text is refused.
"""

from __future__ import annotations

from symback.syntax.source import MAX_BARS, Source
from symback.syntax.tokens import Token

_ENDS_TERM = frozenset(("number", "name", "constant", "transpose", ")", "}", "]", "|)", "⌋", "⌉"))
_STARTS_TERM = frozenset(
    ("number", "name", "constant", "function", "frac", "root", "(", "{", "|(", "∂", "⌊", "⌈", "begin")
)
_OPENING = frozenset(("(", "[", "{", "|(", "⌊", "⌈", "begin"))
_CLOSING = frozenset((")", "]", "}", "|)", "⌋", "⌉", "end_cases"))
_HINT = "Write `abs(...)` instead of bars."


def with_sides(source: Source, tokens: list[Token]) -> list[Token]:
    """Return the tokens with each `|` replaced by `|(` or `|)`."""
    tokens = list(tokens)
    for bars in _levels(tokens):
        if len(bars) > MAX_BARS:
            message = f"There are {len(bars):,} bars here; at most {MAX_BARS} are read between two brackets."
            raise source.too_large(message, tokens[bars[MAX_BARS]].at, hint=_HINT)
        for index, side in zip(bars, _sides(source, tokens, bars), strict=True):
            tokens[index] = tokens[index]._replace(kind="|" + side)
    return tokens


def _levels(tokens: list[Token]) -> list[list[int]]:
    """Return the indices of the bars, those between the same brackets together."""
    done: list[list[int]] = []
    stack: list[list[int]] = [[]]
    for index, token in enumerate(tokens):
        if token.kind == "|":
            stack[-1].append(index)
        elif token.kind in _OPENING:
            stack.append([])
        elif token.kind in _CLOSING and len(stack) > 1:
            done.append(stack.pop())
    return [bars for bars in (*done, *stack) if bars]


def _sides(source: Source, tokens: list[Token], bars: list[int]) -> str:
    """Return the only way in which the bars pair up, as a text of round brackets."""
    ways: dict[tuple[int, str], list[str]] = {(0, ""): [""]}  # by open bars and last side: up to two ways each
    for index in bars:
        following: dict[tuple[int, str], list[str]] = {}
        for (count, last), known in ways.items():
            for side in _possible(tokens, index, count, last):
                state = (count + (1 if side == "(" else -1), side)
                following[state] = (following.get(state, []) + [way + side for way in known])[:2]
        ways = following
    complete = ways.get((0, ")"), [])
    if len(complete) == 1:
        return complete[0]
    first, end = tokens[bars[0]].at, tokens[bars[-1]].end
    if complete:
        raise source.error("The bars can be paired in more than one way.", first, end, hint=_HINT)
    if len(bars) % 2:
        raise source.error("A bar has no partner.", tokens[bars[-1]].at, hint="Add a bar, or write `abs(...)`.")
    if len(bars) == 2 and bars[1] - bars[0] == 1:
        raise source.error("There is nothing between the bars.", first, end, hint="Write `abs(x)`.")
    raise source.error("The bars do not pair up.", first, end, hint=_HINT)


def _possible(tokens: list[Token], index: int, count: int, last: str) -> str:
    """Return the sides that a bar can have when `count` bars are open and the bar before it had the side `last`."""
    before, after = tokens[index - 1] if index else None, tokens[index + 1]
    if before is not None and before.kind == "|":
        ends_term = last == ")"
    else:
        ends_term = before is not None and before.kind in _ENDS_TERM
    if not ends_term or not count:
        return "("
    if after.kind == "|":
        return ")"  # |x||y| is a product, and |x+|y|| ends
    if after.kind not in _STARTS_TERM:
        return ")"
    return _by_spaces(tokens, index) or "()"


def _by_spaces(tokens: list[Token], index: int) -> str:
    """Return the side that the blanks show: `|x| y` closes, `x |y|` opens."""
    space_before = tokens[index - 1].end < tokens[index].at
    space_after = tokens[index].end < tokens[index + 1].at
    return "" if space_before == space_after else "(" if space_before else ")"
