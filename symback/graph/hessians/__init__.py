"""Hessians of graphs by vectors and numbers: the gradient as a node of the graph, and the Jacobian of that node.

The gradient is derived on paper, as for backpropagation; its Jacobian is derived as any other. Numbers come from the
backward pass of the backward pass, which needs no formula, and every formula is compared with them.
"""
