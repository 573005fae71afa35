"""What the page can ask, without a server: every kind by its declaration, errors with their places, no files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from symback import cli
from symback.problems.registry import kind, names
from symback.web import guard
from symback.web.assets import assets
from symback.web.forms import example_of, forms
from symback.web.reading import read
from symback.web.side import NAMES, Reply, answer, functions
from symback.web.typed import nested, text_of, value_of

SHEET = '[[problem]]\nkind = "derive"\nexpr = "x^2"\n\n[[problem]]\nkind = "backprop"\ngraph = "L = a b"\n'


MORE = {"derive": {"wrt": "x"}}  # what an example needs beside itself


def asked(path: str, given: Any) -> tuple[int, Any]:
    reply: Reply = answer(path, given if isinstance(given, bytes) else json.dumps(given).encode())
    return reply.status, json.loads(reply.content)


def texts(name: str) -> dict[str, str]:
    return {key: text_of(value) for key, value in example_of(kind(name)).items()}


@pytest.mark.parametrize("name", [name for name in names() if kind(name).does])
def test_every_kind_has_a_form_and_its_example_is_answered(name: str) -> None:
    form = forms()["kinds"][name]
    assert [field["key"] for field in form["fields"]]
    assert all(field["says"] and "--" not in field["says"] for field in form["fields"])
    assert form["example"].keys() >= kind(name).needs()
    status, found = asked("side/work", {"kind": name, "fields": texts(name) | MORE.get(name, {})})
    assert status == 200, found
    assert "<" in found["steps"]
    assert found["data"]["schema"] == 1


@pytest.mark.parametrize("name", [name for name in names() if kind(name).does])
def test_what_a_form_shows_is_read_back(name: str) -> None:
    for key, value in example_of(kind(name)).items():
        field = kind(name).fields[key]
        again = value_of(field, text_of(value))
        assert text_of(field.check(again)) == text_of(field.check(value))


@pytest.mark.parametrize(
    "fields",
    [{"expr": "3x^2 y", "wrt": "x"}, {"expr": "x^2", "at": {"x": 2}}, {"expr": "x^3", "order": 2, "detail": "full"}],
)
def test_the_api_says_what_the_command_line_says(fields: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    at = [f"--at={name}={value}" for name, value in fields.get("at", {}).items()]
    plain = [f"--{key}={value}" for key, value in fields.items() if key not in ("expr", "at")]
    cli.run(["derive", fields["expr"], *plain, *at, "--format", "json"])
    assert asked("api/derive", fields) == (200, json.loads(capsys.readouterr().out))


ERRORS = [
    ("api/derive", {"expr": "2 sin x +"}, "parse", 8),
    ("api/derive", {}, "usage", None),
    ("api/derive", {"expr": "x", "wtr": "x"}, "usage", None),
    ("api/derive", {"expr": 3}, "usage", None),
    ("api/nothing", {}, "usage", None),
    ("api/derive", b"[1]", "usage", None),
    ("api/derive", b"{", "usage", None),
    ("api/derive", b'{"order": NaN}', "usage", None),
    ("api/derive", b"[" * 50_000, "usage", None),
    ("api/derive", b'{"order": ' + b"9" * 50_000 + b"}", "usage", None),
    ("api/derive", b"\xff", "usage", None),
    ("api/derive", {"expr": "x^2", "parameters": {"a": [1, 2]}}, "usage", None),
    ("side/read", {"kind": "derive", "fields": {"expr": "x^"}}, "parse", None),
    ("side/work", {"kind": ["derive"]}, "usage", None),
    ("side/work", {"kind": "derive", "fields": "x"}, "usage", None),
    ("side/graph", {"fields": {"graph": "L = a b", "at": "a=[1"}}, "usage", None),
    ("side/export", {"kind": "derive", "fields": {"expr": "x"}, "format": "exe"}, "usage", None),
    ("side/problem", {"text": SHEET, "number": 9}, "usage", None),
    ("side/sheet", {"text": 3}, "usage", None),
]


@pytest.mark.parametrize(("path", "given", "code", "at"), ERRORS)
def test_an_error_is_the_error_object(path: str, given: Any, code: str, at: int | None) -> None:
    status, found = asked(path, given)
    assert (status, found["schema"], found["error"]["code"]) == (422, 1, code)
    assert "bug" not in found["error"]["message"]
    assert at is None or found["error"]["at"] == at


def test_the_page_is_told_where_an_error_is() -> None:
    _, found = asked("side/read", {"kind": "derive", "fields": {"expr": "x^2", "at": "x=2+"}})
    assert found["error"]["text"]
    assert found["error"]["end"] > found["error"]["at"]


READINGS = [
    ("1/2x", "1/2x", "1/(2x)"),
    ("e^2x", "e^2x", "e^(2x)"),
    ("log x", "log x", "log_10 x"),
    ("log(x)", "log(x)", "log_10(x)"),
]


@pytest.mark.parametrize(("text", "before", "after"), READINGS)
def test_a_note_switches_the_reading(text: str, before: str, after: str) -> None:
    found = read({"kind": "derive", "fields": {"expr": text}})
    switched = [note["switch"]["text"] for note in found["notes"] if note["switch"]]
    assert switched == [text.replace(before, after)]
    assert "<math" in found["task"]


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("api/train", {"graph": "L = mse(w x, y)", "data": "/etc/hostname.csv"}),
        ("api/train", {"graph": "L = mse(w x, y)", "data": {"file": "x.csv"}}),
        ("side/problem", {"text": '[[problem]]\nkind = "train"\ngraph = "L = w x"\ndata = "../a.csv"', "number": 1}),
    ],
)
def test_no_file_is_read(path: str, given: Any) -> None:
    status, found = asked(path, given)
    assert status == 422
    assert "bug" not in found["error"]["message"]


def test_a_question_is_held_to_its_folder(tmp_path: Path) -> None:
    import subprocess
    import sys

    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    inside = tmp_path / "own"
    inside.mkdir()
    (inside / "sheet.toml").write_text("own")
    program = f"""
