"""Every notation, a row an expression: plain text, Unicode, LaTeX, SymPy."""

from __future__ import annotations

import pytest
import sympy
from sympy import Integer

from symback.expr.tree import TWO, Decimal, Diff, E, Let, Neg, Plus, Power, Times, Tree, apply, symbol
from symback.page import maths
from symback.page.notation import LATEX, marked
from symback.page.pieces import Mark
from symback.syntax import parse

x, y, o = symbol("x"), symbol("y"), symbol("o")

# what is typed | plain text | Unicode | LaTeX | SymPy
ROWS = r"""
3*x**2*y             | 3x^2y                  | 3x²y                | 3 x^{2} y                                        | 3*x**2*y
(1-x^2)/(x^2+1)^2    | (1 - x^2)/(x^2 + 1)^2  | (1 - x²)/(x² + 1)²  | \frac{1 - x^{2}}{\left(x^{2} + 1\right)^{2}}     | (1 - x**2)/(x**2 + 1)**2
2x e^(x^2+y^2)       | 2x e^(x^2+y^2)         | 2x e^(x²+y²)        | 2 x e^{x^{2} + y^{2}}                            | 2*x*exp(x**2 + y**2)
-8x^3/y^3            | -8x^3/y^3              | -8x³/y³             | -\frac{8 x^{3}}{y^{3}}                           | -8*x**3/y**3
x/(2sqrt(y))         | x/(2sqrt(y))           | x/(2√y)             | \frac{x}{2 \sqrt{y}}                             | x/(2*sqrt(y))
sqrt(x+1)            | sqrt(x+1)              | √(x+1)              | \sqrt{x + 1}                                     | sqrt(x + 1)
5(x+1)^4(6x+2)       | 5(x + 1)^4 (6x + 2)    | 5(x + 1)⁴ (6x + 2)  | 5 \left(x + 1\right)^{4} \left(6 x + 2\right)    | 5*(x + 1)**4*(6*x + 2)
(x+1)(x-1)           | (x + 1)(x - 1)         | (x + 1)(x - 1)      | \left(x + 1\right) \left(x - 1\right)            | (x + 1)*(x - 1)
2*3                  | 2 * 3                  | 2 · 3               | 2 \cdot 3                                        | 2*3
x*2                  | x * 2                  | x · 2               | x \cdot 2                                        | x*2
3y*2x                | 3y * 2x                | 3y · 2x             | 3 y \cdot 2 x                                    | 3*y*2*x
1*x                  | 1 * x                  | 1 · x               | 1 \cdot x                                        | 1*x
2*(3*x)              | 2 * (3x)               | 2 · (3x)            | 2 \cdot \left(3 x\right)                         | 2*(3*x)
(1/2)*x              | (1/2) x                | (1/2) x             | \frac{1}{2} x                                    | (1/2)*x
x*(y/z)              | x * (y/z)              | x · (y/z)           | x \cdot \frac{y}{z}                              | x*(y/z)
(-a)*b               | (-a) b                 | (-a) b              | \left(-a\right) b                                | (-a)*b
x*(-y)               | x * (-y)               | x · (-y)            | x \cdot \left(-y\right)                          | x*(-y)
-a*b                 | -ab                    | -ab                 | -a b                                             | -a*b
-(-x)                | -(-x)                  | -(-x)               | -\left(-x\right)                                 | -(-x)
(-a)/b               | (-a)/b                 | (-a)/b              | \frac{-a}{b}                                     | (-a)/b
(a+b)+c              | (a + b) + c            | (a + b) + c         | \left(a + b\right) + c                           | (a + b) + c
a-(b+c)              | a - (b + c)            | a - (b + c)         | a - \left(b + c\right)                           | a - (b + c)
a/b/c                | (a/b)/c                | (a/b)/c             | \frac{\frac{a}{b}}{c}                            | (a/b)/c
x^-2                 | x^-2                   | x⁻²                 | x^{-2}                                           | x**(-2)
12x^2 y^-2           | 12x^2 y^-2             | 12x² y⁻²            | 12 x^{2} y^{-2}                                  | 12*x**2*y**(-2)
x^n y                | x^n y                  | x^n y               | x^{n} y                                          | x**n*y
2^3^x                | 2^(3^x)                | 2^(3^x)             | 2^{3^{x}}                                        | 2**(3**x)
(x^2)^3              | (x^2)^3                | (x²)³               | \left(x^{2}\right)^{3}                           | (x**2)**3
x^(1/3)              | x^(1/3)                | x^(1/3)             | x^{\frac{1}{3}}                                  | sign(x)*Abs(x)**(1/3)
e^-x                 | e^(-x)                 | e^(-x)              | e^{-x}                                           | exp(-x)
2e                   | 2 e                    | 2 e                 | 2 e                                              | 2*E
2pi x                | 2 pi x                 | 2πx                 | 2 \pi x                                          | 2*pi*x
sin(x)               | sin x                  | sin x               | \sin x                                           | sin(x)
sin(3x)              | sin(3x)                | sin(3x)             | \sin\left(3 x\right)                             | sin(3*x)
sin(cos(tan(x)))     | sin(cos(tan x))        | sin(cos(tan x))     | \sin\left(\cos\left(\tan x\right)\right)         | sin(cos(tan(x)))
sin(x)^2             | sin^2 x                | sin² x              | \sin^{2} x                                       | sin(x)**2
sin(x)^(-1)          | (sin x)^-1             | (sin x)⁻¹           | \left(\sin x\right)^{-1}                         | sin(x)**(-1)
ln(x)^2              | (ln x)^2               | (ln x)²             | \left(\ln x\right)^{2}                           | log(x)**2
sin(x)*cos(x)        | sin x cos x            | sin x cos x         | \sin x \cos x                                    | sin(x)*cos(x)
sin(x)*y             | sin(x) y               | sin(x) y            | \sin\left(x\right) y                             | sin(x)*y
x*sin(x)/2           | x sin(x)/2             | x sin(x)/2          | \frac{x \sin x}{2}                               | x*sin(x)/2
|x|                  | |x|                    | |x|                 | \left|x\right|                                   | Abs(x)
|x|x||               | abs(x |x|)             | abs(x |x|)          | \left|x \left|x\right|\right|                    | Abs(x*Abs(x))
ln|x|                | ln|x|                  | ln|x|               | \ln \left|x\right|                               | log(Abs(x))
log_2(x)             | log_2 x                | log₂ x              | \log_{2} x                                       | log(x, 2)
log_a(3x)            | log_a(3x)              | log_a(3x)           | \log_{a}\left(3 x\right)                         | log(3*x, a)
cbrt(x)              | cbrt(x)                | ∛x                  | \sqrt[3]{x}                                      | sign(x)*Abs(x)**(1/3)
root(x, 4)           | root(x, 4)             | root(x, 4)          | \sqrt[4]{x}                                      | root(x, 4)
arcsin(x)            | arcsin x               | arcsin x            | \arcsin x                                        | asin(x)
sigmoid(w x + b)     | sigmoid(wx + b)        | σ(wx + b)           | \sigma\left(w x + b\right)                       | 1/(1 + exp(-(w*x + b)))
relu(x)              | relu(x)                | relu(x)             | \operatorname{ReLU}\left(x\right)                | Max(x, 0)
max(x, 0)            | max(x, 0)              | max(x, 0)           | \max\left(x, 0\right)                            | Max(x, 0)
f(x)                 | f(x)                   | f(x)                | f\left(x\right)                                  | f(x)
f'(3x)               | f'(3x)                 | f'(3x)              | f'\left(3 x\right)                               | Subs(Derivative(f(_u), _u), _u, 3*x)
0.25y^2              | 0.25y^2                | 0.25y²              | 0.25 y^{2}                                       | 0.25*y**2
w_{32}^{[1]} x_1     | w32^[1] x1             | w₃₂^[1] x₁          | w_{32}^{[1]} x_{1}                               | Symbol('w32^[1]')*x1
alpha x              | alpha x                | αx                  | \alpha x                                         | alpha*x
x_max y              | x_max y                | x_max y             | x_{\mathrm{max}} y                               | x_max*y
l*n*x                | l n x                  | l n x               | l n x                                            | l*n*x
a*b*c*x              | a b c x                | a b c x             | a b c x                                          | a*b*c*x
d/dx [x^2]           | d/dx [x^2]             | d/dx [x²]           | \frac{d}{dx}\left[x^{2}\right]                   | Derivative(x**2, x)
3x*d/dx [x^2]        | 3x * d/dx [x^2]        | 3x · d/dx [x²]      | 3 x \cdot \frac{d}{dx}\left[x^{2}\right]         | 3*x*Derivative(x**2, x)
d/d(3x) [sin(3x)]    | d/d(3x) [sin(3x)]      | d/d(3x) [sin(3x)]   | \frac{d}{d\left(3 x\right)}\left[\sin\left(3 x\right)\right] | Subs(Derivative(sin(_u), _u), _u, 3*x)
d/dx [d/dx [x^3]]    | d^2/dx^2 [x^3]         | d²/dx² [x³]         | \frac{d^{2}}{dx^{2}}\left[x^{3}\right]           | Derivative(Derivative(x**3, x), x)
"""  # noqa: E501
PARSED = [[cell.strip() for cell in line.split(" | ")] for line in ROWS.strip().splitlines()]


