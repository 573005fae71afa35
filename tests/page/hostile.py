"""Words and formulas that try to be more than that, for every format to show as they are."""

from __future__ import annotations

WORDS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</p><iframe src='https://example.org'>",
    r"\input{/etc/passwd}",
    r"\immediate\write18{touch here}",
    r"\end{document} \begin{verbatim}",
    r"\csname input\endcsname ^^5cinput",
    "100% of $5 and $6 & more #1 _a_ ~b~ ^c^",
    "*not* **strong** `code` [link](https://example.org) ![x](y)",
    "1. no list\n- none\n# no heading\n> no quote",
    "+ plus - minus = equals",
    "| a | b |\n|---|---|",
    "[a]: https://example.org 'b'",
    "``` fence ~~~",
    "&amp; &lt;b&gt; &#60;",
    "a -- b --- c ``d'' ?` !` ,,e",
    "=cmd|'/c calc'!A0\t@SUM(1)",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "été Übung ñ ß œ ą ș 中文 😀 Привет π ≤ ² ₁ √ «x»",
    "x" * 300,
    "\\",
    "$",
    "}",
)
"""Each reads back as it is, but for the ends of lines."""

UNSEEN = ("\x1b[31mred\x1b[0m", "a\u202eb\u202c", "zero\u200bwidth", "\x00\x07\x7f\x9b", "\u2066iso\u2069", "\udcff")
"""Holds characters that are dropped."""

FORMULAS = (
    r"\input{/etc/passwd}", r"\include{x}", r"\write18{id}", r"\immediate\write18{id}", r"\openin5=x",
    r"\read5 to \x",
    r"\def\x{y}", r"\let\x\y", r"\gdef\x{}", r"\newcommand{\x}{y}", r"\csname input\endcsname", r"\catcode`\@=11",
    r"\expandafter\x", r"\loop\iftrue\repeat", r"\href{javascript:alert(1)}{x}", r"\url{https://example.org}",
    r"\htmlData{a=b}{x}", r"\htmlClass{a}{x}", r"\includegraphics{x}", r"\class{a}{x}", r"\cssId{a}{x}",
    r"\style{a}{x}",
    r"\unicode{60}", r"\require{html}", r"\special{x}", r"\directlua{x}", r"\usepackage{x}", r"\color{red} x",
    r"\text{$x$}", r"\text{\input{x}}", r"\text{a_b}", r"\operatorname{\input}", r"\mathchoice{a}{b}{c}{d}",
    r"\hbox{x}",
    r"\begin{document}", r"\begin{verbatim} x \end{verbatim}", r"\begin{array}{p{3cm}} x \end{array}",
    r"\begin{pmatrix} 1", r"\end{pmatrix}", r"\begin{pmatrix} 1 \end{bmatrix}", r"a \\ b", "a & b", r"\\[9999cm]",
    r"\begin{matrix} a \\[9cm] b \end{matrix}",
    "^^5cinput", "x % y", "x # y", "{", "}", "{x}}", "{{x}", r"\left(", r"\right)", r"\left( x", r"\left x \right)",
    r"\frac{1}", r"\frac", r"\sqrt[3", r"\hat", "x^", "x_", "^", "x^2^3", "x_1_2", "x^2'", r"x^\hat y",
    r"\sum\limits\limits",
    r"x\limits", "\\", "", " ", "`x`", '"x"', "é", "中", "{" * 40 + "x" + "}" * 40, "x" * 20_000,
)  # fmt: skip
"""Each is refused: it holds more than mathematics, or does not fit together."""

GOOD_FORMULAS = (
    "x", "x^2", "x_{1}", "x_1^2", "x^{x^2}", "f'(x)", "f''^2", "x'_1", r"\frac{1}{2}", r"\frac12",
    r"\frac\pi2", r"\sqrt[3]{x}",
    r"\left(\frac{a}{b}\right)^2", r"\left.\frac{df}{dx}\right|_{x = 2}", r"W^\top x_\text{new}", r"A^\mathrm{T}",
    r"\sum\limits_{i=1}^n x_i", r"\lim_{h \to 0} \frac{f(x+h)-f(x)}{h}", r"\int_0^1 x\,dx",
    r"\operatorname{softmax}(z)",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", r"\begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}",
    r"\begin{array}{l|r} \hline a & b \\ \hline c & d \end{array}", r"\begin{aligned} a &= b \\ &= c \end{aligned}",
    r"\mathbb{R}^n \to \mathbb{R}", r"\left\|x\right\|^{2}", r"\bigl( x \bigr)", r"]0, 1[", r"[0, 1)", "0 < x > 1",
    r"\text{für alle } x", r"\overbrace{x + y}^{2}", r"\{x \mid x \ge 0\}", r"50\%", r"\nabla f \cdot \mathbf{u}",
)  # fmt: skip
"""Each is shown as it is."""
