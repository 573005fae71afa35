"""Graphs as text, as rows: what is typed, the statements it is read as, the remarks and the errors it gives."""

from __future__ import annotations

import gc
import pickle
import random
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest

from symback.errors import ParseError, TooLarge, UsageError
from symback.expr.tree import dump, symbol
from symback.graph.graph import Graph
from symback.graph.language.reader import Source, parse_expression, read_graph
from tests.running import takes_less_than


def statements(source: Source) -> dict[str, str]:
    return {statement.name: dump(statement.tree) for statement in source.statements}


# --- one expression -------------------------------------------------------------------------------------------------

EXPRESSIONS = """
    W @ x + b                Plus(Apply(matmul, W, x), b)
    A @ B @ C                Apply(matmul, Apply(matmul, A, B), C)
    2A @ x * c               Times(Apply(matmul, Times(2, A), x), c)
    A @ x/n                  Quotient(Apply(matmul, A, x), n)
    -A @ x                   Neg(Apply(matmul, A, x))
    A @ -x                   Apply(matmul, A, Neg(x))
    A.T                      Apply(transpose, A)
    A^T + Aᵀ                 Plus(Apply(transpose, A), Apply(transpose, A))
    A^{T} @ A^\\top          Apply(matmul, Apply(transpose, A), Apply(transpose, A))
    (A @ B).T                Apply(transpose, Apply(matmul, A, B))
    -x^T @ x                 Neg(Apply(matmul, Apply(transpose, x), x))
    A^2                      Power(A, 2)
    A^t                      Power(A, t)
    x[3]                     Apply(index, x, 3)
    x[0, 2]                  Apply(index, x, 0, 2)
    x[0][2]                  Apply(index, x, 0, 2)
    x[-1]                    Apply(index, x, Neg(1))
    x[2*3 - 1]               Apply(index, x, 5)
    2x[1]^2                  Times(2, Power(Apply(index, x, 1), 2))
    sin x[1]                 Apply(sin, Apply(index, x, 1))
    (a + b)[0].T             Apply(transpose, Apply(index, Plus(a, b), 0))
    sum(x)                   Apply(sum, x)
    sum(x, -1)               Apply(sum, x, Neg(1))
    2sum(x y, 0)             Times(2, Apply(sum, Times(x, y), 0))
    mean((a - y)^2)          Apply(mean, Power(Plus(a, Neg(y)), 2))
    dot(w, x) + b            Plus(Apply(dot, w, x), b)
    outer(a, b)              Apply(outer, a, b)
    norm2(w)                 Apply(norm2, w)
    norm(w)                  Apply(sqrt, Apply(norm2, w))
    log_softmax(z)           Apply(log_softmax, z)
    logsumexp(z)             Apply(logsumexp, z)
    cross_entropy(softmax(z), y)   Apply(cross_entropy, Apply(softmax, z), y)
    \\operatorname{softmax}(z)     Apply(softmax, z)
    bce(p, y) + mse(a, b)    Plus(Apply(bce, p, y), Apply(mse, a, b))
    concat(a, b, c, 1)       Apply(concat, a, b, c, 1)
    trace(A) logdet(B)       Times(Apply(trace, A), Apply(logdet, B))
    inv(A) @ b               Apply(matmul, Apply(inv, A), b)
    quadratic(x, A)          Apply(quadratic, x, A)
    max(z, 0)                Apply(max, z, 0)
    |x[1]|                   Apply(abs, Apply(index, x, 1))
    |A.T|                    Apply(abs, Apply(transpose, A))
    sigma(w x + b)           Apply(sigmoid, Plus(Times(w, x), b))
    d/b + d/d                Plus(Quotient(d, b), Quotient(d, d))
    e^x                      Power(E, x)
    T x                      Times(T, x)
    h[3] + h[4-1]            Plus(h[3], h[3])
    h[3][0]                  Apply(index, h[3], 0)
    A[1,2] + w_{32}^{[1]}    Plus(A[1,2], w32^[1])
    loss psi(x)              Times(loss, Apply(psi, x))
    psi'(x)(1 - psi(x))      Times(Apply(psi', x), Plus(1, Neg(Apply(psi, x))))
"""
ROWS = [line.strip().rpartition("  ")[::2] for line in EXPRESSIONS.strip().splitlines()]


