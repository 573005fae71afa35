"""Where a term is wanted: names, numbers, functions, brackets, fractions, derivatives, and what closing them does.

Each function looks at one token, steps over it, and returns whether a term is still wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy.core.numbers import Integer

from symback.expr.tree import Neg, Quotient, Tree
from symback.syntax import errors as complaints
from symback.syntax import integrals, limits, own_functions
from symback.syntax import notes as remarks
from symback.syntax.applications import Head, apply_function, root_of
from symback.syntax.arrays import Arrays
from symback.syntax.branches import open_rows
from symback.syntax.derivatives import DerivativeHead, by_prime, derivative_head, nested, numerator, partner
from symback.syntax.index_sums import KIND as SUM_SIGN
from symback.syntax.numerals import with_power_of_ten
from symback.syntax.postfixes import close_tuple, open_list, take_first_colon, take_keyword
from symback.syntax.source import Source
from symback.syntax.stack import (
    AND,
    CASE,
    COMPARE,
    DERIVATIVE,
    FRAME,
    FUNCTION,
    MINUS,
    MINUS_ARGUMENT,
    MINUS_FACTOR,
    OR,
    POWER,
    PREFIX,
    PRODUCT,
    SUM,
    Operator,
    Parser,
    cached_symbol,
    leaf,
)
from symback.syntax.tokens import Token
from symback.syntax.words import GREEK_FUNCTIONS, UNKNOWN_FUNCTIONS

ATOMS = frozenset(("number", "name", "constant"))
STARTS_TERM = frozenset(
    (
        *ATOMS,
        SUM_SIGN,
        integrals.SIGN,
        integrals.CALL,
        limits.SIGN,
        "function",
        "frac",
        "root",
        "(",
        "{",
        "|(",
        "∂",
        "⌊",
        "⌈",
        "begin",
    )
)
_CLOSES = {"(": ")", "{": "}", "[": "]", "|(": "|)"}
_ROUNDED = {"⌊": ("⌋", "floor"), "⌈": ("⌉", "ceil")}
_MINUS_AFTER = {
    FRAME: MINUS,
    CASE: MINUS,
    OR: MINUS,
    AND: MINUS,
    COMPARE: MINUS,
    SUM: MINUS,
    PRODUCT: MINUS_FACTOR,
    FUNCTION: MINUS_ARGUMENT,
    POWER: PREFIX,
}
_AFTER_SPECIAL = frozenset(("(", "'", "/", "^"))  # f(x), f'(x), d/dx, d^2/dx^2, d(u)/dx


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
    if following == "[" and name.startswith("D_") and arrays is None:
        return _by_subscript(parser, name)
    if following in _AFTER_SPECIAL:
        special = _special_name(parser, name, arrays)
        if special is not None:
            return special
    elif name == "d" and following == "name" and name not in parser.source.names and arrays is None:
        wanted = _derivative(parser)
        if wanted is not None:
            return wanted
        complaints.check_leibniz(parser)
    if name.startswith("D_") and arrays is None:
        remarks.note_operator(parser, name)
    parser.terms.append(own_functions.lone(parser.source.functions, name, 0) or cached_symbol(name))
    parser.index += 1
    return False


def _special_name(parser: Parser, name: str, arrays: Arrays | None) -> bool | None:
    """Read d/dx [..], f(x), f'(x), sigma(x); None where the name is just a variable."""
    following = parser.tokens[parser.index + 1].kind
    wanted = _derivative(parser) if name == "d" else None
    if wanted is not None:
        return wanted
    if following == "'":
        return None if arrays is not None and not parser.source.law else _primed(parser, name)
    if following != "(":
        return None
    if own_functions.is_function(parser.source, name):
        return _call(parser, name, own=True)
    if name.startswith("D_") and not {"D", name} & parser.source.names and arrays is None:
        return _by_subscript(parser, name)
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


