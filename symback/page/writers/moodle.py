r"""Questions for Moodle: its XML, one question a problem, in a category named like the sheet.

A problem whose answer is one number becomes a numerical question, one whose answer is a number times letters a short
answer, any other an essay with its steps for the grader. Where all parts of a problem can be compared, they are
fields in one text. The variants of a problem have a category of their own. Moodle's
reader reports few faults, so what is written here is plain: one order of elements, everything in CDATA, pictures as
files of their question. What the report says to the author is not in it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from zlib import crc32

from symback.page.layout_of_parts import with_parts
from symback.page.layout_of_tasks import option_inlines
from symback.page.page import (
    Blocks,
    Bullets,
    Cover,
    Figure,
    Paragraph,
    Photo,
    Remark,
    Section,
    Text,
    depth_of,
    plain_words,
)
from symback.page.prose import cleaned
from symback.page.solution import Solution
from symback.page.writers import Format
from symback.page.writers.html_fragment import attribute, html, inline_formula, width_of
from symback.page.writers.moodle_answers import Answer, Blank, answer_of, blanks_of
from symback.words import Words

LONGEST_ID = 100
PENALTY = "0.3333333"  # of the points, for each wrong try
OF_VARIANTS = "This is the variant with "
OF_THE_AUTHOR = frozenset(("confirmed", "wrong"))  # remarks that the report has


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem as a question; nothing where it failed.

    What is accepted as an answer, and what a grader reads, is always there; `show` is what a student gets to see.
    """
    if any(leaf.error is not None for leaf in solution.leaves()):
        return ""
    pictures = Pictures(section.number)
    level = depth_of(show)
    answers, steps = for_students(section.answers, solution), for_students(section.steps, solution)
    told = (answers if level >= 2 else ()) + (steps if level >= 3 else ())
    fields = _fields(solution, section)
    answer = _answer(solution, fields)
    title = plain_words(section.title) or section.id
    points = 1.0 if solution.points is None else solution.points
    lines = [
        f'<question type="{answer.type}">',
        f"<name><text>{cdata(' '.join(title.split()))}</text></name>",
        _told("questiontext", _asked(section, answer), pictures)
        if not fields
        else _with_fields(section, fields, pictures),
        _told("generalfeedback", told, pictures),
        *([] if fields else [f"<defaultgrade>{points:g}</defaultgrade>"]),
        f"<penalty>{PENALTY}</penalty>",
        "<hidden>0</hidden>",
        f"<idnumber>{cdata(idnumber(section.id))}</idnumber>",
        *(_options(solution.works[0].thing, solution.words) if answer.type == CHOICE else ()),
        *_of_type(answer, (*answers, *steps), pictures),
        *(_told("hint", (hint,), pictures) for hint in (section.hints if level >= 1 else ())),
        f"<tags><tag><text>{cdata(solution.kind)}</text></tag></tags>",
        "</question>",
    ]
    return "\n".join(lines)


CHOICE = "multichoice"


def _answer(solution: Solution, fields: Fields) -> Answer:
    """Return how a question is compared: by its fields, by its options, or as a whole."""
    if fields:
        return Answer("cloze")
    is_choice = bool(solution.works) and solution.works[0].thing.kind == "choice"
    return Answer(CHOICE) if is_choice else answer_of(solution)


def _asked(section: Section, answer: Answer) -> Blocks:
    """Return what is asked; options are no part of the text."""
    return tuple(block for block in section.asked() if answer.type != CHOICE or not isinstance(block, Bullets))


def _options(chosen: Any, words: Words) -> Iterator[str]:
    """Yield the options, one of which is right."""
    yield "<single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>abc</answernumbering>"
    for number, option in enumerate(chosen.options, 1):
        said = cdata(html((Paragraph(option_inlines(option.shown)),)))
        fraction = 100 if number == chosen.right else 0
        feedback = " ".join(words.say(said) for said in (f"{option.mistake}.", option.says) if said.strip("."))
        yield f'<answer fraction="{fraction}" format="html"><text>{said}</text>'
        yield f'<feedback format="html"><text>{cdata(escape(feedback))}</text></feedback></answer>'


