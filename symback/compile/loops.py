"""Operations that a loop repeats and that do not wait for each other, done as one operation on stacked operands.

In `h[t] = tanh(x[t] @ Wx + h[t-1] @ Wh + b)` all products `x[t] @ Wx` are one product of the whole x, the bias is
added to all of it at once, and in the backward pass `1 - h[t]^2` is one line; what needs the step before stays.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from symback.compile.instructions import ELEMENTWISE
from symback.compile.lines import Line, Program, Shape, Writer, copy, size
from symback.compile.sums import LEAST, in_order, stack

LARGEST = 1 << 16  # entries of one operand; larger ones gain nothing and would leave the cache
BY_AXIS = frozenset({"sum", "amax"})


@dataclass(frozen=True)
class Group:
    """Lines of one kind; `shared` says which operand is the same in all of them."""

    kind: tuple[object, ...]
    members: tuple[int, ...]
    shared: int | None


def together(program: Program) -> Program:
    """Return the program with what a loop repeats independently done at once."""
    hopeless: set[tuple[object, ...]] = set()
    while True:
        groups = [g for g in _candidates(program) if g.kind not in hopeless]
        free = []
        for group in groups:
            if _independent(program, group.members):
                free.append(group)
            else:
                hopeless.add(group.kind)
        accepted = _compatible(program, free)
        hopeless.update(g.kind for g in free if g not in accepted)
        if not accepted:
            return program
        program = _packed(program, accepted)


# --- what may be done at once ----------------------------------------------------------------------------------------


def _candidates(program: Program) -> list[Group]:
    """Return the groups of at least four lines of one kind, no line in two of them."""
    groups: list[Group] = []
    taken: set[int] = set()
    for shared in (1, 0, None):
        kinds: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        for i, line in enumerate(program.lines):
            if i not in taken and (kind := _kind(program, line, shared)) is not None:
                kinds[kind].append(i)
        for kind, members in kinds.items():
            if len(members) >= LEAST and _all_different(program, members, shared):
                groups.append(Group((*kind, len(members)), tuple(members), shared))
                taken.update(members)
    return groups


def _kind(program: Program, line: Line, shared: int | None) -> tuple[object, ...] | None:
    """Return what lines must agree in to be done at once, None for a line that cannot be."""
    if not line.shape or size(line.shape) > LARGEST or (shared is not None and len(line.inputs) < 2):
        return None
    varying = [program.lines[j] for k, j in enumerate(line.inputs) if k != shared]
    if any(not o.shape or o.value is not None for o in varying):
        return None
    shapes = tuple(program.lines[j].shape for j in line.inputs)
    if line.op == "matmul":
        if (*map(len, shapes), shared) not in PRODUCTS or any(o.op == "transpose" for o in varying):
            return None
    elif line.op not in ELEMENTWISE and not (line.op in BY_AXIS and shared is None):
        return None
    same = line.inputs[shared] if shared is not None else None
    return (line.op, line.shape, line.params, shapes, shared, same, tuple(o.op for o in varying))


def _all_different(program: Program, members: Sequence[int], shared: int | None) -> bool:
    columns = zip(*(program.lines[i].inputs for i in members), strict=True)
    return all(k == shared or len(set(column)) == len(column) for k, column in enumerate(columns))


def _independent(program: Program, members: Sequence[int]) -> bool:
    """Tell whether no member needs another."""
    chosen = set(members)
    after = [False] * len(program.lines)
    for i in range(min(chosen), max(chosen) + 1):
        after[i] = any(after[j] or j in chosen for j in program.lines[i].inputs)
        if after[i] and i in chosen:
            return False
    return True


def _compatible(program: Program, groups: Sequence[Group]) -> list[Group]:
    """Return the groups that can all be done at once: two groups may each need a part of the other."""
    if _order(program, groups) is not None:
        return list(groups)
    accepted: list[Group] = []
    for group in groups:
        if _order(program, [*accepted, group]) is not None:
            accepted.append(group)
    return accepted


def _order(program: Program, groups: Sequence[Group]) -> list[int] | None:
    """Return lines and groups (n + k for group k) in an order that can be computed; None where there is a circle."""
    n = len(program.lines)
    unit = list(range(n))
    for k, group in enumerate(groups):
        for i in group.members:
            unit[i] = n + k
    age: dict[int, int] = {}
    waiting: Counter[int] = Counter()
    consumers: defaultdict[int, list[int]] = defaultdict(list)
    for i, line in enumerate(program.lines):
        age.setdefault(unit[i], i)
        for j in line.inputs:
            waiting[unit[i]] += 1
            consumers[unit[j]].append(unit[i])
    ready = [(i, u) for u, i in age.items() if not waiting[u]]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        _, u = heapq.heappop(ready)
        order.append(u)
        for v in consumers[u]:
            waiting[v] -= 1
            if not waiting[v]:
                heapq.heappush(ready, (age[v], v))
    return order if len(order) == len(age) else None


# --- doing it --------------------------------------------------------------------------------------------------------


def _packed(program: Program, groups: Sequence[Group]) -> Program:
    w = Writer()
    new: dict[int, int] = {}
    n = len(program.lines)
    for u in _order(program, groups) or ():
        if u < n:
            line = program.lines[u]
            inputs = tuple(new[j] for j in line.inputs)
            new[u] = stack(w, inputs) if line.op == "stack" else copy(w, line, inputs)
            if u == program.loss:
                w.loss = new[u]
        else:
            new.update(_pack(w, program, groups[u - n], new))
    for i, name in program.names.items():
        w.names.setdefault(new[i], name)
    return w.finish(new[program.loss], {name: new[i] for name, i in program.outputs.items()})


def _pack(w: Writer, program: Program, group: Group, new: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Write the group as one line, and yield where each member is found in it."""
    first = program.lines[group.members[0]]
    varying = [k for k in range(len(first.inputs)) if k != group.shared]
    by_operands: dict[tuple[int, ...], int] = {}
    lines = []
    for i in group.members:
        own = tuple(new[program.lines[i].inputs[k]] for k in varying)
        by_operands[own] = i
        lines.append(Line(first.op, own, first.shape))
    lines = in_order(w, lines)
    operands = [stack(w, column) for column in zip(*(line.inputs for line in lines), strict=True)]
    same = new[first.inputs[group.shared]] if group.shared is not None else None
    done = _apply(w, first, operands, same, group.shared)
    for k, line in enumerate(lines):
        yield by_operands[line.inputs], w.put("index", done, shape=first.shape, params=(k,))


