"""The kind `jacobian`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symback.problems.file import fields as f
from symback.problems.file.values import Refused
from symback.problems.kind import AT, AT_TYPED, GRAPH, WRT, WRT_TYPED, Kind, expr_or_graph

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem


class Jacobian(Kind):
    """The partial derivatives of several functions, or of a vector in a graph by one of the names in it."""

    does = "Find the partial derivatives of several functions, one row per function."
    usage = """Find the partial derivatives of several functions, one row per function; or those of a vector on a graph.

    \b
    symback jacobian "x^2 y" "5x + sin y"
    symback jacobian "u = x cos t; v = x sin t" --wrt x,t
    symback jacobian "M: 2x3; z: 3; y = M @ z" --wrt z --layout denominator
    """
    example = "expr = ['x^2 y', '5x + sin y']"
    said_by = ("graph", "of")

    expr = f.Expressions("The functions: a list, or one text with semicolons between them.", None)
    graph = f.Graph(GRAPH, None, option=None)
    of = f.Name(
        "With graph: the name of the vector that is differentiated, or one entry of it, as in 'y[0]'.",
        None,
        option="The vector of a graph to differentiate (default: the last).",
    )
    wrt = f.Texts(f"{WRT} With graph: one name, or an entry, as in 'x[1]'.", None, option=WRT_TYPED)
    at = f.Arrays(AT, None, option=AT_TYPED)
    layout = f.Layout("numerator: one row per function; denominator: transposed.", "numerator")

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        yield from expr_or_graph(given, f"Write {cls.example}, or a graph with of and wrt.", "of")
        if "graph" in given and not ("of" in given and isinstance(given.get("wrt"), str)):
            hint = "Write of = 'y' and wrt = 'x', each one name of the graph."
            yield Refused("needs of and wrt beside graph", hint)

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        if "graph" in problem.asked:
            from symback.problems.exercises.one_entry import EntryOfJacobian, is_entry

            if is_entry(problem.asked.get("of")) or is_entry(problem.asked.get("wrt")):
                return EntryOfJacobian(problem)
            from symback.problems.exercises.graphs import GraphJacobian

            return GraphJacobian(problem)
        from symback.problems.exercises.tables import Jacobian

        return Jacobian(problem)
