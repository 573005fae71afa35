"""Sheets in real windows, by day, by night and on paper: nothing cut, marks there, brackets in their rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import symback
from symback.page.writers import write
from tests.web.browsing import browser, complaints_of_axe, shot

from .browser import chromium
from .specimens import one_of_each

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(not chromium(), reason="Chromium is not installed")

PROBLEMS = Path(__file__).parents[2] / "problems"
WIDTHS = (390, 794, 1280)
LOOKS = [(width, scheme, "screen") for width in WIDTHS for scheme in ("light", "dark")] + [(794, "light", "print")]

# What a reader would see: parts outside of the window that nothing scrolls, lines of marks that strike through what is
# marked, brackets that stand out of their row, differ in height, or do not stand around what is in them.
LOOK = """() => {
  const all = [...document.body.querySelectorAll("*")], box = e => e.getBoundingClientRect();
  const name = e => e.tagName + ": " + e.textContent.slice(0, 60), text = e => e.textContent.trim();
  const wide = document.documentElement.clientWidth, style = e => getComputedStyle(e);
  const moves = e => ["auto", "scroll"].includes(style(e).overflowX);
  const scrolls = e => e && e != document.body && (moves(e) || scrolls(e.parentElement));
  const beyond = e => box(e).right > wide + 1 || box(e).left < -1;
  const cut = e => style(e).overflowX == "hidden" && e.scrollWidth > e.clientWidth + 1;
  const struck = e => [...e.querySelectorAll("*")].some(k => box(k).bottom > box(e).bottom - 1);
  const is = e => /^[()\\[\\]{}|‖]$/.test(text(e)) && box(e).height;
  const signs = [...document.querySelectorAll("math mo")].filter(is);
  const off = e => Math.max(box(e.parentElement).top - box(e).top, box(e).bottom - box(e.parentElement).bottom) > 2;
  const pairs = [...document.querySelectorAll("math mrow")].filter(row => row.children.length > 2
    && ["()", "[]", "{}", "||", "‖‖"].includes(text(row.firstElementChild) + text(row.lastElementChild))
    && row.firstElementChild.tagName == "mo" && box(row.firstElementChild).height);
  const crooked = row => {
    const inner = [...row.children].slice(1, -1).map(box);
    const first = box(row.firstElementChild), last = box(row.lastElementChild);
    const top = Math.min(...inner.map(r => r.top)), bottom = Math.max(...inner.map(r => r.bottom));
    const apart = Math.abs(first.top - last.top) + Math.abs(first.bottom - last.bottom);
    const middle = Math.abs(first.top + first.bottom - top - bottom) / 2;
    return apart > 2 || middle > 0.45 * parseFloat(style(row).fontSize) || first.height < 0.65 * (bottom - top);
  };
  return {
    width: document.documentElement.scrollWidth - wide,
    out: all.filter(e => beyond(e) && !scrolls(e.parentElement)).map(name), cut: all.filter(cut).map(name),
    struck: [...document.querySelectorAll("math :is(.changed, .taken)")].filter(struck).map(name),
    brackets: signs.filter(off).map(name).concat(pairs.filter(crooked).map(name)),
    marks: ["changed", "taken"].map(one => document.querySelectorAll("math ." + one).length > 0),
    seen: signs.length + pairs.length, paper: style(document.body).backgroundColor,
    closed: [...document.querySelectorAll("details.steps > *")].filter(e => !box(e).height).map(name),
  };
}"""


@cache
def sheet(name: str, show: str = "steps") -> str:
    if name == "one of each":
        return str(write(one_of_each(), "html", show))
    if name == "index":
        from symback.page.writers.index import Entry, index

        files = {"html": "a.html", "pdf": "a.pdf"}
        return index([Entry("Powers", files, 3, right=2), Entry("Sums", files, 2, failed=1, wrong=1)], "Sheets")
    return str(write(symback.solve(PROBLEMS / f"{name}.toml"), "html", show))


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    with browser() as one:
        yield one


def opened(started: Any, text: str, folder: Path, width: int = 794, **options: Any) -> Any:
    (folder / "page.html").write_text(text, encoding="utf-8")
    page = started.new_context(viewport={"width": width, "height": 900}, bypass_csp=True, **options).new_page()
    page.goto((folder / "page.html").as_uri())
    page.evaluate("document.fonts.ready")
    return page


def slow(*names: str) -> list[Any]:
    return [pytest.param(name, marks=pytest.mark.slow) for name in names]


SHEETS = ("one of each", "05-gradients", "06-graphs", "08-networks", "10-integrals", "13-extrema", "deutsch/blatt4")


@pytest.mark.parametrize("name", ["03-chain-rule", *slow(*SHEETS)])
def test_a_sheet_in_every_window_and_on_paper(started: Any, name: str, tmp_path: Path) -> None:
    for width, scheme, medium in LOOKS:
        page = opened(started, sheet(name), tmp_path, width, color_scheme=scheme)
        page.emulate_media(media=medium)
        found = page.evaluate(LOOK)
        assert found["width"] == 0
        assert (found["out"], found["cut"], found["struck"], found["brackets"], found["closed"]) == ([], [], [], [], [])
        assert found["seen"] > 20
        assert any(found["marks"])
        assert found["paper"] == ("rgb(21, 24, 28)" if scheme == "dark" else "rgb(255, 255, 255)")
        shot(page, f"sheet-{Path(name).name.replace(' ', '-')}-{width}-{scheme}-{medium}")
        page.context.close()


PAGES = [("softmax-homework", "reveal"), ("index", "")]
MORE = [
    ("16-taylor", "steps"),
    ("softmax-homework", "problems"),
    ("05-gradients", "steps"),
    ("06-graphs", "steps"),
    ("13-extrema", "steps"),
    ("deutsch/blatt4", "steps"),
]


@pytest.mark.parametrize(
    ("name", "show"), [*PAGES, *(pytest.param(*one, marks=pytest.mark.slow) for one in MORE)], ids=str
)
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_axe_finds_nothing(started: Any, name: str, show: str, scheme: str, tmp_path: Path) -> None:
    page = opened(started, sheet(name, show or "steps"), tmp_path, 390, color_scheme=scheme)
    assert complaints_of_axe(page) == []
    page.context.close()


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("16-taylor", "en"),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in [("06-graphs", "en"), ("deutsch/blatt4", "de")]),
    ],
)
def test_headings_language_and_alternatives(name: str, language: str) -> None:
    text = sheet(name)
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert f'<html lang="{language}">' in text
    pictures = re.findall(r"<svg[^>]*>", text)
    assert pictures or language == "de"
    assert all(re.search('role="img" aria-label="[^"]{20,}"', picture) for picture in pictures)
