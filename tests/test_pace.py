"""A textbook's pace: which steps share a line, what is said beside it, and what brief leaves out."""

from __future__ import annotations

from itertools import pairwise

import pytest

import symback
from benchmarks.derive import TEXTS
from symback.calculus.board import count, lines_of
from symback.calculus.derive import derive
from symback.calculus.pace import BOOKKEEPING
from symback.expr.rule import Derivation
from symback.expr.tree import Quotient, apply, at, put, symbol
from symback.page.lines import Reason, by_order, reason_of, shown
from symback.page.maths import text
from symback.verify import same_value

X = symbol("x")
DETAILS = ("normal", "brief")


def said(derivation: Derivation, detail: str) -> list[tuple[str, str]]:
    lines = shown(derivation, detail)[1:]
    return [(text(line.tree), in_words(reason_of(line, detail))) for line in lines]


def in_words(reason: Reason) -> str:
    bindings = ", ".join(f"{letter} = {text(tree)}" for letter, tree in reason.bindings)
    kept = (bindings,) if len(bindings) <= 60 else ()
    return ", ".join(filter(None, (*reason.names, *kept, *reason.more)))


# fmt: off
LINES = [  # expression, the lines at normal with their reasons, which of them are the lines of brief
    ("x^5 - 4x^3 + 2x^2 - 7x + 3", [
        ("d/dx [x^5] - 4 * d/dx [x^3] + 2 * d/dx [x^2] - 7 * d/dx [x] + d/dx [3]",
         "sum and difference rule, constant multiple rule"),
        ("5x^4 - 4 * 3x^2 + 2 * 2x - 7", "power rule, constant rule"),
        ("5x^4 - 12x^2 + 4x - 7", "multiply numbers"),
    ], [2]),
    ("(x^2 + 1)^3", [
        ("3(x^2 + 1)^2 * d/dx [x^2 + 1]", "chain rule, u = x^2 + 1, power rule"),
        ("3(x^2 + 1)^2 * 2x", "power rule"),
        ("6x(x^2 + 1)^2", "multiply numbers"),
    ], [2]),
    ("x^2 e^(3x)", [
        ("d/dx [x^2] * e^(3x) + x^2 * d/dx [e^(3x)]", "product rule, u = x^2, v = e^(3x)"),
        ("2x e^(3x) + 3x^2 e^(3x)", "chain rule, u = 3x, power rule, exponential rule"),
        ("x e^(3x) (3x + 2)", "factor out"),
    ], [1, 2]),
    ("(x^3 - 2x)/(x^2 + 4)", [
        ("(d/dx [x^3 - 2x] * (x^2 + 4) - (x^3 - 2x) * d/dx [x^2 + 4])/(x^2 + 4)^2",
         "quotient rule, u = x^3 - 2x, v = x^2 + 4"),
        ("((3x^2 - 2)(x^2 + 4) - (x^3 - 2x) * 2x)/(x^2 + 4)^2", "power rule"),
        ("(3x^4 + 12x^2 - 2x^2 - 8 - 2x^4 + 4x^2)/(x^2 + 4)^2", "expand"),
        ("(x^4 + 14x^2 - 8)/(x^2 + 4)^2", "collect like terms"),
    ], [1, 3]),
    ("5/(2x - 1)^3", [
        ("5 * d/dx [(2x - 1)^-3]", "constant multiple rule, write as a power"),
        ("5 * (-3(2x - 1)^-4 * d/dx [2x - 1])", "chain rule, u = 2x - 1, power rule"),
        ("5 * (-6(2x - 1)^-4)", "difference rule, constant multiple rule"),
        ("-30/(2x - 1)^4", "simplify"),
    ], [3]),
    ("cos(3/x^-1)", [
        ("-sin(3/x^-1) * d/dx [3/x^-1]", "chain rule, u = 3/x^-1, derivative of cosine"),
        ("-3 sin(3/x^-1)", "write as a power, n = -1"),
    ], [1]),
    ("e^(sin(x^2))", [
        ("e^(sin(x^2)) * d/dx [sin(x^2)]", "chain rule, u = sin(x^2), exponential rule"),
        ("e^(sin(x^2)) cos(x^2) * d/dx [x^2]", "chain rule, u = x^2, derivative of sine"),
        ("2x e^(sin(x^2)) cos(x^2)", "power rule, n = 2"),
    ], [2]),
    ("x^x", [
        ("x^x * d/dx [x ln x]", "logarithmic differentiation, u = x, v = x"),
        ("x^x (d/dx [x] * ln x + x * d/dx [ln x])", "product rule, u = x, v = ln x"),
        ("x^x (ln x + x * (1/x))", "logarithm rule"),
        ("x^x (ln x + 1)", "simplify"),
    ], [0, 3]),
    ("x arcsin x + sqrt(1-x^2)", [
        ("d/dx [x arcsin x] + d/dx [sqrt(1-x^2)]", "sum rule, u = x arcsin x, v = sqrt(1-x^2)"),
        ("d/dx [x] * arcsin x + x * d/dx [arcsin x] + (1/(2sqrt(1-x^2))) * d/dx [1 - x^2]",
         "product rule, chain rule, derivative of square root"),
        ("arcsin x + x * (1/sqrt(1-x^2)) + (1/(2sqrt(1-x^2))) * (-2x)", "power rule, derivative of arcsine"),
        ("arcsin x + x/sqrt(1-x^2) - x/sqrt(1-x^2)", "simplify"),
        ("arcsin x", "collect like terms"),
    ], [2, 4]),
    ("sin(2x) cos(3x)", [
        ("d/dx [sin(2x)] * cos(3x) + sin(2x) * d/dx [cos(3x)]", "product rule, u = sin(2x), v = cos(3x)"),
        ("2 cos(2x) cos(3x) - 3 sin(2x) sin(3x)", "chain rule, derivatives of sine and cosine"),
    ], [1]),
    ("(e^x - e^-x)/(e^x + e^-x)", [
        ("(d/dx [e^x - e^(-x)] * (e^x + e^(-x)) - (e^x - e^(-x)) * d/dx [e^x + e^(-x)])/(e^x + e^(-x))^2",
         "quotient rule, u = e^x - e^(-x), v = e^x + e^(-x)"),
        ("((e^x + e^(-x))(e^x + e^(-x)) - (e^x - e^(-x))(e^x - e^(-x)))/(e^x + e^(-x))^2",
         "chain rule, exponential rule"),
    ], [1]),
]
# fmt: on


