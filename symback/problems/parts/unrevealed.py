"""What a part asks that goes on from an earlier answer: a letter stands for that, which a sheet must not give away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from symback.errors import SymbackError
from symback.expr.tree import Tree, symbol
from symback.page.solution import Part
from symback.problems.file.references import Reference, references_in
from symback.problems.file.sheet import Problem
from symback.problems.parts.references import may_refer
from symback.problems.registry import kind

LETTER = "A"


def task_of(problem: Problem, exercise: Any) -> tuple[Part, ...]:
    """Return what a part asks, with letters for the answers of earlier parts.

    `exercise` is the part with these answers, which says by which variables it is differentiated.
    """
    found = list(dict.fromkeys(one._replace(at=0, end=0) for one in _references(problem)))
    if not (problem.label and found):
        return tuple(exercise.task())
    groups = getattr(exercise, "groups", ())
    wrt = {"wrt": [",".join(variable.name for variable in group) for group in groups]} if groups else {}
    fields = kind(problem.kind).fields
    asked = {key: _lettered(v) if may_refer(key, fields.get(key)) else v for key, v in problem.asked.items()}
    names = (*problem.symbols, *map(_letter, found))
    try:
        made = kind(problem.kind).exercise(replace(problem, asked={**asked, **wrt}, symbols=names))
        return (*made.task(), *map(_meaning, found))
    except (SymbackError, ArithmeticError, RecursionError):
        return () if problem.text.strip() else tuple(_going_on(found))


def _references(problem: Problem) -> Iterator[Reference]:
    fields = kind(problem.kind).fields
    for key, value in problem.asked.items():
        if may_refer(key, fields.get(key)):
            yield from _in(value)


def _in(value: Any) -> Iterator[Reference]:
    if isinstance(value, str):
        yield from references_in(value)
    elif isinstance(value, (list, tuple, Mapping)):
        for entry in value.values() if isinstance(value, Mapping) else value:
            yield from _in(entry)


def _lettered(value: Any) -> Any:
    if isinstance(value, str):
        for one in reversed(list(references_in(value))):
            value = f"{value[: one.at]} {_letter(one)} {value[one.end :]}"
        return value
    if isinstance(value, (list, tuple)):
        return type(value)(_lettered(entry) for entry in value)
    return {key: _lettered(entry) for key, entry in value.items()} if isinstance(value, Mapping) else value


def _letter(reference: Reference) -> str:
    """Return the name that stands for an answer: A_{a}, or A_{ax} of one for x."""
    index = "".join(filter(str.isalnum, "".join((reference.name, *reference.keys))))
    return f"{LETTER}_{{{index}}}"


def _meaning(reference: Reference) -> Part:
    words: list[str | Tree] = ["Here ", symbol(_letter(reference)), f" is the answer of part ({reference.name})"]
    return (*words, f" for {', '.join(reference.keys)}." if reference.keys else ".")


def _going_on(found: Sequence[Reference]) -> Iterator[Part]:
    names = " and ".join(dict.fromkeys(f"({one.name})" for one in found))
    yield (f"Go on from the answer of part {names}.",)
