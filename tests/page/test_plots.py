"""Contour pictures and loss curves: right, the same every time, harmless in a page, clear where there can be none."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise
from math import hypot, inf, nan
from typing import Any

import pytest

import symback
from symback.errors import UsageError
from symback.page import render
from symback.page.pictures import contour, loss
from symback.page.solution import Picture
from symback.train import History
from tests.page.sheets import HOSTILE, squeezed

SVG = "{http://www.w3.org/2000/svg}"
BOWL = symback.gradient("x^2/2 + y^2", ["x", "y"], at={"x": "-0.8", "y": "0.4"})


def drawn(thing: Any, alt: str = "") -> str:
    pytest.importorskip("matplotlib")
    return contour.svg(Picture("contour", thing, alt))


def texts(svg: str) -> list[str]:
    """Return what is written in a contour picture: letters are drawn, and their words stand in comments."""
    return re.findall(r"<!-- (.*?) -->", svg)


def lines(svg: str, colour: str) -> list[list[tuple[float, float]]]:
    """Return the corners of the lines of a colour."""
    found = re.findall(rf'<path d="([^"]*)"[^>]*stroke: {colour}', svg)
    return [[(float(x), float(y)) for x, y in re.findall(r"(\S+) (\S+) *\n", path)] for path in found]


# --- contours -----------------------------------------------------------------------------------------------------


def test_the_bowl() -> None:
    svg = drawn(BOWL)
    assert svg == drawn(BOWL)
    said = texts(svg)
    assert "f(−0.8, 0.4) = 0.48,  ∇f = (−0.8, 0.8)" in said
    assert {"x", "y", "0.48", "0.8", "1.2", "∇f"} <= set(said)
    title = ET.fromstring(svg).findtext(f"{SVG}title") or ""
    assert title.startswith(
        "Level lines of f(x, y) = x²/2 + y²; at (−0.8, 0.4) the gradient is (−0.8, 0.8), at a right"
    )


def test_the_arrow_is_perpendicular_to_the_level_line() -> None:
    svg = drawn(BOWL)
    (foot, head), _point_of_the_arrow = lines(svg, contour.ARROW)
    level = max(lines(svg, contour.INK), key=len)
    across = (head[0] - foot[0], head[1] - foot[1])
    assert across[0] == pytest.approx(across[1], abs=0.05)  # (-0.8, 0.8), and heights count downwards
    nearest = min(range(1, len(level) - 1), key=lambda i: hypot(level[i][0] - foot[0], level[i][1] - foot[1]))
    assert hypot(level[nearest][0] - foot[0], level[nearest][1] - foot[1]) < 2
    along = (level[nearest + 1][0] - level[nearest - 1][0], level[nearest + 1][1] - level[nearest - 1][1])
    cosine = (across[0] * along[0] + across[1] * along[1]) / hypot(*across) / hypot(*along)
    assert abs(cosine) < 0.05


def test_it_does_not_reach_out_of_itself() -> None:
    svg = drawn(BOWL)
    assert "<style" not in svg
    assert "DOCTYPE" not in svg
    assert "metadata" not in svg
    assert not re.search(r'<g id="', svg)
    assert set(re.findall(r'https?://[^"]*', svg)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (symback.gradient("x y/(x^2 + y^2)", ["x", "y"]), "f(x, y)"),
        (symback.gradient("ln(x) + sqrt(1 - y^2)", ["x", "y"], at={"x": 1, "y": "1/2"}), "f(1, 0.5) = 0.866"),
        (symback.gradient("x^2 y", ["x", "y"], at={"x": 3, "y": 20}), "∇f = (120, 9) (drawn × 0.02)"),
        (symback.gradient("x^2 - y^2", ["x", "y"], at={"x": 0, "y": 0}), "∇f = (0, 0)"),
        (symback.gradient("L(w, alpha) = a w alpha", ["w", "alpha"], at={"w": 1, "alpha": 2, "a": 3}), "L(1, 2) = 6"),
        (symback.gradient("n_1^2 z", ["n_1", "z"], at={"n_1": 1, "z": 1}), "f(1, 1) = 1"),
        (symback.directional("x^2 + y^2", ["x", "y"], (3, 4), at={"x": 1, "y": 1}), "u = (0.6, 0.8)"),
        (symback.hessian("x^2 + y^2", ["x", "y"], at={"x": 1, "y": 1}), "f(1, 1) = 2"),
        (symback.gradient("3 + 0x + 0y", ["x", "y"], at={"x": 1, "y": 1}), "f(1, 1) = 3"),
    ],
    ids=["no point", "domain", "far", "flat point", "names", "names of nodes", "direction", "hessian", "constant"],
)  # fmt: skip
def test_other_functions(thing: Any, said: str) -> None:
    svg = drawn(thing)
    ET.fromstring(svg)
    assert any(said in text for text in texts(svg))
    assert "nan" not in svg.lower().replace("finance", "")


def test_a_gradient_of_zero_has_no_arrow() -> None:
    assert not lines(drawn(symback.gradient("x^2 - y^2", ["x", "y"], at={"x": 0, "y": 0})), contour.ARROW)


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (symback.gradient("x y z"), "one function of two variables"),
        (symback.jacobian("x y; x + y", "x,y"), "one function of two variables"),
        (symback.derive("x^2 y", "x"), "one function of two variables"),
        (symback.gradient("a x y", ["x", "y"], at={"x": 1, "y": 1}), "a"),
        (symback.gradient("ln(x + y - 10^6)", ["x", "y"]), "no real value"),
    ],
)
def test_what_cannot_be_drawn(thing: Any, message: str) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(UsageError, match=message) as caught:
        contour.svg(Picture("contour", thing, ""))
    assert caught.value.hint


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError) as caught:
        contour.svg(Picture("contour", BOWL, ""))
    assert caught.value.hint == 'Install it: pip install "symback[plot]"'


# --- loss curves --------------------------------------------------------------------------------------------------


def history(*losses: float, title: str = "", name: str = "L") -> History:
    return History(losses, {}, "all epochs done", title=title, loss=name)


def words(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_curve() -> None:
    svg = loss.svg(Picture("loss", history(4, 2, 1.5, 1, title="Halving", name="L_1"), "The loss falls."))
    assert svg == loss.svg(Picture("loss", history(4, 2, 1.5, 1, title="Halving", name="L_1"), "The loss falls."))
    assert ET.fromstring(svg).findtext(f"{SVG}title") == "The loss falls."
    assert words(svg) == ["Halving: loss L_1", "0", "1", "2", "3", "4", "0", "1", "2", "3", "epoch", "1"]
    (points,) = re.findall(r'<polyline points="([^"]*)"', svg)
    heights = [float(point.split(",")[1]) for point in points.split()]
    assert heights == [loss.TOP, loss.TOP + loss.HIGH / 2, loss.TOP + loss.HIGH * 5 / 8, loss.TOP + loss.HIGH * 3 / 4]
    assert svg.count("<circle") == 4


def test_a_curve_that_falls_far_is_logarithmic() -> None:
    svg = render(history(*(10.0**-k for k in range(7))), "svg")
    assert words(svg)[:8] == ["Loss L, logarithmic scale", "10⁻⁶", "10⁻⁵", "10⁻⁴", "0.001", "0.01", "0.1", "1"]
    (points,) = re.findall(r'<polyline points="([^"]*)"', svg)
    heights = [float(point.split(",")[1]) for point in points.split()]
    assert {round(b - a, 0) for a, b in pairwise(heights)} == {37.0}  # a straight line


@pytest.mark.parametrize(
    ("losses", "scale"),
    [
        ((4, 0.05), loss.Scale(0, 4, False)),
        ((4, 0.03), loss.Scale(0.01, 10, True)),
        ((10.21, 10.085), loss.Scale(10.05, 10.25, False)),
        ((-1, -1.75), loss.Scale(-1.8, -1, False)),
        ((0, 0), loss.Scale(-1, 1, False)),
        ((), loss.Scale(0, 1, False)),
    ],
)
def test_scales(losses: tuple[float, ...], scale: loss.Scale) -> None:
    assert loss.scale_of(losses) == scale


@pytest.mark.parametrize(
    "losses",
    [(0.25,), (0.25,) * 10, (1, 5, 1e299, inf), (nan,), (-1, -2), (0, 0), tuple(1 / k for k in range(1, 5000))],
)
def test_every_course_has_a_curve(losses: tuple[float, ...]) -> None:
    svg = loss.curve(history(*losses))
    ET.fromstring(svg)
    assert not re.search(r'="[^"]*(nan|inf)', svg)
    assert len(svg) < 20_000


@pytest.mark.parametrize("title", HOSTILE)
def test_titles_stay_words(title: str) -> None:
    root = ET.fromstring(loss.curve(history(2, 1, title=title)))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "rect", "text", "path", "polyline", "circle",
    }  # fmt: skip
    for said in (root.findtext(f"{SVG}title"), root.findtext(f"{SVG}text")):
        assert squeezed(title).replace(" ", "")[:24] in "".join((said or "").split())


def test_only_a_training_has_a_loss_curve() -> None:
    with pytest.raises(UsageError, match="needs a training"):
        loss.svg(Picture("loss", BOWL, ""))
