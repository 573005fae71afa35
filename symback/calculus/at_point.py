"""The values of a point put into a line, and the limit of the difference quotient where its formula has no value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

from symback.calculus import laws
from symback.calculus.engine import tidy
from symback.calculus.tidy.surds import with_simple_roots
from symback.errors import DomainError
from symback.expr.cases import Branch, branches_of, cases_of, has_cases, is_cases, truth, without_cases
from symback.expr.rule import Move, Rule, next_line
from symback.expr.tree import (
    Diff,
    Tree,
    apply,
    number_value,
    substituted,
    symbol,
    symbols_of,
    walk,
)
from symback.verify.domain import check_point, check_value, point_of

SUBSTITUTE = "substitute"


def value_at(
    line: Tree,
    values: Mapping[str, Tree],
    moves: list[Move],
    functions: Iterable[Tree] = (),
    variables: Iterable[Tree] = (),
) -> Tree:
    """Put the values in and work the number out.

    Where the line has no value at the point, but the derivative exists, it is the limit of the difference quotient.
    Raises DomainError where one of the functions that were differentiated by the variables has no derivative there.
    """
    known = {symbol(name): value for name, value in values.items()}
    functions, variables = tuple(functions), tuple(variables)
    if known and variables:
        if is_cases(line) and is_cases(functions[-1]):
            line = _with_the_point(line, functions, variables[-1], known, moves)
        limit = limit_instead(functions, line, variables, known)
        if limit is not None:
            moves.append(replace(limit, line=next_line(moves)))
            return limit.result
    used = tuple((s.name, v) for s, v in known.items() if s in symbols_of(line))
    if used:
        law = ", ".join(name for name, _ in used) + " take their values"
        result = substituted(_without_what_has_no_value(line, known), known)
        moves.append(Move(Rule(SUBSTITUTE, law), (), line, result, used, line=next_line(moves)))
        line = result
    return line if symbols_of(line) and not used else with_simple_roots(tidy(line, moves, (), True), moves)


def _without_what_has_no_value(line: Tree, known: Mapping[Any, Tree]) -> Tree:
    """Return a line by cases with the case that holds alone where another one, such as 1/x at x = 0, has no value."""
    if not has_cases(line):
        return line
    numbers = {s: v.doit() for s, v in known.items()}
    chosen = without_cases(line, lambda condition: truth(condition, numbers))
    values = [branch.value for node in walk(line) if is_cases(node) for branch in branches_of(node)]
    return chosen if any(_has_no_value(value, known) for value in values) else line


def _has_no_value(tree: Tree, known: Mapping[Any, Tree]) -> bool:
    try:
        check_value(tree, point_of(known))
    except DomainError:
        return True
    return False


def _with_the_point(
    line: Tree, functions: Sequence[Tree], variable: Tree, known: Mapping[Any, Tree], moves: list[Move]
) -> Tree:
    """Put the derivative at the point, as a limit, into a derivative by cases that leaves the point out."""
    at_joints = import_module("symback.verify.at_joints")  # loaded where a derivation needs it
    result: Tree = at_joints.with_the_point(line, functions, variable, known)
    if result != line:
        moves.append(Move(laws.JOINTS, (), line, result, line=next_line(moves)))
    return result


def limit_instead(
    functions: Sequence[Tree], line: Tree, variables: Sequence[Tree], known: Mapping[Any, Tree]
) -> Move | None:
    """Return the step to the limit of the difference quotient where the formula has no value; None where it has one.

    Every derivative on the way must exist at the point. One that is a limit there is put to its formula as a case, and
    the quotients of the next are taken of that. Raises DomainError where one of them does not exist.
    """
    function, move = functions[0], None
    for order, (variable, formula) in enumerate(zip(variables, (*functions[1:], line), strict=True), 1):
        move = _limit_of_pass(function, variable, formula, functions[0], known)
        if order < len(variables):
            function = formula if move is None else _filled(formula, variables[order], move.result, known)
    return move


def _filled(formula: Tree, variable: Tree, value: Tree, known: Mapping[Any, Tree]) -> Tree:
    """Return a formula that has no value at the point, with its limit there as a case."""
    if variable not in known:
        raise DomainError(f"The derivative has no value for every {variable.name}.", hint="Choose another point.")
    away = apply("differs", variable, known[variable])
    return cases_of([Branch(formula, away), Branch(value, True)])


def _limit_of_pass(
    function: Tree, variable: Tree, formula: Tree, first: Tree, known: Mapping[Any, Tree]
) -> Move | None:
    """Return the step to the limit for one derivative, whose formula is known.

    Numbers decide, on both sides of the point and with guards against huge ones; domain.py finds the words for
    `first`, the function that was asked about.
    """
    at_a_point = import_module("symback.verify.at_a_point")  # loaded where a derivation needs it
    finding = at_a_point.look_at(Diff(function, variable), formula, known)
    if finding in (at_a_point.Finding.FINE, at_a_point.Finding.FROM_ONE_SIDE) and _divides_by_zero(formula, known):
        finding = at_a_point.Finding.NO_DERIVATIVE  # numbers do not see that sin(pi) is 0
    if finding in (at_a_point.Finding.FINE, at_a_point.Finding.FROM_ONE_SIDE, at_a_point.Finding.UNKNOWN):
        return None  # the check says what could not be told
    words = ""
    if finding is at_a_point.Finding.NO_DERIVATIVE:
        limit = import_module("symback.verify.quotient").limit_at(function, variable, known)
        if limit.value is not None:
            rule = LIMIT_FROM_ONE_SIDE if limit.is_one_sided else LIMIT
            return _limit_move(rule, function, variable, formula, limit.value, known)
        if limit.number is not None:
            value = import_module("symback.verify.recognise").rounded(limit.number)
            return _limit_move(ROUNDED_LIMIT, function, variable, formula, value, known)
        words = limit.why
    try:
        check_point([first], formula, [variable], point_of(known))
    except (ArithmeticError, ValueError, RecursionError):
        pass  # no words for numbers beyond all bounds
    except DomainError as error:
        more = f", and {words}." if words and error.message.startswith("The derivative") else "."
        raise DomainError(error.message.rstrip(".") + more, hint=error.advice) from None
    point = ", ".join(f"{s.name} = {known[s].doit()}" for s in known)
    what = "real value" if finding is at_a_point.Finding.NO_VALUE else "derivative"
    more = f": {words}" if words else ""
    raise DomainError(f"The function has no {what} at {point}{more}.", hint="Choose another point.")


def _divides_by_zero(formula: Tree, known: Mapping[Any, Tree]) -> bool:
    """Tell whether a formula has no value at the exact point; one of rational numbers alone is known by numbers."""
    if all(number_value(value) is not None for value in known.values()):
        return False
    return not has_cases(formula) and _has_no_value(formula, known)


LIMIT = Rule("limit of the difference quotient", "f'(a) = lim (f(a + h) - f(a))/h for h -> 0")
LIMIT_FROM_ONE_SIDE = Rule(LIMIT.name, "f'(a) = lim (f(a + h) - f(a))/h for h -> 0 on the side where f is real")
ROUNDED_LIMIT = Rule(f"{LIMIT.name}, rounded", f"{LIMIT.law}, as a decimal of ten digits")
_LETTERS_OF_FUNCTIONS = ("f", "g", "F", "G", "phi", "psi")


def _limit_move(rule: Rule, function: Tree, variable: Tree, line: Tree, value: Tree, known: Mapping[Any, Tree]) -> Move:
    """Return the step from a formula without a value to the limit; it names the function and the point."""
    letter = next((x for x in _LETTERS_OF_FUNCTIONS if symbol(x) not in {*known, *symbols_of(function)}), "f_0")
    first = ((variable.name, known[variable]),)
    others = tuple((s.name, v) for s, v in known.items() if s != variable and s in symbols_of(function))
    return Move(rule, (), line, value, ((letter, function), *first, *others))


def notes_on_limits(moves: Iterable[Move]) -> list[str]:
    """Say of each derivative that is a limit of difference quotients that it was not read off its formula."""
    notes = []
    for move in moves:
        if move.rule.name in (LIMIT.name, ROUNDED_LIMIT.name):
            named = sorted(move.bound[1:], key=lambda pair: pair[0])
            point = ", ".join(f"{name} = {value.doit()}" for name, value in named)
            sides = "the side where the function is real" if move.rule == LIMIT_FROM_ONE_SIDE else "both sides"
            what = f"the limit of the difference quotient from {sides}"
            rounded = ", which is rounded to ten digits" if move.rule == ROUNDED_LIMIT else ""
            notes.append(f"At {point} the formula has no value: {what}{rounded}.")
    return notes
