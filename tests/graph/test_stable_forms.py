"""Formulas that overflow as they are written have finite values and gradients where the exact ones are finite."""

from __future__ import annotations

import numpy as np
import pytest

import symback
from symback.page.maths import text

SIGMOID = {-750: (0, 0), 0: (0.5, 0.25), 750: (1, 0), 1e300: (1, 0), -1e300: (0, 0)}
TANH = {-750: (-1, 0), 0: (0, 1), 1e300: (1, 0)}
SOFTPLUS = {-750: (0, 0), 0: (np.log(2), 0.5), 750: (750, 1), 1e300: (1e300, 1)}
LN_COSH = {-750: (750 - np.log(2), -1), 0: (0, 0), 1e300: (1e300, 1)}

HYPOT = {-1e300: (1e300, -1), 0: (1, 0), 0.75: (1.25, 0.6), 1e300: (1e300, 1)}
DISTANCE = {-3e300: (5e300, -0.6), 0: (4e300, 0), 3e300: (5e300, 0.6)}

FORMS = [
    ("sqrt(x^2 + 1)", HYPOT),
    ("sqrt(1 + x^2)", HYPOT),
    ("sqrt(x^2 + (4*10^300)^2)", DISTANCE),
    ("1/(1 + e^-x)", SIGMOID),
    ("1/(exp(-x) + 1)", SIGMOID),
    ("e^x/(1 + e^x)", SIGMOID),
    ("e^x/(e^x + 1)", SIGMOID),
    ("(e^x - e^-x)/(e^x + e^-x)", TANH),
    ("ln(1 + e^x)", SOFTPLUS),
    ("ln(e^x + 1)", SOFTPLUS),
    ("ln(cosh x)", LN_COSH),
    ("1/(1 + 3^-x)", {-750: (0, 0), 0: (0.5, np.log(3) / 4), 750: (1, 0)}),
]


@pytest.mark.parametrize(("formula", "expected"), FORMS)
@pytest.mark.parametrize("shape", [(), (2,)])
def test_values_and_gradients(formula: str, expected: dict[float, tuple[float, float]], shape: tuple[int, ...]) -> None:
    graph = symback.Graph(f"y = {formula}; L = sum(y)" if shape else f"L = {formula}")
    for x, (value, slope) in expected.items():
        at = {"x": np.full(shape, float(x))}
        found = graph.backprop(at=at, wrt=["x"])
        with np.errstate(all="ignore"):
            loss, gradients = graph.lambdify(wrt=["x"])(at)
        count = np.prod(shape)
        assert found.forward["L"] == pytest.approx(count * value, abs=1e-15)
        assert loss == pytest.approx(count * value, abs=1e-15)
        assert np.allclose(found.values["x"], slope, atol=1e-15)
        assert np.allclose(gradients["x"], slope, atol=1e-15)


def test_the_derivation_is_that_of_the_formula_as_written() -> None:
    found = symback.Graph("y = 1/(1 + e^-x)").backprop(wrt=["x"])
    assert not any("sigmoid" in step.rule.name for step in found.derivations["x"].steps)
    assert text(found.gradients["x"]) == "e^(-x)/(1 + e^(-x))^2"
