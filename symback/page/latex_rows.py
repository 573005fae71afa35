r"""The parts of LaTeX that every display is made from: equations in rows that fit, environments, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from symback.page.fitting import WIDEST
from symback.page.formula.latex_width import width
from symback.page.formula.value import Formula
from symback.page.latex_escapes import text_in_maths
from symback.page.page import Equation

PLAIN: Callable[[Formula], str] = attrgetter("latex")  # formulas as they are, without marks
ALONE = "& "  # what stands before a row that has no equals sign of its own
EQUALS, GAP, HANGING, QUAD = 2.7, 4.0, 4.0, 2.0  # digits: of an equals sign, of spaces
WIDEST_MARKED = 56.0  # digits of a formula that has its marks
NARROWEST = 30.0  # digits: rows are not made shorter than this for the sake of their reasons


def block(environment: str, rows: Sequence[str], kept: Container[int] = ()) -> str:
    """Return the rows in an environment; no page ends behind the rows with the numbers `kept`."""
    ends = [r" \\*" if i in kept else r" \\" for i in range(len(rows) - 1)]
    inner = "\n".join(f"  {row}{end}" for row, end in zip(rows, [*ends, ""], strict=True))
    return f"\\begin{{{environment}}}\n{inner}\n\\end{{{environment}}}"


# --- equations in rows --------------------------------------------------------------------------------------------


class Placed(NamedTuple):
    """Equations as rows of an `aligned` or `align*`, and how wide the widest row is, in digits."""

    rows: list[str]
    widest: float


class _Written(NamedTuple):
    """An equation whose formulas are written."""

    left: str
    links: tuple[str, ...]
    reason: _Reason


class _Lines(NamedTuple):
    """An equation: what stands before its rows, the rows, and the reason."""

    lead: str
    rows: list[str]
    reason: _Reason


def with_marks(shown: Formula) -> str:
    """Return a formula with its marks, unless it must be broken: a row begins and ends in no mark."""
    return shown.marked if width(shown.latex) <= WIDEST_MARKED else shown.latex


def with_portable_marks(shown: Formula) -> str:
    """Return a formula with marks that need no package, unless it must be broken."""
    return shown.portable if width(shown.latex) <= WIDEST_MARKED else shown.latex


def rows_of(
    equations: Sequence[Equation], widest: float = WIDEST, write: Callable[[Formula], str] = PLAIN
) -> list[str]:
    r"""Return equations as rows of an `aligned` or `align*`; `write` gives the LaTeX of a formula.

    >>> from symback.page.formula.value import NOTHING, typed
    >>> first = Equation(typed("f"), (typed("x + x"),))
    >>> rows_of([first, Equation(NOTHING, (typed("2 x"),), "collect like terms")])
    ['f &= x + x', '&= 2 x && \\text{collect like terms}']
    """
    return placed(equations, widest, write).rows


def placed(shown: Sequence[Equation], widest: float = WIDEST, write: Callable[[Formula], str] = PLAIN) -> Placed:
    """Return equations in rows that are no wider than so many digits, where their parts allow that.

    The reasons stand in a column of their own where there is room for it beside the rows. Else a single left side may
    be put into a row of its own, rows may be made shorter, or each reason may stand below its equation: whatever needs
    the fewest rows.
    """
    equations = [_Written(write(e.left), tuple(map(write, e.links)), _Reason.of(e, write)) for e in shown]
    lefts = [w for equation in equations if (w := width(equation.left))]
    before = max((w for w in lefts if w <= widest / 2), default=0.0)
    at_once = _with_column(equations, widest, before)
    if at_once:
        return at_once
    part = max(equation_part for e in equations for equation_part in (0.0, *map(width, e.reason.parts)))
    places = (before, QUAD) if before and len(lefts) == 1 else (before,)
    tried = [_with_column(equations, widest, QUAD)] if len(places) > 1 else []
    tried += [_with_column(equations, widest, place, part + GAP) for place in places]
    return min([*filter(None, tried), _without_column(equations, widest, before)], key=lambda found: len(found.rows))


def _with_column(equations: Sequence[_Written], widest: float, before: float, kept: float = 0.0) -> Placed | None:
    """Return equations with a column of reasons, if there is room; `kept` is what the rows must leave of it."""
    room = widest - before - EQUALS
    if room - kept < NARROWEST:
        return None
    lines = [line for equation in equations for line in _lines(equation, room - kept, widest, before)]
    longest = _longest(lines)
    beside = room - longest - GAP
    if any(width(part) > beside for line in lines for part in line.reason.parts):
        return None
    reasons = max((width(line.reason.whole) for line in lines), default=0.0)
    wide = before + EQUALS + longest + (GAP + min(reasons, beside) if reasons else 0.0)
    return Placed([row for line in lines for row in _rows_beside(line, beside)], max(wide, _longest(lines, alone=True)))


def _without_column(equations: Sequence[_Written], widest: float, before: float) -> Placed:
    """Return equations with each reason below its equation."""
    room = widest - before - EQUALS
    lines = [line for equation in equations for line in _lines(equation, room, widest, before)]
    wide = max(before + EQUALS + _longest(lines), _longest(lines, alone=True))
    return Placed([row for line in lines for row in _rows_below(line, room)], wide)


def _lines(equation: _Written, room: float, widest: float, before: float) -> Iterator[_Lines]:
    left, body, reason = equation.left, " = ".join(equation.links), equation.reason
    if not body:
        yield _Lines(ALONE, broken(left, widest), reason)
        return
    sign = r"&\quad =" if before == QUAD else "&="
    if left and width(left) > before:
        yield _Lines(ALONE, broken(left, widest), _Reason())
        left, sign = "", r"&\quad ="
    *first, last = _links_that_fit(equation.links, room)
    for links in first:
        yield _Lines(f"{left} {sign} ".lstrip(), broken(links, room), _Reason())
        left = ""
    yield _Lines(f"{left} {sign} ".lstrip(), broken(last, room), reason)


def _links_that_fit(links: Sequence[str], room: float) -> list[str]:
    """Return a chain of equations in parts that fit into a row, so that it is broken at its equals signs first."""
    parts = list(links[:1])
    for link in links[1:]:
        longer = f"{parts[-1]} = {link}"
        if width(longer) <= room:
            parts[-1] = longer
        else:
            parts.append(link)
    return parts


def _longest(lines: Sequence[_Lines], alone: bool = False) -> float:
    """Return the width of the widest row, of those with an equals sign or of those without."""
    shown = [line for line in lines if (line.lead == ALONE) == alone]
    return max((width(row) + HANGING * bool(i) for line in shown for i, row in enumerate(line.rows)), default=0.0)


def _rows_beside(line: _Lines, beside: float) -> Iterator[str]:
    *first, last = _body(line)
    yield from first
    reasons = list(line.reason.rows(beside))
    yield f"{last} && {reasons[0]}" if reasons else last
    yield from (rf"& && \quad {reason}" for reason in reasons[1:])


def _rows_below(line: _Lines, room: float) -> Iterator[str]:
    yield from _body(line)
    yield from (rf"&\qquad {reason}" for reason in line.reason.rows(room - HANGING))


def _body(line: _Lines) -> Iterator[str]:
    lead = line.lead
    for row in line.rows:
        yield lead + row
        lead = r"&\qquad {} "


# --- reasons ------------------------------------------------------------------------------------------------------

_COMMA = r",\ "


class _Reason(NamedTuple):
    r"""A reason as one formula, `\text{power rule},\ n = 2`, and the parts that it may be broken into."""

    whole: str = ""
    parts: tuple[str, ...] = ()

    @classmethod
    def of(cls, equation: Equation, write: Callable[[Formula], str]) -> _Reason:
        """Return the rule of an equation, its letters and what more is said."""
        further = (*map(write, equation.letters), *map(text_in_maths, equation.more))
        rules = tuple(map(text_in_maths, equation.rule.split(", "))) if equation.rule else ()
        whole = _COMMA.join((text_in_maths(equation.rule), *further) if rules else further)
        return cls(whole, (*rules, *further))

    def rows(self, room: float) -> Iterator[str]:
        """Yield the reason in rows, whole where it fits."""
        if not self.whole or width(self.whole) <= room:
            yield from filter(None, [self.whole])
            return
        row = ""
        for part in self.parts:
            if row and width(row + _COMMA + part) > room:
                yield row + ","
                row = ""
            row = row + _COMMA + part if row else part
        yield row


# --- breaking -----------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\\]")
_OPENS = frozenset(("{", r"\left", r"\begin"))
_CLOSES = frozenset(("}", r"\right", r"\end"))
_TERM_SIGNS = frozenset(("+", "-", "="))
_ANY_SIGN = _TERM_SIGNS | {r"\cdot", r"\odot", r"\approx", "/"}
_BIG = {r"\left": r"\bigl", r"\right": r"\bigr"}


def broken(latex: str, room: float) -> list[str]:
    """Return a formula in rows of about so many digits, broken before a sign that stands in no bracket or group.

    A product is broken only where it does not fit by itself, a bracket only where nothing else helps.
    """
    if width(latex) <= room:
        return [latex]
    rows: list[str] = []
    row, wide = "", 0.0
    for piece in _breakable(latex, room - HANGING):
        more = width(piece)
        if row and wide + more > room - HANGING * bool(rows):
            rows.append(row.rstrip())
            row, wide = "", 0.0
        row, wide = row + piece, wide + more
    return [*rows, row.rstrip()]


def _breakable(latex: str, room: float) -> Iterator[str]:
    """Yield the pieces between which a formula may be broken: terms, or the factors of a term that does not fit."""
    for term in _pieces(latex, _TERM_SIGNS):
        if width(term) <= room:
            yield term
            continue
        for factor in _pieces(term, _ANY_SIGN):
            opened = _opened(_in_line(factor, room)) if width(factor) > room else factor
            yield from [factor] if opened == factor else _breakable(opened, room)


def _pieces(latex: str, breaks: frozenset[str]) -> Iterator[str]:
    depth, piece = 0, ""
    for token in _TOKEN.findall(latex):
        depth += (token in _OPENS) - (token in _CLOSES)
        if depth == 0 and token in breaks and piece.endswith(" "):
            yield piece
            piece = ""
        piece += token
    yield piece


def _opened(latex: str) -> str:
    r"""Return a formula whose outermost brackets are of a fixed size: TeX breaks no row between \left and \right.

    >>> print(_opened(r"2 \left(a + \left(b\right)\right)"))
    2 \bigl(a + \left(b\right)\bigr)
    """
    depth, written = 0, []
    for token in _TOKEN.findall(latex):
        depth -= token in _CLOSES
        written.append(_BIG.get(token, token) if depth == 0 else token)
        depth += token in _OPENS
    return "".join(written)


def _in_line(latex: str, room: float) -> str:
    r"""Return a formula with the first fraction that is too wide written in line.

    >>> print(_in_line(r"2 \frac{a + b}{c^{2}}", 1))
    2 \left(a + b\right) / c^{2}
    """
    tokens = _TOKEN.findall(latex)
    for at, command in enumerate(tokens):
        if command == r"\frac":
            middle = _closes(tokens, at + 1)
            end = _closes(tokens, middle)
            above, below = "".join(tokens[at + 2 : middle - 1]), "".join(tokens[middle + 1 : end - 1])
            if width(above) > room or width(below) > room:
                quotient = f"{_in_brackets(above)} / {_in_brackets(below)}"
                return "".join(tokens[:at]) + quotient + "".join(tokens[end:])
    return latex


def _closes(tokens: Sequence[str], at: int) -> int:
    """Return the place behind the group that opens at a token."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += (tokens[i] == "{") - (tokens[i] == "}")
        if depth == 0:
            return i + 1
    return len(tokens)


_ONE = re.compile(r"[A-Za-z0-9]+(\^\{[^{}]*\})?|\\left\((?:(?!\\left|\\right).)*\\right\)(\^\{[^{}]*\})?")


def _in_brackets(latex: str) -> str:
    """Return the numerator or denominator of a fraction as it stands in line."""
    return latex if _ONE.fullmatch(latex) else rf"\left({latex}\right)"
