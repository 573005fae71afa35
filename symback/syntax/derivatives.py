"""Pending derivatives: d/dx [u], ∂²/∂x∂y [u], d/d(3x) [u], d(u)/dx, D_x(u), and the same as LaTeX fractions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from symback.expr.tree import Diff, Tree, symbol
from symback.syntax.source import MAX_DEPTH, Source
from symback.syntax.tokens import Token

MAX_ORDER = 20
UNSAID = symbol("'")  # the variable of (x^2)', which nobody has named


class DerivativeHead(NamedTuple):
    """What is before the bracket: the variables (or, with `inner`, an expression that is still to be read)."""

    variables: tuple[str, ...]
    order: int
    inner: bool  # the variable is an expression in brackets: d/d(3x)
    latex: bool
    next: int  # the token after the opening square bracket, or the first of what is differentiated
    bracketed: bool = True


def is_derivative(source: Source, tokens: list[Token], index: int) -> bool:
    """Tell whether a derivative begins at a token."""
    return derivative_head(source, tokens, index) is not None or numerator(source, tokens, index) is not None


class Numerator(NamedTuple):
    """d(u)/dx: where u begins and ends, the variables, and the token after it all."""

    first: int
    stop: int
    variables: tuple[str, ...]
    next: int


def nested(inside: Tree, variables: Sequence[Tree]) -> Tree:
    """Return the derivative by the last variable first: ∂²/∂x∂y [u] is ∂/∂x [∂/∂y [u]]."""
    for variable in reversed(variables):
        inside = Diff(inside, variable)
    return inside


def by_prime(source: Source, inside: Tree, count: int, token: Token) -> Tree:
    """Return the derivative that primes after a bracket ask for, by the one variable there is.

    Where that is not known yet, `UNSAID` stands for it.
    """
    variable = symbol(next(iter(source.variables))) if len(source.variables) == 1 else UNSAID
    if variable is UNSAID:
        source.prime = token
    return nested(inside, [variable] * count)


def derivative_head(source: Source, tokens: list[Token], index: int) -> DerivativeHead | None:
    """Return the derivative sign that begins at a token; None where there is none."""
    latex = tokens[index].kind == "frac"
    place = index + 1 if latex else index
    if latex:
        if tokens[place].kind != "{":
            return None
        place += 1
    sign = sign_of(tokens[place])
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
    if sign_of(tokens[place]) == sign and tokens[place + 1].kind == "(":
        return _inner(source, tokens, start, place, order, latex)
    if sign_of(tokens[place]) != sign or tokens[place + 1].kind != "name":
        return None
    variables, place = _below(tokens, place, sign)
    order = order if variables else 0
    if latex:
        if tokens[place].kind != "}":
            return None
        place += 1
    end = tokens[place - 1].end
    following = tokens[place].kind
    may_be_product = following != "[" and (following != "(" or "d" in source.names)
    if may_be_product and _is_plain_product(source, tokens, start, latex, sign):
        return None
    if following in _ENDS:
        sign_text = source.clip(tokens[start].at, end)
        hint = f"Write `{sign_text} [...]` with what is differentiated in the brackets."
        raise source.error(f"Nothing follows {sign_text}.", tokens[start].at, end, hint=hint)
    _check_order(source, order, tokens[start].at, end)
    _check_same_order(source, order, variables, tokens[start].at, end)
    bracketed = following == "["
    return DerivativeHead(variables, order, False, latex, place + bracketed, bracketed)


_ENDS = frozenset(("end", "+", "*", "/", "^", "@", ",", "=", ")", "}", "]", "|)", "'"))


def _check_same_order(source: Source, order: int, variables: Sequence[str], at: int, end: int) -> None:
    if len(variables) != order:
        message = f"The derivative sign has order {order} above and {len(variables)} below."
        raise source.error(message, at, end, hint="Write `d^2/dx^2 [...]` or `d/dx [...]`.")


def numerator(source: Source, tokens: list[Token], index: int) -> Numerator | None:
    """Return what d(u)/dx or \\frac{d u}{dx}, which begins at a token, is made of; None where there is no such thing.

    A u without brackets is a name that the system defines, as in dy/dx.
    """
    latex = tokens[index].kind == "frac"
    place = index + (2 if latex and tokens[index + 1].kind == "{" else 0)
    sign = sign_of(tokens[place])
    if not sign or (latex and place == index) or (sign == "d" and "d" in source.names):
        return None
    order, first = _order(tokens, place + 1)
    stop = partner(tokens, index + 1) if latex else _numerator_end(source, tokens, first)
    if stop <= first or tokens[stop + latex].kind != ("{" if latex else "/"):
        return None
    if latex and stop == first + 1 and tokens[first].kind == "name" and tokens[first].value not in source.defined:
        return None
    variables, after = _below(tokens, stop + 1 + latex, sign)
    if not variables or (latex and tokens[after].kind != "}"):
        return None
    end = tokens[after - 1 + latex].end
    _check_order(source, order, tokens[index].at, end)
    _check_same_order(source, order, variables, tokens[index].at, end)
    return Numerator(first, stop, variables, after + latex)


def _numerator_end(source: Source, tokens: list[Token], first: int) -> int:
    """Return the token after u in d(u)/dx: after its brackets, or after a name of the system; 0 for neither."""
    if tokens[first].kind == "(":
        return partner(tokens, first) + 1
    return first + 1 if tokens[first].kind == "name" and tokens[first].value in source.defined else 0


def _below(tokens: list[Token], place: int, sign: str) -> tuple[tuple[str, ...], int]:
    """Return the variables of `dx`, `dx^2` or `∂x∂y`, and the token after them."""
    variables: list[str] = []
    while sign_of(tokens[place]) == sign and tokens[place + 1].kind == "name":
        name = tokens[place + 1].value
        count, place = _order(tokens, place + 2)
        variables += [name] * count
    return tuple(variables), place


def _is_plain_product(source: Source, tokens: list[Token], start: int, latex: bool, sign: str) -> bool:
    """Tell whether d/d x is a quotient of letters: d is a declared name, or there is a space after it."""
    if sign == "∂":
        return False
    return "d" in source.names or (not latex and tokens[start + 2].end != tokens[start + 3].at)


def _inner(
    source: Source, tokens: list[Token], start: int, place: int, order: int, latex: bool
) -> DerivativeHead | None:
    """Return the head of d/d(3x) [..]: a bracket whose partner is followed by a square bracket."""
    after = partner(tokens, place + 1) + 1
    if latex:
        after += tokens[after].kind == "}"
    if not after or tokens[after].kind != "[":
        return None
    _check_order(source, order, tokens[start].at, tokens[after].at)
    return DerivativeHead((), order, True, latex, place + 2)


def partner(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the bracket that closes the one at `index`; -1 where there is none."""
    depth = 0
    for place in range(index, len(tokens)):
        kind = tokens[place].kind
        depth += kind in ("(", "{", "[")
        depth -= kind in (")", "}", "]")
        if not depth:
            return place
        if depth > MAX_DEPTH:
            break
    return -1


def sign_of(token: Token) -> str:
    """Return the sign d or ∂ that a token is, an empty text for any other."""
    if token.kind == "∂":
        return "∂"
    return "d" if token.kind == "name" and token.value == "d" else ""


def _is_separator(tokens: list[Token], place: int, latex: bool) -> bool:
    if latex:
        return tokens[place].kind == "}" and tokens[place + 1].kind == "{"
    return tokens[place].kind == "/"


def _order(tokens: list[Token], place: int) -> tuple[int, int]:
    """Read `^2`, `^{2}` or `²`; 1 where there is none, 0 where it is not an order."""
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
