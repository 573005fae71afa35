"""Names of output files: safe on every system, readable where they can be."""

from __future__ import annotations

import re

import pytest

from symback.batch.names import LONGEST, safe_name

KEPT = ["a", "week_1", "Sheet-2", "2024.exercises", "a--b", "x_y.z"]
CHANGED = [
    ("Übung 3", "Ubung-3"),
    ("Straße", "Strasse"),
    ("../x", "x"),
    ("/etc/passwd", "etc-passwd"),
    ("a\\b", "a-b"),
    ("CON", "CON_"),
    ("con.x", "con_.x"),
    ("lpt1", "lpt1_"),
    (".symback", "symback"),
    ("-rf", "rf"),
    ("a. ", "a"),
    ("a\x00b", "a-b"),
    ("a\x1b[31mb", "a-31mb"),
    ("x\u202egpj", "x-gpj"),
    ("<script>", "script"),
]


@pytest.mark.parametrize("name", KEPT)
def test_a_good_name_is_kept(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(("name", "safe"), CHANGED)
def test_a_bad_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["微分", "...", "", "練習 2", "練習 3", "a" * 300, "\ud800", "ä" * 300, "-", "😀"])
def test_every_name_is_safe_and_short(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", safe_name(name))
    assert len(safe_name(name)) <= LONGEST


def test_names_that_lost_something_stay_different() -> None:
    names = ["練習一", "練習二", "a" * 300, "a" * 299, "", "."]
    assert len({safe_name(name) for name in names}) == len(names)
