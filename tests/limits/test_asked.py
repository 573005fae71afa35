"""Limits asked on the command line, in Python and in problem files: answers, exit codes, one clear error each."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
import sympy

import symback
from symback import solve
from symback.errors import DomainError, NoRule, ParseError, SymbackError, UsageError
from symback.page.maths import latex, text, unicode
from symback.page.solution import CONFIRMED, WRONG
from symback.page.writers.mathml import formula
from symback.syntax import parse
from symback.verify.limits import verify_limit
from tests.running import Run

READ = [
    ("lim x->0 sin(x)/x", "lim x->0 [sin(x)/x]"),
    (r"\lim_{x \to 0} \frac{\sin x}{x}", "lim x->0 [sin(x)/x]"),
    (r"\lim\limits_{x\to\infty} \frac1x", "lim x->oo [1/x]"),
    ("lim_(x->-oo) e^x", "lim x->-oo [e^x]"),
    ("lim x→0⁺ [1/x]", "lim x->0+ [1/x]"),
    (r"\lim_{x \to 2^-} \frac{1}{x-2}", "lim x->2- [1/(x - 2)]"),
    ("lim x->pi/2 tan x", "lim x->pi/2 [tan x]"),
    ("lim h->0 [((x+h)^2 - x^2)/h]", "lim h->0 [((x + h)^2 - x^2)/h]"),
]


@pytest.mark.parametrize(("typed", "written"), READ)
def test_spellings(typed: str, written: str) -> None:
    tree = parse(typed)
    assert text(tree) == written
    for writer in (text, unicode, latex):
        assert parse(writer(tree)) == tree
    assert formula(latex(tree)) is not None


def test_lim_is_a_product_of_letters_elsewhere() -> None:
    assert text(parse("lim", names=["lim"])) == "lim"


def test_a_command(symback: Run) -> None:
    found = symback("limit", "sin(3x)/x", "--to", "x=0")
    assert found.code == 0
    assert "known limit of sin(u)/u" in found.out
    assert "verified: the values from both sides come to it" in found.out


def test_an_object(symback: Run) -> None:
    made = json.loads(symback("limit", "(x^2 - 4)/(x - 2)", "--to", "x=2", "--format", "json").out)
    assert made["kind"] == "limit"
    assert made["answer"] == {"text": "4", "sympy": "4", "latex": "4", "exists": True}
    assert [line["reason"] for line in made["lines"]][:2] == ["factor", "cancel"]
    assert made["verified"]["verdict"] == "verified"


def test_the_two_sides_are_named(symback: Run) -> None:
    found = symback("limit", "1/x", "--to", "x=0")
    assert found.code == 0
    assert "From the left:" in found.out
    assert "form 1/0+" in found.out
    assert "they differ" in found.out
    made = json.loads(symback("limit", "1/x", "--to", "x=0", "--format", "json").out)
    assert made["answer"]["exists"] is False
    assert (made["left"]["answer"]["text"], made["right"]["answer"]["text"]) == ("-oo", "oo")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("1/x",), 2, "what the variable tends to"),
        (("x y", "--to", "0"), 2, "2 variables"),
        (("ln x", "--to", "x=-1"), 1, "no real values on either side of x = -1"),
        (("sqrt(x)", "--to", "x=0"), 1, "--side right"),
        (("1/x", "--to", "x=oo", "--side", "left"), 2, "one side only"),
        (("a/x^2", "--to", "x=0"), 1, "depends on a"),
        (("f(x)/x", "--to", "x=0"), 1, "not known"),
        (("1/x", "--to", "x=0", "--side", "above"), 2, "left"),
    ],
)
def test_exit_codes(symback: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    found = symback("limit", *arguments)
    assert found.code == code
    assert said in found.err


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda: symback.limit("x"), UsageError, "not said"),
        (lambda: symback.limit("x", "x", "x"), UsageError, "tends to itself"),
        (lambda: symback.limit("x", "x,y", 0), UsageError, "by one variable"),
        (lambda: symback.limit("lim x->0 x^2", "x", 1), UsageError, "says what its variable tends to"),
        (lambda: symback.limit("1 + lim x->0 [x]", "x", 0), UsageError, "within the expression"),
        (lambda: symback.limit("d/dx [x^2]", "x", 0), UsageError, "not worked out"),
        (lambda: symback.limit("1/ln(ln(ln(x)))", "x", "oo"), NoRule, "not found"),
        (lambda: symback.limit("sqrt(-1 - x^2)", "x", 0), DomainError, "no real values"),
        (lambda: symback.derive("lim x->0 [x]", "x"), UsageError, "symback limit"),
        (lambda: symback.parse("lim x->) [x]"), ParseError, "cannot be read"),
    ],
)
def test_questions_that_have_no_answer(ask: object, error: type[SymbackError], said: str) -> None:
    with pytest.raises(error) as caught:
        ask()  # type: ignore[operator]
    assert said in f"{caught.value} {caught.value.hint}"


def test_python() -> None:
    assert symback.limit("sin(3x)/x", "x", 0).answer == 3
    assert symback.limit("1/x", "x", 0, "right").answer == sympy.oo
    assert symback.limit("1/x", "x", 0).answer is None
    x = sympy.Symbol("x")
    assert symback.limit(sympy.sin(x) / x, x, 0).answer == 1


def test_results_are_frozen_hashable_and_pickle() -> None:
    found = symback.limit("abs(x)/x", "x", 0)
    copy = pickle.loads(pickle.dumps(found))
    assert copy == found
    assert hash(copy) == hash(found)
    assert repr(found) == "<Limit: lim x->0 [|x|/x] does not exist>"


def test_the_check_sees_a_wrong_step_and_a_wrong_answer() -> None:
    found = symback.limit("(x^2 - 4)/(x - 2)", "x", 2)
    wrong = replace(found.moves[1], result=parse("x + 3"))
    assert verify_limit(found.start, (found.moves[0], wrong, *found.moves[2:]), found.last).verdict == "failed"
    assert verify_limit(found.start, (), parse("5")).verdict == "failed"
    assert verify_limit(found.start, (), parse("4")).verdict == "verified"
    assert verify_limit(symback.limit("1/x", "x", 0).start, (), parse("0")).verdict != "verified"


ANSWERS = [
    ("expr = 'sin(x)/x'\nto = 'x = 0'\nanswer = 1", CONFIRMED),
    ("expr = 'sin(x)/x'\nto = {x = 0}\nanswer = 2", WRONG),
    ("expr = '1/x'\nto = 'x = 0'\nanswer = 'does not exist'", CONFIRMED),
    ("expr = '1/x'\nto = 'x = 0'\nanswer = 0", WRONG),
    ("expr = '1/x^2'\nto = 'x = 0'\nanswer = 'oo'", CONFIRMED),
    ("expr = '1/x^2'\nto = 'x = 0'\nanswer = '∞'", CONFIRMED),
    ("expr = '1/x^2'\nto = 'x = 0'\nanswer = '-oo'", WRONG),
    ("expr = '1/x'\nto = 'x = 0'\nside = 'left'\nanswer = '-oo'", CONFIRMED),
    ("expr = 'x^2'\nto = 'x = 3'\nanswer = 'does not exist'", WRONG),
    ("expr = 'lim x->oo (1 + 1/x)^x'\nanswer = 'e'", CONFIRMED),
    ("expr = '(x^2 - a^2)/(x - a)'\nto = {x = 'a'}\nanswer = '2a'", CONFIRMED),
]


@pytest.mark.parametrize(("keys", "verdict"), ANSWERS)
def test_answers(tmp_path: Path, keys: str, verdict: str) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(f"[[problem]]\nkind = 'limit'\n{keys}\n", encoding="utf-8")
    (solution,) = solve(path).solutions
    assert solution.error is None
    assert {check.verdict for check in solution.checks} == {verdict}
