"""The backward pass on paper: formulas of arrays in which every part has a shape, the laws, and the steps.

A formula is made explicit first: broadcasting is written with `ones`, `rows` and `columns`, so that each
part of a sum has the shape of the sum. The laws are run on that; what is printed leaves out again what a reader adds.
"""
