"""What must hold for every expression: Hypothesis makes them, the oracle and the verifier judge the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.calculus import laws
from symback.calculus.derive import derive
from symback.calculus.pace import BOOKKEEPING
from symback.errors import DomainError, NoRule
from symback.expr.functions import ROWS
from symback.expr.rule import Derivation
from symback.expr.tree import Apply, Diff, Inert, Plus, Tree, apply, fold, is_pending, put, symbol
from symback.page import maths
from symback.page.lines import by_order, shown
from symback.syntax import parse
from symback.verify import Undefined, evaluate, same_value
from tests import oracle
from tests.running import Run
from tests.strategies import SIMPLE, expressions, random_expression

X = symbol("x")
STRATEGIES = ("textbook", "literal")

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.filter_too_much]
quick = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=SLOW_IS_FINE)
long_run = settings(quick, max_examples=3000)


def derived(text: str, by: Any = "x", **options: Any) -> Derivation:
    """Derive; an expression that divides by zero, or has no derivative anywhere, is not asked about."""
    try:
        return derive(text, by, **options)
    except (DomainError, NoRule):
        assume(False)
        raise


# --- derivations ------------------------------------------------------------------------------------------------------


def check_derivation(text: str, strategy: str, by: tuple[str, ...] = ("x",)) -> None:
    found = derived(text, by, strategy=strategy)
    verdict = found.verify()
    assert verdict.verdict != "failed", verdict
    assert not is_pending(found.last)
    assert replayed(found) == found.last
    check_lines(found)
    check_pace(found)
    check_against_oracle(text, found, by)


def replayed(derivation: Derivation) -> Tree:
    line = derivation.start
    for move in derivation.moves:
        line = put(line, move.path, move.result)
    return line


def check_lines(derivation: Derivation) -> None:
    lines = derivation.lines()[:60]
    texts = [maths.text(line) for line in lines]
    for before, after in pairwise(texts):
        assert before != after
    for line, text in zip(lines, texts, strict=True):
        assert parse(text) == line, text
        assert parse(maths.unicode(line)) == line, maths.unicode(line)


def check_pace(derivation: Derivation) -> None:
    """Lines group the steps in order, brief selects lines, none is bookkeeping alone, neighbours print differently."""
    numbers = [move.line for move in derivation.moves]
    assert numbers == sorted(numbers)
    assert all(numbers)
    for part in by_order(derivation):
        normal, brief = shown(part, "normal"), shown(part, "brief")
        assert {line.tree for line in brief} <= {line.tree for line in normal}
        for lines in (normal, brief):
            assert tuple(move for line in lines for move in line.moves) == part.moves
            for before, line in pairwise(lines):
                assert not all(move.rule.name in BOOKKEEPING for move in line.moves)
                assert maths.text(before.tree) != maths.text(line.tree)


def check_against_oracle(text: str, derivation: Derivation, by: tuple[str, ...]) -> None:
    """Compare the answer with the oracle's derivative at two points or more in each cell between the kinks."""
    compared: dict[tuple[int, ...], int] = {}
    strange = 0
    for point in some_points(60):
        try:
            right, cell = oracle.value_and_cell(text, point, by)
        except oracle.NotReal:
            continue
        if compared.get(cell, 0) >= 2 or not oracle.mp.isfinite(right):
            continue
        try:
            mine = evaluate(derivation.last, {symbol(name): number for name, number in point.items()})
        except Undefined:
            strange += 1  # 0/0 on an interval, as in the derivative of sqrt(relu(x))
            continue
        compared[cell] = compared.get(cell, 0) + 1
        assert abs(right - mine) <= 1e-12 * abs(right) + 1e-18, (point, right, mine)
    assert compared or strange < 20


def some_points(count: int) -> Iterator[dict[str, float]]:
    rng = Random(11)
    for _ in range(count):
        yield {name: rng.choice((1, -1)) * 10 ** rng.uniform(-1.0, 0.7) for name in "xyz"}


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(text=expressions())
@quick
def test_derivations_of_one_variable(text: str, strategy: str) -> None:
    check_derivation(text, strategy)


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(text=expressions(depth=4, names=("x", "y", "z")))
@quick
def test_partial_derivatives(text: str, strategy: str) -> None:
    check_derivation(text, strategy)


@given(text=expressions(depth=5, shapes=SIMPLE))
@quick
def test_derivations_of_algebra(text: str) -> None:
    check_derivation(text, "textbook")


