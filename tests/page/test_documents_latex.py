"""Documents for TeX: nothing of an author's is a command, and plain pdflatex sets them without a line that is cut."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import symback
from symback.page.page import (
    Block,
    Bullets,
    Display,
    Figure,
    Link,
    Listing,
    Maths,
    Paragraph,
    Remark,
    Section,
    Subheading,
    Table,
    Text,
)
from symback.page.solution import Document, Solution, Work
from symback.page.writers import write
from symback.page.writers.latex import BEGIN, FORMAT, MARKS, PREAMBLE
from symback.page.writers.latex_words import formula, line, words

from .hostile import UNSEEN, WORDS
from .shown import equation, maths
from .specimens import formulas, hostile, one_of_each

COMMANDS = frozenset(
    "\\" + name
    for name in (
        *(
            "textbackslash",
            "textasciicircum",
            "textasciitilde",
            "textbar",
            "textless",
            "textgreater",
            "textsuperscript",
        ),
        *(
            "allowbreak",
            "ss",
            "ae",
            "oe",
            "l",
            "i",
            "o",
            "ll",
            "gg",
            "pi",
            "le",
            "surd",
            "circ",
            "dots",
            "S",
            "frac",
            "checkmark",
        ),
    )
)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("plain words", "plain words"),
        ("100% & #1_a", r"100\% \& \#1\_a"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("^^5c ~", r"\textasciicircum{}\textasciicircum{}5c \textasciitilde{}"),
        ("a--b ---", "a-{}-b -{}-{}-"),
        ("``a''", r"\`{}\`{}a'{}'"),
        ("[a]", "{[}a{]}"),
        ("é Ü ñ î ç ș", r"\'{e} \"{U} \~{n} \^{\i} \c{c} \c{s}"),
        ("ą ễ ﬁ", r"a e fi"),
        ("ß œ ø –", r"\ss{} \oe{} \o{} --"),
        ("π ≤ ∂ x²₁", r"$\pi$ $\le$ $\partial$ x\textsuperscript{2}$_{1}$"),
        ("中 😀", r"{[}U+4E2D{]}\allowbreak{} {[}U+1F600{]}\allowbreak{}"),
        ("x" * 45, r"\allowbreak{}".join([*["x" * 6] * 7, "xxx"])),
        ("x" * 40, "x" * 40),
        ("a\u202eb\x1b\nc", "ab c"),
    ],
)
def test_words(typed: str, written: str) -> None:
    assert words(typed) == written


@pytest.mark.parametrize("text", [*WORDS, *UNSEEN])
def test_hostile_words_are_words(text: str) -> None:
    written = words(text)
    assert written.isascii()
    assert set(re.findall(r"\\[A-Za-z]{2,}", written)) <= COMMANDS
    unescaped = re.sub(r"\\(?:[A-Za-z]+|.)", "", written)
    assert not set(unescaped) & set("%&#_^~\\$") - set("$_^~") or "$" in written
    assert unescaped.count("{") == unescaped.count("}")


def test_formulas_are_those_of_plain_tex() -> None:
    assert formula(r"a \lt b \gt c \ltimes") == r"a < b > c \ltimes"
    assert formula(r"\text{ü × 2}") == r"\text{\"{u} $\times$ 2}"


@pytest.mark.parametrize(
    ("inlines", "written"),
    [
        ((Text("a "), maths("x^2"), Text(".")), "a $x^2$."),
        ((Text("a", "strong"), Text("b", "emphasis"), Text("c_d", "code")), r"\textbf{a}\emph{b}\texttt{c\_d}"),
        ((Link("here", "https://a.b/c_d"),), r"here (\texttt{https://a.b/c\_d})"),
        ((Link("https://a.b", "https://a.b"),), r"\texttt{https://a.b}"),
    ],
)
def test_lines(inlines: tuple[Text | Maths | Link, ...], written: str) -> None:
    assert line(inlines) == written


PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20"><circle r="9"/></svg>'
TIKZ = (
    "\\begin{tikzpicture}\n\\clip (0pt,0pt) rectangle (15.06pt,-15.06pt);\n"
    r"\path[fill={rgb,255:red,0;green,0;blue,0}] (0pt,0pt) circle[radius=6.78pt];"
)


def shown(*blocks: Block) -> str:
    return FORMAT.part(Solution("p1", "", ""), Section("p1", 1, (), blocks), "problems").partition("\n\n")[2]


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (Paragraph((Text("a"),)), "a"),
        (Subheading((Text("Update"),)), r"\subsubsection*{Update}"),
        (Bullets(((Text("[a]"),),)), "\\begin{itemize}\n\\item {}{[}a{]}\n\\end{itemize}"),
        (Bullets(((Text("a"),),), ordered=True), "\\begin{enumerate}\n\\item {}a\n\\end{enumerate}"),
        (Listing("a  b\n[c]"), "\\begin{quote}\\ttfamily\n\\mbox{}a\\ \\ b\\\\\n\\mbox{}{[}c{]}\n\\end{quote}"),
        (Remark("hint", (Text("a"),)), r"\textbf{Hint:} a"),
        (Remark("confirmed", (Text("a"),)), r"$\checkmark$ a"),
        (Figure(PICTURE, "a dot"), f"{TIKZ}\n\\end{{tikzpicture}}"),
        (Figure("<svg/>", "a_b"), r"\fbox{\parbox{0.95\linewidth}{\textbf{Picture:} a\_b}}"),
        (Display((equation("f", ("2 x",)),)), "\\begin{align*}\n  f &= 2 x\n\\end{align*}"),
        (
            Table(((Text("a"),), (maths("h"),)), (((Text("1"),), (maths("2"),)),)),
            "\\begin{tabular}{ll}\n\\hline\na & $h$ \\\\\n\\hline\n1 & $2$ \\\\\n\\hline\n\\end{tabular}",
        ),
    ],
)
def test_blocks(block: Block, written: str) -> None:
    assert shown(block) == written


def test_what_cannot_be_broken_is_set_smaller() -> None:
    matrix = r"\begin{pmatrix} " + " & ".join(["12345678"] * 10) + r" \end{pmatrix}"
    assert shown(Display((equation("A", (matrix,)),))).startswith("{\\scriptsize\n\\begin{align*}")


def test_long_tables_are_cut_between_rows_and_wide_ones_wrapped() -> None:
    head = ((Text("n"),), (Text("words"),))
    rows = tuple(((maths(str(n)),), (Text("word " * 40),)) for n in range(90))
    written = shown(Table(head, rows))
    assert written.count("n & words") == 3
    assert re.findall(r"begin{tabular}\{(.*)\}", written)[0].startswith("lp{0.9")


def test_a_document() -> None:
    solution = Solution("p1", "A power", "derive", 1, 2, "Find it.", works=(Work(symback.derive("x^3", "x")),))
    text = write(Document("a.toml", "Powers & more", "All.", (solution,)), "latex", "answers")
    assert text == "\n\n".join(
        [
            f"{PREAMBLE}\n{BEGIN}",
            r"\begin{center}\LARGE Powers \& more\end{center}",
            "All.",
            r"\section*{1. A power (2 points)}",
            "Find it.",
            r"\subsection*{Answer}",
            "\\begin{align*}\n  \\frac{d}{dx}\\left[x^{3}\\right] &= 3 x^{2}\n\\end{align*}",
            "\\end{document}\n",
        ]
    )


def test_marks_and_their_commands() -> None:
    product = symback.derive("x^2 e^(3x)", "x")
    text = str(write(Document("a.toml", "A", "", (Solution("p1", "", "derive", 1, works=(Work(product),)),)), "latex"))
    assert r"&= \taken{\frac{d}{dx}\left[x^{2}\right]} \cdot e^{3 x} + \taken{x^{2}" in text
    assert r"&= \changed{2 x} e^{3 x} + \changed{3 x^{2} e^{3 x}}" in text
    assert MARKS in text


def test_packages() -> None:
    assert re.findall(r"\\usepackage(?:\[.*\])?\{(.*)\}", PREAMBLE) == ["inputenc", "amsmath", "amssymb", "geometry"]


# --- set by TeX -------------------------------------------------------------------------------------------------------

needs_tex = pytest.mark.skipif(not shutil.which("pdflatex"), reason="pdflatex is not installed")


SHEETS = sorted((Path(__file__).parents[2] / "problems").glob("**/*.toml"))


def set_by_tex(text: str, folder: Path) -> list[float]:
    """Return by how many points lines are too wide in what pdflatex makes of a document."""
    (folder / "a.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=100, check=False)
    log = (folder / "a.log").read_text(encoding="latin-1")
    assert done.returncode == 0, log[-2000:]
    return [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]


@needs_tex
@pytest.mark.slow
@pytest.mark.parametrize("document", [one_of_each, lambda: one_of_each("full"), hostile, formulas])
def test_pdflatex_sets_it(document: Callable[[], Document], tmp_path: Path) -> None:
    assert max(set_by_tex(str(write(document(), "latex")), tmp_path), default=0) < 10  # points


@needs_tex
@pytest.mark.parametrize(
    "path", [pytest.param(p, marks=() if p.stem == "06-graphs" else pytest.mark.slow, id=p.stem) for p in SHEETS]
)
def test_pdflatex_sets_every_sheet_within_its_margins(path: Path, tmp_path: Path) -> None:
    text = str(write(symback.solve(path), "latex"))
    assert ("tikzpicture" in text) == (r"\usepackage{tikz}" in text)
    assert set_by_tex(text, tmp_path) == []
