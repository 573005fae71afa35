"""Workings that were checked."""

from symback.page import working
from symback.page.kinds import Kind, late

KIND = Kind(working.blocks, working.answers, working.as_object, formats={"text": late("working_text", "render")})