@pytest.mark.parametrize(("typed", "expected"), [(a.strip().replace("\\\\", "\\"), b) for a, b in ROWS])
def test_expression(typed: str, expected: str) -> None:
    names = ("h[3]", "A[1,2]", "loss") if typed.startswith(("h[", "A[1", "loss")) else ()
    assert dump(parse_expression(typed, names, ["psi"])) == expected


def test_a_declared_t_is_a_name_after_the_power_sign() -> None:
    assert dump(parse_expression("x^T + x.T", ["T"])) == "Plus(Power(x, T), Apply(transpose, x))"


def test_a_name_with_an_entry_reads_back_in_the_ordinary_language() -> None:
    from symback.syntax import parse

    assert dump(parse("2w h[3]^2", ["h[3]"])) == "Times(2, w, Power(h[3], 2))"


# --- graphs ---------------------------------------------------------------------------------------------------------

GRAPHS: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "names on the left are nodes": (
        "d = 2b; e = a + d; L = c e",
        {"d": "Times(2, b)", "e": "Plus(a, d)", "L": "Times(c, e)"},
        ("b", "a", "c"),
    ),
    "one a line, with comments": (
        "# a graph\nd = 2b   # twice b\n\n  e = a + d\nL = c e",
        {"d": "Times(2, b)", "e": "Plus(a, d)", "L": "Times(c, e)"},
        ("b", "a", "c"),
    ),
    "a product of letters, unless it is declared": (
        "y = ab; z = cd; cd = 2",
        {"y": "Times(a, b)", "cd": "2", "z": "cd"},
        ("a", "b"),
    ),
    "a node called like a constant": (
        "e = x^2; pi = e; S = E pi",
        {"e": "Power(x, 2)", "pi": "e", "S": "Times(E, pi)"},
        ("x", "E"),
    ),
    "names of several letters": (
        "yhat = w_{32}^{[1]} x1 + b_1; loss = (yhat - y)^2",
        {"yhat": "Plus(Times(w32^[1], x1), b1)", "loss": "Power(Plus(yhat, Neg(y)), 2)"},
        ("w32^[1]", "x1", "b1", "y"),
    ),
    "names in LaTeX": (
        r"\hat{y} = \alpha x; L = \frac{\hat{y}}{2}",
        {"yhat": "Times(alpha, x)", "L": "Quotient(yhat, 2)"},
        ("alpha", "x"),
    ),
    "a node called like a function": (
        "mean = x + y; L = 2mean",
        {"mean": "Plus(x, y)", "L": "Times(2, mean)"},
        ("x", "y"),
    ),
    "definitions in any order": (
        "L = c e; e = a + d; d = 2b",
        {"d": "Times(2, b)", "e": "Plus(a, d)", "L": "Times(c, e)"},
        ("c", "a", "b"),
    ),
    "a line goes on in brackets": (
        "y = (a +\n   b) c\nz = y",
        {"y": "Times(Plus(a, b), c)", "z": "y"},
        ("a", "b", "c"),
    ),
    "a loop": (
        "for t in 1..3:\n    h[t] = w h[t-1] + x[2t]\nL = h[3]",
        {
            "h[1]": "Plus(Times(w, h[0]), Apply(index, x, 2))",
            "h[2]": "Plus(Times(w, h[1]), Apply(index, x, 4))",
            "h[3]": "Plus(Times(w, h[2]), Apply(index, x, 6))",
            "L": "h[3]",
        },
        ("w", "h[0]", "x"),
    ),
    "a loop in one line": (
        "L = h[2]; for t in 1..2: h[t] = t h[t-1]^t",
        {"h[1]": "Times(1, Power(h[0], 1))", "h[2]": "Times(2, Power(h[1], 2))", "L": "h[2]"},
        ("h[0]",),
    ),
    "a loop backwards": (
        "for t in 1..2: g[t] = c g[t+1]",
        {"g[2]": "Times(c, g[3])", "g[1]": "Times(c, g[2])"},
        ("c", "g[3]"),
    ),
    "loops in loops": (
        "for i in 1..2:\n  s[i] = a\n  for j in 1..i:\n    A[i, j] = i x + j\ny = A[2,1] + s[1]",
        {
            "s[1]": "a",
            "A[1,1]": "Plus(Times(1, x), 1)",
            "s[2]": "a",
            "A[2,1]": "Plus(Times(2, x), 1)",
            "A[2,2]": "Plus(Times(2, x), 2)",
            "y": "Plus(A[2,1], s[1])",
        },
        ("a", "x"),
    ),
    "loops in loops in one line": ("for i in 1..2: for j in 1..1: A[i,j] = x", {"A[1,1]": "x", "A[2,1]": "x"}, ("x",)),
    "a loop that is empty the first time": ("for i in 1..2: for j in 1..i-1: A[i,j] = x", {"A[2,1]": "x"}, ("x",)),
    "an index below zero": ("for t in 0..1: h[t] = h[t-2]", {"h[0]": "h[-2]", "h[1]": "h[-1]"}, ("h[-2]", "h[-1]")),
    "an entry of a node": (
        "for t in 1..1: h[t] = W @ h[t-1]\ny = h[1][0]",
        {"h[1]": "Apply(matmul, W, h[0])", "y": "Apply(index, h[1], 0)"},
        ("W", "h[0]"),
    ),
    "a sum that grows": (
        "for t in 1..2:\n  h[t] = x[t]\n  L += (h[t] - y)^2",
        {
            "h[1]": "Apply(index, x, 1)",
            "h[2]": "Apply(index, x, 2)",
            "L": "Plus(Power(Plus(h[1], Neg(y)), 2), Power(Plus(h[2], Neg(y)), 2))",
        },
        ("x", "y"),
    ),
    "a sum that begins with something": (
        "L = 0\nL += a - b\nL += -c",
        {"L": "Plus(a, Neg(b), Neg(c))"},
        ("a", "b", "c"),
    ),
    "a sum of one": ("L += a", {"L": "a"}, ("a",)),
    "words beside @": (
        "z = Wx @ x + Wh.T @ -hh + b",
        {"z": "Plus(Apply(matmul, Wx, x), Apply(matmul, Apply(transpose, Wh), Neg(hh)), b)"},
        ("Wx", "x", "Wh", "hh", "b"),
    ),
    "a product of known letters beside @": (
        "W: 2x2; x: 2; z = Wx @ y",
        {"z": "Apply(matmul, Times(W, x), y)"},
        ("W", "x", "y"),
    ),
}


