"""Accuracy: the fraction of the examples that a graph classifies correctly, compared with the labels of the data.

What is predicted and what is right are the two arguments of a cross-entropy, or nodes that are named. Of rows of
probabilities or logits the largest entry is the class, whose label is its number or a one-hot row; a single probability
says yes above 1/2, a single logit above 0, and its label is 0 or 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

from symback.compile import CompiledGradient, compile_program
from symback.content import ByContent
from symback.errors import ShapeError, UsageError
from symback.expr.numeric import np, numpy
from symback.graph.backward import node_of
from symback.graph.nodes import GradientProgram, Node, Program, Shape, shape_text
from symback.graph.operations import FUSED, PROBABILITIES
from symback.graph.program.build import pruned
from symback.graph.program.stable_program import inside

HALF = 0.5
# the losses that know what is right: above which value their first argument says yes, None where the largest is taken
LOSSES: dict[str, float | None] = {
    "cross_entropy": None,
    "softmax_cross_entropy": None,
    "bce": HALF,
    "sigmoid_bce": 0.0,
}
PREDICTION, LABELS = "prediction", "labels"  # what the code of a judge returns


class Asked(NamedTuple):
    """The names of the node that predicts and of the labels; "" for what is to be found from the loss."""

    prediction: str = ""
    labels: str = ""

    def __bool__(self) -> bool:
        return bool(self.prediction or self.labels)


class Pair(NamedTuple):
    """The numbers of the nodes that are compared, and the threshold; None where the largest of a row is taken."""

    prediction: int
    labels: int
    threshold: float | None


@dataclass(frozen=True, eq=False)
class Judge(ByContent):
    """The loss, the prediction and the labels as code: `judge(values)` gives the loss and the accuracy."""

    code: CompiledGradient
    threshold: float | None

    def __call__(self, values: Mapping[str, Any]) -> tuple[float, float]:
        loss, found = self.code(values)
        return float(loss), part_right(found[PREDICTION], found[LABELS], self.threshold)

    def has_labels(self, values: Mapping[str, Any]) -> bool:
        """Tell whether the labels are class numbers, one-hot rows, or each 0 or 1."""
        _, found = self.code(values)
        prediction, labels = numpy().asarray(found[PREDICTION]), numpy().asarray(found[LABELS])
        if self.threshold is None and labels.shape != prediction.shape:
            return bool(np.all(np.isin(labels, np.arange(prediction.shape[-1]))))
        are_bits = bool(np.all((labels == 0) | (labels == 1)))
        return are_bits and (self.threshold is not None or bool(np.all(labels.sum(axis=-1) == 1)))


def part_right(prediction: Any, labels: Any, threshold: float | None = None) -> float:
    """Return the part of the predictions that are the labels.

    >>> part_right([[0.1, 0.9], [0.8, 0.2]], [1, 1]), part_right([0.7, 0.2, 0.4], [1, 0, 1], threshold=0.5)
    (0.5, 0.6666666666666666)
    """
    prediction, labels = numpy().asarray(prediction), numpy().asarray(labels)
    if threshold is not None:
        return float(np.mean((prediction > threshold).ravel() == (labels > HALF).ravel()))
    classes = labels.argmax(axis=-1) if labels.shape == prediction.shape else labels
    return float(np.mean(prediction.argmax(axis=-1) == classes))


def judge_of(nodes: Program, named: Mapping[str, int], loss: int, asked: Asked, are_rows: bool) -> Judge | None:
    """Return the judge for nodes of these shapes, or None where nothing was asked for and nothing can be found.

    Examples are rows, or each of them is the whole. Raises UsageError or ShapeError for what is asked and cannot be.
    """
    try:
        pair = _pair(nodes, named, loss, asked, are_rows)
    except (UsageError, ShapeError):
        if asked:
            raise
        return None
    program, places = pruned(nodes, [loss, pair.prediction, pair.labels])
    outputs = {PREDICTION: places[pair.prediction], LABELS: places[pair.labels]}
    return Judge(compile_program(GradientProgram(program, places[loss], outputs)), pair.threshold)


def _pair(nodes: Program, named: Mapping[str, int], loss: int, asked: Asked, are_rows: bool) -> Pair:
    """Return what is compared; the error where that is not known or does not fit."""
    losses = [nodes[i] for i in inside(nodes, loss, ()) if nodes[i].op in LOSSES]
    prediction = node_of(named, asked.prediction) if asked.prediction else _only(losses).inputs[0]
    own = [node for node in losses if prediction in _arguments(node)]
    labels = node_of(named, asked.labels) if asked.labels else _compared(nodes, _only(own or losses))
    shape, right = nodes[prediction].shape, nodes[labels].shape
    threshold = _threshold(own[0], prediction) if own else _by_shape(shape, are_rows)
    if not (prod(shape) == prod(right) if threshold is not None else right in (shape, shape[:-1])):
        hint = "Labels are class numbers, one-hot rows, or 0 and 1 for single probabilities."
        message = f"The prediction is a {shape_text(shape)}, and the labels are a {shape_text(right)}."
        raise ShapeError(message, hint=hint)
    return Pair(prediction, labels, threshold)


def _only(losses: Sequence[Node]) -> Node:
    """Return the one loss that knows what is right."""
    if len(losses) == 1:
        return losses[0]
    hint = 'Name the node that predicts and the labels, as in accuracy = "p" and labels = "y".'
    raise UsageError("The loss does not say what is predicted and what is right.", hint=hint)


def _arguments(loss: Node) -> tuple[int, ...]:
    """Return what a loss takes as its prediction: the first argument, and of a fused one the probabilities too."""
    return loss.inputs[:1] + loss.inputs[PROBABILITIES:]


def _threshold(loss: Node, prediction: int) -> float | None:
    """Return above which value a prediction says yes; the probabilities of a fused loss have one of their own."""
    return LOSSES[loss.op if prediction == loss.inputs[0] else FUSED[loss.op]]


def _by_shape(shape: Shape, are_rows: bool) -> float | None:
    """Return the threshold for a prediction that no loss explains: rows of several entries are classes."""
    has_classes = len(shape) > are_rows and shape[-1] > 1
    return None if has_classes else HALF


def _compared(nodes: Program, loss: Node) -> int:
    """Return what a loss compares with: class numbers rather than the rows that are made of them."""
    labels = nodes[loss.inputs[1]]
    return labels.inputs[0] if labels.op == "one_hot" else labels.id
