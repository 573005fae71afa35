"""The derivative of an inverse function at a point: the reciprocal of the slope at the place it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy
from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.at_point import value_at
from symback.calculus.curves.curve_points import evaluate, roots_along, said
from symback.calculus.curves.parts import calm, letter_for, plain, slope, value_chain
from symback.calculus.question import Question
from symback.calculus.worked import Chain, Said, Worked
from symback.errors import DomainError, SymbackError, UsageError
from symback.expr.rule import Derivation, Move
from symback.expr.tree import ONE, Neg, Plus, Quotient, Tree, apply, number_value, symbols_of
from symback.result import text_of
from symback.syntax.convert import from_sympy
from symback.verify import Verification
from symback.verify.boundaries import Values
from symback.verify.values import Beyond

NEAR = mp.mpf(10) ** -30
CLOSE = mp.mpf(10) ** -10
STEP = mp.mpf(10) ** -15
LARGEST = 60  # below the line of a fraction that is proposed
UNITS: tuple[Any, ...] = (sympy.Integer(1), sympy.pi, sympy.E, sympy.sqrt(2), sympy.sqrt(3))


@dataclass(frozen=True, repr=False)
class Inverse(Worked):
    """The derivative of an inverse function at a point."""

    kind: ClassVar[str] = "inverse"
    data_kind: ClassVar[str] = "derivative"
    function: Tree = None
    variable: Symbol = None
    place: Tree = None  # where the function takes the value

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Derivative of an inverse function"

    def _checks(self) -> Iterator[Verification]:
        """Compare with the difference quotient of the inverse function, whose values are found by bisection."""
        with mp.workdps(60):
            a = evaluate(self.place, {})
            b = evaluate(self.function, {self.variable: a})
            above, below = (_solved(self.function, self.variable, b + side * STEP, a) for side in (1, -1))
            if above is None or below is None:
                yield Verification("unverified", 0, "Not verified: the inverse function was not followed by numbers.")
                return
            found = (above - below) / (2 * STEP)
            if abs(found - evaluate(self.last, {})) > CLOSE * (1 + abs(found)):
                yield Verification("failed", 1, "The difference quotient of the inverse function is another number.")
                return
        yield Verification("verified", 1, "Verified at 1 point.")


def inverse(question: Question, wrt: Any, at: Mapping[str, Tree] | None) -> Inverse:
    """Return (f^-1)'(b) for the value b that `at` names; where it also names the variable, that is the place."""
    return _Work(question, wrt, dict(at or {})).result()


