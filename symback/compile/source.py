"""Source text put together, checked against a list of what it may contain, and executed: the package's one `exec`."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symback.compile.notes import harmless

COMMENT_COLUMN = 56
WIDTH = 110


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of code and what it says in formulas; a note may be written when it is asked for."""

    code: str
    note: str | Callable[[], str] = ""

    def line(self, indent: str) -> str:
        """Return the line with its comment."""
        note = self.note if isinstance(self.note, str) else self.note()
        if len(self.code) > WIDTH:  # only lists of operands are so long, and they stand in brackets
            code = textwrap.fill(self.code, WIDTH, initial_indent=indent, subsequent_indent=indent + "    ")
        else:
            code = f"{indent + self.code:<{COMMENT_COLUMN}}" if note else indent + self.code
        return f"{code}  # {harmless(note)}" if note else code


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
ALLOWED: frozenset[type[ast.AST]] = frozenset((
    ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.Expr, ast.Name, ast.Load,
    ast.Store, ast.Constant, ast.Tuple, ast.Subscript, ast.Slice, ast.Call, ast.keyword, ast.Attribute, ast.IfExp,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.UnaryOp, ast.USub, ast.BoolOp, ast.Or, ast.And,
    ast.Compare, ast.Gt, ast.GtE, ast.LtE, ast.Lt, ast.NotEq, ast.Eq,
))  # fmt: skip


class UnsafeSource(AssertionError):
    """Generated source holds something that the generator never writes: a bug, and a reason not to run it."""


def check(
    code: str, names: Mapping[str, Any], attributes: frozenset[str] = ATTRIBUTES, with_functions: bool = False
) -> ast.Module:
    """Return the syntax tree of source that holds arithmetic, our own names and the given ones, and nothing else.

    `with_functions` allows functions of x without a name, of which JAX takes a derivative.
    """
    module = ast.parse(code)
    stack: list[ast.AST] = [module]
    while stack:  # as ast.walk does, which takes three times as long
        node = stack.pop()
        if isinstance(node, ast.BinOp) and type(node.op) in ALLOWED:  # these two are most of a program of numbers
            stack += (node.left, node.right)
            continue
        if isinstance(node, ast.Name) and (OWN_NAME.fullmatch(node.id) or node.id in names):
            continue
        refused = _refused(node, attributes, with_functions)
        if refused:
            raise UnsafeSource(f"{refused} in generated source")
        stack.extend(_inside(node))
    return module


def _refused(node: ast.AST, attributes: frozenset[str], with_functions: bool) -> str:
    """Return what a node is that generated source does not hold, such as a name that is not known; "" for others."""
    if type(node) not in ALLOWED and not (with_functions and isinstance(node, ast.Lambda)):
        return type(node).__name__
    if isinstance(node, ast.Name):
        return f"the name {node.id}"
    if isinstance(node, ast.Constant):
        return "" if isinstance(node.value, (int, float, type(None))) else f"the constant {node.value!r}"
    if isinstance(node, ast.Attribute):
        return "" if node.attr in attributes else f"the attribute {node.attr}"
    return ""


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes directly within a node."""
    for field in node._fields:
        inner = getattr(node, field, None)
        if isinstance(inner, ast.AST):
            yield inner
        elif isinstance(inner, list):
            yield from (part for part in inner if isinstance(part, ast.AST))


def execute(
    code: str, names: Mapping[str, Any], attributes: frozenset[str] = ATTRIBUTES, with_functions: bool = False
) -> dict[str, Any]:
    """Run checked source and return what it defines.

    A program of hundreds of operations is fast only as Python's own code, and only `exec` makes that. Nothing that a
    user typed is in the text: numbers are written by `repr`, names are v0, v1, ..., and `check` refuses all else.
    """
    check(code, names, attributes, with_functions)
    space: dict[str, Any] = {"__builtins__": {}, **names}
    exec(compile(code, "<symback>", "exec"), space)  # noqa: S102  (its text is compiled faster than its tree)
    return space
