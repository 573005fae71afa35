r"""Pictures for TeX: each shape of our SVG is one command of TikZ, at its own place."""

from __future__ import annotations

import re

import pytest

import symback
from symback.page.writers.tikz import tikz

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" viewBox="0 0 100 50">'
BLUE, BLACK = "{rgb,255:red,0;green,0;blue,255}", "{rgb,255:red,0;green,0;blue,0}"


@pytest.mark.parametrize(
    ("shape", "written"),
    [
        ('<path d="M0 0H100v10" fill="none" stroke="#0000ff" stroke-width="2"/>',
         rf"\path[draw={BLUE}, line width=1.51pt] (0pt,0pt) -- (75.3pt,0pt) -- (75.3pt,-7.53pt);"),
        ('<path d="M0 0C10 0 10 10 20 10" fill="none" stroke="#0000ff"/>',
         rf"\path[draw={BLUE}, line width=0.75pt] (0pt,0pt) .. controls (7.53pt,0pt) and (7.53pt,-7.53pt) .. "
         "(15.06pt,-7.53pt);"),
        ('<path d="M0 0Q30 0 30 30z"/>',
         rf"\path[fill={BLACK}] (0pt,0pt) .. controls (15.06pt,0pt) and (22.59pt,-7.53pt) .. "
         "(22.59pt,-22.59pt) -- cycle;"),
        ('<polygon points="0,0 10,0 10,10" fill="#0000ff"/>',
         rf"\path[fill={BLUE}] (0pt,0pt) -- (7.53pt,0pt) -- (7.53pt,-7.53pt) -- cycle;"),
        ('<polyline points="0,0 10,0" fill="none" stroke="#0000ff" stroke-dasharray="4 2"/>',
         rf"\path[draw={BLUE}, line width=0.75pt, dash pattern=on 3.01pt off 1.51pt] (0pt,0pt) -- (7.53pt,0pt);"),
        ('<rect x="10" y="10" width="20" height="10" rx="2" fill="#0000ff"/>',
         rf"\path[fill={BLUE}] [rounded corners=1.51pt] (7.53pt,-7.53pt) rectangle (22.59pt,-15.06pt);"),
        ('<g transform="translate(10 20) scale(2)"><circle cx="1" cy="0" r="4" fill="#0000ff"/></g>',
         rf"\path[fill={BLUE}] (9.04pt,-15.06pt) circle[radius=6.02pt];"),
        ('<text x="0" y="0" font-size="10" fill="#0000ff" text-anchor="middle">a_1 &lt; ∂</text>',
         rf"\node[anchor=base, inner sep=0pt, text={BLUE}] at (0pt,0pt) "
         r"{\fontsize{7.53}{9.04}\selectfont{}\sffamily{}a\_1 \textless{} $\partial$};"),
        ('<defs><path id="p" d="M0 0H10"/></defs><use href="#p" x="10"/>',
         rf"\path[fill={BLACK}] (7.53pt,0pt) -- (15.06pt,0pt);"),
        ('<clipPath id="c"><rect width="10" height="10"/></clipPath><path clip-path="url(#c)" d="M0 0H10"/>',
         "\\begin{scope}\n\\clip (0pt,0pt) rectangle (7.53pt,-7.53pt);\n"
         f"\\path[fill={BLACK}] (0pt,0pt) -- (7.53pt,0pt);\n\\end{{scope}}"),
        ("<script>alert(1)</script><title>a</title>", ""),
    ],
)  # fmt: skip
def test_shapes(shape: str, written: str) -> None:
    frame = "\\begin{tikzpicture}\n\\clip (0pt,0pt) rectangle (75.3pt,-37.65pt);\n"
    shown = f"{written}\n" if written else ""
    assert tikz(f"{HEAD}{shape}</svg>") == f"{frame}{shown}\\end{{tikzpicture}}"


@pytest.mark.parametrize("svg", ["", "<svg/>", "<svg", '<!DOCTYPE a [<!ENTITY b "c">]><svg>&b;</svg>', "no picture"])
def test_what_is_no_picture(svg: str) -> None:
    assert tikz(svg) == ""


def test_a_wide_graph_is_as_wide_as_the_page() -> None:
    chain = "; ".join(["a1 = 2a0", *(f"a{n} = 2a{n - 1}" for n in range(2, 16))])
    drawn = tikz(symback.render(symback.Graph(chain), "svg"))
    assert re.findall(r"\\clip \(0pt,0pt\) rectangle \(([\d.]+)pt", drawn) == ["480"]