@pytest.mark.parametrize(("typed", "lines", "kept"), LINES[:-1], ids=[row[0] for row in LINES[:-1]])
def test_lines_and_reasons(typed: str, lines: list[tuple[str, str]], kept: list[int]) -> None:
    derivation = derive(typed, "x")
    assert said(derivation, "normal") == lines
    assert [line for line, _ in said(derivation, "brief")] == [lines[i][0] for i in kept]


BRIEF_REASONS = [
    ("x^5 - 4x^3 + 2x^2 - 7x + 3", ["sum and difference rule, power rule"]),
    ("(x^3 - 2x)/(x^2 + 4)", ["quotient rule, power rule", "expand and collect like terms"]),
    ("5/(2x - 1)^3", ["write as a power, chain rule, power rule"]),
    ("(x^2 + 1)^3", ["chain rule, u = x^2 + 1, power rule"]),
    ("log_x 2", ["change of base, chain rule, power rule"]),  # of more than three the rules that prepare go unsaid
]


@pytest.mark.parametrize(("typed", "reasons"), BRIEF_REASONS)
def test_reasons_at_a_board(typed: str, reasons: list[str]) -> None:
    assert [reason for _, reason in said(derive(typed, "x"), "brief")] == reasons


# --- what holds for every derivation ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def derivations() -> list[Derivation]:
    return [derive(typed, "x") for typed in TEXTS]


def test_steps_lead_from_line_to_line(derivations: list[Derivation]) -> None:
    for derivation in derivations:
        tree = derivation.start
        for move in derivation.moves:
            assert at(tree, move.path) == move.piece
            tree = put(tree, move.path, move.result)
        assert tree == derivation.last
        numbers = [move.line for move in derivation.moves]
        assert numbers == sorted(numbers)
        assert all(numbers)


def test_normal_groups_the_steps_and_brief_selects_its_lines(derivations: list[Derivation]) -> None:
    for derivation in derivations:
        normal, brief = (shown(derivation, detail) for detail in DETAILS)
        for lines in (normal, brief):
            assert tuple(move for line in lines for move in line.moves) == derivation.moves
            assert lines[-1].tree == derivation.last
        trees = [line.tree for line in normal]
        assert all(line.tree in trees for line in brief)
        assert len(brief) <= len(normal)


def test_no_line_is_bookkeeping_alone_and_none_prints_like_the_one_before(derivations: list[Derivation]) -> None:
    for derivation in derivations:
        for detail in DETAILS:
            lines = shown(derivation, detail)
            for before, line in pairwise(lines):
                assert not all(move.rule.name in BOOKKEEPING for move in line.moves), text(line.tree)
                assert text(before.tree) != text(line.tree)
                names = reason_of(line, detail)
                assert 1 <= len(names.names) + len(names.more) <= 3


def test_how_many_lines_there_are(derivations: list[Derivation]) -> None:
    steps = sum(len(d.moves) for d in derivations)
    normal, brief = (sum(len(shown(d, detail)) - 1 for d in derivations) for detail in DETAILS)
    assert normal <= 0.42 * steps
    assert brief <= 0.20 * steps


def test_a_board_line_has_eight_steps_at_most(derivations: list[Derivation]) -> None:
    for derivation in derivations:
        longest = max(map(count, lines_of(derivation.moves)))
        assert all(count(line.moves) <= max(8, longest) for line in shown(derivation, "brief"))


