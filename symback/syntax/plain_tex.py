r"""The fractions and roots of plain TeX: {x+1 \over x-1} and \root 3 \of {x}."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.syntax.source import Source

if TYPE_CHECKING:
    from symback.syntax.tokens import Lexer, Token

OVER = "over"  # the kind of its token
_OPENING = frozenset(("(", "[", "{", "|("))
_CLOSING = frozenset((")", "]", "}", "|)"))


def read_over(lexer: Lexer, name: str, at: int, end: int) -> int:
    lexer.emit(OVER, None, at, end)
    return end


def read_root(lexer: Lexer, name: str, at: int, end: int) -> int:
    r"""Read `\root`, whose index goes up to `\of`, as `\sqrt[`."""
    if lexer.text.find("\\of", end, lexer.stop) < 0:
        hint = "Write `\\root 3 \\of {x}`, or `\\sqrt[3]{x}`."
        raise lexer.source.error("The sign \\root has no \\of.", at, end, hint=hint)
    lexer.emit("function", "sqrt", at, end)
    lexer.emit("[", None, end, end)
    return end


def read_of(lexer: Lexer, name: str, at: int, end: int) -> int:
    r"""Read `\of` as the bracket that closes the index of `\root`."""
    lexer.emit("]", None, at, end)
    return end


def with_fractions(source: Source, tokens: list[Token]) -> list[Token]:
    r"""Return the tokens with `\frac{...}{...}` for each `\over`, which divides all of its brackets."""
    if not any(token.kind == OVER for token in tokens):
        return tokens
    done: list[list[Token]] = [[]]  # for every open bracket what is in it so far
    overs: list[Token | None] = [None]
    for token in tokens:
        if token.kind == OVER:
            if overs[-1] is not None:
                hint = "Write `{{a \\over b} \\over c}`, or `{a \\over {b \\over c}}`."
                raise source.error("The same brackets hold two \\over.", token.at, token.end, hint=hint)
            overs[-1] = token
            done[-1] = _fraction(done[-1], token)
            continue
        if token.kind in _CLOSING or token.kind in ("end", ","):
            _close(done[-1], overs, token)
        if token.kind in _CLOSING and len(done) > 1:
            inside = done.pop()
            overs.pop()
            done[-1] += inside
        elif token.kind in _OPENING:
            done.append([])
            overs.append(None)
        done[-1].append(token)
    return [token for part in done for token in part]


def _fraction(numerator: list[Token], over: Token) -> list[Token]:
    """Return the tokens up to the beginning of the denominator."""
    start = 1 if numerator and numerator[0].kind in _OPENING else 0
    place = numerator[start - 1].end if start else over.at
    comma = max((i + 1 for i, token in enumerate(numerator) if token.kind == ","), default=start)
    before, above = numerator[: max(start, comma)], numerator[max(start, comma) :]
    opening = [over._replace(kind=kind, at=place, end=place) for kind in ("frac", "{")]
    middle = [over._replace(kind=kind) for kind in ("}", "{")]
    return [*before, *opening, *above, *middle]


def _close(inside: list[Token], overs: list[Token | None], token: Token) -> None:
    over = overs[-1]
    if over is not None:
        inside.append(over._replace(kind="}", at=token.at, end=token.at))
        overs[-1] = None
