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
    "derive": "symback.derive",
    "gradient": "symback.multivariable",
    "jacobian": "symback.multivariable",
    "hessian": "symback.multivariable",
    "directional": "symback.multivariable",
    "Partials": "symback.multivariable",
    "Directional": "symback.multivariable",
    "evaluate": "symback.values",
    "integrate": "symback.integrals",
    "Integral": "symback.integrals",
    "limit": "symback.limits",
    "Limit": "symback.limits",
    "difference_table": "symback.differences",
    "check_working": "symback.working",
    "Working": "symback.working",
    "Graph": "symback.graph.graph",
    "mlp": "symback.networks",
    "rnn": "symback.networks",
    "lstm": "symback.networks",
    "gru": "symback.networks",
    "cnn": "symback.networks",
    "attention": "symback.networks",
    "transformer_block": "symback.networks",
    "train": "symback.train",
    "History": "symback.train",
    "solve": "symback.problem",
    "parse": "symback.parse",
    "render": "symback.render",
    "verify": "symback.check",
    "same_value": "symback.check",
    "Derivation": "symback.rule",
    "Rule": "symback.rule",
    "Step": "symback.rule",
    "SymbackError": "symback.errors",
    "ParseError": "symback.errors",
    "NoRule": "symback.errors",
    "UsageError": "symback.errors",
    "DomainError": "symback.errors",
}
__all__ = [*_HOME, "__version__"]

if TYPE_CHECKING:  # the same names once more, for type checkers and editors; a test holds the two lists together
    from symback.check import same_value as same_value
    from symback.check import verify as verify
    from symback.derive import derive as derive
    from symback.differences import difference_table as difference_table
    from symback.errors import DomainError as DomainError
    from symback.errors import NoRule as NoRule
    from symback.errors import ParseError as ParseError
    from symback.errors import SymbackError as SymbackError
    from symback.errors import UsageError as UsageError
    from symback.graph.graph import Graph as Graph
    from symback.integrals import Integral as Integral
    from symback.integrals import integrate as integrate
    from symback.limits import Limit as Limit
    from symback.limits import limit as limit
    from symback.multivariable import Directional as Directional
    from symback.multivariable import Partials as Partials
    from symback.multivariable import directional as directional
    from symback.multivariable import gradient as gradient
    from symback.multivariable import hessian as hessian
    from symback.multivariable import jacobian as jacobian
    from symback.networks import attention as attention
    from symback.networks import cnn as cnn
    from symback.networks import gru as gru
    from symback.networks import lstm as lstm
    from symback.networks import mlp as mlp
    from symback.networks import rnn as rnn
    from symback.networks import transformer_block as transformer_block
    from symback.parse import parse as parse
    from symback.problem import solve as solve
    from symback.render import render as render
    from symback.rule import Derivation as Derivation
    from symback.rule import Rule as Rule
    from symback.rule import Step as Step
    from symback.train import History as History
    from symback.train import train as train
    from symback.values import evaluate as evaluate
    from symback.working import Working as Working
    from symback.working import check_working as check_working


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if not name.startswith("_") and name in import_module("symback.problem.kinds").names():
        return import_module("symback.problem.asking").function(name)
    raise AttributeError(f"module 'symback' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """The package as a module in which `symback.derive` is the function, whichever of its files was imported first.

    The files derive, parse and render bear the names of the functions they hold, and Python binds a submodule in its
    package when it is imported; this keeps the name for the function.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
