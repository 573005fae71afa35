"""Derivations, of derivatives and of values."""

from symback.render import equations, json, terminal
from symback.render.kinds import Kind

KIND = Kind(
    terminal.derivation_lines, equations.derivation_blocks, equations.derivation_answers, json.derivation_object
)
