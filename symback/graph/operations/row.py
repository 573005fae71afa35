"""What a row of the table of operations says: one operation on arrays, with every column that symback needs of it.

    ArrayOperation("cumsum", "cumulative sum", "a, axis", shape_along_axis,
        ("flip(cumsum(flip(g, axis), axis), axis)",), numpy="np.cumsum({0}, {axis})")

- `signature`: the arrays a, b, c (`*parts` for any number of them), then the parameters: whole numbers with their
  defaults, `axis?` for one that may be left out, and `*shape` for all sizes that follow. A call may name a parameter,
  as in `cumsum(x, axis=1)`.
- `shape`: the shape of the result, from the shapes of the arrays and the parameters; ShapeError where they do not fit.
- `laws`: what the operation adds to the gradient of each array, "" for nothing. a, b and c are the arrays, z is the
  result, g the gradient by it (of many arrays, p0 p1 ...); parameters have their names. `sizes(a)` stands for the
  sizes of a, `count(a)` for the number of its entries, `length(a, axis)` for the length of an axis.
- `numpy`, `jax`, `torch`, `math`: the code, {0} {1} the operands and {axis} {shape} the parameters and the shape of the
  result. The kernel is the NumPy code. `math` is for operations that are done entry by entry.
- `text`, `latex`: how it is written where it is not simply called by its name and its arguments: another name, or a
  line with {a} {b} {c}, which `render/operations.py` explains, as "{a.under}[{b}]" of C[ix].
- `linear`: the arrays in each of which it is linear, as "ab" for a product; "*" is all of many. Numbers are taken out.
- `at_kinks`: which value the derivative has where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from symback.errors import ShapeError
from symback.expr.tree import Tree
from symback.graph.nodes import Shape, shape_text

ShapeRule = Callable[[Sequence[Shape], tuple[Any, ...]], Shape]
Law = str | Callable[[Sequence[Shape], tuple[Any, ...]], "str | Tree"]
MANY = 64  # arrays that one call takes
ARRAYS = "abc"
_OTHER_NAMES = {"array": "stack"}  # a list along another axis than the first


class Parameter(NamedTuple):
    """A parameter: its name, its default (None where it must be given), and whether it takes all that follows."""

    name: str
    default: int | None = None
    takes_rest: bool = False
    is_optional: bool = False

    @property
    def may_be_left_out(self) -> bool:
        """Whether it has a default; that of an axis is the one axis of a vector."""
        return self.default is not None or self.name == "axis"


@dataclass(frozen=True)
class ArrayOperation:
    """One operation; see the head of this file."""

    name: str
    title: str
    signature: str
    shape: ShapeRule
    laws: tuple[Law, ...] = ()
    numpy: str = ""
    jax: str = ""
    torch: str = ""
    math: str = ""
    spellings: tuple[str, ...] = ()
    text: str = ""
    latex: str = ""
    linear: str = ""
    at_kinks: str = ""
    is_finite: bool = True  # of finite arrays
    is_at_least_0: bool = False
    is_view: bool = False  # the entries of the first array, looked at in another order
    exact: bool = False  # of fractions a fraction
    made_axes: int = 0  # how many axes the result has more than the first array, which an axis may count

    @cached_property
    def called(self) -> str:
        """The name by which it is called: its own, or the one that is its notation, as max for max_along."""
        is_line = any(place in self.text for place in ("{a}", "{a.", "{all}"))
        return _OTHER_NAMES.get(self.name, self.name) if is_line or not self.text else self.text

    @cached_property
    def has_many(self) -> bool:
        """Whether any number of arrays may be given."""
        return self.signature.startswith("*parts")

    @cached_property
    def arrays(self) -> tuple[int, int]:
        """The fewest and the most arrays."""
        if self.has_many:
            return 1, MANY
        count = sum(part.strip() in ARRAYS for part in self.signature.split(","))
        return count, count

    def linear_places(self, count: int) -> range | tuple[int, ...]:
        """Return the places of the arrays, out of that many, in each of which it is linear."""
        return range(count) if self.linear == "*" else tuple(ARRAYS.index(letter) for letter in self.linear)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What follows the arrays."""
        parts = (part.strip() for part in self.signature.split(",") if part.strip())
        return tuple(_parameter(part) for part in parts if part not in ARRAYS and part != "*parts")

    @cached_property
    def counts(self) -> tuple[int, int]:
        """The fewest and the most values of a call."""
        least, most = self.arrays
        needed = sum(not (p.takes_rest or p.is_optional or p.may_be_left_out) for p in self.parameters)
        rest = any(p.takes_rest for p in self.parameters)
        return least + needed, MANY if rest else most + len(self.parameters)

    def law(self, place: int, shapes: Sequence[Shape], params: tuple[Any, ...]) -> str | Tree:
        """Return the text of the gradient by the array at a place; "" where nothing flows to it."""
        if not self.laws:
            return ""
        law = self.laws[0 if self.has_many else place] if place < len(self.laws) or self.has_many else ""
        return law if isinstance(law, str) else law(shapes, (*params, place) if self.has_many else params)


def _parameter(text: str) -> Parameter:
    if text.startswith("*"):
        return Parameter(text[1:], takes_rest=True)
    name, _, default = text.partition("=")
    return Parameter(name.rstrip("?"), int(default) if default else None, is_optional=name.endswith("?"))


# --- shapes that several rows share ----------------------------------------------------------------------------------


def axis_of(shape: Shape, axis: int, made: int = 0) -> int:
    """Return an axis counted from 0; ShapeError where there is none."""
    count = len(shape) + made
    if not -count <= axis < count:
        hint = f"The axes are numbered from 0 to {count - 1}, or from -1 down."
        if count < 2:
            hint = "It has one axis, 0." if count else "A number has no axes."
        raise ShapeError(f"A {shape_text(shape)} has no axis {axis}.", hint=hint)
    return axis % count


def shape_along_axis(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    """Return the shape of what keeps all axes and is worked out along one."""
    axis_of(shapes[0], params[0])
    return shapes[0]


def shape_without_axis(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    """Return the shape of what is left when an axis is gone."""
    axis = axis_of(shapes[0], params[0])
    return shapes[0][:axis] + shapes[0][axis + 1 :]
