"""Training: what is trained, on which data, from which values; then its epochs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from symback.errors import UsageError
from symback.expr.numeric import np, quiet
from symback.graph.graph import Graph, canonical
from symback.graph.language.given_values import as_array
from symback.graph.nodes import Shape
from symback.train import validation as held_out
from symback.train.accuracy import Asked
from symback.train.epochs import descend
from symback.train.file import Plan, declared_names, read_plan
from symback.train.history import History, frozen
from symback.train.objective import Objective, objective_of
from symback.train.progress import progress_bar
from symback.train.settings import faults, rate_fault
from symback.train.start import initial_values, letters


def train(  # noqa: PLR0913
    problem: Graph | Plan | Path | str,
    data: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | int | None = None,
    *,
    loss: str | None = None,
    constants: Mapping[str, Any] | None = None,
    validation: Mapping[str, Any] | float | None = None,
    accuracy: str | bool | None = None,
    labels: str | None = None,
    progress: bool = False,
    **settings: Any,
) -> History:
    """Train a graph, the text of one, or a TOML file: minimise its loss by gradient descent on its parameters.

    Parameters are the inputs that have no data and are not constants. `parameters` holds initial values (the others are
    drawn at random) or a seed for them. `loss` is the last node. The other arguments are those of `Settings`: method,
    batch, lr, momentum, adam, epochs, tolerance, patience, best, seed, axis. The same call gives the same history, bit
    for bit.

    `validation` are data that are not trained on, with the names of `data`, or a fraction of the data, such as 0.2,
    which is drawn with the seed. Their loss is computed after each epoch; `patience` and `best` use it. `accuracy` is
    the node that predicts and `labels` the correct values; a cross_entropy or bce implies both, and accuracy=False
    leaves it out.

    Ctrl-C stops it and returns the history up to the last complete epoch.

    Raises UsageError for settings, names and validation data, ShapeError or ParseError for data that do not fit,
    FileError for a file, DomainError if the loss is not finite at the start.

    >>> history = train("L = (w x - y)^2", {"x": [1, 2, 3], "y": [2, 4, 6]}, {"w": 0}, lr=0.05, epochs=200)
    >>> round(history.parameters["w"], 4), history.reason
    (2.0, 'the loss no longer falls')
    """
    changed: dict[str, Any] = {}
    if isinstance(parameters, Mapping):
        changed["parameters"] = dict(parameters)
    elif parameters is not None:
        changed["start"] = parameters
    for name, value in (("data", data), ("constants", constants), ("validation", validation)):
        if value is not None:
            changed[name] = _canonical(value)
    for name, node in (("loss", loss), ("accuracy", accuracy), ("labels", labels)):
        if node is not None:
            changed[name] = canonical(node) if isinstance(node, str) else node
    wrong = list(faults(settings)) + list(faults({"seed": changed.get("start", 0)}))
    if accuracy is True:
        wrong.append("accuracy must be the name of a node, or False.")
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


def _canonical(value: Any) -> Any:
    return {canonical(name): array for name, array in value.items()} if isinstance(value, Mapping) else value


def _trained(plan: Plan, progress: bool) -> History:
    wrong = rate_fault(plan.settings)
    if wrong:
        raise UsageError(f"lr {wrong}")
    names = _parameters(plan)
    seed = plan.settings.seed if plan.start is None else plan.start
    data, validation = parted(plan)
    sizes = letters(plan.graph, data, {**plan.constants, **plan.parameters}, plan.settings.axis)
    values = initial_values(plan.graph, names, plan.parameters, seed, sizes)
    loss = plan.loss or plan.graph.last
    objective = objective_of(plan.graph, loss, values, data, plan.constants, plan.settings.axis)
    held = None if validation is None else objective.of(validation)
    _judge(plan, objective, held, values)
    began = perf_counter()
    with progress_bar(plan.settings.epochs, progress) as report, quiet():
        course = descend(objective, held, values, plan.settings, report)
    losses, *others = zip(*course.rows, strict=True)
    held_losses, right, held_right = (() if None in values else values for values in others)
    return History(
        losses,
        frozen(course.values),
        course.reason,
        plan.settings,
        loss,
        plan.title,
        _shapes(data),
        plan.graph.notes,
        perf_counter() - began,
        _shapes(validation or {}),
        held_losses,
        right,
        held_right,
        course.best,
    )


def _shapes(data: Mapping[str, Any]) -> tuple[tuple[str, Shape], ...]:
    return tuple((name, tuple(np.shape(value))) for name, value in data.items())


def parted(plan: Plan) -> tuple[Mapping[str, Any], dict[str, Any] | None]:
    """Return the data to train on, and those kept out of it; UsageError with all that is wrong with them."""
    if plan.validation is None:
        return plan.data, None
    data = {name: as_array(name, value, False) for name, value in plan.data.items()}
    held = plan.validation
    if isinstance(held, Mapping):
        held = {name: as_array(name, value, False) for name, value in held.items()}
    wrong = list(held_out.faults(held, data, plan.settings.axis))
    if wrong:
        raise UsageError("\n".join(wrong), hint="Validation data have the names and shapes of the data.")
    if isinstance(held, Mapping):
        return data, dict(held)
    return held_out.drawn(held, data, plan.settings.axis, plan.settings.seed)


def _judge(plan: Plan, objective: Objective, held: Objective | None, values: dict[str, Any]) -> None:
    """Have the accuracy worked out where it was asked for, or where the loss says how."""
    if isinstance(plan.accuracy, bool):
        return
    asked = Asked(plan.accuracy or "", plan.labels or "")
    if objective.judged(asked, values) and held is not None and not held.judged(asked, values):
        objective.judge = None


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
        raise UsageError(
            f"{twice[0]} is listed under data, so it cannot also be a constant or a parameter.", hint="Give it once."
        )
    names = tuple(name for name in inputs if name not in plan.data and name not in plan.constants)
    if not names:
        raise UsageError("There is nothing to train.", hint="An input without data is a parameter.")
    return names
