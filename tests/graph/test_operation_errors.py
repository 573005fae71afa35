"""What is said where operations are given what does not fit: what is wrong, where, and what to do."""

from __future__ import annotations

import time

import numpy as np
import pytest

from symback import cli
from symback.errors import DomainError, ParseError, SymbackError, UsageError
from symback.graph.graph import Graph
from tests.running import takes_less_than

MOST_SECONDS = 20.0  # of processor time, on a machine that does other things as well

# fmt: off
WRONG = (  # the graph, what is pointed at (of its last line), what is said, a part of the hint
    ("X: 2x3; L = sum(max(X, axis=2))", "", "A 2x3 has no axis 2.", "from 0 to 1, or from -1 down"),
    ("X: 2x3; L = sum(sum(X, axis=-3))", "", "A 2x3 has no axis -3.", "X is 2x3"),
    ("X: 2x3; L = sum(softmax(X, axis=5))", "", "A 2x3 has no axis 5.", "from 0 to 1"),
    ("x: 3; L = argmax(x, axis=1)", "", "A 3 has no axis 1.", "It has one axis, 0."),
    ("x:; L = max(x, axis=0)", "", "A scalar has no axis 0.", "A number has no axes."),
    ("X: 2x3; L = sum(cumsum(X, axis=10^9))", "", "The axis of cumsum is not a whole number.", "cumsum(x, axis=1)"),
    ("X: 2x3; L = sum(cumsum(X, axis=1000000000))", "", "A 2x3 has no axis 1000000000.", "from 0 to 1"),
    ("X: 2x3; L = sum(max(X, axis=0.5))", "", "The axis of max is not a whole number.", "max(x, axis=1)"),
    ("X: 2x3; k:; L = sum(max(X, axis=k))", "", "The axis of max is not a whole number.", "max(x, axis=1)"),
    ("X: 2x3; L = sum(sin(X, axis=1))", "sin(X, axis=1)", "sin has no axis.", "entry by entry"),
    ("X: 2x3; L = sum(cumsum(X))", "", "cumsum needs its axis.", "cumsum(x, axis=0)"),
    ("X: 2x3; L = sum(cumsum(X, 1, stride=2))", "cumsum(X, 1, stride=2)", "cumsum has no stride.", "It has axis."),
    ("X: 2x3; L = sum(sum(X, axis=1, axis=0))", "sum(X, axis=1, axis=0)", "sum has axis twice.", "Name each once."),
    ("X: 2x3; L = sum(sum(X, axis=(0, 0)))", "sum(X, axis=(0, 0))", "sum has the axis 0 twice.", "Name each once."),
    ("X: 2x3; L = sum(X, foo=1)", "=", "There is an equals sign in brackets.", "Write == for a comparison"),
    # a product without a sign, and sums over an index
    ("x: 3; A: 2x3; b: 2; L = sum(A x - b)", "", "The shapes 2x3 and 2 cannot", "write A @ x for the matrix product"),
    ("W: 2x3; L = Σ_{i,j} W_{ij}^2", "Σ_{i,j}", "A sum is over one index here.", "Write sum(W)"),
    ("W: 2x3; L = Σ_i Σ_j W_{ij}^2", "Σ_j", "This sum over j has no entries of vectors.", "all entries"),
    # indices
    ("x: 3; L = x[-4]", "x[-4]", "There is no entry x[-4]: x has the shape 3.", "Entries are numbered from 0"),
    ("c:; ix: 3; L = sum(c[ix])", "", "A number has no entries.", "as in C[ix]"),
    ("C: 3x4; L = sum(take(C, 7, 1))", "", "Axis 1 of a 3x4 has no entry 7.", "from 0, or from -1 down"),
    # shapes
    ("x: 6; L = sum(reshape(x, 2, 4))", "", "6 cannot be reshaped to 2x4: the first has 6 entries, the second 8.",
     "keeps all entries"),
    ("x: 6; L = sum(reshape(x, 1000000, 1000000))", "", "6 cannot be reshaped to 1000000x1000000", "keeps all entries"),
    ("x: 6; L = sum(reshape(x, 4, -1))", "", "The 6 entries of a 6 are not a multiple of 4.", "-1 stands for a size"),
    ("x: 6; L = sum(reshape(x, -1, -1))", "", "A 6 has no such shape.", "one of them may be -1"),
    ("x: 6; L = sum(reshape(x, 0, 6))", "", "A 6 has no such shape.", "Sizes are 1 or more"),
    ("x: 6; L = sum(broadcast_to(x, 6, 2))", "", "A 6 cannot be repeated to a 6x2.", "aligned at the right"),
    ("x: 6; L = sum(broadcast_to(x, -2, 6))", "", "The result cannot be -2x6.", "Sizes are 1 or more."),
    ("x: 6; L = sum(broadcast_to(x, 1000000, 1000000, 6))", "",
     "The result has 6,000,000,000,000 entries, which is too many.", "up to 16 axes and 1,000,000,000 entries"),
    ("A: 3000x3000; B: 3000x3000; L = sum(kron(A, B))", "", "The result has 81,000,000,000,000 entries", "up to 16"),
    ("X: 2x3x4; L = sum(transpose(X, 0, 1))", "", "The axes 0, 1 are not those of a 2x3x4.", "Name each axis once"),
    ("X: 2x3x4; L = sum(transpose(X, 0, 1, 3))", "", "A 2x3x4 has no axis 3.", "from 0 to 2"),
    ("x: 3; L = sum(x.mT)", "", ".mT turns matrices, and this is a 3.", "A vector needs no transpose."),
    ("X: 2x3; L = sum(squeeze(X, 1))", "", "Axis 1 of a 2x3 has 3 entries.", "Only an axis of one entry"),
    ("x: 3; L = sum(expand(x, 5))", "", "A 3 has no axis 5.", "from 0 to 1"),
    ("L = sum([[1, 2], [3]])", "", "The shapes 2 and 1 cannot be stacked", "the rows of a matrix are equally long"),
    ("x: 3; L = sum([x, 1])", "", "The shapes 3 and scalar cannot be stacked", "x is 3"),
    ("L = sum([])", "[]", "There is nothing between the brackets.", "Write an expression"),
    ("A: 2x3x4; B: 2x3x4; L = sum(A @ B)", "", "The matrix product of 2x3x4 and 2x3x4 does not exist: 4 and 3",
     ".mT transposes"),
    ("A: 2x3x4; B: 3x4x5; L = sum(A @ B)", "",
     "The matrix product of 2x3x4 and 3x4x5 does not exist: the batches 2 and 3 are different.", "before the last two"),
    ("A: 2x3x4; b: 4; L = sum(A @ b)", "", "The matrix product of 2x3x4 and 4 does not exist", "expand(v, 1)"),
    # comparisons and choices
    ("x: 3; L = sum(0 < x < 1)", "<", "Write one comparison at a time.", "(a < b) * (b < c)"),
    ("x: 3; L = sum(where(x = 0, 1, 2))", "=", "There is an equals sign in brackets.", "Write == for a comparison"),
    ("x: 3; L = sum(where(x > 0, x))", "where(x > 0, x)", "where takes 3 values, but 2 are given.",
     "where(x > 0, a, b)"),
    ("x: 3; y: 4; L = sum(x > y)", "", "The shapes 3 and 4 cannot be combined entry by entry", "x is 3"),
    # products
    ('A: 2x3; B: 3x4; L = sum(einsum("ijk,jk->ik", A, B))', "", "ijk names 3 axes, but a 2x3 has 2.", "has one letter"),
    ('A: 2x3; L = sum(einsum("ij,jk->ik", A))', "", "einsum has letters for 2 arrays, but 1 are given.", "A is 2x3"),
    ('A: 2x3; L = sum(einsum("ij->ik", A))', "", "The letter k to the right of the arrow names no axis.", "Name axes"),
    ('A: 2x3; B: 2x4; L = sum(einsum("ij,jk->ik", A, B))', "", "The letter j stands for axes of 3 and of 2 entries.",
     "of one length"),
    ('A: 3x3; L = sum(einsum("ij->ii", A))', "", "A letter occurs twice in ii, the axes of the result.", "Name each"),
    ("A: 3x3; L = sum(einsum(A, A))", "einsum", "einsum begins with the letters of the axes.", 'einsum("ij,jk->ik"'),
    ("A: 2x3; b: 2; L = sum(solve(A, b))", "", "A square matrix is needed, not a 2x3.", "A is 2x3"),
    ("A: 2x2; b: 3; L = sum(solve(A, b))", "", "The system of 2x2 and 3 does not fit.", "as many rows as A"),
    ("A: 2x3; L = det(A)", "", "A square matrix is needed, not a 2x3.", "A is 2x3"),
    ("a: 2; b: 3; L = sum(kron(a, b))", "", "kron multiplies matrices, not 2 and 3.", "a is 2"),
    # convolutions
    ("x: 5x5; K: 6x6; L = sum(conv2d(x, K))", "", "A convolution of 5x5 with 6x6 does not exist: 6 entries do not fit",
     "padding makes the input larger"),
    ("x: 1x3x5x5; K: 2x4x2x2; L = sum(conv2d(x, K))", "", "3 channels of the input and 4 of the kernel are different.",
     "samples x channels x rows x columns"),
    ("x: 5; K: 2x2; L = sum(conv2d(x, K))", "", "A convolution of 5 with 2x2 does not exist.", "or both are matrices"),
    ("x: 5x5; K: 2x2; L = sum(conv2d(x, K, stride=0))", "", "the stride is at least 1", "x is 5x5"),
    ("x: 5x5; K: 2x2; L = sum(conv2d(x, K, padding=1000000000))", "", "entries, which is too many.", "x is 5x5"),
    ("x: 5x5; L = sum(maxpool2d(x, 6))", "", "Pooling of 5x5 with windows of 6x6 does not exist", "x is 5x5"),
    ("x: 5; L = sum(maxpool2d(x, 2))", "", "Pooling of 5 with windows of 2x2 does not exist.", "rows and columns"),
    # what gradients are written with, which a text may hold too
    ("c: 3; L = sum(put_at(c, 1, 0, 2, 5))", "", "A 3 is not an entry along axis 0 of a 2x5.", "c is 3"),
    ("c: 3; ix: 2; L = sum(scatter_add(c, ix, 5))", "", "Rows of 3 at the places 2 cannot be added to a 5.", "c is 3"),
    ("c: 3; L = sum(sum_to(c, 7))", "", "A 7 cannot be repeated to a 3.", "c is 3"),
    ("g: 4x4; K: 2x2; L = sum(conv2d_inputs(g, K, 1, 0, 9, 9))", "", "A 4x4 does not flow back to a 9x9", "g is 4x4"),
    ("x: 9x9; g: 4x4; L = sum(conv2d_kernel(x, g, 1, 0, 2, 2))", "", "A 4x4 does not flow back to a 2x2", "g is 4x4"),
)
# fmt: on


