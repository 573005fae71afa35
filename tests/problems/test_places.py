"""Places in TOML: of every key and entry that `tomllib` finds, and of the characters in its strings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symback.problems.file.places import Lines, offset_in_string
from symback.problems.file.scanner import places_in

TEXTS = {
    "values": "a = 1\nb = -2.5e3\nc = 'x'\nd = \"y\"\ne = true\nf = 1979-05-27 07:32:00\ng = 0xff\nh = inf\n",
    "comments": "# one\na = 1 # two = 3\n   # three\n\n  b = 'x # y'   # four\n",
    "strings": 'a = \'\'\'\nx = \'y\'\n[z]\'\'\'\nb = """q\\""" r\\\\"""\n'
    'c = \'\'\nd = ""\ne = """a""""\nf = \'last\'\n',
    "dotted keys": "a.b.c = 1\na.b.d = 2\n'x y'.\"z\\u0041\" = 3\na . e = 4\n",
    "tables": "[a]\nb = 1\n[a.c]\nd = 2\n[ e . f ]\ng = 3\n",
    "lists of tables": "[[p]]\na = 1\n[p.t]\nb = 2\n[[p]]\na = 3\n"
    "[[p.q]]\nc = 4\n[[p.q]]\nc = 5\n[p.q.r]\nd = 6\n[[z]]\n",
    "lists": "a = [1, 2, 3]\nb = [[1, 2], [3, 'x']]\nc = [\n  'x', # one\n  'y',\n]\nd = []\ne = [ ]\nf = [[], [[]]]\n",
    "inline tables": "a = {b = 1, c = {d = 'x'}, e = [{f = 2}, {f = 3}]}\ng = {}\nh = { i.j = 4 }\n",
    "line ends": "\n\n  a = 1\n\n",
}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield all values of a table that are not tables, with their paths."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from leaves(entry, (*path, key))
    else:
        yield path, value
        for i, entry in enumerate(value if isinstance(value, list) else ()):
            if not isinstance(entry, dict):
                yield from leaves(entry, (*path, i))


def check(text: str) -> None:
    """Compare the span of every value with what `tomllib` says that it is."""
    places = places_in(text)
    assert (places.stopped, places.refusal, places.twice) == (-1, None, None)
    for path, value in leaves(tomllib.loads(text)):
        if not (isinstance(value, list) and any(isinstance(entry, dict) for entry in value)):
            place = places.nearest(path)
            assert place is not None, path
            span = text[place.value : place.value_end]
            assert tomllib.loads(f"v = {span}")["v"] == value, (path, span)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_value_has_its_place(text: str) -> None:
    check(text)
    check(text + "\nlast = 'one more'")


PIECES = st.sampled_from(
    ["1", "-0.5", "'x'", '"y"', "'''a\nb'''", '"""c\\\nd"""', "true", "[1, 2]", "['x', \"]\"]", "[[1], [2]]", "{}",
     "{q = 1}", "{q = 'x, y', r.s = [1]}", "[{q = 1}]", "1979-05-27", "[ # no\n 1,\n ]"]
)  # fmt: skip
KEYS = st.sampled_from(["a", "b-c", "1", "'d e'", '"f"', "g.h", "i . j", "k.'l'"])
SPACE = st.sampled_from(["", " ", "\n", "\n# c = 'd'\n", "\n\n  "])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Make a TOML text of many forms; its keys are told apart by numbers."""
    lines = []
    for i in range(draw(st.integers(1, 6))):
        header = draw(st.sampled_from(["", "", f"[t{i}]", "[[p]]", "[[p]]\n[p.u]", f"[v{i}.w]"]))
        lines.append(header)
        lines += [f"k{i}{j}.{draw(KEYS)} = {draw(PIECES)}" for j in range(draw(st.integers(0, 3)))]
        lines.append(draw(SPACE))
    return "\n".join(lines) + "\n"


@given(documents())
@settings(max_examples=80, deadline=None)
def test_places_agree_with_tomllib(text: str) -> None:
    check(text)


@given(st.text(st.sampled_from("ab=[]{}'\"\\\n#., 1_\tx\x00é"), max_size=40))
@settings(max_examples=200, deadline=None)
def test_whatever_tomllib_reads_the_scanner_reads_to_its_end(text: str) -> None:
    places = places_in(text)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert places.stopped == -1


def test_the_key_has_a_place_of_its_own() -> None:
    text = "[[problem]]\nanswer.x = 'y'\n"
    place = places_in(text).of["problem", 0, "answer", "x"]
    assert (text[place.key : place.key_end], text[place.value : place.value_end]) == ("answer.x", "'y'")


def test_an_entry_of_a_list_of_numbers_is_found_when_it_is_asked_for() -> None:
    text = "a = [1, 2.5, 1979-05-27 07:32:00, -3]"
    place = places_in(text).nearest(("a", 3))
    assert place is not None
    assert text[place.value : place.value_end] == "-3"


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("'x^2 y'", "x^2 y"),
        ("'''\nx = 'y'\nz'''", "x = 'y'\nz"),
        ('"a\\\\frac\\"b"', 'a\\frac"b'),
        ('"\\u0041\\U0001F600é"', "A\U0001f600é"),
        ('"""\na\\\n   b\\tc"""', "ab\tc"),
    ],
)
def test_a_character_of_a_string_is_found_in_the_text(literal: str, value: str) -> None:
    text = f"k = {literal}\nend = 1\n"
    assert tomllib.loads(text)["k"] == value
    offsets = [offset_in_string(text, 4, i) for i in range(len(value))]
    assert offsets == sorted(set(offsets))
    for character, offset in zip(value, offsets, strict=True):
        assert text[offset] in (character, "\\")
    assert text[offsets[-1]] in (value[-1], "\\")


@given(st.text(st.sampled_from("ab\\\"\n\t'é\U0001f600"), max_size=20))
def test_characters_that_were_escaped_are_found(value: str) -> None:
    escaped = "".join(f"\\U{ord(c):08x}" if c in '\\"\n\t' else c for c in value)
    text = f'k = "{escaped}"'
    for i, character in enumerate(value):
        at = offset_in_string(text, 4, i)
        assert text[at] == ("\\" if character in '\\"\n\t' else character)


def test_lines_and_columns() -> None:
    lines = Lines("ab\n\ncd")
    assert [lines.line_and_column(i) for i in (0, 2, 3, 4, 5)] == [(1, 1), (1, 3), (2, 1), (3, 1), (3, 2)]
    assert [lines.line(i) for i in (1, 2, 3)] == ["ab", "", "cd"]
