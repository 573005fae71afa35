r"""What a page has room for: equations without what would not fit beside them, and with their values as links.

Widths are those of `latex_width`, in digits; a terminal has lines of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from symback.page.formula.latex_width import width
from symback.page.formula.value import DOTS, Formula, Matrix, entries_of, matrix_of, spelled
from symback.page.lines import are_many
from symback.page.notation import TEXT
from symback.page.page import Display, Equation, runs_of

WIDEST = 84.0  # digits in a line of A4, reason included
LONGEST_LETTERS = 60.0  # digits: what the letters of a rule stand for, beside a line
LONGEST_NUMBERS = 66.0  # digits: a formula with its numbers put in
_NUMBER = re.compile(r"-?[0-9.]+(?:/[0-9]+|e-?[0-9]+)?|\.\.\.")
WIDEST_MATRIX = 66.0  # digits: a matrix cannot be broken, so the rows or entries of a wider one stand one by one


def fitting(display: Display) -> tuple[Equation, ...]:
    """Return the equations of a display as a page shows them."""
    joined = _joined(display) if display.joins else display.equations
    return tuple([shown for equation in joined for shown in _fitting(equation)])


def _fitting(equation: Equation) -> Iterator[Equation]:
    shown = matrix_of(equation.links[0]) if len(equation.links) == 1 else None
    if shown and _width(equation) > WIDEST_MATRIX:
        yield from _without_matrix(equation.left, shown)
        return
    if equation.letters and not equation.all_letters and _length(equation.letters) > LONGEST_LETTERS:
        equation = equation._replace(letters=())
    if equation.numbers or equation.value:
        equation = equation._replace(links=_links(equation), numbers=Formula(), value=Formula())
    yield equation


def _length(formulas: Sequence[Formula]) -> float:
    return sum(width(formula.latex) for formula in formulas)


def _width(equation: Equation) -> float:
    return _length((equation.left, *equation.links))


def _links(equation: Equation) -> tuple[Formula, ...]:
    """Return the links with the numbers put in, where they are not too long and say more than the value, and that."""
    numbers, value = equation.numbers.latex, equation.value.latex
    shows = numbers and numbers != value and width(numbers) <= LONGEST_NUMBERS
    return (*equation.links, *([equation.numbers] if shows else []), *([equation.value] if equation.value else []))


def _without_matrix(left: Formula, shown: Matrix) -> Iterator[Equation]:
    """Yield the rows of a matrix of numbers, where they fit, else its entries."""
    rows = [Formula(Matrix((row,), is_row=True)) for row in shown.rows]
    has_numbers = all(_NUMBER.fullmatch(cell.write(TEXT)) for row in shown.rows for cell in row)
    if not has_numbers or len(shown.rows[0]) == 1 or max(width(row.latex) for row in rows) > WIDEST_MATRIX:
        yield from (Equation(name, (cell,)) for name, cell in entries_of(left, shown))
        return
    is_abridged = any(cell is DOTS for row in shown.rows for cell in row)
    for i, row in enumerate(rows, 1):
        said = r"\text{a row of }" if is_abridged else rf"\text{{row }}{i}\text{{ of }}"
        yield Equation(spelled("", "", f"{said} {left.latex}"), (row,))


# --- lines that may stand in one --------------------------------------------------------------------------------------


def _joined(display: Display) -> Iterator[Equation]:
    for run in runs_of(display.equations):
        whole = _whole(run)
        yield from [whole] if _has_room(whole, run) else run


def _whole(run: Sequence[Equation]) -> Equation:
    """Return the lines of a row as one, with each reason once."""
    reasons = dict.fromkeys(reason for line in run for reason in line.rule.split(", ") if reason)
    links = tuple([link for line in run for link in line.links])
    return run[-1]._replace(left=run[0].left, links=links, rule=", ".join(reasons))


def _has_room(whole: Equation, run: Sequence[Equation]) -> bool:
    """Tell whether a row stands well on one line: few reasons, or all of them for one of its links."""
    if sum(bool(line.rule) for line in run) < 2 and len(run) < 3:
        return True
    is_short = width(" = ".join(formula.latex for formula in (whole.left, *_links(whole)))) <= WIDEST
    return is_short and not are_many(whole.rule.split(", "))
