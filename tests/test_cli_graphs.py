"""`symback backprop` as a person uses it: arguments, values, files, formats, exit codes."""

from __future__ import annotations

import io
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symback import cli
from symback.cli.values import FileError, canonical, merged, read_values, values_from
from symback.errors import ParseError, UsageError
from tests.running import Run

GRAPH = "d = 2b; e = a + d; L = c e"
AT = ("--at", "a=3,b=1,c=-2")


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = cli.run(["backprop", *args])
    out = capsys.readouterr()
    return code, out.out, out.err


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, GRAPH, *AT)
    assert (code, err) == (0, "")
    assert "L = c e = -2 · 5  = -10" in out
    assert "∂L/∂b = ∂L/∂d · ∂d/∂b" in out
    assert "= 2c = 2 · (-2) = -4" in out
    assert "✓ gradient check: worst error" in out


def test_a_step_of_gradient_descent(capsys: pytest.CaptureFixture[str]) -> None:
    graph = "o1 = sigma(w1 x + b1); yhat = sigma(x + w2 o1); L = (yhat - y)^2"
    code, out, _ = run(
        capsys, graph, "--at", "x=1,y=1,w1=.5,w2=-2,b1=-.5", "--wrt", "w1,w2", "--wrt", "b1", "--lr", "0.1"
    )
    assert code == 0
    for line in ("w₁_new = w₁ - 0.1·0.125    =  0.4875", "w₂_new = w₂ - 0.1·(-0.125) = -1.9875", "= -0.5125"):
        assert line in out


def test_arrays_layout_and_loss(capsys: pytest.CaptureFixture[str]) -> None:
    values = "W=[[1,0],[2,1]]; x=[1,2]; b=[0,1]"
    code, out, _ = run(capsys, "z = W @ x + b; L = sum(z^2); M = L^2", "--at", values, "--loss", "L", "--wrt", "W",
                       "--layout", "numerator", "--format", "json")  # fmt: skip
    assert code == 0
    made = json.loads(out)
    assert (made["loss"], made["wrt"], made["layout"]) == ("L", ["W"], "numerator")
    assert made["gradients"]["W"]["value"] == [[2.0, 10.0], [4.0, 20.0]]


def test_fractions(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "L = x^2/3", "--at", "x=1/2", "--lr", "1/7", "--exact")
    assert code == 0
    assert "x_new = x - 1/7·1/3 = 19/42" in out


def test_without_values(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, GRAPH, "--detail", "brief")
    assert code == 0
    assert "∂L/∂b = 2c" in out
    assert "✓ gradient check at random values: worst error" in out


def test_sizes_as_letters(capsys: pytest.CaptureFixture[str]) -> None:
    graph = "X: n x d; w: d; y: n; L = norm2(X @ w - y)/n"
    code, out, _ = run(capsys, graph, "--wrt", "w", "--detail", "brief")
    assert code == 0
    assert "✓ gradient check at random values of two sets of sizes: worst error" in out
    assert " ".join(out.split()).endswith("; proved for all sizes")


def test_data_are_not_changed(capsys: pytest.CaptureFixture[str]) -> None:
    graph, at = "L = (w x - y)^2", ("--at", "w=1,x=2,y=1", "--lr", "0.1")
    code, out, err = run(capsys, graph, *at)
    assert (code, "w_new" in out, "x_new" in out, "y_new" in out) == (0, True, False, False)
    assert "x and y are taken as data, and not changed" in err
    code, out, err = run(capsys, graph, *at, "--wrt", "x")
    assert (code, "x_new" in out, "w_new" in out, err) == (0, True, False, "")


def test_an_assumption_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "z: 3; y: 3; p = softmax(z); L = -sum(y * ln p)", "--wrt", "z")
    assert (code, err) == (0, "note: The entries of y are taken to sum to 1.\n")
    assert "✓ gradient check at random values" in out


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("a.md", "**Forward"),
        ("a.tex", "Forward pass:"),
        ("a.json", '{"schema": 1'),
        ("a.svg", "<svg"),
        ("a.dot", "digraph"),
    ],
)
def test_the_name_of_the_file_says_the_format(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, begin: str
) -> None:
    code, out, _ = run(capsys, GRAPH, *AT, "-o", str(tmp_path / name))
    assert (code, out) == (0, "")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begin)


