"""The picture of a graph: its layout by properties, its scene by cases, SVG and dot as documents."""

from __future__ import annotations

import random
import re
import subprocess
from fractions import Fraction
from itertools import combinations, pairwise
from shutil import which
from xml.etree import ElementTree

import pytest

import symback
from symback.errors import UsageError
from symback.graph.graph import Graph
from symback.graph.nodes import Node
from symback.page import render
from symback.page.pictures import scene
from symback.page.pictures.layers import GAP, TRUNK_HEIGHT, layered
from symback.page.pictures.rows import ROW, in_rows
from symback.page.pictures.scene import MOST, scene_of

EXAMPLE = Graph("d = 2b; e = a + d; L = c e")
AT = {"a": 3, "b": 1, "c": -2}
SVG = "{http://www.w3.org/2000/svg}"


# --- layout ---------------------------------------------------------------------------------------------------------


def random_graph(seed: int, size: int) -> list[tuple[int, int]]:
    draw = random.Random(seed)
    targets = [to for to in range(4, size) for _ in range(draw.choice((1, 2, 2, 3)))]
    edges = {(draw.randrange(max(0, to - 12), to), to) for to in targets}
    return sorted(edges, key=lambda edge: edge[::-1])


@pytest.mark.parametrize("seed", range(12))
def test_layout(seed: int) -> None:
    """Edges go right, and neither nodes nor trunks touch."""
    size = 5 + 7 * seed
    edges, heights = random_graph(seed, size), [20.0 + i % 3 * 10 for i in range(size)]
    layout = layered(heights, edges)
    assert all(layout.columns[a] < layout.columns[b] for a, b in edges)
    boxes = [(c, y, h) for c, y, h in zip(layout.columns, layout.heights, heights, strict=True)]
    trunks = {(edges[k][0], c, y) for k, route in enumerate(layout.routes) for c, y in route}
    boxes += [(c, y, TRUNK_HEIGHT) for _, c, y in trunks]
    for (c1, y1, h1), (c2, y2, h2) in combinations(boxes, 2):
        assert c1 != c2 or abs(y1 - y2) >= (h1 + h2) / 2 + GAP - 1e-6
    assert all(h / 2 - 1e-6 <= y <= layout.height - h / 2 + 1e-6 for _, y, h in boxes)


def test_routes_pass_every_column_between() -> None:
    layout = layered([10.0] * 5, [(0, 1), (1, 2), (2, 3), (0, 3), (3, 4), (0, 4)])
    assert [c for c, _ in layout.routes[3]] == [1, 2]
    assert layout.routes[5][:2] == layout.routes[3]  # one trunk for both


def test_a_tree_has_no_crossing() -> None:
    """Eight inputs in a bad order, summed in pairs: the layout finds an order without crossings."""
    edges = [(0, 8), (4, 8), (1, 9), (5, 9), (2, 10), (6, 10), (3, 11), (7, 11), (8, 12), (9, 12), (10, 12), (11, 12)]
    layout = layered([10.0] * 13, edges)
    y = layout.heights
    for (a, b), (c, d) in combinations(edges[:8], 2):
        assert (y[a] - y[c]) * (y[b] - y[d]) >= 0


def test_nothing_to_lay_out() -> None:
    assert layered([], []).columns == ()


# --- the scene ------------------------------------------------------------------------------------------------------


def test_values_and_gradients() -> None:
    spots = scene(EXAMPLE.backprop(at=AT)).spots
    shown = {spot.name: (spot.sign, spot.value, spot.gradient) for spot in spots}
    assert shown == {
        "a": ("", "3", "-2"),
        "b": ("", "1", "-4"),
        "c": ("", "-2", "5"),
        "d": ("×2", "2", "-2"),
        "e": ("+", "5", "-2"),
        "L": ("×", "-10", "1"),
    }
    assert [spot.name for spot in spots if spot.is_loss] == ["L"]


def test_without_values_the_gradients_are_formulas() -> None:
    shown = {spot.name: spot.gradient for spot in scene(EXAMPLE.backprop()).spots}
    assert shown == {"a": "c", "b": "2c", "c": "e", "d": "c", "e": "c", "L": "1"}


