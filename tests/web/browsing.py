"""A real Chromium for tests of the page, driven by Playwright; its screenshots are kept to be looked at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.page.browser import chromium

SHOTS = Path(os.environ.get("SYMBACK_SHOTS") or Path(__file__).parents[2] / "build" / "screenshots")
PATIENCE = 90_000  # milliseconds: tests run on busy machines


@contextmanager
def browser() -> Iterator[Any]:
    """Start the browser of the system."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def page_at(started: Any, address: str, width: int = 1200, **options: Any) -> Iterator[Any]:
    """Open an address, wait until the page is ready, and hold it to its promises: no error, no request elsewhere."""
    context = started.new_context(viewport={"width": width, "height": 850}, **options)
    context.set_default_timeout(PATIENCE)
    page, wrong = context.new_page(), []
    home = address.partition("#")[0]
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(said.text) if said.type == "error" and "422" not in said.text else None
    )
    page.on("request", lambda one: wrong.append(one.url) if not one.url.startswith((home, "data:", "blob:")) else None)
    try:
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        yield page
        assert wrong == []
    finally:
        context.close()


def shot(page: Any, name: str) -> None:
    """Keep a picture of the window."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def complaints_of_axe(page: Any) -> list[str]:
    """Return what axe-core finds: what a reader without sight, or with little, would miss."""
    import axe_playwright_python

    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found]


def can_browse() -> bool:
    return chromium() is not None


def npm() -> str | None:
    return shutil.which("npm")
