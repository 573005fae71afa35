"""The LaTeX that an author may write."""

from __future__ import annotations

import pytest

from symback.page.formula.read_latex import DEEPEST_TYPED, formula_of
from symback.page.formula.subset import safe_latex

from .hostile import FORMULAS, GOOD_FORMULAS


@pytest.mark.parametrize("latex", GOOD_FORMULAS)
def test_mathematics_is_shown(latex: str) -> None:
    assert safe_latex(latex) == latex


@pytest.mark.parametrize("latex", FORMULAS, ids=lambda latex: latex[:30])
def test_everything_else_is_refused(latex: str) -> None:
    assert safe_latex(latex) == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("α·β", r"\alpha \cdot \beta "),
        ("x²", "x^{2}"),
        ("σ(z)", r"\sigma (z)"),
        ("a ≤ b", r"a \le  b"),
        ("a\n  +\tb", "a + b"),
        (r"\text{für α}", r"\text{für α}"),
    ],
)
def test_letters_of_unicode_are_written_as_commands(typed: str, shown: str) -> None:
    assert safe_latex(typed) == shown


@pytest.mark.parametrize(
    "command",
    ["input", "write", "def", "csname", "catcode", "href", "include", "special", "let", "loop", "textcolor", "changed"],
)
def test_nothing_that_acts_is_a_command(command: str) -> None:
    assert (
        safe_latex(rf"\{command}") == safe_latex(rf"\{command}{{x}}") == safe_latex(rf"\{command}{{blue}}{{x}}") == ""
    )


def test_groups_have_a_limit() -> None:
    deep = "{" * (DEEPEST_TYPED - 1) + "x" + "}" * (DEEPEST_TYPED - 1)
    assert safe_latex(deep) == deep
    assert safe_latex("{" + deep + "}") == ""


@pytest.mark.parametrize(
    "latex",
    [
        r"\changed{x}", "é", r"\$", r"\text{a<b}", r"\text{\textbackslash{}}", r"\operatorname{\psi}",
        r"\begin{matrix} a \\ [b] \end{matrix}", r"\operatorname{a_b}",
    ],
)  # fmt: skip
def test_the_printer_may_write_more(latex: str) -> None:
    assert safe_latex(latex) == ""
    assert formula_of(latex) is not None


@pytest.mark.parametrize(
    "latex", [r"x^\iff", r"x^\dots", r"\left\lt x \right.", r"\left({\middle|}\right)", r"a \middle| b"]
)
def test_what_tex_would_stop_at_is_no_formula(latex: str) -> None:
    assert safe_latex(latex) == ""
    assert formula_of(latex) is None
