"""A question as a page or a program asks it: its fields checked, all at once, then worked as one of a file is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from symback.errors import SymbackError, UsageError
from symback.page.options import Options
from symback.page.solution import Solution
from symback.problems.complaints import of_problem, parted
from symback.problems.file.fields import Data, Validation
from symback.problems.file.sheet import Problem
from symback.problems.registry import ALSO_CALLED, kind, names

Object = dict[str, Any]
NO_FILES = "Write the values themselves, as in data = {x = [1, 2], y = [2, 3]}."
OF_AUTHORS = ("parameters", "reject")  # what only a sheet can have


def problem_of(name: str, fields: Mapping[str, Any]) -> Problem:
    """Return a question as a problem; UsageError with all that is wrong with its fields.

    >>> problem_of("derive", {"expr": "x^2"}).asked
    {'expr': 'x^2'}
    """
    name = ALSO_CALLED.get(name, name)
    if name not in names():
        raise UsageError(f"There is no kind {name[:60]!r}.", hint=f"The kinds are {', '.join(names())}.")
    wrong = [*of_problem({**fields, "kind": name}), *_files_named(name, fields)]
    if wrong:
        raise UsageError("\n".join(w.message for w in wrong), hint=next((w.hint for w in wrong if w.hint), ""))
    common, own = parted(dict(fields))
    return Problem(
        str(common.get("id") or "p1"),
        1,
        common.get("title", ""),
        name,
        text=common.get("text", ""),
        asked={key: kind(name).fields[key].check(value) for key, value in own.items()},
        answer=common.get("answer"),
        symbols=_texts(common.get("symbols", ())),
        detail=common.get("detail", "normal"),
        pictures=_texts(common.get("picture", ())),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _files_named(name: str, fields: Mapping[str, Any]) -> Iterator[Any]:
    """Yield a complaint for every file that is named: a question has no folder, and reads nothing of a machine."""
    from symback.problems.complaints import Wrong

    for key, value in fields.items():
        field = kind(name).fields.get(key)
        if isinstance(field, (Data, Validation)) and (isinstance(value, str) or _names_a_file(value)):
            yield Wrong((key,), f"{key} must hold the values; files are not read here.", NO_FILES)
        if key in OF_AUTHORS:
            yield Wrong((key,), f"{key} belongs to a problem of a sheet.", "Write it into a sheet.")


def _names_a_file(value: Any) -> bool:
    return isinstance(value, Mapping) and "file" in value


def worked(problem: Problem) -> Solution:
    """Return a question worked and checked; what could not be worked is raised as its error."""
    from symback.problems.working import work

    solution = work(problem)
    if solution.error is not None:
        raise solution.error
    return solution


def object_of(solution: Solution) -> Object:
    """Return the JSON object of a question; of several results that of the first, with all of them in `parts`."""
    from symback.page.kinds import as_object

    objects = [as_object(w.thing, Options(solution.detail, w.verification, verify=False)) for w in solution.works]
    made = dict(objects[0])
    if len(objects) > 1:
        made["parts"] = objects
    made["notes"] = list(dict.fromkeys([*(note for one in objects for note in one.get("notes", ())), *solution.notes]))
    if solution.checks:
        made["answer_check"] = solution.answer_check
        made["answers"] = [check._asdict() for check in solution.checks]
    return made


def error_of(error: SymbackError) -> Object:
    """Return the JSON object of an error."""
    from symback.page.json import SCHEMA, error_object

    return {"schema": SCHEMA, "error": error_object(error.to("file"))}
