"""Authors' words: Markdown with formulas."""

from __future__ import annotations

import pytest

from symback.page.page import Blocks, Bullets, Display, Inline, Link, Listing, Paragraph, Table, Text, plain_words
from symback.page.prose import blocks_of_markdown, cleaned, inlines_of_markdown, inlines_of_title

from .hostile import FORMULAS, GOOD_FORMULAS, UNSEEN, WORDS
from .shown import equation, maths


def words(*parts: Inline | str) -> Paragraph:
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in parts))


X = maths("x")
BLOCKS: list[tuple[str, Blocks]] = [
    ("", ()),
    (" \n \n", ()),
    ("Plain words.", (words("Plain words."),)),
    ("two\nlines", (words("two lines"),)),
    ("a\n\nb", (words("a"), words("b"))),
    ("The $x$ of *it*.", (words("The ", X, " of ", Text("it", "emphasis"), "."),)),
    ("**a** and `b_c`", (words(Text("a", "strong"), " and ", Text("b_c", "code")),)),
    ("$a_1*b*c_2$", (words(maths("a_1*b*c_2")),)),
    (r"\$x\$ \*a\*", (words("$x$ *a*"),)),
    ("$5 and $6 or $7", (words("$5 and $6 or $7"),)),
    ("USD$20 and $x$2", (words("USD$20 and $x$2"),)),
    ("x $ y $ z", (words("x $ y $ z"),)),
    ("at $5 it is $x$", (words("at $5 it is ", X),)),
    ("in a line $$x$$ too", (words("in a line ", X, " too"),)),
    ("$$\nx\n- y\n$$", (Display((equation("x - y", ()),)),)),
    ("so\n$$x$$\nholds", (words("so"), Display((equation("x", ()),)), words("holds"))),
    ("$$", (words("$$"),)),
    ("$$x\n\ny$$", (words("$$x"), words("y$$"))),
    ("# Head $x$", (words(Text("Head ", "strong"), X),)),
    ("- a\n- $x$", (Bullets(((Text("a"),), (X,))),)),
    ("1. a\n2. b", (Bullets(((Text("a"),), (Text("b"),)), ordered=True),)),
    ("- a\n  - b\n- c", (Bullets(((Text("a"),), (Text("b"),), (Text("c"),))),)),
    ("- a\n\n  b", (Bullets(((Text("a"), Text(" "), Text("b")),)),)),
    ("```\na $x$\n b\n```", (Listing("a $x$\n b"),)),
    ("    code", (Listing("code"),)),
    ("> quoted", (words("quoted"),)),
    ("a\n\n---\n\nb", (words("a"), words("b"))),
    ("| a | $x$ |\n|---|---|\n| 1 | 2 |", (Table(((Text("a"),), (X,)), (((Text("1"),), (Text("2"),)),)),)),
    ("[here](https://a.b/c?d=1)", (words(Link("here", "https://a.b/c?d=1")),)),
    ("<mailto:a@b.c>", (words(Link("mailto:a@b.c", "mailto:a@b.c")),)),
    ("[x](javascript:alert(1))", (words("[x](javascript:alert(1))"),)),
    ("[x](file:///etc/passwd)", (words("[x](file:///etc/passwd)"),)),
    ("[x](//a.b) [y](c.html)", (words("x y"),)),
    ("![a picture](https://a.b/c.png)", (words("a picture"),)),
    ("<b>bold</b>", (words("<b>bold</b>"),)),
    ("<div>\n\nx\n\n</div>", (words("<div>"), words("x"), words("</div>"))),
    ("a &amp; b", (words("a & b"),)),
]


@pytest.mark.parametrize(("typed", "blocks"), BLOCKS, ids=[repr(typed)[:40] for typed, _ in BLOCKS])
def test_blocks(typed: str, blocks: Blocks) -> None:
    assert blocks_of_markdown(typed) == blocks


@pytest.mark.parametrize("latex", [f for f in FORMULAS if f.strip() and "$" not in f], ids=lambda latex: latex[:30])
def test_what_is_no_mathematics_is_no_formula(latex: str) -> None:
    for typed in (f"a ${latex}$ b", f"$$\n{latex}\n$$", f"$${latex}$$"):
        shown = repr(blocks_of_markdown(typed))
        assert "Maths" not in shown
        assert "Display" not in shown


@pytest.mark.parametrize("latex", GOOD_FORMULAS)
def test_mathematics_is_a_formula(latex: str) -> None:
    assert inlines_of_markdown(f"a ${latex}$ b") == (Text("a "), maths(latex), Text(" b"))
    assert blocks_of_markdown(f"$$\n{latex}\n$$") == (Display((equation(latex, ()),)),)


def test_what_was_refused_is_shown_as_typed() -> None:
    assert inlines_of_markdown(r"$\input{x}$") == (Text(r"$\input{x}$", "code"),)
    assert blocks_of_markdown(r"$$\def\x{}$$") == (Listing(r"$$\def\x{}$$"),)


@pytest.mark.parametrize("text", WORDS)
def test_no_words_become_a_link_or_a_formula_in_a_title(text: str) -> None:
    title = inlines_of_title(text)
    assert all(isinstance(part, Text) and not part.style for part in title)
    assert plain_words(title) == " ".join(text.split())


def test_a_title_has_formulas_but_no_markdown() -> None:
    assert inlines_of_title(r"*The* slope of $x_1^2$, \$5") == (Text("*The* slope of "), maths("x_1^2"), Text(", $5"))
    assert inlines_of_title("") == ()


@pytest.mark.parametrize("text", UNSEEN)
def test_characters_that_are_not_seen_are_dropped(text: str) -> None:
    shown = plain_words(inlines_of_markdown(f"a{text}b $x{text}$"))
    assert not set(shown) & set("\x1b\u202e\u202c\u200b\x00\x07\x7f\x9b\u2066\u2069\udcff")
    shown.encode()
    assert cleaned(text) == "".join(c for c in text if c.isprintable() and c != "\u200b")


def test_hints_are_one_line() -> None:
    assert plain_words(inlines_of_markdown("a\n\n- b\n- c\n\n```\nd\n```")) == "a b c d"
