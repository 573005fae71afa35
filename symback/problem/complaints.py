"""What pydantic finds wrong, as sentences a teacher reads, each with the path of the key that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, TypeAdapter, ValidationError

from symback.problem.faults import clipped, suggestion
from symback.problem.model import MODELS, AnyProblem, Base, Head
from symback.problem.places import Path
from symback.problem.sheet import KINDS


class Wrong(NamedTuple):
    """What is wrong with a key, or with its value."""

    path: Path
    message: str
    hint: str = ""
    is_key: bool = False


_PROBLEM: TypeAdapter[Base] = TypeAdapter(AnyProblem)


def problem_of(table: Mapping[str, Any]) -> Base | tuple[Wrong, ...]:
    """Return the validated keys of a problem, or everything that is wrong with them."""
    try:
        return _PROBLEM.validate_python(table)
    except ValidationError as error:
        kind = table.get("kind")
        found = error.errors(include_url=False)
        # the path begins with the kind, by which pydantic tells the models apart
        return tuple(_wrong(e, _path(e)[1:] if kind in MODELS else _path(e), str(kind)) for e in found)


def head_of(table: Mapping[str, Any]) -> Head | tuple[Wrong, ...]:
    """Return the validated keys of a file that stand above its problems, or what is wrong with them."""
    try:
        return Head.model_validate(table)
    except ValidationError as error:
        return tuple(_wrong(e, _path(e), "") for e in error.errors(include_url=False))


def _path(error: Any) -> Path:
    inner = error.get("ctx", {}).get("path", ()) if error["type"] == "said" else ()
    return (*error["loc"], *inner)


def _wrong(error: Any, path: Path, kind: str) -> Wrong:
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(path, kind)
        case "missing":
            return _missing(path, kind)
        case "union_tag_not_found":
            return Wrong((), "The problem has no kind.", f"The kinds are {', '.join(KINDS)}.")
        case "union_tag_invalid" | "literal_error":
            return _unknown_kind(error["input"])
        case "said":
            context = error["ctx"]
            return Wrong(path, _sentence(path, context["said"], kind), context["hint"])
        case "model_type" | "model_attributes_type" | "dict_type":
            return Wrong(path, _sentence(path, f"must be a table, not {clipped(error['input'])}", kind))
    return Wrong(path, _sentence(path, f"is not right: {error['msg']}", kind))


def dotted(path: Iterable[Any]) -> str:
    """Return a path as people write it.

    >>> dotted(("at", "x", 0))
    'at.x[0]'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text if text.isprintable() and len(text) <= 80 else clipped(text)


def _sentence(path: Path, said: str, kind: str) -> str:
    subject = dotted(path) or (f"A problem of kind {kind}" if kind else "The file")
    return f"{subject} {said}."


def _unknown_key(path: Path, kind: str) -> Wrong:
    key = str(path[-1])
    if len(path) > 1:
        known: list[str] = ["range", "step", "not", "choice"]
        where = f"in {dotted(path[:-1])}"
    elif kind:
        known = _keys(MODELS[kind])
        where = f"in a problem of kind {kind}"
    else:
        known = ["title", "text", "language", "problem"]
        where = "above the problems"
    near = suggestion(key, known)
    return Wrong(path, f"There is no key {clipped(key)} {where}.", _hint(key, near, known, kind), is_key=True)


def _hint(key: str, near: str, known: list[str], kind: str) -> str:
    if near:
        return f"Did you mean {near}?"
    homes = [name for name, model in MODELS.items() if key in model.model_fields]
    if homes:
        return f"It belongs to {'a problem' if not kind else 'the kind ' + ' and '.join(homes)}."
    return f"The keys are {', '.join(known)}."


def _keys(model: type[BaseModel]) -> list[str]:
    own = [name for name in model.model_fields if name not in Base.model_fields]
    return [*own, *(name for name in Base.model_fields if name != "kind")]


def _missing(path: Path, kind: str) -> Wrong:
    inside = f"{dotted(path[:-1])}" if len(path) > 1 else f"A problem of kind {kind}"
    hint = f"Write {MODELS[kind].example}." if kind in MODELS and len(path) == 1 else ""
    return Wrong(path[:-1], f"{inside} needs {path[-1]}.", hint)


def _unknown_kind(table: Any) -> Wrong:
    kind = table.get("kind") if isinstance(table, Mapping) else table
    if not isinstance(kind, str):
        return Wrong(("kind",), f"kind must be a text, not {clipped(kind)}.", f"The kinds are {', '.join(KINDS)}.")
    near = suggestion(kind, KINDS)
    hint = f"Did you mean {near}?" if near else f"The kinds are {', '.join(KINDS)}."
    return Wrong(("kind",), f"There is no kind {clipped(kind)}.", hint)


def unknown_keys(table: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield the keys that no kind has, for a problem whose kind is not known."""
    known = {*Base.model_fields, *(key for model in MODELS.values() for key in model.model_fields)}
    for key in table:
        if key not in known:
            near = suggestion(key, known)
            hint = f"Did you mean {near}?" if near else ""
            yield Wrong((key,), f"There is no key {clipped(key)} in a problem.", hint, is_key=True)