import subprocess, socket
from symback.web import guard
guard.install()
def tries(work):
    try:
        work()
        return "done"
    except guard.Refused:
        return "refused"
with guard.watched({str(inside)!r}):
    print(tries(lambda: open({str(inside / "sheet.toml")!r}).read()), tries(lambda: open({str(outside)!r}).read()),
          tries(lambda: open({str(outside)!r}, "w")), tries(lambda: subprocess.run(["true"])),
          tries(lambda: socket.socket()), tries(lambda: __import__("wave")))
print(tries(lambda: open({str(outside)!r}).read()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["done", "refused", "refused", "refused", "refused", "done", "done"]


def test_a_sheet_has_faults_with_places_or_a_page() -> None:
    _, wrong = asked("side/sheet", {"text": SHEET.replace("expr", "exrp")})
    assert [(fault["line"], fault["column"]) for fault in wrong["faults"]] == [(1, 1), (3, 1)]
    _, right = asked("side/sheet", {"text": SHEET})
    assert (right["faults"], len(right["problems"])) == ([], 2)
    status, second = asked("side/problem", {"text": SHEET, "number": 2, "show": "answers"})
    assert (status, "<math" in second["html"], "details" in second["html"]) == (200, True, False)
    reply = answer("side/sheet-export", json.dumps({"text": SHEET, "format": "markdown"}).encode())
    assert (reply.status, reply.file) == (200, "sheet.md")
    assert b"$x^{2}$" in reply.content


def test_a_graph_has_a_step_for_each_node_in_each_pass() -> None:
    _, found = asked("side/graph", {"fields": {"graph": "d = 2b; e = a + d; L = c e", "at": "a=3,b=1,c=-2"}})
    assert [(step["pass"], step["node"]) for step in found["steps"]] == [
        ("forward", "d"), ("forward", "e"), ("forward", "L"), ("seed", "L"),
        ("backward", "e"), ("backward", "d"), ("backward", "c"), ("backward", "a"), ("backward", "b"),
    ]  # fmt: skip
    assert {spot["node"] for spot in found["spots"]} == set("abcdeL")
    assert found["svg"].count("<g>") == len(found["spots"])


@pytest.mark.parametrize("name", [row["name"] for row in forms()["formats"] if "sheet" in row["uses"]])
def test_every_format_is_saved(name: str) -> None:
    given = {"kind": "derive", "fields": {"expr": "x^2 sin x"}, "format": name}
    reply = answer("side/export", json.dumps(given).encode())
    assert (reply.status, reply.type) == (200, "application/octet-stream")
    assert reply.file.startswith("derive.")


def test_a_rule_opens_its_law() -> None:
    _, found = asked("side/rule", {"name": "product rule", "law": "D(u*v) = D(u)*v + u*D(v)"})
    (only,) = found["laws"]
    assert "<math" in only["law"]
    assert "product rule" in only["example"]


def test_arrays_are_read_and_written() -> None:
    assert nested("[[1, -2], [sqrt(2), 1/2]]") == [[1, -2], ["sqrt(2)", "1/2"]]
    assert text_of({"W": [[1, 2]], "a": 3}) == "W=[[1, 2]]; a=3"


def test_all_names_are_answered_and_all_files_are_there() -> None:
    assert set(functions()) == set(NAMES)
    page = assets()["index.html"].content.decode()
    assert all(name in assets() for name in ("app.js", "page.css", "writers.css", "icon.svg", "worker.js"))
    assert "http://" not in page
    assert "https://" not in page
    assert not any(b"innerHTML" in one.content for one in assets().values())
    assert guard.Refused.__mro__[1] is PermissionError
