"""Tangents: the line that touches a curve, its normal, the plane that touches a surface, and what they are near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.curves.curve_points import evaluate, numbers, said, slope_fault
from symback.calculus.curves.implicit import Asked
from symback.calculus.curves.parts import Slope, letter_for, plain, slope, value_chain
from symback.calculus.curves.steepness import is_steep
from symback.calculus.curves.terms import difference, multiple
from symback.calculus.engine import tidy
from symback.calculus.question import Question, read_question, read_values
from symback.calculus.worked import Chain, Curve, Plot, Said, Words, Worked
from symback.errors import DomainError, SymbackError, UsageError
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import (
    ONE,
    Diff,
    Equal,
    Neg,
    Plus,
    Quotient,
    Times,
    Tree,
    apply,
    number_value,
    sum_of,
    symbol,
    symbols_of,
    weight_of,
)
from symback.syntax import is_equation
from symback.verify import Undefined, Verification

EXPAND = Rule("expand and collect", "m*(x - a) + b = m*x + (b - m*a)")
NEAR = mp.mpf(10) ** -12


@dataclass(frozen=True, repr=False)
class Tangent(Worked):
    """A tangent: `answer` is the right side of y = .. or z = ..; of a vertical line x = .. it is that number.

    >>> import symback
    >>> symback.tangent("x^2", {"x": 2}).answer
    4*x - 4
    """

    kind: ClassVar[str] = "tangent"
    function: Tree = None
    at: tuple[tuple[Symbol, Tree], ...] = ()
    line: Tree = None  # the tangent itself, where the answer is the normal

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Tangent"

    def _vertical(self) -> Verification:
        """Check a vertical tangent by the difference quotients of the function, or by the slopes of both sides."""
        if isinstance(self.read_as, Equal):
            (x, a), (y, b) = self.fact("point")
            left, right = self.read_as._args
            is_right = "vertical" in slope_fault(left, right, y, x, {x: a, y: b})
        else:
            [(x, a)] = self.at
            is_right = is_steep(self.function, x, a)
        return Verification("verified" if is_right else "failed", 1, "Verified at 1 point." if is_right else "")

    def _checks(self) -> Iterable[Verification]:
        """Check that the tangent has the value and the slopes of the function at the point."""
        if self.fact("vertical"):
            yield self._vertical()
        if self.line is None:
            return
        known = numbers(dict(self.at)) if all(not symbols_of(v) for _, v in self.at) else None
        others = symbols_of(self.function) - {s for s, _ in self.at}
        if known is None or others:
            return
        pairs = [(self.function, self.line), *((Diff(self.function, s), Diff(self.line, s)) for s, _ in self.at)]
        for one, other in pairs:
            try:
                first, second = evaluate(one, known), evaluate(other, known)
            except Undefined:
                yield Verification("unverified", 0, "Not verified: the function ends at the point.")
                return
            if abs(first - second) > NEAR * (1 + abs(first)):
                yield Verification("failed", 1, "The tangent does not have the value and slope of the function.")
                return
        yield from self._right_angle(known)
        yield Verification("verified", 1, "Verified at 1 point.")

    def _right_angle(self, known: Mapping[Symbol, Any]) -> Iterable[Verification]:
        """Check that the slopes of tangent and normal multiply to -1, where the normal is no vertical line."""
        if self.last == self.line or len(self.at) > 1 or self.asked == self.at[0][0]:
            return
        x = self.at[0][0]
        product = Times(Diff(self.line, x), Diff(self.last, x))
        if abs(evaluate(product, known) + 1) > NEAR:
            yield Verification("failed", 1, "The normal is not at a right angle to the tangent.")


def tangent(
    f: Any,
    at: Mapping[Any, Any],
    *,
    normal: bool = False,
    near: Mapping[Any, Any] | None = None,
    names: Iterable[str] = (),
) -> Tangent:
    """Return the tangent of a function at a point, with every step.

    `f` is a function of one variable (a line), of two (a plane), or an equation, of which `at` is a point. `normal`
    asks for the line at a right angle too, which is the answer then. `near` is another point, at which the tangent is
    compared with the function.

    Raises DomainError where there is no tangent, UsageError where the point does not fit.

    >>> tangent("x^2 + y^2", {"x": 1, "y": 2}).answer
    2*x + 4*y - 5
    """
    return Touching(f, at, normal, near, names).result()


class Touching:
    """The question: a function or an equation, the point, and what is asked beside the tangent."""

    def __init__(self, f: Any, at: Any, normal: bool, near: Any, names: Iterable[str] = ()) -> None:
        if not at:
            raise UsageError("A tangent needs a point.", hint="Give one, as in --at x=2.")
        self.values = read_values(at)
        self.near = read_values(near) if near else {}
        self.normal = normal
        for name, value in {**self.values, **self.near}.items():
            if symbols_of(value):
                raise UsageError(f"The value of {name} is no number.", hint=f"Give one, as in --at {name}=2.")
        self.source = f if isinstance(f, str) else ""
        self.curve = None
        declared = (*names, *self.values)
        if isinstance(f, str) and is_equation(f):
            self.curve = _curve(f, self.values, declared)
            return
        self.question: Question = read_question(f, declared).posed()
        self.function = plain(self.question)
        self.variables = self._variables()
        if self.near and set(self.near) != {v.name for v in self.variables}:
            wanted = ", ".join(v.name for v in self.variables)
            raise UsageError(f"The near point must have values for {wanted}.", hint="Write --near x=2.1.")

    def _variables(self) -> list[Symbol]:
        letters = symbols_of(self.function)
        found = [symbol(name) for name in self.values if symbol(name) in letters]
        if not letters and len(self.values) == 1:
            found = [symbol(next(iter(self.values)))]
        declared = [symbol(p) for p in self.question.parameters]
        missing = [s.name for s in (declared or sorted(letters, key=str)) if s.name not in self.values]
        if missing and (declared or not found or "x" in missing or "y" in missing):
            raise UsageError(f"The point has no value for {', '.join(missing)}.",
                             hint=f"Give one, as in --at {missing[0]}=1.")  # fmt: skip
        strange = [name for name in self.values if symbol(name) not in found and name != self.question.name]
        if strange:
            raise UsageError(f"{strange[0]} does not occur in the function.", hint="Leave its value out.")
        if len(found) > 2:
            raise UsageError(
                "Tangents are drawn to functions of one variable or two.", hint="Give values to the others."
            )
        return found

    # --- what is worked out -------------------------------------------------------------------------------------------

    def result(self) -> Tangent:
        """Work everything out."""
        if self.curve is not None:
            return self._of_equation(self.curve)
        several = len(self.variables) > 1
        name = letter_for(self.question, self.variables)
        values = {v.name: self.values[v.name] for v in self.variables}
        arguments = tuple(self.variables)
        height = value_chain(self.function, values, apply(name, *values.values()))
        given = self.values.get(self.question.name)
        if given is not None:
            _require_height(height.derivation.last, given, self.question.name)
        try:
            slopes = [slope(self.question, v, values, name, several) for v in self.variables]
        except DomainError:
            if several or not is_steep(self.function, self.variables[0], values[self.variables[0].name]):
                raise
            return self._vertical(height, name)
        pieces: list[Any] = [height]
        for found in slopes:
            pieces += [found.formula, found.at_point]
        line, working = self._line(height.derivation.last, slopes, name)
        pieces += working
        last, asked = line, symbol(self._letter())
        if self.normal:
            extra, last, asked = self._normal(height.derivation.last, slopes, name)
            pieces += extra
        facts = self._facts(height, slopes, line)
        if self.near:
            more, fact = self._compared(line, name)
            pieces += more
            facts["near"] = fact
        if not several:
            is_drawn = self.normal and asked != self.variables[0]  # a vertical line is no curve over x
            pieces.append(self._plot(line, last if is_drawn else None, height))
        notes = self.question.notes
        return Tangent(tuple(pieces), last, asked, tuple(facts.items()), notes, self.source, self.function,
                       self.question.originals, function=self.function,
                       at=tuple((v, values[v.name]) for v in arguments), line=line)  # fmt: skip

    def _letter(self) -> str:
        """Return what the height is called: y, or z above a plane."""
        held = {v.name for v in self.variables}
        names = ("z", "w", "u", "y") if len(self.variables) > 1 else ("y", "z", "w", "u")
        return next(name for name in names if name not in held)

    def _facts(self, height: Chain, slopes: Sequence[Slope], line: Tree) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "point": tuple((v, self.values[v.name]) for v in self.variables),
            "height": height.derivation.last,
        }
        facts["slope" if len(slopes) == 1 else "slopes"] = (
            slopes[0].value if len(slopes) == 1 else tuple(s.value for s in slopes)
        )
        return {**facts, "tangent": line} if self.normal else facts

    def _line(self, height: Tree, slopes: Sequence[Slope], name: str) -> tuple[Tree, list[Any]]:
        """Return the right side of the tangent, and its working."""
        start, last, moves = _touching(height, [s.value for s in slopes], self.variables, self.values)
        general = self._general(slopes, name)
        what = "plane" if len(self.variables) > 1 else "line"
        said_first = Said((f"The tangent {what} is ", symbol(self._letter()), " = ", general, "."))
        chain = Chain(Derivation(start, tuple(moves), last), symbol(self._letter()))
        return last, [said_first, chain]

    def _general(self, slopes: Sequence[Slope], name: str) -> Tree:
        """Return f(a) + f'(a)(x - a) with the values of the point."""
        at = [self.values[v.name] for v in self.variables]
        terms: list[Tree] = [apply(name, *at)]
        for found, variable in zip(slopes, self.variables, strict=True):
            terms.append(Times(found.at_point.left, difference(variable, self.values[variable.name])))
        return sum_of(terms)

    def _normal(self, height: Tree, slopes: Sequence[Slope], name: str) -> tuple[list[Any], Tree, Tree]:
        """Return the working of the normal, and what is equal to what on it."""
        if len(slopes) > 1:
            direction: list[str | Tree] = []
            for found in slopes:
                direction += [found.value, ", "]
            words = ("The normal line goes through the point in the direction (", *direction, Neg(ONE), ").")
            line, _ = self._line(height, slopes, name)
            return [Said(words)], line, symbol(self._letter())
        x = self.variables[0]
        a = self.values[x.name]
        m = slopes[0].value
        if number_value(m) == 0:
            return [Said(("The tangent is horizontal, so the normal is the vertical line ", x, " = ", a, "."))], a, x
        moves: list[Move] = []
        steep = tidy(Neg(Quotient(ONE, m)), moves)
        words = ("The normal has the slope ", Neg(Quotient(ONE, apply(f"{name}'", a))), " = ", steep, ".")
        start, last, lines = _touching(height, [steep], self.variables, self.values)
        chain = Chain(Derivation(start, tuple(lines), last), symbol(self._letter()))
        return [Said(words), chain], last, symbol(self._letter())

    def _vertical(self, height: Chain, name: str) -> Tangent:
        x = self.variables[0]
        a = self.values[x.name]
        words: Words = (
            "The difference quotient grows beyond all bounds at ",
            x,
            " = ",
            a,
            ": the tangent is vertical.",
        )
        last, asked = (height.derivation.last, symbol(self._letter())) if self.normal else (a, x)
        pieces: list[Any] = [height, Said(words)]
        if self.normal:
            pieces.append(Said(("The normal is horizontal: ", asked, " = ", last, ".")))
        facts = {"point": ((x, a),), "height": height.derivation.last, "vertical": True}
        notes = self.question.notes
        return Tangent(tuple(pieces), last, asked, tuple(facts.items()), notes, self.source, self.function,
                       self.question.originals, function=self.function, at=((x, a),))  # fmt: skip

    def _compared(self, line: Tree, name: str) -> tuple[list[Any], dict[str, Any]]:
        """Return the tangent and the function at the near point, and the error between them."""
        values = {v.name: self.near[v.name] for v in self.variables}
        at = list(values.values())
        approximation = value_chain(line, values, apply("L", *at))
        known = numbers({symbol(n): v for n, v in values.items()})
        try:
            exact = evaluate(self.function, known)
        except Undefined:
            raise DomainError("The function has no real value at the near point.", hint="Choose another one.") from None
        about = evaluate(approximation.derivation.last, {})
        with mp.workdps(50):
            error = about - exact
        words: Words = ("The function itself is ", apply(name, *at), f" = {_digits(exact)}; the error of the "
                        f"approximation is {_digits(error)}.")  # fmt: skip
        pieces = [Said(("The linear approximation is ", apply("L", *self.variables), " = ", line, ".")),
                  approximation, Said(words)]  # fmt: skip
        fact = {"value": approximation.derivation.last, "exact": float(exact), "error": float(error)}
        return pieces, fact

    def _plot(self, line: Tree, normal: Tree | None, height: Chain) -> Plot:
        x = self.variables[0]
        curves = [Curve(("the function",), self.function), Curve(("the tangent",), line)]
        curves += [] if normal is None else [Curve(("the normal",), normal)]
        points: tuple[tuple[float, float], ...] = ()
        try:
            known = numbers({x: self.values[x.name]})
            points = ((float(known[x]), float(evaluate(height.derivation.last, {}))),)
        except (SymbackError, TypeError):
            points = ()
        return Plot(tuple(curves), (x, symbol(self._letter())), points)

    # --- an equation --------------------------------------------------------------------------------------------------

    def _of_equation(self, asked: Asked) -> Tangent:
        """Return the tangent to a curve that an equation gives."""
        x, y = asked.by, asked.of
        a, b = self.values[x.name], self.values[y.name]
        try:
            found = asked.result()
        except DomainError as error:
            if "vertical" not in error.message:
                raise
            last, which = (b, y) if self.normal else (a, x)
            words = (f"The derivative d{y.name}/d{x.name} does not exist there: the tangent is the vertical line ", x,
                     " = ", a, ".")  # fmt: skip
            extra = [Said(("The normal is the horizontal line ", y, " = ", b, "."))] if self.normal else []
            return Tangent((Said(words), *extra), last, which, (("point", ((x, a), (y, b))), ("vertical", True)),
                           asked.read.notes, self.source, Equal(asked.left, asked.right))  # fmt: skip
        m = found.fact("value")
        pieces: list[Any] = list(found.pieces)
        start, line, moves = _touching(b, [m], [x], self.values)
        pieces += [Said(("The tangent goes through ", x, " = ", a, ", ", y, " = ", b, " with this slope.")),
                   Chain(Derivation(start, tuple(moves), line), y)]  # fmt: skip
        last, which = line, y
        if self.normal and number_value(m) == 0:
            pieces.append(Said(("The tangent is horizontal, so the normal is the vertical line ", x, " = ", a, ".")))
            last, which = a, x
        elif self.normal:
            steep = tidy(Neg(Quotient(ONE, m)), [])
            start, last, moves = _touching(b, [steep], [x], self.values)
            pieces += [Said(("The normal has the slope ", steep, ".")), Chain(Derivation(start, tuple(moves), last), y)]
        facts = (("point", ((x, a), (y, b))), ("slope", m))
        return OfEquation(tuple(pieces), last, which, facts, found.notes, self.source, Equal(asked.left, asked.right),
                          found=found)  # fmt: skip


