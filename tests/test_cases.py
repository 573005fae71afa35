"""Functions by cases: read, written, differentiated inside of the regions, and looked at in the joints."""

from __future__ import annotations

import pickle

import pytest
import sympy
from sympy import Eq, Ne, Piecewise

import symback
from symback.calculus.question import read_question
from symback.errors import DomainError, NoRule, ParseError
from symback.expr.tree import Diff, symbol
from symback.page.maths import latex, text, unicode
from symback.page.maths import sympy as sympy_text
from symback.syntax import parse
from symback.verify import same_value
from symback.verify.at_a_point import Finding, look_at
from symback.verify.joints import Kind, joints_of

X, Y = symbol("x"), symbol("y")
EITHER = "cases(x^2, x < 1, 2x)"
JOINED = "cases(x^2, x <= 1, 2x - 1)"

# fmt: off
READ = [  # what is typed, the text of its tree
    ("cases(x^2, x < 1, 2x)", EITHER), ("piecewise(x^2, x < 1, 2x)", EITHER), ("where(x < 1, x^2, 2x)", EITHER),
    ("if(x < 1, x^2, 2x)", EITHER), ("x^2 if x < 1 else 2x", EITHER), ("x^2 if (x<1) else 2x", EITHER),
    ("x^2 falls x < 1 sonst 2x", EITHER), ("x^2 if x < 1 otherwise 2x", EITHER),
    ("f(x) = x^2 if x < 1 else 2x", EITHER), ("y = x^2 if x < 1 else 2x", EITHER),
    ("{x^2 if x<1, 2x otherwise}", EITHER), ("f(x) = {x^2 if x<1, 2x otherwise}", EITHER),
    (r"\begin{cases} x^2 & x < 1 \\ 2x & \text{otherwise} \end{cases}", EITHER),
    (r"f(x) = \begin{cases} x^2, & \text{if } x < 1, \\ 2x, & \text{else} \end{cases}", EITHER),
    (r"\begin{cases} x^2 \text{ if } x \lt 1 \\[2pt] 2x \text{ otherwise} \end{cases}", EITHER),
    (r"\begin{cases} x^2 & \text{für } x < 1 \\ 2x & \text{sonst} \\ \end{cases}", EITHER),
    (r"\left\{ \begin{array}{ll} x^2 & x < 1 \\ 2x & \mathrm{otherwise} \end{array} \right.", EITHER),
    ("f(x) =\n\\begin{cases}\n x^2 & x<1 \\\\\n 2x & \\text{otherwise}\n\\end{cases}", EITHER),
    ("Piecewise((x**2, x < 1), (2*x, True))", EITHER),
    ("cases((x^2, x < 1), (2x, x > 1))", "cases(x^2, x < 1, 2x, x > 1)"),
    (r"\begin{cases} x^2 & \text{if $x<1$}; \\ 2x & \mbox{otherwise}. \end{cases}", EITHER),
    (r"\begin{cases} x^2 &: x<1, \\ 2x &: x > 1. \end{cases}", "cases(x^2, x < 1, 2x, x > 1)"),
    ("cases(x y, (x, y) != (0, 0), 1)", "cases(xy, x != 0 or y != 0, 1)"),
    (r"\begin{cases} xy & (x,y) \ne (0,0) \\ 1 & (x,y) = (0,0) \end{cases}",
     "cases(xy, x != 0 or y != 0, 1, x = 0 and y = 0)"),
    (r"$$\begin{dcases} x^2 & x < 1 \\ 2x & \text{otherwise} \end{dcases}$$", EITHER),
    (r"\begin{cases} x^2 & x \le 1 \\ 2x & x > 1 \end{cases}", "cases(x^2, x <= 1, 2x, x > 1)"),
    (r"\begin{cases} x & x \leq 1 \\ 2 & x \geq 3 \\ 5 & x \neq 2 \end{cases}",
     "cases(x, x <= 1, 2, x >= 3, 5, x != 2)"),
    (r"\begin{cases} x & 0 \le x < 1 \text{ and } y > 0 \\ 2 & x = 1 \lor y < 0 \end{cases}",
     "cases(x, 0 <= x and x < 1 and y > 0, 2, x = 1 or y < 0)"),
    ("x^2 if x < 1 else 2x if x < 2 else 3", "cases(x^2, x < 1, 2x, x < 2, 3)"),
    ("x^2 if x < 1", "cases(x^2, x < 1)"), ("cases(x, x < 1)", "cases(x, x < 1)"),
    ("cases(x, 0 <= x < 1, 2, x = 1)", "cases(x, 0 <= x < 1, 2, x = 1)"), ("cases(x, x == 1, 2)", "cases(x, x = 1, 2)"),
    ("cases(x, x ≤ 1, 2, x ≥ 5, 3, x ≠ 7)", "cases(x, x <= 1, 2, x >= 5, 3, x != 7)"),
    ("cases(x, x<1 and y>0 or x>3, 1)", "cases(x, x < 1 and y > 0 or x > 3, 1)"),
    ("cases(x, (x<0 or x>1) and y>0, 1)", "cases(x, (x < 0 or x > 1) and y > 0, 1)"),
    ("cases(x, x<0 ∨ x>1 und y>0, 1)", "cases(x, x < 0 or x > 1 and y > 0, 1)"),
    ("|x| if |x| < 1 else 1", "cases(|x|, |x| < 1, 1)"), ("x if 1 < 2x < 3 else -x", "cases(x, 1 < 2x < 3, -x)"),
    ("3 cases(x, x<1, 2) + 1", "3 cases(x, x < 1, 2) + 1"), ("sin x if x > 0 else cos x", "cases(sin x, x > 0, cos x)"),
    ("(x if x<0 else 2)^2", "cases(x, x < 0, 2)^2"), ("cases(cases(1, x < 0, x), x < 1, 2)",) * 2,
    ("mod(x, 2)", "mod(x, 2)"), ("x mod 2", "mod(x, 2)"), (r"x \bmod 2", "mod(x, 2)"),
    ("x^2 mod (n+1)", "mod(x^2, n + 1)"),
    ("3x mod 2", "mod(3x, 2)"), ("x mod 2 + 1", "mod(x, 2) + 1"), ("2mod(x, 3)", "2 mod(x, 3)"),
    ("⌊x⌋", "floor(x)"), ("⌈2x⌉^2", "ceil(2x)^2"), (r"\lfloor x^2 \rfloor", "floor(x^2)"),
    (r"\left\lceil \frac{x}{2} \right\rceil", "ceil(x/2)"), (r"2\left\lfloor x\right\rfloor", "2 floor(x)"),
    ("x⌊x⌋", "x floor(x)"), ("|⌊x⌋|", "|floor(x)|"),
]
WRONG = [  # what is typed, where, the message, the hint
    ("x < 1", "<", "A comparison is not an expression.", "cases(x^2, x < 1, 2x)"),
    ("x <= 1", "<=", "A comparison is not an expression.", "cases(x^2, x < 1, 2x)"),
    (r"x \ge 1", r"\ge", "A comparison is not an expression.", "cases("),
    ("2(x>1)", ">", "A comparison is not", "cases("),
    ("x == 1", "==", "A comparison is not an expression.", "x^2"),
    ("cases(x < 1, x, 2)", "<", "This is a condition, where cases needs a value.", "cases(x^2"),
    ("cases(x, x, 2)", "cases(x, x, 2)", "This is a value, where cases needs a condition.", "cases(x^2"),
    ("cases(x, (x<1)+2, 3)", "cases(x, (x<1)+2, 3)", "This is a value, where cases needs a condition", "cases("),
    ("cases(x, x = 0, 0 <= x < 1)", "<=", "This is a condition, where cases needs a value.", "cases("),
    ("cases(x)", "cases(x)", "A function by cases has a value and a condition.", "cases("),
    ("x if x < 1 if x < 2 else 3", "if", "Two conditions follow each other.", "cases("),
    ("x else 2", "else", "There is no condition before it.", "x^2 if x < 1 else 2x"),
    ("where(x < 1, x)", "where(x < 1, x)", "where takes 3 values, but 2 are given.", "where(x > 0, a, b)"),
    (r"\begin{cases} x & \text{otherwise} \\ 2 & x < 1 \end{cases}", "2", "The case for everything else is the last",
     "end"),
    (r"\begin{cases} x \\ 2 & x < 1 \end{cases}", "2", "The condition of a row is missing.", "otherwise"),
    (r"\begin{cases} x & x < 1 & 2 \end{cases}", "&", "A row has one value and one condition.", "Begin the next row"),
    (r"\begin{cases} x & x < 1", r"\begin{cases}", "This bracket is never closed.", ""),
    ("x & y", "&", "The sign & is not part of an expression.", "Leave it out."),
    ("x + 3 mod 2", "mod", "It is not clear what mod is taken of.", "mod(x + 3, 2)"),
    ("-7 mod 3", "mod", "It is not clear what mod is taken of.", "mod("),
    ("⌊x)", ")", "The bracket ⌊ is closed by ).", "⌋"),
    ("cases(x, (x, y) < (0, 0), 2)", "cases", "These points cannot be compared.", "(x, y) != (0, 0)"),
    ("x^2 if not x < 1 else 2", "not", "not is not read in a condition.", "x >= 1 for x < 1"),
    ("cases(x, not x < 1, 2)", "not", "not is not read in a condition.", "x >= 1 for x < 1"),
    ("mod(x)", "mod(x)", "mod takes 2 values, but 1 is given.", "mod(x, 2)"),
]
WRITTEN = [  # text, in Unicode, in LaTeX, in SymPy's syntax
    ("cases(x^2, x <= 1, 2x)", "cases(x², x ≤ 1, 2x)",
     r"\begin{cases} x^{2} & \text{if } x \le 1 \\ 2 x & \text{otherwise} \end{cases}",
     "Piecewise((x**2, x <= 1), (2*x, True))"),
    ("cases(x, 0 < x < 1 or x != 3)", "cases(x, 0 < x < 1 or x ≠ 3)",
     r"\begin{cases} x & \text{if } 0 < x < 1 \text{ or } x \ne 3 \end{cases}",
     "Piecewise((x, ((0 < x) & (x < 1)) | Ne(x, 3)))"),
    ("cases(x, x = 1, 2)^2", "cases(x, x = 1, 2)²",
     r"\left(\begin{cases} x & \text{if } x = 1 \\ 2 & \text{otherwise} \end{cases}\right)^{2}",
     "Piecewise((x, Eq(x, 1)), (2, True))**2"),
    ("x mod(x, 2)", "x mod(x, 2)", r"x \left(x \bmod 2\right)", "x*Mod(x, 2)"),
    ("2 floor(x) - ceil(x)", "2 floor(x) - ceil(x)",
     r"2 \left\lfloor x \right\rfloor - \left\lceil x \right\rceil", "2*floor(x) - ceiling(x)"),
]
DERIVED = [  # expression, by, answer, what is said of the joints
    (EITHER, "x", "cases(2x, x < 1, 2, x > 1)", ["At x = 1 the function jumps from 1 to 2: no derivative there."]),
    (JOINED, "x", "cases(2x, x <= 1, 2)",
     ["At x = 1 the function is continuous, and the slopes 2 and 2 agree: the derivative is 2."]),
    ("-x if x < 0 else x", "x", "cases(-1, x < 0, 1, x > 0)",
     ["At x = 0 the function is continuous, but the slopes -1 and 1 differ: no derivative there."]),
    ("cases(x, x < 0, x^2, x < 1, 2x - 1, x < 2, 7)", "x", "cases(1, x < 0, 2x, 0 < x <= 1, 2, 1 < x < 2, 0, x > 2)",
     ["At x = 0 the function is continuous, but the slopes 1 and 0 differ: no derivative there.",
      "At x = 1 the function is continuous, and the slopes 2 and 2 agree: the derivative is 2.",
      "At x = 2 the function jumps from 3 to 7: no derivative there."]),
    ("cases(3, x = 3, x)", "x", "1",
     ["At x = 3 the function is continuous, and the slopes 1 and 1 agree: the derivative is 1."]),
    ("cases(4, x = 3, x)", "x", "cases(1, x != 3)",
     ["At x = 3 the function has another value than its limit 3: no derivative there."]),
    ("cases(x^2 sin(1/x), x != 0, 0)", "x", "cases(0, x = 0, 2x sin(1/x) - cos(1/x))",
     ["At x = 0 the function is continuous, and the slopes 0 and 0 agree: the derivative is 0."]),
    ("cases(x sin(1/x), x != 0, 0)", "x", "cases(sin(1/x) - cos(1/x)/x, x != 0)",
     ["At x = 0 the function is continuous, but has no finite slope: no derivative there."]),
    ("cases(sqrt(x), x >= 0, 0)", "x", "cases(1/(2sqrt(x)), x > 0, 0, x < 0)",
     ["At x = 0 the function is continuous, but has no finite slope: no derivative there."]),
    ("cases(x^2, x <= 1)", "x", "cases(2x, x < 1)",
     ["At x = 1 the function is defined on one side only: no derivative there."]),
    ("cases(x^2, x < 1, 2, x > 1)", "x", "cases(2x, x < 1, 0, x > 1)", ["At x = 1 the function has no value."]),
    ("cases(x, x < 0 or x > 1, x^2)", "x", "cases(1, x < 0 or x > 1, 2x, 0 < x < 1)",
     ["At x = 0 the function is continuous, but the slopes 1 and 0 differ: no derivative there.",
      "At x = 1 the function is continuous, but the slopes 2 and 1 differ: no derivative there."]),
    ("cases(x^2, x < sqrt(2), 2 sqrt(2) x - 2)", "x", "cases(2x, x <= sqrt(2), 2sqrt(2))",
     ["At x = sqrt(2) the function is continuous, and the slopes about 2.82843 and about 2.82843 agree: "
      "the derivative is about 2.82843."]),
    ("cases(1 - |x|, |x| < 1, 0)", "x", "cases(-sign(x), |x| < 1, 0, |x| > 1)",
     ["At x = -1 the function is continuous, but the slopes 0 and 1 differ: no derivative there.",
      "At x = 1 the function is continuous, but the slopes -1 and 0 differ: no derivative there."]),
    ("cases(x^2, x^2 < 1, 2|x| - 1)", "x", "cases(2x, x^2 < 1, 2 sign(x))",
     ["At x = -1 the function is continuous, and the slopes -2 and -2 agree: the derivative is -2.",
      "At x = 1 the function is continuous, and the slopes 2 and 2 agree: the derivative is 2."]),
    ("cases(sin x, sin x > 0, 0)", "x", "cases(cos x, sin x > 0, 0, sin x < 0)",
     ["At x = -pi the function is continuous, but the slopes -1 and 0 differ: no derivative there.",
      "At x = 0 the function is continuous, but the slopes 0 and 1 differ: no derivative there.",
      "At x = pi the function is continuous, but the slopes -1 and 0 differ: no derivative there.",
      "Where sin x = 0 at other places the function is not looked at: the derivative holds elsewhere."]),
    ("cases(x^2, e^x < 2, x^3)", "x", "cases(2x, e^x < 2, 3x^2, e^x > 2)",
     ["At x = ln 2 the function jumps from about 0.480453 to about 0.333025: no derivative there."]),
    ("cases(x, 2^x < 5, 3)", "x", "cases(1, 2^x < 5, 0, 2^x > 5)",
     ["At x = ln(5)/ln 2 the function jumps from about 2.32193 to 3: no derivative there."]),
    ("cases(1, ln x < 1, x/e)", "x", "cases(0, ln x < 1, 1/e, ln x > 1)",
     ["At x = e the function is continuous, but the slopes 0 and about 0.367879 differ: no derivative there."]),
    ("cases(x^2, x + e^x < 2, 3x)", "x", "cases(2x, x + e^x < 2, 3, x + e^x > 2)",
     ["At x = 0.442854 (rounded) the function jumps from about 0.19612 to about 1.32856: no derivative there.",
      "Where x + e^x = 2 at other places the function is not looked at: the derivative holds elsewhere."]),
    ("cases(5, x^2 = 2, x)", "x", "cases(1, x^2 != 2)",
     ["At x = -sqrt(2) the function has another value than its limit about -1.41421: no derivative there.",
      "At x = sqrt(2) the function has another value than its limit about 1.41421: no derivative there."]),
    ("cases(sin(1/x), x != 0, 0)", "x", "cases(-cos(1/x)/x^2, x != 0)",
     ["At x = 0 the function comes to no number: no derivative there."]),
    ("cases(x/ln|x|, x != 0, 0)", "x", None,
     ["At x = 0 numbers could not tell whether the function has a derivative."]),
    ("cases(x^2, x > 10^20, x)", "x", "cases(2x, x > 10^20, 1, x < 10^20)",
     ["At x = 100000000000000000000 the function jumps from 100000000000000000000 to "
      "10000000000000000000000000000000000000000: no derivative there."]),
    ("cases(10^-30 x, x < 0, 0)", "x", None,
     ["At x = 0 the function is continuous, but the slopes about 1e-30 and 0 differ: no derivative there."]),
    ("cases(x/3 + x/10^10, x < 0, sin(x)/3 + x/10^10)", "x", None,
     ["At x = 0 the function is continuous, and the slopes about 0.333333 and about 0.333333 agree: "
      "the derivative is about 0.333333."]),
    ("cases(x^2 y, x < y, x y^2)", "x", "cases(2xy, x < y, y^2, x > y)",
     ["Where x = y, in general, the function is continuous, but the slopes differ: no derivative there."]),
    ("cases(x^2, x < y, 2x y - y^2)", "x", "cases(2x, x < y, 2y)",
     ["Where x = y, in general, the function is continuous and the slopes agree."]),
    ("cases(x y, y < 1, x^2)", "x", "cases(y, y < 1, 2x)", []),
    ("cases(a x^2, x <= 1, 2a x - a)", "x", "cases(2ax, x <= 1, 2a)",
     ["At x = 1, in general, the function is continuous and the slopes agree."]),
    ("x^2 + 3 cases(x, x < 0, x^2)", "x", "2x + 3 cases(1, x < 0, 2x, x > 0)",
     ["At x = 0 the part by cases is continuous, but the slopes 1 and 0 differ: no derivative there."]),
    ("sin(cases(x, x < 0, 2x))", "x", "cos(cases(x, x < 0, 2x)) cases(1, x < 0, 2, x > 0)",
     ["At x = 0 the part by cases is continuous, but the slopes 1 and 2 differ: no derivative there."]),
    ("f(x)^2 if x > 0 else x", "x", "cases(2 f(x) f'(x), x > 0, 1, x < 0)",
     ["Where x = 0 the derivative depends on f, not known here: the answer holds elsewhere."]),
    ("mod(x^2, 3)", "x", "2x", ["mod(u, v) has no derivative where u is a multiple of v."]),
    ("mod(7, x)", "x", "-floor(7/x)", ["mod(u, v) has no derivative where u is a multiple of v."]),
    ("x floor(x)", "x", "floor(x)", ["floor(u) has no derivative where u is a whole number."]),
    ("x ceil(x^2)", "x", "ceil(x^2)", ["ceil(u) has no derivative where u is a whole number."]),
    ("x round(x)", "x", "round(x)", ["round(u) has no derivative where u is a whole number and a half."]),
]
VALUES = [  # expression, point, the derivative there; None where there is none
    (EITHER, "x=1", None), (EITHER, "x=3", "2"), (EITHER, "x=1/2", "1"), (JOINED, "x=1", "2"), (JOINED, "x=2", "2"),
    ("-x if x < 0 else x", "x=0", None), ("cases(3, x = 3, x)", "x=3", "1"), ("cases(4, x = 3, x)", "x=3", None),
    ("cases(x^2 sin(1/x), x != 0, 0)", "x=0", "0"), ("cases(sin(x)/x, x != 0, 1)", "x=0", "0"),
    ("cases(x^2, x <= 1)", "x=1", None), ("cases(x^2, x <= 1)", "x=2", None), ("cases(x^2, x <= 1)", "x=-1", "-2"),
    ("cases(e^x, e^x < 2, 2 + 2(x - ln 2))", "x=ln 2", "2"), ("cases(x, x < pi, 2x)", "x=pi", None),
    ("cases(x^2, x < y, 2x y - y^2)", "x=1,y=1", "2"), ("cases(x^2 y, x < y, x y^2)", "x=1,y=1", None),
    ("cases(x y/(x^2 + y^2), x^2 + y^2 != 0, 0)", "x=0,y=0", "0"),
    ("cases(x y/(x^2 + y^2), (x, y) != (0, 0), 0)", "x=0,y=0", "0"), ("mod(x, 2)", "x=4", None),
    ("mod(x, 2)", "x=3", "1"),
    ("floor(x)", "x=2", None), ("ceil(x)", "x=2.5", "0"), ("round(x)", "x=1/2", None),
]
WORKED_OUT = [  # expression, point, value; None where there is none
    (EITHER, "x=1", "2"), (EITHER, "x=0", "0"), (EITHER, "x=1/2", "1/4"), ("cases(1/x, x != 0, 7)", "x=0", "7"),
    ("cases(x, x < 1)", "x=2", None), ("cases(x, 0 <= x < 1, 5, x = 1 or x > 7)", "x=1", "5"),
    ("cases(ln x, x > 0, x)", "x=-1", "-1"), ("cases(x, x < pi, 2)", "x=3", "3"),
    ("cases(x, x < y, y)", "x=2,y=1", "1"),
    ("x cases(2, x^2 < 3, 5)", "x=2", "10"), ("mod(x, 3)", "x=7", "1"), ("mod(x, -3)", "x=7", "-2"),
    ("mod(x, 3)", "x=-7", "2"),
    ("x mod 2", "x=7.5", "1.5"), ("⌊x⌋", "x=-1/2", "-1"), ("⌈x⌉", "x=2.1", "3"),
]
FROM_SYMPY = [
    (Piecewise((X**2, X < 1), (2*X, True)), Piecewise((2*X, X < 1), (2, X > 1))),
    (Piecewise((3, Eq(X, 3)), (X, True)), sympy.Integer(1)), (Piecewise((1, X < 0), (2, True)), Piecewise((0, X < 0),
    (0, X > 0), evaluate=False)),
    (Piecewise((sympy.sin(X)/X, Ne(X, 0)), (1, True)),
     Piecewise((0, Eq(X, 0)), ((X*sympy.cos(X) - sympy.sin(X))/X**2, True))),
    (Piecewise((X, (X < -1) | (X > 1)), (X**2, (X > -1) & (X < 1))), None),
    (Piecewise((X, sympy.Not((X > -1) & (X < 0))), (2, True)), None),
    (3*Piecewise((X**2, X < 1)), 3*Piecewise((2*X, X < 1))),
    (sympy.Mod(X**2, 3), 2*X), (X*sympy.floor(X), sympy.floor(X)), (X*sympy.ceiling(X), sympy.ceiling(X)),
    (sympy.frac(X), sympy.Integer(1)),
]
# fmt: on


