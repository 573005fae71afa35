"""An identity: the left side is worked on, the right side too, and where they meet the chain is closed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product
from typing import Any, ClassVar, NamedTuple

from symback.calculus.derive import derivatives_worked_out, insert_functions
from symback.calculus.question import Question, read_question
from symback.calculus.showing.forms import forms_of
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import Let, Plus, Times, Tree, fold, is_pending, symbols_of, walk, without_lets
from symback.verify import Judged, judge
from symback.verify.compare import Undefined, evaluate
from symback.verify.verification import Verification

REORDER = Rule("order terms and factors", "u + v = v + u, u v = v u", True)
COMBINE = Rule("cancel and combine", "u v/(u w) = v/w, u u^n = u^(n + 1), and numbers are worked out", True)
BACK = " (read from right to left)"


class Side(NamedTuple):
    """A side of an identity: as it is written, its value without names and derivatives to come, and what is done."""

    start: Tree
    meant: Tree
    moves: tuple[Move, ...]
    notes: tuple[str, ...]

    @property
    def lines(self) -> list[Tree]:
        """The lines, the first as it is written."""
        return Derivation(self.start, self.moves, self.start).lines()


@dataclass(frozen=True, repr=False)
class Identity(Derivation):
    """A chain from the left side of an identity to its right side.

    `verdict` is what numbers say of the two sides, `meets` whether steps lead from one to the other; where they do not,
    the chain ends where the left side does. `differs` is a point at which the sides differ, with their values.
    """

    kind: ClassVar[str] = "show"
    right: Tree = field(default=None, compare=False)
    verdict: Judged = field(default=Judged("unknown"), compare=False)
    meets: bool = True
    differs: str = ""
    within: tuple[Tree, ...] = field(default=(), compare=False)

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Identity"

    def verify(self) -> Any:
        """Check every step by numbers; of sides that are equal in a part of the domain alone, it says so."""
        found = self._verified_within() if self.within else super().verify()
        if self.verdict.verdict == "no":
            return found._replace(verdict="failed", message=f"The sides differ: {self.differs}.", failed_step=None)
        if self.verdict.verdict == "narrower" and found.verdict == "failed":
            return found._replace(verdict="unverified", message="The sides are equal in a part of the domain only.")
        if not self.meets and found.verdict == "verified":
            said = "No steps were found that lead from one side to the other; numbers say that they are equal."
            return found._replace(verdict="unverified", message=said)
        return found

    def _verified_within(self) -> Verification:
        """Check line after line where what is assumed holds."""
        lines = self.lines()
        verdicts = [judge(here, there, [*self.within, here]).verdict for here, there in pairwise(lines)]
        if "no" in verdicts:
            return Verification("failed", 0, "A step does not hold under what is assumed.", verdicts.index("no"))
        if set(verdicts) <= {"yes"}:
            return Verification("verified", 12, "Verified at points where what is assumed holds.")
        return Verification("unverified", 0, "Not verified: numbers could not tell under what is assumed.")


def show(left: str, right: str, where: str = "", names: Iterable[str] = (), within: Sequence[Tree] = ()) -> Identity:
    """Show that two sides are equal: one chain from the left to the right; `where` defines functions in them.

    They are compared where all trees of `within` are real.

    >>> found = show("d/dx [1/(1 + e^-x)]", "s(x)(1 - s(x))", "s(x) = 1/(1 + e^-x)")
    >>> found.meets, found.steps[-1].rule.name
    (True, 'insert the functions (read from right to left)')
    """
    one, other = (_side(text, where, tuple(names)) for text in (left, right))
    verdict = judge(one.meant, other.meant, [*within, one.meant] if within else ())
    notes = tuple(dict.fromkeys((*one.notes, *other.notes)))
    differs = _where_they_differ(one.meant, other.meant) if verdict.verdict == "no" else ""
    met = None if verdict.verdict == "no" else _meeting(one, other)
    moves = _chain(one, other, met) if met is not None else one.moves
    last = other.start if met is not None else one.lines[-1]
    return Identity(
        one.start,
        moves,
        last,
        notes=notes,
        source=f"{left} = {right}",
        right=other.start,
        verdict=verdict,
        meets=met is not None,
        differs=differs,
        within=tuple(within),
    )


def _side(text: str, where: str, names: tuple[str, ...]) -> Side:
    """Return a side with its functions put in, its derivatives worked out, and the forms it can be brought into."""
    question = read_side(text, where, names)
    moves: list[Move] = []
    start, line = _worked(question, moves)
    for rule, form in forms_of(line):
        moves.append(Move(rule, (), line, form, line=_next(moves)))
        line = form
    return Side(start, without_lets(question.tree), tuple(moves), question.notes)


def read_side(text: str, where: str, names: Iterable[str] = ()) -> Question:
    """Return a side as a question, with the definitions that it uses."""
    used = [one for one in re.split(r"[;\n]", where) if one.strip() and _is_used(one, text + where.replace(one, ""))]
    return read_question("; ".join([text, *(one.strip() for one in used)]), names)


def _is_used(definition: str, text: str) -> bool:
    name = re.match(r"\s*([^\W\d]\w*)", definition)
    return name is None or re.search(rf"(?<![^\W_]){re.escape(name[1])}(?![^\W_])", text) is not None


def _worked(question: Question, moves: list[Move]) -> tuple[Tree, Tree]:
    start = question.tree if question.called is None else question.called
    insert_functions(question, moves)
    if is_pending(question.tree):
        return start, derivatives_worked_out(question, moves, {})
    plain = without_lets(question.tree)
    if plain != question.tree and moves:
        moves[-1] = replace(moves[-1], result=plain)
    return (start if moves else plain), plain


def _next(moves: Sequence[Move]) -> int:
    return moves[-1].line + 1 if moves else 1


# --- the chain -------------------------------------------------------------------------------------------------------


def _meeting(left: Side, right: Side) -> tuple[int, int] | None:
    """Return the numbers of the first lines of both sides that are the same, up to the order of terms."""
    found = [[_key(line) for line in side.lines] for side in (left, right)]
    pairs = product(range(len(found[0])), range(len(found[1])))
    same = [(i, j) for i, j in pairs if found[0][i] is not None and found[0][i] == found[1][j]]
    return min(same, key=lambda pair: (sum(pair), pair[1]), default=None)


def _key(line: Tree) -> Any:
    """Return what is the same for lines that differ in the order of terms and factors alone.

    A function that has a name is another thing than its definition until that is put in.
    """
    if is_pending(line):
        return None
    return line if any(isinstance(node, Let) for node in walk(line)) else line.doit()


def _in_order(tree: Tree) -> Any:
    """Return an expression as nested tuples, in which the order of terms and factors is always the same."""

    def combine(node: Any, inner: list[Any]) -> Any:
        if not inner:
            return (str(node),)
        if isinstance(node, (Plus, Times)):
            own = type(node).__name__
            flat = [part for one in inner for part in (one[1:] if one[0] == own else (one,))]
            return (own, *sorted(flat, key=str))
        return (getattr(node, "name", type(node).__name__), *inner)

    return fold(tree, combine)


def _chain(left: Side, right: Side, met: tuple[int, int]) -> tuple[Move, ...]:
    """Return the moves of the left side up to where they meet, and those of the right side from there, backwards."""
    i, j = met
    here, there = left.lines[i], right.lines[j]
    moves = list(left.moves[:i])
    if here != there:
        is_order = _in_order(here) == _in_order(there)
        moves.append(Move(REORDER if is_order else COMBINE, (), here, there, line=_next(moves)))
    number, before = _next(moves), None
    for move in reversed(right.moves[:j]):
        number += before is not None and (move.line != before or not move.line)
        before = move.line
        rule = move.rule._replace(name=move.rule.name + BACK)
        moves.append(Move(rule, move.path, move.result, move.piece, move.bound, line=number))
    return tuple(moves)


# --- where the sides differ ------------------------------------------------------------------------------------------

_TRIED = ("1", "2", "1/2", "3", "-1", "1/3", "5", "-2")


def _where_they_differ(left: Tree, right: Tree) -> str:
    """Return a point at which the sides have different values, with these: "x = 1: the left side is 2, ..."."""
    from fractions import Fraction

    variables = sorted(symbols_of(left) | symbols_of(right), key=lambda s: s.name)
    for shift in range(len(_TRIED)):
        values = {v: Fraction(_TRIED[(shift + i) % len(_TRIED)]) for i, v in enumerate(variables)}
        try:
            found = [float(evaluate(side, values)) for side in (left, right)]
        except (Undefined, OverflowError):
            continue
        if abs(found[0] - found[1]) > 1e-9 * max(1.0, *map(abs, found)):
            at = ", ".join(f"{v.name} = {values[v]}" for v in variables)
            where = f"at {at} " if at else ""
            return f"{where}the left side is {found[0]:.6g}, and the right side {found[1]:.6g}"
    return "they have different values"