def _apply(w: Writer, line: Line, stacks: list[int], same: int | None, shared: int | None) -> int:
    count = w.shape(stacks[0])[0]
    shape = (count, *line.shape)
    if line.op in BY_AXIS:
        params = tuple(a + 1 for a in line.params)
        return w.put(line.op, stacks[0], shape=shape, params=params)
    if line.op == "matmul":
        dims = [len(w.shape(i)) - 1 for i in stacks]
        if same is None:
            return w.put("matmul", *stacks, shape=shape)
        axes = (len(w.shape(same)), dims[0]) if shared == 0 else (dims[0], len(w.shape(same)))
        return PRODUCTS[(*axes, shared)](w, stacks[0], same, shape)
    aligned = [_aligned(w, i, len(line.shape)) for i in stacks]
    if same is not None and shared is not None:
        aligned.insert(shared, same)
    return w.put(line.op, *aligned, shape=shape, params=line.params)


def _aligned(w: Writer, stacked: int, axes: int) -> int:
    """Return stacked operands of fewer axes so that their own axes stand at the right."""
    count, *own = w.shape(stacked)
    return w.reshape(stacked, (count, *[1] * (axes - len(own)), *own))


def _flat(w: Writer, stacked: int, same: int, shape: Shape) -> int:
    """A[t] @ B for matrices A[t]: their rows below each other"""
    count, rows, columns = w.shape(stacked)
    tall = w.reshape(stacked, (count * rows, columns))
    return w.reshape(w.put("matmul", tall, same, shape=(count * rows, *w.shape(same)[1:])), shape)


def _vectors_left(w: Writer, stacked: int, same: int, shape: Shape) -> int:
    """a[t] @ B for vectors a[t], which are the rows of a matrix"""
    return w.put("matmul", stacked, same, shape=shape)


def _vectors_right(w: Writer, stacked: int, same: int, shape: Shape) -> int:
    """A @ b[t] for vectors b[t]: the rows of a matrix times A.T"""
    return w.put("matmul", stacked, w.transpose(same), shape=shape)


def _each(w: Writer, stacked: int, same: int, shape: Shape) -> int:
    """A @ B[t] for matrices B[t]"""
    return w.put("matmul", same, stacked, shape=shape)


def _impossible(w: Writer, stacked: int, same: int, shape: Shape) -> int:
    raise AssertionError("a product of two stacks has no shared operand")


# axes of the left operand, of the right one, which of them is shared
PRODUCTS: dict[tuple[int | None, ...], Callable[[Writer, int, int, Shape], int]] = {
    (2, 2, 1): _flat,
    (2, 1, 1): _flat,
    (1, 2, 1): _vectors_left,
    (2, 1, 0): _vectors_right,
    (2, 2, 0): _each,
    (2, 2, None): _impossible,
}
