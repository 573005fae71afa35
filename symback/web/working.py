"""A question worked for the page: the task, the answer and the steps as HTML, and its data."""

from __future__ import annotations

from typing import Any

from symback.page.layout_of_solutions import section_of
from symback.page.writers.html_blocks import blocks
from symback.page.writers.html_words import line
from symback.web.asked import asked
from symback.web.questions import object_of, worked

Object = dict[str, Any]


def work(given: Object) -> Object:
    """Return a question worked: `task`, `answer` and `steps` as HTML, and `data`, the JSON object.

    >>> work({"kind": "derive", "fields": {"expr": "x^2"}})["data"]["answer"]["text"]
    '2x'
    """
    solution = worked(asked(given))
    section = section_of(solution)
    return {
        "kind": solution.kind,
        "title": line(section.title),
        "task": blocks(section.problem, "task"),
        "answer": blocks(section.answers, "answer"),
        "steps": blocks(section.steps, "steps"),
        "data": object_of(solution),
    }


def judge(given: Object) -> Object:
    """Return the verdicts on the lines of a working, and all of it as HTML.

    >>> found = judge({"kind": "check", "fields": {"working": "d/dx [x^2]\\n= 3x"}})
    >>> found["data"]["first_wrong"]
    2
    """
    return work({**given, "kind": "check"})
