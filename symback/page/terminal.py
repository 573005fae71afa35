"""The writer of text: blocks of a page as lines of a terminal, the rule beside each line, the verdict below.

Plain text unless colour is asked for; then the changed part of each line is marked, and rich is imported to do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any

from symback.page import layout
from symback.page.computed import array_of
from symback.page.formula.value import entries_of, matrix_of
from symback.page.kinds import page_of
from symback.page.layout import BAD, CHANGED, END, GOOD, INDENT, NARROWEST, Row, visible
from symback.page.notation import TEXT, UNICODE, Notation, marked
from symback.page.options import Options
from symback.page.page import (
    Block,
    Bullets,
    Display,
    Equation,
    Paragraph,
    Remark,
    Subheading,
    Table,
    Text,
    plain_words,
    runs_of,
)  # fmt: skip
from symback.page.paper import Paper

LONGEST_LETTERS = 60  # characters: what the letters of a rule stand for, beside a line
BETWEEN = "   "  # between two columns of a table
STYLES = {
    CHANGED: "bold underline color(63)", layout.REASON: "italic", GOOD: "color(29)", BAD: "bold color(131)",
}  # fmt: skip
# of 256 colours those that are read on white and on black, at least 4.5 to 1
ASCII = str.maketrans({"×": "x", "…": "..."})  # of words; formulas are spelled by their notation
SIGNS = {"verified": "✓ ", "failed": "✗ ", "unverified": "? "}


def render(result: Any, options: Options) -> str:
    """Return a result as text for a terminal."""
    paper = Paper(notation_for(options), options.columns)
    return finished(lines(tuple(page_of(result, options._replace(pictures=False))), paper), options)


def notation_for(options: Options) -> Notation:
    """Return Unicode or plain text, with marks where there are colours."""
    notation = UNICODE if options.unicode else TEXT
    return marked(notation, CHANGED, END) if options.colour else notation


def finished(lines: Iterable[str], options: Options) -> str:
    """Return lines as one text, with colours, or without the signs that stand for them."""
    text = "\n".join([line.rstrip() for line in lines])
    text = text if options.unicode else text.translate(ASCII)
    return _coloured(text) if options.colour else text.translate(layout.NO_WIDTH)


def lines(blocks: Sequence[Block], paper: Paper) -> Iterator[str]:
    """Yield blocks as lines, with empty lines between them."""
    for i, block in enumerate(blocks):
        if i and _are_apart(blocks[max(i - 2, 0) : i], block):
            yield ""
        heading = blocks[i - 1] if i else None
        if isinstance(heading, Subheading) and isinstance(block, Display):
            yield from _under_heading(heading, block, paper)
        elif not isinstance(block, Subheading) or not isinstance(blocks[i + 1], Display):
            yield from _WRITERS[type(block)](block, paper)


def _are_apart(before: Sequence[Block], block: Block) -> bool:
    """Tell whether an empty line stands between blocks: not where words end with a colon, nor above a verdict.

    The verdict on several displays stands apart from the last.
    """
    if isinstance(block, Remark):
        return len(before) > 1 and isinstance(before[1], (Display, Paragraph)) and not isinstance(before[0], Subheading)
    last = before[-1]
    is_announced = isinstance(last, Paragraph) and plain_words(last.inlines).endswith(":")
    return not is_announced and not (isinstance(last, Subheading) and isinstance(block, Display))


def _paragraph(paragraph: Paragraph, paper: Paper) -> Iterator[str]:
    said = paper.inline(paragraph.inlines)
    yield from wrap(said, paper.columns, initial_indent=INDENT, subsequent_indent=INDENT * 2, break_long_words=False)


def _bullets(bullets: Bullets, paper: Paper) -> Iterator[str]:
    for i, item in enumerate(bullets.items, 1):
        mark = f"{i}. " if bullets.ordered else "- "
        yield from _paragraph(Paragraph((Text(mark), *item)), paper)


def _subheading(heading: Subheading, paper: Paper) -> Iterator[str]:
    yield INDENT + paper.inline(heading.inlines)


def _remark(remark: Remark, paper: Paper) -> Iterator[str]:
    """Yield the verdict in its colour, or a note."""
    said = paper.inline(remark.inlines)
    if remark.kind == "note":
        yield from wrap(f"note: {said}", paper.columns, initial_indent=INDENT, subsequent_indent=INDENT * 2)
        return
    sign = SIGNS[remark.kind] if paper.unicode else ""
    whole = sign + said[:1].lower() + said[1:].rstrip(".")
    style = GOOD if remark.kind == "verified" else BAD
    for i, line in enumerate(wrap(whole, max(paper.columns - len(INDENT), NARROWEST))):
        yield f"{INDENT * (1 + bool(i))}{style}{line}{END}"


def _under_heading(heading: Subheading, display: Display, paper: Paper) -> Iterator[str]:
    from symback.page.backprop.columns import section  # rows in columns are of graphs alone

    yield from section(paper.inline(heading.inlines), display, paper)


# --- equations ----------------------------------------------------------------------------------------------------


def _display(display: Display, paper: Paper) -> Iterator[str]:
    """Yield equations: one with its lines, several of one line each, or several with lines, aligned."""
    runs = list(runs_of(display.equations))
    if len(runs) == 1 and runs[0][0].links and not _tall_lines(runs[0][0], paper):
        [run] = runs
        yield from layout.side_by_side(paper.write(run[0].left), [_row(line, paper) for line in run], paper.columns)
        return
    if any(len(run) > 1 for run in runs):
        from symback.page.backprop.columns import below

        yield from below(display, paper)
        return
    rows: list[Row] = []
    for [equation] in runs:
        tall = _tall_lines(equation, paper)
        if not tall:
            rows.append(_whole(equation, paper))
            continue
        yield from _rows(rows, paper)
        rows = []
        yield from _tall(equation, tall, paper)
    yield from _rows(rows, paper)


def _rows(rows: Sequence[Row], paper: Paper) -> Iterator[str]:
    if rows:
        yield from layout.one_below_the_other(rows, paper.columns)


def _whole(equation: Equation, paper: Paper) -> Row:
    row = _row(equation, paper)
    left = paper.write(equation.left)
    return row._replace(body=" = ".join(filter(None, (left, row.body))))


def _row(equation: Equation, paper: Paper) -> Row:
    body = " = ".join(map(paper.write, equation.links))
    return Row(body, equation.rule, _letters(equation, paper), _let(equation, paper))


def _letters(equation: Equation, paper: Paper) -> str:
    """Return what belongs to a rule; letters that stand for too much are left out."""
    letters = ", ".join(map(paper.write, equation.letters))
    kept = letters if len(letters) <= LONGEST_LETTERS or equation.all_letters else ""
    return ", ".join(part for part in (kept, *equation.more) if part)


def _let(equation: Equation, paper: Paper) -> str:
    return f"Let {' and '.join(map(paper.write, equation.let))}." if equation.let else ""


# --- matrices -----------------------------------------------------------------------------------------------------


def _tall_lines(equation: Equation, paper: Paper) -> list[str]:
    """Return the matrix that an equation ends with as lines; nothing where it ends with something else."""
    if len(equation.links) != 1:
        return []
    shown = matrix_of(equation.links[0])
    if shown:
        from symback.page.text_arrays import in_columns

        return in_columns([[paper.write(cell) for cell in row] for row in shown.rows], paper.unicode)
    value = array_of(equation.links[0])
    if value is not None:
        from symback.page.text_arrays import value_lines

        found = value_lines(value, paper.unicode, paper.columns - visible(paper.write(equation.left)) - 5)
        return found if len(found) > 1 else []
    return []


def _tall(equation: Equation, tall: list[str], paper: Paper) -> Iterator[str]:
    """Yield a matrix in tall brackets, its name before it, or above it; one that is too wide by its entries."""
    left, wide = paper.write(equation.left), max(map(visible, tall))
    lead = f"{INDENT}{left} = "
    if visible(lead) + wide > paper.columns:
        shown = matrix_of(equation.links[0])
        if shown and len(INDENT) * 2 + wide > paper.columns:
            entries = entries_of(equation.left, shown)
            yield from _rows([Row(f"{paper.write(name)} = {paper.write(cell)}") for name, cell in entries], paper)
            return
        yield f"{INDENT}{left} ="
        lead = INDENT * 2
    for i, line in enumerate(tall):
        yield (lead if i == (len(tall) - 1) // 2 else " " * visible(lead)) + line


# --- tables -------------------------------------------------------------------------------------------------------


def _table(table: Table, paper: Paper) -> Iterator[str]:
    """Yield a table in columns, or where it is too wide with a line for each of them; counts to the right."""
    rows = [list(map(paper.inline, row)) for row in (table.head, *table.rows)]
    if _wide(rows) > paper.columns:
        turned = [*filter(None, [list(table.turned)]), *map(list, zip(*rows, strict=True))]
        rows = turned if _wide(turned) < _wide(rows) else rows
    columns = [_column(cells) for cells in zip(*rows, strict=True)]
    yield from (INDENT + BETWEEN.join(row) for row in zip(*columns, strict=True))
    if table.courses:
        from symback.page.text_arrays import bars

        yield ""
        yield from (INDENT + line for line in bars(table.courses, paper.unicode))


def _wide(rows: Sequence[Sequence[str]]) -> int:
    widths = [max(map(visible, cells)) for cells in zip(*rows, strict=True)]
    return len(INDENT) + sum(widths) + len(BETWEEN) * (len(widths) - 1)


def _column(cells: Sequence[str]) -> list[str]:
    wide = max(map(visible, cells))
    is_counted = all(map(str.isdigit, cells[1:])) and len({len(cell) for cell in cells[1:]}) > 1
    return [" " * (wide - visible(cell)) + cell if is_counted else layout.padded(cell, wide) for cell in cells]


_WRITERS: dict[type, Callable[[Any, Paper], Iterator[str]]] = {
    Paragraph: _paragraph,
    Bullets: _bullets,
    Subheading: _subheading,
    Display: _display,
    Table: _table,
    Remark: _remark,
}


# --- colour -------------------------------------------------------------------------------------------------------


def _coloured(text: str) -> str:
    """Return the text with the terminal's colour codes in place of the control characters."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    line = Text()
    style: list[str] = []
    plain = ""
    for character in text:
        if character in STYLES or character == END:
            line.append(plain, " ".join(style) or None)
            plain = ""
            if character != END:
                style.append(STYLES[character])
            elif style:
                style.pop()
        else:
            plain += character
    line.append(plain)
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=10_000_000, highlight=False, soft_wrap=True)
    console.print(line, end="")
    return out.getvalue()
