"""NumPy's random numbers between 0 and 1, worked out without NumPy: the same start everywhere, in a browser too.

The seed is spread by NumPy's SeedSequence; the numbers come from PCG64 (M. O'Neill, PCG: a family of simple fast
space-efficient statistically good algorithms for random number generation, 2014, variant XSL RR 128/64).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

WORD, LONG, WIDE = (1 << 32) - 1, (1 << 64) - 1, (1 << 128) - 1
POOL = 4  # words
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645


def uniform(seed: int, stream: int, low: float, high: float) -> float:
    """Return the first number that a stream of a seed gives, as NumPy's `SeedSequence(seed).spawn(...)[stream]` does.

    >>> uniform(0, 0, -1, 1)
    0.8858751057657588
    """
    *state, increment, more = _words(_pool(seed, stream), 4)
    step = ((increment << 64 | more) << 1 | 1) & WIDE
    now = step  # a step from 0
    now = (now + (state[0] << 64 | state[1])) * MULTIPLIER + step & WIDE
    now = now * MULTIPLIER + step & WIDE  # the first number
    turned, by = (now >> 64 ^ now) & LONG, now >> 122
    drawn = (turned >> by | turned << (64 - by)) & LONG
    return low + (high - low) * ((drawn >> 11) / (1 << 53))


def _pool(seed: int, stream: int) -> list[int]:
    """Return the words over which a seed and the number of a stream are spread."""
    given = [seed >> shift & WORD for shift in range(0, max(seed.bit_length(), 1), 32)]
    given += [0] * (POOL - len(given)) + [stream]
    hashed = _hashes(0x43B0D7E5, 0x931E8875)
    pool = [hashed(word) for word in given[:POOL]]
    for source in range(POOL):
        for target in range(POOL):
            if source != target:
                pool[target] = _mixed(pool[target], hashed(pool[source]))
    for word in given[POOL:]:
        pool = [_mixed(one, hashed(word)) for one in pool]
    return pool


class _hashes:  # noqa: N801
    """A function that hashes words, with another constant each time."""

    def __init__(self, first: int, factor: int) -> None:
        self.constant, self.factor = first, factor

    def __call__(self, word: int) -> int:
        word ^= self.constant
        self.constant = self.constant * self.factor & WORD
        word = word * self.constant & WORD
        return word ^ word >> 16


def _mixed(x: int, y: int) -> int:
    found = 0xCA01F9DD * x - 0x4973F715 * y & WORD
    return found ^ found >> 16


def _words(pool: Sequence[int], number: int) -> Iterator[int]:
    """Yield words of 64 bits, the lower half of each first."""
    hashed = _hashes(0x8B51F9DD, 0x58F38DED)
    for at in range(number):
        low, high = hashed(pool[2 * at % POOL]), hashed(pool[(2 * at + 1) % POOL])
        yield high << 32 | low
