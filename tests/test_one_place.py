"""What CONTRIBUTING promises of a law and of a format of documents: one place is touched, and all of symback knows it.

Each is added to a copy of the package, as a contributor would. The other promises: a function and a loss in
`test_one_row.py`, an operation on arrays in `graph/test_table.py`, a kind of problem in `problem/test_one_file.py`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import symback

PACKAGE = Path(symback.__file__).parent
SHEET = "title = 'Slopes'\n[[problem]]\ntitle = 'A power'\nkind = 'derive'\nexpr = 'x^3'\nanswer = '3x^2'\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder that holds a copy of the package."""
    shutil.copytree(PACKAGE, tmp_path / "copy" / "symback")
    return tmp_path / "copy"


def run(copy: Path, *args: str) -> str:
    """Return what a command of the copy says."""
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    command = [sys.executable, "-m", "symback", *args]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", env=environment, cwd=copy, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def insert(copy: Path, file: str, line: str, before: str) -> None:
    """Write one line into a file of the copy, before the one line that holds a text."""
    path = copy / "symback" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, line + before), encoding="utf-8")


def test_a_law_is_one_line(copy: Path) -> None:
    above = '    ("quotient rule",          "D(u/v) = (D(u)*v - u*D(v))/v^2", "x^2/y"),\n'
    insert(copy, "calculus/laws.py", '    ("reciprocal rule", "D(1/v) = -D(v)/v^2", "1/(x^2 + 1)"),\n', above)
    derived = run(copy, "derive", "1/(x^2 + 1)", "--strategy", "literal")
    assert "reciprocal rule" in derived
    assert "verified at 12 points" in derived
    assert "D(1/v) = -D(v)/v^2" in run(copy, "rules", "reciprocal rule")


def test_a_wrong_law_is_withheld(copy: Path) -> None:
    above = '    ("quotient rule",          "D(u/v) = (D(u)*v - u*D(v))/v^2", "x^2/y"),\n'
    insert(copy, "calculus/laws.py", '    ("reciprocal rule", "D(1/v) = D(v)/v^2", "1/(x^2 + 1)"),\n', above)
    with pytest.raises(AssertionError, match=r"changes the value\.\s+It is withheld\."):
        run(copy, "derive", "1/(x^2 + 1)", "--strategy", "literal")


ASCIIDOC = '''
"""A document as AsciiDoc."""

from collections.abc import Sequence
from typing import Any

from symback.page.writers import Format
from symback.page.page import Cover, Section
from symback.page.page import plain_words
from symback.page.prose import cleaned


def part(solution: Any, section: Section, show: str) -> str:
    """Return one problem."""
    steps = sum(len(getattr(block, "rows", ())) for block in section.steps)
    return f"== {plain_words(section.title)}\\n\\n{steps} lines\\n"


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the whole document."""
    return "\\n".join([f"= {cleaned(cover.title)}\\n", *parts])


FORMAT = Format("asciidoc", part, document)
'''


@pytest.mark.slow
def test_a_format_is_one_file_and_one_row(copy: Path, tmp_path: Path) -> None:
    insert(copy, "formats.py", '    _row("asciidoc", "AsciiDoc", ".adoc", "result sheet"),\n', "]  # fmt: skip")
    (copy / "symback/page/writers/asciidoc.py").write_text(ASCIIDOC.lstrip(), encoding="utf-8")
    for command in ("derive", "backprop", "train", "solve"):
        assert "asciidoc" in run(copy, command, "--help")
    assert run(copy, "derive", "x^3", "--format", "asciidoc").startswith("= ")
    run(copy, "derive", "x^3", "-o", str(tmp_path / "slope.adoc"))
    assert (tmp_path / "slope.adoc").read_text(encoding="utf-8").startswith("= ")
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "slopes.toml").write_text(SHEET, encoding="utf-8")
    run(copy, "solve", str(tmp_path / "sheets"), "--out", str(tmp_path / "out"), "--format", "html,asciidoc")
    assert (tmp_path / "out" / "slopes.adoc").read_text(encoding="utf-8").startswith("= Slopes\n\n== A power\n")
    assert ">AsciiDoc</a>" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
