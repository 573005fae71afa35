"""Problems about curves: derivatives of what an equation gives, tangents, Taylor polynomials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from symback.calculus.curves.expand import Expanded
from symback.calculus.curves.implicit import Asked
from symback.calculus.curves.tangent import Touching
from symback.calculus.question import as_number
from symback.expr.tree import ONE, Equal, Rate, Tree, number, symbols_of, walk
from symback.page.solution import Formula, Part
from symback.problems.answers import given
from symback.problems.exercise import Exercise
from symback.syntax import parse

if TYPE_CHECKING:
    from symback.problems.answers.rights import Answers
    from symback.problems.file.sheet import Problem


def _listed(value: Any) -> Any:
    """Return names as they may be given: a text, or a list of which one entry may hold several."""
    if value is None or isinstance(value, str):
        return value
    return [name for part in value for name in str(part).split(",")]


class Implicit(Exercise):
    """The derivative of a function that an equation gives."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.point = given.point(self.asked.get("at"))
        self.rates = given.point(self.asked.get("rates"))
        order = self.asked.get("order", 1)
        self.equation = Asked(
            given.text(self.asked.get("expr"), "expr"),
            _listed(self.asked.get("wrt")),
            _listed(self.asked.get("of")),
            order if isinstance(order, int) else 0,
            self.point,
            self.rates,
            problem.symbols,
        )

    def question(self) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        asked = self.equation
        rate = Rate(asked.of, asked.by, number(asked.order))
        at = (" at ", *wording.point(self.point)) if self.point else ()
        yield ("Find ", rate, *at, ", where ", asked.left, " = ", asked.right, ".")
        yield from self._rates()

    def _rates(self) -> Iterator[Part]:
        from symback.problems import wording

        if self.rates:
            by = self.equation.by
            known = [
                (Rate(s, by, ONE), " = ", self.rates[s.name]) for s in self.equation.functions if s.name in self.rates
            ]
            yield ("Take ", *wording.listed(known), ".")

    def data(self) -> Iterator[Part]:
        yield Formula(Equal(self.equation.left, self.equation.right))
        yield from self._rates()

    def things(self) -> Iterator[Any]:
        yield self.equation.result()

    def read(self, text: str) -> Tree:
        """Return the tree of an answer; the letters of the equation are names there too."""
        return parse(text, tuple(s.name for s in self.equation.letters))

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        (found,) = things
        formula = found.last
        rights: dict[str, Any] = {}
        has_rates = any(isinstance(node, Rate) for node in walk(formula))
        if not has_rates:
            rights["derivative"] = Right(formula=formula, same=found.judge_answer)
        value = found.fact("value")
        if value is not None:
            rights["value"] = Right(value)
        alone = "value" if value is not None else "derivative"
        return Answers(rights, alone if alone in rights else "", read=self.read)


class Tangent(Exercise):
    """The tangent of a function, or of a curve that an equation gives."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.point = given.point(self.asked.get("at"))
        self.near = given.point(self.asked.get("near"))
        self.normal = bool(self.asked.get("normal"))
        text = given.text(self.asked.get("expr"), "expr")
        self.asked_for = Touching(text, self.point, self.normal, self.near, problem.symbols)

    def question(self) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        what = "normal" if self.normal else "tangent"
        yield (f"Find the {what} of ", *self._function(), " at ", *wording.point(self.point), ".")
        if self.near:
            yield ("Compare the tangent with the function at ", *wording.point(self.near), ".")

    def _function(self) -> tuple[str | Tree, ...]:
        from symback.problems import wording

        curve = self.asked_for.curve
        if curve is not None:
            return ("the curve ", curve.left, " = ", curve.right)
        return wording.function(self.asked_for.question)

    def data(self) -> Iterator[Part]:
        from symback.problems import wording

        curve = self.asked_for.curve
        if curve is not None:
            yield Formula(Equal(curve.left, curve.right))
        else:
            yield from wording.formulas(self.asked_for.question)
        yield ("Take ", *wording.point(self.point), ".")

    def things(self) -> Iterator[Any]:
        yield self.asked_for.result()

    def read(self, text: str) -> Tree:
        """Return the tree of an answer: the right side alone, or after y = or z =."""
        left, equals, right = text.partition("=")
        is_named = equals and left.strip().isalpha() and len(left.strip()) == 1
        return parse(right if is_named else text, tuple(self.point))

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        (found,) = things
        key = "normal" if self.normal else "tangent"
        rights: dict[str, Any] = {key: Right(formula=found.last)}
        if self.normal and found.line is not None:
            rights["tangent"] = Right(formula=found.line)
        if found.fact("slope") is not None:
            rights["slope"] = Right(found.fact("slope"))
        if found.fact("near") is not None:
            rights["near"] = Right(found.fact("near")["value"])
        return Answers(rights, key, read=self.read)


class Taylor(Exercise):
    """A Taylor polynomial."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        about = self.asked.get("about", 0)
        named = isinstance(about, Mapping)
        values = given.point(about) if named else {}
        name = next(iter(values), None)
        order = self.asked.get("order", 4)
        place = values[name] if name else as_number(given.checked(about, "about"))
        text = given.text(self.asked.get("expr"), "expr")
        self.expansion = Expanded(text, name, place, order if isinstance(order, int) else -1, problem.symbols)

    def question(self) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        e = self.expansion
        at = (" about ", e.variable, " = ", e.about)
        yield from wording.about(f"Find the Taylor polynomial of order {e.order} of", [e.question], at)

    def data(self) -> Iterator[Part]:
        from symback.problems import wording

        e = self.expansion
        yield from wording.formulas(e.question)
        yield ("Expand it about ", e.variable, " = ", e.about, f" up to order {e.order}.")

    def things(self) -> Iterator[Any]:
        yield self.expansion.result()

    def read(self, text: str) -> Tree:
        """Return the tree of an answer; the letters of the function are names there too."""
        return parse(text, tuple(s.name for s in symbols_of(self.expansion.question.tree)))

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        (found,) = things
        coefficients: Any = [Right(t.coefficient) for t in found.terms]
        return Answers(
            {"polynomial": Right(formula=found.last), "coefficients": coefficients}, "polynomial", read=self.read
        )


__all__ = ["Implicit", "Tangent", "Taylor"]
