"""How the name of a symbol is spelled: `w32^[1]` as it is, as w₃₂^[1], or as w_{32}^{[1]}.

A canonical name is a base (one letter, a Greek letter's English name, or a declared word), then digits or an underscore
and a subscript, then perhaps a layer in square brackets.
"""

from __future__ import annotations

import re
from keyword import iskeyword

GREEK: dict[str, str] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

_NAME = re.compile(r"(?P<base>[^\W\d_]+)(?P<digits>\d*)(?:_(?P<sub>\w+))?(?:\^\[(?P<layer>\w+)\])?")


def split_name(name: str) -> tuple[str, str, str, str]:
    """Return base, digits, subscript and layer of a canonical name.

    >>> split_name("w32^[1]"), split_name("x_max")
    (('w', '32', '', '1'), ('x', '', 'max', ''))
    """
    found = _NAME.fullmatch(name)
    return tuple(part or "" for part in found.groups()) if found else (name, "", "", "")  # type: ignore[return-value]


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
    base, digits, sub, layer = split_name(name)
    return GREEK.get(base, base) + digits.translate(SUBSCRIPTS) + (sub and "_" + sub) + (layer and f"^[{layer}]")


def latex_name(name: str) -> str:
    r"""Return the name in LaTeX.

    >>> print(latex_name("w32^[1]"), latex_name("alpha1"), latex_name("rate"), latex_name("yhat"))
    w_{32}^{[1]} \alpha_{1} \mathrm{rate} \hat{y}
    """
    if len(name) == 1:
        return name
    base, digits, sub, layer = split_name(name)
    below = digits or (sub if len(sub) < 3 else rf"\mathrm{{{_escape(sub)}}}")
    return _latex_base(base) + (below and f"_{{{below}}}") + (layer and f"^{{[{_escape(layer)}]}}")


def _latex_base(base: str) -> str:
    if len(base) == 1:
        return base
    if base in GREEK:
        return "\\" + base
    if base.endswith("hat") and (len(base) == 4 or base[:-3] in GREEK):
        return rf"\hat{{{_latex_base(base[:-3])}}}"
    return rf"\mathrm{{{_escape(base)}}}"


def _escape(text: str) -> str:
    return "".join(c if c.isalnum() else rf"\{c}" if c == "_" else "" for c in text)


def sympy_name(name: str) -> str:
    """Return the name as SymPy reads it; a name that means something else there is spelled `Symbol('S')`."""
    import sympy

    plain = name.isidentifier() and not iskeyword(name) and not hasattr(sympy, name)
    return name if plain else f"Symbol({name!r})"
