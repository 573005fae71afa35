"""A solution laid out as a section of a page: what is asked, hints, the answer, the steps."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence

from symback.errors import SymbackError
from symback.page.kinds import answers_of, blocks_of, kind_of
from symback.page.layout_of_parts import hinted, with_parts
from symback.page.layout_of_tasks import error_blocks, task_blocks
from symback.page.options import Options
from symback.page.page import (
    Block,
    Blocks,
    Cover,
    Display,
    Equation,
    Figure,
    Inlines,
    Paragraph,
    Photo,
    Remark,
    Room,
    Section,
    Text,
)
from symback.page.prose import blocks_of_markdown, cleaned, inlines_of_markdown, inlines_of_title
from symback.page.remarks import remarks_of
from symback.page.solution import (
    CONFIRMED,
    NARROWER,
    NONE,
    UNREADABLE,
    WRONG,
    AnswerCheck,
    Document,
    Heading,
    Picture,
    Solution,
    Work,
)  # fmt: skip
from symback.page.translated import translated, with_own_words
from symback.words import ENGLISH, Words

PICTURES: dict[str, str] = {
    "graph": "symback.page.pictures",
    "curve": "symback.page.pictures.of_extrema",
    "contour": "symback.page.pictures.contour",
    "loss": "symback.page.pictures.loss",
}  # the modules that draw, loaded when there is a picture


PROSE = "text"  # the kind whose answers are the author's words


def section_of(solution: Solution) -> Section:
    r"""Return a solution as a section.

    >>> import symback
    >>> section = section_of(Solution("p1", "A power", "derive", works=(Work(symback.derive("x^3", "x")),)))
    >>> section.answers[0].equations[0][:2]
    (Formula('\\frac{d}{dx}\\left[x^{3}\\right]'), (Formula('3 x^{2}'),))
    """
    options = Options(solution.detail, verify=False, mark=None if solution.marks else False)
    works = [(work, tuple(blocks_of(work.thing, options))) for work in solution.works]
    words = solution.words
    failed = error_blocks(solution.error)  # for the author: nothing of it is on a sheet without solutions
    steps = (*failed, *_pictures(solution.pictures), *_steps(solution, works))
    section = Section(
        solution.id,
        solution.number,
        inlines_of_title(solution.title),
        (*_words_and_images(solution), *with_own_words(task_blocks(solution), words)),
        tuple(Remark("hint", inlines_of_markdown(hint), words) for hint in solution.hints),
        translated(_answers(solution, works, options), words if solution.kind != PROSE else ENGLISH),
        (*_rubric(solution), *translated(steps, words)),
        words.say(points_in_words(solution.points)),
        solution.label,
        words=words,
    )
    whole = with_parts(section, [section_of(part) for part in solution.parts]) if solution.parts else section
    room = tuple(_room(solution))
    whole = whole._replace(problem=(*whole.problem, *room), hinted=(*whole.hinted, *room) if whole.hinted else ())
    return whole if solution.parts or not (room and solution.hints) else whole._replace(hinted=hinted(whole))


def _rubric(solution: Solution) -> Iterator[Block]:
    """Yield for what the points are given."""
    if solution.rubric:
        say = solution.words.say
        said = ", ".join(f"{cleaned(what)} ({say(points_in_words(points))})" for what, points in solution.rubric)
        yield Paragraph((Text(f"{say('Points')}: ", "strong"), Text(said)))


def _words_and_images(solution: Solution) -> Iterator[Block]:
    """Yield the author's words, then the images that stand apart from them."""
    shown = {image.file: image for image in solution.images if not image.apart}
    photos = (Photo(image, solution.words) for image in solution.images if image.apart)
    yield from (*blocks_of_markdown(solution.text, shown), *photos)


def _room(solution: Solution) -> Iterator[Block]:
    if solution.space:
        yield Room(solution.space)


def cover_of(document: Document, show: str) -> Cover:
    """Return what a document says besides its problems."""
    title = " ".join(cleaned(document.title).split())
    words, heading = document.words, tuple(_heading(document.heading, document.words))
    text, language = blocks_of_markdown(document.text), document.language
    return Cover(title, text, language, show, document.file, words, document.variant, heading)


BLANK = "_" * 30  # to be filled in by hand


def _heading(heading: Heading, words: Words) -> Iterator[Block]:
    """Yield course and date in a line, then what is to be filled in, and how many points there are."""
    first = [
        Text(cleaned(" ".join(said.split())), style) for said, style in ((heading.course, "strong"), (heading.date, ""))
    ]
    said = [part for part in first if part.words]
    if said:
        yield Paragraph((said[0], *(piece for part in said[1:] for piece in (Text(", "), part))))
    for line in heading.lines:
        yield Paragraph((Text(f"{cleaned(line)}: {BLANK}"),))
    if heading.total is not None:
        points = words.say(points_in_words(heading.total))
        yield Paragraph((Text(f"{words.say('Total')}: {points}", "strong"),))


