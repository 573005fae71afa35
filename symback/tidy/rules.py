"""Every tidying rule by its name, gathered from the files that apply them."""

from __future__ import annotations

import re

from symback.rule import Rule
from symback.tidy.choices import CHOOSE
from symback.tidy.compound import CLEAR_FRACTIONS
from symback.tidy.fractions import (
    DIVIDE_BY_ONE,
    DIVIDE_FRACTIONS,
    MULTIPLY_BY_ONE,
    MULTIPLY_BY_ZERO,
    MULTIPLY_FRACTIONS,
    MULTIPLY_NUMBERS,
    MULTIPLY_TERMS,
    NUMBER_FIRST,
    REDUCE_FRACTION,
    REMOVE_MINUS_BRACKETS,
    REORDER,
    ZERO_NUMERATOR,
)
from symback.tidy.polynomials import FACTOR
from symback.tidy.powers import (
    CANCEL,
    COMBINE_POWERS,
    EXPONENT_ONE,
    EXPONENT_ZERO,
    NEGATIVE_POWER,
    NUMBER_POWER,
    POWER_OF_POWER,
    POWER_OF_PRODUCT,
)
from symback.tidy.signs import ABSOLUTE_VALUE, SIMPLIFY_SIGNS
from symback.tidy.sums import (
    ADD_FRACTIONS,
    ADD_NUMBERS,
    COLLECT,
    DROP_ZEROS,
    EXPAND,
    FACTOR_OUT,
    PYTHAGORAS,
    REMOVE_BRACKETS,
)
from symback.tidy.trigonometry import COMPLEMENT, QUOTIENT_IDENTITY, RECIPROCAL_IDENTITY
from symback.tidy.values import IDENTITY_ROWS, NUMBER_ROOT, SIZE_OF_NUMBER


def _left_side(law: str) -> str:
    return re.sub(r"\bu\b", "a", law.split("=")[0].strip())


# An identity stands in the rule book with its own left side times the variable as the example.
IDENTITIES: tuple[tuple[Rule, str], ...] = tuple((i.rule, f"({_left_side(i.rule.law)}) x") for i in IDENTITY_ROWS)

__all__ = [
    "ABSOLUTE_VALUE",
    "ADD_FRACTIONS",
    "ADD_NUMBERS",
    "CANCEL",
    "CHOOSE",
    "CLEAR_FRACTIONS",
    "COLLECT",
    "COMPLEMENT",
    "COMBINE_POWERS",
    "DIVIDE_BY_ONE",
    "DIVIDE_FRACTIONS",
    "DROP_ZEROS",
    "EXPAND",
    "EXPONENT_ONE",
    "EXPONENT_ZERO",
    "FACTOR",
    "FACTOR_OUT",
    "IDENTITIES",
    "MULTIPLY_BY_ONE",
    "MULTIPLY_BY_ZERO",
    "MULTIPLY_FRACTIONS",
    "MULTIPLY_NUMBERS",
    "MULTIPLY_TERMS",
    "NEGATIVE_POWER",
    "NUMBER_FIRST",
    "NUMBER_POWER",
    "NUMBER_ROOT",
    "POWER_OF_POWER",
    "POWER_OF_PRODUCT",
    "PYTHAGORAS",
    "QUOTIENT_IDENTITY",
    "RECIPROCAL_IDENTITY",
    "REDUCE_FRACTION",
    "REMOVE_BRACKETS",
    "REMOVE_MINUS_BRACKETS",
    "REORDER",
    "SIMPLIFY_SIGNS",
    "SIZE_OF_NUMBER",
    "ZERO_NUMERATOR",
]
