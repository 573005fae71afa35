"""From tokens to a tree: one operator-precedence parser with an explicit stack, so that no depth of nesting recurses.

The parser is in one of two states. Where a term is wanted it takes a number, a name, an opening bracket, a sign or a
function; after a term it takes an operator, a closing bracket, or (where another term begins) the product that nobody
wrote. Operators wait on a stack with their level; one of a lower level builds those above it first. Operators of the
same level stay together and are built as one run, so that `a - b + c` becomes one flat sum.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.parse import complaints
from symback.parse.applications import Head, apply_function, root_of
from symback.parse.derivatives import derivative_head, nested
from symback.parse.source import MAX_DEPTH, Source
from symback.parse.tokens import Token
from symback.parse.words import GREEK_FUNCTIONS, UNKNOWN_FUNCTIONS
from symback.tree import Neg, Plus, Power, Quotient, Tree, number_value, product_of, symbol

# Levels, loosest first. A minus sign has the level of its surroundings: -a*b is -(a*b), but a*-b*c is a*(-b)*c.
FRAME, SUM, MINUS, PRODUCT, MINUS_FACTOR, FUNCTION, MINUS_ARGUMENT, ARGUMENT, PREFIX, POWER = range(10)
# ARGUMENT is the product inside a function without brackets (sin 2x); PREFIX a root sign, or a minus in an exponent

_MINUS_AFTER = {FRAME: MINUS, SUM: MINUS, PRODUCT: MINUS_FACTOR, FUNCTION: MINUS_ARGUMENT, POWER: PREFIX}
_RUNS = frozenset((FRAME, SUM, PRODUCT, ARGUMENT))  # what comes after these begins a new nesting
_STARTS_TERM = frozenset(("number", "name", "constant", "function", "frac", "root", "(", "{", "|(", "∂"))
_INFIX = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}
_CLOSING = frozenset((")", "}", "]", "|)"))
_ATOMS = frozenset(("number", "name", "constant"))
_AFTER_SPECIAL = frozenset(("(", "'", "/", "^"))  # f(x), f'(x), d/dx, d^2/dx^2

cached_symbol: Callable[[str], Symbol] = lru_cache(maxsize=1024)(symbol)


class Operator(NamedTuple):
    """What waits on the stack: an operator or an open bracket (a frame), with the token it came from.

    A frame's `kind` is the bracket that closes it, and `data` what to do then; `cost` is what it adds to the depth.
    """

    level: int
    kind: str
    index: int
    data: Any = None
    cost: int = 0


_BOTTOM = Operator(FRAME, "end", 0)


class Parser:
    """One expression being read; `tree()` gives the result or raises `ParseError`."""

    __slots__ = ("depth", "index", "operators", "source", "terms", "tokens")

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.index = 0  # of the token that is looked at
        self.terms: list[Tree] = []
        self.operators: list[Operator] = [_BOTTOM]
        self.depth = 0

    def tree(self) -> Tree:
        """Read all tokens."""
        wants_term = True
        tokens = self.tokens
        while True:
            kind = tokens[self.index].kind
            if wants_term:
                wants_term = _TERM.get(kind, complaints.no_term)(self)
            elif kind in _STARTS_TERM:
                self.unwritten_product()
                wants_term = True
            elif kind == "end":
                return self.result()
            else:
                wants_term = _AFTER_TERM.get(kind, complaints.no_operator)(self)

    def result(self) -> Tree:
        self.build_above(FRAME)
        if len(self.operators) > 1:
            raise complaints.never_closed(self, self.operators[-1])
        return self.terms.pop()

    # --- the stack --------------------------------------------------------------------------------------------------

    def push(self, level: int, kind: str, data: Any = None) -> None:
        """Put an operator that nests (a bracket, a prefix, a power) on the stack."""
        above = self.operators[-1].level
        cost = 1 if level == POWER or above in _RUNS else int(level != FRAME)
        self.depth += cost
        if self.depth > MAX_DEPTH:
            raise complaints.too_deep(self)
        self.operators.append(Operator(level, kind, self.index, data, cost))

    def pop(self) -> Operator:
        operator = self.operators.pop()
        self.depth -= operator.cost
        return operator

    def build_above(self, level: int) -> None:
        """Build the operators on top of the stack that bind more tightly than the level."""
        while self.operators[-1].level > level:
            _BUILD[self.operators[-1].level](self)

    def run_of(self, level: int) -> tuple[list[Tree], list[Operator]]:
        """Take the operators of one level off the stack, with their terms."""
        first = len(self.operators)
        while self.operators[first - 1].level == level:
            first -= 1
        operators = self.operators[first:]
        del self.operators[first:]
        count = len(operators) + 1
        terms = self.terms[-count:]
        del self.terms[-count:]
        return terms, operators

    # --- the product that nobody wrote ------------------------------------------------------------------------------

    def unwritten_product(self) -> None:
        """Put a product between two terms that stand next to each other."""
        complaints.check_neighbours(self)
        self.build_above(ARGUMENT)
        if self.operators[-1].level in (FUNCTION, MINUS_ARGUMENT, ARGUMENT) and self.joins_argument():
            self.operators.append(Operator(ARGUMENT, "", self.index))
            return
        self.build_above(PRODUCT)
        top = self.operators[-1]
        if top.level == PRODUCT and top.kind == "/":
            complaints.note_division(self, top)
        self.operators.append(Operator(PRODUCT, "", self.index))

    def joins_argument(self) -> bool:
        """Tell whether the next factor belongs to the function without brackets: letters and numbers do.

        A bracket or another function does only directly after a number, as in sin 2(x+1).
        """
        last, token = self.tokens[self.index - 1], self.tokens[self.index]
        if token.kind in _ATOMS:
            complaints.note_spaced_argument(self)
            return True
        joins = last.kind == "number" and last.end == token.at and self.operators[-1].level != ARGUMENT
        complaints.note_argument(self, joins)
        return joins

    # --- functions --------------------------------------------------------------------------------------------------

    def read_argument(self, head: Head) -> bool:
        """Go on after a function's name, base or exponent: another of those, its bracket, or its argument."""
        token = self.tokens[self.index]
        if token.kind == "_" and head.base is None:
            return self.read_part(head, "base")
        if token.kind == "number" and token.at == head.end and self.tokens[self.index + 1].kind in ("(", "{"):
            head = self.digits_of_name(head, token)
            token = self.tokens[self.index]
        if token.kind == "^" and head.power is None:
            return self.read_part(head, "power")
        if token.kind == "(" or token.kind == "{":
            self.push(FRAME, _CLOSES[token.kind], (_close_call, head, []))
        elif token.kind == "[" and head.name == "sqrt":
            self.push(FRAME, "]", (_close_index, head))
        elif token.kind in _STARTS_TERM or token.kind == "-":
            complaints.check_bracketless(self, head)
            self.push(FUNCTION, "", head)
            return True  # the token is the first of the argument
        else:
            raise complaints.no_argument(self, head)
        self.index += 1
        return True

    def read_part(self, head: Head, part: str) -> bool:
        """Read the exponent in sin^2 x or the base in log_2 x: a number, a letter, or brackets."""
        self.index += 1
        token = self.tokens[self.index]
        if token.kind in ("(", "{"):
            self.push(FRAME, _CLOSES[token.kind], (_close_part, head, part))
            self.index += 1
            return True
        negative = token.kind == "-"
        self.index += negative
        token = self.tokens[self.index]
        if token.kind not in _ATOMS:
            raise complaints.no_part(self, head, part)
        self.index += 1
        value = leaf(token)
        return self.read_argument(head._replace(**{part: Neg(value) if negative else value}))

    def digits_of_name(self, head: Head, token: Token) -> Head:
        """Read log10(x) as the logarithm to a base; note sin2(x), where the digits begin the argument."""
        if head.name != "log" or head.base is not None:
            return head
        self.index += 1
        return head._replace(base=token.value)

    def expect(self, kind: str, reason: str, hint: str) -> None:
        if self.tokens[self.index].kind != kind:
            raise complaints.at_token(self, reason, hint)


