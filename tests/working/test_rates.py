"""A small slice of the benchmark: mistakes are named rightly, right lines are not called wrong."""

from __future__ import annotations

import pytest

from benchmarks.derive import TEXTS
from benchmarks.working import injected, named, unusual, workings
from symback import check_working

SOME = TEXTS[3::25]


@pytest.mark.slow
def test_mistakes_are_named() -> None:
    sample = list(injected(SOME))
    good, _, wrong = named(sample)
    assert len(sample) > 60
    assert good >= 0.75 * len(sample)
    assert len(wrong) <= 0.04 * len(sample)


def test_the_first_wrong_line() -> None:
    made = list(workings(SOME))
    assert len(made) == len(SOME)
    for text, line in made:
        assert check_working(text).first_wrong == line


def test_right_lines_in_unusual_form() -> None:
    for text in unusual(SOME):
        assert {line.verdict for line in check_working(text).lines} <= {"given", "right"}


@pytest.mark.slow
def test_right_lines_in_unusual_form_of_all() -> None:
    for text in unusual(TEXTS):
        assert check_working(text).count("wrong", "follows") == 0
