"""Imports go down only: a module knows the layers below its own, never its neighbours or what stands above.

A late binding, `import_module("symback.x")` at the moment it is needed, may reach up; each is listed with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import symback

PACKAGE = Path(symback.__file__).parent

# From the top down. A name stands for a module or for a folder with all that is in it.
LAYERS = [
    {"__main__"},
    {"cli", "web"},
    {"batch"},
    {"front_page", "rulebook", "mistakebook"},
    {"render", "problem"},
    {"solution"},
    {"train"},
    {"codegen", "networks"},
    {"differences", "products", "integrals", "working"},
    {"multivariable", "values", "check", "graph"},
    {"derive"},
    {"at_point"},
    {"engine"},
    {"passes", "board", "reasons"},
    {"idea"},
    {"immediate"},
    {"clearing", "pace"},
    {"question", "domain"},
    {"laws", "systems"},
    {"tidy"},
    {"rule"},
    {"letters"},
    {"convert"},
    {"match", "parse", "intervals"},
    {"cases"},
    {"tree"},
    {"functions", "composites", "unknown"},
    {"numeric"},
    {"failures"},
    {"errors", "content", "result", "scientific", "reals"},
    {"formats", "hints"},
]
HEIGHT = {name: -depth for depth, names in enumerate(LAYERS) for name in names}

LATE = {
    ("tree", "convert"): "a tree's doit() gives the ordinary SymPy expression",
    ("at_point", "check"): "a value is asked for at a point: is there a derivative?",
    ("derive", "check"): "is the function real anywhere, and what happens at the joints?",
    ("passes", "check"): "the joints of cases are looked at when the regions are derived",
    ("rule", "check"): "a derivation verifies itself when asked",
    ("result", "render"): "a result prints itself when asked",
    ("graph", "render"): "a proof by indices writes its formulas as text",
    ("products", "render"): "a refusal is a sentence with expressions in it",
    ("graph", "codegen"): "a graph compiles itself when asked",
    ("solution", "render"): "a document renders itself when asked",
    ("working", "render"): "facts and sentences are written as text",
    ("check", "render"): "sentences about joints name conditions",
    ("multivariable", "check"): "so do the tables of derivations",
    ("graph", "check"): "a table of forward passes verifies itself when asked",
    ("train", "problem"): "the keys of a training file are those of a problem of the kind train",
    ("problem", "render"): "right answers are written as text, and pictures described in words",
}

# Inside a folder the same holds. Each table is one folder: its files and the folders in it, from the top down. An init
# file that hands out what stands in its folder is at the top, one that is empty at the bottom.
INSIDE: dict[str, list[set[str]]] = {
    "graph": [
        {"hessians"},
        {"backprop", "jacobians", "laws_used"},
        {"__init__", "derivation", "forward_table", "trained"},
        {"graph"},
        {"gradient_check", "program", "second_order", "structure"},
        {"backward", "reading"},
        {"definitions", "shape_lines", "stable_program"},
        {"at_joints", "build", "declared", "indices"},
        {"formula_shapes", "formula_values", "function_builders", "numbers", "written_shapes", "zero_wins"},
        {"composite_bodies", "given_values", "operations", "order"},
        {"clashes", "loops", "matrix_words", "sizes"},
        {"nodes", "stable_forms", "statements"},
    ],
    "graph/operations": [
        {"calls"},
        {"table"},
        {"__init__", "choosing", "products"},
        {"basic", "functions"},
        {"along_axes", "basic_kernels", "convolution", "rearranging", "running"},
        {"guarded", "kernels", "row"},
    ],
    "graph/derivation": [
        {"paper"},
        {"formulas"},
        {"search"},
        {"algebra", "choices", "einsums", "entries", "names", "rearranged"},
        {"reduce"},
        {"checking", "matching", "pull"},
        {"backward_laws", "explicit", "judge", "local", "normal", "product"},
        {"__init__", "laws", "length", "line", "points", "reach", "rules", "shapes", "transposes", "user_functions"},
    ],
    "graph/jacobians": [
        {"result"},
        {"paper"},
        {"layout"},
        {"carry", "checking"},
        {"__init__", "laws", "values"},
    ],
    "graph/hessians": [
        {"result"},
        {"checking"},
        {"blocks"},
        {"__init__", "gradients", "values"},
    ],
    "graph/indices": [
        {"judge", "proofs"},
        {"derivative"},
        {"reading"},
        {"heads", "writing_out"},
        {"steps", "tensors"},
        {"algebra"},
        {"cancelling", "laws", "parts"},
        {"canonical", "notation", "powers", "sizes", "sums"},
        {"__init__", "budget", "forms", "known_laws"},
    ],
    "problem": [
        {"__init__"},
        {"reading"},
        {"reader"},
        {"variants"},
        {"asking", "conditions", "mathematics"},
        {"complaints", "placeholders", "schema", "working"},
        {"registry"},
        {"common", "kinds"},
        {"exercises", "kind", "ranges"},
        {"answers", "notes", "pictures", "tables"},
        {"comparing", "exercise", "fields", "toml"},
        {"given_answers", "on_paper", "scanner", "sheet", "values", "wording_of_arrays"},
        {"claims", "close", "faults", "given", "messages", "on_graphs", "parameters", "places", "rights", "wording"},
    ],
    "problem/exercises": [
        {"integrals", "tables", "working"},
        {"__init__", "expressions", "graphs", "matrices", "training"},
    ],
    "render": [
        {"interactive"},
        {"__init__", "documents", "working_text"},
        {"latex", "layout_of_solutions", "markdown", "picture", "terminal"},
        {"kinds"},
        {"forward_table", "layout_of_tasks"},
        {"backprop", "products", "working"},
        {"json"},
        {"differences", "latex_rows", "prose", "tables", "training_blocks"},
        {"dollars", "equations", "fitting", "paper", "remarks"},
        {"computed", "lines", "page"},
        {"formula_value"},
        {"maths"},
        {"calls"},
        {"matrices", "shapes", "with_numbers"},
        {"arithmetic", "by_cases", "display", "latex_subset", "operations"},
        {"formula_reading", "pieces", "text_arrays"},
        {"formula_signs", "latex_width", "layout", "notation", "training"},
        {"evaluated", "formula", "latex_escapes", "lowered", "names", "numbers", "options", "quantities"},
    ],
    "render/documents": [
        {"index"},
        {"html"},
        {"html_blocks"},
        {"html_words", "png"},
        {"html_pieces", "notebook", "pdf"},
        {"checks_of_arrays", "mathml", "typst"},
        {"anki", "checks", "json", "latex", "markdown", "mathml_width", "moodle", "typst_maths"},
        {
            "__init__",
            "calls",
            "claims",
            "formula_pieces",
            "formula_spacing",
            "html_pictures",
            "latex_words",
            "mathjax",
            "mathml_arrays",
            "mathml_signs",
            "spoken",
            "typst_pictures",
            "typst_words",
        },
    ],
    "render/kinds": [
        {
            "array_hessian",
            "array_jacobian",
            "backprop",
            "check",
            "derivation",
            "differences",
            "directional",
            "forward_table",
            "graph",
            "integral",
            "partials",
            "products",
            "training",
        },
        {"__init__"},
    ],
    "integrals": [
        {"__init__"},
        {"ask"},
        {"moves"},
        {"radicals", "roots", "universal"},
        {"rational", "substitution"},
        {"algebra", "definite", "parts", "result", "trigonometry"},
        {"checking", "finishing", "search"},
        {"elementary", "plan"},
        {"forms", "laws"},
    ],
    "working": [
        {"__init__"},
        {"checking"},
        {"scalars"},
        {"judging", "made_wrong"},
        {"graph_lines", "naming"},
        {"making", "repairs"},
        {"graph_values", "mistakes", "result"},
        {"facts", "graph_points", "of_algebra", "of_calculus"},
        {"floats", "labels", "of_gradients", "right", "rows", "rows_of_text", "signs"},
    ],
}

# What reaches up inside a folder: bound late, or named for the sake of its type alone.
UP_INSIDE = {
    ("graph", "graph", "backprop"): "g.backprop() is a question about a graph, and its answer stands above",
    ("graph", "graph", "jacobians"): "so are g.jacobian()",
    ("graph", "graph", "hessians"): "and g.hessian()",
    ("graph", "function_builders", "build"): "a builder of one function is handed the builder of nodes: a type alone",
    ("render", "training", "picture"): "the curve of a training is drawn when it is asked for",
    ("render", "kinds", "__init__"): "what a kind is seldom asked for is loaded when it is, by its name in render",
    ("problem", "conditions", "working"): "conditions on drawn values look at the answer, so they work the problem",
}

COMPUTED = {
    "symback.render.kinds": "a kind's file is named in FILES, all of them in render/kinds",
    "symback.render.documents": "a format's file is named in FORMATS, all of them in render/documents",
    "symback.render.layout_of_solutions": "a picture's file is named in PICTURES, all of them in render/picture",
}  # files that bind modules late by names out of a table

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@cache
def nodes_of(source: str) -> tuple[ast.AST, ...]:
    """Return all nodes of a file's syntax tree: every test here reads them, and parsing takes longer than that."""
    return tuple(ast.walk(ast.parse(source)))


