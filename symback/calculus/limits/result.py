"""A limit that is worked out: a derivation from the limit sign to its value, or one for each side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import sympy
from sympy.core.symbol import Symbol

from symback.calculus.limits.sequences import Along
from symback.expr.rule import Derivation
from symback.expr.tree import Tree
from symback.result import text_of
from symback.verify import Verification
from symback.verify.limits import INFINITY, verify_does_not_exist, verify_limit, verify_two_sequences

DOES_NOT_EXIST = "does not exist"


@dataclass(frozen=True, repr=False)
class Limit(Derivation):
    """The limit of a function: its steps and its value, which may be infinite.

    Where the two sides are worked out each by itself, `left` and `right` are their limits. `exists` is False where the
    sides differ, or where the values never settle; then `why` says so, and there is no `answer`. `along` are two
    sequences of places whose limits differ.

    >>> import symback
    >>> symback.limit("sin(3x)/x", "x", 0).answer
    3
    >>> symback.limit("1/x", "x", 0).exists
    False
    """

    kind: ClassVar[str] = "limit"
    left: Limit | None = None
    right: Limit | None = None
    exists: bool = True
    why: str = ""
    along: tuple[Along, ...] = ()

    @property
    def variable(self) -> Symbol:
        """The variable that tends to the place."""
        return self.start._args[1]

    @property
    def target(self) -> Tree:
        """What the variable tends to: a number, oo or -oo."""
        return self.start._args[2]

    @property
    def is_infinite(self) -> bool:
        """Whether the function grows beyond all bounds."""
        return self.exists and INFINITY in self.last.free_symbols

    @property
    def is_by_sides(self) -> bool:
        """Whether each side is worked out by itself."""
        return self.left is not None and self.right is not None

    @cached_property
    def answer(self) -> Any:
        """The limit as a SymPy expression, oo and -oo among them; None where there is none."""
        if not self.exists:
            return None
        found = self.last.doit().xreplace({INFINITY: sympy.oo})
        return found.xreplace(dict(self.originals)) if self.originals else found

    def derivations(self) -> tuple[Derivation, ...]:
        """Return the derivations that are shown: that of the limit, or one for each side."""
        if self.along:
            return tuple(one.limit for one in self.along)
        return tuple(side for side in (self.left, self.right) if side is not None) if self.is_by_sides else (self,)

    @cached_property
    def _verdict(self) -> Verification:
        parts = [verify_limit(d.start, d.moves, d.last) for d in self.derivations() if d.exists]  # type: ignore[attr-defined]
        for verdict in parts:
            if verdict.verdict != "verified":
                return verdict
        if self.along:
            return verify_two_sequences(self.start, [(a.places, a.counter, a.limit.last) for a in self.along])
        if not self.exists:
            return verify_does_not_exist(self.start)
        return verify_limit(self.start, (), self.last) if self.is_by_sides else parts[0]

    def verify(self) -> Verification:
        """Check every line by numbers, and the value from each side."""
        return self._verdict

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in super().__getstate__().items() if k != "_verdict"}

    def about(self) -> str:
        """Return the limit and what it comes to."""
        return f"{text_of(self.start)} {f'= {text_of(self.last)}' if self.exists else DOES_NOT_EXIST}"

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Limit"
