r"""The LaTeX that an author may write between dollar signs: mathematics, and nothing that a program could do.

Whoever shows a formula, TeX, a browser or an office program, is given only what stands in the tables of
`formula_signs`, and only where brackets, groups and scripts fit; so a formula can neither read a file nor stop a
document from being made. Everything else is shown as it was typed, in every format.
"""

from __future__ import annotations

import re
from functools import lru_cache

from symback.page.formula.read_latex import formula_of
from symback.page.names import GREEK

UNICODE: dict[str, str] = {
    **{letter: f"\\{name} " for name, letter in GREEK.items()},
    "·": r"\cdot ", "×": r"\times ", "÷": r"\div ", "−": "-", "±": r"\pm ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ",
    "≈": r"\approx ", "→": r"\to ", "↦": r"\mapsto ", "⇒": r"\Rightarrow ", "∞": r"\infty ", "∂": r"\partial ",
    "∇": r"\nabla ", "∈": r"\in ", "ℝ": r"\mathbb{R}", "∑": r"\sum ", "Σ": r"\Sigma ", "∘": r"\circ ", "⊙": r"\odot ",
    "…": r"\dots ", "‖": r"\|", "²": "^{2}", "³": "^{3}", "⊤": r"\top ", "ᵀ": r"^{\top}", "\N{NO-BREAK SPACE}": " ",
}  # fmt: skip

_NOT_PLAIN = re.compile(r"\\(?:text(?:bf|it|rm)?|operatorname)\s*\{[^{}]*\}|[^\x00-\x7f]")


@lru_cache(maxsize=1024)
def safe_latex(latex: str) -> str:
    r"""Return an author's formula as it may be shown, its letters in ASCII; nothing where it must not be.

    >>> safe_latex("α^2"), safe_latex(r"\input{secret}"), safe_latex("x^2^3"), safe_latex(r"\frac{1}{2")
    ('\\alpha ^2', '', '', '')
    """
    plain = _NOT_PLAIN.sub(lambda found: UNICODE.get(found[0], found[0]), " ".join(latex.split()))
    return plain if formula_of(plain, typed=True) is not None else ""
