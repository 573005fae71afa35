"""The results of questions about curves, and their checks by numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import process_time
from typing import ClassVar

from mpmath import mp
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.calculus.curves.curve_points import evaluate, points_on
from symback.calculus.curves.dependent import as_functions, with_rates
from symback.calculus.curves.on_the_curve import USE_EQUATION
from symback.calculus.worked import Chain, Worked
from symback.expr.rule import Move
from symback.expr.tree import Diff, Neg, Plus, Power, Quotient, Rate, Times, Tree, symbol, walk
from symback.verify import Judged, Undefined, Verification, judge
from symback.verify.compare import compare

ONE, TWO, THREE = Integer(1), Integer(2), Integer(3)
BUDGET = 2.0  # seconds
FEWEST, WANTED = 3, 8  # points on the curve
NEAR = mp.mpf(10) ** -12
WRONG_ANSWER = {-1: "The answer is not -F_x/F_y.", -2: "The answer is not the derivative."}


@dataclass(frozen=True, repr=False)
class Implicit(Worked):
    """Derivatives of a function that an equation gives: `answers` are the first, the second, and so on.

    >>> import symback
    >>> symback.implicit("x^3 + y^3 = 6 x y", "x").answer
    (-x**2 + 2*y)/(-2*x + y**2)
    """

    kind: ClassVar[str] = "implicit"
    equation: Tree = None
    by: Symbol = None
    functions: tuple[Symbol, ...] = ()
    answers: tuple[Tree, ...] = ()

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Implicit differentiation"

    @property
    def of(self) -> Symbol:
        """The letter whose derivative is asked for."""
        return self.asked._args[0]

    def judge_answer(self, given: Tree) -> Judged:
        """Judge another formula for the derivative: it is right where it is equal on the curve."""
        if judge(self.last, given).verdict == "yes":
            return Judged("yes")
        found = self._same_on_the_curve([(self.last, given)])
        return Judged("yes" if found is None else "no" if found.verdict == "failed" else "unknown")

    def _verdict_on(self, chain: Chain) -> Verification:
        if chain.is_of_equations:
            return self._equations(chain)
        if chain.left is not None and chain.where or not isinstance(chain.derivation.start, Diff):
            return verify_value(chain)
        return self._higher(chain)

    def _equations(self, chain: Chain) -> Verification:
        """Check the lines of the first derivative: sides one by one, and the solution of each equation for dy/dx."""
        pairs, numbers = [], []
        lines = chain.derivation.lines()
        for i, move in enumerate(chain.derivation.moves):
            if move.path:
                pairs.append((self._functional(move.piece), self._functional(move.result)))
            elif i == 0:
                by = self.by
                if [side._args for side in move.result._args] != [(side, by) for side in move.piece._args]:
                    return Verification("failed", 0, "The first step does not differentiate both sides.", 0)
                continue
            else:
                pairs.append(self._solutions(lines[i], lines[i + 1]))
            numbers.append(i)
        return judged(pairs, numbers)

    def _functional(self, tree: Tree) -> Tree:
        return as_functions(tree, self.functions, self.by)

    def _solutions(self, before: Tree, after: Tree) -> tuple[Tree, Tree]:
        """Return two expressions that are equal where both equations have the same solution for dy/dx.

        Each is linear in dy/dx, so its values at 0 and 1 say what the solution is.
        """
        rate = Rate(self.of, self.by, ONE)

        def at(equation: Tree, value: Tree) -> Tree:
            left, right = (self._plain(with_rates(side, {rate: value})) for side in equation._args)
            return Plus(left, Neg(right))

        zero = Integer(0)
        first, second = (Plus(at(e, ONE), Neg(at(e, zero))) for e in (before, after))
        return Quotient(at(before, zero), first), Quotient(at(after, zero), second)

    def _plain(self, tree: Tree) -> Tree:
        """Return a tree with the rates of other letters as letters of their own."""
        others = {node: symbol(f"rate_{node._args[0].name}") for node in walk(tree) if isinstance(node, Rate)}
        return with_rates(tree, others)

    def _higher(self, chain: Chain) -> Verification:
        """Check the lines of a higher derivative: with y a function until dy/dx is put in, on the curve at the end."""
        pairs, numbers, on_curve = [], [], []
        for i, move in enumerate(chain.derivation.moves):
            if move.rule.name.startswith("put in "):
                if move.result != with_rates(move.piece, {Rate(self.of, self.by, ONE): self.answers[0]}):
                    return Verification("failed", 0, "A step does not put in the first derivative.", i)
            elif move.rule.name == USE_EQUATION:
                on_curve.append(move)
            else:
                pairs.append((self._functional(move.piece), self._functional(move.result)))
                numbers.append(i)
        found = judged(pairs, numbers)
        return found if found.verdict != "verified" or not on_curve else self._on_the_curve(on_curve, found)

    def _on_the_curve(self, moves: Sequence[Move], found: Verification) -> Verification:
        return self._same_on_the_curve([(m.piece, m.result) for m in moves]) or found

    def _same_on_the_curve(self, pairs: Sequence[tuple[Tree, Tree]]) -> Verification | None:
        """Compare expressions at points on the curve; None where they are equal."""
        left, right = self.equation._args
        compared = 0
        for point in points_on(left, right, self.of, WANTED):
            try:
                values = [(evaluate(a, point), evaluate(b, point)) for a, b in pairs]
            except Undefined:
                continue
            if any(abs(a - b) > NEAR * (1 + abs(a)) for a, b in values):
                return Verification("failed", compared + 1, "The lines differ at a point on the curve.")
            compared += 1
        if compared < FEWEST:
            return Verification("unverified", compared, "Not verified: too few points of the curve were found.")
        return None

    def _checks(self) -> Iterable[Verification]:
        """Compare dy/dx with -F_x/F_y, and the second derivative with its formula in partial derivatives."""
        left, right = self.equation._args
        if not any(True for _ in points_on(left, right, self.of, 1)):
            yield Verification("unverified", 0, "No point with real values was found on this curve.")
        function = Plus(left, Neg(right))
        yield judged([(self._plain(_slope(function, self)), self._plain(self.answers[0]))], [-1])
        if len(self.answers) > 1:
            second = _second(function, self.by, self.of)
            bad = self._same_on_the_curve([(self.answers[1], second)])
            yield bad or Verification("verified", WANTED, f"Verified at {WANTED} points of the curve.")


def _slope(function: Tree, found: Implicit) -> Tree:
    """Return the derivative of the letter asked for by partial derivatives: -F_x/F_y, and with rates of all others."""
    others = [other for other in found.functions if other != found.of]
    terms = [Diff(function, found.by), *(Times(Diff(function, s), Rate(s, found.by, ONE)) for s in others)]
    above = Plus(*terms) if len(terms) > 1 else terms[0]
    return Neg(Quotient(above, Diff(function, found.of)))


def _second(function: Tree, x: Symbol, y: Symbol) -> Tree:
    """Return -(F_xx F_y^2 - 2 F_xy F_x F_y + F_yy F_x^2)/F_y^3."""
    by_x, by_y = Diff(function, x), Diff(function, y)
    first = Times(Diff(by_x, x), Power(by_y, TWO))
    middle = Times(TWO, Diff(by_x, y), by_x, by_y)
    last = Times(Diff(by_y, y), Power(by_x, TWO))
    return Neg(Quotient(Plus(first, Neg(middle), last), Power(by_y, THREE)))


def verify_value(chain: Chain) -> Verification:
    """Check that values put into a formula come to the last line: the first step only substitutes."""
    moves = chain.derivation.moves
    pairs = [(m.piece, m.result) for m in moves if m.rule.name != "substitute"]
    if not pairs:
        return Verification("verified", 1, "Verified at 1 point.")
    return judged(pairs, list(range(len(pairs))))


def judged(pairs: Sequence[tuple[Tree, Tree]], numbers: Sequence[int], within: Tree | None = None) -> Verification:
    """Compare pairs of trees that must be equal, where `within` is real; `numbers` are those of their steps."""
    points = []
    deadline = process_time() + BUDGET
    for number, pair in zip(numbers, pairs, strict=True):
        outcome = compare([pair], budget=min(BUDGET / 4, max(deadline - process_time(), 0.0)), within=within)
        if outcome.different:
            said = WRONG_ANSWER[number] if number < 0 else f"Step {number + 1} changes the value."
            return Verification("failed", outcome.points, said, max(number, 0))
        if outcome.reason or outcome.unchecked or outcome.missing:
            why = outcome.reason or "a step could not be checked by numbers"
            return Verification("unverified", outcome.points, f"Not verified: {why}.")
        points.append(outcome.points)
    fewest = min((p for p in points if p > 1), default=1)
    word = "1 point" if fewest == 1 else f"{fewest} points"
    return Verification("verified", fewest, f"Verified at {word}.")
