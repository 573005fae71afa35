"""The kind `check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.file import fields as f
from symback.problems.kind import Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Check(Kind):
    """A working, judged line by line; the answer is the first wrong line, and the mistake by its name."""

    does = "Judge a working line by line, and name the mistakes in it."
    usage = "Judge a working line by line: the first wrong line, the wrong term, and the mistake by its name."
    example = "working = '''d/dx [x^2 sin x]\n= 2x cos x'''"
    said_by = ("working",)
    reads_answer = False  # it is lines and words

    working = f.Maths("The working, a line each: what is asked or given, and below it what is said to be equal.")
    given = f.Text("What stands above it: definitions, or a graph whose gradients the lines claim.", "")

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.working import Checking

        return Checking(problem)
