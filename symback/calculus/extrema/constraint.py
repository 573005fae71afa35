"""Extrema under a constraint g = c, by a Lagrange multiplier: the system, its solutions, every point put in."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.extrema.one import Found
from symback.calculus.extrema.result import Point
from symback.calculus.extrema.several import by_minors
from symback.calculus.extrema.slopes import require_slopes
from symback.calculus.extrema.solving import number_of, shown, solutions
from symback.calculus.extrema.story import Equate, Grid, Part, Say, Words, Work, listed
from symback.calculus.integrals.forms import form_of, value_of
from symback.calculus.partials import gradient
from symback.calculus.question import Question
from symback.errors import DomainError
from symback.expr.tree import ZERO, Tree, symbol

LETTERS = ("lambda", "mu", "kappa")
SIGNS = {"lambda": "λ", "mu": "μ", "kappa": "κ"}
SAMPLES = 400
MOST = 26  # solutions: as many as a cube has corners, edges and sides
MOST_SAID = 6  # of them in one sentence
TINY = 1e-9


def under_constraint(
    question: Question, function: Tree, variables: Sequence[Symbol], constraint: tuple[Tree, Tree]
) -> Found:
    """Return the extrema of a function on the set where the constraint holds."""
    left, right = constraint
    difference = sympy.expand(value_of(left) - value_of(right))
    _require_met(difference, variables)
    multiplier = symbol(next(n for n in LETTERS if symbol(n) not in variables))
    name, plain = question.name or "f", question._replace(tree=function)
    condition = _condition(left, right)
    story: list[Part] = [
        Say(("The constraint is g = ", condition, " = ", form_of(value_of(condition) - difference), "."))
    ]
    of_f = gradient(plain, list(variables)).entries[0]
    of_g = gradient(condition, list(variables)).entries[0]
    for letter, entries in ((name, of_f), ("g", of_g)):
        story += [Work(f"{letter}_{v.name}", d) for v, d in zip(variables, entries, strict=True)]
    story.append(Say((f"At an extremum the slopes of {name} are ", multiplier, " times those of g:")))
    rows = [(f.last, _product(multiplier, g.last), f"{name}_{v.name} = {SIGNS[multiplier.name]} g_{v.name}")
            for v, f, g in zip(variables, of_f, of_g, strict=True)]  # fmt: skip
    story.append(Equate((*rows, (left, right, "the constraint"))))
    slopes = [value_of(d.last) for d in of_f], [value_of(d.last) for d in of_g]
    _require_slopes(slopes[1], difference, variables)
    places, complete = _places(*slopes, difference, variables, multiplier)
    for letter, tree, entries in ((name, function, of_f), ("g", condition, of_g)):
        require_slopes(tree, [d.last for d in entries], [{v: p[v] for v in variables} for p in places], letter)
    if not places:
        story.append(Say((f"The system has no solution: {name} has no extremum under the constraint.",)))
        return Found((), tuple(story), complete, ())
    story.append(_solutions(variables, places, multiplier))
    closed = is_closed_and_bounded(difference, variables)
    points = _points(function, variables, places, slopes, difference, multiplier, closed)
    story += _table(variables, points, name)
    story += _conclusions(variables, points, closed, name)
    notes = () if complete else ("Whether these are all such points is not certain.",)
    return Found(points, tuple(story), complete, notes)


def _condition(left: Tree, right: Tree) -> Tree:
    """Return the side of the constraint that varies: all of it, where both sides do."""
    if not value_of(right).free_symbols:
        return left
    return form_of(sympy.expand(value_of(left) - value_of(right)))


def _product(multiplier: Symbol, slope: Tree) -> Tree:
    if slope == ZERO:
        return ZERO
    return form_of(multiplier * value_of(slope))


def _require_met(difference: Expr, variables: Sequence[Symbol]) -> None:
    """Raise DomainError where no point meets the constraint, as far as numbers and signs can tell."""
    missing = [v for v in variables if not difference.has(v)]
    if not difference.free_symbols or len(missing) == len(variables):
        raise DomainError("The constraint has none of the variables in it.", hint="Write for instance x^2 + y^2 = 1.")
    if _has_both_signs(difference, variables):
        return
    found, endless, _ = solutions([difference, *(difference.diff(v) for v in variables)], variables)
    if not found and not endless:
        raise DomainError("No point meets the constraint.", hint="Check the equation.")


def _has_both_signs(difference: Expr, variables: Sequence[Symbol]) -> bool:
    rng = Random(3)  # noqa: S311
    function = sympy.lambdify(list(variables), difference, "math")
    signs = set()
    for turn in range(SAMPLES):
        size = 10.0 ** (turn % 5 - 2)
        try:
            value = function(*((2 * rng.random() - 1) * size for _ in variables))
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            continue
        signs.add(value > 0)
        if len(signs) == 2:
            return True
    return False


def _places(
    of_f: Sequence[Expr], of_g: Sequence[Expr], difference: Expr, variables: Sequence[Symbol], multiplier: Symbol
) -> tuple[list[dict[Symbol, Tree]], bool]:
    equations = [f - multiplier * g for f, g in zip(of_f, of_g, strict=True)]
    found, endless, complete = solutions([*equations, difference], [*variables, multiplier])
    if endless:
        raise DomainError("The system has infinitely many solutions.", hint="Look at the function on the constraint.")
    if len(found) > MOST:
        raise DomainError(f"The system has more than {MOST} solutions.", hint="Give a simpler function.")
    places = [{s: shown(solution[s]) for s in (*variables, multiplier)} for solution in found]
    return sorted(places, key=lambda p: [float(number_of(t)) for t in p.values()]), complete


def _require_slopes(of_g: Sequence[Expr], difference: Expr, variables: Sequence[Symbol]) -> None:
    """Raise DomainError where all slopes of the constraint are 0 at one of its points."""
    found, endless, _ = solutions([*of_g, difference], variables)
    if found or endless:
        raise DomainError(
            "The constraint has a point at which all of its slopes are 0, so the multiplier does not find everything.",
            hint="Solve the constraint for one variable, and put that in.",
        )


def _solutions(variables: Sequence[Symbol], places: Sequence[dict[Symbol, Tree]], multiplier: Symbol) -> Part:
    """Return the solutions of the system as a sentence, or as a table where there are many."""
    if len(places) <= MOST_SAID:
        return Say(("It is solved by ", *listed([_with_multiplier(variables, p, multiplier) for p in places]), "."))
    letters = ", ".join(v.name for v in variables)
    rows = tuple((point_words(variables, p), (p[multiplier],)) for p in places)
    return Grid(((f"({letters})",), (multiplier,)), rows)


def _with_multiplier(variables: Sequence[Symbol], place: dict[Symbol, Tree], multiplier: Symbol) -> Words:
    return (*point_words(variables, place), " with ", multiplier, " = ", place[multiplier])


def point_words(variables: Sequence[Symbol], place: dict[Symbol, Tree]) -> Words:
    """Return a point as it is written: (1, 2)."""
    words: list[Any] = ["("]
    for i, v in enumerate(variables):
        words += [", "] * (i > 0) + [place[v]]
    return (*words, ")")


def is_closed_and_bounded(difference: Expr, variables: Sequence[Symbol]) -> bool:
    """Tell whether a constraint surely has a bounded set: a definite quadratic form, or even powers of one sign.

    >>> x, y = (Symbol(n, real=True) for n in "xy")
    >>> is_closed_and_bounded(x**2 + x * y + y**2 - 1, (x, y)), is_closed_and_bounded(x + y - 1, (x, y))
    (True, False)
    """
    if not difference.is_polynomial(*variables):
        return False
    polynomial = sympy.Poly(difference, *variables)
    degree = polynomial.total_degree()
    top = {powers: c for powers, c in polynomial.terms() if sum(powers) == degree}
    if degree == 2:
        form = sum(c * sympy.Mul(*(v**k for v, k in zip(variables, powers, strict=True))) for powers, c in top.items())
        matrix = sympy.hessian(form, variables)
        return bool(matrix.is_positive_definite or matrix.is_negative_definite)
    pure = {powers for powers in top if max(powers) == degree and degree % 2 == 0}
    signs = {bool(c > 0) for c in top.values()}
    return len(pure) == len(variables) and len(signs) == 1 and all(k % 2 == 0 for powers in top for k in powers)


def _points(
    function: Tree, variables: Sequence[Symbol], places: Sequence[dict[Symbol, Tree]], slopes: Any, difference: Expr,
    multiplier: Symbol, closed: bool,
) -> tuple[Point, ...]:  # fmt: skip
    value = value_of(function)
    heights = [sympy.simplify(value.subs({v: p[v].doit() for v in variables}, simultaneous=True)) for p in places]
    numbers = [float(h.evalf(20)) for h in heights]
    found = []
    for place, height, height_number in zip(places, heights, numbers, strict=True):
        is_least, is_most = height_number <= min(numbers) + TINY, height_number >= max(numbers) - TINY
        if closed and is_least != is_most:
            kind = "minimum" if is_least else "maximum"
        else:
            kind = along_the_constraint(value, difference, variables, place, multiplier)
        is_global = closed and (is_least or is_most) and kind in ("minimum", "maximum")
        found.append(Point(tuple((v, place[v]) for v in variables), shown(height), kind, is_global))
        if closed and not is_least and not is_most:
            kind = along_the_constraint(value, difference, variables, place, multiplier)
            found[-1] = Point(found[-1].place, found[-1].value_tree, kind)
    return tuple(found)


def along_the_constraint(
    value: Expr, difference: Expr, variables: Sequence[Symbol], place: Any, multiplier: Symbol
) -> str:
    """Return the type that the second derivatives of f - λ g tell, taken along the constraint alone."""
    at = {v: place[v].doit() for v in variables}
    inner = sympy.hessian(value - place[multiplier].doit() * difference, variables).subs(at)
    border = sympy.Matrix([[difference.diff(v) for v in variables]]).subs(at)
    directions = sympy.Matrix.hstack(*border.nullspace())
    reduced = directions.T * inner * directions
    return by_minors([reduced[:k, :k].det() for k in range(1, reduced.rows + 1)]) or "undecided"


def _table(variables: Sequence[Symbol], points: Sequence[Point], name: str) -> list[Part]:
    letters = ", ".join(v.name for v in variables)
    rows = tuple((point_words(variables, dict(p.place)), (p.value_tree,), (p.type,)) for p in points)
    return [Grid(((f"({letters})",), (f"{name}({letters})",), ("type",)), rows)]


def _conclusions(variables: Sequence[Symbol], points: Sequence[Point], closed: bool, name: str) -> list[Part]:
    if not closed:
        words = f"The types are local, by the second derivatives of {name} - λ g along the constraint"
        return [Say((f"{words}: {name} need not have a smallest or a largest value on it.",))]
    said: list[Part] = [
        Say((f"The constraint is closed and bounded: {name} has a smallest and a largest value on it.",))
    ]
    for kind, word in (("minimum", "smallest"), ("maximum", "largest")):
        best = [p for p in points if p.is_global and p.type == kind]
        if best:
            where = listed([point_words(variables, dict(p.place)) for p in best])
            said.append(Say((f"The {word} value is ", best[0].value_tree, ", at ", *where, ".")))
    return said
