"""Gradients on graphs and functions of arrays in every notation, and that the plain text reads back."""

from __future__ import annotations

import pytest
from sympy import Integer

from symback.expr.tree import Edge, Gradient, Plus, Power, Quotient, Times, Tree, apply, size, symbol
from symback.graph.language.reader import parse_expression
from symback.graph.nodes import Dim
from symback.page import maths
from symback.page.formula.subset import safe_latex
from symback.page.shapes import shape_line, with_elementwise_signs
from symback.page.writers.mathml import formula
from symback.page.writers.spoken import words_of_latex
from symback.page.writers.typst_maths import typst_of_latex

A, W, x, L, h = (symbol(name) for name in ("A", "W1", "x", "L", "h[3]"))

# what is typed | plain text | Unicode | LaTeX | SymPy
ROWS = r"""
W1 @ x             | W1 @ x              | W₁ @ x            | W_{1} x                                   | matmul(W1, x)
A @ W1 @ x         | A @ W1 @ x          | A @ W₁ @ x        | A W_{1} x                                 | matmul(matmul(A, W1), x)
A @ (W1 @ x)       | A @ (W1 @ x)        | A @ (W₁ @ x)      | A \left(W_{1} x\right)                    | matmul(A, matmul(W1, x))
2*(A @ x)          | 2 * (A @ x)         | 2 · (A @ x)       | 2 \cdot \left(A x\right)                  | 2*matmul(A, x)
(A @ x)/2          | A @ x/2             | A @ x/2           | \frac{A x}{2}                             | matmul(A, x)/2
(A + W1) @ x       | (A + W1) @ x        | (A + W₁) @ x      | \left(A + W_{1}\right) x                  | matmul(A + W1, x)
A @ x + b          | A @ x + b           | A @ x + b         | A x + b                                   | matmul(A, x) + b
W1.T               | W1.T                | W₁ᵀ               | W_{1}^{\top}                              | transpose(W1)
(A @ x).T          | (A @ x).T           | (A @ x)ᵀ          | \left(A x\right)^{\top}                   | transpose(matmul(A, x))
x[3]               | x[3]                | x[3]              | x_{3}                                     | index(x, 3)
A[0, 2]            | A[0, 2]             | A[0, 2]           | A_{0, 2}                                  | index(A, 0, 2)
sum((x - y)^2)     | sum((x - y)^2)      | sum((x - y)²)     | \operatorname{sum}\left(\left(x - y\right)^{2}\right) | sum((x - y)**2)
mean(A, 0)         | mean(A, 0)          | mean(A, 0)        | \operatorname{mean}_{i} A_{i \cdot}       | mean(A, 0)
sum(A, 0)          | sum(A, 0)           | sum(A, 0)         | \sum_{i} A_{i \cdot}                      | sum(A, 0)
2 sum(W1, 1)       | 2 sum(W1, 1)        | 2 sum(W₁, 1)      | 2 \sum_{j} \left(W_{1}\right)_{\cdot j}   | 2*sum(W1, 1)
norm2(x)/2         | norm2(x)/2          | ‖x‖²/2            | \frac{\left\lVert x\right\rVert^{2}}{2}   | norm2(x)/2
x/norm(x)          | x/norm(x)           | x/‖x‖             | \frac{x}{\left\lVert x\right\rVert}       | x/sqrt(norm2(x))
2 norm(x - y)^3    | 2 norm(x - y)^3     | 2‖x - y‖³         | 2 \left\lVert x - y\right\rVert^{3}       | 2*sqrt(norm2(x - y))**3
norm2(x norm(y))   | norm2(x norm(y))    | norm2(x ‖y‖)      | \left\lVert x \left\lVert y\right\rVert\right\rVert^{2} | norm2(x*sqrt(norm2(y)))
concat(x, y, 0)    | concat(x, y, 0)     | concat(x, y, 0)   | \begin{pmatrix} x \\ y \end{pmatrix}      | concat(x, y, 0)
concat(A, W1, 1)   | concat(A, W1, 1)    | concat(A, W₁, 1)  | \begin{pmatrix} A & W_{1} \end{pmatrix}   | concat(A, W1, 1)
inv(A).T           | inv(A).T            | inv(A)ᵀ           | A^{-\top}                                 | transpose(inv(A))
dot(x, y)          | dot(x, y)           | dot(x, y)         | x^{\top} y                                | dot(x, y)
outer(x, y)        | outer(x, y)         | outer(x, y)       | x y^{\top}                                | outer(x, y)
quadratic(x, A)    | quadratic(x, A)     | quadratic(x, A)   | x^{\top} A x                              | quadratic(x, A)
inv(A)             | inv(A)              | inv(A)            | A^{-1}                                    | inv(A)
logdet(A)          | logdet(A)           | logdet(A)         | \ln\det\left(A\right)                     | logdet(A)
log_softmax(x)     | log_softmax(x)      | log_softmax(x)    | \operatorname{log-softmax}\left(x\right)  | log_softmax(x)
h[3]^2 w           | h[3]^2 w            | h[3]² w           | h_{3}^{2} w                               | Symbol('h[3]')**2*w
"""  # noqa: E501
PARSED = [[cell.strip() for cell in line.split(" | ")] for line in ROWS.strip().splitlines()]


