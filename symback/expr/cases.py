"""Functions by cases: `cases(u, p, v, q, w)` is u where p holds, else v where q holds, else w.

Without the last value the function is undefined elsewhere. A condition is a comparison of two expressions, or several
joined by `and` and `or`; `0 <= x < 1` is two comparisons that share an expression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol
from sympy.logic.boolalg import false, true

from symback.expr.tree import Apply, Inert, Tree, apply, is_free_of, symbols_of

CASES, AND, OR = "cases", "and", "or"
# name: its sign, what holds where it does not, and the same without the boundary ("" where nothing is left)
COMPARISONS: dict[str, tuple[str, str, str]] = {
    "less": ("<", "at_least", "less"),
    "greater": (">", "at_most", "greater"),
    "at_most": ("<=", "greater", "less"),
    "at_least": (">=", "less", "greater"),
    "equal": ("=", "differs", ""),
    "differs": ("!=", "equal", "differs"),
}
CONDITIONS = frozenset((*COMPARISONS, AND, OR))

Condition = Tree | bool  # True and False: it always, or never, holds


class Branch(NamedTuple):
    """A value and where it holds; the condition of the last one is True where it is for everything else."""

    value: Tree
    condition: Condition


def is_cases(tree: object) -> bool:
    """Tell whether a tree is a function by cases."""
    return isinstance(tree, Apply) and tree.name == CASES


def is_condition(tree: object) -> bool:
    """Tell whether a tree is a comparison, or several joined by `and` and `or`."""
    return isinstance(tree, Apply) and tree.name in CONDITIONS


def has_cases(tree: Basic) -> bool:
    """Tell whether a function by cases occurs somewhere in a tree."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if is_cases(node):
            return True
        if isinstance(node, Inert):
            stack.extend(node._args)
    return False


def branches_of(tree: Tree) -> tuple[Branch, ...]:
    """Return the branches of a function by cases, in the order in which they are tried.

    >>> from symback.expr.tree import symbol
    >>> x = symbol("x")
    >>> branches_of(apply("cases", x, apply("less", x, x)))
    (Branch(value=x, condition=Apply(less, x, x)),)
    """
    arguments = tree.arguments
    pairs = zip(arguments[::2], (*arguments[1::2], True), strict=False)
    return tuple(Branch(value, condition) for value, condition in pairs)


def cases_of(branches: Sequence[Branch]) -> Tree:
    """Return the function with these branches; one that always holds ends it, and alone it is the value itself."""
    arguments: list[Tree] = []
    for value, condition in branches:
        if condition is False:
            continue
        if condition is True:
            return apply(CASES, *arguments, value) if arguments else value
        arguments += [value, condition]
    return apply(CASES, *arguments)


# --- conditions -------------------------------------------------------------------------------------------------------


def comparisons_in(condition: Condition) -> Iterator[Apply]:
    """Yield the comparisons of a condition from left to right."""
    stack = [condition]
    while stack:
        node = stack.pop()
        if not isinstance(node, Apply):
            continue
        if node.name in COMPARISONS:
            yield node
        else:
            stack.extend(reversed(node.arguments))


def both(*conditions: Condition) -> Condition:
    """Return the condition that all of these hold."""
    return _joined(AND, conditions, True)


def either(*conditions: Condition) -> Condition:
    """Return the condition that one of these holds."""
    return _joined(OR, conditions, False)


def _joined(name: str, conditions: Sequence[Condition], neutral: bool) -> Condition:
    parts: dict[Tree, None] = {}
    for condition in conditions:
        if condition is (not neutral):
            return not neutral
        if not isinstance(condition, bool):
            inner = condition.arguments if condition.name == name else (condition,)
            parts.update(dict.fromkeys(inner))
    return apply(name, *parts) if len(parts) > 1 else next(iter(parts), neutral)


