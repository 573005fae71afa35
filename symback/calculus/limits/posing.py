"""What is asked: the function, the variable, what it tends to, and from which side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy.core.symbol import Symbol

from symback.calculus.question import Question, as_number, read_variables
from symback.errors import NoRule, UsageError
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import (
    ONE,
    Apply,
    Diff,
    Int,
    Lim,
    Neg,
    Tree,
    is_free_of,
    symbol,
    walk,
    without_lets,
)
from symback.syntax.limits import infinite as read_infinite
from symback.verify.limits import INFINITY

SIDES = {"left": -1, "right": 1, "-": -1, "+": 1, None: 0, "": 0}
HINT = "Write --to x=0, --to x=oo or --to x=-oo."


def posed(question: Question, x: Any, to: Any, side: str | None) -> tuple[Lim, Question]:
    """Return the limit that is asked for; a limit sign says it all."""
    tree = without_lets(question.tree)
    if isinstance(tree, Lim):
        if to is not None and not _same_target(tree, x, to, side):
            raise UsageError("The expression says what its variable tends to.", hint="Leave the other place out.")
        return tree, question._replace(tree=tree._args[0])
    if any(isinstance(node, Lim) for node in walk(tree)):
        raise UsageError(
            "A limit stands within the expression.", hint="Put what it is the limit of in brackets: lim x->0 [x + 1]."
        )
    if side not in SIDES:
        raise UsageError(f"There is no side {side!r}.", hint="Write left or right.")
    if to is None:
        raise UsageError("It is not said what the variable tends to.", hint=HINT)
    variable = _variable(question, x)
    return _limit_of(tree, variable, read_target(to), SIDES[side]), question


def _same_target(tree: Lim, x: Any, to: Any, side: str | None) -> bool:
    named = read_variables(x) if x not in (None, "") else [tree._args[1]]
    return named == [tree._args[1]] and read_target(to) == tree._args[2] and SIDES.get(side, 9) in (0, tree.side)


def _limit_of(tree: Tree, variable: Symbol, target: Tree, side: int) -> Lim:
    is_far = target in (INFINITY, Neg(INFINITY))
    if is_far and side:
        raise UsageError("Far out there is one side only.", hint="Leave the side out.")
    if not is_free_of(target, variable):
        raise UsageError(f"{variable.name} tends to itself.", hint=HINT)
    return Lim(tree, variable, target) if not side else Lim(tree, variable, target, ONE if side > 0 else Neg(ONE))


def _variable(question: Question, x: Any) -> Symbol:
    if x not in (None, ""):
        found = read_variables(x)
        if len(found) != 1:
            raise UsageError("A limit is by one variable.", hint=HINT)
        return found[0]
    variables = question.variables()
    if len(variables) > 1:
        names = ", ".join(s.name for s in variables)
        raise UsageError(f"The expression has {len(variables)} variables ({names}).", hint=HINT)
    return variables[0] if variables else symbol("x")


def read_target(value: Any) -> Tree:
    """Return what a variable tends to: a number, a letter, oo or -oo.

    >>> read_target("-oo"), read_target("pi/2")
    (Neg(oo), Quotient(pi, 2))
    """
    if value in (INFINITY, Neg(INFINITY)):
        return value
    text = str(value)
    return read_infinite(text) or as_number(value)


def read_to(to: Any) -> tuple[str, Any]:
    """Return the variable and its place from x=0, {"x": 0} or a place alone, whose variable is then not said.

    >>> read_to("x=0"), read_to({"t": "oo"}), read_to("pi")
    (('x', '0'), ('t', 'oo'), ('', 'pi'))
    """
    if isinstance(to, Mapping):
        if len(to) != 1:
            raise UsageError("A limit has one variable.", hint=HINT)
        ((name, value),) = to.items()
        return str(name), value
    text = str(to).replace("->", "=").replace("→", "=")
    name, equals, value = text.partition("=")
    return (name.strip(), value.strip()) if equals else ("", to)


def require_plain(start: Lim) -> None:
    body = start._args[0]
    for node in walk(body):
        if isinstance(node, (Int, Diff, Lim)):
            raise UsageError("The expression is not worked out yet.", hint="Work out what stands within it first.")
        if isinstance(node, Apply) and node.name not in FUNCTIONS and not _is_of_cases(node.name):
            raise NoRule(f"The function {node.name} is not known.", hint="Write the function out, as in f(x) = x^2.")


def _is_of_cases(name: str) -> bool:
    from symback.expr.cases import CASES, CONDITIONS

    return name == CASES or name in CONDITIONS
