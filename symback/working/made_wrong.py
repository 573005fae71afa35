"""Exercises out of the table of mistakes: a working with one mistake in it, to be found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from symback.calculus.laws import differentiate_once
from symback.errors import SymbackError, UsageError
from symback.expr.tree import Diff, Tree, is_pending
from symback.result import text_of
from symback.verify import same_value
from symback.working.making import Slip, slips_of_calculus
from symback.working.mistakes import MISTAKES
from symback.working.naming import STRATEGIES, explained, says
from symback.working.right import tidied


def lines_with(question: Diff, name: str) -> tuple[Tree, ...]:
    """Return a working of a derivative with a mistake in it: what is asked, a right step, the wrong line, what follows.

    Only a line is taken in which the mistake is the only one that explains it. UsageError where there is none.

    >>> from symback.syntax import parse
    >>> lines_with(parse("d/dx [x + sin(x^2)]"), "forgot the inner derivative")[-1]
    Plus(1, Apply(cos, Power(x, 2)))
    """
    if name not in {mistake.name for mistake in MISTAKES}:
        raise UsageError(f"There is no mistake {name!r}.", hint="symback rules --mistakes lists them all.")
    possible = set()
    for strategy in STRATEGIES:
        for slip in slips_of_calculus(question, strategy):
            if slip.mistake.name == name and _is_alone(question, slip):
                return tuple(dict.fromkeys(_lines(question, slip, strategy)))
            possible.add(slip.mistake.name)
    known = ", ".join(sorted(possible - {name})[:8])
    raise UsageError(f"The mistake {name!r} cannot be made here so that it can be told.", hint=f"Choose {known}.")


class Wrong(NamedTuple):
    """A wrong answer, the mistake that leads there by its name, and what a teacher says of it."""

    answer: Tree
    mistake: str
    says: str


def wrong_answers(question: Diff, right: Tree, count: int) -> list[Wrong]:
    """Return up to `count` wrong answers of a derivative, each by another mistake, no two alike and none right.

    >>> from symback.syntax import parse
    >>> [one.mistake for one in wrong_answers(parse("d/dx [x^2 sin x]"), parse("2x sin x + x^2 cos x"), 2)]
    ['product of the derivatives', 'a term of the product rule is missing']
    """
    made: list[Wrong] = []
    for slip in (slip for strategy in STRATEGIES for slip in slips_of_calculus(question, strategy)):
        if len(made) == count:
            break
        line = tidied(slip.line)
        is_new = slip.mistake.name not in [one.mistake for one in made] and not is_pending(line)
        if is_new and all(same_value(line, other) == "no" for other in (right, *(one.answer for one in made))):
            made.append(Wrong(line, slip.mistake.name, says(slip, text_of)))
    return made


def _is_alone(question: Diff, slip: Slip) -> bool:
    try:
        found = explained(question, tidied(slip.line)).slip
    except (SymbackError, ArithmeticError):
        return False
    return found is not None and found.mistake.name == slip.mistake.name


def _lines(question: Diff, slip: Slip, strategy: str) -> Sequence[Tree]:
    first = [differentiate_once(question, strategy)[1]] if slip.depth else []
    return [question, *first, tidied(slip.line)]
