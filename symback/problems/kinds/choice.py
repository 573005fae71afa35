"""The kind `choice`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symback.problems.file import fields as f
from symback.problems.file.values import Refused
from symback.problems.kind import ASSUME, AT, EXPR, GIVEN, WRT, Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem

FEWEST = 2  # options


class Choice(Kind):
    """One right option among several; with expr the right one is its derivative, which is worked out."""

    reads_answer = False
    example = "options = ['2x', 'x^2'] and answer = 1"
    said_by = ("options",)

    options = f.Options(
        "The options; with expr they are expressions, else words with formulas between dollar signs.", ()
    )
    distractors = f.Distractors("How many wrong options are made, each by a mistake that has a name.", None)
    expr = f.Expression(f"{EXPR} Its derivative is the right option.", None)
    wrt = f.Texts(WRT, None)
    order = f.Order("How often to differentiate.", 1)
    at = f.Point(AT, None)
    given = f.Given(GIVEN, None, option=None)
    assume = f.Assumptions(ASSUME, (), option=None)

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        options = given.get("options", ())
        listed = [options] if isinstance(options, str) else list(options)
        if "distractors" in given and "expr" not in given:
            yield Refused("need an expression, whose derivative is the right option", path=("distractors",))
        if "distractors" not in given and len(listed) < FEWEST:
            yield Refused(
                f"needs at least {FEWEST} options, or expr and distractors = 3", "Write options = ['2x', 'x^2']."
            )
        for i, option in enumerate(listed):
            if option in listed[:i]:
                yield Refused("is there twice", "Leave one of the two out.", ("options", i))

    @classmethod
    def answered(cls, given: Mapping[str, Any], answer: Any) -> Iterator[Refused]:
        """Yield what is wrong with the number of the right option."""
        options = given.get("options", ())
        count = 1 if isinstance(options, str) else len(options)
        if answer is None:
            if "expr" not in given:
                yield Refused(
                    "has no right option", f"Write answer = 1, or the number of another from 1 to {count}.", ()
                )
        elif isinstance(answer, list):
            yield Refused("names several options, and one is right", "Write the number of the right one.", ("answer",))
        elif not isinstance(answer, int) or isinstance(answer, bool) or not options or not 1 <= answer <= count:
            hint = "Leave it out: the right option is made." if not options else f"Write a number from 1 to {count}."
            yield Refused("is the number of no option", hint, ("answer",))

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.choices import OneOfSeveral

        return OneOfSeveral(problem)
