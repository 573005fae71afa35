"""Long sums: split into terms, the terms ordered, like terms of a loop computed as one operation.

The gradient of a weight that a loop uses T times is a sum of T products; the sum of A[t].T @ B[t] is one product of
the stacked operands. A bias in a loop is added to what does not wait for the step before, which `loops` does at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from symback.compile.lines import Line, Number, Program, Shape, Writer, copy

Term = tuple[Number, int]
Kind = tuple[str, Shape, tuple[Any, ...], tuple[Shape, ...]]  # operation, shape, parameters, shapes of the operands
LEAST = 4  # that many terms of a kind are worth an operation of their own


def regroup(program: Program) -> Program:
    """Return the program with every sum of three terms or more rewritten."""
    uses = program.uses()
    absorbed = _absorbed(program, uses)
    writer = Writer()
    depths: list[int] = []
    new: list[int] = []
    for i, line in enumerate(program.lines):
        if i in absorbed:
            new.append(-1)
        elif line.op == "add":
            terms = [(c, new[j]) for c, j in _terms(program, i, absorbed)]
            new.append(_sum(writer, terms, line.shape, depths))
        else:
            new.append(copy(writer, line, tuple(new[j] for j in line.inputs)))
        if i == program.loss:
            writer.loss = new[i]
        if i in program.names and new[i] >= 0:
            writer.names.setdefault(new[i], program.names[i])
    return writer.finish(new[program.loss], {name: new[i] for name, i in program.outputs.items()})


def _inner(program: Program, i: int) -> Sequence[Term] | None:
    """Return what a sum, a negative or a multiple by a number adds up.

    A difference stays one term: a loss may be written so that its large parts are taken off each other first.
    """
    line = program.lines[i]
    if line.op == "add":
        return [(1, line.inputs[0]), (1, line.inputs[1])]
    if line.op == "negate":
        return [(-1, line.inputs[0])]
    if line.op == "multiply" and (value := program.lines[line.inputs[0]].value) is not None:
        return [(value, line.inputs[1])]
    return None


def _absorbed(program: Program, uses: Sequence[int]) -> set[int]:
    """Return the lines that are only a part of a longer sum of their own shape."""
    absorbed: set[int] = set()
    results = set(program.results)
    for line in program.lines:
        if line.op != "add":
            continue
        stack = list(line.inputs)
        while stack:
            j = stack.pop()
            inner = _inner(program, j)
            if inner is None or uses[j] != 1 or j in results or program.lines[j].shape != line.shape or j in absorbed:
                continue
            absorbed.add(j)
            if program.lines[j].op in ("negate", "multiply"):
                stack.extend(k for _, k in inner)
    return absorbed


def _terms(program: Program, root: int, absorbed: set[int]) -> list[Term]:
    terms: list[Term] = []
    stack: list[Term] = list(reversed(_inner(program, root) or ()))
    while stack:
        weight, i = stack.pop()
        if i in absorbed:
            stack.extend((weight * c, j) for c, j in reversed(_inner(program, i) or ()))
        else:
            terms.append((weight, i))
    return terms


# --- writing a sum ---------------------------------------------------------------------------------------------------


def _sum(w: Writer, terms: list[Term], shape: Shape, depths: list[int]) -> int:
    """Write the sum of the terms: kinds first, then what is there earliest."""
    if len(terms) >= LEAST:
        terms = _gathered(w, terms)
    by_weight: defaultdict[Number, list[int]] = defaultdict(list)
    for weight, i in terms:
        by_weight[weight].append(i)
    _measure(w, depths)
    parts = [(weight, _added(w, ids, depths)) for weight, ids in by_weight.items()]
    parts.sort(key=lambda part: part[0] < 0)  # a difference rather than a negative
    total: int | None = None
    for weight, i in parts:
        total = _plus(w, total, weight, i)
    assert total is not None
    return w.spread(total, shape)


def _plus(w: Writer, total: int | None, weight: Number, i: int) -> int:
    if total is None:
        return w.multiply(w.number(weight), i)
    if weight < 0:
        return w.subtract(total, w.multiply(w.number(-weight), i))
    return w.add(total, w.multiply(w.number(weight), i))


def _added(w: Writer, ids: list[int], depths: list[int]) -> int:
    if len(ids) > 2:
        ids = sorted(ids, key=lambda i: depths[i])
    total = ids[0]
    for i in ids[1:]:
        total = w.add(total, i)
    return total


def _measure(w: Writer, depths: list[int]) -> None:
    """Bring the list of depths (how many operations stand before a line) up to date."""
    for line in w.lines[len(depths) :]:
        own = line.op not in ("index", "slice", "transpose", "reshape")
        depths.append(own + max((depths[j] for j in line.inputs), default=-1))


# --- like terms ------------------------------------------------------------------------------------------------------


def _gathered(w: Writer, terms: list[Term]) -> list[Term]:
    """Replace every four or more terms of one kind by one operation on their stacked operands."""
    kinds: defaultdict[tuple[Number, Kind], list[int]] = defaultdict(list)
    rest: list[Term] = []
    for weight, i in terms:
        line = w.lines[i]
        if line.op in GATHER:
            shapes = tuple(w.shape(j) for j in line.inputs)
            params = line.params if line.op == "sum" else ()
            kinds[weight, (line.op, line.shape, params, shapes)].append(i)
        else:
            rest.append((weight, i))
    for (weight, (op, *_)), members in kinds.items():
        lines = [w.lines[i] for i in members]
        columns = list(zip(*(line.inputs for line in lines), strict=True))
        done = None
        if op == "scatter" or (len(members) >= LEAST and all(len(set(c)) == len(c) for c in columns)):
            done = GATHER[op](w, lines)
        rest += [(weight, i) for i in (members if done is None else [done])]
    return rest


def stack(w: Writer, members: Sequence[int]) -> int:
    """Return the array whose entry i along a new first axis is member i; a part of an array where that is what it is.

    >>> w = Writer()
    >>> x = w.put("input", shape=(3, 2), params=("x",))
    >>> rows = [w.put("index", x, shape=(2,), params=(i,)) for i in range(3)]
    >>> stack(w, rows) == x
    True
    """
    first = w.lines[members[0]]
    shape = (len(members), *first.shape)
    if first.op == "index" and len(first.params) == 1:
        base, start = first.inputs[0], first.params[0]
        lines = [w.lines[i] for i in members]
        if all(m.op == "index" and m.inputs == (base,) and m.params == (start + k,) for k, m in enumerate(lines)):
            if w.shape(base) == shape:
                return base
            return w.put("slice", base, shape=shape, params=(0, start, start + len(members)))
    return w.put("stack", *members, shape=shape)


def in_order(w: Writer, lines: Sequence[Line]) -> list[Line]:
    """Sort operations by their operands: as these stand in one array, or as the loop went.

    Values of the backward pass were made last step first; sorted backwards they line up with those of the forward pass.
    """
    columns = list(zip(*(line.inputs for line in lines), strict=True))
    for column in columns:
        operands = [w.lines[i] for i in column]
        if all(o.op == "index" and len(o.params) == 1 and o.inputs == operands[0].inputs for o in operands):
            return _sorted(lines, [o.params[0] for o in operands])
    oldest = min(columns, key=max)
    backward = w.loss is not None and min(oldest) > w.loss
    return _sorted(lines, [-i if backward else i for i in oldest])


def _sorted(lines: Sequence[Line], keys: Sequence[int]) -> list[Line]:
    return [line for _, line in sorted(zip(keys, lines, strict=True), key=lambda pair: pair[0])]


def _columns(w: Writer, lines: Sequence[Line]) -> list[list[int]]:
    return [list(column) for column in zip(*(line.inputs for line in in_order(w, lines)), strict=True)]


def _matmul(w: Writer, lines: Sequence[Line]) -> int | None:
    """The sum of A[t].T @ B[t], for two matrices each"""
    if any(w.lines[line.inputs[0]].op != "transpose" or len(w.shape(line.inputs[1])) != 2 for line in lines):
        return None
    bare = [Line("", (w.lines[line.inputs[0]].inputs[0], line.inputs[1]), line.shape) for line in lines]
    left, right = (stack(w, column) for column in _columns(w, bare))
    return _product(w, left, right, lines[0].shape)


def _outer(w: Writer, lines: Sequence[Line]) -> int:
    """The sum of outer(a[t], b[t])"""
    left, right = (stack(w, column) for column in _columns(w, lines))
    return _product(w, left, right, lines[0].shape)


def _product(w: Writer, left: int, right: int, shape: Shape) -> int:
    flat = [w.reshape(i, (_rows(w.shape(i)), w.shape(i)[-1])) for i in (left, right)]
    return w.put("matmul", w.transpose(flat[0]), flat[1], shape=shape)


def _rows(shape: Shape) -> int:
    rows = 1
    for n in shape[:-1]:
        rows *= n
    return rows


def _total(w: Writer, lines: Sequence[Line]) -> int:
    """The sum of sums over some axes"""
    (column,) = _columns(w, lines)
    return w.total(stack(w, column), [0, *(a + 1 for a in lines[0].params)])


def _vdot(w: Writer, lines: Sequence[Line]) -> int:
    """The sum of a[t] · b[t], over all entries"""
    left, right = (stack(w, column) for column in _columns(w, lines))
    return w.put("vdot", left, right, shape=())


def _scatter(w: Writer, lines: Sequence[Line]) -> int | None:
    """The sum of entries put in their places, all of them different: one array"""
    places = tuple(place for line in lines for place in line.params)
    if len(set(places)) != len(places) or len({len(place) for place in places}) != 1:
        return None
    whole = [(i,) for i in range(lines[0].shape[0])]
    if sorted(places) == whole:
        members = dict(zip(places, (i for line in lines for i in line.inputs), strict=True))
        return stack(w, [members[place] for place in whole])
    return w.put("scatter", *(i for line in lines for i in line.inputs), shape=lines[0].shape, params=places)


GATHER: dict[str, Callable[[Writer, Sequence[Line]], int | None]] = {
    "matmul": _matmul,
    "outer": _outer,
    "sum": _total,
    "vdot": _vdot,
    "scatter": _scatter,
}
