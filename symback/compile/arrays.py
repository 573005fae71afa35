"""NumPy source: straight-line code on preallocated buffers, one line a node.

Every buffer and every view of one is made once, when the code is loaded, and reaches the function as a default
argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from symback.compile.buffers import Layout, Slice, is_view, lay_out
from symback.compile.instructions import ARRAYS, NUMBERS, QUIET
from symback.compile.lines import Line, Program, Shape
from symback.compile.notes import formula, literal
from symback.compile.source import Source, Statement
from symback.graph.operations import choosing
from symback.graph.operations.table import TABLE, code_of

COMPARISONS = {name: sign for sign, name in choosing.COMPARISONS.items()}
VIEWS: dict[str, str] = {
    "transpose": "{0}.T",
    "reshape": "{0}.reshape({shape})",
    "index": "{0}[{place}]",
    "slice": "{0}[{cut}]",
}

# arrays that a function returns
MADE: dict[str, str] = {"inverse": "inverse({0})", "one_hot": "one_hot({0}, {count})"}


@dataclass
class _Writing:
    """The state of writing one function: what each line is called, and the statements so far."""

    program: Program
    layout: Layout
    names: dict[int, str] = field(default_factory=dict)
    once: list[Statement] = field(default_factory=list)  # made when the code is loaded
    body: list[Statement] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    still: set[int] = field(default_factory=set)  # lines whose array is there before the call
    masks: frozenset[int] = frozenset()  # comparisons that stay true and false: they only choose

    def keep(self, name: str, text: str) -> str:
        """Make something once and hand it to the function as a default argument."""
        self.once.append(Statement(f"{name} = {text}"))
        self.arguments.append(name)
        return name


def gradient_source(program: Program) -> Source:
    """Return the source of `gradient(v0, v1, ...) -> (loss, (gradient, ...))`."""
    writing = _written(program, lay_out(program, give_away=True))
    results = [_given_away(writing, i) for i in program.outputs.values()]
    writing.body.append(
        Statement(f"return float({_scalar(writing, program.loss)}), ({''.join(r + ', ' for r in results)})")
    )
    return _source(writing, "gradient", [])


def step_source(program: Program) -> Source:
    """Return the source of `step(lr, v0, v1, ...) -> (loss, (new number, ...))`, which changes the arrays in place.

    The outputs of the program are gradients times the learning rate (see `rate.scaled`), by names of inputs.
    """
    writing = _written(program, lay_out(program, give_away=False))
    inputs = {program.lines[i].params[0]: i for i in program.inputs}
    numbers = []
    for name, i in program.outputs.items():
        old = writing.names.get(inputs[name], "") if name in inputs else ""
        if program.lines[i].shape:
            writing.body.append(Statement(f"subtract({old}, {_operand(writing, i)}, out={old})", f"update {name}"))
        else:
            numbers.append(f"float({old} - {_scalar(writing, i)})")
    writing.body.append(
        Statement(f"return float({_scalar(writing, program.loss)}), ({''.join(n + ', ' for n in numbers)})")
    )
    return _source(writing, "step", ["lr"])


def _source(writing: _Writing, name: str, first: list[str]) -> Source:
    program = writing.program
    given = first + [writing.names[i] for i in program.inputs]
    quiet = any(line.op in QUIET or line.op in TABLE for line in program.lines)
    return Source(name, given, writing.arguments, writing.once, writing.body, quiet)


# --- lines -----------------------------------------------------------------------------------------------------------


def _written(program: Program, layout: Layout) -> _Writing:
    writing = _Writing(program, layout, masks=_masks(program))
    for k, strip in enumerate(layout.strips):
        first = program.lines[next(iter(strip.places.values()))]
        writing.keep(f"s{k}", f"zeros({_shape((strip.length, *first.shape))})")
    zeroed = {layout.buffer[i] for i, line in enumerate(program.lines) if line.op == "scatter" and i in layout.buffer}
    for k, shape in enumerate(layout.shapes):
        if k not in layout.fresh:
            writing.keep(f"b{k}", f"{'zeros' if k in zeroed else 'empty'}({_shape(shape)})")
    for i, line in enumerate(program.lines):
        _line(writing, i, line)
    return writing


def _masks(program: Program) -> frozenset[int]:
    """Return the comparisons of arrays that do nothing but choose between others."""
    others = {j for line in program.lines for k, j in enumerate(line.inputs) if line.op != "choose" or k}
    found = (i for i, line in enumerate(program.lines) if line.op in COMPARISONS and line.shape)
    return frozenset(i for i in found if i not in others and i not in program.results)


def _line(writing: _Writing, i: int, line: Line) -> None:
    """Write one line: where its entries live decides how."""
    layout = writing.layout
    if line.op in ("input", "rate"):
        writing.names[i] = f"v{i}" if line.op == "input" else "lr"
    elif line.op == "constant":
        pass  # written where it is used
    elif line.op in ("ones", "eye"):
        count = line.shape[0]
        writing.names[i] = writing.keep(f"v{i}", f"{line.op}({count})")
        writing.still.add(i)
    elif line.op in TABLE and line.op not in VIEWS:
        _by_row(writing, i, line)
    elif not line.shape:
        text = NUMBERS[line.op].format(*(_scalar(writing, j) for j in line.inputs), place=_place(line.params))
        _say(writing, i, f"v{i} = {text}", f"v{i}")
    elif is_view(writing.program, i):
        _view(writing, i, line)
    elif line.op in MADE:
        _say(
            writing,
            i,
            f"v{i} = {MADE[line.op].format(_operand(writing, line.inputs[0]), count=line.shape[-1])}",
            f"v{i}",
        )
    elif i in layout.stacks:
        _stack(writing, i, line, layout.stacks[i])
    else:
        _compute(writing, i, line)


def _by_row(writing: _Writing, i: int, line: Line) -> None:
    """Write an operation of the table, which makes an array of its own, or is a view of its operand."""
    row, shapes = TABLE[line.op], [writing.program.lines[j].shape for j in line.inputs]
    operands = [(_operand if shape else _scalar)(writing, j) for j, shape in zip(line.inputs, shapes, strict=True)]
    template = row.numpy if i not in writing.masks else f"{{0}} {COMPARISONS[line.op]} {{1}}"
    text = code_of(template, row, line.params, line.shape, shapes, operands)
    if row.is_view and line.inputs[0] in writing.still:
        writing.names[i] = writing.keep(f"v{i}", text)
        writing.still.add(i)
    else:
        _say(writing, i, f"v{i} = {text}", f"v{i}")


def _say(writing: _Writing, i: int, text: str, name: str) -> None:
    writing.names[i] = name
    writing.body.append(Statement(text, formula(writing.program, i)))


def _view(writing: _Writing, i: int, line: Line) -> None:
    """A view of a buffer is made once; a view of what is given, or made by the call, in its place."""
    base = line.inputs[0]
    text = VIEWS[line.op].format(
        _operand(writing, base), shape=_shape(line.shape), place=_place(line.params), cut=_cut(line)
    )
    # reshaping what is not in order in memory copies it: not a view, so it belongs into its place
    if base in writing.still and not (line.op == "reshape" and not _in_order(writing, base)):
        writing.names[i] = writing.keep(f"v{i}", text)
        writing.still.add(i)
    else:
        _say(writing, i, f"v{i} = {text}", f"v{i}")


def _in_order(writing: _Writing, i: int) -> bool:
    """Tell whether the entries of a line's array follow each other in memory."""
    line = writing.program.lines[i]
    if not is_view(writing.program, i):
        return True
    is_moved = line.op == "transpose" or line.op in TABLE
    return not is_moved and not (line.op == "slice" and line.params[0]) and _in_order(writing, line.inputs[0])


