"""The parser's notes: readings that could be meant otherwise, and what to write for the other meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sympy.core.symbol import Symbol

from symback.expr.tree import ONE, Neg, Plus, Quotient, Times, Tree
from symback.syntax.errors import typed
from symback.syntax.words import UNKNOWN_FUNCTIONS

if TYPE_CHECKING:
    from symback.syntax.applications import Head
    from symback.syntax.arrays import Arrays
    from symback.syntax.stack import Operator, Parser
    from symback.syntax.tokens import Token

_ATOMS = ("number", "name", "constant")


def note_neighbours(parser: Parser, in_exponent: bool) -> None:
    """Note `x 2`, which is x*2; `e^2x`, which is e^2*x; `f^2(x)`, which is a product."""
    before, token = parser.tokens[parser.index - 1], parser.tokens[parser.index]
    if parser.source.latex and parser.tokens[parser.index - 2].kind == "^" and before.end - before.at == 1:
        return  # x^2 3^x: a power takes one letter
    if token.kind == before.kind == "number":  # x^2 2^x
        remark = f"The {typed(parser, token)} begins a factor of its own; write the exponent before it in brackets"
        _note(parser, token.at, f"{remark} if it goes on.")
    elif token.kind == "number" and not (before.kind == "}" and before.at < before.end):  # 2^{x}3^{x}
        left, right = typed(parser, before), typed(parser, token)
        base = left if before.kind in _ATOMS else "(...)"
        _note(parser, token.at, f"The {right} after {left} is read as a factor; write `{base}^{right}` for a power.")
    if token.kind == "(" and before.kind == "number":
        _note_power_of_function(parser)
    if in_exponent and before.end == token.at and before.kind in _ATOMS:
        _note_power(parser, before, token)


def note_elementwise(parser: Parser, arrays: Arrays) -> None:
    """Note `W x`, which is W*x entry by entry, and `x^T A`."""
    before, token = parser.tokens[parser.index - 1], parser.tokens[parser.index]
    if token.kind == "name" and arrays.shapes.get(token.value) == ():  # a number
        return
    is_transposed = before.kind in ("transpose", "'")
    if is_transposed or before.kind == "name" and arrays.axes(before.value) > 1:
        first = parser.tokens[parser.index - 2] if is_transposed else before
        left, right = parser.source.clip(first.at, before.end), _beginning(parser, token)
        reading = f"{left} {right} is read as a product entry by entry"
        _note(parser, token.at, f"{reading}; write {left} @ {right} for the matrix product.")


def note_bars(parser: Parser, arrays: Arrays, head: Head, inside: Tree) -> None:
    """Note `|x|` of a vector or matrix: its entries without their signs, no length and no determinant."""
    axes = max((arrays.axes(s.name) for s in _entrywise_symbols(inside)), default=0)
    if axes:
        written = parser.source.clip(head.at, parser.tokens[parser.index - 1].end)
        inner = written.strip("|").strip()
        other = (
            f"norm({inner}) for the length"
            if axes == 1
            else f"exp(logdet({inner})) for |det|, norm({inner}) for the length"
        )
        _note(parser, head.at, f"{written} is read as the absolute value of each entry; write {other}.")


def _entrywise_symbols(tree: Tree) -> Iterator[Symbol]:
    """Yield the names in sums, products and quotients: what they stand for has its shape in the whole."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Symbol):
            yield node
        elif isinstance(node, (Plus, Times, Neg, Quotient)):
            stack.extend(node._args)


def note_raised_t(parser: Parser) -> None:
    """Note `x^T A x` in a text without arrays, where ^T is a power."""
    before = parser.tokens[parser.index - 1]
    if before.kind != "}" and before.value != "T":
        return
    latest = parser.tokens[max(parser.index - 5, 0) : parser.index]
    name, sign, exponent = ([None] * 3 + [t for t in latest if t.kind not in ("{", "}")])[-3:]
    if name is None or sign is None or exponent is None or "T" in parser.source.names:
        return
    if name.kind == exponent.kind == "name" and sign.kind == "^" and exponent.value == "T":
        remark = f"{typed(parser, name)}^T is read as a power; for a transpose write a graph with shapes, as in"
        _note(parser, name.at, f'{remark} symback backprop "x: n; A: n x n; L = x.T @ A @ x".')