@pytest.mark.parametrize(
    ("formula", "signs"),
    [
        ("x + 1", ["+1"]),
        ("3 - x", ["3 −"]),
        ("x - 3", ["−3"]),
        ("x/2", ["÷2"]),
        ("1/x", ["1 ÷"]),
        ("x^2", ["( )²"]),
        ("x^(1/2)", ["( )^0.5"]),
        ("2^x", ["2^( )"]),
        ("e^x", ["exp"]),
        ("-x", ["−"]),
        ("sigma(x)", ["σ"]),
        ("x y z t", ["×"]),
        ("x + y + z + t", ["+"]),
        ("0.25 x", ["×0.25"]),
        ("x/3", ["÷3"]),
        ("x^(1/3)", ["( )^(1/3)"]),
        ("x + x y", ["×", "+"]),
    ],
)
def test_signs(formula: str, signs: list[str]) -> None:
    spots = scene(Graph(f"L = {formula}").backprop()).spots
    assert [spot.sign for spot in spots if spot.sign] == signs


def test_shared_nodes_stand_once_and_sums_are_one_node() -> None:
    drawn = scene(Graph("s = a + b; L = (s + a) + s^2").backprop())
    assert sorted(spot.name for spot in drawn.spots) == ["", "L", "a", "b", "s"]
    last = len(drawn.spots) - 1
    assert sum(wire.target == last for wire in drawn.wires) == 3


def test_inputs_of_a_difference_are_numbered() -> None:
    drawn = scene(Graph("L = y - x").backprop())
    assert {drawn.spots[w.source].name: w.mark for w in drawn.wires} == {"y": "1", "x": "2"}


def test_a_function_with_a_given_derivative_is_one_node() -> None:
    graph = Graph("def psi(t) = 1/(1 + 3^-t); def psi'(t) = psi(t)(1 - psi(t)); L = psi(w x)")
    assert [spot.sign for spot in scene(graph.backprop()).spots if spot.sign] == ["×", "ψ"]


def test_entries_of_an_input_stand_where_they_are_used() -> None:
    graph = Graph("for t in 1..2:\n    h[t] = h[t-1] + x[t]\nL = h[2]^2")
    values = {"h[0]": 0, "x": [1, 2]}
    names = [spot.name for spot in scene(graph.backprop(at=values)).spots]
    assert sorted(names) == ["L", "h[0]", "h[1]", "h[2]", "x[1]", "x[2]"]


def test_arrays_show_their_entries_or_their_shape() -> None:
    graph = Graph("z = W @ x; L = sum(z^2)")
    drawn = scene(graph.backprop(at={"W": [[1, 0]] * 9, "x": [1, 2]}))
    shown = {spot.name: spot.value for spot in drawn.spots if spot.name}
    assert shown == {"W": "9×2", "x": "[1, 2]", "z": "9 entries", "L": "9"}


def test_fractions_stay_fractions() -> None:
    drawn = scene(Graph("L = x/3").backprop(at={"x": 1}, exact=True))
    assert {spot.name: (spot.value, spot.gradient) for spot in drawn.spots} == {"x": ("1", "1/3"), "L": ("1/3", "1")}


def test_too_many_nodes() -> None:
    nodes = [Node(0, "input", (), (), "x")]
    nodes += [Node(i, "sin", (i - 1,), (), f"y{i}") for i in range(1, MOST + 2)]
    with pytest.raises(UsageError, match=f"a picture shows {MOST} at most"):
        scene_of(nodes, MOST + 1)


def test_a_constant_alone_is_drawn() -> None:
    nodes = [Node(0, "constant", (), (), value=Fraction(3)), Node(1, "sin", (0,), (), "L")]
    assert [spot.sign for spot in scene_of(nodes, 1).spots] == ["3", "sin"]


# --- documents ------------------------------------------------------------------------------------------------------


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def test_svg() -> None:
    root = parsed(render(EXAMPLE.backprop(at=AT), "svg"))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Computation graph of L"
    assert "d = 2b, 2, ∂L/∂d -2" in (root.findtext(f"{SVG}desc") or "")
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert texts[:6] == ["b", "1", "−4", "a", "3", "−2"]
    assert texts[-2:] == ["above a wire: its value", "below: the gradient of L by it"]


def test_svg_holds_nothing_active() -> None:
    text = render(EXAMPLE.backprop(at=AT), "svg")
    tags = {element.tag.removeprefix(SVG) for element in parsed(text).iter()}
    assert tags == {"svg", "title", "desc", "rect", "path", "polygon", "g", "text"}
    assert re.findall(r"(?:href|url\(|on\w+=|id=|http)", text.replace('xmlns="http://www.w3.org/2000/svg"', "")) == []


