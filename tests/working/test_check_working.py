"""Workings about expressions: the verdict on each line, the fact about the wrong term, the mistake by its name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import symback
from symback import UsageError, check_working
from symback.working import Line, Working

PRODUCT = """\
f     = (x² + y²)(x²y + y²x)
∂f/∂x = (x² + y²)(2xy + y²) + (x²y + y²x)(2x)
      = 2x³y + x²y² + 2xy³ + y⁴ + 2x³y + 2xy³
      = 4x³y + x²y² + 4xy³ + y⁴
"""

# a working, its verdicts, the facts of the wrong lines, and the names
WORKINGS = [
    (PRODUCT, "given right wrong follows", ["2xy³ should be 2x²y²: wrong exponents"], [None]),
    ("f(x) = x^2 sin x\nf'(x) = 2x sin x + x^2 cos x\n= x(2 sin x + x cos x)", "given right right", [], []),
    ("d/dx [x^3 - 4x]\n= 3x^2 + 4\n= 3x^2 - 4", "given wrong mended", ["4 should be -4: wrong sign"], [None]),
    ("d/dx [(3x+1)^5]\n5(3x+1)^4", "given wrong", ["5(3x + 1)⁴ should be 15(3x + 1)⁴: wrong coefficient"],
     ["forgot the inner derivative"]),
    ("d/dx [x^2 sin x]\n= 2x sin x", "given wrong", ["the term x² cos x is missing"],
     ["a term of the product rule is missing"]),
    ("d/dx [x^2 + 7]\n= 2x + 7", "given wrong", ["the term 7 is too many"], ["constant kept"]),
    ("d/dx [x/(x^2+1)]\n= (1-x^2)/(x^2+1)", "given wrong",
     ["(1 - x²)/(x² + 1) should be (1 - x²)/(x² + 1)²: wrong exponents"], ["quotient rule: denominator not squared"]),
    ("y = u^2\nu = 3x+1\ndy/dx = 2u · 3\n= 6(3x+1)\n= 18x + 6", "given given right right right", [], []),
    ("f = x^4\nf''(x) = 12x^2\nd²f/dx² = 12x^3", "given right wrong", ["12x³ should be 12x²: wrong exponents"],
     ["exponent not lowered"]),
    ("f(x, y) = x^2 y\nf_x = 2x y\nf_y = x^2\nf_{xy} = 2x", "given right right right", [], []),
    ("d/dx [ln x]\n= 1/sqrt(x)^2", "given right", [], []),
    ("d/dx [arcsec(x)]\n= 1/(x sqrt(x^2-1))", "given narrower", [], []),
    ("d/dx [ln|x|]\n= ln(x)^0/x", "given narrower", [], []),
    ("-(0 ln(0.886) + 1 ln(1 - 0.886)) = 2.2", "rounded", [], []),
    ("f(x) = x^2/3\nf'(x) ≈ 0.667x", "given rounded", [], []),
    ("f(x) = x^2/3\nf'(x) = 0.66x", "given wrong", ["0.66x should be 2x/3: wrong coefficient"], [None]),
    ("psi = 1/(1 + 3^(-t))\ndpsi/dt ≈ psi(1 - psi)", "given unknown", [], []),
    ("(x+1)^2 = x^2 + 1", "wrong", ["the term 2x is missing"], ["square of a sum, term by term"]),
    ("d/dx [x^2 sin x]\n= x(2 sin x + cos x)", "given wrong", ["cos x should be x cos x: wrong term"], [None]),
    ("d/dx [x^3 e^x]\n= x^2 e^x (3 - x)", "given wrong", ["-x should be x: wrong sign"],
     ["minus in the product rule"]),
    ("f = x^2\n2x", "given unknown", [], []),
    ("x^2 + y^2 = 25", "unknown", [], []),
    ("2 + 2 = 5", "wrong", ["5 should be 4: wrong coefficient"], [None]),
    ("f'(x) = 2x", "unknown", [], []),
    ("d/dx [f(x)] = g'(x)", "unknown", [], []),
    ("d/dx [x f(x)] = f(x) + x f'(x)\n= x f'(x)", "right wrong", ["the term f(x) is missing"], [None]),
    ("f(x) = x^2\nf'(3) = 6\nf'(3) = 9", "given right wrong", ["9 should be 6: wrong coefficient"], [None]),
    ("d/dx [x^2] = 2x = 2 = x", "wrong", ["2 should be 2x: wrong term"], [None]),
    ("x^2 + y^2 = 25\n2x + 2y y' = 0\n2y y' = -2x\ny' = -x/y", "given right right right", [], []),
    ("x^2 + y^2 = 25\n2x + 2y dy/dx = 0\ndy/dx = x/y", "given right wrong", ["x/y should be -x/y: wrong sign"], [None]),
    ("x^3 + y^3 = 6x y\n3x^2 + 3y^2 y' = 6y\ny' = (6y - 3x^2)/(3y^2)", "given wrong follows",
     ["the term 6x · dy/dx is missing"], [None]),
    ("x^2 + x y = 3\nd/dx [x^2 + x y] = 0\n2x + x y' = 0", "given right wrong", ["the term y is missing"], [None]),
    ("x^2 + y^2 = 25\n2x + 2y = 0\ny' = -x/y", "given wrong mended",
     ["2y should be 2y · dy/dx: wrong term"], [None]),
    ("e^y = x\ne^y y' = 1\ny' = 1/e^y = 1/x", "given right right", [], []),
    ("x^2 + y^2 = 25\ny' = -x/y\n= -x/sqrt(25 - x^2)", "given right narrower", [], []),
    ("x^2 + y^2 = 25\n2x + 2y y'' = 0", "unknown unreadable", [], []),
    ("int x^2 dx = x^3/3 + C", "right", [], []),
    ("int x^2 dx = x^3/3 + 5", "right", [], []),
    ("int 1/x dx = ln x + C", "narrower", [], []),
    ("int x cos x dx\n= x sin x - int sin x dx\n= x sin x - cos x + C\n= C + x sin x + cos x",
     "given right wrong mended", ["-cos x should be cos x: wrong sign"], [None]),
    ("int cos(3x) dx = sin(3x) + C", "wrong", ["sin(3x) should be sin(3x)/3: wrong coefficient"], [None]),
    ("∫ x ln x dx = x^2/2 ln x + ∫ x/2 dx\n= x^2/2 ln x + x^2/4 + C", "wrong follows",
     ["∫ x/2 dx should be -∫ x/2 dx: wrong sign"], [None]),
    ("int x^2 dx = x^3 + 2x + C", "wrong", ["x³ + 2x + C should be x³/3 + C"], [None]),
    ("int x e^(x^2) dx\nLet u = x^2\n= 1/2 int e^u du\n= 1/2 e^u + C\n= 1/2 e^(x^2) + C",
     "given given right right right", [], []),
    ("f(x) = x^2\nint f(x) dx = x^3 + C\nint_0^3 f(x) dx = 9", "given wrong right",
     ["x³ should be x³/3: wrong coefficient"], [None]),
    ("int_0^1 x e^(x^2) dx\n= 1/2 e^1 - 1/2 e^0\n= e/2\n= 0.86", "given right wrong rounded",
     ["the term -1/2 is missing"], [None]),
    ("int sin(x)/x dx = cos(x)/x + C", "wrong", [], [None]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "verdicts", "facts", "names"), WORKINGS, ids=[w[0][:40] for w in WORKINGS])
def test_a_working(text: str, verdicts: str, facts: list[str], names: list[str | None]) -> None:
    found = check_working(text)
    assert [line.verdict for line in found.lines] == verdicts.split()
    wrong = [line for line in found.lines if line.verdict == "wrong"]
    assert [line.fact for line in wrong][: len(facts)] == facts
    assert [line.mistake and line.mistake.name for line in wrong][: len(names)] == names
    assert found.first_wrong == (wrong[0].number if wrong else None)


def test_a_wrong_line_says_what_is_right() -> None:
    found = check_working(PRODUCT)
    assert found.lines[2].right == "2x^3y + x^2y^2 + 2xy^3 + y^4 + 2x^3y + 2x^2y^2"
    assert found.lines[3].follows == 3
    assert str(found.answer) == "Plus(Times(4, Power(x, 3), y), Times(3, Power(x, 2), Power(y, 2)), " \
        "Times(2, x, Power(y, 3)), Power(y, 4))"  # fmt: skip
    assert found.summary() == "1 mistake in 4 lines: line 3"


def test_the_law_of_a_mistake() -> None:
    line = check_working("d/dx [sin(x^2)]\n= cos(x^2)").lines[1]
    assert line.mistake is not None
    assert (line.mistake.law, line.mistake.says) == (
        "D(f(u)) = D(f(u), u)",
        "The derivative of the inside is missing: multiply by 2x.",
    )


def test_a_line_that_cannot_be_read_does_not_stop_the_others() -> None:
    found = check_working("d/dx [x^3]\n= 3x^2 +\n= 3x^2\n= 3x")
    assert [line.verdict for line in found.lines] == ["given", "unreadable", "right", "wrong"]
    error = found.lines[1].error
    assert error is not None
    assert error.explain().splitlines()[:2] == ["3x^2 +", "     ^"]
    assert (found.exit_code(), found.first_wrong) == (3, 4)


def test_markdown_and_latex() -> None:
    fenced = "# Notes\n\n```working\nd/dx [x^2]\n= 2x\n```\nWords = words\n```working\nd/dx [x^3]\n= 3x\n```\n"
    assert [(line.number, line.verdict) for line in check_working(fenced).lines] == [
        (4, "given"), (5, "right"), (9, "given"), (10, "wrong"),
    ]  # fmt: skip
    align = "\\begin{align*}\nf(x) &= x^2 \\sin x \\\\\n" \
        "f'(x) &= 2x \\sin x + x^2 \\cos x && \\text{product rule} \\\\\n&= x^2 \\cos x\n\\end{align*}"  # fmt: skip
    lines = check_working(align).lines
    assert [(line.number, line.verdict, line.label) for line in lines] == [
        (2, "given", ""), (3, "right", "product rule"), (4, "wrong", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "left",
    ["df/dx", "∂f/∂x", "f'(x)", "f_x", r"\frac{df}{dx}", r"\frac{\partial f}{\partial x}", "d/dx f", "d/dx [f(x)]"],
)
def test_every_sign_of_a_derivative(left: str) -> None:
    assert check_working(f"f(x) = x^2\n{left} = 2x\n{left} = 3x").first_wrong == 3


def test_remarks_reasons_and_what_is_given() -> None:
    found = check_working("df/dx = 2x   (power rule)   # easy", given="f = x^2")
    assert [(line.verdict, line.label, line.remark) for line in found.lines] == [("right", "power rule", "easy")]


HOSTILE = [
    "=" * 500, "d/dx [x]" + " = x" * 500,
    "f(x) = x^2\nf" + "'" * 90 + "(x) = 2", "\\frac{" * 300, "d " * 300 + "/ d x = 2",
    "d/dx [x] = 9^9^9^9*x", "d/dx[__import__('os')] = 1", "x\u202e = 2", "0/0 = 1", "f(x) = f(x)\nf'(x) = 1",
    "d/dx [1/0] = 0", "product rule, " * 90,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_no_working_is(text: str) -> None:
    found = check_working(text)
    assert {line.verdict for line in found.lines} <= {"given", "unreadable", "unknown"}
    assert str(found).strip()


def test_a_long_working_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symback.working.checking.SECONDS", 0.0)
    found = check_working("d/dx [x^3]\n= 3x^2\n= 3x")
    assert {line.verdict for line in found.lines} == {"unknown"}
    assert found.lines[2].why == "the time for one working is over"


LABELS = [
    ("d/dx [x + sin x]\n= 1 + cos x   product rule", "the product rule does not lead here"),
    ("d/dx [x sin x]\n= sin x + x cos x   product rule", ""),
    ("d/dx [x^2]\n= 2x   (product rule)", ""),  # of x times x
    ("d/dx [sin 2x]\n= 2 cos 2x   chain rule, constant multiple rule", ""),
    ("d/dx [x + e^x]\n= 1 + e^x   quotient rule", ""),
    ("d/dx [x^2]\n= 2x   power rule\n= x + x   product rule", ""),
]


@pytest.mark.parametrize(("text", "said"), LABELS)
def test_a_reason_that_cannot_lead_there(text: str, said: str) -> None:
    assert check_working(text).lines[-1].label_is_wrong == said


@pytest.mark.parametrize("text", ["", "\n \n", "# only a remark"])
def test_nothing_to_check(text: str) -> None:
    with pytest.raises(UsageError, match="There is no line to check"):
        check_working(text)


# --- from public errata -----------------------------------------------------------------------------------------------

ERRATA = [
    json.loads(line)
    for line in (Path(__file__).parent / "errata.jsonl").read_text(encoding="utf-8").splitlines()
]  # fmt: skip
SAME_NAME = {"wrong layer": "another node taken", "lost path": "a path is missing",
             "wrong factor": "another factor of the product taken",
             "wrong sign": "difference the wrong way round"}  # fmt: skip


@pytest.mark.parametrize("case", ERRATA, ids=[case["id"] for case in ERRATA])
def test_public_errata(case: dict[str, object]) -> None:
    first = case["first_wrong"]
    lines = [str(line) for line in case["lines"]]  # type: ignore[attr-defined]
    found = check_working("\n".join(lines), given=str(case["given"]))
    assert found.first_wrong == (None if first is None else int(str(first)) + 1)
    if first is None:
        assert {line.verdict for line in found.lines} <= {"given", "right"}
        return
    wrong = _first_wrong(found)
    assert wrong.mistake is not None
    mistake = str(case["mistake"])
    assert wrong.mistake.name == SAME_NAME.get(mistake, mistake)
    mended = [*lines[: int(str(first))], str(case["right_line"])]
    assert check_working("\n".join(mended), given=str(case["given"])).first_wrong is None
    begins_again = wrong.right if wrong.left is None else f"{lines[int(str(first))].partition('=')[0]}= {wrong.right}"
    own = [*lines[: int(str(first))], begins_again]
    assert check_working("\n".join(own), given=str(case["given"])).first_wrong is None


def _first_wrong(found: Working) -> Line:
    return next(line for line in found.lines if line.number == found.first_wrong)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("int x^2 dx = x^3/3", "the constant is missing"),
        ("int x^n dx = x^(n+1)/(n+1) + C", "where n is not -1"),
        ("int n^x dx = n^x/ln n + C", "where n is not 1"),
        ("int e^(a x)/b dx = e^(a x)/(a b)", "the constant is missing, where a is not 0"),
        ("int x^2 dx = x^3/3 + C", ""),
        ("int x^2 dx = 2 int x^2/2 dx", ""),
        ("int_0^1 1/x dx = 3", "the integral between the limits was not found"),
    ],
)
def test_what_is_said_of_a_line_about_an_integral(text: str, said: str) -> None:
    assert check_working(text).lines[-1].why == said


def test_the_answer_of_an_integral_has_a_constant() -> None:
    assert str(check_working("int 2x dx = x^3").answer) == "Plus(Power(x, 2), C)"


def test_a_page_opens_the_wrong_law_and_greys_what_follows() -> None:
    found = check_working("d/dx [(3x + 1)^5]\n= 5(3x + 1)^4\n= 5(1 + 3x)^4")
    page = symback.render(found, "html")
    assert '<details class="law">' in page
    assert "forgot the inner derivative" in page.split('<details class="law">')[1].split("</details>")[0]
    assert page.count('<div class="line quiet">') == 1
    assert '<details class="law">' not in symback.render(check_working("d/dx [x^2]\n= 2x"), "html")