@pytest.mark.parametrize("what", GRAPHS)
def test_graph(what: str) -> None:
    typed, expected, inputs = GRAPHS[what]
    source = read_graph(typed)
    assert statements(source) == expected
    assert [s.name for s in source.statements] == list(expected)
    assert source.inputs == inputs


def test_the_written_order_is_kept_where_it_will_do() -> None:
    source = read_graph("b = x; a = y; z = q + a; q = b; c = z")
    assert [s.name for s in source.statements] == ["b", "a", "q", "z", "c"]


def test_a_name_that_the_caller_gives() -> None:
    source = read_graph("L = loss_weight ab", ["loss_weight", "ab"])
    assert statements(source) == {"L": "Times(loss_weight, ab)"}


def test_places_count_from_one() -> None:
    source = read_graph("a = x  # so\n\nfor t in 1..2:\n    h[t] = a; g[t] = h[t]")
    assert [(s.name, s.line, s.column, s.text) for s in source.statements] == [
        ("a", 1, 1, "a = x"),
        ("h[1]", 4, 5, "h[t] = a"),
        ("g[1]", 4, 15, "g[t] = h[t]"),
        ("h[2]", 4, 5, "h[t] = a"),
        ("g[2]", 4, 15, "g[t] = h[t]"),
    ]
    error = source.error(source.statements[2], "The shapes do not fit.")
    assert (error.line, error.column) == (4, 15)
    assert error.explain().splitlines()[:3] == [
        "line 4, column 15:",
        "    h[t] = a; g[t] = h[t]",
        "              ^^^^^^^^^^^",
    ]


def test_a_source_pickles() -> None:
    source = read_graph("def psi(t) = t^2; x: 2; y = psi(x)")
    assert pickle.loads(pickle.dumps(source)) == source


# --- shapes and functions -------------------------------------------------------------------------------------------

