"""The gradient check: the gradients of a program beside central differences of its own loss."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Any, NamedTuple

from symback.errors import DomainError
from symback.expr.functions import FUNCTIONS
from symback.expr.numeric import generator, np, quiet, some_places, with_entry
from symback.graph.backward import gradients
from symback.graph.nodes import GradientProgram, Program
from symback.graph.program import numbers
from symback.graph.program.build import Builder
from symback.graph.program.formula_values import value_of
from symback.graph.program.stable_program import as_written
from symback.syntax.function_rows import ARGUMENT, switches_of

LARGEST_CHECKED = 200  # entries of each input; of larger arrays so many are checked, evenly spread
LEAST_CHECKED = 4
VISITS = 40_000  # nodes worked out for each input's check; of a long loop fewer entries are checked, evenly spread
WORK = 2_000_000  # entries worked out for each input's check; a large network is checked at fewer places
GOOD = 1e-6  # the worst relative error that rounding in float64 explains
STEP = 6e-6  # about the cube root of the rounding unit
STEPS = tuple(10.0**-k for k in range(2, 15))  # the steps of a second look, each a tenth of the one before
SURE = 1e-2  # a slope whose own error is a larger part of it than this tells nothing
EPS = sys.float_info.epsilon

_AT_KINKS = "At a kink, or where the loss ends, the two sides differ, so nothing is compared there."
_BETWEEN = "At a kink the value that is taken lies between the slopes to both sides."
_TOO_STEEP = "The loss is too steep, or its terms too large, for differences of it to tell its slope."
_INFINITE = "The slope is infinite there, or there is none."


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The verdict, the worst relative error, and the number of entries that were compared.

    `where` says at which values, where none were given; `proved` are the names whose formula was proved for all sizes,
    and `unproved` those for which that stayed open.
    """

    verdict: str
    worst_error: float
    points: int
    message: str = ""
    where: str = ""
    proved: tuple[str, ...] = ()
    unproved: tuple[str, ...] = ()


def check_along_a_line(program: GradientProgram, values: Mapping[str, Any], names: Sequence[str]) -> GradientCheck:
    """Compare the gradient by each input with the slope of the loss along one random direction of it.

    Much less work than entry by entry. Where the two do not agree, at a kink for instance, and for nodes that are no
    inputs, the verdict is that of `check_gradients`.
    """
    inputs = {name: np.array(value, dtype=float) for name, value in values.items()}
    found = numbers.run(program.nodes, inputs)
    forward = program.nodes[: program.loss + 1]
    random = generator(len(names), map(np.shape, inputs.values()))
    worst, left = 0.0, list[str]()
    for name in dict.fromkeys(names):
        error = _along_a_line(forward, inputs, name, found[program.gradients[name]], random) if name in inputs else inf
        worst, left = (max(worst, error), left) if error <= GOOD else (worst, [*left, name])
    count = len(set(names)) - len(left)
    rest = check_gradients(program, values, left) if left else GradientCheck("verified", 0.0, 0)
    return replace(rest, worst_error=max(rest.worst_error, worst), points=count + rest.points)


def _along_a_line(forward: Program, inputs: Mapping[str, Any], name: str, gradient: Any, random: Any) -> float:
    """Return the error, relative to the gradient, of the slope of the loss along a random direction of an input."""
    way = random.uniform(0.5, 1.0, np.shape(inputs[name]))
    sides = [numbers.run(forward, {**inputs, name: inputs[name] + h * way})[-1] for h in (STEP, -STEP)]
    terms = np.asarray(gradient, dtype=float) * way
    apart = abs(float(sides[0] - sides[1]) / (2 * STEP) - float(np.sum(terms)))
    return apart / (1e-3 + float(np.max(np.abs(terms), initial=0.0)))


