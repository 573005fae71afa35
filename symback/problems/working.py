"""From a problem to its solution: read, worked out, verified, the given answers checked, pictures put together.

An error in the mathematics becomes the solution's `error`; an exception raised here is a bug.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from symback import failures
from symback.errors import DomainError, SymbackError, UsageError
from symback.page.solution import CONFIRMED, AnswerCheck, Part, Picture, Solution, Work
from symback.problems.answers.rights import says_no_value
from symback.problems.exercise import Exercise
from symback.problems.exercises.prose import DoesNotExist
from symback.problems.file.sheet import Problem
from symback.problems.parts.results import Found, Results, with_results
from symback.problems.parts.shared import shared_by, without_shared
from symback.problems.parts.unrevealed import task_of
from symback.problems.registry import kind, names

OTHER = "Choose other values."


def work(problem: Problem) -> Solution:
    """Return the solution of a problem; one that cannot be worked has an `error`, and no works.

    >>> solution = work(Problem("p1", 1, "A power", "derive", asked={"expr": "x^3"}, answer="3x^2"))
    >>> solution.task, solution.works[0].thing.last, solution.answer_check
    ((('Differentiate ', Power(x, 3), ' with respect to ', x, '.'),), Times(3, Power(x, 2)), 'confirmed')
    """
    return _with_answers(problem, {})[0]


def _with_answers(problem: Problem, results: Results) -> tuple[Solution, Found]:
    """Return the solution of a problem or of a part, and what later parts may use of it."""
    if problem.parts:
        return _of_parts(problem, results)
    blank, found = _without_works(problem), Found(problem.label)
    task: tuple[Part, ...] = ()
    try:
        exercise = _read(with_results(problem, results) if problem.label else problem)
        task = without_shared(task_of(problem, exercise), exercise, problem.inherited)
        solution = _worked(replace(blank, task=task), exercise)
    except (SymbackError, ArithmeticError, RecursionError) as error:
        known = _explained(error)
        if isinstance(error, DomainError) and says_no_value(problem.answer):
            check = AnswerCheck("", str(problem.answer).strip(), str(problem.answer).strip(), CONFIRMED)
            return replace(blank, task=task, works=(Work(DoesNotExist(known.message)),), checks=(check,)), found
        return replace(blank, task=task, error=known), found
    found.answers = lambda: exercise.answers(tuple(work.thing for work in solution.works))
    return solution, found


def _of_parts(problem: Problem, results: Results) -> tuple[Solution, Found]:
    """Return the solution of a problem with parts: each in turn, with what those before it have found."""
    known, inner, solutions = dict(results), {}, []
    for part in problem.parts:
        solution, found = _with_answers(part, known)
        solutions.append(solution)
        inner[part.label] = known[part.label] = known[part.id] = found
    checks = (check._replace(key=_key(one.label, check.key)) for one in solutions for check in one.checks)
    points = [one.points for one in solutions if one.points is not None]
    total = problem.points if problem.points is not None or not points else sum(points)
    blank = replace(_without_works(problem), points=total, parts=tuple(solutions), checks=tuple(checks))
    return replace(blank, task=_shared(problem)), Found(problem.label, inner=inner)


def _key(label: str, key: str) -> str:
    return f"{label}.{key}" if key else label


def _shared(problem: Problem) -> tuple[Part, ...]:
    """Return what a problem says above its parts."""
    first = next((leaf for leaf in problem.leaves() if {"expr", "graph", "given"} & leaf.inherited), None)
    if first is None or problem.label:
        return ()
    try:
        return shared_by(_read(first), first.inherited, problem.text)
    except (SymbackError, ArithmeticError, RecursionError):
        return ()  # told at the part


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
        label=problem.label,
        words=problem.words,
        space=problem.space,
        images=problem.images,
        rubric=problem.rubric,
    )


def _read(problem: Problem) -> Exercise:
    if problem.kind not in names():
        raise UsageError(f"There is no kind {problem.kind!r}.", hint=f"The kinds are {', '.join(names())}.")
    return kind(problem.kind).exercise(problem)


def _worked(solution: Solution, exercise: Exercise) -> Solution:
    problem = exercise.problem
    works = tuple(Work(thing, failures.passed(exercise.verification(thing))) for thing in exercise.things())
    things = tuple(work.thing for work in works)
    checked = exercise.check(problem.answer, things)
    notes = [*solution.notes, *(note for thing in things for note in thing.notes), *checked.notes]
    return replace(
        solution,
        works=works,
        checks=checked.checks if checked else (),
        pictures=tuple(_pictures(exercise, problem, things)),
        notes=tuple(dict.fromkeys(notes)),
    )


def _pictures(exercise: Exercise, problem: Problem, things: Sequence[Any]) -> Iterator[Picture]:
    """Yield the pictures that are asked for; where none is named, the one that the kind always shows."""
    declared = kind(problem.kind)
    if not problem.pictures and declared.draws:
        yield exercise.picture(declared.picture, things)._replace(may_be_left_out=True)
    yield from (exercise.picture(name, things) for name in problem.pictures if name != "none")


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
