"""Implicit differentiation: both sides of an equation are differentiated, and the result is solved for dy/dx."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.calculus.at_point import value_at
from symback.calculus.curves.curve_points import near_misses, points_on, require_on_the_curve, slope_fault
from symback.calculus.curves.dependent import WRITE_RATE, as_functions, as_letters, on_paper, with_letters, with_rates
from symback.calculus.curves.linear import Solver, without_rates_above
from symback.calculus.curves.on_the_curve import shortened
from symback.calculus.curves.result import Implicit
from symback.calculus.engine import differentiate, tidy
from symback.calculus.equation import as_equation
from symback.calculus.question import names_in, read_values, read_variables, refuse_huge_powers
from symback.calculus.worked import Chain
from symback.errors import DomainError, UsageError
from symback.expr.rule import Derivation, Move, Rule, next_line
from symback.expr.tree import Diff, Equal, Rate, Tree, apply, is_pending, put, symbol, symbols_of, walk
from symback.syntax import Equation
from symback.verify.compare import unknown_functions

LARGEST_ORDER = 6
ONE = Integer(1)


def implicit(
    equation: str | Equation,
    wrt: Any,
    of: Any = None,
    order: int = 1,
    at: Mapping[Any, Any] | None = None,
    rates: Mapping[Any, Any] | None = None,
    *,
    names: Iterable[str] = (),
) -> Implicit:
    """Differentiate an equation that makes one letter a function of another, one labelled step at a time.

    `of` is that letter; it may be left out where there is only one beside `wrt`, or where one is called y. `order` 2
    asks for the second derivative too. `at` are values of all letters, a point on the curve. Where `wrt` is not in the
    equation, all its letters are functions of it, as in problems about related rates, and `rates` are the values of
    their derivatives.

    Raises ParseError, UsageError where the letters do not fit, DomainError where the point is not on the curve or has
    no derivative.

    >>> implicit("x^2 + y^2 = 25", "x").answer
    -x/y
    """
    return Asked(equation, wrt, of, order, at, rates, names).result()


class Asked:
    """The question: the equation, its variable, the letters that depend on it, the one whose derivative is asked."""

    def __init__(
        self, equation: Any, wrt: Any, of: Any, order: int, at: Any, rates: Any, names: Iterable[str] = ()
    ) -> None:
        self.order = _checked(order)
        self.values = read_values(at) if at else {}
        self.rates = read_values(rates) if rates else {}
        declared = (*names, *names_in(wrt), *names_in(of), *self.values, *self.rates)
        self.source = equation if isinstance(equation, str) else ""
        self.read = as_equation(equation, declared)
        self.left, self.right = self.read.left, self.read.right
        if self.source:
            refuse_huge_powers(Equal(self.left, self.right), self.source)
        self.by = _one(wrt)
        self.left, self.right = (_with_letters(side, self.by) for side in (self.left, self.right))
        self.letters = symbols_of(Equal(self.left, self.right))
        self.is_related = self.by not in self.letters
        self.functions = self._functions(of)
        self.of = self._asked(of)
        self._require_values()

    # --- which letters ------------------------------------------------------------------------------------------------

    def _functions(self, of: Any) -> tuple[Symbol, ...]:
        given = [s for part in _parts(of) for s in read_variables(part)]
        for name in given:
            if name not in self.letters:
                raise UsageError(
                    f"{name.name} does not occur in the equation.", hint=f"Its letters are {_listed(self.letters)}."
                )
            if name == self.by:
                raise UsageError(f"{name.name} cannot be a function of itself.", hint="Name another letter.")
        others = sorted(self.letters - {self.by}, key=lambda s: s.name)
        if not others:
            raise UsageError(
                f"The equation has no letter beside {self.by.name}, so nothing depends on {self.by.name}.",
                hint="Give an equation such as x^2 + y^2 = 25.",
            )
        if self.is_related and len(given) <= 1:
            return tuple(others)
        if given:
            return tuple(given)
        if len(others) > 1 and symbol("y") not in others:
            raise UsageError(
                f"The equation has {len(others)} letters beside {self.by.name} ({_listed(others)}).",
                hint=f"Say which is the function, for instance --of {others[-1].name}.",
            )
        return (symbol("y"),) if symbol("y") in others else tuple(others)

    def _asked(self, of: Any) -> Symbol:
        given = [s for part in _parts(of) for s in read_variables(part)]
        if len(given) == 1 or len(self.functions) == 1:
            return (given or self.functions)[0]
        open_ = [s for s in self.functions if s.name not in self.rates]
        if len(open_) == 1:
            return open_[0]
        if not open_:
            raise UsageError("All rates are given.", hint="Leave out the one that is asked for.")
        if isinstance(self.left, Symbol) and self.left in open_:
            return self.left
        return symbol("y") if symbol("y") in open_ else open_[-1]

    def _require_values(self) -> None:
        known = {s.name for s in self.functions}
        for name in self.rates:
            if name not in known:
                raise UsageError(f"A rate is given for {name}, which is no function of {self.by.name} here.",
                                 hint=f"The functions are {_listed(self.functions)}.")  # fmt: skip
        if self.rates and self.order > 1:
            raise UsageError("Rates belong to a first derivative.", hint="Leave out the order.")

    def _require_point(self, formula: Tree) -> None:
        """Raise UsageError where the formula has a letter without a value."""
        missing = sorted(s.name for s in symbols_of(with_rates(formula, dict.fromkeys(_rates(formula), ONE)))
                         if s.name not in self.values)  # fmt: skip
        if missing:
            point = {symbol(name): value for name, value in self.values.items()}
            raise UsageError(
                f"The point has no value for {', '.join(missing)}.",
                hint=near_misses(self.left, self.right, missing, point) or f"Give one, as in --at {missing[0]}=1.",
            )

    # --- what is worked out -------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The derivative that is asked for, in words."""
        return f"d{self.of.name}/d{self.by.name}"

    def result(self) -> Implicit:
        """Work everything out; VerificationFailed is raised by those who show it."""
        point = {symbol(name): value for name, value in self.values.items()}
        if point.keys() >= self.letters:
            require_on_the_curve(self.left, self.right, point)
        first, derivative = self._first()
        chains, answers = [first], [derivative]
        for order in range(2, self.order + 1):
            chain, derivative = self._next(answers, order)
            chains.append(chain)
            answers.append(derivative)
        asked = Rate(self.of, self.by, Integer(self.order))
        facts: dict[str, Any] = {"wrt": self.by.name, "of": self.of.name, "order": self.order}
        pieces: list[Any] = list(chains)
        if len(answers) > 1:
            facts["derivatives"] = tuple(answers)
        if point or self.rates:
            value = self._value(answers[-1], asked, pieces)
            shown = {s.name: v for s, v in point.items()}
            facts |= {"point": tuple(point.items()), "value": value} if shown else {"value": value}
        return Implicit(
            tuple(pieces),
            answers[-1],
            asked,
            tuple(facts.items()),
            self._notes(),
            self.source,
            Equal(self.left, self.right),
            equation=Equal(self.left, self.right),
            by=self.by,
            functions=self.functions,
            answers=tuple(answers),
        )

    def _notes(self) -> tuple[str, ...]:
        constants = self.letters - {self.by, *self.functions}
        said = []
        if constants and not self.values:
            said.append(f"{_listed(constants)} {'are constants' if len(constants) > 1 else 'is a constant'}.")
        if not any(True for _ in points_on(self.left, self.right, self.of, 1)):
            said.append("No point with real values was found on this curve.")
        return (*self.read.notes, *said)

    def _first(self) -> tuple[Chain, Tree]:
        """Return the working that leads to dy/dx, and what that is equal to."""
        start = Equal(self.left, self.right)
        line = Equal(Diff(self.left, self.by), Diff(self.right, self.by))
        depends = f"{_listed(self.functions)} {'are functions' if len(self.functions) > 1 else 'is a function'}"
        both = Rule("differentiate both sides", f"u = v gives D(u) = D(v); {depends} of {self.by.name}")
        moves = [Move(both, (), start, line, line=1)]
        sides = [self._differentiated(side, i) for i, side in enumerate((self.left, self.right))]
        moves += side_by_side(sides)
        for move in moves[1:]:
            line = put(line, move.path, move.result)
        rate = Rate(self.of, self.by, ONE)
        answer = Solver(line, rate, self.name, moves).solve()
        last = Equal(rate, answer)
        return Chain(Derivation(start, tuple(moves), last)), answer

    def _differentiated(self, side: Tree, index: int) -> list[Move]:
        """Return the moves that differentiate one side, as they stand on paper."""
        moves: list[Move] = []
        pending = Diff(as_functions(side, self.functions, self.by), self.by)
        done = differentiate(pending, moves, (index,))
        before = len(moves)
        tidy(done, moves, (index,), expand=False)
        rate = apply(f"{self.of.name}'", self.by)
        moves = [*moves[:before], *without_rates_above(moves[before:], rate)]
        return on_paper(moves, self.functions, self.by)

    def _next(self, answers: Sequence[Tree], order: int) -> tuple[Chain, Tree]:
        """Return the working of the next derivative from the last one: the known ones are put in."""
        last = answers[-1]
        start: Tree = Diff(last, self.by)
        moves: list[Move] = []
        done = differentiate(Diff(as_functions(last, self.functions, self.by), self.by), moves, ())
        tidy(done, moves, (), expand=False)
        moves = _merged(on_paper(moves, self.functions, self.by))
        line = start
        for move in moves:
            line = put(line, move.path, move.result)
        rate = Rate(self.of, self.by, ONE)
        if any(node == rate for node in walk(line)):
            result = with_rates(line, {rate: answers[0]})
            rule = Rule(f"put in {self.name}", f"{self.name} is what was found before")
            moves.append(Move(rule, (), line, result, ((self.name, answers[0]),), line=next_line(moves)))
            made: list[Move] = []
            line = tidy(result, made)
            moves += [replace(move, line=next_line(moves)) for move in made]
        line = shortened(line, self.left, self.right, moves)
        named = Rate(self.of, self.by, Integer(order))
        return Chain(Derivation(start, tuple(moves), line), named), line

    def _value(self, formula: Tree, asked: Tree, pieces: list[Any]) -> Tree:
        """Put the point and the rates in, and return what comes of it."""
        values = {symbol(name): value for name, value in self.values.items()}
        known = {Rate(symbol(name), self.by, ONE): value for name, value in self.rates.items()}
        self._require_point(formula)
        present = _rates(formula)
        missing = [node for node in present if node not in known]
        if missing and self.rates:
            names = ", ".join(sorted(f"d{r._args[0].name}/d{self.by.name}" for r in missing))
            raise UsageError(f"There is no value for {names}.", hint="Give the rate, as in --rates x=2.")
        moves: list[Move] = []
        line = formula
        put_in = with_rates(with_letters(line, values), known)
        bound = (*((s.name, v) for s, v in values.items() if s in symbols_of(line)),
                 *((f"d{r._args[0].name}/d{self.by.name}", known[r]) for r in known if r in present))  # fmt: skip
        if put_in != line:
            law = ", ".join(name for name, _ in bound) + " take their values"
            moves.append(Move(Rule("substitute", law), (), line, put_in, bound, line=1))
        self._require_slope(formula, values)
        worked: list[Move] = []
        line = value_at(put_in, {}, worked)
        moves += [replace(move, line=2) for move in worked]
        pieces.append(Chain(Derivation(formula, tuple(moves), line), asked, where=tuple(values.items())))
        return line

    def _require_slope(self, formula: Tree, values: Mapping[Symbol, Tree]) -> None:
        """Raise DomainError where the formula has a divisor that is 0 at the point."""
        fault = slope_fault(self.left, self.right, self.of, self.by, values)
        if fault:
            where = ", ".join(f"{s.name} = {v.doit()}" for s, v in values.items())
            raise DomainError(f"{self.name} does not exist at {where}: {fault}.", hint="Choose another point.")


