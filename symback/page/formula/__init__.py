r"""A formula as a tree: what the LaTeX of a page means, for formats that have a mathematical language of their own.

`formula_reading` makes it, `typst_maths` writes it in Typst, `spoken` in words, and `formula_pieces` says where a long
one may be broken. A row is a tuple of nodes.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Sign(NamedTuple):
    """One character, or a number; `kind` is letter, number, sign, plus, times, relation, comma, open, close or bar."""

    sign: str
    kind: str


class Words(NamedTuple):
    """Letters that stand upright together; `kind` is text, bold, italic, name, function or limits."""

    words: str
    kind: str


class Space(NamedTuple):
    """A space of so many ems."""

    ems: float


class Group(NamedTuple):
    """A row that counts as one sign."""

    inside: Row


class Fraction(NamedTuple):
    """One row above another; `kind` is frac, dfrac, tfrac or binom."""

    over: Row
    under: Row
    kind: str = "frac"


class Root(NamedTuple):
    """A root; a square root has no degree."""

    inside: Row
    degree: Row = ()


class Script(NamedTuple):
    """What stands at a sign below and above, None where nothing does; `place` is limits, nolimits or empty."""

    base: Row
    below: Row | None
    above: Row | None
    place: str = ""


class Fence(NamedTuple):
    """A row in brackets as high as it is; a bracket may be empty."""

    opening: str
    inside: Row
    closing: str


class Bracket(NamedTuple):
    """A bracket by itself, so many ems high."""

    sign: str
    ems: float
    kind: str


class Accent(NamedTuple):
    """A row with a sign or line above or below it; `name` is that of LaTeX."""

    name: str
    inside: Row


class Styled(NamedTuple):
    """A row in other letters; `name` is that of LaTeX."""

    name: str
    inside: Row


class Changed(NamedTuple):
    """A row that a step changed; `kind` is changed, or taken where the next one will."""

    inside: Row
    kind: str = "changed"


class Stacked(NamedTuple):
    """A row with a small one above or below it."""

    base: Row
    above: Row
    below: Row


class Array(NamedTuple):
    """Rows of cells; `rules` are the numbers of the rows below which a line is drawn."""

    environment: str
    rows: tuple[tuple[Row, ...], ...]
    columns: str = ""
    rules: tuple[int, ...] = ()


Node: TypeAlias = (
    Sign
    | Words
    | Space
    | Group
    | Fraction
    | Root
    | Script
    | Fence
    | Bracket
    | Accent
    | Styled
    | Changed
    | Stacked
    | Array
)
Row: TypeAlias = tuple[Node, ...]