@dataclass(frozen=True, repr=False)
class OfEquation(Tangent):
    """A tangent to a curve that an equation gives, whose slope is that of `found`."""

    found: Any = None

    def _verdict_on(self, chain: Chain) -> Verification:
        if chain in self.found.chains():
            verdict: Verification = self.found._verdict_on(chain)
            return verdict
        return super()._verdict_on(chain)

    def _checks(self) -> Iterable[Verification]:
        yield from self.found._checks()


def _curve(text: str, values: Mapping[str, Tree], names: Iterable[str]) -> Asked:
    """Return the question for the slope of a curve; UsageError where the point is not one of two letters."""
    if {"x", "y", "z"} <= values.keys():
        raise UsageError(
            "An equation in x, y and z gives a surface, and this draws tangents to curves.",
            hint="Solve it for z and give the function, as in sqrt(14 - x^2 - y^2) with --at x=1,y=2.",
        )
    if len(values) < 2:
        name = next(iter(values))
        other = "y" if name != "y" else "x"
        raise UsageError("A point on a curve has two coordinates.", hint=f"Give both, as in --at {name}=3,{other}=4.")
    x = "x" if "x" in values else next(iter(values))
    y = "y" if "y" in values and x != "y" else next(name for name in values if name != x)
    return Asked(text, x, y, 1, dict(values), None, names)