def _note(parser: Parser, at: int, remark: str) -> None:
    parser.source.note(at, remark)


def _note_power(parser: Parser, exponent: Token, token: Token) -> None:
    """Note `e^2x`, which is e^2*x, but not `x^2y`."""
    index = parser.index - 2
    minus = parser.tokens[index].kind == "-"
    sign = parser.tokens[index - minus]
    base = parser.tokens[index - minus - 1]
    if sign.kind != "^" or sign.value == "superscript" or (base.kind in ("name", ")") and exponent.kind == "number"):
        return
    power = parser.source.text[base.at : exponent.end]
    following = _beginning(parser, token)
    inside = parser.source.text[sign.end : token.at] + following
    longer = f"{typed(parser, base)}^({inside})"
    _note(
        parser, base.at, f"{power}{following} is read as {power}*{following}; write `{longer}` for the longer exponent."
    )


def _note_power_of_function(parser: Parser) -> None:
    """Note `f^2(x)`, which is f^2*(x)."""
    if parser.index < 3:
        return
    base, sign = parser.tokens[parser.index - 3 : parser.index - 1]
    if sign.kind == "^" and base.kind == "name" and base.value in UNKNOWN_FUNCTIONS:
        reading = f"{base.value}^{typed(parser, parser.tokens[parser.index - 1])}(...) is read as a product"
        _note(parser, base.at, f"{reading}; write `{base.value}(x)^2` for the power of a function.")


def _beginning(parser: Parser, token: Token) -> str:
    """Return how a factor begins: a name or number whole, anything else with dots."""
    written = typed(parser, token)
    if token.kind in ("number", "name", "constant"):
        return written
    return {"(": "(...)", "{": "{...}", "|(": "|...|"}.get(token.kind, written + "(...)")


def note_division(parser: Parser, division: Operator) -> None:
    """Note `1/2x`, which is (1/2)*x."""
    source, tokens = parser.source, parser.tokens
    token, before = tokens[parser.index], tokens[division.place - 1]
    above = typed(parser, before) if before.kind in _ATOMS else "..."
    divisor = source.clip(tokens[division.place].end, tokens[parser.index - 1].end)
    gap = " " if tokens[parser.index - 1].end < token.at else ""
    factor = _beginning(parser, token)
    remark = f"{above}/{divisor}{gap}{factor} is read from left to right as ({above}/{divisor})*{factor}"
    _note(parser, tokens[division.place].at, f"{remark}; write `{above}/({divisor}{gap}{factor})` to divide by both.")


def note_divided_exponent(parser: Parser) -> None:
    """Note `x^1/3`, which is (x^1)/3, and `e^-x/2`, which is (e^-x)/2."""
    tokens, place = parser.tokens, parser.index - 1
    if tokens[place].kind not in _ATOMS:
        return
    while _is_tower(tokens, place):  # -x^2 in e^-x^2/2
        place -= 2
    minus = tokens[place - 1].kind == "-"
    sign = tokens[place - 1 - minus] if place > minus else tokens[0]
    if sign.kind != "^" or sign.value is not None or not (minus or tokens[parser.index - 1].value == ONE):
        return
    exponent = parser.source.clip(sign.end, tokens[parser.index - 1].end)
    divisor = _beginning(parser, tokens[parser.index + 1])
    remark = f"^{exponent}/{divisor} is read as a division after the power"
    base = tokens[place - minus - 2]
    longer = f"{typed(parser, base) if base.kind in _ATOMS else '(...)'}^({exponent}/{divisor})"
    _note(parser, sign.at, f"{remark}; write `{longer}` for the exponent.")


def _is_tower(tokens: list[Token], place: int) -> bool:
    """Tell whether the token is the exponent of a letter that is in an exponent itself."""
    before = [t.kind for t in tokens[max(place - 4, 0) : place]]
    is_exponent = before[-1:] == ["^"] and tokens[place - 1].value is None and before[-2] in _ATOMS
    return is_exponent and (before[-3:-2] == ["^"] or before[:2] == ["^", "-"])


