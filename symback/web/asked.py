"""A question as the page has it: the kind, the texts of its form, and how much is shown."""

from __future__ import annotations

from typing import Any

from symback.errors import UsageError
from symback.problems.common import Common
from symback.problems.file.sheet import Problem
from symback.problems.registry import kind, names
from symback.web.questions import problem_of
from symback.web.typed import value_of

Object = dict[str, Any]
OF_ALL = ("symbols", "detail", "picture")  # fields that every form has


def asked(given: Object) -> Problem:
    """Return the question of a form: `kind`, and `fields` with the text that was typed for each.

    >>> asked({"kind": "derive", "fields": {"expr": "x^2 y", "wrt": "x; y", "order": "2"}}).asked
    {'expr': 'x^2 y', 'wrt': ['x', 'y'], 'order': 2}
    """
    name, fields = given.get("kind"), given.get("fields", {})
    if not isinstance(name, str) or name not in names():
        raise UsageError(f"There is no kind {str(name)[:60]!r}.", hint=f"The kinds are {', '.join(names())}.")
    if not isinstance(fields, dict):
        raise UsageError("fields must be a table of texts.")
    declared = kind(name).fields
    known = {**{key: Common.fields[key] for key in OF_ALL}, **declared}
    values: Object = {}
    for key, text in fields.items():
        if not isinstance(text, str) or not text.strip():
            continue
        values[key] = value_of(known[key], text) if key in known else text
    return problem_of(name, values)
