"""Random limits against numbers from both sides, worked out by mpmath's own extrapolation, and the tables of laws."""

from random import Random

import pytest
from mpmath import mp

import symback
from symback.calculus.limits.laws import KNOWN, OUTER, known_limits
from symback.page.maths import text

FACTORS = ("sin({k}x)", "tan({k}x)", "(e^({k}x) - 1)", "ln(1 + {k}x)", "{k}x", "arctan({k}x)", "(sqrt(1 + {k}x) - 1)")


def made(seed: int) -> tuple[str, str]:
    """Return a limit of the form 0/0 at 0, or a rational one far out."""
    rng = Random(seed)
    if seed % 3 == 0:
        top, bottom = ("+".join(f"{rng.randint(1, 9)}x^{n}" for n in rng.sample(range(4), 2)) for _ in range(2))
        return f"({top})/({bottom} + 1)", "oo"
    first, second = (rng.choice(FACTORS).format(k=rng.randint(1, 5)) for _ in range(2))
    return f"{first}/({second})", "0"


def by_numbers(function: str, place: str, side: int) -> float:
    import sympy

    x = sympy.Symbol("x")
    value = sympy.lambdify(x, symback.parse(function).doit().subs(symback.parse("x"), x), "mpmath")
    with mp.workdps(60):
        far = [value(mp.mpf(10) ** n if place == "oo" else side * mp.mpf(10) ** -n) for n in (18, 22)]
        return float(far[-1])


@pytest.mark.parametrize("seed", range(36))
def test_numbers_from_both_sides_agree(seed: int) -> None:
    function, place = made(seed)
    found = symback.limit(function, "x", place)
    assert found.verify().verdict == "verified"
    for side in (-1, 1):
        number = by_numbers(function, place, side)
        if found.is_infinite:
            assert number > 1e6
        else:
            assert abs(number - float(found.answer)) < 1e-9


def growing(seed: int) -> tuple[str, int]:
    """Return a quotient of a logarithm's, a power's and an exponential's powers, and which of both parts wins."""
    rng = Random(seed)
    parts = [f"ln(x)^{rng.randint(1, 9)}", f"x^{rng.randint(1, 30)}", f"{rng.choice(('2', 'e', '3'))}^x"]
    (i, first), (j, second) = rng.sample(list(enumerate(parts)), 2)
    return f"{rng.randint(2, 9)}{first}/({second})", 1 if i > j else -1


@pytest.mark.parametrize("seed", range(24))
def test_what_grows_faster_wins(seed: int) -> None:
    function, wins = growing(seed)
    found = symback.limit(function, "x", "oo")
    assert text(found.last) == ("oo" if wins > 0 else "0")
    assert found.verify().verdict == "verified"


SWINGING = ("x^{n} sin({k}x)", "cos({k}/x)/x^{n}", "ln(x) sin({k}x) + {n}", "e^x cos({k}x)", "x^{n} ({k} + {k}cos x)")


@pytest.mark.parametrize("seed", range(15))
def test_two_sequences_lead_apart_by_numbers(seed: int) -> None:
    rng = Random(seed)
    function = SWINGING[seed % len(SWINGING)].format(n=rng.randint(1, 4), k=rng.randint(1, 5))
    found = symback.limit(function, "x", 0 if "/x" in function else "oo")
    assert not found.exists
    ends = []
    for one in found.along:
        x = one.places.doit().subs(symback.parse("n"), 400)
        value = float(symback.parse(function).doit().subs(symback.parse("x"), x).evalf(30))
        ends.append(value)
        end = text(one.limit.last)
        assert (value > 5) if end == "oo" else (value < -5) if end == "-oo" else abs(value - float(end)) < 1e-6
    assert abs(ends[0] - ends[1]) > 1


@pytest.mark.parametrize(("example", "value", "to"), [(row[3], row[1], row[2]) for row in KNOWN])
def test_every_known_limit_is_met_and_right(example: str, value: str, to: str) -> None:
    found = symback.limit(example, "x", to)
    assert found.verify().verdict == "verified"
    assert any("known limit" in move.rule.name for move in found.moves)


def test_laws_say_what_they_do() -> None:
    assert known_limits()[0].rule == ("known limit of sin(u)/u", "lim sin(u)/u = 1 for u -> 0", False)


@pytest.mark.parametrize(("function", "to", "value"), [row for row in OUTER if row[1] != "0"])
def test_functions_far_out(function: str, to: str, value: str) -> None:
    found = symback.limit(function, "x", to)
    assert text(found.last) == text(symback.parse(value)) if "oo" not in value else text(found.last) == value
    assert found.verify().verdict == "verified"