def for_students(blocks: Blocks, solution: Solution) -> Blocks:
    """Return blocks without the remarks that are for the author: whether the given answer is right, which variant."""
    notes = [note for note in solution.notes if note.startswith(OF_VARIANTS)]
    mine = {words for note in notes for words in (note, solution.words.say(note))}
    return tuple(
        block
        for block in blocks
        if not (isinstance(block, Remark) and (block.kind in OF_THE_AUTHOR or plain_words(block.inlines) in mine))
    )


# --- fields in the text -------------------------------------------------------------------------------------------

Fields = tuple[tuple[Section, Solution, tuple[Blank, ...]], ...]


def _fields(solution: Solution, section: Section) -> Fields:
    """Return the fields of a problem whose parts can all be compared; else nothing."""
    if not solution.parts:
        return ()
    leaves = zip(_sections(section), solution.leaves(), strict=True)
    found = tuple((one, leaf, blanks_of(leaf)) for one, leaf in leaves)
    return found if all(blanks for _, _, blanks in found) else ()


def _sections(section: Section) -> Iterator[Section]:
    if not section.parts:
        yield section
    for part in section.parts:
        yield from _sections(part)


def _with_fields(section: Section, fields: Fields, pictures: Pictures) -> str:
    """Return the text of a question with the fields of each part behind it."""
    said = with_marks(section, pictures)
    for mark, (_, leaf, blanks) in zip(marks_of(section), fields, strict=True):
        said = said.replace(mark, "<br>".join(_field(blank, leaf) for blank in blanks))
    return f'<questiontext format="html"><text>{cdata(said)}</text>{pictures.taken()}</questiontext>'


FIRST = 0xF000  # a character that no text has, for the first field


def marks_of(section: Section) -> list[str]:
    """Return what stands where the fields of each part belong, of a problem without parts its own."""
    return [chr(FIRST + i) for i, _ in enumerate(_sections(section))]


def with_marks(section: Section, pictures: Pictures) -> str:
    """Return what is asked as HTML, with a mark of its own where the fields of each part belong."""
    ids = [one.id for one in _sections(section)]
    return html(_marked(section, dict(zip(ids, marks_of(section), strict=True))).asked(), pictures.show)


def _marked(section: Section, marks: Mapping[str, str]) -> Section:
    if section.parts:
        above = section._replace(problem=section.own, parts=())
        return with_parts(above, [_marked(part, marks) for part in section.parts])
    return section._replace(problem=(*section.asked(), Paragraph((Text(marks[section.id]),))))


def _field(blank: Blank, solution: Solution) -> str:
    """Return a field as Moodle reads it within words: weight, type, what is right."""
    weight = max(1, round(solution.points or 1))
    left = f"{inline_formula(blank.left.latex)} = " if blank.left else ""
    right = blank.answer
    if right.type == "numerical":
        return f"{left}{{{weight}:NUMERICAL:={right.number!r}:{right.tolerance!r}}}"
    first, *others = [_in_field(text) for text in right.texts]
    return f"{left}{{{weight}:SHORTANSWER_C:={first}{''.join(f'~={other}' for other in others)}}}"


