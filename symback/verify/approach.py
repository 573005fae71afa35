"""What a function of h comes to as h tends to 0 from one side, judged by its values at random distances.

Distances are drawn, so that no pattern of the function, such as the zeros of sin(pi/h), falls on all of them. Values at
several powers of ten tell a limit from growth, from swinging without end, and from what is too slow to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

from mpmath import libmp, mpf

from symback.verify.values import Beyond

QUICK = (30, 60)  # powers of ten: most functions settle at once
NEAR = (15, 25, 35, 45, 55, 65)
FAR = (4, 6, 8, 10, 12, 14)  # where the sine of 1/h still is a number
FARTHEST = (1, 2, 3, 4, 5)  # where e^(-1/h^2) is
SAMPLES, QUICK_SAMPLES = 6, 2  # of each power
SETTLED = mpf(10) ** -20
SWINGS = 0.35  # of the first spread is left in the last
VANISHES = mpf(10) ** -8  # from one power to the next, of values that come to 0
NOISE = mpf(10) ** -150  # what rounding leaves of nothing
GOOD = mpf(10) ** -9  # what a limit may be off
FALLS = 0.1  # from one power to the next, for values that will settle


class Trend(Enum):
    """What values do."""

    SETTLES = "they come to a number"
    GROWS = "they grow beyond all bounds"
    SWINGS = "they do not come to a number"
    UNKNOWN = "it cannot be told"
    NOT_REAL = "there are none"


class Approach(NamedTuple):
    """What the values of one side do, and the number that they come to, where they do, with what it may be off."""

    trend: Trend
    value: Any = None
    error: Any = mpf(0)

    @property
    def settles(self) -> bool:
        """Whether the values come to a number."""
        return self.trend is Trend.SETTLES

    def comes_to(self, number: Any) -> bool:
        """Tell whether that is the number they come to, as far as it is known."""
        return self.settles and bool(abs(self.value - number) <= max(10 * self.error, NOISE))


def approach(function: Callable[[Any], Any], seed: int = 0) -> Approach:
    """Tell what a function of a distance h > 0 does as h tends to 0; it returns None where it is not real.

    Works at the precision that mpmath is set to, of which far more than 65 digits are needed.

    >>> from mpmath import mp
    >>> with mp.workdps(200):
    ...     found = [approach(f).trend.name for f in (mp.cos, lambda h: 1 / h, lambda h: mp.sin(mp.pi / h), mp.log)]
    >>> found
    ['SETTLES', 'GROWS', 'SWINGS', 'GROWS']
    >>> with mp.workdps(200):
    ...     approach(lambda h: 1 / mp.log(h)).trend.name
    'UNKNOWN'
    """
    rng = Random(seed)  # noqa: S311
    for powers, samples in ((QUICK, QUICK_SAMPLES), (NEAR, SAMPLES), (FAR, SAMPLES), (FARTHEST, SAMPLES)):
        try:
            found = judged([[function(_distance(n, rng)) for _ in range(samples)] for n in powers])
        except (Beyond, libmp.ComplexResult, ZeroDivisionError):
            continue
        if found.trend is not Trend.UNKNOWN:
            return found
    return Approach(Trend.UNKNOWN)


def _distance(power: int, rng: Random) -> Any:
    return mpf(10) ** -power * (1 + 8 * mpf(rng.getrandbits(200)) / 2**200)


def judged(rows: Sequence[Sequence[Any]], good: Any = GOOD) -> Approach:
    """Tell what values do, a row for each distance, the farthest first; `good` is what a limit may be off."""
    values = [value for row in rows for value in row]
    if all(value is None for value in values):
        return Approach(Trend.NOT_REAL)
    if None in values:
        return Approach(Trend.SWINGS if len(rows) > len(QUICK) and None in rows[-1] else Trend.UNKNOWN)
    rows = [[mpf(0) if abs(value) < NOISE else value for value in row] for row in rows]
    last = rows[-1][0]
    size = 1 + abs(last)
    if all(abs(value - last) <= SETTLED * abs(last) for value in (*rows[-2], *rows[-1])):
        return Approach(Trend.SETTLES, last, SETTLED * abs(last))
    before, now = (max(map(abs, row)) for row in rows[-2:])
    if now <= VANISHES * before and before <= GOOD:
        return Approach(Trend.SETTLES, mpf(0), now)
    if len(rows) == len(QUICK):
        return Approach(Trend.UNKNOWN)
    error = _falls(rows, last)
    if error is not None and error <= good * size:
        return Approach(Trend.SETTLES, last, error)
    if _grows(rows):
        return Approach(Trend.GROWS)
    spreads = [max(row) - min(row) for row in rows]
    swings = min(spreads) > SWINGS * max(spreads) and spreads[-1] > SETTLED * size
    return Approach(Trend.SWINGS if swings else Trend.UNKNOWN)


def _falls(rows: Sequence[Sequence[Any]], last: Any) -> Any:
    """Return how far from the last value they are where that falls as a power of h does, None where it does not."""
    far = [max(abs(value - last) for value in row) for row in rows]
    return far[-2] if all(b <= FALLS * a for a, b in pairwise(far[:-1])) else None


def _grows(rows: Sequence[Sequence[Any]]) -> bool:
    """Tell whether the values leave in one direction, and from one power to the next no less than before."""
    middles = [sorted(row)[len(row) // 2] for row in rows]
    ways = [b - a for a, b in pairwise(middles)]
    same = all(way > 0 for way in ways) or all(way < 0 for way in ways)
    return same and all(abs(b) >= 0.7 * abs(a) for a, b in pairwise(ways)) and abs(ways[-1]) > 1
