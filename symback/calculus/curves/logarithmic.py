"""Logarithmic differentiation: the logarithm of both sides, its laws, the derivative, and y put in again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, ClassVar

from mpmath import mp
from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.calculus.curves.curve_points import evaluate
from symback.calculus.curves.dependent import as_functions, on_paper, with_letters, with_rates
from symback.calculus.curves.implicit import side_by_side
from symback.calculus.curves.linear import without_rates_above
from symback.calculus.curves.parts import plain, value_chain
from symback.calculus.curves.result import judged
from symback.calculus.engine import differentiate, tidy
from symback.calculus.question import Question
from symback.calculus.worked import Chain, Worked
from symback.errors import NoRule, SymbackError, UsageError
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import (
    ONE,
    Apply,
    Diff,
    E,
    Equal,
    Neg,
    Path,
    Plus,
    Power,
    Quotient,
    Rate,
    Times,
    Tree,
    apply,
    number_value,
    put,
    symbol,
    symbols_of,
)
from symback.expr.tree import at as at_path
from symback.verify import Verification

TAKE = Rule("take the logarithm", "u = v gives ln|u| = ln|v|; no bars where u and v are positive")
PRODUCT = Rule("logarithm of a product", "ln(u*v) = ln(u) + ln(v)")
QUOTIENT = Rule("logarithm of a quotient", "ln(u/v) = ln(u) - ln(v)")
POWER = Rule("logarithm of a power", "ln(u^v) = v*ln(u)")
ROOT = Rule("logarithm of a root", "ln(sqrt(u)) = 1/2*ln(u)")
EXPONENTIAL = Rule("logarithm of an exponential", "ln(e^u) = u")
BOTH = Rule("differentiate both sides", "u = v gives D(u) = D(v)")
MULTIPLY = Rule("multiply by y", "u/y = v gives u = y*v")
PUT_IN = Rule("put in y", "y is the function itself")
SAMPLES = 60
TINY = mp.mpf(10) ** -30


@dataclass(frozen=True, repr=False)
class Logarithmic(Worked):
    """A derivative that was found by the logarithm of both sides."""

    kind: ClassVar[str] = "logarithmic"
    data_kind: ClassVar[str] = "derivative"
    function: Tree = None
    by: Symbol = None
    letter: Symbol = None
    derivative: Tree = None  # the answer before the values of a point are put in

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Derivative"

    def _verdict_on(self, chain: Chain) -> Verification:
        return self._equations(chain) if chain.is_of_equations else super()._verdict_on(chain)

    def _equations(self, chain: Chain) -> Verification:
        pairs, numbers = [], []
        lines = chain.derivation.lines()
        for i, move in enumerate(chain.derivation.moves):
            if move.path:
                pairs.append((self._functional(move.piece), self._functional(move.result)))
                numbers.append(i)
            elif move.rule == MULTIPLY:
                before, after = lines[i], lines[i + 1]
                rate = Rate(self.letter, self.by, Integer(1))
                known = {rate: after._args[1]}
                pairs.append((with_rates(before._args[0], known), before._args[1]))
                numbers.append(i)
            elif not self._is_right(move):
                return Verification("failed", 0, f"The step {move.rule.name!r} is not what it says.", i)
        return judged(pairs, numbers, self.function)

    def _is_right(self, move: Move) -> bool:
        """Tell whether a step from equation to equation does what it says, which can be seen from its sides."""
        (left, right), (new_left, new_right) = move.piece._args, move.result._args
        if move.rule == BOTH:
            return bool(new_left == Diff(left, self.by) and new_right == Diff(right, self.by))
        if move.rule == PUT_IN:
            return bool(new_left == left and new_right == _flat(with_letters(right, {self.letter: self.function})))
        return new_left in _logarithms(left) and new_right in _logarithms(right)

    def _functional(self, tree: Tree) -> Tree:
        return as_functions(tree, [self.letter], self.by)

    def _checks(self) -> Iterator[Verification]:
        yield judged([(Diff(self.function, self.by), self.derivative)], [-2])


def _logarithms(tree: Tree) -> tuple[Tree, Tree]:
    return apply("ln", tree), apply("ln", apply("abs", tree))


def logarithmic(question: Question, wrt: Any, order: int = 1, at: Mapping[str, Tree] | None = None) -> Logarithmic:
    """Differentiate a product, quotient or power by the logarithm of both sides.

    UsageError for a higher order, NoRule for a sum, whose logarithm is none.
    """
    return _Work(question, wrt, order, dict(at or {})).result()


class _Work:
    def __init__(self, question: Question, wrt: Any, order: int, values: dict[str, Tree]) -> None:
        if order != 1:
            raise UsageError("Logarithmic differentiation is of a first derivative.", hint="Leave out the order.")
        variables = question.variables_for(wrt)
        if len(variables) != 1:
            raise UsageError("Logarithmic differentiation is by one variable.", hint="Write --wrt x.")
        self.question, self.by, self.values = question, variables[0], values
        self.function = plain(question)
        if isinstance(self.function, Plus):
            raise NoRule(
                "The logarithm of a sum has no law, so this is not differentiated logarithmically.",
                hint="Use the strategy textbook, or give a product, a quotient or a power.",
            )
        held = {s.name for s in symbols_of(self.function)}
        name = next(n for n in (question.name, "y", "z", "w", "v", "u") if n and n not in held)
        self.letter = symbol(name)
        self.points = _points(self.function)
        if not self.points:
            raise NoRule("No points were found at which the function is real and not 0.",
                         hint="Use the strategy textbook.")  # fmt: skip

    def result(self) -> Logarithmic:
        """Work everything out."""
        y, x = self.letter, self.by
        start = Equal(y, self.function)
        moves: list[Move] = []
        line: Tree = start

        def whole(rule: Rule, result: Tree, number: int) -> Tree:
            moves.append(Move(rule, (), line, result, line=number))
            return result

        has_bars = not self._is_positive(self.function)
        line = whole(TAKE, Equal(*(_logarithms(side)[has_bars] for side in (y, self.function))), 1)
        line = self._split(line, moves)
        line = whole(BOTH, Equal(*(Diff(side, x) for side in line._args)), 3)
        sides = side_by_side([self._differentiated(side._args[0], i) for i, side in enumerate(line._args)])
        for move in sides:
            moves.append(replace(move, line=move.line + 2))
            line = put(line, move.path, move.result)
        rate = Rate(y, x, Integer(1))
        number = moves[-1].line
        right = line._args[1]
        line = whole(MULTIPLY, Equal(rate, _product(y, right)), number + 1)
        line = whole(PUT_IN, Equal(rate, _flat(with_letters(line._args[1], {y: self.function}))), number + 2)
        if not any(isinstance(f, Plus) for f in _factors(right)):
            made: list[Move] = []
            tidy(line._args[1], made, (1,))
            for move in made:
                moves.append(replace(move, line=number + 3))
                line = put(line, move.path, move.result)
        derivative = line._args[1]
        pieces = [Chain(Derivation(start, tuple(moves), line))]
        return self._finished(pieces, derivative, rate, has_bars)

    def _finished(self, pieces: list[Chain], derivative: Tree, rate: Tree, has_bars: bool) -> Logarithmic:
        facts: dict[str, Any] = {"wrt": [self.by.name], "order": 1, "strategy": "logarithmic"}
        last = derivative
        if self.values:
            chain = value_chain(derivative, self.values, rate)
            point = tuple((symbol(n), v) for n, v in self.values.items())
            pieces.append(chain._replace(where=point))
            facts |= {"point": point, "value": chain.derivation.last}
        y = self.letter.name
        note = f"ln|{y}| has no value where {y} is 0; there the derivative is looked at by itself."
        notes = (*self.question.notes, *((note,) if has_bars else ()))
        return Logarithmic(tuple(pieces), last, rate, tuple(facts.items()), notes, self.question.source, self.function,
                           self.question.originals, function=self.function, by=self.by, letter=self.letter,
                           derivative=derivative)  # fmt: skip

    def _differentiated(self, side: Tree, index: int) -> list[Move]:
        moves: list[Move] = []
        done = differentiate(Diff(as_functions(side, [self.letter], self.by), self.by), moves, (index,))
        before = len(moves)
        tidy(done, moves, (index,), expand=False)
        rate = apply(f"{self.letter.name}'", self.by)
        kept = [*moves[:before], *without_rates_above(moves[before:], rate)]
        return on_paper(kept, [self.letter], self.by)

    # --- the laws of logarithms ---------------------------------------------------------------------------------------

    def _split(self, line: Tree, moves: list[Move]) -> Tree:
        """Add the moves that take the logarithm on the right apart, all in one line."""
        while True:
            hits = ((path, self._law(node)) for path, node in _logarithms_in(line._args[1], (1,)))
            path, found = next(((path, hit) for path, hit in hits if hit is not None), ((), None))
            if found is None:
                return line
            node = at_path(line, path)
            moves.append(Move(found[0], path, node, found[1], line=2))
            line = put(line, path, found[1])

    def _law(self, node: Tree) -> tuple[Rule, Tree] | None:
        """Return the law that takes a logarithm apart, and what comes of it."""
        if not isinstance(node, Apply) or node.name != "ln":
            return None
        inside = node.arguments[0]
        if isinstance(inside, Apply) and inside.name == "abs":
            inside = inside.arguments[0]
        if isinstance(inside, Neg):
            inside = inside._args[0]
        if isinstance(inside, Times):
            terms = [self._log(f) for f in inside._args]
            return PRODUCT, Plus(*terms)
        if isinstance(inside, Quotient):
            above, below = map(self._log, inside._args)
            if inside._args[0] == ONE:
                return QUOTIENT, Neg(below)
            return QUOTIENT, Plus(above, Neg(below))
        if isinstance(inside, Power):
            return self._power(inside)
        index = {"sqrt": 2, "cbrt": 3}.get(inside.name, 0) if isinstance(inside, Apply) else 0
        if index:
            return ROOT, Times(Quotient(ONE, Integer(index)), self._log(inside.arguments[0]))
        return None

    def _power(self, inside: Tree) -> tuple[Rule, Tree] | None:
        base, exponent = inside._args
        if base == E:
            return EXPONENTIAL, exponent
        if not symbols_of(inside):
            return None
        log = apply("ln", base) if number_value(exponent) is None else self._log(base)
        return POWER, _product(exponent, log)

    def _log(self, factor: Tree) -> Tree:
        """Return the logarithm of a factor, with bars unless it is positive wherever the function is real."""
        return apply("ln", factor if self._is_positive(factor) else apply("abs", factor))

    def _is_positive(self, factor: Tree) -> bool:
        for point in self.points:
            try:
                if evaluate(factor, {s: point[s] for s in symbols_of(factor)}) <= 0:
                    return False
            except SymbackError:
                return False
        return True


def _logarithms_in(tree: Tree, path: Path) -> Iterator[tuple[Path, Tree]]:
    """Yield the logarithms that stand in a sum of multiples, with their places."""
    if isinstance(tree, Apply):
        yield path, tree
    elif isinstance(tree, (Plus, Neg, Times)):
        for i, inner in enumerate(tree._args):
            yield from _logarithms_in(inner, (*path, i))


def _flat(tree: Tree) -> Tree:
    """Return a product without products in it, its sign in front."""
    if isinstance(tree, Neg):
        inner = _flat(tree._args[0])
        return inner._args[0] if isinstance(inner, Neg) else Neg(inner)
    if not isinstance(tree, Times):
        return tree
    factors = [f for factor in tree._args for f in _factors(factor._args[0] if isinstance(factor, Neg) else factor)]
    whole = Times(*factors)
    return Neg(whole) if sum(isinstance(f, Neg) for f in tree._args) % 2 else whole


def _product(first: Tree, second: Tree) -> Tree:
    """Return a product as it is written: y(u + v), -y u for -u."""
    if isinstance(second, Neg):
        return Neg(_product(first, second._args[0]))
    if isinstance(first, Neg):
        return Neg(_product(first._args[0], second))
    if second == ONE:
        return first
    if isinstance(second, Quotient) and second._args[0] == ONE:
        return Quotient(first, second._args[1])
    return Times(*(first._args if isinstance(first, Times) else (first,)), *_factors(second))


def _factors(tree: Tree) -> Sequence[Tree]:
    return tree._args if isinstance(tree, Times) else (tree,)


def _points(function: Tree) -> list[dict[Symbol, Any]]:
    """Return points of many sizes at which a function is real and not 0."""
    rng = Random(5)  # noqa: S311
    letters = sorted(symbols_of(function), key=str)
    found = []
    for turn in range(SAMPLES):
        scale = (0.4, 2, 10)[turn % 3]
        point = {s: mp.mpf(rng.uniform(-scale, scale)) for s in letters}
        try:
            value = evaluate(function, point)
        except SymbackError:
            continue
        if abs(value) > TINY:
            found.append(point)
    return found


__all__ = ["Logarithmic", "logarithmic"]
