"""A training as a TOML file: the graph, the data, and the settings; every fault is named, all at once.

    title = "Exclusive or"
    graph = '''
    W1: 2x3; b1: 3; W2: 3x1; b2: 1
    L = mse(sigmoid(tanh(X @ W1 + b1) @ W2 + b2), y)
    '''
    data = {X = [[0, 0], [0, 1], [1, 0], [1, 1]], y = [[0], [1], [1], [0]]}
    learning_rate = 2
    epochs = 500

`data` is a table of arrays, or the name of a file beside this one: an .npz file with arrays by name, or a .csv file
whose first line names the columns. `data = {file = "points.csv", X = ["x1", "x2"], y = "label"}` makes arrays of them.
`validation` is the same, or the fraction of the data that is kept out of training, such as 0.2. `accuracy = "p"` names
the node that predicts, `labels = "y"` what is right; a cross_entropy or bce says both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

from symback.content import ByContent
from symback.errors import FileError, ParseError, SymbackError
from symback.expr.numeric import np
from symback.graph.graph import Graph, canonical
from symback.train.data_files import read_arrays
from symback.train.settings import DEFAULTS, NAMES, Settings, faults, rate_fault
from symback.train.validation import faults as faults_of_validation

RENAMED = {"learning_rate": "lr"}  # keys of a file and the settings that they are
SAME = {"parameters_start": "parameters"}  # keys of a problem of the kind train that mean the same here


def _meant(key: str, known: Sequence[str]) -> str:
    """Return the key that may have been meant: that of the setting of this name, or the nearest."""
    settings = {name: written for written, name in RENAMED.items()}
    return settings.get(key) or "".join(get_close_matches(key.lower(), known, n=1))


def keys() -> tuple[str, ...]:
    """Return the keys of a training: those of a problem of the kind train, which may stand in a file of their own."""
    common = import_module("symback.problems.common").Common.fields
    return ("kind", *import_module("symback.problems.registry").kind("train").fields, *common)


@dataclass(frozen=True, eq=False)
class Plan(ByContent):
    """What to train: the graph, the data and constants by name, initial values and their seed, the settings.

    `validation` are data that are kept out, or the part of the data that is; `accuracy` is the node that predicts,
    `labels` what is right, None where the loss is to say it, and False where no accuracy is wanted.
    """

    graph: Graph
    data: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    start: int | None = None
    settings: Settings = DEFAULTS
    loss: str | None = None
    title: str = ""
    validation: Mapping[str, Any] | float | None = None
    accuracy: str | bool | None = None
    labels: str | None = None


def read_plan(path: Path | str) -> Plan:
    """Return the training that a TOML file describes; FileError with all its faults."""
    path = Path(path)
    return plan_of(_table(path), path)


def plan_of(table: dict[str, Any], path: Path) -> Plan:
    """Return the training that a table of these keys describes; data files lie beside `path`, which errors name."""
    reader = _Reader(path, table)
    plan = reader.plan()
    if plan is None or reader.faults:
        raise FileError(_listed(path, reader.faults), hint=reader.hint)
    return plan


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise FileError(f"{path.name} is not a text in UTF-8.", hint="Save it as UTF-8.") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}.", hint="Check its name.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        hint = "Put a text of several lines between ''' and '''; keys and values have an equals sign."
        raise FileError(f"{path.name} is not TOML: {error}.", hint=hint) from None


def _listed(path: Path, wrong: list[str]) -> str:
    if len(wrong) == 1:
        return f"{path.name}: {wrong[0]}"
    return "\n".join([f"{path.name} has {len(wrong)} faults:", *(f"  {fault}" for fault in wrong)])


class _Reader:
    """The keys of a file, read one by one; what is wrong is collected."""

    def __init__(self, path: Path, table: dict[str, Any]) -> None:
        self.folder = path.parent
        self.table = {SAME.get(key, key): value for key, value in table.items()}
        self.faults: list[str] = []
        self.hint = ""
        if table.get("kind", "train") != "train":
            self.faults.append("kind must be 'train'.")
        if len(self.table) < len(table):
            self.faults.append("parameters and parameters_start are the same; leave one of them out.")

    def plan(self) -> Plan | None:
        self._unknown_keys()
        settings = self._settings()
        title, loss, labels = self._text("title"), self._node("loss"), self._node("labels")
        accuracy = False if self.table.get("accuracy") is False else self._node("accuracy")
        arrays = [self._arrays(key) for key in ("data", "constants", "parameters")]
        validation = self._validation(arrays[0], settings)
        graph = self._graph(declared_names(*arrays))
        if graph is not None:
            self._check_nodes(graph, loss, labels, accuracy)
        if graph is None or self.faults:
            return None
        data, constants, parameters = arrays
        return Plan(
            graph,
            data,
            constants,
            parameters,
            settings=Settings(**settings),
            loss=loss,
            title=title,
            validation=validation,
            accuracy=accuracy,
            labels=labels,
        )

    def _node(self, key: str) -> str | None:
        """Return the name of a node of the graph."""
        name = self._text(key)
        return (self._tried(key, _name, name) or None) if name else None

    def _check_nodes(self, graph: Graph, *names: str | bool | None) -> None:
        known = {*graph.inputs, *(statement.name for statement in graph.statements)}
        for key, name in zip(("loss", "labels", "accuracy"), names, strict=True):
            if name and name not in known:
                self.faults.append(f"{key}: the graph has no node {name}.")

    def _validation(self, data: dict[str, Any], settings: Mapping[str, Any]) -> Any:
        """Return the validation data, or the part of the data that they are."""
        given = self.table.get("validation")
        if given is None:
            return None
        before = len(self.faults)
        found = self._arrays("validation") if isinstance(given, (dict, str)) else given
        if len(self.faults) == before and all(value is not None for value in data.values()):
            axis = settings.get("axis", DEFAULTS.axis)
            self.faults += faults_of_validation(found, data, axis if isinstance(axis, int) else DEFAULTS.axis)
        return found

    def _unknown_keys(self) -> None:
        known = keys()
        for key in self.table:
            if key not in known:
                self.faults.append(f"There is no key {key[:60]!r}.")
                near = _meant(key, known)
                meant = f"Did you mean {near}? " if near else ""
                self.hint = f"{meant}The keys are {', '.join(known)}."

    def _settings(self) -> dict[str, Any]:
        given = {RENAMED.get(key, key): value for key, value in self.table.items() if RENAMED.get(key, key) in NAMES}
        given.pop("lr", None) if "learning_rate" not in self.table else None
        written = {name: key for key, name in RENAMED.items()}
        wrong = list(faults(given))
        for fault in wrong:
            first, _, rest = fault.partition(" ")
            self.faults.append(f"{written.get(first, first)} {rest}")
        said = "" if wrong else rate_fault(Settings(**given))
        self.faults += [f"learning_rate {said}"] if said else []
        return given

    def _text(self, key: str) -> str:
        value = self.table.get(key, "")
        if not isinstance(value, str):
            self.faults.append(f"{key} must be a text.")
            return ""
        return value

    def _graph(self, known: list[str]) -> Graph | None:
        text = self._text("graph")
        if not text.strip():
            self.faults.append("graph is missing: the text of the graph, ending with the loss.")
            return None
        names = self.table.get("symbols", [])
        names = [names] if isinstance(names, str) else names
        if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
            self.faults.append("symbols must be a list of names.")
            names = []
        try:
            return Graph(text, [*names, *known])
        except ParseError as error:
            shown = "\n".join("    " + line for line in error.to("file").explain().split("\n"))
            self.faults.append(f"graph cannot be read:\n{shown}")
        except SymbackError as error:
            self.faults.append(f"graph: {error.message}")
        return None

    # --- arrays -----------------------------------------------------------------------------------------------------

    def _arrays(self, key: str) -> dict[str, Any]:
        """Return the arrays of a table, or of the file that is named, by canonical name."""
        value = self.table.get(key, {})
        if isinstance(value, str):
            value = {"file": value}
        if not isinstance(value, dict):
            self.faults.append(f"{key} must be a table of names and numbers, or the name of a .csv or .npz file.")
            return {}
        found = self._tried(key, self._columns, value) if "file" in value else value
        result: dict[str, Any] = {}
        for name, array in (found or {}).items():
            canonical_name = self._tried(key, _name, name)
            result[canonical_name] = self._tried(key, _numbers, array, name)
        return result

    def _tried(self, key: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what a function does, or note its FileError as a fault of a key and return None."""
        try:
            return function(*arguments)
        except FileError as error:
            self.faults.append(f"{key}: {error.message}")
            return None

    def _columns(self, table: Mapping[str, Any]) -> dict[str, Any]:
        found = read_arrays(self.folder / _a_text(table["file"], "file"))
        chosen = {name: value for name, value in table.items() if name != "file"}
        return {name: _picked(found, value) for name, value in chosen.items()} if chosen else found


