"""The check of integrals: every line is differentiated by numbers, and a definite one is worked out by quadrature.

No rule of integration or of differentiation is used: the derivative of what is worked out is a difference quotient, and
that of an integral is its integrand, whatever the rules under test say.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from mpmath import mp
from sympy.core.symbol import Symbol

from symback.calculus.integrals.assumptions import only_there
from symback.calculus.integrals.plan import count_integrals
from symback.expr.tree import Diff, Int, Neg, Plus, Quotient, Times, Tree, without_lets
from symback.verify import Verification
from symback.verify.boundaries import Values
from symback.verify.compare import compare
from symback.verify.values import Beyond

BUDGET = 2.0  # seconds
NEAR = 1e-7  # how far a quadrature may be off, as a part of the value
FAR = 1000


def slope_of(line: Tree, variable: Symbol) -> Tree:
    """Return the derivative of a line: of each integral its integrand, of everything else a pending derivative.

    >>> from symback.expr.tree import symbol
    >>> x = symbol("x")
    >>> slope_of(Plus(x, Neg(Int(x, x))), x)
    Plus(Diff(x, x), Neg(x))
    """
    if not count_integrals(line):
        return Diff(without_lets(line), variable)
    if isinstance(line, Int):
        inner, by = line._args[:2]
        by = without_lets(by)
        return without_lets(inner) if by == variable else Times(without_lets(inner), Diff(by, variable))
    if isinstance(line, Plus):
        return Plus(*(slope_of(term, variable) for term in line._args))
    if isinstance(line, Neg):
        return Neg(slope_of(line._args[0], variable))
    if isinstance(line, Quotient) and not count_integrals(line._args[1]):
        return Quotient(slope_of(line._args[0], variable), without_lets(line._args[1]))
    if isinstance(line, Times) and sum(count_integrals(f) > 0 for f in line._args) == 1:
        return Times(*(slope_of(f, variable) if count_integrals(f) else without_lets(f) for f in line._args))
    raise ValueError("an integral stands where it cannot be differentiated")


def verify_antiderivative(integral: Any) -> Verification:
    """Check that the derivative of each line is the integrand, at points in every cell where the integrand is real."""
    variable = integral.variable
    integrand = without_lets(integral.start._args[0])
    slopes = [slope_of(line, variable) for line in integral.lines()]
    pairs = [
        (only_there(integrand, integral.assumed), only_there(slopes[-1], integral.assumed)),
        (integrand, slopes[0]),
        *pairwise(slopes),
    ]
    outcome = compare(pairs, budget=BUDGET)
    if outcome.different:
        steps = [i for i in outcome.different if i > 1]
        if not steps:
            return Verification("failed", outcome.points, "The derivative of the answer is not the integrand.")
        return Verification("failed", outcome.points, f"Step {steps[0] - 1} changes the value.", steps[0] - 2)
    if outcome.reason:
        return Verification("unverified", outcome.points, f"Not verified: {outcome.reason}.")
    if outcome.unchecked:
        step = outcome.unchecked[0] - 1
        return Verification("unverified", outcome.points, f"Step {step} could not be checked by numbers.")
    return Verification("verified", outcome.points, f"Verified: its derivative is right at {outcome.points} points.")


def _quadrature(height: Callable[[Any], Any], points: list[Any]) -> tuple[Any, Any]:
    """Return an integral by quadrature and about how far it is off, which is infinite where there is no value."""
    with mp.workdps(20):
        try:
            found, error = mp.quad(height, points, error=True, maxdegree=8)
        except (Beyond, ZeroDivisionError, ValueError, ArithmeticError):
            return mp.mpf(0), mp.inf
    return (mp.mpf(0), mp.inf) if mp.isnan(found) else (found, error)


def verify_value(
    integrand: Tree, variable: Symbol, ends: tuple[Any, Any], value: Any, breaks: list[Any]
) -> Verification:
    """Check the value of a definite integral by quadrature; `breaks` are places that lie inside."""
    function = Values(integrand, variable, {})

    def height(place: Any) -> Any:
        try:
            found = function(place)
        except Beyond:
            found = mp.mpf(0) if abs(place) > FAR else None  # far out e^(-x^2) is too small to be worked out
        return mp.nan if found is None else found

    points = [ends[0], *sorted(b for b in breaks if min(ends) < b < max(ends)), ends[1]]
    points = points if ends[0] <= ends[1] else [ends[0], *reversed(points[1:-1]), ends[1]]
    found, error = _quadrature(height, points)
    if not abs(error) <= NEAR * (1 + abs(found)) and points[-1] == mp.inf and points[0] > 0:
        found, error = _quadrature(lambda t: height(mp.exp(t)) * mp.exp(t), [mp.log(p) for p in points])  # slow far out
    if not abs(error) <= NEAR * (1 + abs(found)):
        return Verification("unverified", 0, "Not verified: the quadrature does not settle.")
    if abs(found - value) > NEAR * (1 + abs(found)):
        return Verification("failed", 0, "The quadrature comes to another value.")
    return Verification("verified", 1, "Verified by quadrature.")
