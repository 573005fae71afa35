"""Functions with kinks and jumps: on one side of the place |u| is u or -u, floor(u) one number, cases one case."""

from __future__ import annotations

from symback.calculus.limits.algebra import inside
from symback.calculus.limits.direct import STEPS
from symback.calculus.limits.laws import ABSOLUTE, GREATER, NEAR_A_STEP, THE_CASE
from symback.calculus.limits.work import Work
from symback.expr.cases import branches_of, is_cases
from symback.expr.rule import Rule
from symback.expr.tree import (
    Apply,
    Inert,
    Neg,
    Path,
    Plus,
    Tree,
    is_free_of,
    number,
)  # fmt: skip
from symback.verify.limits import values_beside


def on_this_side(work: Work, path: Path, body: Tree) -> bool:
    """Replace the first function with a kink or a jump by what it is near the place, on all sides looked at."""
    stack: list[tuple[Tree, Path]] = [(body, inside(path))]
    while stack:
        node, place = stack.pop()
        if isinstance(node, Apply) and not is_free_of(node, work.variable):
            found = _replaced(work, node)
            if found is not None:
                rule, result, bound = found
                work.apply(rule, place, result, bound)
                return True
        if isinstance(node, Inert):
            stack.extend((a, (*place, i)) for i, a in reversed(list(enumerate(node._args))) if isinstance(a, Inert))
    return False


_Found = tuple[Rule, Tree, tuple[tuple[str, Tree], ...]]


def _replaced(work: Work, node: Apply) -> _Found | None:
    if is_cases(node):
        return _case(work, node)
    inner = node.arguments[0]
    if node.name == "abs":
        sign = _sign(work, inner)
        law = "abs(u) = u for u > 0" if sign > 0 else "abs(u) = -u for u < 0"
        return None if not sign else (Rule(ABSOLUTE.name, law), inner if sign > 0 else Neg(inner), (("u", inner),))
    if node.name in STEPS:
        value = _constant(work, node)
        return None if value is None else (NEAR_A_STEP, value, (("u", inner),))
    if node.name in ("max", "min") and len(node.arguments) == 2:
        first, second = node.arguments
        sign = _sign(work, Plus(first, Neg(second)))
        chosen = first if (sign > 0) == (node.name == "max") else second
        return None if not sign else (GREATER, chosen, ())
    if node.name == "relu":
        sign = _sign(work, inner)
        return None if not sign else (GREATER, inner if sign > 0 else number(0), ())
    return None


def _sign(work: Work, tree: Tree) -> int:
    signs = {work.sign_beside(tree, side, point) for point in work.points for side in work.sides()}
    return signs.pop() if len(signs) == 1 else 0


def _constant(work: Work, node: Tree) -> Tree | None:
    """Return the whole number that a step function is near the place; None where it changes."""
    values = {v for p in work.points for side in work.sides() for v in values_beside(node, work.limit, side, p)}
    if len(values) != 1 or None in values:
        return None
    return number(int(values.pop()))


def _case(work: Work, node: Apply) -> _Found | None:
    """Return the case that holds on all sides that are looked at."""
    for branch in branches_of(node):
        off = Plus(node, Neg(branch.value))
        near = [values_beside(off, work.limit, s, p) for p in work.points for s in work.sides()]
        if all(value is not None and abs(value) < 1e-30 for values in near for value in values) and any(near):
            return THE_CASE, branch.value, ()
    return None
