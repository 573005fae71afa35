"""Documents as PDF: tagged, complete, the same each time, and nothing cut off."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from symback.errors import SymbackError, UsageError
from symback.page.page import (
    Blocks,
    Bullets,
    Cover,
    Display,
    Figure,
    Listing,
    Paragraph,
    Section,
    Table,
    Text,
)
from symback.page.solution import Document, Solution
from symback.page.writers import typst as sheet
from symback.page.writers import write
from symback.page.writers.pdf import FORMAT, compiled, document
from tests.running import takes_less_than

from .hostile import WORDS
from .shown import equation, maths
from .specimens import hostile, one_of_each

typst = pytest.importorskip("typst")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")

SOLUTION = Solution("p1", "", "derive")


def pdf_of(*blocks: Blocks, title: str = "A sheet") -> bytes:
    """Return a document with a problem of each of these blocks."""
    sections = [Section(f"p{i}", i, (Text("A problem"),), inside) for i, inside in enumerate(blocks, 1)]
    return document(Cover(title), [FORMAT.part(SOLUTION, section, "steps") for section in sections])


def text_of(pdf: bytes, folder: Path, *options: str) -> str:
    """Return the text of a PDF, as poppler reads it."""
    (folder / "a.pdf").write_bytes(pdf)
    read = subprocess.run(["pdftotext", *options, folder / "a.pdf", "-"], capture_output=True, check=True)
    return read.stdout.decode()


LONG = " + ".join(f"{n} x^{{{n}}} y" for n in range(1, 30))
MATRIX = r"\begin{pmatrix} " + r" \\ ".join([" & ".join(["x^{2} + y_{10}"] * 9)] * 6) + r" \end{pmatrix}"
UNBREAKABLE = [
    LONG, rf"\left({LONG}\right)^{{2}}", rf"\frac{{{LONG}}}{{x + 1}}", rf"\sqrt{{{LONG}}}", rf"e^{{{LONG}}}", MATRIX,
    "9" * 300,
    r"\mathrm{" + "a" * 300 + "}", r"\text{" + "a " * 150 + "}", " ".join(rf"\left(x + {n}\right)" for n in range(40)),
    rf"a \cdot \left(b + \left[{LONG}\right]\right)", r"\operatorname{" + "f" * 150 + r"}\left(x\right)",
    r"\unknown" * 40,
]  # fmt: skip


def test_a_tagged_document() -> None:
    pdf = write(one_of_each(), "pdf")
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF-1.7")
    for mark in (
        b"pdfuaid:part>1<",
        b"/Marked true",
        b"/Lang(en)",
        b"/S/Formula",
        b"/S/H1",
        b"/DisplayDocTitle true",
    ):
        assert mark in pdf, mark
    assert b"/CreationDate" not in pdf
    assert pdf.count(b"/FontFile") == pdf.count(b"/Type/FontDescriptor") > 1


def test_same_input_same_bytes() -> None:
    short = Document("a.toml", "Sums & products", "", one_of_each().solutions[:2])
    assert write(short, "pdf") == write(short, "pdf")
    assert (FORMAT.name, FORMAT.suffix) == ("pdf", ".pdf")


@needs_poppler
def test_what_is_in_it(tmp_path: Path) -> None:
    pdf = write(Document("a.toml", "Sums & products", "An *introduction*.", one_of_each().solutions[:1]), "pdf")
    assert isinstance(pdf, bytes)
    text = " ".join(text_of(pdf, tmp_path).split())
    for words in (
        "Sums & products",
        "An introduction.",
        "1. a derivation",
        "0.5 points",
        "Answer",
        "Steps",
        "product rule",
    ):
        assert words in text, words


@needs_poppler
def test_formulas_have_words(tmp_path: Path) -> None:
    pdf = pdf_of((Display((equation(r"\frac{d}{dx}\left[x^{2}\right]", ("2 x",), "power rule", ("n = 2",)),)),))
    tagged = subprocess.run(
        ["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    assert "the derivative by x of x squared equals 2 x" in pdf.decode("latin-1")
    assert tagged.count("Formula") == 2
    assert "power rule" in tagged


@needs_poppler
@pytest.mark.parametrize(
    "latex",
    [pytest.param(one, id=str(k), marks=pytest.mark.slow if k % 2 else ()) for k, one in enumerate(UNBREAKABLE)],
)
def test_nothing_is_cut(latex: str, tmp_path: Path) -> None:
    cell = (maths(latex),)
    blocks: Blocks = (
        Paragraph((Text("Consider "), maths(latex), Text(" here."))),
        Bullets((cell,)),
        Display(
            (equation("f", (latex, latex), "a rule", (f"u = {latex}",)), equation(latex, ("x",)), equation(latex, ()))
        ),
        Table(((Text("a"),), (Text("b"),), (Text("c"),)), ((cell, cell, (Text("x"),)),)),
    )
    assert outside(text_of(pdf_of(blocks), tmp_path, "-bbox")) == []


@needs_poppler
def test_no_words_are_cut(tmp_path: Path) -> None:
    words = "x" * 300
    row = tuple((Text(f"{n / 7:.9f}"),) for n in range(14))
    blocks: Blocks = (
        Paragraph((Text(words), Text(words, "code"), Text(words, "strong"))),
        Listing(f"{words}\n{'a b ' * 80}\n    x"),
        Table(row, (row,) * 50),
        Table(((Text(words),), (Text(words, "code"),)), (((Text("long words " * 40),), (Text(words),)),)),
    )
    assert outside(text_of(pdf_of(blocks, title=words), tmp_path, "-bbox")) == []


def outside(boxes: str) -> list[str]:
    """Return the words that reach into the margins of A4, by more than a hair."""
    left, right, bottom = 62.3 - 1, 595.3 - 62.3 + 1, 841.9 - 28
    words = re.findall(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)</word>', boxes)
    assert words
    return [word for x, _, to_x, to_y, word in words if float(x) < left or float(to_x) > right or float(to_y) > bottom]


@needs_poppler
def test_hostile_words_are_words(tmp_path: Path) -> None:
    pdf = write(hostile(), "pdf")
    assert isinstance(pdf, bytes)
    text = "".join(text_of(pdf, tmp_path).split())
    for words in WORDS:
        if words.isascii() and not set(words) & set("\"'`") and len(words) < 60:
            assert "".join(words.split()) in text, words


@needs_poppler
def test_what_no_font_has_is_written_as_its_number(tmp_path: Path) -> None:
    blocks: Blocks = (Paragraph((Text("a 𒀀 b"), Text("𒀀", "code"), maths(r"\text{𒀀}"))),)
    pdf = pdf_of(blocks, title="𒀀")
    text = " ".join(text_of(pdf, tmp_path).split())
    assert "a U+12000 b" in text or "a 𒀀 b" in text  # where a font of the machine has it
    assert pdf == pdf_of(blocks, title="𒀀")


def test_pictures_have_words() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1400" height="20"><rect x="0" y="0" width="600" height="9"/>'
    svg += '<rect x="700" y="0" width="700" height="9"/></svg>'
    pdf = pdf_of((Figure(svg, "Two boxes"),))
    assert pdf.count(b"/S/Figure") == 1  # of the two strips into which it is cut, one is read aloud
    assert b"/Alt(Two boxes)" in pdf


def test_without_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match="not installed") as caught:
        document(Cover("T"), [])
    assert 'pip install "symback[pdf]"' in caught.value.hint


def test_an_error_of_the_compiler_is_ours() -> None:
    with pytest.raises(SymbackError, match="The PDF could not be set: panicked"):
        compiled("#panic()")


def test_short_problems_are_set_quickly() -> None:
    display = Display(
        tuple(equation("f" if n == 0 else "", (f"x^{{{n}}} + 1",), "power rule", ("n = 2",)) for n in range(6))
    )
    sections = [Section(f"p{i}", i, (Text(f"Problem {i}"),), (display,)) for i in range(1, 101)]
    source = sheet.document(Cover("T"), [sheet.part(SOLUTION, section, "steps") for section in sections])
    assert takes_less_than(8, lambda: compiled(source))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="pdf needs the package typst, which is not installed") as caught:
        write(one_of_each(), "pdf")
    assert 'pip install "symback[pdf]"' in caught.value.hint
