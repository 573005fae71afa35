"""The kind `matrix`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.problems.file import fields as f
from symback.problems.kind import Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Matrix(Kind):
    """Products of vectors and matrices, worked out entry by entry."""

    does = "Work out products and sums of vectors and matrices, entry by entry."
    usage = """Work out EXPR, a product or a sum of vectors and matrices, entry by entry.

    \b
    symback matrix "W x" --values "W=[[1,2],[3,4]]; x=[1,-1]"
    symback matrix "X Y^T" "X + Y" --values "X=[[1,0]]; Y=[[2,5]]"
    """
    example = "values = {W = [[1, 2], [3, 4]], x = [1, -1]} and expr = 'W x'"
    said_by = ("values", "expr")

    expr = f.Products("A product such as 'W X', 'x . w' or 'X Y^T'; or a list of them.")
    values = f.Arrays(
        "The vectors and matrices by name.", option='The vectors and matrices: --values "W=[[1,2],[3,4]]; x=[1,-1]".'
    )

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.matrices import Matrices

        return Matrices(problem)
