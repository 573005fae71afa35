"""Imports go down only: a module knows the layers below its own, never its neighbours or what stands above.

A late binding, `import_module("symback.x")` at the moment it is needed, may reach up; each is listed with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import symback

PACKAGE = Path(symback.__file__).parent

# From the top down. A name stands for a module or for a folder with all that is in it.
LAYERS = [
    {"__main__"},
    {"cli", "web"},
    {"batch"},
    {"front_page", "rulebook"},
    {"render", "problem"},
    {"solution"},
    {"train"},
    {"codegen", "networks"},
    {"differences", "products"},
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
    {"errors", "content", "result", "scientific"},
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
    ("check", "render"): "sentences about joints name conditions",
    ("multivariable", "check"): "so do the tables of derivations",
    ("graph", "check"): "a table of forward passes verifies itself when asked",
    ("problem", "render"): "right answers are written as text, and pictures described in words",
}

COMPUTED = {
    "symback.render.kinds": "a kind's file is named in FILES, all of them in render/kinds",
    "symback.render.documents": "a format's file is named in FORMATS, all of them in render/documents",
    "symback.render.layout_of_solutions": "a picture's file is named in PICTURES, all of them in render/picture",
}  # files that bind modules late by names out of a table

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def unit_of(name: str) -> str:
    """Return the module or folder right below symback: "symback.render.maths" -> "render"."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def dotted(path: Path) -> str:
    """Return a file's name as it is imported."""
    return ".".join(("symback", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the unit of every module of symback that a file imports, and whether it does so by a late binding."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
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
    for node in ast.walk(ast.parse(source)):
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


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_go_down(path: Path) -> None:
    own = unit_of(dotted(path))
    for other, late in imports(path):
        if other == own:
            continue
        if late:
            assert HEIGHT[other] < HEIGHT[own] or (own, other) in LATE, f"list that {own} binds {other} late"
        else:
            assert HEIGHT[other] < HEIGHT[own], f"{own} must not import {other}"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_no_import_is_hidden(path: Path) -> None:
    assert not hidden_imports(path.read_text(encoding="utf-8"))


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


def test_the_engine_needs_only_sympy() -> None:
    """Derivations and their checks import the standard library and SymPy alone."""
    foreign = {"rich", "click", "numpy", "jinja2", "pydantic"}
    for path in MODULES:
        unit = unit_of(dotted(path))
        if HEIGHT.get(unit, 0) > HEIGHT["check"] or unit == "graph":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not foreign & {name.split(".")[0] for name in names}, path.name
