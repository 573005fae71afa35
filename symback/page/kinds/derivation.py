"""Derivations, of derivatives and of values."""

from symback.page import equations
from symback.page.kinds import Kind, late

KIND = Kind(equations.derivation_blocks, equations.derivation_answers, late("json", "derivation_object"))