SHAPES = [
    ("x: 2", {"x": (2,)}),
    ("W1: 3x2", {"W1": (3, 2)}),
    ("W: 3 x 2; b: 3 # bias", {"W": (3, 2), "b": (3,)}),
    ("W, V: 3×2", {"W": (3, 2), "V": (3, 2)}),
    ("W: (3, 2); x: (2,); y: [4]", {"W": (3, 2), "x": (2,), "y": (4,)}),
    ("X: 2x3x4", {"X": (2, 3, 4)}),
    ("s:", {"s": ()}),
    ("s: scalar; r: ()", {"s": (), "r": ()}),
    ("loss_weight:\nx: 2", {"loss_weight": (), "x": (2,)}),
    ("x: 2\nx: 2", {"x": (2,)}),
    ("w_{32}^{[1]}: 2", {"w32^[1]": (2,)}),
]


@pytest.mark.parametrize(("typed", "expected"), SHAPES)
def test_shapes(typed: str, expected: dict[str, tuple[int, ...]]) -> None:
    assert read_graph(typed + "\nq = 1").shapes == expected


def test_the_shape_of_a_family_is_the_shape_of_each_of_its_nodes() -> None:
    source = read_graph("h: 2; for t in 1..2: h[t] = tanh(h[t-1])")
    assert source.shapes == {"h[0]": (2,), "h[1]": (2,), "h[2]": (2,)}
    assert read_graph("h[0]: 2; for t in 1..2: h[t] = tanh(h[t-1])").shapes == {"h[0]": (2,)}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("x: 3; for t in 0..2: h[t] = x[t]", {"x": (0,)}),
        ("x: 3; for t in 1..3: h[t] = x[t]", {"x": (1,)}),
        ("x: 4; for t in 1..3: h[t] = x[t]", {"x": (0,)}),
        ("x: 3; y = x[-1]", {"x": (0,)}),
        ("x: 2x3; for i in 1..2: for j in 0..2: h[i,j] = x[i, j]", {"x": (1, 0)}),
        ("x: 3x2; for t in 1..3: h[t] = x[t]", {"x": (1,)}),
        ("for t in 1..3: h[t] = x[t]", {}),
    ],
)
def test_entries_are_counted_from_0_or_from_1(typed: str, first: dict[str, tuple[int, ...]]) -> None:
    source = read_graph(typed)
    assert source.first == first
    assert any("counted from 1" in note for note in source.notes) == (1 in first.get("x", ()))


def test_functions() -> None:
    source = read_graph(
        "def psi(t) = 1/(1+3^-t); def psi'(s) = psi(s)(1-psi(s))\ndef ramp(e) = max(e, 0)\ny = ramp(psi(x))"
    )
    psi, ramp = source.functions["psi"], source.functions["ramp"]
    assert (psi.parameter, dump(psi.body)) == ("t", "Quotient(1, Plus(1, Power(3, Neg(t))))")
    assert dump(psi.derivative) == "Times(Apply(psi, t), Plus(1, Neg(Apply(psi, t))))"
    assert (ramp.parameter, dump(ramp.body), ramp.derivative) == ("e", "Apply(max, e, 0)", None)
    assert statements(source) == {"y": "Apply(ramp, Apply(psi, x))"}
    assert source.inputs == ("x",)


# --- remarks --------------------------------------------------------------------------------------------------------

NOTES = [
    ("y = W x; W: 2x2", "W x is read as a product entry by entry; write W @ x"),
    ("y = x^T A @ x", "x^T A is read as a product entry by entry"),
    ("A: 2x2; y = A^-1", "write inv(A)"),
    ("A: 2x2; y = A⁻¹", "write inv(A)"),
    ("y = Wx @ x", "Wx is one name here"),
    ("y = Wx", "Wx is read as the product W*x; give it a shape"),
    ("q: 2; y = x", "q has a shape, but no line uses it"),
    ("for t in 1..2: h[t] = h_t", "h_t is one name, the same in every pass of the loop; write h[t]"),
    ("y = 1/2x; z = log y", "(1/2)*x"),
    ("y = 1/2x; z = log y", "natural logarithm"),
]


@pytest.mark.parametrize(("typed", "part"), NOTES)
def test_note(typed: str, part: str) -> None:
    assert any(part in note for note in read_graph(typed).notes)


@pytest.mark.parametrize("typed", ["y = sigma(w x + b)", "W: 3x2; x: 2; y = W @ x", "for t in 1..3: h[t] = x[t]"])
def test_no_note_where_there_is_one_reading(typed: str) -> None:
    assert read_graph(typed).notes == ()


