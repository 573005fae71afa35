"""Training: the updates by hand, the methods, why it stops, repeatability, files and the command."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import nullcontext, suppress
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symback.errors import DomainError, FileError, ParseError, ShapeError, UsageError
from symback.graph.graph import Graph
from symback.graph.networks import mlp, rnn
from symback.page import render
from symback.problems import solve
from symback.train import History, Settings, objective, read_plan, train
from symback.train.random_numbers import uniform
from symback.train.settings import rate_fault
from tests.running import Run, interruptible

LINE = "L = (w x - y)^2"
POINTS: dict[str, Any] = {"x": [1, 2, 3], "y": [2, 4, 6]}  # w = 2; at w the loss is (14/3)(w - 2)^2
XOR: dict[str, Any] = {"X": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [1], [1], [0]]}

XOR_FILE = """
title = "Exclusive or"
graph = '''
W1: 2x3; b1: 3; W2: 3x1; b2: 1
yhat = sigmoid(tanh(X @ W1 + b1) @ W2 + b2)
L = mse(yhat, y)
'''
data = {X = [[0, 0], [0, 1], [1, 0], [1, 1]], y = [[0], [1], [1], [0]]}
learning_rate = 2
epochs = 400
"""


# --- updates ----------------------------------------------------------------------------------------------------------


def test_one_step_of_gradient_descent_by_hand() -> None:
    """dL/dw = (28/3)(w - 2), averaged over the three points: -56/3 at w = 0."""
    history = train(LINE, POINTS, {"w": 0}, lr=0.03, epochs=1)
    assert history.losses[0] == pytest.approx(56 / 3)
    assert history.parameters["w"] == pytest.approx(0.03 * 56 / 3)
    assert history.losses[1] == pytest.approx(14 / 3 * (0.56 - 2) ** 2)


def test_two_steps_with_momentum_by_hand() -> None:
    """L = w^2 from 1: v = 2, w = 0.8; v = 0.5 2 + 1.6 = 2.6, w = 0.54."""
    history = train("L = w^2", {}, {"w": 1}, momentum=0.5, epochs=2)
    assert history.losses == pytest.approx((1, 0.64, 0.54**2))


def test_the_first_step_of_adam_is_the_learning_rate() -> None:
    """The corrected means of the first step are the gradient and its square, whatever its size."""
    history = train("L = 1000w^2 + v^2", {}, {"w": 1, "v": -1}, adam=True, epochs=1)
    assert history.parameters == pytest.approx({"w": 0.9, "v": -0.9})


def test_a_schedule_is_a_formula_in_the_epochs_done() -> None:
    w, losses = 0.0, []
    for epoch in range(4):
        losses.append(14 / 3 * (w - 2) ** 2)
        w -= 0.1 / (1 + epoch) * 28 / 3 * (w - 2)
    assert train(LINE, POINTS, {"w": 0.0}, lr="0.1/(1 + t)", epochs=3).losses == pytest.approx(losses)
    assert Settings(lr="0.05(1 + cos(pi t/200))").rate(200) == pytest.approx(0)
    assert Settings(lr="0.1/(1 + t)").words().endswith("learning rate 0.1/(1 + t)")
    for adam, momentum in ((True, 0.0), (False, 0.9)):
        fixed, constant = (
            train(LINE, POINTS, {"w": 0.0}, lr=lr, adam=adam, momentum=momentum, epochs=9) for lr in (0.02, "0.02 + 0t")
        )
        assert fixed.losses == constant.losses


@pytest.mark.parametrize("lr", ["", "0.1 -", "x", "-t", "1/t", "1/0", "ln(t)", 0, -1.0, True])
def test_learning_rates_that_are_none(lr: Any) -> None:
    with pytest.raises(UsageError, match="lr must be a number above 0, or a formula in the epoch t"):
        train(LINE, POINTS, {"w": 0.0}, lr=lr)


def test_the_second_step_of_adam_by_hand() -> None:
    history = train("L = w^2", {}, {"w": 1}, adam=True, epochs=2)
    p, q = 0.9 * 0.1 * 2 + 0.1 * 1.8, 0.999 * 0.001 * 4 + 0.001 * 1.8**2
    w = 0.9 - 0.1 * (p / (1 - 0.9**2)) / (sqrt(q / (1 - 0.999**2)) + 1e-8)
    assert history.parameters["w"] == pytest.approx(w, rel=1e-7)


def test_losses_belong_to_the_parameters_before_and_after_each_epoch() -> None:
    history = train(mlp([2, 3, 1]), XOR, epochs=5)
    assert history.epochs == 5
    assert mlp([2, 3, 1]).forward({**XOR, **history.parameters})["L"] == pytest.approx(history.losses[-1], rel=1e-12)


def test_no_epochs_leave_the_initial_values() -> None:
    assert train(LINE, POINTS, {"w": 5}, epochs=0).parameters == {"w": 5.0}


# --- methods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("extra", [{}, {"momentum": 0.5}, {"adam": True, "lr": 0.05}])
@pytest.mark.parametrize("method", ["full", "stochastic", "mini-batch"])
def test_every_method_finds_the_line(method: str, extra: dict[str, Any]) -> None:
    settings = {"lr": 0.02, "batch": 2, "epochs": 800, "method": method, **extra}
    assert train(LINE, POINTS, {"w": 0}, **settings).parameters["w"] == pytest.approx(2, abs=1e-3)


@pytest.mark.parametrize("settings", [{}, {"momentum": 0.5}])
def test_a_batch_of_all_examples_is_full_batch(settings: dict[str, Any]) -> None:
    full = train(mlp([2, 3, 1]), XOR, epochs=3, **settings)
    batches = train(mlp([2, 3, 1]), XOR, epochs=3, method="mini-batch", batch=100, **settings)
    assert batches.losses == pytest.approx(full.losses, rel=1e-12)


@pytest.mark.parametrize("method", ["full", "stochastic", "mini-batch"])
def test_a_graph_of_one_example_and_a_graph_of_a_batch_agree(method: str) -> None:
    of_one = "W1: 2x3; b1: 3; W2: 3x1; b2: 1; x: 2; y: 1\nL = mse(tanh(x @ W1 + b1) @ W2 + b2, y)"
    start = dict(train(mlp([2, 3, 1]), XOR, epochs=0).parameters)
    one = train(of_one, {"x": XOR["X"], "y": XOR["y"]}, start, method=method, batch=3, epochs=5)
    batch = train(mlp([2, 3, 1]), XOR, start, method=method, batch=3, epochs=5)
    assert one.losses == pytest.approx(batch.losses, rel=1e-10)


def test_an_epoch_of_stochastic_descent_takes_every_example_once() -> None:
    """Each step moves w to the middle between itself and an example, so the last one has half the weight."""
    history = train("L = (w - x)^2", {"x": [0.0, 8.0]}, {"w": 0}, method="stochastic", lr=0.25, epochs=1)
    assert history.parameters["w"] in (4.0, 2.0)


def test_the_order_of_the_examples_comes_from_the_seed() -> None:
    def weights(seed: int) -> float:
        data = {"x": list(range(6)), "y": [0] * 6}
        found = train(LINE, data, {"w": 1}, method="stochastic", lr=0.01, epochs=1, seed=seed).parameters["w"]
        return float(found)

    data = {"x": [0.0, 8.0, 4.0, 2.0]}
    ends = {
        train("L = (w - x)^2", data, {"w": 0}, method="stochastic", lr=0.25, epochs=1, seed=s).parameters["w"]
        for s in range(8)
    }
    assert weights(3) == weights(3)
    assert len(ends) > 3


def test_examples_along_another_axis() -> None:
    graph = rnn(inputs=1, width=3, steps=4)
    x = np.sin(np.arange(48.0)).reshape(4, 12, 1)
    data = {"x": x, "y": np.cumsum(x, axis=0) / 4}
    history = train(graph, data, method="mini-batch", batch=5, axis=1, adam=True, lr=0.02, epochs=60)
    assert history.losses[-1] < history.losses[0] / 10


def test_constants_are_the_same_for_all_examples_and_not_trained() -> None:
    graph = "L = mse(w x, y) + lam w^2"
    for method in ("full", "mini-batch"):
        history = train(graph, POINTS, constants={"lam": 14 / 3}, method=method, batch=3, lr=0.05, epochs=300)
        assert dict(history.parameters) == pytest.approx({"w": 1.0})


def test_class_numbers_as_data() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, size=60)
    points = np.array([[0, 2], [2, -1], [-2, -1]])[labels] + 0.3 * random.normal(size=(60, 2))
    history = train(mlp([2, 8, 3], "relu", "cross_entropy"), {"X": points, "y": labels}, lr=0.5, epochs=100)
    assert history.losses[-1] < 0.01


@pytest.mark.parametrize("method", ["full", "mini-batch"])
def test_class_numbers_are_looked_at(method: str) -> None:
    for wrong in ([0, 3], [0, 0.5], [-1, 0]):
        with pytest.raises(UsageError, match=r"y holds the class .* in row"):
            train(mlp([2, 3], loss="cross_entropy"), {"X": [[1, 2], [3, 4]], "y": wrong}, method=method)
        good, bad = {"X": [[1, 2]], "y": [0]}, {"X": [[1, 2], [3, 4]], "y": wrong}
        with pytest.raises(UsageError, match=r"y holds the class .* in row"):
            train(mlp([2, 3], loss="cross_entropy"), good, method=method, validation=bad)


def test_batches_are_the_same_whatever_is_put_in_order_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(2)
    data = {"X": random.normal(size=(37, 2)), "y": random.normal(size=(37, 1))}
    settings: dict[str, Any] = {"method": "mini-batch", "batch": 5, "epochs": 3}
    whole = train(mlp([2, 3, 1]), data, **settings)
    monkeypatch.setattr(objective, "BLOCK", 300)
    assert train(mlp([2, 3, 1]), data, **settings) == whole


# --- the end ----------------------------------------------------------------------------------------------------------


def test_it_stops_where_the_loss_no_longer_falls() -> None:
    history = train("L = (w - 3)^2 + 1", {}, {"w": 0}, lr=0.25, epochs=1000, patience=5)
    assert history.reason == "the loss no longer falls"
    assert history.epochs < 40
    assert history.losses[-1] == pytest.approx(1)


def test_it_stops_where_the_loss_is_not_finite_and_keeps_the_last_good_values() -> None:
    history = train("L = w^4", {}, {"w": 3}, lr=1, epochs=100)
    assert history.reason == "the loss is not finite"
    assert all(np.isfinite(history.losses))
    assert history.parameters["w"] ** 4 == pytest.approx(history.losses[-1])


def test_it_says_when_all_epochs_are_done() -> None:
    assert train(LINE, POINTS, {"w": 0}, lr=0.001, epochs=3).reason == "all epochs done"


def test_a_loss_that_is_not_finite_to_begin_with_is_an_error() -> None:
    with pytest.raises(DomainError, match="initial values"):
        train("L = ln(w)", {}, {"w": -1})


# --- initial values, repeatability, the result ------------------------------------------------------------------------


def test_initial_values_are_glorot_for_matrices_and_zero_for_vectors() -> None:
    start = train(mlp([30, 20, 1]), {"X": np.ones((2, 30)), "y": np.ones((2, 1))}, epochs=0).parameters
    limit = sqrt(6 / 50)
    assert limit * 0.95 < np.max(np.abs(start["W1"])) <= limit
    assert np.all(start["b1"] == 0)


def test_initial_values_do_not_depend_on_which_others_are_given() -> None:
    free = train(mlp([2, 3, 1]), XOR, epochs=0).parameters
    fixed = train(mlp([2, 3, 1]), XOR, {"W1": np.ones((2, 3))}, epochs=0).parameters
    assert np.array_equal(free["W2"], fixed["W2"])
    assert np.all(fixed["W1"] == 1)


def test_a_number_for_the_parameters_is_their_seed() -> None:
    first, second = (train(mlp([2, 3, 1]), XOR, seed, epochs=1) for seed in (1, 2))
    assert first.losses != second.losses
    assert first == train(mlp([2, 3, 1]), XOR, 1, epochs=1)


@pytest.mark.parametrize("settings", [{}, {"method": "stochastic"}, {"method": "mini-batch", "batch": 3, "adam": True}])
def test_the_same_call_gives_the_same_bits(settings: dict[str, Any]) -> None:
    first, second = (train(mlp([2, 3, 1]), XOR, epochs=30, **settings) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    assert all(first.parameters[n].tobytes() == second.parameters[n].tobytes() for n in first.parameters)


def test_a_history_is_frozen_and_goes_through_pickle() -> None:
    history = train(mlp([2, 3, 1]), XOR, epochs=3)
    assert pickle.loads(pickle.dumps(history)) == history
    assert history != train(mlp([2, 3, 1]), XOR, epochs=4)
    with pytest.raises(AttributeError):
        history.reason = ""  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        history.parameters["W1"][0, 0] = 1


def test_training_changes_nothing_that_it_was_given() -> None:
    start, data = {"W1": np.ones((2, 3))}, {name: np.array(value, dtype=float) for name, value in XOR.items()}
    train(mlp([2, 3, 1]), data, start, epochs=3, method="stochastic")
    assert np.all(start["W1"] == 1)
    assert data["X"].tolist() == XOR["X"]


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: train(LINE, POINTS, lr=0, epochs=-1), UsageError, "lr must be .*\nepochs must be"),
        (lambda: train(LINE, POINTS, speed=1), UsageError, "no setting speed"),
        (lambda: train(LINE, POINTS, adam=True, momentum=0.9), UsageError, "momentum of its own"),
        (lambda: train(LINE, {**POINTS, "q": 1}), UsageError, "no input q"),
        (lambda: train(LINE, POINTS, {"v": 1}), UsageError, "v is not a parameter"),
        (lambda: train(LINE, POINTS, {"x": 1}), UsageError, "x is listed under data"),
        (lambda: train(LINE, {**POINTS, "w": 1}), UsageError, "nothing to train"),
        (lambda: train(LINE, {"x": [1, 2], "y": [1, 2, 3]}), (ParseError, ShapeError), "2 and 3"),
        (lambda: train("x: 2\nw: 2\nL = dot(w, x)", {"x": [[1, 2, 3]]}), ShapeError, "x is a 2, but"),
        (lambda: train(LINE, {"x": ["a"], "y": [1]}), UsageError, "x holds text"),
        (lambda: train(LINE, POINTS, {"w": [1, 2]}), ParseError, "2 and 3"),
        (lambda: train("L = mse(X @ W, y)", XOR), ParseError, "matrix product"),
        (lambda: train(mlp([2, 3, 1]), {"X": XOR["X"], "y": [[0]] * 3}), ParseError, "4x1 and 3x1"),
        (lambda: train(LINE, POINTS, loss="M"), UsageError, "no node M"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(call: Callable[[], History], error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        call()


def test_a_parameter_without_a_shape_is_named() -> None:
    with pytest.raises(ParseError) as caught:
        train("L = mse(X @ W, y)", XOR)
    assert "W has no shape" in caught.value.hint


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def xor(tmp_path: Path) -> Path:
    path = tmp_path / "xor.toml"
    path.write_text(XOR_FILE, encoding="utf-8")
    return path


def test_a_file_is_the_same_training_as_the_call(xor: Path) -> None:
    table = tomllib.loads(XOR_FILE)
    by_hand = train(Graph(table["graph"]), XOR, lr=2, epochs=400)
    assert train(str(xor)).losses == train(xor).losses == by_hand.losses
    assert train(xor).title == "Exclusive or"
    assert train(xor, epochs=2).losses == by_hand.losses[:3]


def test_exclusive_or_is_learnt(xor: Path) -> None:
    history = train(xor, epochs=1000)
    assert history.losses[-1] < 1e-3
    outputs = read_plan(xor).graph.forward({**XOR, **history.parameters})["yhat"]
    assert np.round(outputs).tolist() == XOR["y"]


def test_data_from_a_csv_file(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("x1, x2, label\n0,0,0\n0,1,1\n1,0,1\n\n1,1,0\n", encoding="utf-8")
    file = tmp_path / "a.toml"
    file.write_text('graph = "L = mse(w x1 + v x2, label)"\nsymbols = ["label"]\ndata = "points.csv"', encoding="utf-8")
    assert train(file, epochs=2).data == (("x1", (4,)), ("x2", (4,)), ("label", (4,)))
    columns = 'data = {file = "points.csv", X = ["x1", "x2"], y = "label"}'
    file.write_text(f"graph = 'w: 2\nL = mse(X @ w, y)'\n{columns}".replace("'w", "'''w").replace("y)'", "y)'''"))
    assert train(file, epochs=2).data == (("X", (4, 2)), ("y", (4,)))


def test_the_keys_of_a_problem_of_this_kind_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    keys = "graph = 'L = (w x - y)^2'\ndata = {x = 1, y = 2}\nepochs = 0\nlearning_rate = 1\n"
    file.write_text(f"kind = 'train'\nparameters_start = {{w = 5}}\n{keys}", encoding="utf-8")
    assert train(file).parameters == {"w": 5.0}
    file.write_text(f"kind = 'derive'\nparameters_start = {{w = 5}}\nparameters = {{w = 4}}\n{keys}", encoding="utf-8")
    with pytest.raises(FileError, match=r"kind must be 'train'.*\n.*are the same"):
        train(file)


def test_data_from_an_npz_file(tmp_path: Path) -> None:
    np.savez(tmp_path / "xor.npz", **{name: np.array(value) for name, value in XOR.items()})
    np.savez(tmp_path / "start.npz", W1=np.ones((2, 3)))
    file = tmp_path / "a.toml"
    text = "graph = '''\n" + mlp([2, 3, 1]).text + '\n\'\'\'\ndata = "xor.npz"\nparameters = "start.npz"\nepochs = 0'
    file.write_text(text, encoding="utf-8")
    assert np.all(train(file).parameters["W1"] == 1)


def test_all_faults_of_a_file_are_named_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(
        'title = 3\ngraph = "L = (w x - "\ndata = {X = [[0, 0], [0]], y = ["a"]}\nlearning_rate = -2\nspeed = 3\n',
        encoding="utf-8",
    )
    with pytest.raises(FileError) as caught:
        train(file)
    said = caught.value.message
    for part in (
        "6 faults",
        "'speed'",
        "learning_rate must be",
        "title must",
        "X must have rows",
        "y must hold",
        "right-hand",
    ):
        assert part in said
    assert "learning_rate" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("graph = ", "not TOML"),
        ("data = {x = 1}", "graph is missing"),
        ('graph = "L = w^2"\ndata = "none.csv"', "none.csv cannot be read"),
        ('graph = "L = w^2"\ndata = "a.xlsx"', "neither a .csv nor an .npz"),
        ('graph = "L = w^2"\ndata = "bad.csv"', "'a' in line 3, column x"),
        ('graph = "L = w^2"\ndata = "short.csv"', "line 2 has 1 entries"),
        ('graph = "L = w^2"\ndata = {file = "short.csv", X = ["p"]}', "line 2 has 1"),
        ('graph = "L = w^2"\ndata = {file = "good.csv", X = ["p"]}', "there is no column 'p'"),
        ('graph = "L = w^2"\ndata = "not.npz"', "not.npz cannot be read"),
        ('graph = "L = w^2"\nconstants = {w = true}', "w must hold numbers"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.csv").write_text("x,y\n1,2\na,3\n")
    (tmp_path / "short.csv").write_text("x,y\n1\n")
    (tmp_path / "good.csv").write_text("x,y\n1,2\n")
    (tmp_path / "not.npz").write_bytes(b"PK nothing")
    file = tmp_path / "a.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match=said):
        train(file)


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_the_command_prints_losses_reason_and_parameters(symback: Run, xor: Path) -> None:
    done = symback("train", str(xor))
    assert done.code == 0
    assert done.err == ""
    assert "Exclusive or" in done.out
    assert "  epoch   loss" in done.out
    assert "    400   0.00" in done.out
    assert "All epochs done after 400 epochs: L = 0.00" in done.out
    assert re.search("W₁ = [⎡⎣]", done.out)


def test_the_command_writes_every_format(symback: Run, xor: Path) -> None:
    found = json.loads(symback("train", str(xor), "--format", "json", "--epochs", "3").out)
    assert (found["schema"], found["kind"], found["epochs"], len(found["losses"])) == (1, "training", 3, 4)
    assert np.shape(found["parameters"]["W1"]) == (2, 3)
    assert "| epoch | loss |\n|---|---|" in symback("train", str(xor), "--format", "markdown").out
    curve = ET.fromstring(symback("train", str(xor), "--format", "svg").out)
    assert curve.tag.endswith("svg")
    assert symback("train", str(xor), "--format", "dot").code == 2
    assert symback("train", str(xor), "--format", "latex").out.count("begin{align*}") > 0


def test_the_command_repeats_itself_bit_for_bit(symback: Run, xor: Path) -> None:
    first, second = (symback("train", str(xor), "--format", "json").out for _ in range(2))
    assert first == second


def test_weights_are_written_and_read_again(symback: Run, xor: Path, tmp_path: Path) -> None:
    """As .npz and as the JSON of a training, by backprop and by the next training."""
    weights, trained = tmp_path / "w.npz", tmp_path / "t.json"
    for path in (weights, trained):
        assert symback("train", str(xor), "--epochs", "30", "-o", str(path)).code == 0
    history = train(xor, epochs=30)
    with np.load(weights) as found:
        written = {name: found[name].tolist() for name in found.files}
    assert written == {name: np.asarray(value).tolist() for name, value in history.parameters.items()}
    graph = tmp_path / "g.txt"
    graph.write_text(tomllib.loads(XOR_FILE)["graph"], encoding="utf-8")
    data = tmp_path / "d.json"
    data.write_text(json.dumps(XOR), encoding="utf-8")
    shown = [symback("backprop", str(graph), "--values", str(data), "--values", str(f)).out for f in (weights, trained)]
    assert shown[0] == shown[1]
    assert f"{history.losses[-1]:.6f}"[:7] in shown[0]
    again = XOR_FILE + f'parameters = "{weights.name}"\n'
    (tmp_path / "again.toml").write_text(again, encoding="utf-8")
    assert train(tmp_path / "again.toml", epochs=1).losses[0] == history.losses[-1]
    assert symback("train", str(xor), "--format", "npz").code == 2


def test_an_interrupt_keeps_what_is_reached() -> None:
    from symback.train import training

    class Stops:
        """An interrupt in the middle of the seventh epoch."""

        def __init__(self) -> None:
            self.count = 0

        def __call__(self, epoch: int, loss: float) -> None:
            self.count += 1
            if self.count == 7:
                raise KeyboardInterrupt

    whole = train(LINE, POINTS, {"w": 0.0}, lr=0.01, epochs=100)
    stops = Stops()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "progress_bar", lambda epochs, wanted: nullcontext(stops))
        history = train(LINE, POINTS, {"w": 0.0}, lr=0.01, epochs=100)
    assert history.reason == "stopped by hand"
    assert history.losses == whole.losses[:7]
    assert history.parameters == train(LINE, POINTS, {"w": 0.0}, lr=0.01, epochs=6).parameters


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
def test_ctrl_c_prints_and_writes_what_is_reached(xor: Path, tmp_path: Path) -> None:
    weights = tmp_path / "w.npz"
    command = [sys.executable, "-m", "symback", "train", str(xor), "--epochs", "100000000", "-o", str(weights)]
    terminal, theirs = os.openpty()
    run = interruptible(command, stderr=theirs, env={**os.environ, "TERM": "xterm", "COLUMNS": "80"})
    os.close(theirs)
    shown = b""
    while not re.search(rb"\b[1-9]\d*/100000000", shown):  # an epoch is done
        shown += os.read(terminal, 4096)
    run.send_signal(signal.SIGINT)
    with suppress(OSError):  # the other end is closed when the process ends
        while os.read(terminal, 4096):
            pass
    os.close(terminal)
    assert run.wait(20) == 130
    with np.load(weights) as found:
        assert set(found.files) == {"W1", "b1", "W2", "b2"}


def test_the_command_explains_itself(symback: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('graph = "L = ln(w)"\nparameters = {w = -1}', encoding="utf-8")
    assert symback("train", str(file)).code == 1
    missing = symback("train", str(tmp_path / "none.toml"))
    assert missing.code == 3
    assert "cannot be read" in missing.err
    found = json.loads(symback("train", str(tmp_path / "none.toml"), "--format", "json").out)
    assert found["error"]["code"] == "file"


def test_the_table_of_many_epochs_is_short() -> None:
    text = render(train(LINE, POINTS, {"w": 0}, lr=0.0001, epochs=5000, tolerance=0), "text", width=80)
    assert len(text.splitlines()) < 40
    assert "   5000  " in text


def test_settings_say_themselves() -> None:
    assert Settings(momentum=0.9).words() == "full-batch gradient descent, momentum 0.9, learning rate 0.1"


@pytest.mark.parametrize(
    ("lr", "said"), [(0.05, "no longer falls by more than 1e-10 after"), (5.0, "no longer falls after")]
)
def test_why_a_training_ended_in_words(lr: float, said: str) -> None:
    from symback.page.training import reason

    history = train("L = (w x - y)^2", {"x": [1, 2, 3], "y": [2, 4, 6]}, {"w": 0}, lr=lr, epochs=500)
    assert said in reason(history)


@pytest.mark.parametrize(
    ("lr", "epochs", "said"),
    [
        ("0.1 - 0.01t", 20, "lr is 0 at epoch 10"),
        ("0.1 - 0.02t", 20, "lr is 0 at epoch 5"),
        ("0.05(1 + cos(pi t/8))", 20, "lr is 0 at epoch 8"),
        ("1/(3 - t)", 20, "lr is not a number at epoch 3"),
        ("sqrt(4.5 - t)", 20, "lr is not a number at epoch 5"),
        ("0.1 + 1/(t - 250000)^2", 300_000, "lr is not a number at epoch 250000"),
    ],
)
def test_a_schedule_must_be_above_0_in_every_epoch(lr: str, epochs: int, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        train(LINE, POINTS, {"w": 0}, lr=lr, epochs=epochs)
    bad = int(said.rpartition(" ")[2])
    assert rate_fault(Settings(lr=lr, epochs=bad)) == ""  # the last epoch is the one before


def test_a_schedule_in_steps() -> None:
    steps = Settings(lr="0.1 * 0.5^(step(t - 9.5) + step(t - 19.5))")
    assert [steps.rate(t) for t in range(30)] == [0.1] * 10 + [0.05] * 10 + [0.025] * 10


def test_a_file_and_a_problem_are_one_dialect(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("x,y\n1,2\n2,3\n3,5\n", encoding="utf-8")
    body = """\
title = "A line"
text = "Fit a line."
graph = "L = mse(slope x + b, y)"
symbols = "slope"
data = "points.csv"
constants = {b = 0.5}
parameters_start = {slope = 1}
learning_rate = 0.05
epochs = 4
hints = ["Begin with the slope."]
"""
    (tmp_path / "alone.toml").write_text(body, encoding="utf-8")
    (tmp_path / "sheet.toml").write_text(f"[[problem]]\nkind = 'train'\n{body}", encoding="utf-8")
    (solution,) = solve(tmp_path / "sheet.toml").solutions
    assert solution.error is None
    alone, within = train(tmp_path / "alone.toml"), solution.works[0].thing
    assert (alone.losses, alone.parameters, alone.title) == (within.losses, within.parameters, "A line")


@pytest.mark.parametrize("seed", [0, 1, 7, 2**32 - 1, 2**32, 2**64 + 9, 2**130 + 7])
def test_the_numbers_that_a_training_starts_with_are_those_of_numpy(seed: int) -> None:
    streams = np.random.SeedSequence(seed).spawn(5)
    drawn = [float(np.random.default_rng(stream).uniform(-1, 1)) for stream in streams]
    assert [uniform(seed, k, -1, 1) for k in range(5)] == drawn
