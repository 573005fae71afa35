r"""The LaTeX that an author may write between dollar signs: mathematics, and nothing that a program could do.

Whoever shows a formula, TeX, a browser or an office program, is given only what stands in these tables, and only where
brackets, groups and scripts fit, so a formula can neither read a file nor stop a document from being made. Everything
else is shown as it was typed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from symback.render.names import GREEK

LONGEST = 10_000  # characters of a formula
DEEPEST = 30  # groups in each other

# --- the tables ---------------------------------------------------------------------------------------------------


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Signs that are scripts by themselves: x^\top.
LETTERS = GREEK.keys() | _names(
    "epsilon varepsilon vartheta varphi varrho varsigma varpi ell hbar imath jmath Re Im aleph partial nabla infty top"
    " bot perp prime emptyset varnothing circ bullet star ast dagger angle triangle square"
)

RELATIONS = _names(
    "le leq ge geq ne neq lt gt ll gg approx sim simeq cong equiv propto in notin ni subset subseteq supset supseteq"
    " mid parallel to rightarrow leftarrow leftrightarrow Rightarrow Leftarrow Leftrightarrow mapsto implies iff gets"
    " longrightarrow longleftarrow Longrightarrow longmapsto hookrightarrow uparrow downarrow nearrow searrow"
    " models vdash therefore because lesssim gtrsim"
)

SIGNS = _names(
    "cdot times div pm mp odot oplus otimes ominus setminus cup cap wedge vee land lor lnot neg forall exists nexists"
    " dots ldots cdots vdots ddots colon quad qquad vert Vert lvert rvert lVert rVert langle rangle lfloor rfloor lceil"
    " rceil lbrace rbrace backslash displaystyle textstyle"
)

FUNCTIONS = _names(
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth exp ln log lg det dim ker deg gcd arg hom Pr"
)

LARGE = _names("sum prod int iint iiint oint bigcup bigcap lim limsup liminf max min sup inf")  # may have \limits

ARGUMENTS: dict[str, int] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "binom", "overset", "underset", "stackrel"), 2),
    **dict.fromkeys(("sqrt", "overline", "underline", "overbrace", "underbrace", "boxed", "pmod"), 1),
    **dict.fromkeys(("hat", "bar", "vec", "dot", "ddot", "tilde", "widehat", "widetilde", "overrightarrow"), 1),
    **dict.fromkeys(("mathrm", "mathbf", "mathit", "mathsf", "mathbb", "mathcal", "boldsymbol"), 1),
}
WORDS = _names("text textbf textit textrm operatorname")  # their argument is words, not a formula
AS_SCRIPT = _names("frac mathrm mathbf text")  # which TeX takes as a script without braces
SIZES = _names("big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr")  # before a bracket

ENVIRONMENTS = _names("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix cases aligned array")
_FENCES = _names("langle rangle lfloor rfloor lceil rceil vert Vert lvert rvert lVert rVert")
BRACKETS = frozenset("()[]|./") | {"\\" + name for name in (*_FENCES, *"{}|")}
SPACES = frozenset(("\\,", "\\;", "\\:", "\\!", "\\ "))
ESCAPED = frozenset(("\\{", "\\}", "\\|", "\\%", "\\_", "\\#", "\\&"))

COMMANDS = (
    LETTERS | RELATIONS | SIGNS | FUNCTIONS | LARGE | WORDS | SIZES | ARGUMENTS.keys()
    | {"left", "right", "middle", "begin", "end", "limits", "nolimits", "hline"}
)  # fmt: skip
"""Every command that may stand in a formula, without its backslash."""

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-*/=<>()[]|.,;:!?~@")
UNICODE: dict[str, str] = {
    **{letter: f"\\{name} " for name, letter in GREEK.items()},
    "·": r"\cdot ", "×": r"\times ", "÷": r"\div ", "−": "-", "±": r"\pm ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ",
    "≈": r"\approx ", "→": r"\to ", "↦": r"\mapsto ", "⇒": r"\Rightarrow ", "∞": r"\infty ", "∂": r"\partial ",
    "∇": r"\nabla ", "∈": r"\in ", "ℝ": r"\mathbb{R}", "∑": r"\sum ", "Σ": r"\Sigma ", "∘": r"\circ ", "⊙": r"\odot ",
    "…": r"\dots ", "‖": r"\|", "²": "^{2}", "³": "^{3}", "⊤": r"\top ", "ᵀ": r"^{\top}", "\N{NO-BREAK SPACE}": " ",
}  # fmt: skip


# --- what is shown ------------------------------------------------------------------------------------------------

_NOT_PLAIN = re.compile(r"\\(?:text(?:bf|it|rm)?|operatorname)\s*\{[^{}]*\}|[^\x00-\x7f]")


@lru_cache(maxsize=1024)
def safe_latex(latex: str) -> str:
    r"""Return an author's formula as it may be shown, its letters in ASCII; nothing where it must not be.

    >>> safe_latex("α^2"), safe_latex(r"\input{secret}"), safe_latex("x^2^3"), safe_latex(r"\frac{1}{2")
    ('\\alpha ^2', '', '', '')
    """
    if len(latex) > LONGEST:
        return ""
    plain = _NOT_PLAIN.sub(lambda found: UNICODE.get(found[0], found[0]), " ".join(latex.split()))
    try:
        _Reader(plain).formula()
    except _Refused:
        return ""
    return plain


def is_safe(latex: str) -> bool:
    """Tell whether a formula holds only what may be shown, with brackets and scripts that fit."""
    return bool(safe_latex(latex)) or not latex.strip()


# --- reading ------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.")
_WORDS_GROUP = re.compile(r"\s*\{((?:[^\\{}$&#^_%~`<>]|\\[ _%&#,])*)\}")
_NAME_GROUP = re.compile(r"\s*\{([A-Za-z0-9 -]|\\[ ,])*\}")  # of an operator, whose name is set as a formula
_ENVIRONMENT = re.compile(r"\{([a-zA-Z]+)\}")
_COLUMNS = re.compile(r"\{[lcr|]{1,40}\}")


class _Refused(Exception):
    """The formula holds something else, or does not fit together."""


class _Reader:
    """Reads a formula from left to right; `_Refused` where it is not one."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.at = 0
        self.depth = 0

    def formula(self) -> None:
        """Read all of it."""
        self._until("")

    def _next(self) -> str:
        """Return the next sign that is not blank, and go behind it; nothing at the end."""
        while found := _TOKEN.match(self.latex, self.at):
            self.at = found.end()
            if not found[0].isspace():
                return found[0]
        return ""

    def _until(self, end: str) -> None:
        """Read to the end of a group: a brace, `]`, `\\right`, or `\\end` for an environment."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Refused
        scripts: set[str] = set()
        before = ""
        while (sign := self._next()) != end:
            if sign in ("^", "_"):
                self._script(sign, scripts, before)
            elif sign == "'":
                if "^" in scripts and before != "'":
                    raise _Refused
                scripts.add("^")
            else:
                scripts = set()
                self._item(sign, end, before)
            before = sign
        self.depth -= 1

    def _script(self, sign: str, scripts: set[str], before: str) -> None:
        if sign in scripts and not (sign == "^" and before == "'"):
            raise _Refused
        scripts.add(sign)
        self._argument(AS_SCRIPT)

    def _item(self, sign: str, end: str, before: str) -> None:
        if sign in PLAIN or sign in SPACES or sign in ESCAPED:
            return
        if sign == "{":
            self._until("}")
        elif sign in ("&", "\\\\") and end == r"\end":
            if sign != "&" and self.latex[self.at :].lstrip()[:1] in ("[", "*"):
                raise _Refused  # TeX would take it for a length
        elif len(sign) > 1 and sign[1:] in COMMANDS:
            self._command(sign[1:], end, before)
        else:
            raise _Refused

    def _command(self, name: str, end: str, before: str) -> None:
        if name in ARGUMENTS:
            self._arguments(name)
        elif name in WORDS:
            self._words(_NAME_GROUP if name == "operatorname" else _WORDS_GROUP)
        elif name in SIZES or (name == "middle" and end == r"\right"):
            self._bracket()
        elif name == "left":
            self._bracket()
            self._until(r"\right")
            self._bracket()
        elif name == "begin":
            self._environment()
        elif name in ("limits", "nolimits"):
            self._needs(before[1:] in LARGE)
        elif name == "hline":
            self._needs(end == r"\end" and before in ("", "\\\\", r"\hline"))
        else:
            self._needs(name not in ("right", "middle", "end"))

    def _arguments(self, name: str) -> None:
        if name == "sqrt" and self.latex[self.at :].lstrip()[:1] == "[":
            self._next()
            self._until("]")
        for _ in range(ARGUMENTS[name]):
            self._argument(frozenset())

    def _argument(self, unbraced: frozenset[str]) -> None:
        """Read a group, a letter, or a command that TeX takes without braces."""
        sign = self._next()
        if sign == "{":
            self._until("}")
        elif sign[1:] in unbraced:
            self._command(sign[1:], "", "")
        else:
            self._needs((sign in PLAIN and sign not in "[]") or (sign[:1] == "\\" and sign[1:] in LETTERS))

    def _words(self, group: re.Pattern[str]) -> None:
        found = group.match(self.latex, self.at)
        if not found or not found[0].strip().isprintable():
            raise _Refused
        self.at = found.end()

    def _bracket(self) -> None:
        self._needs(self._next() in BRACKETS)

    def _environment(self) -> None:
        name = self._environment_name()
        self._needs(name in ENVIRONMENTS)
        if name == "array":
            found = _COLUMNS.match(self.latex, self.at)
            self._needs(found is not None)
            self.at = found.end() if found else 0
        self._until(r"\end")
        self._needs(self._environment_name() == name)

    def _environment_name(self) -> str:
        found = _ENVIRONMENT.match(self.latex, self.at)
        if not found:
            raise _Refused
        self.at = found.end()
        return found[1]

    def _needs(self, holds: bool) -> None:
        if not holds:
            raise _Refused
