"""A gradient as a function: values in by name, loss and gradients out by name, shapes checked before any work."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from threading import Lock
from typing import Any, NamedTuple

from symback.compile import arrays, scalars
from symback.compile.arguments import Given
from symback.compile.expand import GradientProgram, expand
from symback.compile.lines import Line, Program, alive, size
from symback.compile.loops import together
from symback.compile.lower import lower
from symback.compile.rate import scaled
from symback.compile.source import Source
from symback.compile.sums import regroup
from symback.errors import UsageError
from symback.expr.reals import Real
from symback.graph.graph import as_plain
from symback.graph.operations.running import attributes_of
from symback.graph.program.numbers import run

Result = tuple[float, dict[str, Any]]


def _loaded(code: Source, dtype: str) -> Any:
    kernels = import_module("symback.compile.kernels")  # it imports NumPy
    return code.load(kernels.names(dtype), attributes_of(code.code))


class Operations(NamedTuple):
    """How many operations on numbers the loss takes, and the loss with its gradients."""

    loss: int
    total: int

    @property
    def ratio(self) -> float:
        return self.total / max(self.loss, 1)


@dataclass(eq=False)
class CompiledGradient(ABC):
    """A loss and its gradients as code: `f(values)` gives both, `f.step(values, lr)` also takes a step downhill."""

    program: GradientProgram
    dtype: str = "float64"

    @property
    @abstractmethod
    def code(self) -> Source:
        """The source in its parts."""

    @abstractmethod
    def __call__(self, values: Mapping[str, Any]) -> Result:
        """Return the loss and the gradients; ShapeError or UsageError, before any work, for values that do not fit."""

    @abstractmethod
    def step(self, values: MutableMapping[str, Any], lr: float) -> float:
        """Subtract lr times its gradient from each value, and return the loss before that.

        Writable arrays of the right type are changed in place; any other value is replaced in `values`.
        """

    @property
    def source(self) -> str:
        """The source text, a formula beside each line."""
        return self.code.text

    @cached_property
    def given(self) -> Given:
        """The inputs: names and shapes."""
        return Given.of(self.straight, self.dtype)

    @cached_property
    def straight(self) -> Program:
        """The program in small operations."""
        return expand(self.program)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.program.gradients)

    @cached_property
    def operations(self) -> Operations:
        """The operations on numbers, counted: an entry of an elementwise operation is one, of a matrix product 2n."""
        straight = expand(self.program, scalar=True)
        return Operations(_count(alive(Program(straight.lines, straight.loss, {}))), _count(straight))

    def trust_classes(self) -> None:
        """Look at class numbers no longer: they are some of those that were looked at before."""
        self.given = replace(self.given, classes={})

    def _updated(self) -> None:
        """UsageError where a step would have to change what is no input."""
        inner = [name for name in self.names if name not in self.given.shapes]
        if inner:
            raise UsageError(f"A step cannot change {inner[0]}: it is computed, not given.")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the program: the code is written again."""
        return (type(self), (self.program, self.dtype))


def _count(program: Program) -> int:
    return sum(_cost(program, line) for line in program.lines)


def _cost(program: Program, line: Line) -> int:
    if line.op in (
        "input",
        "constant",
        "transpose",
        "reshape",
        "index",
        "slice",
        "broadcast",
        "concat",
        "scatter",
        "eye",
    ):
        return 0
    if line.op in ("sum", "amax", "vdot"):
        return size(program.lines[line.inputs[0]].shape) * (2 if line.op == "vdot" else 1)
    if line.op == "matmul":
        return 2 * size(line.shape) * program.lines[line.inputs[0]].shape[-1]
    return size(line.shape)


class ScalarGradient(CompiledGradient):
    """A program of numbers alone: Python's own arithmetic, in double precision whatever the dtype."""

    @cached_property
    def straight(self) -> Program:
        return expand(self.program, scalar=True)

    @cached_property
    def code(self) -> Source:
        return scalars.gradient_source(self.straight)

    @cached_property
    def step_code(self) -> Source:
        """The source of a step in its parts."""
        self._updated()
        return scalars.step_source(scaled(self.straight))

    @cached_property
    def _gradient(self) -> Callable[..., tuple[float, tuple[float, ...]]]:
        return self.code.load(scalars.NAMES)  # type: ignore[no-any-return]

    @cached_property
    def _step(self) -> Callable[..., tuple[float, tuple[float, ...]]]:
        return self.step_code.load(scalars.NAMES)  # type: ignore[no-any-return]

    def _careful(self, values: Mapping[str, Any]) -> Result:
        """Return what the same program gives in IEEE arithmetic, node by node, for the values where `math` raises."""
        given = {name: Real(values[name]) for name in self.given.shapes}
        nodes: Any = self.program.nodes
        found = [as_plain(value) for value in run(nodes, given)]
        return found[self.program.loss], {name: found[i] for name, i in self.program.gradients.items()}

    def __call__(self, values: Mapping[str, Any]) -> Result:
        given = self.given.numbers(values)
        try:
            loss, gradients = self._gradient(*given)
        except (ArithmeticError, ValueError):
            return self._careful(values)
        return loss, dict(zip(self.names, gradients, strict=True))

    def step(self, values: MutableMapping[str, Any], lr: float) -> float:
        step = self._step
        given = self.given.numbers(values)
        try:
            loss, new = step(lr, *given)
        except (ArithmeticError, ValueError):
            loss, gradients = self._careful(values)
            new = tuple(float(values[name]) - lr * gradients[name] for name in self.names)
        values.update(zip(self.names, new, strict=True))
        return loss


class ArrayGradient(CompiledGradient):
    """A program with arrays: NumPy on buffers that are made once, so one call at a time runs."""

    @cached_property
    def looped(self) -> Program:
        """The program with its sums and loops done at once."""
        return together(regroup(self.straight))

    @cached_property
    def code(self) -> Source:
        return arrays.gradient_source(lower(self.looped))

    @cached_property
    def step_code(self) -> Source:
        """The source of a step in its parts."""
        self._updated()
        return arrays.step_source(lower(scaled(self.looped)))

    @cached_property
    def _gradient(self) -> Callable[..., tuple[float, tuple[Any, ...]]]:
        return _loaded(self.code, self.dtype)  # type: ignore[no-any-return]

    @cached_property
    def _step(self) -> Callable[..., tuple[float, tuple[Any, ...]]]:
        return _loaded(self.step_code, self.dtype)  # type: ignore[no-any-return]

    @cached_property
    def _numbers(self) -> tuple[str, ...]:
        """The names of the numbers among what a step changes."""
        return tuple(name for name in self.names if not self.given.shapes[name])

    @cached_property
    def _arrays(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if self.given.shapes[name])

    @cached_property
    def _lock(self) -> Any:
        return Lock()

    def __call__(self, values: Mapping[str, Any]) -> Result:
        given = self.given.arrays(values)
        gradient = self._gradient
        with self._lock:
            loss, gradients = gradient(*given)
        return loss, dict(zip(self.names, gradients, strict=True))

    def step(self, values: MutableMapping[str, Any], lr: float) -> float:
        step = self._step
        self.given.make_writable(values, self._arrays)
        given = self.given.arrays(values)
        with self._lock:
            loss, new = step(self.given.dtype.type(lr), *given)
        if new:
            values.update(zip(self._numbers, new, strict=True))
        return loss
