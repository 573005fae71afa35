"""What needs no arrays runs where NumPy cannot be imported, as in a browser, and says the same there as here.

One process in which NumPy is missing works all rows; a check that needs arrays says there that it was not made.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import symback
from symback import Graph, cli
from symback.graph.forward_table import forward_table

NOT_CHECKED = "Not checked: NumPy is not installed."
SCALAR = "d = 2b; e = a + d; L = c e"
AT = {"a": 3, "b": 1, "c": -2}
NEURON = "z = w x + b; p = sigma(z); L = -(y ln p + (1 - y) ln(1 - p))"
NEURON_AT = {"w": 0.5, "x": 2, "b": -1, "y": 1}
KINKS = "L = relu(w x) + max(w, x) + |w| + floor(w) + cbrt(x) + x^w"
LOOP = "for t in 1..3:\n    h[t] = tanh(w h[t-1] + x)\nL = h[3]^2"
OWN = "def f(x) = x^2 + erf(x); L = f(w) + pi"
POLES = "L = ln(w) + 1/x + exp(w)^2"
MATRICES = "W: m x n; x: n; y = W @ x; L = norm2(y)"
NUMBERED = "W: 3x2; x: 2; p = softmax(W @ x); L = cross_entropy(p, y); y: 3"
SHEETS = Path(__file__).parent.parent / "problems"


def of_backprop(text: str, at: Any = None, **more: Any) -> str:
    b = Graph(text).backprop(at=at, **more)
    return f"{dict(b.gradients)} {dict(b.values)} {dict(b.updates)} {b.check.verdict} {b.check.message}"


def of_code(text: str, *points: Any) -> str:
    f = Graph(text).lambdify()
    return f"{[f(at) for at in points]} {f.hvp(points[0], {'w': 1.0})} {f.source}"


def stepped() -> str:
    values = dict(NEURON_AT)
    loss = Graph(NEURON).lambdify(wrt=["w", "b"]).step(values, 0.1)
    return f"{loss} {values}"


def of_hessian(text: str, **more: Any) -> str:
    h = Graph(text).hessian(**more)
    return f"{dict(h.hessians)} {h.check.verdict}"


def solved(name: str) -> str:
    document = symback.solve(str(SHEETS / name))
    written = [len(symback.render(document, f)) for f in FORMATS]
    return f"{[s.answer_check for s in document.solutions]} {written}"


def trained() -> str:
    h = symback.train("L = (tanh(w x) - 1)^2 + (b - 2)^2", constants={"x": 2}, seed=3, epochs=40)
    return f"{h.losses} {dict(h.parameters)} {len(symback.render(h, 'html'))}"


def command(*arguments: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.run(list(arguments))
    return f"{code}\n{out.getvalue()}{err.getvalue()}"


FORMATS = ("html", "json", "markdown", "latex", "typst", "notebook", "anki", "moodle")
POINT = "a=3,b=1,c=-2"

# Questions without arrays: the answers, verdicts and digits are those that there are with NumPy.
SAME: dict[str, Callable[[], str]] = {
    "forward": lambda: str(Graph(SCALAR).forward(AT)),
    "forward, exact": lambda: str(Graph("L = a/b + 1/3").forward({"a": 1, "b": 7}, exact=True)),
    "forward table": lambda: str(forward_table(Graph("z = w (x + y)"), [{"w": 2, "x": 0, "y": 1}]).verify()),
    "formulas": lambda: of_backprop(SCALAR),
    "training of numbers": trained,
    "formulas and numbers": lambda: of_backprop(SCALAR, AT, lr=0.1),
    "numbers as fractions": lambda: of_backprop("L = a^2/b + sin(b)", {"a": 0.5, "b": 3}, exact=True),
    "neuron": lambda: of_backprop(NEURON, NEURON_AT),
    "kinks": lambda: of_backprop(KINKS, {"w": 1.5, "x": 2}),
    "at a kink": lambda: of_backprop("L = relu(x) + sqrt(relu(x))", {"x": 0}),
    "loop": lambda: of_backprop(LOOP, {"w": 1, "x": 2, "h[0]": 0}),
    "own functions": lambda: of_backprop(OWN, {"w": 1.25}),
    "infinite": lambda: command("backprop", "L = 1/x + exp(y) + ln(x)", "--at", "x=0,y=800"),
    "hessian": lambda: of_hessian("L = x^2 y + sin(x y)", wrt=["x", "y"]),
    "hessian, with values": lambda: of_hessian(NEURON, wrt=["w", "b"], at=NEURON_AT),
    "code": lambda: of_code(NEURON, NEURON_AT, {"w": 800, "x": 2, "b": 0, "y": 0}),
    "code beyond what math answers": lambda: of_code(POLES, {"w": 0.0, "x": 0.0}, {"w": 5e3, "x": 1}),
    "a step": stepped,
    "cases": lambda: command("derive", "x^2 if x < 1 else 2x", "--wrt", "x"),
    "unknown functions": lambda: command("derive", "f(x) g(x)", "--wrt", "x"),
    "gradient": lambda: command("gradient", "x^2 y + sin(y)", "--at", "x=1,y=2"),
    "backprop as text": lambda: command("backprop", SCALAR, "--at", POINT),
    "backprop, full": lambda: command("backprop", SCALAR, "--at", POINT, "--detail", "full", "--lr", "0.1"),
    **{f"backprop as {f}": lambda f=f: command("backprop", SCALAR, "--at", POINT, "--format", f)  # type: ignore[misc]
       for f in ("html", "json", "markdown", "latex", "typst")},
    **{f"solve {name}": lambda name=name: solved(name)  # type: ignore[misc]
       for name in ("06-graphs.toml", "variants.toml")},
}  # fmt: skip

# Formulas of arrays, without values: derived and written, and said not to be checked; never a tick.
UNCHECKED: dict[str, Callable[[], str]] = {
    "backprop": lambda: of_backprop(MATRICES),
    "backprop, with numbers for sizes": lambda: of_backprop(NUMBERED),
    "hessian": lambda: str(Graph(MATRICES).hessian(wrt="x").check),
    "jacobian": lambda: str(Graph("M: 2x3; z: 3; y = M @ z").jacobian(wrt="z").check),
    **{f"as {f}": lambda f=f: command("backprop", MATRICES, "--format", f)  # type: ignore[misc]
       for f in ("text", "html", "json", "markdown", "latex", "typst")},
}  # fmt: skip

# What needs arrays is refused, in words.
REFUSED: dict[str, tuple[str, ...]] = {
    "values": ("backprop", "L = sum(x)", "--at", "x=[1,2]"),
    "a constant array": ("backprop", "L = x sum(ones(3))", "--at", "x=2"),
}


def worked() -> dict[str, str]:
    """Return what all rows give in this process."""
    rows = {**SAME, **{f"unchecked {name}": row for name, row in UNCHECKED.items()}}
    found = {name: row() for name, row in rows.items()}
    return found | {f"refused {name}": command(*arguments) for name, arguments in REFUSED.items()}


@pytest.fixture(scope="module")
def without() -> Any:
    """Return what all rows give in a process in which NumPy cannot be imported."""
    code = "import sys; sys.modules['numpy'] = None; sys.path.insert(0, sys.argv[1])\n"
    code += "import json, tests.test_without_numpy as t; print(json.dumps(t.worked()))"
    root = str(Path(__file__).parent.parent)
    done = subprocess.run([sys.executable, "-c", code, root], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", SAME)
def test_it_is_the_same_without_numpy(without: dict[str, str], name: str) -> None:
    assert without[name] == SAME[name]()


@pytest.mark.parametrize("name", UNCHECKED)
def test_formulas_of_arrays_are_said_not_to_be_checked(without: dict[str, str], name: str) -> None:
    found = without[f"unchecked {name}"]
    assert "numpy is not installed" in found.lower()
    assert "✓" not in found.replace("verified: [✓]", "").replace("confirmed: [✓]", "")  # Typst's own table of signs
    assert "'verified'" not in found
    assert "numpy is not installed" not in UNCHECKED[name]().lower()


@pytest.mark.parametrize("name", REFUSED)
def test_arrays_are_refused_in_words(without: dict[str, str], name: str) -> None:
    assert without[f"refused {name}"].startswith("2\n")
    assert "Arrays need NumPy, which is not installed." in without[f"refused {name}"]


def test_questions_of_numbers_load_no_numpy() -> None:
    code = "import sys, tests.test_without_numpy as t; t.SAME['neuron'](); sys.exit('numpy' in sys.modules)"
    root = Path(__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
