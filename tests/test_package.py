"""The package as it is imported."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import symback


def names_for_type_checkers() -> dict[str, str]:
    """Return what the block `if TYPE_CHECKING` imports, and from where."""
    tree = ast.parse(Path(symback.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    return {name.asname or "": node.module or "" for node in ast.walk(block) if isinstance(node, ast.ImportFrom)
            for name in node.names}  # fmt: skip


def test_type_checkers_see_the_names_that_there_are() -> None:
    assert names_for_type_checkers() == symback._HOME


@pytest.mark.parametrize("name", symback.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    thing = getattr(symback, name)
    assert name.startswith("__") or thing.__doc__


@pytest.mark.parametrize("module", ["derive", "parse", "render", "evaluate"])
def test_a_name_stays_the_function_after_its_module_is_imported(module: str) -> None:
    home = import_module(symback._HOME[module])
    assert getattr(symback, module) is getattr(home, module)


def test_importing_the_package_loads_nothing_else() -> None:
    program = (
        "import sys, symback; sys.exit(any(m in sys.modules for m in ('sympy', 'numpy', 'click', 'symback.expr.tree')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [["derive", "3*x**2*y", "--wrt", "x"], ["gradient", "x y", "--format", "json"], ["evaluate", "sin(pi/6)"]],
)
def test_questions_about_expressions_load_no_numpy(arguments: list[str]) -> None:
    """Start-up time is part of the product, and the page in the browser does without NumPy as long as it can."""
    code = f"from symback import cli; cli.run({arguments!r}); import sys; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
