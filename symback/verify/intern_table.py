"""Interned trees: equal subtrees become one number, however often they occur and in how many lines of a derivation.

Functions defined by others (sigmoid, relu, ...) are written out here, and what changes sign at a kink is noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.numbers import Rational
from sympy.core.symbol import Symbol

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import (
    PI,
    Apply,
    Decimal,
    Diff,
    E,
    Inert,
    Let,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    fold,
)
from symback.verify import values
from symback.verify.unanswered import refuse_unanswered

NO_TREE = -1
LARGEST_EXACT = 512  # bits of a constant that is worked out exactly


class InternTable:
    """Interned trees: each distinct subtree has a number, larger than the numbers of its arguments."""

    def __init__(self, pins: Mapping[Symbol, Tree] | None = None) -> None:
        self.heads: list[Any] = []
        self.arguments: list[tuple[int, ...]] = []
        self.exact: list[Fraction | None] = []
        self.orders: list[int] = []  # how deep derivatives are nested
        self.kinks: dict[int, None] = {}  # what changes sign where a function has a kink, in order of appearance
        self.constants: dict[Fraction, None] = {}
        self._numbers: dict[Any, int] = {}
        self._known: dict[int, int] = {}
        self._alive: list[Basic] = []  # the keys of _known are addresses, so the trees must stay
        self._holds: dict[int, dict[int, bool]] = {}
        self.pins = {self.intern(name): self.intern(value) for name, value in (pins or {}).items()}
        for name, value in self.pins.items():  # x^n is a cube root where n is 1/3
            self.exact[name] = self.exact[value]

    def intern(self, tree: Basic) -> int:
        """Return the number of a tree."""
        known, stack = self._known, [tree]
        self._alive.append(tree)
        while stack:
            node = stack[-1]
            if id(node) in known:
                stack.pop()
                continue
            inner = _inner(node)
            missing = [n for n in inner if id(n) not in known]
            if missing:
                stack.extend(reversed(missing))
            else:
                known[id(node)] = self._node(node, tuple([known[id(n)] for n in inner]))
                stack.pop()
        return known[id(tree)]

    def _node(self, node: Basic, inner: tuple[int, ...]) -> int:
        if isinstance(node, Apply):
            return self._function(node.name, inner)
        refuse_unanswered((type(node),))
        if isinstance(node, Let) and not isinstance(node._args[0], Symbol):
            return inner[0]  # f(2x), which stands for what it is defined by
        if isinstance(node, Inert) and not isinstance(node, Decimal):
            return self._add(type(node), inner) if not isinstance(node, Let) else self._add(node._args[0], inner)
        if node is E or node is PI or isinstance(node, Symbol):
            return self._add(node, ())
        value = node._args[0] if isinstance(node, Decimal) else node
        if not isinstance(value, Rational):
            raise TypeError(f"no leaf of a tree: {node!r}")
        return self._number(Fraction(int(value.p), int(value.q)))

    def _number(self, value: Fraction) -> int:
        self.constants[value] = None
        return self._add(value, ())

    def _function(self, name: str, inner: tuple[int, ...]) -> int:
        row = FUNCTIONS.get(name)
        if name == "cbrt" or (name == "root" and _is_odd(self.exact[inner[1]])):
            index = inner[1] if name == "root" else self._number(Fraction(3))
            return self._add(Power, (inner[0], self._add(Quotient, (self._number(Fraction(1)), index))))
        if name in values.PAIRWISE:
            for left, right in pairwise(inner):
                self.kinks[self._add(Plus, (left, self._add(Neg, (right,))))] = None
        elif row is not None and (row.kinks or "abs" in row.derivative or row.name == "arccot"):
            self.kinks.update((self._inline(switch, inner), None) for switch in row.switches or ("x",))
        elif name == "sqrt":
            self._note_even_power(inner[0])
        if row is not None and row.definition and name not in values.FUNCTION_VALUES and name != "root":
            return self._inline(row.definition, inner)
        return self._add(name, inner)

    def _inline(self, definition: str, inner: tuple[int, ...]) -> int:
        named = dict(zip(("x", "b"), inner, strict=False))

        def build(node: Basic, below: list[int]) -> int:
            if isinstance(node, Symbol):
                return named[node.name]
            if not isinstance(node, Expr):
                return NO_TREE  # the name of a function
            return self._node(node, tuple(n for n in below if n != NO_TREE))

        return fold(_law(definition), build)

    def _add(self, head: Any, inner: tuple[int, ...]) -> int:
        key = (head, inner)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.heads)
            self.heads.append(head)
            self.arguments.append(inner)
            self.orders.append(max([self.orders[i] for i in inner], default=0) + (head is Diff))
            self.exact.append(_exact(head, [self.exact[i] for i in inner]))
            if head is Power:
                self._note_root(inner)
                if (value := self.exact[number]) is not None:
                    self.constants[value] = None
        return number

    def _note_root(self, inner: tuple[int, ...]) -> None:
        exponent = self.exact[inner[1]]
        if exponent is not None and exponent.denominator > 1:
            self._note_even_power(inner[0])
            if exponent.denominator % 2:
                self.kinks[inner[0]] = None

    def _note_even_power(self, number: int) -> None:
        """The square root of u^2 has a kink where u is 0; so have products that hold u^2."""
        factors = self.arguments[number] if self.heads[number] in (Times, Quotient) else (number,)
        for factor in factors:
            if self.heads[factor] is Power:
                base, exponent = self.arguments[factor]
                value = self.exact[exponent]
                if value is not None and value.numerator % 2 == 0:
                    self.kinks[base] = None

    def is_named(self, number: int) -> bool:
        """Tell whether this is a `Let`, an inner function with a name."""
        return isinstance(self.heads[number], Symbol) and bool(self.arguments[number])

    def differentiated(self, number: int) -> tuple[int, int]:
        """Return what a pending derivative is of, and by what.

        By a named inner function o, the derivative is partial: in d/do [o p] the other named functions are held, even
        where p is defined by o; but d/do [p] goes into the definition of p.
        """
        argument, variable = self.arguments[number]
        while self.is_named(variable) and self.is_named(argument) and argument != variable:
            (argument,) = self.arguments[argument]
        return argument, variable

    def differentiated_in(self, tree: int) -> list[int]:
        """Return the functions of all pending derivatives in a tree."""
        return [self.differentiated(n)[0] for n in self._from_leaves([tree]) if self.heads[n] is Diff]

    def holds(self, tree: int, part: int) -> bool:
        """Tell whether `part` occurs somewhere in `tree`; numbers fall towards the leaves, so it is mostly quick."""
        memory = self._holds.setdefault(part, {})
        stack = [tree]
        while stack:
            node = stack[-1]
            if node in memory:
                stack.pop()
                continue
            if node <= part or (self.is_named(part) and self.is_named(node)):
                memory[node] = node == part
            else:
                missing = [n for n in self.arguments[node] if n not in memory]
                if missing:
                    stack.extend(missing)
                    continue
                memory[node] = any(memory[n] for n in self.arguments[node])
            stack.pop()
        return memory[tree]

    def symbols(self, roots: Sequence[int]) -> list[Symbol]:
        """Return the symbols that have no value of their own, by name."""
        leaves = (n for n in self._from_leaves([*roots, *self.pins.values()]) if not self.arguments[n])
        free = (self.heads[n] for n in leaves if isinstance(self.heads[n], Symbol) and n not in self.pins)
        return sorted(free, key=lambda s: str(s.name))

    def largest_constants(self) -> list[int]:
        """Return the trees without letters that stand in trees with letters, such as 10^6 in sqrt(x - 10^6)."""
        free = [not isinstance(head, Symbol) and head is not Diff for head in self.heads]
        found: dict[int, None] = {}
        for number, inner in enumerate(self.arguments):
            free[number] = free[number] and all(free[i] for i in inner)
            if not free[number]:
                found.update((i, None) for i in inner if free[i])
        return list(found)

    def _from_leaves(self, roots: Sequence[int]) -> Iterator[int]:
        wanted, stack = set(roots), list(roots)
        while stack:
            new = [n for n in self.arguments[stack.pop()] if n not in wanted]
            wanted.update(new)
            stack.extend(new)
        return iter(sorted(wanted))


def _inner(node: Basic) -> tuple[Basic, ...]:
    if not isinstance(node, Inert) or isinstance(node, Decimal):
        return ()
    return node._args[1:] if isinstance(node, (Apply, Let)) else node._args  # type: ignore[no-any-return]


def _is_odd(index: Fraction | None) -> bool:
    return index is not None and index.denominator == 1 and index.numerator % 2 == 1


@cache
def _law(text: str) -> Tree:
    from symback.syntax import parse_law  # the parser is not needed before the first function with a definition

    return parse_law(text)


def _exact(head: Any, below: list[Fraction | None]) -> Fraction | None:
    """Return the value of a constant that is a small fraction, so that x^(1/3 - 1) is known to be a real power."""
    if isinstance(head, Fraction):
        return head
    if not below or head not in (Plus, Times, Neg, Quotient, Power) or None in below:
        return None
    first, *others = (value for value in below if value is not None)
    if head is Power:
        return _small_power(first, others[0])
    result = -first if head is Neg else first
    for value in others:
        if head is Quotient and value == 0:
            return None
        result = result + value if head is Plus else result * value if head is Times else result / value
    small = max(result.numerator.bit_length(), result.denominator.bit_length()) <= LARGEST_EXACT
    return result if small else None


def _small_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return a power such as 10^-7, None where it is not a fraction or not small."""
    longest = max(base.numerator.bit_length(), base.denominator.bit_length())
    if exponent.denominator != 1 or not base or longest * abs(exponent) > LARGEST_EXACT:
        return None
    return Fraction(base ** int(exponent))