def _stack(writing: _Writing, i: int, line: Line, where: Slice) -> None:
    """The members stand in their places already; those that could not be written there are copied."""
    start = where.start - writing.layout.strips[where.strip].start
    length = writing.layout.strips[where.strip].length
    whole = f"s{where.strip}"
    if line.shape[0] == length:
        writing.names[i] = whole
    else:
        writing.names[i] = writing.keep(f"v{i}", f"{whole}[{start}:{start + line.shape[0]}]")
    writing.still.add(i)
    for k in writing.layout.copied[i]:
        member = _operand(writing, line.inputs[k])
        writing.body.append(Statement(f"copyto({whole}[{start + k}], {member})", f"part of v{i}"))


def _compute(writing: _Writing, i: int, line: Line) -> None:
    """Write an operation that puts its result into a buffer."""
    layout = writing.layout
    if i in layout.slots:
        slot = layout.slots[i]
        out = writing.keep(f"v{i}", f"s{slot.strip}[{slot.start - layout.strips[slot.strip].start}]")
    else:
        out = f"b{layout.buffer[i]}"
    if layout.buffer.get(i) in layout.fresh:
        make = "zeros" if line.op == "scatter" else "empty"
        writing.body.append(Statement(f"{out} = {make}({_shape(line.shape)})"))
    else:
        writing.still.add(i)
    writing.names[i] = out
    for text in _statements(writing, line, out):
        writing.body.append(Statement(text, formula(writing.program, i)))


