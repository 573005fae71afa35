"""Notebooks: valid, the same every time, every cell runs with and without the package, and words stay words."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import symback
from symback.page.page import Cover
from symback.page.solution import Solution
from symback.page.writers import notebook
from symback.page.writers.calls import call_of
from tests.page.sheets import AT, HOSTILE, NETWORK, Page, section_with, sheet, squeezed, works

ROOT = Path(symback.__file__).parents[1]


def cells(show: str = "steps") -> dict[str, dict[str, Any]]:
    return {cell["id"]: cell for cell in json.loads(sheet().render("notebook", show))["cells"]}


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


# --- the file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("show", ["problems", "hints", "answers", "steps"])
def test_it_is_a_notebook(show: str) -> None:
    nbformat = pytest.importorskip("nbformat")
    text = sheet().render("notebook", show)
    read = nbformat.reads(text, as_version=4)
    nbformat.validate(read)
    assert (read.nbformat, read.nbformat_minor, read.metadata.kernelspec.name) == (4, 5, "python3")
    assert nbformat.writes(read) + "\n" == text  # as Jupyter itself writes it
    assert text == sheet().render("notebook", show)


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("problems", ["problem", "check"]),
        ("hints", ["problem", "hints", "check"]),
        ("answers", ["problem", "hints", "answer", "check", "symback"]),
        ("steps", ["problem", "hints", "answer", "steps", "check", "symback"]),
    ],
)
def test_the_cells_of_a_problem(show: str, shown: list[str]) -> None:
    assert [name for name in cells(show) if name.startswith("problem-1-")] == [f"problem-1-{part}" for part in shown]


def test_what_stands_in_them() -> None:
    found = cells()
    assert source(found["title"]) == "# Slopes & gradients\n\nAn *introduction* with $e^x$.".replace("&", r"\&")
    assert source(found["problem-1-problem"]).startswith(
        "## 1. A gradient (2 points)\n\nIt costs <span>&#36;</span>5.\n\n$$"
    )
    assert source(found["problem-1-hints"]).startswith("> **Hint:** Use the **power rule** on $x^2/2$.")
    assert r"&& \text{sum rule}" in source(found["problem-1-steps"])
    assert '<img src="data:image/svg+xml;base64,' in source(found["problem-1-steps"])
    assert "**Error:**" in source(found["problem-7-steps"])
    assert not [name for name in found if name.startswith("problem-7-") and found[name]["cell_type"] == "code"]


# --- running ------------------------------------------------------------------------------------------------------

RUN = """
import json, sys
for name in json.loads(sys.argv[1]):
    sys.modules[name] = None  # as if it were not installed
sys.path[:0] = json.loads(sys.argv[2])
for cell in json.load(sys.stdin)["cells"]:
    if cell["cell_type"] == "code":
        exec("".join(cell["source"]))
