"""What a hint or a note proposes is an input: it is read, and means what the sentence says."""

from __future__ import annotations

import pytest

from symback.errors import ParseError
from symback.expr.tree import dump
from symback.syntax import read
from symback.syntax.reading import is_system, parse, read_system
from tests.test_parse import ERRORS, NOTES

# What is typed, and for each proposal of its hints and notes the tree that it has to be.
MEANINGS = [
    ("1,000x^2", ["Times(1000, Power(x, 2))", "Times(Decimal(1), Power(x, 2))"]),
    ("500,000(1.05)^t", ["Times(500000, Power(Decimal(21/20), t))", "Times(Decimal(500), Power(Decimal(21/20), t))"]),
    ("12,500 + x", ["12500", "Decimal(25/2)"]),
    ("1,000,000x", ["Times(1000000, x)"]),
    ("1,000.50x", ["Times(Decimal(2001/2), x)"]),
    ("0,5x", ["Times(Decimal(1/2), x)"]),
    ("0,500x", ["Times(Decimal(1/2), x)"]),
    ("2,5", ["Decimal(5/2)"]),
    ("12,5sin(x)", ["Times(Decimal(25/2), Apply(sin, x))"]),
    ("x^1/3", ["Power(x, Quotient(1, 3))"]),
    ("x^1/n", ["Power(x, Quotient(1, n))"]),
    ("2^1/x", ["Power(2, Quotient(1, x))"]),
    ("x^-1/2", ["Power(x, Neg(Quotient(1, 2)))"]),
    ("e^-x/2", ["Power(E, Neg(Quotient(x, 2)))"]),
    ("e^-x^2/2", ["Power(E, Neg(Quotient(Power(x, 2), 2)))"]),
    ("x^-a/b", ["Power(x, Neg(Quotient(a, b)))"]),
    ("1/2x", ["Quotient(1, Times(2, x))"]),
    ("e^2x", ["Power(E, Times(2, x))"]),
    ("x 2", ["Power(x, 2)"]),
    ("x2 + x", ["Power(x, 2)"]),
    ("2^x3", ["Times(x, 3)"]),
    ("sqrt2 x", ["Times(Apply(sqrt, 2), x)"]),
    ("sqrt 2x", ["Times(Apply(sqrt, 2), x)"]),
    ("cbrt2 x", ["Times(Apply(cbrt, 2), x)"]),
    ("eˣ²", ["Power(E, Times(2, x))"]),
    ("2e3", ["Times(2, E, 3)"]),
    ("1e-3", ["Plus(Times(1, E), Neg(3))"]),
    ("lg x", ["Apply(log, x, 2)"]),
    ("lb x", ["Apply(log, x, 10)"]),
    ("log x", ["Apply(log, x, 10)"]),
    ("x^2 dx", ["Power(x, 2)", "Times(d, x)"]),
    (r"e^{x}\,\mathrm{d}x", ["Power(E, x)", "Times(d, x)"]),
    ("sin x dx", ["Apply(sin, x)", "Times(d, x)"]),
    (r"(x+1)\,d\theta", ["Plus(x, 1)", "Times(d, theta)"]),
    ("d x^3/dx", ["Diff(Power(x, 3), x)", "Quotient(Times(d, Power(x, 3)), Times(d, x))"]),
    ("dx^3/d x", ["Diff(Power(x, 3), x)", "Quotient(Times(d, Power(x, 3)), Times(d, x))"]),
    ("d sin x/dx", ["Diff(Apply(sin, x), x)", "Quotient(Times(d, Apply(sin, x)), Times(d, x))"]),
    (r"\mathrm d x^3/\mathrm d x", ["Diff(Power(x, 3), x)", "Quotient(Times(d, Power(x, 3)), Times(d, x))"]),
    ("d^2 x^3/dx^2", ["Diff(Diff(Power(x, 3), x), x)",
                      "Quotient(Times(Power(d, 2), Power(x, 3)), Times(d, Power(x, 2)))"]),
    ("f^-1(x)", ["Quotient(1, Apply(f, x))", "Apply(g, x)"]),
    ("g^{-1}(x)", ["Quotient(1, Apply(g, x))", "Apply(h, x)"]),
    ("D(x^2)", ["Diff(x, x)"]),
    ("D_x x^2", ["Diff(x, x)"]),
    ("Gamma(x)", ["Times(Gamma, x)"]),
    ("E^x", ["Power(E, x)"]),
    ("sin 45°", ["Quotient(Times(45, pi), 180)"]),
    ("90deg", ["Quotient(Times(90, pi), 180)"]),
    ("2 3", ["Times(2, 3)"]),
    ("sinx", ["Apply(sin, x)"]),
    ("xsinx", ["Times(x, Apply(sin, x))"]),
    ("lnx", ["Apply(ln, x)", "Times(l, n, x)"]),
    ("sin^-1 x", ["Quotient(1, Apply(sin, x))"]),
    (r"\root 3 {x}", ["Apply(cbrt, x)", "Apply(cbrt, x)"]),
]  # fmt: skip


def proposals_of(typed: str) -> tuple[str, ...]:
    """Return the inputs that the error or the notes of a text propose."""
    try:
        return read(typed).proposals
    except ParseError as error:
        return error.proposals


def written_out(proposal: str) -> str:
    """Return a proposal with a letter for the dots, which stand for what the user has to fill in."""
    is_command = proposal[0] == "\\" and proposal[1:].isalpha()  # the nearest spelling of a command
    return proposal + "{x}" if is_command else proposal.replace("...", "x")


@pytest.mark.parametrize(("typed", "expected"), MEANINGS, ids=[row[0] for row in MEANINGS])
def test_a_proposal_means_what_it_says(typed: str, expected: list[str]) -> None:
    proposals = proposals_of(typed)
    assert [dump(parse(written_out(p))) for p in proposals] == expected


CORPUS = [*(row[0] for row in ERRORS), *(row[0] for row in NOTES), *(row[0] for row in MEANINGS)]
MORE = [
    r"\alhpa",
    r"\text{}",
    r"\left\{x",
    r"\hat{ab}",
    "₁x",
    "log_ab",
    "x^2 + (y",
    "a_",
    r"{a \over b \over c}",
    r"\frac",
    "y = ",
    "f'",
]


@pytest.mark.parametrize("typed", [*dict.fromkeys((*CORPUS, *MORE))])
def test_every_proposal_is_read(typed: str) -> None:
    for proposal in proposals_of(typed):
        text = written_out(proposal)
        read_system(text) if is_system(text) else read(text)


def test_hints_show_no_backticks() -> None:
    with pytest.raises(ParseError) as caught:
        parse("0,5x")
    assert (caught.value.hint, caught.value.proposals) == ("Write 0.5x with a point.", ("0.5x",))
