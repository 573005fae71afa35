"""The search for an antiderivative: each move is tried only as far as it ends, and the first that does is taken.

The order is that of a textbook: constants and sums, the table, a linear inner function, a substitution, algebra,
rational functions, trigonometric powers, parts, roots. A move yields plans whose integrals are all worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, count
from time import process_time
from typing import NamedTuple

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.assumptions import Assumed
from symback.calculus.integrals.forms import LARGEST, form_of, multiple, split_constants, terms, tidied, value_of
from symback.calculus.integrals.laws import (
    CONSTANT_MULTIPLE_RULE,
    CONSTANT_RULE,
    DIFFERENCE_RULE,
    LINEAR,
    LOGARITHM,
    SOLVE,
    SUM_AND_DIFFERENCE_RULE,
    SUM_RULE,
    table_hit,
)
from symback.calculus.integrals.plan import Bound, Plan, coefficient, first_integral, steps_of
from symback.errors import SymbackError
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    ZERO,
    Inert,
    Int,
    Let,
    Neg,
    Plus,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    is_free_of,
    put,
    substituted,
    sum_of,
    symbol,
    walk,
)

DEEPEST = 9  # moves within moves
MOST_PARTS = 4
LETTERS = ("u", "v", "w", "s", "t", "z", "p", "q")
_PLACE = Symbol("x", real=True)


class OutOfTime(Exception):
    """The search took longer than it may."""


class Room(NamedTuple):
    """How many moves, and how many times parts, may still follow one another."""

    moves: int = DEEPEST
    parts: int = MOST_PARTS

    def less(self, parts: int = 0) -> Room:
        return Room(self.moves - 1, self.parts - parts)


class Owner(NamedTuple):
    """An integral that is being worked out, by which move, and whether it may be solved for when it comes back."""

    value: Expr
    variable: Symbol
    by_parts: bool


Move = Callable[["Search", Tree, Symbol, Room], Iterator[Plan]]


class Search:
    """One search: the letters that are taken, the time it may take, what is being worked on, what was tried."""

    def __init__(self, taken: frozenset[str], budget: float, moves: tuple[tuple[str, Move], ...]) -> None:
        self.taken = set(taken)
        self.deadline = process_time() + budget
        self.moves = moves
        self.doing: list[Owner] = []
        self.tried: dict[str, None] = {}
        self.missing: dict[tuple[Tree, Symbol], None] = {}  # integrals for which nothing fitted
        self._failed: dict[Expr, Room] = {}

    def new_letter(self) -> Symbol:
        """Return a letter for an inner function that nothing else is called by."""
        numbered = (f"u{n}" for n in count(1))
        return symbol(next(n for n in chain(LETTERS, numbered) if n not in self.taken))

    def check_time(self) -> None:
        """Raise OutOfTime where the search has taken as long as it may."""
        if process_time() > self.deadline:
            raise OutOfTime

    # --- plans --------------------------------------------------------------------------------------------------------

    def plan(
        self,
        rule: Rule,
        result: Tree,
        variable: Symbol,
        room: Room,
        bound: Bound = (),
        let: Let | None = None,
        assumed: tuple[Assumed, ...] = (),
    ) -> Plan | None:
        """Return the plan of a move with all integrals of its result worked out; None where one cannot be."""
        inner: list[Plan] = []
        for node in integrals_in(result):
            found = self.solve(node._args[0], node._args[1], room)
            if found is None:
                return None
            inner.append(found)
        return Plan(rule, result, bound, tuple(inner), let, assumed=assumed)

    def solve(self, integrand: Tree, variable: Symbol, room: Room | None = None) -> Plan | None:
        """Return a plan for an integral; None where none is found."""
        room = Room() if room is None else room
        self.check_time()
        logarithm = _logarithm(integrand, variable)
        if logarithm is not None:
            return logarithm
        simple = self._simple(integrand, variable, room)
        if simple is not NotSimple:
            return simple  # type: ignore[return-value]
        hit = table_hit(integrand, variable)
        if hit is not None:
            bound = tuple(hit.bound.items())
            return self.plan(hit.rule, hit.result, variable, room.less(), bound, assumed=hit.assumed)
        linear = _linear(integrand, variable)
        if linear is not None:
            return linear
        return self._by_moves(integrand, variable, room)

    def _by_moves(self, integrand: Tree, variable: Symbol, room: Room) -> Plan | None:
        value = value_of(integrand)
        if value.count_ops() > LARGEST:
            return None
        again = self._again(value, variable)
        if again is not None:
            return again
        key = value.xreplace({variable: _PLACE})
        known = self._failed.get(key)
        if room.moves <= 0 or (known is not None and known.moves >= room.moves and known.parts >= room.parts):
            return None
        if any(o.value.xreplace({o.variable: _PLACE}) == key for o in self.doing):
            return None
        found = self._first_plan(integrand, value, variable, room)
        if found is None:
            self._failed[key] = room
            self.missing[integrand, variable] = None
        return found

    def _first_plan(self, integrand: Tree, value: Expr, variable: Symbol, room: Room) -> Plan | None:
        for name, move in self.moves:
            self.tried[name] = None
            self.doing.append(Owner(value, variable, name == "parts"))
            try:
                found = next(move(self, integrand, variable, room), None)
            except (SymbackError, ArithmeticError, ValueError, NotImplementedError, TypeError, AttributeError):
                found = None  # a proposal that cannot be worked out is none
            finally:
                self.doing.pop()
            if found is not None:
                return found
        return None

    # --- what is simple -----------------------------------------------------------------------------------------------

    def _simple(self, integrand: Tree, variable: Symbol, room: Room) -> Plan | object | None:
        """Return the plan by the rules for constants and sums; NotSimple where they do not apply."""
        if is_free_of(integrand, variable):
            result = variable if integrand == ONE else Times(*_factors(integrand), variable)
            if isinstance(integrand, Neg):
                result = Neg(multiple(integrand._args[0], variable))
            return Plan(CONSTANT_RULE, result, (("c", integrand),))
        if isinstance(integrand, Plus):
            return self._termwise(integrand, variable, room)
        constant, rest = split_constants(integrand, variable)
        if constant != ONE:
            result = multiple(constant, Int(rest, variable))
            return self.plan(CONSTANT_MULTIPLE_RULE, result, variable, room, (("c", constant), ("u", rest)))
        return NotSimple

    def _termwise(self, integrand: Plus, variable: Symbol, room: Room) -> Plan | None:
        found = terms(integrand)
        first, *others = found
        parts = [t._args[0] if isinstance(t, Neg) else t for t in others]
        made = [
            Neg(Int(p, variable)) if isinstance(t, Neg) else Int(p, variable)
            for t, p in zip(others, parts, strict=True)
        ]
        negative = sum(isinstance(t, Neg) for t in others)
        rule = DIFFERENCE_RULE if negative == len(others) else SUM_AND_DIFFERENCE_RULE if negative else SUM_RULE
        bound = tuple(zip("uvw", (first, *parts), strict=False)) if len(parts) <= 2 else ()
        before = len(self.missing)
        plan = self.plan(rule, Plus(Int(first, variable), *made), variable, room, bound)
        if plan is None and len(self.missing) == before:
            return None
        return plan if plan is not None else self._by_moves(integrand, variable, room)

    # --- an integral that comes back ----------------------------------------------------------------------------------

    def _again(self, value: Expr, variable: Symbol) -> Plan | None:
        """Return a plan that says that a multiple of an integral has come back which is being worked out by parts."""
        for depth, owner in enumerate(self.doing, 1):
            if owner.by_parts and owner.variable == variable:
                ratio = value / owner.value
                if not ratio.has(variable):
                    return Plan(SOLVE, form_of(ratio), loop=depth)
        return None

    def solved_for(self, plan: Plan, integrand: Tree, variable: Symbol) -> Plan | None:
        """Return a plan by parts in which the integral comes back, with what it is solved to."""
        loops = [p for p in plan.everything() if p.loop == len(self.doing)]
        if not loops:
            return plan
        if len(loops) > 1:
            return None
        line = _up_to_loop(Int(integrand, variable), plan)
        path = first_integral(line)
        factor = None if path is None else coefficient(line, path)
        if path is None or factor is None or len(list(integrals_in(line))) > 1:
            return None
        back = value_of(Times(factor, loops[0].result))
        if back == 1:
            return None
        known = tidied(put(line, path, ZERO))
        above, below = (form_of(part) for part in sympy.fraction(sympy.together(1 - back)))
        known = known if below == ONE else tidied(sum_of([tidied(multiple(below, t)) for t in terms(known)]))
        return plan._replace(solved=known if above == ONE else Quotient(known, above))


NotSimple = object()


def _logarithm(integrand: Tree, variable: Symbol) -> Plan | None:
    """Return the plan for a fraction whose numerator is the derivative of what stands below it."""
    if not isinstance(integrand, Quotient) or not isinstance(integrand._args[1], Plus):
        return None
    top, bottom = integrand._args
    if not is_free_of(bottom, variable) and value_of(bottom).diff(variable) == value_of(top):
        return Plan(LOGARITHM, apply("ln", apply("abs", bottom)), (("u", bottom),))
    return None


def _up_to_loop(start: Tree, plan: Plan) -> Tree:
    """Return the line at which the integral has come back."""
    marked = plan._replace(solved=start)
    moves, _ = steps_of(start, marked)
    index = next(i for i, move in enumerate(moves) if move.rule == SOLVE)
    line = start
    for move in moves[:index]:
        line = put(line, move.path, move.result)
    return line


def integrals_in(tree: Tree) -> Iterator[Int]:
    """Yield the integrals of a tree, the first one first."""
    return (node for node in walk(tree) if isinstance(node, Int))


def _factors(tree: Tree) -> tuple[Tree, ...]:
    return tree._args if isinstance(tree, Times) else (tree,)


# --- a linear inner function ------------------------------------------------------------------------------------------


def _linear(integrand: Tree, variable: Symbol) -> Plan | None:
    """Return the plan for a function of the table at k x + c, whose antiderivative is divided by k."""
    for inner in _linear_parts(integrand, variable):
        stand_in = symbol("'u")
        outer = _with(integrand, inner, stand_in)
        if not is_free_of(outer, variable):
            continue
        hit = table_hit(outer, stand_in)
        if hit is None or any(isinstance(node, Int) for node in walk(hit.result)):
            continue
        slope = form_of(value_of(inner).diff(variable))
        result = substituted(hit.result, {stand_in: inner})
        whole = result if slope == ONE else Quotient(result, slope)
        rule = Rule(f"{hit.rule.name}, {LINEAR.name}", LINEAR.law)
        return Plan(rule, whole, (("u", inner),), assumed=hit.assumed)
    return None


def _linear_parts(tree: Tree, variable: Symbol) -> Iterator[Tree]:
    """Yield the parts k x + c of a tree, the largest first."""
    seen: set[Tree] = set()
    for node in walk(tree):
        if node in seen or not isinstance(node, (Plus, Times, Quotient, Neg)) or is_free_of(node, variable):
            continue
        seen.add(node)
        slope = value_of(node).diff(variable)
        if not slope.has(variable) and slope != 0:
            yield node


def _with(tree: Tree, part: Tree, stand_in: Tree) -> Tree:
    """Return a tree with a letter in the place of a part."""

    def replace(node: Tree, inner: list[Tree]) -> Tree:
        made = type(node)(*inner) if isinstance(node, Inert) and inner else node
        return stand_in if made == part else made

    return fold(tree, replace)
