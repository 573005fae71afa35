"""The server of the page: what an answer over HTTP takes beyond its own work, and the size of a site over the wire."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from subprocess import DEVNULL, Popen, TimeoutExpired
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from benchmarks import Row
from benchmarks.start import COMMAND, ENVIRONMENT

PORT = 8131
EXPRESSIONS = [f"x^{n} sin({n} x)/(x + {n})" for n in range(2, 42)]
PYODIDE = os.environ.get("SYMBACK_PYODIDE", "")  # the folder of a copy of it
HEADERS = {"content-type": "application/json"}


def rows() -> Iterator[Row]:
    """Yield the milliseconds beyond the own work, and the megabytes of a static site without Pyodide itself."""
    server = Popen([*COMMAND, "serve", "--port", str(PORT), "--jobs", "1"], stdout=DEVNULL, stderr=DEVNULL,
                   env=ENVIRONMENT)  # fmt: skip
    try:
        _wait()
        beyond = [_asked(expr) - _worked(expr) for expr in EXPRESSIONS][5:]
        said = "serve: a derive over HTTP, beyond its own work (median of 35)"
        yield Row(said, 1000 * median(beyond), "milliseconds", 50.0)
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except TimeoutExpired:
            server.kill()
    said = "with Pyodide" if PYODIDE else "without Pyodide itself"
    yield Row(f"site: all files, compressed, {said}", _site(), "megabytes", 15.0 if PYODIDE else None)


def _wait() -> None:
    for _ in range(200):
        try:
            _asked("x^2")
        except OSError:
            sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")


def _asked(expr: str) -> float:
    start = perf_counter()
    connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("POST", "/api/derive", json.dumps({"expr": expr, "wrt": "x"}), HEADERS)
    content = json.loads(connection.getresponse().read())
    if "answer" not in content:
        raise RuntimeError(content)
    return perf_counter() - start


def _worked(expr: str) -> float:
    import symback

    start = perf_counter()
    symback.render(symback.derive(expr, "x"), "json")
    return perf_counter() - start


def _site() -> float:
    with TemporaryDirectory() as folder:
        command = [*COMMAND, "site", "--out", f"{folder}/site", *(("--pyodide", PYODIDE) if PYODIDE else ())]
        Popen(command, stdout=DEVNULL, stderr=DEVNULL, env=ENVIRONMENT).wait()
        files = [file for file in Path(folder).rglob("*") if file.is_file()]
        return sum(len(gzip.compress(file.read_bytes())) for file in files) / 1e6
