"""Where a term is wanted: names, numbers, functions, brackets, fractions, derivatives, and what closing them does.

Each function looks at one token, steps over it, and returns whether a term is still wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy.core.numbers import Integer

from symback.parse import complaints, remarks
from symback.parse.applications import Head, apply_function, root_of
from symback.parse.arrays import Arrays
from symback.parse.derivatives import derivative_head, nested
from symback.parse.index_sums import KIND as SUM_SIGN
from symback.parse.numerals import with_power_of_ten
from symback.parse.postfixes import close_tuple, open_list, take_first_colon, take_keyword
from symback.parse.source import Source
from symback.parse.stack import (
    COMPARE,
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
    cached_symbol,
    leaf,
)
from symback.parse.tokens import Token
from symback.parse.words import GREEK_FUNCTIONS, UNKNOWN_FUNCTIONS
from symback.tree import Neg, Quotient, Tree

ATOMS = frozenset(("number", "name", "constant"))
STARTS_TERM = frozenset((*ATOMS, SUM_SIGN, "function", "frac", "root", "(", "{", "|(", "∂"))
_CLOSES = {"(": ")", "{": "}", "[": "]", "|(": "|)"}
_MINUS_AFTER = {
    FRAME: MINUS,
    COMPARE: MINUS,
    SUM: MINUS,
    PRODUCT: MINUS_FACTOR,
    FUNCTION: MINUS_ARGUMENT,
    POWER: PREFIX,
}
_AFTER_SPECIAL = frozenset(("(", "'", "/", "^"))  # f(x), f'(x), d/dx, d^2/dx^2


def _leaf(parser: Parser) -> bool:
    parser.terms.append(parser.tokens[parser.index].value)
    parser.index += 1
    return False


def _number(parser: Parser) -> bool:
    found = with_power_of_ten(parser.tokens, parser.index)
    if found is None or not _stands_in_product(parser.operators[-1]):
        return _leaf(parser)
    value, parser.index = found
    parser.terms.append(value)
    return False


def _stands_in_product(above: Operator) -> bool:
    """Tell whether a product that begins here is a factor as a whole: not behind a division sign or in sin 2."""
    return above.level < FUNCTION and not (above.level == PRODUCT and above.kind in ("/", "@"))


def _name(parser: Parser) -> bool:
    name = parser.tokens[parser.index].value
    following = parser.tokens[parser.index + 1].kind
    arrays = parser.source.arrays
    if arrays is not None and name in arrays.functions:
        return _users_function(parser, name)
    if following in _AFTER_SPECIAL:
        special = _special_name(parser, name, arrays)
        if special is not None:
            return special
    elif name == "d" and following == "name" and name not in parser.source.names and arrays is None:
        complaints.check_leibniz(parser)
    parser.terms.append(cached_symbol(name))
    parser.index += 1
    return False


def _special_name(parser: Parser, name: str, arrays: Arrays | None) -> bool | None:
    """Read d/dx [..], f(x), f'(x), sigma(x); None where the name is just a variable."""
    following = parser.tokens[parser.index + 1].kind
    if name == "d" and following in ("/", "^") and _derivative(parser):
        return True
    if following == "'":
        return None if arrays is not None and not parser.source.law else _primed(parser, name)
    if following != "(":
        return None
    if name not in parser.source.names:
        if name in UNKNOWN_FUNCTIONS or (name == "D" and parser.source.law):
            complaints.check_known_function(parser, name)
            return _call(parser, name)
        if name in GREEK_FUNCTIONS:
            if arrays is None:  # in a network sigma is the sigmoid
                remarks.note_greek_function(parser, GREEK_FUNCTIONS[name])
            return _call(parser, GREEK_FUNCTIONS[name])
    remarks.note_product_with_bracket(parser)
    return None


def _users_function(parser: Parser, name: str) -> bool:
    """Read psi(x) or psi'(x) for a function that the user defined."""
    following = parser.tokens[parser.index + 1].kind
    if following == "'":
        return _primed(parser, name)
    if following != "(":
        raise complaints.at_token(parser, f"{name} is a function of yours.", f"Write {name}(...) for its value.")
    return _call(parser, name)


def _call(parser: Parser, name: str) -> bool:
    token = parser.tokens[parser.index]
    parser.index += 1
    return read_argument(parser, Head(name, token.at, token.end))


def _primed(parser: Parser, name: str) -> bool:
    """Read f'(x) or f''(x), the derivatives of an unknown function."""
    token = parser.tokens[parser.index]
    parser.index += 1
    first = parser.index
    while parser.tokens[parser.index].kind == "'":
        parser.index += 1
    primes = "'" * (parser.index - first)
    if not _may_have_primes(parser.source, name, primes) or parser.tokens[parser.index].kind != "(":
        raise complaints.lone_prime(parser, first)
    complaints.check_known_function(parser, name)
    return read_argument(parser, Head(name + primes, token.at, token.end))