class _Work:
    def __init__(self, question: Question, wrt: Any, values: dict[str, Tree]) -> None:
        variables = question.variables_for(wrt)
        if len(variables) != 1 or symbols_of(plain(question)) - set(variables):
            raise UsageError("The inverse of a function of one variable is meant.", hint="Give one such as x^3 + x.")
        self.question, self.x = question, variables[0]
        self.function = plain(question)
        others = [name for name in values if name != self.x.name]
        if len(others) > 1 or not values:
            raise UsageError("The value at which the inverse is differentiated is missing.",
                             hint="Give it by another name than the variable, as in --at y=10.")  # fmt: skip
        if not others:
            raise UsageError(
                f"{self.x.name} is the variable of the function, not of its inverse.",
                hint=f"Give the value of the function, as in --at y={values[self.x.name].doit()}.",
            )
        self.value = values[others[0]]
        if any(symbols_of(v) for v in values.values()):
            raise UsageError("The values must be numbers.", hint="Write --at y=10.")
        self.given = values.get(self.x.name)

    def result(self) -> Inverse:
        """Work everything out."""
        place = self._place()
        name = letter_for(self.question, [self.x])
        values = {self.x.name: place}
        height = value_chain(self.function, values, apply(name, place))
        self._require(place)
        found = slope(self.question, self.x, values, name, False)
        b = self.value
        if number_value(found.value) == 0 or abs(evaluate(found.value, {})) < NEAR:
            raise DomainError(
                f"The inverse has no derivative at {b.doit()}: the slope of {name} is 0 where it takes this value.",
                hint="Choose another value.",
            )
        asked = apply(f"({name}^-1)'", b)
        moves: list[Move] = []
        start = Quotient(ONE, found.value)
        last = value_at(start, {}, moves)
        general = Quotient(ONE, apply(f"{name}'", apply(f"{name}^-1", b)))
        pieces: list[Any] = [
            Said((f"{name} takes the value ", b, " at ", self.x, " = ", place, ":")),
            height,
            found.formula,
            found.at_point,
            Said(("The slope of the inverse is the reciprocal of this: ", asked, " = ", general, " = ",
                  Quotient(ONE, apply(f"{name}'", place)), ".")),
            Chain(Derivation(start, tuple(calm(moves)), last), asked),
        ]  # fmt: skip
        facts = {"wrt": [self.x.name], "order": 1, "place": place, "slope": found.value, "value": last}
        return Inverse(tuple(pieces), last, asked, tuple(facts.items()), self.question.notes, self.question.source,
                       self.function, self.question.originals, function=self.function, variable=self.x,
                       place=place)  # fmt: skip

    def _place(self) -> Tree:
        """Return where the function takes the value; an error where that is nowhere, or at several places."""
        if self.given is not None:
            return self.given
        shift = Plus(self.function, Neg(self.value))
        found = _all_roots(shift, self.x)
        b = self.value.doit()
        if not found:
            raise DomainError(f"No place was found at which the function is {b}.",
                              hint=f"Give it, as in --at y={b},{self.x.name}=1.")  # fmt: skip
        if len(found) > 1:
            exactly = [(v, _exact(v, shift, self.x)) for v in found[:3]]
            some = [said(v) if tree is None else text_of(tree) for v, tree in exactly]
            shown = " and ".join(f"{self.x.name} = {place}" for place in some)
            raise DomainError(
                f"The function is {b} at {shown}, so it has an inverse only on a part of its domain.",
                hint=f"Say which place is meant, as in --at y={b},{self.x.name}={some[-1].replace(' ', '*')}.",
            )
        exact = _exact(found[0], shift, self.x)
        if exact is None:
            raise DomainError(
                f"The function is {b} near {self.x.name} = {said(found[0])}, which is no number that was recognized.",
                hint=f"Give the place exactly, as in --at y={b},{self.x.name}=sqrt(2).",
            )
        return exact

    def _require(self, place: Tree) -> None:
        """Raise DomainError where the function does not take the value at the place."""
        here = evaluate(self.function, {self.x: evaluate(place, {})})
        wanted = evaluate(self.value, {})
        if abs(here - wanted) > NEAR * (1 + abs(wanted)):
            raise DomainError(
                f"The function is {said(here)} at {self.x.name} = {place.doit()}, not {said(wanted)}.",
                hint="Leave the place out, or give another one.",
            )


def _all_roots(function: Tree, x: Symbol) -> list[Any]:
    """Return places at which a function is 0, those among small whole numbers and quarters first."""
    found = roots_along(function, x, {})
    for k in range(-40, 41):
        place = mp.mpf(k) / 4
        try:
            if abs(evaluate(function, {x: place})) < NEAR and all(abs(place - f) > CLOSE for f in found):
                found.append(place)
        except SymbackError:
            continue
    return sorted(found)


def _exact(number: Any, function: Tree, x: Symbol) -> Tree | None:
    """Return an exact number near a root at which the function is 0: a fraction, or one of a few units."""
    for unit in UNITS:
        with mp.workdps(50):
            ratio = number / mp.mpf(str(unit.evalf(60)))
            for below in range(1, LARGEST):
                above = mp.nint(ratio * below)
                if abs(ratio * below - above) < CLOSE:
                    tree = from_sympy(sympy.Rational(int(above), below) * unit)
                    return tree if _is_zero(function, x, tree) else None
    return None


def _is_zero(function: Tree, x: Symbol, place: Tree) -> bool:
    try:
        return bool(abs(evaluate(function, {x: evaluate(place, {})})) < NEAR)
    except SymbackError:
        return False


def _solved(function: Tree, x: Symbol, height: Any, near: Any) -> Any:
    """Return where a function takes a height, close to a place; None where it does not."""
    values = Values(function, x, {})
    width = CLOSE * (1 + abs(near))
    low, high = near - width, near + width
    try:
        first = values(low) - height
        if first * (values(high) - height) > 0:
            return None
        for _ in range(150):
            middle = (low + high) / 2
            low, high = (middle, high) if (values(middle) - height) * first > 0 else (low, middle)
    except (Beyond, TypeError, ArithmeticError, ValueError):
        return None
    return low
