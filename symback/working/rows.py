"""The shape of the tables of mistakes: name, wrong law, an expression in which it is made, what a teacher says."""

from __future__ import annotations

from typing import TypeAlias

Rows: TypeAlias = tuple[tuple[str, str, str, str], ...]
