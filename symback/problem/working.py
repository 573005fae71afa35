"""From a problem to its solution: read, worked out, verified, the given answers checked, pictures put together.

Whatever is wrong with the mathematics becomes the solution's `error`; what is raised here is a fault of the program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from symback.errors import DomainError, SymbackError, TooLarge, UsageError, VerificationFailed
from symback.problem.answers import check_answers
from symback.problem.exercise import Exercise
from symback.problem.registry import kind, names
from symback.problem.sheet import Problem
from symback.solution import Part, Picture, Solution, Work

WITHHELD = "It is withheld. Please report it, with the problem, where you got symback."


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
    works = tuple(Work(thing, _verified(exercise, thing)) for thing in exercise.things())
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


def _verified(exercise: Exercise, thing: Any) -> Any:
    """Return the verdict on a thing; what fails its check is withheld."""
    found = exercise.verification(thing)
    if getattr(found, "outside", False):
        raise DomainError(found.message, hint="Choose another point.")
    if getattr(found, "verdict", "") == "failed":
        raise VerificationFailed(found.message or "The check of this solution failed.", hint=WITHHELD)
    return found


def _explained(error: Exception) -> SymbackError:
    """Return an error that says what is wrong, without the frames that it came through."""
    known = error if isinstance(error, SymbackError) else _KNOWN.get(type(error), _arithmetic)()
    known.hint = in_a_file(known.hint)
    known.__traceback__ = known.__context__ = known.__cause__ = None
    return known


# How the options of the command line, which hints of the engine name, are written in a file.
_KEYS = (
    (re.compile(r"--(wrt|symbols) ([\w,\[\]]+)"), lambda found: f"{found[1]} = {found[2].split(',')}"),
    (re.compile(r"--at (\w+)=(\S+?)(?=\.?(?:\s|$))"), r"at = {\1 = \2}"),
    (re.compile(r"--direction ([-\d,]+)"), lambda found: f"direction = [{found[1].replace(',', ', ')}]"),
    (re.compile(r"--([a-z]+)"), r"\1"),
)


def in_a_file(hint: str) -> str:
    """Return a hint with the keys of a problem file in the place of options.

    >>> in_a_file("Give one with --at, as in --at x=2.")
    'Give one with at, as in at = {x = 2}.'
    """
    for option, key in _KEYS:
        hint = option.sub(key, hint)
    return hint


def _arithmetic() -> SymbackError:
    return DomainError("A number here is too large, or has no value.", hint="Choose other values.")


_KNOWN: dict[type[Exception], Callable[[], SymbackError]] = {
    ZeroDivisionError: lambda: DomainError("Something is divided by 0 at these values.", hint="Choose other values."),
    RecursionError: lambda: TooLarge("This is nested too deeply.", hint="Give inner parts names of their own."),
}
