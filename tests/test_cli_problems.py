"""`symback validate` and `symback schema` as a person uses them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from symback.problems.json_schema import schema
from tests.running import Run

GOOD = '[[problem]]\nkind = "derive"\nexpr = "x^2"\n'
BAD = '[[problem]]\nkind = "derive"\nexpr = "x^2"\nwtr = "x"\norder = 0\n'


def test_a_file_without_faults(symback: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(GOOD * 12)
    assert symback("validate", str(path)) == (0, f"{path}: 12 problems, no faults\n", "")


def test_every_fault_with_its_line_and_a_caret(symback: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(BAD)
    code, out, err = symback("validate", str(path))
    assert (code, out) == (3, "")
    assert (
        err
        == f"""\
{path}:4:1: There is no key 'wtr' in a problem of kind derive.
    wtr = "x"
    ^^^
Did you mean wrt?

{path}:5:9: order must be a whole number from 1 to 20, not 0.
    order = 0
            ^

{path}: 2 faults
"""
    )


def test_a_folder_and_a_file(symback: Run, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "good.toml").write_text(GOOD)
    (tmp_path / "a" / "bad.toml").write_text(BAD)
    (tmp_path / "lecture.md").write_text(f"```symback\n{GOOD}```\n")
    code, out, err = symback("validate", str(tmp_path / "a"), str(tmp_path / "lecture.md"), str(tmp_path / "none.toml"))
    assert code == 3
    assert out == f"{tmp_path}/a/good.toml: 1 problem, no faults\n{tmp_path}/lecture.md: 1 problem, no faults\n"
    assert f"{tmp_path}/a/bad.toml: 2 faults\n" in err
    assert f"{tmp_path}/none.toml: The file cannot be read: No such file or directory." in err


def test_faults_as_json(symback: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(BAD)
    code, out, err = symback("validate", str(path), "--format", "json")
    assert (code, err) == (3, "")
    first, second = json.loads(out)
    assert first == {
        "file": str(path), "line": 4, "column": 1, "message": "There is no key 'wtr' in a problem of kind derive.",
        "hint": "Did you mean wrt?",
    }  # fmt: skip
    assert (second["line"], second["column"]) == (5, 9)
    path.write_text(GOOD)
    assert symback("validate", str(path), "--format", "json") == (0, "[]\n", "")


def test_remarks_are_no_faults(symback: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(GOOD + "parameters = {a = {range = [1, 2]}}\n")
    code, out, err = symback("validate", str(path))
    assert (code, out) == (0, f"{path}: 1 problem, no faults\n")
    assert err.startswith(f"note: {path}:4:15: The parameter a is not used.")


def test_a_name_with_escape_codes_is_not_printed_as_such(symback: Run, tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\u202e.toml"
    for text in (GOOD, BAD):
        path.write_text(text)
        _, out, err = symback("validate", str(path))
        assert all(character.isprintable() or character == "\n" for character in out + err)


def test_without_a_file(symback: Run) -> None:
    code, _, err = symback("validate")
    assert code == 2
    assert "Missing argument" in err


def test_the_schema(symback: Run) -> None:
    code, out, err = symback("schema")
    assert (code, err) == (0, "")
    assert json.loads(out) == schema()
    assert out == json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("command", ["validate", "schema"])
def test_help_loads_nothing(command: str) -> None:
    program = (
        "import sys; from symback.__main__ import run; code = run(sys.argv[1:]);"
        "heavy = {'sympy', 'numpy', 'pydantic', 'markdown_it', 'rich'} & set(sys.modules);"
        "print(sorted(heavy), file=sys.stderr); sys.exit(code)"
    )
    run = [sys.executable, "-c", program, command, "--help"]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    assert f"symback {command}" in done.stdout
