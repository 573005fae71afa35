"""How the name of a symbol is spelled: `w32^[1]` as it is, as w₃₂^[1], or as w_{32}^{[1]}.

A canonical name is a base (one letter, a Greek letter's English name, or a declared word), then digits or an underscore
and a subscript, then perhaps a layer in square brackets.
"""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import NamedTuple

GREEK: dict[str, str] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

_NAME = re.compile(
    r"(?P<base>[^\W\d_]+)(?P<digits>\d*)(?P<sub>(?:_(?:[^\W_]+|\{-?\w+\}))*)"
    r"(?:\^\[(?P<layer>\w+)\])?(?:\[(?P<entry>[-\d,]+)\])?"
)
_ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}


class Parts(NamedTuple):
    """A canonical name taken apart: `w32_max^[1][4]` is base w, digits 32, subscripts (max,), layer 1, entry 4."""

    base: str
    digits: str = ""
    subscripts: tuple[str, ...] = ()
    layer: str = ""
    entry: str = ""


def split_name(name: str) -> Parts:
    """Return the parts of a canonical name.

    >>> split_name("w32^[1]")
    Parts(base='w', digits='32', subscripts=(), layer='1', entry='')
    >>> split_name("w1_2"), split_name("h[3]").entry
    (Parts(base='w', digits='1', subscripts=('2',), layer='', entry=''), '3')
    """
    found = _NAME.fullmatch(name)
    if not found:
        return Parts(name)
    subscripts = tuple(part.strip("{}") for part in found["sub"].split("_")[1:])
    return Parts(found["base"], found["digits"], subscripts, found["layer"] or "", found["entry"] or "")


def ascii_name(name: str) -> str:
    """Return the canonical name itself."""
    return name


def unicode_name(name: str) -> str:
    """Return the name with a Greek base as its letter and digits as subscripts.

    >>> unicode_name("w32"), unicode_name("alpha"), unicode_name("theta_max")
    ('w₃₂', 'α', 'θ_max')
    """
    if len(name) == 1:
        return name
    base, digits, *_ = split_name(name)
    return GREEK.get(base, base) + digits.translate(SUBSCRIPTS) + name[len(base + digits) :]


def latex_name(name: str) -> str:
    r"""Return the name in LaTeX.

    >>> print(latex_name("w32^[1]"), latex_name("alpha1"), latex_name("rate"), latex_name("yhat"), latex_name("w1_2"))
    w_{32}^{[1]} \alpha_{1} \mathrm{rate} \hat{y} w_{1,2}
    >>> print(latex_name("v_{-1}"), latex_name("x1w1"))
    v_{-1} \mathrm{x1w1}
    """
    if len(name) == 1:
        return name
    parts = split_name(name)
    below = [*filter(None, (parts.digits,)), *map(_latex_subscript, parts.subscripts), *filter(None, (parts.entry,))]
    layer = parts.layer and f"^{{[{_escape(parts.layer)}]}}"
    return _latex_base(parts.base) + (f"_{{{','.join(below)}}}" if below else "") + layer


def _latex_subscript(part: str) -> str:
    return part if len(part) < 3 or part.lstrip("-")[0].isdigit() else rf"\mathrm{{{_escape(part)}}}"


def _latex_base(base: str) -> str:
    if len(base) == 1:
        return base
    if base in GREEK:
        return "\\" + base
    for accent, command in _ACCENTS.items():
        letter = base.removesuffix(accent)
        if letter != base and (len(letter) == 1 or letter in GREEK):
            return rf"{command}{{{_latex_base(letter)}}}"
    return rf"\mathrm{{{_escape(base)}}}"


def _escape(text: str) -> str:
    return "".join(c if c.isalnum() else rf"\{c}" if c == "_" else "" for c in text)


def sympy_name(name: str) -> str:
    """Return the name as SymPy reads it; a name that means something else there is spelled `Symbol('S')`."""
    import sympy

    plain = name.isidentifier() and not iskeyword(name) and not hasattr(sympy, name)
    return name if plain else f"Symbol({name!r})"
