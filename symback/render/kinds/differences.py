"""Derivatives with a table of difference quotients."""

from symback.render import equations, json, terminal
from symback.render.kinds import Kind

KIND = Kind(
    terminal.difference_lines, equations.difference_blocks, equations.derivation_answers, json.differences_object
)
