"""Compile trees into one flat list of operations, and run the list at many points.

A pending derivative d/dx [u] is not an operation of its own: u is evaluated at x + h and x - h, and where u holds
another pending derivative the shifts add up, so the n-th derivative takes n + 1 values of the function and not 2^n.
What is shifted may be a symbol, an inner function, or a `Let`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from mpmath import libmp
from sympy.core.symbol import Symbol

from symback.expr.tree import Diff, E, Neg, Plus, Power, Quotient, Times
from symback.verify import values
from symback.verify.intern_table import InternTable
from symback.verify.values import NAN, NOT_REAL, Raw, is_finite

Shift = tuple[tuple[int, int], ...]  # what is shifted (an interned number) and by how many h
Key = tuple[int, Shift]
Place = tuple[values.Operation, int, Any, int]  # function, slot of the result, slot(s) of the arguments

Failure = tuple[values.Operation, list[Raw]]

UNARY, MANY = -1, -2  # in place of the second argument's slot
HALF = Fraction(1, 2)


class Level(NamedTuple):
    """A precision: decimal digits, and the step of the differences as h = 2^-step."""

    digits: int
    step: int

    def bits(self, order: int) -> int:
        """Return the working precision where derivatives are nested `order` deep: each costs the digits of one h."""
        return int(self.digits * 3.33) + 10 + order * self.step


SEARCH = Level(20, 24)
LEVELS = (Level(50, 66), Level(100, 146), Level(200, 300))  # 2^-66 is about 1e-20: its square is the error


class Program:
    """The operations for some trees of a forest, in order; `marks[i]` operations give root i, in slot `results[i]`."""

    def __init__(self, forest: InternTable, roots: Sequence[int], whole_powers: bool = False) -> None:
        self.forest = forest
        self._whole_powers = whole_powers  # (-3)^n has a value where n is given as a whole number
        self.roots = roots
        self.places: list[Place] = []
        self.results: list[int] = []
        self.marks: list[int] = []
        self._slots: dict[Key, int] = {}
        self._fixed: dict[Any, int] = {}  # constants and shifts: slot by what they are
        self._count = 0
        self._templates: dict[Level, list[Raw]] = {}
        self.order = max((self.forest.orders[r] for r in self.roots), default=0)
        self.symbols = self.forest.symbols(self.roots)
        self.inputs = [self._slot((self.forest.intern(s), ())) for s in self.symbols]
        for root in self.roots:
            self.results.append(self._slot((root, ())))
            self.marks.append(len(self.places))

    # --- compiling ---

    def _new(self) -> int:
        self._count += 1
        return self._count - 1

    def _constant(self, what: Any) -> int:
        """Return the slot of a constant: a fraction, `e`, `pi`, ("shift", k) for k h, or "slope" for 1/(2 h)."""
        if what not in self._fixed:
            self._fixed[what] = self._new()
        return self._fixed[what]

    def _emit(self, function: values.Operation, first: Any, second: int = UNARY) -> int:
        slot = self._new()
        self.places.append((function, slot, first, second))
        return slot

    def _slot(self, key: Key) -> int:
        slots, stack = self._slots, [key]
        while stack:
            top = stack[-1]
            if top in slots:
                stack.pop()
                continue
            needs = self._needs(*top)
            missing = [n for n in needs if n not in slots]
            if missing:
                stack.extend(reversed(missing))
            else:
                slots[top] = self._operation(*top, [slots[n] for n in needs], needs)
                stack.pop()
        return slots[key]

    def _key(self, number: int, shift: Shift) -> Key:
        """Leave out of the shift what does not occur in the tree, so that all its values are shared."""
        if shift:
            shift = tuple([s for s in shift if self.forest.holds(number, s[0])])
        return number, shift

    def _needs(self, number: int, shift: Shift) -> list[Key]:
        """Return what must be known first."""
        forest = self.forest
        if not shift and forest.heads[number] is not Diff and number not in forest.pins:
            return [] if forest.exact[number] is not None else [(n, ()) for n in forest.arguments[number]]
        for place, (what, _) in enumerate(shift):
            if what == number:
                return [self._key(number, shift[:place] + shift[place + 1 :])]
        if forest.heads[number] is Diff:
            argument, variable = forest.differentiated(number)
            if not forest.holds(argument, variable):
                return [self._key(argument, shift)]
            keys = [self._key(argument, _shifted(shift, variable, by)) for by in (1, -1)]
            return [*keys, self._key(variable, tuple([s for s in shift if s[0] != variable]))]
        if number in forest.pins:
            return [(forest.pins[number], ())]
        return [self._key(n, shift) for n in forest.arguments[number]]

    def _operation(self, number: int, shift: Shift, below: list[int], needs: list[Key]) -> int:
        forest = self.forest
        head = forest.heads[number]
        for what, by in shift:
            if what == number:
                return self._emit(values.shifted, below[0], self._constant(("shift", by)))
        if head is Diff:
            if len(below) == 1:  # free of the variable: 0, or NAN where it has no value
                return self._emit(values.subtract, below[0], below[0])
            return self._emit(values.slope, (*below, self._constant("slope")), MANY)
        exact = forest.exact[number]
        if exact is not None and not shift:
            return self._constant(exact)
        if number in forest.pins:
            return below[0]
        if isinstance(head, Symbol):
            return below[0] if below else self._new()  # the value of a Let, or a symbol
        if head is Power:
            return self._power(number, below, needs)
        return self._plain(head, below)

    def _plain(self, head: Any, below: list[int]) -> int:
        if head in (Plus, Times, Quotient) or head in values.PAIRWISE:
            function = _PAIRWISE.get(head) or values.PAIRWISE[head]
            slot = below[0]
            for other in below[1:]:
                slot = self._emit(function, slot, other)
            return slot
        if head is Neg:
            return self._emit(values.negative, below[0])
        if head == "root":  # one that is not odd: real for numbers that are not negative
            inverse = self._emit(values.divide, self._constant(Fraction(1)), below[1])
            return self._emit(values.power_of_positive, below[0], inverse)
        if not below:
            return self._constant(head)
        if head in values.MANY:
            return self._emit(values.MANY[head], tuple(below), MANY)
        if len(below) == 1 and head in values.FUNCTION_VALUES:
            return self._emit(values.FUNCTION_VALUES[head], below[0])
        return self._emit(_stand_in(head), tuple(below), MANY)

    def _power(self, number: int, below: list[int], needs: list[Key]) -> int:
        base, exponent = self.forest.arguments[number]
        if self.forest.heads[base] is E and not needs[0][1]:
            return self._emit(values.exponential, below[1])
        written = self.forest.exact[exponent]
        if written is None or needs[1][1]:
            varies = not self._whole_powers and bool(self.forest.symbols([exponent]))
            return self._emit(values.power_of_positive if varies else values.power, below[0], below[1])
        if written == HALF:
            return self._emit(values.FUNCTION_VALUES["sqrt"], below[0])
        if written == 2:
            return self._emit(values.multiply, below[0], below[0])
        return self._emit(values.power_by(written), below[0])

    # --- running ---

    def start(self, point: Sequence[Raw], level: Level) -> list[Raw]:
        """Return the slots with the constants and the point's values in them."""
        template = self._templates.get(level)
        if template is None:
            template = self._templates[level] = [NAN] * self._count
            for what, slot in self._fixed.items():
                template[slot] = _constant_value(what, level, level.bits(self.order))
        slots = template.copy()
        for slot, value in zip(self.inputs, point, strict=True):
            slots[slot] = value
        return slots

    def run(self, slots: list[Raw], level: Level, begin: int = 0, end: int | None = None) -> None:
        """Fill the slots by the operations from `begin` to `end`; raises Beyond where a number is out of reach."""
        bits = level.bits(self.order)
        for function, slot, first, second in self.places[begin:end]:
            try:
                if second >= 0:
                    slots[slot] = function(slots[first], slots[second], bits)
                elif second == UNARY:
                    slots[slot] = function(slots[first], bits)
                else:
                    slots[slot] = function(slots, first, bits)
            except NOT_REAL:
                slots[slot] = NAN

    def values(self, point: Sequence[Raw], level: Level) -> list[Raw]:
        """Return the values of the roots at the point."""
        slots = self.start(point, level)
        self.run(slots, level)
        return [slots[r] for r in self.results]

    def slots_of(self, numbers: Iterable[int]) -> list[int]:
        """Return the slots of those trees that are worked out on the way."""
        return [self._slots[(n, ())] for n in numbers if (n, ()) in self._slots]

    def differentiated_by(self) -> list[int]:
        """Return the slots of what the pending derivatives are by."""
        return [place[2][2] for place in self.places if place[0] is values.slope]

    def failures(self, slots: Sequence[Raw], end: int | None = None) -> list[Failure]:
        """Return the operations that gave no value although their arguments have one, and these arguments."""
        failed = [p for p in self.places[:end] if not is_finite(slots[p[1]]) and p[3] != MANY]
        found = [(p[0], [slots[a] for a in p[2:] if a >= 0]) for p in failed]
        return [failure for failure in found if all(map(is_finite, failure[1]))]


_PAIRWISE: dict[Any, values.Operation] = {Plus: values.add, Times: values.multiply, Quotient: values.divide}
_stand_in = cache(values.stand_in)


def _shifted(shift: Shift, what: int, by: int) -> Shift:
    """Add `by` steps to the shift of `what`; a shift of nothing is left out."""
    steps = dict(shift)
    steps[what] = steps.get(what, 0) + by
    return tuple(sorted((w, b) for w, b in steps.items() if b))


def _constant_value(what: Any, level: Level, bits: int) -> Raw:
    if isinstance(what, Fraction):
        return values.from_fraction(what, bits)
    if what == "slope":
        return libmp.mpf_shift(values.ONE, level.step - 1)  # type: ignore[no-any-return]
    if isinstance(what, tuple):
        return libmp.mpf_shift(libmp.from_int(what[1]), -level.step)  # type: ignore[no-any-return]
    return libmp.mpf_e(bits, values.NEAREST) if what is E else libmp.mpf_pi(bits, values.NEAREST)  # type: ignore[no-any-return]
