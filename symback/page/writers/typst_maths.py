r"""The LaTeX of a page in the mathematical language of Typst.

Words stand in string literals and signs behind a backslash where Typst has a use for them, so a formula can reach
neither Typst's code nor its variables: `#`, `$`, quotes and names never come through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from symback.page.formula.signs import FUNCTIONS
from symback.page.writers.typst_words import literal


def typst_of_latex(latex: str) -> str:
    r"""Return a formula in Typst, to stand between dollar signs; what is no formula as typed, in letters of code.

    >>> print(typst_of_latex(r"\frac{d}{dx}\left[x^{2}\right] = 2 x"))
    frac(d, d x) lr(\[ x^(2) \]) = 2 x
    >>> print(typst_of_latex(r"\mathrm{rate} \cdot \operatorname{ReLU}\left(z\right)"))
    "rate"⋅ op("ReLU") lr(\( z \))
    >>> print(typst_of_latex(r"\input{secret}"))
    #raw("\\input{secret}")
    """
    row = formula_of(latex)
    return f"#raw({literal(latex)})" if row is None else typst_of_row(row)


def typst_of_row(row: Row) -> str:
    """Return a row in Typst; an empty one as an empty text."""
    chunks: list[str] = []
    for i, node in enumerate(row):
        if i and _need_space(row[i - 1], node):
            chunks.append("thin")
        chunks.append(typst_of_node(node))
    return joined(chunks) or '""'


def joined(chunks: Iterable[str]) -> str:
    """Return chunks with blanks between them, but beside a text, where Typst would show the blank."""
    written = ""
    for chunk in filter(None, chunks):
        written += chunk if not written or written[-1] == '"' or chunk[0] == '"' else " " + chunk
    return written


def _need_space(left: Node, right: Node) -> bool:
    """Tell whether two names, or a name and a letter, would be read as one: rate x."""
    is_name = [_is_name(node) for node in (left, right)]
    return any(is_name) and all(n or _is_letter(node) for n, node in zip(is_name, (left, right), strict=True))


def _is_name(node: Node) -> bool:
    base = node.base[-1:] if isinstance(node, Script) else (node,)
    return bool(base) and isinstance(base[0], Words) and base[0].kind == "name" and len(base[0].words) > 1


def _is_letter(node: Node) -> bool:
    base = node.base[-1:] if isinstance(node, Script) else (node,)
    return bool(base) and isinstance(base[0], Sign) and base[0].kind in ("letter", "number")


def typst_of_node(node: Node) -> str:
    """Return one node in Typst."""
    return _WRITERS[type(node)](node)


# --- signs and words ----------------------------------------------------------------------------------------------

_PLAIN = frozenset("+=−")
_CLASSES = {"open": "opening", "close": "closing", "bar": "normal"}
_ORDINARY = frozenset("/!.?@∠…")  # which Typst would give space, as it does to operators
_UPRIGHT = frozenset("∇ΓΔΘΛΞΠΣΥΦΨΩ")  # as TeX sets them


def _sign(node: Sign) -> str:
    sign = node.sign
    if node.kind == "number" and "," in sign:
        return sign.replace(",", r' class("normal", \,) ')  # a comma alone would part arguments
    if node.kind == "number" or (len(sign) == 1 and sign in _PLAIN):
        return sign
    if node.kind == "letter":
        return _letter(sign)
    if node.sign == ":" and node.kind == "comma":
        return r'class("punctuation", \:)'
    if sign in _ORDINARY:
        return f'class("normal", {_escaped(sign)})'
    if sign in "|‖":
        return f'class("{_CLASSES[node.kind]}", {_escaped(sign)})'
    return _escaped(sign)


def _letter(letter: str) -> str:
    if letter in _UPRIGHT:
        return f"upright({letter})"
    if letter.isascii() or "α" <= letter <= "ω" or letter in "ϵϑϖϱςϕ∂ℓℏıȷℜℑℵ":
        return letter
    return literal(letter)


def _escaped(sign: str) -> str:
    return f"\\{sign}" if sign.isascii() or sign in "⟨⟩⌊⌋⌈⌉‖" else sign


def _words(node: Words) -> str:
    if node.kind in ("function", "limits"):
        if node.words in FUNCTIONS or node.words in ("lim", "max", "min", "sup", "inf", "det", "gcd"):
            return node.words
        limits = ", limits: #true" if node.kind == "limits" else ""
        return f"op({literal(node.words)}{limits})"
    words = literal(node.words)
    return {"bold": f"bold({words})", "italic": f"italic({words})"}.get(node.kind, words)


def _space(node: Space) -> str:
    named = {1 / 6: "thin", 2 / 9: "med", 5 / 18: "thick", 1.0: "quad", 2.0: "wide"}
    return named.get(node.ems) or f"#h({node.ems:.4f}em)"


def _bracket(node: Bracket) -> str:
    sign = _escaped(node.sign) if node.sign else '""'
    if node.kind == "middle":
        return f"mid({sign})"
    return f'class("{_CLASSES[node.kind]}", lr(size: #{node.ems:.2f}em, {sign}))'


# --- what has parts -----------------------------------------------------------------------------------------------


def _group(node: Group) -> str:
    return f'class("normal", {typst_of_row(node.inside)})'


def _fraction(node: Fraction) -> str:
    over, under = typst_of_row(node.over), typst_of_row(node.under)
    if node.kind == "binom":
        return f"binom({over}, {under})"
    style = {"dfrac": "display", "tfrac": "inline"}.get(node.kind)
    return f"{style}(frac({over}, {under}))" if style else f"frac({over}, {under})"


def _root(node: Root) -> str:
    inside = typst_of_row(node.inside)
    return f"root({typst_of_row(node.degree)}, {inside})" if node.degree else f"sqrt({inside})"


def _script(node: Script) -> str:
    base = typst_of_row(node.base)
    if node.place:
        base = f"{'limits' if node.place == 'limits' else 'scripts'}({base})"
    brace = node.base[0] if node.base else None
    if isinstance(brace, Accent) and brace.name in ("overbrace", "underbrace"):
        note = node.above if brace.name == "overbrace" else node.below
        if note is not None:
            return f"{brace.name}({typst_of_row(brace.inside)}, {typst_of_row(note)})"
    below = f"_({typst_of_row(node.below)})" if node.below is not None else ""
    above = f"^({typst_of_row(node.above)})" if node.above is not None else ""
    return base + below + above


def _fence(node: Fence) -> str:
    opening, closing = (_escaped(sign) if sign else '""' for sign in (node.opening, node.closing))
    return f"lr({joined([opening, typst_of_row(node.inside), closing])})"


_ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "macron", "vec": "arrow",
    "dot": "dot",
    "ddot": "dot.double", "overline": "overline", "underline": "underline", "overbrace": "overbrace",
    "underbrace": "underbrace", "overrightarrow": "arrow",
}  # fmt: skip


def _accent(node: Accent) -> str:
    inside = typst_of_row(node.inside)
    if node.name == "boxed":
        return f"#box(stroke: 0.5pt, inset: 3pt, baseline: 3pt, $display({inside})$)"
    return f"{_ACCENTS[node.name]}({inside})"


_STYLES = {
    "mathrm": "upright({})", "mathbf": "upright(bold({}))", "mathit": "italic({})", "mathsf": "sans({})",
    "mathbb": "bb({})", "mathcal": "cal({})", "boldsymbol": "bold({})", "displaystyle": "display({})",
    "textstyle": "inline({})",
}  # fmt: skip


def _styled(node: Styled) -> str:
    return _STYLES[node.name].format(typst_of_row(node.inside))


def _changed(node: Changed) -> str:
    return f"{node.kind}({typst_of_row(node.inside)})"


def _stacked(node: Stacked) -> str:
    base = f"limits({typst_of_row(node.base)})"
    return f"{base}^({typst_of_row(node.above)})" if node.above else f"{base}_({typst_of_row(node.below)})"


# --- arrays -------------------------------------------------------------------------------------------------------

_FENCES = {"pmatrix": '"("', "bmatrix": '"["', "Bmatrix": '"{"', "vmatrix": '"|"', "Vmatrix": '"‖"'}
_ALIGNED = {"l": "left", "c": "center", "r": "right"}


def _array(node: Array) -> str:
    if node.environment == "cases":
        spaced = (" & quad ".join(map(typst_of_row, row)) for row in node.rows)  # Typst itself sets no space there
        return f"cases({', '.join(spaced) or _NOTHING})"
    if node.environment == "aligned":
        return f"mat(delim: #none, {'; '.join(map(_aligned, node.rows))})"
    rows = "; ".join(", ".join(map(typst_of_row, row)) for row in node.rows) or _NOTHING
    matrix = f"mat(delim: {_FENCES.get(node.environment, '#none')}{_drawn(node)}, {rows})"
    return f"inline({matrix})" if node.environment == "smallmatrix" else matrix


_NOTHING = '""'


def _aligned(row: tuple[Row, ...]) -> str:
    return " & ".join(map(typst_of_row, row))


def _drawn(node: Array) -> str:
    """Return how the columns of an array stand, and the lines that are drawn in it."""
    columns = node.columns.replace("|", "")
    across = [n for n in node.rules if 0 < n < len(node.rows)]
    down = [len(part) for part in _starts(node.columns) if 0 < len(part) < max(map(len, node.rows), default=0)]
    lines = [f"{name}: ({', '.join(map(str, at))},)" for name, at in (("hline", across), ("vline", down)) if at]
    align = f", align: #{_ALIGNED[columns[0]]}" if columns else ""
    return align + (f", augment: #({', '.join(lines)})" if lines else "")


def _starts(columns: str) -> list[str]:
    """Return the columns before each bar."""
    return [columns[:i].replace("|", "") for i, sign in enumerate(columns) if sign == "|"]


_WRITERS: dict[type, Callable[[Any], str]] = {
    Sign: _sign,
    Words: _words,
    Space: _space,
    Bracket: _bracket,
    Group: _group,
    Fraction: _fraction,
    Root: _root,
    Script: _script,
    Fence: _fence,
    Accent: _accent,
    Styled: _styled,
    Changed: _changed,
    Stacked: _stacked,
    Array: _array,
}
