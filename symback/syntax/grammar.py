"""From tokens to a tree: one operator-precedence parser with an explicit stack, so that no depth of nesting recurses.

The parser is in one of two states. Where a term is wanted it takes a number, a name, an opening bracket, a sign or a
function (`terms.py`); after a term it takes an operator, a closing bracket, or, where another term begins, the product
that nobody wrote. Operators wait on the stack (`stack.py`) until one of a lower level comes.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy.core.symbol import Symbol

from symback.expr.tree import Tree
from symback.syntax import errors as complaints
from symback.syntax import notes as remarks
from symback.syntax.branches import (
    open_point,
    take_ampersand,
    take_comma_in_rows,
    take_comparison,
    take_else,
    take_equals,
    take_if,
    take_junction,
    take_row_end,
)
from symback.syntax.derivatives import is_derivative
from symback.syntax.integrals import DIFFERENTIAL
from symback.syntax.own_functions import is_function
from symback.syntax.postfixes import (
    close_entry,
    close_list,
    close_tuple,
    index_part,
    open_entry,
    take_colon,
    take_prime,
    take_transpose,
)
from symback.syntax.source import Source
from symback.syntax.stack import (
    ARGUMENT,
    FRAME,
    FUNCTION,
    MINUS,
    MINUS_ARGUMENT,
    MINUS_FACTOR,
    POWER,
    PREFIX,
    PRODUCT,
    SUM,
    Operator,
    Parser,
)
from symback.syntax.terms import ATOMS, STARTS_TERM, TERM, close_call, close_integral
from symback.syntax.tokens import Token
from symback.syntax.words import GREEK_FUNCTIONS, UNKNOWN_FUNCTIONS

_INFIX = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "@": PRODUCT, "mod": PRODUCT, "^": POWER}
_CLOSING = frozenset((DIFFERENTIAL, ")", "}", "]", "|)", "⌋", "⌉", "end_cases"))


def tree_of(source: Source, tokens: list[Token]) -> Tree:
    """Return the tree of all the tokens, or raise `ParseError`."""
    parser = Parser(source, tokens)
    wants_term = True
    while True:
        kind = tokens[parser.index].kind
        if wants_term:
            wants_term = TERM.get(kind, complaints.no_term)(parser)
        elif kind in STARTS_TERM:
            _unwritten_product(parser)
            wants_term = True
        elif kind == "end":
            return _result(parser)
        else:
            wants_term = _AFTER_TERM.get(kind, complaints.no_operator)(parser)


def _result(parser: Parser) -> Tree:
    parser.build_above(FRAME)
    if len(parser.operators) > 1:
        raise complaints.never_closed(parser, parser.operators[-1])
    return parser.terms.pop()


# --- the product that nobody wrote ------------------------------------------------------------------------------------


def _unwritten_product(parser: Parser) -> None:
    """Put a product between two terms that stand next to each other."""
    complaints.check_neighbours(parser)
    remarks.note_neighbours(parser, in_exponent=parser.operators[-1].level >= PREFIX)
    if parser.source.arrays is not None:
        remarks.note_elementwise(parser, parser.source.arrays)
    else:
        remarks.note_raised_t(parser)
    parser.build_above(ARGUMENT)
    if parser.operators[-1].level in (FUNCTION, MINUS_ARGUMENT, ARGUMENT) and _joins_argument(parser):
        parser.operators.append(Operator(ARGUMENT, "", parser.index, parser.open_function()))
        return
    parser.build_above(PRODUCT)
    top = parser.operators[-1]
    if top.level == PRODUCT and top.kind == "/":
        remarks.note_division(parser, top)
    parser.operators.append(Operator(PRODUCT, "", parser.index))


def _joins_argument(parser: Parser) -> bool:
    """Tell whether the next factor belongs to the function without brackets: letters and numbers do.

    A bracket or another function does only directly after a number, as in sin 2(x+1).
    """
    last, token = parser.tokens[parser.index - 1], parser.tokens[parser.index]
    if token.kind in ATOMS and last.kind != "|)" and not _begins_application(parser) and not _is_exponential(parser):
        remarks.note_spaced_argument(parser, parser.open_function())
        return True
    joins = last.kind == "number" and last.end == token.at and parser.operators[-1].level != ARGUMENT
    remarks.note_argument(parser, parser.open_function(), joins)
    return joins


def _is_exponential(parser: Parser) -> bool:
    """Tell whether e^... follows a letter: `sin x e^x` is sin(x) e^x, as the exponential is a function too."""
    last, token, following = parser.tokens[parser.index - 1 : parser.index + 2]
    is_euler = token.kind == "constant" and parser.source.text[token.at : token.end] == "e"
    return is_euler and last.kind != "number" and following.kind == "^"


def _begins_application(parser: Parser) -> bool:
    """Tell whether the name that is looked at is a function, as in f(x) or sigma(x), or a derivative sign."""
    token, following = parser.tokens[parser.index], parser.tokens[parser.index + 1].kind
    if following not in ("(", "'", "/", "^") or token.kind != "name":
        return False
    if parser.source.arrays is not None and token.value in parser.source.arrays.functions:
        return following in ("(", "'")
    if is_function(parser.source, token.value):
        return following in ("(", "'")
    if token.value == "d" and parser.source.arrays is None:
        return is_derivative(parser.source, parser.tokens, parser.index)
    by_name = token.value in UNKNOWN_FUNCTIONS or token.value in GREEK_FUNCTIONS
    return by_name and following in ("(", "'") and token.value not in parser.source.names


# --- operators and closing brackets ----------------------------------------------------------------------------------


def _infix(parser: Parser) -> bool:
    kind = parser.tokens[parser.index].kind
    level = _INFIX[kind]
    parser.build_above(level)
    if kind == "*" and _is_dot_product(parser):
        kind = "@"
    if level == POWER:
        parser.push(POWER, kind)
    else:
        if kind == "/":
            remarks.note_divided_exponent(parser)
        elif kind == "mod":
            complaints.check_modulo(parser, parser.operators[-1].level in (SUM, MINUS, MINUS_FACTOR))
        parser.operators.append(Operator(level, kind, parser.index))
    parser.index += 1
    return True


def _is_dot_product(parser: Parser) -> bool:
    """Tell whether a raised dot is between two vectors, as in x · y."""
    arrays, token, after = parser.source.arrays, *parser.tokens[parser.index : parser.index + 2]
    if arrays is None or parser.source.text[token.at] not in "·⋅∙" or after.kind != "name":
        return False
    before = parser.terms[-1]
    is_dot = isinstance(before, Symbol) and arrays.axes(before.name) == arrays.axes(after.value) == 1
    if is_dot:
        written = f"{before} · {after.value}"
        parser.source.note(token.at, f"{written} is read as the dot product; write * for a product entry by entry.")
    return is_dot


def _comma(parser: Parser) -> bool:
    parser.build_above(FRAME)
    in_rows = take_comma_in_rows(parser)
    if in_rows is not None:
        return in_rows
    open_point(parser)
    frame = parser.operators[-1]
    if frame.kind not in (")", "}", "]") or frame.data[0] not in _WITH_COMMAS:
        raise complaints.stray_comma(parser)
    term = parser.terms.pop()
    frame.data[2].append(index_part(term, frame.data[3]) if frame.data[0] is close_entry else term)
    parser.index += 1
    return True


def _close(parser: Parser) -> bool:
    parser.build_above(FRAME)
    frame = parser.operators[-1]
    if frame.kind != parser.tokens[parser.index].kind:
        raise complaints.wrong_bracket(parser, frame)
    parser.pop()
    parser.index += 1
    close, *data = frame.data
    return bool(close(parser, parser.terms.pop(), *data))


_WITH_COMMAS = (close_call, close_integral, close_entry, close_list, close_tuple)
_AFTER_TERM: dict[str, Callable[[Parser], bool]] = {
    **dict.fromkeys(_INFIX, _infix), **dict.fromkeys(_CLOSING, _close), ",": _comma, "[": open_entry,
    "transpose": take_transpose, ":": take_colon, "'": take_prime,
    "compare": take_comparison, "=": take_equals, "and": take_junction, "or": take_junction, "if": take_if,
    "else": take_else, "&": take_ampersand, "row": take_row_end,
}  # fmt: skip
