"""The static site in Chromium: the wait for the first steps, and for the reading after a key stroke.

Processor time is that of the browser with all its processes; it says what an idle machine would take at the least.
"""

from __future__ import annotations

import functools
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks import Row

PYODIDE = os.environ.get("SYMBACK_PYODIDE", "")  # the folder of a copy of it
TYPED = "x^2 sin(x) + e^(3x)/(x + 1)"
QUESTION = "#kind=derive&expr=x%5E2%20sin%20x"
# Milliseconds from a key stroke to the reading of what is typed then.
STROKE = """typed => new Promise(done => {
    const field = document.querySelector("#ask-expr"), began = performance.now();
    const seen = new MutationObserver(() => { if (document.querySelector(".read-as math, .read-as .error-box")) {
        seen.disconnect(); done(performance.now() - began); } });
    seen.observe(document.querySelector(".read-as"), { childList: true, subtree: true });
    field.value = typed;
    field.dispatchEvent(new Event("input", { bubbles: true }));
})"""


def rows() -> Iterator[Row]:
    """Yield seconds and milliseconds; nothing where Pyodide or the browser is missing."""
    from tests.page.browser import chromium

    if not PYODIDE or chromium() is None:
        return
    from symback.web.site import write_site

    with TemporaryDirectory() as folder:
        write_site(Path(folder, "site"), Path(PYODIDE))
        handler = functools.partial(_Quiet, directory=f"{folder}/site")
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield from _measured(f"http://127.0.0.1:{server.server_port}/")
            server.shutdown()


def _measured(address: str) -> Iterator[Row]:
    from tests.web.browsing import browser, page_at

    with browser() as started:
        began, before = perf_counter(), _processor_time()
        with page_at(started, address + QUESTION) as page:
            page.wait_for_selector("#hint:visible")
            yield Row("site: first visit to first steps", perf_counter() - began, "seconds", 5.0)
            yield Row("site: the same", _processor_time() - before, "seconds of processor time", None)
            yield Row("site: a key stroke to its reading (median)", _strokes(page), "milliseconds", 150.0)


def _strokes(page: Any) -> float:
    page.click("text=Change the question")
    return median([page.evaluate(STROKE, TYPED[: n + 1]) for n in range(len(TYPED))])


def _processor_time() -> float:
    """Return the seconds that all processes below this one have worked."""
    parents, worked = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
        worked[int(path.parent.name)] = int(fields[11]) + int(fields[12])
    below = {os.getpid()}
    for _ in range(8):  # generations
        below |= {pid for pid, parent in parents.items() if parent in below}
    return sum(worked.get(pid, 0) for pid in below - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""
