"""Every character of the input language, in tables: what is not listed here is an error.

There is no Unicode normalisation: a character is read as the tables say, or refused by its name.
"""

from __future__ import annotations

from fractions import Fraction

ASCII_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = frozenset("0123456789")

# Plain, no-break, en to hair, narrow no-break, mathematical and ideographic space. Zero-width ones are not here.
SPACES = frozenset(" \t\r\n\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")

GREEK: dict[str, str] = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "\u00b5": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "ϱ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "\u2206": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma",
    "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "\u2126": "Omega",
}  # fmt: skip
GREEK_NAMES = frozenset(GREEK.values())

# Symbols of the grammar, and the other characters that are read as one of them.
SYMBOLS: dict[str, str] = {
    **{c: c for c in "+-*/^(){}[]|,='"},
    "−": "-", "–": "-", "‐": "-", "‑": "-",
    "×": "*", "·": "*", "⋅": "*", "∙": "*", "•": "*", "∗": "*", "✕": "*", "⊙": "*",
    "÷": "/", "∕": "/", "⁄": "/",
    "∣": "|", "′": "'", "’": "'", "″": "''",
    "∂": "∂", "√": "√", "∛": "√", "∜": "√",
}  # fmt: skip
ROOT_SIGNS: dict[str, int] = {"√": 2, "∛": 3, "∜": 4}

FRACTIONS: dict[str, Fraction] = {
    "½": Fraction(1, 2), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3), "¼": Fraction(1, 4), "¾": Fraction(3, 4),
    "⅕": Fraction(1, 5), "⅖": Fraction(2, 5), "⅗": Fraction(3, 5), "⅘": Fraction(4, 5), "⅙": Fraction(1, 6),
    "⅚": Fraction(5, 6), "⅐": Fraction(1, 7), "⅛": Fraction(1, 8), "⅜": Fraction(3, 8), "⅝": Fraction(5, 8),
    "⅞": Fraction(7, 8), "⅑": Fraction(1, 9), "⅒": Fraction(1, 10),
}  # fmt: skip

SUPERSCRIPTS: dict[str, str] = dict(
    zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˣʸᶻᵃᵇᶜᵈᵉᵏᵐᵖᵗᵘᵛʷ", "0123456789+-()nixyzabcdekmptuvw", strict=True)
)
SUBSCRIPTS: dict[str, str] = dict(zip("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx", strict=True))

ACCENTS: dict[str, str] = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}  # combining, after the letter
ACCENTED: dict[str, str] = {"ŷ": "yhat", "â": "ahat", "ê": "ehat", "ĉ": "chat", "ŵ": "what", "ẑ": "zhat", "ȳ": "ybar"}
ACCENT_WORDS = ("hat", "bar", "tilde")

# Letters of other scripts that look like one of ours: (the characters, what they look like).
LOOKALIKES: dict[str, str] = dict(
    zip(
        "аеорсухіјѕһԁАВЕКМНОРСТХІЈЅУΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲℯⅇⅈⅉℓ∑∏",
        "aeopcyxijshdABEKMHOPCTXIJSYABEZHIKMNOPTYXoceeijlΣΠ",
        strict=True,
    )
)
del LOOKALIKES["Υ"]  # the capital upsilon is one of ours

