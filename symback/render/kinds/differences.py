"""Derivatives with a table of difference quotients."""

from symback.render import differences
from symback.render.equations import derivation_answers
from symback.render.kinds import Kind, late

KIND = Kind(differences.blocks, derivation_answers, late("json", "differences_object"))
