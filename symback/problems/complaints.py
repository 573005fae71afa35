"""What is wrong with the keys of a problem, as sentences a teacher reads, each with the path of its key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from symback.problems.common import Common, Head
from symback.problems.file.messages import clipped, suggestion
from symback.problems.file.places import Path
from symback.problems.file.ranges import Values
from symback.problems.file.tables import Missing, Unknown
from symback.problems.file.values import Refused
from symback.problems.registry import kind, kinds, names


class Wrong(NamedTuple):
    """What is wrong with a key, or with its value."""

    path: Path
    message: str
    hint: str = ""
    is_key: bool = False


def of_problem(table: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield everything that is wrong with the keys of a problem; its kind is among them, or said by them."""
    name = table.get("kind")
    if not isinstance(name, str) or name not in names():
        yield _no_kind(table) if "kind" not in table else _unknown_kind(name)
        yield from _unknown_keys(table)
        return
    given = {key: value for key, value in table.items() if key != "kind"}
    common, own = parted(given)
    its = kind(name)
    faults = (*Common.faults(common), *its.faults(own))
    for refused in faults or its.answered(own, common.get("answer")):
        yield _wrong(refused, name)


def of_common(given: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield everything that is wrong with the keys that every problem may have."""
    return (_wrong(refused, "") for refused in Common.faults(given))


def of_total(table: Mapping[str, Any], parts: Iterable[Mapping[str, Any]]) -> Iterator[Wrong]:
    """Yield that a problem gives other points than its parts together, where all of them have points."""
    whole, *each = (points_together(one.get("points")) for one in (table, *parts))
    numbers = [one for one in each if one is not None]
    if whole is None or len(numbers) < len(each) or abs(float(whole) - float(sum(numbers))) < 1e-9:
        return
    message = f"The problem gives {whole} points, its parts together {float(sum(numbers)):g}."
    yield Wrong(("points",), message, "Leave out points of the problem, which are those of its parts together.")


def points_together(given: Any) -> Any:
    """Return how many points are given, of a table the sum.

    >>> points_together({"rule": 1, "answer": 2}), points_together(None)
    (3, None)
    """
    return sum(given.values()) if isinstance(given, Mapping) else given


def parted(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the keys that every problem may have, and the others."""
    common = {key: value for key, value in given.items() if key in Common.fields}
    return common, {key: value for key, value in given.items() if key not in Common.fields}


def of_head(table: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield everything that is wrong with the keys that stand above the problems of a file."""
    yield from (_wrong(refused, "") for refused in Head.faults(table))
    defaults = table.get("defaults")
    kind = defaults.get("kind") if isinstance(defaults, dict) else None
    if isinstance(kind, str) and kind not in names():
        yield _unknown_kind(kind)._replace(path=("defaults", "kind"))


def _wrong(refused: Refused, kind: str) -> Wrong:
    path = refused.path
    match refused:
        case Unknown():
            return _unknown_key(path, kind)
        case Missing():
            return _missing(path, kind)
    return Wrong(path, f"{dotted(path) or f'A problem of kind {kind}'} {refused.said}.", refused.hint)


def dotted(path: Iterable[Any]) -> str:
    """Return a path as people write it.

    >>> dotted(("at", "x", 0))
    'at.x[0]'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text if text.isprintable() and len(text) <= 80 else clipped(text)


def _missing(path: Path, kind: str) -> Wrong:
    return Wrong((), f"A problem of kind {kind} needs {path[-1]}.", f"Write {kinds()[kind].example}.")


# --- keys that are not known -----------------------------------------------------------------------------------------


def _unknown_key(path: Path, kind: str) -> Wrong:
    key = str(path[-1])
    if len(path) > 1:
        known, where = list(Values.fields), f"in {dotted(path[:-1])}"
    elif kind:
        known, where = [*kinds()[kind].fields, *Common.fields], f"in a problem of kind {kind}"
    else:
        known, where = [*Head.fields, "problem"], "above the problems"
    near = suggestion(key, known)
    return Wrong(path, f"There is no key {clipped(key)} {where}.", _hint(key, near, known, kind), is_key=True)


def _hint(key: str, near: str, known: list[str], kind: str) -> str:
    if near:
        return f"Did you mean {near}?"
    homes = [name for name, one in kinds().items() if key in one.fields or key in Common.fields]
    if homes:
        return f"It belongs to {'a problem' if not kind else 'the kind ' + ' and '.join(homes)}."
    return f"The keys are {', '.join(known)}."


def _unknown_keys(table: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield the keys that no kind has, for a problem whose kind is not known."""
    known = {"kind", *Common.fields, *(key for one in kinds().values() for key in one.fields)}
    for key in table:
        if key not in known:
            near = suggestion(key, known)
            hint = f"Did you mean {near}?" if near else ""
            yield Wrong((key,), f"There is no key {clipped(key)} in a problem.", hint, is_key=True)


# --- the kind --------------------------------------------------------------------------------------------------------


def said_kind(table: Mapping[str, Any]) -> str:
    """Return the kind that the keys of a problem say, "" where they say none or could be of several.

    >>> said_kind({"expr": "x^2"}), said_kind({"graph": "L = w x", "data": "a.csv"}), said_kind({"title": "A power"})
    ('derive', 'train', '')
    """
    fitting = _fitting(table)
    given = set(table)
    said = [name for name in fitting if (keys := set(kinds()[name].said_by)) and keys <= given]
    most = [name for name in said if not any(set(kinds()[name].said_by) < set(kinds()[o].said_by) for o in said)]
    one = most or fitting
    return one[0] if len(one) == 1 else ""


def _fitting(table: Mapping[str, Any]) -> list[str]:
    """Return the kinds that have the keys of a problem; where all values are right for some, those alone.

    Keys that no kind has are typing errors: they are told, and say nothing of the kind.
    """
    _, own = parted(table)
    given = {key: value for key, value in own.items() if any(key in one.fields for one in kinds().values())}
    if not given:
        return []
    right = [name for name, one in kinds().items() if one.fits(given)]
    return right or [n for n, one in kinds().items() if one.needs() <= given.keys() <= one.fields.keys()]


def _no_kind(table: Mapping[str, Any]) -> Wrong:
    found = _fitting(table)
    if len(found) > 1:
        return Wrong((), f"The problem has no kind, and its keys fit {_listed(found)}.", f"Write kind = '{found[0]}'.")
    return Wrong((), "The problem has no kind.", f"The kinds are {', '.join(names())}.")


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _unknown_kind(given: Any) -> Wrong:
    if not isinstance(given, str):
        return Wrong(("kind",), f"kind must be a text, not {clipped(given)}.", f"The kinds are {', '.join(names())}.")
    near = suggestion(given, names())
    hint = f"Did you mean {near}?" if near else f"The kinds are {', '.join(names())}."
    return Wrong(("kind",), f"There is no kind {clipped(given)}.", hint)
