"""Every kind of result in every format: a text of that format, or one error that names the formats that there are."""

import json
import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from io import StringIO
from typing import Any

import nbformat
import pytest
from rich.console import Console

import symback
from symback import Graph
from symback.calculus.alternatives import alternatives
from symback.calculus.showing import show
from symback.errors import UsageError
from symback.graph.forward_table import forward_table
from symback.page import DOCUMENTS, FORMATS, PICTURES, SHEETS, render
from symback.page.kinds import FILES
from symback.page.solution import Document, Solution, Work
from symback.page.writers import FORMATS as OF_SHEETS
from symback.problems import work as solve_problem
from symback.problems.exercises.choices import Chosen, Option
from symback.problems.exercises.prose import DoesNotExist, Prose
from symback.problems.file.sheet import Problem
from symback.products import products
from symback.result import Result
from symback.train.history import DONE, History

NEURON = "d = 2b; e = a + d; L = c e"
LAYER = "W: 2 x 3; x: 3; y = tanh(W @ x)"
AT = {"a": 3, "b": 1, "c": -2}

RESULTS: dict[str, Callable[[], Any]] = {
    "derivative": lambda: symback.derive("3x^2 sin(y x)", "x"),
    "derivative at a point": lambda: symback.derive("x^2", "x", at={"x": 2}),
    "cases": lambda: symback.derive("abs(x) x", "x"),
    "unknown function": lambda: symback.derive("f(x) x", "x"),
    "value": lambda: symback.evaluate("sqrt(x)", at={"x": 2}),
    "gradient": lambda: symback.gradient("x y^2", at={"x": 1, "y": 2}),
    "jacobian": lambda: symback.jacobian("x y; x + y"),
    "hessian": lambda: symback.hessian("x^2 y"),
    "directional": lambda: symback.directional("x^2 y", ["x", "y"], [3, 4], at={"x": 1, "y": 2}),
    "differences": lambda: symback.difference_table("x^2", at={"x": 1}),
    "alternatives": lambda: alternatives("(x + 1)/x^2"),
    "integral": lambda: symback.integrate("x e^(x^2)"),
    "integral between limits": lambda: symback.integrate("x^2", limits=(0, 1)),
    "limit": lambda: symback.limit("sin(3x)/x", "x", 0),
    "limit by sides": lambda: symback.limit("1/x", "x", 0),
    "extrema": lambda: symback.extrema("x^3 - 3x", "x", on=(0, 2)),
    "extrema of two variables": lambda: symback.extrema("x^3 + y^3 - 3x y"),
    "extrema under a constraint": lambda: symback.extrema("x y", subject_to="x^2 + y^2 = 8"),
    "implicit": lambda: symback.implicit("x^2 + y^2 = 25", "x", order=2, at={"x": 3, "y": 4}),
    "tangent": lambda: symback.tangent("x^2", {"x": 2}, normal=True, near={"x": 2.1}),
    "taylor": lambda: symback.taylor("ln x", "x", 1, 3),
    "by definition": lambda: symback.derive("sqrt(x)", strategy="definition"),
    "logarithmic": lambda: symback.derive("x^x", strategy="logarithmic", at={"x": 2}),
    "parametric": lambda: symback.derive("x = t^2; y = t^3 - t", "x", of="y", order=2, at={"t": 2}),
    "inverse": lambda: symback.derive("x^3 + x", inverse=True, at={"y": 10}),
    "products": lambda: products({"A": [[1, 2], [3, 4]], "x": [5, 6], "y": [1, 2, 3]}, ["A x", "x . x", "A y"]),
    "graph": lambda: Graph(NEURON),
    "backprop": lambda: Graph(NEURON).backprop(),
    "backprop with values": lambda: Graph(NEURON).backprop(at=AT, lr=0.1),
    "forward table": lambda: forward_table(Graph(NEURON), [AT, AT | {"a": 4}]),
    "array jacobian": lambda: Graph(LAYER).jacobian(),
    "array hessian": lambda: Graph("x: 2; L = sum(x^3)").hessian(),
    "training": lambda: History((4.0, 1.0, 0.5), {"w": 2.0}, DONE, title="A line"),
    "working": lambda: symback.check_working("d/dx [sin(x^2)]\n= 2x cos x^2\n= cos(x^2)\n= 2x +"),
    "prose": lambda: Prose("Because $x^2$ is *even*."),
    "choice": lambda: Chosen((Option("$4$"), Option("$7$")), 2),
    "choice of expressions": lambda: solved("choice", {"expr": "x^2 sin x", "distractors": 2})[0],
    "identity": lambda: show("d/dx [1/(1 + e^-x)]", "s(x)(1 - s(x))", "s(x) = 1/(1 + e^-x)"),
    "sides that differ": lambda: show("d/dx [x^2]", "3x"),
    "what does not exist": lambda: DoesNotExist("The slope is -1 on one side and 1 on the other."),
    "steps of descent": lambda: solved("train", TRAINING)[1],
    "given values": lambda: solved("derive", {"expr": "f(x) x", "wrt": "x", "at": {"x": 2}, "given": GIVEN})[0],
    "problem with parts": lambda: _with_parts(),
    "solution": lambda: _document().solutions[0],
    "document": lambda: _document(),
}
IN_WORDS = {"prose": "even", "choice": "Option 2", "what does not exist": "on one side"}  # no formula apart
EVERY = (*FORMATS, *DOCUMENTS, *SHEETS, *PICTURES, "npz")
HAVE_PICTURES = {
    "graph": {"svg", "dot"},
    "backprop": {"svg", "dot"},
    "backprop with values": {"svg", "dot"},
    "training": {"svg", "npz"},
    "gradient": {"svg"},
    "hessian": {"svg"},
    "directional": {"svg"},
}