def _in_field(text: str) -> str:
    """Return a text with what would end it in a field behind a backslash; an asterisk stands for itself."""
    return escape(re.sub(r"([\\*}~#/\"])", r"\\\1", cleaned(text)), quote=False)


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the questions as one file, behind the category that they are put into."""
    if cover.variant is not None:
        questions = [_of_variant(cover, number, part) for number, part in enumerate(parts, 1) if part]
        return "\n".join([HEAD, *questions, "</quiz>\n"])
    info = _told("info", cover.introduction, Pictures(0))
    return "\n".join([HEAD, _category(_in_path(cover.title) or "symback", info), *filter(None, parts), "</quiz>\n"])


HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>'
_NAME = re.compile(r"<name><text>(?:<!\[CDATA\[(.*?)\]\]>)?</text></name>", re.DOTALL)
_ID = re.compile(r"<idnumber>(?:<!\[CDATA\[(.*?)\]\]>)?</idnumber>", re.DOTALL)


def _in_path(title: str) -> str:
    return " ".join(cleaned(title).split()).replace("/", "//")


def _category(path: str, info: str) -> str:
    place = cdata(f"$course$/top/{path}")
    return f'<question type="category">\n<category><text>{place}</text></category>\n{info}\n</question>'


def _of_variant(cover: Cover, number: int, part: str) -> str:
    """Return a question of a variant, in the category of its problem, which all variants share."""
    said = cover.words.say(f"variant {cover.variant}")
    sheet = cover.title.removesuffix(f", {said}")
    name, own = _NAME.search(part), _ID.search(part)
    title = f"{number}. {name[1]}" if name and name[1] else str(number)
    if name:
        part = part.replace(name[0], f"<name><text>{cdata(f'{name[1]} ({said})')}</text></name>", 1)
    if own:
        part = part.replace(own[0], f"<idnumber>{cdata(idnumber(f'{own[1]}-{cover.variant}'))}</idnumber>", 1)
    path = f"{_in_path(sheet) or 'symback'}/{_in_path(title)}"
    info = '<info format="html"><text></text></info>'
    return f"{_category(path, info)}\n{part}"


# --- elements -----------------------------------------------------------------------------------------------------


class Pictures:
    """The pictures of a question: each is a file of the element that shows it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.files: list[str] = []
        self.count = 0

    def show(self, figure: Figure | Photo) -> str:
        self.count += 1
        ending = figure.image.media if isinstance(figure, Photo) else "svg"
        name = f"problem-{self.number}-{self.count}.{ending}"
        data = figure.image.in_text if isinstance(figure, Photo) else b64encode(figure.svg.encode()).decode()
        self.files.append(f'<file name="{name}" path="/" encoding="base64">{data}</file>')
        return f'<img src="@@PLUGINFILE@@/{name}" alt="{attribute(figure.alt)}"{width_of(figure)}>'

    def taken(self) -> str:
        """Return the files since the last time."""
        files, self.files = "".join(self.files), []
        return files


def _told(element: str, blocks: Blocks, pictures: Pictures) -> str:
    """Return an element of text in HTML with its pictures."""
    written = html(blocks, pictures.show)
    return f'<{element} format="html"><text>{cdata(written)}</text>{pictures.taken()}</{element}>'


def cdata(text: str) -> str:
    """Return a text that XML takes as it is; what would end it is put into two pieces."""
    if not text:
        return ""
    return "<![CDATA[" + cleaned(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def idnumber(id_: str) -> str:
    """Return an id as it is, a long one cut and with a number of its own: Moodle takes a hundred characters."""
    words = " ".join(cleaned(id_).split())
    return words if len(words) <= LONGEST_ID else f"{words[: LONGEST_ID - 9]}-{crc32(words.encode()):08x}"


def _of_type(answer: Answer, graded: Blocks, pictures: Pictures) -> Iterator[str]:
    """Yield the elements that only questions of this type have."""
    if answer.type == "numerical":
        yield from _accepted(f"{answer.number!r}", f"<tolerance>{answer.tolerance!r}</tolerance>")
    elif answer.type == "shortanswer":
        yield "<usecase>1</usecase>"  # X is another variable than x
        for text in answer.texts:
            yield from _accepted(text.replace("*", "\\*"))  # an asterisk alone would stand for any text
    elif answer.type == "essay":
        yield "<responseformat>editor</responseformat><responserequired>1</responserequired>"
        yield "<responsefieldlines>15</responsefieldlines><attachments>0</attachments>"
        yield _told("graderinfo", graded, pictures)


def _accepted(text: str, more: str = "") -> Iterator[str]:
    feedback = '<feedback format="html"><text></text></feedback>'
    yield f'<answer fraction="100" format="moodle_auto_format"><text>{escape(text)}</text>{feedback}{more}</answer>'


FORMAT = Format("moodle", part, document)