@pytest.mark.parametrize(("typed", "text", "unicode", "latex", "sympy"), PARSED)
def test_row(typed: str, text: str, unicode: str, latex: str, sympy: str) -> None:
    tree = parse_expression(typed, ["h[3]"])
    assert (maths.text(tree), maths.unicode(tree), maths.latex(tree), maths.sympy(tree)) == (
        text,
        unicode,
        latex,
        sympy,
    )
    assert parse_expression(text, ["h[3]"]) == tree


n, m, k = (size(Dim(letter, 3)) for letter in "nmk")

# what only a gradient or a size brings in | plain text | Unicode | LaTeX | SymPy
ONLY_WRITTEN: list[tuple[Tree, str, str, str, str]] = [
    (apply("ones", n), "ones(n)", "ones(n)", r"\mathbf{1}_{n}", "ones(n)"),
    (Times(Integer(2), apply("ones", n, m)), "2 ones(n, m)", "2 ones(n, m)", r"2 \cdot \mathbf{1}_{n \times m}",
     "2*ones(n, m)"),
    (apply("zeros", Integer(3), m), "zeros(3, m)", "zeros(3, m)", r"\mathbf{0}_{3 \times m}", "zeros(3, m)"),
    (apply("eye", n), "eye(n)", "I_n", "I_{n}", "eye(n)"),
    (apply("eye", Integer(3)), "eye(3)", "I₃", "I_{3}", "eye(3)"),
    (Plus(symbol("I_n"), apply("eye", n)), "I_n + eye(n)", "I_n + eye(n)", r"I_{n} + \operatorname{eye}\left(n\right)",
     "I_n + eye(n)"),
    (apply("diag", x), "diag(x)", "diag(x)", r"\operatorname{diag}\left(x\right)", "diag(x)"),
    (apply("diagonal", A), "diagonal(A)", "diagonal(A)", r"\operatorname{diagonal}\left(A\right)", "diagonal(A)"),
    (apply("unit", Integer(2), n), "unit(2, n)", "unit(2, n)", r"\mathbf{e}_{2}", "unit(2, n)"),
    (apply("onehot", x, k), "onehot(x, k)", "onehot(x, k)", r"\operatorname{onehot}\left(x\right)", "onehot(x, k)"),
    (apply("slice", x, Integer(0), Integer(1), n), "x[1:n]", "x[1:n]", "x_{1:n}", "slice(x, 0, 1, n)"),
    (apply("slice", W, Integer(1), Integer(0), n), "W1[:, 0:n]", "W₁[:, 0:n]", r"\left(W_{1}\right)_{:,\,0:n}",
     "slice(W1, 1, 0, n)"),
    (Quotient(x, Times(m, n)), "x/(mn)", "x/(mn)", r"\frac{x}{m n}", "x/(m*n)"),
    (apply("matmul", apply("transpose", apply("inv", A)), x), "inv(A).T @ x", "inv(A)ᵀ @ x", r"A^{-\top} x",
     "matmul(transpose(inv(A)), x)"),
]  # fmt: skip


