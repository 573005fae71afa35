"""Derivatives with a table of difference quotients."""

from symback.page import differences
from symback.page.equations import derivation_answers
from symback.page.kinds import Kind, late

KIND = Kind(differences.blocks, derivation_answers, late("json", "differences_object"))