@pytest.mark.parametrize(("typed", "text", "unicode", "latex", "in_sympy"), PARSED)
def test_row(typed: str, text: str, unicode: str, latex: str, in_sympy: str) -> None:
    tree = parse(typed)
    assert maths.text(tree) == text
    assert maths.unicode(tree) == unicode
    assert maths.latex(tree) == latex
    assert maths.sympy(tree) == in_sympy


@pytest.mark.parametrize("typed", [row[0] for row in PARSED if "[1]" not in row[0]])
def test_sympy_reads_it(typed: str) -> None:
    sympy.sympify(maths.sympy(parse(typed)))  # our own rows, not what a user typed


def test_several_variables_have_a_round_d() -> None:
    tree = parse("d/dx [3x^2 y]")
    assert maths.text(tree, several=True) == "d/dx [3x^2y]"
    assert maths.unicode(tree, several=True) == "∂/∂x [3x²y]"
    assert maths.latex(tree, several=True) == r"\frac{\partial}{\partial x}\left[3 x^{2} y\right]"


def test_mixed_derivatives() -> None:
    tree = Diff(Diff(Diff(Times(x, y), y), x), x)
    assert maths.text(tree) == "d^3/dx^2 dy [xy]"
    assert maths.unicode(tree, several=True) == "∂³/∂x²∂y [xy]"
    assert maths.latex(tree, several=True) == r"\frac{\partial^{3}}{\partial x^{2} \partial y}\left[x y\right]"