# --- errors ---------------------------------------------------------------------------------------------------------

ERRORS = [
    # what is typed, line, column, a part of the reason
    ("", 1, 1, "no assignment"),
    ("# nothing\n", 1, 1, "no assignment"),
    ("x: 2", 1, 1, "no assignment"),
    ("a = x\nx + 1", 2, 1, "gives no name"),
    ("a = x\nb =", 2, 3, "right side of the equals sign"),
    ("a = x\nb = 2 sin x +  # so", 2, 13, "no right-hand side"),
    ("a = x\nb = (x + 1", 2, 5, "never closed"),
    ("a = (x\nb = 2", 1, 5, "never closed"),
    ("a = x = 2", 1, 7, "equation"),
    ("a == x", 1, 3, "Only = and +="),
    ("a -= x", 1, 3, "Only = and +="),
    ("a := x", 1, 3, "no colon"),
    ("2 = x", 1, 1, "not a name"),
    ("a b = x", 1, 1, "not a name"),
    ("sin = x", 1, 1, "name of a function"),
    ("f(x) = x^2", 1, 1, "not a name"),
    # names
    ("y = x\nL = loss_weight y", 2, 5, "loss_weight is not a known name"),
    ("y = foo(x)", 1, 5, "no function called foo"),
    ("y = h(x)", 1, 5, "no function called h"),
    ("y = sum x", 1, 5, "in brackets"),
    ("y = dot(x)", 1, 5, "dot takes 2 values"),
    ("y = sum_i x_i", 1, 5, "not an entry of a vector"),
    ("y = sum_{i} x_i", 1, 5, "not an entry of a vector"),
    ("y = sum(x, 0, 1, 2)", 1, 5, "sum takes 3 values"),
    ("mean = mean(x)", 1, 8, "mean is a function and the name of a node"),
    ("a = x\nb = y\na = z", 3, 1, "a is defined twice, first in line 1."),
    ("for t in 1..3:\n  z = t x", 2, 3, "in every pass"),
    ("a = a + 1", 1, 1, "defined in terms of itself"),
    ("a = b\nb = c\nc = a", 3, 1, "a needs b needs c needs a"),
    ("for t in 1..3: h[t] = h[4-t]", 1, 16, "circle: h[1] needs h[3] needs h[1]"),
    ("h = x\nh[1] = y", 2, 1, "h is a node, and h[...] is one too"),
    ("h[1] = x\nh[1,2] = y", 2, 1, "has 1 indices elsewhere"),
    ("h[1] = x\nL = sum(h)", 2, 5, "one of them is needed"),
    ("A[1,2] = x\ny = A[1]", 2, 5, "2 indices"),
    # sums
    ("for t in 1..3:\n  L += x[t]\n  h[t] = L", 3, 10, "still add to it"),
    ("L += x\nL += 2L", 2, 6, "still add to it"),
    ("L += x\nL = 2", 2, 1, "defined twice"),
    # loops and indices
    ("for t in 1..3\n  h[t] = x", 1, 1, "loop cannot be read"),
    ("for t in range(3): h[t] = x", 1, 1, "loop cannot be read"),
    ("for t in 1..3:\nh[t] = x", 1, 1, "no lines"),
    ("for t in 1..3:", 1, 1, "no lines"),
    ("for t in 1..3:\n  h[t] = x\n    g[t] = x", 3, 5, "indented deeper"),
    ("for t in 1..3:\n    h[t] = x\n  g[t] = x", 3, 3, "indented neither"),
    ("for t in 3..1: h[t] = x", 1, 10, "no number from 3 up to 1"),
    ("for t in 1..n: h[t] = x", 1, 10, "n is not a number"),
    ("for t in 1..2.5: h[t] = x", 1, 10, "whole numbers"),
    ("for t in 1..: h[t] = x", 1, 13, "no expression"),
    ("t = 2\nfor t in 1..2: h[t] = x", 2, 5, "and another thing too"),
    ("for t in 1..2: for t in 1..2: h[t] = x", 1, 5, "within this one too"),
    ("for t in 1..2: x: 2", 1, 16, "outside loops"),
    ("y = x[t]", 1, 5, "t, which is not the variable of a loop"),
    ("for t in 1..2: h[t/2] = x", 1, 16, "not a whole number"),
    ("y = 2[1]", 1, 6, "no entries"),
    ("y = 1:2", 1, 6, "colon"),
    ("y = x[1:2:3]", 1, 10, "no step"),
    ("y = x[1:]", 1, 9, "a size that is not known"),
    ("y = x[:-1]", 1, 10, "a size that is not known"),
    ("x: 3\ny = x[0:t]", 2, 5, "t, which is not the variable of a loop"),
    ("x[0:2] = y", 1, 4, "colon"),
    ("x: 3\nfor t in 1..4: h[t] = 2x[t]", 2, 24, "no entry x[4]: x has the shape 3."),
    ("x: 3\ny = x[0] + x[3]", 2, 5, "no entry x[3]"),
    ("x: 3\ny = x[0,1]", 2, 5, "no entry x[0, 1]"),
    # transposes
    ("y = A^2^T", 1, 8, "not clear what is transposed"),
    ("y = A.t", 1, 6, "A dot"),
    # shapes
    ("x: 2.5\ny = x", 1, 4, "2.5 is not a shape"),
    ("x: vector\ny = x", 1, 4, "vector is not a shape"),
    ("x: 2n\ny = x", 1, 4, "2n is not a shape"),
    ("x in R^\ny = x", 1, 6, "R^ is not a shape"),
    ("x in 3\ny = x", 1, 6, "3 is not a shape"),
    ("x: x\ny = x", 1, 4, "x is not a shape"),
    ("x: 3 in R\ny = x", 1, 4, "not a shape"),
    ("A: m x n symmetric\ny = A", 1, 4, "Only a square matrix"),
    ("A: n symmetric\ny = A", 1, 4, "Only a square matrix"),
    ("A: 3x2 symmetric\ny = A", 1, 4, "Only a square matrix"),
    ("W: m x n\nn: 3\ny = W", 1, 4, "n is the size of an axis here, and a name with a shape too."),
    ("x: n\nn = sum(x)", 1, 4, "n is the size of an axis here, and the name of a node too."),
    ("x: n\nfor n in 1..2: h[n] = x", 1, 4, "n is the size of an axis here, and the variable of a loop too."),
    ("def n(t) = t\nx: n\ny = n(x)", 2, 4, "n is the size of an axis here, and a function too."),
    ("x: n\ny = x[n]", 2, 5, "n, which is the size of an axis"),
    ("x: n\nfor t in 1..n: h[t] = x[t]", 2, 10, "n is the size of an axis, and a loop needs a number"),
    ("x: n\nh[n] = x", 2, 1, "n, which is the size of an axis"),
    ("x: 2x\ny = x", 1, 4, "2x is not a shape"),
    ("x: 0\ny = x", 1, 4, "up to 8 sizes, from 1"),
    ("x: 2x2x2x2x2x2x2x2x2\ny = x", 1, 4, "up to 8 sizes"),
    ("x: 9999999999\ny = x", 1, 4, "from 1 to 1,000,000"),
    ("x: 2\nx: 3\ny = x", 2, 1, "two shapes, 2 and 3"),
    ("x[0]: 2\ny = x", 1, 1, "an entry of the array x"),
    ("2: x\ny = x", 1, 1, "not a name"),
    # functions
    ("def psi = t", 1, 5, "its parameters in brackets"),
    ("def p() = 2", 1, 5, "its parameters in brackets"),
    ("def p(s, s) = s", 1, 5, "named twice"),
    ("def p'(s, t) = s", 1, 5, "of one parameter may be given"),
    ("def p(s, t) = s t u\ny = p(a, b)", 1, 15, "u is not a parameter"),
    ("def p(s, t) = s t\ny = p(a)", 2, 5, "p takes 2 values"),
    ("def p(s, t) = s t\ny = p(a, b, c)", 2, 5, "p takes 2 values"),
    ("def p(s, t) = s t\ny = p'(a)", 2, 6, "prime"),
    ("def psi(t)\ny = x", 1, 1, "no equals sign"),
    ("def psi(t) = k t\ny = psi(x)", 1, 14, "k is not the parameter"),
    ("def psi(t) = psi(t-1)\ny = psi(x)", 1, 5, "defined in terms of itself"),
    ("def a(t) = b(t)\ndef b(t) = a(t)\ny = a(x)", 1, 5, "defined in terms of itself"),
    ("def psi(t) = psi'(t)\ny = psi(x)", 1, 5, "defined in terms of itself"),
    ("def psi'(t) = 2t\ny = x", 1, 5, "not the function itself"),
    ("def psi(t) = t\ndef psi(t) = t\ny = x", 2, 5, "psi is defined twice"),
    ("def sigmoid(t) = t\ny = x", 1, 5, "known already"),
    ("def psi(t) = sum(t)\ny = x", 1, 14, "needs an array"),
    ("def psi(t) = t\npsi = 2", 1, 5, "another thing too"),
    ("def psi(t) = t\ny = psi + 1", 2, 5, "psi is a function of yours"),
    ("def psi(t) = t\ny = psi''(x)", 2, 8, "prime"),
    ("def psi(t) = t\ny = psi(x, 2)", 2, 5, "psi takes 1 value"),
]


