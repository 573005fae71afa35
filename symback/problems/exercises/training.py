"""Problems that train a network by gradient descent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symback.errors import FileError
from symback.expr.numeric import quiet
from symback.expr.tree import symbol, symbols_of
from symback.graph.graph import canonical
from symback.page.solution import Definitions, Part, Picture
from symback.problems import wording_of_arrays
from symback.problems.answers import given
from symback.problems.answers.rights import Answers, Rights, rights_of
from symback.problems.exercise import Exercise
from symback.problems.pictures import graph_picture, loss_picture
from symback.syntax import parse
from symback.train.file import Plan, plan_of
from symback.train.history import History
from symback.train.objective import OneByOne, objective_of
from symback.train.training import parted, train
from symback.verify import Verification

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem

TABLES = ("data", "validation", "constants", "parameters_start")
WORDS = {
    "data": "data",
    "validation": "validation data",
    "constants": "constants",
    "parameters_start": "initial values",
}
RENAMED = {"parameters_start": "parameters"}  # in a problem, parameters are what variants draw
NEAR = 1e-9  # the relative error that rounding explains
MOST_EXAMPLES = 500  # that the check works out one by one


class Training(Exercise):
    """A network that is trained; the same file gives the same numbers, bit for bit."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        table = {RENAMED.get(key, key): self._plain(key, value) for key, value in self.asked.items() if key != "show"}
        if problem.symbols:
            table["symbols"] = list(problem.symbols)
        self.plan: Plan = plan_of(table, Path(problem.file or "problem.toml"))
        self.loss = self.plan.loss or self.plan.graph.last

    def _plain(self, key: str, value: Any) -> Any:
        """Return a value as training reads it: floats for decimals, and numbers for those that are given as texts."""
        if key not in TABLES:
            is_rate = key == "learning_rate" and isinstance(value, str) and not symbols_of(parse(value))
            return float(given.exact_or_float(value, key)) if is_rate or isinstance(value, Decimal) else value
        if isinstance(value, str) or isinstance(value, Mapping) and "file" in value:
            return self._beside(value)
        if isinstance(value, Decimal):
            return float(value)
        if not isinstance(value, Mapping):
            return value
        return {name: _floats(given.array(entry, name)) for name, entry in value.items()}

    def _beside(self, value: Any) -> Any:
        """Return the name of a data file, which must lie in the folder of the problem file."""
        name = value if isinstance(value, str) else value["file"]
        folder = Path(self.problem.file or ".").parent.resolve()
        if isinstance(name, str) and not (folder / name).resolve().is_relative_to(folder):
            raise FileError(f"{name[:60]} is not in the folder of the problem file.",
                            hint="Put the data beside the problem file.")  # fmt: skip
        return value

    # --- what is asked ------------------------------------------------------------------------------------------------

    def question(self) -> Iterator[Part]:
        settings = self.plan.settings
        epochs = "1 epoch" if settings.epochs == 1 else f"{settings.epochs} epochs"
        yield ("Make ", symbol(self.loss), f" small by {settings.words()}, in at most {epochs}.")
        if settings.best:
            which = "loss" if self.plan.validation is None else "validation loss"
            yield (f"Keep the parameters of the epoch with the least {which}.",)
        yield from self.data()

    def data(self) -> Iterator[Part]:
        yield from self._formulas()
        for key, words in WORDS.items():
            value = self.asked.get(key)
            if isinstance(self.plan.validation, float) and key == "validation":
                part = f"{100 * self.plan.validation:.4g}%"
                yield (f"{part} of the data, drawn with the seed, are kept out of training, for validation.",)
                continue
            if isinstance(value, Mapping) and "file" not in value and value:
                yield (f"The {words} are:",)
                yield wording_of_arrays.arrays(value)
            elif value:
                name = value if isinstance(value, str) else value["file"]
                yield (f"The {words} are in the file {name}.",)

    def _formulas(self) -> Iterator[Part]:
        """Yield the graph with the shapes of all examples together, or of one where it is for one."""
        plan = self.plan
        together = wording_of_arrays.graph(plan.graph, {**plan.constants, **plan.data, **plan.parameters})
        if isinstance(together, Definitions) and not together.shapes[canonical(self.loss)]:
            yield together
            return
        alone = wording_of_arrays.graph(plan.graph, plan.parameters)
        yield alone
        if plan.data and isinstance(alone, Definitions):
            yield (symbol(self.loss), " is the loss of one example; what is made small is its mean over all of them.")

    # --- what is worked out -------------------------------------------------------------------------------------------

    def things(self) -> Iterator[Any]:
        history = replace(train(self.plan), seconds=0.0)  # how long it took is no part of what came out
        yield history
        if self.asked.get("show") == "steps":
            from symback.problems.exercises.descent import steps_of  # few trainings are written out

            yield steps_of(self.plan, history)

    def verification(self, thing: Any) -> Any:
        return verified(self.plan, thing) if isinstance(thing, History) else thing.verify()

    def answers(self, things: Sequence[Any]) -> Answers:
        history: History = things[0]
        rights: dict[str, Rights] = {name: rights_of(value) for name, value in history.parameters.items()}
        row = history.row(history.kept)
        rights |= {"loss": rights_of(row.loss), history.loss: rights_of(row.loss)}
        for name, value in row._asdict().items():
            if value is not None and isfinite(value):
                rights.setdefault(name, rights_of(value))
        rights.setdefault("epochs", rights_of(history.epochs))
        return Answers(rights, "loss", key=lambda text: canonical(text.strip()))

    def picture(self, kind: str, things: Sequence[Any]) -> Picture:
        if kind == "loss":
            return loss_picture(things[0])
        return graph_picture(self.plan.graph) if kind == "graph" else super().picture(kind, things)


def _floats(value: Any) -> Any:
    return [_floats(entry) for entry in value] if isinstance(value, list) else float(value)


def verified(plan: Plan, history: History) -> Verification | None:
    """Check the loss: it must be what the graph itself gives for the parameters that were kept, on all examples.

    Training runs as compiled code; this runs the graph node by node. None where there are too many examples.
    """
    loss, parameters = history.loss, dict(history.parameters)
    data, _ = parted(plan)
    objective = objective_of(plan.graph, loss, parameters, data, plan.constants, plan.settings.axis)
    batches = objective.examples if isinstance(objective, OneByOne) else [{**objective.constants, **objective.data}]
    if len(batches) > MOST_EXAMPLES:
        return None
    with quiet():
        found = [float(plan.graph.forward({**values, **parameters})[loss]) for values in batches]
    mean, last = sum(found) / len(found), history.losses[history.kept]
    if abs(mean - last) > NEAR * (1 + abs(mean)):
        return Verification("failed", 1, f"The loss is {mean:.10g} for these parameters, not {last:.10g}.")
    which = "the last loss" if history.best is None else f"the loss of epoch {history.best}"
    return Verification("verified", 1, f"Verified: {which} is what the graph gives for the trained parameters.")
