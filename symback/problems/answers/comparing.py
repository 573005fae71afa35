"""One given answer beside the right one, compared by values, and the right one as text.

A decimal is right where it is the right value rounded to the digits given: 2.17 is 2.1715..., and 2.18 is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import Any, NamedTuple

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Apply, Tree, number, symbols_of, walk
from symback.problems.answers.reading import Chain
from symback.problems.answers.rights import Right, Rights
from symback.problems.close import is_rounded, is_same, known
from symback.verify import Judged, judge
from symback.verify.rounding import is_rounding
from symback.verify.where import parts_of

DIGITS = 10  # of a right value that was worked out in floats


# --- comparing ------------------------------------------------------------------------------------------------------


class Compared(NamedTuple):
    """A verdict on an answer ("yes", "narrower", "unknown" or "no"), what is to be said, and where it is right."""

    verdict: str
    note: str = ""
    where: str = ""


Digits = Mapping[Fraction, int]  # how many digits after the point a decimal was written with


def compared(given: Any, right: Rights, as_formula: bool, digits: Digits | None = None) -> Compared:
    """Return whether a given answer is right, and what is to be said of it: the worst of its entries."""
    digits = digits or {}
    if isinstance(given, Chain):
        return _chained(given, right, as_formula, digits)
    if isinstance(given, str) or isinstance(right, Right) and isinstance(right.value, str):
        return Compared(_yes(isinstance(given, str) and isinstance(right, Right) and right.value == given))
    if isinstance(right, Right):
        if isinstance(right.value, list):
            entries = right.value if isinstance(given, list) else replace(right, value=None)
            return compared(given, entries, as_formula, digits)
        if isinstance(given, list):
            return Compared("no", "is a list, where one number or expression is needed.")
        return _one(given, right, as_formula, digits)
    right = _flat(right) if isinstance(given, list) and not any(isinstance(g, list) for g in given) else right
    if not isinstance(given, list) or len(given) != len(right):
        count = counted(len(given)) if isinstance(given, list) else "no entries"
        return Compared("no", f"has {count}, where there are {len(right)}.")
    found = [compared(g, r, as_formula, digits) for g, r in zip(given, right, strict=True)]
    return max(found, key=lambda f: (_BADNESS[f.verdict], f.note), default=Compared("yes"))


def _chained(given: Chain, right: Rights, as_formula: bool, digits: Digits) -> Compared:
    """Return what is to be said of a chain: each of its links must be right, and the first worst one is named."""
    found = [(text, compared(link, right, as_formula, digits)) for text, link in given.links]
    text, worst = max(found, key=lambda pair: _BADNESS[pair[1].verdict])
    if worst.verdict == "yes" or worst.note:
        return worst
    said = {"no": "is wrong", "narrower": "is narrower", "unknown": "could be neither confirmed nor refuted"}
    return worst._replace(note=f"is a chain, in which {text} {said[worst.verdict]}.")


_BADNESS = {"yes": 0, "narrower": 1, "unknown": 2, "no": 3}


def counted(count: int) -> str:
    """Return how many entries there are, in words."""
    return "1 entry" if count == 1 else f"{count} entries"


def _flat(rows: list[Rights]) -> list[Rights]:
    """Return a matrix of one row or one column as a list: it may be given without the second brackets."""
    matrix = [row for row in rows if isinstance(row, list)]
    if len(matrix) < len(rows):
        return rows
    if len(matrix) == 1:
        return matrix[0]
    return [row[0] for row in matrix] if all(len(row) == 1 for row in matrix) else rows


def _one(given: Any, right: Right, as_formula: bool, digits: Digits) -> Compared:
    if right.value is None:
        is_rounded = isinstance(given, Decimal) and right.formula is not None and not has_letters(right.formula)
        found = _same_number(given, right.formula, digits) if is_rounded else _same_formula(given, right, digits)
    else:
        found = _same_number(given, right.value, digits, right.within[1:])  # the first is the function itself
        if found.verdict != "yes" and as_formula and right.formula is not None:
            found = _same_formula(given, right, digits)
    if found.verdict != "unknown" or found.note:
        return found
    return found._replace(note="could be neither confirmed nor refuted by numbers.")


def _same_formula(given: Any, right: Right, digits: Digits) -> Compared:
    tree = _tree(given)
    if tree == right.formula:
        return Compared("yes")
    if right.same is not None:
        found = right.same(tree)
        return Compared(found) if isinstance(found, str) else Compared(found.verdict, where=where_text(found))
    return (
        Compared("no") if right.formula is None else _judged(right.formula, tree, right.within, digits, right.pending)
    )


def _judged(right: Tree, given: Tree, within: Sequence[Tree], digits: Digits, pending: Tree | None = None) -> Compared:
    found = judge(right, given, within, pending=pending)
    if found.verdict == "no" and not found.note and is_rounding(right, given, digits):
        return Compared("yes")
    return Compared(found.verdict, found.note, where_text(found))


def where_text(found: Judged) -> str:
    """Return the conditions of a verdict as text: "x > 0 and y > 0"."""
    written = import_module("symback.page.maths").text if found.where else str  # what writes stands above
    return "".join(part if isinstance(part, str) else written(part) for part in parts_of(found.where))


def _same_number(given: Any, value: Any, digits: Digits, assumed: Sequence[Tree] = ()) -> Compared:
    """Tell whether a given number or expression is a value that was worked out, exactly or as a float."""
    if has_unknown_functions(value):
        is_tree = hasattr(given, "_args")
        return _judged(value, given, (), digits) if is_tree else Compared("unknown", UNKNOWN_FUNCTION)
    if has_letters(given) or has_letters(value):
        is_exact = not isinstance(value, (int, float, Fraction))
        return _judged(value, _tree(given), assumed, digits) if is_exact else Compared("no")
    right = known(value)
    if right is None:
        return Compared("unknown")
    if isinstance(given, Decimal):
        return Compared(_yes(is_rounded(right, given)))
    found = known(given)
    if found is None or is_same(right, found):
        return Compared(_yes(found))
    return Compared(_yes(digits and hasattr(given, "_args") and is_rounding(_tree(right.value), given, digits)))


UNKNOWN_FUNCTION = "could not be checked: nothing is known of the function."


def has_unknown_functions(entry: Any) -> bool:
    """Tell whether a tree holds a function such as f of which nothing is known."""
    return hasattr(entry, "_args") and any(isinstance(n, Apply) and n.name not in FUNCTIONS for n in walk(entry))


def _yes(found: Any) -> str:
    return "yes" if found else "no"


def _tree(given: Any) -> Tree:
    return number(Fraction(given), decimal=True) if isinstance(given, (Decimal, Fraction)) else given


def has_letters(entry: Any) -> bool:
    return bool(symbols_of(entry)) if hasattr(entry, "_args") else False


# --- as text --------------------------------------------------------------------------------------------------------


def right_text(right: Rights, as_formula: bool, rounded: bool = False) -> str:
    """Return the right answer as text that reads back: as a formula, or as a value where there is one.

    With `rounded` values are decimals, because a decimal was given.
    """
    if isinstance(right, list):
        return f"[{', '.join(right_text(entry, as_formula, rounded) for entry in right)}]"
    wanted = right.formula if right.value is None or (as_formula and right.formula is not None) else right.value
    if wanted is None or isinstance(wanted, list):
        return "" if wanted is None else right_text(wanted, as_formula, rounded)
    if rounded and wanted is right.value and not isinstance(wanted, str):
        wanted = _decimal(wanted)
    if isinstance(wanted, (str, int, Fraction)):
        return str(wanted)
    if hasattr(wanted, "_args"):
        return str(import_module("symback.page.maths").text(wanted))  # what writes stands above what works
    return str(import_module("symback.page.quantities").number(float(wanted), DIGITS))


def _decimal(value: Any) -> Any:
    """Return a number that is no whole one as a float, anything else as it is."""
    exact = None if has_letters(value) else known(value)
    return value if exact is None or exact.value.denominator == 1 else float(exact.value)
