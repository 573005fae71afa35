"""Source for programs of numbers alone: Python arithmetic and the functions of `math`, on local names.

Where `math` raises (the logarithm of 0, a division by 0, an overflow), the call is done again by NumPy, which answers
with inf or nan as IEEE arithmetic does; so the usual case pays nothing for it.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from symback.compile.instructions import ATOM, EXPRESSIONS
from symback.compile.lines import Line, Program
from symback.compile.notes import formula, literal
from symback.compile.source import Source, Statement
from symback.graph.operations.table import TABLE

NAMES: dict[str, Any] = {"float": float, "round": round, "inf": math.inf} | {
    name: getattr(math, name)
    for name in (
        *(
            "pow",
            "sqrt",
            "hypot",
            "cbrt",
            "exp",
            "log",
            "log1p",
            "expm1",
            "erf",
            "fabs",
            "floor",
            "ceil",
            "sin",
            "cos",
            "tan",
            "asin",
            "acos",
            "atan",
        ),
        *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    )
}
LONGEST = 72  # characters of an expression that is still written into another


def gradient_source(program: Program) -> Source:
    """Return the source of `gradient(v0, v1, ...) -> (loss, (gradient, ...))`."""
    texts, body = _written(program)
    results = "".join(f"{texts[i]}, " for i in program.outputs.values())
    body.append(Statement(f"return {texts[program.loss]}, ({results})"))
    return Source("gradient", [texts[i] for i in program.inputs], [], [], body)


def step_source(program: Program) -> Source:
    """Return the source of `step(lr, v0, v1, ...) -> (loss, (new number, ...))`; see `rate.scaled`."""
    texts, body = _written(program)
    inputs = {program.lines[i].params[0]: i for i in program.inputs}
    new = "".join(f"{texts[inputs[name]]} - {texts[i]}, " for name, i in program.outputs.items())
    body.append(Statement(f"return {texts[program.loss]}, ({new})"))
    return Source("step", ["lr", *(texts[i] for i in program.inputs)], [], [], body)


def _written(program: Program) -> tuple[list[str], list[Statement]]:
    """Return the text that stands for each line, and the statements that define the names in it."""
    texts: list[str] = []
    bindings: list[int] = []
    body: list[Statement] = []
    inline = _inlined(program)
    for i, line in enumerate(program.lines):
        text, binding = _expression(line, i, texts, bindings)
        if line.op not in LEAVES and (i not in inline or len(text) > LONGEST):
            body.append(Statement(f"v{i} = {text}", partial(formula, program, i) if i in program.names else ""))
            text, binding = f"v{i}", ATOM
        texts.append(text)
        bindings.append(binding)
    return texts, body


LEAVES = frozenset({"input", "rate", "constant"})


def _inlined(program: Program) -> set[int]:
    """Return the lines that are written into the one line that uses them: no name of the user's, and read once."""
    uses = program.uses()
    results = set(program.results)
    inline: set[int] = set()
    for line in program.lines:
        if line.op not in LEAVES and not _template(line.op)[0].startswith("!"):
            inline.update(j for j in line.inputs if uses[j] == 1 and j not in program.names and j not in results)
    return inline


def _template(op: str) -> tuple[str, int]:
    """Return the expression of an operation; one of the table has it in its row."""
    return EXPRESSIONS[op] if op in EXPRESSIONS else ("!" + TABLE[op].math, ATOM)


def _expression(line: Line, i: int, texts: list[str], bindings: list[int]) -> tuple[str, int]:
    """Return the expression of a line, with brackets where an operand binds less tightly, and how it binds itself."""
    if line.op == "input":
        return f"v{i}", ATOM
    if line.op == "rate":
        return "lr", ATOM
    if line.value is not None:
        text = literal(line.value)
        return (f"({text})" if text.startswith("-") else text), ATOM
    template, binding = _template(line.op)
    if binding == ATOM:
        return template.lstrip("!").format(*(texts[j] for j in line.inputs)), ATOM
    operands = []
    for k, j in enumerate(line.inputs):
        loose = bindings[j] < binding or (k > 0 and bindings[j] == binding)
        operands.append(f"({texts[j]})" if loose else texts[j])
    return template.lstrip("!").format(*operands), binding
