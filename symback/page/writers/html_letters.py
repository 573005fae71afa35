"""The letters of a law in colours: the same in the law, in what they stand for, and where that stands in the line.

The colours are seen while the law is open; classes say which letter is meant, and the look has the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from symback.page.formula.value import Formula
from symback.page.writers.mathml import formula

MOST = 4  # letters that have a colour of their own
_MATHS = re.compile(r"(<semantics>)(.*?)(<annotation)", re.DOTALL)
_ELEMENT = re.compile(r"<m(?:i|n)>[^<]*</m(?:i|n)>")


def coloured(line: str, letters: Sequence[Formula]) -> str:
    """Return a line and its reason with a class at each letter, and at each place of what it stands for."""
    for number, letter in enumerate(letters[:MOST], 1):
        name, equals, body = letter.latex.partition(" = ")
        shown = _inside(body) if equals else ""
        line = _MATHS.sub(lambda found: found[1] + _marked(found[2], name, shown, number) + found[3], line)  # noqa: B023
    return line


def _inside(latex: str) -> str:
    """Return the elements of a formula without what is around them; "" for one that is a letter or a number alone."""
    found = formula(latex, True)
    written = _MATHS.search(found.mathml) if found else None
    inner = written[2] if written else ""
    if inner.startswith("<mrow>") and _is_balanced(inner[len("<mrow>") : -len("</mrow>")]):
        inner = inner[len("<mrow>") : -len("</mrow>")]
    return "" if _ELEMENT.fullmatch(inner) else inner


def _is_balanced(inner: str) -> bool:
    """Tell whether every row that ends in a piece has begun there."""
    depth = 0
    for tag in re.findall(r"</?mrow", inner):
        depth += 1 if tag == "<mrow" else -1
        if depth < 0:
            return False
    return depth == 0


def _marked(mathml: str, name: str, shown: str, number: int) -> str:
    mathml = mathml.replace(f"<mi>{name}</mi>", f'<mi class="l{number}">{name}</mi>')
    return mathml.replace(shown, f'<mrow class="l{number}">{shown}</mrow>') if shown else mathml
