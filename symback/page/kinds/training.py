"""Trainings."""

from symback.page import training, training_blocks
from symback.page.kinds import Kind

KIND = Kind(
    training_blocks.blocks,
    training_blocks.answers,
    training.as_object,
    formats=training.FORMATS,
    has_heading=True,
)
