r"""Backpropagation in LaTeX: the forward pass, the gradients with their laws and the update, each an `align*`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from symback.render.backprop.story import (
    Backward,
    backward_rows,
    check_words,
    formulas,
    forward_rows,
    transposed_rows,
    updates,
)
from symback.render.latex_rows import WIDEST, block, equation_rows, escaped, sentences, signs, text_in_maths
from symback.render.maths import latex
from symback.render.options import Options, kind_of
from symback.render.quantities import is_abridged, is_array, number, rate, rows_of, shape_of
from symback.render.shapes import with_elementwise_signs
from symback.tree import Tree, symbol

Written = Callable[[Tree], str]


class Display(NamedTuple):
    """The rows of one display and the heading above it."""

    heading: str
    rows: list[str]


def render(thing: Any, options: Options) -> str:
    """Return a graph or a backpropagation as a LaTeX fragment."""
    is_graph = kind_of(thing) == "graph"
    shown = (graph_displays if is_graph else displays)(thing, options)
    parts = [f"{escaped(display.heading)}:\n{block('align*', display.rows)}" for display in shown]
    said = [] if is_graph else check_said(thing)
    return "\n".join([*parts, *sentences(said, thing.notes if options.notes else ())])


def displays(b: Any, options: Options) -> Iterator[Display]:
    """Yield the forward pass, the backward pass and the update."""
    written = writer(b)
    yield Display("Forward pass", list(_forward(b, written)))
    yield Display("Backward pass", list(_backward(backward_rows(b, options.detail), options, written)))
    others = list(_backward(transposed_rows(b), options, written))
    if others:
        yield Display(f"In {b.layout} layout", others)
    rows = list(_updates(b, written))
    if rows:
        yield Display("Update", rows)


def graph_displays(graph: Any, options: Options) -> Iterator[Display]:
    """Yield the nodes of a graph with their formulas."""
    written = writer(graph)
    rows = [
        row for name, formula in formulas(graph).items() for row in _equation(written(symbol(name)), [written(formula)])
    ]
    yield Display("Graph", rows)


def check_said(b: Any) -> list[str]:
    """Return the gradient check as a sentence, if there was one."""
    return [check_words(b.check)] if b.check is not None else []


def writer(thing: Any) -> Written:
    r"""Return how expressions on a graph are written: an elementwise product of arrays has the sign \odot."""
    return lambda tree: latex(with_elementwise_signs(tree, thing.shapes), several=True)


# --- rows ---------------------------------------------------------------------------------------------------------


def _equation(left: str, links: list[str], reason: str = "") -> Iterator[str]:
    lead = f"{left} &= "
    yield from equation_rows(lead, " = ".join(links), reason, WIDEST - signs(lead))


def _forward(b: Any, written: Written) -> Iterator[str]:
    for row in forward_rows(b):
        value = [] if row.value is None else [value_in_latex(row.value)]
        yield from _equation(written(row.symbol), [written(row.formula), *value])


def _backward(rows: Iterable[Backward], options: Options, written: Written) -> Iterator[str]:
    for row in rows:
        value = [] if row.value is None else [value_in_latex(row.value)]
        shapes = [_shape_line(row.shapes)] if row.shapes else []
        if options.detail != "full":
            laws = [text_in_maths(", ".join(row.laws))] if row.laws else []
            yield from _equation(written(row.left), [*map(written, row.lines), *value], r",\ ".join([*laws, *shapes]))
            continue
        left = written(row.left)
        for i, (line, reasons) in enumerate(zip(row.lines, row.reasons, strict=True)):
            is_last = i == len(row.lines) - 1
            parts = [text_in_maths(", ".join(reasons))] if reasons else []
            links = [written(line), *(value if is_last else [])]
            yield from _equation(left, links, r",\ ".join([*parts, *(shapes if is_last else [])]))
            left = ""


def _shape_line(line: str) -> str:
    if line.startswith("shape "):
        return rf"\text{{shape}}\ {_shape_line(line.removeprefix('shape '))}"
    return line.replace("x", r" \times ").replace(")(", r")\,(")


def _updates(b: Any, written: Written) -> Iterator[str]:
    for step in updates(b):
        name, by = written(step.symbol), _factor(number_in_latex(rate(step.rate)))
        gradient = written(step.left) if is_array(step.gradient) else _factor(number_in_latex(number(step.gradient)))
        new = rf"{name}^{{\text{{new}}}}" if "^" not in name else rf"\left({name}\right)^{{\text{{new}}}}"
        yield from _equation(new, [rf"{name} - {by} \cdot {gradient}", value_in_latex(step.new)])


def _factor(written: str) -> str:
    return rf"\left({written}\right)" if written.startswith("-") else written


# --- numbers and arrays -------------------------------------------------------------------------------------------


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
