"""The files of the page, as they are sent or written: with their types, and with the font and style of all pages."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
}
POLICY = (
    "default-src 'none'; script-src 'self'{extra}; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'"
)
FONT = "STIXTwoMath-subset.woff2"


class Asset(NamedTuple):
    """A file of the page."""

    content: bytes
    type: str


@cache
def assets() -> dict[str, Asset]:
    """Return the files by name; `index.html` is the page.

    >>> {"index.html", "app.js", "page.css", "writers.css"} <= set(assets())
    True
    """
    folder = files("symback.web") / "page"
    found = {one.name: one.read_bytes() for one in folder.iterdir() if one.name.rpartition(".")[2] in TYPES}
    writers = files("symback.page.writers") / "assets"
    found[FONT] = (writers / FONT).read_bytes()
    found["writers.css"] = _rules(writers.joinpath("page.css").read_text(encoding="utf-8")).encode()
    return {name: Asset(content, TYPES[name.rpartition(".")[2]]) for name, content in sorted(found.items())}


def _rules(css: str) -> str:
    """Return the style of documents for the page: what it says of the whole window is the page's own."""
    css = css[css.index("/* --- formulas") :]
    return re.sub(r"/\* --- on paper.*?(?=/\* --- the index)", "", css, flags=re.DOTALL)


def policy(compiles: bool = False) -> str:
    """Return the policy of the page: nothing comes from elsewhere, and nothing written into a page is run.

    `compiles` is for the page that runs Pyodide, which compiles WebAssembly.
    """
    return POLICY.format(extra=" 'wasm-unsafe-eval'" if compiles else "")
