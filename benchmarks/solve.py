"""1,000 short problems, one derivation each, from a file to documents: on one processor and on two.

Run alone, `python -m benchmarks solve` prints problems per second and where the time goes too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks import Row

PROBLEMS = 1000
MOST_SECONDS = 25.0
LEAST_SPEEDUP = 1.7
MOST_FOR_HTML = 1.3
PROCESSORS = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
ON_PROCESSORS = """
import os, sys
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, map(int, sys.argv[1].split(",")))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
FORMS = (
    "{a}x^{n} - {b}x + {c}",
    "(x^2 + {a})(x - {b})",
    "x/(x^2 + {a})",
    "({a}x + {b})/({c}x - 1)",
    "sin({a}x) cos({b}x)",
    "e^({a}x) sin(x)",
    "({a}x^2 + {b})^{n}",
    "ln({a}x^2 + {b})",
    "sqrt(x^2 + {a})",
    "{a}/(1 + e^(-{b}x))",
    "x^{n} ln(x)",
    "tanh({a}x + {b})",
    "{a}x^2 y + {b}y^3",
    "arctan(x/{a})",
    "{b}^x + x^{n}",
    "sin(x^{n}) + {c}x",
)


def sheet(path: Path, problems: int = PROBLEMS) -> Path:
    """Write a file of short problems, the same ones every time."""
    random = Random(4)  # noqa: S311
    lines = ['title = "Short problems"']
    for number in range(problems):
        numbers = {name: random.randint(2, 9) for name in "abcn"}
        lines += [
            "[[problem]]",
            'kind = "derive"',
            f"expr = '{FORMS[number % len(FORMS)].format(**numbers)}'",
            'wrt = "x"',
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# --- whole runs ----------------------------------------------------------------------------------------------------


def seconds(path: Path, format_: str, processors: int) -> float:
    """Return the seconds on the clock of one command on so many processors, from its start to its end."""
    with TemporaryDirectory(prefix="symback-") as folder:
        command = ["-m", "symback", "solve", str(path), "--out", folder, "--format", format_, "--jobs", str(processors)]
        on = ",".join(map(str, PROCESSORS[:processors]))
        start = perf_counter()
        subprocess.run([sys.executable, "-c", ON_PROCESSORS, on, *command], check=True, stderr=subprocess.DEVNULL)
        return perf_counter() - start


def rows(passes: int = 3) -> Iterator[Row]:
    """Measure, and yield the lines of the table."""
    tasks = [("markdown", 1), ("html", 1), *([("markdown", 2)] if len(PROCESSORS) > 1 else [])]
    with TemporaryDirectory(prefix="symback-") as folder:
        path = sheet(Path(folder, "short.toml"))
        times = {task: [seconds(path, *task) for _ in range(passes)] for task in tasks}
    least = {task: min(taken) for task, taken in times.items()}
    one = least["markdown", 1]
    what = f"solve: {PROBLEMS:,} short problems"
    yield Row(
        f"{what} to markdown, one processor", one, f"seconds ({PROBLEMS / one:.0f} problems a second)", MOST_SECONDS
    )
    yield Row(f"{what} to html, one processor", least["html", 1] / one, "to markdown", MOST_FOR_HTML)
    if ("markdown", 2) in least:
        yield Row(f"{what} to markdown, two processors", least["markdown", 2] / one, "one processor", 1 / LEAST_SPEEDUP)


# --- where the time goes -------------------------------------------------------------------------------------------


def shares(format_: str) -> dict[str, float]:
    """Return the seconds that each stage takes, in one process, one stage after the other for all problems."""
    from symback.calculus.derive import derive
    from symback.page.layout_of_solutions import cover_of, section_of
    from symback.page.solution import Document
    from symback.page.writers import format_named
    from symback.problems import read_sheets, work
    from symback.syntax import parse

    chosen, taken = format_named(format_), {}

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        start = perf_counter()
        result = work()
        taken[stage] = perf_counter() - start
        return result

    with TemporaryDirectory(prefix="symback-") as folder:
        path = sheet(Path(folder, "short.toml"))
        (read,) = timed("read the file", lambda: read_sheets(path))
        trees = timed("parse", lambda: [parse(problem.asked["expr"]) for problem in read.problems])
        found = timed("derive", lambda: [derive(tree, "x") for tree in trees])
        timed("verify", lambda: [derivation.verify() for derivation in found])
        solutions = timed("the rest of the work", lambda: [work(problem) for problem in read.problems])
        taken["the rest of the work"] -= taken["parse"] + taken["derive"] + taken["verify"]
        sections = timed("lay out", lambda: [section_of(solution) for solution in solutions])
        pairs = list(zip(solutions, sections, strict=True))
        parts = timed("render", lambda: [chosen.part(*pair, "steps") for pair in pairs])
        cover = cover_of(Document("short.toml", "Short problems"), "steps")
        timed("write", lambda: Path(folder, "short.out").write_text(chosen.document(cover, parts), encoding="utf-8"))
    return taken


def report() -> Iterator[str]:
    """Yield where the time goes, as lines of Markdown."""
    for format_ in ("markdown", "html"):
        taken = shares(format_)
        whole = sum(taken.values())
        stages = ", ".join(f"{stage} {part / whole:.0%}" for stage, part in taken.items())
        yield f"To {format_}, {whole / PROBLEMS * 1000:.1f} ms a problem in one process: {stages}."
