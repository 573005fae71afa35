r"""A formula as a value that every notation can write: expressions, and signs that each notation spells its own way.

`write` gives it as text, in Unicode and in LaTeX. What reads the LaTeX into a tree, for MathML, Typst and speech, is
`formula_reading`; a formula that an author typed is LaTeX from the start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from sympy.core.symbol import Symbol

from symback.expr.tree import Tree, apply, symbol
from symback.page import maths
from symback.page.calls import derivative_name
from symback.page.latex_escapes import text_in_maths
from symback.page.notation import LATEX, TEXT, UNICODE, Notation, marked

# LaTeX with the marks that pages show, where a step changed something and where the next one will
MARKED = marked(LATEX, r"\changed{", "}")._replace(taken=(r"\taken{", "}"))


class Part(Protocol):
    """What a formula is made of: whatever can be written in a notation."""

    def write(self, notation: Notation) -> str: ...


class Expression(NamedTuple):
    """A tree; `several` asks for ∂ in the place of d."""

    tree: Tree
    several: bool = False

    def write(self, notation: Notation) -> str:
        return maths.write(self.tree, notation, self.several)


class Spelled(NamedTuple):
    """Signs as each notation spells them."""

    text: str
    unicode: str
    latex: str

    def write(self, notation: Notation) -> str:
        return self.latex if notation.name == "latex" else self.unicode if notation.name == "unicode" else self.text

    @classmethod
    def by(cls, write: Callable[[Notation], str]) -> Spelled:
        """Return what a function writes in each notation."""
        return cls(write(TEXT), write(UNICODE), write(LATEX))


class Plain(NamedTuple):
    """A formula without its marks."""

    formula: Formula

    def write(self, notation: Notation) -> str:
        return self.formula.write(notation._replace(mark=("", ""), taken=("", "")))


class Formula:
    r"""Parts one behind the other. A formula without parts is false; equal parts make equal formulas.

    >>> import symback
    >>> shown = formula(symback.parse("3x^2/y"))
    >>> shown.write(TEXT), shown.write(UNICODE), shown.write(LATEX)
    ('3x^2/y', '3x²/y', '\\frac{3 x^{2}}{y}')
    """

    __slots__ = ("_written", "parts")

    def __init__(self, *parts: Part) -> None:
        self.parts = parts
        self._written: dict[tuple[str, str], str] = {}

    def write(self, notation: Notation) -> str:
        """Return the formula in a notation; it is written once, LaTeX with and without marks together."""
        key = notation.name, notation.mark[0]
        found = self._written.get(key)
        if found is None:
            is_latex = key == _PLAIN
            found = without_marks(self.marked) if is_latex else "".join([p.write(notation) for p in self.parts])
            self._written[key] = found
        return found

    @property
    def latex(self) -> str:
        return self.write(LATEX)

    @property
    def marked(self) -> str:
        r"""The formula in LaTeX, `\changed{...}` around what a step changed, `\taken{...}` around what one takes."""
        return self.write(MARKED)

    @property
    def portable(self) -> str:
        r"""The formula in LaTeX with marks that need no package: a line below what changed, a brace below the taken."""
        return self.marked.replace(r"\changed{", r"\underline{").replace(r"\taken{", r"\underbrace{")

    @property
    def plain(self) -> Formula:
        """The formula without marks: an answer, which changed nothing."""
        return Formula(Plain(self))

    def __add__(self, other: Formula) -> Formula:
        return Formula(*self.parts, *other.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(self.parts)

    def __repr__(self) -> str:
        return f"Formula({self.latex!r})"

    def __reduce__(self) -> tuple[type[Formula], tuple[Part, ...]]:
        return Formula, self.parts


_PLAIN = LATEX.name, LATEX.mark[0]
NOTHING = Formula()
EQUALS = Formula(Spelled(" = ", " = ", " = "))


# --- marks ----------------------------------------------------------------------------------------------------------

_MARKS = (r"\changed{", r"\taken{")
_BRACES = re.compile(r"\\(?:changed|taken)\{|\\.|[{}]")


def without_marks(latex: str) -> str:
    r"""Return a formula without the marks of what steps change.

    >>> print(without_marks(r"3 \changed{x^{2}} + 1"))
    3 x^{2} + 1
    """
    if not any(mark in latex for mark in _MARKS):
        return latex
    kept, start = [], 0
    are_marks: list[bool] = []  # of the braces that are open
    for found in _BRACES.finditer(latex):
        sign = found[0]
        is_mark = sign in _MARKS
        if sign == "{" or is_mark:
            are_marks.append(is_mark)
        elif sign == "}" and are_marks:
            is_mark = are_marks.pop()
        if is_mark:
            kept.append(latex[start : found.start()])
            start = found.end()
    return "".join((*kept, latex[start:]))


# --- what formulas are made from ------------------------------------------------------------------------------------


def formula(tree: Tree, several: bool = False) -> Formula:
    """Return an expression as a formula."""
    return Formula(Expression(tree, several))


def name(of: str) -> Formula:
    """Return a name, or a function with its arguments such as f(x, y), as a formula."""
    above, is_rate, below = of.partition("/")
    if is_rate:  # dy/dx
        return spelled(of, of, rf"\frac{{{above}}}{{{below}}}")
    own, bracket, arguments = of.partition("(")
    if not bracket:
        return _name(of)
    return formula(apply(own, *map(symbol, arguments.rstrip(")").split(", "))))


@lru_cache(maxsize=10_000)
def _name(of: str) -> Formula:
    return spelled_by(lambda notation: notation.symbol(of))


def typed(latex: str) -> Formula:
    """Return LaTeX as a formula; it is the same in every notation."""
    return Formula(Spelled(latex, latex, latex))


def words(said: str) -> Formula:
    """Return words that stand in the place of a formula."""
    return spelled(said, said, text_in_maths(said))


def spelled(text: str, unicode: str, latex: str) -> Formula:
    """Return signs as each notation spells them, as a formula."""
    return Formula(Spelled(text, unicode, latex))


def spelled_by(write: Callable[[Notation], str]) -> Formula:
    """Return what a function writes in each notation, as a formula."""
    return Formula(Spelled.by(write))


def derivative_of(function: str, variables: Sequence[Symbol], several: bool) -> Formula:
    """Return the derivative of a named function: df/dx, ∂²f/∂x∂y."""
    return spelled_by(lambda notation: derivative_name(function, variables, notation, several))


def equation(left: Formula, right: Formula) -> Formula:
    """Return an equation as one formula: u = 3x."""
    return left + EQUALS + right


# --- arrays ---------------------------------------------------------------------------------------------------------

_IN_CALLS = re.compile(r"\([^()]*\)")
DOTS = spelled("...", "…", r"\cdots")


class Matrix(NamedTuple):
    """Rows of formulas; a single row may stand for a vector, in round brackets and with `between` its entries."""

    rows: tuple[tuple[Formula, ...], ...]
    is_row: bool = False
    between: str = ", "

    def write(self, notation: Notation) -> str:
        rows = [[cell.write(notation) for cell in row] for row in self.rows]
        if notation.name == "latex":
            return in_brackets(rows[0], self.between) if self.is_row else matrix(rows)
        written = [f"[{self.between.join(row)}]" for row in rows]
        return written[0] if self.is_row else f"[{', '.join(written)}]"


def matrix(rows: Sequence[Sequence[str]]) -> str:
    """Return cells as a matrix in LaTeX."""
    inside = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}"


def in_brackets(cells: Sequence[str], between: str = ", ") -> str:
    """Return cells as a vector in LaTeX."""
    return rf"\left({between.join(cells)}\right)"


def matrix_of(shown: Formula) -> Matrix | None:
    """Return the matrix that a formula is; None where it is something else."""
    only = shown.parts[0] if len(shown.parts) == 1 else None
    return only if isinstance(only, Matrix) else None


def entries_of(left: Formula, shown: Matrix) -> list[tuple[Formula, Formula]]:
    """Return the entries of a matrix with their names: H[1, 2] in text, H_{12} in LaTeX."""
    comma = "," if max(len(shown.rows), *map(len, shown.rows)) > 9 else ""
    found = []
    for i, row in enumerate(shown.rows, 1):
        for j, cell in enumerate(row, 1):
            place = (str(i),) if len(row) == 1 else (str(j),) if shown.is_row else (str(i), str(j))
            found.append((entry_name(left, place, comma), cell))
    return found


def entry_name(left: Formula, place: Sequence[str], comma: str = "") -> Formula:
    """Return the name of the entry at a place of an array: H[1, 2] in text, H_{12} in LaTeX."""

    def written(notation: Notation) -> str:
        of = left.write(notation)
        if notation.name == "latex":
            base = of if len(of) == 1 else rf"\left({of}\right)"
            return f"{base}_{{{comma.join(place)}}}"
        is_one = not set(_IN_CALLS.sub("", of)) & set(" /@")
        return f"{of if is_one else f'({of})'}[{', '.join(place)}]"

    return spelled_by(written)
