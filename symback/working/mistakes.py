"""Mistakes as laws: a wrong law is a line of text that is run at one place, as the right ones are.

Beside the tables stand the few mistakes that no single law says, and which mistakes bring others with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from symback.expr.match import Bindings, fill, match
from symback.expr.tree import Diff, Tree, is_free_of, symbols_of
from symback.syntax import parse_law
from symback.working.of_algebra import OF_ALGEBRA
from symback.working.of_calculus import OF_CALCULUS

_DEPENDENT = "uvw"  # letters of a wrong law of calculus that stand for what depends on the variable


@dataclass(frozen=True)
class Mistake:
    """A mistake: its name, its wrong law, an expression in which it is made, what a teacher says, and its family."""

    name: str
    law: str
    example: str
    says: str
    family: str

    @cached_property
    def _sides(self) -> tuple[Tree, Tree, str, Tree | None]:
        law, _, where = self.law.partition(" where ")
        left, right = map(parse_law, law.split(" = "))
        letter, _, meaning = where.partition(" = ")
        return left, right, letter, parse_law(meaning) if meaning else None

    @property
    def is_of_calculus(self) -> bool:
        """Whether a derivative stands on the left of the law."""
        return self.law.startswith("D(")

    @cached_property
    def left(self) -> Tree:
        """What the law is about: u*v in D(u*v) = D(u)*D(v)."""
        side = self._sides[0]
        return side._args[0] if isinstance(side, Diff) else side

    def made_at(self, piece: Tree, variable: Tree) -> tuple[Tree, Bindings] | None:
        """Return what the mistake makes of a piece (of calculus: of its derivative), and what the letters stand for."""
        bound = match(self.left, piece, variable)
        if bound is None or not self._is_meant(bound, variable):
            return None
        return fill(self._sides[1], self._with_where(bound, variable), variable), bound

    def _is_meant(self, bound: Bindings, variable: Tree) -> bool:
        """Tell whether the letters stand for what they are meant for: constants have laws of their own."""
        if not self.is_of_calculus:
            return True
        if self.law == "D(c) = 1":
            return bool(symbols_of(bound["c"]))
        if self.family == "quotient rule":
            return not is_free_of(bound["v"], variable)
        return not any(is_free_of(bound[letter], variable) for letter in _DEPENDENT if letter in bound)

    def _with_where(self, bound: Bindings, variable: Tree) -> Bindings:
        _, _, letter, meaning = self._sides
        if meaning is None:
            return bound
        from symback.working.right import worked_out  # a law without `where` does without it

        return {**bound, letter: worked_out(fill(meaning, bound, variable))}


ALGEBRA = "algebra"
CALCULUS: tuple[Mistake, ...] = tuple(Mistake(*row, family) for family, rows in OF_CALCULUS.items() for row in rows)
OF_FORMS: tuple[Mistake, ...] = tuple(Mistake(*row, ALGEBRA) for row in OF_ALGEBRA)

# Mistakes that no single line says: they hold for any number of terms, or are about which letter is meant.
OTHER_VARIABLE = Mistake(
    "differentiated by another variable", "D(u) = D(u, y)", "x^2 y", "The derivative is by {x}.", "constants"
)
ALL_VARIABLES = Mistake(
    "other letters differentiated as well", "D(u) = D(u) + D(u, y)", "x^2 y^3",
    "By {x} alone: all other letters are constants.", "constants",
)  # fmt: skip
CONSTANT_AS_VARIABLE = Mistake(
    "constant taken for the variable", "D(c) = D(c, y)", "x^2 + 3y",
    "{c} does not depend on {x}: its derivative is 0.", "constants",
)  # fmt: skip
LOST_BRACKET = Mistake(
    "bracket lost after a minus", "-(u + v) = -u + v", "-(x + 1)", "The minus belongs to every term of the bracket.",
    ALGEBRA,
)  # fmt: skip
FIRST_TERM_ONLY = Mistake(
    "only the first term multiplied", "w*(u + v) = w*u + v", "2(x + 1)",
    "The factor belongs to every term of the bracket.", ALGEBRA,
)  # fmt: skip
WITHOUT_LAW = (OTHER_VARIABLE, ALL_VARIABLES, CONSTANT_AS_VARIABLE, LOST_BRACKET, FIRST_TERM_ONLY)
MISTAKES: tuple[Mistake, ...] = (*CALCULUS, *OF_FORMS, *WITHOUT_LAW)

_FORGOT, _TERM_MISSING = "forgot the inner derivative", "a term of the product rule is missing"
# What an outer mistake brings with it: where both explain a line, and the first stands outside, it alone is meant.
BRINGS: dict[str, frozenset[str]] = {
    _FORGOT: frozenset((
        "constant factor lost", "minus lost", "variable kept", "sign of the derivative", "integrated instead",
        "exponent not brought down", "derivative put inside the function",
        "outer derivative taken at the inner derivative", "exponent not lowered",
    )),
    "exponential rule on a variable base": frozenset((_TERM_MISSING,)),
    "power rule on a variable exponent": frozenset((_TERM_MISSING,)),
}  # fmt: skip
# One constant that is differentiated explains more simply what a habit with all letters would explain too.
SIMPLER: dict[str, frozenset[str]] = {
    "constant taken for the variable": frozenset((OTHER_VARIABLE.name, ALL_VARIABLES.name)),
}


def named(name: str) -> tuple[Mistake, ...]:
    """Return the laws of a mistake by its name."""
    return tuple(mistake for mistake in MISTAKES if mistake.name == name)
