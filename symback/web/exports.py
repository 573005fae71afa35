"""A question worked and written as a file in any format."""

from __future__ import annotations

from typing import Any

from symback import formats
from symback.errors import UsageError
from symback.page.solution import Solution
from symback.web.asked import asked
from symback.web.questions import worked
from symback.web.side import File

Object = dict[str, Any]


def export(given: Object) -> File:
    """Return a question as a file in a `format`.

    >>> export({"kind": "derive", "fields": {"expr": "x^2"}, "format": "latex"}).name
    'derive.tex'
    """
    wanted = given.get("format")
    row = next((one for one in formats.FORMATS if one.name == wanted), None)
    if row is None:
        known = ", ".join(one.name for one in formats.FORMATS)
        raise UsageError(f"There is no format {str(wanted)[:60]!r}.", hint=f"Choose one of: {known}.")
    solution = worked(asked(given))
    return File(f"{solution.kind}{row.endings[0]}", as_bytes(_written(solution, row)))


def _written(solution: Solution, row: formats.Format) -> str | bytes:
    if "sheet" in row.uses:
        written: str | bytes = solution.render(row.name)
        return written
    from symback.page import render

    parts = [
        render(
            work.thing, row.name, solution.detail, **_verdict(work), **({"width": 100} if row.name == "text" else {})
        )
        for work in solution.works
    ]
    return parts[0] if len(parts) == 1 or isinstance(parts[0], bytes) else "\n\n".join(parts)


def _verdict(work: Any) -> Object:
    return {"verify": False} if work.thing.tells_verdict else {"verification": work.verification}


def as_bytes(written: str | bytes) -> bytes:
    """Return what was written as bytes."""
    return written if isinstance(written, bytes) else written.encode("utf-8", "replace")
