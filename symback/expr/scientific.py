"""The digits of exact numbers, and when a decimal has a power of ten: 6.022 · 10²³, but 0.00012, as on paper.

The reader and the writers share this, so that what is written reads back as the number that it was.
"""

from __future__ import annotations

_CHUNK = 4000  # decimal digits that Python turns into text at once; more need pieces
MOST_DIGITS = 400  # of a number that is read, written out
ZEROS_BEHIND = 9  # zeros between the digits and the point: 1,500,000,000,000 and more
ZEROS_BEFORE = 5  # zeros between the point and the digits: 0.0000012 and less


def power_of_ten(top: int, bottom: int) -> tuple[int, int, int] | None:
    """Return digits, the number of decimals behind the first digit, and the exponent of ten; None for a plain decimal.

    The number is top/bottom > 0, with a denominator that holds no primes but 2 and 5.

    >>> power_of_ten(6022 * 10**20, 1), power_of_ten(1, 10**8), power_of_ten(1, 1000), power_of_ten(123456789, 10)
    ((6022, 3, 23), (1, 0, -8), None, None)
    """
    digits, places = _digits(top, bottom)
    behind = 0
    while digits and digits % 10 == 0 and behind < _LONGEST:
        digits, behind = digits // 10, behind + 1
    count = _length(digits)
    exponent = count - 1 + behind - places
    zeros = exponent + 1 - count >= ZEROS_BEHIND or -exponent - 1 >= ZEROS_BEFORE
    return (digits, count - 1, exponent) if digits and zeros else None


_LONGEST = 100_000


def _digits(top: int, bottom: int) -> tuple[int, int]:
    """Return the digits of top/bottom as a whole number, and how many of them stand behind the point."""
    twos = (bottom & -bottom).bit_length() - 1
    fives, rest = 0, bottom >> twos
    while rest > 1 and rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    return top * 10**places // bottom, places


def _length(digits: int) -> int:
    """Return how many decimal digits a whole number has, however long it is."""
    guess = max(int(digits.bit_length() * 0.30103) - 1, 0)
    while digits >= 10**guess:
        guess += 1
    return max(guess, 1)


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


def decimal_text(top: int, bottom: int) -> str:
    """Return top/bottom as a decimal with a point; the denominator holds no primes but 2 and 5.

    >>> decimal_text(1, 4), decimal_text(2, 1)
    ('0.25', '2.0')
    """
    places = 0
    while top * 10**places % bottom:
        places += 1
    digits = integer_text(top * 10**places // bottom).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}" if places else f"{digits}.0"


def scientific_text(top: int, bottom: int) -> tuple[str, int] | None:
    """Return the digits and the exponent of a number that is written with a power of ten; None for any other.

    >>> scientific_text(6022 * 10**20, 1), scientific_text(1, 10**40), scientific_text(1, 4)
    (('6.022', 23), ('1', -40), None)
    """
    found = power_of_ten(top, bottom)
    if found is None:
        return None
    digits, places, exponent = found
    return decimal_text(digits, 10**places).removesuffix(".0"), exponent
