"""Files that are large, deep, broken or meant to harm: refused at once, in a sentence; what is harmless is kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symback.problems import FileFaults, faults_of, read_sheets
from symback.problems.file.toml import LARGEST
from tests.problems.writing import Write
from tests.running import takes_less_than

HEAD = '[[problem]]\nkind = "derive"\nexpr = "x^2"\n'
DEEP = "The text goes deeper than 20 keys and brackets."
MANY = 100_000
# fmt: off
BOMBS = {
    "brackets": ("a = " + "[" * MANY, DEEP),
    "closed brackets": ("a = " + "[" * MANY + "]" * MANY, DEEP),
    "dots": ("a" + ".a" * MANY + " = 1", DEEP),
    "dots in a header": ("[a" + ".a" * MANY + "]", DEEP),
    "dots in a table": ("[[problem]]\nb = {a" + ".a" * MANY + " = 1}", DEEP),
    "braces": ("a = " + "{a = " * MANY, DEEP),
    "braces and brackets": ("a = " + "[{a = " * MANY, DEEP),
    "headers": ("[" * MANY, "A key is missing here."),
    "quotes": ('"' * MANY, "A key is followed by an equals sign."),
    "backslashes": ('a = "' + "\\" * MANY, "A text has no quotation mark at its end."),
    "digits": ("a = " + "9" * MANY, "This number has too many digits."),
    "hexadecimal digits": (HEAD + "points = 0x" + "f" * MANY, "points must be a number of at most 400 digits."),
    "an exponent": (HEAD + "points = 1e999999999", "points must be a number of at most 400 digits."),
    "problems": ("[[problem]]\n" * 10_001, "The file has more than 10,000 problems."),
    "an expression": (HEAD.replace("x^2", "x^2" * 4000), "The text has 12,000 characters; at most 10,000 are read."),
}
# fmt: on


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(write: Write, name: str) -> None:
    text, message = BOMBS[name]
    path = write(text)
    _ = faults_of(write(HEAD, "warm.toml"))  # load what reads files
    faults = faults_of(path)
    assert takes_less_than(1.0, lambda: faults_of(path))  # 0.2 s on a machine that does nothing else
    assert [fault.message for fault in faults] == [message]
    assert len(faults[0].explain()) < 1000


def test_depth_is_counted_to_twenty(write: Write) -> None:
    deepest = "answer = " + "[" * 17 + "1" + "]" * 17
    assert faults_of(write(HEAD + deepest)) == ()
    (fault,) = faults_of(write(HEAD + deepest.replace("1", "[[1]]")))
    assert (fault.line, fault.message) == (4, DEEP)


def test_as_many_keys_as_there_may_be(write: Write) -> None:
    text = "a = [" + "'',\n" * 100_001 + "]"
    assert [fault.message for fault in faults_of(write(text))] == ["The file has more than 100,000 keys and entries."]


def test_a_file_of_a_megabyte_and_one_byte(write: Write) -> None:
    assert faults_of(write((HEAD + "#" * LARGEST)[: LARGEST - 1] + "\n")) == ()
    (fault,) = faults_of(write((HEAD + "#" * LARGEST)[: LARGEST + 1]))
    assert (fault.line, fault.message) == (0, "The file is larger than 1,000,000 bytes.")


def test_a_long_line_with_many_faults_is_not_copied_for_each(write: Write) -> None:
    path = write("problem = [" + "{}, " * 9000 + "]")
    assert sum(len(fault.shown) for fault in faults_of(path)) < 2_000_000


def test_a_thousand_problems_are_read_in_little_time(write: Write) -> None:
    problem = (
        "title = 'A power'\nkind = 'derive'\nexpr = '%dx^2 y'\nwrt = ['x', 'y']\nanswer = {x = '%dx y'}\npoints = 2\n"
    )
    path = write("".join(f"[[problem]]\n{problem}" % (i, 2 * i) for i in range(1000)))
    _ = read_sheets(write(HEAD, "warm.toml"))
    assert takes_less_than(2.5, lambda: read_sheets(path))  # a fifth of it on a machine that does nothing else
    assert len(read_sheets(path)[0].problems) == 1000


# --- bytes -----------------------------------------------------------------------------------------------------------


NO_NAMES = ["../x", "/etc/passwd", "a/b", "a\\b", ".", "..", "", " ", "-x", "x" * 65, "x" * 300, "a.b", "a b",
            "\u202ex", "a\u0000b", "a\nb", "CON", "nul", "com1", "LPT9"]  # fmt: skip


def test_bytes_that_are_no_text(write: Write) -> None:
    (fault,) = faults_of(write(b"title = 'a'\ntext = 'gr\xc3\xb6\xdfe'\n"))
    assert (fault.line, fault.column) == (2, 12)
    assert str(fault).endswith("The byte 0xdf is not UTF-8 text. Save the file as UTF-8.")


@pytest.mark.parametrize(
    "data", [b"\x00" * 100, b"\xff\xfe[\x00[\x00", b"PK\x03\x04\x14", os.urandom(2000), b"\x7fELF"]
)
def test_files_that_are_something_else(write: Write, data: bytes) -> None:
    assert faults_of(write(data))


def test_marks_that_change_directions_stay_in_the_data(write: Write) -> None:
    """Whoever prints a title takes care of what it holds."""
    title = "<script>alert(1)</script> \\input{x} \u202eevil\u202c \x1b[31m"
    escaped = title.replace("\\", "\\\\").replace("\x1b", "\\u001b")
    (sheet,) = read_sheets(write(f'title = "{escaped}"\n{HEAD}title = "{escaped}"\n'))
    assert sheet.title == title
    assert sheet.problems[0].title == title


@pytest.mark.parametrize("identity", NO_NAMES)
def test_ids_that_are_no_plain_names(write: Write, identity: str) -> None:
    escaped = "".join(f"\\U{ord(c):08x}" for c in identity)
    with pytest.raises(FileFaults, match="id cannot be"):
        read_sheets(write(f'{HEAD}id = "{escaped}"\n'))


@pytest.mark.parametrize("identity", ["a", "A-1_b", "4", "übung-1", "x" * 64, "console"])
def test_ids_that_are(write: Write, identity: str) -> None:
    (sheet,) = read_sheets(write(f"{HEAD}id = '{identity}'\n"))
    assert sheet.problems[0].id == identity


@pytest.mark.parametrize("others", ["Übung", "u\u0308bung", "U\u0308BUNG", "üBUNG"])
def test_ids_that_are_one_file_on_some_disks(write: Write, others: str) -> None:
    (fault,) = faults_of(write(f"{HEAD}id = 'übung'\n{HEAD}id = '{others}'\n"))
    assert fault.line == 8
    assert "line 4" in fault.message


# --- the file itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["missing.toml", "a\x00b.toml", "x" * 300 + ".toml"])
def test_names_of_no_file(tmp_path: Path, name: str) -> None:
    (fault,) = faults_of(tmp_path / name)
    assert fault.line == 0
    assert fault.message.startswith(("The file cannot be read: ", "This is not the name of a file."))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.toml")
    assert [fault.message for fault in faults_of(tmp_path)] == ["Not a regular file."]


def test_a_file_that_may_not_be_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(HEAD)
    monkeypatch.setattr("builtins.open", refused)
    faults = faults_of(path)
    monkeypatch.undo()
    assert [fault.message for fault in faults] == ["The file cannot be read: Permission denied."]


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_sheet_with_any_piece_cut_out_or_put_in_never_raises(write: Write, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SHEET)))
    cut = data.draw(st.integers(0, 8))
    piece = data.draw(st.sampled_from(PIECES))
    faults_of(write(SHEET[:at] + piece + SHEET[at + cut :]))


PIECES = ["", "'", '"', "'''", "[", "]", "{", "}}", "{{a}}", "=", "\n", "#", "3", "\\", ".", "é"]
SHEET = """\
title = "Slopes"
[[problem]]
id = 'a'
kind = "gradient"
expr = '{{a}}x^2 + y'
wrt = ["x", "y"]
at = {x = 1, y = "1/2"}
answer.x = '2*{{a}}x'
parameters = {a = {range = [2, 9], not = [3]}}
reject = "{{a}} = 4"
[[problem]]
kind = 'backprop'
graph = '''
L = w x'''
at.w = [1.5, -2]
"""
