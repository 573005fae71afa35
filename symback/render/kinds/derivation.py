"""Derivations, of derivatives and of values."""

from symback.render import equations
from symback.render.kinds import Kind, late

KIND = Kind(equations.derivation_blocks, equations.derivation_answers, late("json", "derivation_object"))