@pytest.mark.parametrize(("typed", "line", "column", "reason"), ERRORS)
def test_error(typed: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(ParseError) as caught:
        read_graph(typed)
    error = caught.value
    assert reason in error.message
    assert (error.line, error.column) == (line, column)
    assert error.text == typed
    assert error.message.endswith(".")
    assert error.hint
    error.explain()


def test_the_caret_stands_under_the_place_and_the_comment_stays() -> None:
    with pytest.raises(ParseError) as caught:
        read_graph("a = x\nb = foo(a)  # the second")
    assert caught.value.explain().splitlines()[:3] == [
        "line 2, column 5:",
        "b = foo(a)  # the second",
        "    ^^^",
    ]


def test_a_node_of_each_pass_is_suggested() -> None:
    with pytest.raises(ParseError) as caught:
        read_graph("for k in 1..2: w_k = 2")
    assert "Write w[k] for a node of each pass" in caught.value.hint


def test_a_word_that_nobody_declared_is_explained() -> None:
    with pytest.raises(ParseError) as caught:
        read_graph("L = loss_weight x")
    assert "loss_weight: for a number or loss_weight: 3x2" in caught.value.hint


# --- limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("y = x " + "# " * 5000, "10,000"),
        ("for t in 1..5001: h[t] = x", "5,000 statements"),
        ("for i in 1..100: for j in 1..100: A[i,j] = x", "5,000 statements"),
        ("for i in 1..1000000: for j in i+1..i: A[i,j] = x", "5,000 statements"),
        ("for t in 1..5000: h[t] = " + " + ".join(["x*t"] * 100), "300,000"),
        ("y = A" + ".T" * 100, "60 levels"),
        ("y = " + "A@" * 100 + "A", "60 levels"),
        ("y = " + "x[" * 100, "60 levels"),
    ],
)
def test_limit(typed: str, part: str) -> None:
    with pytest.raises(TooLarge) as caught:
        read_graph(typed)
    assert part in caught.value.message
    assert caught.value.hint


