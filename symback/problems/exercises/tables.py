"""Problems whose answer is a table of derivatives: gradient, Jacobian, Hessian, and the slope in a direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from symback.calculus import partials as multivariable
from symback.calculus.partials import Directional, Partials
from symback.calculus.question import Question, as_number, read_question
from symback.errors import UsageError
from symback.expr.rule import Derivation
from symback.expr.tree import Diff, Tree, without_lets
from symback.page.solution import Formula, Part, Picture, Sentence
from symback.problems import wording
from symback.problems.answers import given
from symback.problems.answers.rights import Answers, Right, Rights
from symback.problems.exercise import Exercise
from symback.problems.exercises.expressions import AboutExpression
from symback.problems.pictures import contour_picture
from symback.syntax import parse

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem


class OfOneFunction(AboutExpression):
    """A problem about all partial derivatives of one function."""

    what = ""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.wrt = given.variables(self.asked.get("wrt")) or None

    def question(self) -> Iterator[Part]:
        yield from wording.about(f"Find the {self.what} of", [self.function], (*by(self.wrt), *at(self.point)))

    def data(self) -> Iterator[Part]:
        yield from wording.formulas(self.function)
        yield from self.point_sentence()

    def picture(self, kind: str, things: Sequence[Any]) -> Picture:
        return contour_picture(things[0]) if kind == "contour" else super().picture(kind, things)


def by(names: Sequence[str] | None) -> Sentence:
    """Return the variables to differentiate by, where the author names them."""
    return (" with respect to ", *wording.names(names)) if names else ()


def at(point: dict[str, Tree]) -> Sentence:
    """Return the point, where there is one."""
    return (" at ", *wording.point(point)) if point else ()


class Gradient(OfOneFunction):
    """A gradient, as a column or (in the numerator layout) as a row."""

    what = "gradient"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.layout = str(self.asked.get("layout", "denominator"))

    def question(self) -> Iterator[Part]:
        yield from super().question()
        if self.layout == "numerator":
            yield ("Write it as a row.",)

    def things(self) -> Iterator[Any]:
        yield multivariable.gradient(self.function, self.wrt, self.point or None, layout=self.layout)

    def answers(self, things: Sequence[Any]) -> Answers:
        found: Partials = things[0]
        keys = tuple(v.name for v in found.variables)
        (row,) = right_rows(found)
        rights: dict[str, Rights] = dict(zip(keys, row, strict=True))
        alone = keys[0] if len(keys) == 1 else ""
        return self.named(Answers(rights | value_right(found), alone, keys, 1, value_part(found), self.read, _name))


def _name(text: str) -> str:
    return ",".join(given.variables(text))


def right_rows(found: Partials) -> list[list[Rights]]:
    """Return formulas and values of a table, row by row."""
    if not found.values:
        return [
            [Right(formula=d.last, within=asked_in(d), pending=pending_in(d)) for d in row] for row in found.entries
        ]
    rows = zip(found.entries, found.values, strict=True)
    return [[_right_at(d, v) for d, v in zip(*pair, strict=True)] for pair in rows]


def _right_at(derivation: Derivation, value: Derivation) -> Right:
    return Right(value.last, derivation.last, within=asked_in(derivation), pending=pending_in(derivation))


def asked_in(derivation: Derivation) -> tuple[Tree, ...]:
    """Return the function that a derivation differentiates: answers are compared where it is real."""
    tree = derivation.start
    while isinstance(tree, Diff):
        tree = tree._args[0]
    return (without_lets(tree),)


def pending_in(derivation: Derivation) -> Tree:
    """Return the derivative that a derivation works out, of the function with everything put in."""
    (pending,) = asked_in(derivation)
    for variable in derivation.variables:
        pending = Diff(pending, variable)
    return pending


def as_rights(rows: Sequence[list[Rights]]) -> Rights:
    """Return a table as one right answer."""
    return list(rows)


def value_right(found: Partials) -> dict[str, Rights]:
    """Return the values at the point under the key `value`; nothing without a point."""
    rows: list[list[Rights]] = [[Right(d.last) for d in row] for row in found.values]
    if not rows or any(v.name == "value" for v in found.variables):
        return {}
    return {"value": rows[0] if found.kind == "gradient" else as_rights(rows)}


def value_part(found: Partials) -> dict[str, dict[str, Rights]]:
    """Return the values of a gradient by the names of its variables."""
    if not found.values:
        return {}
    return {"value": {v.name: Right(d.last) for v, d in zip(found.variables, found.values[0], strict=True)}}


class Hessian(OfOneFunction):
    """The matrix of second derivatives."""

    what = "Hessian matrix"

    def things(self) -> Iterator[Any]:
        yield multivariable.hessian(self.function, self.wrt, self.point or None)

    def answers(self, things: Sequence[Any]) -> Answers:
        rights = {"entries": as_rights(right_rows(things[0]))} | value_right(things[0])
        return self.named(Answers(rights, "entries", read=self.read))


class Slope(OfOneFunction):
    """The slope of a function in a direction."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.direction = tuple(_component(c, self.names) for c in components(self.asked.get("direction")))

    def question(self) -> Iterator[Part]:
        direction: Sentence = (" in the direction ", *wording.vector(self.direction))
        yield from wording.about("Find the slope of", [self.function], (*direction, *at(self.point)))

    def data(self) -> Iterator[Part]:
        yield from wording.formulas(self.function)
        yield ("The direction is ", *wording.vector(self.direction), ".")
        yield from self.point_sentence()

    def things(self) -> Iterator[Any]:
        yield multivariable.directional(self.function, self.wrt, self.direction, self.point or None)

    def answers(self, things: Sequence[Any]) -> Answers:
        found: Directional = things[0]
        (row,) = right_rows(found.gradient)
        slope = Right(found.product.last)
        rights: dict[str, Rights] = {
            "slope": slope,
            "value": slope,
            "gradient": row,
            "unit": [Right(c) for c in found.unit],
        }
        return self.named(Answers(rights, "slope", read=self.read))