def _require_height(found: Tree, given: Tree, name: str) -> None:
    one, other = evaluate(found, {}), evaluate(given, {})
    if abs(one - other) > NEAR * (1 + abs(one)):
        raise DomainError(
            f"The point is not on the curve: {name} is {said(one)} there, not {said(other)}.",
            hint="Leave its value out.",
        )


def _touching(
    height: Tree, slopes: Sequence[Tree], variables: Sequence[Symbol], values: Mapping[str, Tree]
) -> tuple[Tree, Tree, list[Move]]:
    """Return b + m(x - a), its final form, and the step between them."""
    terms: list[Tree] = [] if number_value(height) == 0 else [height]
    for m, x in zip(slopes, variables, strict=True):
        terms += multiple(m, difference(x, values[x.name]))
    start = sum_of(terms)
    constant = Plus(height, *(Neg(Times(m, values[x.name])) for m, x in zip(slopes, variables, strict=True)))
    rest = tidy(constant, [])
    front = [term for m, x in zip(slopes, variables, strict=True) for term in multiple(m, x)]
    tail = [] if number_value(rest) == 0 else list(rest._args) if isinstance(rest, Plus) else [rest]
    flat = sum_of(
        sorted([*front, *tail], key=lambda term: isinstance(term, Neg))
        if _begins_with_minus(front)
        else [*front, *tail]
    )
    is_plain = all(number_value(v) is not None for v in (height, *slopes, *values.values()))
    if flat == start or not (is_plain or weight_of(flat) <= weight_of(start)):
        return start, start, []
    return start, flat, [Move(EXPAND, (), start, flat, line=1)]


def _begins_with_minus(terms: Sequence[Tree]) -> bool:
    return bool(terms) and isinstance(terms[0], Neg)


def _digits(number: Any) -> str:
    """Return a number with the digits that people look at."""
    whole = str(mp.nstr(number, 8))
    return whole.removesuffix(".0")


__all__ = ["OfEquation", "Tangent", "Touching", "tangent"]