def mapped(condition: Condition, change: Callable[[Apply], Condition], turned: bool = False) -> Condition:
    """Return the condition with each comparison changed; `turned` also exchanges `and` and `or`.

    Conditions nest no deeper than a text may.
    """
    if not isinstance(condition, Apply):
        return not condition if turned else condition
    if condition.name in COMPARISONS:
        return change(condition)
    join = both if (condition.name == AND) is not turned else either
    return join(*(mapped(part, change, turned) for part in condition.arguments))


def opposite(condition: Condition) -> Condition:
    """Return what holds where a condition does not.

    >>> from symback.expr.tree import ONE, symbol
    >>> opposite(apply("less", symbol("x"), ONE))
    Apply(at_least, x, 1)
    """
    return mapped(condition, lambda c: apply(COMPARISONS[c.name][1], *c.arguments), turned=True)


def inside_of(condition: Condition, variable: Tree) -> Condition:
    """Return where a condition holds on both sides along the variable: without the boundaries that it moves across."""

    def opened(comparison: Apply) -> Condition:
        if is_free_of(comparison, variable):
            return comparison
        name = COMPARISONS[comparison.name][2]
        return apply(name, *comparison.arguments) if name else False

    return mapped(condition, opened)


def insides(tree: Tree, variable: Tree) -> dict[int, Branch]:
    """Return the branches, by their places, with conditions that hold inside of each region, in whatever order.

    A branch that has no inside, such as one for x = 0 alone, is left out.
    """
    branches = branches_of(tree)
    if all(is_free_of(c, variable) for b in branches for c in comparisons_in(b.condition)):
        return dict(enumerate(branches))
    found: dict[int, Branch] = {}
    before: list[Condition] = []
    for place, (value, condition) in enumerate(branches):
        inside = both(inside_of(condition, variable), *before)
        if inside is not False:
            found[place] = Branch(value, inside)
        before.append(inside_of(opposite(condition), variable))
    return found


def truth(condition: Tree, values: Mapping[Symbol, Any] = MappingProxyType({})) -> bool | None:
    """Tell whether a condition holds, with numbers for its letters; None where letters are left, or it has no value.

    >>> from symback.expr.tree import ONE, TWO
    >>> truth(apply("less", ONE, TWO))
    True
    """
    if any(s not in values for s in symbols_of(condition)):
        return None
    try:
        value = condition.doit().xreplace(values)
    except TypeError:  # a side that is not real
        return None
    return True if value == true else False if value == false else None


# --- one branch chosen ------------------------------------------------------------------------------------------------


def chosen(tree: Tree, holds: Callable[[Tree], bool | None]) -> Tree | None:
    """Return what is left of a function by cases where conditions are decided; None where nothing is.

    `holds` says whether a condition does, or None where that is not known.
    """
    left: list[Branch] = []
    for value, condition in branches_of(tree):
        known = condition if isinstance(condition, bool) else holds(condition)
        left.append(Branch(value, condition if known is None else known))
        if known:
            break
    made = cases_of(left)
    return None if made == tree else made


def without_cases(tree: Tree, holds: Callable[[Tree], bool | None]) -> Tree:
    """Return the tree with every decided case chosen, the outer ones first, so that what is not chosen is not seen."""
    stack: list[tuple[Tree, list[Tree] | None]] = [(tree, None)]
    done: list[list[Tree]] = [[]]
    while stack:
        node, inner = stack.pop()
        if inner is not None:
            done.pop()
            same = all(a is b for a, b in zip(node._args, inner, strict=True))
            done[-1].append(node if same else type(node)(*inner))
            continue
        while is_cases(node) and (made := chosen(node, holds)) is not None:
            node = made
        if not isinstance(node, Inert) or not node._args:
            done[-1].append(node)
            continue
        parts: list[Tree] = []
        done.append(parts)
        stack.append((node, parts))
        stack.extend((a, None) for a in reversed(node._args))
    return done[0][0]
