"""The input language, as rows: what is typed, the tree it is read as, the remarks and the errors it gives."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable

import pytest

from symback.errors import ParseError, TooLarge, UsageError
from symback.expr import tree
from symback.syntax import parse, parse_law, parse_matrix, read, read_names, read_point, read_system
from symback.syntax.source import MAX_BARS, MAX_CHARACTERS, MAX_DEPTH, MAX_DIGITS, MAX_NAME, MAX_NOTES
from tests.running import takes_less_than

# --- trees --------------------------------------------------------------------------------------------------------

TREES = {
    "products without a sign": """
        3x^2y                     Times(3, Power(x, 2), y)
        3*x**2*y                  Times(3, Power(x, 2), y)
        3x²y                      Times(3, Power(x, 2), y)
        2(x+1)                    Times(2, Plus(x, 1))
        (x+1)(x-1)                Times(Plus(x, 1), Plus(x, Neg(1)))
        2(3x)                     Times(2, Times(3, x))
        (x)*y                     Times(x, y)
        (2)x                      Times(2, x)
        ((x))                     x
        xy                        Times(x, y)
        xyz                       Times(x, y, z)
        x(x+1)                    Times(x, Plus(x, 1))
        xy(x+1)                   Times(x, y, Plus(x, 1))
        w1x1                      Times(w1, x1)
        xe^x                      Times(x, Power(E, x))
        2pi r                     Times(2, pi, r)
    """,
    "one precedence for products and divisions": """
        a*b/c                     Quotient(Times(a, b), c)
        a/b*c                     Times(Quotient(a, b), c)
        a/b/c                     Quotient(Quotient(a, b), c)
        a/b*c*d                   Times(Quotient(a, b), c, d)
        1/2x                      Times(Quotient(1, 2), x)
        a/bc                      Times(Quotient(a, b), c)
        2/sqrt(pi) e^(-x^2)       Times(Quotient(2, Apply(sqrt, pi)), Power(E, Neg(Power(x, 2))))
        a*(b*c)                   Times(a, Times(b, c))
    """,
    "sums": """
        a + b - c                 Plus(a, b, Neg(c))
        (a+b)+c                   Plus(Plus(a, b), c)
        a-(b-c)                   Plus(a, Neg(Plus(b, Neg(c))))
        a - b*c                   Plus(a, Neg(Times(b, c)))
        a+-b                      Plus(a, Neg(b))
        a--b                      Plus(a, Neg(Neg(b)))
        x^2-6y^2+3xy              Plus(Power(x, 2), Neg(Times(6, Power(y, 2))), Times(3, x, y))
    """,
    "signs": """
        -3                        Neg(3)
        +x                        x
        --x                       Neg(Neg(x))
        -x^2                      Neg(Power(x, 2))
        (-x)^2                    Power(Neg(x), 2)
        -3x^2y                    Neg(Times(3, Power(x, 2), y))
        -a*b/c                    Neg(Quotient(Times(a, b), c))
        (-a)*b                    Times(Neg(a), b)
        -(2*3*4)                  Neg(Times(2, 3, 4))
        -a + b                    Plus(Neg(a), b)
        x*-y                      Times(x, Neg(y))
        x*-y*z                    Times(x, Neg(y), z)
        x*-y^2                    Times(x, Neg(Power(y, 2)))
        x/-y                      Quotient(x, Neg(y))
        a*+b                      Times(a, b)
    """,
    "powers": """
        2^3^x                     Power(2, Power(3, x))
        (x^2)^3                   Power(Power(x, 2), 3)
        x^-2                      Power(x, Neg(2))
        x ** -2                   Power(x, Neg(2))
        e^-x                      Power(E, Neg(x))
        e^-x y                    Times(Power(E, Neg(x)), y)
        e^-x^2                    Power(E, Neg(Power(x, 2)))
        2^-3^x                    Power(2, Neg(Power(3, x)))
        e^(2x)                    Power(E, Times(2, x))
        e^2x                      Times(Power(E, 2), x)
        e^sin x                   Power(E, Apply(sin, x))
        x^sin y*z                 Times(Power(x, Apply(sin, y)), z)
        x^(1/3)                   Power(x, Quotient(1, 3))
        x⁻¹                       Power(x, Neg(1))
        x²³                       Power(x, 23)
        eˣ                        Power(E, x)
        x⁽ⁿ⁺¹⁾                    Power(x, Plus(n, 1))
        x^2 2^x                   Times(Power(x, 2), Power(2, x))
        x^2 2^x 3^x               Times(Power(x, 2), Power(2, x), Power(3, x))
        x^-2 3y                   Times(Power(x, Neg(2)), 3, y)
        x^2 3(y+1)                Times(Power(x, 2), 3, Plus(y, 1))
        x²3y                      Times(Power(x, 2), 3, y)
        x^22^x                    Power(x, Power(22, x))
        x^½                       Power(x, Quotient(1, 2))
        9**9**9**9*x              Times(Power(9, Power(9, Power(9, 9))), x)
    """,
    "numbers": """
        007                       7
        0.25y^2                   Times(Decimal(1/4), Power(y, 2))
        .5x                       Times(Decimal(1/2), x)
        5.                        Decimal(5)
        2.0                       Decimal(2)
        2e3                       Decimal(2000)
        1e-3x                     Times(Decimal(1/1000), x)
        2.5E2                     Decimal(250)
        2e                        Times(2, E)
        2e^3                      Times(2, Power(E, 3))
        2/4 x                     Times(Quotient(2, 4), x)
        ½x                        Times(Quotient(1, 2), x)
        2½                        Plus(2, Quotient(1, 2))
    """,
    "names": """
        x1 + x_1 + x₁ + x_{1}     Plus(x1, x1, x1, x1)
        w_{32}                    w32
        w_{32}^{[1]} x            Times(w32^[1], x)
        w32^[1]                   w32^[1]
        w_ij                      w_ij
        x_{max}                   x_max
        x_{\\text{max}}           x_max
        w_{1,2}                   w1_2
        x_{2k}                    x_{2k}
        w_1x_1                    Times(w1, x1)
        e_1                       e1
        alpha + α + \\alpha       Plus(alpha, alpha, alpha)
        β_2                       beta2
        πx                        Times(pi, x)
        lambda x                  Times(lambda, x)
        σ^2                       Power(sigma, 2)
        yhat - ŷ + \\hat{y}       Plus(yhat, Neg(yhat), yhat)
        \\bar x                   xbar
        \\hat{\\alpha}_1          alphahat1
        E I N S O                 Times(E, I, N, S, O)
    """,
    "functions": """
        sin(x)                    Apply(sin, x)
        sin 2x                    Apply(sin, Times(2, x))
        sin 2x + 1                Plus(Apply(sin, Times(2, x)), 1)
        sin x cos x               Times(Apply(sin, x), Apply(cos, x))
        sin -x                    Apply(sin, Neg(x))
        sin -2x^2                 Apply(sin, Neg(Times(2, Power(x, 2))))
        sin2x                     Apply(sin, Times(2, x))
        sin 2(x+1)                Apply(sin, Times(2, Plus(x, 1)))
        sin x(x+1)                Times(Apply(sin, x), Plus(x, 1))
        ln 2 (x+1)                Times(Apply(ln, 2), Plus(x, 1))
        sin x/2                   Quotient(Apply(sin, x), 2)
        sin(x)y                   Times(Apply(sin, x), y)
        sin(x)^2                  Power(Apply(sin, x), 2)
        ln x^2                    Apply(ln, Power(x, 2))
        ln sin x                  Apply(ln, Apply(sin, x))
        sin x f(x)                Times(Apply(sin, x), Apply(f, x))
        sin x d/dx [x]            Times(Apply(sin, x), Diff(x, x))
        sin^2 x                   Power(Apply(sin, x), 2)
        sin²x                     Power(Apply(sin, x), 2)
        sin^2x                    Power(Apply(sin, x), 2)
        sin^n x                   Power(Apply(sin, x), n)
        sin^(n+1) x               Power(Apply(sin, x), Plus(n, 1))
        sin^-1 x                  Apply(arcsin, x)
        sin⁻¹ x                   Apply(arcsin, x)
        sinh^{-1}(x)              Apply(arsinh, x)
        exp(2x)                   Power(E, Times(2, x))
        exp x                     Power(E, x)
        asin x                    Apply(arcsin, x)
        sqrt x                    Apply(sqrt, x)
        √x                        Apply(sqrt, x)
        √(x+1) y                  Times(Apply(sqrt, Plus(x, 1)), y)
        √2x                       Times(Apply(sqrt, 2), x)
        ∛x                        Apply(cbrt, x)
        root(x, 5)                Apply(root, x, 5)
        max(x, 0)                 Apply(max, x, 0)
        leaky_relu(x)             Apply(leaky_relu, x)
        sigma(w x + b)            Apply(sigmoid, Plus(Times(w, x), b))
        σ(x)                      Apply(sigmoid, x)
        f(x)                      Apply(f, x)
        f(x, y)                   Apply(f, x, y)
        f'(x)g(x)                 Times(Apply(f', x), Apply(g, x))
        f''(x)                    Apply(f'', x)
        f x                       Times(f, x)
    """,
    "logarithms": """
        ln x                      Apply(ln, x)
        log x                     Apply(ln, x)
        log_2(x)                  Apply(log, x, 2)
        log_a x                   Apply(log, x, a)
        log₂(x)                   Apply(log, x, 2)
        log10(x)                  Apply(log, x, 10)
        log(x, 2)                 Apply(log, x, 2)
        log_2^3 x                 Power(Apply(log, x, 2), 3)
        log_{a+1} x               Apply(log, x, Plus(a, 1))
        \\log_{2} x               Apply(log, x, 2)
        log2x                     Apply(ln, Times(2, x))
    """,
    "bars": """
        |x|                       Apply(abs, x)
        x|x|                      Times(x, Apply(abs, x))
        2|x|                      Times(2, Apply(abs, x))
        |x||y|                    Times(Apply(abs, x), Apply(abs, y))
        |x+|y||                   Apply(abs, Plus(x, Apply(abs, y)))
        ||x|-1|                   Apply(abs, Plus(Apply(abs, x), Neg(1)))
        |x| y |z|                 Times(Apply(abs, x), y, Apply(abs, z))
        |x| - y|z|                Plus(Apply(abs, x), Neg(Times(y, Apply(abs, z))))
        |x|^2                     Power(Apply(abs, x), 2)
        ln|x|                     Apply(ln, Apply(abs, x))
        ln|x|y                    Times(Apply(ln, Apply(abs, x)), y)
        max(|x|, |y|)             Apply(max, Apply(abs, x), Apply(abs, y))
        \\left|x\\left|y\\right|\\right|   Apply(abs, Times(x, Apply(abs, y)))
    """,
    "LaTeX": r"""
        \frac{x}{2}               Quotient(x, 2)
        \dfrac12 x                Times(Quotient(1, 2), x)
        \frac{1}2x                Times(Quotient(1, 2), x)
        \frac{x}{y}z              Times(Quotient(x, y), z)
        $\frac{1}{1+e^{-x}}$      Quotient(1, Plus(1, Power(E, Neg(x))))
        $$x$$                     x
        \(x\)                     x
        \sqrt{x}^2                Power(Apply(sqrt, x), 2)
        \sqrt[3]{x}               Apply(cbrt, x)
        \sqrt[n]{x}               Apply(root, x, n)
        \sqrt2x                   Times(Apply(sqrt, 2), x)
        2\cdot3\times x           Times(2, 3, x)
        x\,y\quad z               Times(x, y, z)
        \left(x+1\right)^{2}      Power(Plus(x, 1), 2)
        \bigl(x+1\bigr)y          Times(Plus(x, 1), y)
        \sin^2 x                  Power(Apply(sin, x), 2)
        \sin^{2}\left(x\right)    Power(Apply(sin, x), 2)
        \sin\frac{x}{2}           Apply(sin, Quotient(x, 2))
        \alpha_1 \ln x            Times(alpha1, Apply(ln, x))
        \varepsilon               epsilon
        \operatorname{relu}(x)    Apply(relu, x)
        \operatorname{arsinh} x   Apply(arsinh, x)
        \mathrm{e}^{x}            Power(E, x)
        \mathbf{w}_1 x            Times(w1, x)
        x^\frac{1}{2}             Power(x, Quotient(1, 2))
        {x+1}y                    Times(Plus(x, 1), y)
        \left|x\right|            Apply(abs, x)
        \lvert x\rvert            Apply(abs, x)
    """,
    "pending derivatives": r"""
        d/dx [x^2]                Diff(Power(x, 2), x)
        ∂/∂x [3x^2y]              Diff(Times(3, Power(x, 2), y), x)
        3y · ∂/∂x [x²]            Times(3, y, Diff(Power(x, 2), x))
        d/d(3x) [sin(3x)]         Diff(Apply(sin, Times(3, x)), Times(3, x))
        ∂/∂(xy) [e^(xy)]          Diff(Power(E, Times(x, y)), Times(x, y))
        d/dx [d/dx [x]]           Diff(Diff(x, x), x)
        d^2/dx^2 [x^3]            Diff(Diff(Power(x, 3), x), x)
        d²/dx² [x]                Diff(Diff(x, x), x)
        ∂²/∂x∂y [xy]              Diff(Diff(Times(x, y), y), x)
        d/dalpha [alpha^2]        Diff(Power(alpha, 2), alpha)
        d/dx_1 [x_1]              Diff(x1, x1)
        \frac{d}{dx}\left[x^2\right]                   Diff(Power(x, 2), x)
        \frac{\mathrm{d}}{\mathrm{d}x}[x]              Diff(x, x)
        \frac{\partial}{\partial x}\left[xy\right]     Diff(Times(x, y), x)
        \frac{\partial^{2}}{\partial x\partial y}[xy]  Diff(Diff(Times(x, y), y), x)
        \frac{d}{d(3x)}\left[\sin(3x)\right]           Diff(Apply(sin, Times(3, x)), Times(3, x))
        d/2                       Quotient(d, 2)
        d^0                       Power(d, 0)
        d^25 + d^2.5              Plus(Power(d, 25), Power(d, Decimal(5/2)))
        d^25/2                    Quotient(Power(d, 25), 2)
        d^25/(x+1)                Quotient(Power(d, 25), Plus(x, 1))
        \frac{d^{25}}{2}          Quotient(Power(d, 25), 2)
    """,
    "other characters": """
        3·x×y⋅z                   Times(3, x, y, z)
        x − y – z                 Plus(x, Neg(y), Neg(z))
        x÷2                       Quotient(x, 2)
        x\u00a0+\u2009y           Plus(x, y)
        f′(x)                     Apply(f', x)
        f″(x)                     Apply(f'', x)
    """,
}


def _rows(text: str) -> list[tuple[str, str]]:
    rows = []
    for line in text.strip().splitlines():
        typed, _, expected = line.strip().rpartition("  ")
        rows.append((typed.strip(), expected.strip()))
    return rows


@pytest.mark.parametrize(("typed", "expected"), [row for text in TREES.values() for row in _rows(text)])
def test_tree(typed: str, expected: str) -> None:
    typed = typed.replace("\\\\", "\\")
    assert tree.dump(parse(typed)) == expected


DECLARED = [
    ("e^x", "e", "Power(e, x)"),
    ("2wh[3]^2", "h[3]", "Times(2, w, Power(h[3], 2))"),
    ("2e3", "e", "Times(2, e3)"),
    ("pi r", "pi", "Times(pi, r)"),
    ("c e", "d,e,L", "Times(c, e)"),
    ("ab", "ab", "ab"),
    ("ab", "", "Times(a, b)"),
    ("loss rate", "loss,rate", "Times(loss, rate)"),
    ("lossrate", "loss,rate", "Times(loss, rate)"),
    ("loss_1 + loss1", "loss_1", "Plus(loss1, loss1)"),
    ("abcd", "a,b,c,d", "Times(a, b, c, d)"),
    ("f(x)", "f", "Times(f, x)"),
    ("sigma(x)", "sigma", "Times(sigma, x)"),
    ("sin x", "s,i,n", "Apply(sin, x)"),
    ("step x", "step", "Times(step, x)"),
    ("d/dx", "d", "Times(Quotient(d, d), x)"),
    ("d/dx [x]", "d", "Diff(x, x)"),
    ("d/dloss [loss^2]", "loss", "Diff(Power(loss, 2), loss)"),
    ("xyz(x+1)", "x,y,z", "Times(x, y, z, Plus(x, 1))"),
]


@pytest.mark.parametrize(("typed", "names", "expected"), DECLARED)
def test_declared_names_come_first(typed: str, names: str, expected: str) -> None:
    declared = names.split(",") if names else ()
    result = parse(typed, names=declared)
    assert tree.dump(result) == expected
    assert all(symbol.is_real for symbol in result.free_symbols)


def test_a_declared_e_is_a_symbol_and_otherwise_a_constant() -> None:
    assert parse("e", names=["e"]) == tree.symbol("e")
    assert parse("e") is tree.E
    assert parse("π") is tree.PI


# --- named expressions, systems, names, points --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name", "parameters", "expected"),
    [
        ("f(x, y) = 3x^2y", "f", ("x", "y"), "Times(3, Power(x, 2), y)"),
        ("y = x^2", "y", (), "Power(x, 2)"),
        ("$f(x) = x$", "f", ("x",), "x"),
        ("loss = x^2", "loss", (), "Power(x, 2)"),
        ("\\hat{y} = w x", "yhat", (), "Times(w, x)"),
        ("f(e) = e^2", "f", ("e",), "Power(e, 2)"),
        ("tanh(x) = x", "tanh", ("x",), "x"),
        ("x^2", "", (), "Power(x, 2)"),
    ],
)
def test_read(typed: str, name: str, parameters: tuple[str, ...], expected: str) -> None:
    reading = read(typed)
    assert (reading.name, reading.parameters, tree.dump(reading.tree)) == (name, parameters, expected)


def test_a_reading_pickles() -> None:
    reading = read("f(x) = log x/2")
    assert pickle.loads(pickle.dumps(reading)) == reading


def test_system() -> None:
    p, o = read_system("p = 0.5 o; o = -x + 0.5y^2\n")
    assert (p.name, tree.dump(p.tree)) == ("p", "Times(Decimal(1/2), o)")
    assert (o.name, tree.dump(o.tree)) == ("o", "Plus(Neg(x), Times(Decimal(1/2), Power(y, 2)))")


def test_names_on_the_left_of_a_system_are_declared_everywhere() -> None:
    readings = read_system("d = 2b; e = a + d\nloss = c e")
    assert [reading.name for reading in readings] == ["d", "e", "loss"]
    assert tree.symbol("e") in readings[2].tree.free_symbols


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("x,y", ("x", "y")),
        ("x", ("x",)),
        (" w_1 , α, \\beta", ("w1", "alpha", "beta")),
        ("loss, learning_rate", ("loss", "learning_rate")),
        ("w_{32}^{[1]}, w_{1,2}", ("w32^[1]", "w1_2")),
        ("\\hat{y}, \\mathrm{loss}", ("yhat", "loss")),
        ("e, pi, sigma, lambda", ("e", "pi", "sigma", "lambda")),
        ("h[3], A[0,2]", ("h[3]", "A[0,2]")),
        ("x_{1,\\mathrm{max}}, x_{2k}", ("x1_max", "x_{2k}")),
    ],
)
def test_names(typed: str, expected: tuple[str, ...]) -> None:
    assert read_names(typed) == expected
    assert read_names(",".join(expected)) == expected


@pytest.mark.parametrize("typed", ["", "2", "x+1", "x y", "x,,y", "x,", "sin", "f(x)", "x'", "2x", "x;y", "__x", "x.y"])
def test_what_is_not_a_name(typed: str) -> None:
    with pytest.raises(ParseError) as caught:
        read_names(typed)
    assert caught.value.hint


def test_point() -> None:
    point = read_point("x=2,y=-1/2, z = 0.4; w_1 = sqrt(2)")
    assert {name: tree.dump(value) for name, value in point.items()} == {
        "x": "2",
        "y": "Neg(Quotient(1, 2))",
        "z": "Decimal(2/5)",
        "w1": "Apply(sqrt, 2)",
    }


@pytest.mark.parametrize(
    ("read_it", "typed", "reason"),
    [
        (read_point, "x", "a name and a value"),
        (read_point, "x=", "x has no value"),
        (read_point, "x=0,5", "a name and a value"),
        (read_point, "x=1,x=2", "two values"),
        (read_point, "2=x", "is not a name"),
        (read_system, "p = x; p = y", "defined twice"),
        (read_system, "x; p = 2; y", "has no name"),
        (read_system, " ;", "no expression"),
    ],
)
def test_points_and_systems_that_cannot_be_read(read_it: Callable[[str], object], typed: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read_it(typed)


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        ("D(u)*v + u*D(v)", "Plus(Times(Diff(u, x), v), Times(u, Diff(v, x)))"),
        ("D(u, v)*D(v)", "Times(Diff(u, v), Diff(v, x))"),
        ("n*u**(n-1)", "Times(n, Power(u, Plus(n, Neg(1))))"),
        ("f'(u) e^u", "Times(Apply(f', u), Power(E, u))"),
        ("out (1 - out)", "Times(out, Plus(1, Neg(out)))"),
        ("u1 + u9", "Plus(u1, u9)"),
        ("log(u, b)", "Apply(log, u, b)"),
    ],
)
def test_law(law: str, expected: str) -> None:
    assert tree.dump(parse_law(law)) == expected


MATRIX_LAWS = [
    ("g @ B.T", "Apply(matmul, g, Apply(transpose, B))"),
    ("2*g*x", "Times(2, g, x)"),
    ("p*(g - sum(g*p, -1))", "Times(p, Plus(g, Neg(Apply(sum, Times(g, p), Neg(1)))))"),
    ("spread(g)/count(a)", "Quotient(Apply(spread, g), Apply(count, a))"),
    ("g*f'(x) + f(x)", "Plus(Times(g, Apply(f', x)), Apply(f, x))"),
    ("A^T @ x[3]", "Apply(matmul, Apply(transpose, A), Apply(index, x, 3))"),
    ("e^a*out", "Times(Power(E, a), out)"),
    ("E*T + S", "Plus(Times(E, T), S)"),
]


@pytest.mark.parametrize(("law", "expected"), MATRIX_LAWS)
def test_law_about_arrays(law: str, expected: str) -> None:
    assert tree.dump(parse_matrix(law)) == expected


# --- remarks ------------------------------------------------------------------------------------------------------

NOTES = [
    ("1/2x", "1/2x is read from left to right as (1/2)*x; write 1/(2x)"),
    ("1/2 (x+1)", "(1/2)*(...)"),
    ("log x", "natural logarithm"),
    ("e^2x", "e^2x is read as e^2*x; write e^(2x)"),
    ("e^-2x", "write e^(-2x)"),
    ("e^xy", "e^xy is read as e^x*y"),
    ("x^1/3", "write x^(1/3)"),
    ("sin x/2", "sin x/... is read as sin(x)/..."),
    ("sin 2*x", "sin 2*... is read as sin(2)*..."),
    ("sin x y", "y belongs to the argument of sin"),
    ("sin 2(x+1)", "What follows 2 belongs to the argument of sin"),
    ("sin x(x+1)", "The argument of sin ends before ("),
    ("sin^-1 x", "the inverse function arcsin"),
    ("lr", "lr is read as the product l*r; declare it"),
    ("2e3", "2e3 is read as the number 2000"),
    ("1e-3", "the number 0.001"),
    ("2½", "mixed number"),
    ("√2x", "√2 times what follows"),
    ("√x^2", "the root of the power"),
    ("y(t)", "y(t) is read as the product y*t"),
    ("f^2(x)", "f^2(...) is read as a product"),
    ("sigma(x)", "the sigmoid function"),
    ("x 2", "The 2 after x is read as a factor"),
    ("x^2 2^x", "The 2 begins a factor of its own"),
    ("x2 + x", "x2 is read as one name"),
    ("d/dx (x^2)", "the derivative of what is in the bracket"),
    ("lg x", "base 10"),
]


@pytest.mark.parametrize(("typed", "part"), NOTES)
def test_note(typed: str, part: str) -> None:
    assert any(part in note for note in read(typed).notes)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "3x^2y",
            "3*x**2*y",
            "xy",
            "sin 2x",
            "sin x cos x",
            "x(x+1)",
            "e^(2x)",
            "x^2 e^(3x)",
            "ln x^2",
            "x^2/2",
            "e²x",
        ),
        *("1/(2x)", "f(x)", "log_2(x)", "\\frac12 x", "x1 + x2 + x", "d/dx [x^2]", "x^2y^3", "xe^x", "|x|", "sin(x)/2"),
    ],
)
def test_no_note_where_there_is_one_reading(typed: str) -> None:
    assert read(typed).notes == ()


def test_notes_are_given_once_in_the_order_of_the_text_and_not_without_end() -> None:
    notes = read("log x + 1/2x + log y").notes
    assert [note.split()[0] for note in notes] == ["log", "1/2x"]
    many = read("+".join(f"e^2x_{k}" for k in range(100))).notes
    assert len(many) == MAX_NOTES + 1
    assert "80 more" in many[-1]


# --- errors -------------------------------------------------------------------------------------------------------

ERRORS = [
    # what is typed, where, a part of the reason
    ("", 0, "no expression"),
    ("   ", 2, "no expression"),
    ("2 sin x +", 8, "The sum has no right-hand side."),
    ("x -", 2, "The difference has no right-hand side."),
    ("-", 0, "Nothing follows the minus sign."),
    ("x*", 1, "The product has no right-hand side."),
    ("x^", 1, "The power has no exponent."),
    ("*x", 0, "The product has no left-hand side."),
    ("x +* y", 3, "+ is followed by *"),
    ("x//2", 2, "/ is followed by /"),
    ("sin(", 3, "never closed"),
    ("(x", 0, "never closed"),
    ("x)", 1, "closes nothing"),
    ("(x]", 2, "is closed by ]"),
    ("()", 0, "nothing between the brackets"),
    ("sin()", 0, "sin has no argument"),
    ("sin", 0, "sin has no argument"),
    ("sin + 1", 0, "sin has no argument"),
    ("max(x,)", 5, "missing after the comma"),
    ("max(x)", 0, "max takes 2 values, but 1 is given."),
    ("max(x, y, z)", 0, "3 are given"),
    ("sin(x, y)", 0, "sin takes 1 value"),
    ("max x", 0, "values in brackets"),
    ("ln^-1 x", 0, "no inverse function"),
    ("foo(x)", 0, "There is no function called foo."),
    ("xyz(x+1)", 0, "There is no function called xyz."),
    ("sine(x)", 0, "There is no function called sine."),
    ("velocity", 0, "velocity is not a known name."),
    ("2 + sinx", 4, "sinx is not a known name."),
    ("lnx", 0, "two ways"),
    ("2pir", 1, "two ways"),
    ("2 3", 0, "Two numbers"),
    ("x^2 3", 2, "Two numbers"),
    ("x^2 3 y", 2, "Two numbers"),
    ("2 3y", 0, "Two numbers"),
    ("0,5x", 1, "decimal comma"),
    ("x, y", 1, "A comma separates"),
    ("x.y", 1, "A dot"),
    ("1.2.3", 3, "one decimal point"),
    ("1_000", 1, "no underscores"),
    ("0x10", 0, "base ten"),
    ("x!", 1, "factorial"),
    ("x < 2", 2, "comparison"),
    ("x <= 2", 2, "comparison"),
    ("x == 2", 2, "comparison"),
    ("y = x = 2", 6, "equation"),
    ("2x = 4", 0, "left side of the equals sign"),
    ("sin = x", 0, "left side of the equals sign"),
    ("y =", 2, "right side of the equals sign"),
    ("[x, 1]", 0, "[ is not read here"),
    ("x[1]", 1, "[ is not read here"),
    ("(x + 1)[x + 2]", 7, "[ is not read here"),
    (r"\{x", 0, "is not read here"),
    ("A @ B", 2, "matrix product"),
    ("A.T", 1, "A dot"),
    ("Aᵀ", 1, "MODIFIER LETTER CAPITAL T"),
    ("sum(x)", 0, "no function called sum"),
    ("d^25/dx^25 [x]", 0, "order from 1 to 20"),
    ("d^0/dx^0 [x]", 0, "order from 1 to 20"),
    ("d^21/d(3x) [x]", 0, "order from 1 to 20"),
    ("__import__('os')", 0, "A name begins with a letter"),
    ('"x"', 0, "quotation mark"),
    ("x'", 1, "prime"),
    ("x_", 1, "subscript is missing"),
    ("x_{a+b}", 2, "letters and digits only"),
    ("log_", 3, "base of log is missing"),
    ("|x|y|z|", 0, "more than one way"),
    ("|x", 0, "no partner"),
    ("||", 0, "nothing between the bars"),
    ("d/dx x^2 + 1", 9, "where the derivative ends"),
    ("d/dx", 0, "Nothing follows d/dx"),
    ("d/dx + 1", 0, "Nothing follows d/dx"),
    ("\\frac{d}{dx}\\sin x - x", 19, "where the derivative ends"),
    ("f(x) = f(x - 1)", 0, "f is defined in terms of itself"),
    ("f(x, x) = x", 0, "occurs twice"),
    ("f'(x, y)", 0, "does not say by which"),
    ("(x y)'", 5, "by which variable"),
    ("x^2'", 3, "prime"),
    ("d^2/dx [x]", 0, "order 2 above and 1 below"),
    ("dy/dx", 0, "does not say what y is"),
    ("\\frac{dy}{dx}", 6, "does not say what y is"),
    ("∂x", 0, "belongs to a derivative"),
    ("\\foo x", 0, "not a LaTeX command"),
    ("\\sum x", 0, "Sums"),
    ("\\frac{1}", 7, "numerator and a denominator"),
    ("\\left<x\\right>", 0, "round bracket or a bar"),
    ("x\u200by", 1, "ZERO WIDTH SPACE"),
    ("x\u202ey", 1, "RIGHT-TO-LEFT OVERRIDE"),
    ("\ufeffx", 0, "ZERO WIDTH NO-BREAK SPACE"),
    ("а+1", 0, "CYRILLIC SMALL LETTER A looks like a"),
    ("x + ｘ", 4, "FULLWIDTH LATIN SMALL LETTER X"),
    ("Α", 0, "GREEK CAPITAL LETTER ALPHA looks like A"),
    ("x\x00", 1, "cannot be seen"),
    ("x\ud800", 1, "U+D800"),
    ("𝑥", 0, "MATHEMATICAL ITALIC SMALL X"),
]


@pytest.mark.parametrize(("typed", "at", "reason"), ERRORS)
def test_error(typed: str, at: int, reason: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(typed)
    error = caught.value
    assert reason in error.message
    assert error.at == at
    assert error.at < error.end
    assert error.text == typed
    _assert_well_said(error)


def _assert_well_said(error: ParseError) -> None:
    assert error.message.endswith(".")
    assert error.hint
    assert error.message.isprintable()
    assert error.hint.isprintable()


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("sinx", "Write sin(x)."),
        ("xsinx", "Write x sin(x)."),
        ("alpa + 1", "alpha"),
        ("sqr(x)", "sqrt"),
        ("lerning", "learning"),
        ("0,5", "Write 0.5 with a point."),
        ("а", "Type a instead."),
        ("ｘ", "Type x instead."),
        ("\\alhpa", "\\alpha"),
        ("velocity", "names=['velocity']"),
    ],
)
def test_hint(typed: str, hint: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(typed, names=["learning"])
    assert hint in caught.value.hint


def test_the_caret_stands_under_the_place() -> None:
    with pytest.raises(ParseError) as caught:
        parse("x + foo(y)")
    assert caught.value.explain().splitlines()[:2] == ["x + foo(y)", "    ^^^"]


# --- limits -------------------------------------------------------------------------------------------------------

LIMITS = [
    ("characters", lambda n: "x" + "+x" * ((n - 1) // 2) + " " * ((n - 1) % 2), MAX_CHARACTERS),
    ("brackets", lambda n: "(" * n + "x" + ")" * n, MAX_DEPTH),
    ("functions", lambda n: "sin(" * n + "x" + ")" * n, MAX_DEPTH),
    ("minus signs", lambda n: "-" * n + "x", MAX_DEPTH),
    ("powers", lambda n: "^".join("x" * (n + 1)), MAX_DEPTH),
    ("powers in brackets", lambda n: "e^(" * n + "x" + ")" * n, MAX_DEPTH),
    ("divisions", lambda n: "/".join("x" * (n + 1)), MAX_DEPTH),
    ("fractions", lambda n: "\\frac{1}{" * n + "x" + "}" * n, MAX_DEPTH),
    ("roots", lambda n: "√" * n + "x", MAX_DEPTH),
    ("functions without brackets", lambda n: "sin " * n + "x", MAX_DEPTH),
    ("derivatives", lambda n: "d/dx [" * n + "x" + "]" * n, MAX_DEPTH),
    ("digits", lambda n: "7" * n, MAX_DIGITS),
    ("digits of a decimal", lambda n: "0." + "7" * (n - 2), MAX_DIGITS),
    ("digits of an exponent", lambda n: f"1e{n - 1}", MAX_DIGITS),
    ("length of a name", lambda n: "x_" + "a" * (n - 2), MAX_NAME),
    ("bars", lambda n: "|x|" * (n // 2) + "x|" * (n % 2), MAX_BARS),
]


@pytest.mark.parametrize(("what", "make", "limit"), LIMITS, ids=[row[0] for row in LIMITS])
def test_limit(what: str, make: Callable[[int], str], limit: int) -> None:
    parse(make(limit - 2))
    parse(make(limit))
    with pytest.raises(TooLarge) as caught:
        parse(make(limit + 1))
    assert f"{limit:,}" in caught.value.message or what == "length of a name"
    _assert_well_said(caught.value)


def test_the_limit_on_characters_is_raised_from_python() -> None:
    typed = "x" + "+x" * 10_000
    with pytest.raises(TooLarge, match="20,001 characters; at most 10,000 are read") as caught:
        parse(typed)
    assert "max_characters=20001 raises the limit" in caught.value.hint
    assert len(parse(typed, max_characters=20_001).args) == 10_001
    with pytest.raises(TooLarge, match="at most 20,000"):
        parse(typed, max_characters=20_000)
    with pytest.raises(UsageError, match="max_characters must be a whole number above 0, not 0"):
        parse("x", max_characters=0)


@pytest.mark.parametrize(
    "typed",
    [
        *("x+" * 500_000, "(" * 10_000, "-" * 10_000, "[" * 10_000, "|" * 10_000, "9" * 10_000, "0." + "1" * 9_990),
        *("1e999999999999", "1e-99999", "x^" * 5_000, "sin " * 2_500, "log_" * 2_500, "xe^" * 3_300, "½x" * 5_000),
        *("d/d(" * 2_500, "{" * 10_000, "pq " * 3_300, "\\frac" * 2_000, "é" * 10_000, "x\u0302" * 5_000),
        "9**9**9**9*x",
    ],
    ids=lambda typed: typed[:12],
)
def test_nothing_takes_long(typed: str) -> None:
    def work() -> None:
        try:
            parse(typed)
        except ParseError as error:
            error.explain()

    assert takes_less_than(1.0, work)  # a fifth of it alone; what is quadratic takes ten seconds


# --- no other exception -------------------------------------------------------------------------------------------

GOOD = [row[0].replace("\\\\", "\\") for text in TREES.values() for row in _rows(text)]
READERS = (
    parse,
    parse_matrix,
    read_system,
    read_names,
    read_point,
    lambda text: read(text, names=("loss", "e", "x_max")),
)
PIECES = r"""
    x y 2 3.5 .5 ( ) [ ] { } | + - * / ^ ** , = ' ; sin cos ln log log_2 log_ exp sqrt max f g f' sigma σ π e d/dx d dx
    ∂ ∂/∂x [ \frac \frac{d}{dx} \left( \right) \left| \right| \sqrt \sqrt[3] \hat{y} \hat \mathrm{ ^{ ^{[1]} _ _{
    @ .T ^T ᵀ x[1] sum( ² ⁻¹ ⁽ ½ √ · x1 x_1 x₁ ₂ 2e3 leaky_relu leaky yhat \cdot \, $ \alpha lnx abc abcd loss ŷ а ｘ
"""
PIECES_OF_TEXT = [*PIECES.split(), "\u0302", "\u200b", "\ud800", " ", "\n"]


def _error_of(reader: Callable[[str], object], text: str) -> ParseError | None:
    try:
        reader(text)
    except ParseError as error:
        return error
    return None


def _assert_read_or_refused(text: str) -> None:
    for reader in READERS:
        error = _error_of(reader, text)
        if error is not None:
            _assert_well_said(error)
            assert 0 <= error.at < error.end
            assert error.at < max(len(text), 1)
            error.explain()


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_every_prefix_and_suffix_is_read_or_refused(every: int) -> None:
    for text in GOOD[::every]:
        for cut in range(len(text)):
            _assert_read_or_refused(text[:cut])
            _assert_read_or_refused(text[cut:])


@pytest.mark.parametrize("seed", range(4))
def test_random_text_is_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(150):
        _assert_read_or_refused(
            "".join(rng.choice(PIECES_OF_TEXT) + " " * rng.randint(0, 1) for _ in range(rng.randint(1, 14)))
        )
        _assert_read_or_refused("".join(chr(rng.randrange(0x2600)) for _ in range(rng.randint(1, 8))))
        text = list(rng.choice(GOOD))
        text[rng.randrange(len(text)) :][:1] = [rng.choice(PIECES_OF_TEXT)]
        text.insert(rng.randrange(len(text)), rng.choice(PIECES_OF_TEXT))
        _assert_read_or_refused("".join(text))


def test_spaces_and_redundant_brackets_change_nothing() -> None:
    for left, right in [("3*x**2*y", " 3 * x ** 2 * y "), ("a+b*c", "(a)+((b)*(c))"), ("sin(x)", "sin ( x )")]:
        assert parse(left) == parse(right)
