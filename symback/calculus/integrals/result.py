"""An integral that is worked out: a derivation whose last line is an antiderivative and a constant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from sympy.core.symbol import Symbol

from symback.calculus.integrals.assumptions import Assumed
from symback.calculus.integrals.checking import verify_antiderivative, verify_value
from symback.calculus.integrals.lettered import verify_with_letters
from symback.expr.rule import Derivation
from symback.expr.tree import Tree
from symback.result import text_of
from symback.verify import Verification


@dataclass(frozen=True, repr=False)
class Integral(Derivation):
    """The integral of a function: its steps, its antiderivative, and between limits its value.

    `antiderivative` is the answer as a tree, without the constant, whose letter is `constant`; `answer` is the same as
    a SymPy expression. `assumed` is what is assumed of letters, `conditions` what is assumed of limits with letters.
    Between limits `definite` derives the `value`.

    >>> import symback
    >>> symback.integrate("x e^(x^2)").answer
    exp(x**2)/2
    >>> symback.integrate("x^2", limits=(0, 3)).value
    9
    """

    kind: ClassVar[str] = "integral"
    antiderivative: Tree = None
    constant: str = "C"
    definite: Derivation | None = None
    ends: tuple[Any, ...] = ()
    breaks: tuple[Any, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    conditions: tuple[str, ...] = ()

    @property
    def variable(self) -> Symbol:
        """The variable that is integrated by."""
        return self.start._args[1]

    @cached_property
    def answer(self) -> Tree:
        """The antiderivative as an ordinary SymPy expression, without the constant."""
        found = self.antiderivative.doit()
        return found.xreplace(dict(self.originals)) if self.originals else found

    @property
    def value(self) -> Tree | None:
        """The value between the limits as a SymPy expression; None where there are none."""
        return None if self.definite is None else self.definite.answer

    def derivations(self) -> tuple[Derivation, ...]:
        """Return the derivation of the antiderivative, and of the value between limits."""
        return (self,) if self.definite is None else (self, self.definite)

    @cached_property
    def _verdict(self) -> Verification:
        found = verify_antiderivative(self)
        if self.definite is None or found.verdict != "verified":
            return found
        integrand, variable = self.start._args[:2]
        if self.ends:
            value = verify_value(integrand, variable, self.ends, self.definite.approximate, list(self.breaks))
        else:
            value = verify_with_letters(self.definite.start, self.antiderivative, self.definite.last, self.assumed)
        if value.verdict != "verified":
            return value
        return found._replace(message=f"{found.message.rstrip('.')}, and the value by quadrature.")

    def verify(self) -> Verification:
        """Check the derivative of each line at many points, and the value by quadrature."""
        return self._verdict

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in super().__getstate__().items() if k != "_verdict"}

    def about(self) -> str:
        """Return the integral and what it comes to."""
        first, last = (self.start, self.last) if self.definite is None else (self.definite.start, self.definite.last)
        return f"{text_of(first)} = {text_of(last)}"

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Integral"
