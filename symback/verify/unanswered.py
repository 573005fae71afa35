"""What stands in an expression and has a question of its own: an integral, a limit."""

from __future__ import annotations

from collections.abc import Container

from symback.errors import UsageError
from symback.expr.tree import Int, Lim

ANSWERED_BY = {
    Int: ("An integral stands in the expression.", "Ask for it with symback integrate."),
    Lim: ("A limit stands in the expression.", "Ask for it with symback limit."),
}


def refuse_unanswered(heads: Container[type]) -> None:
    """Raise UsageError where an integral or a limit is among these kinds of nodes."""
    for head, (message, hint) in ANSWERED_BY.items():
        if head in heads:
            raise UsageError(message, hint=hint)