def test_a_graph_from_a_file_and_from_standard_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "# a comment\nd = 2b\n\nL = d^2\n"
    (tmp_path / "net.txt").write_text(text, encoding="utf-8")
    from_file = run(capsys, str(tmp_path / "net.txt"), "--at", "b=3")
    for args in ((), ("-",)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert run(capsys, *args, "--at", "b=3") == from_file
    assert from_file[0] == 0
    assert "= 24" in from_file[1]


def test_a_leading_minus(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "L = -3x", "--at", "x=2", "--lr", "-0.5")
    assert code == 0
    assert "x_new = x - (-0.5)·(-3) = 0.5" in out


def test_notes_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "L = |x|", "--at", "x=2")
    assert code == 0
    assert "note:" in err
    assert "note:" not in out


# --- what goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("L = 2 sin x +",), 3, "^"),
        (("L = x", "--at", "x"), 3, "A value has no name."),
        (("L = x", "--at", "y=1"), 2, "no value for x"),
        (("L = x", "--at", "x=1,y=2"), 2, "no input y"),
        (("L = x", "--at", "x=1", "--wrt", "q"), 2, "no node q"),
        (("L = x", "--wrt", "2x"), 3, "is not a name"),
        (("L = x", "--loss", "M"), 2, "no node M"),
        (("L = x", "--lr", "0.1"), 2, "needs values"),
        (("L = x", "--format", "jpg"), 2, "notebook, png, svg, dot"),
        (("L = x", "--layout", "other"), 2, "layout"),
        (("L = x", "--values", "missing.json", "--wrt", "x"), 3, "missing.json cannot be read"),
        (("missing.txt",), 3, "There is no file missing.txt"),
        (("z = W @ x", "--at", "W=[[1,2]]; x=[1,2,3]"), 3, "1x2 and 3"),
        (("z = W @ x; L = z", "--at", "W=[[1,2],[3,4]]; x=[1,2]"), 3, "The loss must be a number"),
    ],
)
def test_errors(capsys: pytest.CaptureFixture[str], args: tuple[str, ...], code: int, said: str) -> None:
    found, out, err = run(capsys, *args)
    assert (found, out) == (code, "")
    assert said in err
    assert "Traceback" not in err
    assert "bug" not in err


def test_an_error_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "L = x +", "--format", "json")
    assert code == 3
    assert json.loads(out)["error"]["code"] == "parse"


def test_a_file_is_not_replaced(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "out.svg"
    path.write_text("mine", encoding="utf-8")
    assert run(capsys, GRAPH, "-o", str(path))[0] == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert run(capsys, GRAPH, "-o", str(path), "--force")[0] == 0


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a=3,b=1,c=-2", {"a": 3, "b": 1, "c": -2}),
        ("a = -1/2; b=0.25", {"a": Fraction(-1, 2), "b": Fraction(1, 4)}),
        ("x=[1,2]; W=[[1,0],[0,1]]", {"x": [1, 2], "W": [[1, 0], [0, 1]]}),
        ("x=[1;2]\ny=2^3", {"x": [1, 2], "y": 8}),
        ("h[0]=0.1, w_{32}^{[1]}=2", {"h[0]": Fraction(1, 10), "w32^[1]": 2}),
        ("x=sqrt(4), alpha=1e3,", {"x": 2, "alpha": 1000}),
        ("e=1", {"e": 1}),
    ],
)
def test_read_values(text: str, values: dict[str, Any]) -> None:
    assert read_values(text) == values


