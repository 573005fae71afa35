"""Checking a working, measured: which mistakes are found and named, and how often the checker is wrong.

Every mistake of the tables is made at one place of the derivative of the 200 expressions and finished by the right
laws; what `symback.working` says of the line is compared with what was done to it. All counts are rates, the less the
better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from random import Random
from time import process_time
from typing import NamedTuple

from benchmarks import Row
from benchmarks.derive import TEXTS, X
from symback.calculus.derive import derive
from symback.errors import SymbackError
from symback.expr.tree import Apply, Diff, Inert, Integer, Plus, Times, Tree, at, is_pending, number_value, put
from symback.page.maths import text
from symback.syntax import parse
from symback.verify import same_value
from symback.working import check_working
from symback.working.floats import close, points_for, values_at
from symback.working.making import Slip, slips_of_algebra, slips_of_calculus
from symback.working.naming import explained
from symback.working.right import tidied, worked_out

SEED = 5
SECONDS = 0.3  # of processor time for a working of six lines


class Injected(NamedTuple):
    """A line before, the wrong line that a mistake makes of it, and the mistake's name."""

    before: Tree
    line: Tree
    name: str


def injected(texts: Sequence[str]) -> Iterator[Injected]:
    """Yield each mistake of calculus at each place of each derivative, and of algebra at each place of its value."""
    for expression in texts:
        before = Diff(parse(expression, ["x"]), X)
        with suppress(SymbackError):
            right = worked_out(before)
            yield from _changed(before, right, slips_of_calculus(before, "textbook"))
            yield from _changed(right, right, slips_of_algebra(right, X))


def _changed(before: Tree, right: Tree, slips: Iterator[Slip]) -> Iterator[Injected]:
    """Yield the lines whose value is another one than the right one, each once."""
    points = points_for((X, *right.free_symbols))
    truth = values_at(right, points)
    seen = set()
    for slip in slips:
        values = values_at(slip.line, points)
        if (slip.mistake.name, slip.line) in seen or None in values or close(values, truth):
            continue
        seen.add((slip.mistake.name, slip.line))
        with suppress(SymbackError, ArithmeticError, RecursionError):
            yield Injected(before, tidied(slip.line), slip.mistake.name)


def named(sample: Sequence[Injected]) -> tuple[int, int, list[Injected]]:
    """Return how many are named rightly, how many not at all, and those that are named wrongly."""
    good = silent = 0
    wrong = []
    for one in sample:
        found = explained(one.before, one.line)
        name = found.slip.mistake.name if found.slip else ""
        good += name == one.name
        silent += not name
        if name and name != one.name:
            wrong.append(one)
    return good, silent, wrong


# --- workings of several lines ----------------------------------------------------------------------------------------


def workings(texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield workings of several lines of which one is wrong, and the number of that line; those below follow."""
    random = Random(SEED)  # noqa: S311
    for expression in texts:
        lines = derive(expression, "x").lines()
        lines = lines[:: max(1, len(lines) // 4)]
        places = [i for i, line in enumerate(lines) if is_pending(line)]
        random.shuffle(places)
        for place in places:
            slips = [s for s in slips_of_calculus(lines[place], "textbook") if same_value(lines[0], s.line) == "no"]
            if slips:
                wrong = random.choice(slips).line
                after = [tidied(wrong)] if text(tidied(wrong)) != text(wrong) else []
                yield "\n".join(map(text, [*lines[: place + 1], wrong, *after])), place + 2
                break


def unusual(texts: Sequence[str]) -> Iterator[str]:
    """Yield right workings in forms that no textbook prints: by other rules, untidied, turned round."""
    for expression in texts:
        question = Diff(parse(expression, ["x"]), X)
        with suppress(SymbackError):
            literal, plain = worked_out(question, "literal"), worked_out(question)
            turned = Plus(*reversed(plain._args)) if isinstance(plain, Plus) else Times(plain, Integer(1))
            yield "\n".join(map(text, (question, literal, plain, turned, tidied(question))))


# --- slips without a reason -------------------------------------------------------------------------------------------


def random_slips(texts: Sequence[str]) -> Iterator[tuple[Tree, Tree]]:
    """Yield a question and its right answer with one number, sign or exponent changed at random."""
    random = Random(SEED)  # noqa: S311
    for expression in texts:
        question = Diff(parse(expression, ["x"]), X)
        answer = tidied(question)
        places = [path for path in _paths(answer) if number_value(at(answer, path)) is not None]
        if not places:
            continue
        for path in random.sample(places, min(len(places), 3)):
            old = int(abs(number_value(at(answer, path)) or 1))
            new = Integer(random.choice([n for n in range(2, 10) if n != old]))
            changed = put(answer, path, new)
            if same_value(question, changed) == "no":
                yield question, changed


def is_a_mistake(question: Tree, line: Tree) -> bool:
    """Tell whether a wrong law of the table, used at one place, gives a line: then it is no slip without a reason."""
    points = points_for((X, *question.free_symbols))
    wanted = values_at(line, points)
    slips = slips_of_calculus(question, "textbook")
    return any(close(values_at(slip.line, points), wanted) for slip in slips)


def _paths(tree: Tree) -> Iterator[tuple[int, ...]]:
    stack: list[tuple[tuple[int, ...], Tree]] = [((), tree)]
    while stack:
        path, node = stack.pop()
        yield path
        if isinstance(node, Inert) and number_value(node) is None:
            first = 1 if isinstance(node, Apply) else 0
            stack += [((*path, i), a) for i, a in enumerate(node._args) if i >= first]


def rows(texts: Sequence[str] = TEXTS, most: int | None = None) -> Iterator[Row]:
    """Yield the rates."""
    sample = list(islice(injected(texts), most))
    _, silent, wrong = named(sample)
    count = max(len(sample), 1)
    yield Row(f"of {len(sample)} mistakes made at one place, not named", (silent + len(wrong)) / count, "all", 0.2)
    yield Row("of these, named as another one", len(wrong) / count, "all", 0.03)
    made = list(workings(texts))
    missed = [one for one in made if check_working(one[0]).first_wrong != one[1]]
    yield Row(f"of {len(made)} workings, another first wrong line", len(missed) / len(made), "all", 0.0)
    whole = list(unusual(texts))
    alarms = sum(check_working(one).count("wrong", "follows") for one in whole)
    yield Row(f"of {4 * len(whole)} right lines in unusual form, called wrong", alarms / len(whole), "all", 0.0)
    slips = list(random_slips(texts))
    outside = [one for one in slips if not is_a_mistake(*one)]
    called = [one for one in outside if explained(*one).slip]
    other = len(slips) - len(outside)
    label = f"of {len(outside)} numbers changed at random, named a mistake ({other} more are one of the table)"
    yield Row(label, len(called) / len(outside), "all", 0.02)
    yield Row("seconds for a working of six lines", _seconds(made), "one second", SECONDS)


def _seconds(made: Sequence[tuple[str, int]]) -> float:
    """Return the processor time that six lines take, on the average of the wrong workings."""
    count, start = 0, process_time()
    for working, _ in made[:50]:
        count += len(check_working(working).lines)
    return 6 * (process_time() - start) / max(count, 1)