@pytest.mark.parametrize(("typed", "expected"), READ)
def test_what_is_typed_is_read(typed: str, expected: str) -> None:
    assert text(read_question(typed).tree) == expected


@pytest.mark.parametrize(("typed", "place", "message", "hint"), WRONG)
def test_what_does_not_fit_is_said_where_it_stands(typed: str, place: str, message: str, hint: str) -> None:
    with pytest.raises(ParseError) as raised:
        read_question(typed)
    error = raised.value
    assert message in str(error)
    assert hint in (error.hint or "")
    assert typed[error.at : error.end].startswith(place) or place == typed[error.at : error.end]


@pytest.mark.parametrize(("typed", "in_unicode", "in_latex", "in_sympy"), WRITTEN)
def test_each_notation(typed: str, in_unicode: str, in_latex: str, in_sympy: str) -> None:
    tree = parse(typed)
    assert [text(tree), unicode(tree), latex(tree), sympy_text(tree)] == [typed, in_unicode, in_latex, in_sympy]
    assert parse(in_unicode) == parse(in_latex) == tree
    assert pickle.loads(pickle.dumps(tree)) == tree


@pytest.mark.parametrize("typed", [row[0] for row in READ])
def test_what_is_written_reads_back(typed: str) -> None:
    tree = read_question(typed).tree
    assert [parse(write(tree)) for write in (text, unicode, latex)] == [tree] * 3


