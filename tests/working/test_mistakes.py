"""The tables of mistakes: every wrong law is run on its own example, gives another value, and is found again."""

from __future__ import annotations

import pytest

from symback.expr.tree import Diff, symbol, symbols_of
from symback.syntax import parse
from symback.verify import same_value
from symback.working.making import slips_of_algebra, slips_of_calculus
from symback.working.mistakes import BRINGS, CALCULUS, MISTAKES, OF_FORMS, SIMPLER, WITHOUT_LAW, Mistake
from symback.working.naming import explained, says
from symback.working.right import worked_out

X = symbol("x")


def question(mistake: Mistake) -> Diff:
    return Diff(parse(mistake.example, ["x"]), X)


def identify(mistake: Mistake) -> str:
    return f"{mistake.name}: {mistake.law}"


def test_the_tables_are_whole() -> None:
    assert (len(CALCULUS), len(OF_FORMS)) == (83, 28)
    assert len({m.name for m in (*CALCULUS, *OF_FORMS)}) == 62
    names = {m.name for m in MISTAKES}
    assert {*BRINGS, *SIMPLER, *(n for table in (BRINGS, SIMPLER) for some in table.values() for n in some)} <= names
    assert all(m.says.endswith(".") and m.example and m.law for m in MISTAKES)


@pytest.mark.parametrize("mistake", [*CALCULUS, *OF_FORMS], ids=identify)
def test_a_wrong_law_gives_another_value(mistake: Mistake) -> None:
    if mistake.is_of_calculus:
        before = question(mistake)
        lines = [s for s in slips_of_calculus(before, "textbook") if s.mistake is mistake]
        lines += [s for s in slips_of_calculus(before, "literal") if s.mistake is mistake]
    else:
        before = parse(mistake.example)
        lines = [s for s in slips_of_algebra(before, X) if s.mistake is mistake]
    assert lines
    assert same_value(before, lines[0].line) in ("no", "narrower")


# Their examples have the value of another mistake as well, so that nobody can tell the two apart.
ALIKE = {
    "minus in the product rule", "minus lost", "exponential rule on a variable base", "sign of the derivative",
    "fraction differentiated below the line", "sigmoid: factor left out", "absolute value dropped",
    "step of ReLU left out", "root of a sum, term by term", "logarithm of a sum split",
}  # fmt: skip


@pytest.mark.parametrize("mistake", [*CALCULUS, *OF_FORMS], ids=identify)
def test_a_mistake_is_found_in_its_example(mistake: Mistake) -> None:
    before = question(mistake) if mistake.is_of_calculus else parse(mistake.example)
    slips = slips_of_calculus(before, "literal") if mistake.is_of_calculus else slips_of_algebra(before, X)
    line = next((s.line for s in slips if s.mistake is mistake), None)
    if line is None:
        line = next(s.line for s in slips_of_calculus(before, "textbook") if s.mistake is mistake)
    found = explained(before, line)
    name = found.slip.mistake.name if found.slip else ""
    assert name == mistake.name or (mistake.name in ALIKE and not name)


@pytest.mark.parametrize("mistake", WITHOUT_LAW, ids=identify)
def test_mistakes_that_no_law_says(mistake: Mistake) -> None:
    before = question(mistake) if mistake.is_of_calculus else parse(mistake.example)
    slips = slips_of_calculus(before, "textbook") if mistake.is_of_calculus else slips_of_algebra(before, X)
    line = next(s.line for s in slips if s.mistake.name == mistake.name)
    found = explained(before, line)
    assert found.slip is not None
    simpler = {name for name, others in SIMPLER.items() if mistake.name in others}
    assert found.slip.mistake.name in {mistake.name, *simpler}


SENTENCES = [
    ("d/dx [sin(x^2)]", "cos(x^2)", "The derivative of the inside is missing: multiply by 2x."),
    ("d/dx [x^2 sin x]", "x^2 cos x", "The product rule has two terms; 2x·sin x is missing."),
    ("d/dx [5x^2]", "2x", "The constant factor 5 stays."),
    ("d/dy [y^2 + 2x]", "2y + 2", "2x does not depend on y: its derivative is 0."),
]


@pytest.mark.parametrize(("before", "line", "said"), SENTENCES)
def test_sentences_name_what_the_letters_stand_for(before: str, line: str, said: str) -> None:
    from symback.page.maths import unicode

    found = explained(parse(before), parse(line)).slip
    assert found is not None
    assert says(found, unicode) == said


def test_two_mistakes_of_one_value_are_not_named() -> None:
    found = explained(parse("d/dx [|x^2 - 1|]"), parse("2x"))
    assert found.slip is None
    assert symbols_of(worked_out(parse("d/dx [x^2]"))) == {X}
