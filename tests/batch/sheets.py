"""Problem files for tests, runs of the command in a process of its own, and what they leave behind."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.running import interruptible

PROBLEM = """
[[problem]]
kind = "derive"
title = "Number {number}"
expr = '{a}x^{n} + sin({b}x) + {number}'
wrt = "x"
"""


def sheet(path: Path, problems: int, first: int = 1, extra: str = "") -> Path:
    """Write a file of short problems, each a little different."""
    path.parent.mkdir(parents=True, exist_ok=True)
    numbers = range(first, first + problems)
    texts = [PROBLEM.format(number=n, a=2 + n % 7, n=2 + n % 5, b=2 + n % 3) for n in numbers]
    path.write_text(f'title = "Sheet {path.stem}"\n{"".join(texts)}{extra}', encoding="utf-8")
    return path


def folder_of_sheets(path: Path, files: int = 3, problems: int = 20) -> Path:
    """Write a folder of such files, the last in a folder inside."""
    for number in range(files - 1):
        sheet(path / f"s{number}.toml", problems, number * problems)
    sheet(path / "more" / "last.toml", problems, files * problems)
    return path


def start(*arguments: Any) -> subprocess.Popen[str]:
    """Start `symback solve` in a process of its own."""
    command = [sys.executable, "-m", "symback", "solve", *map(str, arguments)]
    return interruptible(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder with their bytes, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def wait_until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait until a condition holds, and return its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.005)
    raise AssertionError(f"not within {seconds} s: {condition}")


def children(process: int) -> list[int]:
    """Return the processes that a process has started."""
    found: list[int] = []
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        found += map(int, thread.read_text().split())
    return found


def is_running(process: int) -> bool:
    """Tell whether a process runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def records(out: Path) -> int:
    """Return how many lines the journal of a run has."""
    try:
        return (out / ".symback.journal").read_bytes().count(b"\n")
    except OSError:
        return 0
