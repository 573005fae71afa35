"""Jacobians of vectors on a graph."""

from symback.render import equations, json, terminal
from symback.render.kinds import Kind

KIND = Kind(terminal.several, equations.partial_blocks, equations.array_jacobian_answers, json.array_jacobian_object)
