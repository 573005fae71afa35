"""A decimal value behind an exact one."""

from __future__ import annotations

APPROXIMATELY = {"latex": r" \approx ", "unicode": " ≈ "}


def approximately(value: float | None, notation: str) -> str:
    """Return ` ≈ 14.778` to stand behind an exact value, nothing where there is no decimal value.

    >>> approximately(14.7781, "unicode"), approximately(2e-22, "text"), approximately(None, "text")
    (' ≈ 14.778', ' ~ 2e-22', '')
    """
    if value is None:
        return ""
    digits = f"{value:.5g}"
    if notation == "latex" and "e" in digits:
        mantissa, exponent = digits.split("e")
        digits = rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return APPROXIMATELY.get(notation, " ~ ") + digits
