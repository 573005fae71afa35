r"""A formula as a sentence, for those who hear a page: the derivative by x of x squared equals 2 x.

What is one sign needs no end; a longer part says where it begins and ends. `say` gives each phrase in the language of
the sheet: the phrases are in the table of words, under `aloud`.
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
from symback.words import ENGLISH

LONGEST = 2000  # characters
Say = Callable[[str], str]


def words_of_latex(latex: str, say: Say = ENGLISH.say) -> str:
    r"""Return a formula as a sentence; what is no formula, as it was typed.

    >>> words_of_latex(r"\frac{d}{dx}\left[x^{2}\right] = 2 x")
    'the derivative by x of x squared equals 2 x'
    >>> words_of_latex(r"\frac{x + 1}{2 y}"), words_of_latex(r"w_{32}^{[1]} \sin x")
    ('fraction x plus 1 over 2 y end of fraction', 'w index 32 layer 1 sine of x')
    """
    row = formula_of(latex)
    return latex[:LONGEST] if row is None else words_of_row(row, say)


def words_of_row(row: Row, say: Say = ENGLISH.say) -> str:
    """Return a row as words."""
    said: list[str] = []
    row = tuple(node for node in row if not isinstance(node, Space))
    for i, node in enumerate(row):
        before, after = row[i - 1] if i else None, row[i + 1] if i + 1 < len(row) else None
        said.append(_node(node, say))
        if after is not None and _takes(node, before, after):
            said.append(say("of"))
    return " ".join(" ".join(said).replace(" ,", ",").split())[:LONGEST]


def _takes(node: Node, before: Node | None, after: Node) -> bool:
    """Tell whether a node is a function or an operation, and what follows is what it is taken of."""
    node = node.base[-1] if isinstance(node, Script) and len(node.base) == 1 else node
    if isinstance(node, Fraction):
        return _order(node) is not None and isinstance(after, (Fence, Bracket))
    if isinstance(node, Words):
        return node.kind in ("function", "limits") and not _is_relation(after)
    if isinstance(node, Sign):
        return node.kind == "large" or (node.kind == "letter" and node.sign in "fgh" and _is_bracket(after))
    return False


def _is_relation(node: Node) -> bool:
    return isinstance(node, Sign) and node.kind in ("relation", "plus", "times", "comma", "close")


def _is_bracket(node: Node) -> bool:
    return (isinstance(node, Fence) and node.opening == "(") or (isinstance(node, Sign) and node.sign == "(")


def _node(node: Node, say: Say) -> str:
    return _SPOKEN[type(node)](node, say)


def _is_short(row: Row) -> bool:
    """Tell whether a row is one sign, or one with an index, so that it is heard where it ends."""
    row = tuple(node for node in row if not isinstance(node, Space))
    only = row[0] if len(row) == 1 else None
    if isinstance(only, (Group, Styled, Changed)):
        return _is_short(only.inside)
    return isinstance(only, (Sign, Words)) or (isinstance(only, Script) and not only.above and _is_short(only.base))


# --- signs --------------------------------------------------------------------------------------------------------

SIGNS = {
    "+": "plus", "-": "minus", "−": "minus", "±": "plus or minus", "⋅": "times", "·": "times", "×": "times",
    "∗": "times", "⊙": "times, entry by entry,", "/": "over", "=": "equals", "<": "is less than",
    ">": "is greater than", "≤": "is at most", "≥": "is at least", "≠": "is not", "≈": "is about", "→": "to", "∈": "in",
    "⇒": "so", "∞": "infinity", "∇": "gradient", "∑": "the sum", "∏": "the product", "∫": "the integral",
    "⊤": "transposed", "′": "prime", "!": "factorial", "(": "open bracket", ")": "close bracket", "[": "open bracket",
    "]": "close bracket", "|": "bar", "‖": "norm bar", "∂": "d",
}  # fmt: skip
NAMED = {"|": "the absolute value", "‖": "the norm", "⌊": "the floor", "⌈": "the ceiling"}  # what a pair means
CLOSED_BY = {"⌊": "⌋", "⌈": "⌉"}  # the others are closed by themselves
FUNCTIONS = {
    "sin": "sine", "cos": "cosine", "tan": "tangent", "ln": "natural logarithm", "log": "logarithm", "lim": "the limit",
}  # fmt: skip


def _sign(node: Sign, say: Say) -> str:
    return say(SIGNS[node.sign]) if node.sign in SIGNS else node.sign


def _words(node: Words, say: Say) -> str:
    return say(FUNCTIONS[node.words]) if node.words in FUNCTIONS and node.kind != "text" else node.words


# --- fractions and derivatives ------------------------------------------------------------------------------------


def _fraction(node: Fraction, say: Say) -> str:
    found = _order(node)
    if found is not None:
        return _derivative(*found, say)
    over, under = words_of_row(node.over, say), words_of_row(node.under, say)
    if node.kind == "binom":
        return f"{over} {say('choose')} {under}"
    middle = f"{over} {say('over')} {under}"
    if _is_short(node.over) and _is_short(node.under):
        return middle
    return f"{say('fraction')} {middle} {say('end of fraction')}"


def _derivative(order: str, of: Row, by: list[Row], say: Say) -> str:
    orders = {"1": "the derivative", "2": "the second derivative", "3": "the third derivative"}
    name = say(orders[order]) if order in orders else f"{say('the derivative of order')} {order}"
    function = f" {say('of')} {words_of_row(of, say)}" if of else ""
    letters = f" {say('and')} ".join(words_of_row(one, say) for one in by)
    return f"{name}{function} {say('by')} {letters}"


def _order(node: Fraction) -> tuple[str, Row, list[Row]] | None:
    """Return the order of a derivative, what is derived if it stands there, and by what; None for other fractions."""
    if not node.over or not node.under or not _is_d(node.under[0]):
        return None
    first, *of = node.over
    order = "1"
    if isinstance(first, Script) and len(first.base) == 1 and first.above and not first.below:
        order = words_of_row(first.above)
        first = first.base[0]
    by = list[Row]()
    for part in node.under:
        if _is_d(part):
            by.append(())
        else:
            by[-1] = (*by[-1], part)
    return (order, tuple(of), by) if _is_d(first) and all(by) else None


def _is_d(node: Node) -> bool:
    return isinstance(node, Sign) and node.sign in ("d", "∂")


# --- scripts and roots --------------------------------------------------------------------------------------------


def _root(node: Root, say: Say) -> str:
    inside = words_of_row(node.inside, say)
    name = f"{say('the root of degree')} {words_of_row(node.degree, say)}" if node.degree else say("the square root")
    end = "" if _is_short(node.inside) else f" {say('end of root')}"
    return f"{name} {say('of')} {inside}{end}"


def _script(node: Script, say: Say) -> str:
    base = words_of_row(node.base, say)
    only = node.base[0] if len(node.base) == 1 else None
    if isinstance(only, Sign) and only.kind == "large":
        return base + _limits(node, say)
    if isinstance(only, Words) and only.kind == "limits":
        return base + (f", {words_of_row(node.below, say)}," if node.below else "")
    if isinstance(only, Fence) and only.closing == "|" and not only.opening and node.below:
        return f"{words_of_row(only.inside, say)}, {say('at')} {words_of_row(node.below, say)},"
    if isinstance(only, Fence) and only.opening in NAMED:
        base += ","  # the norm of x, squared
    below = f" {say('index')} {words_of_row(node.below, say)}" if node.below else ""
    return f"{base}{below}{_power(node.above, say)}"


def _limits(node: Script, say: Say) -> str:
    start = f" {say('from')} {words_of_row(node.below, say)}" if node.below else ""
    stop = f" {say('up to')} {words_of_row(node.above, say)}" if node.above else ""
    return start + stop


def _power(above: Row | None, say: Say) -> str:
    if not above:
        return ""
    signs = [node.sign for node in above if isinstance(node, Sign)]
    if len(signs) == len(above) and set(signs) <= {"′", "⊤"}:
        return "".join(f" {say(SIGNS[sign])}" for sign in signs)
    if signs[:1] == ["["] and signs[-1:] == ["]"]:
        return f" {say('layer')} {words_of_row(above[1:-1], say)}"
    if signs in (["2"], ["3"]) and len(above) == 1:
        return f" {say('squared' if signs == ['2'] else 'cubed')}"
    if isinstance(above[0], Words) and len(above) == 1:
        return f" {_node(above[0], say)}"
    return f" {say('to the power')} {words_of_row(above, say)}" + (
        "" if _is_short(above) else f" {say('end of power')}"
    )


def _accent(node: Accent, say: Say) -> str:
    inside = words_of_row(node.inside, say)
    named = {"ddot": "double dot", "widehat": "hat", "widetilde": "tilde", "overrightarrow": "vector", "vec": "vector"}
    plain = node.name in ("boxed", "overbrace", "underbrace", "underline", "overline")
    return inside if plain else f"{inside} {say(named.get(node.name, node.name))}"


# --- brackets and arrays ------------------------------------------------------------------------------------------


def _fence(node: Fence, say: Say) -> str:
    inside = words_of_row(node.inside, say)
    if node.opening in NAMED and node.closing == CLOSED_BY.get(node.opening, node.opening):
        return f"{say(NAMED[node.opening])} {say('of')} {inside}" + ("" if _is_short(node.inside) else f" {say('end')}")
    if not node.opening or not node.closing or _is_one(node.inside):
        return inside
    return f"{say('open bracket')} {inside} {say('close bracket')}"


def _is_one(row: Row) -> bool:
    """Tell whether what stands in brackets is heard as one without them: a sign, or one with a power."""
    return _is_short(row) or (len(row) == 1 and isinstance(row[0], Script))


def _array(node: Array, say: Say) -> str:
    rows = [", ".join(words_of_row(cell, say) for cell in row) for row in node.rows]
    if node.environment in ("aligned", "cases", "array"):
        return "; ".join(rows)
    if len(rows) == 1 or max(map(len, node.rows)) == 1:
        return f"{say('vector')} {', '.join(rows)}, {say('end of vector')}"
    numbered = "; ".join(f"{say('row')} {i}: {row}" for i, row in enumerate(rows, 1))
    return f"{say('matrix')} {numbered}; {say('end of matrix')}"


def _stacked(node: Stacked, say: Say) -> str:
    return f"{words_of_row(node.base, say)}, {words_of_row(node.above or node.below, say)},"


def _inside(node: Group | Styled | Changed, say: Say) -> str:
    return words_of_row(node.inside, say)


_SPOKEN: dict[type, Callable[[Any, Say], str]] = {
    Sign: _sign,
    Words: _words,
    Space: lambda node, say: "",
    Bracket: lambda node, say: say(SIGNS.get(node.sign, "bar")),
    Group: _inside,
    Fraction: _fraction,
    Root: _root,
    Script: _script,
    Fence: _fence,
    Accent: _accent,
    Styled: _inside,
    Changed: _inside,
    Stacked: _stacked,
    Array: _array,
}
