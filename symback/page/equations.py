r"""Derivations as blocks of a page: equations with their reasons, and the answer alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from sympy.core.symbol import Symbol

from symback.expr.rule import Derivation
from symback.expr.tree import Tree
from symback.page.formula.value import (
    NOTHING,
    Formula,
    derivative_of,
    equation,
    formula,
    name,
    spelled,
    spelled_by,
    words,
)  # fmt: skip
from symback.page.law_lines import laws_of
from symback.page.lines import (
    SUBSTITUTE,
    Line,
    by_order,
    decimal_of,
    has_several,
    is_long,
    left_and_lines,
    reason_of,
    shown_alone,
)  # fmt: skip
from symback.page.maths import write
from symback.page.notation import Notation
from symback.page.numbers import approximately
from symback.page.options import Options
from symback.page.page import Block, Display, Equation, Paragraph, Text

LONG = "The lines are long, so each step is shown by itself, and the whole answer at the end."
ANSWER = words("answer")


class Part(NamedTuple):
    """A derivation, what stands left of its equals signs (∂f/∂x), whether there are several variables, their shapes."""

    left: Formula
    derivation: Derivation
    several: bool = True
    shapes: Mapping[str, tuple[int, ...]] = MappingProxyType({})

    def formula(self, tree: Tree) -> Formula:
        """Return a tree as it is written here: a product of arrays has a sign of its own."""
        if self.shapes:
            from symback.page.shapes import with_elementwise_signs  # only what is about arrays needs graphs

            tree = with_elementwise_signs(tree, self.shapes)
        return formula(tree, self.several)


def derivation_blocks(derivation: Derivation, options: Options) -> Iterator[Block]:
    """Yield a derivation as one display; of a long one each step by itself, then the answer."""
    return part_blocks(Part(NOTHING, derivation, has_several(derivation)), options)


def part_blocks(part: Part, options: Options) -> Iterator[Block]:
    """Yield a derivation under its own name; of a higher order one display for each derivative."""
    if not is_long(part.derivation):
        yield from (Display(tuple(_lines(order, options))) for order in _by_order(part))
        return
    yield Paragraph((Text(LONG),))
    yield Display(tuple(_steps_alone(part, options)))
    yield Paragraph((Text("The answer:"),))
    yield Display((Equation(_with_decimal(part.formula(part.derivation.last), decimal_of(part.derivation)), ()),))


def _by_order(part: Part) -> list[Part]:
    """Return the first derivative, the second, and so on, each with its name and its derivation."""
    found = by_order(part.derivation)
    if len(found) == 1:
        return [part]
    names = [_name_of_order(part, order) for order in range(1, len(found) + 1)]
    if part.left:
        names[-1] = part.left
    if not part.derivation.name:
        names[0] = NOTHING  # the question itself
    return [part._replace(left=left, derivation=d) for left, d in zip(names, found, strict=True)]


def _name_of_order(part: Part, order: int) -> Formula:
    derivation = part.derivation
    if derivation.name:
        return derivative_of(derivation.name, derivation.variables[:order], part.several)
    tree = derivation.start
    for _ in derivation.variables[order:]:
        tree = tree._args[0]
    return formula(tree, part.several)


def _lines(part: Part, options: Options) -> Iterator[Equation]:
    left, lines = left_and_lines(part.derivation, options.detail, part.several, part.left)
    if not lines:
        yield Equation(_with_decimal(left, decimal_of(part.derivation)), ())
    for line in lines:
        body = part.formula(line.marked if options.marks else line.tree)
        yield _equation(left, _with_decimal(body, line.decimal), line, part, options.detail)
        left = NOTHING


def _with_decimal(shown: Formula, decimal: float | None) -> Formula:
    if decimal is None:
        return shown
    return shown + spelled_by(lambda notation: approximately(decimal, notation.name))


def _steps_alone(part: Part, options: Options) -> Iterator[Equation]:
    for piece, line in shown_alone(part.derivation, options.detail):
        yield _equation(part.formula(piece), part.formula(line.tree), line, part, options.detail)


def _equation(left: Formula, body: Formula, line: Line, part: Part, detail: str) -> Equation:
    reason = reason_of(line, detail)
    if not reason.names:
        return Equation(left, (body,))
    letters = tuple([equation(name(letter), part.formula(tree)) for letter, tree in reason.bindings])
    said = detail == "full" and reason.names[0] == "chain rule"
    let = tuple([equation(name(letter), part.formula(tree)) for letter, tree in reason.inner]) if said else ()
    laws = laws_of(line.moves, (*reason.names, *reason.more))
    return Equation(left, (body,), ", ".join(reason.names), letters, reason.more, let, detail == "full", laws=laws)


# --- the answer ---------------------------------------------------------------------------------------------------


def derivation_answers(result: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the derivative, and its value where a point is given."""
    derivation: Derivation = getattr(result, "derivation", result)
    displays = [block for block in blocks if isinstance(block, Display)]
    first = displays[0 if is_long(derivation) else -1]
    yield Display(tuple(_answers(derivation, first.equations, displays[-1].equations[-1])))


def _answers(derivation: Derivation, equations: Sequence[Equation], last: Equation) -> Iterator[Equation]:
    left = _left_of_long(derivation) if is_long(derivation) else _last_left(equations)
    answer = (last.links[-1] if last.links else last.left).plain
    if not derivation.point:
        yield Equation(left, (answer,)) if equations[0].links else equations[0]
        return
    if derivation.variables and (before := _before_the_values(derivation)) is not None:
        yield Equation(left, (formula(before, has_several(derivation)),))
    yield Equation(at_the_point(left, derivation.point), (answer,))


def _before_the_values(derivation: Derivation) -> Tree | None:
    """Return the line into which the values of the point are put; None where that is the first or none."""
    places = (i for i, move in enumerate(derivation.moves) if move.rule.name == SUBSTITUTE)
    found = next(places, 0)
    return derivation.lines()[found] if found else None


def _last_left(equations: Sequence[Equation]) -> Formula:
    """Return what the last lines are equal to: of a second derivative not the first one."""
    return next((equation.left for equation in reversed(equations) if equation.left), NOTHING)


def _left_of_long(derivation: Derivation) -> Formula:
    if not derivation.variables:
        return ANSWER
    return derivative_of(derivation.name or "f", derivation.variables, has_several(derivation))


def at_the_point(left: Formula, point: Sequence[tuple[Symbol, Tree]]) -> Formula:
    r"""Return what stands for the value of something at a point: \left. df/dx \right|_{x = 2}, or df/dx at x = 2."""

    def written(notation: Notation) -> str:
        values = [f"{notation.symbol(variable.name)} = {write(value, notation)}" for variable, value in point]
        if notation.name == "latex":
            return r"\right|_{" + r",\, ".join(values) + "}"
        return f" at {', '.join(values)}"

    return spelled("", "", r"\left.") + left + spelled_by(written)
