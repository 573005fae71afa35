"""The page of a question that was typed, as of a sheet with one problem: question, values, picture, steps, check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from symback.errors import SymbackError
from symback.page.solution import Document, Part, Picture, Solution, Work
from symback.problems.exercise import Exercise


class Asked(NamedTuple):
    """A question as it was typed, and the picture that its page has, "" for none."""

    exercise: Exercise
    picture: str = ""


class Worked(NamedTuple):
    """What was worked out of a question; of what is not a question, such as a working, `asked` is None."""

    asked: Asked | None
    works: list[Work]


def document(worked: list[Worked], detail: str) -> Document:
    """Return the page of these questions; where there is one, its problem has no number and no title of its own."""
    first = worked[0].works[0].thing
    title = first.title or first.kind.capitalize()
    alone = len(worked) == 1
    solutions = [_solution(0 if alone else number, one, detail) for number, one in enumerate(worked, 1)]
    return Document("", title, solutions=tuple(solutions))


def _solution(number: int, worked: Worked, detail: str) -> Solution:
    thing = worked.works[0].thing
    title = "" if number == 0 else thing.title or thing.kind.capitalize()
    task: tuple[Part, ...] = ()
    pictures: tuple[Picture, ...] = ()
    if worked.asked is not None:
        task = tuple(worked.asked.exercise.question())
        pictures = tuple(_picture(worked.asked, [work.thing for work in worked.works]))
    return Solution(
        f"p{number or 1}",
        title,
        thing.kind,
        number,
        works=tuple(worked.works),
        task=task,
        pictures=pictures,
        detail=detail,
    )


def _picture(asked: Asked, things: list[Any]) -> Iterator[Picture]:
    """Yield the picture of a question; none where there is none, such as a contour of three variables."""
    if asked.picture:
        with suppress(SymbackError):
            yield asked.exercise.picture(asked.picture, things)._replace(may_be_left_out=True)
