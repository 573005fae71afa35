"""The loop of training: epochs of updates, the loss after each, and when to stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import inf, isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from symback.errors import DomainError, UsageError
from symback.graph.graph import Graph, canonical
from symback.train.descent import update_of
from symback.train.file import Plan, declared_names, read_plan
from symback.train.history import DONE, FALLEN, NOT_FINITE, STOPPED, History, frozen
from symback.train.objective import Objective, Rows, objective_of
from symback.train.progress import Report, progress_bar
from symback.train.settings import Settings, faults
from symback.train.start import initial_values, letters

Reached = tuple[int, float, dict[str, Any]]  # the epochs done, the loss then, and the values that it belongs to


def train(
    problem: Graph | Plan | Path | str,
    data: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | int | None = None,
    *,
    loss: str | None = None,
    constants: Mapping[str, Any] | None = None,
    progress: bool = False,
    **settings: Any,
) -> History:
    """Train a graph, the text of one, or a TOML file: make its loss smaller by gradient descent on its parameters.

    Parameters are the inputs that have no data and are no constants. `parameters` holds initial values (the others are
    drawn) or a seed for them. `loss` is the last node. The other arguments are those of `Settings`: method, batch, lr,
    momentum, adam, epochs, tolerance, patience, seed, axis. The same call gives the same history, bit for bit.

    Ctrl-C stops it and gives the history up to the last whole epoch.

    Raises UsageError for settings and names, ShapeError or ParseError for data that do not fit, FileError for a file,
    DomainError where the loss is not finite to begin with.

    >>> history = train("L = (w x - y)^2", {"x": [1, 2, 3], "y": [2, 4, 6]}, {"w": 0}, lr=0.05, epochs=200)
    >>> round(history.parameters["w"], 4), history.reason
    (2.0, 'the loss no longer falls')
    """
    changed: dict[str, Any] = {}
    if isinstance(parameters, Mapping):
        changed["parameters"] = dict(parameters)
    elif parameters is not None:
        changed["start"] = parameters
    for name, value in (("data", data), ("constants", constants)):
        if value is not None:
            changed[name] = {canonical(given): array for given, array in value.items()}
    if loss is not None:
        changed["loss"] = canonical(loss)
    wrong = list(faults(settings)) + list(faults({"seed": changed.get("start", 0)}))
    if wrong:
        raise UsageError("\n".join(wrong))
    plan = problem if isinstance(problem, Plan) else _plan(problem, changed)
    return _trained(replace(plan, **changed, settings=replace(plan.settings, **settings)), progress)


def _plan(problem: Graph | Path | str, given: Mapping[str, Any]) -> Plan:
    if isinstance(problem, Graph):
        return Plan(problem)
    if isinstance(problem, Path) or problem.strip().lower().endswith(".toml") and "\n" not in problem.strip():
        return read_plan(problem)
    return Plan(Graph(problem, declared_names(*(given.get(key) for key in ("data", "constants", "parameters")))))


def _trained(plan: Plan, progress: bool) -> History:
    names = _parameters(plan)
    seed = plan.settings.seed if plan.start is None else plan.start
    sizes = letters(plan.graph, plan.data, {**plan.constants, **plan.parameters}, plan.settings.axis)
    values = initial_values(plan.graph, names, plan.parameters, seed, sizes)
    loss = plan.loss or plan.graph.last
    objective = objective_of(plan.graph, loss, values, plan.data, plan.constants, plan.settings.axis)
    began = perf_counter()
    with progress_bar(plan.settings.epochs, progress) as report, np.errstate(all="ignore"):
        losses, kept, reason = _descend(objective, values, plan.settings, report)
    return History(
        tuple(losses),
        frozen(kept),
        reason,
        plan.settings,
        loss,
        plan.title,
        tuple((name, tuple(np.shape(value))) for name, value in plan.data.items()),
        plan.graph.notes,
        perf_counter() - began,
    )


def _parameters(plan: Plan) -> tuple[str, ...]:
    """Return the inputs that are trained; UsageError for data that the graph does not take, or for none to train."""
    inputs = plan.graph.inputs
    unknown = [name for name in (*plan.data, *plan.constants) if name not in inputs]
    if unknown:
        raise UsageError(
            f"The graph has no input {', '.join(unknown)}.", hint=f"Its inputs are {', '.join(inputs) or 'none'}."
        )
    twice = [name for name in (*plan.constants, *plan.parameters) if name in plan.data]
    if twice:
        raise UsageError(f"{twice[0]} has data, so it is no constant and no parameter.", hint="Give it once.")
    names = tuple(name for name in inputs if name not in plan.data and name not in plan.constants)
    if not names:
        raise UsageError("There is nothing to train.", hint="An input without data is a parameter.")
    return names


def _descend(
    objective: Objective, values: dict[str, Any], settings: Settings, report: Report
) -> tuple[list[float], dict[str, Any], str]:
    """Return the losses, the values that belong to the last of them, and the reason to stop.

    Ctrl-C stops after the last epoch that was done whole: what is reached is kept.
    """
    losses: list[float] = []
    reached: list[Reached] = []
    try:
        return losses, *_epochs(objective, values, settings, report, losses, reached)
    except KeyboardInterrupt:
        if not reached:
            raise
    ((epoch, loss, kept),) = reached  # an interrupt may fall between any two lines of the loop
    return [*losses[:epoch], loss], kept, STOPPED


def _epochs(
    objective: Objective,
    values: dict[str, Any],
    settings: Settings,
    report: Report,
    losses: list[float],
    reached: list[Reached],
) -> tuple[dict[str, Any], str]:
    """Go through the epochs, noting each loss, and what is reached; return the values kept and the reason to stop."""
    walk = _Walk(objective, settings)
    kept: dict[str, Any] = {}
    least, since = inf, 0  # the least loss, and the epochs since it fell
    for epoch in range(settings.epochs + 1):
        before = {name: np.array(value) if np.ndim(value) else value for name, value in values.items()}
        loss = walk.epoch(values) if epoch < settings.epochs else objective.loss(values)
        if not isfinite(loss):
            _check_begun(losses)
            return kept, NOT_FINITE
        reached[:] = [(epoch, loss, before)]
        losses.append(loss)
        kept = before
        report(epoch, loss)
        least, since = (loss, 0) if loss < least - settings.tolerance else (least, since + 1)
        if since == settings.patience:
            return kept, FALLEN
    return kept, DONE


def _check_begun(losses: list[float]) -> None:
    if not losses:
        hint = "Give other initial values, or another seed."
        raise DomainError("The loss is not finite at the initial values.", hint=hint)


class _Walk:
    """The updates of an epoch; the order of the examples is its own stream of random numbers."""

    def __init__(self, objective: Objective, settings: Settings) -> None:
        self.objective, self.settings = objective, settings
        self.update = update_of(settings)
        self.random = np.random.default_rng([settings.seed, 1])
        self.count = 0 if settings.method == "full" else objective.count
        self.done = 0  # epochs
        self.lr = 0.0

    def epoch(self, values: dict[str, Any]) -> float:
        """Walk through all examples once, changing the values; return the loss over all of them before that."""
        self.lr = self.settings.rate(self.done)
        self.done += 1
        if self.settings.method == "full":
            return self._step(values, None)
        loss = self.objective.loss(values)
        for rows in self._batches():
            self._step(values, rows)
        return loss

    def _step(self, values: dict[str, Any], rows: Rows) -> float:
        if self.settings.is_plain:
            return self.objective.step(values, self.lr, rows)
        loss, gradients = self.objective.gradient(values, rows)
        self.update(values, gradients, self.lr)
        return loss

    def _batches(self) -> Iterator[Any]:
        order = self.random.permutation(self.count)
        size = 1 if self.settings.method == "stochastic" else min(self.settings.batch, self.count)
        for at in range(0, self.count, size):
            yield order[at : at + size]