@pytest.mark.parametrize(("tree", "text", "unicode", "latex", "sympy"), ONLY_WRITTEN)
def test_sizes_and_what_only_gradients_bring_in(tree: Tree, text: str, unicode: str, latex: str, sympy: str) -> None:
    found = (maths.text(tree), maths.unicode(tree), maths.latex(tree), maths.sympy(tree))
    assert found == (text, unicode, latex, sympy)


@pytest.mark.parametrize("latex", [*(row[3] for row in ONLY_WRITTEN), *(row[3] for row in PARSED)])
def test_every_document_can_write_it(latex: str) -> None:
    shown = formula(latex)
    assert shown is not None
    assert shown.width > 0
    assert safe_latex(latex) == latex
    assert "#raw" not in typst_of_latex(latex)
    assert "\\" not in words_of_latex(latex)


GRADIENTS: list[tuple[Tree, str, str, str]] = [
    (Gradient(L, x), "dL/dx", "∂L/∂x", r"\frac{\partial L}{\partial x}"),
    (Gradient(L, h), "dL/dh[3]", "∂L/∂h[3]", r"\frac{\partial L}{\partial h_{3}}"),
    (Gradient(L, apply("matmul", A, x)), "dL/d(A @ x)", "∂L/∂(A @ x)", r"\frac{\partial L}{\partial \left(A x\right)}"),
    (
        Times(Gradient(L, h), Edge(h, x)),
        "dL/dh[3] * dh[3]/dx",
        "∂L/∂h[3] · ∂h[3]/∂x",
        r"\frac{\partial L}{\partial h_{3}} \cdot \frac{\partial h_{3}}{\partial x}",
    ),
    (Quotient(Gradient(L, x), Integer(2)), "(dL/dx)/2", "(∂L/∂x)/2", r"\frac{\frac{\partial L}{\partial x}}{2}"),
    (Power(Gradient(L, x), Integer(2)), "(dL/dx)^2", "(∂L/∂x)²", r"\left(\frac{\partial L}{\partial x}\right)^{2}"),
    (
        apply("matmul", apply("transpose", A), Gradient(L, x)),
        "A.T @ dL/dx",
        "Aᵀ @ ∂L/∂x",
        r"A^{\top} \frac{\partial L}{\partial x}",
    ),
]


@pytest.mark.parametrize(("tree", "text", "unicode", "latex"), GRADIENTS)
def test_gradients(tree: Tree, text: str, unicode: str, latex: str) -> None:
    assert (maths.text(tree), maths.unicode(tree), maths.latex(tree)) == (text, unicode, latex)


SHAPES = {"G": (2, 4), "B": (3, 4), "A": (2, 3), "x": (3,), "g": (2,), "L": ()}


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("G @ B.T", "2x3 = (2x4)(4x3)"),
        ("-A.T @ G", "3x4 = (3x2)(2x4)"),
        ("A @ x", "2 = (2x3)(3)"),
        ("outer(g, x)", "2x3 = (2x1)(1x3)"),
        ("A @ B @ B.T", "2x3 = (2x3)(3x4)(4x3)"),
        ("2A", "shape 2x3"),
        ("2 (A @ x)/3", "2 = (2x3)(3)"),
        ("A @ x + g", "shape 2"),
        ("sum(A, 0) + x", "shape 3"),
        ("sum(A)", ""),
        ("A @ A", ""),
        ("nobody(A)", "shape 2x3"),
    ],
)
def test_shape_lines(typed: str, line: str) -> None:
    names = [*SHAPES, "nobody"]
    tree = apply("nobody", A) if typed.startswith("nobody") else parse_expression(typed, names)
    shown = shape_line(tree, SHAPES)
    assert (shown.text() if shown else "") == line


