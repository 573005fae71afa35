"""A solution laid out as a section of a page: what is asked, hints, the answer, the steps."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from symback.errors import ParseError, SymbackError
from symback.render.equations import answers_of_thing, blocks_of_thing, remarks_of
from symback.render.latex_width import width
from symback.render.maths import latex
from symback.render.names import latex_name
from symback.render.options import GRAPHS, Options, kind_of
from symback.render.page import (
    Block,
    Blocks,
    Cover,
    Display,
    Equation,
    Figure,
    Inline,
    Inlines,
    Maths,
    Paragraph,
    Remark,
    Section,
    Text,
)
from symback.render.page import Listing as PageListing
from symback.render.prose import blocks_of_markdown, cleaned, inlines_of_markdown, inlines_of_title
from symback.solution import (
    CONFIRMED,
    WRONG,
    AnswerCheck,
    Document,
    Formula,
    Listing,
    Part,
    Picture,
    Sentence,
    Solution,
    Work,
)  # fmt: skip

WIDEST_INLINE = 40.0  # digits: a wider formula stands on a line of its own, because it cannot be broken within words

PICTURES: dict[str, str] = {
    "graph": "symback.render.picture",
    "contour": "symback.render.picture.contour",
    "loss": "symback.render.picture.loss",
}  # the modules that draw, loaded when there is a picture


def section_of(solution: Solution) -> Section:
    r"""Return a solution as a section.

    >>> import symback
    >>> section = section_of(Solution("p1", "A power", "derive", works=(Work(symback.derive("x^3", "x")),)))
    >>> section.answers[0].equations
    (Equation(left='\\frac{d}{dx}\\left[x^{3}\\right]', links=('3 x^{2}',), rule='', letters=(), more=()),)
    """
    options = Options(solution.detail, verify=False)
    works = [(work, tuple(blocks_of_thing(work.thing, options))) for work in solution.works]
    problem = tuple(_problem(solution))
    pictures = tuple(_pictures(solution.pictures))
    return Section(
        solution.id,
        solution.number,
        inlines_of_title(solution.title),
        problem,
        tuple(Remark("hint", inlines_of_markdown(hint)) for hint in solution.hints),
        tuple(_answers(solution, works, options)),
        tuple(_steps(solution, works, pictures)),
        points_in_words(solution.points),
    )


def cover_of(document: Document, show: str) -> Cover:
    """Return what a document says besides its problems."""
    title = " ".join(cleaned(document.title).split())
    return Cover(title, blocks_of_markdown(document.text), document.language, show, document.file)


def points_in_words(points: float | None) -> str:
    """Return points as they are written beside a title.

    >>> points_in_words(1), points_in_words(2), points_in_words(1.5), points_in_words(None)
    ('1 point', '2 points', '1.5 points', '')
    """
    return "" if points is None else f"{float(points):g} point{'s' * (points != 1)}"


# --- what is asked ------------------------------------------------------------------------------------------------


def _problem(solution: Solution) -> Iterator[Block]:
    yield from blocks_of_markdown(solution.text)
    for is_formula, parts in groupby(solution.task, lambda part: isinstance(part, Formula)):
        if is_formula:
            yield Display(tuple(_formula(part) for part in parts if isinstance(part, Formula)))
        else:
            for part in parts:
                yield from _asked(part)
    if solution.error is not None:
        yield from _error(solution.error)


def _formula(formula: Formula) -> Equation:
    written = latex(formula.tree)
    return Equation(latex_name(formula.name), (written,)) if formula.name else Equation(written, ())


def _asked(part: Part) -> Iterator[Block]:
    if isinstance(part, Listing):
        yield PageListing(part.text)
    elif not isinstance(part, Formula):
        yield from _sentence(part)


def _sentence(sentence: Sentence) -> Iterator[Block]:
    """Yield a sentence; a formula in it that is wide stands below the words before it."""
    words: list[Inline] = []
    for part in _inlines(sentence):
        if isinstance(part, Maths) and width(part.latex) > WIDEST_INLINE:
            yield from _paragraph(words)
            yield Display((Equation(part.latex, ()),))
            words = []
        else:
            words.append(part)
    yield from _paragraph(words)


def _paragraph(words: Sequence[Inline]) -> Iterator[Block]:
    if words and words != [Text(".")]:
        yield Paragraph(tuple(words))


def _inlines(sentence: Sentence) -> Iterator[Inline]:
    """Yield words and formulas; an equation is one formula: x = 2."""
    formula = ""
    for part in sentence:
        if not isinstance(part, str):
            formula += latex(part)
        elif formula and part.strip() == "=" and not formula.endswith(" = "):
            formula += " = "
        else:
            yield from _ended(formula)
            formula = ""
            yield Text(part)
    yield from _ended(formula)


def _ended(formula: str) -> Iterator[Inline]:
    if formula:
        yield Maths(formula.removesuffix(" = "))
    if formula.endswith(" = "):
        yield Text(" = ")


# --- answers ------------------------------------------------------------------------------------------------------

Worked = Sequence[tuple[Work, Blocks]]


def _answers(solution: Solution, works: Worked, options: Options) -> Iterator[Block]:
    yield from _merged(block for work, blocks in works for block in answers_of_thing(work.thing, options, blocks))
    yield from _checks(solution.checks)


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
            yield Remark(*(("wrong", _wrong(check)) if check.verdict == WRONG else ("unverified", _undecided(check))))
    if checks and all(check.verdict == CONFIRMED for check in checks):
        yield Remark("confirmed", (Text(_confirmed(len(checks))),))


def _confirmed(count: int) -> str:
    if count == 1:
        return "The given answer is right."
    return "Both given answers are right." if count == 2 else f"All {count} given answers are right."


def _wrong(check: AnswerCheck) -> Inlines:
    comma = "," if check.key else ""
    return (*_given(check), Text(f"{comma} is wrong; the right one is "), Text(check.right, "code"), Text("."))


def _undecided(check: AnswerCheck) -> Inlines:
    comma = "," if check.key else ""
    return (
        *_given(check),
        Text(f"{comma} could not be checked; worked out was "),
        Text(check.right, "code"),
        Text("."),
    )


def _given(check: AnswerCheck) -> Inlines:
    given = Text(cleaned(check.given), "code")
    if not check.key:
        return (Text("The given answer "), given)
    return (Text("The given answer for "), Text(cleaned(check.key), "code"), Text(", "), given)


def _error(error: SymbackError) -> Iterator[Block]:
    """Yield what is wrong with a problem that could not be worked, what to do about it, and where it stands."""
    yield Remark("error", (Text(cleaned(" ".join(filter(None, (error.message, error.hint))))),))
    if isinstance(error, ParseError) and error.text.strip():
        place, _, _ = error.explain().partition(f"\n{error.message}")
        yield PageListing(cleaned(place))


# --- steps --------------------------------------------------------------------------------------------------------


def _steps(solution: Solution, works: Worked, pictures: Blocks) -> Iterator[Block]:
    for work, blocks in works:
        yield from blocks
        if getattr(work.thing, "check", None) is None or kind_of(work.thing) not in GRAPHS:  # which say it themselves
            yield from remarks_of(work.thing, work.verification, notes=False)
    yield from pictures
    notes = (*(note for work, _ in works for note in work.thing.notes), *solution.notes)
    yield from (Remark("note", (Text(cleaned(note)),)) for note in dict.fromkeys(notes))


def _pictures(pictures: Sequence[Picture]) -> Iterator[Block]:
    for picture in pictures:
        try:
            yield Figure(_drawn(picture), cleaned(picture.alt))
        except SymbackError as error:
            said: Inlines = (Text(" ".join(filter(None, (error.message, error.hint)))),)
            yield Remark("note", said)


def _drawn(picture: Picture) -> str:
    module = importlib.import_module(PICTURES[picture.kind])
    written: str = module.svg_of(picture.thing, Options()) if picture.kind == "graph" else module.svg(picture)
    return written
