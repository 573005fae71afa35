"""Given answers, read: numbers, expressions, chains of equal ones such as 2x = x + x, and lists of these."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple

from symback.errors import ParseError, SymbackError
from symback.expr.tree import Tree
from symback.problems.answers.claims import claim_of, claims_of, links_of
from symback.problems.answers.rights import REFUSED
from symback.syntax.source import MAX_DIGITS


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


class Chain(NamedTuple):
    """Expressions that are said to be equal, as in 2x = x + x: each as it was typed, and read."""

    links: tuple[tuple[str, Any], ...]


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
    links = links_of(text)
    if len(links) > 1:
        links = [link for link in links if not claims_of(f"0 = {link}")]  # 2x = f'(x)
        return Chain(tuple((link, _read_link(link, read)) for link in links))
    try:
        return read(text)
    except ParseError as error:
        raise Unreadable(f"{error.message.rstrip('.')} (at {error.text[error.at : error.end].strip()!r}).") from None
    except SymbackError as error:
        raise Unreadable(error.message) from None


def _read_link(text: str, read: Callable[[str], Tree]) -> Any:
    if not text:
        raise Unreadable("there is nothing on one side of an equals sign.")
    return _read_text(text, read)


def _parts(text: str) -> list[str] | None:
    """Return the entries of a list in brackets, None for what is none: (x + 1) is an expression, (x, 1) a list."""
    if text[:1] + text[-1:] not in ("[]", "()") or len(text) < 3:
        return None
    parts = split_at_commas(text[1:-1])
    return parts if len(parts) > 1 or (text[0] == "[" and parts) else None


def split_at_commas(text: str) -> list[str]:
    """Return what commas outside of brackets separate; nothing where a bracket is closed that was not opened.

    >>> split_at_commas("f_x = y, f_y = max(x, 1)")
    ['f_x = y', 'f_y = max(x, 1)']
    """
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            return []
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def entries_of(given: Any) -> Iterable[Any]:
    """Yield the numbers and expressions of an answer: the entries of lists, the links of chains."""
    if isinstance(given, Chain):
        return entries_of([link for _, link in given.links])
    return chain.from_iterable(map(entries_of, given)) if isinstance(given, list) else (given,)


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
