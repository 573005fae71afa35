"""Several derivatives together: gradient, Jacobian, Hessian, and the slope in a direction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from typing import Any, ClassVar

from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.at_point import notes_on_limits, value_at
from symback.calculus.derive import derive
from symback.calculus.engine import differentiate, tidy
from symback.calculus.question import (
    Question,
    as_number,
    names_in,
    notes_on_unused,
    read_question,
    read_questions,
    read_values,
)
from symback.errors import UsageError
from symback.expr.rule import Derivation, Move
from symback.expr.tree import TWO, Diff, Power, Quotient, Times, Tree, apply, number_value, sum_of, symbol, without_lets
from symback.hints import mention
from symback.result import Result, text_of

Rows = tuple[tuple[Derivation, ...], ...]

LAYOUTS = ("numerator", "denominator")
UNUSUAL_LAYOUT = {"gradient": "numerator", "jacobian": "denominator"}  # a gradient is a column, J has a row a function


@dataclass(frozen=True, repr=False)
class Partials(Result):
    """The partial derivatives of one or more functions: a gradient (one row), a Jacobian, or a Hessian.

    `entries[i][j]` is the derivation for function i and variable j (in a Hessian, the second derivative by variable i
    and then by variable j); `values` holds the same at the point, if one was given.
    """

    kind: str
    variables: tuple[Symbol, ...]
    entries: Rows
    functions: tuple[Tree, ...] = ()
    names: tuple[str, ...] = ()
    point: tuple[tuple[Symbol, Tree], ...] = ()
    values: Rows = ()
    notes: tuple[str, ...] = ()
    source: str = ""
    layout: str = ""

    @property
    def is_transposed(self) -> bool:
        """Whether the layout is not the usual one: a gradient as a row, a Jacobian with one column per function."""
        return self.layout == UNUSUAL_LAYOUT.get(self.kind)

    @cached_property
    def answer(self) -> tuple[Any, ...]:
        """The derivatives as evaluated SymPy expressions: a flat tuple for a gradient, rows otherwise."""
        rows = tuple(tuple(d.answer for d in row) for row in self.entries)
        return rows[0] if self.kind == "gradient" else rows

    @cached_property
    def value(self) -> tuple[Any, ...]:
        """The values at the point as SymPy numbers, in the shape of `answer`; empty without a point."""
        rows = tuple(tuple(d.answer for d in row) for row in self.values)
        return rows[0] if self.kind == "gradient" and rows else rows

    def derivations(self) -> tuple[Derivation, ...]:
        """Return every derivation, row by row, then those of the values."""
        return tuple(d for rows in (self.entries, self.values) for row in rows for d in row)

    def verify(self) -> Any:
        """Check every derivation; see `symback.verify.verify_table`."""
        return import_module("symback.verify").verify_table(self)

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("answer", "value")}

    def about(self) -> str:
        """Return which derivatives these are, of what and by which variables."""
        functions = self.source or "; ".join(map(text_of, self.functions))
        return f"{self.kind} of {functions} by {', '.join(v.name for v in self.variables)}"

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return self.kind.capitalize()


@dataclass(frozen=True, repr=False)
class Directional(Result):
    """The slope of a function in a direction: gradient, direction, its unit vector, and their scalar product."""

    kind: ClassVar[str] = "directional"
    title: ClassVar[str] = "Directional derivative"
    gradient: Partials
    direction: tuple[Tree, ...]
    unit: tuple[Tree, ...]
    product: Derivation
    notes: tuple[str, ...] = ()
    source: str = ""
    normalisation: tuple[Derivation, ...] = field(default=())

    @property
    def answer(self) -> Expr:
        """The slope as an evaluated SymPy expression."""
        return self.product.answer

    def derivations(self) -> tuple[Derivation, ...]:
        """Return every derivation in the order of the work."""
        return (*self.gradient.derivations(), *self.normalisation, self.product)

    def verify(self) -> Any:
        """Check every derivation; see `symback.verify.verify_all`."""
        return import_module("symback.verify").verify_all(self.derivations())

    def about(self) -> str:
        """Return the function, the direction and the slope."""
        direction = ", ".join(map(text_of, self.direction))
        function = self.source or "; ".join(map(text_of, self.gradient.functions))
        return f"slope of {function} along ({direction}) is {text_of(self.product.last)}"


def gradient(
    f: str | Expr,
    wrt: Any = None,
    at: Mapping[Any, Any] | None = None,
    *,
    strategy: str = "textbook",
    names: Iterable[str] = (),
    layout: str = "denominator",
) -> Partials:
    """Return the gradient of f: one derivation per variable (by default all variables of f).

    It is shown as a column (denominator layout) or as a row (numerator layout).

    >>> gradient("x y^2 + 3x^2 z", at={"x": 1, "y": 0, "z": 2}).value
    (12, 0, 3)
    """
    question = read_question(f, names, variables=names_in(wrt)).with_pending("gradient").with_originals(wrt, at)
    variables = _variables([question], wrt)
    entries = (tuple(derive(question, v, strategy=strategy) for v in variables),)
    partials = Partials("gradient", variables, entries, *_described([question]), layout=_checked(layout))
    return _with_values(partials, at, strategy)


def jacobian(
    fs: str | Sequence[str | Expr],
    wrt: Any = None,
    at: Mapping[Any, Any] | None = None,
    *,
    strategy: str = "textbook",
    names: Iterable[str] = (),
    layout: str = "numerator",
) -> Partials:
    """Return the Jacobian of several functions: one row per function, one column per variable.

    The denominator layout shows it transposed, with one column per function; `answer` always has one row per function.
    `fs` is a sequence of expressions, or one text with the functions separated by `;` or by commas in brackets.

    >>> jacobian(["x y", "x + y"], ["x", "y"]).answer
    ((y, x), (1, 1))
    """
    parts = [fs] if isinstance(fs, str) else list(fs)
    if not parts or (isinstance(fs, str) and not fs.strip(" ;\n")):
        raise UsageError("There is no function.", hint='Write the functions with ; between them, as in "x y; x + y".')
    found = functions_asked(fs, names, names_in(wrt))
    questions = [q.with_pending("Jacobian").with_originals(*parts, wrt, at) for q in found]
    variables = _variables(questions, wrt)
    entries = tuple(tuple(derive(q, v, strategy=strategy) for v in variables) for q in questions)
    partials = Partials("jacobian", variables, entries, *_described(questions), layout=_checked(layout))
    return _with_values(partials, at, strategy)


def functions_asked(fs: Any, names: Iterable[str], variables: Sequence[str]) -> list[Question]:
    """Return the questions of one text that holds several functions, or of a list with one in each entry."""
    if isinstance(fs, str):
        return read_questions(fs, names, variables)
    return [read_question(part, names, variables=variables) for part in fs]


def hessian(
    f: str | Expr,
    wrt: Any = None,
    at: Mapping[Any, Any] | None = None,
    *,
    strategy: str = "textbook",
    names: Iterable[str] = (),
) -> Partials:
    """Return the matrix of second derivatives of f; entry (i, j) is by variable i and then by variable j.

    >>> hessian("x^2 y", ["x", "y"]).answer
    ((2*y, 2*x), (2*x, 0))
    """
    question = read_question(f, names, variables=names_in(wrt)).with_pending("Hessian").with_originals(wrt, at)
    variables = _variables([question], wrt)
    entries = tuple(tuple(derive(question, (a, b), strategy=strategy) for b in variables) for a in variables)
    return _with_values(Partials("hessian", variables, entries, *_described([question])), at, strategy)


def directional(
    f: str | Expr,
    wrt: Any = None,
    direction: Sequence[Any] = (),
    at: Mapping[Any, Any] | None = None,
    *,
    strategy: str = "textbook",
    names: Iterable[str] = (),
) -> Directional:
    """Return the slope of f in a direction: the gradient times the unit vector of the direction.

    UsageError if the direction is the zero vector or does not have one component per variable.

    >>> directional("x^2 + y^2", ["x", "y"], (3, 4), at={"x": 1, "y": 2}).answer
    22/5
    """
    partials = gradient(f, wrt, at, strategy=strategy, names=names)
    components = tuple(as_number(c) for c in direction)
    if len(components) != len(partials.variables):
        raise UsageError(
            f"The direction has {len(components)} components, but there are {len(partials.variables)} variables.",
            hint=f"Give one component per variable, for instance {mention('direction', '3,4')}.",
        )
    if all(number_value(c) == 0 for c in components):
        raise UsageError("The zero vector has no direction.", hint="Give a direction other than 0.")
    scaled = [_worked_out(Quotient(c, apply("sqrt", sum_of([Power(k, TWO) for k in components])))) for c in components]
    row = partials.values[0] if partials.values else partials.entries[0]
    product = _worked_out(sum_of([Times(d.last, n.last) for d, n in zip(row, scaled, strict=True)]))
    product = replace(product, originals=row[0].originals)
    unit = tuple(n.last for n in scaled)
    return Directional(partials, components, unit, product, partials.notes, partials.source, tuple(scaled))


def _checked(layout: str) -> str:
    if layout not in LAYOUTS:
        raise UsageError(f"There is no layout {layout!r}.", hint="Choose denominator or numerator.")
    return layout


def _worked_out(start: Tree) -> Derivation:
    """Return the derivation that only tidies."""
    moves: list[Move] = []
    last = tidy(start, moves)
    return Derivation(start, tuple(moves), last)


def _variables(questions: Sequence[Question], wrt: Any) -> tuple[Symbol, ...]:
    if wrt is not None and wrt != "" and wrt != ():
        return tuple(questions[0].variables_for(wrt))
    found = list(dict.fromkeys(v for q in questions if q.parameters for v in q.variables()))
    found = found or sorted({v for q in questions for v in q.variables()}, key=lambda s: s.name)
    if not found:
        raise UsageError(
            "The expression has no variable.",
            hint=f"Say what to differentiate by, for instance {mention('wrt', 'x,y')}.",
        )
    return tuple(found)


def _described(questions: Sequence[Question]) -> tuple[tuple[Tree, ...], tuple[str, ...]]:
    return tuple(q.tree for q in questions), tuple(q.name for q in questions)


def _with_values(partials: Partials, at: Mapping[Any, Any] | None, strategy: str) -> Partials:
    notes = tuple(dict.fromkeys(note for row in partials.entries for d in row for note in d.notes))
    source = "; ".join(dict.fromkeys(row[0].source for row in partials.entries if row))
    partials = replace(partials, notes=notes, source=source)
    if not at:
        return partials
    values = read_values(at)
    rows = tuple(tuple(_at_point(d, values) for d in row) for row in partials.entries)
    point = tuple((v, values[v.name]) for v in partials.variables if v.name in values)
    others = tuple((symbol(n), v) for n, v in values.items() if symbol(n) not in partials.variables)
    limits = (note for row in rows for d in row for note in notes_on_limits(d.moves))
    notes = tuple(dict.fromkeys((*notes, *limits, *notes_on_unused(values, *partials.functions))))
    return replace(partials, point=(*point, *others), values=rows, notes=notes)


def _at_point(derivation: Derivation, values: Mapping[str, Tree]) -> Derivation:
    """Return the derivation that puts the values into the last line of another and works the number out."""
    moves: list[Move] = []
    last = value_at(derivation.last, values, moves, _functions_of(derivation), derivation.variables)
    return Derivation(derivation.last, tuple(moves), last, originals=derivation.originals)


def _functions_of(derivation: Derivation) -> list[Tree]:
    """Return what a derivation differentiates: the function, then for the next variable its derivative, and so on."""
    tree = derivation.start
    while isinstance(tree, Diff):
        tree = tree._args[0]
    functions = [without_lets(tree)]
    for variable in derivation.variables[:-1]:
        functions.append(tidy(differentiate(Diff(functions[-1], variable), []), []))
    return functions
