"""The four notations as tables: what stands between factors, around exponents, in the place of a fraction.

`maths.py` walks a tree once and asks these tables for everything that differs between plain text, Unicode, LaTeX and
SymPy's own syntax.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from symback.expr.functions import FUNCTIONS, SPELLINGS
from symback.page.names import GREEK, ascii_name, latex_name, sympy_name, unicode_name

# What a factor begins or ends with decides what may stand between it and its neighbour.
TOUCH, SPACE, DOT = range(3)

# Row: what the left factor ends with; column: what the right one begins with, in the order of the heading.
# t: they touch (6xy, 2(x + 1)); s: a space (2x e^(3x)); a dot: a multiplication sign, because the two would fuse
# (x * 2), look like a call (f * (x + 1)) or hide a derivative.
_BETWEEN = """
          number letter power name call root exp bar sum group diff
number    .      t      t     s    s    t    t   t   t   .     .
one       .      .      .     .    .    .    .   .   .   .     .
letter    .      t      s     s    s    s    s   s   t   .     .
raised    .      t      s     s    s    s    s   s   s   .     .
power     .      s      s     s    s    s    s   s   s   .     .
name      .      s      s     s    s    s    s   s   .   .     .
call      .      s      s     s    s    s    s   s   s   .     .
root      .      s      s     s    s    s    s   s   s   .     .
exp       .      s      s     s    s    s    s   s   s   .     .
bar       .      s      s     s    s    s    s   s   s   .     .
sum       .      s      s     s    s    s    s   s   t   .     .
group     .      s      s     s    s    s    s   s   s   .     .
diff      .      .      .     .    .    .    .   .   .   .     .
"""


def _between(table: str) -> dict[tuple[str, str], int]:
    heading, *rows = (line.split() for line in table.strip().splitlines())
    return {(row[0], column): "ts.".index(cell) for row in rows for column, cell in zip(heading, row[1:], strict=True)}


BETWEEN: dict[tuple[str, str], int] = _between(_BETWEEN)

# Functions that a textbook writes without brackets round one letter: sin x, ln 2; the others are always called.
_TRIGONOMETRIC = ("sin", "cos", "tan", "cot", "sec", "csc")
_HYPERBOLIC = ("sinh", "cosh", "tanh", "coth", "sech", "csch")
RAISED = frozenset((*_TRIGONOMETRIC, *_HYPERBOLIC))  # whose powers are written on the name: sin^2 x
BARE = RAISED | {"arc" + f for f in _TRIGONOMETRIC} | {"ar" + f for f in _HYPERBOLIC} | {"ln", "log"}

# Runs of letters that are no product of letters: functions, Greek letters and other words of the input language.
WORDS = frozenset({*SPELLINGS, *GREEK, "exp", "log", "lg", "lb", "ld", "mod", "inf", "nan", "def", "for", "in", "cdot"})


class Notation(NamedTuple):
    """One way to write trees; the fields are the strings and tables in which the ways differ."""

    name: str
    joins: tuple[str, str, str] = ("", " ", " * ")  # touch, space, dot
    plus: str = " + "
    minus: str = " - "
    brackets: tuple[str, str] = ("(", ")")
    fraction: tuple[str, str, str] | None = None  # what stands before, between and after; None: a/b, with brackets
    raise_by: str = "^"
    exponent: tuple[str, str] = ("^(", ")")  # around an exponent that is not one letter or number
    superscripts: bool = False
    words: bool = True  # letters that touch would be read as a word
    euler: str = "e"
    pi: str = "pi"
    symbol: Callable[[str], str] = ascii_name
    functions: Mapping[str, str] = MappingProxyType({})
    call: tuple[str, str] = ("(", ")")
    d: str = "d"
    partial: str = "d"
    mark: tuple[str, str] = ("", "")  # around what a step changed
    taken: tuple[str, str] = ("", "")  # and around what the next one takes


TEXT = Notation("text", functions={name: name for name in FUNCTIONS})

UNICODE = Notation(
    "unicode",
    joins=("", " ", " · "),
    superscripts=True,
    pi="π",
    symbol=unicode_name,
    functions={**TEXT.functions, "sigmoid": "σ"},
    partial="∂",
)

LATEX_OF_ARRAYS = {
    "softmax": r"\operatorname{softmax}",
    "log_softmax": r"\operatorname{log-softmax}",
    "logsumexp": r"\operatorname{logsumexp}",
    "cross_entropy": r"\operatorname{cross-entropy}",
    "bce": r"\operatorname{bce}",
    "mse": r"\operatorname{mse}",
    "trace": r"\operatorname{tr}",
    "logdet": r"\ln\det",
    "diag": r"\operatorname{diag}",
    "diagonal": r"\operatorname{diagonal}",
    "slice": r"\operatorname{slice}",
    "eye": r"\operatorname{eye}",
}

LATEX = Notation(
    "latex",
    joins=(" ", " ", r" \cdot "),
    brackets=(r"\left(", r"\right)"),
    fraction=(r"\frac{", "}{", "}"),
    exponent=("^{", "}"),
    words=False,
    pi=r"\pi",
    symbol=latex_name,
    functions={name: row.latex for name, row in FUNCTIONS.items()} | LATEX_OF_ARRAYS,
    call=(r"\left(", r"\right)"),
    partial=r"\partial",
)

SYMPY = Notation(
    "sympy",
    joins=("*", "*", "*"),
    raise_by="**",
    exponent=("**(", ")"),
    words=False,
    euler="E",
    symbol=sympy_name,
    functions={name: row.sympy or name for name, row in FUNCTIONS.items()} | {"max": "Max", "min": "Min"},
)


def marked(notation: Notation, before: str, after: str) -> Notation:
    """Return the notation with these strings around what a step changed."""
    return notation._replace(mark=(before, after))
