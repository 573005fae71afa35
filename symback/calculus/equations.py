"""Several named expressions put together: one is asked about, the others say what its names and functions are.

A name without arguments, as in p = 0.5 o; o = x^2, becomes a `Let`, which is printed by its name. A function with
arguments, as in y = f(2x); f(x) = x^2, is inserted: f(2x) becomes (2x)^2. Nothing is simplified on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.errors import ParseError, TooLarge
from symback.expr.tree import (
    Apply,
    Diff,
    Inert,
    Let,
    Tree,
    fold,
    is_free_of,
    is_pending,
    substituted,
    symbol,
    symbols_of,
    walk,
    weight_of,
)
from symback.expr.unknown import parts
from symback.hints import mention
from symback.syntax import Reading
from symback.syntax.derivatives import UNSAID

DEEPEST = 60  # definitions within definitions
LARGEST = 20_000  # signs on paper of what has its functions put in
_LETTERS = "uvwstpqrabcdkmnyz"  # for the argument of a derivative, as in f'(u) with u = 2x


class System(NamedTuple):
    """What a system asks about: with its functions put in, and as it was typed (`called`)."""

    tree: Tree
    called: Tree
    insertions: tuple[tuple[str, Tree], ...]
    name: str
    parameters: tuple[str, ...]
    notes: tuple[str, ...]
    has_inner: bool


def put_together(readings: Sequence[Reading], text: str, variables: Sequence[str]) -> System:
    """Return what a system of two or more readings asks about; ParseError where that is not clear."""
    work = _Definitions(readings, text)
    outer, notes = work.outer()
    return _written_out(work, outer, notes, variables)


def side_by_side(readings: Sequence[Reading], text: str, variables: Sequence[str]) -> list[System]:
    """Return each of several functions, with the definitions that the others are put in.

    What is applied in another one, such as f in u = f(x y); f(t) = t^2, is a definition and no function of its own. A
    name without arguments is both, unless it is a variable or the names go in a circle, as in x = y; y = x.
    """
    work = _Definitions(readings, text)
    uses = {r: {name for name in work.names_in(r) if name != r.name} for r in readings}
    work.refuse_own_functions()
    applied = {name for names in uses.values() for name in names if work.by_name[name].parameters}
    named = [] if work.has_circle(variables) else [r for r in readings if not r.parameters and r.name not in variables]
    definitions = [r for r in readings if r.name and (r.parameters or r in named)]
    found = []
    for row in [r for r in readings if r.name not in applied] or readings:
        others = _Definitions([d for d in definitions if d is not row], text, [row])
        found.append(_written_out(others, row, (), variables))
    return found


def _written_out(work: _Definitions, outer: Reading, notes: Sequence[str], variables: Sequence[str]) -> System:
    text = work.text
    called, tree = work.written_out(outer, ())
    called, tree = (_with_variable(t, tree, text, outer.parameters or variables) for t in (called, tree))
    has_inner = any(isinstance(node, Let) for node in walk(tree))
    insertions = tuple((work.left_side(name), work.by_name[name].tree) for name in work.used)
    said = (*(note for r in dict.fromkeys((*work.readings, outer)) for note in r.notes), *notes)
    return System(tree, called, insertions, outer.name, outer.parameters, said, has_inner)


def _with_variable(tree: Tree, whole: Tree, text: str, variables: Sequence[str]) -> Tree:
    """Return the tree with y' as the derivative by the only variable."""
    if UNSAID not in symbols_of(tree) and not any(
        UNSAID in node._args for node in walk(tree) if isinstance(node, Diff)
    ):
        return tree
    found = [symbol(v) for v in variables] or [s for s in symbols_of(whole) if s != UNSAID]
    if len(found) != 1:
        reason = "A prime does not say by which variable it is differentiated."
        at = max(text.find("'"), 0)
        raise ParseError(
            reason, text, at, at + 1, hint=f"Write d/dx [...], or give the variable with {mention('wrt')}."
        )
    return substituted(tree, {UNSAID: found[0]})


