r"""A formula in one line of text, for those who hear a page or search in it: d/dx [x^2] = 2x.

Fractions get a stroke and brackets where they need them, scripts ^ and _; it is read aloud, not read back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symback.page.formula import (
    Accent,
    Array,
    Bracket,
    Changed,
    Fence,
    Fraction,
    Group,
    Node,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Stacked,
    Styled,
    Words,
)  # fmt: skip
from symback.page.formula.read_latex import formula_of

LONGEST = 2000  # characters


def words_of_latex(latex: str) -> str:
    r"""Return a formula as a line of text; what is no formula, as it was typed.

    >>> words_of_latex(r"\frac{d}{dx}\left[x^{2}\right] = 2 x"), words_of_latex(r"w_{32}^{[1]} \sin x")
    ('d/dx [x^2] = 2x', 'w_32^[1] sin x')
    >>> words_of_latex(r"\frac{x + 1}{2 y}"), words_of_latex(r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}")
    ('(x + 1)/(2y)', '(1, 2; 3, 4)')
    """
    row = formula_of(latex)
    return latex[:LONGEST] if row is None else words_of_row(row)


def words_of_row(row: Row) -> str:
    """Return a row as a line of text."""
    text = ""
    before: Node | None = None
    for node in row:
        word = words_of_node(node)
        if not word:
            continue
        if isinstance(node, Sign) and node.kind in ("plus", "times", "relation"):
            is_prefix = node.kind == "plus" and _is_open(before)
            text = text + word if is_prefix else f"{text.rstrip()} {word} ".lstrip()
        else:
            text += (" " if _apart(before, node, text, word) else "") + word
        before = node
    return " ".join(text.split())[:LONGEST]


def _is_open(before: Node | None) -> bool:
    """Tell whether a sign that follows belongs to what comes: -x, (-x), = -x."""
    return before is None or (
        isinstance(before, Sign) and before.kind in ("open", "relation", "times", "plus", "comma")
    )


def _apart(before: Node | None, node: Node, text: str, word: str) -> bool:
    """Tell whether a blank stands between two words: sin x, rate x, d/dx [x], a comma and what follows."""
    if before is None or text.endswith(" "):
        return False
    if isinstance(before, Sign) and before.kind == "comma":
        return True
    if isinstance(before, Fraction) or (_is_long(before) and word[0] != "("):
        return True
    if isinstance(before, Script) and word[0].isalnum():
        return True
    if word[0] == "∂" or (isinstance(node, Script) and _is_letter(before)):
        return not _is_open(before)
    return (_is_long(node) or isinstance(node, Fraction)) and not _is_open(before)


def _is_long(node: Node) -> bool:
    base = node.base[-1:] if isinstance(node, Script) else (node,)
    return bool(base) and isinstance(base[0], Words) and len(base[0].words) > 1


def _is_letter(node: Node) -> bool:
    return isinstance(node, Sign) and node.kind == "letter" and node.sign not in "d∂∇"


def words_of_node(node: Node) -> str:
    """Return one node as text."""
    return _SPOKEN[type(node)](node)


# --- the nodes ----------------------------------------------------------------------------------------------------

_SIGNS = {"−": "-", "⋅": "·", "∗": "*", "′": "'"}


def _sign(node: Sign) -> str:
    return _SIGNS.get(node.sign, node.sign)


def _fraction(node: Fraction) -> str:
    over, under = words_of_row(node.over), words_of_row(node.under)
    if node.kind == "binom":
        return f"binomial({over}, {under})"
    return f"{_short(node.over, over)}/{_short(node.under, under)}"


def _short(row: Row, words: str) -> str:
    """Return a part of a fraction, in brackets unless it is one sign, or the d of a derivative with what follows."""
    is_derivative = isinstance(row[0], Sign) and row[0].sign in "d∂" if row else False
    raised = isinstance(row[0], Script) and row[0].base[:1] in _DS if row else False
    simple = not any(isinstance(n, Sign) and n.kind in ("plus", "relation", "times") for n in row)
    return words if (len(row) == 1 or is_derivative or raised) and simple and "/" not in words else f"({words})"


_DS = ((Sign("d", "letter"),), (Sign("∂", "letter"),))


def _root(node: Root) -> str:
    degree = words_of_row(node.degree)
    return f"root({degree}, {words_of_row(node.inside)})" if degree else f"sqrt({words_of_row(node.inside)})"


def _script(node: Script) -> str:
    below = f"_{_small(node.below)}" if node.below else ""
    if node.above and all(isinstance(n, Sign) and n.sign == "′" for n in node.above):
        return words_of_row(node.base) + below + "'" * len(node.above)
    return words_of_row(node.base) + below + (f"^{_small(node.above)}" if node.above else "")


def _small(row: Row) -> str:
    words = words_of_row(row)
    return words if words.isalnum() or (words[:1] + words[-1:]) in ("[]", "()") or len(row) == 1 else f"({words})"


def _fence(node: Fence) -> str:
    return f"{node.opening}{words_of_row(node.inside)}{node.closing}"


_ACCENTS = {"ddot": "double dot", "widehat": "hat", "widetilde": "tilde", "overrightarrow": "vector", "vec": "vector"}


def _accent(node: Accent) -> str:
    inside = words_of_row(node.inside)
    if node.name in ("boxed", "overbrace", "underbrace"):
        return inside
    return f"{inside} {_ACCENTS.get(node.name, node.name)}"


def _stacked(node: Stacked) -> str:
    note = words_of_row(node.above or node.below)
    return f"{words_of_row(node.base)} ({note})"


_BRACKETS = {"pmatrix": "()", "vmatrix": "||", "Vmatrix": "‖‖", "cases": "{}", "Bmatrix": "{}"}


def _array(node: Array) -> str:
    between = " " if node.environment == "aligned" else ", "
    rows = "; ".join(between.join(map(words_of_row, row)) for row in node.rows)
    if node.environment == "aligned":
        return rows
    opening, closing = tuple(_BRACKETS.get(node.environment, "[]"))
    return f"{opening}{rows}{closing}"


_SPOKEN: dict[type, Callable[[Any], str]] = {
    Sign: _sign,
    Words: lambda node: node.words,
    Space: lambda node: "" if node.ems < 0 else " ",
    Bracket: lambda node: node.sign,
    Group: lambda node: words_of_row(node.inside),
    Fraction: _fraction,
    Root: _root,
    Script: _script,
    Fence: _fence,
    Accent: _accent,
    Styled: lambda node: words_of_row(node.inside),
    Changed: lambda node: words_of_row(node.inside),
    Stacked: _stacked,
    Array: _array,
}