@given(text=expressions(depth=3), order=st.integers(2, 3))
@settings(quick, max_examples=10)
def test_higher_derivatives(text: str, order: int) -> None:
    check_derivation(text, "textbook", ("x",) * order)


@given(text=expressions(depth=3, names=("x", "y")))
@settings(quick, max_examples=10)
def test_mixed_derivatives(text: str) -> None:
    check_derivation(text, "textbook", ("x", "y"))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@given(text=expressions(), strategy=st.sampled_from(STRATEGIES), by=st.sampled_from([("x",), ("x",), ("x", "x")]))
@long_run
def test_derivations_at_length(text: str, strategy: str, by: tuple[str, ...]) -> None:
    check_derivation(text, strategy, by)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@given(
    text=expressions(depth=5, names=("x", "y", "z")), by=st.sampled_from([("x",), ("y",), ("x", "y"), ("y", "y", "x")])
)
@long_run
def test_partial_derivatives_at_length(text: str, by: tuple[str, ...]) -> None:
    check_derivation(text, "textbook", by)


# --- relations between derivations ------------------------------------------------------------------------------------


def agree(left: Tree, right: Tree) -> None:
    assert same_value(left, right) != "no", f"{maths.text(left)}  and  {maths.text(right)}"


@given(expressions(depth=3), expressions(depth=3))
@settings(quick, max_examples=12)
def test_the_derivative_of_a_sum(f: str, g: str) -> None:
    both, first, second = derived(f"{f} + {g}"), derived(f), derived(g)
    agree(parse(f"({maths.text(first.last)}) + ({maths.text(second.last)})"), both.last)


@given(expressions(depth=3), st.sampled_from(["3", "0.5", "(1/7)", "pi"]))
@settings(quick, max_examples=10)
def test_the_derivative_of_a_multiple(f: str, c: str) -> None:
    agree(parse(f"{c}*({maths.text(derived(f).last)})"), derived(f"{c}*{f}").last)


@given(expressions(depth=4))
@settings(quick, max_examples=12)
def test_the_name_of_the_variable_does_not_matter(text: str) -> None:
    original = derived(text)
    renamed = derived(re.sub(r"\bx\b", "t", text), "t")
    assert [replaced(line, {X: symbol("t")}) for line in original.lines()] == renamed.lines()


@given(expressions(depth=3))
@settings(quick, max_examples=12)
def test_twice_the_variable(text: str) -> None:
    doubled = derived(re.sub(r"\bx\b", "(2*x)", text)).last
    agree(replaced(parse("2*u"), {symbol("u"): replaced(derived(text).last, {X: parse("2*x")})}), doubled)


@given(expressions(depth=3, names=("x", "y")))
@settings(quick, max_examples=12)
def test_mixed_partial_derivatives_commute(text: str) -> None:
    agree(derived(text, ("x", "y")).last, derived(text, ("y", "x")).last)


@given(expressions(depth=5, names=("x", "y")))
@settings(quick, max_examples=12)
def test_blanks_and_brackets_change_nothing(text: str) -> None:
    spaced = re.sub(r"([-+*/(),])(?!\*)(?<!\*)", r" \1 ", text)
    assert derived(f" (({spaced})) ").moves == derived(text).moves


@given(expressions(names=("x", "y")))
@quick
def test_reading_is_the_inverse_of_writing(text: str) -> None:
    tree = parse(text)
    assert parse(maths.text(tree)) == tree
    assert parse(maths.unicode(tree)) == tree


@given(expressions(depth=4, names=("x", "y")))
@quick
def test_the_text_is_read_as_the_oracle_reads_it(text: str) -> None:
    tree = parse(text)
    for point in some_points(8):
        try:
            right = oracle.value(text, point)
            mine = evaluate(tree, {symbol(name): number for name, number in point.items()})
        except (oracle.NotReal, Undefined):
            continue
        assert abs(right - mine) <= 1e-25 * abs(right) + 1e-30


def replaced(tree: Tree, values: Mapping[Symbol, Tree]) -> Tree:
    """Return the tree with symbols replaced, as it is written otherwise."""

    def build(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Symbol):
            return values.get(node, node)
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, build)  # type: ignore[return-value]


# --- laws -------------------------------------------------------------------------------------------------------------

