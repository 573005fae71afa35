"""The values that a compiled gradient is called with: there, numbers, and of the right shapes, or a clear error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from symback.compile.lines import Program, Shape
from symback.errors import ShapeError, UsageError
from symback.expr.numeric import PLAIN, np, numpy
from symback.graph.language.given_values import ROW, check_classes

FLOATS = {float}


@dataclass(frozen=True)
class Given:
    """The names and shapes of the inputs, in the order in which the code takes them."""

    shapes: dict[str, Shape]
    number: str
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    order: list[Shape]
    classes: Mapping[str, int]  # of the inputs that hold class numbers: how many classes there are
    rows: Mapping[str, int]  # of those that hold numbers of rows: how many rows there are

    @cached_property
    def dtype(self) -> Any:
        """NumPy's type of the numbers; programs of numbers alone do not ask for it."""
        return np.dtype(self.number)

    @classmethod
    def of(cls, program: Program, dtype: str) -> Given:
        """Return the inputs of a program."""
        shapes = {program.lines[i].params[0]: program.lines[i].shape for i in program.inputs}
        hot = [(program.lines[line.inputs[0]], line.params[0]) for line in program.lines if line.op == "one_hot"]
        classes = {source.params[0]: count for source, count in hot if source.op == "input"}
        picked = [(program.lines[line.inputs[1]], program.lines[line.inputs[0]].shape[0]) for line in program.lines
                  if line.op == "gather"]  # fmt: skip
        rows = {source.params[0]: count for source, count in picked if source.op == "input"}
        return cls(shapes, dtype, _picker(tuple(shapes)), list(shapes.values()), classes, rows)

    def numbers(self, values: Mapping[str, Any]) -> tuple[float, ...]:
        """Return the values as floats, in order; all inputs are numbers."""
        try:
            found = self.pick(values)
        except KeyError as error:
            raise _missing(error.args[0]) from None
        if set(map(type, found)) <= FLOATS:
            return found
        return tuple(_number(name, v) for name, v in zip(self.shapes, found, strict=True))

    def arrays(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """Return the values as arrays of the dtype, in order; those that are such arrays are not copied."""
        try:
            found = self.pick(values)
        except KeyError as error:
            raise _missing(error.args[0]) from None
        for name, count in self.classes.items():
            check_classes(name, as_array(name, values[name], self.shapes[name], np.dtype(float)), count)
        for name, count in self.rows.items():
            check_classes(name, as_array(name, values[name], self.shapes[name], np.dtype(float)), count, ROW)
        dtype = self.dtype
        for value, shape in zip(found, self.order, strict=True):
            if type(value) is not np.ndarray or value.dtype is not dtype or value.shape != shape or not shape:
                pairs = zip(self.shapes.items(), found, strict=True)
                return [as_array(name, v, shape, dtype) for (name, shape), v in pairs]
        return found

    def make_writable(self, values: MutableMapping[str, Any], names: Sequence[str]) -> None:
        """Replace, in `values`, what a step could not change in place."""
        for name in names:
            value: Any = values.get(name)
            if type(value) is not np.ndarray or value.dtype is not self.dtype or not value.flags.writeable:
                if name not in values:
                    raise _missing(name)
                values[name] = np.array(as_array(name, value, self.shapes[name], self.dtype))


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def _missing(name: object) -> UsageError:
    return UsageError(f"A value for {name} is missing.")


def _number(name: str, value: Any) -> float:
    """Return one value as a float; UsageError or ShapeError where it is none."""
    return float(value) if type(value) in PLAIN else float(as_array(name, value, (), np.dtype(float)))


def as_array(name: str, value: Any, shape: Shape, dtype: Any) -> Any:
    """Return one value as an array (or a NumPy number) of the type; UsageError or ShapeError where it is none."""
    try:
        array = numpy().asarray(value)
        if array.dtype.kind not in "biufO":
            raise TypeError(f"{array.dtype} is not a type of real numbers")
        if array.dtype.kind == "O" and any(isinstance(v, (str, bytes, complex)) for v in array.flat):
            raise TypeError("not all entries are real numbers")
        array = array.astype(dtype, copy=False)
    except (TypeError, ValueError, OverflowError) as error:
        raise UsageError(f"The value of {name} is not made of numbers: {error}.") from None
    if array.shape != shape:
        raise ShapeError(f"{name} must be {_words(shape)}, but {_words(array.shape)} was given.")
    return array if shape else array[()]


def _words(shape: Shape) -> str:
    if not shape:
        return "a number"
    return f"a vector of {shape[0]}" if len(shape) == 1 else f"a {'x'.join(map(str, shape))} array"