@pytest.mark.parametrize(("typed", "place", "message", "hint"), WRONG, ids=[row[0] for row in WRONG])
def test_what_does_not_fit_is_said_where_it_stands(typed: str, place: str, message: str, hint: str) -> None:
    start = time.process_time()
    with pytest.raises(ParseError) as raised:
        Graph(typed).backprop()
    error = raised.value
    assert message in error.message
    assert hint in error.hint
    assert error.text[error.at : error.end] == (place or typed.rpartition("; ")[2])
    assert time.process_time() - start < MOST_SECONDS


# --- values ----------------------------------------------------------------------------------------------------------

ROWS = {"C": [[1, 2], [3, 4], [5, 6], [7, 8]]}
SINGULAR = {"A": [[1, 2], [2, 4]], "b": [1, 2]}
VALUES = (
    ("C: 4x2; ix: 3; L = sum(C[ix])", {**ROWS, "ix": [0, 1, 4]}, UsageError, "ix holds 4 at [2]"),
    ("C: 4x2; ix: 3; L = sum(C[ix])", {**ROWS, "ix": [0, -1, 2]}, UsageError, "ix holds -1 at [1]"),
    ("C: 4x2; ix: 3; L = sum(C[ix])", {**ROWS, "ix": [0, 1.5, 2]}, UsageError, "ix holds 1.5 at [1]"),
    ("C: 4x2; ix: 2x2; L = sum(C[ix])", {**ROWS, "ix": [[0, 1], [2, 9]]}, UsageError, "has entries 0 to 3."),
    ("C: 4x2; x: 3; L = sum(C[2x])", {**ROWS, "x": [0, 1, 2]}, UsageError, "An index holds 4 at [2]"),
    ("C: 4x2; L = sum(C[[0, 5]])", ROWS, UsageError, "An index holds 5 at [1]"),
    ("A: 2x2; b: 2; L = sum(solve(A, b))", SINGULAR, DomainError, "The matrix of solve is singular"),
    ("A: 2x2; b: 2; L = sum(inv(A) @ b)", SINGULAR, DomainError, "A matrix has no inverse"),
)


