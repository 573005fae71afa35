"""What would be read as a product and is meant as something else: differentials, inverses, Γ(x), E^x, degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.syntax.own_functions import is_function
from symback.syntax.source import Source
from symback.syntax.words import UNKNOWN_FUNCTIONS

if TYPE_CHECKING:
    from symback.syntax.tokens import Token


def check(source: Source, tokens: list[Token]) -> None:
    """Refuse or note the names of a text that look like more than letters of a product."""
    if source.arrays is not None or source.law:
        return
    for index, token in enumerate(tokens):
        if token.kind == "name" and token.value not in source.names:
            own = is_function(source, token.value)
            look = _inverse if own or token.value in UNKNOWN_FUNCTIONS else _LOOKS.get(token.value)
            if look is not None:
                look(source, tokens, index)


def _d(source: Source, tokens: list[Token], index: int) -> None:
    _quotient_of_differentials(source, tokens, index)
    _differential(source, tokens, index)


def _quotient_of_differentials(source: Source, tokens: list[Token], index: int) -> None:
    """Refuse `d x^3/dx`: the derivative of x^3, or a quotient of products."""
    order = tokens[1].kind == "^" and tokens[2:3] and tokens[2].kind == "number"  # d^2 x^3/dx^2
    first, last = (3, -6) if order else (1, -4)
    if index or len(tokens) < first - last + 1 or tokens[first].kind == "(":
        return
    bar, below, variable, *_ = tokens[last:]
    if [bar.kind, below.kind, variable.kind] != ["/", "name", "name"] or below.value != "d":
        return
    above, x = source.text[tokens[first].at : bar.at].strip(), source.clip(variable.at, variable.end)
    if not any(t.kind == "name" and t.value == variable.value for t in tokens[first:last]):
        return
    power = f"^{tokens[2].value}" if order else ""
    end = tokens[-2].end
    product = f"(d{power}*{above})/(d*{x}{power})" if order else f"(d*{above})/(d*{x})"
    hint = f"Write `d{power}/d{x}{power} [{above}]` for the derivative; for a quotient write `{product}`."
    raise source.error("This may be a derivative, or a quotient of products.", tokens[0].at, end, hint=hint)


def _differential(source: Source, tokens: list[Token], index: int) -> None:
    """Refuse `x^2 dx`: a differential at the end, or alone above a fraction bar."""
    token, variable, after = (*tokens[index : index + 3], *tokens[-1:] * 2)[:3]
    before = tokens[index - 1] if index else None
    if variable.kind != "name" or not _touch(source, token, variable) or f"d{variable.value}" in source.names:
        return
    is_above = index > 1 and [t.kind for t in tokens[index - 2 : index]] == ["frac", "{"] and after.kind == "}"
    below = [t.value if t.kind == "name" else t.kind for t in tokens[index + 3 : index + 5]]
    if is_above and below == ["{", "d"]:  # dy/dx
        return
    if not is_above and (after.kind != "end" or (before is not None and before.kind in ("/", "^", "∂"))):
        return
    if before is not None and before.kind == "name" and before.end == token.at and before.value != variable.value:
        return  # abdx is a product of four letters
    written = source.clip(token.at, variable.end)
    rest = source.text[tokens[0].at : token.at].rstrip().removesuffix("\\\\,").removesuffix("\\,").strip()
    product = f"d*{source.clip(variable.at, variable.end)}"
    hint = f"Leave it out: `{rest}`. " if rest and not is_above else ""
    reason = f"{written} looks like the differential of an integral, and there is none here."
    hint += f"For a product of letters write `{product}`."
    raise source.error(reason, token.at, variable.end, hint=hint)


def _touch(source: Source, left: Token, right: Token) -> bool:
    """Tell whether two tokens stand close together: dx, d\\theta, \\mathrm{d}x."""
    between = source.text[left.end : right.at].strip()
    is_upright = left.end - left.at > 1  # \\mathrm{d} x
    return not between and (left.end == right.at or is_upright or source.text[right.at] == "\\")


def _inverse(source: Source, tokens: list[Token], index: int) -> None:
    """Refuse f^-1(x): the inverse function of f, or 1/f(x)."""
    kinds = [t.kind for t in tokens[index + 1 : index + 7]]
    braced = kinds[1:2] == ["{"]
    wanted = ["^", "{", "-", "number", "}", "("] if braced else ["^", "-", "number", "("]
    if kinds[: len(wanted)] != wanted or tokens[index + 3 + braced].value != 1:
        return
    name = tokens[index].value
    reason = f"{name}^-1(...) can mean the inverse function of {name}, or 1/{name}(...)."
    other = "g" if name != "g" else "h"
    hint = f"Write `1/{name}(x)` for the reciprocal; give an inverse function a name of its own, as in `{other}(x)`."
    raise source.error(reason, tokens[index].at, tokens[index + len(wanted) - 1].end, hint=hint)


def _operator(source: Source, tokens: list[Token], index: int) -> None:
    """Note D(...), which is a product here."""
    if tokens[index + 1].kind in ("(", "["):
        source.note(
            tokens[index].at, "D is read as a letter, and D(...) as a product; write `d/dx [...]` for a derivative."
        )


def _gamma(source: Source, tokens: list[Token], index: int) -> None:
    """Refuse Γ(x), the gamma function."""
    if tokens[index + 1].kind == "(":
        hint = "There is no rule for it here; write `Gamma*(...)` for a product."
        written = source.clip(tokens[index].at, tokens[index].end)
        raise source.error(
            f"{written}(...) looks like the gamma function.", tokens[index].at, tokens[index].end, hint=hint
        )


def _capital_e(source: Source, tokens: list[Token], index: int) -> None:
    """Note E^x: e is the number, E a variable."""
    following = tokens[index + 1 : index + 3]
    if [t.kind for t in following] != ["^", "number"] and following[0].kind == "^":
        source.note(
            tokens[index].at, "E is read as a variable; write `e^x` with a small e for the exponential function."
        )


_LOOKS = {"d": _d, "D": _operator, "E": _capital_e, "Gamma": _gamma}