def test_as_many_statements_as_may_be() -> None:
    source = read_graph("for t in 1..5000: h[t] = w h[t-1]")
    assert source.statements[-1].tree.free_symbols == {symbol("w"), symbol("h[4999]")}


LONG = {
    "h[t] = ...": lambda n: f"for t in 1..{n}: h[t] = sin(w h[t-1])",
    "a line each": lambda n: "\n".join(["a1 = x", *(f"a{k} = sin(a{k - 1}) w{k % 9}" for k in range(2, n + 1))]),
}


def test_limits_are_raised_from_python() -> None:
    with pytest.raises(TooLarge, match=r"more than 5,000 statements") as caught:
        Graph("for t in 1..5001: h[t] = c h[t-1]")
    assert "max_statements=20000 raises the limit" in caught.value.hint
    assert len(Graph("for t in 1..5001: h[t] = c h[t-1]", max_statements=5_001).statements) == 5_001
    text = LONG["a line each"](600)
    with pytest.raises(TooLarge, match=f"has {len(text):,} characters; at most 10,000 are read") as caught:
        Graph(text)
    assert f"max_characters={len(text)} raises the limit" in caught.value.hint
    assert len(Graph(text, max_characters=len(text)).statements) == 600
    with pytest.raises(TooLarge, match="more than 599 statements"):
        Graph(text, max_characters=len(text), max_statements=599)


