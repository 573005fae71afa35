"""Functions that a graph's text defines: `def p(a, b) = a b^2`, and `def psi'(t) = 2t` for a given derivative."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symback.expr.tree import Apply, Tree, symbol, symbols_of, walk
from symback.graph.language.declared import function_left
from symback.graph.language.statements import FunctionLine, error_at
from symback.graph.operations.calls import RESERVED, arrays
from symback.graph.operations.table import row_of
from symback.syntax.reading import tree_in
from symback.syntax.source import Source


@dataclass(frozen=True, slots=True)
class Definition:
    """A function of numbers: its body, and its derivative where it has one parameter and the text gives one."""

    name: str
    parameters: tuple[str, ...]
    body: Tree
    derivative: Tree | None = None

    @property
    def parameter(self) -> str:
        """The first parameter, which is the only one where a derivative is given."""
        return self.parameters[0]

    def bound(self, values: Sequence[Any]) -> dict[Tree, Any]:
        """Return what each parameter stands for in a call."""
        return dict(zip(map(symbol, self.parameters), values, strict=True))


@dataclass(frozen=True, slots=True)
class _Read:
    line: FunctionLine
    parameters: tuple[str, ...]
    body: Tree
    notes: tuple[str, ...]


def definitions_of(
    text: str, lines: Iterable[FunctionLine], functions: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, Definition], tuple[str, ...]]:
    """Return the functions by name, and the remarks about how their lines were read."""
    read: dict[str, _Read] = {}  # by name, with a prime for a derivative
    for line in lines:
        name, is_derivative, parameters = function_left(text, line)
        key = name + "'" * is_derivative
        if key in read:
            raise error_at(text, line.left, f"{key} is defined twice.", "Give each function its own name.")
        read[key] = _body(text, line, parameters, functions)
    for key, one in read.items():
        if key.removesuffix("'") not in read:
            hint = f"Write def {key.removesuffix(chr(39))}({one.parameters[0]}) = ... too."
            raise error_at(text, one.line.left, f"{key} is given, but not the function itself.", hint)
        _check_calls(text, key, read)
    made = {key: _definition(key, one, read.get(key + "'")) for key, one in read.items() if not key.endswith("'")}
    return made, tuple(note for one in read.values() for note in one.notes)


def _body(
    text: str, line: FunctionLine, parameters: tuple[str, ...], functions: Mapping[str, tuple[str, ...]]
) -> _Read:
    own = {name: of for name, of in functions.items() if name not in parameters}
    source = Source(text, frozenset((*own, *parameters)), arrays=arrays(own))
    tree = tree_in(source, *line.right)
    for name in sorted(s.name for s in symbols_of(tree)):
        if name not in parameters:
            message = f"{name} is not {'the' if len(parameters) == 1 else 'a'} parameter of the function."
            held = ", ".join(parameters)
            hint = f"A function holds {held}, numbers and other functions only; put the rest into a node."
            raise error_at(text, line.right, message, hint)
    for called in sorted(name for name in _calls(tree) if _is_of_arrays(name)):
        hint = "A function is applied to every entry; write this out where it is used."
        raise error_at(text, line.right, f"{called} needs an array, and a function has one number.", hint)
    return _Read(line, parameters, tree, source.notes)


def _is_of_arrays(name: str) -> bool:
    row = row_of(name)
    return name in RESERVED or row is not None and not row.math


def _definition(name: str, one: _Read, derivative: _Read | None) -> Definition:
    if derivative is None:
        return Definition(name, one.parameters, one.body)
    given = derivative.body.xreplace({symbol(derivative.parameters[0]): symbol(one.parameters[0])})
    return Definition(name, one.parameters, one.body, given)


def _check_calls(text: str, key: str, read: dict[str, _Read]) -> None:
    """Refuse a function that needs its own value."""
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        for name in _calls(read[waiting.pop()].body):
            called = (
                name if name in read else name.removesuffix("'")
            )  # a derivative that is worked out needs the function
            if called == key:
                message = f"{key} is defined in terms of itself."
                raise error_at(text, read[key].line.left, message, "Define it by other functions.")
            if called in read and called not in seen:
                seen.add(called)
                waiting.append(called)


def _calls(tree: Tree) -> set[str]:
    return {node.name for node in walk(tree) if isinstance(node, Apply)}
