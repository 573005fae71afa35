"""Words and formulas in a line, as HTML; everything that an author wrote is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape

from symback.page.page import Inline, Inlines, Link, Maths, Text
from symback.page.prose import ADDRESSES, cleaned
from symback.page.writers.html_pieces import ROOM, Piece, terms
from symback.page.writers.mathml import Formula, formula
from symback.page.writers.mathml import width as measured

_ELEMENTS = {"strong": "strong", "emphasis": "em", "code": "code"}
_GLUED_BEFORE, _GLUED_BEHIND = re.compile(r"\S{1,8}$"), re.compile(r"^\S{1,8}")


def text(words: str) -> str:
    r"""Return words as HTML, without the characters that are not seen.

    >>> text("<b> & \u202e")
    '&lt;b&gt; &amp; '
    """
    return escape(cleaned(words))


def line(inlines: Inlines) -> str:
    """Return words, links and formulas one after the other.

    A formula stays in one line with a comma behind it or a bracket before it, which browsers would separate.
    """
    return "".join(_written(list(inlines)))


def _written(parts: list[Inline]) -> Iterator[str]:
    before = ""
    for i, part in enumerate(parts):
        if isinstance(part, Maths):
            behind = _glued(parts[i + 1], _GLUED_BEHIND) if i + 1 < len(parts) else ""
            if behind:
                following = parts[i + 1]
                assert isinstance(following, Text)
                parts[i + 1] = Text(following.words[len(behind) :])
            yield _in_a_line(part.formula.marked, text(before), text(behind))
            before = ""
        elif isinstance(part, Link):
            yield _link(part)
        else:
            follows = i + 1 < len(parts) and isinstance(parts[i + 1], Maths)
            before = _glued(part, _GLUED_BEFORE) if follows else ""
            yield _styled(part._replace(words=part.words[: len(part.words) - len(before)]))


def _glued(part: Inline, where: re.Pattern[str]) -> str:
    found = where.search(part.words) if isinstance(part, Text) and not part.style else None
    return found[0] if found else ""


def _styled(part: Text) -> str:
    element = _ELEMENTS.get(part.style)
    return f"<{element}>{text(part.words)}</{element}>" if element else text(part.words)


def _link(link: Link) -> str:
    address = cleaned(link.address).strip()
    if not address.lower().startswith(ADDRESSES):
        return text(link.words)
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{text(link.words)}</a>'


# --- formulas -----------------------------------------------------------------------------------------------------


def _in_a_line(latex: str, before: str, behind: str) -> str:
    found = terms(latex, display=False)
    if found is None:
        return f"{before}<code>{text(latex)}</code>{behind}"
    *others, last = [_piece(part, ROOM) for term in found for part in term]
    if behind:
        last = _together(last + behind)
    first, *others = [*others, last]
    return "".join([_together(before + first) if before else first, *others])


def _together(written: str) -> str:
    return f'<span class="together">{written}</span>'


def flow(latex: str, room: float = ROOM, after_equals: bool = False) -> str:
    """Return a formula on a line of its own in pieces, between which the line may be broken.

    `room` is what a telephone has for it, in ems.
    """
    found = terms(latex, room)
    written = [f"<code>{text(latex)}</code>"] if found is None else [_term(term, room) for term in found]
    if after_equals:
        written[0] = _together(_equals() + written[0])
    return "".join(written)


@lru_cache(maxsize=1)
def _equals() -> str:
    """Return an equals sign, which stays as large as it is where the formula behind it is set smaller."""
    found = formula("{} = {}", True)
    assert found is not None
    return found.mathml


def _term(term: tuple[Piece, ...], room: float) -> str:
    written = "".join([_piece(piece, room) for piece in term])
    return f'<span class="term">{written}</span>' if len(term) > 1 else written


def _piece(piece: Piece, room: float) -> str:
    """Return a piece of a formula, where there is one with the way it is written on a narrow page."""
    roomy = _sized(piece.whole, room)
    if piece.narrow is None:
        return roomy
    return f'<span class="roomy">{roomy}</span><span class="narrow">{_sized(piece.narrow, room)}</span>'


def _sized(part: Formula, room: float) -> str:
    """Return a formula; one that is too wide for a telephone knows how wide, to be set smaller there."""
    if part.width <= room:
        return part.mathml
    return f'<span class="wide" style="--w:{part.width:g}">{part.mathml}</span>'


# --- widths -------------------------------------------------------------------------------------------------------


def width(latex: str) -> float:
    """Return about how wide a formula is in one line, in ems of the letters around."""
    found = measured(latex, True)
    return 0.5 * len(latex) if found is None else found


def widest_piece(latex: str, room: float = ROOM, narrow: bool = False) -> float:
    """Return how wide the widest piece of a formula is that cannot be broken, on a wide or on a narrow page."""
    pieces = [piece for term in terms(latex, room) or () for piece in term]
    return max((piece.least if narrow else piece.whole.width for piece in pieces), default=0.0)
