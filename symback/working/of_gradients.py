"""Mistakes in lines of backpropagation: what each repair is called, and what a teacher says."""

from __future__ import annotations

# fmt: off
SAYS: dict[str, str] = {
    "wrong sign": "The sign is the other one.",
    "factor 2 left out": "The derivative of a square has the factor 2.",
    "factor 2 too many": "There is no factor 2 here.",
    "mean over the batch left out": "A mean divides by how many are added.",
    "mean over the batch taken twice": "The mean has been taken already.",
    "derivative of the activation left out": "On the way back through an activation its derivative is a factor.",
    "activation not differentiated": "The derivative of the activation stands here, not its value.",
    "transposed": "The gradient has the shape of what it is taken by: this is its transpose.",
    "transpose left out": "The matrix is transposed on the way back.",
    "transpose too many": "The matrix is not transposed here.",
    "order of the matrix product": "The factors of a matrix product cannot be exchanged.",
    "matrix product for elementwise": "These are multiplied entry by entry.",
    "elementwise for matrix product": "This is a matrix product.",
    "elementwise instead of outer product": "The gradient by a matrix is an outer product.",
    "difference the wrong way round": "The difference is taken the other way round.",
    "value after the activation taken": "The value before the activation belongs here.",
    "value before the activation taken": "The value after the activation belongs here.",
    "derivative of another node": "The derivative of another node belongs here.",
    "another node taken": "Another node belongs here.",
    "another factor of the product taken": "The other factor of the product belongs here.",
    "a path is missing": "The node is used more than once: the gradient is the sum over all paths.",
    "a factor is missing": "One factor of the chain rule is missing.",
    "sum over time left out": "What is shared by all steps gets a term from each of them.",
    "only the diagonal of the softmax": "Every entry of a softmax depends on all others.",
}
# fmt: on
FACTOR = "a factor is missing"
# Where the first explains a line, the second only says the same with less.
BETTER: dict[str, tuple[str, ...]] = {
    "difference the wrong way round": ("wrong sign",),
    "transpose left out": ("order of the matrix product",),
    "value after the activation taken": ("another node taken",),
    "value before the activation taken": ("another node taken",),
    "another factor of the product taken": ("another node taken",),
    FACTOR: (),
}
for _name in SAYS:
    if _name != FACTOR:
        BETTER[_name] = (*BETTER.get(_name, ()), FACTOR)