def _rates(tree: Tree) -> set[Tree]:
    return {node for node in walk(tree) if isinstance(node, Rate)}


def side_by_side(sides: Sequence[list[Move]]) -> list[Move]:
    """Return the moves of both sides with those of the same line together."""
    groups = [[list(group) for _, group in groupby(_merged(moves), key=lambda m: m.line)] for moves in sides]
    made = []
    for i in range(max(map(len, groups))):
        for side in groups:
            made += [replace(move, line=i + 2) for move in (side[i] if i < len(side) else ())]
    return made


def _merged(moves: Sequence[Move]) -> list[Move]:
    """Return moves with a line that only writes dy/dx joined to the line before."""
    made: list[Move] = []
    number = 0
    for _, group in groupby(moves, key=lambda m: m.line):
        found = list(group)
        is_silent = all(m.rule == WRITE_RATE or m.rule.minor for m in found) and any(
            m.rule == WRITE_RATE for m in found
        )
        number += not (is_silent and number)
        made += [replace(m, line=number) for m in found]
    return made


def _checked(order: int) -> int:
    if not isinstance(order, int) or isinstance(order, bool) or not 1 <= order <= LARGEST_ORDER:
        raise UsageError(f"The order must be a whole number from 1 to {LARGEST_ORDER}, not {order}.")
    return order


def _parts(of: Any) -> list[Any]:
    if of is None or (isinstance(of, str) and not of.strip()):
        return []
    return list(of) if isinstance(of, (list, tuple)) else [of]


def _one(wrt: Any) -> Symbol:
    found = [s for part in _parts(wrt) for s in read_variables(part)]
    if len(found) != 1:
        raise UsageError("Give one variable to differentiate by.", hint="Write --wrt x.")
    return found[0]


def _listed(names: Iterable[Symbol]) -> str:
    words = sorted(s.name for s in names)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _with_letters(side: Tree, by: Symbol) -> Tree:
    """Return a side with y for y(x); UsageError for other functions that nobody knows, and for derivatives."""
    names = unknown_functions(side)
    found = as_letters(side, [symbol(name) for name in names], by)
    others = unknown_functions(found)
    if others:
        raise UsageError(f"The function {others[0]} is not known.", hint="Write the function out, as a formula.")
    if _rates(found) or is_pending(found):
        raise UsageError("A derivative stands in the equation.", hint="Give an equation of letters and functions.")
    return found


__all__ = ["Asked", "implicit"]
