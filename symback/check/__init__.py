"""Checks by numbers: are two expressions equal, is every step of a derivation right?

The check knows no rule of calculus: a pending derivative is evaluated by differences at 50 digits, so a wrong rule
cannot hide behind itself.
"""

from symback.check.compare import Undefined, approximate, evaluate
from symback.check.judging import Judged, judge, same_value
from symback.check.verification import Verification, verify, verify_all, verify_table

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
