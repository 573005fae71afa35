"""Pages as a reader sees them, in Chromium: nothing outside the window, nothing fetched, nothing in the console."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import symback
from symback.page.page import Blocks, Bullets, Display, Paragraph, Section, Text
from symback.page.writers import write

from .browser import chromium, printed, seen
from .shown import equation, maths
from .specimens import formulas, hostile, one_of_each

pytestmark = pytest.mark.skipif(not chromium(), reason="Chromium is not installed")

ROOT = Path(__file__).parents[2]
PHONE, A4 = 360, 794  # pixels
LONG = " + ".join(f"{n} x^{{{n}}} y" for n in range(1, 30))
MATRIX = r"\begin{pmatrix} " + r" \\ ".join([" & ".join(["x^{2} + y_{10}"] * 6)] * 3) + r" \end{pmatrix}"
UNBREAKABLE = [
    LONG, rf"\left({LONG}\right)^{{2}}", rf"\frac{{{LONG}}}{{x + 1}}", rf"\sqrt{{{LONG}}}", rf"e^{{{LONG}}}", MATRIX,
    "9" * 300, r"\mathrm{" + "a" * 300 + "}", r"\text{" + "a " * 150 + "}",
    " ".join(rf"\left(x + {n}\right)" for n in range(40)), rf"a \cdot \left(b + \left[{LONG}\right]\right)",
    r"\left(" + ", ".join(map(str, range(60))) + r"\right)",
]  # fmt: skip


def page(name: str) -> str:
    documents = {"one of each": one_of_each, "formulas": formulas, "hostile": hostile}
    document = documents[name]() if name in documents else symback.solve(ROOT / "problems" / f"{name}.toml")
    return str(write(document, "html"))


PAGES = ["one of each", "formulas", "hostile", "05-gradients", "08-networks"]


@pytest.mark.parametrize(
    ("name", "width"),
    [
        pytest.param(name, width, marks=() if (k + (width == A4)) % 2 else pytest.mark.slow)
        for k, name in enumerate(PAGES)
        for width in (PHONE, A4)
    ],
)  # each page in one of the two windows, all in both where there is time
def test_a_page_in_a_window(name: str, width: int, tmp_path: Path) -> None:
    found = seen(page(name), width, tmp_path)
    assert (found.width, found.out, found.cut) == (0, [], [])
    assert (found.fetched, found.console) == ([], [])
    assert found.formulas > 10
    assert (found.struck, found.gaps) == ([], [])
    assert found.marks > 0 or name in ("formulas", "hostile")
    assert set(found.fonts) == {"loaded"}


def of_blocks(blocks: Blocks) -> str:
    from symback.page.page import Cover
    from symback.page.solution import Solution
    from symback.page.writers.html import document, part

    section = Section("p1", 1, (Text("A problem"),), blocks, (), blocks, blocks)
    return document(Cover("A sheet"), [part(Solution("p1", "", "derive"), section, "steps")])


@pytest.mark.parametrize("width", [PHONE, pytest.param(A4, marks=pytest.mark.slow)])
def test_nothing_long_is_cut(width: int, tmp_path: Path) -> None:
    blocks: list[Paragraph | Display | Bullets] = []
    for latex in UNBREAKABLE:
        rule = equation("f", (latex, latex), "a rule", (f"u = {latex}",))
        blocks += [
            Paragraph((Text("Consider "), maths(latex), Text(" here."))),
            Display((rule, equation(latex, ("x",)), equation(latex, ()))),
            Bullets(((maths(latex),),)),
        ]
    found = seen(of_blocks(tuple(blocks)), width, tmp_path)
    assert (found.width, found.out, found.cut) == (0, [], [])


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
@pytest.mark.slow
def test_a_page_is_printed_whole(tmp_path: Path) -> None:
    pdf = printed(page("one of each"), tmp_path)
    layout = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    wide = float(re.findall(r'<page width="([\d.]+)"', layout)[0])
    assert max(map(float, re.findall(r'xMax="([\d.]+)"', layout))) <= wide
    assert min(map(float, re.findall(r'xMin="([\d.]+)"', layout))) >= 0
    assert "product" in layout  # a label of a step: what is folded is printed all the same
    assert layout.count("Steps</word>") == one_of_each().solutions.__len__()


def test_words_are_shown_as_they_were_typed(tmp_path: Path) -> None:
    found = seen(page("hostile"), A4, tmp_path)
    for words in (
        "<script>alert(1)</script>",
        r"\input{/etc/passwd}",
        r"\immediate\write18{touch here}",
        "&amp; &lt;b&gt;",
    ):
        assert words in found.text
