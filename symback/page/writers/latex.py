r"""A document for TeX: one file that plain pdflatex sets, with nothing but amsmath, amssymb and geometry.

A formula that is too wide is broken at its signs, and where it has none set smaller. TeX cannot draw SVG: TikZ
draws pictures, and is asked for where there is one. Whatever an author wrote is set as words or as checked mathematics,
never as a command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from symback.page.fitting import WIDEST, fitting
from symback.page.formula.latex_width import width
from symback.page.latex_rows import block, placed, with_marks
from symback.page.page import (
    Block,
    Blocks,
    Bullets,
    Cover,
    Display,
    Figure,
    Inlines,
    Listing,
    Maths,
    Paragraph,
    Photo,
    Remark,
    Room,
    Section,
    Subheading,
    Table,
    answers_of,
    depth_of,
)
from symback.page.prose import cleaned
from symback.page.solution import Solution
from symback.page.writers import Format
from symback.page.writers.latex_words import formula, line, words
from symback.page.writers.tikz import PICTURE, tikz

PREAMBLE = r"""\documentclass[11pt,a4paper,fleqn]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath}
\usepackage{amssymb}
\usepackage[margin=20mm]{geometry}
\setlength{\mathindent}{1em}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt plus 2pt}
\setlength{\emergencystretch}{6em}
\renewcommand{\arraystretch}{1.15}
\allowdisplaybreaks
\sloppy"""
# What a step changed has a line below, what the next one takes dots; both are tinted, as on other pages.
MARKS = r"""\usepackage{xcolor}
\newcommand{\changed}[1]{\underline{\textcolor{blue!55!black}{#1}}}
\newcommand{\taken}[1]{\mathpalette\dotted{\textcolor{orange!50!black}{#1}}}
\newcommand{\dotted}[2]{\setbox0\hbox{$#1#2$}\vtop{\hbox{\copy0}\nointerlineskip\kern1.6pt
  \hbox to\wd0{\leaders\hbox to2pt{\hss\vrule height.6pt width.9pt\hss}\hfill}\kern1pt}}"""
PICTURES = r"\usepackage{tikz}"
IMAGES = r"\usepackage{graphicx}"
BEGIN = r"""\begin{document}
\abovedisplayskip=3pt plus 2pt
\belowdisplayskip=3pt plus 2pt
\postdisplaypenalty=10000"""
END = r"\end{document}"

# How much narrower a line is in each size of letters that a document of 11 points has.
SIZES = ((1.0, ""), (0.91, r"\small"), (0.82, r"\footnotesize"), (0.73, r"\scriptsize"), (0.55, r"\tiny"))
MOST_ROWS = 40  # of a table, which TeX does not break at the end of a page
BETWEEN_COLUMNS = 2.2  # digits

LABELS = {
    "confirmed": r"$\checkmark$", "wrong": r"$\times$", "verified": r"$\checkmark$", "failed": r"$\times$",
    "unverified": "?",
}  # fmt: skip
WORDS = {"note": "Note", "hint": "Hint", "error": "Error"}


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem with as much of its solution as is shown."""
    depth = depth_of(show)
    points = f" ({section.points})" if section.points else ""
    title = line(section.title)
    title = f"{section.number}. {title}" if section.number else title or section.words.say("Problem")
    blocks = [rf"\section*{{{title}{points}}}", *_blocks(section.asked_with_hints(depth, depth))]
    if depth >= 2:
        blocks += _under(section.words.say("Answer"), answers_of(section, show))
    if depth >= 3:
        blocks += _under(section.words.say("Steps"), section.steps)
    return "\n\n".join(filter(None, blocks))


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the whole document."""
    title = rf"\begin{{center}}\LARGE {words(cover.title)}\end{{center}}"
    shown = [*filter(None, _blocks(cover.opening)), *parts]
    return "\n\n".join([_preamble(shown), title, *shown, END]) + "\n"


def _preamble(shown: Sequence[str]) -> str:
    """Return what stands before a document: packages for marks and pictures only where there are any."""
    needs = ((MARKS, (r"\changed{", r"\taken{")), (PICTURES, (PICTURE,)), (IMAGES, (r"\includegraphics",)))
    found = [lines for lines, commands in needs if any(command in part for command in commands for part in shown)]
    return "\n".join([PREAMBLE, *found, BEGIN])


FORMAT = Format("latex", part, document)


def _under(heading: str, blocks: Blocks) -> list[str]:
    return [rf"\subsection*{{{words(heading)}}}", *_blocks(blocks)] if blocks else []


def _blocks(blocks: Blocks) -> Iterator[str]:
    """Yield blocks; a page may end behind a formula, but not before a remark on it."""
    for before, shown in zip((None, *blocks), blocks, strict=False):
        may_end = isinstance(before, Display) and not isinstance(shown, Remark)
        yield ("\\pagebreak[0]\n" if may_end else "") + _block(shown)


def _block(block: Block) -> str:
    return _WRITERS[type(block)](block)


def _paragraph(paragraph: Paragraph) -> str:
    return line(paragraph.inlines)


def _subheading(heading: Subheading) -> str:
    return rf"\subsubsection*{{{line(heading.inlines)}}}"


def _remark(remark: Remark) -> str:
    word = WORDS.get(remark.kind)
    label = rf"\textbf{{{words(remark.words.say(word))}:}}" if word else LABELS[remark.kind]
    return f"{label} {line(remark.inlines)}"


def _bullets(bullets: Bullets) -> str:
    items = "\n".join(rf"\item {{}}{line(item)}" for item in bullets.items)
    return f"\\begin{{{_list(bullets)}}}\n{items}\n\\end{{{_list(bullets)}}}"


def _list(bullets: Bullets) -> str:
    return "enumerate" if bullets.ordered else "itemize"


def _listing(listing: Listing) -> str:
    lines = [_typed(typed) for typed in cleaned(listing.text).rstrip("\n").split("\n")]
    return "\\begin{quote}\\ttfamily\n" + "\\\\\n".join(lines) + "\n\\end{quote}"


def _typed(typed: str) -> str:
    """Return a line as it was typed, its blanks kept."""
    return r"\mbox{}" + r"\ ".join(words(word) for word in typed.replace("\t", "    ").split(" "))


def _figure(figure: Figure) -> str:
    """Return a picture; one that cannot be drawn is said in words."""
    if drawn := tikz(figure.svg):
        return drawn
    said = words(figure.words.say("Picture"))
    return rf"\fbox{{\parbox{{0.95\linewidth}}{{\textbf{{{said}:}} {words(figure.alt)}}}}}"


def _photo(photo: Photo) -> str:
    """Return an image that lies beside the document, and what it shows where it does not."""
    image = photo.image
    width = image.width or r"0.6\linewidth"
    name = re.sub(r"[^\w./-]", "", image.file)
    said = rf"\fbox{{\parbox{{0.95\linewidth}}{{\textbf{{{words(photo.words.say('Picture'))}:}} {words(photo.alt)}}}}}"
    if image.media not in ("png", "jpeg") or name != image.file:
        return said
    shown = rf"\includegraphics[width={width}]{{{name}}}"
    return rf"\par\noindent\IfFileExists{{{name}}}{{{shown}}}{{{said}}}\par"


# --- formulas -----------------------------------------------------------------------------------------------------


def _display(display: Display) -> str:
    rows, wide = placed(fitting(display), write=with_marks)
    return _sized(block("align*", [formula(row) for row in rows], _kept(rows)), wide)


def _kept(rows: Sequence[str]) -> frozenset[int]:
    """Return the rows behind which no page ends: that of a left side, and the last but one."""
    return frozenset(i for i, row in enumerate(rows) if i + 2 == len(rows) or not row.startswith("&"))


def _sized(written: str, wide: float) -> str:
    """Return something that is so many digits wide in letters small enough for the page."""
    size = next((size for narrower, size in SIZES if wide * narrower <= WIDEST), SIZES[-1][1])
    return f"{{{size}\n{written}\n\\par}}" if size else written


# --- tables -------------------------------------------------------------------------------------------------------


def _table(table: Table) -> str:
    columns = list(zip(table.head, *table.rows, strict=True))
    widths = [max(map(_width, column)) for column in columns]
    wide = sum(widths) + BETWEEN_COLUMNS * len(widths)
    layout, wide = ("l" * len(widths), wide) if wide <= WIDEST else _in_proportion(columns, widths)
    parts = range(0, max(len(table.rows), 1), MOST_ROWS)
    return "\n\n".join(_sized(_tabular(layout, table.head, table.rows[i : i + MOST_ROWS]), wide) for i in parts)


def _in_proportion(columns: Sequence[Sequence[Inlines]], widths: Sequence[float]) -> tuple[str, float]:
    """Return the layout of a table that is too wide: columns of words are wrapped, those of formulas are not."""
    wrapped = [not all(_is_formula(cell) for cell in column[1:]) for column in columns]
    fixed = sum(w for w, is_wrapped in zip(widths, wrapped, strict=True) if not is_wrapped)
    fixed += BETWEEN_COLUMNS * len(widths)
    if not any(wrapped) or fixed > WIDEST * 0.8:
        return "l" * len(widths), fixed + sum(w for w, is_wrapped in zip(widths, wrapped, strict=True) if is_wrapped)
    share = (WIDEST - fixed) / sum(w for w, is_wrapped in zip(widths, wrapped, strict=True) if is_wrapped)
    return "".join(
        rf"p{{{max(share * w / WIDEST, 0.05):.3f}\linewidth}}" if is_wrapped else "l"
        for w, is_wrapped in zip(widths, wrapped, strict=True)
    ), WIDEST


def _is_formula(cell: Inlines) -> bool:
    return all(isinstance(part, Maths) for part in cell)


def _width(cell: Inlines) -> float:
    return sum(width(part.formula.latex) if isinstance(part, Maths) else 1.0 * len(part.words) for part in cell)


def _tabular(layout: str, head: tuple[Inlines, ...], rows: Sequence[tuple[Inlines, ...]]) -> str:
    lines = [" & ".join(map(_cell, row)) + r" \\" for row in (head, *rows)]
    inner = "\n".join(["\\hline", lines[0], "\\hline", *lines[1:], "\\hline"])
    return f"\\begin{{tabular}}{{{layout}}}\n{inner}\n\\end{{tabular}}"


def _cell(cell: Inlines) -> str:
    """Return what stands in a cell; a fraction is given its full height, with room above and below it."""
    written = line(cell)
    is_tall = any(isinstance(part, Maths) and r"\frac" in part.formula.latex for part in cell)
    return r"\rule[-2.2ex]{0pt}{6ex}" + written.replace("$", r"$\displaystyle ", 1) if is_tall else written


_WRITERS: dict[type[Block], Callable[[Any], str]] = {
    Paragraph: _paragraph,
    Subheading: _subheading,
    Bullets: _bullets,
    Listing: _listing,
    Display: _display,
    Table: _table,
    Figure: _figure,
    Photo: _photo,
    Remark: _remark,
    Room: lambda room: rf"\vspace*{{{room.height}}}",
}