def test_everything_lies_on_the_page() -> None:
    root = parsed(render(EXAMPLE.backprop(at=AT), "svg"))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for rect in root.iter(f"{SVG}rect"):
        x, y = float(rect.get("x", 0)), float(rect.get("y", 0))
        assert x >= 0 <= y
        assert x + float(rect.get("width", 0)) <= width
        assert y + float(rect.get("height", 0)) <= height


def test_names_are_escaped() -> None:
    nodes = [Node(0, "input", (), (), "x<&\"'>\x01"), Node(1, "sin", (0,), (), "L")]
    from symback.page.pictures.dot import dot
    from symback.page.pictures.svg import svg

    drawn = scene_of(nodes, 1)
    names = [t.text for t in parsed(svg(drawn)).iter(f"{SVG}text")]
    assert "x<&\"'>" in names
    assert 'label="x<&\\"\'>"' in dot(drawn)


def test_dot() -> None:
    lines = render(EXAMPLE.backprop(at=AT), "dot").splitlines()
    assert lines[0] == "digraph symback {"
    assert lines[-1] == "}"
    assert any(line.strip().startswith("n0 -> op3") and ">1<" in line and ">-4<" in line for line in lines)
    assert sum("shape=box" in line for line in lines) == 6


def test_a_graph_has_a_picture_and_a_derivation_has_none() -> None:
    assert "below" not in render(EXAMPLE, "svg")
    with pytest.raises(UsageError, match="no picture"):
        render(symback.derive("x^2", "x"), "svg")


def test_the_layer_of_a_name_is_raised() -> None:
    assert "[1]</tspan>" in render(Graph("L = w_{32}^{[1]} x"), "svg")


# --- wide graphs ----------------------------------------------------------------------------------------------------


def long_loop(steps: int) -> Graph:
    return Graph(f"for t in 1..{steps}:\n  h[t] = tanh(w h[t-1] + b)\nL = h[{steps}]^2")


def test_a_wide_picture_stands_in_rows() -> None:
    b = long_loop(20).backprop(at={"w": 0.5, "b": 0.1, "h[0]": 1})
    drawn = parsed(render(b, "svg"))
    width, height = (float(drawn.get(side, "0")) for side in ("width", "height"))
    assert width < 1100 < height
    names = [text.text for text in drawn.iter(f"{SVG}text")]
    assert {f"h[{t}]" for t in range(21)} <= set(names)
    assert names.count("w") == names.count("b") > 2  # where their wires leave a row and come into the next
    assert names.count("w") % 2 == 1  # once in its box


@pytest.mark.parametrize("steps", [1, 2, 40])
def test_wires_end_at_their_nodes_in_every_row(steps: int) -> None:
    """However a picture is cut, each arrow stands at the left of a box or a circle."""
    drawn = parsed(render(long_loop(steps).backprop(), "svg"))
    ends = {(float(r.get("x", 0)), float(r.get("y", 0)), float(r.get("height", 0))) for r in drawn.iter(f"{SVG}rect")}
    for arrow in drawn.iter(f"{SVG}polygon"):
        x, y = map(float, arrow.get("points", "").split()[0].split(","))
        assert any(abs(x - left) < 0.2 and top < y < top + height for left, top, height in ends)


def test_rows() -> None:
    ends = [(16 + 100.0 * i, 76 + 100.0 * i) for i in range(40)]
    wires = [(i, i + 1) for i in range(39)]
    columns = in_rows(ends, wires, 50.0, 16.0)
    assert [c.row for c in columns] == sorted(c.row for c in columns)
    assert all(c.start >= 16 and c.end <= ROW for c in columns)
    assert all(b.start > a.end or b.row > a.row for a, b in pairwise(columns))
    crowded = wires + [(i, 39) for i in range(30)]
    assert len({c.row for c in in_rows(ends, crowded, 50.0, 16.0)}) < len({c.row for c in columns})
    assert {c.row for c in in_rows(ends[:5], wires[:4], 50.0, 16.0)} == {0}


@pytest.mark.skipif(not which("dot"), reason="Graphviz is not installed")
@pytest.mark.parametrize("steps", [2, pytest.param(60, marks=pytest.mark.slow)])
def test_graphviz_takes_it(steps: int) -> None:
    text = render(long_loop(steps).backprop(at={"w": 0.5, "b": 0.1, "h[0]": 1}), "dot")
    assert text.count("splines=line") == (steps == 60)
    done = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert ElementTree.fromstring(done.stdout).tag == f"{SVG}svg"


def test_dot_says_a_value_once() -> None:
    text = render(Graph("L = a b + a c").backprop(at={"a": 7, "b": 2, "c": 3}), "dot")
    assert text.count(">7</FONT>") == 1
