"""Operations on arrays, one row each: shapes, laws, kernels, code.

`row` says what a row holds; `rearranging`, `along_axes`, `choosing`, `products` and `convolution` are the rows, and
`table` is asked for them. `basic` has the rows of arithmetic, which code and formulas treat each in its own way.
"""

from symback.graph.operations.basic import (
    CONSTANTS,
    FUSED,
    MATMUL_LAWS,
    OPERATIONS,
    PROBABILITIES,
    Operation,
    broadcast_shape,
    laws_of,
    same_shape,
)

__all__ = [
    "CONSTANTS",
    "FUSED",
    "MATMUL_LAWS",
    "OPERATIONS",
    "PROBABILITIES",
    "Operation",
    "broadcast_shape",
    "laws_of",
    "same_shape",
]
