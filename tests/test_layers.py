"""Imports go down only: a module knows the layers below its own, never its neighbours or what stands above.

A late binding, `import_module("symback.x")` at the moment it is needed, may reach up; each is listed with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import symback

PACKAGE = Path(symback.__file__).parent

# From the top down. A name stands for a module or for a folder with all that is in it.
LAYERS = [
    {"__main__", "notebook"},
    {"cli"},
    {"web"},
    {"batch"},
    {"front_page"},
    {"problems"},
    {"page"},
    {"products", "train", "working"},
    {"compile"},
    {"graph"},
    {"calculus"},
    {"verify"},
    {"syntax"},
    {"expr"},
    {"words"},
    {"failures"},
    {"errors", "content", "result"},
    {"formats", "hints"},
]
HEIGHT = {name: -depth for depth, names in enumerate(LAYERS) for name in names}

LATE = {
    ("expr", "syntax"): "a tree's doit() gives the ordinary SymPy expression",
    ("expr", "verify"): "a derivation verifies itself when asked",
    ("result", "page"): "a result prints itself when asked",
    ("graph", "page"): "a proof by indices writes its formulas as text",
    ("products", "page"): "a refusal is a sentence with expressions in it",
    ("graph", "compile"): "a graph compiles itself when asked",
    ("working", "page"): "facts and sentences are written as text",
    ("verify", "page"): "sentences about joints name conditions",
    ("train", "problems"): "the keys of a training file are those of a problem of the kind train",
}

# Inside a folder the same holds. Each table is one folder: its files and the folders in it, from the top down. An init
# file that hands out what stands in its folder is at the top, one that is empty at the bottom.
INSIDE: dict[str, list[set[str]]] = {
    "calculus": [
        {"alternatives", "derivative"},
        {"curves", "extrema"},
        {"differences", "evaluate", "limits", "partials", "showing"},
        {"derive", "integrals"},
        {"at_point", "known_values"},
        {"engine"},
        {"passes"},
        {"board", "idea", "reasons"},
        {"immediate"},
        {"clearing", "laws", "pace", "question"},
        {"__init__", "equation", "equations", "tidy", "worked"},
    ],
    "calculus/integrals": [
        {"__init__"},
        {"ask"},
        {"moves"},
        {"radicals", "result", "roots", "universal"},
        {"lettered", "rational", "substitution"},
        {"algebra", "definite", "discriminant", "parts", "trigonometry"},
        {"checking", "finishing", "search"},
        {"plan"},
        {"laws"},
        {"assumptions", "breaks", "elementary"},
        {"forms"},
    ],
    "calculus/limits": [
        {"__init__"},
        {"ask"},
        {"infinite", "pieces"},
        {"conjugates", "direct", "hospital", "known", "largest", "rewriting"},
        {"algebra", "growth", "result"},
        {"laws", "posing", "sequences", "work"},
    ],
    "calculus/extrema": [
        {"__init__"},
        {"ask"},
        {"constraint"},
        {"several"},
        {"one"},
        {"second", "signs"},
        {"places", "result", "slopes"},
        {"checking", "solving", "story"},
    ],
    "calculus/curves": [
        {"__init__"},
        {"logarithmic", "tangent"},
        {"by_definition", "expand", "implicit", "parametric"},
        {"inverse", "linear", "result", "steepness", "taylor"},
        {"curve_points", "dependent", "on_the_curve", "parts", "terms"},
    ],
    "calculus/tidy": [
        {"__init__", "rules"},
        {"fractions"},
        {"compound", "polynomials", "signs", "sums", "trigonometry"},
        {"powers", "values"},
        {"degrees", "numbers", "terms"},
        {"choices", "logarithms", "product", "surds"},
    ],
    "graph": [
        {"hessians", "upstream"},
        {"backprop", "forward_table", "jacobians", "laws_used"},
        {"__init__", "derivation", "networks", "trained", "undefined"},
        {"graph"},
        {"gradient_check", "second_order"},
        {"at_joints", "backward", "indices", "one_entry"},
        {"program"},
        {"language"},
        {"operations"},
        {"sizes"},
        {"nodes"},
    ],
    "graph/language": [
        {"structure"},
        {"reader"},
        {"definitions", "shape_lines"},
        {"declared", "order"},
        {"clashes", "loops", "written_shapes"},
        {"__init__", "given_values", "matrix_words", "statements"},
    ],
    "graph/program": [
        {"of_text", "stable_program"},
        {"build", "formula_shapes"},
        {"__init__", "composite_bodies", "formula_values", "function_builders", "numbers", "stable_forms", "zero_wins"},
    ],
    "graph/networks": [
        {"__init__"},
        {"convolutional", "layers", "recurrent", "transformer"},
        {"sizes"},
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
    "compile": [
        {"__init__"},
        {"functional", "of_graph"},
        {"compiled"},
        {"arrays", "scalars"},
        {"loops", "source"},
        {"arguments", "buffers", "expand", "lower", "notes", "rate", "sums"},
        {"instructions", "kernels", "lines"},
    ],
    "train": [
        {"__init__"},
        {"training"},
        {"epochs", "file"},
        {"progress", "validation"},
        {"descent", "history", "objective", "start"},
        {"accuracy", "data_files", "random_numbers", "settings"},
    ],
    "problems": [
        {"__init__"},
        {"reading"},
        {"reader", "working"},
        {"asking", "defaults", "mathematics", "parts"},
        {"complaints", "json_schema", "variants"},
        {"registry"},
        {"kinds"},
        {"exercises"},
        {"kind", "pictures"},
        {"exercise", "known", "wording_of_arrays"},
        {"answers", "common"},
        {"assumptions", "close", "file", "wording"},
    ],
    "problems/file": [
        {"ranges"},
        {"images", "tables"},
        {"fields"},
        {"fields_of_points"},
        {"escapes", "fields_of_numbers", "fields_of_text", "notes", "settings"},
        {"field", "toml"},
        {"scanner", "sheet", "values"},
        {"__init__", "decimals", "faults", "messages", "parameters", "places", "references", "words"},
    ],
    "problems/answers": [
        {"answer"},
        {"comparing"},
        {"reading"},
        {"__init__", "claims", "given", "on_graphs", "rights"},
    ],
    "problems/variants": [
        {"drawing"},
        {"computed", "conditions"},
        {"placeholders"},
        {"__init__", "substitute"},
    ],
    "problems/exercises": [
        {
            "choices",
            "extrema",
            "integrals",
            "limits",
            "one_entry",
            "other_ways",
            "shows_of_graphs",
            "tables",
            "training",
            "upstream",
            "ways",
            "working",
        },
        {"__init__", "curves", "descent", "expressions", "graphs", "matrices", "prose", "shows"},
    ],
    "page": [
        {"interactive"},
        {"__init__", "working_text", "writers"},
        {"latex", "layout_of_solutions", "markdown", "pictures", "terminal"},
        {"kinds"},
        {"forward_table", "layout_of_tasks"},
        {"backprop", "products", "working"},
        {"json"},
        {"differences", "tables"},
        {"equations", "latex_rows", "prose", "training_blocks", "translated"},
        {"dollars", "fitting", "law_lines", "layout_of_parts", "paper", "remarks"},
        {"computed", "lines", "page"},
        {"formula"},
        {"maths"},
        {"calls"},
        {"matrices", "shapes", "with_numbers"},
        {"arithmetic", "by_cases", "display", "operations"},
        {"pieces", "text_arrays"},
        {"layout", "notation", "solution", "training"},
        {"evaluated", "heading", "image", "latex_escapes", "names", "numbers", "options", "quantities", "sympy_form"},
    ],
    "page/formula": [
        {"subset"},
        {"read_latex"},
        {"breaking", "signs", "spacing"},
        {"__init__", "latex_width", "value"},
    ],
    "page/writers": [
        {"index"},
        {"html"},
        {"html_blocks"},
        {"html_words", "png"},
        {"html_letters", "html_pieces", "notebook", "pdf"},
        {"checks_of_arrays", "latex", "mathml", "stack", "typst"},
        {"anki", "checks", "json", "markdown", "mathml_width", "moodle", "tikz", "typst_maths"},
        {
            "__init__",
            "calls",
            "checkable",
            "html_fragment",
            "html_pictures",
            "latex_words",
            "mathml_arrays",
            "mathml_signs",
            "maxima",
            "moodle_answers",
            "spoken",
            "typst_pictures",
            "typst_words",
        },
    ],
    "page/kinds": [
        {"extrema", "limit"},
        {
            "alternatives",
            "array_hessian",
            "array_jacobian",
            "backprop",
            "check",
            "choice",
            "derivation",
            "descent",
            "differences",
            "directional",
            "does_not_exist",
            "forward_table",
            "graph",
            "integral",
            "partials",
            "products",
            "show",
            "text",
            "training",
            "worked",
        },
        {"__init__"},
    ],
    "working": [
        {"__init__"},
        {"checking"},
        {"implicit_lines"},
        {"scalars"},
        {"of_integrals"},
        {"judging", "made_wrong"},
        {"graph_lines", "naming"},
        {"making", "repairs"},
        {"graph_values", "mistakes", "result"},
        {"facts", "graph_points", "of_algebra", "of_calculus"},
        {"floats", "function_names", "labels", "of_gradients", "right", "rows", "rows_of_text", "signs"},
    ],
    "expr": [
        {"intervals", "rule"},
        {"cases", "letters", "match"},
        {"numeric", "tree"},
        {"__init__", "composites", "functions", "reals", "scientific", "unknown"},
    ],
}

# What reaches up inside a folder: bound late, or named for the sake of its type alone.
UP_INSIDE = {
    ("graph", "graph", "backprop"): "g.backprop() is a question about a graph, and its answer stands above",
    ("graph", "graph", "jacobians"): "so are g.jacobian()",
    ("graph", "graph", "hessians"): "and g.hessian()",
    (
        "graph/program",
        "function_builders",
        "build",
    ): "a builder of one function gets the builder of nodes: a type alone",
    ("page", "solution", "writers"): "a document renders itself when asked",
    ("page", "kinds", "pictures"): "so are those of a worked result",
    ("page", "training", "pictures"): "the curve of a training is drawn when it is asked for",
    ("page", "kinds", "__init__"): "what a kind is seldom asked for is loaded when it is, by its name in page",
    ("problems", "variants", "working"): "conditions on drawn values look at the answer, so they work the problem",
}

COMPUTED = {
    "symback.page.kinds": "a kind's file is named in FILES, all of them in page/kinds",
    "symback.page.writers": "a format's file is named in FORMATS, all of them in page/writers",
    "symback.web.site": "the packages that an archive holds are named in PACKAGES",
    "symback.page.layout_of_solutions": "a picture's file is named in PICTURES, all of them in page/pictures",
}  # files that bind modules late by names out of a table

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


IMPORTING = ast.Import | ast.ImportFrom | ast.Call | ast.Name | ast.If
WORDS = re.compile("import|__import__|find_spec")


@cache
def nodes_of(source: str) -> tuple[ast.AST, ...]:
    """Return the nodes of a file's syntax tree that may import something; the others would only fill the memory."""
    if not WORDS.search(source):
        return ()
    return tuple(node for node in ast.walk(ast.parse(source)) if isinstance(node, IMPORTING))


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
        'import importlib; getattr(importlib, "import_module")("symback.page")',
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
        "from symback.graph import gradient_check\nfrom symback.graph.hessians.values import Pair\n"
        "if TYPE_CHECKING:\n    from symback.graph.gradient_check import Builder\n"
        "def later():\n    import symback.graph.sizes\n    importlib.import_module('symback.graph.backprop')\n"
    )
    found = [(part_of("graph", name), is_late) for name, is_late in modules_named(file)]
    assert sorted(found) == [
        ("backprop", True), ("gradient_check", False), ("gradient_check", True), ("hessians", False), ("sizes", False),
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
        if HEIGHT.get(unit, 0) > HEIGHT["calculus"]:
            continue
        for node in nodes_of(path.read_text(encoding="utf-8")):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not foreign & {name.split(".")[0] for name in names}, path.name
