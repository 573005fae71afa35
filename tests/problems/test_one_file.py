"""What CONTRIBUTING promises: a kind of problem is one file, and nothing else is to be written."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

TANGENT = '''
"""The kind `touching`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from symback.problems.file import fields as f
from symback.problems.exercise import Exercise
from symback.problems.kind import Kind
from symback.problems.file.values import Refused

if TYPE_CHECKING:
    from symback.problems.answers.rights import Answers
    from symback.page.solution import Part


class Tangent(Kind, Exercise):
    """The tangent to the graph of a function."""

    does = "Find the tangent to the graph of a function at a point."
    usage = """Find the tangent to the graph of EXPR at a point.

    \\b
    symback touching "x^3 - x" --at x=2
    """
    example = "expr = 'x^3 - x' and at = {x = 2}"

    expr = f.Expression("The function, as in 'x^3 - x'.")
    at = f.Point("Where the tangent touches, as in {x = 2}.", option="Where the tangent touches: --at x=2.")
    normal = f.Flag("Find the normal line as well.", False)
    times = f.Order("How often the line is written down.", 1)

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        if len(given["at"]) != 1:
            yield Refused("must name one variable", "Write at = {x = 2}.", ("at",))

    def question(self) -> Iterator[Part]:
        yield "Find the tangent to ", *self.data()

    def data(self) -> Iterator[Part]:
        from symback.syntax import parse

        yield (parse(self.expr), ".")

    def things(self) -> Iterator[Any]:
        """Yield the slope at the point, step by step."""
        from symback.calculus.derive import derive
        from symback.problems.answers import given

        ((name, at),) = given.point(self.at).items()
        yield derive(self.expr, name, at={name: at})

    def answers(self, things: Sequence[Any]) -> Answers:
        """Return the right sides of the lines through (a, b) with the slope m."""
        from symback.syntax import parse
        from symback.problems.answers import given
        from symback.problems.answers.rights import Answers, Right
        from symback.calculus.evaluate import evaluate

        ((name, at),) = given.point(self.at).items()
        m, b = things[0].answer, evaluate(self.expr, {name: at}).answer
        lines = {"touching": parse(f"({m})*({name} - ({at.doit()})) + {b}")}
        if self.normal:
            lines["normal"] = parse(f"{b} - ({name} - ({at.doit()}))/({m})")
        return Answers({key: Right(formula=line) for key, line in lines.items()}, "touching")
'''
HEAD = """
import sys
from symback.problems import kinds
kinds.__path__.append(sys.argv[1])
from symback.__main__ import run
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that holds the file of one more kind."""
    made = tmp_path / "kinds"
    made.mkdir()
    (made / "touching.py").write_text(TANGENT.lstrip(), encoding="utf-8")
    return made


def done(folder: Path, body: str) -> str:
    """Run a program with the kind in the registry, and return what it says."""
    program = [sys.executable, "-c", HEAD + dedent(body), str(folder)]
    made = subprocess.run(program, capture_output=True, encoding="utf-8", check=False)
    assert made.returncode == 0, made.stderr
    return made.stdout + made.stderr


def test_it_is_a_command(folder: Path) -> None:
    said = done(folder, """
        run(["--help"])
        run(["touching", "--help"])
        assert "sympy" not in sys.modules
        print("code", run(["touching", "x^3 - x", "--at", "x=2", "--normal"]))
        print("code", run(["touching", "x^3 - x"]), run(["touching", "x", "--at", "x=2,y=1"]))
        print("code", run(["touching", "x", "--at", "x=2", "--times", "40"]))
    """)  # fmt: skip
    assert "  touching     Find the tangent to the graph of a function at a point.\n" in said
    assert "Where the tangent touches: --at x=2." in said
    assert "= 11 " in said
    assert re.findall(r"code (.*)", said) == ["0", "2 2", "2"]
    assert "Missing option '--at'." in said
    assert "--at must name one variable." in said
    assert "--times must be a whole number from 1 to 20, not 40." in said


def test_it_is_asked_in_a_file(folder: Path, tmp_path: Path) -> None:
    sheet, wrong = tmp_path / "sheet.toml", tmp_path / "wrong.toml"
    head = "[[problem]]\nkind = 'touching'\n"
    sheet.write_text(
        f"{head}expr = 'x^3 - x'\nat = {{x = 2}}\nnormal = true\nanswer = {{touching = '11(x-2)+6', normal = 'x'}}\n",
        encoding="utf-8",
    )
    wrong.write_text(f"{head}expr = 5\nnormal = 1\natt = {{x = 2}}\n", encoding="utf-8")
    said = done(folder, f"""
        from symback import solve
        from symback.problems import faults_of
        from symback.problems import schema
        (solution,) = solve({str(sheet)!r}).solutions
        print(solution.error, [(check.key, check.verdict) for check in solution.checks])
        for fault in faults_of({str(wrong)!r}):
            print(fault)
        print(schema()["$defs"]["Tangent"]["required"])
    """)  # fmt: skip
    assert "[('touching', 'confirmed'), ('normal', 'wrong')]" in said
    assert "3:8: expr must be a text between quotation marks, not 5." in said
    assert "4:10: normal must be true or false, not 1." in said
    assert "5:1: There is no key 'att' in a problem of kind touching. Did you mean at?" in said
    assert "1:1: A problem of kind touching needs at. Write expr = 'x^3 - x' and at = {x = 2}." in said
    assert "['expr', 'at']" in said


def test_it_is_a_function(folder: Path) -> None:
    said = done(folder, """
        import symback, inspect
        print(inspect.signature(symback.touching))
        print("slope", symback.touching("x^3 - x", {"x": 2}).answer)
        try:
            symback.touching("x", {"x": 1, "y": 2})
        except symback.UsageError as error:
            print(error)
    """)  # fmt: skip
    assert "(expr, at, *, normal=False, times=1)" in said
    assert "slope 11\n" in said
    assert "at must name one variable." in said
