"""The laws as tables for people, `symback rules`, with --integrals or --limits, and the pages of docs made from them.

Every law has its example beside it, and the worked example is derived when the page is made, never written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from symback.calculus import laws
from symback.calculus.derive import derive
from symback.calculus.integrals import integrate
from symback.calculus.integrals import laws as integral_laws
from symback.calculus.limits import laws as limit_laws
from symback.calculus.limits import limit
from symback.cli.columns import table
from symback.expr.rule import Derivation, Rule
from symback.page import render
from symback.page.layout import wrapped
from symback.result import Result

WIDEST_LAW = 56  # characters
WIDTH = 110  # characters of a line, where no terminal says how wide it is
RULES = """\
# The rules

Made by `symback rules --format markdown`. The law shown here is the law that is run. `D(u)` is the derivative of
u by x and `D(u, v)` that by v; `x` is the variable, `c` and `n` are free of it, `k` is a number, `f` a function of one
argument, every other letter stands for anything.
"""
INTEGRALS = """\
# The rules of integration

Made by `symback rules --integrals --format markdown`. The law shown here is the law that is run, where its condition
holds. `I(u)` is the integral of u by x; `x` is the variable, `c`, `k` and `n` are free of it, every other letter stands
for anything.
"""
LIMITS = """\
# The laws of limits

Made by `symback rules --limits --format markdown`: the methods, then the limits that are known by heart, then functions
far out. `x` is the variable, `c` is a constant, every other letter stands for anything that tends to what is said.
"""


class Entry(NamedTuple):
    """A law in the table: when it holds ("n != -1"; "" is always), its example, and how that is worked out."""

    rule: Rule
    example: str
    work: Callable[[Entry], Result | None]
    condition: str = ""

    @property
    def name(self) -> str:
        return self.rule.name

    @property
    def law(self) -> str:
        return f"{self.rule.law}, {self.condition}" if self.condition else self.rule.law


def find(name: str = "", entries: Sequence[Entry] | None = None) -> list[Entry]:
    """Return the laws of that name, else those whose name begins with it, else those that hold it in name or law."""
    wanted = name.casefold().strip()
    names = [(entry, entry.rule.name.casefold()) for entry in _together(derivatives() if entries is None else entries)]
    return (
        [entry for entry, own in names if own == wanted]
        or [entry for entry, own in names if own.startswith(wanted)]
        or [entry for entry, own in names if wanted in f"{own} {entry.law}".casefold()]
    )


def find_integrals(name: str = "") -> list[Entry]:
    """Return the laws of integration of that name; see `find`."""
    return find(name, list(integrals()))


def find_limits(name: str = "") -> list[Entry]:
    """Return the laws of limits of that name; see `find`."""
    return find(name, list(limits()))


def derivatives() -> list[Entry]:
    """Return the laws of differentiation."""
    return [Entry(rule, laws.example_of(rule), derived) for rule in laws.RULES]


def integrals() -> Iterator[Entry]:
    """Yield the laws of integration: those of sums and products, then the table."""
    yield from (Entry(rule, example, integrated) for rule, example in integral_laws.EXAMPLES.items())
    for law in integral_laws.LAWS:
        conditions = ", ".join(f"{c.letter} {c.sign} {c.value}" for c in law.conditions)
        yield Entry(law.rule, law.example, integrated, conditions)


def limits() -> Iterator[Entry]:
    """Yield the laws of limits."""
    yield from (Entry(rule, example, worked_limit) for rule, example in limit_laws.examples())


def _together(entries: Sequence[Entry]) -> list[Entry]:
    """Return all laws, those of one name together, where the first of them is."""
    together: dict[str, list[Entry]] = {}
    for entry in entries:
        together.setdefault(entry.rule.name, []).append(entry)
    return [entry for of_one_name in together.values() for entry in of_one_name]


def as_text(entries: Sequence[Entry], width: int = WIDTH) -> str:
    """Return the table as aligned columns: name, law, example; below each other where that is too wide."""
    names = [entry.rule.name for entry in entries]
    shown = ["" if name == before else name for before, name in pairwise(["", *names])]
    rows = [(name, entry.law, entry.example) for name, entry in zip(shown, entries, strict=True)]
    return "\n".join(table(rows, width, WIDEST_LAW))


def as_text_with_examples(entries: Sequence[Entry], width: int = WIDTH) -> str:
    """Return each law with its example worked out."""
    heads = ("\n".join(wrapped(f"{entry.rule.name}: {entry.law}", width, "", "    ")) for entry in entries)
    worked = (worked_text(entry, width) for entry in entries)
    return "\n\n".join("\n".join(filter(None, parts)) for parts in zip(heads, worked, strict=True))


def as_markdown(entries: Sequence[Entry]) -> str:
    """Return a page with a section for each name, and each of its laws with its example worked out."""
    heads: dict[object, str] = {integrated: INTEGRALS, worked_limit: LIMITS}
    parts = [heads.get(entries[0].work, RULES) if entries else RULES]
    previous = ""
    for entry in entries:
        heading = "" if entry.rule.name == previous else f"## {entry.rule.name}\n\n"
        example = worked_text(entry)
        block = f"\n\n```text\n{example}\n```" if example else ""
        parts.append(f"{heading}`{entry.law}`{block}\n")
        previous = entry.rule.name
    return "\n".join(parts)


def as_json(entries: Sequence[Entry]) -> str:
    """Return one object for each law, one a line."""
    return "\n".join(json.dumps(_object(entry), ensure_ascii=False) for entry in entries)


def _object(entry: Entry) -> dict[str, object]:
    rule = entry.rule
    condition = {"condition": entry.condition} if entry.condition else {}
    return {"schema": 1, "name": rule.name, "law": rule.law, "example": entry.example, "minor": rule.minor} | condition


def worked_text(entry: Entry, width: int = WIDTH) -> str:
    """Return the example worked out in text; empty where the example does not use the law."""
    result = entry.work(entry)
    return "" if result is None else render(result, "text", "full", width=width, notes=False)


def derived(entry: Entry) -> Derivation | None:
    """Derive the example by the first strategy that uses the law; None where none does (a test finds that)."""
    for strategy in laws.STRATEGIES:
        derivation = derive(entry.example, "x", strategy=strategy)
        if any(move.rule == entry.rule for move in derivation.moves):
            return derivation
    return None


def integrated(entry: Entry) -> Result | None:
    """Integrate the example; None where another law is used (a test finds that)."""
    found = integrate(entry.example, "x")
    return found if any(entry.rule.name in move.rule.name for move in found.moves) else None


def worked_limit(entry: Entry) -> Result | None:
    """Find the limit of the example; None where another law is used (a test finds that)."""
    found = limit(entry.example)
    return found if any(entry.rule.name in move.rule.name for move in found.moves) else None
