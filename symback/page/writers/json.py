r"""A document as JSON: for each problem the object that the other commands print as JSON, with its answers checked.

Characters that are not seen, but change what is, are written as \uXXXX.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from symback.page.json import SCHEMA, error_object
from symback.page.kinds import as_object
from symback.page.options import Options, distinct
from symback.page.page import SHOWS, Cover, Section, depth_of
from symback.page.prose import UNSEEN
from symback.page.solution import NONE, AnswerCheck, Solution, Work
from symback.page.writers import Format

Object = dict[str, Any]

# What of an object belongs to the question; the rest is the answer, and of that some are its steps.
QUESTION = frozenset(
    ("schema", "kind", "input", "read_as", "wrt", "order", "point", "layout", "loss", "of", "direction", "inputs",
     "learning_rate", "settings", "data")
)  # fmt: skip
STEPS = frozenset(("steps", "normalisation", "losses"))


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem as one line of JSON, with as much of its solution as is shown."""
    return text_of(_object_of(solution, depth_of(show)))


def _object_of(solution: Solution, depth: int) -> Object:
    """Return the object of a problem, or of a part, with those of its parts."""
    made: Object = {"schema": SCHEMA, "id": solution.id, "number": solution.number, "title": solution.title}
    made |= {"label": solution.label} if solution.label else {}
    made |= {"points": solution.points} if solution.points is not None else {}
    made |= {"rubric": dict(solution.rubric)} if solution.rubric and depth >= 3 else {}
    made |= {"question": solution.text} if solution.text else {}
    made |= {"hints": list(solution.hints)} if solution.hints and depth >= 1 else {}
    if solution.images:
        made["images"] = [{"file": image.file, "alt": image.alt, "media": image.media} for image in solution.images]
    if solution.error is not None:
        return made | {"error": error_object(solution.error)}
    made |= {"answer_check": solution.answer_check if depth >= 2 else NONE}
    if solution.checks and depth >= 2:
        made["answers"] = [_answer(check) for check in solution.checks]
    if solution.parts:
        parts = [_object_of(part, depth) for part in solution.parts]
        return {**made, "kind": solution.kind, "notes": list(solution.notes), "parts": parts}
    return {**made, **_shown(_worked(solution), depth), **made}  # a training has a title of its own


def _answer(check: AnswerCheck) -> Object:
    """Return what became of a given answer; where it is right, and why it cannot be read, only if there is such."""
    return {key: value for key, value in check._asdict().items() if value or key not in ("where", "reason")}


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the object of the whole document, a problem a line."""
    head = text_of({"schema": SCHEMA, "file": cover.file, "title": cover.title})
    return head[:-1] + ', "problems": [\n' + ",\n".join(parts) + "\n]}\n"


FORMAT = Format("json", part, document)


def _worked(solution: Solution) -> Object:
    """Return the object of what was worked out; of several things that of the first, with all of them in parts."""
    objects = [_object(solution, work) for work in solution.works]
    if not objects:
        return {"kind": solution.kind, "notes": list(solution.notes)}
    made = dict(objects[0])
    if len(objects) > 1:
        made["parts"] = objects
    made["notes"] = distinct([*(note for one in objects for note in one.get("notes", ())), *solution.notes])
    return made


def _object(solution: Solution, work: Work) -> Object:
    return as_object(work.thing, Options(solution.detail, work.verification, verify=False))


def _shown(made: Object, depth: int) -> Object:
    """Return as much of an object as is shown: the question, or also the answer, or all."""
    if depth == len(SHOWS) - 1:
        return made
    if depth < SHOWS.index("answers"):
        return {key: value for key, value in made.items() if key in QUESTION}
    return {key: _without_steps(value) for key, value in made.items() if key not in STEPS}


def _without_steps(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_steps(inner) for key, inner in value.items() if key not in STEPS}
    return [_without_steps(inner) for inner in value] if isinstance(value, list) else value


def text_of(made: Object) -> str:
    r"""Return an object as one line of JSON.

    >>> print(text_of({"loss": float("inf"), "title": "a\u202eb"}))
    {"loss": null, "title": "a\u202eb"}
    """
    try:
        written = json.dumps(made, ensure_ascii=False, allow_nan=False)
    except ValueError:  # infinity, for which JSON has no word
        written = json.dumps(_finite(made), ensure_ascii=False, allow_nan=False)
    return UNSEEN.sub(_escaped, written)


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, (list, tuple)) else value
