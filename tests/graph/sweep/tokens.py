"""How long a formula is on paper, to hold it against the one that a book prints."""

from __future__ import annotations

import re

LONGER = 1.2  # so many times the tokens of the book are no longer its form


def tokens(formula: str) -> int:
    """Return how long a formula is: names, numbers, signs and brackets; a gradient by name is one name.

    >>> tokens("2 A.T @ (A @ x - b)"), tokens("d/dH [L] * H^2"), tokens("e^(-x)")
    (11, 4, 6)
    """
    formula = re.sub(r"[d∂]/[d∂][\w\[\],]+ \[\w+\]|[d∂]\w+/[d∂]\w+(\[\d+\])?", "gradient", formula)
    return len(re.findall(r"[^\W\d_]\w*(?:\[[\d, ]+\])?|\d+(?:\.\d+)?|\.T|[^\w\s*⊙]", formula))
