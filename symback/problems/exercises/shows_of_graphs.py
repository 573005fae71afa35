"""A gradient of a graph that is to be shown: dL/dz = p - y, with letters for sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from symback.errors import UsageError
from symback.graph.graph import canonical
from symback.page.solution import AnswerCheck, Part
from symback.problems.answers.answer import Checked, check_answers
from symback.problems.answers.claims import claim_of
from symback.problems.answers.on_graphs import reader, same_gradient, same_jacobian
from symback.problems.answers.rights import Answers, Right
from symback.problems.exercises.graphs import AboutGraph

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem


class GradientIs(AboutGraph):
    """The gradient of a loss by a node, or the Jacobian of a node by another, and what it is said to be."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.left, self.right = (str(self.asked[key]) for key in ("left", "right"))
        claim = claim_of(f"{self.left} = 0")
        if claim is None or len(claim.by) != 1:
            hint = "Write it as in left = 'dL/dz'."
            raise UsageError("On a graph, the left side is a derivative by one node.", hint=hint)
        self.of = canonical(claim.name) if claim.name else self.graph.last
        self.by = canonical(claim.by[0])

    def question(self) -> Iterator[Part]:
        read = reader(self.graph, self.of, matrices=True)
        yield (f"Show that {self.left} = ", read(self.right), ".")
        yield from self.data()

    def things(self) -> Iterator[Any]:
        at = self.tables[0] if self.tables else None
        if self._is_number():
            yield self.graph.backprop(self.of, at, (self.by,))
        else:
            yield self.graph.jacobian(self.of, (self.by,), at)

    def _is_number(self) -> bool:
        return not self.graph.shapes.get(self.of, ())

    def verification(self, thing: Any) -> Any:
        return getattr(thing, "check", None) or thing.verify()

    def answers(self, things: Sequence[Any]) -> Answers:
        (found,) = things
        if self._is_number():
            right = Right(formula=found.gradients[self.by], same=same_gradient(found, self.by, self.labels))
        else:
            right = Right(formula=found.jacobians[self.by], same=same_jacobian(found, self.by))
        return Answers({self.by: right}, self.by, read=reader(self.graph, self.of, matrices=True))

    def check(self, given: Any, things: Sequence[Any]) -> Checked:
        """Return whether the right side is the gradient that was derived."""
        found = check_answers(self.right, self.answers(things))
        checks = (check._replace(key=self.left) for check in found.checks if isinstance(check, AnswerCheck))
        return Checked(tuple(checks), found.notes)
