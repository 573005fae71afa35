"""The digits of exact numbers, of any size."""

from __future__ import annotations

_CHUNK = 4000  # decimal digits that Python turns into text at once; more need pieces
LONG = 25  # digits: a decimal with more is written with an exponent


def integer_text(value: int) -> str:
    """Return the decimal digits of an integer that is not negative.

    >>> integer_text(12), len(integer_text(10**9000))
    ('12', 9001)
    """
    if value < 10**15:
        return str(value)
    chunks = []
    base = 10**_CHUNK
    while value >= base:
        value, rest = divmod(value, base)
        chunks.append(str(rest).zfill(_CHUNK))
    chunks.append(str(value))
    return "".join(reversed(chunks))


def decimal_text(top: int, bottom: int, powers_of_ten: bool = True) -> str:
    """Return top/bottom as a decimal with a point; the denominator holds no primes but 2 and 5.

    A long one is written with a power of ten, where that may be.

    >>> decimal_text(1, 4), decimal_text(2, 1), decimal_text(1, 10**40)
    ('0.25', '2.0', '1.0e-40')
    """
    places = 0
    while top * 10**places % bottom:
        places += 1
    digits = integer_text(top * 10**places // bottom)
    if powers_of_ten and max(places, len(digits) - places) > LONG:
        return _scientific(digits, len(digits) - places - 1)
    digits = digits.zfill(places + 1)
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "0")
    return f"{whole}.{part}"


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


def _scientific(digits: str, exponent: int) -> str:
    part = digits[1:].rstrip("0") or "0"
    return f"{digits[0]}.{part}e{exponent}"
