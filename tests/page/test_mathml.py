r"""LaTeX as MathML: how signs stand, which brackets grow, and that nothing comes out but formulas."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Diff, Power, apply, number
from symback.page.maths import latex
from symback.page.writers.mathml import formula, width
from symback.syntax import parse

from .hostile import FORMULAS, GOOD_FORMULAS, WORDS
from .test_formula_reading import whitelist

ELEMENTS = {
    "math",
    "semantics",
    "annotation",
    "mrow",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "msup",
    "msub",
    "msubsup",
    "mover",
    "munder",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mstyle",
}
ATTRIBUTES = {
    "accent",
    "accentunder",
    "class",
    "displaystyle",
    "encoding",
    "form",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "rspace",
    "scriptlevel",
    "stretchy",
    "style",
    "symmetric",
    "width",
}
TIMES, APPLIED = "<mo>\N{INVISIBLE TIMES}</mo>", "\N{FUNCTION APPLICATION}</mo>"
X, TWO, N = "<mi>x</mi>", "<mn>2</mn>", "<mi>n</mi>"
BAR = '<mfrac linethickness="1px">'
LOW = '<mo stretchy="false">'
TIGHT = 'lspace="0" rspace="0"'
LEFT, RIGHT = "text-align:left;justify-items:start", "text-align:right;justify-items:end"

WRITTEN = [
    # letters, numbers, words
    ("x", X),
    ("12.5", "<mn>12.5</mn>"),
    (r"\Gamma", '<mi mathvariant="normal">Γ</mi>'),
    (r"\mathrm{d}", '<mi mathvariant="normal">d</mi>'),
    (r"\mathbf{W}", "<mi>𝐖</mi>"),
    (r"\mathbb{R}", "<mi>ℝ</mi>"),
    (r"\infty", "<mi>∞</mi>"),
    (r"\text{if }", "<mtext>if\u00a0</mtext>"),
    (r"\textbf{a b}", '<mtext class="b">a\u00a0b</mtext>'),
    (r"\text{a < b}", "<mtext>a\u00a0&lt;\u00a0b</mtext>"),
    # what is understood between two things
    ("2 x", f"<mrow>{TWO}{TIMES}{X}</mrow>"),
    ("d x", f"<mrow><mi>d</mi>{X}</mrow>"),
    (r"\sin x", f'<mrow><mi>sin</mi><mo lspace="0.1667em">{APPLIED}{X}</mrow>'),
    (r"\ln(x)", f"<mrow><mi>ln</mi><mo>{APPLIED}{LOW}(</mo>{X}{LOW})</mo></mrow>"),
    # signs before one thing and between two
    ("-x", f'<mrow><mo form="prefix">−</mo>{X}</mrow>'),
    ("x - 2", f"<mrow>{X}<mo>−</mo>{TWO}</mrow>"),
    ("x = -2", f'<mrow>{X}<mo>=</mo><mo form="prefix">−</mo>{TWO}</mrow>'),
    (r"x \cdot 2", f'<mrow>{X}<mo lspace="0.2222em" rspace="0.2222em">⋅</mo>{TWO}</mrow>'),
    ("{} + x", f"<mrow><mrow></mrow><mo>+</mo>{X}</mrow>"),  # a piece of a formula that was broken before the sign
    ("x^{n - 2}", f"<msup>{X}<mrow>{N}<mo {TIGHT}>−</mo>{TWO}</mrow></msup>"),
    ("1{,}5", "<mn>1,5</mn>"),
    ("|-x|", f'<mrow>{LOW[:-1]} {TIGHT}>|</mo><mo form="prefix">−</mo>{X}{LOW[:-1]} {TIGHT}>|</mo></mrow>'),
    # fractions, roots, scripts
    (r"\frac{x}{2}", f"{BAR}{X}{TWO}</mfrac>"),
    (r"\tfrac{x}{2}", f'<mfrac displaystyle="false" linethickness="1px">{X}{TWO}</mfrac>'),
    (r"\binom{n}{2}", f'<mrow><mo>(</mo><mfrac linethickness="0">{N}{TWO}</mfrac><mo>)</mo></mrow>'),
    (r"\sqrt{x}", f"<msqrt>{X}</msqrt>"),
    (r"\sqrt[n]{x}", f"<mroot>{X}{N}</mroot>"),
    ("x_n^2", f"<msubsup>{X}{N}{TWO}</msubsup>"),
    ("x''", f"<mrow>{X}<mo {TIGHT}>″</mo></mrow>"),
    (r"\sum_{n}^{2} x", f'<mrow><munderover><mo lspace="0">∑</mo>{N}{TWO}</munderover>{X}</mrow>'),
    (r"\int_{n}^{2} x", f'<mrow><msubsup><mo lspace="0">∫</mo>{N}{TWO}</msubsup>{X}</mrow>'),
    (r"\int\limits_{n}^{2} x", f'<mrow><munderover><mo lspace="0">∫</mo>{N}{TWO}</munderover>{X}</mrow>'),
    (r"\underset{n}{x}", f"<munder>{X}{N}</munder>"),
    # brackets grow around what is tall, and there alone
    (r"\left(x\right)^{2}", f"<msup><mrow>{LOW}(</mo>{X}{LOW})</mo></mrow>{TWO}</msup>"),
    (r"\left(\frac{x}{2}\right)", f"<mrow><mo>(</mo>{BAR}{X}{TWO}</mfrac><mo>)</mo></mrow>"),
    (r"\left.x\right|_{2}", f"<msub><mrow>{X}<mo>|</mo></mrow>{TWO}</msub>"),
    (r"x)^{2}", f"<mrow>{X}<msup><mrow>{LOW})</mo><mspace/></mrow>{TWO}</msup></mrow>"),
    # accents, marks
    (r"\hat{x}", f'<mover accent="true">{X}<mo stretchy="false">ˆ</mo></mover>'),
    (r"\widetilde{x}", f'<mover accent="true">{X}<mo>˜</mo></mover>'),
    (r"\boxed{x}", f'<mrow class="boxed">{X}</mrow>'),
    (r"\changed{x}", f'<mrow class="changed">{X}</mrow>'),
    # arrays
    (
        r"\begin{pmatrix} x & 2 \end{pmatrix}",
        f"<mrow><mo>(</mo><mtable><mtr><mtd>{X}</mtd><mtd>{TWO}</mtd></mtr></mtable><mo>)</mo></mrow>",
    ),
    (
        r"\begin{aligned} x &= 2 \end{aligned}",
        f'<mtable displaystyle="true"><mtr><mtd style="{RIGHT};padding-right:0">{X}</mtd>'
        f'<mtd style="{LEFT};padding-left:0"><mo>=</mo>{TWO}</mtd></mtr></mtable>',
    ),
    (
        r"\begin{array}{l|r} x & 2 \end{array}",
        f'<mtable><mtr><mtd style="{LEFT};border-right:1px solid currentcolor">{X}</mtd>'
        f'<mtd style="{RIGHT}">{TWO}</mtd></mtr></mtable>',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "mathml"), WRITTEN, ids=[latex for latex, _ in WRITTEN])
def test_what_is_written(latex: str, mathml: str) -> None:
    found = formula(latex, display=True)
    assert found is not None
    shown = re.fullmatch(r'<math displaystyle="true"><semantics>(.*)<annotation.*</semantics></math>', found.mathml)
    assert shown is not None
    assert shown[1] == mathml


def test_limits_stand_beside_their_sign_in_a_line() -> None:
    beside, below = formula(r"\lim_{x} x"), formula(r"\lim_{x} x", display=True)
    assert beside is not None
    assert below is not None
    assert "<msub><mi>lim</mi>" in beside.mathml
    assert "<munder><mi>lim</mi>" in below.mathml


@pytest.mark.parametrize("latex", [*GOOD_FORMULAS, *whitelist()])
def test_it_is_well_formed_and_holds_its_latex(latex: str) -> None:
    for display in (False, True):
        found = formula(latex, display)
        assert found is not None
        root = ElementTree.fromstring(found.mathml)
        assert {element.tag for element in root.iter()} <= ELEMENTS
        assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES
        annotation = root.find("semantics/annotation")
        assert annotation is not None
        assert annotation.text == latex
        assert found.width >= 0
        assert width(latex, display) == found.width


@pytest.mark.parametrize("latex", [*FORMULAS, *(rf"\text{{{words}}}" for words in WORDS), *WORDS])
def test_hostile_text_is_no_element(latex: str) -> None:
    found = formula(latex)
    if found is not None:
        root = ElementTree.fromstring(found.mathml)
        assert {element.tag for element in root.iter()} <= ELEMENTS
        assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES


PARTS = st.sampled_from(
    [r"\frac{x}{2}", "x", "2", "^{2}", "_{n}", "'", "+", "-", "=", ",", "(", ")", "|", "<", "&", r"\sin", r"\sum", "{",
     "}", r"\left(", r"\right)", r"\text{<b>}", r"\hat{x}", r"\cdot", r"\bigl(", r"\,", r"\mathbf{x}", r"\displaystyle"]
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(PARTS, max_size=12))
def test_whatever_is_read_is_well_formed(parts: list[str]) -> None:
    found = formula(" ".join(parts), True)
    if found is not None:
        ElementTree.fromstring(found.mathml)


WIDER = [
    ("x", "x x"), ("x", r"\frac{x + 1}{2}"), (r"\frac{x}{2}", r"\left(\frac{x}{2}\right)"), ("x^{2}", "x^{2 n}"),
    (r"\begin{pmatrix} x \end{pmatrix}", r"\begin{pmatrix} x & x \end{pmatrix}"), ("x", r"\sqrt{x}"), ("-x", "2 - x"),
]  # fmt: skip


@pytest.mark.parametrize(("narrow", "wide"), WIDER)
def test_widths(narrow: str, wide: str) -> None:
    found = width(narrow), width(wide)
    assert found[0] is not None
    assert found[1] is not None
    assert found[0] < found[1]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_that_is_printed_is_read(name: str) -> None:
    """A function whose LaTeX the reader does not know would stand on a page as code."""
    arguments = [parse("x + 1"), parse("y^2"), parse("z")][: FUNCTIONS[name].arity]
    for tree in (
        apply(name, *arguments),
        Power(apply(name, *arguments), number(2)),
        Diff(apply(name, *arguments), parse("x")),
    ):
        assert formula(latex(tree)) is not None, latex(tree)
