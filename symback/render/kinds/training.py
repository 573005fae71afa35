"""Trainings."""

from symback.render import training, training_blocks
from symback.render.kinds import Kind, no_ending

KIND = Kind(
    training.lines,
    training_blocks.blocks,
    training_blocks.answers,
    training.as_object,
    no_ending,
    formats=training.FORMATS,
)