@pytest.mark.parametrize(("typed", "values", "kind", "message"), VALUES, ids=[row[3] for row in VALUES])
def test_a_value_that_does_not_fit_is_refused(
    typed: str, values: dict[str, object], kind: type[SymbackError], message: str
) -> None:
    for work in (lambda graph: graph.backprop(at=values), lambda graph: graph.forward(values)):
        with pytest.raises(kind) as raised:
            work(Graph(typed))
        assert message in raised.value.message


def test_generated_code_checks_the_numbers_of_rows() -> None:
    function = Graph("C: 4x2; ix: 3; L = sum(C[ix]^2)").lambdify()
    values = {"C": np.ones((4, 2)), "ix": np.array([0.0, 1.0, 3.0])}
    function(values)
    with pytest.raises(UsageError, match=r"ix holds 7 at \[1\]"):
        function({**values, "ix": np.array([0.0, 7.0, 3.0])})


def test_rows_are_drawn_among_those_that_there_are() -> None:
    check = Graph("C: 1x2; ix: 3; L = sum(C[ix]^2)").backprop().check
    assert check is not None
    assert check.verdict == "verified"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["backprop", "X: 2x3; L = sum(max(X, axis=2))"], 3),
        (["backprop", "x: 3; L = sum(0 < x < 1)"], 3),
        (["backprop", "C: 2x2; ix: 2; L = sum(C[ix])", "--at", "C=[[1,2],[3,4]]; ix=[0,5]"], 2),
        (["backprop", "A: 2x2; b: 2; L = sum(solve(A, b))", "--at", "A=[[1,2],[2,4]]; b=[1,2]"], 1),
    ],
    ids=lambda one: str(one[1]) if isinstance(one, list) else "",
)
def test_exit_codes(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == code
    assert "Traceback" not in capsys.readouterr().err


def test_einsum_of_many_arrays_takes_no_long_time() -> None:
    letters = "abcdefghijklmnopqrstu"
    spec = ",".join(letters[i : i + 2] for i in range(20)) + "->au"
    names = [f"A{i}" for i in range(20)]
    graph = Graph("\n".join([*(f"{n}: 9x9" for n in names), f'L = sum(einsum("{spec}", {", ".join(names)}))']))
    assert takes_less_than(MOST_SECONDS, lambda: graph.forward({name: np.eye(9) for name in names}))


def test_a_letter_that_stands_twice_is_a_diagonal() -> None:
    result = Graph('A: 3x3; B: 3x3; L = einsum("ii,ij->", A, B)^2').backprop()
    assert result.check is not None
    assert result.check.verdict == "verified"


@pytest.mark.parametrize("written", ["x' y", "x^T y", "x⊤ y", "x.T y"])
def test_a_loss_that_is_an_array_says_what_was_read_entry_by_entry(written: str) -> None:
    with pytest.raises(SymbackError, match="The loss must be a number") as error:
        Graph(f"x: 3; y: 3; L = {written}").backprop()
    assert f"{written} is read as a product entry by entry" in str(error.value)
