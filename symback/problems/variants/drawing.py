"""Variants of a sheet: the values of its parameters are drawn, every variant is another, and all can be had again.

The draws of a problem depend on the seed and on the id of the problem alone: variant 7 of seed 3 is the same whether 10
or 1000 are made. Every problem runs through all of its combinations in a shuffled order before one comes again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count as numbers
from itertools import product
from math import prod
from random import Random

from symback.errors import SymbackError, UsageError
from symback.problems.file.faults import Fault, FileFaults
from symback.problems.file.parameters import Value, combinations
from symback.problems.file.sheet import Problem, Sheet
from symback.problems.variants.computed import values_of
from symback.problems.variants.conditions import Condition, Unworkable, condition_of, holds
from symback.problems.variants.placeholders import fill, fill_all, style_of

MOST_DRAWS = 1000  # of one problem that are rejected one after the other
MOST_REPEATS = 100  # of a sheet, before the ones that are left are looked for


def draw(sheet: Sheet, count: int, seed: int = 0) -> Iterator[Sheet]:
    """Yield `count` variants of a sheet, no two alike; UsageError where there are not that many.

    FileFaults where the conditions of a problem reject everything, or cannot be tried.
    """
    template = sheet.template or sheet
    possible = prod(combinations(problem.parameters) for problem in template.problems)
    if count > possible:
        raise _too_few(template, possible)
    draws = [_Draws(problem, seed) for problem in template.problems]
    for number, drawn in zip(range(1, count + 1), _different(template, draws), strict=False):
        problems = tuple(draw.filled(index) for draw, index in zip(draws, drawn, strict=True))
        yield replace(template, problems=problems, variant=number)


def with_first_values(sheet: Sheet) -> Sheet:
    """Return a sheet with the values of the first variant of seed 0, which its problems say in a note.

    The sheet with its placeholders stays in `template`. A sheet without parameters is returned as it is.
    """
    if not any(problem.parameters for problem in sheet.problems):
        return sheet
    (first,) = draw(sheet, 1)
    problems = (replace(p, notes=(*p.notes, _note(p))) if p.values else p for p in first.problems)
    return replace(first, problems=tuple(problems), variant=None, template=sheet)


def _note(problem: Problem) -> str:
    values = ", ".join(f"{name} = {text}" for name, text in problem.values.items())
    return f"This is the variant with {values}; --variants draws others."


def filled(problem: Problem, values: Mapping[str, Value]) -> Problem:
    """Return a problem with values in place of its parameters."""
    return _filled(problem, values) if problem.parameters else problem


def _filled(problem: Problem, values: Mapping[str, Value]) -> Problem:
    return replace(
        problem,
        title=fill(problem.title, values, "prose").text,
        text=fill(problem.text, values, "prose").text,
        hints=fill_all(problem.hints, values, "prose"),
        asked={key: fill_all(value, values, style_of(key)) for key, value in problem.asked.items()},
        answer=fill_all(problem.answer, values, "maths"),
        symbols=fill_all(problem.symbols, values, "plain"),
        parameters=(),
        reject=(),
        values={name: value.text for name, value in values.items()},
        parts=tuple(_filled(part, values) for part in problem.parts),
    )


# --- draws of one problem --------------------------------------------------------------------------------------------


@dataclass
class _Draws:
    """The combinations of one problem in the order in which they are drawn, without those that are rejected.

    `reason` is why the problem could not be worked with the values that were last rejected for that.
    """

    problem: Problem
    seed: int
    accepted: dict[int, Problem | None] = field(default_factory=dict)
    reason: str = ""

    def filled(self, index: int) -> Problem:
        """Return the problem with the values of a combination."""
        return self.accepted.get(index) or filled(self.problem, values_of(self.problem.parameters, index))

    def __iter__(self) -> Iterator[int]:
        total = combinations(self.problem.parameters)
        for round_ in numbers():
            rejected, some = 0, False
            for index in shuffled(total, Random(f"{self.seed} {self.problem.id} {round_}")):  # noqa: S311
                if self._accepts(index):
                    rejected, some = 0, True
                    yield index
                elif (rejected := rejected + 1) >= MOST_DRAWS:
                    raise self._rejected(f"{MOST_DRAWS} draws in a row were rejected")
            if not some:
                raise self._rejected(f"all {total} combinations of its values are rejected")

    def all(self) -> list[int]:
        """Return every combination that is accepted, once they all have been drawn."""
        return sorted(index for index, problem in self.accepted.items() if problem)

    def _accepts(self, index: int) -> bool:
        if index not in self.accepted:
            values = values_of(self.problem.parameters, index)
            made = filled(self.problem, values)
            self.accepted[index] = None if any(self._holds(c, made, values) for c in self._conditions()) else made
        return self.accepted[index] is not None

    def _conditions(self) -> list[Condition]:
        """Return the conditions, first those for which nothing has to be worked."""
        return sorted(map(condition_of, self.problem.reject), key=lambda condition: bool(condition.key))

    def _holds(self, condition: Condition, made: Problem, values: Mapping[str, Value]) -> bool:
        try:
            return holds(condition, made, values)
        except Unworkable as failure:
            self.reason = f", the last one because it cannot be worked: {failure.error.message}"
            return True
        except SymbackError as error:
            message = f"The condition {condition.text!r} of problem {made.id} cannot be tried: {error.message}"
            raise FileFaults([Fault(made.file, made.line, 1, message, error.to("file").hint)]) from error

    def _rejected(self, what: str) -> FileFaults:
        problem = self.problem
        hint = f"Widen a range, or weaken {' and '.join(map(repr, problem.reject))}."
        return FileFaults(
            [
                Fault(
                    problem.file,
                    problem.line,
                    1,
                    f"Problem {problem.id} cannot be made: {what}{self.reason or '.'}",
                    hint,
                )
            ]
        )


def shuffled(total: int, random: Random) -> Iterator[int]:
    """Yield the numbers below `total` in a random order; only those that were drawn take memory.

    >>> sorted(shuffled(5, Random(1))) == [0, 1, 2, 3, 4]
    True
    """
    moved: dict[int, int] = {}
    for i in range(total):
        j = random.randrange(i, total)
        yield moved.get(j, j)
        moved[j] = moved.pop(i, i)


# --- draws of a sheet ------------------------------------------------------------------------------------------------


def _different(sheet: Sheet, draws: list[_Draws]) -> Iterator[tuple[int, ...]]:
    """Yield combinations for all problems together, each once."""
    seen: set[tuple[int, ...]] = set()
    repeats = 0
    for drawn in zip(*map(iter, draws), strict=False):
        if drawn not in seen:
            seen.add(drawn)
            repeats = 0
            yield drawn
        elif (repeats := repeats + 1) > MOST_REPEATS:
            break
        if repeats and len(seen) == prod(len(draw.all()) for draw in draws):
            break
    # What comes again comes in every problem again: all of each problem's combinations are known by now.
    yield from (left for left in product(*(draw.all() for draw in draws)) if left not in seen)
    raise _too_few(sheet, prod(len(draw.all()) for draw in draws))


def _too_few(sheet: Sheet, possible: int) -> UsageError:
    if not any(problem.parameters for problem in sheet.problems):
        return UsageError(f"{sheet.file} has no parameters, so that all variants would be alike.", hint=_HINT)
    many = "is 1 variant" if possible == 1 else f"are {possible:,} variants"
    return UsageError(
        f"There {many} of {sheet.file} that differ, and no more.", hint="Ask for fewer, or widen a range."
    )


_HINT = "Give a problem parameters = {a = {range = [2, 9]}}, and write {{a}} in its texts."
