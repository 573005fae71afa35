"""A student's working, judged line by line: the first wrong line, the wrong term, and the mistake by its name."""

from __future__ import annotations

from symback.working.checking import check_working
from symback.working.result import Line, Working

__all__ = ["Line", "Working", "check_working"]
