"""Limits as textbooks ask them: the value, and how a teacher calls the step that finds it."""

from itertools import pairwise

import pytest

import symback
from symback.errors import NoRule
from symback.page.maths import text
from symback.syntax import parse

# fmt: off
LIMITS = [
    # asked, comes to, a label
    ("lim h->0 ((3+h)^2-9)/h", "6", "cancel"),
    ("lim h->0 ((x+h)^2-x^2)/h", "2x", "cancel"),
    ("lim x->-1 (x^2+3x+2)/(x^2-1)", "-1/2", "cancel"),
    ("lim x->-2 (x^3+8)/(x+2)", "12", "cancel"),
    ("lim x->-oo (2x-1)/(x+3)", "2", "divide by the highest power"),
    ("lim x->-oo (5x^3-2)/(x^2+1)", "-oo", "divide by the highest power"),
    ("lim x->-oo (e^x-e^(-x))/(e^x+e^(-x))", "-1", "divide by the largest term"),
    ("lim x->-oo (x-2)/sqrt(x^2+1)", "-1", "divide by the highest power"),
    ("lim x->-oo [x^3+x^2]", "-oo", "factor out the largest term"),
    ("lim x->-oo sqrt(4x^2+1)/(x-3)", "-2", "divide by the highest power"),
    ("lim x->0 ((2+x)^3-8)/x", "12", "cancel"),
    ("lim x->0 (1+2x)^(1/x)", "e^2", "known limit of ln(1 + u)/u"),
    ("lim x->0 (1+x)^(1/x)", "e", "known limit of (1 + u)^(1/u)"),
    ("lim x->0 (1-cos x)/x", "0", "known limit of (1 - cos(u))/u"),
    ("lim x->0 (1-cos(4x))/x^2", "8", "known limit of (1 - cos(u))/u^2"),
    ("lim x->0 (1-cos(x)^2)/x^2", "1", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (1/(1-cos x) - 2/x^2)", "1/6", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (1/(x+3)-1/3)/x", "-1/9", "common denominator"),
    ("lim x->0 (2^x-1)/x", "ln 2", "known limit of (c^u - 1)/u"),
    ("lim x->0 (3^x-2^x)/x", "ln 3 - ln 2", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (a^x-1)/x", "ln a", "known limit of (c^u - 1)/u"),
    ("lim x->0 (cos x)^(1/x^2)", "e^(-1/2)", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (cos(x)-1+x^2/2)/x^4", "1/24", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (e^(2x)-1)/x", "2", "known limit of (e^u - 1)/u"),
    ("lim x->0 (e^x-1-x)/x^2", "1/2", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (e^x-e^(-x))/sin(x)", "2", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (sin x - x)/(x^3)", "-1/6", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (sqrt(1+x)-sqrt(1-x))/x", "1", "multiply by the conjugate"),
    ("lim x->0 (sqrt(x^2+9)-3)/x^2", "1/6", "multiply by the conjugate"),
    ("lim x->0 (tan x - sin x)/x^3", "1/2", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (tan(x)-x)/x^3", "1/3", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (x cos x - sin x)/x^3", "-1/3", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 (x^2)", "0", "put in"),
    ("lim x->0 (x^2-3x)/(x)", "-3", "cancel"),
    ("lim x->0 [1/sin x - 1/x]", "0", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 [1/x - 1/(x^2+x)]", "1", "divide by one"),
    ("lim x->0 abs(x)", "0", "put in"),
    ("lim x->0 abs(x) sin(1/x)", "0", "squeeze theorem"),
    ("lim x->0 arcsin(x)/x", "1", "known limit of arcsin(u)/u"),
    ("lim x->0 arctan(1/x)", "does not exist", "arctan u tends to -π/2"),
    ("lim x->0 cases(x^2, x<0, x)", "0", "the case that holds"),
    ("lim x->0 cos(1/x)", "does not exist", ""),
    ("lim x->0 e^(-1/x^2)", "0", "e^u tends to 0"),
    ("lim x->0 e^(1/x)", "does not exist", "e^u tends to 0"),
    ("lim x->0 ln abs(x)", "-oo", "ln u tends to -∞"),
    ("lim x->0 ln(1+3x)/x", "3", "known limit of ln(1 + u)/u"),
    ("lim x->0 ln(cos x)/x^2", "-1/2", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 sin(5x)/sin(3x)", "5/3", "known limits of sin(u)/u and u/sin(u)"),
    ("lim x->0 sin(a x)/x", "a", "known limit of sin(u)/u"),
    ("lim x->0 sin(x)/(x^2+x)", "1", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 sin(x)/abs(x)", "does not exist", "known limit of sin(u)/u"),
    ("lim x->0 sin(x)^2/x^2", "1", "known limit of sin(u)/u"),
    ("lim x->0 sin(x^2)/x", "0", "rewrite for known limits"),
    ("lim x->0 tan(3x)/sin(2x)", "3/2", "known limits of tan(u)/u and u/sin(u)"),
    ("lim x->0 tan(x)/x", "1", "known limit of tan(u)/u"),
    ("lim x->0 x cot x", "1", "known limit of u/tan(u)"),
    ("lim x->0 x sin(1/x)", "0", "squeeze theorem"),
    ("lim x->0 x/sin(2x)", "1/2", "known limit of u/sin(u)"),
    ("lim x->0 x^2/(sec(x)-1)", "2", "L'Hôpital's rule, form 0/0"),
    ("lim x->0 x^3 cos(2/x)", "0", "squeeze theorem"),
    ("lim x->0+ (1/x)^x", "1", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->0+ (sin x)^x", "1", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->0+ [1/x + ln x]", "oo", "form 1/0+"),
    ("lim x->0+ [sqrt(x) ln x]", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->0+ [x ln x]", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->0+ arctan(1/x)", "pi/2", "arctan u tends to π/2"),
    ("lim x->0+ e^(1/x)", "oo", "e^u tends to ∞"),
    ("lim x->0+ ln x", "-oo", "ln u tends to -∞"),
    ("lim x->0+ sqrt(x)", "0", "put in"),
    ("lim x->0+ x^(sin x)", "1", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->0+ x^x", "1", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->0- 1/x^3", "-oo", "form 1/0-"),
    ("lim x->0- e^(1/x)", "0", "e^u tends to 0"),
    ("lim x->1 (cbrt(x)-1)/(sqrt(x)-1)", "2/3", "L'Hôpital's rule, form 0/0"),
    ("lim x->1 (x^2-1)/(x^2+3x-4)", "2/5", "cancel"),
    ("lim x->1 (x^3-1)/(x-1)", "3", "cancel"),
    ("lim x->1 (x^4-1)/(x^3-1)", "4/3", "cancel"),
    ("lim x->1 (x^n-1)/(x-1)", "n", "L'Hôpital's rule, form 0/0"),
    ("lim x->1 [1/ln x - 1/(x-1)]", "1/2", "L'Hôpital's rule, form 0/0"),
    ("lim x->1 abs(x^2-1)/(x-1)", "does not exist", "cancel"),
    ("lim x->1 cases(x^2, x<1, 2x)", "does not exist", "the case that holds"),
    ("lim x->1 ln(x)/(x-1)", "1", "L'Hôpital's rule, form 0/0"),
    ("lim x->1 x^(1/(1-x))", "e^-1", "L'Hôpital's rule, form 0/0"),
    ("lim x->2 (1/x - 1/2)/(x-2)", "-1/4", "common denominator"),
    ("lim x->2 1/(x-2)^2", "oo", "form 1/0+"),
    ("lim x->2 floor(x)", "does not exist", "constant on this side"),
    ("lim x->2 x/(x-2)", "does not exist", "form 2/0-"),
    ("lim x->2+ sqrt(x-2)/(x-2)", "oo", "L'Hôpital's rule, form 0/0"),
    ("lim x->2- floor(x)", "1", "constant on this side"),
    ("lim x->3 [x^2 - 2x + 1]", "4", "put in"),
    ("lim x->3 abs(x-3)/(x-3)", "does not exist", "cancel"),
    ("lim x->3+ (x+1)/(3-x)", "-oo", "form 4/0-"),
    ("lim x->4 (2-sqrt(x))/(4-x)", "1/4", "multiply by the conjugate"),
    ("lim x->5 7", "7", "limit of a constant"),
    ("lim x->7 (sqrt(x+2)-3)/(x-7)", "1/6", "multiply by the conjugate"),
    ("lim x->8 (cbrt(x)-2)/(x-8)", "1/12", "L'Hôpital's rule, form 0/0"),
    ("lim x->9 (sqrt(x)-3)/(x-9)", "1/6", "multiply by the conjugate"),
    ("lim x->a (x^2-a^2)/(x-a)", "2a", "cancel"),
    ("lim x->a (x^3-a^3)/(x-a)", "3a^2", "cancel"),
    ("lim x->oo (1+3/x)^(2x)", "e^6", "L'Hôpital's rule, form 0/0"),
    ("lim x->oo (1+a/x)^x", "e^a", "L'Hôpital's rule, form 0/0"),
    ("lim x->oo (2+cos x)/x", "0", "squeeze theorem"),
    ("lim x->oo (2^x+3^x)/(3^x-1)", "1", "divide by the largest term"),
    ("lim x->oo (2x-1)/(x+3)", "2", "divide by the highest power"),
    ("lim x->oo (3x^4-x)/(5-x^4)", "-3", "divide by the highest power"),
    ("lim x->oo (5)", "5", "limit of a constant"),
    ("lim x->oo (5x^3-2)/(x^2+1)", "oo", "divide by the highest power"),
    ("lim x->oo (e^x - x^2)", "oo", "factor out the largest term"),
    ("lim x->oo (e^x-e^(-x))/(e^x+e^(-x))", "1", "divide by the largest term"),
    ("lim x->oo (ln x)^2/x", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo (sqrt(x)+x)/(2x-sqrt(x))", "1/2", "divide by the highest power"),
    ("lim x->oo (x - ln x)", "oo", "factor out the largest term"),
    ("lim x->oo (x+1)/(x^2+1)", "0", "divide by the highest power"),
    ("lim x->oo (x+sin x)/x", "1", "squeeze theorem"),
    ("lim x->oo (x-2)/sqrt(x^2+1)", "1", "divide by the highest power"),
    ("lim x->oo (x/(x+1))^x", "e^-1", "L'Hôpital's rule, form 0/0"),
    ("lim x->oo (x^2 - x)", "oo", "factor out the largest term"),
    ("lim x->oo (x^2+1)/(3-2x^2)", "-1/2", "divide by the highest power"),
    ("lim x->oo (x^3+1)/(x^2-1)", "oo", "divide by the highest power"),
    ("lim x->oo 2^x", "oo", "c^u tends to ∞"),
    ("lim x->oo [ln(2x+1)-ln(x)]", "ln 2", "divide by the highest power"),
    ("lim x->oo [sqrt(x+1)-sqrt(x)]", "0", "multiply by the conjugate"),
    ("lim x->oo [sqrt(x^2+3x)-sqrt(x^2+x)]", "1", "multiply by the conjugate"),
    ("lim x->oo [x - ln x]", "oo", "factor out the largest term"),
    ("lim x->oo arctan(x)/x", "0", "terms tend to 0"),
    ("lim x->oo cos(x)/x^2", "0", "squeeze theorem"),
    ("lim x->oo e^(-x)", "0", "e^u tends to 0"),
    ("lim x->oo e^(-x) sin x", "0", "squeeze theorem"),
    ("lim x->oo e^x/x^3", "oo", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo ln(x)/sqrt(x)", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo ln(x)/x", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo ln(x^2+1)/ln(x)", "2", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo sin x", "does not exist", ""),
    ("lim x->oo sin(x)/x", "0", "squeeze theorem"),
    ("lim x->oo sqrt(4x^2+1)/(x-3)", "2", "divide by the highest power"),
    ("lim x->oo sqrt(x)", "oo", "sqrt u tends to ∞"),
    ("lim x->oo tanh x", "1", "tanh u tends to 1"),
    ("lim x->oo x e^(-x)", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo x sin(1/x)", "1", "known limit of sin(u)/u"),
    ("lim x->oo x(sqrt(x^2+1)-x)", "1/2", "multiply by the conjugate"),
    ("lim x->oo x^(1/x)", "1", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo x^2/2^x", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo x^3 e^(-x)", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->pi sin(x)/(x-pi)", "-1", "L'Hôpital's rule, form 0/0"),
    ("lim x->pi/2 [sec x - tan x]", "0", "L'Hôpital's rule, form 0/0"),
    ("lim x->pi/2 tan x", "does not exist", "form 1/0+, as tan x = sin x/(cos x)"),
    ("lim x->pi/2- tan x", "oo", "form 1/0+, as tan x = sin x/(cos x)"),
    ("lim x->0 (5x^3 - 2x)/(x)", "-2", "cancel"),
    ("lim x->2 sqrt(x^2+5)", "3", "put in"),
    ("lim x->1 (x^2-3x+2)/(x^2-1)", "-1/2", "cancel"),
    ("lim x->-3 (x^2-9)/(x+3)", "-6", "cancel"),
    ("lim x->0 ((1+x)^2-1)/x", "2", "cancel"),
    ("lim x->1 (x-1)/(sqrt(x)-1)", "2", "multiply by the conjugate"),
    ("lim x->0 x/(sqrt(x+1)-1)", "2", "multiply by the conjugate"),
    ("lim x->5 (sqrt(x-1)-2)/(x-5)", "1/4", "multiply by the conjugate"),
    ("lim x->0 sin(7x)/x", "7", "known limit of sin(u)/u"),
    ("lim x->0 sin(2x)/tan(5x)", "2/5", "known limits of sin(u)/u and u/tan(u)"),
    ("lim x->0 (e^(3x)-1)/sin(x)", "3", "known limits of (e^u - 1)/u and u/sin(u)"),
    ("lim x->0 arctan(2x)/x", "2", "known limit of arctan(u)/u"),
    ("lim x->0 sin(x)^3/x^3", "1", "known limit of sin(u)/u"),
    ("lim x->0 (1-cos x)/sin(x)^2", "1/2", "known limits of (1 - cos(u))/u^2 and u/sin(u)"),
    ("lim x->oo (4x^2-3)/(x^3+1)", "0", "divide by the highest power"),
    ("lim x->-oo (1-x^3)/(x^2+2)", "oo", "divide by the highest power"),
    ("lim x->oo x^4/e^x", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo sqrt(x)/ln(x)", "oo", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->0+ x^2 ln x", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo (1-2/x)^x", "e^-2", "L'Hôpital's rule, form 0/0"),
    ("lim x->oo (3x+1)/sqrt(4x^2-1)", "3/2", "divide by the highest power"),
    ("lim x->1- 1/(1-x)", "oo", "form 1/0+"),
    ("lim x->1 1/(1-x)", "does not exist", "form 1/0+"),
    ("lim x->-2+ x/(x+2)", "-oo", "form -2/0+"),
    ("lim x->0 (x^3-x^2)/x^2", "-1", "cancel"),
    ("lim x->0 sinh(x)/x", "1", "known limit of sinh(u)/u"),
    ("lim x->3 (x^2-9)/abs(x-3)", "does not exist", "cancel"),
    ("lim x->oo (x^2+sin x)/x^2", "1", "squeeze theorem"),
    ("lim x->oo e^x/x^100", "oo", "exponentials outgrow powers"),
    ("lim x->oo x^20 e^(-x)", "0", "exponentials outgrow powers"),
    ("lim x->oo x^5/2^x", "0", "exponentials outgrow powers"),
    ("lim x->oo e^sqrt(x)/x^2", "oo", "exponentials outgrow powers"),
    ("lim x->oo x^3/e^(x^2)", "0", "exponentials outgrow powers"),
    ("lim x->oo ln(x)^20/x", "0", "powers outgrow logarithms"),
    ("lim x->oo x/ln(x)^8", "oo", "powers outgrow logarithms"),
    ("lim x->oo ln(x)^9/2^x", "0", "exponentials outgrow logarithms"),
    ("lim x->0+ sqrt(x) ln(x)^3", "0", "powers outgrow logarithms"),
    ("lim x->oo (e^x + x^50)/(2e^x - x)", "1/2", "divide by the largest term"),
    ("lim x->oo ln(x)/x^(1/10)", "0", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo ln(x)/ln(ln x)", "oo", "L'Hôpital's rule, form ∞/∞"),
    ("lim x->oo ln(ln x)", "oo", "ln u tends to ∞"),
    ("lim x->oo 1/ln x", "0", "terms tend to 0"),
    ("lim x->oo 2^x/3^x", "0", "powers with one exponent"),
    ("lim x->oo x^x/e^x", "oo", "form ∞^∞"),
    ("lim x->oo cosh(x)/e^x", "1/2", "in exponentials"),
    ("lim x->oo e^(2x)/sinh(2x)", "2", "in exponentials"),
    ("lim x->oo floor(x)/x", "1", "squeeze theorem"),
    ("lim x->oo sin(x)/ln x", "0", "squeeze theorem"),
    ("lim x->0 x^2 sin(1/x)/sin x", "0", "squeeze theorem"),
    ("lim x->0+ x ln(x) sin(1/x)", "0", "squeeze theorem"),
    ("lim x->oo x sin x", "does not exist", "limit of the variable"),
    ("lim x->0 cos(1/x)/x", "does not exist", "form 1/0+"),
    ("lim x->oo x^2 (1 + sin x)", "does not exist", "form 2 · ∞"),
    ("lim x->oo e^x sin x", "does not exist", "e^u tends to ∞"),
    ("lim x->oo tan x", "does not exist", "limit of a constant"),
    ("lim x->0+ sin(ln x)", "does not exist", "limit of a constant"),
    ("lim x->oo ln(x) cos(x)", "does not exist", "ln u tends to ∞"),
]
# fmt: on
NONE = "does not exist"


def labels(found: symback.Limit) -> list[str]:
    return [move.rule.name for derivation in found.derivations() for move in derivation.moves]


@pytest.mark.parametrize(("asked", "value", "label"), LIMITS, ids=[row[0] for row in LIMITS])
def test_a_limit(asked: str, value: str, label: str) -> None:
    found = symback.limit(asked)
    assert found.exists == (value != NONE)
    if found.exists:
        assert text(found.last) == value
    assert not label or label in labels(found)
    assert found.verify().verdict == "verified"


def test_two_sequences_are_named() -> None:
    found = symback.limit("x sin x", "x", "oo")
    assert [text(one.places) for one in found.along] == ["pi/2 + 2 pi n", "2 pi n"]
    assert [text(one.limit.last) for one in found.along] == ["oo", "0"]
    assert found.verify().verdict == "verified"


def test_a_repeated_rule_of_hospital_takes_a_line_each_time() -> None:
    found = symback.limit("e^x/x^3", "x", "oo")
    shown = symback.render(found, "text", width=100).splitlines()
    assert sum("L'Hôpital's rule" in line for line in shown) == 3
    assert len(shown) == 5


@pytest.mark.parametrize("asked", ["x + 1/sin(x)", "x/(1 + sin x)", "x + ln(abs(sin x))"])
def test_no_limit_is_claimed_where_poles_lie_close_by(asked: str) -> None:
    with pytest.raises(NoRule, match="may have poles"):
        symback.limit(asked, "x", "oo")


@pytest.mark.parametrize("asked", [row[0] for row in LIMITS[::9]])
def test_every_line_reads_back_and_leads_to_the_next(asked: str) -> None:
    for derivation in symback.limit(asked).derivations():
        lines = derivation.lines()
        assert lines[0] == derivation.start
        assert lines[-1] == derivation.last
        for before, after in pairwise(lines):
            assert text(before) != text(after)
        for line in lines:
            if "oo" not in text(line):
                assert parse(text(line)) == line
        assert all(step.rule.law for step in derivation.steps)
