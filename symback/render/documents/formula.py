r"""A formula as a tree: what the LaTeX of a page means, for formats that have a mathematical language of their own.

`formula_reading` makes it, `typst_maths` writes it in Typst, `spoken` in words, and `formula_pieces` says where a long
one may be broken. A row is a tuple of nodes.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple, TypeAlias


class Sign(NamedTuple):
    """One character, or a number; `kind` is letter, number, sign, plus, times, relation, comma, open, close or bar."""

    sign: str
    kind: str


class Words(NamedTuple):
    """Letters that stand upright together; `kind` is text, bold, italic, name, function or limits."""

    words: str
    kind: str


class Space(NamedTuple):
    """A space of so many ems."""

    ems: float


class Group(NamedTuple):
    """A row that counts as one sign."""

    inside: Row


class Fraction(NamedTuple):
    """One row above another; `kind` is frac, dfrac, tfrac or binom."""

    over: Row
    under: Row
    kind: str = "frac"


class Root(NamedTuple):
    """A root; a square root has no index."""

    inside: Row
    index: Row = ()  # type: ignore[assignment]


class Script(NamedTuple):
    """What stands at a sign below and above, None where nothing does; `place` is limits, nolimits or empty."""

    base: Row
    below: Row | None
    above: Row | None
    place: str = ""


class Fence(NamedTuple):
    """A row in brackets as high as it is; a bracket may be empty."""

    opening: str
    inside: Row
    closing: str


class Bracket(NamedTuple):
    """A bracket by itself, so many ems high."""

    sign: str
    ems: float
    kind: str


class Accent(NamedTuple):
    """A row with a sign or line above or below it; `name` is that of LaTeX."""

    name: str
    inside: Row


class Styled(NamedTuple):
    """A row in other letters; `name` is that of LaTeX."""

    name: str
    inside: Row


class Coloured(NamedTuple):
    """A row in another colour."""

    colour: str
    inside: Row


class Stacked(NamedTuple):
    """A row with a small one above or below it."""

    base: Row
    above: Row
    below: Row


class Array(NamedTuple):
    """Rows of cells; `rules` are the numbers of the rows below which a line is drawn."""

    environment: str
    rows: tuple[tuple[Row, ...], ...]
    columns: str = ""
    rules: tuple[int, ...] = ()


Node: TypeAlias = (
    Sign
    | Words
    | Space
    | Group
    | Fraction
    | Root
    | Script
    | Fence
    | Bracket
    | Accent
    | Styled
    | Coloured
    | Stacked
    | Array
)
Row: TypeAlias = tuple[Node, ...]


# --- the signs ----------------------------------------------------------------------------------------------------


def _table(kind: str, text: str) -> dict[str, Sign]:
    words = text.split()
    return {name: Sign(sign, kind) for name, sign in zip(words[::2], words[1::2], strict=True)}


SIGNS: MappingProxyType[str, Sign] = MappingProxyType(
    _table(
        "letter",
        """alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ
        mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
        Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
        ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ aleph ℵ partial ∂ nabla ∇""",
    )
    | _table(
        "sign",
        """infty ∞ top ⊤ bot ⊥ prime ′ emptyset ∅ varnothing ∅ bullet • star ⋆ ast ∗ dagger † angle ∠ triangle △
        square □ degree ° dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ neg ¬ lnot ¬ forall ∀ exists ∃ nexists ∄ backslash \\
        therefore ∴ because ∵""",
    )
    | _table(
        "relation",
        """perp ⟂ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ lt < gt > ll ≪ gg ≫ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝
        in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ mid ∣ parallel ∥ to → rightarrow → leftarrow ←
        leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ mapsto ↦ implies ⟹ iff ⟺ gets ← longrightarrow ⟶
        longleftarrow ⟵ Longrightarrow ⟹ longmapsto ⟼ hookrightarrow ↪ uparrow ↑ downarrow ↓ nearrow ↗ searrow ↘
        models ⊨ vdash ⊢ lesssim ≲ gtrsim ≳""",
    )
    | _table("plus", "pm ± mp ∓ oplus ⊕ ominus ⊖ cup ∪ cap ∩ setminus ∖ wedge ∧ vee ∨ land ∧ lor ∨")
    | _table("times", "cdot ⋅ times × div ÷ odot ⊙ otimes ⊗ circ ∘")
    | _table("large", "sum ∑ prod ∏ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂")
    | _table("open", "lbrace { langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖")
    | _table("close", "rbrace } rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖")
    | _table("bar", "vert | Vert ‖")
    | _table("comma", "colon :")
)

CHARACTERS: MappingProxyType[str, Sign] = MappingProxyType(
    {c: Sign(c, "plus") for c in "+"}
    | {"-": Sign("−", "plus"), "*": Sign("∗", "times"), ":": Sign(":", "relation")}
    | {c: Sign(c, "relation") for c in "=<>"}
    | {c: Sign(c, "comma") for c in ",;"}
    | {c: Sign(c, "sign") for c in "/.!?@"}
    | {c: Sign(c, "open") for c in "(["}
    | {c: Sign(c, "close") for c in ")]"}
    | {"|": Sign("|", "bar")}
)

ESCAPED: MappingProxyType[str, Sign] = MappingProxyType(
    {"{": Sign("{", "open"), "}": Sign("}", "close"), "|": Sign("‖", "bar")} | {c: Sign(c, "sign") for c in "%_#&$"}
)

SPACES: MappingProxyType[str, float] = MappingProxyType(
    {"quad": 1.0, "qquad": 2.0, ",": 1 / 6, ":": 2 / 9, ";": 5 / 18, " ": 1 / 3, "!": -1 / 6}
)

FUNCTIONS = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "arcsin",
        "arccos",
        "arctan",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "exp",
        "ln",
        "log",
        "lg",
        "dim",
        "ker",
        "deg",
        "arg",
        "hom",
    ]
)
LIMITS: MappingProxyType[str, str] = MappingProxyType(
    {name: name for name in ["det", "gcd", "Pr", "lim", "max", "min", "sup", "inf"]}
    | {"limsup": "lim sup", "liminf": "lim inf"}
)
ACCENTS = frozenset(
    [
        "hat",
        "bar",
        "vec",
        "dot",
        "ddot",
        "tilde",
        "widehat",
        "widetilde",
        "overline",
        "underline",
        "overbrace",
        "underbrace",
        "overrightarrow",
        "boxed",
    ]
)
STYLES = frozenset(
    ["mathrm", "mathbf", "mathit", "mathsf", "mathbb", "mathcal", "boldsymbol", "displaystyle", "textstyle"]
)
WORDS: MappingProxyType[str, str] = MappingProxyType(
    {"text": "text", "textrm": "text", "textbf": "bold", "textit": "italic", "operatorname": "function"}
)
FRACTIONS = frozenset(["frac", "dfrac", "tfrac", "binom"])
STACKS: MappingProxyType[str, bool] = MappingProxyType({"overset": True, "stackrel": True, "underset": False})
SIZES: MappingProxyType[str, float] = MappingProxyType(
    {
        size + side: ems
        for size, ems in (("big", 1.2), ("Big", 1.8), ("bigg", 2.4), ("Bigg", 3.0))
        for side in ("", "l", "r")
    }
)
COLOURS: MappingProxyType[str, str] = MappingProxyType(
    {"blue": "#0b4fa0", "red": "#b3261e", "green": "#1b6e3c", "gray": "#5f6368", "grey": "#5f6368"}
)
