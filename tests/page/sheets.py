"""A worked sheet with one problem of each sort, words that mean harm, and readers for what is written of them."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from typing import Any

import symback
from symback.page.page import (
    Bullets,
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
)  # fmt: skip
from symback.page.prose import cleaned
from symback.page.solution import AnswerCheck, Document, Formula, Picture, Solution, Work
from tests.page.hostile import UNSEEN, WORDS

from .shown import equation, maths

HOSTILE = (
    *WORDS, *UNSEEN, "]]>", "]]]]><![CDATA[>", "a\tb", "two\nlines", "$$x$$", r"\(x\) and \[y\]", "[latex]x[/latex]",
    r"\begin{align}x\end{align}", "{{c1::x}}", "[sound:a.mp3]", "<!-- x", "@@PLUGINFILE@@/x", "a\ufffeb",
    "</pre></code>", "*/ --> %>",
)  # fmt: skip

NETWORK = "W1: 3x2\nz = W1 @ x + b1\na = sigmoid(z)\nL = sum((W2 @ a - y)^2)"
AT: dict[str, Any] = {
    "x": [1, -1], "b1": [0, 0, 0], "W1": [[1, 0], [0, 1], [1, 1]], "W2": [[0.5, 0.5, 2.5]], "y": [1],
}  # fmt: skip


def works(*things: Any) -> tuple[Work, ...]:
    return tuple(Work(thing, thing.verify() if hasattr(thing, "verify") else None) for thing in things)


@cache
def sheet() -> Document:
    """Return a sheet of seven problems, the last of which could not be worked."""
    gradient = symback.gradient("x^2/2 + y^2", ["x", "y"], at={"x": "-0.8", "y": "0.4"})
    network = symback.Graph(NETWORK).backprop(at=AT, wrt=["W1", "x"])
    graph = symback.Graph("d = 2b; e = a + d; L = c e").backprop(at={"a": 3, "b": 1, "c": -2}, lr=0.1)
    given = (AnswerCheck("x", "6x y e^(2x) + 6x^2 y e^(2x)", "6xy e^(2x) (x + 1)", "confirmed"),)
    hints = ("Use the **power rule** on $x^2/2$.", "And once more.")
    failed = symback.ParseError("The sum has no right-hand side.", "2 sin x +", 8, hint="Write a term after +.")
    return Document(
        "sheets/a.toml",
        "Slopes & gradients",
        "An *introduction* with $e^x$.",
        (
            Solution("g", "A gradient", "gradient", 1, 2, r"It costs \$5.",
                     (Formula(gradient.functions[0], "f"),), hints, works(gradient),
                     pictures=(Picture("graph", graph, "A graph"),)),
            Solution("one", "A product", "derive", 2, works=works(symback.derive("3x^2y e^(2x)", "x")), checks=given),
            Solution("two", "Two", "derive", 3,
                     works=works(symback.derive("x^2 y", "x"), symback.derive("x^2 y", "y"))),
            Solution("at", "At a point", "derive", 4, works=works(symback.derive("e^x", "x", at={"x": 1}))),
            Solution("net", "A network", "backprop", 5, works=works(network)),
            Solution("graph", "A graph", "backprop", 6, works=works(graph)),
            Solution("failed", "Broken", "derive", 7, error=failed),
        ),
    )  # fmt: skip


def section_with(words: str) -> Section:
    """Return a section that has the same words at every place where an author's words can stand."""
    text = (Text(words),)
    blocks = (
        Paragraph((Text(words), maths("x < y"), Text(words, "strong"), Text(words, "code"), Link(words, "https://example.org/"))),
        Bullets((text, text), ordered=True),
        Listing(words),
        Table((text,), ((text,),)),
        Remark("wrong", text),
        Subheading(text),
        Figure("<svg xmlns='http://www.w3.org/2000/svg'></svg>", words),
        Display((equation("y", ("x", "z"), "a rule"),)),
    )  # fmt: skip
    return Section("p1", 1, text, blocks, blocks[:1], blocks, blocks)


class Page(HTMLParser):
    """What a browser sees: elements, attributes, and the pieces of text between them; annotations it does not show."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.pieces: list[str] = [""]
        self.comments: list[str] = []
        self.is_closed = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append(tag)
        self.is_closed = False
        self.attributes += [(name, value or "") for name, value in attrs]
        self.pieces.append("\n" if tag in ("p", "li", "td", "th", "h4", "pre", "br") else "")

    def handle_endtag(self, tag: str) -> None:
        self.is_closed = True
        self.pieces.append("")

    def handle_data(self, data: str) -> None:
        if self.elements[-1:] != ["annotation"] or self.is_closed:
            self.pieces[-1] += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def squeezed(text: str) -> str:
    """Return words as they are read: without what is not seen, every space as one."""
    return " ".join(cleaned(text).split())
