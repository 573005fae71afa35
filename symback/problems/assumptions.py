"""What a problem assumes, `assume = ['x > 0', 'C = C.T']`: it rules the points at which answers are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from symback.errors import ParseError
from symback.expr.tree import ONE, Neg, Plus, Tree, apply, symbol
from symback.syntax import parse

HINT = "Write it as in 'x > 0', 'a < b', 'n integer', 'x positive', or on a graph 'C = C.T' and 'sum(y) = 1'."
_COMPARED = re.compile(r"(?P<left>[^<>=≤≥]+)(?P<sign><=|>=|<|>|≤|≥)(?P<right>[^<>=≤≥]+)")
_WORD = re.compile(r"\s*(?P<name>\w+)\s+(?:is\s+)?(?P<word>integer|positive|negative|real)\s*")
_SYMMETRIC = re.compile(r"\s*(?P<name>\w+)\s*=\s*(?P=name)\s*(?:\.T|\^T)\s*")
_LABELS = re.compile(r"\s*sum\(\s*(?P<name>\w+)\s*\)\s*=\s*1\s*")
SAID = {"<=": " <= ", ">=": " >= ", "≤": " <= ", "≥": " >= ", "<": " < ", ">": " > "}


class Assumption(NamedTuple):
    """An assumption as it is typed; `domain` is real exactly where it holds, None where it is about no points.

    `symmetric` names a matrix of a graph, `label` an array whose entries, or those of each row, sum to 1.
    "n integer" has the domain floor(n), which the judge of answers knows.
    """

    text: str
    domain: Tree | None = None
    symmetric: str = ""
    label: str = ""


def assumption_of(text: str, names: Iterable[str] = ()) -> Assumption:
    """Return an assumption, read; ParseError where it is none.

    >>> assumption_of("x > 1").domain, assumption_of("C = C.T").symmetric
    (Apply(ln, Plus(x, Neg(1))), 'C')
    """
    if found := _COMPARED.fullmatch(text):
        left, right = (_side(text, found, name, names) for name in ("left", "right"))
        larger, smaller = (left, right) if found["sign"] in (">", ">=", "≥") else (right, left)
        return Assumption(text, apply("ln" if found["sign"] in "<>" else "sqrt", Plus(larger, Neg(smaller))))
    if found := _WORD.fullmatch(text):
        one = symbol(found["name"])
        domains = {"positive": apply("ln", one), "negative": apply("ln", Neg(one)), "integer": apply("floor", one)}
        domain = domains.get(found["word"])
        return Assumption(text, domain)
    if found := _SYMMETRIC.fullmatch(text):
        return Assumption(text, symmetric=found["name"])
    if found := _LABELS.fullmatch(text):
        return Assumption(text, label=found["name"])
    raise ParseError("This is no assumption that is known.", text, 0, len(text), hint=HINT)


def _side(text: str, found: re.Match[str], name: str, names: Iterable[str]) -> Tree:
    try:
        return parse(found[name], names)
    except ParseError as error:
        start = found.start(name)
        raise ParseError(error.message, text, error.at + start, error.end + start, hint=error.hint) from None


def domains_of(texts: Sequence[str], names: Iterable[str] = ()) -> tuple[Tree, ...]:
    """Return the trees that are real where all assumptions hold."""
    found = (assumption_of(text, names).domain for text in texts)
    return tuple(domain for domain in found if domain is not None)


def cannot_be_met(domains: Sequence[Tree]) -> bool:
    """Tell whether no point was found at which all assumptions hold.

    >>> cannot_be_met(domains_of(["x > 1", "x < 0"])), cannot_be_met(domains_of(["x > 1", "x < y"]))
    (True, False)
    """
    from symback.verify.compare import compare

    if not domains:
        return False
    whole = Plus(*domains) if len(domains) > 1 else domains[0]
    return compare([(whole, whole)]).points == 0


def labels_in(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the arrays whose entries are assumed to sum to 1.

    >>> labels_in(["sum(y) = 1", "C = C.T"])
    ('y',)
    """
    return tuple(label for text in texts if (label := assumption_of(text).label))


def with_symmetric(graph: str, texts: Sequence[str]) -> str:
    """Return the text of a graph in which matrices that are assumed symmetric are declared so.

    >>> with_symmetric("C: n x n; x: n; L = x.T @ C @ x", ["C = C.T"])
    'C: n x n symmetric; x: n; L = x.T @ C @ x'
    """
    for name in (assumption_of(text).symmetric for text in texts):
        if name:
            graph = re.sub(
                rf"(?m)((?:^|;)\s*{re.escape(name)}\s*:[^#;\n]*?)(\s*(?:$|;|#))", r"\1 symmetric\2", graph, count=1
            )
    return graph


def sentence(texts: Sequence[str]) -> Iterator[tuple[str | Tree, ...]]:
    """Yield what is assumed as a sentence, in the signs of mathematics where it compares two sides."""
    words: list[str | Tree] = []
    for said in filter(None, map(_in_signs, texts)):
        words += [" and " if words else "Assume that ", *said]
    if words:
        yield (*words, ".")
    for found in filter(None, map(_WORD.fullmatch, texts)):
        yield ("Here ", symbol(found["name"]), f" is {KINDS[found['word']]}.")


KINDS = {"integer": "an integer", "positive": "positive", "negative": "negative", "real": "a real number"}


def _in_signs(text: str) -> tuple[str | Tree, ...]:
    """Return an assumption in the signs of mathematics; nothing for one in words."""
    if found := _COMPARED.fullmatch(text):
        return (parse(found["left"]), SAID[found["sign"]], parse(found["right"]))
    if found := _SYMMETRIC.fullmatch(text):
        own = symbol(found["name"])
        return (own, " = ", apply("transpose", own))
    if found := _LABELS.fullmatch(text):
        return (apply("sum", symbol(found["name"])), " = ", ONE)
    return ()
