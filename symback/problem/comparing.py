"""One given answer beside the right one: read, compared by values, and both written as text.

A decimal is right where it is the right value rounded to the digits given: 2.17 is 2.1715..., and 2.18 is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple

from mpmath.libmp import to_rational

from symback.check import Judged, Undefined, evaluate, judge
from symback.check.rounding import is_rounding
from symback.check.where import parts_of
from symback.errors import ParseError, SymbackError
from symback.functions import FUNCTIONS
from symback.parse.source import MAX_DIGITS
from symback.problem.claims import claim_of
from symback.problem.rights import REFUSED, Right, Rights
from symback.tree import Apply, Tree, number, number_value, symbols_of, walk

DIGITS = 10  # of a right value that was worked out in floats
NEAR, NEAR_FLOAT = Fraction(1, 10**40), Fraction(1, 10**9)  # how far off a value is that was worked out so


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
        found = _same_number(given, right.value, digits)
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
    return Compared("no") if right.formula is None else _judged(right.formula, tree, right.within, digits)


def _judged(right: Tree, given: Tree, within: Sequence[Tree], digits: Digits) -> Compared:
    found = judge(right, given, within)
    if found.verdict == "no" and is_rounding(right, given, digits):
        return Compared("yes")
    return Compared(found.verdict, where=where_text(found))


def where_text(found: Judged) -> str:
    """Return the conditions of a verdict as text: "x > 0 and y > 0"."""
    written = import_module("symback.render.maths").text if found.where else str  # what writes stands above
    return "".join(part if isinstance(part, str) else written(part) for part in parts_of(found.where))


def _same_number(given: Any, value: Any, digits: Digits) -> Compared:
    """Tell whether a given number or expression is a value that was worked out, exactly or as a float."""
    if has_unknown_functions(value):
        is_tree = hasattr(given, "_args")
        return _judged(value, given, (), digits) if is_tree else Compared("unknown", UNKNOWN_FUNCTION)
    if has_letters(given) or has_letters(value):
        is_exact = not isinstance(value, (int, float, Fraction))
        return _judged(value, _tree(given), (), digits) if is_exact else Compared("no")
    right, off = _exact(value)
    if right is None:
        return Compared("unknown")
    if isinstance(given, Decimal):
        unit = Fraction(10) ** int(given.as_tuple().exponent)
        return Compared(_yes(abs(right - Fraction(given)) <= unit / 2 + off * abs(right) + off / 10**6))
    found, other = _exact(given)
    if found is None:
        return Compared("no")
    if abs(right - found) <= max(off, other) * max(abs(right), Fraction(1)):
        return Compared("yes")
    return Compared(_yes(digits and hasattr(given, "_args") and is_rounding(_tree(right), given, digits)))


UNKNOWN_FUNCTION = "could not be checked: nothing is known of the function."


def has_unknown_functions(entry: Any) -> bool:
    """Tell whether a tree holds a function such as f of which nothing is known."""
    return hasattr(entry, "_args") and any(isinstance(n, Apply) and n.name not in FUNCTIONS for n in walk(entry))


def _yes(found: Any) -> str:
    return "yes" if found else "no"


def _exact(value: Any) -> tuple[Fraction | None, Fraction]:
    """Return a number as a fraction, and how far it may be off as a part of itself; None where it is not finite."""
    if isinstance(value, (int, Fraction, Decimal)):
        return Fraction(value), Fraction(0)
    if isinstance(value, float) or not hasattr(value, "_args"):
        return (Fraction(float(value)), NEAR_FLOAT) if isfinite(value) else (None, NEAR_FLOAT)
    exact = number_value(value)
    if exact is not None:
        return exact, Fraction(0)
    try:
        return Fraction(*map(int, to_rational(evaluate(value, {})._mpf_))), NEAR
    except Undefined:
        return None, NEAR


def _tree(given: Any) -> Tree:
    return number(Fraction(given), decimal=True) if isinstance(given, (Decimal, Fraction)) else given


def has_letters(entry: Any) -> bool:
    return bool(symbols_of(entry)) if hasattr(entry, "_args") else False


# --- reading what is given ------------------------------------------------------------------------------------------


class Unreadable(Exception):
    """A given answer is no number, expression or list of them; says why, as the end of a sentence."""


_LITERAL = re.compile(r"(?<![\w.])\d*\.\d+")


def digits_of(given: Any) -> dict[Fraction, int]:
    """Return with how many digits after the point the decimals in a text, or in the texts of a list, are written.

    >>> digits_of("0.50x + 1.5")
    {Fraction(1, 2): 2, Fraction(3, 2): 1}
    """
    if isinstance(given, (list, tuple)):
        return {value: digits for entry in given for value, digits in digits_of(entry).items()}
    found: dict[Fraction, int] = {}
    for literal in _LITERAL.findall(given) if isinstance(given, str) else ():
        value = Fraction(literal)
        found[value] = max(found.get(value, 0), len(literal.partition(".")[2]))
    return found


_DECIMAL = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")


def read_given(given: Any, read: Callable[[str], Tree]) -> Any:
    """Return a given answer as a `Decimal` (which may be rounded), a fraction, a tree, a list of these, or REFUSED."""
    if isinstance(given, (list, tuple)):
        return [read_given(entry, read) for entry in given]
    if isinstance(given, str):
        return _read_text(given.strip(), read)
    if isinstance(given, bool) or not isinstance(given, (int, float, Decimal, Fraction)):
        raise Unreadable(f"{given_text(given)} is no number, expression or list.")
    return _bounded(Decimal(repr(given)) if isinstance(given, float) else given)


def _bounded(given: int | Decimal | Fraction) -> Decimal | Fraction:
    if isinstance(given, Decimal) and not (given.is_finite() and abs(given.adjusted()) <= MAX_DIGITS):
        raise Unreadable("the number is not finite, or too large.")
    return given if isinstance(given, Decimal) else Fraction(given)


def _read_text(text: str, read: Callable[[str], Tree]) -> Any:
    plain = text.replace("−", "-")
    if plain.lower() == REFUSED:
        return REFUSED
    if _DECIMAL.fullmatch(plain):
        return _bounded(int(plain) if plain.lstrip("+-").isdigit() and len(plain) < MAX_DIGITS else Decimal(plain))
    parts = _parts(text)
    if parts is not None:
        return [_read_text(part, read) for part in parts]
    claim = claim_of(text)
    if claim is not None:
        return _read_text(text[claim.start :].strip().rstrip("$").rstrip(), read)
    try:
        return read(text)
    except ParseError as error:
        raise Unreadable(f"{error.message.rstrip('.')} (at {error.text[error.at : error.end].strip()!r}).") from None
    except SymbackError as error:
        raise Unreadable(error.message) from None


def _parts(text: str) -> list[str] | None:
    """Return the entries of a list in brackets, None for what is none: (x + 1) is an expression, (x, 1) a list."""
    if text[:1] + text[-1:] not in ("[]", "()") or len(text) < 3:
        return None
    parts, depth = [""], 0
    for character in text[1:-1]:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            return None
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts] if len(parts) > 1 or text[0] == "[" else None


def entries_of(given: Any) -> Iterable[Any]:
    return chain.from_iterable(map(entries_of, given)) if isinstance(given, list) else (given,)


# --- as text --------------------------------------------------------------------------------------------------------


def given_text(given: Any) -> str:
    """Return a given answer as it was typed.

    >>> given_text([["2x", 1], [Decimal("0.50"), "y"]])
    '[[2x, 1], [0.50, y]]'
    """
    if isinstance(given, (list, tuple)):
        return f"[{', '.join(map(given_text, given))}]"
    if isinstance(given, Mapping):
        return f"{{{', '.join(f'{key} = {given_text(value)}' for key, value in given.items())}}}"
    if isinstance(given, bool):
        return str(given).lower()
    return str(given).replace("E+", "e").replace("E", "e") if isinstance(given, Decimal) else str(given)


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
        return str(import_module("symback.render.maths").text(wanted))  # what writes stands above what works
    return str(import_module("symback.render.quantities").number(float(wanted), DIGITS))


def _decimal(value: Any) -> Any:
    """Return a number that is no whole one as a float, anything else as it is."""
    exact = None if has_letters(value) else _exact(value)[0]
    return value if exact is None or exact.denominator == 1 else float(exact)
