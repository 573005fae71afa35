"""Numbers one by one are what NumPy makes of them: at infinity, at nan, at poles, and where a float overflows."""

from __future__ import annotations

import itertools
import math
import operator
import pickle
import warnings
from fractions import Fraction
from typing import Any

import numpy
import pytest

from symback.expr.numeric import np, quiet
from symback.expr.reals import FUNCTIONS, Real

VALUES = (0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 2.0, 2.5, -3.0, -2.5, 800.0, -800.0, 1e308, 5e-324, math.inf, -math.inf,
          math.nan)  # fmt: skip
OF_TWO = frozenset(("add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "logaddexp", "hypot",
                    "copysign", "equal", "not_equal", "logical_or", "logical_and"))  # fmt: skip
OF_THREE = frozenset(("clip", "where"))
OURS = frozenset(("erf",))  # NumPy has none


def operands(name: str) -> Any:
    if name == "clip":
        return [(x, -1.0, 1.0) for x in VALUES]
    if name == "power":  # C says that the root of -inf is inf, NumPy that it is none
        return [pair for pair in itertools.product(VALUES, repeat=2) if pair != (-math.inf, 0.5)]
    return itertools.product(VALUES, repeat=3 if name in OF_THREE else 2 if name in OF_TWO else 1)


def is_same(found: Any, wanted: Any) -> bool:
    """Tell whether two values are one but for rounding, the sign of infinity included."""
    if math.isnan(wanted) or math.isinf(wanted):
        return math.isnan(found) if math.isnan(wanted) else found == wanted
    return abs(found - wanted) <= 4e-15 * abs(wanted) + 1e-320


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - OURS))
def test_it_is_what_numpy_says(name: str) -> None:
    with numpy.errstate(all="ignore"):
        for given in operands(name):
            found, wanted = FUNCTIONS[name](*map(Real, given)), getattr(numpy, name)(*given)
            assert is_same(found, float(wanted)), (given, found, wanted)
            assert type(found) in (Real, bool), (given, type(found))


@pytest.mark.parametrize("name", ["truediv", "pow", "add", "sub", "mul"])
def test_operators_are_those_of_ieee(name: str) -> None:
    of = getattr(operator, name)
    with numpy.errstate(all="ignore"):
        for a, b in operands("power"):
            wanted = float(of(numpy.float64(a), numpy.float64(b)))
            for found in (of(Real(a), Real(b)), of(Real(a), b), of(a, Real(b))):
                assert is_same(found, wanted), (a, b, found, wanted)
                assert type(found) is Real


def test_fractions_stay_exact() -> None:
    assert np.divide(Fraction(1, 3), 2) == Fraction(1, 6)
    assert np.add(Fraction(1, 3), 1) == Fraction(4, 3)
    with pytest.raises(ZeroDivisionError):
        np.divide(Fraction(1), Fraction(0))
    assert type(np.divide(Real(1), Fraction(0))) is Real  # no fraction: infinite


def test_arrays_go_to_numpy() -> None:
    array = numpy.array([1.0, 4.0])
    assert np.sqrt(array).tolist() == [1.0, 2.0]
    assert (Real(2) * array).tolist() == [2.0, 8.0]
    assert (array / Real(2)).tolist() == [0.5, 2.0]
    assert np.sum(array, axis=0) == 5
    assert np.shape([[1, 2]]) == (1, 2)
    assert np.shape("text") == ()


def test_no_warning_within_quiet() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with quiet(), quiet():
            assert np.log(numpy.zeros(2)).tolist() == [-math.inf, -math.inf]
    with pytest.warns(RuntimeWarning):
        np.log(numpy.zeros(2))


def test_it_goes_through_pickle() -> None:
    assert pickle.loads(pickle.dumps(Real(0.1))) == 0.1