def components(direction: Any) -> Sequence[Any]:
    """Return the components of a direction: a list, or a text such as `3, 4` or `(1/2, -1)`."""
    if isinstance(direction, str):
        inner = direction.strip()
        is_bracketed = inner[:1] + inner[-1:] in ("()", "[]") and _is_one_bracket(inner)
        return _split(inner[1:-1] if is_bracketed else inner)
    if not isinstance(direction, (list, tuple)) or not direction:
        hint = "Write direction = [3, 4]."
        raise UsageError("direction is missing, or is not a list of numbers.", hint=hint)
    return direction


def _is_one_bracket(text: str) -> bool:
    """Tell whether the first bracket closes at the end: (3, 4) and not (3) + (4)."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            return place == len(text) - 1
    return False


def _split(text: str) -> list[str]:
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character in ",;" and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _component(value: Any, names: Sequence[str]) -> Tree:
    checked = given.checked(value, "the direction")
    return parse(checked, names) if isinstance(checked, str) else as_number(checked)


class Jacobian(Exercise):
    """The partial derivatives of several functions."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.point = given.point(self.asked.get("at"))
        self.wrt = given.variables(self.asked.get("wrt")) or None
        self.names = tuple(dict.fromkeys((*problem.symbols, *(self.wrt or ()))))
        self.functions = self._functions(self.asked.get("expr"))
        self.layout = str(self.asked.get("layout", "numerator"))

    def _functions(self, expr: Any) -> list[Question]:
        texts = given.texts(expr, "expr")
        if not any(text.strip(" ;\n") for text in texts):
            hint = 'Write the functions with ; between them, as in "x y; x + y".'
            raise UsageError("There is no function.", hint=hint)
        return multivariable.functions_asked(expr if isinstance(expr, str) else texts, self.names, self.wrt or ())

    def question(self) -> Iterator[Part]:
        yield from wording.about("Find the Jacobian of", self.functions, (*by(self.wrt), *at(self.point)))
        if self.layout == "denominator":
            yield ("Write it in denominator layout, with a column for each function.",)

    def data(self) -> Iterator[Part]:
        for number, question in enumerate(self.functions, 1):
            name = question.name or (f"f{number}" if len(self.functions) > 1 else "")
            yield from wording.formulas(question._replace(name=name))
        if self.point:
            yield ("Take ", *wording.point(self.point), ".")

    def things(self) -> Iterator[Any]:
        yield multivariable.jacobian(self.functions, self.wrt, self.point or None, layout=self.layout)

    def answers(self, things: Sequence[Any]) -> Answers:
        found: Partials = things[0]
        rights = {"entries": as_rights(right_rows(found))} | value_right(found)
        if found.is_transposed:
            rights = {key: _transposed(rows) for key, rows in rights.items()}
        return Answers(rights, "entries", read=lambda text: read_question(text, self.names).tree)


def _transposed(rows: Rights) -> Rights:
    """Return a table with rows and columns exchanged."""
    lists = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    return as_rights([list(column) for column in zip(*lists, strict=True)])


__all__ = ["Formula", "Gradient", "Hessian", "Jacobian", "Slope"]
