"""The LaTeX that an author may write."""

from __future__ import annotations

import pytest

from symback.render.latex_subset import ARGUMENTS, COMMANDS, DEEPEST, WORDS, is_safe, safe_latex

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
    "command", ["input", "write", "def", "csname", "catcode", "href", "include", "special", "let", "loop"]
)
def test_nothing_that_acts_is_a_command(command: str) -> None:
    assert command not in COMMANDS


def test_groups_have_a_limit() -> None:
    assert is_safe("{" * (DEEPEST - 1) + "x" + "}" * (DEEPEST - 1))
    assert not is_safe("{" * DEEPEST + "x" + "}" * DEEPEST)


def test_arguments_and_words_are_commands() -> None:
    assert WORDS | ARGUMENTS.keys() <= COMMANDS
    assert is_safe("")
    assert is_safe("  ")
