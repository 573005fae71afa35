r"""Flash cards for Anki: a table in text, one note a problem, with what Anki needs to know in lines at the top.

The front asks, the back answers. A note has the same number whenever its file is written, so a second import changes
the cards of the first and keeps what Anki knows of the learner.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import StringIO

from symback.page.page import SHOWS, Blocks, Cover, Section, depth_of
from symback.page.prose import cleaned
from symback.page.solution import Solution
from symback.page.writers import Format
from symback.page.writers.html_fragment import html, line, words

WIDEST = 30  # digits in a line of a telephone, in Anki's large letters
COLUMNS = ("guid", "deck", "Front", "Back", "Tags")


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem as one line of JSON: its id, the two sides of the card, its tags; nothing where it failed."""
    if solution.error is not None:
        return ""
    note = {
        "id": cleaned(solution.id),
        "front": _front(section, show),
        "back": _back(section, show),
        "tags": f"symback {_tag(solution.kind)}",
    }
    return json.dumps(note, ensure_ascii=False)


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the table as Anki reads it since version 2.1.54: quoted like a spreadsheet's, with tabs."""
    file = StringIO()
    file.write("#separator:tab\n#html:true\n#notetype:Basic\n")
    file.write(f"#guid column:{COLUMNS.index('guid') + 1}\n#deck column:{COLUMNS.index('deck') + 1}\n")
    file.write(f"#tags column:{COLUMNS.index('Tags') + 1}\n#columns:" + "\t".join(COLUMNS) + "\n")
    csv.writer(file, "excel-tab", lineterminator="\n").writerows(_rows(cover, parts))
    return file.getvalue()


def _rows(cover: Cover, parts: Sequence[str]) -> Iterator[list[str]]:
    for text in filter(None, parts):
        note = json.loads(text)
        yield [guid(cover.file, cover.title, note["id"]), _deck(cover), note["front"], note["back"], note["tags"]]


def guid(file: str, title: str, problem: str) -> str:
    """Return the number of a note: made from the names of file, sheet and problem, so always the same.

    The folder is no part of it, as a sheet may be moved; the title is, because it tells variants apart.

    >>> guid("in/a.toml", "Quiz, variant 1", "p1") == guid("a.toml", "Quiz, variant 1", "p1")
    True
    """
    name = file.replace("\\", "/").rpartition("/")[2]
    return "sbk-" + sha256(f"{name}\0{title}\0{problem}".encode(errors="backslashreplace")).hexdigest()[:16]


def _deck(cover: Cover) -> str:
    """Return the name of the deck; two colons would make decks inside decks."""
    name = " ".join(cleaned(cover.title).split()).replace("::", ": ").replace('"', "'")
    return name or "symback"


def _tag(text: str) -> str:
    return "-".join(cleaned(text).split())


def _html(blocks: Blocks) -> str:
    return html(blocks, widest=WIDEST)


def _front(section: Section, show: str) -> str:
    title = f"<p><b>{line(section.title)}</b></p>" if section.title else ""
    hints = section.hints if depth_of(show) >= SHOWS.index("hints") else ()
    said = words(section.words.say("Hint"))
    more = "".join(f"<details><summary>{said}</summary>{_html((hint,))}</details>" for hint in hints)
    return title + _html(section.asked()) + more


def _back(section: Section, show: str) -> str:
    answers = section.answers if depth_of(show) >= SHOWS.index("answers") else ()
    steps = section.steps if show == "steps" else ()
    between = "<hr>" if answers and steps else ""
    return _html(answers) + between + _html(steps)


FORMAT = Format("anki", part, document)
