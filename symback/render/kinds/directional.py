"""Directional derivatives."""

from symback.render import equations, json, terminal
from symback.render.kinds import Kind

KIND = Kind(terminal.several, equations.partial_blocks, equations.directional_answers, json.directional_object)
