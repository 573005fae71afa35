"""Texts that are no TOML: a sentence that a teacher understands, at the place where it goes wrong."""

from __future__ import annotations

import pytest

from symback.problems import faults_of
from tests.problems.writing import Write

QUOTES = "Put a text between quotation marks: 'x^2 y', or ''' ... ''' for several lines."
WITHOUT_END = "A text has no quotation mark at its end."
BACKSLASH = "A backslash is not allowed between double quotation marks."
# fmt: off
SYNTAX: list[tuple[str, int, int, str]] = [
    ("title = x^2", 1, 9, "This is not a value."),
    ("title = “x”", 1, 9, "This is a quotation mark of print, not one of TOML."),
    ("\n\ntitle =", 3, 7, "This is not a value."),
    ("title 3", 1, 7, "A key is followed by an equals sign."),
    ("title: 'x'", 1, 6, "A key is followed by an equals sign."),
    ("title = 'x' text = 'y'", 1, 13, "The line should end here."),
    ('title = "x"y"', 1, 12, "The line should end here."),
    ("title = 'x\ny'", 1, 11, WITHOUT_END),
    ('title = "x\ny"', 1, 11, WITHOUT_END),
    ("a = 1\ntitle = '''x\ny\n", 2, 11, WITHOUT_END),
    ('a = 1\ntitle = """x', 2, 11, WITHOUT_END),
    ("title = 'x", 1, 9, WITHOUT_END),
    ('title = "\\sin x"', 1, 12, BACKSLASH),
    ('title = "\\u12"', 1, 12, BACKSLASH),
    ("a = [1, 2", 1, 9, "A list goes on with a comma or ends with ]."),
    ("a = [1 2]", 1, 8, "A list goes on with a comma or ends with ]."),
    ("a = {x = 1,}", 1, 12, "A key is missing here."),
    ("[problem", 1, 8, "The name of a table is followed by ]."),
    ("[[problem]\n", 1, 10, "This is followed by ]]."),
    ("= 3", 1, 1, "A line begins with a key of ordinary letters, with a table in brackets, or with #."),
    ("größe = 1", 1, 3, "A key with letters such as this one needs quotation marks."),
    ("title = 1\ntitle = 2", 2, 1, "The key 'title' is defined twice; the first is in line 1."),
    ("[[problem]]\na = 1\nb = {c = 1, c = 2}", 3, 13, "The key 'c' is defined twice; the first is in line 3."),
    ("[a]\n[a]", 2, 1, "The table 'a' is defined twice; the first is in line 1."),
    ("[[problem]]\n[problem]", 2, 9, "This table is defined twice."),
    ("a.b = 1\na.b.c = 2", 2, 9, "This key has a value already."),
    ("a = {}\na.b = 1", 2, 7, "This table is complete already."),
    ("title = \x01", 1, 9, "This is not a value."),
    ("title = '\x00'", 1, 10, "This character is not allowed here."),
    ("# \x1b", 1, 3, "This character is not allowed here."),
    ("a = " + "9" * 5000, 1, 5, "This number has too many digits."),
]
# fmt: on


@pytest.mark.parametrize(("text", "line", "column", "message"), SYNTAX, ids=[repr(row[0][:30]) for row in SYNTAX])
def test_syntax(write: Write, text: str, line: int, column: int, message: str) -> None:
    (fault,) = faults_of(write(text))
    assert (fault.line, fault.column, fault.message) == (line, column, message)


def test_the_line_is_shown_with_a_caret_and_what_to_do(write: Write) -> None:
    (fault,) = faults_of(write("[[problem]]\nexpr = x^2\n"))
    assert fault.explain().split("\n")[1:] == ["    expr = x^2", "           ^", QUOTES]


def test_what_does_not_print_is_not_printed(write: Write) -> None:
    (fault,) = faults_of(write("'a\x9b31m' = \x01\n"))
    assert all(character.isprintable() or character == "\n" for character in fault.explain())
