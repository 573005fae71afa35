"""Gradient descent by hand: for each epoch the parameters, the gradient, the step, the loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, ClassVar, NamedTuple

from symback.content import ByContent
from symback.errors import UsageError
from symback.expr.numeric import np
from symback.result import Result
from symback.train.file import Plan
from symback.train.history import History
from symback.train.objective import OneByOne, objective_of
from symback.train.training import parted, train
from symback.verify import Verification

MOST = 20  # epochs that are written out
NEAR = 1e-9


class Row(NamedTuple):
    """One epoch: where it begins, the gradient there, the step that is taken, and the loss before it."""

    epoch: int
    parameters: Mapping[str, Any]
    gradient: Mapping[str, Any]
    step: Mapping[str, Any]
    loss: float


@dataclass(frozen=True, eq=False, repr=False)
class Steps(Result, ByContent):
    """The epochs of a training one by one; `rate` is the learning rate where every step is that times the gradient."""

    kind: ClassVar[str] = "steps of descent"
    rows: tuple[Row, ...]
    loss: str
    rate: float | None = None
    title: str = "Steps"
    notes: tuple[str, ...] = ()

    def about(self) -> str:
        """Return how many epochs there are."""
        return f"{len(self.rows)} epochs"

    def verify(self) -> Any:
        """Check that each step is the learning rate times the gradient, which the graph gives apart from training."""
        if self.rate is None:
            return None
        for row in self.rows:
            for name, step in row.step.items():
                wanted = -self.rate * np.asarray(row.gradient[name])
                if not np.allclose(step, wanted, rtol=NEAR, atol=NEAR * (1 + float(np.max(np.abs(wanted))))):
                    message = f"In epoch {row.epoch} the step of {name} is not the learning rate times the gradient."
                    return Verification("failed", row.epoch, message)
        return Verification("verified", len(self.rows), "Verified: each step is the learning rate times the gradient.")


def steps_of(plan: Plan, history: History) -> Steps:
    """Return the epochs of a training one by one; UsageError where they are too many, or not over all data."""
    if plan.settings.method != "full":
        raise UsageError("show = 'steps' writes out descent over all data.", hint="Leave method out.")
    if history.epochs > MOST:
        raise UsageError(f"show = 'steps' writes out at most {MOST} epochs.", hint="Ask for fewer with epochs = 3.")
    settings = replace(plan.settings, best=False)
    after = [
        dict(train(replace(plan, settings=replace(settings, epochs=epoch))).parameters)
        for epoch in range(history.epochs + 1)
    ]
    rows = []
    for epoch, (here, there) in enumerate(pairwise(after), 1):
        step = {name: np.asarray(there[name]) - np.asarray(here[name]) for name in here}
        rows.append(Row(epoch, here, _gradient(plan, history.loss, here), step, history.losses[epoch - 1]))
    is_plain = not (settings.adam or settings.momentum) and isinstance(settings.lr, (int, float))
    return Steps(tuple(rows), history.loss, float(settings.lr) if is_plain else None)


def _gradient(plan: Plan, loss: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the gradient of the mean loss by the backward pass of the graph, not by the code that trains."""
    data, _ = parted(plan)
    objective = objective_of(plan.graph, loss, dict(parameters), data, plan.constants, plan.settings.axis)
    batches = objective.examples if isinstance(objective, OneByOne) else [{**objective.constants, **objective.data}]
    names = tuple(parameters)
    found = [plan.graph.backprop(loss, {**values, **parameters}, names).values for values in batches]
    return {name: sum(np.asarray(one[name], dtype=float) for one in found) / len(found) for name in names}