def test_words_are_not_run_together_in_a_mixed_derivative() -> None:
    tree = Diff(Diff(x, symbol("beta")), symbol("alpha"))
    assert maths.text(tree) == "d/dalpha [d/dbeta [x]]"


def test_an_inner_function_goes_by_its_name() -> None:
    named = Let(o, Plus(Neg(x), y))
    assert maths.unicode(Diff(Times(TWO, named), named), several=True) == "∂/∂o [2o]"
    assert maths.sympy(Times(TWO, named)) == "2*(-x + y)"


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Times(symbol("e"), Power(E, x)), "e exp(x)"),  # a variable e beside the number e
        (Times(symbol("f"), Plus(x, y)), "f * (x + y)"),  # not the function f
        (Times(symbol("sigma"), Plus(x, y)), "sigma * (x + y)"),
        (Times(symbol("rate"), Plus(x, y)), "rate * (x + y)"),
        (Times(x, y, symbol("z"), Plus(x, y)), "xyz (x + y)"),  # xyz(...) would be an unknown function
        (Times(symbol("xy"), x, y), "xy x y"),  # a name xy beside the product
        (Times(apply("sin", x), apply("h", x)), "sin(x) h(x)"),  # sin x h(x) is sin(x h(x))
        (Power(x, Plus(Times(TWO, E), Neg(Integer(3)))), "x^(2 e-3)"),  # 2e-3 is a number
        (Times(TWO, Decimal(sympy.Rational(1, 2))), "2 * 0.5"),
        (Decimal(sympy.Rational(3, 10**40)), "3e-40"),
        (Integer(10) ** 5000, "1" + 5000 * "0"),
    ],
)
def test_nothing_fuses(tree: Tree, text: str) -> None:
    assert maths.text(tree) == text


@pytest.mark.parametrize("write", [maths.text, maths.unicode, maths.latex, maths.sympy])
def test_depth_does_not_matter(write: object) -> None:
    tree: Tree = x
    for _ in range(500):
        tree = apply("sin", tree)
    assert write(tree).count("sin") == 500  # type: ignore[operator]


def test_marks_stand_around_what_changed_and_join() -> None:
    notation = marked(LATEX, "<", ">")
    assert maths.write(Times(x, Mark(TWO), Mark(y)), notation) == r"x \cdot <2 y>"
    assert maths.write(Plus(x, Mark(Neg(y))), notation) == "x - <y>"
    assert maths.text(Times(x, Mark(y))) == "xy"
