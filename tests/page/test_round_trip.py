"""What is written reads back: parse(text(tree)) == tree, in plain text and in Unicode."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from sympy.core.symbol import Symbol

from symback.expr.tree import Tree, symbol, walk
from symback.page import maths
from symback.page.names import latex_name, unicode_name
from symback.syntax import parse

from .trees import trees


def names_in(tree: Tree) -> tuple[str, ...]:
    return tuple({s.name for s in walk(tree) if isinstance(s, Symbol)})


@given(trees)
@settings(max_examples=150, deadline=None)
def test_text_reads_back(tree: Tree) -> None:
    assert parse(maths.text(tree), names_in(tree)) == tree


@given(trees)
@settings(max_examples=150, deadline=None)
def test_unicode_reads_back(tree: Tree) -> None:
    for several in (False, True):
        assert parse(maths.unicode(tree, several), names_in(tree)) == tree


NAMES = """
    x x1 w12 w1_2 w1_2_3 x_max x1_max x_ij w_a_b x_{2k} x_k2 w32^[1] w1_2^[L] theta_max alpha1 yhat yhat1 xbar
    y_hat y_hat1 y_hat_max x_bar alpha_tilde yhat^[2]
    alphatilde loss loss_weight learning_rate2 x_alpha
"""


@pytest.mark.parametrize("name", NAMES.split())
def test_every_name_reads_back_in_every_notation(name: str) -> None:
    for written in (name, unicode_name(name), latex_name(name)):
        assert parse(written, [name]) == symbol(name)


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("w1_2", "w_{1,2}"), ("w32^[1]", "w_{32}^{[1]}"), ("x1_max", r"x_{1,\mathrm{max}}"), ("x_{2k}", "x_{2k}"),
        ("loss_weight", r"\mathrm{loss}_{\mathrm{weight}}"), ("xbar", r"\bar{x}"), ("h[3]", "h_{3}"),
        ("w1[3]", "w_{1,3}"), ("y_hat", r"\hat{y}"), ("y_hat1", r"\hat{y}_{1}"),
    ],
)  # fmt: skip
def test_name_in_latex(name: str, latex: str) -> None:
    assert latex_name(name) == latex


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("yhat", "ŷ"), ("y_hat", "ŷ"), ("yhat1", "ŷ₁"), ("xbar", "x\u0304"), ("x_bar", "x\u0304"),
        ("sigma_tilde", "σ\u0303"),
        ("y_hat^[2]", "ŷ^[2]"), ("hat", "hat"), ("rhat_min", "r\u0302_min"), ("y1_hat", "y₁_hat"),
    ],
)  # fmt: skip
def test_accents_stand_over_their_letters(name: str, written: str) -> None:
    assert unicode_name(name) == written


def test_products_with_accents_read_back() -> None:
    names = ("yhat", "x_bar", "w1")
    for typed in ("2 yhat(1 - yhat)", "a x_bar b yhat", "x_bar^2 yhat^3 sin(x_bar)", "w1 yhat x_bar"):
        tree = parse(typed, names)
        assert parse(maths.unicode(tree), names) == tree
