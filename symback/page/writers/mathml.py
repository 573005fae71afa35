r"""LaTeX as MathML, which browsers draw themselves, with its width in ems, so that a page knows where to break it.

Elements and attributes come from this file alone, and what an author typed is escaped, so a formula can be no more than
a formula. The LaTeX stands with it, for those who copy it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from symback.page.formula import (
    Accent,
    Array,
    Bracket,
    Changed,
    Fence,
    Fraction,
    Group,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Stacked,
    Styled,
    Words,
)  # fmt: skip
from symback.page.formula.read_latex import formula_of
from symback.page.formula.spacing import Place, class_of, has_limits, is_tall, places
from symback.page.formula.value import without_marks
from symback.page.writers.mathml_arrays import Cell, cells_of, fences_of
from symback.page.writers.mathml_signs import ACCENTS, Style, sign_of
from symback.page.writers.mathml_width import width_of


class Formula(NamedTuple):
    """A formula as a `<math>` element, and about how wide it is, in ems of the text around."""

    mathml: str
    width: float


@lru_cache(maxsize=16384)
def formula(latex: str, display: bool = False) -> Formula | None:
    r"""Return a formula, with `display` in the style of a line by itself; None where it is no mathematics.

    >>> print(formula("x").mathml)
    <math><semantics><mi>x</mi><annotation encoding="application/x-tex">x</annotation></semantics></math>
    >>> formula(r"\href{x}{y}") is None
    True
    """
    row = formula_of(latex)
    if row is None:
        return None
    style = Style(display)
    shown = f'<semantics>{_one(row, style)}<annotation encoding="application/x-tex">{_typed(latex)}</annotation>'
    attribute = ' displaystyle="true"' if display else ""
    return Formula(f"<math{attribute}>{shown}</semantics></math>", width(latex, display) or 0.0)


@lru_cache(maxsize=16384)
def width(latex: str, display: bool = False) -> float | None:
    """Return about how wide a formula is, in ems; None where it is no mathematics."""
    row = formula_of(latex)
    return None if row is None else width_of(row, display)


def _typed(latex: str) -> str:
    plain = without_marks(latex).removeprefix("{} ")
    return escape("".join(c for c in plain if c.isprintable() or c == " "), quote=False)


# --- rows ---------------------------------------------------------------------------------------------------------

_JOINED = {"apply": "\N{FUNCTION APPLICATION}", "times": "\N{INVISIBLE TIMES}", "": ""}


def _row(row: Row, style: Style, before: str = "") -> list[str]:
    """Return the elements of a row; what is joined and gaps between them are elements too."""
    written: list[str] = []
    for i, place in enumerate(places(row, style.small, before)):
        if place.joined:
            left = f' lspace="{place.gap:.4g}em"' if place.gap else ""
            written.append(f"<mo{left}>{_JOINED[place.joined]}</mo>")
        elif place.gap:
            written.append(f'<mspace width="{place.gap:.4g}em"/>')
        if isinstance(place.node, Sign):
            written.append(sign_of(place.node, style, place.form, first=not i and not before))
        else:
            written.append(_node(place, style))
    return written


def _node(place: Place, style: Style) -> str:
    return _WRITERS[type(place.node)](place.node, style)


def _one(row: Row, style: Style, before: str = "") -> str:
    """Return a row as one element."""
    if len(row) == 1 and not before:
        return _row(row, style)[0]
    return f"<mrow>{''.join(_row(row, style, before))}</mrow>"


def _inner(row: Row, style: Style) -> str:
    return "".join(_row(row, style))


# --- what has no parts --------------------------------------------------------------------------------------------


_MTEXT = {"bold": ' class="b"', "italic": ' class="i"'}


def _words(node: Words, style: Style) -> str:
    words = escape(node.words, quote=False)
    if node.kind in ("name", "function", "limits"):
        return f"<mi{_UPRIGHT if len(node.words) == 1 else ''}>{words}</mi>"
    return f"<mtext{_MTEXT.get(node.kind, '')}>{words.replace(' ', _NO_BREAK)}</mtext>"


_UPRIGHT = ' mathvariant="normal"'
_NO_BREAK = "\N{NO-BREAK SPACE}"  # which is kept at the ends, where others are dropped


def _space(node: Space, style: Style) -> str:
    return f'<mspace width="{node.ems:.4g}em"/>'


def _bracket(node: Bracket, style: Style) -> str:
    size = f' minsize="{node.ems:g}em" maxsize="{node.ems:g}em"' if node.ems else ""
    return f'<mo stretchy="true" symmetric="true" lspace="0" rspace="0"{size}>{escape(node.sign)}</mo>'


# --- what has parts -----------------------------------------------------------------------------------------------


def _group(node: Group, style: Style) -> str:
    if len(node.inside) == 1 and isinstance(node.inside[0], Sign):
        return sign_of(node.inside[0], style, "alone")
    return _one(node.inside, style)


_BAR = ' linethickness="1px"'  # a whole pixel, or some bars would be drawn with one and some with two


def _fraction(node: Fraction, style: Style) -> str:
    if node.kind in ("dfrac", "tfrac"):
        style = style._replace(display=node.kind == "dfrac")
    parts = _one(node.over, style.in_fraction()) + _one(node.under, style.in_fraction())
    if node.kind == "binom":
        return f'<mrow><mo>(</mo><mfrac linethickness="0">{parts}</mfrac><mo>)</mo></mrow>'
    shown = {"dfrac": ' displaystyle="true"', "tfrac": ' displaystyle="false"'}.get(node.kind, "")
    return f"<mfrac{shown}{_BAR}>{parts}</mfrac>"


def _root(node: Root, style: Style) -> str:
    if not node.degree:
        return f"<msqrt>{_inner(node.inside, style)}</msqrt>"
    return f"<mroot>{_one(node.inside, style)}{_one(node.degree, style.in_script())}</mroot>"


_PRIMES = {1: "′", 2: "″", 3: "‴"}


def _script(node: Script, style: Style) -> str:
    primes = _primes(node.above)
    base = _base(node, style)
    if primes and node.below is None:
        return f'<mrow>{base}<mo lspace="0" rspace="0">{primes}</mo></mrow>'  # the sign is raised by itself
    below = None if node.below is None else _one(node.below, style.in_script())
    above = None if node.above is None else _one(node.above, style.in_script())
    if primes:
        above = f'<mo lspace="0" rspace="0">{primes}</mo>'
    limits = has_limits(node, style.display)
    if below is None or above is None:
        name = {(True, True): "mover", (True, False): "munder", (False, True): "msup", (False, False): "msub"}[
            limits, below is None
        ]
        return f"<{name}>{base}{below or ''}{above or ''}</{name}>"
    return f"<munderover>{base}{below}{above}</munderover>" if limits else f"<msubsup>{base}{below}{above}</msubsup>"


def _primes(above: Row | None) -> str:
    if not above or any(node != Sign("′", "sign") for node in above):
        return ""
    return _PRIMES.get(len(above), "′" * len(above))


def _base(node: Script, style: Style) -> str:
    """Return what a script stands at; a bracket there is no longer a sign that grows with the row around it."""
    base = _one(node.base, style)
    if len(node.base) == 1 and class_of(node.base[0]) in ("open", "close", "bar"):
        return f"<mrow>{base}<mspace/></mrow>"
    return base


def _fence(node: Fence, style: Style) -> str:
    tall = is_tall(node.inside) or not (node.opening and node.closing)
    return f"<mrow>{_fenced(node.opening, tall)}{_inner(node.inside, style)}{_fenced(node.closing, tall)}</mrow>"


def _fenced(sign: str, tall: bool) -> str:
    fixed = "" if tall else ' stretchy="false"'
    return f"<mo{fixed}>{escape(sign)}</mo>" if sign else ""


def _accent(node: Accent, style: Style) -> str:
    if node.name == "boxed":
        return f'<mrow class="boxed">{_inner(node.inside, style)}</mrow>'
    sign, is_above, is_wide = ACCENTS[node.name]
    fixed = "" if is_wide else ' stretchy="false"'
    element, kind = ("mover", "accent") if is_above else ("munder", "accentunder")
    return f'<{element} {kind}="true">{_one(node.inside, style)}<mo{fixed}>{sign}</mo></{element}>'


def _styled(node: Styled, style: Style) -> str:
    if node.name in ("displaystyle", "textstyle"):
        display = node.name == "displaystyle"
        inside = _inner(node.inside, style._replace(display=display, small=False))
        return f'<mstyle displaystyle="{str(display).lower()}" scriptlevel="0">{inside}</mstyle>'
    return _one(node.inside, style._replace(letters=node.name))


def _changed(node: Changed, style: Style) -> str:
    return f'<mrow class="{node.kind}">{_inner(node.inside, style)}</mrow>'


def _stacked(node: Stacked, style: Style) -> str:
    element = "mover" if node.above else "munder"
    return f"<{element}>{_one(node.base, style)}{_one(node.above or node.below, style.in_script())}</{element}>"


def _array(node: Array, style: Style) -> str:
    opening, closing = fences_of(node)
    inside = style._replace(
        display=node.environment == "aligned", small=style.small or node.environment == "smallmatrix"
    )
    rows = "".join([f"<mtr>{''.join([_cell(cell, inside) for cell in row])}</mtr>" for row in cells_of(node)])
    shown = {"aligned": ' displaystyle="true"', "smallmatrix": ' scriptlevel="1"'}.get(node.environment, "")
    table = f"<mtable{shown}>{rows}</mtable>"
    if not opening:
        return table
    return f"<mrow>{_fenced(opening, True)}{table}{_fenced(closing, True)}</mrow>"


def _cell(cell: Cell, style: Style) -> str:
    look = f' style="{cell.look}"' if cell.look else ""
    return f"<mtd{look}>{''.join(_row(cell.row, style, cell.before))}</mtd>"


_WRITERS: dict[type, Callable[[Any, Style], str]] = {
    Words: _words,
    Space: _space,
    Bracket: _bracket,
    Group: _group,
    Fraction: _fraction,
    Root: _root,
    Script: _script,
    Fence: _fence,
    Accent: _accent,
    Styled: _styled,
    Changed: _changed,
    Stacked: _stacked,
    Array: _array,
}
