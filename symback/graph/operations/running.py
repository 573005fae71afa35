"""The NumPy code of a row of the table as a function, checked and compiled as all generated code is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from symback.expr.numeric import np
from symback.graph.operations import kernels

NAMES: dict[str, Any] = {"np": np, **kernels.NAMES}


def attributes_of(code: str) -> frozenset[str]:
    """Return the attributes in code that is written from the table: names of functions of NumPy and JAX."""
    words = {node.attr for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute)}
    return frozenset(word for word in words if not word.startswith("_"))


def function_of(text: str, operands: Sequence[str]) -> Callable[..., Any]:
    """Return the function of these operands that an expression of the table is."""
    code = f"def gradient({', '.join(operands)}):\n    return {text}\n"
    source = import_module("symback.compile.source")
    return source.execute(code, NAMES, attributes_of(code))["gradient"]  # type: ignore[no-any-return]
