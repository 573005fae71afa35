"""Workings that were checked."""

from symback.render import working
from symback.render.kinds import Kind

KIND = Kind(working.lines, working.blocks, working.answers, working.as_object, working.ending)