def _may_have_primes(source: Source, name: str, primes: str) -> bool:
    if source.arrays is not None and name in source.arrays.functions:
        return primes == "'"  # def psi'(t) = ... gives the first derivative only
    return name in UNKNOWN_FUNCTIONS and name not in source.names


def _function(parser: Parser) -> bool:
    return _call(parser, parser.tokens[parser.index].value)


def _root(parser: Parser) -> bool:
    token = parser.tokens[parser.index]
    if parser.tokens[parser.index + 1].kind == "(":
        parser.index += 1
        return read_argument(parser, Head("root", token.at, token.end, degree=Integer(token.value)))
    parser.push(PREFIX, "√", token.value)
    parser.index += 1
    return True


def _minus(parser: Parser) -> bool:
    above = parser.operators[-1].level
    parser.push(_MINUS_AFTER.get(above, above), "-")
    parser.index += 1
    return True


def _sum_over_index(parser: Parser) -> bool:
    token = parser.tokens[parser.index]
    parser.push(MINUS, SUM_SIGN, (token.value, token.at, token.end))
    parser.index += 1
    return True


def _plus_sign(parser: Parser) -> bool:
    if parser.operators[-1].level == FUNCTION:
        raise complaints.no_argument(parser, parser.operators[-1].data)
    parser.index += 1
    return True


def _bracket(parser: Parser) -> bool:
    is_value = parser.index > 0 and parser.tokens[parser.index - 1].kind == "keyword"
    data: tuple[Any, ...] = (close_tuple, None, []) if is_value else (_close_group,)
    parser.push(FRAME, _CLOSES[parser.tokens[parser.index].kind], data)
    parser.index += 1
    return True


def _bar(parser: Parser) -> bool:
    token = parser.tokens[parser.index]
    parser.push(FRAME, "|)", (_close_bars, Head("abs", token.at, token.end)))
    parser.index += 1
    return True


def _close_bars(parser: Parser, inside: Tree, head: Head) -> bool:
    if parser.source.arrays is not None:
        remarks.note_bars(parser, parser.source.arrays, head, inside)
    return close_call(parser, inside, head, [])


def _fraction(parser: Parser) -> bool:
    return _derivative(parser) or _fraction_part(parser, None)


def _fraction_part(parser: Parser, top: Tree | None) -> bool:
    """Read the numerator (or, with `top`, the denominator) of \\frac: braces, or one digit or letter."""
    parser.index += 1
    token = parser.tokens[parser.index]
    if token.kind == "{":
        parser.push(FRAME, "}", (_close_fraction, top))
        parser.index += 1
        return True
    if token.kind not in ATOMS:
        raise complaints.at_token(
            parser, "A fraction has a numerator and a denominator in braces.", "Write `\\frac{1}{2}`."
        )
    written = parser.source.text[token.at : token.end]
    if top is None and len(written) == 2 and written.isdigit():  # \frac12
        tens, ones = (Integer(int(digit)) for digit in written)
        parser.index += 1
        return _fraction_done(parser, tens, ones)
    if token.kind == "number" and len(written) > 1:
        raise complaints.at_token(
            parser, "It is not clear where the numerator ends.", "Write `\\frac{1}{2}` with braces."
        )
    if top is None:
        return _fraction_part(parser, leaf(token))
    parser.index += 1
    return _fraction_done(parser, top, leaf(token))


def _fraction_done(parser: Parser, top: Tree, bottom: Tree) -> bool:
    parser.terms.append(Quotient(top, bottom))
    return False


def _derivative(parser: Parser) -> bool:
    """Read the head of a pending derivative, d/dx [ or d/d(3x) [; tell whether there was one."""
    if parser.source.arrays is not None:  # d is an ordinary name there, and square brackets hold an index
        return False
    head = derivative_head(parser.source, parser.tokens, parser.index)
    if head is None:
        return False
    start = parser.index
    parser.source.forget(parser.tokens[start].at, parser.tokens[head.next - 1].at)
    if head.inner:
        parser.push(FRAME, ")", (_close_by, head))
    else:
        bracket = parser.tokens[head.next - 1].kind
        parser.push(FRAME, _CLOSES[bracket], (_close_derivative, [cached_symbol(v) for v in head.variables]))
    parser.index = head.next
    return True


# --- functions -------------------------------------------------------------------------------------------------------


