"""Formulas that overflow as they are written, and the functions that they are: 1/(1 + e^-u) is the sigmoid of u.

Only numbers and code are worked out by these; on paper a formula is derived as written.
"""

from __future__ import annotations

from functools import cache

from symback.expr.match import fill, match
from symback.expr.tree import Apply, Plus, Quotient, Tree, apply, symbol
from symback.syntax import parse_law

_FORMS = """
1/(1 + e^(-u))                           sigmoid(u)
1/(e^(-u) + 1)                           sigmoid(u)
e^u/(1 + e^u)                            sigmoid(u)
e^u/(e^u + 1)                            sigmoid(u)
1/(1 + k^(-u))                           sigmoid(ln(k)*u)
(e^u - e^(-u))/(e^u + e^(-u))            tanh(u)
ln(1 + e^u)                              softplus(u)
ln(e^u + 1)                              softplus(u)
ln(cosh(u))                              softplus(2*u) - u - ln(2)
"""
_ROOTS = """
sqrt(u^2 + v^2)                          u, v
sqrt(u^2 + 1)                            u, 1
sqrt(1 + u^2)                            u, 1
"""  # the two sides of a right angle


@cache
def _forms() -> tuple[tuple[Tree, Tree], ...]:
    rows = (line.split("  ", 1) for line in _FORMS.strip().splitlines())
    roots = (line.split("  ", 1) for line in _ROOTS.strip().splitlines())
    return (
        *((parse_law(left), parse_law(right.strip())) for left, right in rows),
        *((parse_law(left), apply("hypot", *map(parse_law, right.split(",")))) for left, right in roots),
    )


def stable_form(tree: Tree) -> Tree | None:
    """Return the function that a formula is, None for most formulas.

    >>> from symback.syntax import parse
    >>> stable_form(parse("1/(1 + e^(-3t))"))
    Apply(sigmoid, Times(3, t))
    """
    if isinstance(tree, Quotient):
        if not isinstance(tree._args[1], Plus):
            return None
    elif not (isinstance(tree, Apply) and tree.name in ("ln", "sqrt")):
        return None
    for pattern, form in _forms():
        bound = match(pattern, tree, symbol("x"))
        if bound is not None:
            return fill(form, bound, symbol("x"))
    return None
