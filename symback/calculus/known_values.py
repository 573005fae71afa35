"""Values of functions of which nothing else is known: g(1) = 3 and f'(3) = 6 make a number of f'(g(1)) g'(1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from symback.calculus.engine import tidy
from symback.errors import UsageError
from symback.expr.rule import Derivation, Move, Rule, next_line
from symback.expr.tree import Apply, Path, Tree, fold, put, walk
from symback.result import text_of
from symback.verify import approximate
from symback.verify.compare import unknown_functions

GIVEN = Rule("insert the given values", "each value of an unknown function is the one that is given")
NEAR = 1e-9


@dataclass(frozen=True, repr=False)
class Informed(Derivation):
    """A derivation whose last lines use given values of functions: `general` is what leads there without them."""

    general: Derivation = field(default=None, compare=False)  # type: ignore[assignment]
    known: tuple[tuple[Tree, Tree], ...] = field(default=(), compare=False)

    def verify(self) -> Any:
        """Check the steps before the values by numbers, and the number by putting all values in at once."""
        found = self.general.verify()
        number = approximate(_all_inserted(self.general.last, dict(self.known)))
        if number is None or self.approximate is None:
            return found._replace(verdict="unverified", message="Not checked: a value is missing.")
        if abs(number - self.approximate) > NEAR * max(1.0, abs(number)):
            return found._replace(verdict="failed", message=f"The given values make {number:.10g} of it.")
        if found.verdict == "unverified" and not self.general.variables:
            return found._replace(verdict="verified", points=1, message="Verified at 1 point.")
        return found


def with_known_values(derivation: Derivation, known: Mapping[Tree, Tree]) -> Derivation:
    """Return a derivation that goes on with given values; UsageError where one that is needed is missing.

    >>> from symback.calculus.derive import derive
    >>> from symback.syntax import parse
    >>> general = derive("f(g(x))", "x", at={"x": 1})
    >>> values = {parse(name): parse(value) for name, value in (("g(1)", "3"), ("g'(1)", "2"), ("f'(3)", "5"))}
    >>> with_known_values(general, values).answer
    10
    """
    moves, line = list(derivation.moves), derivation.last
    while found := _place(line, known):
        path, piece = found
        value = known[piece]
        moves.append(Move(GIVEN, path, piece, value, ((text_of(piece), value),), line=_line_of(moves)))
        line = put(line, path, value)
    missing = [node for node in walk(line) if isinstance(node, Apply) and unknown_functions(node)]
    if missing:
        name = text_of(missing[-1])
        raise UsageError(f"There is no value for {name}.", hint=f'Give it, as in given = {{"{name}" = 2}}.')
    if len(moves) == len(derivation.moves):
        return derivation
    line = tidy(line, moves, (), True)
    own: Any = {
        name: getattr(derivation, name) for name in ("variables", "notes", "name", "source", "strategy", "point")
    }
    start, originals = derivation.start, derivation.originals
    return Informed(
        start, tuple(moves), line, **own, originals=originals, general=derivation, known=tuple(known.items())
    )


def _line_of(moves: list[Move]) -> int:
    """Return the line of the next value: values that follow one another are put in together."""
    return moves[-1].line if moves and moves[-1].rule is GIVEN else next_line(moves)


def _place(line: Tree, known: Mapping[Tree, Tree]) -> tuple[Path, Tree] | None:
    """Return where a value can be put in: leftmost, and what stands inside first."""
    stack: list[tuple[Path, Tree]] = [((), line)]
    found = None
    while stack:
        path, node = stack.pop()
        if isinstance(node, Apply) and node in known:
            found = path, node
        stack += [((*path, i), arg) for i, arg in reversed(list(enumerate(getattr(node, "_args", ()))))]
    return found


def _all_inserted(tree: Tree, known: Mapping[Tree, Tree]) -> Tree:
    """Return a tree with all values in it, from the inside out."""

    def combine(node: Any, inner: list[Any]) -> Any:
        args = getattr(node, "_args", ()) if inner else ()
        same = all(a is b for a, b in zip(args, inner, strict=True))
        made = node if same else type(node)(*inner)
        return known.get(made, made)

    return fold(tree, combine)
