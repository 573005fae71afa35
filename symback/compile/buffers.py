"""Where each value of array code lives: given, in a buffer made once, in a part of one, or a view.

An elementwise operation writes over an operand that nobody needs any more. The members of a stack are written where the
stack wants them, so that stacking costs nothing. A buffer is never shared by two values that are needed at one time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from symback.compile.instructions import ELEMENTWISE
from symback.compile.lines import Program, Shape
from symback.graph.operations.table import TABLE

VIEWS = frozenset({"transpose", "reshape", "index", "slice"})
GIVEN = frozenset({"input", "rate", "constant"})
FIXED = frozenset({"ones", "eye"})  # made once, never written again
MADE = frozenset({"inverse", "one_hot"})  # functions that return an array of their own
OVERWRITE = frozenset(row.name for row in ELEMENTWISE.values() if row.is_one_pass)


@dataclass
class Strip:
    """A buffer whose entries along the first axis are values of their own: place -> line."""

    places: dict[int, int] = field(default_factory=dict)

    @property
    def start(self) -> int:
        return min(self.places)

    @property
    def length(self) -> int:
        return max(self.places) - self.start + 1


@dataclass(frozen=True)
class Slice:
    """A part of a strip: a stack's rows, or the one row of a member."""

    strip: int
    start: int


@dataclass
class Layout:
    """The places of all values: `buffer[i]` is the number of the buffer that line i is written to."""

    buffer: dict[int, int] = field(default_factory=dict)
    shapes: list[Shape] = field(default_factory=list)
    fresh: set[int] = field(default_factory=set)  # buffers made anew by every call, since they are given away
    strips: list[Strip] = field(default_factory=list)
    slots: dict[int, Slice] = field(default_factory=dict)  # a member's place
    stacks: dict[int, Slice] = field(default_factory=dict)  # a stack's place
    copied: dict[int, tuple[int, ...]] = field(default_factory=dict)  # members that a stack must copy
    owned: frozenset[int] = frozenset()  # results that no other value and no later call shares


def is_view(program: Program, i: int) -> bool:
    """Tell whether a line is a view: another look at the entries of an array."""
    op = program.lines[i].op
    return (op in VIEWS or op in TABLE and TABLE[op].is_view) and bool(program.lines[i].shape)


def lay_out(program: Program, give_away: bool) -> Layout:
    """Return the layout; with `give_away` the results are arrays of their own, made by every call."""
    layout = Layout()
    _strips(program, layout)
    if give_away:
        outputs = list(program.outputs.values())
        layout.owned = frozenset(i for i in outputs if outputs.count(i) == 1 and _has_buffer(program, layout, i))
    _assign(program, layout)
    return layout


def _computed(program: Program, i: int) -> bool:
    """Tell whether a line computes entries of its own and can write them where it is told."""
    line = program.lines[i]
    return bool(line.shape) and line.op not in GIVEN | FIXED | MADE and line.op not in TABLE and not is_view(program, i)


def _has_buffer(program: Program, layout: Layout, i: int) -> bool:
    return _computed(program, i) and i not in layout.slots and i not in layout.stacks


# --- stacks ----------------------------------------------------------------------------------------------------------


def _strips(program: Program, layout: Layout) -> None:
    for i, line in enumerate(program.lines):
        if line.op == "stack" and line.shape[1:] and not _join(program, layout, i):
            _begin(program, layout, i)


def _slotable(program: Program, layout: Layout, i: int) -> bool:
    return _computed(program, i) and program.lines[i].op not in ("stack", "scatter") and i not in layout.slots


def _begin(program: Program, layout: Layout, i: int) -> None:
    """Give the stack a strip of its own, if most members can be written into it."""
    members = program.lines[i].inputs
    free = [m for m in members if _slotable(program, layout, m)]
    if 2 * len(free) < len(members) or len(set(members)) < len(members):
        return
    layout.strips.append(Strip())
    _place(program, layout, i, len(layout.strips) - 1, 0)


def _join(program: Program, layout: Layout, i: int) -> bool:
    """Let the stack be a part of a strip that holds some of its members: h[0..T-1] and h[1..T] are one array."""
    members = program.lines[i].inputs
    known = {k: layout.slots[m] for k, m in enumerate(members) if m in layout.slots}
    if not known or len(set(members)) < len(members):
        return False
    starts = {(slot.strip, slot.start - k) for k, slot in known.items()}
    if len(starts) != 1:
        return False
    ((strip, start),) = starts
    taken = layout.strips[strip].places
    if any(taken.get(start + k, m) != m for k, m in enumerate(members)):
        return False
    holes = range(min([*taken, start]), max([*taken, start + len(members) - 1]) + 1)
    if len(set(holes) - set(taken) - {start + k for k in range(len(members))}):
        return False
    _place(program, layout, i, strip, start)
    return True


def _place(program: Program, layout: Layout, i: int, strip: int, start: int) -> None:
    copied = []
    for k, m in enumerate(program.lines[i].inputs):
        layout.strips[strip].places[start + k] = m
        if m in layout.slots:
            continue
        if _slotable(program, layout, m):
            layout.slots[m] = Slice(strip, start + k)
        else:
            copied.append(k)
    layout.stacks[i] = Slice(strip, start)
    layout.copied[i] = tuple(copied)


# --- all other values ------------------------------------------------------------------------------------------------


def _assign(program: Program, layout: Layout) -> None:
    """Give every computed line a buffer, in order, an old one where possible."""
    roots = _roots(program)
    last = _last_uses(program, roots)
    free: defaultdict[Shape, list[int]] = defaultdict(list)
    for i, line in enumerate(program.lines):
        if _has_buffer(program, layout, i):
            layout.buffer[i] = _buffer_for(program, layout, i, last, free)
        for r in {roots[j] for j in (*line.inputs, i)}:
            if last[r] == i and _reusable(program, layout, r) and (r == i or layout.buffer[r] != layout.buffer.get(i)):
                free[program.lines[r].shape].append(layout.buffer[r])


def _buffer_for(program: Program, layout: Layout, i: int, last: list[int], free: defaultdict[Shape, list[int]]) -> int:
    line = program.lines[i]
    if i not in layout.owned and line.op != "scatter":
        if line.op in OVERWRITE:
            for j in line.inputs:
                if last[j] == i and program.lines[j].shape == line.shape and _reusable(program, layout, j):
                    return layout.buffer[j]
        if free[line.shape]:
            return free[line.shape].pop()
    layout.shapes.append(line.shape)
    if i in layout.owned:
        layout.fresh.add(len(layout.shapes) - 1)
    return len(layout.shapes) - 1


def _reusable(program: Program, layout: Layout, i: int) -> bool:
    """Tell whether the buffer of a line may be written by another: zeros around a scattered entry must stay."""
    return i in layout.buffer and i not in layout.owned and program.lines[i].op != "scatter"


def _roots(program: Program) -> list[int]:
    """Return for each line the line whose entries it shows: itself, unless it is a view."""
    roots: list[int] = []
    for i, line in enumerate(program.lines):
        roots.append(roots[line.inputs[0]] if is_view(program, i) else i)
    return roots


def _last_uses(program: Program, roots: list[int]) -> list[int]:
    """Return for each line where it is used last, by itself or through a view; a result is used after the end."""
    last = list(range(len(program.lines)))
    for i, line in enumerate(program.lines):
        for j in line.inputs:
            last[roots[j]] = i
        last[roots[i]] = max(last[roots[i]], i)
    for i in program.results:
        last[roots[i]] = len(program.lines)
    return last
