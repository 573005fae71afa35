"""Which rows of a long table run among the quick tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def every(count: int, rows: Iterable[Any]) -> list[Any]:
    """Return rows for `parametrize`, of which one in `count` is quick and the others run with the slow tests."""
    return [
        pytest.param(*(row if type(row) is tuple else (row,)), marks=[pytest.mark.slow] * bool(i % count))
        for i, row in enumerate(rows)
    ]
