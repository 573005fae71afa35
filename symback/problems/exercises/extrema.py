"""Problems about extrema: the points of each type, and the smallest and the largest value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from symback.calculus.extrema.ask import extrema, read_constraint, read_interval
from symback.expr.tree import symbol
from symback.page.solution import Part, Picture
from symback.problems.answers import given
from symback.problems.exercises.expressions import AboutExpression

if TYPE_CHECKING:
    from symback.problems.answers.rights import Answers, Rights
    from symback.problems.file.sheet import Problem

PLURALS = {
    "minimum": "minima",
    "maximum": "maxima",
    "saddle": "saddles",
    "neither": "neither",
    "undecided": "undecided",
}


class FindExtrema(AboutExpression):
    """The extrema of a function, over an interval or under a constraint."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.wrt = given.variables(self.asked.get("wrt")) or None
        on = self.asked.get("on")
        self.on = None if on is None else read_interval(on)
        self.variables_asked = [symbol(v) for v in self.wrt] if self.wrt else self.function.variables()
        condition = self.asked.get("subject_to")
        self.condition = None if condition is None else read_constraint(condition, self.names, self.variables_asked)

    def question(self) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        yield from wording.about("Find the extrema of", [self.function], tuple(self._where()))

    def _where(self) -> Iterator[Any]:
        if self.on is not None:
            yield from (" for ", self.variables_asked[0], " from ", self.on[0], " to ", self.on[1])
        if self.condition is not None:
            yield from (" where ", self.condition[0], " = ", self.condition[1])

    def data(self) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        yield from wording.formulas(self.function)
        if self.on is not None:
            yield ("Take ", self.variables_asked[0], " from ", self.on[0], " to ", self.on[1], ".")
        if self.condition is not None:
            yield ("The constraint is ", self.condition[0], " = ", self.condition[1], ".")

    def things(self) -> Iterator[Any]:
        yield extrema(self.function, self.wrt, self.asked.get("on"), self.asked.get("subject_to"), names=self.names)

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        (found,) = things
        rights: dict[str, Rights] = {}
        for kind, key in PLURALS.items():
            of_kind = [p for p in found.points if p.type == kind]
            places: list[Rights] = [_place(p) for p in of_kind]
            if of_kind:
                rights[key] = places if len(places) != 1 else places[0]
                rights.setdefault(kind, rights[key])
                values: list[Rights] = [Right(p.value_tree) for p in of_kind]
                rights[f"{kind}_value"] = values if len(values) != 1 else values[0]
        for kind, key in (("minimum", "least"), ("maximum", "greatest")):
            best = [p for p in found.points if p.is_global and p.type == kind]
            if best:
                rights[key] = Right(best[0].value_tree)
        return Answers(rights, "", read=self.read)

    def picture(self, kind: str, things: Sequence[Any]) -> Picture:
        if kind not in ("contour", "curve"):
            return super().picture(kind, things)
        return picture_of(things[0])


def _place(point: Any) -> Rights:
    from symback.problems.answers.rights import Right

    coordinates: list[Rights] = [Right(tree) for _, tree in point.place]
    return coordinates if len(coordinates) > 1 else coordinates[0]


def picture_of(found: Any) -> Picture:
    """Return the picture of extrema, with what it shows in words: the curve, or level lines with the constraint."""
    from symback.problems.exercise import unicode

    said = [f"{p.type} at ({', '.join(unicode(t) for _, t in p.place)})" for p in found.points]
    names = " and ".join(v.name for v in found.variables)
    what = "The curve" if len(found.variables) == 1 else "Level lines"
    condition = (
        ""
        if found.constraint is None
        else (f", with the constraint {' = '.join(unicode(side) for side in found.constraint)}")
    )
    words = f"{what} of {unicode(found.function)} over {names}{condition}; marked: {', '.join(said) or 'nothing'}."
    return Picture("curve" if len(found.variables) == 1 else "contour", found, words)
