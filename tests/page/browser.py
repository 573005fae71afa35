"""Pages in headless Chromium: how wide they are, what they fetch, and what the console says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-pings",
    "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr",
)  # fmt: skip

# The page stands in a frame, as a window has a least width; a script outside measures it, because inside none is run.
# What is in a box that scrolls can be reached; a box that is wider than the window cannot.
WRAPPER = """<!doctype html><meta charset="utf-8"><body style="margin:0"><pre id="found"></pre>
<iframe id="page" style="border:0;height:900px;width:%dpx" srcdoc="%s"></iframe>
<script>
const page = document.getElementById("page");
page.onload = async () => {
  const inside = page.contentDocument, wide = page.clientWidth;
  await inside.fonts.ready;
  const name = e => e.tagName + "." + e.getAttribute("class") + ": " + e.textContent.slice(0, 60);
  const style = e => page.contentWindow.getComputedStyle(e).overflowX;
  const scrolls = e => e && e != inside.body && (["auto", "scroll"].includes(style(e)) || scrolls(e.parentElement));
  const all = [...inside.body.querySelectorAll("*")];
  const beyond = e => e.getBoundingClientRect().right > wide + 1 || e.getBoundingClientRect().left < -1;
  const out = all.filter(e => beyond(e) && !scrolls(e.parentElement));
  const cut = all.filter(e => style(e) == "hidden" && e.scrollWidth > e.clientWidth + 1);
  // the line below a mark strikes through what reaches lower than its upper edge
  const box = e => e.getBoundingClientRect();
  const struck = e => [...e.querySelectorAll("*")].some(k => box(k).bottom > box(e).bottom - 1.5);
  const gap = e => e.lastElementChild && box(e).right > box(e.lastElementChild).right + 4;
  // a bracket with an exponent stands in its row: it reaches no lower than the row without the exponent
  const low = e => e.firstElementChild.matches("mrow, mo")
    && box(e.firstElementChild).bottom > box(e.parentElement).bottom + 2;
  const fetched = page.contentWindow.performance.getEntriesByType("resource").map(r => r.name);
  document.getElementById("found").textContent = JSON.stringify({
    width: inside.documentElement.scrollWidth - inside.documentElement.clientWidth,
    out: out.map(name), cut: cut.map(name), fetched: fetched.filter(u => !u.startsWith("data:")),
    fonts: [...inside.fonts].map(f => f.status), text: inside.body.innerText,
    formulas: inside.querySelectorAll("math").length,
    marks: inside.querySelectorAll("math .changed").length,
    struck: [...inside.querySelectorAll("math .changed")].filter(struck).map(name),
    gaps: [...inside.querySelectorAll("msqrt")].filter(gap).map(name),
    low: [...inside.querySelectorAll("msup")].filter(low).map(name),
    paper: page.contentWindow.getComputedStyle(inside.body).backgroundColor,
  });
};
</script>"""


class Seen(NamedTuple):
    """What was found: pixels too many, elements outside or cut, addresses, fonts, words, lines of the console.

    `struck` are the marks whose line goes through what is marked, `gaps` the roots that are wider than what is in
    them, `low` the brackets with an exponent that hang below their row, `paper` the colour behind all.
    """

    width: int
    out: list[str]
    cut: list[str]
    fetched: list[str]
    fonts: list[str]
    text: str
    formulas: int
    marks: int
    struck: list[str]
    gaps: list[str]
    low: list[str]
    paper: str
    console: list[str]


def chromium() -> str | None:
    """Return the path of the browser, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def seen(page: str, width: int, folder: Path, dark: bool = False) -> Seen:
    """Return how a page looks in a window of this width, by day or by night."""
    path = folder / "page.html"
    path.write_text(WRAPPER % (width, escape(page)), encoding="utf-8")
    night = ["--blink-settings=preferredColorScheme=0"] if dark else []
    done = _run([*night, "--virtual-time-budget=9000", "--dump-dom", path.as_uri()], folder)
    written = done.stdout.split('<pre id="found">', 1)[1].split("</pre>", 1)[0]
    found: dict[str, Any] = json.loads(_unescaped(written))
    return Seen(**found, console=[line for line in done.stderr.splitlines() if "CONSOLE" in line])


def printed(page: str, folder: Path) -> Path:
    """Return a page as the browser prints it."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    _run(["--no-pdf-header-footer", f"--print-to-pdf={folder / 'page.pdf'}", path.as_uri()], folder)
    return folder / "page.pdf"


def _run(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    browser = chromium()
    assert browser
    command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", *arguments]
    environment = {**os.environ, "HOME": str(folder), "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90, check=True)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u00a0").replace("&amp;", "&")