M, K, N = Dim("m", 3), Dim("k", 4), Dim("n", 5)
LETTERS = {"A": (M, N), "B": (N, K), "x": (N,), "one": (1,)}


@pytest.mark.parametrize(
    ("typed", "unicode", "text", "latex"),
    [
        ("A @ B", "m×k = (m×n)(n×k)", "mxk = (mxn)(nxk)", r"m \times k = (m \times n)\,(n \times k)"),
        ("A @ x", "m = (m×n)(n)", "m = (mxn)(n)", r"m = (m \times n)\,(n)"),
        ("x/2", "shape n", "shape n", r"\text{shape}\ n"),
        ("2 one", "", "", ""),
    ],
)
def test_shape_lines_with_letters(typed: str, unicode: str, text: str, latex: str) -> None:
    shown = shape_line(parse_expression(typed, list(LETTERS)), LETTERS)
    assert (shown and (shown.text(), shown.text(unicode=False), shown.latex)) == (
        (unicode, text, latex) if unicode else None
    )


SIGNS = [  # typed | Unicode | plain text | LaTeX
    ("A*A", "A ⊙ A", "A * A", r"A \odot A"),
    ("2(A - 1)*A", "2(A - 1) ⊙ A", "2(A - 1) * A", r"2 \left(A - 1\right) \odot A"),
    ("A*2*A", "2A ⊙ A", "2A * A", r"2 A \odot A"),
    ("norm(x) x", "‖x‖ x", "norm(x) x", r"\left\lVert x\right\rVert x"),
    ("A*A/3", "(A ⊙ A)/3", "(A * A)/3", r"\frac{A \odot A}{3}"),
    ("(A*A) @ x", "(A ⊙ A) @ x", "(A * A) @ x", r"\left(A \odot A\right) x"),
    ("x - g - x*x", "x - g - x ⊙ x", "x - g - x * x", r"x - g - x \odot x"),
    ("(x*x)^2", "(x ⊙ x)²", "(x * x)^2", r"\left(x \odot x\right)^{2}"),
    ("A/A", "A/A", "A/A", r"\frac{A}{A}"),
    ("sum(A*A)", "sum(A ⊙ A)", "sum(A * A)", r"\operatorname{sum}\left(A \odot A\right)"),
    ("L*A*(A @ B @ B.T)", "LA ⊙ (A @ B @ Bᵀ)", "LA * (A @ B @ B.T)", r"L A \odot \left(A B B^{\top}\right)"),
]


@pytest.mark.parametrize(("typed", "unicode", "text", "latex"), SIGNS)
def test_products_of_arrays_have_a_sign_of_their_own(typed: str, unicode: str, text: str, latex: str) -> None:
    tree = with_elementwise_signs(parse_expression(typed, list(SHAPES)), SHAPES)
    assert (maths.unicode(tree), maths.text(tree), maths.latex(tree)) == (unicode, text, latex)
    parse_expression(text, list(SHAPES))


def test_a_chain_rule_is_no_product_of_arrays() -> None:
    product = Times(Gradient(L, A), Edge(A, x))
    assert maths.unicode(with_elementwise_signs(product, SHAPES)) == "∂L/∂A · ∂A/∂x"


def test_an_array_times_an_array_has_a_sign_of_its_own_in_latex() -> None:
    product = Times(Integer(2), symbol("L"), A, Plus(Integer(1), A))
    shown = with_elementwise_signs(product, SHAPES)
    assert maths.latex(shown) == r"2 L A \odot \left(1 + A\right)"
    assert with_elementwise_signs(product, {"A": ()}) is product
