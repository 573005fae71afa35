"""Cold start: the CPU time of fresh processes, beside `import sympy` and an empty Python program."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import Row, take_turns

# Bytecode is compiled once, when a package is installed or first run, not at every start: the first pass, which nobody
# counts, leaves it in a folder of its own.
BYTECODE = TemporaryDirectory(prefix="symback-")  # removed when the run ends
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": BYTECODE.name}
SCRIPT = Path(sys.executable).with_name("symback")
COMMAND = [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-m", "symback"]
PROCESSES = {
    "pass": [sys.executable, "-c", "pass"],
    "import sympy": [sys.executable, "-c", "import sympy"],
    "help": [*COMMAND, "--help"],
    "derive": [*COMMAND, "derive", "3*x**2*y", "--wrt", "x"],
}


def cpu_seconds(command: list[str]) -> float:
    """Run a command and return its user and system seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(passes: int = 15) -> list[Row]:
    """Measure, and return the lines of the table."""
    times = take_turns({name: partial(cpu_seconds, command) for name, command in PROCESSES.items()}, passes)
    pairs = (
        ('start: symback derive "3*x**2*y" --wrt x', "derive", "import sympy", 0.9),
        ("start: symback --help", "help", "pass", 4.0),
    )
    return [
        Row(f"{what} ({statistic})", ratio, f'python -c "{base}"', bound)
        for what, ours, base, bound in pairs
        for statistic, ratio in (
            ("least", times[ours].least / times[base].least),
            ("median", times[ours].middle / times[base].middle),
        )
    ]
