"""Documents as Typst: blocks in markup, words that stay words, and a source that stands by itself."""

from __future__ import annotations

import re

import pytest

from symback.page.page import (
    Block,
    Bullets,
    Cover,
    Display,
    Figure,
    Link,
    Listing,
    Paragraph,
    Remark,
    Section,
    Subheading,
    Table,
    Text,
)
from symback.page.solution import Solution
from symback.page.writers import write
from symback.page.writers.typst import FORMAT, document, part, words
from symback.page.writers.typst_pictures import cuts_of
from symback.page.writers.typst_words import literal

from .shown import equation, maths
from .specimens import formulas, hostile, one_of_each

SOLUTION = Solution("p1", "", "derive")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'


def written(*blocks: Block) -> str:
    """Return blocks as the markup of a problem, without its heading."""
    return part(SOLUTION, Section("p1", 1, (), blocks), "problems").partition("\n\n")[2]


X = 'u($x$, "x")'
BLOCKS: list[tuple[Block, str]] = [
    (Paragraph((Text("a "), maths("x^2"), Text("."))), 'a #short($x^(2)$, "x squared");.'),
    (Paragraph((Text("b", "strong"), Text("(c)", "emphasis"))), r"#strong[b];#emph[(c)];"),
    (Paragraph((Text("#x", "code"),)), '#raw("#x");'),
    (Paragraph((Link("x_1", "https://example.org/#a"),)), r'#link("https://example.org/#a")[x\_1];'),
    (Paragraph((maths(r"\input{x}"),)), r'#raw("\\input{x}");'),
    (Subheading((Text("Forward"),)), "#subheading(2, [Forward])"),
    (Bullets(((Text("a"),), (Text("- b"),))), "#list(tight: false,\n  [a],\n  [\\- b],\n)"),
    (Bullets(((Text("a"),),), ordered=True), "#enum(tight: false,\n  [a],\n)"),
    (Listing('a = "b"\n\\c'), '#listing("a = \\"b\\"\\n\\\\c")'),
    (Remark("wrong", (Text("No."),)), '#remark("wrong", [No.])'),
    (Figure(SVG, "A graph"), f'#picture({literal(SVG)}, "A graph")'),
    (Table(((Text("h"),),), (((maths("x"),),),)),
     f"#words-table((room => [h],), (\n  (room => ms(room, ({X},), display: true),),\n))"),
    (Display((equation("f", ("x", "x"), "a rule, another", ("x",), ("tidied",)),)),
     f'#derivation((\n  (left: (u($f$, "f"),), links: (({X},), ({X},)), '
     'reason: ([a rule], [another], [#short($x$, "x");], [tidied])),\n))'),
    (Display((equation("", ("x",)),)), f"#derivation((\n  (left: (), links: (({X},),), reason: ()),\n))"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "markup"), BLOCKS, ids=lambda value: type(value).__name__)
def test_blocks(block: Block, markup: str) -> None:
    assert written(block) == markup


def test_long_formulas_come_in_units() -> None:
    latex = " + ".join(f"x_{{{n}}}" for n in range(30))
    markup = written(Display((equation("f", (latex, rf"\left({latex}\right)^{{2}}")),)))
    assert markup.count("sign: $+$") > 50
    assert "finer: (u(" in markup


def test_a_verdict_stays_with_its_derivation() -> None:
    display = Display((equation("f", ("x",)),))
    assert written(display, Remark("verified", (Text("Verified."),))).count("keep: true") == 1
    assert "keep" not in written(display, Paragraph((Text("x"),)))


SECTION = Section(
    "p1", 3, (Text("A title"),), (Paragraph((Text("Question."),)),), (Remark("hint", (Text("A hint."),)),),
    (Paragraph((Text("Reply."),)),), (Paragraph((Text("Way."),)),), "2 points",
)  # fmt: skip
SHOWN = [
    ("problems", "Question."),
    ("hints", "Question. hint"),
    ("answers", "Question. hint Answer Reply."),
    ("steps", "Question. hint Answer Reply. Steps Way."),
]


@pytest.mark.parametrize(("show", "shown"), SHOWN)
def test_as_much_as_is_shown(show: str, shown: str) -> None:
    markup = part(SOLUTION, SECTION, show)
    assert markup.startswith('#problem(3, [A title], points: "2 points")\n')
    assert re.findall(r"Question\.|hint|Answer|Reply\.|Steps|Way\.", markup.replace("A hint.", "")) == shown.split()


def test_what_is_empty() -> None:
    assert part(SOLUTION, Section("p1", 1, (), ()), "steps") == "#problem(1, [Problem])"
    assert written(Subheading(()), Paragraph((Text("x"),))) == "x"
    assert written(Display((equation("", ()),))) == "#derivation((\n))"


def test_a_document_stands_by_itself() -> None:
    source = document(Cover('A "title" #1', (Paragraph((Text("Hello."),)),), "de"), ["#problem(1, [A])"])
    title = r'"A \"title\" #1"'
    opening = f'#show: sheet.with(title: {title}, shown: {title}, running: {title}, language: "de")'
    assert source.endswith(f"{opening}\n\nHello.\n\n#problem(1, [A])\n")
    for forbidden in ("@preview", "#import", "#include", "read(", "sys.inputs", "plugin("):
        assert forbidden not in source


@pytest.mark.parametrize("language", ["", "x" * 9, 'en", body: [', "EN"])
def test_only_languages_are_languages(language: str) -> None:
    assert 'language: "en")' in document(Cover("T", (), language), [])


def test_same_input_same_text() -> None:
    assert write(one_of_each(), "typst") == write(one_of_each(), "typst")
    assert (FORMAT.name, FORMAT.suffix) == ("typst", ".typ")


@pytest.mark.parametrize("specimen", [one_of_each, hostile, formulas])
def test_typst_sets_it_without_a_warning(specimen: object) -> None:
    typst = pytest.importorskip("typst")
    assert callable(specimen)
    source = write(specimen(), "typst")
    assert isinstance(source, str)
    pdf, warnings = typst.Compiler(source.encode(), ignore_system_fonts=True).compile_with_warnings(format="pdf")
    assert pdf.startswith(b"%PDF")
    assert [w.message for w in warnings] == []


def test_words() -> None:
    assert words((Text(" a "), Text("b_", "strong"), Text(" "))) == r"a #strong[b\_];"


def test_pictures_are_cut_where_only_wires_are() -> None:
    boxes = '<rect x="20" y="0" width="380" height="9"/>'
    words = '<text x="420" y="9" font-size="10" text-anchor="start" fill="b">ab</text>'
    more = '<rect x="600" y="0" width="300" height="9"/>'
    inside = f'<rect width="1000" height="50"/>{boxes}{words}{more}'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="50">{inside}</svg>'
    assert cuts_of(svg) == (0.41, 0.5162)
    assert cuts_of(svg.replace('width="1000"', 'width="600"')) == ()
    assert cuts_of(SVG) == cuts_of("<svg/>") == ()
