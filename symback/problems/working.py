"""From a problem to its solution: read, worked out, verified, the given answers checked, pictures put together.

An error in the mathematics becomes the solution's `error`; an exception raised here is a bug.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from symback import failures
from symback.errors import DomainError, SymbackError, UsageError
from symback.page.solution import Part, Picture, Solution, Work
from symback.problems.answers.answer import check_answers
from symback.problems.exercise import Exercise
from symback.problems.file.sheet import Problem
from symback.problems.registry import kind, names

OTHER = "Choose other values."


def work(problem: Problem) -> Solution:
    """Return the solution of a problem; one that cannot be worked has an `error`, and no works.

    >>> solution = work(Problem("p1", 1, "A power", "derive", asked={"expr": "x^3"}, answer="3x^2"))
    >>> solution.task, solution.works[0].thing.last, solution.answer_check
    ((('Differentiate ', Power(x, 3), ' with respect to ', x, '.'),), Times(3, Power(x, 2)), 'confirmed')
    """
    blank = _without_works(problem)
    task: tuple[Part, ...] = ()
    try:
        exercise = _read(problem)
        task = tuple(exercise.task())
        return _worked(replace(blank, task=task), exercise)
    except (SymbackError, ArithmeticError, RecursionError) as error:
        return replace(blank, task=task, error=_explained(error))


def _without_works(problem: Problem) -> Solution:
    return Solution(
        problem.id,
        problem.title,
        problem.kind,
        problem.number,
        problem.points,
        problem.text,
        hints=problem.hints,
        notes=problem.notes,
        detail=problem.detail,
        asked=problem.asked,
    )


def _read(problem: Problem) -> Exercise:
    if problem.kind not in names():
        raise UsageError(f"There is no kind {problem.kind!r}.", hint=f"The kinds are {', '.join(names())}.")
    return kind(problem.kind).exercise(problem)


def _worked(solution: Solution, exercise: Exercise) -> Solution:
    problem = exercise.problem
    works = tuple(Work(thing, failures.passed(exercise.verification(thing))) for thing in exercise.things())
    things = tuple(work.thing for work in works)
    checked = check_answers(problem.answer, exercise.answers(things)) if problem.answer is not None else None
    notes = [*solution.notes, *(note for thing in things for note in thing.notes), *(checked.notes if checked else ())]
    return replace(
        solution,
        works=works,
        checks=checked.checks if checked else (),
        pictures=tuple(_pictures(exercise, problem.pictures, things)),
        notes=tuple(dict.fromkeys(notes)),
    )


def _pictures(exercise: Exercise, kinds: Sequence[str], things: Sequence[Any]) -> Iterator[Picture]:
    return (exercise.picture(kind, things) for kind in kinds)


def _explained(error: Exception) -> SymbackError:
    """Return an error that says to the reader of a file what is wrong, without the frames that it came through."""
    match error:
        case ZeroDivisionError():
            known: SymbackError = DomainError("Something is divided by 0 at these values.", hint=OTHER)
        case ArithmeticError():
            known = DomainError("A number here is too large, or has no value.", hint=OTHER)
        case _:
            known = failures.explained(error)
    known.__traceback__ = known.__context__ = known.__cause__ = None
    return known.to("file")
