"""The integrals of the benchmark: all are found, and right wherever the integrand is real."""

import pytest

from benchmarks.integrals import TEXTS, by_symback

FAST = TEXTS[::6]


@pytest.mark.parametrize("integrand", FAST)
def test_some(integrand: str) -> None:
    assert by_symback(integrand) == "right"


@pytest.mark.slow
@pytest.mark.parametrize("integrand", [text for text in TEXTS if text not in FAST])
def test_all(integrand: str) -> None:
    assert by_symback(integrand) == "right"


def test_there_are_enough() -> None:
    assert len(TEXTS) == len(set(TEXTS)) >= 200
