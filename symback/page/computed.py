r"""Numbers and arrays that were computed, as formulas: rounded, and large arrays abridged."""

from __future__ import annotations

from typing import Any

from symback.page.formula.value import Formula, in_brackets, matrix, spelled
from symback.page.notation import Notation
from symback.page.quantities import is_abridged, is_array, number, quantity, rows_of, shape_of


class Array:
    """An array that was computed, as a part of a formula."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def write(self, notation: Notation) -> str:
        if notation.name == "latex":
            return value_in_latex(self.value)
        written = quantity(self.value)
        return written if notation.name == "unicode" else written.replace("…", "...")


def computed(value: Any) -> Formula:
    """Return a number or an array as a formula."""
    return Formula(Array(value)) if is_array(value) else number_formula(number(value))


def array_of(shown: Formula) -> Any:
    """Return the array that a formula is; None where it is something else."""
    only = shown.parts[0] if len(shown.parts) == 1 else None
    return only.value if isinstance(only, Array) else None


def number_formula(written: str) -> Formula:
    """Return a number as a formula, by what it is written as."""
    return spelled(written, written, number_in_latex(written))


def value_in_latex(value: Any) -> str:
    """Return a number, a vector in round brackets, or a matrix; a large one abridged, with its shape below."""
    if not is_array(value):
        return number_in_latex(number(value))
    shape = shape_of(value)
    if 0 in shape:
        return r"\left(\right)"
    rows = [[number_in_latex(cell) for cell in row] for row in rows_of(value)]
    below = "_{" + r" \times ".join(map(str, shape)) + "}" if is_abridged(value) else ""
    return (in_brackets(rows[0]) if len(shape) == 1 else matrix(rows)) + below


def number_in_latex(written: str) -> str:
    r"""Return a number, fraction, power of ten or list of them as LaTeX writes it.

    >>> print(number_in_latex("-1/3"), number_in_latex("2e-11"), number_in_latex("0.5"))
    -\frac{1}{3} 2 \cdot 10^{-11} 0.5
    """
    if written in ("nan", "∞", "-∞", "…"):
        return {"nan": r"\text{nan}", "∞": r"\infty", "-∞": r"-\infty", "…": r"\cdots"}[written]
    sign, digits = ("-", written[1:]) if written.startswith("-") else ("", written)
    if "/" in digits:
        return rf"{sign}\frac{{{digits.replace('/', '}{')}}}"
    if "e" in digits:
        mantissa, exponent = digits.split("e")
        return rf"{sign}{mantissa} \cdot 10^{{{int(exponent)}}}"
    return sign + digits
