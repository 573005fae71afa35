"""Documents as Markdown, and what they say when they are read back."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

import symback
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
    Subheading,
    Table,
    Text,
)  # fmt: skip
from symback.page.prose import cleaned
from symback.page.solution import AnswerCheck, Document, Solution, Work
from symback.page.writers import format_named, write
from symback.page.writers.markdown import block_in_markdown, escaped, words_in_markdown

from .hostile import UNSEEN, WORDS
from .shown import equation, maths
from .specimens import formulas, hostile, one_of_each

READER = MarkdownIt("commonmark", {"html": True}).enable("table")


def tokens(text: str) -> Iterator[Token]:
    """Yield all tokens of a Markdown text, those inside of others too."""
    stack: list[Token] = list(reversed(READER.parse(text)))
    while stack:
        token = stack.pop()
        yield token
        stack.extend(reversed(token.children or []))


def kinds(text: str) -> set[str]:
    return {token.type for token in tokens(text)}


def said(text: str) -> str:
    """Return the words of a Markdown text."""
    parts = []
    for token in tokens(text):
        if token.type in ("text", "text_special", "code_inline", "fence", "html_inline", "html_block"):
            parts.append(token.content)
        elif token.type == "softbreak":
            parts.append(" ")
    return "".join(parts)


# --- a document -------------------------------------------------------------------------------------------------------


def test_a_document() -> None:
    work = Work(symback.derive("x^3", "x"))
    solution = Solution("p1", "A power of $x$", "derive", 1, 2, "Find it.", hints=("The power rule.",), works=(work,),
                        checks=(AnswerCheck("x", "3x^2", "3x^2", "confirmed"),))  # fmt: skip
    document = Document("a.toml", "Powers", "All of them.", (solution,))
    assert write(document, "markdown") == "\n".join(
        [
            "# Powers",
            "",
            "All of them.",
            "",
            "## 1. A power of $x$ (2 points)",
            "",
            "Find it.",
            "",
            "> **Hint:** The power rule.",
            "",
            "### Answer",
            "",
            "$$",
            r"\begin{aligned}",
            r"  \frac{d}{dx}\left[x^{3}\right] &= 3 x^{2}",
            r"\end{aligned}",
            "$$",
            "",
            "> ✓ The given answer is right.",
            "",
            "### Steps",
            "",
            "$$",
            r"\begin{aligned}",
            r"  \frac{d}{dx}\left[x^{3}\right] &= 3 x^{2} && \text{power rule},\ n = 3",
            r"\end{aligned}",
            "$$",
            "",
        ]
    )


@pytest.mark.parametrize(
    ("show", "headings"), [("problems", []), ("hints", []), ("answers", ["Answer"]), ("steps", ["Answer", "Steps"])]
)
def test_show(show: str, headings: list[str]) -> None:
    solution = Solution("p1", "A", "derive", text="b", hints=("c",), works=(Work(symback.derive("x^2", "x")),))
    text = write(Document("a.toml", "T", "", (solution,)), "markdown", show)
    assert isinstance(text, str)
    assert re.findall("^### (.*)$", text, re.MULTILINE) == headings
    assert ("**Hint:**" in text) == (show != "problems")


def test_every_kind_of_thing_is_written() -> None:
    for detail in ("brief", "normal", "full"):
        text = write(one_of_each(detail), "markdown")
        assert isinstance(text, str)
        assert text.count("### Steps") == len(one_of_each().solutions)
        assert not kinds(text) & {"html_block", "html_inline"}


# --- blocks -----------------------------------------------------------------------------------------------------------

X = maths("x")


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (Paragraph((Text("a_b "), X)), r"a\_b $x$"),
        (Subheading((Text("Forward pass"),)), "**Forward pass**"),
        (Bullets(((Text("a"),), (X,))), "- a\n- $x$"),
        (Bullets(((Text("a"),), (X,)), ordered=True), "1. a\n2. $x$"),
        (Listing("a\n```\nb\n"), "````text\na\n```\nb\n````"),
        (Display((equation("x < y", ()),)), "$$\nx \\lt  y\n$$"),
        (Display((equation("f", ("2 x", "4")),)), "$$\n\\begin{aligned}\n  f &= 2 x = 4\n\\end{aligned}\n$$"),
        (Table(((Text("a|b"),), (X,)), (((maths("|x|"),), ()),)),
         "| a\\|b | $x$ |\n|---|---|\n| $\\vert x\\vert $ |  |"),
        (Figure("<svg/>", "a [b]"), f"![a \\[b\\]](data:image/svg+xml;base64,{base64.b64encode(b'<svg/>').decode()})"),
        (Remark("wrong", (Text("No."),)), "> ✗ No."),
        (Remark("note", (Text("So."),)), "> **Note:** So."),
        (Paragraph((Text("a "), Text("b", "strong"), Text(" c "), Text("d", "emphasis"))), "a **b** c *d*"),
        (Paragraph((Text("a`b", "code"), Text("`", "code"))), "``a`b```` ` ``"),
        (Paragraph((Text(" b ", "strong"), Text("c"))), "**b** c"),
        (Paragraph((Link("a]b", "https://a.b/(c)"),)), r"[a\]b](https://a.b/%28c%29)"),
    ],
)  # fmt: skip
def test_blocks(block: Block, text: str) -> None:
    assert block_in_markdown(block) == text


# --- read back --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", WORDS)
def test_hostile_words_read_back(words: str) -> None:
    line = " ".join(cleaned(words).split())
    for text in (f"## {escaped(line)}", escaped(line), f"- {escaped(line)}", f"| {escaped(line)} |\n|---|"):
        assert said(text) == line
        assert not kinds(text) & {
            "html_inline",
            "html_block",
            "link_open",
            "image",
            "em_open",
            "strong_open",
            "fence",
            "hr",
        }


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=40))
def test_all_words_read_back(words: str) -> None:
    assert said(escaped(words)) == cleaned(words)
    assert said(words_in_markdown((Text("a "), Text(words, "strong"), Text(" b")))) == f"a {cleaned(words)} b"


@given(st.text("ab`\\*_$<&", max_size=30))
def test_code_reads_back(words: str) -> None:
    assert said(words_in_markdown((Text("a "), Text(words, "code"), Text(" b")))) == f"a {words} b"


def test_hostile_documents_hold_no_tag_and_no_link() -> None:
    text = write(hostile(), "markdown")
    assert isinstance(text, str)
    assert not kinds(text) & {"html_inline", "html_block", "link_open", "hr"}
    images = [token for token in tokens(text) if token.type == "image"]
    assert all(str(token.attrs["src"]).startswith("data:image/svg+xml;base64,") for token in images)
    headings = [said(f"# {line[3:]}") for line in text.splitlines() if line.startswith("## ")]
    assert headings == [f"{i}. {' '.join(cleaned(words).split())}" for i, words in enumerate(WORDS, 1)]


def test_formulas_hold_no_angles() -> None:
    text = write(formulas(), "markdown")
    assert isinstance(text, str)
    assert "<" not in text
    assert ">" not in text


@pytest.mark.parametrize("text", UNSEEN)
def test_unseen_characters_are_dropped(text: str) -> None:
    cover = Cover(text)
    written = format_named("markdown").document(cover, [])
    assert isinstance(written, str)
    written.encode()
    assert written == f"# {escaped(cleaned(text))}\n"


def test_the_same_document_gives_the_same_text() -> None:
    texts: Sequence[object] = [write(one_of_each(), "markdown") for _ in range(2)]
    assert texts[0] == texts[1]