class _Definitions:
    """The readings of a system by name, and what each stands for."""

    def __init__(self, readings: Sequence[Reading], text: str, beside: Sequence[Reading] = ()) -> None:
        self.readings = readings
        self.text = text
        self.by_name = {r.name: r for r in readings if r.name}
        self.used: dict[str, None] = {}  # the functions that were put in, in order
        self._known: dict[str, Tree] = {}
        self._letters: dict[tuple[str, Tree], Symbol] = {}
        everything = (*readings, *beside)
        self._taken = {s.name for r in everything for s in symbols_of(r.tree)} | {r.name for r in everything}
        self._taken |= {p for r in everything for p in r.parameters}

    def outer(self) -> tuple[Reading, tuple[str, ...]]:
        """Return the reading that is asked about, and a note where there was a choice."""
        used = {name for r in self.readings for name in self.names_in(r) if name != r.name}
        unnamed = [r for r in self.readings if not r.name]
        outer = unnamed or [r for r in self.readings if r.name not in used]
        idle = [r for r in self.readings if r.name and r.name not in used and r not in outer[:1]]
        functions_only = all(r.parameters for r in idle)
        if outer and functions_only and (len(outer) == 1 or outer[0].parameters or unnamed):
            notes = [f"{r.name} is not used: the question is about {outer[0].name or outer[0].text}." for r in idle]
            return outer[0], tuple(notes)
        if outer:
            raise self._error("The lines do not define one function through the others.", _FORM)
        circle = next((r for r in self.readings if r.name in self.names_in(r)), None)
        raise (
            self._error(f"{circle.name} is defined in terms of itself.", _OWN, circle)
            if circle
            else self._error("The definitions go in a circle.", _FORM)
        )

    def names_in(self, reading: Reading) -> Iterator[str]:
        """Yield the names of the system that a reading uses."""
        for node in walk(reading.tree):
            name = parts(node.name)[0] if isinstance(node, Apply) else getattr(node, "name", "")
            if name in self.by_name and not (isinstance(node, Symbol) and name in reading.parameters):
                yield name

    def refuse_own_functions(self) -> None:
        """Raise ParseError where a function is applied in its own definition."""
        for reading in self.readings:
            if reading.parameters and reading.name in self.names_in(reading):
                raise self._error(f"{reading.name} is defined in terms of itself.", _OWN, reading)

    def has_circle(self, variables: Sequence[str]) -> bool:
        """Tell whether names without arguments are defined by each other, or by themselves."""
        uses = {r.name: {n for n in self.names_in(r) if n not in variables} for r in self.readings if r.name}
        for _ in uses:
            uses = {name: found.union(*(uses[other] for other in found)) for name, found in uses.items()}
        return any(name in found for name, found in uses.items())

    def _error(self, reason: str, hint: str, reading: Reading | None = None) -> ParseError:
        at, stop = (reading.at, reading.at + len(reading.text)) if reading else (0, len(self.text))
        return ParseError(reason, self.text, at, stop, hint=hint)

    def left_side(self, name: str) -> str:
        """Return how a function was defined: f(x)."""
        return f"{name}({', '.join(self.by_name[name].parameters)})"

    def _value(self, name: str, above: tuple[str, ...]) -> Tree:
        """Return what a name stands for, with all that its definition uses put in."""
        if name in above:
            reason = (
                f"{name} is defined in terms of itself."
                if name == above[-1]
                else f"The definition of {name} goes in a circle."
            )
            raise self._error(reason, _OWN, self.by_name[name])
        if len(above) > DEEPEST:
            raise TooLarge(f"Definitions nest more than {DEEPEST} deep.", self.text, 0, len(self.text))
        if name not in self._known:
            self._known[name] = self.written_out(self.by_name[name], (*above, name))[1]
        return self._known[name]

    def written_out(self, reading: Reading, above: tuple[str, ...]) -> tuple[Tree, Tree]:
        """Return a reading as it was typed, and with its functions put in; names are `Let` in both."""
        for name in dict.fromkeys(self.names_in(reading)):
            self._value(name, above)

        def combine(node: Basic, inner: list[tuple[Tree, Tree]]) -> tuple[Tree, Tree]:
            if isinstance(node, Symbol) and node.name in self.by_name and node.name not in reading.parameters:
                named = Let(node, self._known[node.name])
                return named, named
            if not isinstance(node, Inert):
                return node, node
            called, tree = (type(node)(*(pair[side] for pair in inner)) for side in (0, 1))
            if isinstance(node, Apply) and parts(node.name)[0] in self.by_name:
                tree = self._applied(*parts(node.name), tree.arguments)
                return Let(called, tree), tree
            return called, tree

        called, tree = fold(reading.tree, combine)
        if weight_of(tree) > LARGEST:
            reason = f"With its functions put in, this has more than {LARGEST:,} signs."
            raise TooLarge(reason, self.text, 0, len(self.text), hint="Nest fewer functions.")
        return called, tree

    def _applied(self, name: str, slots: tuple[int, ...], arguments: Sequence[Tree]) -> Tree:
        """Return a function, or its derivative by some of its arguments, of given arguments."""
        self.used[name] = None
        body = self._known[name]
        parameters = [symbol(p) for p in self.by_name[name].parameters]
        for slot in slots:
            body = Diff(body, parameters[slot])
        values = dict(zip(parameters, arguments, strict=True))
        for parameter in _differentiated_by(body):
            if parameter in values and not _may_stand_for(parameter, values, body):
                values[parameter] = Let(self._letter(parameter, values[parameter]), values[parameter])
        return substituted(body, values)

    def _letter(self, parameter: Symbol, value: Tree) -> Symbol:
        """Return a letter that nothing else has, for the argument of a derivative: f'(u) with u = 2x."""
        key = (parameter.name, value)
        if key not in self._letters:
            free = (letter for letter in _LETTERS if letter not in self._taken)
            name = next(free, f"u{len(self._taken)}")
            self._taken.add(name)
            self._letters[key] = symbol(name)
        return self._letters[key]


_FORM = 'Write one outer function and the inner ones it uses, as in "p = 0.5 o; o = -x + 0.5y^2".'
_OWN = "Define it by other functions, as in f(x) = x^2."


def _differentiated_by(body: Tree) -> list[Symbol]:
    """Return the symbols by which something in a body is differentiated."""
    if not is_pending(body):
        return []
    return list({n._args[1]: None for n in walk(body) if isinstance(n, Diff) and isinstance(n._args[1], Symbol)})


def _may_stand_for(parameter: Symbol, values: Mapping[Symbol, Tree], body: Tree) -> bool:
    """Tell whether the value can take the place of a parameter by which something is differentiated."""
    value = values[parameter]
    if not isinstance(value, Symbol):
        return False
    others = [v for p, v in values.items() if p != parameter]
    return value == parameter or (is_free_of(body, value) and all(is_free_of(v, value) for v in others))
