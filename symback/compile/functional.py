"""Source for libraries whose functions return new arrays: jax.numpy and torch, by the columns of the instructions."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, MutableMapping
from functools import cached_property
from importlib import import_module
from typing import Any, ClassVar

from symback.compile.compiled import CompiledGradient, Result
from symback.compile.instructions import JAX, TORCH
from symback.compile.lines import Line, Program, Shape, Writer, copy, rewrite
from symback.compile.notes import formula, literal
from symback.compile.source import ATTRIBUTES, Source, Statement, execute
from symback.expr.numeric import np
from symback.graph.operations.running import attributes_of
from symback.graph.operations.table import TABLE, code_of


def gradient_source(program: Program, table: Mapping[str, str], module: str, dtype: str) -> Source:
    """Return the source of `gradient(v0, v1, ...) -> (loss, (gradient, ...))` in the words of a table."""
    program = rewrite(program, _spelled_out)
    texts: list[str] = []
    body: list[Statement] = []
    for i, line in enumerate(program.lines):
        if line.value is not None:
            text = literal(line.value)
            texts.append(f"({text})" if text.startswith("-") else text)
            continue
        texts.append(f"v{i}")
        if line.op != "input":
            note = formula(program, i)
            shapes = [program.lines[j].shape for j in line.inputs]
            body += (Statement(f"v{i} = {text}", note) for text in _texts(line, i, texts, table, module, dtype, shapes))
    results = "".join(f"{texts[i]}, " for i in program.outputs.values())
    body.append(Statement(f"return {texts[program.loss]}, ({results})"))
    return Source("gradient", [texts[i] for i in program.inputs], [], [], body)


def _spelled_out(w: Writer, line: Line, inputs: tuple[int, ...]) -> int:
    """Write a matrix product in whose sums 0 wins over infinity as these sums; it is rare."""
    if line.op != "product":
        return copy(w, line, inputs)
    a, b = inputs
    column = a if len(w.shape(b)) == 1 else w.reshape(a, (*w.shape(a), 1))
    return w.total(w.each("times", column, b), [len(w.shape(a)) - 1])


def _texts(
    line: Line, i: int, texts: list[str], table: Mapping[str, str], module: str, dtype: str, shapes: list[Shape]
) -> list[str]:
    """Return the expressions of a line, one after the other: a scatter takes one for each entry."""
    operands = [texts[j] for j in line.inputs]
    if line.op in TABLE and line.op not in table:
        row = TABLE[line.op]
        template = {"jnp": row.jax, "torch": row.torch, "np": row.numpy}[module]
        return [code_of(template, row, line.params, line.shape, shapes, operands, dtype=dtype)]
    shape = f"({''.join(f'{n}, ' for n in line.shape)})"
    if line.op == "scatter":
        puts = [
            table["put"].format(f"v{i}", o, place=_comma(p), tensors=", ".join(f"torch.tensor({n})" for n in p))
            for p, o in zip(line.params, operands, strict=True)
        ]
        return [table["zeros"].format(shape=shape, dtype=dtype), *puts]
    axis = line.params[0] if line.op in ("concat", "slice") and line.params else 0
    return [
        table[line.op].format(
            *operands,
            m=module,
            shape=shape,
            dtype=dtype,
            place=_comma(line.params) if line.op == "index" else "",
            cut=":, " * axis + f"{line.params[1]}:{line.params[2]}" if line.op == "slice" else "",
            axes=f"({''.join(f'{a}, ' for a in line.params)})" if line.op == "sum" else "",
            axis=axis,
            all=", ".join(operands),
            count=line.shape[-1] if line.shape else 0,
        )
    ]


def _comma(place: tuple[int, ...]) -> str:
    return ", ".join(map(str, place))


class JaxGradient(CompiledGradient):
    """A gradient in jax.numpy; `jitted` compiles it for the machine, which takes a moment at the first call."""

    jitted: ClassVar[bool] = True

    @cached_property
    def code(self) -> Source:
        return gradient_source(self.straight, JAX, "jnp", self.dtype)

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The function of the source, on jax arrays in the order of `given.shapes`."""
        jax = import_module("jax")
        names = {
            "jnp": import_module("jax.numpy"),
            "special": import_module("jax.scipy.special"),
            "nn": jax.nn,
            "lax": jax.lax,
            "inf": math.inf,
            "jax": jax,
        }
        code = self.code.code
        function = execute(code, names, attributes_of(code) | ATTRIBUTES, with_functions=True)["gradient"]
        return jax.jit(function) if self.jitted else function  # type: ignore[no-any-return]

    def __call__(self, values: Mapping[str, Any]) -> Result:
        given = self.given.arrays(values)
        with import_module("jax").enable_x64(self.dtype == "float64"):
            loss, gradients = self.function(*given)
        shapes = [self.straight.lines[i].shape for i in self.straight.outputs.values()]
        arrays = [np.array(g, self.dtype) if s else float(g) for g, s in zip(gradients, shapes, strict=True)]
        return float(loss), dict(zip(self.names, arrays, strict=True))

    def step(self, values: MutableMapping[str, Any], lr: float) -> float:
        self._updated()
        loss, gradients = self(values)
        values.update({name: values[name] - lr * gradient for name, gradient in gradients.items()})
        return loss


class TorchGradient(CompiledGradient):
    """A gradient as source text for torch; it is written, not run: the function is the caller's to place."""

    @cached_property
    def code(self) -> Source:
        source = gradient_source(self.straight, TORCH, "torch", self.dtype)
        ast.parse(source.code)
        return source

    def __call__(self, values: Mapping[str, Any]) -> Result:
        raise NotImplementedError("torch code is text: execute `source` with torch imported, and call gradient(...)")

    def step(self, values: MutableMapping[str, Any], lr: float) -> float:
        raise NotImplementedError("torch code is text: execute `source` with torch imported, and call gradient(...)")
