"""The code of a graph whose inputs may have any shape: one program per set of shapes, written when first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

from symback.compile.arguments import as_array
from symback.compile.compiled import CompiledGradient, Operations, Result
from symback.compile.lines import Shape
from symback.errors import ShapeError, UsageError
from symback.expr.numeric import PLAIN, np
from symback.graph.graph import Graph, canonical, shapes_of
from symback.graph.nodes import GradientProgram
from symback.graph.second_order import direction_of
from symback.graph.sizes import letters_in

Compile = Callable[[GradientProgram], CompiledGradient]
Key = tuple[tuple[str, Shape], ...]


class GraphGradient:
    """f(values) -> (loss, {name: gradient}) for a graph; `f.source` is the code for the shapes it was last called with.

    The first call lets the graph read names (`x_1` is `x1`) and shapes; calls that fit the same code go straight to it.
    """

    def __init__(self, graph: Graph, loss: str | None, wrt: Sequence[str] | None, compiled: Compile) -> None:
        self.graph, self.loss, self.wrt = graph, loss, wrt
        self._compile = compiled
        self._known: dict[Key, CompiledGradient] = {}
        self._last: CompiledGradient | None = None
        self._products: dict[Key, CompiledGradient] = {}
        self._last_product: CompiledGradient | None = None

    def program(self, shapes: Mapping[str, Shape] | None = None) -> CompiledGradient:
        """Return the compiled program for inputs of these shapes (without any: the declared ones)."""
        key = _key(shapes)
        if key not in self._known:
            self._known[key] = self._compiled(self.graph.gradient_program(self.loss, self.wrt, shapes))
        self._last = self._known[key]
        return self._last

    @property
    def code(self) -> CompiledGradient:
        """The program of the last call, or the one for the declared shapes."""
        return self._last or self.program()

    @property
    def source(self) -> str:
        """The source text, a formula beside each line."""
        return self.code.source

    @property
    def operations(self) -> Operations:
        """The operations on numbers of the loss, and of loss and gradients."""
        return self.code.operations

    def __call__(self, values: Mapping[str, Any]) -> Result:
        """Return the loss and the gradients; ShapeError or UsageError, before any work, for values that do not fit."""
        if self._last is not None:
            try:
                return self._last(values)
            except (ShapeError, UsageError):
                pass  # other names or other shapes than the last time: the graph knows
        program, named = self._for(values)
        return program(named)

    def step(self, values: MutableMapping[str, Any], lr: float) -> float:
        """Subtract lr times its gradient from each value; return the loss before that. See CompiledGradient.step."""
        if self._last is not None:
            try:
                return self._last.step(values, lr)
            except (ShapeError, UsageError):
                pass
        program, named = self._for(values)
        loss = program.step(named, lr)
        values.update({given: named[canonical(given)] for given in values})
        return loss

    # --- Hessian-vector products ----------------------------------------------------------------------------------

    def hvp(self, values: Mapping[str, Any], direction: Mapping[str, Any]) -> dict[str, Any]:
        """Return the Hessian of the loss times a direction, which has a part for each name (0 where it has none).

        No Hessian is made: the cost is that of a few gradients. ShapeError or UsageError, before any work, for values
        and directions that do not fit.
        """
        arrays = self.graph.arrays(values)
        product = self.hvp_program(shapes_of(arrays))
        return product({**arrays, **self._direction(product, direction)})[1]

    @property
    def hvp_source(self) -> str:
        """The source of `hvp` for the shapes of its last call, or for the declared ones; d(w) is the direction of w."""
        return (self._last_product or self.hvp_program()).source

    def hvp_program(self, shapes: Mapping[str, Shape] | None = None) -> CompiledGradient:
        """Return the compiled product of Hessian and direction for inputs of these shapes; see `program`."""
        key = _key(shapes)
        if key not in self._products:
            self._products[key] = self._compiled(self.graph.hvp_program(self.loss, self.wrt, shapes))
        self._last_product = self._products[key]
        return self._last_product

    def _direction(self, product: CompiledGradient, direction: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parts of a direction under the names of their inputs, zeros where none is given."""
        given = {canonical(name): part for name, part in direction.items()}
        unknown = [name for name in given if name not in product.names]
        if unknown:
            hint = f"A direction has parts for {', '.join(product.names)}."
            raise UsageError(f"There is no derivative by {unknown[0]} here.", hint=hint)
        shapes = {name: product.program.nodes[i].shape for name, i in product.program.gradients.items()}
        parts = {}
        for name, shape in shapes.items():
            part, said = given.get(name, np.zeros(shape)), f"{direction_of(name)}, the direction of {name},"
            is_plain = type(part) in PLAIN and not shape
            parts[direction_of(name)] = part if is_plain else as_array(said, part, shape, product.given.dtype)
        return parts

    def _compiled(self, program: GradientProgram) -> CompiledGradient:
        letters = letters_in(program.nodes)
        if letters:
            hint = "Call it with values, or ask for program(shapes): code has numbers for its sizes."
            raise UsageError(f"The size {next(iter(letters))} is a letter.", hint=hint)
        return self._compile(program)

    def _for(self, values: Mapping[str, Any]) -> tuple[CompiledGradient, dict[str, Any]]:
        """Return the program for these values, and the values by the graph's own names."""
        shapes = shapes_of(self.graph.arrays(values))
        return self.program(shapes), {canonical(name): value for name, value in values.items()}


def _key(shapes: Mapping[str, Shape] | None) -> Key:
    return tuple(sorted((shapes or {}).items()))
