"""What is made smaller: the loss of a graph as a function of its parameters, over all examples or some of them.

A graph may be written for a batch, with the examples along an axis of its inputs (`X: 4x2`), or for one example
(`x: 2`); then its loss is averaged over the examples. Which one it is follows from the shapes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from symback.errors import ParseError, ShapeError, SymbackError, UsageError
from symback.expr.numeric import np
from symback.graph.backward import node_of
from symback.graph.graph import Graph
from symback.graph.language.given_values import as_array
from symback.graph.nodes import Dim, Shape, shape_text
from symback.train.accuracy import Asked, Judge, judge_of

Values = dict[str, Any]
Rows = Any  # some examples, as `batches` yields them; None for all of them
LOSS = "loss"  # which of the codes
BLOCK = 1 << 24  # bytes of examples that are put in order at once


class Objective(ABC):
    """The loss over examples, its gradient, and a plain step down."""

    are_rows = True  # whether the graph takes all examples at once

    def __init__(
        self, graph: Graph, loss: str, names: Sequence[str], data: Values, constants: Values, *, axis: int
    ) -> None:
        self.graph, self.name, self.names, self.axis = graph, loss, tuple(names), axis
        self.data, self.constants = data, constants
        self.judge: Judge | None = None
        self._gradient = graph.lambdify(loss, self.names)
        self._loss = graph.lambdify(loss, ())

    def of(self, data: Values) -> Objective:
        """Return the same loss over other examples, which have the shapes of these; numbers are constants."""
        arrays, numbers = _parted(data)
        constants = {**self.constants, **numbers}
        return type(self)(self.graph, self.name, self.names, arrays, constants, axis=self.axis)

    def judged(self, asked: Asked, parameters: Values) -> bool:
        """Work out the accuracy from now on; tell whether it can be, where nothing was asked for.

        UsageError or ShapeError where something was, and cannot be.
        """
        (values, *_) = self._all(parameters)
        nodes, named = self.graph.numeric({name: np.shape(value) for name, value in values.items()})
        judge = judge_of(nodes, named, node_of(named, self.name), asked, self.are_rows)
        if judge is not None and all(judge.has_labels(values) for values in self._all(parameters)):
            self.judge = judge
        elif asked:
            hint = "Labels are class numbers from 0, one-hot rows, or 0 and 1 for single probabilities."
            raise UsageError("The predictions are compared with values that are not labels.", hint=hint)
        return self.judge is not None

    def measured(self, parameters: Values) -> tuple[float, float | None]:
        """Return the loss over all examples, and the accuracy where it is worked out."""
        if self.judge is None:
            return self.loss(parameters), None
        found = [self.judge(values) for values in self._all(parameters)]
        loss, right = (sum(part) / len(found) for part in zip(*found, strict=True))
        return loss, right

    @abstractmethod
    def _all(self, parameters: Values) -> Iterable[Values]:
        """Return the values with which the graph is worked out to see all examples."""

    @property
    @abstractmethod
    def count(self) -> int:
        """The number of examples; UsageError where the data disagree about it."""

    @abstractmethod
    def loss(self, parameters: Values) -> float:
        """Return the loss over all examples."""

    @abstractmethod
    def gradient(self, parameters: Values, rows: Rows = None) -> tuple[float, Values]:
        """Return the loss and its gradients over some examples."""

    @abstractmethod
    def batches(self, order: Any, size: int) -> Iterator[Rows]:
        """Yield the examples in an order, so many at a time."""

    @abstractmethod
    def step(self, parameters: Values, lr: float, rows: Rows = None) -> float:
        """Subtract lr times the gradient over some examples, and return the loss before that."""


class Together(Objective):
    """A graph of a batch: the examples stand along an axis of its inputs."""

    def __init__(self, *given: Any, axis: int) -> None:
        super().__init__(*given, axis=axis)
        self._codes: dict[Any, Any] = {}
        self._first = next(iter(self.data), "")

    @property
    def count(self) -> int:
        return count_of({name: np.shape(value) for name, value in self.data.items()}, self.axis)

    def loss(self, parameters: Values) -> float:
        values = self._values(parameters, None)
        return float(self._code(self._loss, values, LOSS)(values)[0])

    def gradient(self, parameters: Values, rows: Rows = None) -> tuple[float, Values]:
        values = self._values(parameters, rows)
        loss, gradients = self._code(self._gradient, values, rows)(values)
        return float(loss), gradients

    def step(self, parameters: Values, lr: float, rows: Rows = None) -> float:
        values = self._values(parameters, rows)
        loss = self._code(self._gradient, values, rows).step(values, lr)
        parameters.update((name, values[name]) for name in self.names)
        return float(loss)

    def batches(self, order: Any, size: int) -> Iterator[Rows]:
        """Yield the arrays of the examples: many batches are put in order at once, and each is a part of that."""
        bytes_each = sum(value.nbytes for value in self.data.values()) // len(order) + 1
        block = max(1, BLOCK // bytes_each // size) * size
        for first in range(0, len(order), block):
            rows = order[first : first + block]
            taken = {name: value.take(rows, axis=self.axis) for name, value in self.data.items()}
            for at in range(0, len(rows), size):
                part = (*[slice(None)] * self.axis, slice(at, at + size))
                yield {name: value[part] for name, value in taken.items()}

    def _all(self, parameters: Values) -> Iterable[Values]:
        return [self._values(parameters, None)]

    def _values(self, parameters: Values, rows: Rows) -> Values:
        return {**self.constants, **(self.data if rows is None else rows), **parameters}

    def _code(self, function: Any, values: Values, rows: Rows) -> Any:
        """Return the code for batches of this size; the class numbers were looked at when the loss was worked out."""
        key = rows if rows is None or isinstance(rows, str) else values[self._first].shape[self.axis]
        if key not in self._codes:
            self._codes[key] = function.program({name: np.shape(value) for name, value in values.items()})
            if key != LOSS:
                self._codes[key].trust_classes()
        return self._codes[key]


class OneByOne(Objective):
    """A graph of one example: losses and gradients are averaged over the examples."""

    are_rows = False

    def __init__(self, *given: Any, axis: int) -> None:
        super().__init__(*given, axis=axis)
        count = count_of({name: np.shape(value) for name, value in self.data.items()}, axis)
        columns = {name: _examples(value, axis) for name, value in self.data.items()}
        self.examples = [{**self.constants, **{n: column[k] for n, column in columns.items()}} for k in range(count)]
        self._codes: dict[Any, Any] = {}

    @property
    def count(self) -> int:
        return len(self.examples)

    def loss(self, parameters: Values) -> float:
        code = self._code(self._loss, parameters)
        return sum(float(code({**example, **parameters})[0]) for example in self.examples) / self.count

    def gradient(self, parameters: Values, rows: Rows = None) -> tuple[float, Values]:
        code = self._code(self._gradient, parameters)
        rows = range(self.count) if rows is None else rows
        total, sums = 0.0, dict.fromkeys(self.names, 0.0)
        for row in rows:
            loss, gradients = code({**self.examples[row], **parameters})
            total += float(loss)
            for name in self.names:
                sums[name] = sums[name] + gradients[name]
        return total / len(rows), {name: value / len(rows) for name, value in sums.items()}

    def step(self, parameters: Values, lr: float, rows: Rows = None) -> float:
        if rows is not None and len(rows) == 1:
            values = {**self.examples[rows[0]], **parameters}
            loss = self._code(self._gradient, parameters).step(values, lr)
            parameters.update((name, values[name]) for name in self.names)
            return float(loss)
        loss, gradients = self.gradient(parameters, rows)
        parameters.update((name, parameters[name] - lr * gradient) for name, gradient in gradients.items())
        return float(loss)

    def batches(self, order: Any, size: int) -> Iterator[Rows]:
        yield from (order[at : at + size] for at in range(0, len(order), size))

    def _all(self, parameters: Values) -> Iterable[Values]:
        return ({**example, **parameters} for example in self.examples)

    def _code(self, function: Any, parameters: Values) -> Any:
        """Return the code for one example; the shapes are the same for all."""
        if function not in self._codes:
            shapes = {name: np.shape(value) for name, value in {**self.examples[0], **parameters}.items()}
            self._codes[function] = function.program(shapes)
        return self._codes[function]


def _examples(value: Any, axis: int) -> list[Any]:
    """Return the examples of an array; numbers as floats."""
    moved = np.moveaxis(value, axis, 0)
    return moved.tolist() if moved.ndim == 1 else [np.array(part) for part in moved]


def count_of(shapes: Mapping[str, Shape], axis: int) -> int:
    """Return the number of examples; UsageError where the data disagree about it, or there are none."""
    counts = {name: shape[axis] for name, shape in shapes.items() if len(shape) > axis}
    missing = [name for name in shapes if name not in counts]
    if missing:
        raise UsageError(
            f"{missing[0]} is a {shape_text(shapes[missing[0]])} and has no axis {axis} for the examples.",
            hint="Give what is the same for all examples as a constant, or another axis.",
        )
    if len(set(counts.values())) > 1:
        raise UsageError(
            f"The data differ in the number of examples: {', '.join(f'{n} has {k}' for n, k in counts.items())}.",
            hint="Give as many of each, and what is the same for all examples as a constant.",
        )
    count = next(iter(counts.values()), 0)
    if not count:
        raise UsageError("There are no data.", hint="Give arrays by the names of the inputs that are not trained.")
    return count


# --- which of the two -------------------------------------------------------------------------------------------------


def objective_of(
    graph: Graph, loss: str, parameters: Values, data: Mapping[str, Any], constants: Mapping[str, Any], axis: int = 0
) -> Objective:
    """Return the objective for parameters of these shapes; the likelier error where the data fit neither way."""
    arrays = {name: as_array(name, value, False) for name, value in data.items()}
    fixed = {name: as_array(name, value, False) for name, value in constants.items()}
    arrays, numbers = _parted(arrays)
    fixed |= numbers
    given = (graph, loss, tuple(parameters), arrays, fixed)
    declared = {name: shape for name, shape in graph.source.shapes.items() if name in arrays}
    errors: list[SymbackError] = []
    for kind, is_fit in ((Together, _is_batch), (OneByOne, _is_example)):
        if all(is_fit(np.shape(arrays[name]), shape, axis) for name, shape in declared.items()):
            try:
                objective = kind(*given, axis=axis)
                objective.loss(parameters)
            except (ShapeError, ParseError, UsageError) as error:
                errors.append(error)
            else:
                return objective
    raise _explained(graph, errors[0] if errors else _misfit(declared, arrays, axis), parameters)


def _parted(data: Mapping[str, Any]) -> tuple[Values, Values]:
    """Return the arrays among the data, and the numbers, which are the same for all examples."""
    arrays = {name: value for name, value in data.items() if np.ndim(value)}
    return arrays, {name: value for name, value in data.items() if name not in arrays}


def _is_batch(shape: Shape, declared: Shape, axis: int) -> bool:
    return len(shape) == len(declared) and all(
        m == n or at == axis or isinstance(n, Dim) for at, (m, n) in enumerate(zip(shape, declared, strict=True))
    )


def _is_example(shape: Shape, declared: Shape, axis: int) -> bool:
    rest = shape[:axis] + shape[axis + 1 :]
    fits = len(shape) > axis and len(rest) == len(declared)
    return fits and all(m == n or isinstance(n, Dim) for m, n in zip(rest, declared, strict=True))


def _misfit(declared: Mapping[str, Shape], arrays: Values, axis: int) -> ShapeError:
    """Return the error for data that are neither a batch nor examples of what the graph declares."""
    for name, shape in declared.items():
        found = np.shape(arrays[name])
        if not _is_batch(found, shape, axis) and not _is_example(found, shape, axis):
            return ShapeError(
                f"{name} is a {shape_text(shape)}, but its data are a {shape_text(found)}.",
                hint="Give an array of that shape, or one with an axis more, for the examples.",
            )
    return ShapeError(
        "Some of the data have an axis for the examples and some have none.",
        hint="Give what is the same for all examples as a constant.",
    )


def _explained(graph: Graph, error: SymbackError, parameters: Values) -> SymbackError:
    """Return the error with what may be behind it: a parameter that nothing gives a shape."""
    bare = [name for name, value in parameters.items() if not np.ndim(value) and name not in graph.source.shapes]
    if bare:
        names = ", ".join(bare)
        error.advice = f"{error.advice} {names} has no shape and is taken for a number; write {bare[0]}: 3x2.".strip()
    return error
