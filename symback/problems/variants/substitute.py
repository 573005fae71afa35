"""How a value is written between its neighbours in a formula: with signs, ones, dots and brackets as on paper."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from symback.problems.file.parameters import Value


class Change(NamedTuple):
    """What is written for a value: its text, how many characters before it go, and how many after it."""

    text: str
    drop: int = 0
    skip: int = 0


_SIGNS = "+-\N{MINUS SIGN}"
_OPENING = "([{,;=<>:&\n"
_SPACING = re.compile(r"(?:[ \t~]|\\[,;:! ])+$")
_TIMES_BEFORE = re.compile(r"(?:(?<!\*)\*|[·×⋅]|\\(?:cdot|times|ast))$")
_TIMES_AFTER = re.compile(r"\*(?!\*)|[·×⋅]|\\(?:cdot|times|ast)(?![A-Za-z])")
_DIVIDED_BEFORE = re.compile(r"(?:[/÷]|\\div)$")
_RAISED_BEFORE = re.compile(r"(?:[\^_]|\*\*)$")
_RAISED_AFTER = re.compile(r"\^|\*\*|[⁰¹²³⁴-⁹⁺⁻!'′]")
_FACTOR_AFTER = re.compile(
    r"[^\W\d_]|[(√]|\{\{|\\(?:left(?![a-z])|[dt]?frac|sqrt|operatorname|math(?:rm|bf|it)"
    r"|sin|cos|tan|cot|sec|csc|arc|sinh|ln|log|exp|alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|v?theta|iota"
    r"|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|v?phi|varphi|vartheta|chi|psi|omega|vec|hat|bar|dot)"
)
_OTHER_FUNCTIONS = ("exp", "lg", "log2", "log10")


@lru_cache(maxsize=1)
def _head() -> re.Pattern[str]:
    """Return what matches a function at the end of a text, with its power or base: `sin^2`, `\\log_{2}`."""
    from symback.expr.functions import SPELLINGS

    words = "|".join(sorted((*SPELLINGS, *_OTHER_FUNCTIONS), key=len, reverse=True))
    power = r"[ \t]*(?:\^|\*\*)[ \t]*(?:\{[^{}]*\}|\([^()]*\)|-?\d+)|_\{[^{}]*\}|_\w+|[⁻⁰¹²³⁴-⁹]+"
    return re.compile(rf"(?<![A-Za-z])\\?(?:operatorname\{{(?:{words})\}}|{words})(?:{power})*$")


def written_between(value: Value, before: str, after: str, latex: bool = False) -> Change:
    """Return how a value is written between what is before and after it in a formula.

    >>> from symback.problems.file.parameters import value_of
    >>> written_between(value_of(-1), "x + ", "y")
    Change(text='- ', drop=2, skip=0)
    """
    left = _SPACING.sub("", before)
    if value.number is None:
        return Change(_word(value.text, before, left, after))
    right = after.lstrip(" \t")
    number = _Number(value, latex, right)
    if _in_a_shape(left) or left.endswith("."):
        return Change(value.text)
    if _RAISED_AFTER.match(right) or _RAISED_BEFORE.search(left):
        gap = "" if left.endswith("_") else number.gap()  # what follows an index belongs to the name
        return Change(number.raised(bool(_RAISED_BEFORE.search(left)), _after_number(before, left)) + gap)
    if _DIVIDED_BEFORE.search(left):
        return Change(number.kept() + number.gap())
    if left[-1:] and left[-1] in _SIGNS:
        return _after_sign(number, before, left, after)
    if _head().search(left):
        return _leading(number, after, " " if left == before else "")
    if _opens(left):
        return _leading(number, after)
    return _after_operand(number, before, left, after)


class _Number:
    """A number that is being written, with what follows it."""

    def __init__(self, value: Value, latex: bool, right: str) -> None:
        self.number = value.number or 0
        self.negative = self.number < 0
        self.size = value.text.removeprefix("-")
        self.is_fraction = "/" in self.size
        self.latex = latex
        self.right = right
        if self.is_fraction and latex:
            top, bottom = self.size.split("/")
            self.size = rf"\frac{{{top}}}{{{bottom}}}"

    @property
    def whole(self) -> str:
        return "-" * self.negative + self.size

    def gap(self) -> str:
        """Return the dot between this number and a digit that follows."""
        return self.dot() if self.right[:1].isdecimal() else ""

    def dot(self) -> str:
        return r" \cdot " if self.latex else "·"

    def kept(self) -> str:
        """Return the number in brackets where it has a sign or a fraction bar."""
        is_loose = self.negative or (self.is_fraction and not self.latex)
        return self.bracketed() if is_loose else self.size

    def bracketed(self) -> str:
        opening, closing = (r"\left(", r"\right)") if self.latex and self.is_fraction else ("(", ")")
        return f"{opening}{self.whole}{closing}"

    def raised(self, is_exponent: bool, dot_before: bool) -> str:
        """Return the number as an exponent, or as the base of one."""
        if is_exponent and self.latex:
            return self.whole if len(self.whole) == 1 else f"{{{self.whole}}}"
        text = self.bracketed() if self.negative or self.is_fraction else self.size
        return (self.dot() if dot_before and text[0].isdigit() and not is_exponent else "") + text

    def unsigned(self) -> str:
        """Return the size; a fraction in brackets where a product goes on."""
        goes_on = self.is_fraction and not self.latex and (_FACTOR_AFTER.match(self.right) or _goes_on(self.right))
        return f"({self.size})" if goes_on else self.size

    def skip_of_one(self, after: str) -> int:
        """Return how many characters to skip after a 1 that is left out; -1 where it has to be written."""
        if abs(self.number) != 1:
            return -1
        blanks = len(after) - len(self.right)
        times = _TIMES_AFTER.match(self.right)
        if times:
            rest = self.right[times.end() :]
            factor = rest.lstrip(" \t")
            if not _FACTOR_AFTER.match(factor):
                return -1  # a sign would be that of a sum, a digit would go with one before
            return blanks + times.end() + len(rest) - len(factor)
        return blanks if _FACTOR_AFTER.match(self.right) else -1


def _goes_on(right: str) -> bool:
    return bool(_TIMES_AFTER.match(right)) or right[:1] in ("/", "÷") or right[:1].isdigit()


def _leading(number: _Number, after: str, blank: str = "") -> Change:
    """Write a number where a term begins."""
    sign, skip = "-" * number.negative, number.skip_of_one(after)
    if skip >= 0:
        return Change(blank + sign, skip=skip)
    return Change(blank + sign + number.unsigned() + number.gap())


def _after_sign(number: _Number, before: str, left: str, after: str) -> Change:
    """Write a number after a plus or a minus: its own sign is merged with that one."""
    term = left[:-1].rstrip(" \t")
    is_operand = not _is_operator(term)
    keeps_one = _DIVIDED_BEFORE.search(term) or _RAISED_BEFORE.search(term)
    rest = Change(number.whole + number.gap()) if keeps_one else _leading(number, after)
    size = rest.text.removeprefix("-")
    if number.is_fraction and not number.latex and not is_operand and not size.startswith("("):
        gap = number.gap()
        size = (
            f"({size.removesuffix(gap)}){gap}"  # in x^-{{a}} and x/-{{a}} the bar of the fraction would reach further
        )
    if not number.negative:
        return rest._replace(text=size)
    is_plus, drop = left[-1] == "+", len(before) - len(left) + 1
    if term and not _opens(term) and is_operand:
        return Change(("-" if is_plus else "+") + before[len(left) :] + size, drop, rest.skip)
    return Change(("-" if is_plus else "") + size, drop, rest.skip)


def _after_operand(number: _Number, before: str, left: str, after: str) -> Change:
    """Write a number that multiplies what is before it."""
    adjoins_a_letter = left == before and (left[-1].isalpha() or left[-1] == "_")
    skip = -1 if adjoins_a_letter else number.skip_of_one(after)
    if skip >= 0 and not number.negative:
        return Change("", skip=skip)
    if number.negative or number.is_fraction or (adjoins_a_letter and "." in number.size):
        is_plain = number.latex and number.is_fraction and not number.negative
        dot = number.dot().lstrip(" " * (left != before)) if is_plain and _after_number(before, left) else ""
        return Change(dot + (number.size if is_plain else number.bracketed()))
    if not _after_number(before, left):
        return Change(number.size + number.gap())
    dot = number.dot() if left == before else number.dot().strip() + " "
    return Change(dot + number.size + number.gap())


def _after_number(before: str, left: str) -> bool:
    """Tell whether a digit here would go together with what is before it, or could not follow it."""
    if not left:
        return False
    return left[-1] in ")]}|!'" or left[-1].isnumeric() or (_is_operand(left) and left != before)


def _is_operand(left: str) -> bool:
    return bool(left) and not _opens(left) and not _is_operator(left) and left[-1] not in _SIGNS


def _is_operator(left: str) -> bool:
    patterns = (_TIMES_BEFORE, _DIVIDED_BEFORE, _RAISED_BEFORE, _head())
    return any(pattern.search(left) for pattern in patterns)


def _opens(left: str) -> bool:
    """Tell whether a term begins here, so that a minus may be written."""
    if not left or left[-1] in _OPENING or left.endswith("\\\\"):
        return True
    return left[-1] == "|" and left.count("|") == 1


def _in_a_shape(left: str) -> bool:
    """Tell whether this is the line of a graph that says a shape, such as `W: 3x{{n}}`, or a range `1..{{n}}`."""
    line = re.split(r"[\n;]", left)[-1]
    return (":" in line and "=" not in line and "\\" not in line) or line.lstrip().startswith("for ")


def _word(word: str, before: str, left: str, after: str) -> str:
    """Return a value that is not a number: a name or the name of a function as it is, anything longer in brackets."""
    right = after.lstrip(" \t")
    if re.fullmatch(r"\\?\w+", word):
        start = " " if before[-1:].isalnum() and word[0].isalpha() else ""
        return start + word + (" " if right[:1].isalnum() and right == after else "")
    stands_alone = _opens(left) and (not right or right[0] in ")]},;=\n+-")
    return word if stands_alone else f"({word})"
