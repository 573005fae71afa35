r"""Worked things as blocks of a page: equations with their reasons, matrices, tables.

For each kind of derivation there are the blocks of all steps, and of the answer alone. What the blocks look like is for
each format to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sympy.core.symbol import Symbol

from symback.render import differences
from symback.render.calls import derivative_name
from symback.render.latex_width import width
from symback.render.lines import (
    Line,
    decimal_of,
    has_several,
    is_long,
    left_and_lines,
    reason_of,
    shown_alone,
)
from symback.render.maths import latex, write
from symback.render.notation import LATEX, Notation, marked
from symback.render.numbers import approximately
from symback.render.options import Options, distinct, verdict_words
from symback.render.page import Block, Display, Equation, Maths, Remark, Text
from symback.render.page import Table as PageTable
from symback.render.tables import Part, Table, by_order, parts_of
from symback.rule import Derivation
from symback.tree import Tree

LONGEST_LETTERS = 60.0  # digits wide: what the letters of a rule stand for, beside a line
WIDEST_MATRIX = 66.0  # digits: a matrix cannot be broken, so the entries of a wider one stand one by one
COLOUR = "blue"
SUBSTITUTE = "substitute"


def remarks_of(thing: Any, verification: Any, notes: bool = True) -> Iterator[Remark]:
    """Yield the verdict on a thing, where there is one, and its notes."""
    if verification is not None:
        yield Remark(verdict_kind(verification.verdict), (Text(sentence(verdict_words(verification))),))
    if notes:
        yield from (Remark("note", (Text(note.rstrip(".") + "."),)) for note in distinct(thing.notes))


def verdict_kind(verdict: str) -> str:
    """Return the kind of the remark that says a verdict."""
    return verdict if verdict in ("verified", "failed") else "unverified"


def sentence(words: str) -> str:
    """Return words with a capital and a full stop."""
    return words[:1].upper() + words[1:].rstrip(".") + "."


def notation_of(options: Options) -> Notation:
    """Return LaTeX, with the colour round what a step changed where that is asked for."""
    return marked(LATEX, rf"\textcolor{{{COLOUR}}}{{", "}") if options.mark else LATEX


# --- one derivation -----------------------------------------------------------------------------------------------


def derivation_blocks(derivation: Derivation, options: Options) -> Iterator[Block]:
    """Yield a derivation as one display."""
    yield display_of(Part("", derivation, has_several(derivation)), options, notation_of(options))


def display_of(part: Part, options: Options, notation: Notation = LATEX) -> Display:
    """Return the lines of a derivation below each other; of a long one each step by itself."""
    if is_long(part.derivation):
        return Display(tuple(_steps_alone(part, options, notation)))
    orders = by_order(part, notation)
    return Display(tuple(equation for order in orders for equation in _lines(order, options, notation)))


def _lines(part: Part, options: Options, notation: Notation) -> Iterator[Equation]:
    derivation, several = part.derivation, part.several
    left, lines = left_and_lines(derivation, options.detail, notation, several, part.left)
    if not lines:
        yield Equation(left + approximately(decimal_of(derivation), "latex"), ())
    for line in lines:
        body = part.write(line.marked, notation) + approximately(line.decimal, "latex")
        yield _equation(left, body, line, options.detail, lambda tree: part.write(tree, notation))
        left = ""


def _steps_alone(part: Part, options: Options, notation: Notation) -> Iterator[Equation]:
    def written(tree: Tree) -> str:
        return part.write(tree, notation)

    for piece, line in shown_alone(part.derivation, options.detail):
        yield _equation(written(piece), written(line.tree), line, options.detail, written)
    answer = written(part.derivation.last) + approximately(decimal_of(part.derivation), "latex")
    yield Equation(r"\text{answer}", (answer,))


def _equation(left: str, body: str, line: Line, detail: str, written: Callable[[Tree], str]) -> Equation:
    reason = reason_of(line, detail)
    if not reason.names:
        return Equation(left, (body,))
    letters = tuple([f"{left_side(name, LATEX)} = {written(tree)}" for name, tree in reason.bindings])
    if detail != "full" and sum(map(width, letters)) > LONGEST_LETTERS:
        letters = ()
    return Equation(left, (body,), ", ".join(reason.names), letters, reason.more)


def left_side(name: str, notation: Notation) -> str:
    """Return a letter of a law, or a function with its arguments such as f(x), in a notation."""
    own, bracket, arguments = name.partition("(")
    if not bracket:
        return notation.symbol(name)
    inside = ", ".join(map(notation.symbol, arguments.rstrip(")").split(", ")))
    return f"{notation.symbol(own)}{notation.call[0]}{inside}{notation.call[1]}"


def derivation_answers(thing: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the derivative, and its value where a point is given."""
    derivation: Derivation = getattr(thing, "derivation", thing)
    equations = next(block.equations for block in blocks if isinstance(block, Display))
    yield Display(tuple(_answers(derivation, equations)))


