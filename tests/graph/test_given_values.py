"""Values as rows: names and shapes that they give, what is no number, class numbers; and functions of any parameter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symback
from symback import cli
from symback.errors import SymbackError, UsageError
from symback.expr.tree import dump
from symback.graph.gradient_check import check_gradients
from symback.graph.graph import Graph
from symback.graph.language.reader import read_graph
from symback.syntax.reading import read

# --- names and shapes ------------------------------------------------------------------------------------------------

KNOWN = [
    # a graph, values, inputs, shapes of nodes
    ("y = x + eps; L = y^2", {"x": 1, "eps": 0.1}, ("x", "eps"), {"L": ()}),
    ("mu = mean(X, 0); L = sum((X - mu)^3)", {"X": [[1, 2], [3, 5], [8, 1]]}, ("X",), {"mu": (2,)}),
    ("L = sum(x[1:])", {"x": [1, 2, 3]}, ("x",), {"L": ()}),
    ("y = X[:, 1]", {"X": [[1, 2], [3, 4], [5, 6]]}, ("X",), {"y": (3,)}),
    ("L = loss_weight x1w1", {"loss_weight": 2, "x1w1": [1, 2]}, ("loss_weight", "x1w1"), {"L": (2,)}),
    ("for t in 1..2: h[t] = 2h[t-1]", {"h[0]": [1, 2]}, ("h[0]",), {"h[2]": (2,)}),
    ("x: n; y = x + c", {"x": [1, 2], "c": [3, 4]}, ("x", "c"), None),  # n is not 2 for every value
    ("y = w_1 x", {"w_1": [1, 2], "x": 1}, ("w1", "x"), {"y": (2,)}),
]


@pytest.mark.parametrize(("typed", "values", "inputs", "shapes"), KNOWN)
def test_values_give_names_and_shapes(
    typed: str, values: dict[str, Any], inputs: tuple[str, ...], shapes: dict[str, Any] | None
) -> None:
    if shapes is None:
        with pytest.raises(SymbackError, match="n and 2 are different"):
            Graph(typed, values)
        return
    g = Graph(typed, values)
    assert g.inputs == inputs
    assert {name: g.shapes[name] for name in shapes} == shapes
    assert g.forward(values)


def test_other_values_may_have_other_shapes() -> None:
    g = Graph("L = sum(x^2)", {"x": [1, 2]})
    assert g.forward({"x": [1, 2, 3]})["L"] == 14


def test_without_values_the_shape_is_asked_for_when_it_is_needed() -> None:
    g = Graph("mu = mean(X, 0); L = sum(mu)")
    assert g.forward({"X": [[1, 2], [3, 4]]})["L"] == 5
    with pytest.raises(SymbackError, match="A scalar has no axis 0"):
        _ = g.shapes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("backprop", "y = x + eps; L = y^2", "--at", "x=1,eps=0.1"), "∂L/∂eps"),
        (("backprop", "mu = mean(X, 0); L = sum((X - mu)^3)", "--at", "X=[[1,2],[3,5],[8,1]]"), "worst error"),
        (("jacobian", "y = W @ rate", "--at", "W=[[1,2],[3,4]]; rate=[1,2]", "--wrt", "rate"), "∂y/∂rate"),
        (("backprop", "x1w1 = x1*w1; o = tanh(x1w1)", "--at", "x1=2,w1=-3"), "x1w1"),
        (("backprop", "v_{-1} = 2x; y = ln(v_{-1})", "--at", "x=1"), "∂y/∂v_{-1}"),
    ],
)
def test_on_the_command_line(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str) -> None:
    assert cli.run(list(arguments)) == 0
    assert said in capsys.readouterr().out


def test_in_problem_files_and_training(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "values.toml"
    path.write_text(
        "[[problem]]\nkind = 'backprop'\ngraph = 'mu = mean(X, 0); L = sum((X[:, 1:] - eps mu[0])^2)'\n"
        "at = {X = [[1, 2], [3, 5], [8, 1]], eps = 0.5}\nforward_only = true\n",
        encoding="utf-8",
    )
    assert cli.run(["validate", str(path)]) == 0
    assert cli.run(["solve", str(path), "--out", str(tmp_path), "--format", "markdown"]) == 0
    data = {"X": [[1.0, 2.0], [3.0, 4.0]]}
    history = symback.train("m = mean(X, 0); L = sum((X - m - rate)^2)", data, {"rate": 1}, epochs=1)
    assert set(history.parameters) == {"rate"}


# --- what is no number -----------------------------------------------------------------------------------------------

WRONG = [
    (1j, "holds complex numbers"),
    ([1, 2j], "holds complex numbers"),
    (np.array([1j, 2]), "holds complex numbers"),
    (None, "holds None"),
    ([1, None], "holds None"),
    ("1", "holds text"),
    (["1", "2"], "holds text"),
    ([1, "2"], "holds text"),
    (b"1", "holds text"),
    ([[1], [1, 2]], "rows of x are not equally long"),
    ([1, [2]], "rows of x are not equally long"),
    (np.datetime64("2020-01-01"), "holds dates"),
    (object(), "not a number"),
]
CALLS: dict[str, Callable[[Graph, dict[str, Any]], Any]] = {
    "Graph": lambda g, v: Graph(g.text, v),
    "forward": lambda g, v: g.forward(v),
    "exact": lambda g, v: g.forward(v, exact=True),
    "backprop": lambda g, v: g.backprop(at=v),
    "jacobian": lambda g, v: g.jacobian(at=v),
    "lambdify": lambda g, v: g.lambdify()(v),
    "train": lambda g, v: symback.train(g, v, {"w": 1.0}, epochs=1),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(("value", "said"), WRONG, ids=lambda value: str(value)[:20])
def test_what_is_no_array_of_real_numbers(call: str, value: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        CALLS[call](Graph("L = sum(w x^2)"), {"x": value, **({} if call == "train" else {"w": 1})})
    assert caught.value.hint


@pytest.mark.parametrize("value", [True, 3, 2**70, np.float32(1.5), np.int8(3), [True, False], [[1.5], [2]]])
def test_what_is_an_array_of_real_numbers(value: Any) -> None:
    assert np.isfinite(Graph("L = sum(x)").forward({"x": value})["L"])


@pytest.mark.parametrize(
    ("values", "code"),
    [('{"x": [1, null]}', 3), ('{"x": "1"}', 3), ('{"x": [[1], [1, 2]]}', 2), ('{"x": true}', 3)],
)
def test_files_of_values(tmp_path: Path, capsys: pytest.CaptureFixture[str], values: str, code: int) -> None:
    path = tmp_path / "values.json"
    path.write_text(values, encoding="utf-8")
    assert cli.run(["backprop", "L = sum(x)", "--values", str(path)]) == code
    assert capsys.readouterr().err.count("x") >= 1


# --- class numbers ---------------------------------------------------------------------------------------------------

NETWORK = "z: 2x3; y: 2; L = cross_entropy(softmax(z), y)"
LETTERS = "z: n x k; y: n; L = cross_entropy(softmax(z), y)"
Z = [[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]
CLASSES = [([1, 3], "class 3 in row 1"), ([-1, 0], "class -1 in row 0"), ([0, 0.5], "class 0.5 in row 1")]


@pytest.mark.parametrize(("labels", "said"), CLASSES)
@pytest.mark.parametrize("graph", [NETWORK, LETTERS, NETWORK.replace("y)", "c)").replace("L", "c = y; L")])
def test_class_numbers_are_classes(graph: str, labels: list[float], said: str) -> None:
    g = Graph(graph)
    values = {"z": Z, "y": labels}
    for call in (g.forward, lambda v: g.backprop(at=v)):
        with pytest.raises(UsageError, match=rf"{said} \(counted from 0\), and there are classes 0 to 2") as caught:
            call(values)
        assert caught.value.message.startswith(("y holds", "c holds"))


@pytest.mark.parametrize(("labels", "said"), CLASSES)
@pytest.mark.parametrize("backend", ["numpy", "jax"])
def test_compiled_code_sees_them_too(backend: str, labels: list[float], said: str) -> None:
    if backend == "jax":
        pytest.importorskip("jax")
    f = Graph(NETWORK).lambdify(wrt=["z"], backend=backend)
    f({"z": Z, "y": [0, 2]})
    with pytest.raises(UsageError, match=f"y holds the {said}"):
        f({"z": Z, "y": labels})
    with pytest.raises(UsageError, match=f"y holds the {said}"):
        symback.train("W: 3x3; X: 2x3; y: 2; L = cross_entropy(softmax(X @ W), y)", {"X": Z, "y": labels}, epochs=2)


def test_a_class_number_has_no_slope() -> None:
    g = Graph(NETWORK)
    program = g.gradient_program(shapes={"z": (2, 3), "y": (2,)})
    assert check_gradients(program, g.arrays({"z": Z, "y": [0, 2]}), ["z", "y"]).verdict == "verified"


# --- functions of any parameter --------------------------------------------------------------------------------------


def _functions() -> Iterator[tuple[str, str]]:
    for parameter in (
        "t",
        "x",
        "e",
        "u",
        "out",
        "z",
        "g",
        "a",
        "b",
        "i",
        "E",
        "I",
        "pi",
        "L",
        "y",
        "n",
        "d",
        "x_1",
        "w",
    ):
        for name in ("f", "s", "g", "d", "psi"):
            if name != parameter:
                yield name, parameter


@pytest.mark.parametrize(("name", "parameter"), list(_functions()))
def test_a_parameter_may_have_any_name(name: str, parameter: str) -> None:
    node = "q" if name in ("y", "w") else "y"
    text = f"def {name}({parameter}) = {parameter}^2 + 3{parameter}; {node} = {name}(w + 1) + {name}({name}(w))/4"
    if parameter == "n":
        text = "v: n; " + text.replace("/4", "/4 + sum(v)/n")
    g = Graph(text)
    values: dict[str, Any] = {"w": 2, **({"v": [1, 3]} if parameter == "n" else {})}
    assert g.forward(values)[node] == 3**2 + 9 + (10**2 + 30) / 4 + (2 if parameter == "n" else 0)
    program = g.gradient_program(wrt=["w"], shapes={"w": (), "v": (2,)} if parameter == "n" else None)
    assert check_gradients(program, g.arrays(values), ["w"]).verdict == "verified"


def test_a_parameter_may_be_the_name_of_a_node() -> None:
    g = Graph("def f(a) = a^2; def f'(a) = 2a; def h(b) = f(b) + b; a = 3x; b = f(a) + h(x); L = a b")
    assert g.forward({"x": 2}) == {"a": 6, "b": 42, "L": 252}
    assert check_gradients(g.gradient_program(wrt=["x"]), g.arrays({"x": 2}), ["x"]).verdict == "verified"


# --- readings that are open ------------------------------------------------------------------------------------------

MATRICES = {"X": [[2.0, 1.0], [1.0, 3.0]], "W": [[1.0, 2.0], [3.0, 4.0]], "x": [1.0, 2.0], "c": 2.0}
OPEN = [
    # the text, the tree, a part of the note ("" for none)
    ("L = x @ X^(-1) @ x", "Apply(matmul, Apply(matmul, x, Apply(inv, X)), x)", "X^(-1) is read as the inverse"),
    ("L = x @ X⁻¹ @ x", "Apply(matmul, Apply(matmul, x, Apply(inv, X)), x)", "write 1/X for the entries"),
    ("y = X^2 @ x", "Apply(matmul, Apply(matmul, X, X), x)", "X^2 is read as X @ X"),
    ("y = 2X^2 @ x", "Apply(matmul, Times(2, Apply(matmul, X, X)), x)", "X^2 is read as X @ X"),
    ("y = (X^-1).T @ x", "Apply(matmul, Apply(transpose, Apply(inv, X)), x)", "inv(X)"),
    ("y = x^2 @ x", "Apply(matmul, Power(x, 2), x)", ""),
    ("L = trace(X^2)", "Apply(trace, Apply(matmul, X, X))", "because it is in trace(...); write X * X"),
    ("L = trace(Q^2)", "Apply(trace, Apply(matmul, Q, Q))", "Q^2 is read as Q @ Q"),
    ("L = trace(X^2 + c^2 X)", "Apply(trace, Plus(Apply(matmul, X, X), Times(Power(c, 2), X)))", "X^2 is read as"),
    ("L = logdet(X^-2)", "Apply(logdet, Apply(matmul, Apply(inv, X), Apply(inv, X)))", "a power of the inverse"),
    ("y = X^(-1)", "Power(X, Neg(1))", "X^(-1) is read as 1/X entry by entry; write inv(X)"),
    ("y = X^-1", "Power(X, Neg(1))", "write inv(X) for the inverse"),
    ("y = X^2", "Power(X, 2)", ""),
    ("y = W x", "Times(W, x)", "W x is read as a product entry by entry; write W @ x"),
    ("y = W c", "Times(W, c)", ""),
    ("y = |x|", "Apply(abs, x)", "|x| is read as the absolute value of each entry; write norm(x)"),
    ("y = |x - W @ x|", "Apply(abs, Plus(x, Neg(Apply(matmul, W, x))))", "norm(x - W @ x) for the length"),
    ("y = |X|", "Apply(abs, X)", "exp(logdet(X)) for |det|"),
    ("y = |c|", "Apply(abs, c)", ""),
    ("y = |sum(x)|", "Apply(abs, Apply(sum, x))", ""),
    ("y = ||x||", "Apply(sqrt, Apply(norm2, x))", ""),
    ("y = ‖x‖^2 + ||x||_2", "Plus(Power(Apply(sqrt, Apply(norm2, x)), 2), Apply(sqrt, Apply(norm2, x)))", ""),
    ("y = ||c| - |x||", "Apply(abs, Plus(Apply(abs, c), Neg(Apply(abs, x))))", "|x| is read as"),
    (r"y = \lVert x \rVert + \left\| X \right\|_F",
     "Plus(Apply(sqrt, Apply(norm2, x)), Apply(sqrt, Apply(norm2, X)))", ""),
    ("y = x ⊙ x", "Times(x, x)", ""),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "tree", "note"), OPEN)
def test_open_readings_are_noted(typed: str, tree: str, note: str) -> None:
    """Shapes count from shape lines and from values alike."""
    lines = "X: 2x2; W: 2x2; x: 2; c:\n"
    shapes = {name: np.shape(value) for name, value in MATRICES.items()}
    for source in (read_graph(lines + typed), read_graph(typed, given=shapes)):
        (statement,) = source.statements
        assert dump(statement.tree) == tree
        remarks = [remark for remark in source.notes if "no line uses it" not in remark]
        assert bool(remarks) == bool(note)
        assert all(note in remark for remark in remarks)


@pytest.mark.parametrize(
    ("typed", "is_noted"), [("x^T A x", True), ("x^{T} y", True), ("a^T", False), ("2^T x", False), ("x^t y", False)]
)
def test_a_raised_t_in_an_expression(typed: str, is_noted: bool) -> None:
    assert any("L = x.T @ A @ x" in note for note in read(typed).notes) == is_noted


def test_the_hint_is_a_graph_that_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["gradient", "x^T A x", "--format", "json"]) == 0
    (note,) = json.loads(capsys.readouterr().out)["notes"]
    written = note.partition('symback backprop "')[2].partition('"')[0]
    assert Graph(written).symmetric == frozenset()
    assert Graph(written).shapes["L"] == ()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("y = ||x||_1", "Only the Euclidean norm"),
        ("y = ||x", "nothing between the bars"),
        ("y = ‖x", "never closed"),
        ("y = x[::2]", "no step"),
        ("y = (1:2)", "A colon is allowed only in a slice"),
    ],
)
def test_what_is_not_read(typed: str, reason: str) -> None:
    with pytest.raises(SymbackError, match=reason):
        read_graph(typed)