def unit_of(name: str) -> str:
    """Return the module or folder right below symback: "symback.render.maths" -> "render"."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def dotted(path: Path) -> str:
    """Return a file's name as it is imported."""
    return ".".join(("symback", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the unit of every module of symback that a file imports, and whether it does so by a late binding."""
    for node in nodes_of(path.read_text(encoding="utf-8")):
        if isinstance(node, ast.Import):
            yield from ((unit_of(a.name), False) for a in node.names if a.name.split(".")[0] == "symback")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: write imports in full"
            if node.module == "symback":
                yield from ((a.name, False) for a in node.names if a.name in HEIGHT)
            elif (node.module or "").startswith("symback."):
                yield unit_of(node.module or ""), False
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "find_spec", "__import__"):
            name = node.args[0]
            if isinstance(name, ast.JoinedStr):  # a file of a folder: the folder is what counts
                name = name.values[0]
            if not isinstance(name, ast.Constant):
                assert dotted(path) in COMPUTED, f"{path.name}: name the module that is bound late"
            elif str(name.value).startswith("symback."):
                yield unit_of(str(name.value)), True


def called(node: ast.Call) -> str:
    """Return the name of the function that is called, an attribute's too: importlib.import_module is import_module."""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def hidden_imports(source: str) -> list[str]:
    """Return the ways round these tests that a file takes: `__import__`, and importlib by another name."""
    found = []
    for node in nodes_of(source):
        if isinstance(node, ast.Name) and node.id == "__import__":
            found.append("__import__")
        if isinstance(node, ast.Call) and called(node) == "getattr" and getattr(node.args[0], "id", "") == "importlib":
            found.append("getattr of importlib")
        if isinstance(node, ast.ImportFrom) and node.module == "importlib":
            found += [f"{a.name} as {a.asname}" for a in node.names if a.asname]
        if isinstance(node, ast.Import):
            found += [f"{a.name} as {a.asname}" for a in node.names if a.asname and a.name.startswith("importlib")]
    return found


def test_every_module_has_its_layer() -> None:
    units = {unit_of(dotted(path)) for path in MODULES}
    assert units <= set(HEIGHT), "give the new module its place in LAYERS"


def goes_up(path: Path) -> Iterator[str]:
    """Yield what a file imports that does not stand below it."""
    own = unit_of(dotted(path))
    for other, late in imports(path):
        if other != own and HEIGHT[other] >= HEIGHT[own] and not (late and (own, other) in LATE):
            yield f"{dotted(path)} {'binds late, with no reason in LATE,' if late else 'imports'} {other}"


def test_imports_go_down() -> None:
    assert [line for path in MODULES for line in goes_up(path)] == []


def test_no_import_is_hidden() -> None:
    found = {dotted(path): hidden_imports(path.read_text(encoding="utf-8")) for path in MODULES}
    assert {name: ways for name, ways in found.items() if ways} == {}


@pytest.mark.parametrize(
    "source",
    [
        '__import__("symback.batch")',
        'load = __import__; load("symback.batch")',
        'import importlib; getattr(importlib, "import_module")("symback.render")',
        "from importlib import import_module as load",
        "import importlib as i",
    ],
)
def test_ways_round_are_seen(source: str) -> None:
    assert hidden_imports(source)


def test_an_attribute_call_is_a_late_binding(tmp_path: Path) -> None:
    file = tmp_path / "tree.py"
    file.write_text('import importlib\nimportlib.import_module("symback.cli.output")\n')
    assert list(imports(file)) == [("cli", True)]


# --- inside a folder -------------------------------------------------------------------------------------------------


def modules_named(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the full name of every module of symback that a file names, and whether it is bound late or for a type."""
    nodes = nodes_of(path.read_text(encoding="utf-8"))
    for_types = {
        inner
        for node in nodes
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((a.name, node in for_types) for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{a.name}" for a in node.names]
            yield from ((name if is_module(name) else node.module or "", node in for_types) for name in names)
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "find_spec") and node.args:
            given = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
            if isinstance(given, ast.Constant):
                yield str(given.value).rstrip("."), True


def is_module(name: str) -> bool:
    place = PACKAGE.parent.joinpath(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").exists()


def part_of(folder: str, name: str) -> str | None:
    """Return the file or folder right inside a folder that a module belongs to; None for one that is elsewhere."""
    inside = f"symback.{folder.replace('/', '.')}"
    if name == inside:
        return "__init__"
    return name.removeprefix(f"{inside}.").split(".")[0] if name.startswith(f"{inside}.") else None


@pytest.mark.parametrize("folder", INSIDE)
def test_imports_go_down_inside(folder: str) -> None:
    height = {name: -depth for depth, names in enumerate(INSIDE[folder]) for name in names}
    files = [path for path in MODULES if path.is_relative_to(PACKAGE / folder)] + [PACKAGE / folder / "__init__.py"]
    for path in files:
        own = part_of(folder, dotted(path))
        assert own in height, f"give {own} its place among the layers of {folder}"
        for name, is_late in modules_named(path):
            other = part_of(folder, name)
            if other in (None, own) or is_late and (own == "__init__" or (folder, own, other) in UP_INSIDE):
                continue
            assert height[other] < height[own], f"{dotted(path)} must not import {name}"


def test_every_way_up_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "nodes.py"
    file.write_text(
        "from symback.graph import build\nfrom symback.graph.hessians.values import Pair\n"
        "if TYPE_CHECKING:\n    from symback.graph.build import Builder\n"
        "def later():\n    import symback.graph.loops\n    importlib.import_module('symback.graph.backprop')\n"
    )
    found = [(part_of("graph", name), is_late) for name, is_late in modules_named(file)]
    assert sorted(found) == [
        ("backprop", True), ("build", False), ("build", True), ("hessians", False), ("loops", False),
    ]  # fmt: skip


def test_what_reaches_up_inside_does_so() -> None:
    """A reason whose import is gone goes too."""
    for folder, own, other in UP_INSIDE:
        files = [p for p in MODULES if part_of(folder, dotted(p)) == own]
        assert any(is_late and part_of(folder, name) == other for p in files for name, is_late in modules_named(p))


def test_no_late_binding_without_use() -> None:
    """The same for the late bindings between folders."""
    used = {(unit_of(dotted(path)), other) for path in MODULES for other, late in imports(path) if late}
    assert {pair for pair in LATE if pair not in used} == set()


def test_the_engine_needs_only_sympy() -> None:
    """Derivations and their checks import the standard library and SymPy alone."""
    foreign = {"rich", "click", "numpy", "jinja2", "pydantic"}
    for path in MODULES:
        unit = unit_of(dotted(path))
        if HEIGHT.get(unit, 0) > HEIGHT["check"] or unit == "graph":
            continue
        for node in nodes_of(path.read_text(encoding="utf-8")):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not foreign & {name.split(".")[0] for name in names}, path.name
