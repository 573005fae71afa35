"""What the parser says: the reasons of its errors, and the notes on readings that could be meant otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from symback.errors import ParseError
from symback.functions import FUNCTIONS
from symback.parse.source import MAX_DEPTH
from symback.parse.words import UNKNOWN_FUNCTIONS

if TYPE_CHECKING:
    from symback.parse.applications import Head
    from symback.parse.grammar import Operator, Parser
    from symback.parse.tokens import Token

_RESULT_NAMES = {"+": "sum", "-": "difference", "*": "product", "/": "quotient", "^": "power"}
_NOUNS = {"^": "power", "/": "quotient", "*": "product", "+": "sum"}


# --- errors -------------------------------------------------------------------------------------------------------------


def at_token(parser: Parser, reason: str, hint: str) -> ParseError:
    """Return an error at the token that is looked at, or at the one before where the text ends."""
    token = parser.tokens[parser.index]
    if token.kind == "end" and parser.index:
        token = parser.tokens[parser.index - 1]
    return parser.source.error(reason, token.at, token.end, hint=hint)


def no_term(parser: Parser) -> NoReturn:
    """Say why a term was wanted where there is none."""
    token = parser.tokens[parser.index]
    before = parser.tokens[parser.index - 1] if parser.index else None
    if before is None and token.kind == "end":
        raise parser.source.error("There is no expression.", token.at, hint="Write one, such as x^2 + 1.")
    if before is not None and before.kind in _RESULT_NAMES:
        raise _no_right_hand_side(parser, before)
    if token.kind in (")", "}", "]", "|)"):
        raise _nothing_inside(parser, before, token)
    if token.kind == "end":
        raise _ends_too_early(parser)
    if token.kind in _RESULT_NAMES:
        noun = _RESULT_NAMES[token.kind]
        hint = f"Write a term before {_typed(parser, token)}."
        raise at_token(parser, f"The {noun} has no left-hand side.", hint)
    if token.kind == "[":
        raise square_bracket(parser)
    raise _stray(parser, token)


def _no_right_hand_side(parser: Parser, before: Token) -> ParseError:
    noun, sign = _RESULT_NAMES[before.kind], _typed(parser, before)
    if before.kind == "-" and (parser.index < 2 or not _ends_term(parser.tokens[parser.index - 2])):
        reason = "Nothing follows the minus sign."
    elif before.kind == "^":
        reason = "The power has no exponent."
    else:
        reason = f"The {noun} has no right-hand side."
    end = max(before.end, before.at + 1)
    if parser.tokens[parser.index].kind not in ("end", ")"):
        found = parser.tokens[parser.index]
        reason = f"{reason[:-1]}: after {sign} stands {_typed(parser, found)}."
        return parser.source.error(reason, found.at, found.end, hint="Leave out one of the two signs.")
    return parser.source.error(reason, before.at, end, hint=f"Write a term after {sign}.")


def _ends_term(token: Token) -> bool:
    return token.kind in ("number", "name", "constant", ")", "}", "]", "|)")


def _typed(parser: Parser, token: Token) -> str:
    return parser.source.text[token.at : token.end] or token.kind


def _nothing_inside(parser: Parser, before: Token | None, token: Token) -> ParseError:
    frame = parser.operators[-1]
    if before is None or frame.kind == "end":
        return wrong_bracket(parser, frame)
    head = _head_of(frame)
    if head is not None and head.name != "abs" and before.kind in ("(", "{"):
        return parser.source.error(f"{head.name} has no argument.", head.at, token.end, hint=f"Write {_example(head.name)}.")
    if before.kind == ",":
        return parser.source.error("A value is missing after the comma.", before.at, token.end, hint="Write it, or leave out the comma.")
    return parser.source.error("There is nothing between the brackets.", before.at, token.end, hint="Write an expression in them.")


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
    if token.kind == "'":
        return lone_prime(parser, parser.index)
    if token.kind == "_":
        return at_token(parser, "The base of a logarithm belongs directly after log.", "Write log_2(x).")
    return at_token(parser, f"{_typed(parser, token)} cannot stand here.", "Leave it out.")


def no_operator(parser: Parser) -> NoReturn:
    """Say why what follows a term cannot."""
    token = parser.tokens[parser.index]
    if token.kind == "[":
        raise square_bracket(parser)
    raise _stray(parser, token)


def square_bracket(parser: Parser) -> ParseError:
    hint = "Write round brackets; square ones stand after d/dx only."
    return at_token(parser, "Square brackets stand only around what is differentiated.", hint)


def equals_sign(parser: Parser) -> ParseError:
    hint = "Write one expression, or a name in front, as in y = x^2."
    return at_token(parser, "An equation is not an expression.", hint)


def stray_comma(parser: Parser) -> ParseError:
    before, after = parser.tokens[parser.index - 1], parser.tokens[parser.index + 1]
    token = parser.tokens[parser.index]
    if parser.index and before.kind == after.kind == "number" and before.end == token.at and token.end == after.at:
        written = parser.source.text[before.at : before.end] + "." + parser.source.text[after.at : after.end]
        return parser.source.error("A decimal comma is not read.", token.at, hint=f"Write {written[:40]} with a point.")
    return at_token(parser, "A comma separates the values of a function only.", "Write one expression.")


def lone_prime(parser: Parser, index: int) -> ParseError:
    token = parser.tokens[index]
    hint = "Write f'(x) with f, g or h for the derivative of an unknown function, or d/dx [...]."
    return parser.source.error("A prime or quotation mark cannot stand here.", token.at, token.end, hint=hint)


def check_leibniz(parser: Parser) -> None:
    """Refuse dy/dx and \\frac{dy}{dx}: a derivative whose function is not there."""
    tokens = parser.tokens[parser.index : parser.index + 7]
    kinds = [t.kind for t in tokens if t.kind not in ("{", "}", "frac")]
    letters = [t for t in tokens if t.kind == "name"]
    divided = kinds[:5] == ["name", "name", "/", "name", "name"] or (
        kinds[:4] == ["name"] * 4 and [t.kind for t in tokens[2:4]] == ["}", "{"]
    )
    if divided and letters[0].value == letters[2].value == "d" and letters[0].end == letters[1].at:
        written = f"{letters[1].value}", f"d/d{letters[3].value}"
        reason = f"d{written[0]}/d{letters[3].value} does not say what {written[0]} is."
        hint = f"Write {written[1]} [...] with {written[0]} written out in the brackets."
        raise parser.source.error(reason, letters[0].at, letters[3].end, hint=hint)


def lone_partial(parser: Parser) -> NoReturn:
    hint = "Write it as in ∂/∂x [x^2 y], with square brackets."
    raise at_token(parser, "The sign ∂ belongs to a derivative.", hint)


def never_closed(parser: Parser, frame: Operator) -> ParseError:
    opened = parser.tokens[frame.index]
    hint = {"|)": "Add a bar after it."}.get(frame.kind, f"Add a {frame.kind} at the end.")
    return parser.source.error("This bracket is never closed.", opened.at, opened.end, hint=hint)


def wrong_bracket(parser: Parser, frame: Operator) -> ParseError:
    token = parser.tokens[parser.index]
    typed = _typed(parser, token)
    if frame.kind == "end":
        return at_token(parser, f"The bracket {typed} closes nothing.", f"Leave out the {typed}, or open it before.")
    opened = _typed(parser, parser.tokens[frame.index])
    return at_token(parser, f"The bracket {opened} is closed by {typed}.", f"Write {frame.kind.lstrip('|') if frame.kind != '|)' else '|'} instead of {typed}.")


def too_deep(parser: Parser) -> ParseError:
    reason = f"The expression is nested more than {MAX_DEPTH} levels deep."
    token = parser.tokens[parser.index]
    return parser.source.too_large(reason, token.at, token.end, hint="Give a name to an inner part.")


def too_many_divisions(parser: Parser, operators: list[Operator]) -> ParseError:
    token = parser.tokens[[op for op in operators if op.kind == "/"][-1].index]
    reason = f"Divisions one after the other nest more than {MAX_DEPTH} levels deep."
    return parser.source.too_large(reason, token.at, token.end, hint="Write one fraction, as in a/(b*c).")


def no_argument(parser: Parser, head: Head) -> ParseError:
    return parser.source.error(f"{head.name} has no argument.", head.at, head.end, hint=f"Write {_example(head.name)}.")


def no_part(parser: Parser, head: Head, part: str) -> ParseError:
    what = "exponent" if part == "power" else "base"
    hint = "Write sin^2(x)." if part == "power" else "Write log_2(x)."
    return at_token(parser, f"The {what} of {head.name} is missing.", hint)


def _example(name: str) -> str:
    row = FUNCTIONS.get(name)
    return f"{name}(x, 2)" if row and row.arity == 2 and name != "log" else f"{name}(x)"


def check_bracketless(parser: Parser, head: Head) -> None:
    """Refuse `max x`: a function of two values has brackets."""
    row = FUNCTIONS.get(head.name)
    if row and row.arity > 1 and head.name != "log":
        token = parser.tokens[parser.index]
        hint = f"Write {_example(head.name)}."
        raise parser.source.error(f"{head.name} takes {row.arity} values in brackets.", head.at, token.end, hint=hint)


def check_neighbours(parser: Parser) -> None:
    """Refuse `2 3`; note `x 2` and `e^2x`."""
    before, token = parser.tokens[parser.index - 1], parser.tokens[parser.index]
    if token.kind == "number":
        if before.kind == "number":
            left, right = _typed(parser, before), _typed(parser, token)
            hint = f"Write {left}*{right} for a product, or the digits without a space."
            raise parser.source.error("Two numbers stand next to each other.", before.at, token.end, hint=hint)
        left, right = _typed(parser, before), _typed(parser, token)
        _note(parser, token.at, f"The {right} after {left} is read as a factor; write ^{right} for a power.")
    if token.kind == "(" and before.kind == "number":
        _note_power_of_function(parser)
    if before.end == token.at and parser.operators[-1].level >= 8 and before.kind in ("number", "name", "constant"):
        _note_power(parser, before, token)


# --- notes --------------------------------------------------------------------------------------------------------------


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
    _note(parser, base.at, f"{power}{following} is read as {power}*{following}; write {_typed(parser, base)}^({inside}) for the longer exponent.")


def _note_power_of_function(parser: Parser) -> None:
    """Note `f^2(x)`, which is f^2*(x)."""
    base, sign = parser.tokens[parser.index - 3 : parser.index - 1]
    if parser.index > 2 and sign.kind == "^" and base.kind == "name" and base.value in UNKNOWN_FUNCTIONS:
        _note(parser, base.at, f"{base.value}^2(...) is read as a product; write {base.value}(x)^2 for the power of a function.")


def _beginning(parser: Parser, token: Token) -> str:
    """Return how a factor begins: a name or number whole, anything else with dots."""
    typed = _typed(parser, token)
    if token.kind in ("number", "name", "constant"):
        return typed
    return {"(": "(...)", "{": "{...}", "|(": "|...|"}.get(token.kind, typed + "(...)")


def note_division(parser: Parser, division: Operator) -> None:
    """Note `1/2x`, which is (1/2)*x."""
    source, tokens = parser.source, parser.tokens
    token = tokens[parser.index]
    divisor = source.text[tokens[division.index].end : tokens[parser.index - 1].end].strip()
    before = tokens[division.index - 1]
    simple = before.kind in ("number", "name", "constant")
    above = _typed(parser, before) if simple else "..."
    factor = _beginning(parser, token)
    _note(parser, tokens[division.index].at,
          f"{above}/{divisor} {factor} is read from left to right as ({above}/{divisor})*{factor}; write {above}/({divisor} {factor}) to divide by both.")


def note_spaced_argument(parser: Parser) -> None:
    """Note `sin x y`, which is sin(x y)."""
    before, token = parser.tokens[parser.index - 1], parser.tokens[parser.index]
    if before.kind == "number" or before.end == token.at:
        return
    head = next(op for op in reversed(parser.operators) if op.level == 5).data
    _note(parser, token.at, f"{_typed(parser, token)} belongs to the argument of {head.name}; write {head.name}(...) with brackets to end it before.")


def note_argument(parser: Parser, joins: bool) -> None:
    """Note `sin x(x+1)`, which is sin(x)*(x+1), and `sin 2(x+1)`, which is sin(2(x+1))."""
    head = next(op for op in reversed(parser.operators) if op.level == 5).data
    token = parser.tokens[parser.index]
    if joins:
        _note(parser, token.at, f"What follows {_typed(parser, parser.tokens[parser.index - 1])} belongs to the argument of {head.name}; write {head.name}(...) with brackets to end it before.")
    elif token.kind != "function":
        _note(parser, token.at, f"The argument of {head.name} ends before {_typed(parser, token)}; write {head.name}(...) with brackets for a longer one.")


def note_after_argument(parser: Parser, head: Head, is_number: bool) -> None:
    """Note `sin x/2`, which is sin(x)/2, and `sin 2*x`."""
    token = parser.tokens[parser.index]
    if token.kind == "/" or (token.kind == "*" and is_number):
        argument = parser.source.text[head.end : parser.tokens[parser.index - 1].end].strip()
        sign = _typed(parser, token)
        _note(parser, head.at, f"{head.name} {argument}{sign}... is read as {head.name}({argument}){sign}...; write {head.name}(...) with brackets for a longer argument.")


def note_greek_function(parser: Parser, name: str) -> None:
    token = parser.tokens[parser.index]
    _note(parser, token.at, f"{_typed(parser, token)}(...) is read as the {name} function; declare the name for a product.")


def note_product_with_bracket(parser: Parser) -> None:
    """Note `y(t)`, which is y*t: it looks like a function."""
    index = parser.index
    tokens = parser.tokens
    if tokens[index + 2].kind == "name" and tokens[index + 3].kind == ")":
        name, inside = _typed(parser, tokens[index]), _typed(parser, tokens[index + 2])
        _note(parser, tokens[index].at, f"{name}({inside}) is read as the product {name}*{inside}; unknown functions are called f, g or h.")


def note_root_sign(parser: Parser, operator: Operator) -> None:
    """Note `√2x`, which is √2*x, and `√x^2`, which is √(x^2)."""
    token, following = parser.tokens[operator.index], parser.tokens[parser.index]
    root = parser.source.text[token.at : parser.tokens[parser.index - 1].end]
    sign = _typed(parser, token)
    if following.kind in ("name", "constant", "(", "|(", "frac") and following.at == parser.tokens[parser.index - 1].end:
        _note(parser, token.at, f"{root}{_typed(parser, following)} is read as {root} times what follows; write {sign}(...) for a longer root.")
    elif any(t.kind == "^" for t in parser.tokens[operator.index + 1 : parser.index][:4]):
        _note(parser, token.at, f"{root} is read as the root of the power; write ({sign}x)^2 for the power of a root.")
