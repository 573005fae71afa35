"""The commands of LaTeX that formulas are made of, and the signs that they stand for."""

from __future__ import annotations

import re
from types import MappingProxyType

from symback.page.formula import Sign


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
        square □ dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ neg ¬ lnot ¬ forall ∀ exists ∃ nexists ∄ backslash \\
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
AS_ARGUMENT = frozenset(name for name, sign in SIGNS.items() if sign.kind == "letter") | frozenset(
    [
        "infty",
        "top",
        "bot",
        "perp",
        "prime",
        "emptyset",
        "varnothing",
        "circ",
        "bullet",
        "star",
        "ast",
        "dagger",
        "angle",
        "triangle",
        "square",
    ]
)  # signs that TeX takes for an argument without braces: x^\top; others, as \iff, are more than one sign there
AS_SCRIPT = frozenset(
    ["frac", "mathrm", "mathbf", "text"]
)  # what has arguments itself, and may be a script so: A^\mathrm{T}
FRACTIONS = frozenset(["frac", "dfrac", "tfrac", "binom"])
STACKS: MappingProxyType[str, bool] = MappingProxyType({"overset": True, "stackrel": True, "underset": False})
SIZES: MappingProxyType[str, float] = MappingProxyType(
    {
        size + side: ems
        for size, ems in (("big", 1.2), ("Big", 1.8), ("bigg", 2.4), ("Bigg", 3.0))
        for side in ("", "l", "r")
    }
)
BRACKETS = frozenset("()[]|./<>") | frozenset(
    "\\" + name
    for name in (
        *"{}|",
        *[
            "langle",
            "rangle",
            "lfloor",
            "rfloor",
            "lceil",
            "rceil",
            "vert",
            "Vert",
            "lvert",
            "rvert",
            "lVert",
            "rVert",
            "lbrace",
            "rbrace",
        ],
    )
)
ENVIRONMENTS = frozenset(
    ["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "cases", "aligned", "array"]
)

_ESCAPE = re.compile(r"\\text[a-z]+(?:\{\}|\{[23]\})|\\.")
_ESCAPES = {
    r"\textbackslash{}": "\\", r"\textasciicircum{}": "^", r"\textasciitilde{}": "~", r"\textbar{}": "|",
    r"\textless{}": "<", r"\textgreater{}": ">", r"\textsuperscript{2}": "²", r"\textsuperscript{3}": "³", r"\,": " ",
}  # fmt: skip


def unescaped(words: str) -> str:
    r"""Return the argument of a \\text without its escapes, and without characters that do not print."""
    plain = _ESCAPE.sub(lambda escape: _ESCAPES.get(escape[0]) or escape[0][1:], words)
    return "".join(c for c in plain if c.isprintable())
