"""The kind `derive`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symback.problems.file import fields as f
from symback.problems.file.values import Refused
from symback.problems.kind import ASSUME, AT, AT_TYPED, EXPR, GIVEN, WRT, WRT_TYPED, Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem

OTHER = ("definition", "logarithmic")  # strategies that are not the rules


class Derive(Kind):
    """A derivative, step by step."""

    does = "Differentiate an expression, one labelled step at a time."
    usage = """Differentiate EXPR, one labelled step at a time.

    \b
    symback derive "3*x**2*y" --wrt x
    symback derive "x^3 y^2" --wrt x --wrt y        one derivation per variable
    symback derive "x^3 y^2" --wrt x,y              the mixed derivative, first by x
    symback derive "p = 0.5 o; o = -x + 0.5y^2" --wrt y
    symback derive "-3x^2/(x+1)" --at x=2 --detail full
    symback derive "x^2" --at x=3 --differences     with difference quotients
    symback derive "x^2" --strategy definition      by the limit of the difference quotient
    symback derive "x^x" --strategy logarithmic     by the logarithm of both sides
    symback derive "x = t^2; y = t^3 - t" --of y --wrt x        along a curve with a parameter
    symback derive "x^3 + x" --inverse --at y=10    the inverse function
    symback derive "(x + 1)/x^2" --alternatives     with the other usual ways

    If EXPR is - or missing, each line of standard input is one problem.
    """
    example = "expr = '3x^2 y'"
    said_by = ("expr",)

    expr = f.Expression(EXPR)
    wrt = f.Texts(f"{WRT} ['x', 'y'] asks for one derivative each, ['x,y'] for the mixed one.", None, option=WRT_TYPED)
    order = f.Order("How often to differentiate.", 1)
    strategy = f.Choice(
        "literal uses the rule that the written form asks for; definition is the limit of the difference quotient, "
        "logarithmic takes the logarithm of both sides.",
        "textbook",
        words=("textbook", "literal", "definition", "logarithmic"),
        option="textbook takes constants out first; literal uses the rule that the written form asks for; definition "
        "is the limit of the difference quotient; logarithmic takes the logarithm of both sides.",
    )
    differences = f.Flag(
        "Add a table of difference quotients at the point.",
        False,
        option="Add a table of difference quotients (f(x + h) - f(x))/h at the point of --at.",
    )
    of = f.Text(
        "Of a curve such as 'x = t^2; y = t^3 - t': the coordinate that is differentiated by the one in wrt.",
        None,
        option="Of a curve with a parameter: the coordinate that is differentiated by that of --wrt.",
    )
    inverse = f.Flag(
        "The derivative of the inverse function, at the value of the function that at gives.",
        False,
        option="The derivative of the inverse function, at the value that --at gives: --at y=10.",
    )
    alternatives = f.Flag(
        "Add the other usual ways to the derivative, each of them checked.",
        False,
        option="Add the other usual ways: by the quotient rule, as a product, multiplied out first, ...",
    )
    mistake = f.Text(
        "Write a working with this mistake in it, to be found; `symback rules --mistakes` lists them.",
        None,
        option=None,
    )
    at = f.Point(AT, None, option=AT_TYPED)
    given = f.Given(GIVEN, None, option=None)
    assume = f.Assumptions(ASSUME, (), option=None)
    ways = f.Forms("Other forms of the function, each derived too; the results must agree.", (), option=None)

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        if given.get("differences") and not given.get("at"):
            yield Refused("needs a point", "Add at, as in at = {x = 2}.", ("differences",))
        if given.get("differences") and given.get("order", 1) > 1:
            yield Refused("belongs to a first derivative", "Leave order or differences out.", ("differences",))
        is_other = given.get("strategy") in OTHER
        if is_other and any(map(given.get, ("differences", "mistake", "alternatives"))):
            yield Refused(
                "goes with the rules alone", "Leave out differences, alternatives and mistake.", ("strategy",)
            )
        if given.get("alternatives") and given.get("order", 1) > 1:
            yield Refused("belongs to a first derivative", "Leave order or alternatives out.", ("alternatives",))
        if given.get("alternatives") and given.get("differences"):
            yield Refused("goes with no table of differences", "Leave one of them out.", ("alternatives",))

    @classmethod
    def remarks(cls, given: Mapping[str, Any]) -> Iterator[str]:
        for group in given.get("wrt", ()):
            if len(names := group.split(",")) > 1:
                order, each = ", then by ".join(names), " ".join(f"--wrt {name}" for name in names)
                yield f"the mixed derivative, by {order}; for one derivation per variable write {each}"

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        if problem.asked.get("mistake"):
            from symback.problems.exercises.working import Mistaken

            return Mistaken(problem)
        asked = problem.asked
        if asked.get("of") or asked.get("inverse") or asked.get("strategy") in OTHER:
            from symback.problems.exercises.other_ways import way_for

            return way_for(problem)
        if problem.asked.get("ways"):
            from symback.problems.exercises.ways import SeveralWays

            return SeveralWays(problem)
        from symback.problems.exercises.expressions import Derive

        return Derive(problem)