TRAINING = {"graph": "L = mse(w x, y)", "data": {"x": [1, 2], "y": [2, 3]}, "epochs": 2, "show": "steps"}
GIVEN = {"f(2)": 3, "f'(2)": "1/2"}


def solved(kind: str, asked: dict[str, Any]) -> list[Any]:
    return [work.thing for work in solve_problem(Problem("p1", 1, "", kind, asked=asked)).works]


def _with_parts() -> Solution:
    first = Problem("p1a", 1, "", "derive", asked={"expr": "x^2"}, label="a")
    second = Problem("p1b", 2, "", "evaluate", asked={"expr": "{a} + 1", "at": {"x": 2}}, label="b")
    return solve_problem(Problem("p1", 1, "Two parts", "parts", parts=(first, second)))


def _document() -> Document:
    derivation = symback.derive("x^2", "x")
    work = Work(derivation, derivation.verify())
    return Document("", "A sheet", solutions=(Solution("p1", "A power", "derive", works=(work,)),))


@cache
def result(name: str) -> Any:
    return RESULTS[name]()


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)


def _is_notebook(text: str) -> bool:
    nbformat.validate(nbformat.reads(text, as_version=4))  # type: ignore[no-untyped-call]
    return True


IS: dict[str, Callable[[Any], bool]] = {  # whether what was written is of the format
    "text": lambda text: bool(text.strip()) and "\x1b" not in text,
    "markdown": lambda text: bool(text.strip()),
    "latex": lambda text: r"\begin{" in text,
    "json": lambda text: isinstance(json.loads(text), dict),
    "html": lambda text: text.startswith("<!") and {"html", "title", "body"} <= _Tags(text).seen,
    "typst": lambda text: text.startswith(("#", "//")),
    "pdf": lambda written: written.startswith(b"%PDF"),
    "notebook": _is_notebook,
    "png": lambda written: written.startswith(b"\x89PNG"),
    "anki": lambda text: text.startswith("#separator"),
    "moodle": lambda text: text.startswith("<?xml"),
    "stack": lambda text: text.startswith("<?xml"),
    "svg": lambda text: text.lstrip().startswith("<svg"),
    "dot": lambda text: text.startswith("digraph"),
    "npz": lambda written: written.startswith(b"PK"),
}


@pytest.mark.parametrize("format_", EVERY)
@pytest.mark.parametrize("name", RESULTS)
def test_every_result_in_every_format(name: str, format_: str) -> None:
    if format_ in (*PICTURES, "npz") and format_ not in HAVE_PICTURES.get(name, ()):
        with pytest.raises(UsageError) as caught:
            render(result(name), format_)
        assert {"markdown", "latex", "json"} <= set(re.findall(r"\w+", caught.value.hint))
        return
    written = render(result(name), format_)
    assert IN_WORDS[name] in written if name in IN_WORDS and format_ == "latex" else IS[format_](written)


def test_the_matrix_holds_every_kind_and_every_format() -> None:
    kinds = {result(name).kind for name in RESULTS}
    assert set(FILES) <= kinds
    assert set(OF_SHEETS) <= set(EVERY) == set(IS)


def test_an_unknown_format_is_refused() -> None:
    for name in RESULTS:
        with pytest.raises(UsageError, match="asciidoc"):
            render(result(name), "asciidoc")


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(TypeError, match="A dict cannot be shown"):
        render({}, "text")


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_shows_itself(name: str) -> None:
    shown = result(name)
    assert isinstance(shown, Result)
    assert re.fullmatch(r"<[A-Z]\w+: .+>", repr(shown))
    assert len(repr(shown)) <= 120
    assert str(shown) == render(shown, "text")
    found = shown._repr_mimebundle_()
    assert found["text/plain"] == str(shown)
    assert found["text/html"].startswith('<div class="symback"><style>')
    assert "<math" in found["text/html"] or shown.kind in ("matrix", "does not exist")
    assert "image/svg+xml" not in found or "<svg" in found["text/html"]
    assert found["text/latex"] == shown._repr_latex_()
    assert found["text/markdown"] == shown._repr_markdown_()
    assert list(shown._repr_mimebundle_(include=["text/latex"])) == ["text/latex"]
    assert "text/html" not in shown._repr_mimebundle_(exclude=["text/html"])


@pytest.mark.parametrize("name", RESULTS)
def test_rich_prints_the_lines(name: str) -> None:
    out = StringIO()
    Console(file=out, width=80).print(result(name))
    assert out.getvalue().split() == str(render(result(name), "text", width=80)).split()
    assert max(map(len, out.getvalue().splitlines())) <= 80


def test_a_repr_is_cut() -> None:
    long = symback.derive(" + ".join(f"x^{k}" for k in range(2, 60)), "x")
    assert len(repr(long)) == 120
    assert repr(long).endswith("…>")


def test_ipython_shows_all_of_it_or_one_line_in_a_list() -> None:
    class Printer:
        indentation = 0
        written = ""

        def text(self, words: str) -> None:
            self.written = words

    derivation, printer = symback.derive("x^2", "x"), Printer()
    derivation._repr_pretty_(printer, False)
    assert printer.written == str(derivation)
    printer.indentation = 1
    derivation._repr_pretty_(printer, False)
    assert printer.written == "<Derivation: d/dx [x^2] = 2x>"
