"""Curves with a parameter: dy/dx is dy/dt divided by dx/dt, and the second derivative the same once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from mpmath import mp
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.calculus.curves.curve_points import evaluate, numbers
from symback.calculus.curves.on_the_curve import in_lowest_terms
from symback.calculus.curves.parts import value_chain
from symback.calculus.curves.result import judged
from symback.calculus.derive import derive
from symback.calculus.engine import tidy
from symback.calculus.question import Question, read_values, read_variables
from symback.calculus.tidy.trigonometry import PRODUCT_IDENTITY, QUOTIENT_IDENTITY, RECIPROCAL_IDENTITY
from symback.calculus.worked import Chain, Said, Worked
from symback.errors import DomainError, NoRule, UsageError
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import Diff, Equal, Quotient, Rate, Tree, number_value, symbol, symbols_of
from symback.syntax import read_system
from symback.verify import Undefined, Verification

PUT_IN = "put in both derivatives"
IDENTITIES = frozenset(rule.name for rule in (QUOTIENT_IDENTITY, PRODUCT_IDENTITY, RECIPROCAL_IDENTITY))
ONE, TWO = Integer(1), Integer(2)
ZERO = mp.mpf(10) ** -30


@dataclass(frozen=True, repr=False)
class Parametric(Worked):
    """Derivatives along a curve with a parameter."""

    kind: ClassVar[str] = "parametric"
    data_kind: ClassVar[str] = "derivative"
    functions: tuple[Tree, Tree] = ()  # type: ignore[assignment]
    parameter: Symbol = None
    answers: tuple[Tree, ...] = ()

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Derivative"

    def _verdict_on(self, chain: Chain) -> Verification:
        moves = chain.derivation.moves
        if not moves or moves[0].rule.name != PUT_IN:
            return super()._verdict_on(chain)
        return judged([(m.piece, m.result) for m in moves[1:]], list(range(1, len(moves))))

    def _checks(self) -> Iterator[Verification]:
        """Compare with quotients of derivatives by the parameter, worked out by differences."""
        x, y = self.functions
        t = self.parameter
        slope = Quotient(Diff(y, t), Diff(x, t))
        yield judged([(slope, self.answers[0])], [-2])
        if len(self.answers) > 1:
            yield judged([(Quotient(Diff(slope, t), Diff(x, t)), self.answers[1])], [-2])


def parametric(
    text: str, of: Any, wrt: Any, order: int = 1, at: Mapping[Any, Any] | None = None, *, names: Iterable[str] = ()
) -> Parametric:
    """Return dy/dx, or the second derivative, of a curve such as `x = t^2; y = t^3 - t`; `at` is a value of t."""
    return Along(text, of, wrt, order, at, names).result()


class Along:
    """The question: both coordinates by the parameter, which of them by which, how often, and where."""

    def __init__(self, text: str, of: Any, wrt: Any, order: int, at: Any, names: Iterable[str] = ()) -> None:
        if order not in (1, 2):
            raise UsageError(f"Along a curve the first and the second derivative are found, not order {order}.")
        self.source, self.order = text, order
        self.values = read_values(at) if at else {}
        self.y, self.x = _one(of, "of"), _one(wrt, "wrt")
        readings = {r.name: r for r in read_system(text, (*names, *self.values))}
        self.notes = tuple(note for r in readings.values() for note in r.notes)
        missing = [s.name for s in (self.x, self.y) if s.name not in readings]
        if missing or self.x == self.y:
            raise UsageError(
                f"There is no equation for {missing[0]}." if missing else "Both letters are the same.",
                hint='Write both, as in "x = t^2; y = t^3 - t" with --of y --wrt x.',
            )
        self.fx, self.fy = (readings[s.name].tree for s in (self.x, self.y))
        self.t = self._parameter()

    def _parameter(self) -> Symbol:
        letters = (symbols_of(self.fx) | symbols_of(self.fy)) - {self.x, self.y}
        both = symbols_of(self.fx) & symbols_of(self.fy) & letters
        named = [symbol(n) for n in self.values if symbol(n) in letters]
        if {self.x, self.y} & (symbols_of(self.fx) | symbols_of(self.fy)):
            raise UsageError("A coordinate stands in the equation of another.", hint="Write both by the parameter.")
        for found in (named, [s for s in both if s.name == "t"], sorted(both, key=str), sorted(letters, key=str)):
            if len(found) == 1:
                return found[0]
        if symbol("t") in letters:
            return symbol("t")
        raise UsageError("The parameter is not clear.", hint="Call it t.")

    def result(self) -> Parametric:
        """Work everything out."""
        x, y, t = self.x, self.y, self.t
        first_x, first_y = (self._by_t(f) for f in (self.fx, self.fy))
        if number_value(first_x.last) == 0:
            raise NoRule(f"{x.name} does not change along the curve, so there is no d{y.name}/d{x.name}.")
        rates = {Rate(x, t, ONE): first_x.last, Rate(y, t, ONE): first_y.last}
        pieces: list[Any] = [Chain(first_x, Rate(x, t, ONE)), Chain(first_y, Rate(y, t, ONE))]
        chain, slope = self._quotient(Rate(y, x, ONE), Quotient(Rate(y, t, ONE), Rate(x, t, ONE)), rates)
        pieces.append(chain)
        answers = [slope]
        if self.order == 2:
            again = self._by_t(slope)
            pending = Diff(Rate(y, x, ONE), t)
            pieces.append(Chain(again, pending))
            above = Quotient(pending, Rate(x, t, ONE))
            chain, second = self._quotient(Rate(y, x, TWO), above, {**rates, pending: again.last})
            pieces.append(chain)
            answers.append(second)
        return self._finished(pieces, answers)

    def _by_t(self, tree: Tree) -> Derivation:
        found = derive(Question(tree), [self.t])
        return replace(found, notes=())

    def _quotient(self, left: Tree, start: Quotient, known: Mapping[Tree, Tree]) -> tuple[Chain, Tree]:
        """Return the working of a quotient of derivatives: both put in, and the textbook form."""
        above, below = (known.get(part, part) for part in start._args)
        line: Tree = Quotient(above, below)
        moves = [Move(Rule(PUT_IN, "the derivatives by the parameter"), (), start, line, line=1)]
        made: list[Move] = []
        line = tidy(line, made)
        lowest = in_lowest_terms(line)
        if lowest is not None:
            made.append(Move(lowest[0], (), line, lowest[1]))
            line = lowest[1]
        moves += _in_lines(made)
        return Chain(Derivation(start, tuple(moves), line), left), line

    def _finished(self, pieces: list[Any], answers: list[Tree]) -> Parametric:
        asked = Rate(self.y, self.x, Integer(self.order))
        facts: dict[str, Any] = {"wrt": [self.x.name], "of": self.y.name, "order": self.order, "parameter": self.t.name}
        if self.values:
            values = {self.t.name: self.values[self.t.name]} if self.t.name in self.values else {}
            if not values or len(self.values) > 1:
                raise UsageError("A point of the curve is given by its parameter.", hint=f"Write --at {self.t.name}=1.")
            point = ((self.t, values[self.t.name]),)
            self._require_slope(dict(point))
            places = [value_chain(f, values, s).derivation.last for f, s in ((self.fx, self.x), (self.fy, self.y))]
            pieces.append(Said(("At ", self.t, " = ", values[self.t.name], " the point of the curve is (", places[0],
                                ", ", places[1], ").")))  # fmt: skip
            chain = value_chain(answers[-1], values, asked)._replace(where=point)
            pieces.append(chain)
            facts |= {"point": point, "coordinates": tuple(places), "value": chain.derivation.last}
        return Parametric(tuple(pieces), answers[-1], asked, tuple(facts.items()), self.notes, self.source,
                          Equal(self.x, self.fx), functions=(self.fx, self.fy), parameter=self.t,
                          answers=tuple(answers))  # fmt: skip

    def _require_slope(self, point: Mapping[Symbol, Tree]) -> None:
        """Raise DomainError where the curve has no slope: dx/dt is 0 there."""
        if symbols_of(self.fx) | symbols_of(self.fy) != {self.t}:
            return
        known = numbers(point)
        try:
            below, above = (evaluate(Diff(f, self.t), known) for f in (self.fx, self.fy))
        except Undefined:
            raise DomainError("The curve has no point there.", hint="Choose another value.") from None
        if abs(below) < ZERO:
            why = (
                "the tangent is vertical" if abs(above) > ZERO else f"d{self.y.name}/d{self.t.name} is 0 there as well"
            )
            raise DomainError(
                f"d{self.y.name}/d{self.x.name} does not exist at {self.t.name} = {point[self.t].doit()}: "
                f"d{self.x.name}/d{self.t.name} is 0 there, and {why}.",
                hint="Choose another value.",
            )


def _in_lines(made: list[Move]) -> list[Move]:
    """Return what leads to the textbook form as one line, and an identity behind it as another."""
    first = next((i for i, move in enumerate(made) if move.rule.name in IDENTITIES), 0)
    return [replace(move, line=2 if i < first or not first else 3) for i, move in enumerate(made)]


def _one(given: Any, key: str) -> Symbol:
    parts = [given] if isinstance(given, (str, Symbol)) else list(given or ())
    found = [s for part in parts for s in read_variables(part)]
    if len(found) != 1:
        raise UsageError(f"Along a curve {key} names one coordinate.", hint="Write --of y --wrt x.")
    return found[0]


__all__ = ["Along", "Parametric", "parametric"]