def test_other_numbers_are_floats() -> None:
    assert read_values("x=pi")["x"] == pytest.approx(3.141592653589793)


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("a=", 2, "A value is missing."),
        ("=3", 0, "The left side of = is not a name."),
        ("a=1, 3", 5, "A value has no name."),
        ("a=1, a=2", 5, "a has two values."),
        ("x=[1,[2]]", 2, "The rows are not equally long."),
        ("x=[[1,2],[3]]", 2, "The rows are not equally long."),
        ("x=[1,,2]", 5, "A value is missing."),
        ("x=[]", 3, "A value is missing."),
        ("x=[1,2", 2, "A list is not closed."),
        ("a=1, x=2 sin +", 9, "sin has no argument."),
        ("x=1/0", 2, "This is not a finite real number."),
        ("x=sqrt(-1)", 2, "This is not a finite real number."),
        ("x=2y", 2, "y is not a number."),
        ("x=[[[[[[[[[1]]]]]]]]]", 10, "More than 8 lists in lists."),
    ],
)
def test_values_that_cannot_be_read(text: str, at: int, said: str) -> None:
    with pytest.raises(ParseError) as caught:
        read_values(text)
    assert caught.value.message.startswith(said)
    assert caught.value.at == at


@pytest.mark.parametrize(
    ("name", "spelling"),
    [("x_1", "x1"), ("h[ 0 ]", "h[0]"), ("A[0, 2]", "A[0,2]"), ("σ", "sigma"), ("2", ""), ("a b", "")],
)
def test_canonical(name: str, spelling: str) -> None:
    assert canonical(name) == spelling


def test_values_from_files(tmp_path: Path) -> None:
    (tmp_path / "v.json").write_text('{"a": 0.1, "x_1": [1, 2.5]}', encoding="utf-8")
    assert values_from(str(tmp_path / "v.json")) == {"a": Fraction(1, 10), "x1": [1, Fraction(5, 2)]}
    np.savez(tmp_path / "v.npz", W=np.eye(2), n=np.int64(3))
    found = values_from(str(tmp_path / "v.npz"))
    assert found["W"].tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert merged(("a=2",), [str(tmp_path / "v.json")]) == {"a": 2, "x1": [1, Fraction(5, 2)]}
    with pytest.raises(UsageError):
        merged(("a=2", "a=3"), ())
    assert merged((), ()) is None


@pytest.mark.parametrize("text", ["[1, 2]", '{"a": "1"}', '{"a": NaN}', '{"a": true}', '{"2": 1}', "{", '{"a": {}}'])
def test_json_that_holds_no_values(tmp_path: Path, text: str) -> None:
    (tmp_path / "v.json").write_text(text, encoding="utf-8")
    with pytest.raises(FileError):
        values_from(str(tmp_path / "v.json"))


def test_arrays_of_objects_are_never_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "v.npz", a=np.array([{}], dtype=object))
    np.savez(tmp_path / "w.npz", a=np.array(["x"]))
    (tmp_path / "x.npz").write_bytes(b"PK no archive")
    for name in ("v.npz", "w.npz", "x.npz"):
        with pytest.raises(FileError):
            values_from(str(tmp_path / name))


@pytest.mark.parametrize(
    ("graph", "at", "code", "marked"),
    [
        ("z: 2x3; y: 2; L = cross_entropy(softmax(z), y)", "z=[[1,2,3],[4,5,6]]; y=[0,3]", 2, "y=[0,3]"),
        ("z: 2x3; y: 2; L = cross_entropy(softmax(z), y)", "z=[[1,2,3],[4,5,6]]; y=[0,-1]", 2, "y=[0,-1]"),
        ("W: 2x3; x: 3; L = sum(W @ x)", "x=[1,2,3]; W=[[1,2],[3,4]]", 3, "W=[[1,2],[3,4]]"),
        ("A: 2x2 symmetric; L = trace(A)", "A=[[1,2],[3,4]]", 2, "A=[[1,2],[3,4]]"),
    ],
)
def test_a_value_that_does_not_fit_is_pointed_at(symback: Run, graph: str, at: str, code: int, marked: str) -> None:
    found = symback("backprop", graph, "--at", at)
    assert found.code == code
    line, carets = found.err.splitlines()[:2] if not found.err.startswith("line") else found.err.splitlines()[1:3]
    assert line[carets.index("^") : carets.index("^") + carets.count("^")] == marked
