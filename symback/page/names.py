"""How the name of a symbol is spelled: `w32^[1]` as it is, as w₃₂^[1], or as w_{32}^{[1]}.

A canonical name is a base (one letter, a Greek letter's English name, or a declared word), then digits or an underscore
and a subscript, then perhaps a layer in square brackets.
"""

from __future__ import annotations

import re
from functools import lru_cache
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
# accent: in LaTeX, and the mark that stands behind its letter in Unicode
_ACCENTS = {"hat": (r"\hat", "\u0302"), "bar": (r"\bar", "\u0304"), "tilde": (r"\tilde", "\u0303")}
MARKS = frozenset(mark for _, mark in _ACCENTS.values())  # which take no column of their own
_JOINED = {
    "y\u0302": "ŷ",
    "a\u0302": "â",
    "e\u0302": "ê",
    "c\u0302": "ĉ",
    "w\u0302": "ŵ",
    "z\u0302": "ẑ",
    "y\u0304": "ȳ",
}


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


def accented(name: str) -> tuple[str, str, str]:
    """Return the letter, its accent and what follows, of yhat and y_hat alike; no accent where there is none.

    >>> accented("yhat1"), accented("y_hat"), accented("sigmabar_max"), accented("what")
    (('y', 'hat', '1'), ('y', 'hat', ''), ('sigma', 'bar', '_max'), ('w', 'hat', ''))
    """
    base = split_name(name).base
    for accent in _ACCENTS:
        for letter, end in ((base.removesuffix(accent), len(base)), (base, len(f"{base}_{accent}"))):
            written = letter + accent if letter != base else f"{letter}_{accent}"
            ends = name[:end] == written and (name[end : end + 1] in "_^[0123456789" or letter != base)
            if ends and (len(letter) == 1 or letter in GREEK):
                return letter, accent, name[end:]
    return name, "", ""


@lru_cache(maxsize=10_000)
def unicode_name(name: str) -> str:
    """Return the name with a Greek base as its letter, accents over it, and digits as subscripts.

    >>> unicode_name("w32"), unicode_name("alpha"), unicode_name("theta_max"), unicode_name("y_hat")
    ('w₃₂', 'α', 'θ_max', 'ŷ')
    """
    if len(name) == 1 or name == "oo":
        return "∞" if name == "oo" else name
    letter, accent, rest = accented(name)
    if accent:
        written = GREEK.get(letter, letter) + _ACCENTS[accent][1]
        digits = split_name("x" + rest).digits
        return _JOINED.get(written, written) + digits.translate(SUBSCRIPTS) + rest[len(digits) :]
    base, digits, *_ = split_name(name)
    return GREEK.get(base, base) + digits.translate(SUBSCRIPTS) + name[len(base + digits) :]


@lru_cache(maxsize=10_000)
def latex_name(name: str) -> str:
    r"""Return the name in LaTeX.

    >>> print(latex_name("w32^[1]"), latex_name("alpha1"), latex_name("rate"), latex_name("y_hat"), latex_name("w1_2"))
    w_{32}^{[1]} \alpha_{1} \mathrm{rate} \hat{y} w_{1,2}
    >>> print(latex_name("v_{-1}"), latex_name("x1w1"), latex_name("psi'"))
    v_{-1} \mathrm{x1w1} \psi'
    """
    if len(name) == 1 or name == "oo":
        return r"\infty" if name == "oo" else name
    if name.endswith("'"):
        plain = name.rstrip("'")
        return latex_name(plain) + name[len(plain) :]
    letter, accent, rest = accented(name)
    parts = split_name(f"x{rest}" if accent else name)
    below = [*filter(None, (parts.digits,)), *map(_latex_subscript, parts.subscripts), *filter(None, (parts.entry,))]
    layer = parts.layer and f"^{{[{_escape(parts.layer)}]}}"
    base = rf"{_ACCENTS[accent][0]}{{{_latex_base(letter)}}}" if accent else _latex_base(parts.base)
    return base + (f"_{{{','.join(below)}}}" if below else "") + layer


def _latex_subscript(part: str) -> str:
    return part if len(part) < 3 or part.lstrip("-")[0].isdigit() else rf"\mathrm{{{_escape(part)}}}"


def _latex_base(base: str) -> str:
    if len(base) == 1:
        return base
    if base in GREEK:
        return "\\" + base
    return rf"\mathrm{{{_escape(base)}}}"


def _escape(text: str) -> str:
    return "".join(c if c.isalnum() else rf"\{c}" if c == "_" else "" for c in text)


def sympy_name(name: str) -> str:
    """Return the name as SymPy reads it; a name that means something else there is spelled `Symbol('S')`."""
    import sympy

    if name == "oo":  # the limit of an integral, which is no other symbol
        return name
    plain = name.isidentifier() and not iskeyword(name) and not hasattr(sympy, name)
    return name if plain else f"Symbol({name!r})"
