"""Workings that were checked."""

from symback.render import working
from symback.render.kinds import Kind, late

KIND = Kind(working.blocks, working.answers, working.as_object, formats={"text": late("working_text", "render")})
