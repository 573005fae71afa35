"""Random trees in the parser's normal form: every shape that a derivation can hold."""

from __future__ import annotations

from hypothesis import strategies as st
from sympy import Integer, Rational

from symback.expr.functions import ROWS
from symback.expr.tree import PI, Decimal, Diff, E, Neg, Plus, Power, Quotient, Times, Tree, apply, symbol

PLAIN = ("x", "y", "z", "a", "b", "n", "t", "u", "w", "s", "i", "l", "p", "m", "k")
AWKWARD = (
    "x1",
    "w12",
    "w32^[1]",
    "alpha",
    "sigma",
    "x_max",
    "w_ij",
    "rate",
    "f",
    "g",
    "E",
    "I",
    "yhat",
    "beta1",
    "theta_ab",
    "w1_2",
    "x_{2k}",
    "h[3]",
)
SHADOWING = ("e", "pi", "ab", "xy", "lambda", "mu")  # names that must be declared, and then are read first
ONE_ARGUMENT = tuple(row.name for row in ROWS if row.arity == 1)

numbers = st.sampled_from([Integer(n) for n in (0, 1, 2, 3, 10, 12, 365)])
decimals = st.sampled_from(
    [
        Decimal(Rational(p, q))
        for p, q in ((1, 4), (1, 2), (5, 2), (2, 1), (1, 1000), (10**30, 1), (1, 10**30), (6022 * 10**20, 1))
    ]
)
leaves = st.one_of(
    st.sampled_from([symbol(n) for n in PLAIN]),
    st.sampled_from([symbol(n) for n in (*PLAIN, *AWKWARD)]),
    numbers,
    decimals,
    st.sampled_from([E, PI]),
)


def _larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        several.map(lambda a: Plus(*a)),
        several.map(lambda a: Times(*a)),
        st.lists(st.sampled_from([symbol(n) for n in PLAIN]), min_size=2, max_size=5).map(lambda a: Times(*a)),
        st.tuples(inner, inner).map(lambda a: Quotient(*a)),
        st.tuples(inner, inner).map(lambda a: Power(*a)),
        st.tuples(inner, numbers).map(lambda a: Power(*a)),
        st.tuples(inner, numbers).map(lambda a: Power(a[0], Neg(a[1]))),
        inner.map(lambda a: Power(E, a)),
        inner.map(Neg),
        st.tuples(st.sampled_from(ONE_ARGUMENT), inner).map(lambda a: apply(*a)),
        st.tuples(st.sampled_from(ONE_ARGUMENT), leaves).map(lambda a: apply(*a)),
        st.tuples(st.sampled_from(("max", "min", "log")), inner, inner).map(lambda a: apply(*a)),
        inner.map(lambda a: apply("root", a, Integer(4))),
        st.tuples(st.sampled_from(("h", "h'", "h''")), inner).map(lambda a: apply(*a)),
        st.tuples(inner, st.sampled_from([symbol(n) for n in ("x", "y", "x1", "alpha", "rate")])).map(
            lambda a: Diff(*a)
        ),
        st.tuples(inner, inner).map(lambda a: Diff(*a) if a[1].args else a[0]),
    )


trees = st.recursive(leaves, _larger, max_leaves=12)
