"""Checks by numbers: are two expressions equal, is every step of a derivation right?

The check knows no rule of calculus: a pending derivative is evaluated by differences at 50 digits, so a wrong rule
cannot hide behind itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from symback.verify.compare import Undefined, approximate, evaluate
from symback.verify.verification import Verification, verify, verify_all, verify_table

if TYPE_CHECKING:
    from symback.verify.judging import Judged, judge, same_value

__all__ = [
    "Judged",
    "Undefined",
    "Verification",
    "approximate",
    "evaluate",
    "judge",
    "same_value",
    "verify",
    "verify_all",
    "verify_table",
]

_OF_ANSWERS = ("Judged", "judge", "same_value")  # a plain derivation does without


def __getattr__(name: str) -> Any:
    if name in _OF_ANSWERS:
        return getattr(import_module("symback.verify.judging"), name)
    raise AttributeError(f"module 'symback.verify' has no attribute {name!r}")
