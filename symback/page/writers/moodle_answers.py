"""What Moodle compares a student's answer with: numbers with a tolerance, or all usual spellings of a short expression.

A string is compared only where every usual spelling can be listed: a number times powers of one or two letters. What
can be written in many ways, such as 2x e^x + x^2 e^x, is graded by a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from math import floor, isfinite, log10
from typing import Any, NamedTuple

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.expr.tree import Neg, Power, Times, Tree, number_value, symbols_of
from symback.page.formula.value import NOTHING, Formula, derivative_of
from symback.page.quantities import is_array
from symback.page.solution import CONFIRMED, Solution
from symback.verify import approximate

DIGITS = 3  # a number that has no end is accepted when it is right to so many digits
MOST_LETTERS = 2  # of an expression whose spellings are listed
SIGNS = ("", " ", "*", " * ", "·", " · ", "⋅", " ⋅ ")  # of a product
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Answer(NamedTuple):
    """What Moodle compares an answer with: a number with its tolerance, or texts; neither for an essay."""

    type: str = "essay"
    number: float = 0.0
    tolerance: float = 0.0
    texts: tuple[str, ...] = ()


class Blank(NamedTuple):
    """A field to be filled in: what stands left of it, and what is right."""

    left: Formula
    answer: Answer


ESSAY = Answer()


def answer_of(solution: Solution) -> Answer:
    """Return what a problem with one answer is compared with; an essay for any other."""
    found = _only_answer(solution.works[0].thing) if len(solution.works) == 1 else None
    return ESSAY if found is None else compared(found, solution)


def compared(found: Any, solution: Solution | None = None) -> Answer:
    """Return what a number or an expression is compared with."""
    if isinstance(found, Basic) and symbols_of(found):
        listed = tuple(spellings(found))
        given = [check.given.strip() for check in solution.checks if check.verdict == CONFIRMED] if solution else []
        return Answer("shortanswer", texts=tuple(dict.fromkeys((*listed, *given)))) if listed else ESSAY
    value = approximate(found) if isinstance(found, Basic) else found
    if value is None or not isfinite(value):
        return ESSAY
    return Answer("numerical", float(f"{float(value):.12g}"), tolerance_of(found, float(value)))


def blanks_of(solution: Solution) -> tuple[Blank, ...]:
    """Return the fields of a problem, one for each thing that is asked; none where a person has to grade one."""
    if len(solution.works) != 1:
        return ()
    thing = solution.works[0].thing
    found = list(_several_answers(thing)) or [(NOTHING, _only_answer(thing))]
    blanks = tuple(Blank(left, ESSAY if value is None else compared(value)) for left, value in found)
    return () if any(blank.answer.type == "essay" for blank in blanks) else blanks


def _only_answer(thing: Any) -> Any:
    """Return the one tree or number that is asked for, None where there are several."""
    kind = thing.kind
    if kind in ("derivation", "differences", "directional"):
        inner = {"differences": "derivation", "directional": "product"}.get(kind)
        return (getattr(thing, inner) if inner else thing).last
    if kind == "backprop" and len(thing.wrt) == 1:
        name = thing.wrt[0]
        value = thing.values[name] if thing.values else thing.gradients[name]
        return None if is_array(value) else value
    return None


def _several_answers(thing: Any) -> Iterator[tuple[Formula, Any]]:
    """Yield the components of a gradient at a point, each with its name: numbers that can be typed one by one."""
    if thing.kind == "gradient" and thing.values:
        for variable, derivation in zip(thing.variables, thing.values[0], strict=True):
            yield (
                derivative_of(thing.names[0] if thing.names and thing.names[0] else "f", (variable,), True),
                derivation.last,
            )
    if thing.kind == "backprop" and len(thing.wrt) > 1 and thing.values:
        for name in thing.wrt:
            value = thing.values[name]
            yield derivative_of(thing.loss, (Symbol(name),), True), None if is_array(value) else value


def tolerance_of(found: Any, value: float) -> float:
    """Return how far from the number an answer may be: not at all for a short one, else half of its third digit.

    >>> tolerance_of(None, 29.0), tolerance_of(None, -0.625), tolerance_of(None, 2.1715)
    (0.0, 0.0, 0.005)
    """
    exact = number_value(found) if isinstance(found, Basic) else None
    short = float(f"{value:.{DIGITS}g}")
    if value == short and (exact is None or float(exact) == value):
        return 0.0
    return float(f"{10.0 ** (floor(log10(abs(value))) - DIGITS + 1) / 2:.3g}")


# --- spellings ----------------------------------------------------------------------------------------------------


def spellings(tree: Tree) -> Iterator[str]:
    """Yield all usual ways to type a number times powers of letters; nothing of any other expression.

    >>> import symback
    >>> list(spellings(symback.parse("6x")))[:6]
    ['6x', '6 x', '6*x', '6 * x', '6·x', '6 · x']
    >>> list(spellings(symback.parse("2x e^x + x^2 e^x")))
    []
    """
    factors = _factors(tree)
    if factors is None:
        return
    sign, number, letters = factors
    for order in _orders(number, letters):
        for one in _products(order):
            yield from (one,) if not sign else (f"-{one}", f"- {one}", f"-({one})")


def _factors(tree: Tree) -> tuple[bool, str, list[tuple[str, int]]] | None:
    """Return sign, number and letters with their powers; None of what is no such product."""
    negative = isinstance(tree, Neg)
    inner = tree._args[0] if negative else tree
    number, letters = "", []
    for factor in inner._args if isinstance(inner, Times) else (inner,):
        base, power = factor._args if isinstance(factor, Power) else (factor, None)
        exponent = 1 if power is None else number_value(power)
        value = number_value(factor)
        if isinstance(base, Symbol) and exponent is not None and exponent == int(exponent) and 1 <= exponent <= 99:
            letters.append((base.name, int(exponent)))
        elif value is not None and value == int(value) and not number and power is None:
            negative, number = negative != (value < 0), str(abs(int(value)))
        else:
            return None
    one_letter_each = all(len(name) == 1 for name, _ in letters)
    return (negative, number, letters) if one_letter_each and 1 <= len(letters) <= MOST_LETTERS else None


def _orders(number: str, letters: Sequence[tuple[str, int]]) -> Iterator[tuple[tuple[str, int], ...]]:
    """Yield the factors in every order."""
    every = [*([(number, 1)] if number and number != "1" else []), *letters]
    yield from permutations(every)


def _products(order: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Yield a product with each sign of multiplication, and with each way to write a power."""
    raised = [("^", ""), ("**", ""), ("^(", ")"), (None, "")] if any(power > 1 for _, power in order) else [("^", "")]
    for sign in SIGNS if len(order) > 1 else ("",):
        for before, after in raised:
            written = [_power(name, power, before, after) for name, power in order]
            if sign.strip() or not any(one[0].isdigit() for one in written[1:]):
                yield sign.join(written)


def _power(name: str, power: int, before: str | None, after: str) -> str:
    if power == 1:
        return name
    return f"{name}{str(power).translate(RAISED)}" if before is None else f"{name}{before}{power}{after}"
