"""Names in every format: the prime of a derivative that the author gave must never be lost."""

import pytest

from symback.graph import Graph
from symback.page import render

GRAPH = """
def {name}(t) = 1/(1 + 3^(-t))
def {name}'(t) = ln(3) {name}(t) (1 - {name}(t))
P = {name}(w x + b)
C = P^2/2
"""


@pytest.mark.parametrize(
    ("name", "format", "written"),
    [
        ("psi", "text", "P psi'(wx + b)"),
        ("psi", "latex", r"P \psi'\left(w x + b\right)"),
        ("psi", "markdown", r"P \psi'\left(w x + b\right)"),
        ("psi", "html", '<mi>ψ</mi><mo lspace="0" rspace="0">′</mo>'),
        ("bump", "text", "P bump'(wx + b)"),
        ("bump", "latex", r"P \operatorname{\mathrm{bump}}'\left(w x + b\right)"),
        ("f", "latex", r"P f'\left(w x + b\right)"),
    ],
)
def test_a_given_derivative_has_its_prime(name: str, format: str, written: str) -> None:
    assert written in render(Graph(GRAPH.format(name=name)).backprop(), format)