@pytest.mark.slow
def test_forward_and_backward_through_20000_statements() -> None:
    """The derivative of c^n x by x is c^n."""
    graph = Graph("for t in 1..20000: h[t] = c h[t-1]", max_statements=20_000)
    values = {"c": 0.9999, "h[0]": 2.0}
    assert graph.forward(values)["h[20000]"] == pytest.approx(2 * 0.9999**20_000)
    (slope,) = graph.lambdify(wrt=["h[0]"])(values)[1].values()
    assert slope == pytest.approx(0.9999**20_000)


@pytest.mark.parametrize("limit", [0, -1, 2.5, "5", True, None])
@pytest.mark.parametrize("name", ["max_characters", "max_statements"])
def test_a_limit_is_a_whole_number(name: str, limit: Any) -> None:
    with pytest.raises(UsageError, match=f"{name} must be a whole number above 0"):
        Graph("y = x", **{name: limit})


@pytest.mark.slow
@pytest.mark.parametrize("make", LONG.values(), ids=LONG)
def test_reading_is_linear_in_the_statements(make: Callable[[int], str]) -> None:
    """Four times as many statements take four times as long; with a part that is quadratic it would be up to 16."""

    def seconds(n: int) -> float:
        text = make(n)
        gc.collect()
        gc.disable()
        start = process_time()
        Graph(text, max_characters=len(text), max_statements=n)
        taken = process_time() - start
        gc.enable()
        return taken

    seconds(100)
    short, long = (min(seconds(n) for _ in range(2)) for n in (5_000, 20_000))
    assert long < 6.5 * short


@pytest.mark.parametrize(
    "typed",
    [
        *("y = " + "a" * 9000, "y = " + "ab1" * 3000, "(" * 9000, "y = (\n" + "a\n" * 4000, "=" * 9000, ";" * 9000),
        *(":" * 9000, "for " * 2000, "for t in 1..2:" * 600, "@" * 9000, "@ab" * 3000, "y = " + "ab @" * 2400),
        *(";".join(f"x_{k} = x_{k + 1}" for k in range(600)), "def a(t) = t;" * 700, "y = x" + "[1]" * 3000),
        *("y = ab" + "[" * 9000, "x:" + "2x" * 4000, "y = x[" + "9" * 300 + "]", "#" * 9000, "'" * 9000),
        ";".join(f"def p_{k}(t) = p_{k + 1}(t)" for k in range(300)) + "; def p_300(t) = t; y = p_0(2)",
    ],
    ids=lambda typed: typed[:16],
)
def test_nothing_takes_long(typed: str) -> None:
    def work() -> None:
        try:
            read_graph(typed)
        except ParseError as error:
            error.explain()

    assert takes_less_than(0.5, work)


PIECES = r"""
    x y h[t] h[t-1] h[1] W1 W1: x: 2 3x2 = += @ .T ^T ( ) [ ] + - * / ^ , ; : # def psi(t) psi'(t) psi( for t in 1..3:
    1..2 sum( mean(x) softmax( dot(x,y) e pi loss L yhat \hat{y} \frac | { } ' … ᵀ for def in
"""


def _error_of(text: str) -> ParseError | None:
    try:
        read_graph(text)
    except ParseError as error:
        return error
    return None


def _read_or_refused(text: str) -> None:
    error = _error_of(text)
    if error is not None:
        assert error.message.endswith(".")
        assert error.hint
        assert 0 <= error.at < max(len(text), 1)
        error.explain()


@pytest.mark.parametrize("seed", range(4))
def test_random_text_is_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    pieces = [*PIECES.split(), "\n", "\n", "\n    ", " "]
    texts = [typed for typed, _, _ in GRAPHS.values()]
    for _ in range(300):
        _read_or_refused("".join(rng.choice(pieces) + " " * rng.randint(0, 1) for _ in range(rng.randint(1, 20))))
        text = list(rng.choice(texts))
        text.insert(rng.randrange(len(text)), rng.choice(pieces))
        del text[rng.randrange(len(text))]
        _read_or_refused("".join(text))


def test_every_prefix_of_a_graph_is_read_or_refused() -> None:
    for typed, _, _ in GRAPHS.values():
        for cut in range(len(typed)):
            _read_or_refused(typed[:cut])
