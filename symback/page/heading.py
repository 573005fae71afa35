"""What stands above a sheet besides its title."""

from __future__ import annotations

from typing import NamedTuple


class Heading(NamedTuple):
    """Course, date, lines to be filled in by hand, how many points the sheet gives."""

    course: str = ""
    date: str = ""
    lines: tuple[str, ...] = ()
    total: float | None = None


NONE = Heading()
