"""Random graphs of arrays, whose printed formulas are read back and held against JAX.

`drawing` writes graphs as text, `reading` reads printed formulas back, `worth` works trees out with NumPy or jax.numpy
by a table of its own, `slopes` finds the true gradients with JAX, and `comparing` counts what is right, what is wrong
and what could not be checked. Nothing here uses the arithmetic of symback.graph.

    python -m tests.graph.sweep --seeds 0:1000
"""