def _call(parser: Parser, name: str, own: bool = False) -> bool:
    token = parser.tokens[parser.index]
    parser.index += 1
    return read_argument(parser, Head(name, token.at, token.end, own=own))


def _primed(parser: Parser, name: str) -> bool:
    """Read f'(x) or f''(x), the derivatives of a function, and y' where y stands for y(x)."""
    token = parser.tokens[parser.index]
    parser.index += 1
    first = parser.index
    while parser.tokens[parser.index].kind == "'":
        parser.index += 1
    primes = "'" * (parser.index - first)
    if parser.source.arrays is None and parser.tokens[parser.index].kind != "(":
        return _lone_prime(parser, name, first)
    if own_functions.is_function(parser.source, name):
        return read_argument(parser, Head(name + primes, token.at, token.end, own=True))
    if not _may_have_primes(parser.source, name, primes) or parser.tokens[parser.index].kind != "(":
        raise complaints.lone_prime(parser, first)
    complaints.check_known_function(parser, name)
    return read_argument(parser, Head(name + primes, token.at, token.end))


def _lone_prime(parser: Parser, name: str, first: int) -> bool:
    """Read y' without a bracket: y'(x) where y is a function of x, or the derivative of what the system calls y."""
    primes = parser.index - first
    tree = own_functions.lone(parser.source.functions, name, primes)
    if tree is None and name not in parser.source.defined:
        raise complaints.lone_prime(parser, first)
    parser.terms.append(tree or by_prime(parser.source, cached_symbol(name), primes, parser.tokens[first]))
    return False


def _may_have_primes(source: Source, name: str, primes: str) -> bool:
    if source.arrays is not None and name in source.arrays.functions:
        # def psi'(t) = ... gives the first derivative only, and that of one parameter
        return primes == "'" and len(source.arrays.functions[name]) == 1
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


def _square_bracket(parser: Parser) -> bool:
    """Open a list, or outside arrays the bracket of [x^2]'."""
    if parser.source.arrays is None:
        after = partner(parser.tokens, parser.index) + 1
        if after and parser.tokens[after].kind == "'":
            parser.push(FRAME, "]", (_close_group,))
            parser.index += 1
            return True
    return open_list(parser)


def _bar(parser: Parser) -> bool:
    token = parser.tokens[parser.index]
    parser.push(FRAME, "|)", (_close_bars, Head("abs", token.at, token.end)))
    parser.index += 1
    return True


def _rounded(parser: Parser) -> bool:
    """Open the brackets of floor and ceiling."""
    token = parser.tokens[parser.index]
    closing, name = _ROUNDED[token.kind]
    parser.push(FRAME, closing, (close_call, Head(name, token.at, token.end), []))
    parser.index += 1
    return True


def _close_bars(parser: Parser, inside: Tree, head: Head) -> bool:
    if parser.source.arrays is not None:
        remarks.note_bars(parser, parser.source.arrays, head, inside)
    return close_call(parser, inside, head, [])


def _fraction(parser: Parser) -> bool:
    wanted = _derivative(parser)
    return _fraction_part(parser, None) if wanted is None else wanted


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


def _derivative(parser: Parser) -> bool | None:
    """Read the head of a pending derivative, d/dx [ or d/d(3x) [ or d(, and tell whether a term is wanted.

    None where there is no derivative.
    """
    if parser.source.arrays is not None:  # d is an ordinary name there, and square brackets hold an index
        return None
    head = derivative_head(parser.source, parser.tokens, parser.index)
    return _numerator(parser) if head is None else _after_sign(parser, head)


def _partial(parser: Parser) -> bool:
    wanted = _derivative(parser)
    return complaints.lone_partial(parser) if wanted is None else wanted


def _after_sign(parser: Parser, head: DerivativeHead) -> bool:
    """Go on after d/dx: its square bracket, or the product that follows."""
    start, end = parser.tokens[parser.index].at, parser.tokens[head.next - 1].end
    parser.source.forget(start, parser.tokens[head.next - 1].at)
    variables = [cached_symbol(v) for v in head.variables]
    if head.inner:
        parser.push(FRAME, ")", (_close_by, head))
    elif head.bracketed:
        parser.push(FRAME, "]", (_close_derivative, variables))
    else:
        parser.index = head.next
        parser.push(MINUS, DERIVATIVE, (variables, start, end))
    parser.index = head.next
    return True


