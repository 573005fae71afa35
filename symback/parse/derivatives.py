"""Pending derivatives: d/dx [u], ∂²/∂x∂y [u], d/d(3x) [u], and the same as LaTeX fractions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from symback.parse.source import MAX_DEPTH, Source
from symback.parse.tokens import Token
from symback.tree import Diff, Tree

MAX_ORDER = 20


class DerivativeHead(NamedTuple):
    """What stands before the bracket: the variables (or, with `inner`, an expression that is still to be read)."""

    variables: tuple[str, ...]
    order: int
    inner: bool  # the variable is an expression in brackets: d/d(3x)
    latex: bool
    next: int  # the token after the opening bracket


def nested(inside: Tree, variables: Sequence[Tree]) -> Tree:
    """Return the derivative by the last variable first: ∂²/∂x∂y [u] is ∂/∂x [∂/∂y [u]]."""
    for variable in reversed(variables):
        inside = Diff(inside, variable)
    return inside


def derivative_head(source: Source, tokens: list[Token], index: int) -> DerivativeHead | None:
    """Return the derivative sign that begins at a token; None where there is none."""
    latex = tokens[index].kind == "frac"
    place = index + 1 if latex else index
    if latex:
        if tokens[place].kind != "{":
            return None
        place += 1
    sign = _sign(tokens[place])
    if not sign:
        return None
    order, place = _order(tokens, place + 1)
    if not _is_separator(tokens, place, latex):
        return None
    place += 2 if latex else 1
    return _denominator(source, tokens, index, place, sign, order, latex)


def _denominator(
    source: Source, tokens: list[Token], start: int, place: int, sign: str, order: int, latex: bool
) -> DerivativeHead | None:
    if _sign(tokens[place]) == sign and tokens[place + 1].kind == "(":
        return _inner(source, tokens, start, place, order, latex)
    variables: list[str] = []
    if _sign(tokens[place]) != sign or tokens[place + 1].kind != "name":
        return None
    while _sign(tokens[place]) == sign and tokens[place + 1].kind == "name":
        name = tokens[place + 1].value
        count, place = _order(tokens, place + 2)
        variables += [name] * count
        order = order if count else 0
    if latex:
        if tokens[place].kind != "}":
            return None
        place += 1
    end = tokens[place - 1].end
    if tokens[place].kind == "[" or (tokens[place].kind == "(" and "d" not in source.names):
        _check_order(source, order, tokens[start].at, end)
        if len(variables) != order:
            message = f"The derivative sign has order {order} above and {len(variables)} below."
            raise source.error(message, tokens[start].at, end, hint="Write `d^2/dx^2 [...]` or `d/dx [...]`.")
        if tokens[place].kind == "(":
            remark = f"{source.clip(tokens[start].at, end)}(...) is read as the derivative of what is in the bracket."
            source.note(tokens[place].at, remark)
        return DerivativeHead(tuple(variables), order, False, latex, place + 1)
    if _is_plain_product(source, tokens, start, latex, sign):
        return None
    sign_text = source.clip(tokens[start].at, end)
    hint = f"Write `{sign_text} [...]` with square brackets around what is differentiated."
    raise source.error(f"What {sign_text} is taken of does not stand in brackets.", tokens[start].at, end, hint=hint)


def _is_plain_product(source: Source, tokens: list[Token], start: int, latex: bool, sign: str) -> bool:
    """Tell whether d/d x is a quotient of letters: d is a declared name, or there is a space after it."""
    if sign == "∂":
        return False
    return "d" in source.names or (not latex and tokens[start + 2].end != tokens[start + 3].at)


def _inner(
    source: Source, tokens: list[Token], start: int, place: int, order: int, latex: bool
) -> DerivativeHead | None:
    """Return the head of d/d(3x) [..]: a bracket whose partner is followed by a square bracket."""
    after = _partner(tokens, place + 1) + 1
    if latex:
        after += tokens[after].kind == "}"
    if not after or tokens[after].kind != "[":
        return None
    _check_order(source, order, tokens[start].at, tokens[after].at)
    return DerivativeHead((), order, True, latex, place + 2)


def _partner(tokens: list[Token], index: int) -> int:
    """Return the index of the bracket that closes the one at `index`; -1 where there is none."""
    depth = 0
    for place in range(index, len(tokens)):
        kind = tokens[place].kind
        depth += kind == "("
        depth -= kind == ")"
        if not depth:
            return place
        if depth > MAX_DEPTH:
            break
    return -1


def _sign(token: Token) -> str:
    if token.kind == "∂":
        return "∂"
    return "d" if token.kind == "name" and token.value == "d" else ""


def _is_separator(tokens: list[Token], place: int, latex: bool) -> bool:
    if latex:
        return tokens[place].kind == "}" and tokens[place + 1].kind == "{"
    return tokens[place].kind == "/"


def _order(tokens: list[Token], place: int) -> tuple[int, int]:
    """Read `^2`, `^{2}` or `²`; 1 where there is none, 0 where it is no order."""
    if tokens[place].kind != "^":
        return 1, place
    braced = tokens[place + 1].kind == "{"
    number = tokens[place + 1 + braced]
    after = place + 2 + braced
    if number.kind != "number" or (braced and tokens[after].kind != "}"):
        return 1, place
    order = number.value
    return int(order) if order.is_Integer and order <= MAX_ORDER else 0, after + braced


def _check_order(source: Source, order: int, at: int, end: int) -> None:
    if not order:
        reason = f"Derivatives have an order from 1 to {MAX_ORDER}."
        raise source.too_large(reason, at, end, hint="Write `d^2/dx^2 [...]`.")
