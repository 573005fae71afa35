"""Backward passes."""

from symback.page.backprop import blocks
from symback.page.kinds import Kind, late

KIND = Kind(blocks.blocks, blocks.answers, late("backprop.json", "as_object"), late("pictures.graphs", "of_backprop"))
