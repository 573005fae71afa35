r"""Numbers and arrays that were computed, in LaTeX."""

from __future__ import annotations

from typing import Any

from symback.render.quantities import is_abridged, is_array, number, rows_of, shape_of


def value_in_latex(value: Any) -> str:
    """Return a number, a vector in round brackets, or a matrix; a large one abridged, with its shape below."""
    if not is_array(value):
        return number_in_latex(number(value))
    shape = shape_of(value)
    if 0 in shape:
        return r"\left(\right)"
    rows = [[number_in_latex(cell) for cell in row] for row in rows_of(value)]
    below = "_{" + r" \times ".join(map(str, shape)) + "}" if is_abridged(value) else ""
    if len(shape) == 1:
        return rf"\left({', '.join(rows[0])}\right){below}"
    cells = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{pmatrix}} {cells} \end{{pmatrix}}{below}"


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
        return rf"{sign}{mantissa} \cdot 10^{{{exponent}}}"
    return sign + digits
