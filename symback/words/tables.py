"""The tables of words: those that come with symback, and those of authors, read and compared with the German one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from symback.words.table import ENGLISH, HOLE, Words

LANGUAGES = ("en", "de")
COMPLETE = "de"  # the table that has every sentence
SETTINGS = ("decimal",)


@lru_cache(maxsize=8)
def words_of(code: str) -> Words:
    """Return the words of a language that comes with symback, by its code or one like de-AT; else English ones."""
    base = code.partition("-")[0].lower()
    if base not in LANGUAGES or base == "en":
        return ENGLISH
    table = tomllib.loads(text_of(base))
    return Words(base, entries_of(table), str(table.get("decimal", ".")))


def text_of(code: str) -> str:
    """Return the table of a language as it is written in its file."""
    return (files("symback.words") / f"{code}.toml").read_text(encoding="utf-8")


def entries_of(table: Mapping[str, Any]) -> dict[str, str]:
    """Return the sentences of a table; the headings of its parts are for people."""
    return {key: said for part in table.values() if isinstance(part, dict) for key, said in part.items()}


def faults_of_table(table: Mapping[str, Any], whole: bool = True) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what is wrong with an author's table: the path of the key, and a sentence; a `whole` one lacks nothing."""
    known = words_of(COMPLETE).entries
    decimal = table.get("decimal", ".")
    if decimal not in (".", ","):
        yield ("decimal",), 'decimal must be "." or ",".'
    given: set[str] = set()
    for name, part in table.items():
        if name in SETTINGS:
            continue
        if not isinstance(part, dict):
            yield (name,), f"{name} must be a part of the table with sentences in it."
            continue
        for key, said in part.items():
            given.add(key)
            yield from (((name, key), message) for message in _faults_of_entry(key, said, known))
    missing = [key for key in known if key not in given]
    if whole and missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        yield (), f"The table lacks {', '.join(map(repr, missing[:3]))}{more}."


def _faults_of_entry(key: str, said: Any, known: Mapping[str, str]) -> Iterator[str]:
    if key not in known:
        yield f"No page has the words {key!r}."
    elif not isinstance(said, str) or not said.strip():
        yield f"The words for {key!r} must be a text."
    elif set(HOLE.findall(said)) - set(HOLE.findall(key)):
        yield f"The words for {key!r} have a hole that the English ones do not have."
