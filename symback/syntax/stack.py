"""The parser's stack: operators and open brackets that wait, the terms between them, and how they become trees.

Operators of a lower level build those above them first. Operators of the same level stay together and are built as one
run, so that `a - b + c` becomes one flat sum.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.expr import cases as conditions
from symback.expr.tree import Neg, Plus, Power, Quotient, Tree, apply, number_value, product_of, symbol
from symback.syntax import errors as complaints
from symback.syntax import notes as remarks
from symback.syntax.applications import Head, apply_function, root_of
from symback.syntax.by_cases import cases_from, compared, joined_conditions
from symback.syntax.derivatives import nested
from symback.syntax.index_sums import KIND as SUM_SIGN
from symback.syntax.index_sums import summed
from symback.syntax.limits import SIGN as LIMIT_SIGN
from symback.syntax.limits import limit_of
from symback.syntax.source import MAX_DEPTH, Source
from symback.syntax.tokens import Token

# Levels, loosest first. A minus sign has the level of its surroundings: -a*b is -(a*b), but a*-b*c is a*(-b)*c.
FRAME, CASE, OR, AND, COMPARE, SUM, MINUS, PRODUCT, MINUS_FACTOR, FUNCTION, MINUS_ARGUMENT, ARGUMENT, PREFIX, POWER = (
    range(14)
)
# ARGUMENT is the product inside a function without brackets (sin 2x); PREFIX a root sign, or a minus in an exponent

CALLED = {"@": "matmul", "mod": "mod"}  # products that are written as functions of two values
DERIVATIVE = "d/d"  # d/dx without brackets, which takes the product that follows, as a minus sign does
# What comes after these begins a new nesting.
_RUNS = frozenset((FRAME, CASE, OR, AND, COMPARE, SUM, PRODUCT, ARGUMENT))

cached_symbol: Callable[[str], Symbol] = lru_cache(maxsize=1024)(symbol)


class Operator(NamedTuple):
    """What waits on the stack: an operator or an open bracket (a frame), with the place of its token.

    A frame's `kind` is the bracket that closes it, and `data` what to do then; `cost` is what it adds to the depth.
    """

    level: int
    kind: str
    place: int
    data: Any = None
    cost: int = 0


_BOTTOM = Operator(FRAME, "end", 0)


class Parser:
    """One expression being read: its tokens, the one that is looked at, and the stack."""

    __slots__ = ("depth", "index", "operators", "source", "terms", "tokens")

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.index = 0  # of the token that is looked at
        self.terms: list[Tree] = []
        self.operators: list[Operator] = [_BOTTOM]
        self.depth = 0

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

    def open_function(self) -> Head:
        """Return the function without brackets whose argument is being read."""
        place = -1
        while self.operators[place].level == MINUS_ARGUMENT:
            place -= 1
        head: Head = self.operators[place].data
        return head


def leaf(token: Token) -> Tree:
    """Return the tree of a number, a constant or a name."""
    return cached_symbol(token.value) if token.kind == "name" else token.value


# --- building what waits on the stack -----------------------------------------------------------------------------


def _build_sum(parser: Parser) -> None:
    terms, operators = parser.run_of(SUM)
    signed = [Neg(term) if op.kind == "-" else term for op, term in zip(operators, terms[1:], strict=True)]
    parser.terms.append(Plus(terms[0], *signed))


def _build_product(parser: Parser) -> None:
    terms, operators = parser.run_of(PRODUCT)
    if parser.depth + sum(op.kind in ("/", *CALLED) for op in operators) > MAX_DEPTH:
        raise complaints.too_many_divisions(parser, operators)
    factors = terms[:1]
    for operator, term in zip(operators, terms[1:], strict=True):
        if operator.kind == "/":
            factors = [Quotient(product_of(factors), term)]
        elif operator.kind in CALLED:
            factors = [apply(CALLED[operator.kind], product_of(factors), term)]
        else:
            factors.append(term)
    parser.terms.append(product_of(factors))


def _build_comparison(parser: Parser) -> None:
    """Build a comparison, or several that share what is between them: 0 <= x < 1."""
    terms, operators = parser.run_of(COMPARE)
    parts = [compared(parser.source, operator.kind, *terms[i : i + 2]) for i, operator in enumerate(operators)]
    parser.terms.append(joined_conditions(parser.source, conditions.AND, parts))


def _build_and(parser: Parser) -> None:
    parser.terms.append(joined_conditions(parser.source, conditions.AND, parser.run_of(AND)[0]))


def _build_or(parser: Parser) -> None:
    parser.terms.append(joined_conditions(parser.source, conditions.OR, parser.run_of(OR)[0]))


def _build_cases(parser: Parser) -> None:
    """Build `a if p else b if q else c`."""
    first = next(i for i, operator in enumerate(parser.operators) if operator.level == CASE)
    at = parser.tokens[parser.operators[first].place].at
    terms, operators = parser.run_of(CASE)
    end = parser.tokens[operators[-1].place].end
    parser.terms.append(cases_from(parser.source, terms, at, end))


def _build_argument(parser: Parser) -> None:
    parser.terms.append(product_of(parser.run_of(ARGUMENT)[0]))


def _build_minus(parser: Parser) -> None:
    operator = parser.pop()
    term = parser.terms.pop()
    if operator.kind == DERIVATIVE:
        complaints.check_end_of_derivative(parser, operator)
        parser.terms.append(nested(term, operator.data[0]))
        return
    if operator.kind == LIMIT_SIGN:
        parser.terms.append(limit_of(term, operator.data))
        return
    is_sum = operator.kind == SUM_SIGN
    parser.terms.append(summed(parser.source, operator.data[0], term, *operator.data[1:]) if is_sum else Neg(term))


def _build_function(parser: Parser) -> None:
    head = parser.pop().data
    argument = parser.terms.pop()
    remarks.note_after_argument(parser, head, number_value(argument) is not None)
    parser.terms.append(apply_function(parser.source, head, [argument], parser.tokens[parser.index - 1].end))


def _build_prefix(parser: Parser) -> None:
    if parser.operators[-1].kind == "-":
        _build_minus(parser)
        return
    operator = parser.pop()
    remarks.note_root_sign(parser, operator)
    parser.terms.append(root_of(parser.terms.pop(), Integer(operator.data)))


def _build_power(parser: Parser) -> None:
    parser.pop()
    exponent = parser.terms.pop()
    parser.terms.append(Power(parser.terms.pop(), exponent))


_BUILD: dict[int, Callable[[Parser], None]] = {
    CASE: _build_cases, OR: _build_or, AND: _build_and, COMPARE: _build_comparison,
    SUM: _build_sum, MINUS: _build_minus, PRODUCT: _build_product, MINUS_FACTOR: _build_minus,
    FUNCTION: _build_function, MINUS_ARGUMENT: _build_minus, ARGUMENT: _build_argument, PREFIX: _build_prefix,
    POWER: _build_power,
}  # fmt: skip