def _statements(writing: _Writing, line: Line, out: str) -> Iterator[str]:
    operands = [_operand(writing, j) for j in line.inputs]
    if line.op == "scatter":
        yield from (f"{out}[{_place(p)}] = {o}" for p, o in zip(line.params, operands, strict=True))
    elif line.op == "stack" and len(line.shape) == 1:
        yield f"{out}[:] = {', '.join(operands)}"
    elif line.op == "stack":
        flat = (line.shape[0] * line.shape[1], *line.shape[2:])
        yield f"concatenate(({', '.join(operands)},), axis=0, out={out}.reshape({_shape(flat)}))"
    elif line.op == "matmul":
        yield f"{'dot' if len(line.shape) < 3 else 'matmul'}({operands[0]}, {operands[1]}, out={out})"
    else:
        axes = f"({''.join(f'{a}, ' for a in line.params)})" if line.op == "sum" else ""
        axis = line.params[0] if line.op == "concat" and line.params else 0
        yield ARRAYS[line.op].format(*operands, o=out, axes=axes, axis=axis, all=", ".join(operands))


# --- operands --------------------------------------------------------------------------------------------------------


def _operand(writing: _Writing, i: int) -> str:
    """Return what a line is called as an operand of an array operation; a number is an array without axes, made once.

    A float would be turned into one by every call, which takes as long as adding a thousand entries.
    """
    line = writing.program.lines[i]
    if line.value is not None and i not in writing.names:
        writing.names[i] = writing.keep(f"c{i}", f"array({literal(line.value)})")
    return writing.names[i]


def _scalar(writing: _Writing, i: int) -> str:
    """Return what a line is called in arithmetic on numbers."""
    line = writing.program.lines[i]
    if line.value is None:
        return writing.names[i]
    text = literal(line.value)
    return f"({text})" if text.startswith("-") else text


def _given_away(writing: _Writing, i: int) -> str:
    """Return a result that belongs to the caller: no later call and no other result changes it."""
    if not writing.program.lines[i].shape:
        return f"float({_scalar(writing, i)})"
    return writing.names[i] if i in writing.layout.owned else f"array({_operand(writing, i)})"


def _shape(shape: Shape) -> str:
    return f"({''.join(f'{n}, ' for n in shape)})".replace(", )", ")" if len(shape) > 1 else ",)")


def _place(place: tuple[int, ...]) -> str:
    return ", ".join(map(str, place))


def _cut(line: Line) -> str:
    if line.op != "slice":
        return ""
    axis, start, stop = line.params
    return f"{':, ' * axis}{start}:{stop}"
