"""`%load_ext symback.notebook` in a notebook: cells that begin with %%symback are a derivation, a graph or a sheet.

%%symback derive --wrt x
x^2 e^(3x)

%%symback backprop --at a=3,b=1,c=-2
d = 2b; e = a + d; L = c e

%%symback
[[problem]]
expr = "x^2"
"""

from __future__ import annotations

import shlex
from typing import Any

from symback.errors import UsageError

USAGE = (
    "Write a question, as in %%symback derive --wrt x; below it the expression, the graph or, with no word, a sheet."
)


def load_ipython_extension(ipython: Any) -> None:
    """Add the magic; IPython calls this when the extension is loaded."""
    ipython.register_magic_function(symback, magic_kind="cell")


def symback(line: str, cell: str) -> Any:
    """Return what a cell asks for, which the notebook then shows.

    >>> symback("derive --wrt x", "x^2 y")
    <Derivation: d/dx [x^2y] = 2xy>
    """
    words = shlex.split(line)
    if not words:
        return _sheet(cell)
    from symback import cli

    found = cli.results([*words[:1], cell.strip(), *words[1:]])
    return found[0] if len(found) == 1 else found


def _sheet(text: str) -> Any:
    """Return a worked sheet."""
    from tempfile import TemporaryDirectory

    from symback.problems import solve

    if "[[problem]]" not in text:
        raise UsageError("This cell says neither a question nor a sheet.", hint=USAGE)
    with TemporaryDirectory() as folder:
        path = f"{folder}/cell.toml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return solve(path)


__all__ = ["load_ipython_extension", "symback"]
