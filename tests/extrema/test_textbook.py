"""Extrema as textbooks ask them: the points, the values there, and their types."""

from collections.abc import Mapping
from typing import Any

import pytest
import sympy

import symback

# fmt: off
ONE = [
    # the function, the interval, the points with their values and types, the places of the best values
    ("x^2", None, {"0": ("0", "minimum")}, ["0"]),
    ("x^2 - 6x + 5", None, {"3": ("-4", "minimum")}, ["3"]),
    ("-x^2 + 4x", None, {"2": ("4", "maximum")}, ["2"]),
    ("x^3 - 3x", None, {"-1": ("2", "maximum"), "1": ("-2", "minimum")}, []),
    ("x^3 - 6x^2 + 9x + 1", None, {"1": ("5", "maximum"), "3": ("1", "minimum")}, []),
    ("2x^3 + 3x^2 - 12x", None, {"-2": ("20", "maximum"), "1": ("-7", "minimum")}, []),
    ("x^4 - 2x^2", None, {"-1": ("-1", "minimum"), "0": ("0", "maximum"), "1": ("-1", "minimum")}, []),
    ("x^4 - 4x^3", None, {"0": ("0", "neither"), "3": ("-27", "minimum")}, ["3"]),
    ("x^3", None, {"0": ("0", "neither")}, []),
    ("x^3 - 3x^2 + 3x", None, {"1": ("1", "neither")}, []),
    ("x^3 + x", None, {}, []),
    ("x^6 - 3x^2", None, {"-1": ("-2", "minimum"), "0": ("0", "maximum"), "1": ("-2", "minimum")}, []),
    ("x + 1/x", None, {"-1": ("-2", "maximum"), "1": ("2", "minimum")}, []),
    ("x/(x^2 + 1)", None, {"-1": ("-1/2", "minimum"), "1": ("1/2", "maximum")}, []),
    ("1/(x^2 + 1)", None, {"0": ("1", "maximum")}, ["0"]),
    ("x^2/(x - 1)", None, {"0": ("0", "maximum"), "2": ("4", "minimum")}, []),
    ("1/x", None, {}, []),
    ("x e^(-x)", None, {"1": ("exp(-1)", "maximum")}, ["1"]),
    ("x^2 e^(-x)", None, {"0": ("0", "minimum"), "2": ("4*exp(-2)", "maximum")}, []),
    ("e^x - x", None, {"0": ("1", "minimum")}, ["0"]),
    ("e^(-x^2)", None, {"0": ("1", "maximum")}, ["0"]),
    ("x ln x", None, {"exp(-1)": ("-exp(-1)", "minimum")}, ["exp(-1)"]),
    ("ln(x)/x", None, {"E": ("exp(-1)", "maximum")}, ["E"]),
    ("x - ln x", None, {"1": ("1", "minimum")}, ["1"]),
    ("x^2 - 8 ln x", None, {"2": ("4 - 8*log(2)", "minimum")}, ["2"]),
    ("ln x", None, {}, []),
    ("cosh x", None, {"0": ("1", "minimum")}, ["0"]),
    ("abs(x)", None, {"0": ("0", "minimum")}, ["0"]),
    ("abs(x - 2) + 1", None, {"2": ("1", "minimum")}, ["2"]),
    ("x^(2/3)", None, {"0": ("0", "minimum")}, ["0"]),
    ("x^(2/3) (x - 5)", None, {"0": ("0", "maximum"), "2": ("-3*2**(2/3)", "minimum")}, []),
    ("sqrt(x^2 + 1)", None, {"0": ("1", "minimum")}, ["0"]),
    ("sqrt(x) - x", None, {"0": ("0", "minimum"), "1/4": ("1/4", "maximum")}, ["1/4"]),
    ("sin x", None, {"pi/2": ("1", "maximum"), "3*pi/2": ("-1", "minimum")}, ["pi/2", "3*pi/2"]),
    ("cos x", None, {"0": ("1", "maximum"), "pi": ("-1", "minimum")}, ["0", "pi"]),
    ("sin x + cos x", None, {"pi/4": ("sqrt(2)", "maximum"), "5*pi/4": ("-sqrt(2)", "minimum")}, ["pi/4", "5*pi/4"]),
    ("tan x", None, {}, []),
    ("sin x", "0,pi", {"0": ("0", "minimum"), "pi/2": ("1", "maximum"), "pi": ("0", "minimum")}, ["0", "pi/2", "pi"]),
    ("x^2 - 4x + 1", "0,3", {"0": ("1", "maximum"), "2": ("-3", "minimum"), "3": ("-2", "maximum")}, ["0", "2"]),
    ("x^3 - 3x + 1", "0,2", {"0": ("1", "maximum"), "1": ("-1", "minimum"), "2": ("3", "maximum")}, ["1", "2"]),
    ("x e^(-x)", "0,3",
     {"0": ("0", "minimum"), "1": ("exp(-1)", "maximum"), "3": ("3*exp(-3)", "minimum")}, ["0", "1"]),
    ("x + 4/x", "1,5", {"1": ("5", "maximum"), "2": ("4", "minimum"), "5": ("29/5", "maximum")}, ["2", "5"]),
    ("2x + 1", "0,4", {"0": ("1", "minimum"), "4": ("9", "maximum")}, ["0", "4"]),
    ("sqrt(x)", "0,9", {"0": ("0", "minimum"), "9": ("3", "maximum")}, ["0", "9"]),
    ("abs(x - 1)", "0,3", {"0": ("1", "maximum"), "1": ("0", "minimum"), "3": ("2", "maximum")}, ["1", "3"]),
    ("x^2", "0,oo", {"0": ("0", "minimum")}, ["0"]),
]
SEVERAL = [
    # the function, the constraint, and the points with their values and types
    ("x^2 + y^2", None, {"0,0": ("0", "minimum")}),
    ("x^2 - y^2", None, {"0,0": ("0", "saddle")}),
    ("x y", None, {"0,0": ("0", "saddle")}),
    ("x^2 + y^2 - 2x + 4y", None, {"1,-2": ("-5", "minimum")}),
    ("x^2 + x y + y^2", None, {"0,0": ("0", "minimum")}),
    ("x^3 + y^3 - 3x y", None, {"0,0": ("0", "saddle"), "1,1": ("-1", "minimum")}),
    ("x^3 - 3x + y^2", None, {"-1,0": ("2", "saddle"), "1,0": ("-2", "minimum")}),
    ("x^4 + y^4 - 4x y", None, {"-1,-1": ("-2", "minimum"), "0,0": ("0", "saddle"), "1,1": ("-2", "minimum")}),
    ("x y (3 - x - y)", None,
     {"0,0": ("0", "saddle"), "0,3": ("0", "saddle"), "1,1": ("1", "maximum"), "3,0": ("0", "saddle")}),
    ("e^(-x^2 - y^2)", None, {"0,0": ("1", "maximum")}),
    ("x^4 + y^4", None, {"0,0": ("0", "minimum")}),
    ("-x^4 - y^4", None, {"0,0": ("0", "maximum")}),
    ("x^2 - y^4", None, {"0,0": ("0", "saddle")}),
    ("x^3 + y^2", None, {"0,0": ("0", "saddle")}),
    ("x^2 + x y^2", None, {"0,0": ("0", "undecided")}),
    ("x + y", None, {}),
    ("x^2 + y^2 + z^2 - 2x", None, {"1,0,0": ("-1", "minimum")}),
    ("x^2 + y^2 - z^2", None, {"0,0,0": ("0", "saddle")}),
    ("x y", "x^2 + y^2 = 8",
     {"-2,-2": ("4", "maximum"), "-2,2": ("-4", "minimum"), "2,-2": ("-4", "minimum"), "2,2": ("4", "maximum")}),
    ("x + y", "x^2 + y^2 = 2", {"-1,-1": ("-2", "minimum"), "1,1": ("2", "maximum")}),
    ("3x + 4y", "x^2 + y^2 = 25", {"-3,-4": ("-25", "minimum"), "3,4": ("25", "maximum")}),
    ("x^2 + y^2", "x + y = 4", {"2,2": ("8", "minimum")}),
    ("x y", "x + y = 10", {"5,5": ("25", "maximum")}),
    ("x + y", "x y = 4", {"-2,-2": ("-4", "maximum"), "2,2": ("4", "minimum")}),
    ("x^2 + 2y^2", "x^2 + y^2 = 1",
     {"-1,0": ("1", "minimum"), "0,-1": ("2", "maximum"), "0,1": ("2", "maximum"), "1,0": ("1", "minimum")}),
    ("x + 2y + 3z", "x^2 + y^2 + z^2 = 14", {"-1,-2,-3": ("-14", "minimum"), "1,2,3": ("14", "maximum")}),
    ("x y z", "x + y + z = 6",
     {"0,0,6": ("0", "saddle"), "0,6,0": ("0", "saddle"), "2,2,2": ("8", "maximum"), "6,0,0": ("0", "saddle")}),
]
# fmt: on
Expected = Mapping[str, tuple[str, str]]


def named(found: Any) -> dict[str, tuple[Any, str]]:
    return {",".join(map(str, p.at.values())): (p.value, p.type) for p in found.points}


def read(expected: Expected) -> dict[str, tuple[Any, str]]:
    return {place: (sympy.sympify(value), kind) for place, (value, kind) in expected.items()}


@pytest.mark.parametrize(("function", "on", "expected", "best"), ONE, ids=[f"{r[0]} on {r[1]}" for r in ONE])
def test_one_variable(function: str, on: str | None, expected: Expected, best: list[str]) -> None:
    found = symback.extrema(function, "x", on=on)
    assert named(found) == read(expected)
    assert [str(p.at["x"]) for p in found.points if p.is_global] == best
    assert found.is_complete
    assert found.verify().verdict == "verified"


@pytest.mark.parametrize(("function", "constraint", "expected"), SEVERAL, ids=[f"{r[0]} {r[1]}" for r in SEVERAL])
def test_several_variables(function: str, constraint: str | None, expected: Expected) -> None:
    found = symback.extrema(function, subject_to=constraint)
    assert named(found) == read(expected)
    is_open = any(kind == "undecided" for _, kind in expected.values())
    assert found.verify().verdict == ("unverified" if is_open else "verified")
