"""The composites: each is what its row says in values, formulas, code and checks, and a new one is one row."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import numpy as np
import pytest

from symback.composites import COMPOSITES
from symback.errors import SymbackError
from symback.graph import Graph
from symback.render import render

Z, Y, P, Q = (
    np.array([0.3, -1.2, 2.0]),
    np.array([1.0, -1.0, 1.0]),
    np.array([0.2, 0.3, 0.5]),
    np.array([0.6, 0.3, 0.1]),
)

# name, text, values, the value of L, the gradient by the first input as it is printed, and its numbers
CASES = [
    ("mae", "z: 3; y: 3; L = mae(z, y)", {"z": Z, "y": Y}, 0.6333333333333, "sign(z - y)/3", np.sign(Z - Y) / 3),
    ("hinge", "z: 3; y: 3; L = hinge(z, y)", {"z": Z, "y": Y}, 0.7 / 3, "-(step(1 - z * y) * y)/3",
     -((1 - Z * Y > 0) * Y) / 3),
    ("entropy", "p: 3; L = entropy(p)", {"p": P}, -np.sum(P * np.log(P)), "-ln p - 1", -np.log(P) - 1),
    ("kl", "p: 3; q: 3; L = kl(p, q)", {"p": P, "q": Q}, np.sum(P * np.log(P / Q)), "ln p - ln q + 1",
     np.log(P / Q) + 1),
    ("var", "x: 3; L = var(x)", {"x": Z}, np.var(Z), "2(x - mean(x))/3", 2 * (Z - np.mean(Z)) / 3),
    ("std", "x: 3; L = std(x)", {"x": Z}, np.std(Z), None, (Z - np.mean(Z)) / 3 / np.std(Z)),
]  # fmt: skip


def test_every_row_has_a_case() -> None:
    assert [case[0] for case in CASES] == list(COMPOSITES)


@pytest.mark.parametrize(("name", "text", "values", "loss", "printed", "slope"), CASES, ids=[c[0] for c in CASES])
def test_values_formulas_and_code(name: str, text: str, values: dict, loss: float, printed: str, slope: object) -> None:
    graph = Graph(text)
    b = graph.backprop(at=values)
    first = graph.inputs[0]
    assert b.check.verdict == "verified"
    assert float(graph.forward(values)["L"]) == pytest.approx(loss)
    assert np.asarray(b.values[first]) == pytest.approx(slope)
    found, gradients = graph.lambdify()(values)
    assert found == pytest.approx(loss)
    assert gradients[first] == pytest.approx(slope)
    if printed:
        assert printed in render(b, "text", unicode=False)


@pytest.mark.parametrize("name", COMPOSITES)
def test_with_letters_for_sizes_each_is_proved(name: str) -> None:
    inputs = COMPOSITES[name].inputs
    b = Graph(f"{'; '.join(f'{i}: n' for i in inputs)}\nL = 3 {name}({', '.join(inputs)})^2").backprop()
    assert b.check.verdict == "verified"
    assert set(b.check.proved) == set(inputs)
    assert any(COMPOSITES[name].definition in note for note in b.notes)


def test_names_of_the_author_come_first() -> None:
    assert Graph("x: 3; var = mean(x^2); L = var(x[0] + 1)").forward({"x": [1.0, 2.0, 3.0]})["L"] == pytest.approx(
        28 / 3
    )
    assert Graph("def std(t) = 2t\nL = std(x)").forward({"x": 3.0})["L"] == 6
    assert Graph("L = k l (x + 1)").inputs == ("k", "l", "x")


def test_a_loss_compares_what_has_one_shape() -> None:
    with pytest.raises(SymbackError, match="The shapes 3 and 2 cannot be compared"):
        Graph("z: 3; y: 2; L = mae(z, y)").backprop()


def test_a_new_one_is_one_row() -> None:
    program = dedent("""
        from symback.composites import Composite, add
        add(Composite("logcosh", "log-cosh loss", ("a", "b"), "mean(ln(cosh(a - b)))", is_loss=True))
        import numpy as np
        from symback import Graph, render
        b = Graph("z: n; y: n\\nL = logcosh(z, y)").backprop()
        print(render(b, "text"), b.check.verdict, b.check.proved)
        graph, values = Graph("z: 2; y: 2; L = logcosh(z, y)"), {"z": np.array([1.0, 800.0]), "y": np.zeros(2)}
        loss, gradients = graph.lambdify()(values)
        print(np.allclose(gradients["z"], np.tanh(values["z"])/2), np.isfinite(loss))
        for backend in ("jax", "torch"):
            print(backend, "log1p" in graph.lambdify(backend=backend).source)
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    for words in ("sinh(z - y)", "verified ('z', 'y')", "True True", "jax True", "torch True", "log-cosh loss"):
        assert words in done.stdout
