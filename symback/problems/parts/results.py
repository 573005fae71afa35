"""The answers of earlier parts, put into the texts of later ones: `{a.x}` becomes what part (a) has found for x."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from symback.errors import FileError
from symback.problems.answers.comparing import right_text
from symback.problems.answers.rights import Answers, Right, Rights
from symback.problems.file.references import Reference, references_in
from symback.problems.file.sheet import Problem
from symback.problems.parts.references import may_refer
from symback.problems.registry import kind


@dataclass
class Found:
    """What a part has found: its right answers, worked out when asked for; None where it could not be worked.

    A part that has parts itself has theirs by their letters, in `inner`.
    """

    label: str
    answers: Callable[[], Answers] | None = None
    inner: Mapping[str, Found] | None = None


Results = Mapping[str, Found]


def with_results(problem: Problem, results: Results) -> Problem:
    """Return a part with the answers of earlier parts in its texts; FileError where there is no such answer."""
    fields = kind(problem.kind).fields
    asked = {k: _filled(v, results) if may_refer(k, fields.get(k)) else v for k, v in problem.asked.items()}
    return replace(problem, asked=asked, answer=_filled(problem.answer, results))


def _filled(value: Any, results: Results) -> Any:
    if isinstance(value, str):
        return _filled_text(value, results)
    if isinstance(value, (list, tuple)):
        return type(value)(_filled(entry, results) for entry in value)
    return {key: _filled(entry, results) for key, entry in value.items()} if isinstance(value, Mapping) else value


def _filled_text(text: str, results: Results) -> Any:
    references = list(references_in(text))
    if len(references) == 1 and text.strip() == text[references[0].at : references[0].end]:
        return _written(_right(references[0], results), as_list=True)
    for one in reversed(references):
        text = f"{text[: one.at]}({_written(_right(one, results))}){text[one.end :]}"
    return text


def _written(right: Rights, as_list: bool = False) -> Any:
    if as_list and isinstance(right, list):
        return [_written(entry, as_list) for entry in right]
    if isinstance(right, Right) and isinstance(right.value, list):
        return _written(right.value, as_list)
    if isinstance(right, Right) and isinstance(right.value, float):
        return str(int(right.value)) if right.value.is_integer() else repr(right.value)
    return right_text(right, as_formula=False)


def _right(reference: Reference, results: Results) -> Rights:
    """Return the right answer that a reference leads to."""
    found, keys = results[reference.name], reference.keys
    while found.inner is not None and keys and keys[0] in found.inner:
        found, keys = found.inner[keys[0]], keys[1:]
    if found.inner is not None:
        raise _missing(reference, f"has the parts {', '.join(found.inner)}", f"{{{reference.name}.i}}")
    if found.answers is None:
        raise FileError(f"Part ({found.label}) could not be worked, so that {reference.typed} has no value.",
                        hint="Mend that part first.")  # fmt: skip
    return _of_key(reference, found.answers(), keys)


def _of_key(reference: Reference, answers: Answers, keys: tuple[str, ...]) -> Rights:
    if not keys:
        right = answers.by_key.get(answers.alone)
        if right is None:
            first = next(iter(answers.by_key), "")
            raise _missing(
                reference, f"has several answers: {', '.join(answers.by_key)}", f"{{{reference.name}.{first}}}"
            )
        return right
    table, key = answers.by_key, answers.key(keys[-1])
    if len(keys) == 2:
        table = answers.parts.get(keys[0], {})
    elif keys == ("formula",) and keys[0] not in table:
        return _formula(answers.by_key.get(answers.alone))
    right = table.get(keys[-1], table.get(key))
    if right is None or len(keys) > 2:
        known = ", ".join(answers.by_key) or "none"
        raise _missing(reference, f"has no such answer; it has {known}", f"{{{reference.name}}}")
    return right


def _formula(right: Rights | None) -> Rights:
    return Right(formula=right.formula) if isinstance(right, Right) and right.formula is not None else right or Right()


def _missing(reference: Reference, why: str, example: str) -> FileError:
    return FileError(f"{reference.typed}: part ({reference.name}) {why}.", hint=f"Write it as in {example}.")
