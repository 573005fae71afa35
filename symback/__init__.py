"""symback shows its work: derivatives by the textbook rules, one labelled step at a time.

>>> import symback
>>> d = symback.derive("3*x**2*y", "x")
>>> d.answer
6*x*y
>>> [step.rule.name for step in d.steps]
['constant multiple rule', 'power rule', 'multiply numbers']
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Where each public name lives; a module is imported when one of its names is first asked for.
_HOME = {
    "derive": "symback.calculus.derivative",
    "gradient": "symback.calculus.partials",
    "jacobian": "symback.calculus.partials",
    "hessian": "symback.calculus.partials",
    "directional": "symback.calculus.partials",
    "Partials": "symback.calculus.partials",
    "Directional": "symback.calculus.partials",
    "evaluate": "symback.calculus.evaluate",
    "integrate": "symback.calculus.integrals",
    "Integral": "symback.calculus.integrals",
    "implicit": "symback.calculus.curves",
    "Implicit": "symback.calculus.curves",
    "tangent": "symback.calculus.curves",
    "Tangent": "symback.calculus.curves",
    "taylor": "symback.calculus.curves",
    "Taylor": "symback.calculus.curves",
    "extrema": "symback.calculus.extrema",
    "Extrema": "symback.calculus.extrema",
    "limit": "symback.calculus.limits",
    "Limit": "symback.calculus.limits",
    "difference_table": "symback.calculus.differences",
    "check_working": "symback.working",
    "Working": "symback.working",
    "Graph": "symback.graph.graph",
    "mlp": "symback.graph.networks",
    "rnn": "symback.graph.networks",
    "lstm": "symback.graph.networks",
    "gru": "symback.graph.networks",
    "cnn": "symback.graph.networks",
    "attention": "symback.graph.networks",
    "transformer_block": "symback.graph.networks",
    "train": "symback.train",
    "History": "symback.train",
    "solve": "symback.problems",
    "parse": "symback.syntax",
    "render": "symback.page",
    "verify": "symback.verify",
    "same_value": "symback.verify",
    "Derivation": "symback.expr.rule",
    "Rule": "symback.expr.rule",
    "Step": "symback.expr.rule",
    "SymbackError": "symback.errors",
    "ParseError": "symback.errors",
    "NoRule": "symback.errors",
    "UsageError": "symback.errors",
    "DomainError": "symback.errors",
}
__all__ = [*_HOME, "__version__"]

if TYPE_CHECKING:  # the same names once more, for type checkers and editors; a test holds the two lists together
    from symback.calculus.curves import Implicit as Implicit
    from symback.calculus.curves import Tangent as Tangent
    from symback.calculus.curves import Taylor as Taylor
    from symback.calculus.curves import implicit as implicit
    from symback.calculus.curves import tangent as tangent
    from symback.calculus.curves import taylor as taylor
    from symback.calculus.derivative import derive as derive
    from symback.calculus.differences import difference_table as difference_table
    from symback.calculus.evaluate import evaluate as evaluate
    from symback.calculus.extrema import Extrema as Extrema
    from symback.calculus.extrema import extrema as extrema
    from symback.calculus.integrals import Integral as Integral
    from symback.calculus.integrals import integrate as integrate
    from symback.calculus.limits import Limit as Limit
    from symback.calculus.limits import limit as limit
    from symback.calculus.partials import Directional as Directional
    from symback.calculus.partials import Partials as Partials
    from symback.calculus.partials import directional as directional
    from symback.calculus.partials import gradient as gradient
    from symback.calculus.partials import hessian as hessian
    from symback.calculus.partials import jacobian as jacobian
    from symback.errors import DomainError as DomainError
    from symback.errors import NoRule as NoRule
    from symback.errors import ParseError as ParseError
    from symback.errors import SymbackError as SymbackError
    from symback.errors import UsageError as UsageError
    from symback.expr.rule import Derivation as Derivation
    from symback.expr.rule import Rule as Rule
    from symback.expr.rule import Step as Step
    from symback.graph.graph import Graph as Graph
    from symback.graph.networks import attention as attention
    from symback.graph.networks import cnn as cnn
    from symback.graph.networks import gru as gru
    from symback.graph.networks import lstm as lstm
    from symback.graph.networks import mlp as mlp
    from symback.graph.networks import rnn as rnn
    from symback.graph.networks import transformer_block as transformer_block
    from symback.page import render as render
    from symback.problems import solve as solve
    from symback.syntax import parse as parse
    from symback.train import History as History
    from symback.train import train as train
    from symback.verify import same_value as same_value
    from symback.verify import verify as verify
    from symback.working import Working as Working
    from symback.working import check_working as check_working


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if not name.startswith("_") and name in import_module("symback.problems.kinds").does():
        return import_module("symback.problems.asking").function(name)
    raise AttributeError(f"module 'symback' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """The package as a module in which `symback.train` is the function, whichever of its files came first.

    The folders train and verify bear the names of the functions they hold, and Python binds a submodule in its package
    when it is imported; this keeps the name for the function.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
