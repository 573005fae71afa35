"""The formula of a line, in the user's names where there are any, for the comment beside it."""

from __future__ import annotations

import re

from symback.compile.instructions import column
from symback.compile.lines import Number, Program

FORMULAS = column("note")
FORBIDDEN = re.compile(r"[^\w \[\](){}.,+\-*/^'∂@=~]")
WIDTH = 60


def harmless(text: str) -> str:
    """Return a text that cannot leave its comment: one line, no control characters, not too long.

    >>> harmless("x\\nimport os")
    'x?import os'
    """
    text = FORBIDDEN.sub("?", text)
    return text if len(text) <= WIDTH else text[: WIDTH - 3] + "..."


def name_of(program: Program, i: int) -> str:
    """Return what a line is called in comments: its name, its number, or v7."""
    line = program.lines[i]
    if line.value is not None:
        return literal(line.value)
    name = program.names.get(i) or (str(line.params[0]) if line.op == "input" else "")
    return harmless(name) if name else {"rate": "lr", "ones": "1"}.get(line.op, f"v{i}")


def formula(program: Program, i: int) -> str:
    """Return `z = W @ x` for a line."""
    line = program.lines[i]
    operands = [name_of(program, j) for j in line.inputs[:6]]
    if len(line.inputs) > len(operands):
        operands.append("...")
    if line.op == "index":
        right = f"{operands[0]}[{', '.join(map(str, line.params))}]"
    elif line.op in FORMULAS:
        right = FORMULAS[line.op].format(*operands)
    else:
        params = [str(p) for p in line.params if isinstance(p, int)]
        right = f"{line.op}({', '.join([*operands, *params])})"
    return f"{name_of(program, i)} = {right}"


def literal(value: Number) -> str:
    """Return a number as Python writes it, as a float."""
    try:
        return repr(float(value))
    except OverflowError:
        return "inf" if value > 0 else "-inf"