def leaf(token: Token) -> Tree:
    """Return the tree of a number, a constant or a name."""
    return cached_symbol(token.value) if token.kind == "name" else token.value


# --- where a term is wanted: each returns whether a term is still wanted ------------------------------------------------


def _leaf(parser: Parser) -> bool:
    parser.terms.append(parser.tokens[parser.index].value)
    parser.index += 1
    return False


def _name(parser: Parser) -> bool:
    name = parser.tokens[parser.index].value
    following = parser.tokens[parser.index + 1].kind
    if following in _AFTER_SPECIAL:
        special = _special_name(parser, name)
        if special is not None:
            return special
    elif name == "d" and following == "name" and name not in parser.source.names:
        complaints.check_leibniz(parser)
    parser.terms.append(cached_symbol(name))
    parser.index += 1
    return False


def _special_name(parser: Parser, name: str) -> bool | None:
    """Read d/dx [..], f(x), f'(x), sigma(x); None where the name is just a variable."""
    following = parser.tokens[parser.index + 1].kind
    if name == "d" and following in ("/", "^") and _derivative(parser):
        return True
    if following == "'":
        return _primed(parser, name)
    if following != "(":
        return None
    if name not in parser.source.names:
        if name in UNKNOWN_FUNCTIONS or (name == "D" and parser.source.law):
            return _call(parser, name)
        if name in GREEK_FUNCTIONS:
            complaints.note_greek_function(parser, GREEK_FUNCTIONS[name])
            return _call(parser, GREEK_FUNCTIONS[name])
    complaints.note_product_with_bracket(parser)
    return None


