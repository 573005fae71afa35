"""Problems as they were read from a file: plain, validated data that can be pickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symback.page.heading import NONE, Heading
from symback.page.image import Image
from symback.problems.file.parameters import Parameter
from symback.words import ENGLISH, Words


@dataclass(frozen=True)
class Problem:
    """One problem: the author's words, what is asked, and the answer to be checked.

    `asked` holds the keys of the problem's kind that the file gives, as it gives them (numbers are int or Decimal).
    `block` says in which fenced block of lecture notes the problem is, counted from 0. A problem with
    `parameters` has `{{name}}` in its texts; once their values are drawn it has `values`, as they are written, and no
    parameters. `notes` are remarks for whoever prints the sheet. `parts` are problems with a `label` each, a or i;
    `inherited` are the keys in `asked` that are those of the problem around a part.
    """

    id: str
    number: int
    title: str
    kind: str
    text: str = ""
    points: float | None = None
    hints: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)
    answer: Any = None
    symbols: tuple[str, ...] = ()
    detail: str = "normal"
    file: str = ""
    line: int = 0
    block: int = 0
    parameters: tuple[Parameter, ...] = ()
    reject: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    parts: tuple[Problem, ...] = field(default=(), repr=False)
    label: str = field(default="", repr=False)
    inherited: frozenset[str] = field(default=frozenset(), repr=False)
    words: Words = ENGLISH
    space: str = ""
    images: tuple[Image, ...] = ()
    rubric: tuple[tuple[str, float], ...] = ()

    def leaves(self) -> tuple[Problem, ...]:
        """Return the parts that have none themselves; of a problem without parts itself."""
        return tuple(leaf for part in self.parts for leaf in part.leaves()) if self.parts else (self,)


@dataclass(frozen=True)
class Sheet:
    """The problems of one file, or of one variant of it.

    `file` is the name as it was given. `notes` is the Markdown source where the problems come from lecture notes,
    with its line ends and its mark of byte order, so that it can be given back byte for byte. `template` is the sheet
    with its placeholders, from which variants are made, where this one has the values of the first.
    """

    file: str
    path: Path
    title: str
    text: str = ""
    language: str = "en"
    problems: tuple[Problem, ...] = ()
    variant: int | None = None
    notes: str | None = None
    words: Words = ENGLISH
    heading: Heading = NONE
    template: Sheet | None = None
