"""The mistakes as a table for people: `symback rules --mistakes`, and docs/mistakes.md, which is made from here.

Beside each wrong law stand its example and what the mistake makes of it, worked out when the page is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from symback.cli.columns import table
from symback.expr.tree import Diff, Tree, symbol
from symback.page.maths import unicode
from symback.syntax import parse
from symback.working.making import Slip, slips_of_algebra, slips_of_calculus
from symback.working.mistakes import MISTAKES, Mistake
from symback.working.naming import says
from symback.working.of_gradients import SAYS
from symback.working.right import tidied

X = symbol("x")
WIDTH = 110  # characters of a line, where no terminal says how wide it is
FOREWORD = """\
# The mistakes

Made by `symback rules --mistakes --format markdown`. Each is a wrong law that `symback check` runs at one place of a
line, all else by the right laws, to find out which one turns a line into the next. A mistake is named only where it is
the only one that does. `D(u)` is the derivative of u by x; `x` is the variable, `c` and `n` are free of it, `f` is a
function of one argument, every other letter stands for anything.
"""
REPAIRS = """\
## Lines of backpropagation

A wrong claim about a gradient is explained by the one repair that makes it right.

| name | what a teacher says |
|---|---|
"""


class Shown(NamedTuple):
    """A mistake in its example: what is asked, the wrong line, the right one, and what a teacher says there."""

    mistake: Mistake
    before: Tree
    wrong: Tree
    right: Tree
    says: str


def find(name: str = "") -> list[Mistake]:
    """Return the mistakes of that name, else those that hold it in their name, family or law."""
    wanted = name.casefold().strip()
    exact = [m for m in MISTAKES if m.name.casefold() == wanted]
    return exact or [m for m in MISTAKES if wanted in f"{m.name} {m.family} {m.law}".casefold()]


def shown(mistake: Mistake) -> Shown:
    """Return a mistake made in its example."""
    tree = parse(mistake.example)
    before = Diff(tree, X) if mistake.is_of_calculus else tree
    slip = next(s for s in _slips(before, mistake) if s.mistake == mistake)
    wrong = tidied(slip.line) if mistake.is_of_calculus else slip.line
    return Shown(mistake, before, wrong, tidied(before), says(slip, unicode))


def _slips(before: Tree, mistake: Mistake) -> Iterator[Slip]:
    if not mistake.is_of_calculus:
        yield from slips_of_algebra(before, X)
        return
    yield from slips_of_calculus(before, "textbook")
    yield from slips_of_calculus(before, "literal")


def as_text(mistakes: Sequence[Mistake], width: int = WIDTH) -> str:
    """Return the table as aligned columns: name, wrong law, example; of few, what a teacher says below each."""
    rows = [(mistake.name, mistake.law, mistake.example) for mistake in mistakes]
    if len({mistake.name for mistake in mistakes}) > 1:
        return "\n".join(table(rows, width, max(len(law) for _, law, _ in rows)))
    lines: list[str] = []
    for row, mistake in zip(rows, mistakes, strict=True):
        one = shown(mistake)
        lines += table([row], width, len(row[1]))
        lines.append(f"  {unicode(one.before)} = {unicode(one.wrong)}   right: {unicode(one.right)}")
        lines += wrap(one.says, width, initial_indent="  ", subsequent_indent="  ")
    return "\n".join(lines)


def as_markdown(mistakes: Sequence[Mistake]) -> str:
    """Return a page with a section for each family, a row for each wrong law."""
    parts = [FOREWORD]
    for family in dict.fromkeys(m.family for m in mistakes):
        rows = [_row(shown(m)) for m in mistakes if m.family == family]
        title = f"{family[0].upper()}{family[1:]}"
        head = "| name | wrong law | example | wrong | right | what a teacher says |\n|---|---|---|---|---|---|\n"
        parts.append(f"## {title}\n\n{head}{''.join(rows)}")
    return "\n".join([*parts, _repairs()])


def _row(one: Shown) -> str:
    mistake = one.mistake
    code = [f"`{mistake.law}`", f"`{mistake.example}`"]
    formulas = [unicode(one.wrong), unicode(one.right), one.says]
    cells = [mistake.name, *code, *(formula.replace("*", "\\*") for formula in formulas)]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _repairs() -> str:
    return REPAIRS + "".join(f"| {name} | {said} |\n" for name, said in SAYS.items())


def as_json(mistakes: Sequence[Mistake]) -> str:
    """Return one object for each wrong law, one a line."""
    keys = ("name", "family", "law", "example", "says")
    return "\n".join(
        json.dumps({"schema": 1, **{k: getattr(m, k) for k in keys}}, ensure_ascii=False) for m in mistakes
    )