def _call(parser: Parser, name: str) -> bool:
    token = parser.tokens[parser.index]
    parser.index += 1
    return parser.read_argument(Head(name, token.at, token.end))


def _primed(parser: Parser, name: str) -> bool:
    """Read f'(x) or f''(x), the derivatives of an unknown function."""
    token = parser.tokens[parser.index]
    parser.index += 1
    first = parser.index
    while parser.tokens[parser.index].kind == "'":
        parser.index += 1
    primes = "'" * (parser.index - first)
    if name not in UNKNOWN_FUNCTIONS or name in parser.source.names or parser.tokens[parser.index].kind != "(":
        raise complaints.lone_prime(parser, first)
    return parser.read_argument(Head(name + primes, token.at, token.end))


def _function(parser: Parser) -> bool:
    return _call(parser, parser.tokens[parser.index].value)


def _root(parser: Parser) -> bool:
    token = parser.tokens[parser.index]
    if parser.tokens[parser.index + 1].kind == "(":
        parser.index += 1
        return parser.read_argument(Head("root", token.at, token.end, index=Integer(token.value)))
    parser.push(PREFIX, "√", token.value)
    parser.index += 1
    return True


def _minus(parser: Parser) -> bool:
    above = parser.operators[-1].level
    parser.push(_MINUS_AFTER.get(above, above), "-")
    parser.index += 1
    return True


def _plus_sign(parser: Parser) -> bool:
    if parser.operators[-1].level == FUNCTION:
        raise complaints.no_argument(parser, parser.operators[-1].data)
    parser.index += 1
    return True


def _bracket(parser: Parser) -> bool:
    parser.push(FRAME, _CLOSES[parser.tokens[parser.index].kind], (_close_group,))
    parser.index += 1
    return True


def _bar(parser: Parser) -> bool:
    token = parser.tokens[parser.index]
    parser.push(FRAME, "|)", (_close_call, Head("abs", token.at, token.end), []))
    parser.index += 1
    return True


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
    if token.kind not in _ATOMS:
        raise complaints.at_token(parser, "A fraction has a numerator and a denominator in braces.", "Write \\frac{1}{2}.")
    written = parser.source.text[token.at : token.end]
    if top is None and len(written) == 2 and written.isdigit():  # \frac12
        tens, ones = (Integer(int(digit)) for digit in written)
        parser.index += 1
        return _fraction_done(parser, tens, ones)
    if token.kind == "number" and len(written) > 1:
        raise complaints.at_token(parser, "It is not clear where the numerator ends.", "Write \\frac{1}{2} with braces.")
    if top is None:
        return _fraction_part(parser, leaf(token))
    parser.index += 1
    return _fraction_done(parser, top, leaf(token))


def _fraction_done(parser: Parser, top: Tree, bottom: Tree) -> bool:
    parser.terms.append(Quotient(top, bottom))
    return False


def _derivative(parser: Parser) -> bool:
    """Read the head of a pending derivative, d/dx [ or d/d(3x) [; tell whether there was one."""
    head = derivative_head(parser.source, parser.tokens, parser.index)
    if head is None:
        return False
    start = parser.index
    parser.source.forget(parser.tokens[start].at, parser.tokens[head.next - 1].end)
    if head.inner:
        parser.push(FRAME, ")", (_close_by, head))
    else:
        bracket = parser.tokens[head.next - 1].kind
        parser.push(FRAME, _CLOSES[bracket], (_close_derivative, [cached_symbol(v) for v in head.variables]))
    parser.index = head.next
    return True


_CLOSES = {"(": ")", "{": "}", "[": "]", "|(": "|)"}
_TERM: dict[str, Callable[[Parser], bool]] = {
    "number": _leaf, "constant": _leaf, "name": _name, "function": _function, "(": _bracket, "{": _bracket, "|(": _bar,
    "-": _minus, "+": _plus_sign, "frac": _fraction, "root": _root,
    "∂": lambda parser: _derivative(parser) or complaints.lone_partial(parser),
}  # fmt: skip


# --- after a term -----------------------------------------------------------------------------------------------------


def _infix(parser: Parser) -> bool:
    kind = parser.tokens[parser.index].kind
    level = _INFIX[kind]
    parser.build_above(level)
    if level == POWER:
        parser.push(POWER, kind)
    else:
        parser.operators.append(Operator(level, kind, parser.index))
    parser.index += 1
    return True


