"""Lines of a derivation as moves: the place of a move is worth the same before and after it."""

import pytest

from symback.expr.rule import Rule
from symback.graph.derivation.line import Line
from symback.syntax import parse_matrix

RULE = Rule("a rule", "u = v")


@pytest.mark.parametrize(
    ("old", "new", "piece"),
    [
        ("a + (-b)^2", "a + b^2", "(-b)^2"),  # not -b and b
        ("2*trace(A.T)", "2*trace(A)", "trace(A.T)"),
        ("a*(b + c/d)", "a*(b + e/d)", "c"),
        ("a*sum(2*x)", "a*sum(x*2)", "sum(2*x)"),
        ("a + b", "c + d", "a + b"),
    ],
)
def test_a_move_stands_at_the_innermost_place_of_one_value(old: str, new: str, piece: str) -> None:
    line = Line(parse_matrix(old))
    line.to(RULE, parse_matrix(new))
    (move,) = line.moves
    assert move.piece == parse_matrix(piece)
    assert line.tree == parse_matrix(new)
