"""Validation data and accuracy in trainings: what is worked out, what is kept, what is said, and what is refused."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symback.errors import FileError, ShapeError, UsageError
from symback.graph.graph import Graph
from symback.graph.networks import mlp
from symback.page import render
from symback.page.pictures.loss import APART, curve
from symback.train import History, train
from symback.train.accuracy import part_right
from symback.train.history import Row
from symback.train.progress import said
from symback.train.validation import drawn
from tests.running import Run

LINE = "L = mse(w x, y)"
POINTS: dict[str, Any] = {"x": [1.0, 2, 3], "y": [2.0, 4, 6]}
APART_POINTS: dict[str, Any] = {"x": [1.0, 2], "y": [3.0, 6]}  # the line through them has another slope
RANDOM = np.random.default_rng(0)
CLASSES = RANDOM.integers(0, 3, size=60)
CLOUDS = np.array([[0, 2], [2, -1], [-2, -1]])[CLASSES] + 1.2 * RANDOM.normal(size=(60, 2))


def predicted(graph: Graph, name: str, data: dict[str, Any], history: History) -> Any:
    return np.asarray(graph.forward({**data, **history.parameters})[name])


# --- validation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["full", "mini-batch", "stochastic"])
def test_the_validation_loss_is_that_of_each_epoch(method: str) -> None:
    """A training of fewer epochs ends where the longer one was then."""
    settings: dict[str, Any] = {"lr": 0.02, "method": method, "batch": 2}
    history = train(LINE, POINTS, {"w": 0}, validation=APART_POINTS, epochs=4, **settings)
    for epochs, loss in enumerate(history.validation_losses):
        (w,) = train(LINE, POINTS, {"w": 0}, epochs=epochs, **settings).parameters.values()
        assert loss == pytest.approx(2.5 * (w - 3) ** 2)
    assert history.losses == train(LINE, POINTS, {"w": 0}, epochs=4, **settings).losses
    assert history.validation == (("x", (2,)), ("y", (2,)))


def test_examples_one_by_one() -> None:
    of_one = "x: 2; y:; w: 2; L = bce(sigmoid(dot(w, x)), y)"
    of_all = "X: 5x2; y: 5; w: 2; L = bce(sigmoid(X @ w), y)"
    x, y = CLOUDS[:8], (CLOUDS[:8, 0] > 0).astype(float)
    one = train(of_one, {"x": x[:5], "y": y[:5]}, {"w": [0, 0.1]}, epochs=5, validation={"x": x[5:], "y": y[5:]})
    both = train(of_all, {"X": x[:5], "y": y[:5]}, {"w": [0, 0.1]}, epochs=5, validation={"X": x[5:], "y": y[5:]})
    for name in ("losses", "validation_losses", "accuracies", "validation_accuracies"):
        assert getattr(one, name) == pytest.approx(getattr(both, name), rel=1e-10)
    assert len(one.validation_accuracies) == 6


def test_a_part_of_the_data_is_kept_out() -> None:
    data = {"x": np.arange(10.0), "y": 2 * np.arange(10.0)}
    kept, held = drawn(0.3, data, axis=0, seed=4)
    assert sorted([*kept["x"], *held["x"]]) == data["x"].tolist()
    assert len(held["x"]) == 3
    assert np.all(held["y"] == 2 * held["x"])
    drawn_again = train(LINE, data, {"w": 0}, validation=0.3, seed=4, epochs=3, lr=0.01)
    by_hand = train(LINE, kept, {"w": 0}, validation=held, seed=4, epochs=3, lr=0.01)
    assert drawn_again == by_hand
    assert len({tuple(drawn(0.3, data, axis=0, seed=seed)[1]["x"]) for seed in range(6)}) > 3


def test_examples_along_another_axis_are_kept_out() -> None:
    kept, held = drawn(0.5, {"x": np.arange(8.0).reshape(2, 4), "k": 3.0}, axis=1, seed=0)
    assert (kept["x"].shape, held["x"].shape, held["k"]) == ((2, 2), (2, 2), 3.0)


def test_numbers_among_the_data_need_no_validation() -> None:
    graph = "L = mse(w x, y) + c w^2"
    history = train(graph, {**POINTS, "c": 1}, {"w": 1}, validation=APART_POINTS, epochs=0)
    assert history.validation_losses == pytest.approx((2.5 * 4 + 1,))


def test_patience_goes_by_the_validation_loss_and_best_keeps_its_parameters() -> None:
    """w goes from 4 to 2, past 3, where the validation loss is 0: from then on it rises."""
    settings: dict[str, Any] = {"lr": 0.01, "epochs": 500, "patience": 7, "validation": APART_POINTS}
    last, best = (train(LINE, POINTS, {"w": 4}, best=best, **settings) for best in (False, True))
    least = int(np.argmin(best.validation_losses))
    assert last.reason == best.reason == "the validation loss no longer falls"
    assert last.epochs == best.epochs == least + 7
    assert (last.best, last.kept, best.best, best.kept) == (None, least + 7, least, least)
    assert 2.5 * (best.parameters["w"] - 3) ** 2 == pytest.approx(best.validation_losses[least])
    assert best.losses == last.losses
    assert abs(best.parameters["w"] - 3) < 0.1 < abs(last.parameters["w"] - 3)


def test_without_validation_best_goes_by_the_loss() -> None:
    history = train(LINE, POINTS, {"w": 0}, best=True, lr=0.3, epochs=5)  # too long a step: it only rises
    assert (history.best, history.parameters["w"]) == (0, 0.0)
    falling = train(LINE, POINTS, {"w": 0}, best=True, lr=0.01, epochs=5)
    assert (falling.best, falling.kept) == (None, 5)


def test_a_validation_loss_that_is_not_finite_is_said_and_never_the_best() -> None:
    """At w = 0 the validation loss is ln(0); the training loss is finite."""
    graph = "L = mean((w x - y)^2) - 0.0001ln(w x - 1)"
    held = {"x": [0.1, 0.2], "y": [1.0, 2.0]}
    history = train(graph, POINTS, {"w": 4}, validation=held, epochs=4, lr=0.01, best=True)
    assert set(history.validation_losses) == {inf}
    assert json.loads(str(render(history, "json")))["validation_losses"] == [None] * 5
    assert "not finite" in str(render(history, "text"))
    assert not re.search(r"\b(nan|inf)\b", str(render(history, "text")) + str(render(history, "markdown")))
    assert history.parameters["w"] == train(graph, POINTS, {"w": 4}, epochs=0).parameters["w"]
    curve(history)


def test_a_history_with_validation_goes_through_pickle_and_repeats_itself() -> None:
    first, second = (
        train(mlp([2, 4, 3], loss="cross_entropy"), {"X": CLOUDS, "y": CLASSES}, validation=0.25, epochs=5)
        for _ in range(2)
    )
    assert first == second == pickle.loads(pickle.dumps(first))
    other = train(mlp([2, 4, 3], loss="cross_entropy"), {"X": CLOUDS, "y": CLASSES}, validation=0.25, epochs=5, seed=1)
    assert first != other


def test_an_interrupt_keeps_what_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    from symback.train import training

    def stop(epoch: int, row: Row) -> None:
        if epoch == 6:
            raise KeyboardInterrupt

    @contextmanager
    def bar(epochs: int, wanted: bool) -> Iterator[Callable[[int, Row], None]]:
        yield stop

    settings: dict[str, Any] = {"lr": 0.01, "validation": APART_POINTS, "best": True}
    whole = train(LINE, POINTS, {"w": 4}, epochs=6, **settings)
    monkeypatch.setattr(training, "progress_bar", bar)
    stopped = train(LINE, POINTS, {"w": 4}, epochs=100, **settings)
    assert stopped.reason == "stopped by hand"
    assert (stopped.losses, stopped.validation_losses) == (whole.losses, whole.validation_losses)
    assert stopped.parameters == whole.parameters


# --- accuracy ---------------------------------------------------------------------------------------------------------

ONE_HOT = np.eye(3)[CLASSES]
SIDES = (CLOUDS[:, 0] > 0.3).astype(float)
LINEAR = "X: 60x2; W: 2x3; b: 3; z = X @ W + b; p = softmax(z)\n"
SIDED = "X: 60x2; y: 60; w: 2; z = X @ w; p = sigmoid(z)\n"


@pytest.mark.parametrize(
    ("graph", "y", "asked", "node"),
    [
        (LINEAR + "L = cross_entropy(p, y)", CLASSES, {}, "p"),
        (LINEAR + "L = cross_entropy(p, y)", ONE_HOT, {}, "p"),
        (LINEAR + "L = cross_entropy(softmax(z), y) + 0.01sum(W^2)", CLASSES, {}, "p"),
        (LINEAR + "L = cross_entropy(p/1, y)", ONE_HOT, {}, "p"),
        (LINEAR + "L = cross_entropy(p, y)", CLASSES, {"accuracy": "z"}, "p"),
        ("y: 60x3\n" + LINEAR + "L = mse(p, y)", ONE_HOT, {"accuracy": "p", "labels": "y"}, "p"),
        (LINEAR + "q = 2p; L = cross_entropy(p, y)", ONE_HOT, {"accuracy": "q"}, "p"),
        (LINEAR + "L = cross_entropy(p, y)", ONE_HOT, {"accuracy": "p", "labels": "y"}, "p"),
        (SIDED + "L = bce(p, y)", SIDES, {}, "p"),
        (SIDED + "L = bce(p, y)", SIDES, {"accuracy": "p"}, "p"),
        (SIDED + "L = bce(p, y)", SIDES, {"accuracy": "z"}, "p"),  # a logit says yes above 0
        (SIDED + "L = bce(sigmoid(z), y)", SIDES, {}, "p"),
        (SIDED + "L = mse(p, y)", SIDES, {"accuracy": "p", "labels": "y"}, "p"),
        ("X: 60x2; y: 60x1; w: 2x1; p = sigmoid(X @ w); L = bce(p, y)", SIDES[:, None], {}, "p"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["full", "mini-batch"])
def test_the_accuracy_of_each_epoch(graph: str, y: Any, asked: dict[str, str], node: str, method: str) -> None:
    data = {"X": CLOUDS, "y": y}
    history = train(graph, data, epochs=4, lr=0.8, method=method, **asked)
    p = predicted(Graph(graph), node, data, history)
    right = p.argmax(axis=1) == CLASSES if p.shape == (60, 3) else (p > 0.5).ravel() == SIDES
    assert history.accuracies[-1] == np.mean(right)
    assert len(set(history.accuracies)) > 1
    assert history.losses[-1] == pytest.approx(Graph(graph).forward({**data, **history.parameters})["L"], rel=1e-12)


@pytest.mark.parametrize(
    ("graph", "y"),
    [
        ("y: 60x3\n" + LINEAR + "L = mse(p, y)", ONE_HOT),
        (SIDED + "L = bce(p, y)", 0.5 + 0.3 * SIDES),  # no labels, but probabilities
        (SIDED + "L = bce(p, y) + bce(p^2, y)", SIDES),
        ("X: 60x2; y: 60; w: 2; L = mse(X @ w, y)", SIDES),
    ],
)
def test_where_the_loss_does_not_say_it_there_is_no_accuracy(graph: str, y: Any) -> None:
    assert train(graph, {"X": CLOUDS, "y": y}, epochs=2).accuracies == ()


def test_accuracy_can_be_left_out() -> None:
    graph = mlp([2, 3], loss="cross_entropy")
    with_it, without = (
        train(graph, {"X": CLOUDS, "y": CLASSES}, epochs=3, accuracy=accuracy) for accuracy in (None, False)
    )
    assert (len(with_it.accuracies), without.accuracies) == (4, ())
    assert with_it.losses == pytest.approx(without.losses, rel=1e-12)


@pytest.mark.parametrize(
    ("prediction", "labels", "threshold", "right"),
    [
        ([[0.2, 0.8], [0.6, 0.4]], [1, 1], None, 0.5),
        ([[0.2, 0.8], [0.6, 0.4]], [[0, 1], [1, 0]], None, 1.0),
        ([[-3.0, 2.0], [5.0, -1.0]], [1, 0], None, 1.0),
        ([0.4, 0.6], [0, 0], 0.5, 0.5),
        ([[0.4], [0.6]], [0, 1], 0.5, 1.0),
        ([-0.1, 0.1], [0, 1], 0.0, 1.0),
        (0.7, 1, 0.5, 1.0),
    ],
)
def test_what_is_right(prediction: Any, labels: Any, threshold: float | None, right: float) -> None:
    assert part_right(prediction, labels, threshold) == right


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"validation": 0}, UsageError, "between 0 and 1, or data, not 0"),
        ({"validation": 1.0}, UsageError, "between 0 and 1, or data, not 1.0"),
        ({"validation": -0.1}, UsageError, "between 0 and 1"),
        ({"validation": True}, UsageError, "between 0 and 1, or data, not True"),
        ({"validation": float("nan")}, UsageError, "between 0 and 1"),
        ({"validation": 0.1}, UsageError, "validation = 0.1 of 3 examples is none of them"),
        ({"validation": 0.9}, UsageError, "validation = 0.9 of 3 examples leaves none to train on"),
        ({"validation": {"x": [1.0]}}, UsageError, "validation has no y"),
        ({"validation": {"x": [1], "y": [1], "z": [1]}}, UsageError, "validation has z, and the data do not"),
        ({"validation": {"x": [[1]], "y": [1]}}, UsageError, "x is a 1x1 in validation and a 3 in data"),
        ({"validation": {"x": [1, 2], "y": [1]}}, UsageError, "x has 2, y has 1"),
        ({"validation": {"x": [], "y": []}}, UsageError, "validation has no examples"),
        ({"validation": {"x": [[1]], "q": [1]}}, UsageError, "(?s)no y.*has q.*x is a 1x1"),
        ({"accuracy": "q"}, UsageError, "no node q"),
        ({"accuracy": "L", "labels": "y"}, ShapeError, "prediction is a scalar, and the labels are a 3"),
        ({"accuracy": "p"}, UsageError, "does not say what is predicted"),
        ({"labels": "y"}, UsageError, "does not say what is predicted"),
        ({"accuracy": "p", "labels": "y"}, UsageError, "values that are not labels"),
        ({"best": 1}, UsageError, "best must be true or false"),
    ],
)
def test_what_does_not_fit_is_said(asked: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        train("p = w x; L = mse(p, y)", POINTS, {"w": 0}, **asked)


# --- files ------------------------------------------------------------------------------------------------------------

FILE = """
title = "Sides"
graph = '''
w: 2
p = sigmoid(X @ w + b)
L = bce(p, y)
'''
epochs = 8
"""
INLINE = "data = {X = [[0, 1], [1, 0], [2, 1], [3, 0]], y = [0, 0, 1, 1]}\n"


def test_validation_in_a_file_has_the_forms_of_data(tmp_path: Path) -> None:
    x, y = np.array([[0.5, 1], [2.5, 0]]), np.array([0.0, 1])
    np.savez(tmp_path / "held.npz", X=x, y=y)
    (tmp_path / "held.csv").write_text("a,b,y\n0.5,1,0\n2.5,0,1\n", encoding="utf-8")
    forms = [
        "validation = {X = [[0.5, 1], [2.5, 0]], y = [0, 1]}",
        'validation = "held.npz"',
        'validation = {file = "held.csv", X = ["a", "b"], y = "y"}',
    ]
    histories = []
    for form in forms:
        (tmp_path / "a.toml").write_text(FILE + INLINE + form, encoding="utf-8")
        histories.append(train(tmp_path / "a.toml"))
    assert histories[0] == histories[1] == histories[2]
    graph = "w: 2; p = sigmoid(X @ w + b); L = bce(p, y)"
    data = {"X": [[0, 1], [1, 0], [2, 1], [3, 0]], "y": [0, 0, 1, 1]}
    by_hand = train(graph, data, validation={"X": x, "y": y}, epochs=8)
    assert histories[0].validation_losses == by_hand.validation_losses
    assert histories[0].validation_accuracies == by_hand.validation_accuracies
    (tmp_path / "a.toml").write_text(FILE + INLINE + "validation = 0.25\nbest = true\naccuracy = false")
    part = train(tmp_path / "a.toml")
    assert (part.validation[0], part.accuracies, part.settings.best) == (("X", (1, 2)), (), True)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("validation = 2", ["validation must be a number between 0 and 1"]),
        ("validation = 0.01", ["is none of them"]),
        ("validation = true", ["between 0 and 1"]),
        ('validation = "none.csv"', ["validation: ", "none.csv cannot be read"]),
        ('validation = {X = [["a", 1]], y = [0]}', ["validation: X must hold numbers"]),
        (
            'validation = {X = [[1, 2, 3]], z = [0]}\naccuracy = "q"\nlabels = "u"\nlearning_rate = "1 - t/4"',
            ["6 faults", "no y", "has z", "X is a 1x3", "accuracy: the graph has no node q", "labels: ", "at epoch 4"],
        ),
    ],
)
def test_all_faults_of_validation_in_a_file(tmp_path: Path, lines: str, said: list[str]) -> None:
    (tmp_path / "a.toml").write_text(FILE + INLINE + lines, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        train(tmp_path / "a.toml")
    for part in said:
        assert part in caught.value.message


# --- what is shown ----------------------------------------------------------------------------------------------------


def history_of(best: int | None = None) -> History:
    losses, held = (4.0, 2.0, 1.0, 0.5), (4.5, 2.5, 3.0, 3.25)
    return History(
        losses,
        {"w": 1.0},
        "all epochs done",
        data=(("x", (8,)),),
        validation=(("x", (2,)),),
        validation_losses=held,
        accuracies=(0.5, 0.625, 0.9999, 1.0),
        validation_accuracies=(0.5, 0.5, 0.5, 0.5),
        best=best,
    )


def test_the_table_and_the_ending() -> None:
    text = str(render(history_of(best=1), "text", width=300))
    assert "  epoch   loss   validation loss   accuracy   validation accuracy\n  0       4      4.5" in text
    assert "  2       1      3                 99.9%      50.0%" in text
    assert "data x 8; validation x 2" in text
    assert "epochs: L = 0.5, validation loss 3.25, accuracy 100%, validation accuracy 50.0%" in text
    assert "those of epoch 1, which has the least validation loss: L = 2, validation loss 2.5" in text
    assert "  loss        ▇▄" in text
    assert "  validation  " in text
    assert "those of epoch" not in str(render(history_of(), "text"))


@pytest.mark.parametrize("format_", ["markdown", "html", "typst", "notebook"])
def test_documents_have_all_columns(format_: str) -> None:
    shown = str(render(history_of(best=1), format_))
    for part in ("validation loss", "validation accuracy", "3.25", "62", "those of epoch 1"):
        assert part in shown


def test_json_has_more_fields() -> None:
    found = json.loads(str(render(history_of(best=1), "json")))
    assert found["losses"] == [4, 2, 1, 0.5]
    assert found["validation"] == {"x": [2]}
    assert found["validation_losses"] == [4.5, 2.5, 3, 3.25]
    assert (found["accuracies"][-1], found["validation_accuracies"][-1], found["kept"]) == (1, 0.5, 1)
    assert found["settings"]["best"] is False


def test_the_picture_has_two_curves_told_apart_without_colour() -> None:
    svg = curve(history_of())
    assert svg.count("<polyline") == 2
    assert svg.count("stroke-dasharray") == 2  # of the curve, and in the key
    assert svg.count("<circle") == svg.count("<rect") - 1 == 5  # a dot an epoch and one in the key; a rect is the page
    assert all(f">{word}</text>" in svg for word in ("training", "validation", "0.5", "3.25", "epoch"))
    assert "the validation loss: from 4.5 to 3.25" in svg
    near = History((2.0, 1.0), {}, "all epochs done", validation_losses=(2.0, 1.01))
    heights = [float(y) for y in re.findall(r'y="([\d.]+)" text-anchor="start" fill="#\w+" font-weight', curve(near))]
    assert abs(heights[-1] - heights[-2]) >= APART - 0.1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Row(0.5), "loss 0.5"),
        (Row(0.5, 0.25), "loss 0.5, validation 0.25"),
        (Row(0.5, None, 0.75), "loss 0.5, accuracy 75.0%"),
        (Row(0.5, inf, 0.75, 0.5), "loss 0.5, validation not finite, accuracy 75.0%, validation 50.0%"),
        (Row(log(2), float("nan")), "loss 0.693147, validation not finite"),
    ],
)
def test_the_bar_says_no_number_where_there_is_none(row: Row, words: str) -> None:
    assert said(row) == words


def test_the_command(symback: Run, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(FILE + INLINE + "validation = 0.25", encoding="utf-8")
    done = symback("train", str(tmp_path / "a.toml"))
    assert done.code == 0
    assert "validation accuracy" in done.out
    assert len(json.loads(symback("train", str(tmp_path / "a.toml"), "--format", "json").out)["validation_losses"]) == 9
    (tmp_path / "a.toml").write_text(FILE + INLINE + "validation = 1.25", encoding="utf-8")
    wrong = symback("train", str(tmp_path / "a.toml"))
    assert wrong.code == 3
    assert "between 0 and 1" in wrong.err