def points_in_words(points: float | None) -> str:
    """Return points as they are written beside a title.

    >>> points_in_words(1), points_in_words(2), points_in_words(1.5), points_in_words(None)
    ('1 point', '2 points', '1.5 points', '')
    """
    return "" if points is None else f"{float(points):g} point{'s' * (points != 1)}"


# --- answers ------------------------------------------------------------------------------------------------------

Worked = Sequence[tuple[Work, Blocks]]


def _answers(solution: Solution, works: Worked, options: Options) -> Iterator[Block]:
    yield from _merged(block for work, blocks in works for block in answers_of(work.thing, options, blocks))
    yield from _checks(solution.checks if not solution.parts else ())


def _merged(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks, displays that follow each other as one: their equals signs are aligned."""
    equations: tuple[Equation, ...] = ()
    for block in blocks:
        if isinstance(block, Display):
            equations += block.equations
            continue
        if equations:
            yield Display(equations)
            equations = ()
        yield block
    if equations:
        yield Display(equations)


def _checks(checks: Sequence[AnswerCheck]) -> Iterator[Remark]:
    """Yield what became of the given answers: one sentence where all are right, else one for each that is not."""
    for check in checks:
        if check.verdict != CONFIRMED:
            yield Remark("wrong" if check.verdict == WRONG else "unverified", _SAID[check.verdict](check))
    if checks and all(check.verdict == CONFIRMED for check in checks):
        yield Remark("confirmed", (Text(_confirmed(len(checks))),))


def _confirmed(count: int) -> str:
    if count == 1:
        return "The given answer is right."
    return "Both given answers are right." if count == 2 else f"All {count} given answers are right."


def _wrong(check: AnswerCheck) -> Inlines:
    comma = "," if check.key else ""
    if not check.right:
        return (*_given(check), Text(f"{comma} belongs to nothing that is asked."))
    why = f" ({check.reason})" if check.right.endswith(f" ({check.reason})") else ""
    right = Text(check.right.removesuffix(why), "code")
    return (*_given(check), Text(f"{comma} is wrong; the right one is "), right, Text(f"{why}."))


def _undecided(check: AnswerCheck) -> Inlines:
    return _beside_the_right(check, " could not be checked; worked out was ")


def _unreadable(check: AnswerCheck) -> Inlines:
    return _beside_the_right(check, f" cannot be read: {cleaned(check.reason).rstrip('.')}; worked out was ")


def _narrower(check: AnswerCheck) -> Inlines:
    if not check.where:
        return _beside_the_right(check, " is right only in a part of the domain; worked out was ")
    comma = "," if check.key else ""
    condition = (Text(f"{comma} is right for "), Text(check.where, "code"), Text(" only; worked out was "))
    return (*_given(check), *condition, Text(check.right, "code"), Text("."))


def _beside_the_right(check: AnswerCheck, said: str) -> Inlines:
    comma = "," if check.key else ""
    return (*_given(check), Text(f"{comma}{said}"), Text(check.right, "code"), Text("."))


_SAID = {WRONG: _wrong, NONE: _undecided, UNREADABLE: _unreadable, NARROWER: _narrower}


def _given(check: AnswerCheck) -> Inlines:
    given = Text(cleaned(check.given), "code")
    if not check.key:
        return (Text("The given answer "), given)
    return (Text("The given answer for "), Text(cleaned(check.key), "code"), Text(", "), given)


# --- steps --------------------------------------------------------------------------------------------------------


def _steps(solution: Solution, works: Worked) -> Iterator[Block]:
    for work, blocks in works:
        said = tuple(answers_of(work.thing, Options(), blocks)) if kind_of(work.thing).is_answer else ()
        yield from (block for block in blocks if block not in said)
        if not work.thing.tells_verdict:
            yield from remarks_of(work.thing, work.verification, notes=False)
    notes = (*(note for work, _ in works for note in work.thing.notes), *solution.notes)
    yield from (Remark("note", (Text(cleaned(note)),)) for note in dict.fromkeys(notes))


def _pictures(pictures: Sequence[Picture]) -> Iterator[Block]:
    for picture in pictures:
        try:
            yield Figure(_drawn(picture), cleaned(picture.alt), may_be_left_out=picture.may_be_left_out)
        except SymbackError as error:
            if picture.may_be_left_out:
                continue
            said: Inlines = (Text(" ".join(filter(None, (error.message, error.hint)))),)
            yield Remark("note", said)


def _drawn(picture: Picture) -> str:
    module = importlib.import_module(PICTURES[picture.kind])
    written: str = module.svg_of(picture.thing, Options()) if picture.kind == "graph" else module.svg(picture)
    return written
