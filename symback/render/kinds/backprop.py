"""Backward passes."""

from symback.render.backprop import blocks
from symback.render.kinds import Kind, late

KIND = Kind(blocks.blocks, blocks.answers, late("backprop.json", "as_object"), late("picture.graphs", "of_backprop"))
