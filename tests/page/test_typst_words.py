r"""Words for Typst read back as they are: what Typst makes of them is compared with what was written."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symback.page.writers.typst_words import BREAK, NO_LIGATURE, breakable, escaped, literal, printable

from .hostile import UNSEEN, WORDS

typst = pytest.importorskip("typst")

QUOTES = str.maketrans("“”″‘’′", "\"\"\"'''")  # Typst sets quotation marks as a printer does


def texts_of(source: str) -> list[str]:
    """Return the paragraphs of a Typst source as Typst understands them."""
    html = typst.Compiler(source.encode(), ignore_system_fonts=True).compile(format="html").decode()
    assert not re.search("<(?!/?(?:p|html|head|meta|title|body|code|strong|span|br)\\b|!DOCTYPE)[a-z]", html), html
    paragraphs = re.findall("<p>(.*?)</p>", html.partition("<body>")[2], re.DOTALL)
    return [seen(unescape(re.sub("<[^>]*>", "", paragraph))) for paragraph in paragraphs]


def seen(text: str) -> str:
    """Return a text without what cannot be seen, quotation marks as they are typed."""
    text = printable(text).replace(BREAK, "").replace(NO_LIGATURE, "").translate(QUOTES)
    return " ".join(text.split())


def shown(words: list[str]) -> None:
    """Check that words come through as they are, at the beginning of a paragraph, inside one, and as code."""
    words = [text.strip() for text in map(printable, words)]
    markup = [f"|#strong[{escaped(text)}];{escaped(text)}|" for text in words]
    code = [f"|#raw({literal(' '.join(text.split()))});|" for text in words]
    bare = [f"{escaped(text)}|" for text in words]
    expected = [seen(f"|{text}{text}|") for text in words] + [seen(f"|{' '.join(text.split())}|") for text in words]
    expected += [seen(f"{text}|") for text in words]
    assert texts_of("\n\n".join([*markup, *code, *bare])) == expected


def test_hostile_words() -> None:
    shown([*WORDS, *UNSEEN])


def test_everything_that_typst_has_a_use_for() -> None:
    shown(
        ["= heading", "- item", "+ item", "1. item", "12.", "/ term: words", "// no comment", "/* none */", "*/",
        "*b*", "_e_",
         "`c`", "```c```", "$x$", "#let x = 1", "#panic()", "#{", "@ref", "<label>", "a<b>", "~", "\\", "\\u{41}",
         "a\\", "---", "--",
         "-?", "...", "-1", "http://a.b/c", "[x]", "]", "](", ";", "(x)", ".x", "'q'", '"q"', "  = x", "a\n\n= b"]
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("#$*_`@<>[](){}~=+-/:;.,!?\\\"'|^&% 1a\n") | st.characters(), max_size=12), max_size=20
    )
)
def test_any_words(words: list[str]) -> None:
    shown(words)


def test_long_words_may_be_broken() -> None:
    assert breakable("x" * 40, 12) == BREAK.join(["xxxx"] * 10)
    assert breakable("short words stay", 12) == "short words stay"
