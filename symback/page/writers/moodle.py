r"""Questions for Moodle: its XML, one question a problem, in a category named like the sheet.

A problem whose answer is one number becomes a numerical question, one whose answer is one expression a short answer
that is compared as text, any other an essay with its steps for the grader. Moodle's reader reports few faults, so what
is written here is plain: one order of elements, everything in CDATA, pictures as files of their question.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from math import floor, isfinite, log10
from typing import Any, NamedTuple
from zlib import crc32

from sympy.core.basic import Basic

from symback.expr.tree import Tree, number_value, symbols_of
from symback.page import maths
from symback.page.page import SHOWS, Blocks, Cover, Figure, Section, plain_words
from symback.page.prose import cleaned
from symback.page.quantities import is_array
from symback.page.solution import CONFIRMED, Solution
from symback.page.writers import Format
from symback.page.writers.html_fragment import attribute, html
from symback.verify import approximate

DIGITS = 3  # a number that has no end is accepted when it is right to so many digits
LONGEST = 80  # characters of an answer that is compared as text
LONGEST_ID = 100
PENALTY = "0.3333333"  # of the points, for each wrong try


class Answer(NamedTuple):
    """What Moodle compares a student's answer with: a number with its tolerance, or texts; neither for an essay."""

    type: str = "essay"
    number: float = 0.0
    tolerance: float = 0.0
    texts: tuple[str, ...] = ()


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem as a question; nothing where it failed.

    What is accepted as an answer, and what a grader reads, is always there; `show` is what a student gets to see.
    """
    if solution.error is not None:
        return ""
    pictures = _Pictures(section.number)
    level = SHOWS.index(show)
    told = (section.answers if level >= 2 else ()) + (section.steps if level >= 3 else ())
    answer = answer_of(solution)
    title = plain_words(section.title) or section.id
    points = 1.0 if solution.points is None else solution.points
    lines = [
        f'<question type="{answer.type}">',
        f"<name><text>{_cdata(' '.join(title.split()))}</text></name>",
        _told("questiontext", section.problem, pictures),
        _told("generalfeedback", told, pictures),
        f"<defaultgrade>{points:g}</defaultgrade>",
        f"<penalty>{PENALTY}</penalty>",
        "<hidden>0</hidden>",
        f"<idnumber>{_cdata(_idnumber(section.id))}</idnumber>",
        *_of_type(answer, section, pictures),
        *(_told("hint", (hint,), pictures) for hint in (section.hints if level >= 1 else ())),
        f"<tags><tag><text>{_cdata(solution.kind)}</text></tag></tags>",
        "</question>",
    ]
    return "\n".join(lines)


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the questions as one file, behind the category that they are put into."""
    name = " ".join(cleaned(cover.title).split()).replace("/", "//") or "symback"
    info = _told("info", cover.introduction, _Pictures(0))
    category = f"<category><text>{_cdata(f'$course$/top/{name}')}</text></category>"
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n<question type="category">\n{category}\n{info}\n</question>'
    )
    return "\n".join([head, *filter(None, parts), "</quiz>\n"])


# --- elements -----------------------------------------------------------------------------------------------------


