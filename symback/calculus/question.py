"""What was asked: the expression as a tree, its name, its variables, its inner functions, the values of a point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal as PythonDecimal
from fractions import Fraction
from typing import Any, NamedTuple

from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.numbers import Rational
from sympy.core.symbol import Symbol

from symback.calculus.equations import System, put_together, side_by_side
from symback.errors import TooLarge, UsageError
from symback.expr.tree import (
    Decimal,
    Diff,
    Inert,
    Let,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    is_pending,
    number_value,
    symbol,
    symbols_of,
    walk,
)
from symback.expr.unknown import parts
from symback.hints import mention
from symback.syntax import is_system, parse, read, read_names, read_point, read_system
from symback.syntax.convert import Originals, from_sympy, originals_of, own_symbol, written_number
from symback.syntax.reading import read_functions, refuse_infinite
from symback.syntax.source import MAX_CHARACTERS, Source
from symback.verify.unanswered import refuse_unanswered


class Question(NamedTuple):
    """An expression that was asked about; `has_inner` tells that the user named inner functions.

    Where functions of the user's are applied in it, `called` is the expression as it was typed, `tree` has them put in,
    and `insertions` are their definitions: ("f(x)", x^2). `asked` are the variables of a question that was posed as one
    pending derivative, innermost first; `tree` is then what is differentiated.
    """

    tree: Tree
    source: str = ""
    name: str = ""
    parameters: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    has_inner: bool = False
    called: Tree | None = None
    insertions: tuple[tuple[str, Tree], ...] = ()
    asked: tuple[Symbol, ...] = ()
    originals: Originals = ()

    def variables(self) -> list[Symbol]:
        """Return the variables: those of `f(x, y) = ...` in that order, else those that occur, by the alphabet."""
        if self.parameters:
            return [symbol(p) for p in self.parameters]
        return sorted(symbols_of(self.tree), key=lambda s: s.name)

    def passes(self, wrt: str | Expr | Sequence[str | Expr] | None, order: int = 1) -> list[Symbol]:
        """Return the variables in the order in which they are differentiated by, each as often as it is.

        UsageError where the expression asks for one derivative and `wrt` or the order for another.
        """
        if not self.asked:
            return [v for v in self.variables_for(wrt) for _ in range(order)]
        named = self.variables_for(wrt) if _is_given(wrt) else list(dict.fromkeys(self.asked))
        wanted = [v for v in named for _ in range(order)]
        once = list(dict.fromkeys(self.asked))
        if wanted != once and sorted(wanted, key=str) != sorted(self.asked, key=str):
            typed, given = (" and ".join(v.name for v in group) for group in (self.asked, wanted))
            raise UsageError(
                f"The expression asks for the derivative by {typed}, not by {given}.",
                hint="Leave out the variable and the order, or give the function alone.",
            )
        return list(self.asked)

    def posed(self) -> Question:
        """Return the question that a single pending derivative is, as in d/dx [x^3], where the whole is one."""
        inner, variables = _stripped(self.tree)
        name, parameters = "", self.parameters
        if not variables or self.name:
            return self._with_part() if is_pending(self.tree) else self
        note = f"{_sign(variables)} [...] is taken as the question."
        called = None if self.called is None else _stripped(self.called)[0]
        if called is self.called and isinstance(called, Let):  # f'(x), where f is defined
            typed = called._args[0]
            called = Let(apply(parts(typed.name)[0], *typed.arguments), inner)
            if _is_definition(called, self.insertions):
                name, parameters, called = parts(typed.name)[0], tuple(a.name for a in typed.arguments), None
        insertions = self.insertions if called is not None else ()
        if isinstance(inner, Let) and isinstance(inner._args[0], Symbol):  # y', where y is defined
            name, inner = inner._args[0].name, inner._args[1]
        has_inner = any(isinstance(node, Let) for node in walk(inner))
        return self._replace(
            tree=inner,
            notes=(*self.notes, note),
            asked=variables,
            called=called,
            insertions=insertions,
            name=name,
            has_inner=has_inner,
            parameters=parameters,
        )

    def _with_part(self) -> Question:
        """Return the question with a note that a derivative in it is worked out as a part of the function."""
        note = "A derivative is a part of the expression, which is differentiated as a whole."
        return self._replace(notes=(*self.notes, note))

    def with_originals(self, *given: Any) -> Question:
        """Return the question with the SymPy symbols of variables and points too."""
        flat = [part for g in given for part in (g if isinstance(g, (list, tuple, Mapping)) else [g])]
        known = dict(originals_of(*flat)) | dict(self.originals)
        return self._replace(originals=tuple(known.items())) if known else self

    def with_pending(self, what: str) -> Question:
        """Return the question with a note where its function is itself a pending derivative."""
        if not _stripped(self.tree)[1]:
            return self
        note = f"{_sign(_stripped(self.tree)[1])} [...] is the function itself, whose {what} is asked for."
        return self._replace(notes=(*self.notes, note))

    def variables_for(self, wrt: str | Expr | Sequence[str | Expr] | None) -> list[Symbol]:
        """Return the variables to differentiate by; UsageError where they are left out and there is not just one."""
        if wrt is not None and not isinstance(wrt, (str, Basic, Sequence)):
            raise UsageError(f"A variable must be a name, not {wrt!r}.", hint="Give a name such as x.")
        if wrt is None or (not isinstance(wrt, Basic) and not len(wrt)):
            found = self.variables()
            if len(found) == 1:
                return found
            refuse_unanswered(set(map(type, walk(self.tree))))
            names = ", ".join(s.name for s in found)
            if not found and self.called is not None and is_pending(self.called):
                hint = "For the value of a derivative at a point ask for it with symback evaluate."
                raise UsageError("The expression is a number, and has no variable.", hint=hint)
            one = mention("wrt", found[0].name if found else "x")
            raise UsageError(
                f"The expression has {len(found)} variables ({names})." if found else "The expression has no variable.",
                hint=f"Say which one to differentiate by, for instance {one}.",
            )
        parts = [wrt] if isinstance(wrt, (str, Basic)) else list(wrt)
        return [s for part in parts for s in read_variables(part)]


def _is_given(wrt: Any) -> bool:
    return wrt is not None and (isinstance(wrt, Basic) or len(wrt) > 0)


def _stripped(tree: Tree) -> tuple[Tree, tuple[Symbol, ...]]:
    """Return what a pending derivative is of, and its variables in the order of the work; none for anything else."""
    variables: list[Symbol] = []
    while isinstance(tree, Diff) and isinstance(tree._args[1], Symbol):
        variables.insert(0, tree._args[1])
        tree = tree._args[0]
    return tree, tuple(variables)


def _sign(variables: Sequence[Symbol]) -> str:
    """Return the sign of a derivative: d/dx, d^2/dx^2, d^2/dx dy."""
    order = f"^{len(variables)}" if len(variables) > 1 else ""
    if len(set(variables)) == 1:
        return f"d{order}/d{variables[0].name}{order}"
    return f"d{order}/" + " ".join(f"d{v.name}" for v in reversed(variables))


def _is_definition(called: Tree, insertions: Sequence[tuple[str, Tree]]) -> bool:
    """Tell whether f(x) is the very f(x) = ... that was given, and nothing else is put in."""
    typed = called._args[0]
    written = f"{typed.name}({', '.join(getattr(a, 'name', '') for a in typed.arguments)})"
    return len(insertions) == 1 and insertions[0][0] == written


def read_variables(part: str | Expr) -> list[Symbol]:
    """Return the symbols that a `wrt` names: "x", "x,y", or a SymPy symbol."""
    if isinstance(part, Symbol):
        return [own_symbol(part)]
    if not isinstance(part, str):
        raise UsageError(f"A variable must be a name, not {part}.", hint="Give a name such as x.")
    return [symbol(name) for name in read_names(part)]


def names_in(wrt: Any) -> tuple[str, ...]:
    """Return the names that a `wrt` declares: they come before everything else that their letters could mean."""
    parts = [wrt] if isinstance(wrt, (str, Symbol)) else wrt if isinstance(wrt, (list, tuple)) else []
    texts = [own_symbol(part).name if isinstance(part, Symbol) else part for part in parts]
    return tuple(name for text in texts if isinstance(text, str) and text for name in read_names(text))


def read_question(
    expr: str | Expr | Question,
    names: Iterable[str] = (),
    max_characters: int = MAX_CHARACTERS,
    variables: Iterable[str] = (),
) -> Question:
    """Return the question that a text, a SymPy expression or a tree asks; `variables` are those to differentiate by."""
    if isinstance(expr, Question):
        return expr
    if isinstance(expr, Inert) or (isinstance(expr, Symbol) and expr == symbol(expr.name)):
        return Question(expr)
    if isinstance(expr, Basic):
        return Question(from_sympy(expr), str(expr), originals=originals_of(expr))
    if isinstance(expr, (int, float, Fraction, PythonDecimal)):
        return Question(as_number(expr), str(expr))
    if not isinstance(expr, str):
        raise UsageError(f"An expression must be a text or a SymPy expression, not a {type(expr).__name__}.")
    if is_system(expr):
        return _of_system(expr, (*names, *variables), tuple(variables), max_characters)
    reading = read(expr, (*names, *variables), max_characters, variables)
    refuse_huge_powers(reading.tree, expr)
    return Question(reading.tree, expr, reading.name, reading.parameters, reading.notes)


def _of_system(text: str, names: tuple[str, ...], variables: tuple[str, ...], max_characters: int) -> Question:
    """Read "p = 0.5 o; o = -x + 0.5y^2" or "y = f(2x); f(x) = x^2": one question, and what it is defined by."""
    readings = read_system(text, names, max_characters, variables)
    if len(readings) == 1:
        only = readings[0]
        return Question(only.tree, text, only.name, only.parameters, only.notes)
    return _of_found(put_together(readings, text, variables), text)


def _of_found(found: System, text: str) -> Question:
    refuse_huge_powers(found.tree, text)
    called = found.called if found.insertions else None
    return Question(
        found.tree, text, found.name, found.parameters, found.notes, found.has_inner, called, found.insertions
    )


def read_questions(text: str, names: Iterable[str] = (), variables: Iterable[str] = ()) -> list[Question]:
    """Return the questions that several functions in one text are, each with what the others define.

    >>> [q.tree for q in read_questions("f(x y); x + y; f(t) = t^2")]
    [Power(Times(x, y), 2), Plus(x, y)]
    """
    variables = tuple(variables)
    readings = read_functions(text, (*names, *variables), variables=variables)
    if len(readings) == 1:
        return [read_question(readings[0].text, names, variables=variables)]
    return [_of_found(found, text) for found in side_by_side(readings, text, variables)]


LARGEST_POWER = 20_000  # bits


class _Size(NamedTuple):
    """A bound on a constant: log2 of its absolute value, and the bits that it takes to write it exactly."""

    value: float
    bits: float


_UNKNOWN = _Size(math.nan, math.nan)  # a letter is in it, or it is not plain arithmetic


def refuse_huge_powers(tree: Tree, text: str) -> None:
    """Raise TooLarge for a power of numbers with more than 20,000 bits, such as 9^9^9 or (1/3)^(10^8)."""

    def size(node: Basic, inner: list[_Size]) -> _Size:
        found = _size_of(node, inner)
        if isinstance(node, Power) and found.bits > LARGEST_POWER:
            hint = f"Exact numbers are worked out up to {LARGEST_POWER:,} bits."
            raise TooLarge("The text has a power that is too large.", text, 0, len(text), hint=hint)
        return found

    fold(tree, size)


def _size_of(node: Basic, inner: list[_Size]) -> _Size:
    if isinstance(node, Rational):
        top, bottom = (math.log2(n) if n else 0.0 for n in (abs(int(node.p)), int(node.q)))
        return _Size(top - bottom, top + bottom)
    if isinstance(node, (Neg, Decimal)):
        return inner[0]
    if isinstance(node, Quotient):
        return _Size(inner[0].value - inner[1].value, inner[0].bits + inner[1].bits)
    if isinstance(node, (Plus, Times)):
        return _Size(sum(max(i.value, 0.0) for i in inner), sum(i.bits for i in inner))
    if not isinstance(node, Power) or any(math.isnan(i.bits) for i in inner):
        return _UNKNOWN
    times = 2.0 ** min(inner[1].value, LARGEST_POWER.bit_length() + 1)
    return _Size(inner[0].value * times, inner[0].bits * times)


def has_negative_powers(tree: Tree) -> bool:
    """Tell whether the user wrote a negative power of a letter, as in y^-2, so that the answer is written so too.

    One inside another, (1 + x^-1)^-2, is no form that anybody keeps.
    """
    found = [node for node in walk(tree) if _is_negative_power(node)]
    return bool(found) and not any(_is_negative_power(inner) for node in found for inner in walk(node._args[0]))


def _is_negative_power(node: Tree) -> bool:
    if not (isinstance(node, Power) and isinstance(node._args[1], Neg)):
        return False
    base, exponent = node._args
    return bool(symbols_of(base)) and number_value(exponent) is not None


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


def notes_on_unused(values: Iterable[str], *trees: Tree) -> tuple[str, ...]:
    """Say which names of a point do not occur in any of the expressions, and which names there are."""
    present = sorted({s.name for tree in trees for s in symbols_of(tree)})
    what = "expression" if len(trees) == 1 else "expressions"
    there = f": the names there are {', '.join(present)}" if present else ""
    return tuple(f"{name} does not occur in the {what}{there}." for name in values if name not in present)


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
        refuse_infinite(Source(value), 0, len(value))
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
