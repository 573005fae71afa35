r"""Integrals: `∫ x e^x dx`, `\int_0^1 x \, dx`, `int x^2 dx`, `int(x^2, x)`, `∫ dx/x`.

The differential is found first: it is one token then, which closes what the sign opens, as a bracket does. The limits
are read by themselves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sympy.core.numbers import Integer

from symback.expr.tree import Int, Tree, symbol
from symback.syntax.source import Source

if TYPE_CHECKING:
    from symback.syntax.stack import Parser
    from symback.syntax.tokens import Lexer, Token

SIGN, DIFFERENTIAL, CALL = "∫", "differential", "int("
INFINITY = "oo"
_OPENING, _CLOSING = frozenset(("(", "{", "[", "|(")), frozenset((")", "}", "]", "|)"))
_ENDS = frozenset(("+", "-", "=", ",", "end", "compare", *_CLOSING))
_DIFFERENTIAL = re.compile(r"(?<![A-Za-z])[^()]*d\s*(?:\\[,;:! ])?\s*\\?[A-Za-zα-ω]")
WRITE = "Write `∫ x^2 dx`, `int(x^2, x)` or `\\int_0^1 x \\, dx`."


def read_sign(lexer: Lexer, at: int) -> int:
    """Read `∫`, or `int` where an integral follows; 0 where none does."""
    length = 1 if lexer.text[at] == SIGN else 3
    rest = lexer.text[at + length : lexer.stop]
    if length == 3 and not (_is_call(rest) or _DIFFERENTIAL.search(rest)):
        return 0
    lexer.emit(CALL if length == 3 and _is_call(rest) else SIGN, None, at, at + length)
    return at + length


def _is_call(rest: str) -> bool:
    """Tell whether a bracket with a comma in it follows, as in int(x^2, x)."""
    depth = 0
    for i, character in enumerate(rest):
        if i == 0 and character != "(":
            return False
        depth += (character in "([{") - (character in ")]}")
        if depth == 1 and character == ",":
            return True
        if depth == 0:
            return False
    return False


def is_limit(lexer: Lexer) -> bool:
    """Tell whether a subscript that begins here is the lower limit of an integral."""
    return bool(lexer.tokens) and lexer.tokens[-1].kind == SIGN


def read_infinity(lexer: Lexer, at: int, end: int) -> int:
    """Read infinity as a limit of an integral; 0 where it is none."""
    if not any(token.kind in (SIGN, CALL) for token in lexer.tokens):
        return 0
    lexer.emit("name", INFINITY, at, end)
    return end


# --- the differential -------------------------------------------------------------------------------------------------


def with_differentials(source: Source, tokens: list[Token]) -> list[Token]:
    """Return the tokens with one token for the differential of each integral sign, behind what it closes."""
    if not any(token.kind in (SIGN, CALL) for token in tokens):
        return tokens
    tokens = _joined_infinity(source, tokens)
    place = len(tokens) - 1
    while place >= 0:  # the innermost sign is the last one
        if tokens[place].kind == SIGN:
            tokens = _with_differential(source, tokens, place)
        place -= 1
    return tokens


def _joined_infinity(source: Source, tokens: list[Token]) -> list[Token]:
    """Return the tokens with `oo` as one name."""
    made: list[Token] = []
    for token in tokens:
        last = made[-1] if made else None
        both = token.kind == "name" and token.value == "o" and last is not None and last.value == "o"
        if both and last is not None and last.end == token.at:
            source.forget(last.at, token.end)
            made[-1] = last._replace(value=INFINITY, end=token.end)
        else:
            made.append(token)
    return made


def _with_differential(source: Source, tokens: list[Token], sign: int) -> list[Token]:
    found = _differential(tokens, sign)
    if found is None:
        at, end = tokens[sign].at, tokens[sign].end
        raise source.error("The integral has no differential, such as dx.", at, end, hint=WRITE)
    place, below = found
    d, variable = tokens[place], tokens[place + 1]
    source.forget(d.at, variable.end)
    closing = d._replace(kind=DIFFERENTIAL, value=variable.value, end=variable.end)
    if not below:
        inside = tokens[sign + 1 : place]
        if _is_empty(inside):
            inside = [*inside, d._replace(kind="number", value=Integer(1))]
        return [*tokens[: sign + 1], *inside, closing, *tokens[place + 2 :]]
    stop = _end_of_product(tokens, place)
    before = tokens[sign + 1 : place]
    alone = _is_empty(before) or before[-1].kind in _OPENING or before[-1].kind == "frac"
    one = [d._replace(kind="number", value=Integer(1))] if alone else []
    return [*tokens[: sign + 1], *before, *one, *tokens[place + 2 : stop], closing, *tokens[stop:]]


def _is_empty(tokens: list[Token]) -> bool:
    """Tell whether nothing stands between the limits of a sign and its differential."""
    place = _after_limits(tokens, 0)
    return place >= len(tokens)


def _after_limits(tokens: list[Token], place: int) -> int:
    for kind in ("_", "^"):
        if place < len(tokens) and tokens[place].kind == kind:
            place = _after_limit(tokens, place + 1)
    return place


def _after_limit(tokens: list[Token], place: int) -> int:
    """Return where the tokens of one limit end: a sign and a token, or brackets."""
    if place < len(tokens) and tokens[place].kind in ("-", "+"):
        place += 1
    if place < len(tokens) and tokens[place].kind in _OPENING:
        return _partner(tokens, place) + 1
    return place + 1


def _partner(tokens: list[Token], index: int) -> int:
    depth = 0
    for place in range(index, len(tokens)):
        depth += (tokens[place].kind in _OPENING) - (tokens[place].kind in _CLOSING)
        if not depth:
            return place
    return len(tokens) - 1


def _differential(tokens: list[Token], sign: int) -> tuple[int, bool] | None:
    """Return where the d of the differential stands, and whether the integrand goes on below a bar after it."""
    depth = 0
    for place in range(_after_limits(tokens, sign + 1), len(tokens) - 1):
        kind = tokens[place].kind
        depth += (kind in _OPENING) - (kind in _CLOSING)
        if depth < 0:
            return None
        if kind == "name" and tokens[place].value == "d" and tokens[place + 1].kind == "name":
            following = tokens[place + 2].kind
            if depth == 0 and following != "/":
                return place, False
            if depth == 0 or _is_numerator(tokens, place):
                return place, True
    return None


def _is_numerator(tokens: list[Token], place: int) -> bool:
    """Tell whether a differential ends what stands above the bar of a LaTeX fraction, or in (x dx)/(...)."""
    return tokens[place + 2].kind in ("}", ")")


def _end_of_product(tokens: list[Token], place: int) -> int:
    """Return where the product ends that a differential stands in."""
    depth, lowest = 0, 0
    for stop in range(place, len(tokens)):
        kind = tokens[stop].kind
        if kind in _OPENING:
            depth += 1
        elif kind in _CLOSING:
            depth -= 1
            lowest = min(lowest, depth)
            if depth < 0 and tokens[stop + 1].kind not in ("{", "/", "(", "^"):
                return stop + 1
        elif depth <= lowest and stop > place + 1 and kind in _ENDS:
            return stop
    return len(tokens) - 1


# --- the tree ---------------------------------------------------------------------------------------------------------


def limits(parser: Parser) -> tuple[Tree, ...]:
    """Read the limits that follow an integral sign; none where there are none."""
    found = []
    for kind in ("_", "^"):
        if parser.tokens[parser.index].kind != kind:
            break
        first = parser.index + 1
        stop = _after_limit(parser.tokens, first)
        found.append(_limit(parser, first, stop))
        parser.index = stop
    if len(found) == 1:
        token = parser.tokens[parser.index]
        raise parser.source.error("The integral has one limit only.", token.at, token.end, hint=WRITE)
    return tuple(found)


def _limit(parser: Parser, first: int, stop: int) -> Tree:
    from symback.syntax.grammar import tree_of  # which knows this file

    inside = parser.tokens[first:stop]
    if not inside:
        raise parser.source.error("A limit is missing.", parser.tokens[first - 1].at, hint=WRITE)
    end = inside[-1]._replace(kind="end", value=None, at=inside[-1].end)
    return tree_of(parser.source, [*inside, end])


def closed(parser: Parser, inside: Tree, ends: tuple[Tree, ...]) -> bool:
    """Build the integral when its differential is met."""
    variable = symbol(parser.tokens[parser.index - 1].value)
    parser.terms.append(Int(inside, variable, *ends))
    return False


def called(source: Source, arguments: list[Tree], at: int, end: int) -> Tree:
    """Return int(u, x) or int(u, x, a, b)."""
    if len(arguments) not in (2, 4) or not arguments[1].is_Symbol:
        raise source.error("int has a function, a name, and perhaps two limits.", at, end, hint=WRITE)
    return Int(*arguments)