def note_spaced_argument(parser: Parser, head: Head) -> None:
    """Note `sin x y`, which is sin(x y), and `sqrt2 x`, which is sqrt(2x)."""
    before, token = parser.tokens[parser.index - 1], parser.tokens[parser.index]
    if before.kind == "number" and head.name in ("sqrt", "cbrt"):
        number, factor = typed(parser, before), typed(parser, token)
        reading = f"{head.name} {number}{factor} is read as {head.name}({number}*{factor})"
        _note(parser, head.at, f"{reading}; write `{head.name}({number})*{factor}` for a root that ends before.")
    elif before.kind != "number" and before.end < token.at:
        written = typed(parser, token)
        _note(
            parser,
            token.at,
            f"{written} belongs to the argument of {head.name}; {_use_brackets(head)} to end it before.",
        )


def note_argument(parser: Parser, head: Head, joins: bool) -> None:
    """Note `sin x(x+1)`, which is sin(x)*(x+1), and `sin 2(x+1)`, which is sin(2(x+1))."""
    token = parser.tokens[parser.index]
    if joins:
        number = typed(parser, parser.tokens[parser.index - 1])
        remark = (
            f"What follows {number} belongs to the argument of {head.name}; {_use_brackets(head)} to end it before."
        )
        _note(parser, token.at, remark)
    elif token.kind not in ("function", "name"):
        written = typed(parser, token)
        remark = f"The argument of {head.name} ends before {written}; {_use_brackets(head)} for a longer one."
        _note(parser, token.at, remark)


def note_after_argument(parser: Parser, head: Head, is_number: bool) -> None:
    """Note `sin x/2`, which is sin(x)/2, and `sin 2*x`."""
    token = parser.tokens[parser.index]
    if token.kind == "/" or (token.kind == "*" and is_number):
        argument = parser.source.clip(head.end, parser.tokens[parser.index - 1].end)
        sign = typed(parser, token)
        reading = f"{head.name} {argument}{sign}... is read as {head.name}({argument}){sign}..."
        _note(parser, head.at, f"{reading}; {_use_brackets(head)} for a longer argument.")


def _use_brackets(head: Head) -> str:
    return f"write `{head.name}(...)` with brackets"


def note_greek_function(parser: Parser, name: str) -> None:
    token = parser.tokens[parser.index]
    reading = f"{typed(parser, token)}(...) is read as the {name} function"
    _note(parser, token.at, f"{reading}; declare the name for a product.")


def note_product_with_bracket(parser: Parser) -> None:
    """Note `y(t)`, which is y*t: it looks like a function."""
    token, _, inside, close = (*parser.tokens[parser.index : parser.index + 4], *parser.tokens[-1:] * 4)[:4]
    if inside.kind == "name" and close.kind == ")":
        name, argument = typed(parser, token), typed(parser, inside)
        reading = f"{name}({argument}) is read as the product {name}*{argument}"
        _note(
            parser,
            token.at,
            f"{reading}; a function is called f, g or h, or its variable {argument} is the one to differentiate by.",
        )


def note_operator(parser: Parser, name: str) -> None:
    """Note `D_x u`, where D_x might be the sign of a derivative."""
    token, following = parser.tokens[parser.index : parser.index + 2]
    variable = name.removeprefix("D_")
    is_used = any(t.kind == "name" and t.value == variable for t in parser.tokens)
    if name not in parser.source.names and is_used and following.kind in ("name", "constant", "function", "number"):
        remark = f"{name} is read as a name of its own; write `{name}(...)` for the derivative by {variable}."
        _note(parser, token.at, remark)


def note_root_sign(parser: Parser, operator: Operator) -> None:
    """Note `√2x`, which is √2*x, and `√x^2`, which is √(x^2)."""
    token, following = parser.tokens[operator.place], parser.tokens[parser.index]
    sign, last = typed(parser, token), parser.tokens[parser.index - 1]
    root = parser.source.clip(token.at, last.end)
    if following.kind in ("name", "constant", "(", "|(", "frac") and following.at == last.end:
        reading = f"{root}{_beginning(parser, following)} is read as {root} times what follows"
        _note(parser, token.at, f"{reading}; write `{sign}(...)` for a longer root.")
    elif any(t.kind == "^" for t in parser.tokens[operator.place + 1 : parser.index][:4]):
        remark = f"{root} is read as the root of the power; write `({sign}x)^2` for the power of a root."
        _note(parser, token.at, remark)
