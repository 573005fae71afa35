"""Integrals line by line: what each line is, and how a teacher would call the step."""

import pickle
from itertools import pairwise

import pytest

import symback
from symback.calculus.integrals.checking import slope_of, verify_antiderivative
from symback.expr.tree import Diff, number, substituted, symbol
from symback.page.maths import text
from symback.syntax import parse
from symback.verify import judge

LINES = [
    (
        "x e^(x^2)",
        [
            ("1/2 * int(e^u, u)", "substitution", "u = x^2, du = 2x dx"),
            ("1/2 * e^u + C", "exponential rule", ""),
            ("1/2 * e^(x^2) + C", "insert", "u = x^2"),
            ("e^(x^2)/2 + C", "multiply fractions", ""),
        ],
    ),
    (
        "x cos x",
        [
            ("x sin x - int(sin x, x)", "integration by parts", "u = x, v = sin x"),
            ("x sin x - (-cos x) + C", "integral of sine", ""),
            ("x sin x + cos x + C", "simplify signs", ""),
        ],
    ),
    (
        "e^x sin x",
        [
            ("e^x sin x - int(e^x cos x, x)", "integration by parts", "u = sin x, v = e^x"),
            ("e^x sin x - (e^x cos x + int(e^x sin x, x))", "integration by parts", "u = cos x, v = e^x"),
            ("(e^x sin x - e^x cos x)/2 + C", "solve for the integral", ""),
        ],
    ),
    (
        "1/(x^2 + 2x + 5)",
        [
            ("int(1/((x + 1)^2 + 4), x)", "complete the square", ""),
            (
                "arctan((x + 1)/sqrt(4))/sqrt(4) + C",
                "arctangent rule, linear substitution",
                "u = x + 1",
            ),
            ("arctan((x + 1)/2)/sqrt(4) + C", "work out the root", ""),
            ("arctan((x + 1)/2)/2 + C", "work out the root", ""),
        ],
    ),
    (
        "sin(x)^3",
        [
            ("int(sin(x) (1 - cos^2 x), x)", "Pythagorean identity", ""),
            ("int(u^2 - 1, u)", "substitution", "u = cos x, du = -sin(x) dx"),
            ("int(u^2, u) - int(1, u)", "difference rule", "v = u^2, w = 1"),
            ("u^3/3 - int(1, u)", "power rule", "n = 2"),
            ("u^3/3 - u + C", "constant rule", "c = 1"),
            ("cos^3(x)/3 - cos x + C", "insert", "u = cos x"),
        ],
    ),
]


@pytest.mark.parametrize(("integrand", "expected"), LINES, ids=[row[0] for row in LINES])
def test_lines_and_labels(integrand: str, expected: list[tuple[str, str, str]]) -> None:
    found = symback.integrate(integrand)
    lines = [
        (text(step.after), step.rule.name, ", ".join(f"{k} = {text(v)}" for k, v in step.bindings.items()))
        for step in found.steps
    ]
    assert [(symback.parse(t), name, b) for t, name, b in expected] == [
        (symback.parse(t), name, b) for t, name, b in lines
    ]


# One integral for each technique, and the label that it must have.
TECHNIQUES = [
    ("7", "constant rule"),
    ("x^2 + x - 1", "sum and difference rule"),
    ("3x^2", "constant multiple rule"),
    ("1/x", "logarithm rule"),
    ("cos(3x + 1)", "integral of cosine, linear substitution"),
    ("(x^2 + 1)/x", "split the fraction"),
    ("(x + 1)^2", "power rule, linear substitution"),
    ("x (x + 1)^2", "expand"),
    ("x^4/(x^2 + 1)", "divide with remainder"),
    ("x/(x^2 + 5x + 6)", "partial fractions"),
    ("(3x + 2)/(x^2 + 4x + 8)", "split the numerator"),
    ("1/(4x^2 + 9)", "take the number out"),
    ("1/(x^2 + 1)^2", "reduction formula"),
    ("sin(x)^2", "half-angle identities"),
    ("tan(x)^2", "Pythagorean identity"),
    ("sec(x)^3", "reduction formula"),
    ("sin(3x) cos(2x)", "product to sum"),
    ("1/(1 + cos x)", "multiply by the conjugate"),
    ("1/(2 + cos x)", "substitution"),
    ("x^2/sqrt(4 - x^2)", "undetermined coefficients"),
    ("1/(sqrt(x) + cbrt(x))", "substitution"),
    ("sqrt((1 + x)/(1 - x))", "root of a fraction"),
    ("cosh(x)^3", "hyperbolic identity"),
    ("e^(-x^2)", "error function"),
    ("(2x + 3)/(x^2 + 3x + 5)", "logarithm rule"),
]


@pytest.mark.parametrize(("integrand", "label"), TECHNIQUES)
def test_each_technique_has_its_label(integrand: str, label: str) -> None:
    found = symback.integrate(integrand, "x")
    assert label in [step.rule.name for step in found.steps]
    assert found.verify().verdict == "verified"


@pytest.mark.parametrize("integrand", ["x e^x sin x", "x sqrt(x + 1)", "1/(x^4 - 1)", "x arctan x", "1/(1 + tan x)"])
def test_every_line_equals_the_one_before_and_reads_back(integrand: str) -> None:
    found = symback.integrate(integrand)
    lines = found.lines()
    assert lines[-1] == found.last
    for before, after in pairwise(lines):
        assert text(before) != text(after)
        assert symback.parse(text(after)) is not None
    for step in found.steps:
        assert step.rule.law


def test_the_constant_is_in_every_line_without_an_integral_sign() -> None:
    found = symback.integrate("x^2 sin x")
    for line in found.lines():
        assert ("C" in text(line)) == ("int(" not in text(line))


