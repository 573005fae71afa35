"""Print the table of all benchmarks, or of those that are named, and with `--write` put it into docs/performance.md."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from benchmarks import solve  # before the run is kept on one processor: it measures two as well

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
COMMAND = "python -m benchmarks --write"
FOREWORD = """\
# Performance

Made by `{command}`, on one thread, with Python {python} and SymPy {sympy}. Each figure is a ratio of CPU
times measured in one run, the passes taking turns; the least of all passes unless a line says otherwise. Absolute
times do not travel, ratios do; solving alone is held to seconds on the clock.

"""


def one_thread() -> None:
    """Keep the run, and every process it starts, on one processor and numerical libraries on one thread."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")  # jax
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def table(wanted: Collection[str]) -> Iterator[str]:
    """Yield the lines of the Markdown table, each as soon as it is measured, and what is said below it."""
    from benchmarks import (
        Row,
        backprop,
        derive,
        gradient_lines,
        growth,
        integrals,
        layers,
        networks,
        pace,
        serve,
        site,
        start,
        training,
        working,
    )

    benchmarks: dict[str, tuple[Callable[[], Iterable[Row]], Callable[[], Iterable[str]]]] = {
        "derive": (derive.rows, lambda: ()),
        "pace": (pace.rows, lambda: ()),
        "growth": (growth.rows, lambda: [f"Depth: {growth.check_depth()}."]),
        "start": (start.rows, lambda: ()),
        "backprop": (backprop.rows, lambda: ()),
        "networks": (networks.rows, lambda: [f"{networks.kernel()}."]),
        "layers": (layers.rows, layers.report),
        "integrals": (integrals.rows, integrals.report),
        "training": (training.rows, lambda: ()),
        "working": (lambda: (*working.rows(), *gradient_lines.rows()), lambda: ()),
        "serve": (serve.rows, lambda: ()),
        "site": (site.rows, lambda: ()),
        "solve": (solve.rows, solve.report),
    }
    chosen = [benchmarks[name] for name in benchmarks if not wanted or name in wanted]
    yield "| what | beside | ratio | at most | |"
    yield "|---|---|---:|---:|---|"
    for measure, _ in chosen:
        for row in measure():
            bound = "" if row.bound is None else f"{row.bound:.2f}"
            yield f"| {row.what} | {row.beside} | {row.ratio:.2f} | {bound} | {'kept' if row.kept else '**missed**'} |"
    yield ""
    for _, said in chosen:
        yield from said()


def main() -> int:
    """Run everything, or the benchmarks that are named; the exit code is 1 where a bound was missed."""
    one_thread()
    import sympy

    options = sys.argv[1:]
    lines = []
    for line in table([name for name in options if name != "--write"]):
        print(line, flush=True)
        lines.append(line)
    if "--write" in options:
        foreword = FOREWORD.format(command=COMMAND, python=platform.python_version(), sympy=sympy.__version__)
        PAGE.write_text(foreword + "\n".join(lines) + "\n", encoding="utf-8")
    return int(any("**missed**" in line for line in lines))


if __name__ == "__main__":
    raise SystemExit(main())
