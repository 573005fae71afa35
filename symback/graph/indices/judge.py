"""Is a formula the gradient, for all sizes? Proved by indices, independent of the laws that derived it.

The gradient of the loss by each name is worked out by the judge itself: dL/dv is the sum of dL/dc dc/dv over the
consumers c of v. The formula less that is written out, name by name, until nothing is left; where something stays, or
the work is too much, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

from symback.expr.tree import Apply, Tree, symbols_of
from symback.graph.indices.algebra import summed, times
from symback.graph.indices.budget import MOST_STEPS, NotCovered, budget
from symback.graph.indices.canonical import fresh, renamed
from symback.graph.indices.derivative import index_derivative
from symback.graph.indices.forms import AXIS, ONE, Form, Index, axes
from symback.graph.indices.reading import Definition, Reader, Shapes, as_text, gradient_name
from symback.graph.indices.sums import difference, total
from symback.graph.indices.tensors import Tensor, at, fresh_index
from symback.graph.indices.writing_out import in_powers_of_e, made_symmetric, over_one, with_own_value, written_out
from symback.graph.program.formula_shapes import is_along_the_last


def proved(
    formula: Tree,
    statements: Mapping[str, Tree],
    shapes: Shapes,
    loss: str,
    name: str,
    *,
    symmetric: Iterable[str] = (),
    normal: Iterable[str] = (),
    definitions: Mapping[str, Definition] | None = None,
) -> bool | None:
    """Return True where a formula is the gradient of the loss by a name for all sizes, None where that is open.

    `statements` are the right sides of the nodes by name, in order; `shapes` are those of the inputs, at least. A
    `Gradient(L, v)` in the formula stands for the true gradient by v. `symmetric` names have A_ij = A_ji, the last axis
    of `normal` ones sums to 1; `definitions` are the functions of the author's.

    >>> from symback.expr.tree import TWO, Power, Times, apply, symbol
    >>> x = symbol("x")
    >>> proved(Times(TWO, x), {"L": apply("sum", Power(x, TWO))}, {"x": (3,)}, "L", "x")
    True
    """
    judge = Judge(statements, shapes, loss, frozenset(symmetric), frozenset(normal), definitions or {})
    return judge.proves(formula, name)


@dataclass(frozen=True)
class Judge:
    """Judges the formulas of one graph and one loss; what it has found out about the graph it keeps.

    `first` says how the first entry of an array is numbered along each axis, where that is not 0.
    """

    statements: Mapping[str, Tree]
    shapes: Shapes
    loss: str
    symmetric: frozenset[str] = frozenset()
    normal: frozenset[str] = frozenset()
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    first: Mapping[str, Sequence[int]] = field(default_factory=dict)
    _known: dict[str, Tensor] = field(default_factory=dict, init=False, repr=False)  # right sides, and gradients

    def proves(self, formula: Tree, name: str, steps: int = MOST_STEPS) -> bool | None:
        """Return True where the formula is the gradient of the loss by the name, None where that is open."""
        try:
            with budget(steps):
                return self._is_gradient(formula, name) or None
        except (NotCovered, RecursionError):
            return None

    def proved(self, formulas: Mapping[str, Tree], steps: int = MOST_STEPS) -> tuple[str, ...]:
        """Return the names whose formulas are proved, in that many steps together."""
        found = []
        with budget(steps):
            for name, formula in formulas.items():
                with suppress(NotCovered, RecursionError):
                    found += [name] if self._is_gradient(formula, name) else []
        return tuple(found)

    def _is_gradient(self, formula: Tree, name: str) -> bool:
        given, own = self._reader.read(formula), self._gradient(name)
        if given.shape != own.shape:
            return False
        left = self._without_gradients(difference(given.form, own.form), given.form.names)
        return self._vanishes(left) or self._vanishes(self._without_gradients(left, frozenset()))

    # --- the graph --------------------------------------------------------------------------------------------------

    @cached_property
    def _reader(self) -> Reader:
        """What reads the graph's formulas; a shape that is not given follows from the statement."""
        of_rows = [(n, t) for n, t in self.statements.items() if isinstance(t, Apply) and t.name == "softmax"]
        known = {name: tuple(shape) for name, shape in self.shapes.items()}
        is_softmax = {name for name, tree in of_rows if is_along_the_last(tree, known)}
        shapes = {name: as_text(shape) for name, shape in self.shapes.items()}
        reader = Reader(shapes, self.symmetric, self.normal | is_softmax, self.definitions, self.first)
        for name, tree in self.statements.items():
            if name not in shapes:
                self._known[name] = reader.read(tree)
                shapes[name] = self._known[name].shape
        return reader

    @cached_property
    def _order(self) -> dict[str, int]:
        return {name: k for k, name in enumerate(self.statements)}

    @cached_property
    def _consumers(self) -> dict[str, list[str]]:
        """The nodes that hold a name and that the loss depends on, by that name."""
        found: dict[str, list[str]] = {}
        needed = {self.loss}
        for name in reversed(list(self.statements)):
            if name in needed:
                for symbol in symbols_of(self.statements[name]):
                    needed.add(symbol.name)
                    found.setdefault(symbol.name, []).append(name)
        return found

    def _definition(self, name: str) -> Tensor:
        """Return the form of a node's right side."""
        if name not in self._known:
            found = self._reader.read(self.statements[name])
            if found.shape != self._reader.shapes[name]:
                raise NotCovered(f"{name} has another shape")
            self._known[name] = found
        return self._known[name]

    def _gradient(self, name: str) -> Tensor:
        """Return dL/dv by the gradients of the consumers of v."""
        known = gradient_name(self.loss, name)
        if known not in self._known:
            shape = self._reader.shapes.get(name, ())
            own = {i: fresh(i.size) for i in axes(shape) if i.level == AXIS}
            paths = [self._path(consumer, name, own) for consumer in self._consumers.get(name, ())]
            form = renamed(total(paths), {new: old for old, new in own.items()})
            self._known[known] = Tensor(shape, form if name != self.loss else ONE)
        return self._known[known]

    def _path(self, consumer: str, name: str, own: Mapping[Index, Index]) -> Form:
        """Return the sum of dL/dc dc/dv over the entries of a consumer c."""
        definition = self._definition(consumer)
        if name in self.symmetric:  # each entry is a variable of its own: which of A_ij and A_ji is there counts
            definition = replace(self._reader, symmetric=self.symmetric - {name}).read(self.statements[consumer])
        inside = [fresh_index(size) for size in definition.shape]
        indices = tuple(own.get(i, i) for i in axes(self._reader.shapes.get(name, ())))
        local = index_derivative(at(definition, inside), name, indices, self.definitions)
        is_symmetric = name in self.symmetric
        local = made_symmetric(local, name) if is_symmetric else with_own_value(local, consumer, definition)
        upstream = ONE if consumer == self.loss else at(self._reader.gradient(self.loss, consumer), inside)
        return summed(times(upstream, local), inside)

    # --- writing names out ------------------------------------------------------------------------------------------

    def _without_gradients(self, form: Form, kept: frozenset[str]) -> Form:
        """Write out the gradients that are not kept, those by the earliest names first."""
        by_place = {gradient_name(self.loss, name): (place, name) for name, place in self._order.items()}
        by_place |= {gradient_name(self.loss, n): (-1, n) for n in self._reader.shapes if n not in self._order}
        while found := sorted(by_place[n] for n in form.names - kept if n in by_place):
            _, name = found[0]
            form = written_out(form, gradient_name(self.loss, name), self._gradient(name))
        return form

    def _vanishes(self, form: Form) -> bool:
        """Tell whether a form is 0 once names are written out, the latest first, and then softmax and the like."""
        while found := [name for name in form.names if name in self._order]:
            latest = max(found, key=self._order.__getitem__)
            form = written_out(form, latest, self._definition(latest))
        return not form or not over_one(form) or not over_one(in_powers_of_e(form))
