r"""About how wide a formula is when it is set, in digits: what a line of a page has room for is counted in these.

The counts are those of Computer Modern, rounded up a little, so that a line that fits by them fits on paper too.
"""

from __future__ import annotations

import re
from functools import lru_cache

from symback.page.names import GREEK

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\\]")

_NOTHING = frozenset(
    (
        "\\left", "\\right", "\\displaystyle", "\\limits", "\\nolimits", "\\hline", " ", "~", "\\!", ".",
        "\\changed", "\\taken", "\\underline", "\\underbrace",
    )
)  # fmt: skip
_STYLES = frozenset("\\" + name for name in ("mathrm", "mathbf", "mathbb", "mathcal", "boldsymbol", "operatorname"))
_WORDS = frozenset(("\\text", "\\textbf", "\\textit", "\\texttt"))
_WIDTHS: dict[str, float] = {
    **dict.fromkeys("+-", 2.5), **dict.fromkeys("=<>", 2.7), **dict.fromkeys("()[]|/!", 0.8), ",": 0.9, ";": 0.9,
    **dict.fromkeys("mwMW", 1.8), **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ", 1.5), **dict.fromkeys("ijltf", 0.9),
    "\\cdot": 1.5, "\\times": 2.5, "\\odot": 2.5, "\\approx": 2.7, "\\to": 3.1, "\\le": 2.7, "\\ge": 2.7, "\\pm": 2.5,
    "\\quad": 2.0, "\\qquad": 4.0, "\\ ": 0.7, "\\,": 0.4, "\\;": 0.6, "\\:": 0.5, "\\|": 1.0, "\\{": 1.0, "\\}": 1.0,
    "\\sum": 3.0, "\\prod": 3.0, "\\int": 2.0, "\\sqrt": 1.8, "\\partial": 1.2, "\\nabla": 1.7, "\\cdots": 3.0,
    "\\dots": 3.0, "\\infty": 2.0, "\\top": 1.5, "\\lVert": 1.0, "\\rVert": 1.0,
}  # fmt: skip
_GREEK = frozenset("\\" + name for name in GREEK)
SCRIPT = 0.75  # how much narrower scripts are
_FENCE, _COLUMN = 3.4, 2.0  # of a matrix: its two brackets, and the space between two columns


@lru_cache(maxsize=16384)
def width(latex: str) -> float:
    r"""Return about how wide a formula is, in digits.

    >>> width("12"), width(r"\frac{100}{3}") < width("1003"), width("x^{2}") < width("x 2")
    (2.0, True, True)
    """
    return _Ruler(_TOKEN.findall(latex)).measured()


class _Group:
    """A group that is being measured: as much as there is of it, and what is to be done with it when it closes."""

    __slots__ = ("cells", "columns", "role", "scripts", "total")

    def __init__(self, role: str) -> None:
        self.role = role
        self.total = 0.0
        self.scripts = 0.0  # of the scripts at the last sign: one stands above the other
        self.columns: list[float] = []
        self.cells = 0


class _Ruler:
    """Goes over the tokens of a formula once; groups that are open stand on a stack."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.stack = [_Group("")]
        self.role = ""  # of what comes next: num, den, script, words
        self.numerators: list[float] = []

    def measured(self) -> float:
        at = 0
        while at < len(self.tokens):
            at = self._step(at)
        while len(self.stack) > 1:
            self._close()
        return round(self.stack[0].total, 2)

    def _step(self, at: int) -> int:
        sign = self.tokens[at]
        if sign == "{":
            self.stack.append(_Group(self.role))
            self.role = ""
        elif sign == "}":
            if len(self.stack) > 1:
                self._close()
        elif sign in ("^", "_"):
            self.role = "script"
        elif sign in ("\\frac", "\\dfrac", "\\tfrac", "\\binom"):
            self.role = "num"
        elif sign in _WORDS:
            self.role = "words"
        elif sign in ("\\begin", "\\end"):
            return self._environment(at)
        elif sign in ("&", "\\\\"):
            self._cell(sign)
        elif sign not in _NOTHING or self.stack[-1].role == "words":
            self._add(self._sign(sign))
        return at + 1

    def _sign(self, sign: str) -> float:
        if self.stack[-1].role == "words":
            return 0.7 if sign == " " else 1.0
        if sign in _STYLES:
            return 0.0
        found = _WIDTHS.get(sign)
        if found is not None:
            return found
        if len(sign) == 1:
            return 1.0 if sign.isdigit() else 1.2
        return 1.3 if sign in _GREEK else 0.9 * len(sign)

    def _add(self, wide: float) -> None:
        """Add what stands there to the group, as what it is: a script, or the part of a fraction."""
        group, role, self.role = self.stack[-1], self.role, ""
        if role == "script":
            wide *= SCRIPT
            group.total += max(wide - group.scripts, 0.0)
            group.scripts = max(group.scripts, wide)
            return
        if role == "num":
            self.numerators.append(wide)
            self.role = "den"
            return
        if role == "den" and self.numerators:
            wide = max(wide, self.numerators.pop()) + 0.8
        group.total += wide
        group.scripts = 0.0

    def _close(self) -> None:
        group = self.stack.pop()
        self.role = "" if group.role == "words" else group.role
        self._add(group.total)

    def _environment(self, at: int) -> int:
        end = at + 1
        while end < len(self.tokens) and self.tokens[end] != "}":
            end += 1
        if self.tokens[at] == "\\begin":
            self.stack.append(_Group(self.role))
            self.role = ""
            is_array = "".join(self.tokens[at + 2 : end]) == "array"
            if is_array:  # its columns are described in a second group
                end += 1
                while end < len(self.tokens) and self.tokens[end] != "}":
                    end += 1
        elif len(self.stack) > 1:
            self._cell("\\\\")
            group = self.stack[-1]
            group.total = sum(group.columns) + _COLUMN * (len(group.columns) - 1) + _FENCE
            self._close()
        return end + 1

    def _cell(self, sign: str) -> None:
        group = self.stack[-1]
        if group.cells == len(group.columns):
            group.columns.append(0.0)
        group.columns[group.cells] = max(group.columns[group.cells], group.total)
        group.total = group.scripts = 0.0
        group.cells = group.cells + 1 if sign == "&" else 0
