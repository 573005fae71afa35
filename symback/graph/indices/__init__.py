"""Formulas of arrays by their entries, one index per axis: a second judge beside numbers, for all sizes at once.

Nothing here knows the laws of the backward pass: an operation is what its entries are, and a derivative is the product
rule over these. `judge.proved` says whether a formula is the gradient, `proofs.proof_of` derives a law by indices.
"""
