"""What was asked: the expression as a tree, its name, its variables, its inner functions, the values of a point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal as PythonDecimal
from fractions import Fraction
from typing import Any, NamedTuple

from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.convert import from_sympy, own_symbol, written_number
from symback.errors import ParseError, TooLarge, UsageError
from symback.parse import Reading, is_system, parse, read, read_names, read_point, read_system
from symback.parse.source import MAX_CHARACTERS
from symback.tree import (
    Inert,
    Let,
    Neg,
    Plus,
    Power,
    Times,
    Tree,
    fold,
    number_value,
    symbol,
    symbols_of,
    walk,
)


class Question(NamedTuple):
    """An expression that was asked about; `has_inner` tells that the user named inner functions."""

    tree: Tree
    source: str = ""
    name: str = ""
    parameters: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    has_inner: bool = False

    def variables(self) -> list[Symbol]:
        """Return the variables: those of `f(x, y) = ...` in that order, else those that occur, by the alphabet."""
        if self.parameters:
            return [symbol(p) for p in self.parameters]
        return sorted(symbols_of(self.tree), key=lambda s: s.name)

    def variables_for(self, wrt: str | Expr | Sequence[str | Expr] | None) -> list[Symbol]:
        """Return the variables to differentiate by; UsageError where they are left out and there is not just one."""
        if wrt is not None and not isinstance(wrt, (str, Basic, Sequence)):
            raise UsageError(f"A variable must be a name, not {wrt!r}.", hint="Give a name such as x.")
        if wrt is None or (not isinstance(wrt, Basic) and not len(wrt)):
            found = self.variables()
            if len(found) == 1:
                return found
            names = ", ".join(s.name for s in found)
            raise UsageError(
                f"The expression has {len(found)} variables ({names})." if found else "The expression has no variable.",
                hint=f"Say which one to differentiate by, for instance --wrt {found[0].name if found else 'x'}.",
            )
        parts = [wrt] if isinstance(wrt, (str, Basic)) else list(wrt)
        return [s for part in parts for s in read_variables(part)]


def read_variables(part: str | Expr) -> list[Symbol]:
    """Return the symbols that a `wrt` names: "x", "x,y", or a SymPy symbol."""
    if isinstance(part, Symbol):
        return [own_symbol(part)]
    if not isinstance(part, str):
        raise UsageError(f"A variable must be a name, not {part}.", hint="Give a name such as x.")
    return [symbol(name) for name in read_names(part)]


def names_in(wrt: Any) -> tuple[str, ...]:
    """Return the names that a `wrt` declares: they come before everything else that their letters could mean."""
    parts = [wrt] if isinstance(wrt, str) else wrt if isinstance(wrt, (list, tuple)) else []
    return tuple(name for part in parts if isinstance(part, str) and part for name in read_names(part))


def read_question(
    expr: str | Expr | Question, names: Iterable[str] = (), max_characters: int = MAX_CHARACTERS
) -> Question:
    """Return the question that a text, a SymPy expression or a tree asks."""
    if isinstance(expr, Question):
        return expr
    if isinstance(expr, Inert) or (isinstance(expr, Symbol) and expr == symbol(expr.name)):
        return Question(expr)
    if isinstance(expr, Basic):
        return Question(from_sympy(expr), str(expr))
    if isinstance(expr, (int, float, Fraction, PythonDecimal)):
        return Question(as_number(expr), str(expr))
    if not isinstance(expr, str):
        raise UsageError(f"An expression must be a text or a SymPy expression, not a {type(expr).__name__}.")
    if is_system(expr):
        return _with_inner_functions(expr, tuple(names), max_characters)
    reading = read(expr, tuple(names), max_characters)
    refuse_huge_powers(reading.tree, expr)
    return Question(reading.tree, expr, reading.name, reading.parameters, reading.notes)


def _with_inner_functions(text: str, names: tuple[str, ...], max_characters: int) -> Question:
    """Read "p = 0.5 o; o = -x + 0.5y^2": one outer function, and inner functions by their names."""
    readings = read_system(text, names, max_characters)
    if len(readings) == 1:
        only = readings[0]
        return Question(only.tree, text, only.name, only.parameters, only.notes)
    by_name = {symbol(r.name): r for r in readings if r.name}
    outer = _outer(readings, by_name, text)
    definitions: dict[Symbol, Tree] = {}
    for name in by_name:
        _define(name, by_name, definitions, (), text)
    notes = tuple(note for r in readings for note in r.notes)
    tree = substituted(outer.tree, {k: Let(k, v) for k, v in definitions.items()})
    refuse_huge_powers(tree, text)
    return Question(tree, text, outer.name, outer.parameters, notes, True)


def _outer(readings: Sequence[Reading], by_name: Mapping[Symbol, Reading], text: str) -> Reading:
    used = {s for r in readings for s in symbols_of(r.tree)}
    outer = [r for r in readings if not r.name or symbol(r.name) not in used]
    if len(outer) != 1:
        raise ParseError(
            "The lines do not define one function through the others." if outer else "The definitions go in a circle.",
            text,
            0,
            len(text),
            hint='Write one outer function and the inner ones it uses, as in "p = 0.5 o; o = -x + 0.5y^2".',
        )
    return outer[0]


def _define(
    name: Symbol, readings: Mapping[Symbol, Reading], known: dict[Symbol, Tree], above: tuple[Symbol, ...], text: str
) -> Tree:
    """Return what a name stands for, with the names in it defined first; definitions nest at most 60 deep."""
    if name in above or len(above) > 60:
        raise ParseError(f"The definition of {name.name} goes in a circle.", text, 0, len(text))
    if name not in known:
        tree = readings[name].tree
        inner = [s for s in sorted(symbols_of(tree), key=lambda s: s.name) if s in readings]
        lets = {s: Let(s, _define(s, readings, known, (*above, name), text)) for s in inner}
        known[name] = substituted(tree, lets)
    return known[name]


LARGEST_POWER = 20_000  # bits


def refuse_huge_powers(tree: Tree, text: str) -> None:
    """Raise TooLarge for a power of numbers with more than 20,000 bits, such as 9^9^9, before anything works it out."""

    def bits(node: Basic, inner: list[float]) -> float:
        """Return log2 of the size of a constant, nan for what has a letter in it or is no plain arithmetic."""
        if isinstance(node, Integer):
            return math.log2(node.p) if node else 0.0
        if isinstance(node, Power):
            base, exponent = inner
            if math.isnan(base) or math.isnan(exponent) or not base:
                return base * exponent
            size = base * 2.0**exponent if exponent < LARGEST_POWER else math.inf
            if size > LARGEST_POWER:
                hint = f"Exact numbers are worked out up to {LARGEST_POWER:,} bits."
                raise TooLarge("The text has a power that is too large.", text, 0, len(text), hint=hint)
            return size
        if isinstance(node, (Plus, Times)):
            return sum(inner)
        return inner[0] if isinstance(node, Neg) else math.nan

    fold(tree, bits)


# --- replacing -------------------------------------------------------------------------------------------------------


def substituted(tree: Tree, values: Mapping[Symbol, Tree]) -> Tree:
    """Return the tree with symbols replaced, everything else as it is written."""
    if not values:
        return tree

    def replace(node: Basic, inner: list[Basic]) -> Basic:
        if not isinstance(node, Inert):
            return values.get(node, node) if isinstance(node, Symbol) else node
        if isinstance(node, Let):
            return Let(node._args[0], inner[1])
        return node if all(a is b for a, b in zip(node._args, inner, strict=True)) else type(node)(*inner)

    return fold(tree, replace)


def without_lets(tree: Tree) -> Tree:
    """Return the tree with every named inner function written out."""

    def replace(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Let):
            return inner[1]
        if not isinstance(node, Inert) or all(a is b for a, b in zip(node._args, inner, strict=True)):
            return node
        return type(node)(*inner)

    return fold(tree, replace)


def has_negative_powers(tree: Tree) -> bool:
    """Tell whether the user wrote a negative power of a letter, as in y^-2, so that the answer is written so too."""
    for node in walk(tree):
        if isinstance(node, Power) and isinstance(node._args[1], Neg):
            base, exponent = node._args
            if symbols_of(base) and number_value(exponent) is not None:
                return True
    return False


# --- values ----------------------------------------------------------------------------------------------------------


def read_values(at: Mapping[Any, Any] | str) -> dict[str, Tree]:
    """Return the values of a point by the names of its variables; text, numbers and SymPy numbers are all read."""
    if not isinstance(at, (str, Mapping)):
        raise UsageError(f"A point must say which name has which value, not {at!r}.", hint='Write at={"x": 2}.')
    values = read_point(at) if isinstance(at, str) else _values_by_name(at)
    for name, value in values.items():
        for other in symbols_of(value):
            if other.name in values:
                raise UsageError(f"The value of {name} has {other.name} in it, which has a value itself.")
    return values


def _values_by_name(at: Mapping[Any, Any]) -> dict[str, Tree]:
    values: dict[str, Tree] = {}
    for key, value in at.items():
        variables = read_variables(key)
        if len(variables) != 1 or variables[0].name in values:
            raise UsageError(f"A point must give one value to one name, not {key!r}.", hint='Write at={"x": 2}.')
        values[variables[0].name] = as_number(value)
    return values


def as_number(value: Any) -> Tree:
    """Return a value as a tree: 2, 0.4, "1/2", Fraction(1, 2), a SymPy number; a float is the decimal it prints as."""
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, bool) or value is None:
        raise UsageError(f"A value must be a number, not {value}.")
    if isinstance(value, (int, Fraction)):
        return written_number(Fraction(value))
    if isinstance(value, Basic):
        return value if isinstance(value, Inert) else from_sympy(value)
    try:
        exact = Fraction(PythonDecimal(float.__repr__(value) if isinstance(value, float) else str(value)))
    except (ArithmeticError, ValueError):
        raise UsageError(f"A value must be a finite number, not {value!r}.") from None
    return written_number(exact, decimal=True)
