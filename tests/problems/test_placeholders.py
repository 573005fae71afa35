"""Values in the place of placeholders: written as on paper, with the value that a letter there would have."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symback.calculus.question import as_number
from symback.errors import ParseError
from symback.expr.tree import substituted, symbol
from symback.problems.file.parameters import Value, value_of
from symback.problems.variants.placeholders import PLACEHOLDER, fill, names_in
from symback.syntax import parse
from symback.verify import same_value

HALF = "1/2"


def value(given: Any) -> Value:
    found = value_of(given)
    assert found is not None
    return found


# fmt: off
ON_PAPER = [
    # a sum
    ("x^2 + {{a}}x", -3, "x^2 - 3x"), ("x^2 + {{a}}x", 1, "x^2 + x"), ("x^2 + {{a}}x", -1, "x^2 - x"),
    ("x^2 - {{a}}x", -3, "x^2 + 3x"), ("x - {{a}}", -3, "x + 3"), ("x + {{a}}", 0, "x + 0"),
    ("-{{a}}x", -3, "3x"), ("-{{a}}x", 1, "-x"), ("x^2+{{a}}", -3, "x^2-3"), ("x^2 − {{a}}", -3, "x^2 + 3"),
    # a factor
    ("{{a}}x", 1, "x"), ("{{a}}x", -1, "-x"), ("{{a}}(x+1)", -1, "-(x+1)"), ("{{a}} sin x", 1, "sin x"),
    ("{{a}}*x**2", 1, "x**2"), ("2*{{a}}*x", 1, "2*x"), ("2*{{a}}*x", -3, "2*(-3)*x"), ("{{a}} \\cdot x", 1, "x"),
    ("2{{a}}x", 3, "2·3x"), ("2{{a}}x", -3, "2(-3)x"), ("2{{a}}x", 1, "2x"), ("(x+1){{a}}", 3, "(x+1)·3"),
    ("x {{a}} y", 2, "x · 2 y"), ("x {{a}} y", 1, "x y"), ("|x|{{a}}", -3, "|x|(-3)"), ("|{{a}}x|", -3, "|-3x|"),
    ("{{a}}2", 3, "3·2"), ("x/{{a}}y", 1, "x/1y"), ("{{a}}/x", 1, "1/x"), ("x/{{a}}", -2, "x/(-2)"),
    # a fraction, a decimal
    ("{{a}}x", HALF, "(1/2)x"), ("x + {{a}}", HALF, "x + 1/2"), ("x - {{a}}x", "-1/2", "x + (1/2)x"),
    ("{{a}}/x", HALF, "(1/2)/x"), ("\\frac{ {{a}} }{x}", HALF, "\\frac{ 1/2 }{x}"),
    ("x{{a}}", Decimal("0.5"), "x(0.5)"),
    ("{{a}}x", Decimal("-0.50"), "-0.5x"), ("{{a}}x", Decimal("1.0"), "x"), ("{{a}}", "-1/2", "-1/2"),
    # a power
    ("x^{{a}}", -3, "x^(-3)"), ("x^{{a}}", 3, "x^3"), ("x^{{a}}", HALF, "x^(1/2)"), ("x^-{{a}}", HALF, "x^-(1/2)"),
    ("x^-{{a}}", -3, "x^3"), ("{{a}}^x", -3, "(-3)^x"), ("{{a}}^x", 1, "1^x"), ("x - {{a}}^2", -3, "x - (-3)^2"),
    ("x**{{a}}", -2, "x**(-2)"), ("{{a}}²", -2, "(-2)²"), ("e^{{{a}}x}", -3, "e^{-3x}"), ("x_{{a}}", 2, "x_2"),
    ("2{{a}}^x", 3, "2·3^x"),
    # a function
    ("sin {{a}}x", -3, "sin -3x"), ("sin{{a}}x", 1, "sin x"), ("sin^2 {{a}}x", 3, "sin^2 3x"),
    ("ln({{a}}x)", 1, "ln(x)"),
    ("\\sin {{a}}x", 1, "\\sin x"), ("log_2 {{a}}x", 4, "log_2 4x"), ("{{f}} x", "sin", "sin x"),
    ("2{{f}}x", "sin", "2 sin x"), ("{{f}}^2", "x + 1", "(x + 1)^2"), ("3 + {{f}}", "x + 1", "3 + (x + 1)"),
    ("{{f}}", "x + 1", "x + 1"),
    # names, numbers, shapes and loops of graphs
    ("w{{a}} x", 2, "w2 x"), ("0.{{a}}x", 5, "0.5x"), ("W: {{a}}x3\ny = W @ x", 1, "W: 1x3\ny = W @ x"),
    ("for t in 1..{{a}}: h[t] = x", 3, "for t in 1..3: h[t] = x"), ("y = x; z = {{a}} y", -1, "y = x; z = -y"),
    ("h[t-{{a}}]", 1, "h[t-1]"), ("x = {{a}}\nfor", -2, "x = -2\nfor"),
]
IN_PROSE = [
    ("{{a}} and $x + {{a}}$", -3, "-3 and $x - 3$"), ("$x^{{a}}$", -3, "$x^{-3}$"), ("$x^{{a}}$", 12, "$x^{12}$"),
    ("$x^{{a}}$", 2, "$x^2$"), ("${{a}}x$", HALF, "$\\frac{1}{2}x$"), ("half: {{a}}", HALF, "half: 1/2"),
    ("$2{{a}}x$", 3, "$2 \\cdot 3x$"), ("$2{{a}}x$", HALF, "$2 \\cdot \\frac{1}{2}x$"),
    ("$({{a}}, 1)$", -2, "$(-2, 1)$"),
    ("${{a}}^2$", HALF, "$\\left(\\frac{1}{2}\\right)^2$"), ("$$x - {{a}}$$", -3, "$$x + 3$$"),
    ("5\\$ {{a}}x $y$", 1, "5\\$ 1x $y$"), ("$y$ {{a}}x $z$", 1, "$y$ 1x $z$"), ("$a {{a}}x", 1, "$a 1x"),
    ("$x \\, {{a}}$", -3, "$x \\, (-3)$"),
    ("$\\alpha{{a}}$", -3, "$\\alpha(-3)$"), ("${{f}}(x)$", "\\sin", "$\\sin(x)$"),
]
# fmt: on


@pytest.mark.parametrize(("template", "given", "text"), ON_PAPER)
def test_as_on_paper(template: str, given: Any, text: str) -> None:
    assert fill(template, {"a": value(given), "f": value(given)}).text == text


@pytest.mark.parametrize(("template", "given", "text"), IN_PROSE)
def test_in_prose(template: str, given: Any, text: str) -> None:
    assert fill(template, {"a": value(given), "f": value(given)}, "prose").text == text


def test_names_are_put_in_as_they_are() -> None:
    assert fill("{{a}}", {"a": value("-1/2")}, "plain").text == "-1/2"


def test_several_values_see_each_other() -> None:
    values = {"a": value(1), "b": value(-1), "c": value(3)}
    assert fill("{{a}}x + {{b}}y - {{b}}{{c}}", values).text == "x - y + 3"
    assert fill("{{a}}{{c}}x + {{b}}{{a}}x + {{c}}{{c}}", values).text == "3x - x + 3·3"


def test_what_is_no_placeholder_stays() -> None:
    for text in ("{{1}}", "{{ }}", "{ {a} }", "{{a", "{{b}}", "w_{32}^{[1]}"):
        assert fill(text, {"a": value(1)}).text == text
    assert fill("{{ a }}x", {"a": value(2)}).text == "2x"
    assert [name for name, _, _ in names_in("{{{a}}} {{ b }}")] == ["a", "b"]


def test_every_character_knows_where_it_comes_from() -> None:
    filled = fill("x + {{a}}x % y", {"a": value(-12)})
    assert filled.text == "x - 12x % y"
    assert "x + {{a}}x % y"[filled.origin(filled.text.index("%"))] == "%"
    assert filled.origin(filled.text.index("12")) == 4


# --- the meaning ---

ATOMS = st.sampled_from(["x", "y", "2", "(x + 1)", "e^x", "{{a}}", "{{b}}", "{{a}}", "sin(x)", "|x|", "0.5", "x^2"])
JOINTS = st.sampled_from([" + ", " - ", "+", "-", "*", " * ", "/", "^", "", " ", "·"])
VALUES = st.one_of(
    st.integers(-4, 4), st.sampled_from(["1/2", "-1/2", "-3/2", Decimal("0.5"), Decimal("-1.5"), Decimal("-1.0")])
)


@st.composite
def templates(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(["", "-", "+", "(", "sqrt("]))
    opened = text.count("(")
    text += draw(ATOMS)
    for _ in range(draw(st.integers(0, 4))):
        text += draw(JOINTS) + draw(st.sampled_from(["", "", "", "-"])) + draw(ATOMS)
    return text + ")" * opened


def keeps_together(template: str, a: Any, b: Any) -> None:
    assume("{{" in template and not any(f"{c}{{{{" in template for c in "xy"))  # beside a letter, x{{a}} is a name
    values = {"a": value(a), "b": value(b)}
    letters = {"a": "Q901", "b": "Q902"}
    with_letters = PLACEHOLDER.sub(lambda found: f" {letters[found[1]]} ", template)
    try:
        asked = parse(with_letters, letters.values())
    except ParseError:
        assume(False)
    numbers = {symbol(letters[name]): as_number(Fraction(v.number or 0)) for name, v in values.items()}
    assert same_value(substituted(asked, numbers), parse(fill(template, values).text)) != "no", with_letters


@pytest.mark.slow
@given(templates(), VALUES, VALUES)
@settings(max_examples=120, deadline=None)
def test_a_value_keeps_together_as_a_letter_would(template: str, a: Any, b: Any) -> None:
    keeps_together(template, a, b)


@pytest.mark.slow
@given(templates(), VALUES, VALUES)
@settings(max_examples=300, deadline=None)
def test_a_value_keeps_together_at_length(template: str, a: Any, b: Any) -> None:
    keeps_together(template, a, b)