def check_gradients(program: GradientProgram, values: Mapping[str, Any], names: Sequence[str]) -> GradientCheck:
    """Compare each gradient with (L(x + h) - L(x - h))/2h in float64, entry by entry.

    A node between the inputs and the loss is moved as if it were an input. An entry that does not agree is looked at
    again with many steps, and fails only where its slope is known well enough to say so. "unverified" where the loss is
    not finite, at a kink, where the loss is too steep, and where a gradient is infinite or no number and no difference
    quotient contradicts it.
    """
    inputs = {name: np.array(value, dtype=float) for name, value in values.items()}
    found = numbers.run(program.nodes, inputs)
    if not np.isfinite(float(found[program.loss])):
        return GradientCheck("unverified", float("nan"), 0, "The loss is not finite at this point.")
    nodes = program.nodes[: program.loss + 1]
    places = {node.name: node.id for node in nodes if node.name}
    size = sum(math.prod(node.shape) for node in nodes)
    most = max(LEAST_CHECKED, min(LARGEST_CHECKED, WORK // max(size, 1), VISITS // len(nodes)))
    tally = _Tally()
    for name in (n for n in names if n in places):
        look = _Look(nodes, inputs, found, places[name])
        gradient = np.broadcast_to(np.asarray(found[program.gradients[name]], dtype=float), look.point.shape)
        for place in some_places(look.point.shape, most):
            tally.add(look.verdict(place, float(gradient[place]), _largest(gradient)))
            if tally.failed:
                where = f"{name}[{', '.join(map(str, place))}]" if place else name
                if math.isfinite(gradient[place]):
                    _require_finite_factors(found, where, tally.failed.slope)
                return tally.check(f"By {where} the gradient is {gradient[place]:.6g}, but differences of the loss say "
                                   f"{tally.failed.slope:.6g}.")  # fmt: skip
    return tally.check()


def _require_finite_factors(found: Sequence[Any], where: str, slope: float) -> None:
    """Raise DomainError where a gradient is wrong because a factor of the chain rule is infinite, as for cbrt(w^3)."""
    if has_infinite(found):
        raise infinite_factor(where, f"differences of the loss say {slope:.6g}")


def has_infinite(found: Iterable[Any]) -> bool:
    """Tell whether a number among these values is infinite, or none."""
    return not all(np.all(np.isfinite(np.asarray(value, dtype=float))) for value in found)


def infinite_factor(where: str, what: str) -> DomainError:
    """Return the error for a gradient that is 0 times an infinite factor, as for cbrt(w^3) or sqrt(x)^2 at 0."""
    return DomainError(
        f"By {where} a factor of the chain rule is infinite here, and {what}.",
        hint="Choose another point, or ask symback derive, which finds a derivative there as a limit.",
    )


class _Verdict(NamedTuple):
    """What is found of one entry: "good", "bad", or why it is open; the slope by differences; the relative error."""

    word: str
    slope: float = math.nan
    error: float = 0.0


class _Step(NamedTuple):
    """The slopes of the loss to the right and to the left over a step h, and whether a kink lies within it."""

    h: float
    right: float
    left: float
    crossed: bool

    @property
    def slope(self) -> float:
        return (self.right + self.left) / 2

    @property
    def bend(self) -> float:
        """How fast the slope changes."""
        return 0.0 if self.crossed else (self.right - self.left) / self.h

    @property
    def is_smooth(self) -> bool:
        return not self.crossed and abs(self.right - self.left) <= 1e-3 * (1 + abs(self.slope))


@dataclass
class _Tally:
    """The verdicts so far, taken together."""

    worst: float = 0.0
    points: int = 0
    reasons: tuple[str, ...] = ()
    failed: _Verdict | None = None

    def add(self, verdict: _Verdict) -> None:
        self.worst = max(self.worst, verdict.error)
        if verdict.word in ("good", "bad"):
            self.points += 1
            self.failed = verdict if verdict.word == "bad" else None
        elif verdict.word not in self.reasons:
            self.reasons = (*self.reasons, verdict.word)
        self.points += verdict.word == _BETWEEN

    def check(self, message: str = "") -> GradientCheck:
        if self.failed:
            return GradientCheck("failed", self.worst, self.points, message)
        if not self.points and not self.reasons:
            return GradientCheck("unverified", self.worst, 0, "There is nothing to compare.")
        is_open = not self.points or _INFINITE in self.reasons
        return GradientCheck("unverified" if is_open else "verified", self.worst, self.points, " ".join(self.reasons))


def _largest(gradient: Any) -> float:
    return float(np.max(np.abs(gradient), initial=0.0, where=np.isfinite(gradient)))


class _Look:
    """The loss as a function of one node, the others that it is made of being given."""

    def __init__(self, nodes: Program, inputs: Mapping[str, Any], found: Sequence[Any], moved: int) -> None:
        self.forward = as_written(nodes, moved)
        self.inputs, self.moved = inputs, moved
        self.point = np.array(found[moved], dtype=float)
        is_same = all(node is other for node, other in zip(self.forward, nodes, strict=True))
        self.base = (
            list(found[: len(nodes)]) if is_same else numbers.run(self.forward, inputs, fixed={moved: self.point[()]})
        )
        self.loss = float(self.base[-1])
        self.between = _between(self.forward, moved)

    def verdict(self, place: tuple[int, ...], gradient: float, largest: float) -> _Verdict:
        """Return whether the gradient of an entry is the slope: at once where it is, else after a second look."""
        step = self._step(place, STEP * max(1.0, abs(float(self.point[place]))))
        if math.isfinite(gradient) and step.is_smooth:
            error = max(0.0, abs(step.slope - gradient) - self._rounding(place))
            if error <= GOOD * (max(abs(step.slope), abs(gradient)) + 1e-3 * largest):
                return _Verdict("good", step.slope, error / (1 + abs(step.slope)))
        return self._second_look(place, gradient, largest)

    def _rounding(self, place: tuple[int, ...]) -> float:
        """Return how far off a slope may be because the loss was rounded: two roundings, over the step."""
        return 2 * EPS * abs(self.loss) / (STEP * max(1.0, abs(float(self.point[place]))))

    def _step(self, place: tuple[int, ...], h: float) -> _Step:
        """Return the slopes by an entry to both sides, and whether a kink lies within the step."""
        original = float(self.point[place])
        losses, crossed = [], False
        for moved in (original + h, original - h):
            values = list(self.base)
            values[self.moved] = with_entry(self.point, place, moved)
            values = numbers.rerun(self.between, values)
            losses.append(float(values[-1]))
            crossed |= self._sides(values) != self._own_sides
        h = (original + h) - original or inf
        return _Step(h, (losses[0] - self.loss) / h, (self.loss - losses[1]) / h, crossed)

    def _sides(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """Return on which side of its kink each function that has one is worked out."""
        return tuple(float(s) if not np.ndim(s) else s.tobytes() for s in _where(self.between, values))

    @cached_property
    def _own_sides(self) -> tuple[Any, ...]:
        return self._sides(self.base)

    # --- where the first step does not agree ------------------------------------------------------------------------

    def _second_look(self, place: tuple[int, ...], gradient: float, largest: float) -> _Verdict:
        scale = max(1.0, abs(float(self.point[place])))
        at_kink = self._step(place, STEPS[-1] * scale).crossed  # then all steps go over it, and a few will do
        steps = [self._step(place, h * scale) for h in (STEPS[::3] if at_kink else STEPS)]
        steps = [step for step in steps if math.isfinite(step.slope)]
        if math.isnan(gradient):
            return _Verdict("bad", steps[-1].slope, inf) if steps else _Verdict(_INFINITE)
        clean = [step for step in steps if not step.crossed]
        step, slope, own_error = self._best(clean or steps)
        is_sure = own_error <= SURE * (abs(slope) + 1e-3 * largest) + GOOD
        error = max(0.0, abs(slope - gradient) - 10 * own_error)
        bend = abs(steps[min(len(steps) - 1, 2)].bend) if steps else 0.0  # a rounded value moves the slope by so much
        is_good = error <= GOOD * (max(abs(slope), abs(gradient)) + 1e-3 * largest) + 8 * EPS * scale * bend
        if math.isinf(gradient):
            return _Verdict("bad", slope, inf) if is_sure and clean else _Verdict(_INFINITE)
        if clean and not is_sure:
            return _Verdict(_TOO_STEEP)
        if not steps or self._is_kink(steps, step) or not (clean or is_good):
            return self._at_kink(steps, gradient, largest)
        return _Verdict("good" if is_good else "bad", slope, error / (1 + abs(slope)))

    def _at_kink(self, steps: Sequence[_Step], gradient: float, largest: float) -> _Verdict:
        """Return whether the value taken at a kink lies between the slopes to both sides, as one by convention does."""
        if not steps:
            return _Verdict(_AT_KINKS)
        low, high = sorted((steps[-1].left, steps[-1].right))
        within = SURE * (abs(low) + abs(high)) + GOOD * largest + self._noise / steps[-1].h
        is_between = low - within <= gradient <= high + within and math.isfinite(high - low)
        return _Verdict(_BETWEEN if is_between else _AT_KINKS, (low + high) / 2)

    def _is_kink(self, steps: Sequence[_Step], best: _Step) -> bool:
        """Tell whether the slopes to both sides differ, and a tenth of the step does not bring them together."""
        finer = next((step for step in steps if step.h < best.h), best)
        wide, narrow = (max(0.0, abs(s.right - s.left) - 2 * self._noise / s.h) for s in (best, finer))
        return narrow > 1e-3 * (abs(best.right) + abs(best.left)) and narrow > 0.5 * wide

    def _best(self, steps: Sequence[_Step]) -> tuple[_Step, float, float]:
        """Return the best of many steps, its slope by Richardson's extrapolation, and how far off that may be.

        Two neighbours tell the error of the step by how much they differ, and rounding is at least `noise` over h.
        """
        mended = [(s, (100 * s.slope - before.slope) / 99) for before, s in pairwise(steps)]
        best = (_Step(math.nan, math.nan, math.nan, False), math.nan, inf)
        for (_, before), (step, slope) in pairwise(mended):
            error = max(abs(slope - before), self._noise / step.h)
            best = (step, slope, error) if error < best[2] else best
        return best

    @cached_property
    def _noise(self) -> float:
        """Return how much of the loss rounding may be: each value, rounded, times the gradient by it."""
        nodes = tuple(_without_given(node) for node in self.forward)
        builder = Builder(nodes=nodes)
        by_node = gradients(builder, nodes, len(nodes) - 1, range(len(nodes)))
        results = numbers.run(tuple(builder.nodes), self.inputs, fixed={self.moved: self.point[()]})
        with quiet():
            sizes = [np.abs(np.asarray(results[g], dtype=float) * results[i]) for i, g in by_node.items()]
        return 2 * EPS * sum(float(np.sum(s, where=np.isfinite(s))) for s in sizes)


def _between(nodes: Program, moved: int) -> Program:
    """Return the nodes that depend on one and that the last one, the loss, depends on."""
    after = {moved}
    for node in nodes:
        if any(i in after for i in node.inputs):
            after.add(node.id)
    before = {len(nodes) - 1}
    for node in reversed(nodes):
        if node.id in before:
            before.update(node.inputs)
    return tuple(node for node in nodes if node.id in after and node.id in before and node.id != moved)


def _without_given(node: Any) -> Any:
    """Return a call of a function whose derivative was given as what it is worth; its true derivative counts here."""
    return replace(node, op="identity", inputs=node.inputs[1:], params=()) if node.op == "call" else node


def _where(nodes: Program, values: Sequence[Any]) -> Iterator[Any]:
    """Yield for each function that has kinks between which of them it is worked out: a jump changes its value."""
    for node in nodes:
        if node.op in ("maximum", "minimum"):
            yield np.sign(np.subtract(values[node.inputs[0]], values[node.inputs[1]]))
        elif node.op in FUNCTIONS and FUNCTIONS[node.op].kinks:
            x = np.asarray(values[node.inputs[0]], dtype=float)
            is_jump = FUNCTIONS[node.op].derivative == "0"
            switches = () if is_jump else switches_of(node.op)
            yield from [np.sign(value_of(s, {ARGUMENT: x})) for s in switches] or [values[node.id]]
