"""Extrema of a function of several variables: where the gradient is 0, and what the second derivatives say there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.derive import derive
from symback.calculus.extrema.one import FACTOR, Found
from symback.calculus.extrema.result import Point
from symback.calculus.extrema.slopes import require_slopes, with_values
from symback.calculus.extrema.solving import number_of, shown, solutions
from symback.calculus.extrema.story import Equate, Grid, Part, Say, Words, Work, listed
from symback.calculus.integrals.forms import form_of, value_of
from symback.calculus.partials import gradient
from symback.calculus.question import Question
from symback.errors import DomainError
from symback.expr.rule import Derivation, Move
from symback.expr.tree import ZERO, Tree

MOST = 12  # points
ORDER = 6  # of the first term along a line
HINT = "Give an expression with fewer points where its slopes are 0."
DIRECTIONS = ((1, 0), (0, 1), (1, 1), (1, -1), (1, 2), (2, -1))


def of_several(question: Question, function: Tree, variables: Sequence[Symbol]) -> Found:
    """Return the extrema of a function of two or more variables."""
    plain = question._replace(tree=function)
    entries = gradient(plain, list(variables)).entries[0]
    slopes = [_factored(d) for d in entries]
    name = question.name or "f"
    story: list[Part] = [Work(f"{name}_{v.name}", d) for v, d in zip(variables, slopes, strict=True)]
    story.append(Say(("The slopes are 0:",)))
    story.append(Equate(tuple((d.last, ZERO, f"{name}_{v.name} = 0") for v, d in zip(variables, slopes, strict=True))))
    places, complete = critical([value_of(d.last) for d in slopes], variables)
    places = with_values(function, places)
    require_slopes(function, [d.last for d in slopes], places, name)
    if not places:
        story.append(Say((f"No point has slopes of 0, so {name} has no extremum.",)))
        return Found((), tuple(story), complete, ())
    story += _elimination([value_of(d.last) for d in slopes], variables)
    story.append(Say(("They are all 0 at ", *listed([_place_words(variables, p) for p in places]), ".")))
    seconds = _second_derivatives(plain, entries, variables)
    story += [Work(f"{name}_{{{variables[i].name}{variables[j].name}}}", d) for (i, j), d in seconds.items()]
    size = range(len(variables))
    matrix = sympy.Matrix([[value_of(seconds[min(i, j), max(i, j)].last) for j in size] for i in size])
    points = tuple(_point(function, variables, place, matrix) for place in places)
    story += _test(variables, places, matrix, points, name)
    story += _further(function, variables, points, matrix)
    story += [Say((*_place_words(variables, dict(p.place)), f": {p.type}, with the value ", p.value_tree, "."))
              for p in points]  # fmt: skip
    notes = () if complete else ("Whether these are all such points is not certain.",)
    return Found(points, tuple(story), complete, notes)


def _second_derivatives(
    question: Question, slopes: Sequence[Derivation], variables: Sequence[Symbol]
) -> dict[tuple[int, int], Derivation]:
    """Return the second derivatives, each worked out from a first one; those of the lower half are the same."""
    return {
        (i, j): derive(question._replace(tree=slope.last, name=""), variables[j])
        for i, slope in enumerate(slopes)
        for j in range(i, len(variables))
    }


def _factored(slope: Derivation) -> Derivation:
    """Return a derivation with its last line factored, where that gives a product."""
    value = value_of(slope.last)
    tree = form_of(sympy.factor(value))
    content = sympy.factor_list(value)[1] if value.is_polynomial() else [(value, 1)]
    if tree == slope.last or len(content) + sum(k - 1 for _, k in content) < 2:
        return slope
    return Derivation(
        slope.start, (*slope.moves, Move(FACTOR, (), slope.last, tree)), tree, slope.variables, slope.notes,
        slope.name, slope.source, originals=slope.originals,
    )  # fmt: skip


# --- the points -------------------------------------------------------------------------------------------------------


def critical(slopes: Sequence[Expr], variables: Sequence[Symbol]) -> tuple[list[dict[Symbol, Tree]], bool]:
    """Return the points where all slopes are 0, and whether these are surely all."""
    bare = [_without_positive_factors(s) for s in slopes]
    found, endless, complete = solutions(bare, variables)
    if endless:
        raise DomainError("There are infinitely many points where the slopes are 0.", hint=HINT)
    if any(b.has(sympy.sin, sympy.cos, sympy.tan) for b in bare):
        raise DomainError(
            "A function with sine or cosine of several variables has infinitely many such points.", hint=HINT
        )
    if len(found) > MOST:
        raise DomainError(f"There are more than {MOST} points where the slopes are 0.", hint=HINT)
    places = [{v: shown(solution[v]) for v in variables} for solution in found]
    return sorted(places, key=lambda p: [float(number_of(t)) for t in p.values()]), complete


def _without_positive_factors(value: Expr) -> Expr:
    """Return the numerator of a slope without factors such as e^(-x^2), which are never 0."""
    top, _ = sympy.fraction(sympy.together(sympy.factor(value)))
    kept = [f for f in sympy.Mul.make_args(sympy.factor(top)) if not (isinstance(f, sympy.exp) or f.is_positive)]
    return sympy.Mul(*kept)


def _elimination(slopes: Sequence[Expr], variables: Sequence[Symbol]) -> Iterator[Part]:
    """Yield how two equations are solved, where one of them gives one variable by the other."""
    bare = [_without_positive_factors(s) for s in slopes]
    if len(variables) != 2 or not all(b.is_polynomial(*variables) for b in bare):
        return
    for i, equation in enumerate(bare):
        for v, other in (variables[::-1], variables):
            as_polynomial = sympy.Poly(equation, v)
            if as_polynomial.degree() != 1 or as_polynomial.LC().free_symbols or not equation.has(other):
                continue
            solved = sympy.expand(-as_polynomial.nth(0) / as_polynomial.LC())
            put_in = sympy.factor(bare[1 - i].subs(v, solved))
            if put_in == 0 or not put_in.has(other):
                continue
            which = ("first", "second")
            yield Equate(
                (
                    (v, form_of(solved), f"from the {which[i]} equation"),
                    (form_of(put_in), ZERO, f"put into the {which[1 - i]} equation"),
                )
            )
            return


def _place_words(variables: Sequence[Symbol], place: dict[Symbol, Tree]) -> Words:
    words: list[Any] = ["("]
    for i, v in enumerate(variables):
        words += [", "] * (i > 0) + [place[v]]
    return (*words, ")")


def _at(value: Expr, place: dict[Symbol, Tree]) -> Expr:
    return sympy.simplify(value.subs({s: t.doit() for s, t in place.items()}, simultaneous=True))


def _point(function: Tree, variables: Sequence[Symbol], place: dict[Symbol, Tree], matrix: Any) -> Point:
    value = shown(_at(value_of(function), place))
    kind = by_minors(_minors(matrix, place)) or _along_lines(value_of(function), variables, place)
    return Point(tuple((v, place[v]) for v in variables), value, kind or "undecided")


def _minors(matrix: Any, place: dict[Symbol, Tree]) -> list[Expr]:
    """Return the leading principal minors of the Hessian at a point."""
    return [_at(matrix[:k, :k].det(), place) for k in range(1, matrix.rows + 1)]


def by_minors(minors: Sequence[Expr]) -> str:
    """Return the type that the minors tell; empty where they do not."""
    values = [float(m.evalf(20)) for m in minors]
    if abs(values[-1]) < 1e-12:
        return ""
    if all(v > 0 for v in values):
        return "minimum"
    if all(v * (-1) ** (k + 1) > 0 for k, v in enumerate(values)):
        return "maximum"
    return "saddle"


# --- the test ---------------------------------------------------------------------------------------------------------


def _test(
    variables: Sequence[Symbol], places: Sequence[dict[Symbol, Tree]], matrix: Any, points: Sequence[Point], name: str
) -> Iterator[Part]:
    """Yield the determinant and the table of the second derivative test."""
    if len(variables) == 2:
        x, y = (v.name for v in variables)
        determinant = matrix.det()
        written = form_of(sympy.expand(determinant) if determinant.is_polynomial() else determinant)
        yield Say((f"D = {name}_{x}{x} {name}_{y}{y} - ({name}_{x}{y})² = ", written, "."))
        head: tuple[Words, ...] = (("point",), ("D",), (f"{name}_{x}{x}",), ("says",))
    else:
        head = (("point",), *((f"D_{k}",) for k in range(1, len(variables) + 1)), ("says",))
        yield Say(("D_k is the determinant of the first k rows and columns of the Hessian matrix.",))
    rows, second = [], f"{name}_{variables[0].name}{variables[0].name}"
    for place in places:
        minors = _minors(matrix, place)
        cells = [minors[1], minors[0]] if len(variables) == 2 else minors
        says = by_minors(minors) or "nothing"
        rows.append((_place_words(variables, place), *((shown(c),) for c in cells), (_reason(says, minors, second),)))
    yield Grid(head, tuple(rows))


def _reason(says: str, minors: Sequence[Expr], second: str) -> str:
    if len(minors) > 2:
        return says
    signs = {"minimum": f"D > 0, {second} > 0: minimum", "maximum": f"D > 0, {second} < 0: maximum"}
    return signs.get(says, "D < 0: saddle" if says == "saddle" else "D = 0: nothing")


def _further(function: Tree, variables: Sequence[Symbol], points: Sequence[Point], matrix: Any) -> Iterator[Part]:
    """Yield what decides a point at which the determinant is 0."""
    for point in points:
        place = dict(point.place)
        if by_minors(_minors(matrix, place)):
            continue
        words = _place_words(variables, place)
        if point.type == "undecided":
            yield Say(("At ", *words, " the test says nothing, and nothing else decides it for certain."))
        elif point.type == "saddle":
            lines = _signs_along_lines(value_of(function), variables, place)
            yield Say(("At ", *words, f" the test says nothing, but {_because(lines, variables)}: a saddle."))
        else:
            direction = "smaller" if point.type == "minimum" else "larger"
            yield Say(("At ", *words, " the test says nothing, but all terms of the difference ",
                       form_of(_difference(value_of(function), place)),
                       f" are even powers of one sign, so no value is {direction}."))  # fmt: skip


def _difference(value: Expr, place: dict[Symbol, Tree]) -> Expr:
    """Return f(p + h) - f(p), in the letters of the variables."""
    moved = value.subs({s: s + t.doit() for s, t in place.items()}, simultaneous=True)
    return sympy.expand(moved - _at(value, place))


def _along_lines(value: Expr, variables: Sequence[Symbol], place: dict[Symbol, Tree]) -> str:
    """Return the type where values along lines, or even powers alone, decide it; empty where they do not."""
    signs = _signs_along_lines(value, variables, place)
    if any(sign == 0 for _, sign, _ in signs) or {1, -1} <= {sign for _, sign, _ in signs}:
        return "saddle"
    difference = _difference(value, place)
    if not difference.is_polynomial(*variables) or difference == 0:
        return ""
    terms = sympy.Poly(difference, *variables).terms()
    if all(all(k % 2 == 0 for k in powers) for powers, _ in terms):
        if all(c > 0 for _, c in terms):
            return "minimum"
        if all(c < 0 for _, c in terms):
            return "maximum"
    return ""


def _signs_along_lines(
    value: Expr, variables: Sequence[Symbol], place: dict[Symbol, Tree]
) -> list[tuple[tuple[int, ...], int, Expr]]:
    """Return for some lines the sign of f - f(p) beside p: 1, -1, or 0 where it changes there."""
    if len(variables) != 2:
        return []
    t = sympy.Symbol("t", real=True)
    found: list[tuple[tuple[int, ...], int, Expr]] = []
    for direction in DIRECTIONS:
        moved = value.subs({v: place[v].doit() + d * t for v, d in zip(variables, direction, strict=True)},
                           simultaneous=True)  # fmt: skip
        change = moved - _at(value, place)
        for order in range(1, ORDER + 1):
            coefficient = sympy.simplify(change.diff(t, order).subs(t, 0))
            if coefficient != 0:
                sign = 0 if order % 2 else int(sympy.sign(coefficient))
                found.append((direction, sign, coefficient))
                break
    return found


def _because(lines: Sequence[tuple[tuple[int, ...], int, Expr]], variables: Sequence[Symbol]) -> str:
    """Return in words why values of both signs lie around a point."""
    for direction, sign, _ in lines:
        if sign == 0:
            return (
                f"along the line in the direction ({direction[0]}, {direction[1]}) the values go from smaller to larger"
            )
    up = next(d for d, sign, _ in lines if sign > 0)
    down = next(d for d, sign, _ in lines if sign < 0)
    return f"in the direction ({up[0]}, {up[1]}) the values are larger, in the direction ({down[0]}, {down[1]}) smaller"