@pytest.mark.parametrize("typed", TEXTS[::20])
def test_every_line_equals_the_one_before(typed: str) -> None:
    lines = shown(derive(typed, "x"))
    for before, line in pairwise(lines):
        assert same_value(before.tree, line.tree) == "yes", text(line.tree)


@pytest.mark.slow
@pytest.mark.parametrize("typed", TEXTS)
def test_every_line_of_every_expression_equals_the_one_before(typed: str) -> None:
    for detail in DETAILS:
        lines = shown(derive(typed, "x"), detail)
        for before, line in pairwise(lines):
            assert same_value(before.tree, line.tree) == "yes", text(line.tree)


def test_the_rules_of_calculus_are_those_of_the_written_form() -> None:
    """Strategy literal takes every product by the product rule, also where a factor is constant."""
    names = [move.rule.name for move in derive("x^2 y^3", "x", strategy="literal").moves]
    assert names[:3] == ["product rule", "power rule", "constant rule"]
    assert said(derive("x^2 y^3", "x", strategy="literal"), "normal") == [
        ("d/dx [x^2] * y^3 + x^2 * d/dx [y^3]", "product rule, u = x^2, v = y^3"),
        ("2xy^3", "power rule, constant rule"),
    ]


# --- higher orders, width and depth -----------------------------------------------------------------------------------


def test_each_order_is_a_derivation_of_its_own() -> None:
    first, second = by_order(derive("x^2 sin x", "x", order=2))
    assert text(first.start) == "d/dx [x^2 sin x]"
    assert text(first.last) == "2x sin x + x^2 cos x"
    assert text(second.start) == "d/dx [2x sin x + x^2 cos x]"
    assert [line for line, _ in said(second, "brief")] == [
        "2(sin x + x cos x) + 2x cos x + x^2 * (-sin x)",
        "2 sin x + 4x cos x - x^2 sin x",
    ]
    assert [text(d.start) for d in by_order(derive("x^2 y^3", ("x", "y")))] == ["d/dx [x^2y^3]", "d/dy [2xy^3]"]
    values = by_order(derive("x^4", "x", order=2, at={"x": 2}))
    assert [d.point for d in values] == [(), ((X, 2),)]
    assert text(values[-1].last) == "48"


def test_a_nest_is_a_line_for_each_level() -> None:
    nest = X
    for _ in range(300):
        nest = apply("sin", nest)
    derivation = derive(nest, X, tidy=False)
    assert len(lines_of(derivation.moves)) == 300


@pytest.mark.slow
def test_depth_is_harmless() -> None:
    tower = X
    for _ in range(400):
        tower = Quotient(X, tower)
    assert derive(tower, X, tidy=False).moves


def test_a_wide_sum_is_two_lines() -> None:
    derivation = symback.derive(" + ".join(f"{k}x^{k}" for k in range(2, 900)), "x", max_characters=20_000)
    assert [len(group) for group in lines_of(derivation.moves)] == [899, 898, 898]


# --- values -----------------------------------------------------------------------------------------------------------

VALUES = [  # expression, point, the lines from the substitution on
    ("x y^2 + 3x^2 z", {"x": 1, "y": 0, "z": 2}, [
        ("0^2 + 6 * 1 * 2", "substitute, x = 1, y = 0, z = 2"),
        ("0 + 6 * 1 * 2", "work out the power"),
        ("12", "multiply numbers"),
    ]),
    ("x^2/2", {"x": 3}, [("3", "substitute, x = 3")]),
    ("x^3", {"x": 2}, [("3 * 2^2", "substitute, x = 2"), ("3 * 4", "work out the power"), ("12", "multiply numbers")]),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "point", "lines"), VALUES)
def test_each_rule_of_arithmetic_is_seen_where_a_value_is_worked_out(
    typed: str, point: dict[str, int], lines: list[tuple[str, str]]
) -> None:
    assert said(derive(typed, "x", at=point), "normal")[-len(lines) :] == lines


def test_numbers_name_every_rule_at_a_board() -> None:
    product = symback.directional("x^2 + y^2", ["x", "y"], (3, 4), at={"x": 1, "y": 2}).normalisation[0]
    assert said(product, "brief") == [("3/5", "work out the power, add numbers, work out the root")]


@pytest.mark.parametrize(
    ("expression", "line", "reason"),
    [
        ("ln((1 + x)/(1 - x))", "2(1 - x)/((1 + x)(1 - x)^2)", "collect like terms, multiply fractions"),
        ("ln(sqrt(x)/(x + 1))", "(x + 1)(1 - x)/(2x(x + 1)^2)", "collect like terms, combine powers"),
        ("x^(log_2(x))", "x^(log_2 x) (ln(x)/(x ln 2) + ln(x)/(x ln 2))", "change of base"),
    ],
)
def test_arithmetic_behind_an_idea_is_said(expression: str, line: str, reason: str) -> None:
    found = dict(said(derive(expression, "x"), "normal"))
    assert found.get(line) == reason, found