def _answers(derivation: Derivation, equations: Sequence[Equation]) -> Iterator[Equation]:
    last = equations[-1].links[-1:] or (latex(derivation.last, has_several(derivation)),)
    left = _left_of_long(derivation) if is_long(derivation) else _last_left(equations)
    if not derivation.point:
        yield Equation(left, last) if equations[0].links else equations[0]
        return
    put_in = next((i for i, equation in enumerate(equations) if equation.rule.startswith(SUBSTITUTE)), 0)
    if put_in and derivation.variables:
        yield Equation(left, equations[put_in - 1].links[-1:])
    yield Equation(at_the_point(left, derivation.point), last)


def _last_left(equations: Sequence[Equation]) -> str:
    """Return what the last lines are equal to: of a second derivative not the first one."""
    return next((equation.left for equation in reversed(equations) if equation.left), "")


def _left_of_long(derivation: Derivation) -> str:
    if not derivation.variables:
        return r"\text{answer}"
    return derivative_name(derivation.name or "f", derivation.variables, LATEX, has_several(derivation))


def at_the_point(left: str, point: Sequence[tuple[Symbol, Tree]]) -> str:
    r"""Return what stands for the value of something at a point: \left. df/dx \right|_{x = 2}."""
    values = r",\, ".join(f"{LATEX.symbol(variable.name)} = {latex(value)}" for variable, value in point)
    return rf"\left.{left}\right|_{{{values}}}"


# --- tables of derivatives ----------------------------------------------------------------------------------------


def difference_blocks(table: Any, options: Options) -> Iterator[Block]:
    """Yield a derivation and below it the table of difference quotients."""
    yield from derivation_blocks(table.derivation, options)
    head = ((Maths("h"),), (Maths(latex(differences.quotient(table))),), (Text("error"),))
    rows = [
        ((_number(h) if h else Text("exact"),), (Maths(value),), (_number(error),) if error else ())
        for h, value, error in differences.cells(table)
    ]
    yield PageTable(head, tuple(rows))


def _number(written: str) -> Maths:
    return Maths(power_of_ten(written))


def power_of_ten(number: str) -> str:
    r"""Return a number with its exponent, if it has one, as a power of ten.

    >>> print(power_of_ten("1e-05"), power_of_ten("0.1"))
    1 \cdot 10^{-5} 0.1
    """
    mantissa, _, exponent = number.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else number


def partial_blocks(thing: Any, options: Options) -> Iterator[Block]:
    """Yield each derivation of a table of derivatives, and the tables made of their last lines."""
    notation = notation_of(options)
    for part in parts_of(thing, notation):
        yield display_of(part, options, notation) if isinstance(part, Part) else _table(part, notation)


def _table(table: Table, notation: Notation) -> Display:
    written = matrix(table, notation)
    if width(table.name) + width(written) <= WIDEST_MATRIX:
        return Display((Equation(table.name, (written,)),))
    return Display(tuple(_entries(table, notation)))


def matrix(table: Table, notation: Notation = LATEX) -> str:
    """Return a table as a matrix."""
    rows = r" \\ ".join(" & ".join(write(cell, notation) for cell in row) for row in table.rows)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _entries(table: Table, notation: Notation) -> Iterator[Equation]:
    name = table.name if len(table.name) == 1 else rf"\left({table.name}\right)"
    for i, row in enumerate(table.rows, 1):
        for j, cell in enumerate(row, 1):
            place = str(i) if len(row) == 1 else f"{i}{',' if len(table.rows) > 9 or len(row) > 9 else ''}{j}"
            yield Equation(f"{name}_{{{place}}}", (write(cell, notation),))


def partial_answers(thing: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the table of derivatives, and its values."""
    shown = zip(parts_of(thing, LATEX), blocks, strict=True)
    yield from (block for part, block in shown if isinstance(part, Table))


def directional_answers(thing: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the gradient's values, the unit vector, and the directional derivative."""
    last = blocks[-1]
    assert isinstance(last, Display)
    left = next(equation.left for equation in last.equations if equation.left)
    yield Display((Equation(left, last.equations[-1].links[-1:]),))


def array_jacobian_answers(thing: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the formula of each Jacobian, and the values."""
    for part, block in zip(parts_of(thing, LATEX), blocks, strict=True):
        if isinstance(part, Part) and isinstance(block, Display):
            yield Display((Equation(block.equations[0].left, block.equations[-1].links[-1:]),))
        else:
            yield block
