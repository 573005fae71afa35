"""The reasons that stand behind lines: one is wrong where the rule that it names cannot lead there.

In doubt a reason is let stand: a power may be written as a product, a constant factor may be one of two functions.
"""

from __future__ import annotations

from symback.expr.tree import Apply, Diff, Gradient, Plus, Power, Quotient, Times, Tree, is_pending, walk

OF_PATHS = ("chain rule", "multivariable chain rule")
_NEEDS: dict[str, tuple[type, ...]] = {
    "product rule": (Times, Quotient, Power),
    "quotient rule": (Times, Quotient, Power),
    "chain rule": (Apply, Power, Quotient, Times),
}  # what must stand in a derivative for the rule to be of use


def fault(label: str, before: Tree, line: Tree) -> str:
    """Return why a reason is none for a line, in words; empty where it may be one.

    >>> from symback.syntax import parse
    >>> fault("product rule", parse("d/dx [x + sin x]"), parse("1 + cos x"))
    'the product rule does not lead here'
    """
    names = [name for name in _NEEDS if name in label.lower() and not _is_part(name, label)]
    if _is_sum_of_paths(line):
        wrong = [name for name in names if name not in OF_PATHS]
        return f"this is the multivariable chain rule, not the {wrong[0]}" if wrong else ""
    if not is_pending(before):
        return ""
    inside = {type(n) for d in walk(before) if isinstance(d, Diff) for n in walk(d._args[0])}
    wrong = [name for name in names if not inside & set(_NEEDS[name])]
    return f"the {wrong[0]} does not lead here" if wrong else ""


def _is_part(name: str, label: str) -> bool:
    """Tell whether a name is only the end of a longer one: chain rule in multivariable chain rule."""
    return name == "chain rule" and "multivariable" in label.lower()


def _is_sum_of_paths(line: Tree) -> bool:
    """Tell whether a line is the sum of products of derivative signs alone: dL/dp dp/dc + dL/dq dq/dc."""
    return isinstance(line, Plus) and all(_is_path(term) for term in line._args)


def _is_path(term: Tree) -> bool:
    return isinstance(term, Times) and all(isinstance(f, Gradient) for f in term._args)
