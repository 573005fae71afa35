"""Compare trees by their values at many points: the judge behind every check, which knows no rules of calculus.

A difference is believed only if it repeats at 100 and at 200 digits; a value that is not real, where the first line's
is, counts as a difference too. Fewer than six good points prove nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isfinite
from time import process_time
from typing import Any, NamedTuple

from mpmath import mp
from sympy.core.symbol import Symbol

from symback.errors import DomainError, UsageError
from symback.expr.cases import CASES, CONDITIONS
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Apply, Tree, symbols_of, walk, without_lets
from symback.expr.unknown import parts
from symback.verify.intern_table import InternTable
from symback.verify.points import IN_A_CELL, Point, good_points
from symback.verify.program import LEVELS, Level, Program
from symback.verify.values import ZERO, Beyond, Raw, from_fraction, is_finite, size, subtract

Pair = tuple[Tree, Tree]

FEWEST = 6  # good points for an answer
SAME_BITS = 50  # bits that must agree where a derivative is worked out by differences, about 1e-15
SAME_EXACT_BITS = 110  # bits that must agree otherwise
LONG_PROGRAM = 4000  # operations; steps of a longer one are compared at fewer points
POINTS_OF_LONG_STEPS = 4
MOST_VAGUE = 60  # points with very large values, of a function that has no others
REPEATS_BITS = 20  # bits to which a value must repeat at a higher precision
MISSING = 3  # points at which the second value is missing and the first is not
ORDINARY_BITS = 3  # |x| < 8
SHRINKS_BITS = 100  # bits by which rounding noise shrinks when there are 100 digits more
NOISE_BITS = 30  # bits of the last digits that are not trusted
BUDGET = 0.5  # seconds


class Undefined(DomainError):
    """The tree has no real, finite value there."""


class Huge(Undefined):
    """The value is too large to be worked out, so that nothing is known of it."""


class Outcome(NamedTuple):
    """What a comparison found: the good points, the pairs that differ, or why there is no answer.

    `unchecked` are pairs that could be compared at none of the points; `missing` are those whose second tree has no
    value at points where its first has one, where that was not to count as a difference.
    """

    points: int
    different: tuple[int, ...] = ()
    unchecked: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    reason: str = ""


def evaluate(tree: Tree, values: Mapping[Symbol, Any], digits: int = 50) -> Any:
    """Return the value of a tree as an mpf of 50 digits; pending derivatives are worked out by differences.

    >>> from symback.expr.tree import Power, TWO, symbol
    >>> x = symbol("x")
    >>> evaluate(Power(x, TWO), {x: 1.5})
    mpf('2.25')
    """
    forest = InternTable()
    program = Program(forest, [forest.intern(tree)], whole_powers=True)
    missing = [str(s.name) for s in program.symbols if s not in values]
    if missing:
        raise UsageError(f"There is no value for {', '.join(missing)}.")
    point = [_raw(values[s]) for s in program.symbols]
    try:
        (value,) = program.values(point, Level(digits, LEVELS[0].step))
    except Beyond:
        raise Huge("The value is too large to be worked out.") from None
    if not is_finite(value):
        raise Undefined("The expression has no real value there.")
    return mp.make_mpf(value)


def unknown_functions(tree: Tree) -> list[str]:
    """Return the names of the functions in a tree that nobody knows, such as f: it has no number."""
    names = (parts(node.name)[0] for node in walk(without_lets(tree)) if isinstance(node, Apply))
    return [name for name in dict.fromkeys(names) if name not in FUNCTIONS and name not in (CASES, *CONDITIONS)]


def approximate(tree: Tree) -> float | None:
    """Return the value of a tree without letters as a float; None where letters or unknown functions are left.

    None too where it has no real value.
    """
    try:
        value = None if symbols_of(tree) or unknown_functions(tree) else float(evaluate(tree, {}))
    except (Undefined, OverflowError):
        return None
    return value if value is not None and isfinite(value) else None


def _raw(value: Any) -> Raw:
    """Return a number of any kind (int, float, Fraction, mpf, a SymPy number) as a raw one."""
    if isinstance(value, (float, mp.mpf)):
        return mp.mpf(value)._mpf_  # type: ignore[no-any-return]
    return from_fraction(Fraction(value) if not hasattr(value, "p") else Fraction(int(value.p), int(value.q)), 400)


def compare(
    pairs: Sequence[Pair],
    pins: Mapping[Symbol, Tree] | None = None,
    *,
    seed: int = 0,
    budget: float = BUDGET,
    within: Tree | None = None,
) -> Outcome:
    """Compare the pairs at the same points, good where the first tree of the first pair is real and finite.

    Where it is said `within` which domain, points are good where that tree is real; then a second value that is
    missing again and again is told (as `missing`, by its number), and does not count as a difference.
    """
    return _Comparison(pairs, pins, seed, process_time() + budget, within).outcome()


class _Comparison:
    """One comparison: the trees compiled together, so that what they share is worked out once."""

    def __init__(
        self,
        pairs: Sequence[Pair],
        pins: Mapping[Symbol, Tree] | None,
        seed: int,
        deadline: float,
        within: Tree | None,
    ) -> None:
        pairs = pairs if within is None else [(within, within), *pairs]
        self._within = within is not None
        self._forest = InternTable(pins)
        self._pairs = [(self._forest.intern(a), self._forest.intern(b)) for a, b in pairs]
        self._program = Program(self._forest, [number for pair in self._pairs for number in pair])
        self._seed, self._deadline = seed, deadline
        self._points = 0
        self._vague = 0  # points at which all agrees, but values are so large that a term of ordinary size is lost
        self._compared = [0] * len(pairs)
        pending = [any(self._forest.orders[number] for number in pair) for pair in self._pairs]
        self._bits = [SAME_BITS if is_pending else SAME_EXACT_BITS for is_pending in pending]
        self._missing = [0] * len(pairs)
        self._is_vague = False
        self._reason = "no real values were found"

    def outcome(self) -> Outcome:
        chosen = good_points(self._forest, self._program, self._seed, self._deadline)
        point = next(chosen, None)
        while point is not None:
            if process_time() > self._deadline:
                self._reason = "it took too long"
                break
            different = self._different_at(point)
            if different:
                return Outcome(self._points + 1, self._numbers(different))
            is_clear = different is not None and not self._is_vague
            self._points += is_clear
            self._vague += different is not None and self._is_vague
            if not self._program.symbols:  # numbers are compared once
                return self._ended(1)
            point = _after(chosen, is_clear or (different is not None and self._vague > MOST_VAGUE))
        return self._ended(FEWEST)

    def _ended(self, fewest: int) -> Outcome:
        self._points += self._vague if self._points < fewest else 0
        if self._points < fewest:
            return Outcome(self._points, reason=self._reason)
        missing = [i for i, times in enumerate(self._missing) if times >= IN_A_CELL]
        unchecked = [i for i, times in enumerate(self._compared) if times == 0 and i not in missing]
        return Outcome(self._points, unchecked=self._numbers(unchecked), missing=self._numbers(missing))

    def _numbers(self, pairs: Sequence[int]) -> tuple[int, ...]:
        """Return the pairs by the numbers that the caller knows: the domain is none of them."""
        return tuple(i - self._within for i in pairs if i >= self._within)

    def _different_at(self, point: Point) -> list[int] | None:
        """Return the pairs that differ at the point, or None where it is not a good point."""
        program, level = self._program, LEVELS[0]
        slots = program.start(point, level)
        try:
            program.run(slots, level, 0, program.marks[0])
            if not is_finite(slots[program.results[0]]):
                return None
            program.run(slots, level, program.marks[0], self._end())
        except Beyond:
            self._reason = "the values are too large to be worked out"
            return None
        found = [slots[r] for r in program.results]
        return self._judge(list(zip(found[::2], found[1::2], strict=True)), point)

    def _end(self) -> int | None:
        """Return where to stop: a long program works out only the first pair after a few points."""
        long = len(self._program.places) > LONG_PROGRAM and self._points >= POINTS_OF_LONG_STEPS
        return self._program.marks[1] if long else None

    def _judge(self, values: Sequence[tuple[Raw, Raw]], point: Point) -> list[int] | None:
        verdicts: dict[int, bool | None] = {}
        pairs = list(enumerate(values))[self._within :]
        self._is_vague = any(is_finite(left) and size(left) > self._bits[i] // 2 for i, (left, _) in pairs)
        for i, (left, right) in enumerate(values):
            if not is_finite(left):
                continue
            if agree(left, right, self._bits[i]):
                self._compared[i] += 1
            else:
                verdicts[i] = self._repeats(i, point)
                self._compared[i] += verdicts[i] is False
        different = [i for i, verdict in verdicts.items() if verdict]
        return None if not different and verdicts.get(0, True) is None else different

    def _repeats(self, index: int, point: Point) -> bool | None:
        """Tell whether a difference repeats with more digits; None where it may come from the method itself."""
        program = Program(self._forest, self._pairs[index])
        place = {name: i for i, name in enumerate(self._program.symbols)}
        own = [point[place[s]] for s in program.symbols]
        try:
            (a, b, _), (c, d, noise) = (_values_and_noise(program, own, level) for level in LEVELS[1:])
        except Beyond:
            return None
        if not (is_finite(a) and is_finite(c)) or (index > self._within and self._is_at_a_kink(program, own)):
            return None
        if not (is_finite(b) and is_finite(d)):
            return self._missing_at(index, program, own)
        return _verdict((a, b), (c, d), noise, self._bits[index])

    def _is_at_a_kink(self, program: Program, point: Sequence[Raw]) -> bool:
        """Tell whether some |u| or relu(u) is exactly at its kink, as in relu(x - x)."""
        slots = program.start(point, LEVELS[0])
        program.run(slots, LEVELS[0])
        return any(slots[slot] == ZERO for slot in program.slots_of(self._forest.kinks))

    def _missing_at(self, index: int, program: Program, point: Sequence[Raw]) -> bool | None:
        """Judge a missing value: a fault if it is missing again and again at points of ordinary size.

        A value may be missing for other reasons: x + h lies beyond the edge of a domain, 1 - tanh(x) is rounded to 0,
        or a formula has the form 0/0 on an interval, as 1/(2 sqrt(u)) u' has where u = relu(x) is 0.
        """
        if any(size(x) > ORDINARY_BITS for x in point) or self._is_beside_an_edge(index, program, point):
            return None
        slots = program.start(point, LEVELS[0])
        program.run(slots, LEVELS[0])
        if any(ZERO in arguments for _, arguments in program.failures(slots)):
            return None
        self._missing[index] += 1
        if not point:
            return True
        return True if not self._within and self._missing[index] >= MISSING else None

    def _is_beside_an_edge(self, index: int, program: Program, point: Sequence[Raw]) -> bool:
        """Tell whether what is missing is a pending derivative of functions that have a value at the point itself."""
        functions = self._forest.differentiated_in(self._pairs[index][1])
        if not functions:
            return False
        inner = Program(self._forest, functions)
        given = dict(zip(program.symbols, point, strict=True))
        try:
            found = inner.values([given[s] for s in inner.symbols], LEVELS[0])
        except Beyond:
            return True  # nothing is known of them
        return all(map(is_finite, found))


def _values_and_noise(program: Program, point: Sequence[Raw], level: Level) -> tuple[Raw, Raw, int]:
    """Return both values, and the size of what rounding leaves of the largest number met on the way.

    A difference by an inner function that is almost 0 is divided by a step as small, which makes the noise larger.
    """
    slots = program.start(point, level)
    program.run(slots, level)
    left, right = (slots[r] for r in program.results)
    smallest = min((size(slots[s]) for s in program.differentiated_by() if slots[s][1]), default=0)
    return left, right, max(map(size, slots)) - min(smallest, 0) - level.bits(0) + NOISE_BITS


def _verdict(before: tuple[Raw, Raw], now: tuple[Raw, Raw], noise: int, bits: int) -> bool | None:
    """Judge the values at 100 and 200 digits: they differ (True), they do not (False), or neither is known (None)."""
    if agree(*now, bits):
        return False
    earlier, later = (subtract(*values, 120) for values in (before, now))
    limit = size(later)
    if ZERO in now:  # a root takes the root of the rounding too: arcsin(tanh(u)), where tanh(u) is rounded to 1
        noise = max(noise, noise // 2)
    if limit > noise and all(_settled(a, c, limit, noise) for a, c in zip(before, now, strict=True)):
        return True
    return False if limit < size(earlier) - SHRINKS_BITS else None


def _settled(before: Raw, now: Raw, difference: int, noise: int) -> bool:
    """Tell whether more digits and a smaller step leave a value as it is, or show that it is 0."""
    return agree(before, now, REPEATS_BITS) or (size(now) <= noise and size(before) < difference)


def agree(a: Raw, b: Raw, bits: int = SAME_BITS) -> bool:
    """Tell whether two numbers are equal to that many bits."""
    if not is_finite(b):
        return False
    return a == b or size(subtract(a, b, 53)) <= max(size(a), size(b)) - bits


def _after(chosen: Any, good: bool) -> Point | None:
    try:
        return chosen.send(good)  # type: ignore[no-any-return]
    except StopIteration:
        return None
