"""Code for a notebook that checks gradients by arrays: NumPy alone, an entry at a time moved a little."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from symback.compile import functional
from symback.compile.expand import expand
from symback.compile.instructions import column
from symback.compile.notes import harmless
from symback.compile.source import ATTRIBUTES, execute
from symback.compile.source import Source as Code
from symback.errors import SymbackError
from symback.expr.numeric import np, numpy, quiet
from symback.graph.nodes import GradientProgram
from symback.graph.operations.kernels import NAMES as KERNELS
from symback.graph.operations.running import attributes_of
from symback.page.quantities import nested
from symback.page.writers.checks import LONGEST, NEAR, with_one_result

OWN_KERNELS = KERNELS.keys() - {"erf"}
MOST = 150  # entries in all values
STEP = 1e-5

# fmt: off
NUMPY: Mapping[str, str] = column("common") | {
    "power": "np.power({0}, {1})", "cbrt": "np.cbrt({0})", "xlogy": "xlogy({0}, {1})",
    "sum": "np.sum({0}, axis={axes})", "amax": "np.max({0}, axis=-1, keepdims=True)",
    "concat": "np.concatenate(({all},), axis={axis})", "eye": "np.eye({count})",
    "one_hot": "np.eye({count})[{0}.astype(int)]",
}
# fmt: on

HEAD = """\
# A check by numbers: every entry is moved a little, and the change of the loss is compared with its gradient.
try:
    import numpy as np
except ImportError:
    np = None
"""

XLOGY = '''\
def xlogy(x, y):
    """Return x ln y, which is 0 where x is 0."""
    return np.where(x == 0, 0.0, x*np.log(np.where(x == 0, 1.0, y)))
'''

SLOPES = '''\
def slopes(function, values, place, h):
    """Return how fast a function changes with each entry of one of its values."""
    result = np.zeros_like(values[place])
    for entry in np.ndindex(result.shape):
        ahead, behind = [v.copy() for v in values], [v.copy() for v in values]
        ahead[place][entry] += h
        behind[place][entry] -= h
        result[entry] = (function(*ahead) - function(*behind))/(2*h)
    return result
'''

LOOP = f"""\
if np is None:
    print("Skipped: this check needs NumPy (pip install numpy).")
else:
    values = [np.array(v, dtype=float) for v in values]
    for name, place, answer in checks:
        if answer is None:
            print(f"{{name}}: write your own answer above")
            continue
        error = np.max(np.abs(slopes(loss, values, place, {STEP!r}) - np.array(answer, dtype=float)))
        verdict = "they agree" if error <= {NEAR!r}*max(1, np.max(np.abs(answer))) else "THEY DIFFER"
        print(f"{{name}}: differences and answer are at most {{error:.1g}} apart: {{verdict}}")"""


def cell(thing: Any, reveal: bool = True) -> str:
    """Return the code of a check of a backward pass with arrays; nothing where there are too many, or it fails."""
    given = thing.inputs
    wrt = [name for name in thing.wrt if name in given]
    if not wrt or sum(np.size(value) for value in given.values()) > MOST:
        return ""
    try:
        code = _loss(thing)
    except (SymbackError, KeyError):  # an operation that the table does not have
        return ""
    if any(re.search(rf"\b{name}\(", code.code) for name in OWN_KERNELS):
        return ""  # a cell stands by itself, and has NumPy's own functions only
    values = [_array(given[name]) for name in thing.graph.inputs]
    answers = {name: _array(_in_own_shape(thing, name)) for name in wrt}
    if len(code.text) > LONGEST or not _holds(thing, code, values, answers):
        return ""
    return "\n".join(_lines(thing, code, answers, reveal))


def _loss(thing: Any) -> Code:
    """Return the loss as a function of all inputs of the graph, in their order."""
    nodes, named = thing.graph.program({name: thing.shapes[name] for name in thing.graph.inputs})
    program = GradientProgram(nodes, named[thing.loss], {name: named[name] for name in thing.graph.inputs})
    return with_one_result(functional.gradient_source(expand(program), NUMPY, "np", "float64"), "loss")


def _in_own_shape(thing: Any, name: str) -> Any:
    value = thing.values[name]
    return np.transpose(value) if thing.layout == "numerator" and np.ndim(value) == 2 else value


def _array(value: Any) -> Any:
    return numpy().array(_floats(value), dtype=float)  # of one number too: its entry is moved in place


def _floats(value: Any) -> Any:
    """Return a number or nested lists as floats; fractions too."""
    value = nested(value)
    return [_floats(v) for v in value] if isinstance(value, (list, tuple)) else float(value)


def _lines(thing: Any, code: Code, answers: Mapping[str, Any], reveal: bool) -> Iterator[str]:
    inputs = thing.graph.inputs
    yield HEAD
    if "xlogy(" in code.code:
        yield XLOGY
    who = ", ".join(f"v{i} is {harmless(name)}" for i, name in enumerate(inputs))
    yield f"# {who}\n{code.text}"
    yield SLOPES
    yield "values = ["
    yield from (f"    {_floats(thing.inputs[name])!r},  # {harmless(name)}" for name in inputs)
    yield "]\nchecks = ["
    for name, answer in answers.items():
        known = repr(answer.tolist()) if reveal else "None"
        yield f"    ({harmless(f'by {name}')!r}, {inputs.index(name)}, {known}),"
    yield "]\n\n" + LOOP


# --- does it hold? ------------------------------------------------------------------------------------------------


def _holds(thing: Any, code: Code, values: list[Any], answers: Mapping[str, Any]) -> bool:
    names = {"np": numpy(), "xlogy": xlogy, "int": int, "inf": np.inf}
    loss = execute(code.code, names, attributes_of(code.code) | ATTRIBUTES)["loss"]
    with quiet():
        return all(
            bool(np.max(np.abs(_slopes(loss, values, thing.graph.inputs.index(name)) - answer))
                 <= NEAR * max(1.0, float(np.max(np.abs(answer)))))
            for name, answer in answers.items()
        )  # fmt: skip


def xlogy(x: Any, y: Any) -> Any:
    """Return what the function of the same name in a cell returns."""
    return np.where(x == 0, 0.0, x * np.log(np.where(x == 0, 1.0, y)))


def _slopes(function: Any, values: list[Any], place: int) -> Any:
    result = np.zeros_like(values[place])
    for entry in np.ndindex(result.shape):
        ahead, behind = [v.copy() for v in values], [v.copy() for v in values]
        ahead[place][entry] += STEP
        behind[place][entry] -= STEP
        result[entry] = (function(*ahead) - function(*behind)) / (2 * STEP)
    return result
