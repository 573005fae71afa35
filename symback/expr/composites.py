"""The composites: functions of arrays that are other functions put together, one row each; strings only.

A composite is what its definition says, in formulas, numbers and code alike: a graph prints its name, and the steps,
the checks and the programs work on what it is made of. A row is all that is needed for a new one.

    Composite("mae", "mean absolute error", "a, b", "mean(abs(a - b))", is_loss=True)

- `signature`: the inputs, those that may be left out with their numbers, as in "x, gamma=1"; `axis?` behind them says
  that axes may be given, as in var(X, axis=0) and var(X, axis=(0, 1), keepdims).
- `along`: the definition where axes are given, which it calls `axis`.
- `cases`: other definitions by what holds of the shapes: "1 axis", "3 axes" or "4 axes" of the first input, or
  "class numbers", where the second input has a number for each row of the first, of which there are `classes`.

Of a loss the first input is what is predicted and the second what is right; both have one shape.
"""

from __future__ import annotations

from typing import NamedTuple

AXIS = "axis?"


class Composite(NamedTuple):
    """One composite: its name, what a teacher calls it, its inputs, and its definition in other functions."""

    name: str
    title: str
    signature: str
    definition: str
    spellings: tuple[str, ...] = ()
    is_loss: bool = False
    along: str = ""
    cases: tuple[tuple[str, str], ...] = ()

    @property
    def _parts(self) -> list[str]:
        return [part.strip() for part in self.signature.split(",")]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs."""
        return tuple(part.partition("=")[0] for part in self._parts if part != AXIS)

    @property
    def defaults(self) -> dict[str, str]:
        """The numbers of the inputs that may be left out."""
        return {name: number for name, _, number in (part.partition("=") for part in self._parts) if number}

    @property
    def has_axis(self) -> bool:
        """Whether axes may be given."""
        return AXIS in self._parts

    @property
    def counts(self) -> tuple[int, int]:
        """The fewest and the most values of a call."""
        return len(self.inputs) - len(self.defaults), len(self.inputs) + (MOST_AXES if self.has_axis else 0)


MOST_AXES = 8
_C = Composite

# fmt: off
ROWS: tuple[Composite, ...] = (
    # --- losses ------------------------------------------------------------------------------------------------------
    _C("mae", "mean absolute error", "a, b", "mean(abs(a - b))", ("l1_loss",), is_loss=True),
    _C("huber", "Huber loss", "a, b, delta=1",
       "mean(where(abs(a - b) <= delta, (a - b)^2/2, delta*(abs(a - b) - delta/2)))", ("huber_loss",), is_loss=True),
    _C("hinge", "hinge loss", "a, b", "mean(max(1 - a*b, 0))", ("hinge_loss",), is_loss=True),  # b is 1 or -1
    _C("nll", "negative log-likelihood", "a, y", "-mean(sum(y*a, axis=-1))", ("nll_loss",), is_loss=True,
       cases=(("class numbers", "-mean(sum(onehot(y, classes)*a, axis=-1))"),)),
    # --- probability and statistics (the variance is divided by n) ---------------------------------------------------
    _C("entropy", "entropy", "p", "-sum(p*ln(p))"),
    _C("kl", "Kullback-Leibler divergence", "p, q", "sum(p*ln(p) - p*ln(q))", ("kl_divergence", "kl_div")),
    _C("var", "variance", "x, axis?", "mean((x - mean(x))^2)", ("variance",),
       along="mean((x - mean(x, axis, keepdims))^2, axis)"),
    _C("std", "standard deviation", "x, axis?", "sqrt(mean((x - mean(x))^2))",
       along="sqrt(mean((x - mean(x, axis, keepdims))^2, axis))"),
    _C("cosine", "cosine similarity", "a, b", "dot(a, b)/(norm(a)*norm(b))", ("cosine_similarity",)),
    # --- normalization -----------------------------------------------------------------------------------------------
    _C("layernorm", "layer normalization", "x, gamma=1, beta=0, eps=0.00001",
       "gamma*(x - mean(x, axis=-1, keepdims))/sqrt(var(x, axis=-1, keepdims) + eps) + beta",
       ("layer_norm", "LayerNorm"),
       cases=(("1 axis", "gamma*(x - mean(x))/sqrt(var(x) + eps) + beta"),)),
    _C("rmsnorm", "root mean square normalization", "x, gamma=1, eps=0.00001",
       "gamma*x/sqrt(mean(x^2, axis=-1, keepdims) + eps)", ("rms_norm", "RMSNorm"),
       cases=(("1 axis", "gamma*x/sqrt(mean(x^2) + eps)"),)),
    _C("batchnorm", "batch normalization", "x, gamma=1, beta=0, eps=0.00001",
       "gamma*(x - mean(x, axis=0))/sqrt(var(x, axis=0) + eps) + beta", ("batch_norm", "BatchNorm"),
       cases=(("3 axes", "expand(gamma, -1)*(x - mean(x, axis=(0, 2), keepdims))"
               "/sqrt(var(x, axis=(0, 2), keepdims) + eps) + expand(beta, -1)"),
              ("4 axes", "expand(expand(gamma, -1), -1)*(x - mean(x, axis=(0, 2, 3), keepdims))"
               "/sqrt(var(x, axis=(0, 2, 3), keepdims) + eps) + expand(expand(beta, -1), -1)"),)),
    # --- parts of arrays ---------------------------------------------------------------------------------------------
    _C("clip", "entries between two bounds", "x, lo, hi", "min(max(x, lo), hi)", ("clamp",)),
    _C("vec", "columns below each other", "A", "flatten(A.T)"),
    _C("frobenius", "Frobenius norm", "A", "norm(A)"),
)
# fmt: on

COMPOSITES: dict[str, Composite] = {row.name: row for row in ROWS}
COMPOSITE_WORDS: dict[str, str] = {s: row.name for row in ROWS for s in (row.name, *row.spellings)}


def parameters() -> frozenset[str]:
    """Return the names that a call may give numbers by, as eps in layernorm(x, eps=0.001)."""
    return frozenset(name for row in COMPOSITES.values() for name in row.defaults)


def add(row: Composite) -> None:
    """Add a composite: calls, shapes, steps, numbers, checks and code know it from its row."""
    COMPOSITES[row.name] = row
    COMPOSITE_WORDS.update((s, row.name) for s in (row.name, *row.spellings))
