r"""How the nodes of a row stand beside each other, as TeX sets them: signs before and between things, and gaps.

`mathml` writes it down, `mathml_width` measures it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

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

THIN = 1 / 6  # em
SPACED: dict[str, float] = {"relation": 5 / 18, "plus": 4 / 18, "times": 4 / 18}  # ems on each side

_THINGS = ("letter", "number", "fraction", "ordinary")
_GAPS: frozenset[tuple[str, str]] = frozenset(
    [(left, "function") for left in (*_THINGS, "name", "close", "bracketed", "inner", "function")]
    + [("function", right) for right in (*_THINGS, "name", "inner", "bar")]
    + [(left, "inner") for left in (*_THINGS, "name", "close", "bracketed", "inner")]
    + [("inner", right) for right in (*_THINGS, "name", "open", "bracketed")]
    + [("name", right) for right in ("letter", "number", "name")]
    + [(left, "name") for left in ("letter", "number")]
    + [("fraction", right) for right in ("open", "bracketed")]  # d/dx [x^2]
)
_EXPECTING = frozenset(("", "relation", "plus", "times", "open", "comma", "large", "function"))  # what comes is its own
_FINISHED = frozenset(("", "relation", "close", "comma"))  # before which a sign joins nothing
_DIFFERENTIALS = frozenset("d∂∇Δδ")  # which belong to what follows, and are no factors


class Place(NamedTuple):
    """A node of a row and how it stands there.

    `form` is infix for a sign between two things, prefix for one before a thing, as the minus of -x; `gap` is the ems
    before the node; `joined` is what is understood there: a function is to `apply`, or there is a factor, `times`.
    """

    node: Node
    form: str
    gap: float
    joined: str


def places(row: Row, small: bool = False, before: str = "") -> Iterator[Place]:
    """Yield the nodes of a row with their places, after what is of class `before`; there are no gaps in a script."""
    kinds = ["", *map(class_of, row), ""]
    bars = kinds.count("bar")
    for i, node in enumerate(row, 1):
        kind = kinds[i]
        infix = kind == "relation" or (before not in _EXPECTING and kinds[i + 1] not in _FINISHED)
        has_gap = (before, kind) in _GAPS and not small and kinds[i - 1] != "space"
        yield Place(node, "infix" if infix else "prefix", THIN * has_gap, _joined(before, kind, row[i - 2]))
        if kind == "bar" and bars % 2 == 0:
            before = "close" if kinds[:i].count("bar") % 2 else "open"
        elif kind != "space" or before not in _EXPECTING:
            before = kind


def _joined(before: str, kind: str, last: Node) -> str:
    if before == "function":
        return "apply" if kind in (*_THINGS, "name", "open", "inner", "bracketed", "function", "bar") else ""
    is_factor = before == "number" and kind in ("letter", "fraction", "ordinary", "function")
    is_factor |= before == "letter" and kind in ("letter", "function") and not _is_differential(last)
    return "times" if is_factor else ""


def _is_differential(node: Node) -> bool:
    core = node.base[-1] if isinstance(node, Script) and node.base else node
    return isinstance(core, Sign) and core.sign in _DIFFERENTIALS


def class_of(node: Node) -> str:
    """Return what a node is to its neighbours: a letter, number, name, function, sign of some kind, ..."""
    match node:
        case Sign(_, kind) | Bracket(_, _, kind):
            return kind
        case Words(_, kind):
            return "function" if kind in ("function", "limits") else kind
        case Script(base, _, _, _) if base:
            return class_of(base[-1])
        case Fraction():
            return "fraction"
        case Fence(_, inside, _):
            return "inner" if is_tall(inside) else "bracketed"
        case Space():
            return "space"
        case Group(()) | Group((Sign(_, "relation" | "plus" | "times" | "comma" | "open" | "close" | "bar" | "sign"),)):
            return "sign"  # as the comma of 1{,}5
        case Styled(_, (inside,)) | Changed((inside,)):
            return class_of(inside)
    return "ordinary"


def has_limits(node: Script, display: bool) -> bool:
    """Tell whether scripts stand below and above, as the limits of a sum, and not behind."""
    if node.place:
        return node.place == "limits"
    core = node.base[-1] if node.base else None
    if isinstance(core, Accent):
        return core.name in ("overbrace", "underbrace")
    if isinstance(core, Words):
        return display and core.kind == "limits"
    return display and isinstance(core, Sign) and core.kind == "large" and core.sign in "∑∏⋃⋂"


def is_tall(row: Row) -> bool:
    """Tell whether a row is higher than letters with scripts, so that brackets around it have to grow."""
    return any(map(_is_tall, row))


def _is_tall(node: Node) -> bool:
    match node:
        case Fraction() | Root() | Stacked() | Sign(_, "large"):
            return True
        case Array(environment, _, _, _):
            return environment != "smallmatrix"
        case Script(base, below, above, _):
            return any(is_tall(part) for part in (base, below or (), above or ()))
        case Fence(_, inside, _) | Group(inside) | Styled(_, inside) | Changed(inside):
            return is_tall(inside)
    return False
