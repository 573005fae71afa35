"""Errors about shapes that do not fit, with the names of the arrays and where each was given its shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from symback.errors import ShapeError, SymbackError
from symback.graph.language.statements import Span
from symback.graph.nodes import Node, Shape, shape_text

Operands = tuple[tuple[str, Shape], ...]


class Clash(ShapeError):
    """An operation whose inputs do not fit; `operands` are those that have a name, with their shapes."""

    def __init__(self, message: str, *, hint: str = "", operands: Operands = ()) -> None:
        super().__init__(message, hint=hint)
        self.operands = operands


def clash(error: ShapeError, nodes: Sequence[Node], inputs: Sequence[int]) -> ShapeError:
    """Return the error about the inputs of an operation, with their names."""
    named: dict[str, Shape] = {}
    for node in (nodes[i] for i in inputs):
        source = nodes[node.inputs[0]] if node.op in ("transpose", "identity") and not node.name else node
        if source.name:
            named.setdefault(source.name, source.shape)
    return Clash(error.message, hint=error.advice, operands=tuple(named.items()))


def reminded(error: SymbackError, notes: Iterable[str]) -> SymbackError:
    """Return an error about shapes with what was read as a product entry by entry, which may be its reason."""
    said = [note for note in notes if note.endswith("for the matrix product.")]
    error.advice = " ".join(filter(None, [*said, error.advice]))
    return error


def where_given(
    error: ShapeError, text: str, places: Mapping[str, Span], given: Mapping[str, Shape], inputs: Sequence[str]
) -> str:
    """Return the hint of an error about shapes, after where each array was given its own.

    Each shape is at its line, or as it is written where the text has one line; it may be that of a value.
    """
    said = []
    for name, shape in error.operands if isinstance(error, Clash) else ():
        if name in places:
            at, stop = places[name]
            line = text.count("\n", 0, at) + 1
            where = f"line {line}" if "\n" in text.strip() else text[at:stop].strip()
            said.append(f"{name} is {shape_text(shape)} ({where})")
        elif name in inputs:
            why = "its value" if name in given or shape else f"no line {name}: gives it a shape"
            said.append(f"{name} is {shape_text(shape)} ({why})")
        else:
            said.append(f"{name} is {shape_text(shape)}")
    return " ".join(part for part in (", ".join(said) + "." if said else "", error.advice) if part)
