"""The kind `implicit`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symback.problems.file import fields as f
from symback.problems.file.values import Refused
from symback.problems.kind import AT_TYPED, Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Implicit(Kind):
    """The derivative of a function that an equation gives, step by step."""

    does = "Differentiate both sides of an equation, and solve for dy/dx."
    usage = """Differentiate both sides of EQUATION, which makes one letter a function of another, and solve for dy/dx.

    \b
    symback implicit "x^2 + y^2 = 25" --wrt x
    symback implicit "x^2 + y^2 = 25" --wrt x --order 2 --at x=3,y=4
    symback implicit "a^2 + a b = 7" --wrt a --of b
    symback implicit "x^2 + y^2 = 25" --wrt t --at x=3,y=4 --rates x=2      related rates

    If EQUATION is - or missing, each line of standard input is one problem.
    """
    example = "expr = 'x^2 + y^2 = 25' and wrt = 'x'"

    equation = f.Equation("The equation, as in 'x^2 + y^2 = 25'.", key="expr")
    wrt = f.Texts("The variable to differentiate by.", option="The variable, as in --wrt x.")
    of = f.Texts(
        "The letter that is a function of it; y, or the only other letter, where it is left out.",
        None,
        option="The letter that is a function of it.  [default: y, or the only other letter]",
    )
    order = f.Order("How often to differentiate.", 1)
    at = f.Point("A point on the curve, as in {x = 3, y = 4}.", None, option=AT_TYPED)
    rates = f.Point(
        "The rates that are known, as in {x = 2} for dx/dt = 2.",
        None,
        option="The rates that are known: --rates x=2 for dx/dt = 2.",
    )

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        by = given.get("wrt", "")
        if not isinstance(by, str) and len(by) > 1 or "," in str(by if isinstance(by, str) else "".join(by)):
            yield Refused("must be one variable", "Write wrt = 'x'.", ("wrt",))
        if given.get("rates") and given.get("order", 1) > 1:
            yield Refused("belongs to a first derivative", "Leave out the order or the rates.", ("rates",))

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.curves import Implicit

        return Implicit(problem)