# Characters that people do type here and that mean something else elsewhere: (why not, what to do).
REFUSED: dict[str, tuple[str, str]] = {
    "!": ("The factorial is not part of the language.", "It has no derivative; write the number it stands for."),
    "%": ("The sign % is not part of the language.", "Write a percentage as a fraction or a decimal."),
    '"': ("A quotation mark is not part of an expression.", "Leave out the quotation marks."),
    "`": ("A quotation mark is not part of an expression.", "Leave out the quotation marks."),
    ".": ("A dot is allowed only inside a number.", "Write * for a product, and `0.5` for a decimal."),
    ";": (
        "A semicolon ends an expression.",
        "Write one expression; systems have several, as in `p = 2o; o = x^2`.",
    ),
    ":": ("A colon is not part of an expression.", "Write / for a division."),
    "_": ("A name begins with a letter, and a subscript follows one directly.", "Write `x_1` or `w_{32}`."),
    "$": ("Dollar signs are allowed only at both ends of a formula.", "Leave it out."),
    "@": ("A matrix product is not part of an expression.", "Write * for the product of numbers."),
    "#": ("The sign # is not part of an expression.", "Leave out the comment."),
    "&": ("The sign & is not part of an expression.", "Leave it out."),
    "~": ("The sign ~ is not part of an expression.", "Leave it out."),
    "?": ("A question mark is not part of an expression.", "Leave it out."),
    "±": ("A double sign has two values.", "Write two expressions, one with + and one with -."),
    "∓": ("A double sign has two values.", "Write two expressions, one with + and one with -."),
    "∞": ("Infinity is not a number.", "Write a number or a letter."),
    "∇": ("The gradient sign is not part of the language.", "Write the function itself and ask for its gradient."),
    "…": ("Dots leave out what has to be read.", "Write all the terms."),
    "≈": ("A comparison is not an expression.", "Write one side of it only."),
}
for _quote in "“”„‘«»":
    REFUSED[_quote] = REFUSED['"']

# LaTeX: what a command is read as. Functions and Greek letters are found by their names.
LATEX_SYMBOLS: dict[str, str] = {
    "cdot": "*", "times": "*", "ast": "*", "odot": "*", "div": "/", "partial": "∂", "lvert": "|(", "rvert": "|)",
    "vert": "|", "mid": "|", "lbrack": "[", "rbrack": "]", "{": "[", "}": "]",
    "lbrace": "[", "rbrace": "]", "prime": "'",
    "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "bmod": "mod", "mod": "mod", "land": "and",
    "wedge": "and", "lor": "or", "vee": "or",
}  # fmt: skip
LATEX_GREEK: dict[str, str] = {"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho",
                               "varsigma": "sigma"}  # fmt: skip
LATEX_COMPARISONS: dict[str, str] = {
    **dict.fromkeys(("le", "leq", "leqslant"), "at_most"), **dict.fromkeys(("ge", "geq", "geqslant"), "at_least"),
    "lt": "less", "gt": "greater", "ne": "differs", "neq": "differs",
}  # fmt: skip
LATEX_FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac"))
LATEX_SPACES = frozenset(("quad", "qquad", "displaystyle", "textstyle", "limits", "nolimits", ",", ";", ":", "!", " ",
                          "thinspace", "enspace", "~"))  # fmt: skip
LATEX_STYLES = ("rm", "it", "bf", "sf", "tt", "mit", "cal")  # {\rm d}
LATEX_WRAPPERS = frozenset(("operatorname", "mathrm", "mathit", "mathbf", "mathsf", "mathtt", "boldsymbol", "bm",
                            "text", "textrm", "mbox", "mathop", "mathnormal"))  # fmt: skip
LATEX_ACCENTS: dict[str, str] = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
                                 "widetilde": "tilde"}  # fmt: skip
LATEX_SIZES: dict[str, str] = {"left": "(", "right": ")"}  # and \big( and its kin: which side a bar after it is on
for _size in ("big", "Big", "bigg", "Bigg"):
    LATEX_SIZES |= {_size: "", _size + "l": "(", _size + "r": ")", _size + "m": ""}
LATEX_REFUSED: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("sum", "prod"), ("Sums and products over an index are not part of the language.",
                                      "Write all the terms.")),
    **dict.fromkeys(("iint", "oint"), ("Integrals are by one variable.", "Write `\\int x \\, dx`.")),
    **dict.fromkeys(("approx", "equiv"), REFUSED["≈"]),
    **dict.fromkeys(("pm", "mp"), REFUSED["±"]),
    **dict.fromkeys(("ldots", "dots", "cdots"), REFUSED["…"]),
    "infty": REFUSED["∞"], "nabla": REFUSED["∇"], "%": REFUSED["%"],
    "lim": ("Limits are not part of the language.", "Write the function itself."),
    "begin": ("LaTeX environments are not part of the language.", "Write one formula."),
    "\\": ("A line break is not part of an expression.", "Write one formula."),
    "|": ("The bars of a norm are not part of the language.", "Write `sqrt(x^2 + y^2)`."),
    "binom": ("Binomial coefficients are not part of the language.", "Write the number it stands for."),
}  # fmt: skip
