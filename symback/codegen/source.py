"""Source text put together, checked against a list of what it may contain, and executed: the package's one `exec`."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symback.codegen.notes import harmless

COMMENT_COLUMN = 56
WIDTH = 110


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of code and what it says in formulas."""

    code: str
    note: str = ""

    def line(self, indent: str) -> str:
        """Return the line with its comment."""
        if len(self.code) > WIDTH:  # only lists of operands are so long, and they stand in brackets
            code = textwrap.fill(self.code, WIDTH, initial_indent=indent, subsequent_indent=indent + "    ")
        else:
            code = f"{indent + self.code:<{COMMENT_COLUMN}}" if self.note else indent + self.code
        return f"{code}  # {harmless(self.note)}" if self.note else code


@dataclass(frozen=True)
class Source:
    """A function: its given arguments, what is made once and handed over as default arguments, and its statements."""

    name: str
    given: Sequence[str]
    kept: Sequence[str]
    once: Sequence[Statement]
    body: Sequence[Statement]
    quiet: bool = False

    @property
    def code(self) -> str:
        """The text without comments, which is what runs."""
        return "\n".join([*(s.code for s in self.once), *self._head(), *(f"    {s.code}" for s in self.body), ""])

    @property
    def text(self) -> str:
        """The text with a formula beside each line."""
        return "\n".join([*(s.line("") for s in self.once), *self._head(), *(s.line("    ") for s in self.body), ""])

    def _head(self) -> Iterator[str]:
        if self.quiet:
            yield "@quiet"
        arguments = ", ".join([*self.given, *(f"{name}={name}" for name in self.kept)])
        yield from textwrap.wrap(f"def {self.name}({arguments}):", WIDTH, subsequent_indent="        ")

    def load(self, names: Mapping[str, Any], attributes: frozenset[str] = frozenset()) -> Any:
        """Return the function, after a check that the text can do nothing but arithmetic with these names."""
        return execute(self.code, names, ATTRIBUTES | attributes)[self.name]


# --- what generated source may contain -------------------------------------------------------------------------------

OWN_NAME = re.compile(r"[vbcs]\d+|x|lr|gradient|step")
ATTRIBUTES = frozenset({"T", "reshape"})
ALLOWED: tuple[type[ast.AST], ...] = (
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.Expr, ast.Name, ast.Load,
    ast.Store, ast.Constant, ast.Tuple, ast.Subscript, ast.Slice, ast.Call, ast.keyword, ast.Attribute, ast.IfExp,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.UnaryOp, ast.USub, ast.BoolOp, ast.Or, ast.And,
    ast.Compare, ast.Gt, ast.GtE, ast.LtE, ast.Lt, ast.NotEq, ast.Eq,
)  # fmt: skip


class UnsafeSource(AssertionError):
    """Generated source holds something that the generator never writes: a bug, and a reason not to run it."""


def check(
    code: str, names: Mapping[str, Any], attributes: frozenset[str] = ATTRIBUTES, with_functions: bool = False
) -> ast.Module:
    """Return the syntax tree of source that holds arithmetic, our own names and the given ones, and nothing else.

    `with_functions` allows functions of x without a name, of which JAX takes a derivative.
    """
    module = ast.parse(code)
    for node in ast.walk(module):
        if not isinstance(node, ALLOWED) and not (with_functions and isinstance(node, ast.Lambda)):
            raise UnsafeSource(f"{type(node).__name__} in generated source")
        if isinstance(node, ast.Name) and not OWN_NAME.fullmatch(node.id) and node.id not in names:
            raise UnsafeSource(f"the name {node.id} in generated source")
        if isinstance(node, ast.Attribute) and node.attr not in attributes:
            raise UnsafeSource(f"the attribute {node.attr} in generated source")
        if isinstance(node, ast.Constant) and not isinstance(node.value, (int, float, bool, type(None))):
            raise UnsafeSource(f"the constant {node.value!r} in generated source")
    return module


def execute(
    code: str, names: Mapping[str, Any], attributes: frozenset[str] = ATTRIBUTES, with_functions: bool = False
) -> dict[str, Any]:
    """Run checked source and return what it defines.

    A program of hundreds of operations is fast only as Python's own code, and only `exec` makes that. Nothing that a
    user typed is in the text: numbers are written by `repr`, names are v0, v1, ..., and `check` refuses all else.
    """
    module = check(code, names, attributes, with_functions)
    space: dict[str, Any] = {"__builtins__": {}, **names}
    exec(compile(module, "<symback>", "exec"), space)  # noqa: S102
    return space
