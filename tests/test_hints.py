"""One hint, three readers: an option for whoever typed, a key for the author of a file, an argument in Python."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import symback
from symback.errors import SymbackError
from symback.hints import mention, told
from symback.problems import faults_of
from tests.running import Run

MENTIONS = [
    (("at", "x=1/2"), "--at x=1/2", "at = {x = 1/2}", "at={'x': 1/2}"),
    (("wrt", "x,y"), "--wrt x,y", "wrt = ['x', 'y']", "wrt=['x', 'y']"),
    (("symbols", "rate"), "--symbols rate", "symbols = ['rate']", "names=['rate']"),
    (("direction", "3,-4"), "--direction 3,-4", "direction = [3, -4]", "direction=[3, -4]"),
    (("learning_rate",), "--learning-rate", "learning_rate", "learning_rate"),
]


@pytest.mark.parametrize(("key", "typed", "file", "python"), MENTIONS)
def test_a_mention_for_each_reader(key: tuple[str, ...], typed: str, file: str, python: str) -> None:
    said = f"Give {mention(*key)}."
    assert [told(said, manner) for manner in ("typed", "file", "python")] == [
        f"Give {one}." for one in (typed, file, python)
    ]


ASKED = [
    ("derive", {"expr": "x y"}, ("--wrt x", "wrt = ['x']", "wrt=['x']")),
    ("derive", {"expr": "velocity"}, ("--symbols velocity", "symbols = ['velocity']", "names=['vel")),
    ("evaluate", {"expr": "2x"}, ("--at x=2", "at = {x = 2}", "at={'x': 2}")),
    ("backprop", {"graph": "L = x^2", "at": {"y": 1}}, ("--at x=2", "at = {x = 2}", "at={'x': 2}")),
]


@pytest.mark.parametrize(("kind", "asked", "ways"), ASKED)
def test_an_error_names_the_key_as_it_was_given(
    symback: Run, tmp_path: Path, kind: str, asked: dict[str, Any], ways: tuple[str, str, str]
) -> None:
    typed, in_file, in_python = ways
    (text, *more) = (value if isinstance(value, str) else "y=1" for value in asked.values())
    assert typed in symback(kind, text, *(("--at", *more) if more else ())).err
    sheet = tmp_path / "sheet.toml"
    keys = "\n".join(f"{key} = {json.dumps(v) if isinstance(v, str) else '{y = 1}'}" for key, v in asked.items())
    sheet.write_text(f"[[problem]]\nkind = '{kind}'\n{keys}\n", encoding="utf-8")
    said = " ".join(str(fault) for fault in faults_of(sheet)) or _error(sheet).hint
    assert in_file in said
    assert "--" not in said
    with pytest.raises(SymbackError) as caught:
        _asked_in_python(kind, asked)
    assert in_python in caught.value.hint
    assert "--" not in caught.value.hint
    assert pickle.loads(pickle.dumps(caught.value)).hint == caught.value.hint


def _error(sheet: Path) -> SymbackError:
    (solution,) = symback.solve(sheet).solutions
    assert solution.error is not None
    return solution.error


def _asked_in_python(kind: str, asked: dict[str, Any]) -> None:
    if kind == "backprop":
        symback.Graph(asked["graph"]).backprop(at=asked["at"])
    else:
        getattr(symback, kind)(asked["expr"])
