"""Jacobians of vectors on a graph, to the end: products of matrices, diag(..) for what is done entry by entry.

They are derived in numerator layout with vectors of one axis, by the laws of `derivation`; what is printed has columns
and rows, u @ v.T for outer(u, v), and in denominator layout it is transposed as a whole.
"""
