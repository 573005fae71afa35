"""Problems of every kind, worked: the cases' figures, right and wrong answers, tasks, pictures, errors."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symback import failures
from symback.calculus.question import read_question
from symback.errors import (
    DomainError,
    FileError,
    NoRule,
    ParseError,
    ShapeError,
    SymbackError,
    TooLarge,
    UsageError,
    VerificationFailed,
)
from symback.expr.rule import Derivation
from symback.graph.backprop import Backprop
from symback.graph.derivation.backward_laws import law_for
from symback.graph.forward_table import ForwardTable
from symback.page import render
from symback.page.maths import text
from symback.page.solution import Definitions, Formula, Listing, Solution, Values
from symback.problems.file.sheet import Problem
from symback.problems.working import work
from symback.products import Products
from symback.train import History

D = Decimal


def solved(kind: str, answer: Any = None, *, pictures: tuple[str, ...] = (), words: str = "", **asked: Any) -> Solution:
    symbols = asked.pop("symbols", ())
    problem = Problem("p1", 1, "A problem", kind, words, asked=asked, answer=answer, pictures=pictures, symbols=symbols)
    return work(problem)


def verdicts(solution: Solution) -> dict[str, str]:
    assert solution.error is None, solution.error
    return {check.key: check.verdict for check in solution.checks}


def array_text(value: Any) -> str:
    return f"[{', '.join(map(array_text, value))}]" if isinstance(value, list) else text(value)


def in_words(solution: Solution) -> list[str]:
    """Return the task as lines of text."""
    lines = []
    for part in solution.task:
        if isinstance(part, Formula):
            lines.append(f"{part.name} = {text(part.tree)}" if part.name else text(part.tree))
        elif isinstance(part, Listing):
            lines.append(part.text)
        elif isinstance(part, Definitions):
            lines += [f"{name} = {text(tree)}" for name, tree in part.graph.trees.items()]
            lines += [f"{name}: {'x'.join(map(str, part.shapes[name]))}" for name in part.open]
        elif isinstance(part, Values):
            lines += [", ".join(f"{n} = {array_text(value)}" for n, value in t.items()) for t in part.tables]
        else:
            lines.append("".join(p if isinstance(p, str) else text(p) for p in part))
    return lines


CHAIN = "d = 2b\ne = a + d\nL = c e"
CHAIN_AT = {"a": 3, "b": 1, "c": -2}
XOR = "h1 = step(x1 - x2)\nh2 = step(x2 - x1)\nf = h1 + h2"
CORNERS = [{"x1": a, "x2": b} for a in (0, 1) for b in (0, 1)]
SIGMOIDS = "o1 = sigma(w1 x + b1)\no = x + w2 o1\nyhat = sigma(o)\nL = (yhat - y)^2"
SIGMOIDS_AT = {"x": 1, "y": 1, "w1": D("0.5"), "w2": -2, "b1": D("-0.5")}
PSI = """
def psi(t) = 1/(1 + 3^-t)
def psi'(t) = psi(t)(1 - psi(t))
P1 = psi(w1 x1 + w2 x2 + b1)
P2 = (w3 P1 + b2)^2
P3 = (w4 P1 + b3)^2
C = ((P2 - y1)^2 + (P3 - y2)^2)/2
"""
PSI_AT = {"x1": -1, "x2": 3, "y1": 3, "y2": 8, "w1": 1, "w2": 1, "w3": 2, "w4": 4, "b1": -1, "b2": "1/2", "b3": 0}
RNN = "for t in 1..2:\n    s[t] = h[t-1] + x[t]\n    o[t] = w s[t]\n    h[t] = o[t] + h[t-1]\n    L += (h[t] - y[t])^2"
LINE = {
    "graph": "L = (w x + b - y)^2",
    "data": {"x": [0, 1, 2, 3], "y": [1, 3, 5, 7]},
    "parameters_start": {"w": 0, "b": 0},
    "learning_rate": D("0.05"),
}

# A problem of the cases, its kind and keys, and all that a file might give as its answer.
CASES: dict[str, tuple[str, dict[str, Any], Any]] = {
    "16": ("gradient", {"expr": "f = -0.5x + 0.25y^2"}, {"x": D("-0.5"), "y": "0.5y"}),
    "17": ("gradient", {"expr": "p = 0.5 o; o = -x + 0.5y^2", "wrt": ["x", "y"]}, ["-0.5", "0.5y"]),
    "18": (
        "gradient",
        {"expr": "x y^2 + 3x^2 z", "at": {"x": 1, "y": 0, "z": 2}},
        {"x": "y^2 + 6x z", "y": "2x y", "z": "3x^2", "value": [12, 0, 3]},
    ),
    "18, values alone": ("gradient", {"expr": "x y^2 + 3x^2 z", "at": {"x": 1, "y": 0, "z": 2}}, [12, 0, 3]),
    "19": (
        "directional",
        {"expr": "x^2/2 + y^2", "direction": [-1, 1], "at": {"x": D("-0.8"), "y": D("0.4")}},
        {"slope": "0.8 sqrt(2)", "value": D("1.131"), "gradient": [D("-0.8"), D("0.8")]},
    ),
    "20": (
        "jacobian",
        {"expr": ["x^2 y", "5x + sin y"], "wrt": ["x", "y"], "at": {"x": 2, "y": 0}},
        {"entries": [["2x y", "x^2"], ["5", "cos y"]], "value": [[0, 4], [5, 1]]},
    ),
    "20, with a definition": ("jacobian", {"expr": "f(x y); x + y; f(t) = t^2"}, [["2x y^2", "2x^2 y"], [1, 1]]),
    "20, transposed": ("jacobian", {"expr": "x^2 y; 5x", "layout": "denominator"}, [["2x y", 5], ["x^2", 0]]),
    "20, of a graph": (
        "jacobian",
        {"graph": "y = W @ x + b", "of": "y", "wrt": "x", "at": {"W": [[1, 2], [3, 4]], "x": [1, 0], "b": [1, 1]}},
        {"formula": "W", "value": [[1, 2], [3, 4]], "x": [[1, 2], [3, 4]]},
    ),
    "20, of a shaped graph": (
        "jacobian",
        {"graph": "W: 2x3; x: 3\ny = W @ x", "of": "y", "wrt": "x", "layout": "denominator"},
        "W^T",
    ),
    "20, an identity": ("jacobian", {"graph": "M: 2x3; z: 3; b: 2; y = M @ z + b", "of": "y", "wrt": "b"}, "I"),
    "20, a diagonal": ("jacobian", {"graph": "z: 3; y = sigmoid(z)", "of": "y", "wrt": "z"}, "diag(y(1 - y))"),
    "20, an identity by its size": ("jacobian", {"graph": "z: 3; y = z + 1", "of": "y", "wrt": "z"}, "eye(3)"),
    "20, a Hessian": (
        "hessian",
        {"graph": "X: 4x2; y: 4; w: 2; p = sigmoid(X @ w)\nL = bce(p, y)", "wrt": "w"},
        "X.T @ diag(p(1 - p)) @ X/4",
    ),
    "20, a Hessian by two names": ("hessian", {"graph": "x: 3; L = c norm2(x)", "wrt": ["x", "c"]}, "2x"),
    "20, a Hessian of labels": (
        "hessian",
        {"graph": "z: 3; y: 3; p = softmax(z); L = cross_entropy(p, y)", "wrt": "z"},
        "diag(p) - p @ p^T",
    ),
    "20, a Hessian without a law": (
        "hessian",
        {"graph": "A: 2x2; x: 2; L = logdet(A + outer(x, x))", "wrt": "x", "at": {"A": [[1, 0], [0, 1]], "x": [0, 0]}},
        [[2, 0], [0, 2]],
    ),
    "21": (
        "backprop",
        {"graph": CHAIN, "at": CHAIN_AT, "learning_rate": D("0.1")},
        {
            "a": -2, "b": -4, "c": D("5.0"), "e": "-2", "forward": {"d": 2, "e": 5, "L": -10, "a": 3},
            "new": {"a": D("3.2"), "b": "1.4", "c": "-5/2"},
            "formula": {"a": "c", "b": "2c", "c": "a + 2b", "d": "dL/de"},
        },
    ),
    "22": ("backprop", {"graph": "c = a+b; d = b+1; e = c d", "at": {"a": 2, "b": 1}}, {"a": 2, "b": 5}),
    "22, formulas": ("backprop", {"graph": "c = a+b; d = b+1; e = c d"}, {"a": "b + 1", "b": "c + d"}),
    "23": (
        "backprop",
        {"graph": "z = sigma(3 + (y + 5x))", "at": {"x": D("0.2"), "y": -4}},
        {"x": D("1.25"), "formula": {"x": "5z(1 - z)", "y": "z - z^2"}},
    ),
    "28": ("backprop", {"graph": XOR, "at": CORNERS}, {"forward": {"f": [0, 1, 1, 0], "h1": [0, 0, 1, 0]}}),
    "29": (
        "backprop",
        {"graph": SIGMOIDS, "at": SIGMOIDS_AT, "wrt": ["w1", "b1", "w2"], "learning_rate": D("0.1")},
        {
            "w1": "1/8", "b1": D("0.125"), "w2": D("-0.125"), "forward": {"o1": D("0.5"), "yhat": "1/2"},
            "new": {"w1": D("0.4875"), "b1": D("-0.5125"), "w2": D("-1.9875")},
        },
    ),
    "29, both paths": (
        "backprop",
        {"graph": SIGMOIDS, "wrt": "x"},
        "2(yhat - y) yhat (1 - yhat) (1 + w2 o1 (1 - o1) w1)",
    ),
    "30": (
        "backprop",
        {"graph": PSI, "at": PSI_AT, "wrt": ["w1", "w2", "w3", "w4", "b1", "b2", "b3"], "learning_rate": "1/10"},
        {"w1": -6, "w2": 18, "w3": 3, "w4": D("4.5"), "b1": 6, "b2": 4, "b3": 6, "new": {"w2": D("-0.8")}},
    ),
    "32": (
        "backprop",
        {"graph": "x: 2; y: 2\n" + RNN},
        {"h[1]": "2(h[1] - y[1]) + 2(1 + w)(h[2] - y[2])", "o[2]": "2(h[2] - y[2])"},
    ),
    "33": ("evaluate", {"expr": "-(y ln p + (1-y) ln(1-p))", "at": {"y": 0, "p": D("0.886")}}, D("2.17")),
    "34": (
        "backprop",
        {"graph": "z = dot(w, x) + b\nL = bce(sigmoid(z), y)", "at": {"w": [1, 2], "x": [1, -1], "b": 0, "y": 1}},
        {"formula": {"b": "sigma(z) - y", "w": "(sigma(z) - y) x"}, "w": [D("-0.731"), D("0.731")]},
    ),
    "35": ("train", {**LINE, "epochs": 1}, {"w": D("0.85"), "loss": D("7.06"), "L": D("7.06"), "epochs": 1}),
    "36": ("derive", {"expr": "f(x) = x^3", "at": {"x": 2}, "differences": True}, {"x": "3x^2", "value": 12}),
    "25": (
        "matrix",
        {"expr": ["x . w", "y . x"], "values": {"x": [1, 4, 5, 8], "w": [4, 3, 1, 1], "y": [9, 2, 7, 8]}},
        [29, 116],
    ),
    "26": (
        "matrix",
        {"expr": ["X Y", "X Y^T"], "values": {"X": [[4, 8], [7, 2]], "Y": [[5, 2], [6, 2], [8, 1]]}},
        ["refused", [[36, 40, 40], [39, 46, 58]]],
    ),
    "hessian": (
        "hessian",
        {"expr": "x^2 y", "at": {"x": 1, "y": 2}},
        {"entries": [["2y", "2x"], ["2x", 0]], "value": [[4, 2], [2, 0]]},
    ),
    "mixed": ("derive", {"expr": "x^3 y^2", "wrt": ["x", "x,y"]}, {"x": "3x^2 y^2", "x, y": "6x^2 y"}),
    "second": ("derive", {"expr": "x^3", "order": 2}, "6x"),
    "symbols": ("derive", {"expr": "loss_w x", "wrt": "x", "symbols": ("loss_w",)}, "loss_w"),
    "exact": (
        "backprop",
        {"graph": "f = -5x/8", "at": {"x": "1/3"}, "exact": True},
        {"x": "-5/8", "forward": {"f": "-5/24"}},
    ),
    "numerator": (
        "backprop",
        {"graph": "W: 2x2; x: 2\nL = norm2(W @ x)", "layout": "numerator"},
        {"W": "2 outer(x, W @ x)"},
    ),
    "labels that sum to 1": (
        "backprop",
        {"graph": "z: 3; y: 3\nL = cross_entropy(softmax(z), y)", "wrt": "z"},
        "-y + softmax(z)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_figures_of_the_cases_are_confirmed(name: str) -> None:
    kind, asked, answer = CASES[name]
    solution = solved(kind, answer, **asked)
    assert set(verdicts(solution).values()) == {"confirmed"}
    assert solution.answer_check == "confirmed"


@pytest.mark.parametrize("name", CASES)
def test_solutions_pickle_and_are_the_same_each_time(name: str) -> None:
    kind, asked, answer = CASES[name]
    first, second = solved(kind, answer, **asked), solved(kind, answer, **asked)
    assert pickle.dumps(first) == pickle.dumps(second)
    again = pickle.loads(pickle.dumps(first))
    assert (again.checks, again.notes, again.answer_check) == (first.checks, first.notes, first.answer_check)
    for work_again, work_first in zip(again.works, first.works, strict=True):
        shown = [render(w.thing, "json", **options(w.thing, w.verification)) for w in (work_again, work_first)]
        assert shown[0] == shown[1]


def options(thing: Any, verification: Any) -> dict[str, Any]:
    return {} if isinstance(thing, (Backprop, History)) else {"verification": verification}


@pytest.mark.parametrize("name", CASES)
def test_what_is_shown_is_verified(name: str) -> None:
    kind, asked, _ = CASES[name]
    for shown in solved(kind, **asked).works:
        expected = "unverified" if "psi'" in str(asked.get("graph")) else "verified"
        assert shown.verification.verdict == expected


WRONG: list[tuple[str, dict[str, Any], Any, dict[str, str]]] = [
    ("derive", {"expr": "x^2"}, "3x", {"x": "2x"}),
    ("derive", {"expr": "x^2", "at": {"x": 3}}, {"x": "2x", "value": 5}, {"value": "6"}),
    ("derive", {"expr": "x^2", "at": {"x": 3}}, 7, {"x": "6"}),
    ("gradient", {"expr": "x^2 y"}, {"x": "2x y", "y": "2x"}, {"y": "x^2"}),
    ("gradient", {"expr": "x^2 y", "at": {"x": 1, "y": 1}}, {"value": [2, 2]}, {"value": "[2, 1]"}),
    ("gradient", {"expr": "x^2 y", "at": {"x": 1, "y": 1}}, {"value": {"y": 2}}, {"value.y": "1"}),
    ("hessian", {"expr": "x^2 y"}, [["2y", "2x"], ["2x", 1]], {"entries": "[[2y, 2x], [2x, 0]]"}),
    ("hessian", {"graph": "A: 2x2; x: 2\nL = x @ A @ x", "wrt": "x"}, "2A", {"formula": "A.T + A"}),
    ("jacobian", {"expr": ["x y", "x"]}, [["y", "x"]], {"entries": "[[y, x], [1, 0]]"}),
    ("jacobian", {"graph": "W: 2x2; x: 2\ny = W @ x", "of": "y", "wrt": "x"}, "W^T", {"x": "W"}),
    ("jacobian", {"graph": "W: 2x2; x: 2\ny = W @ x", "of": "y", "wrt": "x"}, "I", {"x": "W"}),
    ("directional", {"expr": "x^2 + y^2", "direction": [3, 4], "at": {"x": 1, "y": 2}}, 22, {"slope": "22/5"}),
    ("evaluate", {"expr": "ln 2"}, D("0.7"), {}),
    ("derive", {"expr": "x/3"}, D("0.333"), {}),
    ("derive", {"expr": "x/3"}, D("0.334"), {"x": "1/3"}),
    ("evaluate", {"expr": "ln 2"}, D("0.694"), {"value": "0.6931471806"}),
    ("backprop", {"graph": CHAIN, "at": CHAIN_AT}, {"a": 2, "formula": {"a": "2c"}, "forward": {"e": 6}},
     {"a": "-2", "formula.a": "c", "forward.e": "5"}),
    ("backprop", {"graph": CHAIN}, {"c": "a + b"}, {"c": "e"}),
    ("backprop", {"graph": XOR, "at": CORNERS}, {"f": [0, 1, 1, 1]}, {"f": "[0, 1, 1, 0]"}),
    ("train", {**LINE, "epochs": 1}, {"w": D("0.7"), "b": D("0.4")}, {"w": "0.85"}),
    ("matrix", {"expr": ["x x", "X x"], "values": {"x": [1, 2], "X": [[1, 2, 3]]}}, [5, [1]], {"X x": "refused"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "asked", "answer", "right"), WRONG)
def test_a_wrong_answer_is_reported_with_the_right_one(
    kind: str, asked: dict[str, Any], answer: Any, right: dict[str, str]
) -> None:
    solution = solved(kind, answer, **asked)
    assert {c.key: c.right for c in solution.checks if c.verdict == "wrong"} == right
    assert solution.answer_check == ("wrong" if right else "confirmed")


def test_what_belongs_to_nothing_is_wrong_with_a_note() -> None:
    solution = solved("backprop", {"q": 1, "forward": {"z": 2}, "formula": {"a": "q"}}, graph=CHAIN, at=CHAIN_AT)
    assert list(verdicts(solution).values()) == ["wrong", "wrong", "unreadable"]
    assert [note.partition(";")[0] for note in solution.notes] == [
        "The answer for q belongs to nothing",
        "The answer for forward.z belongs to nothing",
    ]


# --- what is asked ----------------------------------------------------------------------------------------------------

TASKS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("derive", {"expr": "3x^2 y", "wrt": "x"}, ["Differentiate 3x^2y with respect to x."]),
    ("derive", {"expr": "f(x) = x^2", "at": {"x": 3}},
     ["Differentiate f(x) = x^2 with respect to x.", "Then find its value at x = 3."]),
    ("derive", {"expr": "x y", "wrt": ["x", "y"]}, ["Find the partial derivatives of xy with respect to x and y."]),
    ("derive", {"expr": "x^3", "order": 2}, ["Find the second derivative of x^3 with respect to x."]),
    ("derive", {"expr": "x y", "wrt": "x,y"}, ["Differentiate xy with respect to x and then y."]),
    ("derive", {"expr": "y = u^2; u = 3x", "wrt": "x"},
     ["Differentiate the function with respect to x:", "y = u^2", "u = 3x"]),
    ("derive", {"expr": "x^2", "at": {"x": 1}, "differences": True},
     ["Differentiate x^2 with respect to x.", "Then find its value at x = 1.",
      "Compare it with difference quotients."]),
    ("gradient", {"expr": "x y", "wrt": ["x", "y"], "at": {"x": 1, "y": "1/2"}},
     ["Find the gradient of xy with respect to x and y at x = 1 and y = 1/2."]),
    ("gradient", {"expr": "x y", "layout": "numerator"}, ["Find the gradient of xy.", "Write it as a row."]),
    ("jacobian", {"expr": ["x y", "x"]}, ["Find the Jacobian of the functions:", "f1 = xy", "f2 = x"]),
    ("jacobian", {"graph": "W: 2x2; x: 2\ny = W @ x", "of": "y", "wrt": "x"},
     ["Find the Jacobian of y by x in numerator layout.", "y = W @ x", "W: 2x2", "x: 2"]),
    ("hessian", {"expr": "x y"}, ["Find the Hessian matrix of xy."]),
    ("directional", {"expr": "x y", "direction": [3, -4]}, ["Find the slope of xy in the direction (3, -4)."]),
    ("evaluate", {"expr": "x^2", "at": {"x": D("0.5")}}, ["Work out x^2 at x = 0.5."]),
    ("backprop", {"graph": CHAIN, "at": CHAIN_AT, "wrt": ["a", "b", "c"], "learning_rate": D("0.1"), "function": True},
     ["Write L as one function of the inputs.", "Find the gradients of L by a, b and c by backpropagation.",
      *CHAIN.split("\n"),
      "Take a = 3, b = 1 and c = -2.", "Then take one step of gradient descent with the learning rate 0.1."]),
    ("backprop", {"graph": "y = W @ x\nL = sum(y)", "at": {"W": [[1, 2]], "x": [1, "1/2"]}, "wrt": "W"},
     ["Find the gradient of L by W by backpropagation.", "y = W @ x", "L = sum(y)", "The values are:",
      "W = [[1, 2]], x = [1, 1/2]"]),
    ("backprop", {"graph": "f = 2x", "at": [{"x": 1}, {"x": 2}]},
     ["Work out each forward pass.", "f = 2x", "The values of each pass are:", "x = 1", "x = 2"]),
    ("train", {**LINE, "epochs": 1},
     ["Make L small by full-batch gradient descent, learning rate 0.05, in at most 1 epoch.", "L = (wx + b - y)^2",
      "L is the loss of one example; what is made small is its mean over all of them.",
      "The data are:", "x = [0, 1, 2, 3], y = [1, 3, 5, 7]", "The initial values are:", "w = 0, b = 0"]),
    ("train", {**LINE, "epochs": 1, "validation": D("0.25"), "best": True, "learning_rate": "1/(20 + t)"},
     ["Make L small by full-batch gradient descent, learning rate 1/(20 + t), in at most 1 epoch.",
      "Keep the parameters of the epoch with the least validation loss.", "L = (wx + b - y)^2",
      "L is the loss of one example; what is made small is its mean over all of them.",
      "The data are:", "x = [0, 1, 2, 3], y = [1, 3, 5, 7]",
      "25% of the data, drawn with the seed, are kept out of training, for validation.",
      "The initial values are:", "w = 0, b = 0"]),
    ("matrix", {"expr": ["W x", "x . x"], "values": {"W": [[1, 2]], "x": [1, 2]}},
     ["Work out each of these, or say why it does not exist:", "W @ x", "dot(x, x)",
      "The values are:", "W = [[1, 2]], x = [1, 2]"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "asked", "lines"), TASKS)
def test_the_task_is_asked_in_words(kind: str, asked: dict[str, Any], lines: list[str]) -> None:
    assert in_words(solved(kind, **asked)) == lines


GIVEN: list[tuple[str, dict[str, Any], list[str]]] = [
    ("derive", {"expr": "3x^2 y", "wrt": ["x", "y"]}, ["d/dx [3x^2y]", "d/dy [3x^2y]"]),
    ("derive", {"expr": "f = u v; u = x; v = x^2", "wrt": "x"}, ["f = uv", "u = x", "v = x^2", "d/dx [f]"]),
    ("derive", {"expr": "x^3", "order": 2, "at": {"x": 1}}, ["d^2/dx^2 [x^3]", "Take x = 1."]),
    ("gradient", {"expr": "f(x, y) = x y", "at": {"x": 1, "y": 2}}, ["f = xy", "Take x = 1 and y = 2."]),
    ("directional", {"expr": "x y", "direction": "3, 4"}, ["xy", "The direction is (3, 4)."]),
    ("backprop", {"graph": CHAIN, "at": CHAIN_AT}, [*CHAIN.split("\n"), "Take a = 3, b = 1 and c = -2."]),
    ("matrix", {"expr": "x x", "values": {"x": [1, 2]}}, ["dot(x, x)", "The values are:", "x = [1, 2]"]),
]


@pytest.mark.parametrize(("kind", "asked", "lines"), GIVEN)
def test_where_the_text_asks_only_what_is_given_follows(kind: str, asked: dict[str, Any], lines: list[str]) -> None:
    assert in_words(solved(kind, words="Do what you can.", **asked)) == lines


def test_a_long_function_stands_on_a_line_of_its_own() -> None:
    expr = "(x^2 + y^2)(x^2 y + y^2 x) + sin(x y) cos(x y) + e^(x^2 + y^2)"
    first, formula = solved("gradient", expr=expr).task
    assert first == ("Find the gradient of the function", ":")
    assert isinstance(formula, Formula)


# --- things -----------------------------------------------------------------------------------------------------------


def kinds_of(solution: Solution) -> list[type]:
    return [type(shown.thing) for shown in solution.works]


def test_each_derivative_is_a_work() -> None:
    solution = solved("derive", expr="x^2 y", wrt=["x", "y"])
    assert kinds_of(solution) == [Derivation, Derivation]
    assert [text(shown.thing.last) for shown in solution.works] == ["2xy", "x^2"]


def test_a_graph_as_one_function() -> None:
    solution = solved("backprop", graph=CHAIN, at=CHAIN_AT, function=True)
    assert kinds_of(solution) == [Derivation, Backprop]
    lines = [text(line) for line in solution.works[0].thing.lines()]
    assert lines == ["L", "c e", "c(a + d)", "c(a + 2b)"]
    assert [step.rule.name for step in solution.works[0].thing.steps] == [
        "definition of the node", "insert the node", "insert the node",
    ]  # fmt: skip


def test_many_nodes_are_put_in_at_once() -> None:
    graph = "; ".join(["n1 = 2x", *(f"n{i + 1} = n{i} + x" for i in range(1, 10))])
    derivation = solved("backprop", graph=graph, function=True).works[0].thing
    assert [step.rule.name for step in derivation.steps] == ["insert the nodes"]


def test_a_long_function_is_refused() -> None:
    graph = "for i in 1..12:\n  e[i] = e[i-1] * sin(e[i-1])"
    solution = solved("backprop", graph=graph, function=True)
    assert isinstance(solution.error, TooLarge)
    assert solution.works == ()


def test_forward_passes() -> None:
    assert kinds_of(solved("backprop", graph=XOR, at=CORNERS)) == [ForwardTable]
    assert kinds_of(solved("backprop", graph=XOR, at=CORNERS[0], forward_only=True)) == [ForwardTable]
    assert kinds_of(solved("backprop", graph=XOR, at=CORNERS[:1], function=True)) == [Derivation, ForwardTable]


def test_products_and_trainings() -> None:
    assert kinds_of(solved("matrix", expr="x x", values={"x": [1, 2]})) == [Products]
    solution = solved("train", **LINE, epochs=3)
    assert kinds_of(solution) == [History]
    assert solution.works[0].thing.seconds == 0
    assert "the last loss is what the graph gives" in solution.works[0].verification.message


def test_exact_gradients_are_fractions() -> None:
    solution = solved("backprop", graph="y = x^2/3", at={"x": "1/2"}, exact=True)
    assert solution.works[0].thing.values == {"x": Fraction(1, 3)}


def test_notes_are_collected_once() -> None:
    solution = solved("derive", expr="log x + z", wrt=["x", "y"])
    assert solution.notes == (
        "log is read as the natural logarithm ln; write log_10(x) for the base 10.",
        "y does not occur in the expression, so the derivative is 0.",
    )


def test_the_authors_words_go_with_the_solution() -> None:
    problem = Problem("q7", 3, "Title", "derive", "Text", 2, ("A hint",), asked={"expr": "x"}, detail="full")
    solution = work(problem)
    assert (solution.id, solution.number, solution.title, solution.kind) == ("q7", 3, "Title", "derive")
    assert (solution.text, solution.points, solution.hints, solution.detail) == ("Text", 2, ("A hint",), "full")
    assert solution.asked == {"expr": "x"}
    assert solution.answer_check == "none"


def test_answers_to_a_training_with_validation() -> None:
    """Right is what belongs to the parameters that are kept: those of epoch 0, where the validation loss is 0."""
    held = {"x": [1, 2], "y": [0, 0]}
    answer = {"w": 0, "loss": 21, "validation_loss": 0}
    solution = solved("train", **LINE, epochs=3, validation=held, best=True, answer=answer)
    assert solution.answer_check == "confirmed"
    assert "the loss of epoch 0 is what the graph gives" in solution.works[0].verification.message


def test_training_reads_data_beside_the_file(tmp_path: Path) -> None:
    tmp_path.joinpath("points.csv").write_text("x,y\n0,1\n1,3\n", encoding="utf-8")
    asked = {**LINE, "data": "points.csv", "epochs": 1}
    problem = Problem("p1", 1, "", "train", asked=asked, file=str(tmp_path / "sheet.toml"))
    assert work(problem).error is None
    for outside in ("../points.csv", "/etc/hostname.csv", "a/../../b.csv"):
        refused = work(replace(problem, asked={**asked, "data": outside}))
        assert isinstance(refused.error, FileError)
        assert "not in the folder" in refused.error.message


# --- pictures ---------------------------------------------------------------------------------------------------------

PICTURES: list[tuple[str, str, dict[str, Any], str]] = [
    ("graph", "backprop", {"graph": CHAIN, "at": CHAIN_AT},
     "A computation graph with the inputs b, a and c. b leads to d = 2b. a and d lead to e = a + d. c and e lead to "
     "L = c e. At b = 1, a = 3 and c = -2 the value of L is -10; its gradient is -4 by b, -2 by a and 5 by c."),
    ("graph", "derive", {"expr": "sigma(3 + 5x)"},
     "A computation graph with the input x. x leads to n₁ = 5x. n₁ leads to n₂ = 3 + n₁. n₂ leads to z = σ(n₂)."),
    ("contour", "gradient", {"expr": "f(x, y) = x^2/2 + y^2", "at": {"x": D("-0.8"), "y": D("0.4")}},
     "Level lines of f = x²/2 + y² over x and y, with an arrow at (-0.8, 0.4) along the gradient (-0.8, 0.8), "
     "at a right angle to the level line there."),
    ("contour", "directional", {"expr": "x y", "direction": [1, 0]}, "Level lines of xy over x and y."),
    ("contour", "hessian", {"expr": "x^2 + y^2", "at": {"x": 0, "y": 0}},
     "Level lines of x² + y² over x and y, with the point (0, 0)."),
    ("loss", "train", {**LINE, "epochs": 1}, "The loss L falls from 21 to 7.059 in 1 epoch."),
]  # fmt: skip


@pytest.mark.parametrize(("picture", "kind", "asked", "alt"), PICTURES)
def test_pictures_say_what_they_show(picture: str, kind: str, asked: dict[str, Any], alt: str) -> None:
    solution = solved(kind, pictures=(picture,), **asked)
    assert solution.error is None
    assert [(p.kind, p.alt) for p in solution.pictures] == [(picture, alt)]


@pytest.mark.parametrize(
    ("picture", "kind", "asked"),
    [
        ("loss", "derive", {"expr": "x"}),
        ("contour", "gradient", {"expr": "x y z"}),
        ("contour", "gradient", {"expr": "a x y", "wrt": ["x", "y"]}),
        ("contour", "backprop", {"graph": CHAIN}),
        ("loss", "backprop", {"graph": CHAIN}),
    ],
)
def test_a_picture_that_cannot_be_is_an_error(picture: str, kind: str, asked: dict[str, Any]) -> None:
    solution = solved(kind, pictures=(picture,), **asked)
    assert isinstance(solution.error, UsageError)
    assert solution.error.hint


# --- errors -----------------------------------------------------------------------------------------------------------

ERRORS: list[tuple[str, dict[str, Any], type[SymbackError], str]] = [
    ("derive", {"expr": "x^2 +"}, ParseError, "no right-hand side"),
    ("derive", {}, UsageError, "expr is missing"),
    ("derive", {"expr": 5}, UsageError, "expr is missing, or is not a text"),
    ("derive", {"expr": "x y"}, UsageError, "2 variables"),
    ("derive", {"expr": "x", "wrt": 5}, UsageError, "wrt must be a text"),
    ("derive", {"expr": "x", "order": 21}, UsageError, "from 1 to 20"),
    ("derive", {"expr": "x", "order": "two"}, UsageError, "from 1 to 20"),
    ("derive", {"expr": "x", "strategy": "best"}, UsageError, "no strategy"),
    ("derive", {"expr": "1/x", "at": {"x": 0}}, DomainError, "divides by zero"),
    ("derive", {"expr": "x", "at": {"x": D("1e999999999")}}, TooLarge, "more than 400 digits"),
    ("derive", {"expr": "x", "at": {"x": 10**4000}}, TooLarge, "more than 400 digits"),
    ("derive", {"expr": "x", "at": {"x": D("inf")}}, TooLarge, "not finite"),
    ("derive", {"expr": "x", "at": {"x": True}}, UsageError, "not a number"),
    ("derive", {"expr": "x", "at": {"x": [1]}}, UsageError, "not a number"),
    ("derive", {"expr": "x", "at": {"x": "1 +"}}, ParseError, ""),
    ("derive", {"expr": "x", "at": [1]}, UsageError, "must be a table"),
    ("derive", {"expr": "x", "at": {"x,y": 1}}, UsageError, "The point names x,y"),
    ("derive", {"expr": "9^9^9^9 x"}, TooLarge, "too large"),
    ("derive", {"expr": "x^2", "differences": True}, UsageError, "no value for x"),
    ("derive", {"expr": "x^2", "differences": True, "order": 2, "at": {"x": 1}}, UsageError, "first derivative"),
    ("evaluate", {"expr": "ln x", "at": {"x": -1}}, DomainError, "no real value"),
    ("evaluate", {"expr": "x"}, UsageError, "no value for x"),
    ("gradient", {"expr": "2"}, UsageError, "no variable"),
    ("gradient", {"expr": "x", "layout": "best"}, UsageError, "no layout"),
    ("gradient", {"expr": "|x|", "at": {"x": 0}}, DomainError, "no derivative"),
    ("jacobian", {"expr": []}, UsageError, "There is no function"),
    ("jacobian", {"graph": "X: 2x2\nY = X @ X", "of": "Y", "wrt": "X"}, ShapeError, "a vector"),
    ("directional", {"expr": "x y"}, UsageError, "direction is missing"),
    ("directional", {"expr": "x y", "direction": [0, 0]}, UsageError, "zero vector"),
    ("directional", {"expr": "x y", "direction": [1]}, UsageError, "The direction has 1"),
    ("directional", {"expr": "x y", "direction": [None, 1]}, UsageError, "not a number"),
    ("backprop", {"graph": "f = x +"}, ParseError, ""),
    ("backprop", {"graph": "f = x", "at": {"y": 1}}, UsageError, "no value for x"),
    ("backprop", {"graph": "f = x", "at": 3}, UsageError, "at must be a table"),
    ("backprop", {"graph": "f = x", "at": {"x": [[1], [1, 2]]}}, UsageError, "not equally long"),
    ("backprop", {"graph": "f = x", "at": {"x": "y"}}, ParseError, "y is not a number"),
    ("backprop", {"graph": "f = x", "at": {"x": "ln(-1)"}}, ParseError, "not a finite real number"),
    (
        "backprop",
        {"graph": "f = 1/x", "at": {"x": 0}},
        DomainError,
        "f = 1/x has no value at x = 0: it divides by zero",
    ),
    ("backprop", {"graph": "f = 1/x", "at": {"x": 0}, "exact": True}, DomainError, "it divides by zero"),
    ("backprop", {"graph": "f = sqrt(x)", "at": {"x": 0}}, DomainError, "The gradient by x is not finite"),
    ("backprop", {"graph": "f = ln(x)", "at": [{"x": -1}]}, DomainError, "f = ln x has no value at x = -1"),
    ("backprop", {"graph": "f = x", "forward_only": True}, UsageError, "needs values"),
    ("backprop", {"graph": "f = x", "learning_rate": 1}, UsageError, "needs values"),
    ("backprop", {"graph": "f = x", "wrt": "q"}, UsageError, ""),
    ("backprop", {"graph": "f = x", "loss": "q"}, UsageError, ""),
    ("backprop", {"graph": "A: 2x3\nf = A @ A"}, SymbackError, ""),
    ("train", {}, FileError, "graph is missing"),
    ("train", {**LINE, "learning_rate": D("-1")}, FileError, "above 0"),
    ("train", {**LINE, "data": {"x": ["a"], "y": [1]}}, ParseError, "a is not a number"),
    ("train", {**LINE, "data": 5}, FileError, "data must be"),
    ("train", {**LINE, "colour": "red"}, FileError, "no key 'colour'"),
    ("matrix", {"expr": "x"}, UsageError, "values must be"),
    ("matrix", {"expr": "Z", "values": {"x": 1}}, UsageError, "Z has no value"),
    ("matrix", {"values": {"x": 1}}, UsageError, "There is no expression"),
    ("simplify", {"expr": "x"}, UsageError, "no kind 'simplify'"),
]


@pytest.mark.parametrize(("kind", "asked", "error", "said"), ERRORS)
def test_errors_become_part_of_the_solution(kind: str, asked: dict[str, Any], error: type, said: str) -> None:
    solution = solved(kind, "1", **asked)
    assert isinstance(solution.error, error)
    assert said in solution.error.message
    assert (solution.works, solution.checks, solution.pictures) == ((), (), ())
    assert solution.error.__traceback__ is None
    assert pickle.loads(pickle.dumps(solution)).error.message == solution.error.message


def test_the_question_is_kept_beside_its_error() -> None:
    solution = solved("derive", expr="1/x", at={"x": 0})
    assert in_words(solution) == ["Differentiate 1/x with respect to x.", "Then find its value at x = 0."]


def test_a_function_without_a_rule_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **options: Any) -> Any:
        raise NoRule("No rule says how.", hint="Write another function.")

    monkeypatch.setattr("symback.problems.exercises.expressions.derive", refuse)
    assert isinstance(solved("derive", expr="x").error, NoRule)


def test_what_fails_its_check_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    derivation = Derivation(read_question("x").tree, (), read_question("2x").tree)
    monkeypatch.setattr("symback.problems.exercises.expressions.derive", lambda *args, **options: derivation)
    solution = solved("derive", expr="x")
    assert isinstance(solution.error, VerificationFailed)
    assert (solution.works, solution.error.hint) == ((), f"It is withheld. {failures.REPORT}")


NORM = {"graph": "x: 2; L = norm2(x)^2"}
TICKS = re.compile("[Vv]erified|[Gg]radient check|✓|checkmark")


@pytest.mark.parametrize("asked", [NORM, NORM | {"at": {"x": [1, -2]}}], ids=["without values", "with values"])
@pytest.mark.parametrize("format_", ["html", "markdown", "json", "latex"])
def test_a_wrong_law_is_never_called_verified(
    asked: dict[str, Any], format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = law_for("norm2", [(2,)])._replace(by=("3*g*a",))  # type: ignore[union-attr]
    right_page = str(solved("backprop", **asked).render(format_))
    assert TICKS.search(right_page.rpartition("</style>")[2])
    monkeypatch.setattr(
        "symback.graph.derivation.pull.law_for", lambda n, shapes: wrong if n == "norm2" else law_for(n, shapes)
    )
    solution = solved("backprop", "4 norm2(x) x", **asked)
    assert isinstance(solution.error, VerificationFailed)
    page = str(solution.render(format_)).rpartition("</style>")[2]
    assert "The formula by x does not give the gradient." in page
    assert not TICKS.search(page)


def test_what_cannot_be_checked_has_no_tick() -> None:
    page = solved("backprop", graph="f = ln(-x^2 - 1); L = f^2").render("markdown")
    assert "? Gradient check: the formulas are not checked: no values were found where the loss is finite." in page
    assert "✓" not in page


def test_faults_of_the_program_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **options: Any) -> Any:
        raise KeyError("a bug")

    monkeypatch.setattr("symback.problems.exercises.expressions.derive", broken)
    with pytest.raises(KeyError):
        solved("derive", expr="x")


def test_deep_nesting_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(*args: Any, **options: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr("symback.problems.exercises.expressions.derive", deep)
    assert isinstance(solved("derive", expr="x").error, TooLarge)


def test_no_hint_names_an_option() -> None:
    for kind, asked, _, _ in ERRORS:
        error = solved(kind, **asked).error
        assert error is not None
        assert "--" not in error.hint


def test_functions_that_a_question_is_given_with_are_in_its_task() -> None:
    expr = "y = f(g(x)); g(x) = x^2; f(u) = sin u"
    solution = work(Problem("p1", 1, "", "derive", asked={"expr": expr}, answer="dy/dx = 2x cos(x^2)"))
    formulas = [(part.name, text(part.tree)) for part in solution.task if isinstance(part, Formula)]
    assert formulas == [("y", "f(g(x))"), ("g(x)", "x^2"), ("f(u)", "sin u")]
    assert solution.answer_check == "confirmed"
