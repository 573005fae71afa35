"""The kind `matrix`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problem import fields as f
from symback.problem.kind import Kind

if TYPE_CHECKING:
    from symback.problem.exercise import Exercise
    from symback.problem.sheet import Problem


class Matrix(Kind):
    """Products of vectors and matrices, worked out entry by entry."""

    example = "values = {W = [[1, 2], [3, 4]], x = [1, -1]} and expr = 'W x'"
    said_by = ("values", "expr")

    values = f.Arrays("The vectors and matrices by name.")
    expr = f.Texts("A product such as 'W X', 'x . w' or 'X Y^T'; or a list of them.")

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problem.exercises.matrices import Matrices

        return Matrices(problem)
