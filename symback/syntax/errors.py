"""What the parser says: the reasons of its errors, and the notes on readings that could be meant otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from symback.errors import ParseError
from symback.expr.functions import FUNCTIONS
from symback.syntax.by_cases import COMPARISON_HINT
from symback.syntax.derivatives import partner
from symback.syntax.source import MAX_DEPTH

if TYPE_CHECKING:
    from symback.syntax.applications import Head
    from symback.syntax.stack import Operator, Parser
    from symback.syntax.tokens import Token

_RESULT_NAMES = {
    "+": "sum", "-": "difference", "*": "product", "/": "quotient", "^": "power", "@": "matrix product",
}  # fmt: skip

_CONTINUES_FACTOR = frozenset(("name", "constant", "function", "frac", "root", "(", "{", "|("))


# --- errors ---------------------------------------------------------------------------------------------------------


def at_token(parser: Parser, reason: str, hint: str) -> ParseError:
    """Return an error at the token that is looked at, or at the one before where the text ends."""
    token = parser.tokens[parser.index]
    if token.at == token.end and parser.index:  # the end, or a bracket of a superscript that nobody typed
        token = parser.tokens[parser.index - 1]
    return parser.source.error(reason, token.at, token.end, hint=hint)


def no_term(parser: Parser) -> NoReturn:
    """Say why a term was wanted where there is none."""
    token = parser.tokens[parser.index]
    before = parser.tokens[parser.index - 1] if parser.index else None
    if before is None and token.kind == "end":
        raise parser.source.error("There is no expression.", token.at, hint="Write one, such as `x^2 + 1`.")
    if before is not None and before.kind in _RESULT_NAMES:
        raise _no_right_hand_side(parser, before)
    if token.kind in (")", "}", "]", "|)"):
        raise _nothing_inside(parser, before, token)
    if token.kind == "end":
        raise _ends_too_early(parser)
    if token.kind in _RESULT_NAMES:
        noun = _RESULT_NAMES[token.kind]
        hint = f"Write a term before {typed(parser, token)}."
        raise at_token(parser, f"The {noun} has no left-hand side.", hint)
    if token.kind == "[":
        raise square_bracket(parser)
    raise _stray(parser, token)


def _no_right_hand_side(parser: Parser, before: Token) -> ParseError:
    noun, sign = _RESULT_NAMES[before.kind], typed(parser, before)
    if before.kind == "-" and (parser.index < 2 or not _ends_term(parser.tokens[parser.index - 2])):
        reason = "Nothing follows the minus sign."
    elif before.kind == "^":
        reason = "The power has no exponent."
    else:
        reason = f"The {noun} has no right-hand side."
    end = max(before.end, before.at + 1)
    if parser.tokens[parser.index].kind not in ("end", ")", "}", "]", "|)"):
        found = parser.tokens[parser.index]
        reason = f"{reason[:-1]}: {sign} is followed by {typed(parser, found)}."
        return parser.source.error(reason, found.at, found.end, hint="Leave out one of the two signs.")
    return parser.source.error(reason, before.at, end, hint=f"Write a term after {sign}.")


def _ends_term(token: Token) -> bool:
    return token.kind in ("number", "name", "constant", "transpose", ")", "}", "]", "|)", "⌋", "⌉")


def typed(parser: Parser, token: Token) -> str:
    """Return a token as it was typed."""
    return parser.source.clip(token.at, token.end) or token.kind


def _nothing_inside(parser: Parser, before: Token | None, token: Token) -> ParseError:
    frame = parser.operators[-1]
    if before is None or frame.kind == "end":
        return wrong_bracket(parser, frame)
    head = _head_of(frame)
    if head is not None and head.name != "abs" and before.kind in ("(", "{"):
        hint = f"Write `{_example(head.name)}`."
        return parser.source.error(f"{head.name} has no argument.", head.at, token.end, hint=hint)
    if before.kind == ",":
        hint = "Write it, or leave out the comma."
        return parser.source.error("A value is missing after the comma.", before.at, token.end, hint=hint)
    hint = "Write an expression in them."
    return parser.source.error("There is nothing between the brackets.", before.at, token.end, hint=hint)


def _head_of(frame: Operator) -> Head | None:
    data = frame.data if isinstance(frame.data, tuple) else ()
    for part in data:
        if hasattr(part, "power"):
            head: Head = part
            return head
    return None


def _ends_too_early(parser: Parser) -> ParseError:
    frame = next(op for op in reversed(parser.operators) if op.level == 0)
    if frame.kind != "end":
        return never_closed(parser, frame)
    return at_token(parser, "The expression ends too early.", "Write a term at the end.")


def _stray(parser: Parser, token: Token) -> ParseError:
    if token.kind == ",":
        return stray_comma(parser)
    if token.kind == "=":
        return equals_sign(parser)
    if token.kind == "compare":
        return at_token(parser, "A comparison is not an expression.", COMPARISON_HINT)
    if token.kind == "'":
        return lone_prime(parser, parser.index)
    if token.kind == "_":
        return at_token(parser, "The base of a logarithm belongs directly after log.", "Write `log_2(x)`.")
    return at_token(parser, f"{typed(parser, token)} is not allowed here.", "Leave it out.")


def no_operator(parser: Parser) -> NoReturn:
    """Say why what follows a term cannot."""
    token = parser.tokens[parser.index]
    if token.kind == "[":
        raise square_bracket(parser)
    raise _stray(parser, token)


def square_bracket(parser: Parser) -> ParseError:
    return at_token(parser, f"{typed(parser, parser.tokens[parser.index])} is not read here.", "Write round brackets.")


def check_modulo(parser: Parser, in_sum: bool) -> None:
    """Refuse `x + 3 mod 2` and `-7 mod 3`: some mean the remainder of all of it, some of the last number."""
    if in_sum:
        hint = "Write mod(x + 3, 2) for the remainder of the sum, or x + mod(3, 2)."
        raise at_token(parser, "It is not clear what mod is taken of.", hint)


def equals_sign(parser: Parser) -> ParseError:
    if parser.source.arrays is not None and any(op.kind == ")" for op in parser.operators):
        hint = "Write == for a comparison; what a call may name is axis, keepdims, stride, padding or shape."
        return at_token(parser, "There is an equals sign in brackets.", hint)
    hint = "Write one expression, or a name in front, as in `y = x^2`."
    return at_token(parser, "An equation is not an expression.", hint)


def stray_comma(parser: Parser) -> ParseError:
    before, after = parser.tokens[parser.index - 1], parser.tokens[parser.index + 1]
    token = parser.tokens[parser.index]
    if parser.index and before.kind == after.kind == "number" and before.end == token.at and token.end == after.at:
        return _comma_in_number(parser)
    return at_token(parser, "A comma separates the values of a function only.", "Write one expression.")


def _comma_in_number(parser: Parser) -> ParseError:
    """Say both readings of 1,000, a thousand and a decimal, and the one that 0,5 or 1,000,000 has."""
    parts, place = [parser.tokens[parser.index - 1]], parser.index
    while parser.tokens[place].kind == "," and parser.tokens[place + 1].kind == "number":
        parts.append(parser.tokens[place + 1])
        place += 2
    source, end = parser.source, parts[-1].end
    written = [source.text[part.at : part.end] for part in parts]
    rest = source.text[end : end + 40].split("=")[0].split(";")[0].split(",")[0].rstrip()
    rest = "" if rest.startswith(tuple(" \n)]}")) else _up_to_bracket(rest)
    whole, decimal = "".join(written) + rest, ".".join(written) + rest
    groups = [len(part.partition(".")[0]) == 3 for part in written[1:]]
    is_grouped = all(groups) and len(written[0]) <= 3 and written[0] != "0" and "." not in "".join(written[:-1])
    at = parser.tokens[parser.index].at
    if len(written) > 2 or (is_grouped and "." in written[-1]):
        hint = f"Write `{whole[:60]}` without commas." if is_grouped else "Write one expression."
        return source.error("A comma in a number is not read.", at, hint=hint)
    if is_grouped:
        reason = f"The comma in {written[0]},{written[1]} can stand for thousands or for a decimal point."
        return source.error(reason, at, hint=f"Write `{whole[:60]}` for thousands, `{decimal[:60]}` for a decimal.")
    return source.error("A decimal comma is not read.", at, hint=f"Write `{decimal[:60]}` with a point.")


def _up_to_bracket(rest: str) -> str:
    """Return what touches a number, up to a blank or a bracket that is not closed there."""
    depth = 0
    for place, character in enumerate(rest):
        depth += {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}.get(character, 0)
        if depth < 0 or (not depth and character in " +-*/"):
            return rest[:place]
    return rest if not depth else ""


def lone_prime(parser: Parser, index: int) -> ParseError:
    token = parser.tokens[index]
    hint = "Write `f'(x)` or `(x^2)'` for a derivative, or `d/dx [...]`."
    return parser.source.error("A prime or quotation mark is not allowed here.", token.at, token.end, hint=hint)


def check_leibniz(parser: Parser) -> None:
    """Refuse dy/dx and \\frac{dy}{dx}: a derivative whose function is not there."""
    tokens = parser.tokens[parser.index : parser.index + 7]
    kinds = [t.kind for t in tokens if t.kind not in ("{", "}", "frac")]
    letters = [t for t in tokens if t.kind == "name"]
    in_line = kinds[:5] == ["name", "name", "/", "name", "name"] and letters[0].end == letters[1].at
    in_fraction = kinds[:4] == ["name"] * 4 and [t.kind for t in tokens[2:4]] == ["}", "{"]
    if (in_line or in_fraction) and letters[2].value == "d":
        function, variable = letters[1].value, letters[3].value
        reason = f"d{function}/d{variable} does not say what {function} is."
        hint = f"Write `d/d{variable} [...]` with {function} written out in the brackets."
        raise parser.source.error(reason, letters[0].at, letters[3].end, hint=hint)


def check_end_of_derivative(parser: Parser, operator: Operator) -> None:
    """Refuse `d/dx x^3 + 2x`, where the derivative may end before the plus or not; note d/dx (x^2)."""
    _, at, end = operator.data
    token, first = parser.tokens[parser.index], operator.place
    sign = parser.source.clip(at, end)
    if parser.tokens[first].kind in ("(", "{") and partner(parser.tokens, first) == parser.index - 1:
        remark = f"{sign}(...) is read as the derivative of what is in the bracket."
        parser.source.note(parser.tokens[first].at, remark)
    elif token.kind in ("+", "-"):
        inside, rest = parser.source.clip(end, token.at), parser.source.clip(token.at, token.end)
        hint = f"Write {sign} [{inside}] {rest} ... where it ends there, else {sign} [{inside} {rest} ...]."
        raise parser.source.error("It is not clear where the derivative ends.", token.at, token.end, hint=hint)


def lone_partial(parser: Parser) -> NoReturn:
    hint = "Write it as in `∂/∂x [x^2 y]`, with square brackets."
    raise at_token(parser, "The sign ∂ belongs to a derivative.", hint)


def check_known_function(parser: Parser, name: str) -> None:
    """Refuse f(x) in a text about arrays, where every function has to be known."""
    arrays = parser.source.arrays
    if arrays is not None and not parser.source.law and name not in arrays.functions:
        hint = f"Define it, as in def {name}(t) = t^2, or write {name}*(...) for a product."
        raise at_token(parser, f"There is no function called {name}.", hint)


def never_closed(parser: Parser, frame: Operator) -> ParseError:
    opened = parser.tokens[frame.place]
    hint = {"|)": "Add a bar after it."}.get(frame.kind, f"Add a {frame.kind} at the end.")
    return parser.source.error("This bracket is never closed.", opened.at, opened.end, hint=hint)


def wrong_bracket(parser: Parser, frame: Operator) -> ParseError:
    written = typed(parser, parser.tokens[parser.index])
    if frame.kind == "end":
        return at_token(
            parser, f"The bracket {written} closes nothing.", f"Leave out the {written}, or open it before."
        )
    opened, wanted = typed(parser, parser.tokens[frame.place]), frame.kind.strip("|") if frame.kind != "|)" else "|"
    return at_token(parser, f"The bracket {opened} is closed by {written}.", f"Write {wanted} instead of {written}.")


def too_deep(parser: Parser) -> ParseError:
    reason = f"The expression is nested more than {MAX_DEPTH} levels deep."
    token = parser.tokens[parser.index]
    return parser.source.too_large(reason, token.at, token.end, hint="Give a name to an inner part.")


def too_many_divisions(parser: Parser, operators: list[Operator]) -> ParseError:
    token = parser.tokens[[op for op in operators if op.kind in ("/", "@", "mod")][-1].place]
    if token.kind == "@":
        reason = f"Matrix products one after the other nest more than {MAX_DEPTH} levels deep."
        return parser.source.too_large(reason, token.at, token.end, hint="Give a name to a part of it.")
    reason = f"Divisions one after the other nest more than {MAX_DEPTH} levels deep."
    return parser.source.too_large(reason, token.at, token.end, hint="Write one fraction, as in `a/(b*c)`.")


def no_argument(parser: Parser, head: Head) -> ParseError:
    return parser.source.error(
        f"{head.name} has no argument.", head.at, head.end, hint=f"Write `{_example(head.name)}`."
    )


def no_part(parser: Parser, head: Head, part: str) -> ParseError:
    what = "exponent" if part == "power" else "base"
    hint = "Write `sin^2(x)`." if part == "power" else "Write `log_2(x)`."
    return at_token(parser, f"The {what} of {head.name} is missing.", hint)


def _example(name: str) -> str:
    row = FUNCTIONS.get(name)
    return f"{name}(x, 0)" if row and row.arity == 2 and name != "log" else f"{name}(x)"


def check_bracketless(parser: Parser, head: Head) -> None:
    """Refuse `max x`: a function of two values has brackets."""
    row = FUNCTIONS.get(head.name)
    if row and row.arity > 1 and head.name != "log":
        token = parser.tokens[parser.index]
        hint = f"Write `{_example(head.name)}`."
        raise parser.source.error(f"{head.name} takes {row.arity} values in brackets.", head.at, token.end, hint=hint)


def check_neighbours(parser: Parser) -> None:
    """Refuse `2 3`: it may be meant as a product or as one number."""
    before, token = parser.tokens[parser.index - 1], parser.tokens[parser.index]
    if token.kind == before.kind == "number" and not _begins_factor(parser):
        left, right = typed(parser, before), typed(parser, token)
        hint = f"Write `{left}*{right}` for a product, or the digits without a space."
        raise parser.source.error("Two numbers are next to each other.", before.at, token.end, hint=hint)


def _begins_factor(parser: Parser) -> bool:
    """Tell whether a number after an exponent begins the next factor, as in `x^2 2^x` and `x^2 3y`.

    A blank (or raised digits, as in x²2ˣ) ends the exponent, and the number is a base itself, or touches what follows.
    """
    index = parser.index
    sign = parser.tokens[index - 3 if parser.tokens[index - 2].kind == "-" else index - 2]
    before, token, following = parser.tokens[index - 1 : index + 2]
    ends = before.end < token.at or sign.value == "superscript"
    touches = following.kind in _CONTINUES_FACTOR and following.at == token.end
    return sign.kind == "^" and ends and (following.kind == "^" or touches)