@pytest.mark.parametrize(("expr", "by", "answer", "said"), DERIVED)
def test_the_derivative_and_its_joints(expr: str, by: str, answer: str | None, said: list[str]) -> None:
    derivation = symback.derive(expr, by)
    assert answer is None or text(derivation.last) == answer
    assert [note for note in derivation.notes if not note.startswith("|u|")] == said
    assert derivation.verify().verdict == "verified"


def test_every_step_has_its_label() -> None:
    derivation = symback.derive(JOINED, "x")
    lines = [(step.rule.name, text(step.after)) for step in derivation.steps]
    assert lines[0] == ("case by case", "cases(d/dx [x^2], x < 1, d/dx [2x - 1], x > 1)")
    assert ("derivative at the joints", "cases(2x, x <= 1, 2)") in lines
    assert {k: text(v) for k, v in derivation.steps[0].bindings.items()} == {"u": "x^2", "p": "(x <= 1)", "v": "2x - 1"}


@pytest.mark.parametrize(("expr", "at", "value"), VALUES)
def test_the_derivative_at_a_point(expr: str, at: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(DomainError):
            symback.derive(expr, "x", at=at)
        return
    derivation = symback.derive(expr, "x", at=at)
    assert text(derivation.last) == value
    assert derivation.verify().verdict == "verified"


@pytest.mark.parametrize(
    ("expr", "at", "why"),
    [
        (EITHER, "x=1", "At x = 1 the function jumps from 1 to 2: no derivative there."),
        ("-x if x < 0 else x", "x=0", "the slopes -1 and 1 differ"),
        ("cases(x^2 y, x < y, x y^2)", "x=1,y=1", "the slopes 2 and 1 differ"),
        ("cases(sqrt(x), x >= 0, 0)", "x=0", "has no finite slope"),
        ("f(x) if x < 1 else 2", "x=1", "Choose a point where the function has a derivative."),
    ],
)
def test_why_there_is_no_derivative(expr: str, at: str, why: str) -> None:
    with pytest.raises(DomainError) as raised:
        symback.derive(expr, "x", at=at)
    assert why in raised.value.hint


@pytest.mark.parametrize(("expr", "at", "value"), WORKED_OUT)
def test_the_value_at_a_point(expr: str, at: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(DomainError, match="no case holds"):
            symback.evaluate(expr, at)
        return
    worked = symback.evaluate(expr, at)
    assert text(worked.last) == value
    assert worked.verify().verdict == "verified"


def test_a_case_is_chosen_before_the_others_are_worked_out() -> None:
    for expr, labels in (
        ("cases(x, x < 1, 7)", ["substitute", "choose the case that holds"]),
        ("cases(1/x, x != 0, 7)", ["substitute"]),  # no line shows 1/0
        ("1 + cases(ln x, x > 0, 7)", ["substitute", "add numbers"]),
    ):
        steps = symback.evaluate(expr, "x=0").steps
        assert [step.rule.name for step in steps] == labels


@pytest.mark.parametrize(("expr", "answer"), FROM_SYMPY)
def test_functions_of_sympy(expr: sympy.Expr, answer: sympy.Expr | None) -> None:
    derivation = symback.derive(expr, "x")
    assert derivation.verify().verdict == "verified"
    if answer is not None:
        assert derivation.answer == answer


def test_a_pending_derivative_of_cases_is_left_to_nobody_else() -> None:
    pending = Diff(parse("cases(3, x = 3, x)"), X).doit()
    assert isinstance(pending, sympy.Derivative)  # SymPy's own derivative is 0 at the joint


def test_cases_in_lists_and_orders() -> None:
    assert text(symback.derive("cases(x^3, x < 0, x^2)", "x", order=2).last) == "cases(6x, x < 0, 2, x > 0)"
    notes = symback.derive("cases(x^3, x < 0, x^2)", "x", order=2).notes
    assert notes[1] == "At x = 0 the derivative is continuous, but the slopes 0 and 2 differ: no derivative there."
    gradient = symback.gradient("cases(x^2 y, x < y, x y^2)", "x,y")
    assert [text(d.last) for d in gradient.derivations()] == [
        "cases(2xy, x < y, y^2, x > y)",
        "cases(x^2, x < y, 2xy, x > y)",
    ]
    assert symback.hessian("cases(x^2 y, x < y, y^3)", "x,y").verify().verdict == "verified"


def test_no_case_that_holds_on_both_sides() -> None:
    with pytest.raises(NoRule, match="No case holds on both sides"):
        symback.derive("cases(1, x = 0)", "x")


# --- numbers ----------------------------------------------------------------------------------------------------------

# fmt: off
SAME = [  # two functions, whether they are the same
    (EITHER, "2x if x >= 1 else x^2", "yes"), (EITHER, "cases(x^2, x < 1, 3x)", "no"),
    ("|x|", "-x if x<0 else x", "yes"),
    ("max(x, y)", "x if x > y else y", "yes"), ("cases(1, 3 < x < 3.001, 0)", "0", "no"),
    ("mod(x, 3)", "x - 3 floor(x/3)", "yes"),
    ("⌈x⌉", "⌊x⌋ + 1", "yes"), ("⌈x⌉", "⌊x⌋", "no"), ("cases(x, x < 0 or x > 1, 0)", "cases(0, 0 <= x <= 1, x)", "yes"),
    ("cases(x, x < 0 and y > 0, 0)", "x if x < 0 else 0", "no"), ("sign(x)", "cases(-1, x < 0, 1, x > 0, 0)", "yes"),
]
# fmt: on


@pytest.mark.parametrize(("one", "other", "verdict"), SAME)
def test_points_stand_in_every_cell(one: str, other: str, verdict: str) -> None:
    assert same_value(parse(one), parse(other)) == verdict


def test_the_judge_sees_a_wrong_formula_and_a_wrong_joint() -> None:
    pending = Diff(parse(EITHER), X)
    assert same_value(pending, parse("cases(2x, x < 1, 3)")) == "no"
    assert look_at(pending, parse("cases(2x, x < 1, 2)"), {X: parse("1")}) is Finding.NO_DERIVATIVE
    assert look_at(Diff(parse(JOINED), X), parse("cases(2x, x <= 1, 2)"), {X: parse("1")}) is Finding.FINE
    assert look_at(Diff(parse(JOINED), X), parse("cases(3, x = 1, 2x, x < 1, 2)"), {X: parse("1")}) is not Finding.FINE


@pytest.mark.parametrize(
    ("function", "kinds"),
    [
        (EITHER, [Kind.JUMP]),
        (JOINED, [Kind.SMOOTH]),
        ("cases(x, x < 1)", [Kind.HOLE]),
        ("cases(x, x <= 1)", [Kind.EDGE]),
        ("cases(x, x^3 - x < 0, 0)", [Kind.JUMP, Kind.CORNER, Kind.JUMP]),
        ("cases(1, |x - 1| <= |x + 2|, 3)", [Kind.JUMP]),
        ("cases(1/x, x != 0, 0)", [Kind.NO_LIMIT]),
    ],
)
def test_what_there_is_at_a_joint(function: str, kinds: list[Kind]) -> None:
    joints = joints_of(parse(function), X)
    assert joints.complete
    assert [joint.kind for joint in joints.found] == kinds