def declared_names(*tables: Mapping[str, Any] | None) -> list[str]:
    """Return the names that have values, which are names in the graph too: `loss_weight` is not a product there."""
    return [name for table in tables for name in table or () if name and "[" not in name]


def _a_text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise FileError(f"{key} must be a name between quotation marks.")
    return value


def _picked(found: Mapping[str, Any], columns: Any) -> Any:
    """Return one column, or several side by side."""
    names = [columns] if isinstance(columns, str) else columns
    if not (isinstance(names, list) and names and all(isinstance(name, str) for name in names)):
        raise FileError("a column is named by a text, several by a list of texts.")
    for name in names:
        if name not in found:
            raise FileError(f"there is no column {name[:60]!r}; there are {', '.join(found)}.")
    return found[columns] if isinstance(columns, str) else np.stack([found[name] for name in names], axis=-1)


def _name(name: str) -> str:
    try:
        return canonical(name)
    except ParseError:
        raise FileError(f"{name[:60]!r} is not a name.") from None


def _numbers(value: Any, name: str) -> Any:
    """Return a number or nested lists as an array; FileError where they are not numbers or not of equal length."""
    if isinstance(value, np.ndarray):
        return value
    stack = [value]
    while stack:
        entry = stack.pop()
        if isinstance(entry, list):
            stack.extend(reversed(entry))
        elif isinstance(entry, bool) or not isinstance(entry, (int, float)):
            raise FileError(f"{name} must hold numbers alone, not {str(entry)[:40]!r}.")
    try:
        return np.asarray(value, dtype=float)[()]
    except (ValueError, OverflowError):
        raise FileError(f"{name} must have rows of equal length, and numbers that a float can hold.") from None
