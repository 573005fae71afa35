"""Every tidying rule by its name, gathered from the files that apply them."""

from __future__ import annotations

from symback.calculus.tidy.choices import CHOOSE
from symback.calculus.tidy.compound import CLEAR_FRACTIONS
from symback.calculus.tidy.fractions import (
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
from symback.calculus.tidy.logarithms import (
    LOGARITHM_OF_PRODUCT,
    LOGARITHM_OF_QUOTIENT,
    LOGARITHM_OF_RECIPROCAL,
    POWER_OF_SUM,
)
from symback.calculus.tidy.numbers import NUMBER_LOGARITHM, NUMBER_ROOT, SIMPLIFY_ROOT, SIZE_OF_NUMBER
from symback.calculus.tidy.polynomials import FACTOR
from symback.calculus.tidy.powers import (
    BASE_ONE,
    CANCEL,
    COMBINE_POWERS,
    EXPONENT_ONE,
    EXPONENT_ZERO,
    NEGATIVE_POWER,
    NUMBER_POWER,
    POWER_OF_POWER,
    POWER_OF_PRODUCT,
)
from symback.calculus.tidy.signs import ABSOLUTE_PRODUCT, ABSOLUTE_VALUE, SIMPLIFY_SIGNS
from symback.calculus.tidy.sums import (
    ADD_FRACTIONS,
    ADD_NUMBERS,
    CHANGE_BASE,
    COLLECT,
    DROP_ZEROS,
    EXPAND,
    FACTOR_OUT,
    PYTHAGORAS,
    REMOVE_BRACKETS,
)
from symback.calculus.tidy.trigonometry import COMPLEMENT, PRODUCT_IDENTITY, QUOTIENT_IDENTITY, RECIPROCAL_IDENTITY
from symback.calculus.tidy.values import EVEN, IDENTITY_ROWS, KNOWN_VALUES, ODD, REFERENCE_ANGLE
from symback.expr.rule import Rule

# An identity, and the first known value of a function, times the variable.
IDENTITIES: tuple[tuple[Rule, str], ...] = (
    *((identity.rule, identity.example) for identity in IDENTITY_ROWS),
    *((rule, f"({rule.law.split(' = ')[0]}) x") for rule in KNOWN_VALUES.values()),
)

__all__ = [
    "ABSOLUTE_PRODUCT",
    "ABSOLUTE_VALUE",
    "ADD_FRACTIONS",
    "ADD_NUMBERS",
    "BASE_ONE",
    "CANCEL",
    "CHANGE_BASE",
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
    "LOGARITHM_OF_PRODUCT",
    "LOGARITHM_OF_QUOTIENT",
    "LOGARITHM_OF_RECIPROCAL",
    "MULTIPLY_BY_ONE",
    "MULTIPLY_BY_ZERO",
    "MULTIPLY_FRACTIONS",
    "MULTIPLY_NUMBERS",
    "MULTIPLY_TERMS",
    "NEGATIVE_POWER",
    "EVEN",
    "NUMBER_FIRST",
    "NUMBER_LOGARITHM",
    "NUMBER_POWER",
    "NUMBER_ROOT",
    "POWER_OF_POWER",
    "POWER_OF_PRODUCT",
    "POWER_OF_SUM",
    "ODD",
    "PYTHAGORAS",
    "PRODUCT_IDENTITY",
    "QUOTIENT_IDENTITY",
    "RECIPROCAL_IDENTITY",
    "REDUCE_FRACTION",
    "REMOVE_BRACKETS",
    "REMOVE_MINUS_BRACKETS",
    "REFERENCE_ANGLE",
    "REORDER",
    "SIMPLIFY_ROOT",
    "SIMPLIFY_SIGNS",
    "SIZE_OF_NUMBER",
    "ZERO_NUMERATOR",
]
