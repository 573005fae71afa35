"""Gradients, Jacobians and Hessians."""

from symback.render import equations, json, terminal
from symback.render.kinds import Kind

KIND = Kind(terminal.several, equations.partial_blocks, equations.partial_answers, json.partials_object)
