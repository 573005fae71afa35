"""Values that a user gives for the inputs of a graph: real numbers, the right shapes, classes that exist."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from symback.errors import DomainError, ShapeError, UsageError
from symback.expr.numeric import np
from symback.expr.reals import Real
from symback.graph.nodes import Node, Shape, shape_text
from symback.graph.sizes import Taken, take

Array = Any


def as_array(name: str, value: Any, exact: bool) -> Array:
    """Return a value given for a name: a float or an array of floats, or with `exact` fractions.

    Raises UsageError for what is no array of real numbers: text, None, complex values, rows of different lengths.
    """
    is_one = not isinstance(value, (list, tuple)) and not np.shape(value)
    try:
        found = value if is_one else np.asarray(value)
    except ValueError:
        raise UsageError(f"The rows of {name} are not equally long.", hint=_ROWS) from None
    wrong = _no_number(value) if is_one else _not_real(found)
    if wrong:
        raise UsageError(f"The value of {name} {wrong}, and real numbers are needed.", hint=_ROWS)
    try:
        if exact:
            return exact_array(value)
        return Real(found) if is_one else np.asarray(found, dtype=float)
    except OverflowError:
        raise UsageError(f"The value of {name} is too large.", hint="Floats reach to about 1.8e308.") from None
    except (TypeError, ValueError):
        raise UsageError(f"The value of {name} is not a number or an array of numbers.", hint=_ROWS) from None


_ROWS = "Give a number or rows of equal length, such as [[1, 2], [3, 4]]."
_KINDS = {"c": "holds complex numbers", "U": "holds text", "S": "holds text", "M": "holds dates", "m": "holds times"}


def _no_number(value: Any) -> str:
    """Return what one value is that is no real number; "" where there is nothing."""
    if hasattr(value, "dtype"):
        return _not_real(np.asarray(value))
    if value is None:
        return "holds None"
    if isinstance(value, (str, bytes)):
        return "holds text"
    return "holds complex numbers" if isinstance(value, complex) else ""


def _not_real(array: Any) -> str:
    """Return what an array holds that is no real number; "" where there is nothing."""
    if array.dtype.kind in "biuf":
        return ""
    if array.dtype.kind != "O":
        return _KINDS.get(array.dtype.kind, "holds no numbers")
    return next(filter(None, map(_no_number, array.flat)), "")


def exact_array(value: Any) -> Array:
    if np.ndim(value) == 0:
        number = value.item() if hasattr(value, "item") else value
        return Fraction(str(number)) if isinstance(number, float) else Fraction(number)
    flat = np.asarray(value, dtype=object)
    return np.array([exact_array(v) for v in flat.ravel()], dtype=object).reshape(flat.shape)


def check_shape(name: str, value: Array, shape: Shape, taken: dict[str, Taken] | None = None) -> None:
    """Raise ShapeError where a value has another shape than the graph says; `taken` remembers the sizes of letters."""
    if not take({} if taken is None else taken, name, shape, np.shape(value)):
        raise ShapeError(
            f"{name} has the shape {shape_text(shape)}, but its value has the shape {shape_text(np.shape(value))}.",
            hint=f"Give a value of the shape {shape_text(shape)}, or change the shape line of {name}.",
            about=name,
        )


def check_symmetric(name: str, value: Array) -> None:
    """Raise UsageError where a matrix that is said to be symmetric is not; rounding is no difference."""
    matrix = np.asarray(value, dtype=float)
    apart = np.abs(matrix - matrix.T) > 1e-9 * np.max(np.abs(matrix), initial=0.0)
    if np.any(apart):
        i, j = (int(k) for k in np.argwhere(apart)[0])
        message = f"{name} is symmetric in the graph, but its value has {matrix[i, j]:.12g} at [{i}, {j}]"
        hint = f"Give equal entries, or leave out symmetric in the shape line of {name}."
        raise UsageError(f"{message} and {matrix[j, i]:.12g} at [{j}, {i}].", hint=hint, about=name)


CLASS, ROW = "class", "row"
NEAR = 1e-3  # a class number that is moved by less, to see how the loss changes, is still the same class


def check_classes(name: str, labels: Array, classes: int, what: str = CLASS) -> None:
    """Raise UsageError where the number of a class or of a row is not whole, or there is none; its place is named."""
    found = np.asarray(labels, dtype=float)
    whole = np.rint(found)
    wrong = np.logical_not((np.abs(found - whole) < NEAR) & (whole >= 0) & (whole < int(classes)))
    if np.any(wrong):
        place = tuple(map(int, np.argwhere(np.atleast_1d(wrong))[0]))
        value = float(np.atleast_1d(found)[place])
        raise UsageError(_NO_SUCH[what](name, value, place, int(classes)), hint=_NUMBERS[what], about=name)


def _no_class(name: str, value: float, place: tuple[int, ...], count: int) -> str:
    who = name or "The array of class numbers"
    where = place[0] if len(place) == 1 else list(place)
    return (
        f"{who} holds the class {value:.12g} in row {where} (counted from 0), and there are classes 0 to {count - 1}."
    )


def _no_row(name: str, value: float, place: tuple[int, ...], count: int) -> str:
    who, where = name or "An index", list(place)
    return f"{who} holds {value:.12g} at {where}, and the array that it is an index of has entries 0 to {count - 1}."


_NO_SUCH = {CLASS: _no_class, ROW: _no_row}
_NUMBERS = {
    CLASS: "Class numbers are whole and begin with 0; rows with a 1 in them may be given too.",
    ROW: "An array of indices, as ix in C[ix], holds whole numbers, and the first entry has the number 0.",
}


class Numbered(NamedTuple):
    """What an input holds the numbers of, classes or rows, and how many of these there are."""

    most: int
    what: str


def numbered(nodes: Sequence[Node]) -> dict[str, Numbered]:
    """Return the inputs of a program that hold numbers of classes or of rows."""
    found: dict[str, Numbered] = {}
    for node in nodes:
        if node.op == "one_hot":
            source, one = nodes[node.inputs[0]], Numbered(int(node.params[0]), CLASS)
        elif node.op == "gather":
            source, one = nodes[node.inputs[1]], Numbered(int(nodes[node.inputs[0]].shape[0]), ROW)
        else:
            continue
        if source.op == "input" and (source.name not in found or one.most < found[source.name].most):
            found[source.name] = one
    return found


def require_finite(name: str, value: Array) -> None:
    """Raise DomainError where a value is not finite."""
    if not np.all(np.isfinite(np.asarray(value, dtype=float))):
        raise DomainError(f"The value of {name} is not finite at this point.")
