"""Derivatives by their definition: the limit of the difference quotient, expanded until h cancels.

Each family of functions has its way: polynomials and their quotients are expanded, roots are multiplied by the
conjugate, sine and cosine are taken apart by addition formulas, exponentials and logarithms come to a known limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import sympy
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.curves.on_the_curve import positive_first
from symback.calculus.curves.parts import plain, value_chain
from symback.calculus.curves.result import judged
from symback.calculus.engine import tidy
from symback.calculus.question import Question
from symback.calculus.worked import Chain, Worked
from symback.errors import NoRule, UsageError
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import (
    ONE,
    ZERO,
    Apply,
    Diff,
    E,
    Inert,
    Lim,
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    fold,
    is_free_of,
    product_of,
    put,
    substituted,
    sum_of,
    symbol,
    symbols_of,
)
from symback.syntax.convert import from_sympy
from symback.verify import Verification
from symback.verify.limits import verify_limit

LARGEST_DEGREE = 8
DEFINITION = Rule("definition of the derivative", "f'(x) = lim (f(x + h) - f(x))/h for h -> 0")
EXPAND = Rule("expand", "brackets are multiplied out")
COLLECT = Rule("collect like terms", "what is the same with the other sign drops out")
SIMPLIFY = Rule("simplify", "the numerator is collected, a fraction divided by h has h below the line")
FACTOR = Rule("factor out h", "u*h + v*h = h*(u + v)")
CANCEL = Rule("cancel h", "h*u/h = u where h is not 0")
LET = Rule("h -> 0", "what has a value at h = 0 has it as its limit")
COMMON = Rule("common denominator", "u/v - w/z = (u*z - w*v)/(v*z)")
CONJUGATE = Rule("multiply by the conjugate", "(u - v)*(u + v) = u^2 - v^2")
ADDITION_SINE = Rule("addition formula", "sin(u + v) = sin(u)*cos(v) + cos(u)*sin(v)")
ADDITION_COSINE = Rule("addition formula", "cos(u + v) = cos(u)*cos(v) - sin(u)*sin(v)")
SPLIT = Rule("split the fraction", "(u + v)/h = u/h + v/h")
TAKE_OUT = Rule("limits of the parts", "lim (u + v) = lim u + lim v; what is free of h goes out")
KNOWN = Rule("known limit", "lim sin(h)/h = 1, lim (cos(h) - 1)/h = 0, lim (e^h - 1)/h = 1, lim ln(1 + h)/h = 1")
POWERS = Rule("law of exponents", "c^(u + v) = c^u*c^v")
LOGARITHMS = Rule("logarithm of a quotient", "ln(u) - ln(v) = ln(u/v)")


@dataclass(frozen=True, repr=False)
class ByDefinition(Worked):
    """A derivative that was found as the limit of the difference quotient."""

    kind: ClassVar[str] = "by definition"
    data_kind: ClassVar[str] = "derivative"
    function: Tree = None
    by: Symbol = None
    letter: Symbol = None
    derivative: Tree = None

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Derivative"

    def _verdict_on(self, chain: Chain) -> Verification:
        moves = chain.derivation.moves
        if not moves or moves[0].rule != DEFINITION:
            return super()._verdict_on(chain)
        if moves[0].result != quotient_of(self.function, self.by, self.letter):
            return Verification("failed", 0, "The first step is not the difference quotient.", 0)
        found: Verification = verify_limit(moves[0].result, moves[1:], chain.derivation.last)
        return found if found.verdict != "verified" else found._replace(points=12)

    def _checks(self) -> Iterator[Verification]:
        yield judged([(Diff(self.function, self.by), self.derivative)], [-2])


def quotient_of(function: Tree, x: Symbol, h: Symbol) -> Lim:
    """Return the limit of the difference quotient of a function."""
    shifted = substituted(function, {x: Plus(x, h)})
    above = Plus(shifted, Neg(function))
    return Lim(Quotient(above, h), h, ZERO)


def by_definition(question: Question, wrt: Any, order: int = 1, at: Mapping[str, Tree] | None = None) -> ByDefinition:
    """Differentiate by the definition; NoRule for functions that are not done so in a first course."""
    if order != 1:
        raise UsageError("By the definition one derivative is found at a time.", hint="Leave out the order.")
    variables = question.variables_for(wrt)
    if len(variables) != 1:
        raise UsageError("The definition of the derivative is by one variable.", hint="Write --wrt x.")
    return _Work(question, variables[0]).result(dict(at or {}))


class _Work:
    """The line inside of the limit, and the moves that bring it to the derivative."""

    def __init__(self, question: Question, x: Symbol) -> None:
        self.question, self.x = question, x
        self.function = plain(question)
        held = {s.name for s in symbols_of(self.function)} | {x.name}
        self.h = symbol(next(n for n in ("h", "k", "s", "t", "u") if n not in held))
        self.moves: list[Move] = []
        self.line: Tree = Diff(self.function, x)

    def result(self, values: dict[str, Tree]) -> ByDefinition:
        """Work everything out."""
        start = self.line
        way = self._way()
        self._whole(DEFINITION, quotient_of(self.function, self.x, self.h))
        way()
        derivative = self.line
        pieces = [Chain(Derivation(start, tuple(self.moves), derivative))]
        facts: dict[str, Any] = {"wrt": [self.x.name], "order": 1, "strategy": "definition"}
        if values:
            name = apply("f'", self.x)
            chain = value_chain(derivative, values, name)
            point = tuple((symbol(n), v) for n, v in values.items())
            pieces.append(chain._replace(where=point, left=start))
            facts |= {"point": point, "value": chain.derivation.last}
        return ByDefinition(tuple(pieces), derivative, start, tuple(facts.items()), self.question.notes,
                            self.question.source, self.function, self.question.originals, function=self.function,
                            by=self.x, letter=self.h, derivative=derivative)  # fmt: skip

    # --- moves --------------------------------------------------------------------------------------------------------

    def _whole(self, rule: Rule, result: Tree, bound: tuple[tuple[str, Tree], ...] = ()) -> None:
        """Add a step that rewrites the whole line."""
        if result != self.line:
            self.moves.append(Move(rule, (), self.line, result, bound))
            self.line = result

    def _inside(self, rule: Rule, result: Tree) -> None:
        """Add a step inside of the limit."""
        if result != self.line._args[0]:
            self.moves.append(Move(rule, (0,), self.line._args[0], result))
            self.line = put(self.line, (0,), result)

    def _end(self) -> None:
        """Put h = 0 in, and bring the result into its form."""
        value = substituted(self.line._args[0], {self.h: ZERO})
        self._whole(LET, value)
        self._tidy()

    def _tidy(self) -> None:
        made: list[Move] = []
        last = tidy(self.line, made)
        self.moves += [replace(move, line=1) for move in made]
        self.line = last

    # --- which way ----------------------------------------------------------------------------------------------------

    def _way(self) -> Callable[[], None]:
        """Return the way for the function; NoRule where there is none."""
        f, x = self.function, self.x
        value = f.doit()
        if x not in symbols_of(f) or _is_polynomial(value, x):
            return self._polynomial
        if value.is_rational_function(x) and _is_short(value, x):
            return self._rational
        factor, inner = _with_factor(f, x)
        if isinstance(inner, Apply) and len(inner.arguments) == 1:
            u = inner.arguments[0]
            if inner.name == "sqrt" and _is_polynomial(u.doit(), x):
                return lambda: self._root(factor, u)
            if inner.name in ("sin", "cos") and _is_linear(u.doit(), x):
                return lambda: self._trigonometric(factor, inner.name, u)
            if inner.name == "ln" and _is_linear(u.doit(), x):
                return lambda: self._logarithm(factor, u)
        if isinstance(inner, Quotient) and is_free_of(inner._args[0], x):
            below = inner._args[1]
            if isinstance(below, Apply) and below.name == "sqrt" and _is_polynomial(below.arguments[0].doit(), x):
                return lambda: self._one_over_root(inner._args[0], below.arguments[0])
        if isinstance(inner, Power) and is_free_of(inner._args[0], x) and _is_linear(inner._args[1].doit(), x):
            return lambda: self._exponential(factor, inner._args[0], inner._args[1])
        raise NoRule(
            "This function is not differentiated by the definition here.",
            hint="The definition is for polynomials, their quotients, square roots, sin, cos, e^x and ln; "
            "use the strategy textbook for others.",
        )

    # --- polynomials and their quotients ------------------------------------------------------------------------------

    def _polynomial(self) -> None:
        x, h = self.x, self.h
        f = self.function.doit()
        shifted = _expanded(f.xreplace({x: x + h}) if x in f.free_symbols else f, x, h)
        own = _expanded(f, x, h)
        if f.is_number or x not in f.free_symbols:
            self._inside(COLLECT, Quotient(ZERO, h))
            self._inside(Rule("zero divided by h", "0/h = 0 where h is not 0"), ZERO)
            self._whole(LET, ZERO)
            return
        self._inside(EXPAND, Quotient(Plus(*_listed(shifted), *map(_negated, _listed(own))), h))
        rest = sympy.expand(f.xreplace({x: x + h}) - f)
        self._divided(rest, ONE)

    def _divided(self, rest: Expr, below: Tree) -> None:
        """Go on from a numerator that has the factor h, over h and a divisor without it."""
        h = self.h
        over = h if below == ONE else Times(h, *_factors(below))
        rule = COLLECT if below == ONE else SIMPLIFY
        self._inside(rule, Quotient(_ordered(rest, h), over))
        quotient = sympy.expand(sympy.cancel(rest / h))
        inner = _ordered(quotient, h)
        is_sum = isinstance(inner, Plus)
        if is_sum:
            self._inside(FACTOR, Quotient(Times(h, inner), over))
        self._inside(CANCEL, inner if below == ONE else _over(inner, below))
        self._end()

    def _rational(self) -> None:
        x, h = self.x, self.h
        above, below = sympy.fraction(sympy.together(self.function.doit()))
        new_above, new_below = (part.xreplace({x: x + h}) for part in (above, below))
        trees = [_last(_tree(part), h) for part in (new_above, below, above, new_below)]
        top = Plus(_times(trees[0], trees[1]), Neg(_times(trees[2], trees[3])))
        under = _times(trees[1], trees[3])
        self._inside(COMMON, Quotient(Quotient(top, under), h))
        rest = sympy.expand(new_above * below - above * new_below)
        self._divided(rest, under)

    # --- roots --------------------------------------------------------------------------------------------------------

    def _root(self, factor: Tree, u: Tree) -> None:
        x, h = self.x, self.h
        shifted = substituted(u, {x: Plus(x, h)})
        roots = apply("sqrt", shifted), apply("sqrt", u)
        conjugate = Plus(*roots)
        difference = Plus(shifted, Neg(u))
        top = _scaled(factor, difference)
        self._inside(CONJUGATE, Quotient(top, Times(h, conjugate)))
        rest = sympy.expand((u.doit().xreplace({x: x + h}) - u.doit()) * factor.doit())
        self._divided(rest, conjugate)

    def _one_over_root(self, factor: Tree, u: Tree) -> None:
        x, h = self.x, self.h
        shifted = substituted(u, {x: Plus(x, h)})
        new, old = apply("sqrt", shifted), apply("sqrt", u)
        self._inside(COMMON, Quotient(_scaled(factor, Plus(old, Neg(new))), Times(h, old, new)))
        below = Times(old, new, Plus(old, new))
        top = _scaled(factor, Plus(u, Neg(shifted)))
        self._inside(CONJUGATE, Quotient(top, Times(h, *below._args)))
        rest = sympy.expand((u.doit() - u.doit().xreplace({x: x + h})) * factor.doit())
        self._divided(rest, below)

    # --- sine, cosine, exponentials, logarithms -----------------------------------------------------------------------

    def _step(self, u: Tree) -> tuple[Tree, Tree]:
        """Return by how much a linear argument grows, k h, and k."""
        slope = sympy.expand(u.doit()).coeff(self.x, 1)
        k = _tree(slope)
        return (self.h if slope == 1 else _signed(k, self.h)), k

    def _trigonometric(self, factor: Tree, name: str, u: Tree) -> None:
        h = self.h
        step, k = self._step(u)
        sin_u, cos_u, sin_h, cos_h = (apply(n, a) for a in (u, step) for n in ("sin", "cos"))
        if name == "sin":
            rule, first, second, own = ADDITION_SINE, Times(sin_u, cos_h), Times(cos_u, sin_h), sin_u
            third = Times(cos_u, Quotient(sin_h, h))
        else:
            rule, first, second, own = ADDITION_COSINE, Times(cos_u, cos_h), Neg(Times(sin_u, sin_h)), cos_u
            third = Neg(Times(sin_u, Quotient(sin_h, h)))
        self._inside(rule, Quotient(_scaled(factor, Plus(first, second, Neg(own))), h))
        even = Quotient(Plus(cos_h, Neg(ONE)), h)
        self._inside(SPLIT, _scaled(factor, Plus(Times(own, even), third)))
        limits = Lim(even, h, ZERO), Lim(Quotient(sin_h, h), h, ZERO)
        other = cos_u if name == "sin" else sin_u
        last = Times(other, limits[1]) if name == "sin" else Neg(Times(other, limits[1]))
        self._whole(TAKE_OUT, _scaled(factor, Plus(Times(own, limits[0]), last)))
        known = Times(other, k) if name == "sin" else Neg(Times(other, k))
        self._whole(KNOWN, _scaled(factor, Plus(Times(own, ZERO), known)))
        self._tidy()

    def _exponential(self, factor: Tree, base: Tree, exponent: Tree) -> None:
        h = self.h
        step, k = self._step(exponent)
        own = Power(base, exponent)
        grown = Power(base, step)
        self._inside(POWERS, Quotient(_scaled(factor, Plus(Times(own, grown), Neg(own))), h))
        rate = Quotient(Plus(grown, Neg(ONE)), h)
        self._inside(Rule("factor out", "u*v - u = u*(v - 1)"), _scaled(factor, Times(own, rate)))
        self._whole(TAKE_OUT, _scaled(factor, Times(own, Lim(rate, h, ZERO))))
        value = k if base == E else apply("ln", base) if k == ONE else Times(k, apply("ln", base))
        self._whole(KNOWN, _scaled(factor, Times(own, *_factors(value))))
        self._tidy()

    def _logarithm(self, factor: Tree, u: Tree) -> None:
        x, h = self.x, self.h
        step, k = self._step(u)
        shifted = substituted(u, {x: Plus(x, h)})
        self._inside(LOGARITHMS, Quotient(_scaled(factor, apply("ln", Quotient(shifted, u))), h))
        inner = apply("ln", Plus(ONE, Quotient(step, u)))
        self._inside(Rule("divide", "(u + v)/u = 1 + v/u"), _scaled(factor, Quotient(inner, h)))
        if factor != ONE:
            self._whole(TAKE_OUT, _scaled(factor, Lim(Quotient(inner, h), h, ZERO)))
        self._whole(KNOWN, _scaled(factor, Quotient(k, u)))
        self._tidy()


# --- forms ------------------------------------------------------------------------------------------------------------


def _is_polynomial(value: Expr, x: Symbol) -> bool:
    return bool(value.is_polynomial(x)) and sympy.degree(value, x) <= LARGEST_DEGREE if value.has(x) else True


def _is_short(value: Expr, x: Symbol) -> bool:
    above, below = sympy.fraction(sympy.together(value))
    return all(sympy.degree(part, x) <= LARGEST_DEGREE // 2 for part in (above, below) if part.has(x))


def _is_linear(value: Expr, x: Symbol) -> bool:
    return bool(value.is_polynomial(x)) and value.has(x) and sympy.degree(value, x) == 1


def _with_factor(tree: Tree, x: Symbol) -> tuple[Tree, Tree]:
    """Return a constant factor in front and what it multiplies."""
    if isinstance(tree, Neg):
        factor, inner = _with_factor(tree._args[0], x)
        return Neg(factor), inner
    if isinstance(tree, Times):
        constants = [f for f in tree._args if is_free_of(f, x)]
        others = [f for f in tree._args if not is_free_of(f, x)]
        if len(others) == 1 and constants:
            return product_of(constants), others[0]
    return ONE, tree


def _scaled(factor: Tree, what: Tree) -> Tree:
    if factor == ONE:
        return what
    if isinstance(factor, Neg):
        return Neg(_scaled(factor._args[0], what))
    if isinstance(what, Neg):
        return Neg(_scaled(factor, what._args[0]))
    if isinstance(what, Quotient) and what._args[0] == ONE:
        return Quotient(factor, what._args[1])
    return Times(*_factors(factor), *_factors(what))


def _signed(factor: Tree, what: Tree) -> Tree:
    """Return k h, with its sign in front."""
    if isinstance(factor, Neg):
        return Neg(_signed(factor._args[0], what))
    return what if factor == ONE else Times(*_factors(factor), what)


def _factors(tree: Tree) -> Sequence[Tree]:
    return tree._args if isinstance(tree, Times) else (tree,)


def _times(first: Tree, second: Tree) -> Tree:
    if ONE in (first, second):
        return second if first == ONE else first
    if isinstance(first, Neg):
        return Neg(_times(first._args[0], second))
    return Times(*_factors(first), *_factors(second))


def _over(above: Tree, below: Tree) -> Tree:
    return Neg(_over(above._args[0], below)) if isinstance(above, Neg) else Quotient(above, below)


def _tree(value: Expr) -> Tree:
    return positive_first(from_sympy(value))


def _last(tree: Tree, h: Symbol) -> Tree:
    """Return an expression with h last in each sum and in each product."""

    def change(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, (Plus, Times)):
            return type(node)(*sorted(inner, key=lambda part: h in symbols_of(part)))
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, change)


def _expanded(value: Expr, x: Symbol, h: Symbol) -> Tree:
    return _ordered(sympy.expand(value), h)


def _ordered(value: Expr, h: Symbol) -> Tree:
    """Return a polynomial with the powers of h rising, each term by itself."""
    terms = sympy.Add.make_args(sympy.expand(value))
    ordered = sorted(terms, key=lambda term: sympy.degree(term, h) if term.has(h) else 0)
    groups: dict[int, list[Expr]] = {}
    for term in ordered:
        groups.setdefault(int(sympy.degree(term, h)) if term.has(h) else 0, []).append(term)
    trees = [t for power in sorted(groups) for t in _listed(from_sympy(sympy.Add(*groups[power])))]
    return _last(sum_of(trees), h)


def _listed(tree: Tree) -> tuple[Tree, ...]:
    return tree._args if isinstance(tree, Plus) else () if tree == ZERO else (tree,)


def _negated(tree: Tree) -> Tree:
    return tree._args[0] if isinstance(tree, Neg) else Neg(tree)


__all__ = ["ByDefinition", "by_definition"]
