"""Parts of a problem as their tables: a part has its own keys, and those of the problem that it does not say itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from symback.problems.common import Common
from symback.problems.complaints import Wrong, parted, said_kind
from symback.problems.file.messages import clipped, suggestion
from symback.problems.file.places import Path
from symback.problems.file.references import letter, roman
from symback.problems.parts.entry import Entry
from symback.problems.registry import ALSO_CALLED, kind, kinds, names

MOST = 26  # parts of a problem
OWN = frozenset(
    (
        "part",
        "id",
        "title",
        "text",
        "points",
        "hints",
        "answer",
        "picture",
        "image",
        "reject",
        "parameters",
        "space",
        "distractors",
    )
)  # keys that are not those of the parts
INSTEAD = {"expr": ("graph", "working"), "graph": ("expr", "working")}  # a part that has one does not inherit these
BRACKETS = "Begin each part with [[problem.part]]."


def with_kind(entry: Entry) -> Entry:
    """Return a problem with the kind that its keys say, where it names none, and that by its own name."""
    entry = _first_way(entry)
    given = entry.table.get("kind")
    said = ALSO_CALLED.get(given, "") if isinstance(given, str) else "" if given else said_kind(entry.table)
    return entry._replace(table={**entry.table, "kind": said}) if said else entry


def _first_way(entry: Entry) -> Entry:
    """Return a problem that has ways and no expr with the first way as its expr."""
    ways = entry.table.get("ways")
    if "expr" in entry.table or not isinstance(ways, list) or not ways[1:] or not isinstance(ways[0], str):
        return entry
    origins = {**entry.origins, "expr": (*entry.path, "ways", 0)}
    return entry._replace(table={**entry.table, "expr": ways[0], "ways": ways[1:]}, origins=origins)


def has_parts(entry: Entry) -> bool:
    """Tell whether a problem has parts: written one by one, or as a list of exercises."""
    return "part" in entry.table or is_list(entry.table)


def is_list(table: Mapping[str, Any]) -> bool:
    """Tell whether `expr` is a list of exercises, one part each.

    >>> is_list({"kind": "derive", "expr": ["x^2", "x^3"]}), is_list({"kind": "jacobian", "expr": ["x^2", "x^3"]})
    (True, False)
    """
    exprs, answers = table.get("expr"), table.get("answer")
    if not isinstance(exprs, list) or not exprs or not all(isinstance(one, str) for one in exprs):
        return False
    name = table.get("kind")
    if name is None:
        return isinstance(answers, list) and _is_flat(answers) and len(answers) == len(exprs) and "values" not in table
    name = ALSO_CALLED.get(name, name) if isinstance(name, str) else ""
    from symback.problems.file.fields import Texts

    return name in names() and "expr" in kind(name).fields and not isinstance(kind(name).fields["expr"], Texts)


def _is_flat(answers: list[Any]) -> bool:
    return not any(isinstance(one, list) for one in answers)


def with_parts(entry: Entry, wrong: list[tuple[Entry, Wrong]]) -> Entry:
    """Return a problem with its parts, each with a kind; what is wrong with their form is added to a list."""
    if not has_parts(entry):
        return with_kind(entry)
    tables = list(_tables(entry, wrong))
    if len(tables) > MOST:
        wrong.append((entry, Wrong(("part",), f"A problem has at most {MOST} parts.", "Make several problems of it.")))
    parts = tuple(_part(entry, i, *table, wrong) for i, table in enumerate(tables[:MOST]))
    made = entry._replace(parts=parts)
    for key in ("answer", "picture"):
        if key in entry.table and not is_list(entry.table):
            message = f"{key} belongs to a part, and this problem has parts."
            wrong.append((entry, Wrong((key,), message, "Write it below the [[problem.part]] it is for.", True)))
    wrong += [(entry, one) for one in _idle(made)]
    return made


def _tables(entry: Entry, wrong: list[tuple[Entry, Wrong]]) -> Iterator[tuple[dict[str, Any], dict[str, Path], Path]]:
    """Yield the table of each part, where its keys are that are not in it, and its path."""
    if "part" not in entry.table:
        yield from _listed(entry, wrong)
        return
    given = entry.table["part"]
    if isinstance(given, dict):
        wrong.append((entry, Wrong(("part",), "A part begins with two brackets on each side.", BRACKETS, True)))
        return
    if not isinstance(given, list) or not given:
        message = f"part must be a list of tables, not {clipped(given)}." if given != [] else "There are no parts."
        wrong.append((entry, Wrong(("part",), message, BRACKETS)))
        return
    for i, table in enumerate(given):
        if isinstance(table, dict):
            yield table, {}, (*entry.path, "part", i)
        else:
            wrong.append((entry, Wrong(("part", i), f"A part must be a table, not {clipped(table)}.", BRACKETS)))


def _listed(entry: Entry, wrong: list[tuple[Entry, Wrong]]) -> Iterator[tuple[dict[str, Any], dict[str, Path], Path]]:
    exprs, answers = entry.table["expr"], entry.table.get("answer")
    if answers is not None and (not isinstance(answers, list) or len(answers) != len(exprs)):
        found = len(answers) if isinstance(answers, list) else "no list"
        message = f"answer has {found}, where expr has {len(exprs)} exercises."
        wrong.append((entry, Wrong(("answer",), message, "Give an answer for each, in the same order.")))
        answers = None
    for i, expr in enumerate(exprs):
        table, origins = {"expr": expr}, {"expr": (*entry.path, "expr", i)}
        if answers is not None:
            table["answer"], origins["answer"] = answers[i], (*entry.path, "answer", i)
        yield table, origins, entry.path


def _part(
    above: Entry, number: int, table: dict[str, Any], origins: dict[str, Path], path: Path, wrong: list[Any]
) -> Entry:
    depth = len([step for step in path if step == "part"])
    label = letter(number) if not above.label else roman(number)
    own = Entry(above.source, path, dict(table), above.block, label)
    if "part" in table and depth > 1:
        message = "Parts nest once: (a), and in it (i)."
        wrong.append((own, Wrong(("part",), message, "Write these as parts of the part above.", True)))
        del own.table["part"]
    origins = {**{key: above.place((key,)) for key in _from_above(above.table, table)}, **origins}
    merged = {**{key: above.table[key] for key in origins if key in above.table}, **own.table}
    if own_expr := table.get("expr"):
        merged["expr"] = with_function(own_expr, above.table.get("expr"))
    entry = own._replace(table=merged, origins=origins)
    if has_parts(own):
        return with_parts(entry, wrong)
    return _for_its_kind(with_kind(entry), origins)


def _from_above(above: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[str]:
    dropped = {other for key in own for other in INSTEAD.get(key, ())}
    dropped |= {"at", "wrt"} if "expr" in own and "graph" in above else set()  # those are of the graph's nodes
    for key, value in above.items():
        is_list_of_exercises = key in ("expr", "answer") and isinstance(value, list) and is_list(above)
        if key not in OWN and key not in own and key not in dropped and not is_list_of_exercises:
            yield key


def _for_its_kind(entry: Entry, origins: Mapping[str, Path]) -> Entry:
    """Return a part without the keys from above that its kind does not have; a choice with an answer asks itself."""
    name = entry.table.get("kind")
    known: set[str] = {"kind", *Common.fields}
    known |= set(kind(name).fields) if isinstance(name, str) and name in names() else set(origins)
    if name == "choice" and "answer" in entry.table:
        known = {"kind", *Common.fields}
    table = {key: value for key, value in entry.table.items() if key in known or key not in origins}
    return entry._replace(table=table, origins={key: path for key, path in origins.items() if key in table})


def _idle(entry: Entry) -> Iterator[Wrong]:
    """Yield the keys of a problem that none of its parts can have."""
    found = {leaf.table.get("kind") for leaf in entry.leaves()}
    if not found <= set(names()):
        return
    known = {"part", "kind", *Common.fields, *(key for name in found for key in kind(str(name)).fields)}
    anywhere = {*known, *(key for one in kinds().values() for key in one.fields)}
    for key in entry.table:
        if key not in known and key not in entry.origins:
            near = suggestion(key, anywhere)
            hint = f"Did you mean {near}?" if near and near != key else f"The keys are {', '.join(sorted(known))}."
            yield Wrong((key,), f"There is no key {clipped(key)} in the parts of this problem.", hint, is_key=True)


# --- functions of the problem in its parts -------------------------------------------------------------------------

_DEFINITION = re.compile(r"\s*([^\W\d_])\s*\([^()=]*\)\s*=(?!=)")


def with_function(own: Any, above: Any) -> Any:
    """Return the expression of a part, with the definition of the problem's function where it is used.

    >>> with_function("2f(x^2)", "f(x) = x^3"), with_function("x + 1", "f(x) = x^3"), with_function("f", "f(x) = x^3")
    ('2f(x^2); f(x) = x^3', 'x + 1', 'f(x) = x^3')
    """
    found = _DEFINITION.match(above) if isinstance(above, str) and isinstance(own, str) else None
    if found is None or _DEFINITION.match(own):
        return own
    if own.strip() == found[1]:
        return above
    is_used = re.search(rf"(?<![^\W\d_]){re.escape(found[1])}\s*(?:'|\(|_)", own)
    return f"{own}; {above.strip()}" if is_used else own


def own_keys(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a problem with parts that are for itself: its words, points and hints."""
    common, _ = parted({key: value for key, value in table.items() if key not in ("part", "kind", "answer", "picture")})
    return common