def _numerator(parser: Parser) -> bool | None:
    """Read d(u)/dx or \\frac{d u}{dx}; None where there is none."""
    found = numerator(parser.source, parser.tokens, parser.index)
    if found is None:
        return None
    tokens = parser.tokens
    for first, last in ((parser.index, found.first), (found.stop, found.next)):
        parser.source.forget(tokens[first].at, tokens[last].at)
    variables = [cached_symbol(v) for v in found.variables]
    if tokens[found.stop].kind == "/" and tokens[found.first].kind == "name":  # dy/dx
        parser.terms.append(nested(cached_symbol(tokens[found.first].value), variables))
        parser.index = found.next
        return False
    is_latex = tokens[found.stop].kind == "}"
    parser.index = found.first
    parser.push(FRAME, "}" if is_latex else ")", (_close_numerator, variables, found.next))
    parser.index += not is_latex
    return True


def _close_numerator(parser: Parser, inside: Tree, variables: list[Tree], following: int) -> bool:
    parser.index = following
    return _close_derivative(parser, inside, variables)


def _by_subscript(parser: Parser, name: str) -> bool:
    """Read D_x(u), the derivative by x."""
    start = parser.tokens[parser.index]
    variable = cached_symbol(name.removeprefix("D_").strip("{}"))
    parser.index += 1
    if parser.tokens[parser.index].kind == "[":
        parser.push(FRAME, "]", (_close_derivative, [variable]))
        parser.index += 1
    else:
        parser.push(MINUS, DERIVATIVE, ([variable], start.at, start.end))
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


def _integral(parser: Parser) -> bool:
    """Read an integral sign with its limits; its differential closes it."""
    place = parser.index
    parser.index += 1
    ends = integrals.limits(parser)
    parser.push(FRAME, integrals.DIFFERENTIAL, (integrals.closed, ends))
    parser.operators[-1] = parser.operators[-1]._replace(place=place)
    return True


def _integral_call(parser: Parser) -> bool:
    """Read int(u, x)."""
    token = parser.tokens[parser.index]
    parser.index += 1
    parser.push(FRAME, ")", (close_integral, token, []))
    parser.index += 1
    return True


def close_integral(parser: Parser, last: Tree, token: Token, arguments: list[Tree]) -> bool:
    end = parser.tokens[parser.index - 1].end
    parser.terms.append(integrals.called(parser.source, [*arguments, last], token.at, end))
    return False


def _limit(parser: Parser) -> bool:
    """Read a limit sign: a bracket that follows is its body, else the product that does."""
    below = parser.tokens[parser.index].value
    if parser.tokens[parser.index + 1].kind == "[":
        parser.push(FRAME, "]", (_close_limit, below))
        parser.index += 1
    else:
        parser.push(MINUS, limits.SIGN, below)
    parser.index += 1
    return True


def _close_limit(parser: Parser, inside: Tree, below: limits.Below) -> bool:
    parser.terms.append(limits.limit_of(inside, below))
    return False


TERM: dict[str, Callable[[Parser], bool]] = {
    "number": _number, "constant": _leaf, "name": _name, "function": _function, "(": _bracket, "{": _bracket,
    "|(": _bar, "-": _minus, "+": _plus_sign, "frac": _fraction, "root": _root, ":": take_first_colon,
    "⌊": _rounded, "⌈": _rounded, "begin": open_rows,
    SUM_SIGN: _sum_over_index, "[": _square_bracket, "keyword": take_keyword,
    "∂": _partial, integrals.SIGN: _integral, integrals.CALL: _integral_call,
    limits.SIGN: _limit,
}  # fmt: skip
