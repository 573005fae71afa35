"""The kind `limit`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symback.problems.file import fields as f
from symback.problems.file.values import Refused
from symback.problems.kind import Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Limit(Kind):
    """A limit, step by step; the answer is a number, oo, -oo, or 'does not exist'."""

    does = "Find a limit, one labelled step at a time."
    usage = """Find a limit, one labelled step at a time.

    \b
    symback limit "sin(3x)/x" --to x=0
    symback limit "(3x^2 + 1)/(2x^2 - x)" --to x=oo          or x=-oo
    symback limit "1/x" --to x=0 --side right
    symback limit "lim x->2 (x^2 - 4)/(x - 2)"

    If EXPR is - or missing, each line of standard input is one problem.
    """
    example = "expr = 'sin(x)/x' and to = 'x = 0'"

    expr = f.Expression("The function, as in 'sin(x)/x', or a limit such as 'lim x->0 [sin(x)/x]'.")
    to = f.Place(
        "What the variable tends to, as in 'x = 0', 'x = oo' or {x = '-oo'}.",
        None,
        option="What the variable tends to: --to x=0, --to x=oo, --to x=-oo.",
    )
    side = f.Choice(
        "The limit from the left or from the right alone.",
        None,
        words=("left", "right"),
        option="The limit from the left or from the right alone.",
    )

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        text = str(given.get("expr", ""))
        if "to" not in given and text and "lim" not in text:
            yield Refused("needs to, what the variable tends to", "Write to = 'x = 0'.", ())

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.limits import FindLimit

        return FindLimit(problem)
