"""Algebra inside of a limit: factors that cancel, conjugates, common denominators, the largest term, forms rewritten.

SymPy proposes factors and quotients; every proposal becomes a step, and is compared by numbers near the place.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.engine import tidy
from symback.calculus.integrals.forms import form_of, polynomial, tidied, value_of
from symback.calculus.limits.laws import (
    AS_EXPONENTIAL,
    AS_EXPONENTIAL_LAW,
    AS_QUOTIENT,
    CANCEL,
    COMMON,
    CONJUGATE,
    DIVIDE,
    DIVIDE_BY,
    EXPAND,
    FACTOR,
    FACTOR_OUT,
    JOIN_LOGARITHMS,
    SINES,
    THIRD_BINOMIAL,
)  # fmt: skip
from symback.calculus.limits.work import Work
from symback.errors import SymbackError
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    Apply,
    E,
    Inert,
    Neg,
    Path,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    at,
    fold,
    is_free_of,
    number_value,
    product_of,
    sum_of,
    walk,
    weight_of,
)  # fmt: skip

INSIDE = 0  # the argument of a limit that is its function
LONGEST = 160


def inside(path: Path) -> Path:
    """Return the place of the function of the limit at a path."""
    return (*path, INSIDE)


def over(top: Tree, bottom: Tree) -> Tree:
    """Return a quotient; what is over 1 is itself."""
    return top if bottom == ONE else Quotient(top, bottom)


# --- rational functions -----------------------------------------------------------------------------------------------


def factor_and_cancel(work: Work, path: Path, body: Tree) -> bool:
    """A quotient of polynomials with a common factor that is 0 at the place."""
    if work.is_far or not isinstance(body, Quotient) or not _has_form(work, body, "zero"):
        return False
    parts = [polynomial(value_of(part), work.variable) for part in body._args]
    if any(part is None for part in parts):
        return False
    top, bottom = parts
    common = _common(top, bottom)
    if common is None:
        return False
    expanded = Quotient(*(_expanded(tree, part) for tree, part in zip(body._args, parts, strict=True)))
    if expanded != body and any(_is_open(tree) for tree in body._args):
        work.apply(EXPAND, inside(path), expanded)
    left, right = (_factored(part, common, work.variable) for part in parts)
    shared = _factors(common.as_expr(), work.variable)
    _cancelled(work, path, shared, left, right)
    return True


def _common(top: sympy.Poly, bottom: sympy.Poly) -> sympy.Poly | None:
    """Return the common factor of two polynomials, with the sign of what stands below; None where there is none."""
    common = sympy.gcd(top, bottom)
    if common.degree() < 1:
        return None
    ratio = sympy.div(bottom, common)[0].LC()
    return -common if ratio.is_negative else common


def _cancelled(work: Work, path: Path, shared: list[Tree], left: list[Tree], right: list[Tree]) -> None:
    """Write both parts of a quotient with their common factors, and cancel these."""
    written = _fraction([*shared, *left], [*shared, *right])
    if written != at(work.line, inside(path)):
        work.apply(FACTOR, inside(path), written)
    work.apply(CANCEL, inside(path), _fraction(left, right), (("w", product_of(shared)),))


def _fraction(top: list[Tree], bottom: list[Tree]) -> Tree:
    """Return a quotient of products, with one minus before it where the factors -1 leave one."""
    minus = Neg(ONE)
    negative = (top.count(minus) + bottom.count(minus)) % 2 == 1
    parts = [product_of([f for f in factors if f != minus]) for factors in (top, bottom)]
    result = over(*parts)
    return Neg(result) if negative else result


def _has_form(work: Work, body: Quotient, kind: str) -> bool:
    return all(work.tendency(part).kind == kind for part in body._args)


def _is_open(tree: Tree) -> bool:
    """Tell whether a polynomial is written with brackets that are not its factors."""
    terms = tree._args if isinstance(tree, Plus) else ()
    return any(isinstance(node, Plus) for term in terms for node in walk(term))


def _expanded(tree: Tree, value: sympy.Poly) -> Tree:
    return form_of(value.as_expr()) if _is_open(tree) else tree


def _factored(value: sympy.Poly, common: sympy.Poly, variable: Symbol) -> list[Tree]:
    rest = sympy.cancel(value.as_expr() / common.as_expr())
    return [] if rest == 1 else _factors(rest, variable)


def _factors(value: Expr, variable: Symbol) -> list[Tree]:
    """Return the factors of a polynomial, a minus as the factor -1 at the front."""
    tree = ordered(form_of(sympy.factor(value)), variable)
    minus = [Neg(ONE)] if isinstance(tree, Neg) else []
    tree = tree._args[0] if isinstance(tree, Neg) else tree
    return [*minus, *(f for f in (tree._args if isinstance(tree, Times) else (tree,)) if f != ONE)]


def ordered(tree: Tree, variable: Symbol) -> Tree:
    """Return a tree with the terms that hold the variable first in each sum: x - a for -a + x."""

    def sort(node: Tree, inner: list[Tree]) -> Tree:
        if isinstance(node, Plus) and any(number_value(t) is None and is_free_of(t, variable) for t in inner):
            return Plus(*sorted(inner, key=lambda t: -(degree(t, variable) or Fraction(0))))
        return type(node)(*inner) if isinstance(node, Inert) and inner else node

    return fold(tree, sort)


def one_fraction(work: Work, path: Path, body: Tree) -> bool:
    """Bring fractions within the parts of a quotient, or the terms of a sum, to one denominator."""
    fractions = [n for n in walk(body) if isinstance(n, Quotient) and n is not body]
    is_sum = isinstance(body, Plus) and any(not is_free_of(n._args[1], work.variable) for n in fractions)
    is_compound = isinstance(body, Quotient) and any(
        isinstance(part, Plus) and any(isinstance(n, Quotient) and number_value(n) is None for n in walk(part))
        for part in body._args
    )
    if work.is_far or not (is_sum or is_compound):
        return False
    top, bottom = _over_one_bar(body)
    if bottom == 1:
        return False
    result = Quotient(ordered(form_of(sympy.expand(top)), work.variable), form_of(sympy.factor(bottom)))
    work.apply(COMMON, inside(path), result)
    return True


def _over_one_bar(tree: Tree) -> tuple[Expr, Expr]:
    """Return numerator and denominator of a sum of fractions, or of a quotient of such sums, not yet cancelled."""
    if isinstance(tree, Quotient):
        (a, b), (c, d) = (_over_one_bar(part) for part in tree._args)
        shared = sympy.gcd(b, d)
        return a * sympy.cancel(d / shared), c * sympy.cancel(b / shared)
    if not isinstance(tree, Plus):
        top, bottom = sympy.fraction(sympy.together(value_of(tree)))
        return top, bottom
    parts = [sympy.fraction(sympy.together(value_of(term))) for term in tree._args]
    least = sympy.lcm_list([bottom for _, bottom in parts])
    return sympy.Add(*(top * sympy.cancel(least / bottom) for top, bottom in parts)), least


def in_sines(work: Work, path: Path, body: Tree) -> bool:
    """Write tan, cot, sec and csc by sine and cosine."""
    names = {node.name for node in walk(body) if isinstance(node, Apply)}
    if not names & {"tan", "cot", "sec", "csc"} or not isinstance(body, Plus):
        return False

    def written(node: Tree, inner: list[Tree]) -> Tree:
        if isinstance(node, Apply) and node.name in _SINES:
            top, bottom = (apply(n, inner[1]) if n else ONE for n in _SINES[node.name])
            return Quotient(top, bottom)
        return type(node)(*inner) if isinstance(node, Inert) and inner else node

    work.apply(SINES, inside(path), fold(body, written))
    return True


_SINES = {"tan": ("sin", "cos"), "cot": ("cos", "sin"), "sec": ("", "cos"), "csc": ("", "sin")}


# --- roots ------------------------------------------------------------------------------------------------------------


def conjugate(work: Work, path: Path, body: Tree) -> bool:
    """Multiply a difference with a square root in it by its conjugate, above and below."""
    top, bottom = body._args if isinstance(body, Quotient) else (body, ONE)
    if isinstance(body, Quotient):
        if not (_has_form(work, body, "zero") or _has_form(work, body, "infinite")):
            return False
    elif work.tendency(body).kind not in ("zero", "finite") and not _is_difference_of_infinities(work, body):
        return False
    for part, is_top in ((top, True), (bottom, False)):
        partner = _conjugate_of(part)
        if partner is None or is_free_of(part, work.variable) or work.tendency(partner).kind == "zero":
            continue
        if isinstance(body, Quotient) and work.is_far and work.tendency(part).kind == "infinite":
            continue  # no difference of what is equally large
        square = _opened(part, partner)
        if square is None:
            continue
        if is_top:
            first = Quotient(Times(part, partner), _joined(bottom, partner))
            second = Quotient(square, _joined(bottom, partner))
        else:
            first = Quotient(_joined(top, partner), Times(part, partner))
            second = Quotient(_joined(top, partner), square)
        work.apply(CONJUGATE, inside(path), first, (("u + v" if _is_minus(part) else "u - v", partner),))
        work.apply(THIRD_BINOMIAL, inside(path), second)
        _cancel_beside(work, path, second, is_top)
        return True
    return False


def _is_minus(part: Tree) -> bool:
    return isinstance(part, Plus) and any(isinstance(t, Neg) for t in part._args)


def _is_difference_of_infinities(work: Work, body: Tree) -> bool:
    return isinstance(body, Plus) and all(
        work.tendency(t._args[0] if isinstance(t, Neg) else t).kind == "infinite" for t in body._args
    )


def _joined(tree: Tree, factor: Tree) -> Tree:
    if tree == ONE:
        return factor
    return Times(*(tree._args if isinstance(tree, Times) else (tree,)), factor)


def _conjugate_of(tree: Tree) -> Tree | None:
    """Return u + v for u - v, and the other way round, where a square root is one of the two; None for other sums."""
    if not isinstance(tree, Plus) or not any(_has_root(term) for term in tree._args):
        return None
    if len(tree._args) == 2:
        first, second = tree._args
    else:
        roots = [t for t in tree._args if _has_root(t)]
        others = [t for t in tree._args if not _has_root(t)]
        if len(roots) != 1:
            return None
        first, second = roots[0], sum_of(others)
        return Plus(first, *(t._args[0] if isinstance(t, Neg) else Neg(t) for t in others))
    turned = second._args[0] if isinstance(second, Neg) else Neg(second)
    if isinstance(first, Neg):  # -u + v: the conjugate is u + v
        return Plus(first._args[0], second)
    return Plus(first, turned)


def _has_root(term: Tree) -> bool:
    bare = term._args[0] if isinstance(term, Neg) else term
    factors = bare._args if isinstance(bare, Times) else (bare,)
    return any(isinstance(f, Apply) and f.name == "sqrt" for f in factors)


def _opened(part: Tree, partner: Tree) -> Tree | None:
    value = sympy.expand(value_of(part) * value_of(partner))
    roots = (p for p in value.atoms(sympy.Pow) if p.exp == sympy.Rational(1, 2))
    if any(root.base.free_symbols for root in roots):
        return None
    return form_of(value)


def _cancel_beside(work: Work, path: Path, body: Tree, is_top: bool) -> None:
    """Cancel a common factor of a polynomial and of what stands on the other side of the bar."""
    top, bottom = body._args
    whole, product = (top, bottom) if is_top else (bottom, top)
    factors = list(product._args) if isinstance(product, Times) else [product]
    value = polynomial(value_of(whole), work.variable)
    others = [polynomial(value_of(f), work.variable) for f in factors]
    known = [o for o in others if o is not None]
    if value is None or not known or work.is_far:
        return
    beside = known[0]
    for other in known[1:]:
        beside = beside * other
    common = _common(value, beside) if is_top else _common(beside, value)
    if common is None:
        return
    roots = [f for f, o in zip(factors, others, strict=True) if o is None]
    shared = _factors(common.as_expr(), work.variable)
    first, second = (_factored(part, common, work.variable) for part in (value, beside))
    sides = (first, [*second, *roots])
    _cancelled(work, path, shared, *(sides if is_top else reversed(sides)))


# --- the largest term -------------------------------------------------------------------------------------------------


def divide(work: Work, path: Path, body: Tree) -> bool:
    """Divide both parts of a quotient that grow by the highest power of the variable below."""
    if not work.is_far or not isinstance(body, Quotient):
        return False
    bottom = _terms(body._args[1], work.variable)
    if work.tendency(body._args[1]).kind != "infinite":
        return False
    degrees = [degree(part, work.variable) for part in body._args]
    if None in degrees or not degrees[1]:
        return _divide_by_term(work, path, body, bottom)
    power = degrees[1]
    parts = [_divided(part, work.variable, power, work) for part in body._args]
    if None in parts:
        return False
    shown = form_of(work.variable ** sympy.Rational(power.numerator, power.denominator))
    work.apply(DIVIDE, inside(path), over(*parts), (("w", shown),))
    return True


def degree(tree: Tree, variable: Symbol) -> Fraction | None:
    """Return the power of the variable that a root or polynomial grows like; None where it is none.

    >>> from symback.syntax import parse
    >>> degree(parse("sqrt(4x^2 + 1) - 3"), parse("x"))
    Fraction(1, 1)
    """
    if is_free_of(tree, variable):
        return Fraction(0)
    if tree == variable:
        return Fraction(1)
    if isinstance(tree, Neg):
        return degree(tree._args[0], variable)
    if isinstance(tree, Plus):
        found = [degree(t, variable) for t in tree._args]
        return None if None in found else max(f for f in found if f is not None)
    if isinstance(tree, Times):
        found = [degree(t, variable) for t in tree._args]
        return None if None in found else sum((f for f in found if f is not None), Fraction(0))
    if isinstance(tree, Power):
        inner, exponent = degree(tree._args[0], variable), number_value(tree._args[1])
        return None if inner is None or exponent is None or exponent <= 0 else inner * exponent
    if isinstance(tree, Apply) and tree.name in ("sqrt", "cbrt"):
        inner = degree(tree.arguments[0], variable)
        return None if inner is None else inner / (2 if tree.name == "sqrt" else 3)
    return None


def _terms(tree: Tree, variable: Symbol) -> list[Tree]:
    parts = tree._args if isinstance(tree, Plus) else (tree,)
    return [p._args[0] if isinstance(p, Neg) else p for p in parts]


def _divided(tree: Tree, variable: Symbol, power: Fraction, work: Work) -> Tree | None:
    """Return a root or polynomial divided by a power of the variable, term by term."""
    value = polynomial(value_of(tree), variable)
    by = variable ** sympy.Rational(power.numerator, power.denominator)
    if value is not None:
        terms = [form_of(sympy.expand(t / by)) for t in value.as_expr().as_ordered_terms()]
        return sum_of(terms)
    if isinstance(tree, Plus):
        parts = [_divided(t, variable, power, work) for t in tree._args]
        return None if None in parts else Plus(*parts)
    if isinstance(tree, Neg):
        inner = _divided(tree._args[0], variable, power, work)
        return None if inner is None else inner._args[0] if isinstance(inner, Neg) else Neg(inner)
    if isinstance(tree, Times):
        return _divided_product(tree, variable, power, work)
    if isinstance(tree, Apply) and tree.name in ("sqrt", "cbrt"):
        index = 2 if tree.name == "sqrt" else 3
        inner = _divided(tree.arguments[0], variable, power * index, work)
        if inner is None:
            return None
        root = apply(tree.name, inner)
        is_negative = index == 2 and work.sides() == (1,) and power.denominator == 1 and power.numerator % 2 == 1
        return Neg(root) if is_negative else root  # x = -sqrt(x^2) for x < 0
    if isinstance(tree, Power):
        exponent = number_value(tree._args[1])
        inner = None if not exponent else _divided(tree._args[0], variable, power / exponent, work)
        return None if inner is None else Power(inner, tree._args[1])
    return form_of(value_of(tree) / by)


def _divided_product(tree: Times, variable: Symbol, power: Fraction, work: Work) -> Tree | None:
    """Divide each factor by as much of the power as it grows."""
    made, left = [], power
    for factor in tree._args:
        grows = min(degree(factor, variable) or Fraction(0), left)
        part = _divided(factor, variable, grows, work) if grows else factor
        if part is None:
            return None
        made.append(part)
        left -= grows
    if left:
        made.append(form_of(1 / variable ** sympy.Rational(left.numerator, left.denominator)))
    return product_of([m for m in made if m != ONE])


def _divide_by_term(work: Work, path: Path, body: Quotient, candidates: list[Tree]) -> bool:
    """Divide by the term below that all others vanish against, as e^x in (e^x - 1)/(e^x + x)."""
    term = _largest(work, candidates)
    if term is None or (len(candidates) == 1 and not isinstance(body._args[0], Plus)):
        return False
    parts = [_by(part, term) for part in body._args]
    if not all(work.tendency(part).kind in ("zero", "finite") for part in parts):
        return False
    work.apply(DIVIDE_BY, inside(path), over(*parts), (("w", term),))
    return True


def _largest(work: Work, terms: list[Tree]) -> Tree | None:
    for term in terms:
        if not is_free_of(term, work.variable) and all(
            other is term or work.tendency(Quotient(other, term)).settles for other in terms
        ):
            bare = [f for f in (term._args if isinstance(term, Times) else (term,)) if not is_free_of(f, work.variable)]
            return product_of(bare)
    return None


def _by(tree: Tree, term: Tree) -> Tree:
    """Return each term of a sum over another one, simplified."""
    parts = tree._args if isinstance(tree, Plus) else (tree,)
    return sum_of([_quotient(part, term) for part in parts])


def _quotient(part: Tree, term: Tree) -> Tree:
    if isinstance(part, Neg):
        return Neg(_quotient(part._args[0], term))
    value = sympy.powsimp(value_of(part) / value_of(term))
    made = form_of(value)
    return _with_positive_exponents(made)


def _with_positive_exponents(tree: Tree) -> Tree:
    """Return e^(-2x) as 1/e^(2x): a part that is seen to vanish."""
    if isinstance(tree, Power) and isinstance(tree._args[1], Neg):
        return Quotient(ONE, Power(tree._args[0], tree._args[1]._args[0]))
    return tree


def factor_out(work: Work, path: Path, body: Tree) -> bool:
    """Factor the largest term out of a sum that grows, or of a difference of what grows."""
    if not work.is_far or not isinstance(body, Plus):
        return False
    terms = _terms(body, work.variable)
    term = _largest(work, terms)
    if term is None or term == ONE:
        return False
    bracket = _by(body, term)
    if work.tendency(bracket).kind != "finite":
        return False
    work.apply(FACTOR_OUT, inside(path), Times(term, bracket), (("u", term),))
    return True


def join_logarithms(work: Work, path: Path, body: Tree) -> bool:
    """The difference of two logarithms that grow is the logarithm of a quotient."""
    if not isinstance(body, Plus) or len(body._args) != 2:
        return False
    first, second = body._args
    if isinstance(first, Neg) and not isinstance(second, Neg):
        first, second = second, first
    if not (isinstance(second, Neg) and _is_ln(first) and _is_ln(second._args[0])):
        return False
    result = apply("ln", Quotient(first._args[1], second._args[0]._args[1]))
    work.apply(JOIN_LOGARITHMS, inside(path), result)
    return True


def _is_ln(tree: Tree) -> bool:
    return isinstance(tree, Apply) and tree.name == "ln"


# --- forms rewritten --------------------------------------------------------------------------------------------------


def as_quotient(work: Work, path: Path, body: Tree) -> bool:
    """Write 0 · oo as a quotient of the form 0/0 or oo/oo."""
    if not isinstance(body, Times):
        return False
    kinds = [work.tendency(f).kind for f in body._args]
    small = [f for f, kind in zip(body._args, kinds, strict=True) if kind == "zero"]
    large = [f for f, kind in zip(body._args, kinds, strict=True) if kind == "infinite"]
    others = [f for f, kind in zip(body._args, kinds, strict=True) if kind == "finite"]
    if not small or not large or len(small) + len(large) + len(others) < len(body._args):
        return False
    rule = Rule(f"{AS_QUOTIENT.name}, form 0 · ∞", AS_QUOTIENT.law)
    for result in _quotients(product_of(small), product_of(large), others):
        work.apply(rule, inside(path), result)
        return True
    return False


def _quotients(small: Tree, large: Tree, others: list[Tree]) -> Iterator[Tree]:
    """Yield the better one of 0/(1/oo) and oo/(1/0): logarithms and arctangents stay above the bar."""
    above_small = Quotient(product_of([*others, *_parts(small)]), _inverse(large))
    above_large = Quotient(product_of([*others, *_parts(large)]), _inverse(small))
    keeps = any(isinstance(n, Apply) and n.name in ("ln", "arctan", "arcsin", "arccot") for n in walk(small))
    if keeps:
        yield above_small
    elif any(isinstance(n, Apply) and n.name == "ln" for n in walk(large)) or _is_exponential(small):
        yield above_large
    elif weight_of(above_small) <= weight_of(above_large):
        yield above_small
    else:
        yield above_large


def _parts(tree: Tree) -> tuple[Tree, ...]:
    return tree._args if isinstance(tree, Times) else (tree,)


def _is_exponential(tree: Tree) -> bool:
    return isinstance(tree, Power) and (tree._args[0] == E or number_value(tree._args[0]) is not None)


_PARTNERS = {"tan": "cot", "cot": "tan", "sin": "csc", "cos": "sec", "sec": "cos", "csc": "sin"}


def _inverse(tree: Tree) -> Tree:
    """Return one over a tree, as it is written best."""
    if isinstance(tree, Apply) and tree.name in ("cot", "sec", "csc", "tan"):
        return apply(_PARTNERS[tree.name], *tree.arguments)
    if _is_exponential(tree):
        exponent = tree._args[1]
        return Power(tree._args[0], exponent._args[0] if isinstance(exponent, Neg) else Neg(exponent))
    if isinstance(tree, Quotient):
        return over(tree._args[1], tree._args[0])
    return Quotient(ONE, tree)


def as_exponential(work: Work, path: Path, body: Tree) -> bool:
    """Write u^v of the forms 1^oo, 0^0 and oo^0 as e^(v ln u)."""
    if not isinstance(body, Power) or body._args[0] == E or is_free_of(body._args[1], work.variable):
        return False
    base, exponent = body._args
    if is_free_of(base, work.variable):
        return False
    first, second = work.tendency(base), work.tendency(exponent)
    kinds = (first.kind, second.kind)
    form = {("zero", "zero"): "0^0", ("infinite", "zero"): "∞^0", ("finite", "infinite"): "1^∞"}.get(kinds, "")
    if form == "1^∞" and not work.comes_to(base, ONE):
        form = ""
    name = f"{AS_EXPONENTIAL}, form {form}" if form else AS_EXPONENTIAL
    logarithm = tidied(apply("ln", base)) if isinstance(base, Power) else apply("ln", base)
    result = Power(E, _times_exponent(exponent, logarithm))
    work.apply(Rule(name, AS_EXPONENTIAL_LAW), inside(path), result)
    return True


def _times_exponent(exponent: Tree, logarithm: Tree) -> Tree:
    if isinstance(exponent, Neg):
        return Neg(_times_exponent(exponent._args[0], logarithm))
    if isinstance(exponent, Quotient):
        return Quotient(_joined(exponent._args[0], logarithm), exponent._args[1])
    return _joined(exponent, logarithm)


def simpler(work: Work, path: Path, body: Tree) -> bool:
    """Bring a function into textbook form, where that changes it."""
    if weight_of(body) > LONGEST:
        return False
    before = len(work.moves)
    try:
        work.tidied_by(lambda tree, moves, base: tidy(tree, moves, base, expand=False), inside(path))
    except SymbackError:
        return False
    return len(work.moves) > before
