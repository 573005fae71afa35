r"""Formulas as trees: everything that an author may write and the printer writes is read, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symback.page.formula import Fence, Fraction, Group, Root, Script, Sign, Words
from symback.page.formula import signs as signs
from symback.page.formula.read_latex import DEEPEST, formula_of

from .hostile import GOOD_FORMULAS

X, Y = Sign("x", "letter"), Sign("y", "letter")
ONE, TWO = Sign("1", "number"), Sign("2", "number")

TREES = [
    ("x", (X,)),
    ("x y", (X, Y)),
    ("12.5", (Sign("12.5", "number"),)),
    ("x^12", (Script((X,), None, (ONE,)), TWO)),
    ("x_{1}^{2}", (Script((X,), (ONE,), (TWO,)),)),
    ("x''", (Script((X,), None, (Sign("′", "sign"),) * 2),)),
    ("{x}^2", (Script((Group((X,)),), None, (TWO,)),)),
    (r"\frac{x}{y}", (Fraction((X,), (Y,)),)),
    (r"\frac12", (Fraction((ONE,), (TWO,)),)),
    (r"\sqrt[2]{x}", (Root((X,), (TWO,)),)),
    (r"\left(x\right]", (Fence("(", (X,), "]"),)),
    (r"\left.x\right|_{1}", (Script((Fence("", (X,), "|"),), (ONE,), None),)),
    (r"\mathrm{rate}", (Words("rate", "name"),)),
    (r"\operatorname{log-softmax}", (Words("log-softmax", "function"),)),
    (r"\operatorname{\psi}", (Group((Sign("ψ", "letter"),)),)),
    (r"\text{50\% of \textbackslash{} x\_1}", (Words("50% of \\ x_1", "text"),)),
    ("", ()),
]


@pytest.mark.parametrize(("latex", "row"), TREES, ids=[latex for latex, _ in TREES])
def test_trees(latex: str, row: object) -> None:
    assert formula_of(latex) == row


REFUSED = [
    r"\input{x}", r"\write18", r"\unknown", "x^2^3", "x_1_2", "{x", "x}", r"\left(x", r"\right)", "a & b", r"a \\ b",
    "$", "#",
    "%", r"\frac{1}", r"\begin{pmatrix} 1", r"\begin{tikz} \end{tikz}", r"\textcolor{blue}{x}", r"\changed", r"\text{",
    r"\text{\input{x}}",
    r"x\limits", "{" * (DEEPEST + 1) + "}" * (DEEPEST + 1), "\x00",
]  # fmt: skip


@pytest.mark.parametrize("latex", REFUSED)
def test_anything_else_is_no_formula(latex: str) -> None:
    assert formula_of(latex) is None


@pytest.mark.parametrize("latex", GOOD_FORMULAS)
def test_what_authors_may_write_is_read(latex: str) -> None:
    assert formula_of(latex)


def whitelist() -> list[str]:
    """Return a formula for every command that an author may use."""
    formulas = [rf"a \{name} b" for name in sorted(signs.SIGNS.keys() | signs.FUNCTIONS)]
    formulas += [rf"x^\{name}" for name in sorted(signs.AS_ARGUMENT)]
    formulas += [rf"\{name}_{{x}} y" for name in sorted(signs.LIMITS)]
    formulas += [rf"\{name}" + "{x}{x}" for name in sorted(signs.FRACTIONS | signs.STACKS.keys())]
    formulas += [rf"\{name}{{a b}}" for name in sorted(signs.ACCENTS | signs.STYLES | signs.WORDS.keys())]
    formulas += [rf"\{name}( x" for name in sorted(signs.SIZES)]
    formulas += [rf"\left{sign} x \right." for sign in sorted(signs.BRACKETS)]
    formulas += [f"a{sign} b" for sign in sorted(signs.CHARACTERS)]
    formulas += [rf"a\{sign} b" for sign in sorted((signs.SPACES.keys() | signs.ESCAPED.keys()) - {"$"})]
    for name in sorted(signs.ENVIRONMENTS):
        columns = "{l|c}" if name == "array" else ""
        formulas.append(rf"\begin{{{name}}}{columns} a & b \\ c & d \end{{{name}}}")
    return formulas


@pytest.mark.parametrize("latex", whitelist())
def test_every_command_of_the_tables_is_read(latex: str) -> None:
    assert formula_of(latex, typed=True) is not None
    assert formula_of(latex, typed=True) == formula_of(latex)


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    formula_of(text)
