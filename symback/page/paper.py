"""What lines of text are written on."""

from __future__ import annotations

from typing import NamedTuple

from symback.page.formula.value import Formula
from symback.page.notation import Notation
from symback.page.page import Inlines, Maths


class Paper(NamedTuple):
    """What lines are written on: the notation of formulas, and how many columns there are."""

    notation: Notation
    columns: int

    @property
    def unicode(self) -> bool:
        return self.notation.name == "unicode"

    def write(self, formula: Formula) -> str:
        return formula.write(self.notation)

    def inline(self, inlines: Inlines) -> str:
        """Return words and formulas as one line."""
        return "".join([self.write(part.formula) if isinstance(part, Maths) else part.words for part in inlines])