class _Pictures:
    """The pictures of a question: each is a file of the element that shows it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.files: list[str] = []
        self.count = 0

    def show(self, figure: Figure) -> str:
        self.count += 1
        name = f"problem-{self.number}-{self.count}.svg"
        data = b64encode(figure.svg.encode()).decode()
        self.files.append(f'<file name="{name}" path="/" encoding="base64">{data}</file>')
        return f'<img src="@@PLUGINFILE@@/{name}" alt="{attribute(figure.alt)}">'

    def taken(self) -> str:
        """Return the files since the last time."""
        files, self.files = "".join(self.files), []
        return files


def _told(element: str, blocks: Blocks, pictures: _Pictures) -> str:
    """Return an element of text in HTML with its pictures."""
    written = html(blocks, pictures.show)
    return f'<{element} format="html"><text>{_cdata(written)}</text>{pictures.taken()}</{element}>'


def _cdata(text: str) -> str:
    """Return a text that XML takes as it is; what would end it is put into two pieces."""
    if not text:
        return ""
    return "<![CDATA[" + cleaned(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _idnumber(id_: str) -> str:
    """Return an id as it is, a long one cut and with a number of its own: Moodle takes a hundred characters."""
    words = " ".join(cleaned(id_).split())
    return words if len(words) <= LONGEST_ID else f"{words[: LONGEST_ID - 9]}-{crc32(words.encode()):08x}"


def _of_type(answer: Answer, section: Section, pictures: _Pictures) -> Iterator[str]:
    """Yield the elements that only questions of this type have."""
    if answer.type == "numerical":
        yield from _accepted(f"{answer.number!r}", f"<tolerance>{answer.tolerance!r}</tolerance>")
    elif answer.type == "shortanswer":
        yield "<usecase>1</usecase>"  # X is another variable than x
        for text in answer.texts:
            yield from _accepted(text.replace("*", "\\*"))  # an asterisk alone would stand for any text
    else:
        yield "<responseformat>editor</responseformat><responserequired>1</responserequired>"
        yield "<responsefieldlines>15</responsefieldlines><attachments>0</attachments>"
        yield _told("graderinfo", (*section.answers, *section.steps), pictures)


def _accepted(text: str, more: str = "") -> Iterator[str]:
    feedback = '<feedback format="html"><text></text></feedback>'
    yield f'<answer fraction="100" format="moodle_auto_format"><text>{escape(text)}</text>{feedback}{more}</answer>'


# --- answers ------------------------------------------------------------------------------------------------------


def answer_of(solution: Solution) -> Answer:
    """Return what a problem with one answer is compared with."""
    found = _only_answer(solution.works[0].thing) if len(solution.works) == 1 else None
    if isinstance(found, Basic) and symbols_of(found):
        texts = _texts(found, solution)
        return Answer("shortanswer", texts=texts) if len(texts[0]) <= LONGEST else Answer()
    value = approximate(found) if isinstance(found, Basic) else found
    if value is None or not isfinite(value):
        return Answer()
    return Answer("numerical", float(f"{float(value):.12g}"), tolerance_of(found, float(value)))


def _only_answer(thing: Any) -> Any:
    """Return the one tree or number that is asked for, None where there are several."""
    kind = thing.kind
    if kind in ("derivation", "differences", "directional"):
        inner = {"differences": "derivation", "directional": "product"}.get(kind)
        return (getattr(thing, inner) if inner else thing).last
    if kind == "backprop" and len(thing.wrt) == 1:
        name = thing.wrt[0]
        value = thing.values[name] if thing.values else thing.gradients[name]
        return None if is_array(value) else value
    return None


def tolerance_of(found: Any, value: float) -> float:
    """Return how far from the number an answer may be: not at all for a short one, else half of its third digit.

    >>> tolerance_of(None, 29.0), tolerance_of(None, -0.625), tolerance_of(None, 2.1715)
    (0.0, 0.0, 0.005)
    """
    exact = number_value(found) if isinstance(found, Basic) else None
    short = float(f"{value:.{DIGITS}g}")
    if value == short and (exact is None or float(exact) == value):
        return 0.0
    return float(f"{10.0 ** (floor(log10(abs(value))) - DIGITS + 1) / 2:.3g}")


def _texts(tree: Tree, solution: Solution) -> tuple[str, ...]:
    """Return the ways in which an answer may be typed: with and without blanks, with * and ^, as the author did."""
    plain = maths.text(tree)
    starred = maths.sympy(tree)
    given = [check.given for check in solution.checks if check.verdict == CONFIRMED and "\n" not in check.given]
    caret = starred.replace("**", "^")
    power = caret.replace("exp(", "e^(") if ")^" not in caret else caret
    ways = [plain, maths.unicode(tree), caret, power, starred, *given]
    every = [way for text in ways for way in (text, text.replace(" ", ""))]
    return tuple(dict.fromkeys(cleaned(text).strip() for text in every))


FORMAT = Format("moodle", part, document)
