"""Growth: logarithms, powers and exponentials far out, each outgrown by the next; and ln x beside powers of x at 0.

Where L'Hôpital's rule leads there in a few steps it is used, as in textbooks; else the law is named.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, log
from typing import NamedTuple

from symback.calculus.limits.laws import EXPONENTIALS_WIN, LOGARITHMS_LOSE, POWERS_WIN, POWERS_WIN_AT_0, SAME_EXPONENT
from symback.calculus.limits.work import Work
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    ZERO,
    Apply,
    E,
    Neg,
    Path,
    Power,
    Quotient,
    Times,
    Tree,
    is_free_of,
    number_value,
)  # fmt: skip
from symback.verify.limits import INFINITY

FEW = 4  # applications of L'Hôpital's rule that are still read with pleasure
ROOTS = {"sqrt": Fraction(1, 2), "cbrt": Fraction(1, 3)}
NOTHING = 1e-12


class Grown(NamedTuple):
    """Which law tells what wins, whether all comes to 0, and how often L'Hôpital's rule would have to be used."""

    rule: Rule
    to_zero: bool
    times: int
    bound: tuple[tuple[str, Tree], ...] = ()


class _Sizes:
    """A product taken apart: exponents of x and of ln x, and exponentials by the degree of their exponent."""

    def __init__(self) -> None:
        self.power = Fraction(0)
        self.logarithm = Fraction(0)
        self.rates: dict[Fraction, float] = {}
        self.exponent: Tree | None = None

    def rate(self) -> tuple[Fraction, float]:
        """Return the degree and the number before the largest exponent."""
        degree = max((d for d, k in self.rates.items() if abs(k) > NOTHING), default=Fraction(0))
        return degree, self.rates.get(degree, 0.0)


def growth(work: Work, path: Path, body: Tree) -> bool:
    """Say what wins where L'Hôpital's rule would take long."""
    found = grown(work, body)
    if found is None or found.times <= FEW:
        return False
    if found.to_zero:
        work.apply(found.rule, path, ZERO, found.bound)
        return True
    sign = work.tendency(body).sign
    if path or not sign:
        return False
    work.apply(found.rule, path, INFINITY if sign > 0 else Neg(INFINITY), found.bound)
    return True


def grown(work: Work, tree: Tree) -> Grown | None:
    """Return what wins in a product or quotient of logarithms, powers and exponentials; None where nothing competes."""
    is_at_0 = work.target == ZERO and work.sides() == (1,)
    if not (work.target == INFINITY or is_at_0) or not isinstance(tree, (Quotient, Times)):
        return None
    sizes = _Sizes()
    if not _take_apart(tree, 1, work, sizes) or (is_at_0 and sizes.rates):
        return None
    if is_at_0:
        return _at_0(sizes)
    degree, rate = sizes.rate()
    if rate:
        return _exponential_wins(sizes, degree, rate)
    if sizes.power * sizes.logarithm >= 0:
        return None
    return Grown(POWERS_WIN, sizes.power < 0, _times(abs(sizes.logarithm), sizes.power.denominator == 1))


def _at_0(sizes: _Sizes) -> Grown | None:
    if not sizes.power or not sizes.logarithm or sizes.power * sizes.logarithm <= 0:
        return None
    return Grown(POWERS_WIN_AT_0, sizes.power > 0, _times(abs(sizes.logarithm), sizes.power.denominator == 1))


def _exponential_wins(sizes: _Sizes, degree: Fraction, rate: float) -> Grown | None:
    sign = 1 if rate > 0 else -1
    bound = (("u", sizes.exponent),) if degree != 1 and sizes.exponent is not None else ()
    if sizes.power * sign < 0:
        is_plain = degree == 1 and sizes.power.denominator == 1
        return Grown(EXPONENTIALS_WIN, rate < 0, _times(abs(sizes.power) / degree, is_plain), bound)
    if sizes.logarithm * sign < 0:
        return Grown(LOGARITHMS_LOSE, rate < 0, _times(abs(sizes.logarithm), degree == 1), bound)
    return None


def _times(needed: Fraction, is_plain: bool) -> int:
    """Return how often L'Hôpital's rule is needed; where roots come along each time counts for more."""
    return ceil(needed) if is_plain or needed <= 1 else FEW + 1


def _take_apart(tree: Tree, sign: int, work: Work, sizes: _Sizes) -> bool:
    """Count the factors of a tree, those below the bar with the sign -1; False where one is of another kind."""
    x = work.variable
    if isinstance(tree, (Times, Quotient)) and not is_free_of(tree, x):
        signs = (sign, -sign) if isinstance(tree, Quotient) else (sign,) * len(tree._args)
        return all(_take_apart(part, s, work, sizes) for part, s in zip(tree._args, signs, strict=True))
    if is_free_of(tree, x):
        return True
    if isinstance(tree, Neg):
        return _take_apart(tree._args[0], sign, work, sizes)
    if isinstance(tree, Power) and is_free_of(tree._args[0], x):
        return _exponential(tree, sign, work, sizes)
    return _power(tree, Fraction(sign), work, sizes)


def _power(tree: Tree, exponent: Fraction, work: Work, sizes: _Sizes) -> bool:
    if isinstance(tree, Power):
        by = number_value(tree._args[1])
        return by is not None and _power(tree._args[0], exponent * by, work, sizes)
    if isinstance(tree, Apply) and tree.name in ROOTS:
        return _power(tree._args[1], exponent * ROOTS[tree.name], work, sizes)
    if tree == work.variable:
        sizes.power += exponent
        return True
    if isinstance(tree, Apply) and tree.name == "ln" and tree._args[1] == work.variable:
        sizes.logarithm += exponent
        return True
    return False


def _exponential(tree: Power, sign: int, work: Work, sizes: _Sizes) -> bool:
    """Count c^(k x^d) as k ln c at the degree d."""
    base, exponent = tree._args
    number = number_value(base)
    if base != E and (number is None or number <= 0):
        return False
    inner = _Sizes()
    factor = _factor(exponent, work)
    if factor is None or not _power_only(exponent, work, inner) or inner.power <= 0:
        return False
    scale = 1.0 if number is None else log(number)
    sizes.rates[inner.power] = sizes.rates.get(inner.power, 0.0) + sign * float(factor) * scale
    sizes.exponent = exponent._args[0] if isinstance(exponent, Neg) else exponent
    return True


def _power_only(exponent: Tree, work: Work, inner: _Sizes) -> bool:
    return _take_apart(exponent, 1, work, inner) and not inner.logarithm and not inner.rates


def _factor(tree: Tree, work: Work) -> Fraction | None:
    """Return the number before a power of the variable; None where there is a letter."""
    if isinstance(tree, Neg):
        inner = _factor(tree._args[0], work)
        return None if inner is None else -inner
    if isinstance(tree, (Times, Quotient)):
        parts = [_factor(part, work) for part in tree._args]
        if None in parts or (isinstance(tree, Quotient) and not parts[1]):
            return None
        first, *others = (p for p in parts if p is not None)
        for other in others:
            first = first * other if isinstance(tree, Times) else first / other
        return first
    return number_value(tree) if is_free_of(tree, work.variable) else Fraction(1)


def same_exponent(work: Work, path: Path, body: Tree) -> bool:
    """Write a quotient of powers with one exponent, such as 2^x/3^x, as a power of a quotient."""
    if not isinstance(body, Quotient) or not all(isinstance(part, Power) for part in body._args):
        return False
    (a, u), (b, v) = (part._args for part in body._args)
    if u != v or is_free_of(u, work.variable):
        return False
    base = _base(a, b)
    work.apply(SAME_EXPONENT, (*path, 0), Power(base, u), (("u", a), ("v", b), ("n", u)))
    return True


def _base(a: Tree, b: Tree) -> Tree:
    from symback.calculus.integrals.forms import tidied

    numbers = number_value(a), number_value(b)
    return a if b == ONE else tidied(Quotient(a, b)) if None not in numbers else Quotient(a, b)