def read_argument(parser: Parser, head: Head) -> bool:
    """Go on after a function's name, base or exponent: another of those, its bracket, or its argument."""
    token = parser.tokens[parser.index]
    if token.kind == "_" and head.base is None:
        return _read_part(parser, head, "base")
    if token.kind == "number" and token.at == head.end and parser.tokens[parser.index + 1].kind in ("(", "{"):
        head = _digits_of_name(parser, head, token)
        token = parser.tokens[parser.index]
    if token.kind == "^" and head.power is None:
        return _read_part(parser, head, "power")
    if token.kind == "(" or token.kind == "{":
        parser.push(FRAME, _CLOSES[token.kind], (close_call, head, []))
    elif token.kind == "[" and head.name == "sqrt":
        parser.push(FRAME, "]", (_close_index, head))
    elif token.kind in STARTS_TERM or token.kind == "-":
        complaints.check_bracketless(parser, head)
        parser.push(FUNCTION, "", head)
        return True  # the token is the first of the argument
    else:
        raise complaints.no_argument(parser, head)
    parser.index += 1
    return True


def _read_part(parser: Parser, head: Head, part: str) -> bool:
    """Read the exponent in sin^2 x or the base in log_2 x: a number, a letter, or brackets."""
    parser.index += 1
    token = parser.tokens[parser.index]
    if token.kind in ("(", "{"):
        parser.push(FRAME, _CLOSES[token.kind], (_close_part, head, part))
        parser.index += 1
        return True
    negative = token.kind == "-"
    parser.index += negative
    token = parser.tokens[parser.index]
    if token.kind not in ATOMS:
        raise complaints.no_part(parser, head, part)
    parser.index += 1
    value = leaf(token)
    return read_argument(parser, head._replace(**{part: Neg(value) if negative else value}))


def _digits_of_name(parser: Parser, head: Head, token: Token) -> Head:
    """Read log10(x) as the logarithm to a base; note sin2(x), where the digits begin the argument."""
    if head.name != "log" or head.base is not None:
        return head
    parser.index += 1
    return head._replace(base=token.value)


def _expect(parser: Parser, kind: str, reason: str, hint: str) -> None:
    if parser.tokens[parser.index].kind != kind:
        raise complaints.at_token(parser, reason, hint)


# --- what a closing bracket does --------------------------------------------------------------------------------------


def _close_group(parser: Parser, inside: Tree) -> bool:
    parser.terms.append(inside)
    return False


def close_call(parser: Parser, last: Tree, head: Head, arguments: list[Tree]) -> bool:
    parser.terms.append(apply_function(parser.source, head, [*arguments, last], parser.tokens[parser.index - 1].end))
    return False


def _close_part(parser: Parser, inside: Tree, head: Head, part: str) -> bool:
    return read_argument(parser, head._replace(**{part: inside}))


def _close_index(parser: Parser, inside: Tree, head: Head) -> bool:
    token = parser.tokens[parser.index]
    if token.kind not in ATOMS:
        _expect(parser, "{", "A root has what it is taken of in braces.", "Write `\\sqrt[3]{x}`.")
        return read_argument(parser, head._replace(name="root", degree=inside))
    if token.kind == "number" and token.end - token.at > 1:
        hint = "Write `\\sqrt[3]{27}` with braces."
        raise complaints.at_token(parser, "It is not clear where the root ends.", hint)
    parser.terms.append(root_of(leaf(token), inside))
    parser.index += 1
    return False


def _close_fraction(parser: Parser, inside: Tree, top: Tree | None) -> bool:
    if top is not None:
        return _fraction_done(parser, top, inside)
    parser.index -= 1  # _fraction_part steps over the closing brace
    return _fraction_part(parser, inside)


def _close_by(parser: Parser, inner: Tree, head: Any) -> bool:
    """Go on after d/d(3x): the bracket with what is differentiated."""
    if head.latex:
        _expect(
            parser, "}", "The derivative sign has one bracket in its denominator.", "Write `\\frac{d}{d(3x)}[...]`."
        )
        parser.index += 1
    _expect(parser, "[", "A derivative has what it is taken of in square brackets.", "Write `d/d(3x) [sin(3x)]`.")
    parser.push(FRAME, "]", (_close_derivative, [inner] * head.order))
    parser.index += 1
    return True


def _close_derivative(parser: Parser, inside: Tree, variables: list[Tree]) -> bool:
    parser.terms.append(nested(inside, variables))
    return False


TERM: dict[str, Callable[[Parser], bool]] = {
    "number": _number, "constant": _leaf, "name": _name, "function": _function, "(": _bracket, "{": _bracket,
    "|(": _bar, "-": _minus, "+": _plus_sign, "frac": _fraction, "root": _root, ":": take_first_colon,
    SUM_SIGN: _sum_over_index, "[": open_list, "keyword": take_keyword,
    "∂": lambda parser: _derivative(parser) or complaints.lone_partial(parser),
}  # fmt: skip