ALL_LAWS = {law.rule.law: law for laws_of in laws.STRATEGIES.values() for law in laws_of}
ALL_LAWS |= {law.rule.law: law for law in laws.FUNCTION_LAWS.values()}
LETTERS: dict[str, tuple[tuple[str, ...], int]] = {  # what a letter may hold, and how deep
    "c": (("a", "b"), 1),
    "n": (("a", "3", "0.5"), 0),
    "k": (("2", "7"), 0),
    **dict.fromkeys("uvwpqs", (("x", "x", "a"), 2)),
}


@pytest.mark.parametrize("seeds", [5, pytest.param(24, marks=pytest.mark.slow)])
@pytest.mark.parametrize("text", ALL_LAWS)
def test_every_law_is_sound(text: str, seeds: int) -> None:
    left, right = ALL_LAWS[text].sides
    answers = [same_value(*filled(left, right, Random(seed))) for seed in range(seeds)]
    assert "no" not in answers
    assert answers.count("yes") >= seeds // 4


def filled(left: Tree, right: Tree, rng: Random) -> tuple[Tree, Tree]:
    """Put random trees for the letters of a law, and a random function for its f."""
    values = {
        symbol(letter): parse(random_expression(rng, depth, names, ("sum", "product", "ordinary", "power")))
        for letter, (names, depth) in LETTERS.items()
    }
    name = rng.choice([row.name for row in ROWS if row.arity == 1])
    return tuple(replaced(named(side, name), values) for side in (left, right))  # type: ignore[return-value]


def named(tree: Tree, name: str) -> Tree:
    """Put a known function for the unknown `f` of a law."""

    def build(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Apply) and node.name == "f":
            return apply(name, *inner[1:])
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, build)  # type: ignore[return-value]


@pytest.mark.parametrize("row", [row for row in ROWS if row.derivative], ids=lambda row: row.name)
def test_every_row_is_right_by_the_oracle(row: Any) -> None:
    derivative = derive(f"{row.name}(x)", "x").last
    check_against_oracle(f"{row.name}(x)", Derivation(Diff(parse(f"{row.name}(x)"), X), (), derivative), ("x",))


@pytest.mark.parametrize("rule", laws.RULES, ids=lambda rule: f"{rule.name}: {rule.law}")
def test_every_rule_fires_on_its_example(rule: Any) -> None:
    example = laws.example_of(rule)
    assert example
    fired = {(m.rule.name, m.rule.law) for s in STRATEGIES for m in derive(example, "x", strategy=s).moves}
    assert (rule.name, rule.law) in fired


# --- what is withheld -------------------------------------------------------------------------------------------------


@given(expressions(depth=3), st.integers(0, 10**6), st.sampled_from(["text", "markdown", "latex", "json"]))
@settings(quick, max_examples=30, suppress_health_check=[*SLOW_IS_FINE, HealthCheck.function_scoped_fixture])
def test_a_wrong_step_is_withheld_aloud(
    symback: Run, monkeypatch: pytest.MonkeyPatch, text: str, place: int, to: str
) -> None:
    good = derived(text)
    assume(good.moves and good.verify().verdict == "verified")
    bad = spoiled(good, place % len(good.moves))
    where = import_module("symback.problems.exercises.expressions")
    monkeypatch.setattr(where, "derive", lambda *args, **options: bad)
    code, out, err = symback("derive", text, "--wrt", "x", "--format", to)
    assert code == 1
    assert "It is withheld." in err
    assert any(said in err for said in ("changes the value", "from line to line", "not equal to the first"))
    if to == "json":
        assert json.loads(out)["error"]["code"] == "verification"
    else:
        assert out == ""


def spoiled(derivation: Derivation, index: int) -> Derivation:
    """Return the derivation up to a step, with x added to what that step gives."""
    *before, move = derivation.moves[: index + 1]
    line = derivation.lines()[index]
    wrong = replace(move, result=Plus(move.result, X))
    return replace(derivation, moves=(*before, wrong), last=put(line, wrong.path, wrong.result))


@pytest.mark.parametrize("name", ["sech", "gelu", "softplus", "erf", "tanh", "silu"])
def test_the_oracle_knows_a_new_function_by_its_row(name: str) -> None:
    for by in ([], ["x"], ["x", "x"]):
        point = {"x": 0.37}
        own, taken = oracle.derivative(f"{name}(x)", point, by), oracle.newcomer(name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(oracle.FUNCTIONS, name, taken)
            assert abs(oracle.derivative(f"{name}(x)", point, by) - own) < 1e-15
