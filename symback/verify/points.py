"""Where to compare: random points of 50 digits, on both sides of every kink, and where the first line is real.

A wrong derivative such as sign(x - 1) for sign(x) differs only between the kinks, so the points are chosen cell by
cell: a cell is where every argument of |u|, sign, max, relu, sqrt(u^2) keeps its sign. Everything is drawn from one
seeded generator, so the same problem is always compared at the same points.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from itertools import count, islice
from math import exp, frexp, log
from random import Random
from time import process_time

from mpmath import libmp

from symback.verify.intern_table import InternTable
from symback.verify.program import SEARCH, Program
from symback.verify.values import FUNCTION_VALUES, NAN, Beyond, Operation, Raw, from_fraction, is_finite, sign_of

Point = tuple[Raw, ...]
Pattern = tuple[int, ...]

ENOUGH = 12  # good points
IN_A_CELL = 2  # good points in each cell between kinks
MOST_CELLS = 24
CELL_SAMPLES = 160  # points at which signs are looked at
CELL_TRIES = 8  # points of one cell tried before it is taken to lie outside the domain
TRIES = 300  # random points tried around the good ones
TRIES_FOR_THE_FIRST = 2000  # random points tried before the domain is searched for downhill
DOWNHILL = 400
CUTS = 3  # segments cut between the same two cells
ZEROS = 2  # zeros of one kink that are looked around
HALVINGS = 40  # of the segment on which a zero lies
AROUND = range(3, 28, 3)  # a point beside a zero is 2^-k times as far away as it is large
LARGE = 100.0  # both sides of a larger constant are looked at too: random points are seldom so far away
FAR = 1e30  # a larger constant is not a place to look around
LARGEST_POWER = 60.0  # e to a larger constant is too far away
THINNEST = 2.0**-20  # of a segment that is cut to look for a thin cell

# Ranges of |x| as powers of two, and the signs taken. Most functions are met by the first; the others find domains such
# as x > 1, |x| < 1, 0 < x < 1, points near 0 and far away.
STYLES: tuple[tuple[float, float, str], ...] = (
    (-3.0, 2.0, "mixed"),
    (-2.0, 0.0, "positive"),
    (0.1, 3.0, "positive"),
    (-1.0, 1.5, "mixed"),
    (-7.0, 0.0, "together"),
    (0.5, 6.0, "together"),
    (-10.0, 10.0, "positive"),
    (-20.0, 20.0, "mixed"),
    (3.0, 20.0, "together"),
    (-25.0, -3.0, "together"),
)


def exact(value: float, rng: Random) -> Raw:
    """Return a raw number of about 50 digits near a float: never an integer, never a short fraction."""
    fraction, exponent = frexp(value)
    mantissa = (int(fraction * 2**53) << 117) + rng.getrandbits(117) + 1
    return libmp.from_man_exp(mantissa, exponent - 170)  # type: ignore[no-any-return]


def random_points(number: int, centres: Sequence[float], rng: Random) -> Iterator[Point]:
    """Yield points without end: twelve of ordinary size, then every style in turn, also around the centres."""
    for turn in count():
        low, high, signs = STYLES[0] if turn < ENOUGH else STYLES[turn % len(STYLES)]
        if turn >= ENOUGH and centres and turn % 3 == 0:
            yield tuple(_beside(rng.choice(centres), _drawn(low, high, rng), rng) for _ in range(number))
            continue
        common = rng.uniform(low, high)
        sign = -1.0 if turn % 2 else 1.0
        coordinates = []
        for i in range(number):
            size = 2.0 ** (common - rng.random()) if signs == "together" else _drawn(low, high, rng)
            own = 1.0 if signs == "positive" else sign if i == 0 else rng.choice((-1.0, 1.0))
            coordinates.append(exact(size * own, rng))
        yield tuple(coordinates)


def _beside(centre: float, distance: float, rng: Random) -> Raw:
    """Return a number at a distance from the centre, or at one relative to its size."""
    distance *= rng.choice((-1, 1))
    return exact(centre + distance if rng.random() < 0.5 else centre * (1.0 + distance), rng)


def _drawn(low: float, high: float, rng: Random) -> float:
    return float(2.0 ** rng.uniform(low, high))


def centres_of(forest: InternTable) -> list[float]:
    """Return numbers around which something may happen: the constants of the trees, their ratios, and what comes of
    them where they are the value of x^2, x^3, ln x or e^x.
    """
    values = [v for v in map(_as_float, _constants(forest)) if FAR**-1 < abs(v) < FAR]
    found = list(dict.fromkeys(map(abs, values)))[:6]
    ratios = [a / b for a in found for b in found if a != b]
    inner = [g for v in found for g in (v**0.5, v ** (1 / 3), abs(log(v)), exp(v) if v < LARGEST_POWER else 0.0)]
    centres = (c for c in dict.fromkeys((*found, *ratios, *inner)) if FAR**-1 < c < FAR)
    return [sign * c for c in centres for sign in (1.0, -1.0)]


def _constants(forest: InternTable) -> list[Raw]:
    """Return the values of the largest parts without letters, and of the numbers that are written."""
    largest = forest.largest_constants()
    try:
        worked_out = Program(forest, largest).values([], SEARCH) if largest else []
    except Beyond:
        worked_out = []
    return [*(v for v in worked_out if is_finite(v)), *(from_fraction(c, 60) for c in forest.constants)]


def _as_float(value: Raw) -> float:
    try:
        return float(libmp.to_float(value))
    except OverflowError:
        return 0.0


# --- cells between kinks --------------------------------------------------------------------------------------------


class Cells:
    """The sign patterns of what has kinks, each with points that show it."""

    def __init__(self, forest: InternTable, program: Program, rng: Random, deadline: float) -> None:
        self._switches = Program(forest, list(forest.kinks))
        names = {name: i for i, name in enumerate(program.symbols)}
        self._choice = [names.get(name) for name in self._switches.symbols]
        self._rng, self._deadline = rng, deadline
        self._cuts: dict[tuple[Pattern, Pattern], int] = {}
        self.points: dict[Pattern, list[Point]] = {}
        self._sample(len(program.symbols), centres_of(forest))
        self._look_around_zeros()

    def _look_around_zeros(self) -> None:
        """Look at points close to where a kink lies, at many scales: thin cells lie there, as in relu(0.001 - |x|)."""
        known = [(min(kept, key=_distance_from_0), pattern) for pattern, kept in self.points.items()]
        known.sort(key=lambda point_and_pattern: _distance_from_0(point_and_pattern[0]))
        for switch in range(len(self._switches.roots)):
            ends = {sign: [p for p, pattern in known if pattern[switch] == sign] for sign in (-1, 1)}
            for low, high in islice(zip(ends[-1], ends[1], strict=False), ZEROS):
                if process_time() > self._deadline:
                    return
                zero = self._zero(switch, low, high)
                for k in AROUND:
                    for way in (-1, 1):
                        self._look(tuple(_aside(x, way, k, self._rng) for x in zero))

    def _zero(self, switch: int, low: Point, high: Point) -> Point:
        """Halve the segment between two points of different signs down to where the sign changes."""
        for _ in range(HALVINGS):
            middle = _middle(low, high)
            try:
                sign = self._signs(middle)[switch]
            except Beyond:
                break
            if sign == 2:
                break
            low, high = (middle, high) if sign < 0 else (low, middle)
        return low

    def _sample(self, number: int, centres: list[float]) -> None:
        previous: tuple[Point, Pattern] | None = None
        for point in islice(random_points(number, centres, self._rng), CELL_SAMPLES):
            pattern = self._look(point)
            if pattern is None:
                continue
            if previous is not None and process_time() < self._deadline:
                self._cut(previous, (point, pattern))
            previous = point, pattern
        for centre in (c for c in centres if abs(c) > LARGE):
            for distance in (-abs(centre) / 2, abs(centre) / 2):
                self._look(tuple(exact(centre + distance, self._rng) for _ in range(number)))

    def _look(self, point: Point) -> Pattern | None:
        """Return the signs at the point, and keep the point; None where there is none or nothing new is wanted."""
        try:
            pattern = self._signs(point)
        except Beyond:
            return None
        if pattern in self.points or len(self.points) < MOST_CELLS:
            kept = self.points.setdefault(pattern, [])
            kept.append(point)
            if len(kept) > CELL_TRIES:  # those that came first stay, and of the others the nearest
                kept.remove(max(kept[CELL_TRIES // 2 :], key=_distance_from_0))
        return pattern

    def _signs(self, point: Point) -> Pattern:
        """Return the sign of each switch, 2 where it has no value."""
        found = self._switches.values([NAN if i is None else point[i] for i in self._choice], SEARCH)
        return tuple([sign_of(v) if is_finite(v) else 2 for v in found])

    def _cut(self, one: tuple[Point, Pattern], other: tuple[Point, Pattern]) -> None:
        """Halve the segment between two points while two or more signs differ: thin cells lie between."""
        ends = one[1], other[1]
        self._cuts[ends] = self._cuts.get(ends, 0) + 1
        if self._cuts[ends] > CUTS:
            return
        stack = [(one, other, 1.0)]
        while stack:
            (p, signs), (q, others), width = stack.pop()
            different = sum(a != b for a, b in zip(signs, others, strict=True))
            if different < 2 or width < THINNEST:
                continue
            middle = _middle(p, q)
            pattern = self._look(middle)
            if pattern is not None:
                centre = middle, pattern
                stack += [((p, signs), centre, width / 2), (centre, (q, others), width / 2)]


def _distance_from_0(point: Point) -> float:
    """Return how far from 0 a point lies: a thin cell near 0 is not seen on a long segment."""
    return max((abs(_as_float(x)) for x in point), default=0.0)


def _middle(p: Point, q: Point) -> Point:
    return tuple(libmp.mpf_shift(libmp.mpf_add(a, b, 170), -1) for a, b in zip(p, q, strict=True))


def _aside(x: Raw, way: int, k: int, rng: Random) -> Raw:
    """Return a number beside x, to either side, a random bit further than 2^-k of its size."""
    return libmp.mpf_mul(x, exact(1.0 + way * 2.0**-k * (1.0 + rng.random()), rng), 170)  # type: ignore[no-any-return]


# --- the points, chosen while the caller says which are good --------------------------------------------------------


def good_points(forest: InternTable, program: Program, seed: int, deadline: float) -> Generator[Point, bool, None]:
    """Yield points and be told (by `send`) which are good; ends with enough of them, or when no more can be found."""
    rng = Random(seed)  # noqa: S311
    number = len(program.symbols)
    good: list[Point] = []
    if forest.kinks:
        yield from _from_cells(Cells(forest, program, rng, deadline), good)
    for tried, point in enumerate(random_points(number, centres_of(forest), rng)):
        if len(good) >= ENOUGH or (tried >= TRIES_FOR_THE_FIRST and not good) or tried >= 4 * TRIES:
            break
        if good and tried >= ENOUGH and tried % 4:
            point = _near(rng.choice(good), rng)
        if (yield point):
            good.append(point)
    if not good:
        found = _downhill(program, centres_of(forest), rng, deadline)
        if found is not None:
            yield from _around(found, rng)


def _from_cells(cells: Cells, good: list[Point]) -> Generator[Point, bool, None]:
    for points in cells.points.values():
        before = len(good)
        nearest = min(points, key=_distance_from_0)  # far away, a difference of 1 is not seen
        for point in (nearest, *(p for p in points if p is not nearest)):
            if (yield point):
                good.append(point)
            if len(good) - before == IN_A_CELL:
                break


def _near(point: Point, rng: Random) -> Point:
    """Move each coordinate by up to a third of itself, or by much less, so that narrow domains are filled."""
    reach = 2.0 ** rng.uniform(-25.0, -1.5)
    return tuple(libmp.mpf_mul(x, exact(1.0 + reach * rng.uniform(-1.0, 1.0), rng), 170) for x in point)


def _around(found: Point, rng: Random) -> Generator[Point, bool, None]:
    good = [found]
    for _ in range(10 * ENOUGH):
        point = _near(rng.choice(good), rng)
        if (yield point):
            good.append(point)
        if len(good) > ENOUGH:
            return


# --- the domain, searched for downhill -------------------------------------------------------------------------------


def _downhill(program: Program, centres: Sequence[float], rng: Random, deadline: float) -> Point | None:
    """Look for a point where the first root is real, by changes that bring arguments nearer to their domains."""
    starts = random_points(len(program.symbols), centres, rng)
    best, least = None, float("inf")
    for turn in range(DOWNHILL):
        if process_time() > deadline:
            return None
        point = next(starts) if best is None or turn % 5 == 0 else _near_some(best, rng)
        amount = _distance(program, point)
        if amount == 0.0:
            return point
        if amount < least:
            best, least = point, amount
    return None


def _near_some(point: Point, rng: Random) -> Point:
    """Move one or two coordinates by a random amount of any scale."""
    moved = list(point)
    for _ in range(rng.choice((1, 2)) if point else 0):
        i = rng.randrange(len(point))
        moved[i] = libmp.mpf_add(moved[i], exact(2.0 ** rng.uniform(-12.0, 6.0) * rng.choice((-1, 1)), rng), 170)
    return tuple(moved)


def _distance(program: Program, point: Point) -> float:
    """Return 0 where the first root is real, else how far the first argument outside its domain is from it."""
    slots = program.start(point, SEARCH)
    end = program.marks[0]
    try:
        program.run(slots, SEARCH, 0, end)
    except Beyond:
        return 1e300
    if is_finite(slots[program.results[0]]):
        return 0.0
    return sum(_outside(*failure) for failure in program.failures(slots, end)) or 1e200


def _outside(function: Operation, arguments: list[Raw]) -> float:
    """Return how far an argument lies outside the domain of its function, plus 1 so that fewer failures are better."""
    x = float(libmp.to_float(arguments[0]))
    if function in _INVERSE_INSIDE:
        return 1.0 + abs(abs(x) - 1.0)
    return 1.0 + abs(x - 1.0 if function in _FROM_ONE else x)


_INVERSE_INSIDE = {FUNCTION_VALUES[n] for n in ("arcsin", "arccos", "artanh", "arcsec", "arccsc", "arcoth")}
_FROM_ONE = {FUNCTION_VALUES["arcosh"]}
