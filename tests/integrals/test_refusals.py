"""What has no answer: integrals that are not elementary, nested ones, questions that are none."""

import pytest

import symback
from symback.calculus.integrals.elementary import NOT_ELEMENTARY, not_elementary
from symback.errors import DomainError, NoRule, ParseError, SymbackError, UsageError
from symback.expr.tree import symbol
from symback.syntax import parse


@pytest.mark.parametrize(
    ("integrand", "said"),
    [
        ("sin(x)/x", "the sine integral Si(x)"),
        ("3e^x/x", "the exponential integral Ei(x)"),
        ("1/ln(x)", "the logarithmic integral li(x)"),
        ("e^(x^2)", "the imaginary error function"),
        ("sin(x^2)", "a Fresnel integral"),
        ("x^x", "not an elementary function"),
    ],
)
def test_what_is_not_elementary_is_named(integrand: str, said: str) -> None:
    with pytest.raises(NoRule) as caught:
        symback.integrate(integrand)
    assert caught.value.message.startswith("No antiderivative was found by the table, ")
    assert said in caught.value.hint


@pytest.mark.parametrize("text", [text for text, _ in NOT_ELEMENTARY])
def test_the_table_of_such_integrals_is_met(text: str) -> None:
    assert not_elementary(parse(text), symbol("x")).startswith("The integral of ")


def test_the_letter_is_that_of_the_question() -> None:
    assert not_elementary(parse("sin(t)/t"), symbol("t")).endswith("the sine integral Si(t).")


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda: symback.integrate("x y"), UsageError, "2 variables"),
        (lambda: symback.integrate("x", "x,y"), UsageError, "by one variable"),
        (lambda: symback.integrate("x int(x, x)", "x"), UsageError, "stands within"),
        (lambda: symback.integrate("int(int(x, x), y)"), UsageError, "stands within"),
        (lambda: symback.integrate("∫ x dx", "y"), UsageError, "is by x"),
        (lambda: symback.integrate("∫ x^2"), ParseError, "no differential"),
        (lambda: symback.integrate("ln(-1 - x^2)"), DomainError, "no real value anywhere"),
        (lambda: symback.derive("∫ x dx", "x"), UsageError, "symback integrate"),
        (lambda: symback.integrate("f(x)", "x"), NoRule, "not known"),
        (lambda: symback.integrate("floor(x)"), NoRule, "integral of the function floor"),
    ],
)
def test_questions_that_have_no_answer(ask: object, error: type[SymbackError], said: str) -> None:
    with pytest.raises(error) as caught:
        ask()  # type: ignore[operator]
    assert said in f"{caught.value} {caught.value.hint}"


def test_the_search_ends_in_time() -> None:
    with pytest.raises(NoRule, match=r"within 0\.01 seconds"):
        symback.integrate("sin(x)^7 e^(x^3) ln(x + 1)/(x^4 + 1)", budget=0.01)
