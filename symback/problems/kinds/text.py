"""The kind `text`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.kind import Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Words(Kind):
    """A question in prose: its answer is shown, and not checked."""

    reads_answer = False
    example = "text = 'Why does relu have no slope at 0?' and answer = 'The two one-sided slopes differ.'"

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.prose import InWords

        return InWords(problem)
