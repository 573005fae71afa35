"""Is a function real anywhere? What has no real value at any point, as ln(-x^2) or (-2)^x, has no derivative either.

Points are looked for as for every comparison: at many scales, beside the constants of the function, and downhill
towards the domains of its parts, so that sqrt(x - 10^6) and sqrt(0.001 - x^2) are found to be real.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from itertools import product
from time import process_time
from typing import Any

from mpmath import mp
from sympy.core.basic import Basic
from sympy.core.numbers import Integer

from symback.errors import DomainError
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import (
    Apply,
    Inert,
    Let,
    Power,
    Quotient,
    Tree,
    is_pending,
    number_value,
    symbols_of,
    walk,
    weight_of,
)
from symback.verify.compare import Huge, Undefined, evaluate
from symback.verify.domain import check_value, point_of
from symback.verify.intern_table import InternTable
from symback.verify.points import good_points
from symback.verify.program import SEARCH, Program
from symback.verify.quick_look import is_surely_real
from symback.verify.unanswered import refuse_unanswered
from symback.verify.values import Beyond, is_finite

BUDGET = 1.0  # seconds
WHOLE = (1, 2, 3)
SIZES = (0.73, -0.61, 2.37, -3.19)
MOST_CONSTANTS = 100  # different ones that are worked out
LARGEST = 5_000  # on paper: in what is longer, only the constants are looked at
SAMPLE = Quotient(Integer(1), Integer(2))  # the value of every variable in the example of an error


def require_real(tree: Tree, variables: Iterable[Basic]) -> None:
    """Raise DomainError where a part without letters has no real value, or the whole has none at any point.

    The letters that are not among the variables may be whole numbers, as the n of (-1)^n x^n.
    """
    whole = list(walk(tree))
    heads = set(map(type, whole))
    refuse_unanswered(heads)
    nodes = [node for node in whole if _may_fail(node)] if heads & _HEADS else []
    if not nodes:
        return
    variables = frozenset(variables)
    require_constants(tree)
    for node in nodes:
        _require_base(node, variables)
    if symbols_of(tree) and weight_of(tree) <= LARGEST and not is_pending(tree) and _is_nowhere_real(tree, variables):
        raise DomainError(f"The function has no real value anywhere{_example(tree)}.", hint="Check the expression.")


def _require_base(node: Basic, variables: frozenset[Basic]) -> None:
    """Raise DomainError for (-2)^x, log(x, 1) and root(x, 0), which are not functions of real numbers."""
    name = node.name if isinstance(node, Apply) else ""
    if not isinstance(node, Power) and name not in ("log", "root"):
        return
    base, exponent = node._args[-2:] if isinstance(node, Power) else node._args[:0:-1]
    value = _number(base)
    if value is None:
        return
    if isinstance(node, Power) and value <= 0 and symbols_of(exponent) & variables:
        said = "The base of a power with a variable exponent must be positive"
    elif isinstance(node, Power) and value == 0 and _number(exponent) == 0:
        raise DomainError("There is no real value: 0 has no power 0.", hint="Write 1 where that is meant.")
    elif name == "log" and (value <= 0 or value == 1):
        said = "The base of a logarithm must be positive and not 1"
    elif name == "root" and value == 0:
        said = "There is no root of index 0: the index must not be 0"
    else:
        return
    raise DomainError(f"{said}; here it is {mp.nstr(value, 6).removesuffix('.0')}.", hint="Change that number.")


def _number(tree: Tree) -> Any:
    """Return the value of a tree without letters; None where there are any, or it has none."""
    if symbols_of(tree):
        return None
    try:
        return evaluate(tree, {})
    except Undefined:
        return None


def require_constants(tree: Tree) -> None:
    """Raise DomainError where a part without letters has no real value, as the ln 0 in 0^x ln 0."""
    for part in list(dict.fromkeys(_constants(tree)))[:MOST_CONSTANTS]:
        _require_value(part)


_HEADS = {Apply, Power, Quotient}


def _may_fail(node: Basic) -> bool:
    """Tell whether a node may have no real value though its arguments have one."""
    if isinstance(node, Apply):
        return node.name in FUNCTIONS and bool(FUNCTIONS[node.name].domain)
    if isinstance(node, Power):
        exponent = number_value(node._args[1])
        return exponent is None or exponent.denominator != 1 or exponent <= 0
    return isinstance(node, Quotient) and number_value(node) is None


def _constants(tree: Tree) -> list[Inert]:
    """Return the largest parts without letters that are not plain numbers."""
    found: list[Inert] = []
    stack: list[Basic] = [tree]
    while stack:
        node = stack.pop()
        if not isinstance(node, Inert):
            continue
        if symbols_of(node):
            stack.extend(node._args[1:] if isinstance(node, (Apply, Let)) else node._args)
        elif number_value(node) is None and not is_pending(node):
            found.append(node)
    return found


def _require_value(part: Inert) -> None:
    """Raise DomainError where a constant has no real value; domain.py finds the words."""
    if not any(map(_may_fail, walk(part))):
        return
    try:
        evaluate(part, {})
    except Huge:
        return
    except Undefined:
        with suppress(ArithmeticError, ValueError, RecursionError):  # no words for numbers beyond all bounds
            check_value(part, point_of({}))
        raise DomainError("A part of the expression has no real value.", hint="Check the constants in it.") from None


def _is_nowhere_real(tree: Tree, variables: frozenset[Basic]) -> bool:
    """Tell whether no point with a real value is found; where numbers mostly grow beyond bounds, nothing is said."""
    if is_surely_real(tree):
        return False
    forest = InternTable()
    program = Program(forest, [forest.intern(tree)])
    deadline = process_time() + BUDGET
    tried = beyond = 0
    for point in good_points(forest, program, 0, deadline):
        tried += 1
        try:
            if is_finite(program.values(point, SEARCH)[0]):
                return False
        except Beyond:
            beyond += 1
        if process_time() > deadline:
            return False
    return tried > 2 * beyond and not _is_real_for_whole_numbers(tree, variables)


def _is_real_for_whole_numbers(tree: Tree, variables: frozenset[Basic]) -> bool:
    """Tell whether there is a value where the letters that are not differentiated by are whole numbers."""
    others = [s for s in symbols_of(tree) if s not in variables]
    for whole, size in product(WHOLE, SIZES) if others else ():
        point = dict.fromkeys(symbols_of(tree), size) | dict.fromkeys(others, whole)
        with suppress(Undefined):
            evaluate(tree, point)
            return True
    return False


def _example(tree: Tree) -> str:
    """Return what goes wrong at a point, for the error."""
    try:
        with mp.workdps(15):
            check_value(tree, point_of(dict.fromkeys(sorted(symbols_of(tree), key=str), SAMPLE)))
    except DomainError as error:
        place, _, why = error.message.partition(" at ")[2].rstrip(".").partition(": ")
        return f": at {place}, for instance, {why}" if why else ""
    except (ArithmeticError, ValueError, RecursionError):
        return ""
    return ""
