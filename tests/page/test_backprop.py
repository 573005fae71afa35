"""Backpropagation written out, line for line, in every format."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from textwrap import dedent
from typing import Any

import pytest

from symback.graph.backprop import Backprop
from symback.graph.graph import Graph
from symback.graph.language.reader import parse_expression
from symback.page import render
from symback.page.backprop.lines import are_many
from symback.page.backprop.rows import backward_rows
from symback.page.layout import padded, visible

AT = {"a": 3, "b": 1, "c": -2}
EXAMPLE = Graph("d = 2b; e = a + d; L = c e")
TWO_PATHS = Graph("c = a + b; d = b + 1; e = c d")
LAYER = Graph("z = W @ x + b; L = norm2(z)")
LAYER_AT = {"W": [[1, 0], [2, -1], [0, 3]], "x": [1, 2], "b": [0, 0, 1]}
NEURON = Graph("o1 = sigma(w1 x + b1); yhat = sigma(x + w2 o1); L = (yhat - y)^2")
NEURON_AT = {"x": 1, "y": 1, "w1": "1/2", "w2": -2, "b1": -0.5}


def block(text: str) -> str:
    return "\n".join("  " + line if line else "" for line in dedent(text).strip("\n").splitlines())


def checked(b: Backprop, worst: float = 2e-11) -> Backprop:
    """Return the backpropagation with one worst error on every machine."""
    assert b.check is not None
    assert b.check.verdict == "verified"
    return replace(b, check=replace(b.check, worst_error=worst))


EXAMPLE_AT = checked(EXAMPLE.backprop(at=AT, lr=0.1))


# --- terminal -------------------------------------------------------------------------------------------------------


def test_the_example_of_the_design() -> None:
    assert render(EXAMPLE_AT, width=100) == block("""
        forward    d = 2b = 2 · 1    =   2
                   e = a + d = 3 + 2 =   5
                   L = c e = -2 · 5  = -10

        backward   ∂L/∂e = ∂L/∂L · ∂L/∂e = 1 · c = c             = -2    seed, constant multiple rule
                   ∂L/∂d = ∂L/∂e · ∂e/∂d = c · 1 = c             = -2    sum rule
                   ∂L/∂c = ∂L/∂L · ∂L/∂c = 1 · e = e             =  5    seed, constant multiple rule
                   ∂L/∂a = ∂L/∂e · ∂e/∂a = c · 1 = c             = -2    sum rule
                   ∂L/∂b = ∂L/∂d · ∂d/∂b = c · 2 = 2c = 2 · (-2) = -4    constant multiple rule

        update     b_new = b - 0.1·(-4) =  1.4
                   a_new = a - 0.1·(-2) =  3.2
                   c_new = c - 0.1·5    = -2.5
        ✓ gradient check: worst error 2e-11
    """)


def test_in_ascii_and_brief() -> None:
    shown = render(EXAMPLE_AT, "text", "brief", width=80, unicode=False)
    assert shown.isascii()
    assert (
        block("""
        backward   dL/de = c  = -2    seed, constant multiple rule
                   dL/dd = c  = -2    sum rule
                   dL/dc = e  =  5    seed, constant multiple rule
                   dL/da = c  = -2    sum rule
                   dL/db = 2c = -4    constant multiple rule
    """)
        in shown
    )
    assert shown.endswith("\n  gradient check: worst error 2e-11")


def test_every_step_has_a_line_of_its_own() -> None:
    shown = render(EXAMPLE.backprop(wrt=["e"]), "text", "full", width=100)
    assert shown == block("""
        forward    d = 2b
                   e = a + d
                   L = c e

        backward   ∂L/∂e = ∂L/∂L · ∂L/∂e       chain rule
                         = 1 · ∂L/∂e           seed
                         = 1 · ∂/∂e [c e]      local derivative
                         = 1 · c · ∂/∂e [e]    constant multiple rule
                         = 1 · c · 1           identity rule
                         = 1 · c               multiply by one
                         = c                   multiply by one
        ✓ gradient check at random values: worst error 0
    """)


def test_a_sum_over_paths() -> None:
    shown = render(TWO_PATHS.backprop(at={"a": 2, "b": 1}), width=130)
    row = "∂e/∂b = ∂e/∂c · ∂c/∂b + ∂e/∂d · ∂d/∂b = d + c = 2 + 3 = 5    sum over 2 paths, sum rule"
    assert row in " ".join(shown.split(" ")).replace("  =", " =")


def test_a_narrow_terminal() -> None:
    shown = render(EXAMPLE_AT, width=50)
    assert (
        block("""
        backward
          ∂L/∂e = ∂L/∂L · ∂L/∂e
                = 1 · c    seed, constant multiple rule
                = c = -2
    """)
        in shown
    )


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
@pytest.mark.parametrize("which", ["example", "neuron", "layer"])
def test_nothing_is_cut(which: str, width: int, detail: str) -> None:
    graph, at = {"example": (EXAMPLE, AT), "neuron": (NEURON, NEURON_AT), "layer": (LAYER, LAYER_AT)}[which]
    at = {name: eval_fraction(value) for name, value in at.items()}
    backward = graph.backprop(at=at, lr=0.1)
    if which == "neuron":  # numbers put in may be left out
        backward = replace(backward, inputs={}, forward={}, node_values={}, updates={})
    narrow, wide = (render(backward, "text", detail, width=w) for w in (width, 10_000))
    if detail != "normal":  # a reason that two links share is said once where both stand on one line
        assert sorted(narrow.replace("=", "").split()) == sorted(wide.replace("=", "").split())
    if width >= 80:
        valued = render(graph.backprop(at=at, lr=0.1), "text", detail, width=width)
        assert max(map(len, valued.splitlines())) <= width


def eval_fraction(value: Any) -> Any:
    top, _, bottom = str(value).partition("/")
    return float(top) / float(bottom) if bottom else value


def test_shape_lines_and_matrices() -> None:
    shown = render(LAYER.backprop(at=LAYER_AT, lr=0.1), width=120)
    assert "3x2 = (3x1)(1x2)" in shown
    assert "2 = (2x3)(3)" in shown
    at = next(i for i, line in enumerate(shown.splitlines()) if "W_new" in line)
    assert [line.strip() for line in shown.splitlines()[at : at + 3]] == [
        "update     W_new = W - 0.1·∂L/∂W = ⎡  0.8  -0.4 ⎤",
        "⎢    2    -1 ⎥",
        "⎣ -1.4   0.2 ⎦",
    ]


def test_the_numerator_layout_is_said() -> None:
    shown = render(LAYER.backprop(at=LAYER_AT, wrt=["W"], layout="numerator"), width=120)
    assert "  in numerator layout:\n" in shown
    assert "in numerator" not in render(LAYER.backprop(at=LAYER_AT, wrt=["W"]), width=120)


def test_fractions_stay_fractions() -> None:
    shown = render(Graph("L = x^2/3").backprop(at={"x": 1}, lr=0.1, exact=True), width=100)
    assert "= 1/3\n" in shown
    assert "x_new = x - 0.1·2/3 = 14/15" in shown


def test_a_check_that_does_not_hold() -> None:
    assert EXAMPLE_AT.check is not None
    failed = replace(EXAMPLE_AT, check=replace(EXAMPLE_AT.check, verdict="failed", message="dL/da is 3, not -2."))
    assert render(failed, width=100).endswith("\n  ✗ gradient check: dL/da is 3, not -2")


def test_an_accent_takes_no_column() -> None:
    assert (visible("x\u0304²"), padded("x\u0304", 3)) == (2, "x\u0304  ")
    shown = render(Graph("x_bar = 2 w; z = x_bar^2").backprop(), width=100).splitlines()
    assert "x\u0304 = 2w" in shown[0]
    assert visible(shown[0].partition(" = ")[0]) == visible(shown[1].partition(" = ")[0])


def test_notes() -> None:
    shown = render(replace(EXAMPLE_AT, notes=("a note", "a note")), width=100)
    assert shown.endswith("\n  note: a note")
    assert shown.count("a note") == 1


def test_colour() -> None:
    shown = render(EXAMPLE_AT, width=100, colour=True)
    assert "\x1b[1;4;94m  2\x1b[0m" in shown
    assert "\x1b[36m✓ gradient check" in shown


def test_a_graph_alone() -> None:
    graph = Graph("W: 3x2; x: 2; z = W @ x; L = norm2(z)")
    assert render(graph, width=80) == block("""
        Inputs: W of shape 3x2, x of shape 2

        graph      z = W @ x   shape 3
                   L = ‖z‖²
    """).replace("z = W @ x   shape", "z = W @ x    shape")


# --- Markdown and LaTeX ---------------------------------------------------------------------------------------------


def test_markdown() -> None:
    shown = render(EXAMPLE_AT, "markdown")
    assert shown.startswith(
        "**Forward pass**\n\n| node | formula | value |\n|---|---|---|\n| $d$ | $2 b = 2 \\cdot 1$ | $2$ |\n"
        "| $e$ | $a + d = 3 + 2$ | $5$ |\n| $L$ | $c e = -2 \\cdot 5$ | $-10$ |\n\n"
        "**Backward pass**\n\n$$\n\\begin{aligned}\n"
    )
    assert r"\frac{\partial L}{\partial L} \cdot \frac{\partial L}{\partial e} = 1 \cdot c = c = -2" in shown
    assert shown.endswith("\\end{aligned}\n$$\n\n✓ gradient check: worst error 2e-11")


def test_a_bar_does_not_end_a_cell() -> None:
    table = render(Graph("u = |x|; L = u norm2(v)").backprop(at={"x": 2, "v": [1, 2]}), "markdown").split("\n\n")[1]
    assert all(line.count("|") == 4 for line in table.splitlines())


def test_latex() -> None:
    shown = render(EXAMPLE_AT, "latex").splitlines()
    assert shown[:6] == [
        "Forward pass:",
        r"\begin{align*}",
        r"  d &= 2 b = 2 \cdot 1 = 2 \\",
        r"  e &= a + d = 3 + 2 = 5 \\",
        r"  L &= c e = -2 \cdot 5 = -10",
        r"\end{align*}",
    ]
    assert r"  b^{\text{new}} &= b - 0.1 \cdot \left(-4\right) = 1.4 \\" in shown
    assert shown[-1] == "Gradient check: worst error 2e-11."


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
@pytest.mark.parametrize("graph", [EXAMPLE, TWO_PATHS, NEURON])
def test_latex_is_balanced(graph: Graph, detail: str) -> None:
    shown = render(graph.backprop(), "latex", detail)
    assert shown.count("{") == shown.count("}")
    assert shown.count(r"\left") == shown.count(r"\right")
    assert not any(ord(c) > 127 for c in shown)


def test_arrays_in_latex() -> None:
    shown = render(LAYER.backprop(at=LAYER_AT, wrt=["W"]), "latex")
    assert r"3 \times 2 = (3 \times 1)\,(1 \times 2)" in shown
    assert r"\begin{pmatrix} 2 & 4 \\ 0 & 0 \\ 14 & 28 \end{pmatrix}" in shown


def test_elementwise_products_in_latex() -> None:
    shown = render(Graph("z: 3; a = sigmoid(z); L = sum(a)").backprop(), "latex")
    assert r"\odot" in shown


# --- JSON -----------------------------------------------------------------------------------------------------------


def test_json() -> None:
    made = json.loads(render(EXAMPLE_AT, "json"))
    steps, lines = made.pop("steps"), made.pop("lines")
    expressions = [(n["name"], n["expr"]["text"], n["shape"], n["value"], n["grad_value"]) for n in made.pop("nodes")]
    assert [row[:4] for row in expressions] == [
        ("d", "2b", [], 2.0),
        ("e", "a + d", [], 5.0),
        ("L", "c e", [], -10.0),
    ]
    assert [row[4] for row in expressions] == [-2.0, -2.0, 1.0]
    assert made == {
        "schema": 1,
        "kind": "backprop",
        "input": "d = 2b; e = a + d; L = c e",
        "notes": [],
        "loss": "L",
        "wrt": ["b", "a", "c"],
        "layout": "denominator",
        "inputs": [
            {"name": "b", "shape": [], "value": 1.0, "local": {"d": {"text": "2", "value": 2.0}}},
            {"name": "a", "shape": [], "value": 3.0, "local": {"e": {"text": "1", "value": 1.0}}},
            {"name": "c", "shape": [], "value": -2.0, "local": {"L": {"text": "e", "value": 5.0}}},
        ],
        "gradients": {
            "b": {"text": "2c", "sympy": "2*c", "latex": "2 c", "value": -4.0, "shape": []},
            "a": {"text": "c", "sympy": "c", "latex": "c", "value": -2.0, "shape": []},
            "c": {"text": "e", "sympy": "e", "latex": "e", "value": 5.0, "shape": []},
        },
        "learning_rate": 0.1,
        "update": {"b": 1.4, "a": 3.2, "c": -2.5},
        "check": {"verdict": "verified", "worst_error": 2e-11, "points": 3, "where": "", "proved": []},
    }
    first = [step for step in steps if step["node"] == "e"]
    assert [step["rule"] for step in first][:3] == ["chain rule", "seed", "local derivative"]
    assert all(one["after"] == two["before"] for one, two in pairwise(first))
    shown = [(line["text"], line["latex"], line["reason"]) for line in lines if line["node"] == "b"]
    assert shown == [
        ("d/dd [L] * d/db [d]", r"\frac{\partial L}{\partial d} \cdot \frac{\partial d}{\partial b}", ""),
        ("c * 2", r"c \cdot 2", "constant multiple rule"),
        ("2c", "2 c", ""),
    ]
    assert [index for line in lines for index in line["steps"]] == list(range(len(steps)))
    assert all(steps[line["steps"][-1]]["after"]["text"] == line["text"] for line in lines)


LOCAL = [  # a graph, its values, a node, and its local derivatives
    ("o1 = sigma(w1 x + b1); o = w2 o1; L = (o - y)^2", NEURON_AT, "w1", {"o1": ("o1 * (1 - o1) x", 0.25)}),
    ("o1 = sigma(w1 x + b1); o = w2 o1; L = (o - y)^2", NEURON_AT, "o1", {"o": ("w2", -2.0)}),
    ("c = a b; d = a c; e = d c", {"a": 2, "b": 3}, "a", {"c": ("b", 3.0), "d": ("c", 6.0)}),
    ("L = sin(x^2) x", {"x": 0}, "x", {"L": ("2x^2 cos(x^2) + sin(x^2)", 0.0)}),
    ("d = 2b; L = c d", None, "b", {"d": ("2", None)}),
    ("x: 2; c = 2x; L = sum(c)", None, "x", {}),
]


@pytest.mark.parametrize(("text", "at", "node", "local"), LOCAL)
def test_json_has_the_local_derivatives(text: str, at: Any, node: str, local: dict[str, Any]) -> None:
    at = at and {name: eval_fraction(value) for name, value in at.items()}
    made = json.loads(render(Graph(text).backprop(at=at), "json"))
    (found,) = [row["local"] for row in (*made["nodes"], *made["inputs"]) if row["name"] == node]
    assert found == {consumer: {"text": written, "value": value} for consumer, (written, value) in local.items()}


def test_json_marks_products_of_arrays_and_reads_back() -> None:
    graph = Graph("x: 3; z = 2 x*(x - 1); L = norm2(z)")
    made = json.loads(render(graph.backprop(), "json"))
    (z,) = [node["expr"] for node in made["nodes"] if node["name"] == "z"]
    assert (z["text"], z["sympy"]) == ("2x * (x - 1)", "2*x*(x - 1)")
    assert r"\odot" in z["latex"]
    assert parse_expression(z["text"], ["x", "z"]) == graph.trees["z"]


MANY = Graph("".join(f"d{i} = {i + 2} b; " for i in range(8)) + "L = " + " + ".join(f"d{i}" for i in range(8)))


def test_a_sum_over_many_paths_is_abridged() -> None:
    b = MANY.backprop(at={"b": 1})
    shown = " ".join(render(b, width=200).split())
    assert "sum over 8 paths" in shown
    assert "∂L/∂d₀ · ∂d₀/∂b + ∂L/∂d₁ · ∂d₁/∂b + ∂L/∂d₂ · ∂d₂/∂b + ... + ∂L/∂d₇ · ∂d₇/∂b" in shown
    assert r"+ \cdots + \frac{\partial L}{\partial d_{7}}" in render(b, "latex")
    assert "..." not in json.loads(render(b, "json"))["lines"][-1]["text"]


def test_reasons_stand_beside_their_lines() -> None:
    graph = Graph("L = (sigma(w2 sin(w1 x)/x) - y)^2")
    row = next(row for row in backward_rows(graph.backprop(), "normal") if row.name == "w1")
    assert all(not are_many(line.reasons) for line in row.shown)
    assert sum(bool(line.reasons) for line in row.shown) > 1
    said = [line.moves for line in row.shown]
    assert [i for moves in said for i in moves] == list(range(len(row.derivation.moves)))
    for line in row.shown:
        for reason in line.reasons:
            assert reason in render(graph.backprop(), width=100)


def test_json_of_arrays_and_of_values_that_are_no_numbers() -> None:
    made = json.loads(render(LAYER.backprop(at=LAYER_AT, wrt=["W"]), "json"))
    assert made["gradients"]["W"]["value"] == [[2.0, 4.0], [0.0, 0.0], [14.0, 28.0]]
    assert made["gradients"]["W"]["shape"] == [3, 2]
    infinite = json.loads(render(Graph("L = sqrt(x)").backprop(at={"x": 0}), "json"))
    assert infinite["gradients"]["x"]["value"] is None


def test_json_of_fractions() -> None:
    made = json.loads(render(Graph("L = x/3").backprop(at={"x": 1}, exact=True), "json"))
    assert made["gradients"]["x"] | {"latex": ""} == {
        "text": "1/3", "sympy": "1/3", "latex": "", "value": 1 / 3, "shape": [], "exact": "1/3",
    }  # fmt: skip


def test_json_of_a_graph() -> None:
    made = json.loads(render(Graph("x: 3; L = norm2(x)"), "json"))
    assert made["kind"] == "graph"
    assert made["inputs"] == [{"name": "x", "shape": [3]}]
    assert made["nodes"][0]["expr"]["text"] == "norm2(x)"


def test_an_answer_has_the_gradients_that_its_formulas_call_by_name() -> None:
    from symback.page.kinds import answers_of
    from symback.page.options import Options

    b = Graph("o1 = sigma(w1 x + b1); o = x + w2 o1; yhat = sigma(o); L = (yhat - y)^2").backprop(wrt=["w1", "b1"])
    (display,) = answers_of(b, Options(), ())
    lefts = [equation.left.latex for equation in display.equations]
    assert [left.rpartition("partial ")[2].rstrip("}") for left in lefts] == ["\\hat{y", "o", "o_{1", "w_{1", "b_{1"]


# --- cost -----------------------------------------------------------------------------------------------------------


def calls_of(action: Callable[[], object]) -> int:
    """Return how many functions are called, which is the same on every machine."""
    count = 0

    def counted(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.slow
@pytest.mark.parametrize("format", ["text", "latex"])
def test_a_loop_of_twice_as_many_steps_costs_twice_as_much(format: str) -> None:
    def cost(steps: int) -> int:
        b = Graph(f"for t in 1..{steps}:\n    h[t] = sin(w h[t-1])\nL = h[{steps}]^2").backprop()
        return calls_of(lambda: render(b, format, width=100) if format == "text" else render(b, format))

    cost(80)  # what is loaded and remembered
    assert cost(80) < 2.3 * cost(40)


def test_local_derivatives_count_entries_as_the_text_does() -> None:
    graph = Graph("for t in 1..3: h[t] = w h[t-1] + u x[t]\nL = (h[3] - y)^2")
    shown = json.loads(render(graph.backprop("L", at={"w": 0.5, "u": 2, "x": [1, 2, 3], "h[0]": 0, "y": 1}), "json"))
    local = {entry["name"]: {k: v["value"] for k, v in entry["local"].items()} for entry in shown["inputs"]}
    assert local["u"] == {"h[1]": 1.0, "h[2]": 2.0, "h[3]": 3.0}
    assert local["w"] == {"h[1]": 0.0, "h[2]": 2.0, "h[3]": 5.0}