def _comma(parser: Parser) -> bool:
    parser.build_above(FRAME)
    frame = parser.operators[-1]
    if frame.kind not in (")", "}") or frame.data[0] is not _close_call:
        raise complaints.stray_comma(parser)
    frame.data[2].append(parser.terms.pop())
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


_AFTER_TERM: dict[str, Callable[[Parser], bool]] = {
    **dict.fromkeys(_INFIX, _infix), **dict.fromkeys(_CLOSING, _close), ",": _comma,
}  # fmt: skip


# --- what a closing bracket does ----------------------------------------------------------------------------------------


def _close_group(parser: Parser, inside: Tree) -> bool:
    parser.terms.append(inside)
    return False


def _close_call(parser: Parser, last: Tree, head: Head, arguments: list[Tree]) -> bool:
    parser.terms.append(apply_function(parser.source, head, [*arguments, last], parser.tokens[parser.index - 1].end))
    return False


def _close_part(parser: Parser, inside: Tree, head: Head, part: str) -> bool:
    return parser.read_argument(head._replace(**{part: inside}))


def _close_index(parser: Parser, inside: Tree, head: Head) -> bool:
    parser.expect("{", "A root has what it is taken of in braces.", "Write \\sqrt[3]{x}.")
    return parser.read_argument(head._replace(name="root", index=inside))


def _close_fraction(parser: Parser, inside: Tree, top: Tree | None) -> bool:
    if top is not None:
        return _fraction_done(parser, top, inside)
    parser.index -= 1  # _fraction_part steps over the closing brace
    return _fraction_part(parser, inside)


def _close_by(parser: Parser, inner: Tree, head: Any) -> bool:
    """Go on after d/d(3x): the bracket with what is differentiated."""
    if head.latex:
        parser.expect("}", "The derivative sign has one bracket in its denominator.", "Write \\frac{d}{d(3x)}[...].")
        parser.index += 1
    parser.expect("[", "A derivative has what it is taken of in square brackets.", "Write d/d(3x) [sin(3x)].")
    parser.push(FRAME, "]", (_close_derivative, [inner] * head.order))
    parser.index += 1
    return True


def _close_derivative(parser: Parser, inside: Tree, variables: list[Tree]) -> bool:
    parser.terms.append(nested(inside, variables))
    return False


# --- building what waits on the stack -----------------------------------------------------------------------------------


def _build_sum(parser: Parser) -> None:
    terms, operators = parser.run_of(SUM)
    signed = [Neg(term) if op.kind == "-" else term for op, term in zip(operators, terms[1:], strict=True)]
    parser.terms.append(Plus(terms[0], *signed))


def _build_product(parser: Parser) -> None:
    terms, operators = parser.run_of(PRODUCT)
    if parser.depth + sum(op.kind == "/" for op in operators) > MAX_DEPTH:
        raise complaints.too_many_divisions(parser, operators)
    factors = terms[:1]
    for operator, term in zip(operators, terms[1:], strict=True):
        if operator.kind == "/":
            factors = [Quotient(product_of(factors), term)]
        else:
            factors.append(term)
    parser.terms.append(product_of(factors))


def _build_argument(parser: Parser) -> None:
    parser.terms.append(product_of(parser.run_of(ARGUMENT)[0]))


def _build_minus(parser: Parser) -> None:
    parser.pop()
    parser.terms.append(Neg(parser.terms.pop()))


def _build_function(parser: Parser) -> None:
    head = parser.pop().data
    argument = parser.terms.pop()
    complaints.note_after_argument(parser, head, number_value(argument) is not None)
    parser.terms.append(apply_function(parser.source, head, [argument], parser.tokens[parser.index - 1].end))


def _build_prefix(parser: Parser) -> None:
    if parser.operators[-1].kind == "-":
        _build_minus(parser)
        return
    operator = parser.pop()
    complaints.note_root_sign(parser, operator)
    parser.terms.append(root_of(parser.terms.pop(), Integer(operator.data)))


def _build_power(parser: Parser) -> None:
    parser.pop()
    exponent = parser.terms.pop()
    parser.terms.append(Power(parser.terms.pop(), exponent))


_BUILD: dict[int, Callable[[Parser], None]] = {
    SUM: _build_sum, MINUS: _build_minus, PRODUCT: _build_product, MINUS_FACTOR: _build_minus,
    FUNCTION: _build_function, MINUS_ARGUMENT: _build_minus, ARGUMENT: _build_argument, PREFIX: _build_prefix,
    POWER: _build_power,
}  # fmt: skip