"""


def run(text: str, folder: Path, missing: tuple[str, ...] = ("symback",), path: tuple[str, ...] = ()) -> str:
    """Run all cells in one fresh process far from the package, and return what they print."""
    command = [sys.executable, "-I", "-W", "error", "-c", RUN, json.dumps(missing), json.dumps(path)]
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=folder, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_runs_without_the_package(tmp_path: Path) -> None:
    printed = run(sheet().render("notebook"), tmp_path)
    assert "by x at (-0.8, 0.4): -0.8 by differences, -0.8 by the answer: they agree" in printed
    assert printed.count("Skipped: symback is not installed") == 6
    assert "by W1: differences and answer are at most" in printed
    assert printed.count("they agree") == 3 * 2 + 2 + 2 * 2 + 1 + 2 + 3
    assert "DIFFER" not in printed


def test_it_runs_without_numpy(tmp_path: Path) -> None:
    printed = run(sheet().render("notebook"), tmp_path, missing=("symback", "numpy"))
    assert "Skipped: this check needs NumPy (pip install numpy)." in printed


def test_it_runs_with_the_package(tmp_path: Path) -> None:
    """The cell that uses the package works the same problem again."""
    paths = tuple(dict.fromkeys([str(ROOT), *filter(None, sys.path)]))
    printed = run(sheet().render("notebook"), tmp_path, missing=(), path=paths)
    assert "Skipped" not in printed
    assert "sum rule" in printed
    assert "6xy e^(2x) (x + 1)" in printed


def test_a_student_writes_the_answers(tmp_path: Path) -> None:
    text = sheet().render("notebook", "problems")
    assert "3.0*v0*v1*exp" not in text
    printed = run(text, tmp_path)
    assert printed.count("write your own answer above") == 2 + 1 + 2 + 1 + 2 + 3
    own = text.replace("return None  # write your own answer here", "return v0")
    assert "by x at (-0.8, 0.4): -0.8 by differences, -0.8 by the answer: they agree" in run(own, tmp_path)
    assert "by y at (-0.8, 0.4): 0.8 by differences, -0.8 by the answer: THEY DIFFER" in run(own, tmp_path)


# --- checks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("things", "lines"),
    [
        ([symback.derive("3x^2 y", "x")], ["def answer(v0, v1):  # by x\n    return 6.0*v0*v1"]),
        ([symback.gradient("x y^2 + 3x^2 z")], ["def f(v0, v1, v2):\n    return v0*(v1*v1) + 3.0*(v0*v0)*v2\n"]),
        ([symback.derive("ln x", "x")], ["from math import log", "points = [(0.7,), (1.3,)]"]),
        ([symback.derive("arcsin x", "x")], ["points = [(0.7,), (-0.6,)]"]),
        ([symback.derive("ln(-x)", "x")], ["points = [(-0.6,), (-1.4,)]"]),
        ([symback.derive("x^5", "x", order=3)], ["('by x, x, x', f, (0, 0, 0), 0.001, answer)"]),
        ([symback.hessian("x^2 y", ["x", "y"])], ["('by x, y', f, (0, 1), 0.0001, answer2)"]),
        ([symback.jacobian("x y; x + y", "x,y")], ["def f2(v0, v1):", "('f2 by y', f2, (1,), 1e-05, answer4)"]),
        ([symback.evaluate("x ln y", {"x": 3, "y": 2})], ["points = [(3.0, 2.0)]", "('value', f, (), 0.0, answer)"]),
        ([symback.derive("lambda x + w_{12}^{[1]}", "x")], ["# v0 is lambda, v1 is w12^[1], v2 is x"]),
        ([symback.Graph("L = c (a + 2b)").backprop(at={"a": 3, "b": 1, "c": -2}, wrt=["b"])], ["(2,), 1e-05, -4.0)"]),
    ],
)  # fmt: skip
def test_checks(things: list[Any], lines: list[str], tmp_path: Path) -> None:
    (code,) = notebook.checks_of(things, reveal=True)
    assert [line for line in lines if line not in code] == []
    printed = run(json.dumps({"cells": [{"cell_type": "code", "source": [code]}]}), tmp_path)
    assert "they agree" in printed
    assert "DIFFER" not in printed


LOOP = "for t in 1..2:\n  h[t] = w x[t] + h[t-1]\n  L += (h[t] - y[t])^2"


@pytest.mark.parametrize(
    ("graph", "at", "wrt", "more"),
    [
        (NETWORK, AT, ["W1", "b1", "W2", "x"], {}),
        (NETWORK, AT, ["W1"], {"layout": "numerator"}),
        ("L = cross_entropy(softmax(X @ W), y)", {"X": [[1, 2], [3, 1]], "W": [[1], [0]], "y": [0, 0]}, ["W"], {}),
        ("L = bce(sigmoid(X @ w + b), y)", {"X": [[1, 2], [0, 1]], "w": [0.5, -0.5], "b": 0, "y": [0, 1]}, ["b"], {}),
        ("L = cross_entropy(p, y)", {"p": [[0.25, 0.75]], "y": [[0, 1]]}, ["p"], {}),
        ("L = sum(max(x, 0) + |x| + tanh(x))", {"x": [1, -2]}, ["x"], {}),
        (LOOP, {"x": [1, 2], "y": [1, 0], "w": 0.3, "h[0]": 0.1}, ["w", "h[0]"], {}),
        ("L = sum(x^2)/3", {"x": [Fraction(1, 2), Fraction(1, 3)]}, ["x"], {"exact": True}),
    ],
)  # fmt: skip
def test_checks_of_arrays(graph: str, at: dict[str, Any], wrt: list[str], more: Any, tmp_path: Path) -> None:
    thing = symback.Graph(graph, [*at]).backprop(at=at, wrt=wrt, **more)
    (code,) = notebook.checks_of([thing], reveal=True)
    printed = run(json.dumps({"cells": [{"cell_type": "code", "source": [code]}]}), tmp_path)
    assert printed.count("they agree") == len(wrt)
    assert "DIFFER" not in printed


@pytest.mark.parametrize(
    "thing",
    [
        symback.derive("f(x)", "x"),
        symback.derive("x^6", "x", order=5),
        symback.Graph("L = a b").backprop(),
        symback.Graph("L = sum(erf(x))").backprop(at={"x": [1, 2]}),
        symback.Graph("def g(t) = t^2; def g'(t) = t; L = g(a)").backprop(at={"a": 3}),
        symback.Graph("L = sum(x)").backprop(at={"x": [1] * 200}),
    ],
    ids=["unknown function", "order 5", "no numbers", "erf", "a derivative that was given", "large"],
)
def test_no_check_where_numbers_say_nothing(thing: Any) -> None:
    assert list(notebook.checks_of([thing], reveal=True)) == []


def test_works_of_several_kinds() -> None:
    """Derivations are checked together, each backward pass by itself, and what else there is not at all."""
    graph = symback.Graph("L = a^2")
    things = [
        symback.derive("x^2", "x"),
        graph.backprop(at={"a": 3}),
        symback.derive("x^3", "x"),
        graph,
        graph.backprop(),
    ]
    first, second = notebook.checks_of(things, reveal=True)
    assert "def answer2(v0):" in first
    assert "by a" in second
    part = json.loads(notebook.part(Solution("p1", "", "derive", works=works(*things)), section_with("x"), "steps"))
    assert [cell["id"] for cell in part if cell["cell_type"] == "code"] == ["check", "check-2", "symback"]


# --- calls --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("thing", "call"),
    [
        (symback.derive("3x^2 y", "x"), "symback.derive('3x^2 y', ['x'])"),
        (symback.derive("x^2 y", ["x", "y"], strategy="literal"),
         "symback.derive('x^2 y', ['x', 'y'], strategy='literal')"),
        (symback.derive("loss^2", "loss", names=["loss"], at={"loss": "1/2"}),
         "symback.derive('loss^2', ['loss'], at={'loss': '1/2'}, names=['loss'])"),
        (symback.evaluate("x^2", {"x": 3}), "symback.evaluate('x^2', at={'x': '3'})"),
        (symback.jacobian("x y; x + y", "x,y"), "symback.jacobian(['x y', 'x + y'], ['x', 'y'])"),
        (symback.hessian("x^2 y", "x,y"), "symback.hessian('x^2 y', ['x', 'y'])"),
        (symback.directional("x^2 + y^2", "x,y", (3, -4), at={"x": 1, "y": 2}),
         "symback.directional('x^2 + y^2', ['x', 'y'], ['3', '-4'], at={'x': '1', 'y': '2'})"),
        (symback.Graph("L = a b").backprop(at={"a": 1, "b": 2}, lr=0.5),
         "symback.Graph('L = a b').backprop('L', at={'a': 1.0, 'b': 2.0}, wrt=['a', 'b'], lr=0.5)"),
        (symback.derive("u = x^2; y = sin(u)", "x"), "symback.derive('sin(x^2)', ['x'])"),
    ],
)  # fmt: skip
def test_calls(thing: Any, call: str) -> None:
    written = call_of(thing)
    assert re.sub(r"\s", "", written) == re.sub(r"\s", "", call)
    again = eval(written, {"symback": symback})  # noqa: S307
    assert str(again) == str(thing) or "u = " in thing.source


# --- words --------------------------------------------------------------------------------------------------------


# code, our own formulas, and whatever stands behind a backslash but what begins a formula
NO_WORDS = re.compile(r"(?s)\\[^$\\]|(`+)(?!`).*?(?<!`)\1(?!`)|\$\$\n.*?\n\$\$|\$x \\lt\s+y\$")


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(words: str) -> None:
    nbformat = pytest.importorskip("nbformat")
    markdown_it = pytest.importorskip("markdown_it")
    part = notebook.part(Solution("p1", words, "derive"), section_with(words), "steps")
    text = notebook.document(Cover(words), [part])
    nbformat.validate(nbformat.reads(text, as_version=4))
    for cell in json.loads(text)["cells"]:
        shown = source(cell)
        without = re.sub(NO_WORDS, "", shown)
        assert "$" not in without
        assert not re.search(r"\\\\[(\[]", without)  # which notebooks take for the beginning of a formula
        page = Page(markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table").render(shown))
        assert not {"script", "iframe", "input"} & set(page.elements)
        assert {name for name, _ in page.attributes} <= {"href", "src", "alt", "class", "start"}
        assert not [
            v for n, v in page.attributes if n in ("href", "src") and not v.startswith(("https:", "data:image/svg"))
        ]
        assert squeezed(words) in squeezed(page.text)