def test_the_constant_avoids_the_letters_of_the_integrand() -> None:
    found = symback.integrate("C x", "x")
    assert found.constant == "K"
    assert text(found.last) == "Cx^2/2 + K"


def test_what_is_assumed_of_a_letter_is_said() -> None:
    found = symback.integrate("x^n", "x")
    assert found.notes == ("It is assumed that n is not -1.",)
    assert symback.integrate("1/(x^2 + a^2)", "x").notes == ("It is assumed that a is not 0.",)


@pytest.mark.parametrize(
    ("integrand", "assumed"),
    [
        ("e^(a x)", ["a"]),
        ("x sin(k x)", ["k"]),
        ("1/(b - 3a x)", ["a"]),
        ("sin(a x) cos(b x)", ["a - b", "a + b"]),
        ("e^(x/a)", []),
        ("cos(2x + c)", []),
        ("sin(a x)^2", ["a"]),
        ("e^(a x) sin(b x)", ["a", "a^2 + b^2"]),
        ("1/(x (x - a))", ["a"]),
        ("x e^(a x^2)", ["a"]),
        ("1/(a^2 + b^2 x^2)", ["a", "b"]),
        ("1/sqrt(a^2 - b^2 x^2)", ["a", "b"]),
        ("1/((x - a)(x - b))", ["a - b"]),
        ("x^2/(x^2 + a^2)", ["a"]),
        ("1/(a x)", []),
    ],
)
def test_what_a_line_divides_by_is_not_zero(integrand: str, assumed: list[str]) -> None:
    assert symback.integrate(integrand, "x").notes == tuple(f"It is assumed that {a} is not 0." for a in assumed)


@pytest.mark.parametrize(
    ("integrand", "answer", "assumed"),
    [
        ("1/(x^2 + a)", "arctan(x/sqrt(a))/sqrt(a)", ["a is greater than 0"]),
        ("1/(x^2 - a)", "ln(|(x - sqrt(a))/(x + sqrt(a))|)/(2sqrt(a))", ["a is greater than 0"]),
        ("1/sqrt(a - x^2)", "arcsin(x/sqrt(a))", ["a is greater than 0"]),
        ("e^(-a x^2)", "sqrt(pi/a) erf(x sqrt(a))/2", ["a is greater than 0"]),
        ("1/(x^2 + x + a^2 + 1)", "2 arctan((2x + 1)/sqrt(4a^2+3))/sqrt(4a^2+3)", []),
        (
            "1/sqrt(x^2 + b x + c)",
            "ln|b/2 + x + sqrt((b/2 + x)^2 + (-b^2 + 4c)/4)|",
            ["b^2 - 4c is not 0"],
        ),
        ("a^x", "a^x/ln a", ["a is not 1"]),
    ],
)
def test_what_a_law_asks_for_is_assumed(integrand: str, answer: str, assumed: list[str]) -> None:
    found = symback.integrate(integrand, "x")
    assert text(found.antiderivative) == answer
    assert found.notes[: len(assumed)] == tuple(f"It is assumed that {each}." for each in assumed)


@pytest.mark.parametrize(
    ("integrand", "special"),
    [
        ("1/(a x^2 + b x + c)", {"a": (2, 1, 1), "b": (1, 3, 2), "c": (1, 1, 1)}),
        ("1/(x^2 + 2b x + c)", {"b": (1, 3, 2), "c": (2, 1, 4)}),
        ("5/(a - x^2)", {"a": (3, -2, 0)}),
        ("1/(2x^2 + b)", {"b": (3, -2, 0)}),
    ],
)
def test_a_quadratic_with_letters_is_answered_by_cases(integrand: str, special: dict[str, tuple[int, ...]]) -> None:
    found = symback.integrate(integrand, "x")
    said = [note.split("the integral is ")[1].removesuffix(" + C.") for note in found.notes if "the integral" in note]
    assert len(said) == 2
    for i, answer in enumerate((text(found.antiderivative), *said)):
        values = {symbol(name): number(given[i]) for name, given in special.items()}
        function, its = (substituted(parse(each), values) for each in (integrand, answer))
        assert judge(function, Diff(its, symbol("x")), [function]).verdict == "yes", answer


def test_a_name_that_does_not_occur_is_a_constant() -> None:
    found = symback.integrate("a^2", "x")
    assert text(found.antiderivative) == "a^2x"
    assert found.notes == ("x does not occur in the expression, which is a constant.",)


def test_results_are_frozen_hashable_and_pickle() -> None:
    found = symback.integrate("x ln x", limits=(1, 2))
    found.verify()
    copy = pickle.loads(pickle.dumps(found))
    assert copy == found
    assert hash(copy) == hash(found)
    assert copy.value == found.value
    assert repr(found).startswith("<Integral: int(x ln x, x, 1, 2) = ")


def test_the_check_sees_a_wrong_step_and_a_wrong_answer() -> None:
    from dataclasses import replace

    right = symback.integrate("x^2")
    wrong = symback.integrate("x^3")
    found = verify_antiderivative(replace(right, start=wrong.start))
    assert found.verdict == "failed"
    narrow = replace(symback.integrate("1/x"), moves=symback.integrate("1/x").moves)
    move = narrow.moves[-1]
    without_bars = replace(move, result=symback.parse("ln x + C"))
    assert verify_antiderivative(replace(narrow, moves=(without_bars,))).verdict == "failed"


def test_the_slope_of_a_line() -> None:
    x = symbol("x")
    assert text(slope_of(symback.parse("x sin x - int(sin x, x)"), x)) == "d/dx [x sin x] - sin x"
