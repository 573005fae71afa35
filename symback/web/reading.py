"""What a question is read as, while it is typed: the task in words and formulas, and the notes on its reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from symback.errors import SymbackError
from symback.page.layout_of_tasks import task_blocks
from symback.page.solution import Solution
from symback.page.writers.html_blocks import blocks
from symback.problems.file.sheet import Problem
from symback.problems.registry import kind
from symback.web.asked import asked

Object = dict[str, Any]

_READING = re.compile(r"^(?P<read>.+?) is read .*; write (?P<other>\S+(?: \S+)*?)(?: (?:for|to|instead)\b.*)?\.$")
_ANY = re.compile(r"\((?:x|\.\.\.)\)$")  # log_10(x): the head is what is meant


def read(given: Object) -> Object:
    """Return what a question is read as: the `task` as HTML, and `notes`, each with the text that changes it.

    >>> found = read({"kind": "derive", "fields": {"expr": "1/2x"}})
    >>> found["notes"][0]["switch"]
    {'key': 'expr', 'text': '1/(2x)'}
    """
    problem = asked(given)
    exercise = kind(problem.kind).exercise(problem)
    task = tuple(exercise.question())
    shown = Solution(problem.id, problem.title, problem.kind, task=task, text=problem.text, asked=problem.asked)
    fields = {key: text for key, text in given["fields"].items() if isinstance(text, str)}
    notes = [{"text": note, "switch": _switch(note, problem, fields)} for note in notes_of(exercise)]
    return {"task": blocks(tuple(task_blocks(shown)), "read"), "notes": notes}


def notes_of(exercise: Any) -> list[str]:
    """Return what an exercise says of how its texts were read: every part of it that was read has its notes."""
    parts = [exercise, *vars(exercise).values()]
    inner = [one for part in parts for one in (part if type(part) in (list, tuple) else [part])]
    found = [note for part in inner for note in getattr(part, "notes", ()) if isinstance(note, str)]
    return list(dict.fromkeys(found))


def _switch(note: str, problem: Problem, fields: dict[str, str]) -> Object | None:
    """Return the field and its new text for the other reading of a note; None where the note does not say it so."""
    found = _READING.match(note)
    if not found:
        return None
    for key, text in fields.items():
        for here, there in _proposals(found["read"], found["other"]):
            if here in text and (changed := text.replace(here, there, 1)) != text and _is_read(problem, key, changed):
                return {"key": key, "text": changed}
    return None


def _proposals(here: str, there: str) -> Iterator[tuple[str, str]]:
    if _ANY.search(there) and "(" not in here:
        there = _ANY.sub("", there)
        yield f"{here} (", f"{there}("
        yield f"{here}(", f"{there}("
        yield f"{here} ", f"{there} "
    else:
        yield here, there


def _is_read(problem: Problem, key: str, text: str) -> bool:
    from dataclasses import replace

    try:
        kind(problem.kind).exercise(replace(problem, asked={**problem.asked, key: text}))
    except SymbackError:
        return False
    return True
