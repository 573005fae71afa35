"""Conditions under which the values of a problem are drawn again: on the values, or on the answer.

{{a}} = {{b}}     {{a}}^2 < 4{{b}}     answer = 0     answer.x = 0     value = 1/2
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from typing import Any, NamedTuple

from symback.errors import FileError, ParseError, SymbackError
from symback.problems.file.parameters import Value
from symback.problems.file.sheet import Problem
from symback.problems.variants.placeholders import PLACEHOLDER, fill

_SIGN = re.compile(r"<=|>=|!=|[=<>≠≤≥]")
_ON_ANSWER = re.compile(r"\s*(answer|value)((?:\.[^.]+)*)\s*")
_CANONICAL = {"≠": "!=", "≤": "<=", "≥": ">="}
HINT = "Write a condition such as '{{a}} = {{b}}', '{{a}} < 2', 'answer = 0', 'answer.x = 0' or 'value = 0'."


class Condition(NamedTuple):
    """Two sides and the sign between them; `key` leads to an answer, and is empty for a condition on the values."""

    text: str
    left: str
    sign: str
    right: str
    key: tuple[str, ...] = ()


class Unworkable(Exception):
    """The problem cannot be worked with these values, so that nothing is known of its answer."""

    def __init__(self, error: SymbackError) -> None:
        super().__init__(error.message)
        self.error = error


def condition_of(text: str) -> Condition:
    """Return a condition that was read; ParseError where it is none.

    >>> condition_of("answer.x = 0").key, condition_of("{{a}} < 2").sign
    (('answer', 'x'), '<')
    """
    signs = list(_SIGN.finditer(text))
    if len(signs) != 1:
        at = signs[1].start() if signs else 0
        message = "A condition has one sign such as = or <." if signs else "This is not a condition."
        raise ParseError(message, text, at, signs[1].end() if signs else len(text), hint=HINT)
    left, right = text[: signs[0].start()], text[signs[0].end() :]
    if not (left.strip() and right.strip()):
        raise ParseError("One side of the condition is missing.", text, signs[0].start(), signs[0].end(), hint=HINT)
    sign = _CANONICAL.get(signs[0][0], signs[0][0])
    on_answer = _ON_ANSWER.fullmatch(left)
    if not on_answer:
        return Condition(text, left, sign, right)
    if sign not in ("=", "!="):
        raise ParseError("An answer is compared with = or !=.", text, signs[0].start(), signs[0].end(), hint=HINT)
    return Condition(text, left, sign, right, (on_answer[1], *(k.strip() for k in on_answer[2].split(".")[1:])))


def holds(condition: Condition, problem: Problem, values: Mapping[str, Value]) -> bool:
    """Tell whether a condition holds for a problem whose values have been put in.

    Conditions on the answer need the problem to be worked. Raises `Unworkable` where it cannot be, SymbackError where
    the condition is at fault.
    """
    same = _answer_is(condition, problem, values) if condition.key else _compare(condition, values)
    return same != (condition.sign == "!=")


# --- on the values ---------------------------------------------------------------------------------------------------


def _compare(condition: Condition, values: Mapping[str, Value]) -> bool:
    sides = [_in_brackets(side, values) for side in (condition.left, condition.right)]
    if condition.sign in ("=", "!="):
        return _are_equal(*sides)
    left, right = map(_number, sides)
    return bool({"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[condition.sign])


def _in_brackets(text: str, values: Mapping[str, Value]) -> str:
    """Return a side with its values, which nobody reads, so that brackets may go round each of them."""

    def written(found: re.Match[str]) -> str:
        value = values.get(found[1])
        return found[0] if value is None else f"({value.text})" if value.number is not None else value.text

    return PLACEHOLDER.sub(written, text).strip()


def _are_equal(left: str, right: str) -> bool:
    """Compare numbers exactly, expressions by their values, and words as they are written."""
    from symback.verify import same_value

    if left == right:
        return True
    try:
        trees = [_tree(side) for side in (left, right)]
    except ParseError:
        return False
    exact = [_exact(tree) for tree in trees]
    return exact[0] == exact[1] if None not in exact else same_value(*trees) == "yes"


def _tree(text: str) -> Any:
    from symback.calculus.question import read_question
    from symback.expr.tree import without_lets

    return without_lets(read_question(text).tree)


def _exact(tree: Any) -> Fraction | None:
    """Return the value of a tree that is a rational number."""
    from symback.expr.tree import symbols_of

    if symbols_of(tree):
        return None
    found = tree.doit()
    return Fraction(int(found.p), int(found.q)) if found.is_Rational else None


def _number(text: str) -> Any:
    from symback.verify import approximate

    tree = _tree(text)
    exact = _exact(tree)
    value = approximate(tree) if exact is None else exact
    if value is None:
        raise FileError(f"{text[:60]} is not a number.", hint=HINT)
    return value


# --- on the answer ---------------------------------------------------------------------------------------------------


def _answer_is(condition: Condition, problem: Problem, values: Mapping[str, Value]) -> bool:
    """Tell whether the right answer is what is on the right side: it is given as the answer, and checked."""
    given: Any = fill(condition.right.strip(), values).text
    keys = condition.key[1:] if condition.key[0] == "answer" else condition.key
    asked = _asking(problem, keys, given)
    solution = import_module("symback.problems.working").work(replace(asked, pictures=()))
    for leaf in solution.leaves():
        if leaf.error is not None:
            raise Unworkable(leaf.error)
    if not any(check.right for check in solution.checks):
        raise FileError(" ".join(solution.notes[-1:]) or "The problem has no such answer.", hint=HINT)
    return bool(solution.answer_check == "confirmed")


def _asking(problem: Problem, keys: Sequence[str], given: Any) -> Problem:
    """Return a problem whose only given answer is this one: that for the keys, of which the first may be of a part."""
    if problem.parts:
        named = [part for part in problem.parts if keys and keys[0] in (part.label, part.id)]
        parts = (_asking(p, keys[1:], given) if p in named else _without_answers(p) for p in problem.parts)
        return replace(problem, parts=tuple(parts))
    for key in reversed(keys):
        given = {key: given}
    return replace(problem, answer=given)


def _without_answers(problem: Problem) -> Problem:
    return replace(problem, answer=None, parts=tuple(map(_without_answers, problem.parts)))
