"""The kind `hessian`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symback.problems.file import fields as f
from symback.problems.file.values import Refused
from symback.problems.kind import AT, AT_TYPED, EXPR, GRAPH, WRT, WRT_TYPED, Kind, expr_or_graph

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Hessian(Kind):
    """All second partial derivatives of a function, or those of a number in a graph by one or two of its names."""

    does = "Find all second partial derivatives of a function."
    usage = """Find all second partial derivatives of EXPR; or those of a number on a graph, by vectors and numbers.

    \b
    symback hessian "x^3 + x y^2"
    symback hessian "x^3 + x y^2" --at x=1,y=2
    symback hessian "A: n x n; x: n; L = x.T @ A @ x" --wrt x
    """
    writes = ("svg",)
    picture = "contour"
    example = "expr = 'x^3 + x y^2'"

    expr = f.Expression(EXPR, None)
    graph = f.Graph(GRAPH, None, option=None)
    loss = f.Name(
        "With graph: the number that is differentiated (the last node).",
        None,
        option="The number of a graph to differentiate (default: the last).",
    )
    wrt = f.Texts(f"{WRT} With graph: one name, or two for a mixed block.", None, option=WRT_TYPED)
    at = f.Arrays(AT, None, option=AT_TYPED)

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        yield from expr_or_graph(given, f"Write {cls.example}, or a graph with wrt.", "loss")
        wrt = given.get("wrt", [])
        if "graph" in given and not 1 <= len([wrt] if isinstance(wrt, str) else wrt) <= 2:
            hint = "Write wrt = 'x', one name of the graph, or two for a mixed block."
            yield Refused("needs wrt beside graph", hint)

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        if "graph" in problem.asked:
            from symback.problems.exercises.graphs import GraphHessian

            return GraphHessian(problem)
        from symback.problems.exercises.tables import Hessian

        return Hessian(problem)
