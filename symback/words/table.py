r"""A table of words at work: a sentence is looked up, with what stands in its holes.

The name of a hole says what it takes:

- `{number}` a number, in which the table's decimal sign is put
- `{formula}` one formula, or one text in letters of one width
- `{list}` formulas and names with commas, an `and` or a `with` between them
- `{formulas}` text that does not go beyond the end of its sentence
- `{letter}` a name without spaces
- `{name}`, `{size}`, `{shape}` text without what parts the members of a list
- `{where}` a letter, an equals sign and one formula
- `{words}` words that are in the table themselves
- any other name: text that stays as it is

A digit may follow the name, where a sentence has several: `{number2}`. Formulas in a sentence are single characters
of the range that Unicode leaves free, so that the words of another language may stand in another order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from typing import NamedTuple

FORMULA = "[\ue000-\uf8ff]"  # what stands for a formula within a sentence
HOLE = re.compile(r"\{([a-z]+)(\d?)\}")
_NUMBER = r"[-+]?[\d.,]*\d(?:e[-+]?\d+)?%?"
_WITHIN_A_SENTENCE = r"(?:(?!\.\s).)+?"
_TAKES = {
    "number": _NUMBER,
    "formula": FORMULA,
    "formulas": _WITHIN_A_SENTENCE,
    "list": _WITHIN_A_SENTENCE,
    "letter": r"[^\s;,]+",
    "name": r"(?:(?!, ).)+?",
    "size": r"(?:(?! and |, ).)+?",
    "shape": r"(?:(?! and |, ).)+?",
    "where": rf"\w+ = {FORMULA}",
}
_DECIMAL = re.compile(r"(?<![\w.])(\d+)\.(\d+)(?!\.?\d)")
_SENTENCES, _COMMAS, _SEMICOLONS = re.compile(r"((?<=[.;:])\s+)(?=[^a-z])"), re.compile("(, )"), re.compile("(; )")
_WORD = re.compile(r"[A-Za-z]{2,}")
_INDEXED = re.compile(r"\w+_\w+")  # a name such as f_xx
_OF_MATHEMATICS = frozenset(
    (
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "arccot", "arcsec", "arccsc", "sinh",
        "cosh", "tanh", "coth", "sech", "csch", "ln", "log", "exp", "sqrt", "cbrt", "lim", "max", "min", "sigma",
        "sigmoid", "relu", "softmax", "sum", "mean", "step", "sign", "abs", "mod", "uv", "diag", "grad", "inv", "det",
        "tr", "pi",
    )
)  # fmt: skip
_AND = re.compile(r" and | with |, ")


class Template(NamedTuple):
    """A sentence with holes: what it matches, the names of its holes in their order, and the other language's."""

    pattern: re.Pattern[str]
    holes: tuple[str, ...]
    said: str
    weight: int  # letters outside of the holes

    def with_values(self, values: Mapping[str, str]) -> str:
        """Return the other language's sentence with values in its holes."""
        return HOLE.sub(lambda hole: values[hole[1] + hole[2]], self.said)


class Words:
    """The words of a language; `entries` maps English sentences to its own, `decimal` is its decimal sign.

    Equal tables are equal, and can be pickled.
    """

    __slots__ = ("_found", "_templates", "code", "decimal", "entries", "missed")

    def __init__(self, code: str, entries: Mapping[str, str], decimal: str = ".") -> None:
        self.code = code
        self.decimal = decimal
        self.entries = dict(entries)
        self.missed: dict[str, None] = {}  # sentences that were asked for and are not in the table
        self._found: dict[str, str] = {}
        self._templates: tuple[Template, ...] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash((self.code, self.decimal, len(self.entries)))

    def _content(self) -> tuple[object, ...]:
        return self.code, self.decimal, self.entries

    def __reduce__(self) -> tuple[Callable[..., Words], tuple[object, ...]]:
        return Words, (self.code, self.entries, self.decimal)

    def __repr__(self) -> str:
        return f"Words({self.code!r}, {self.entries!r}, {self.decimal!r})" if self.entries else f"Words({self.code!r})"

    def __bool__(self) -> bool:
        """Whether there is anything to translate."""
        return bool(self.entries) or self.decimal != "."

    # --- words ----------------------------------------------------------------------------------------------------

    def say(self, english: str) -> str:
        """Return words in this language; English ones where the table does not have them."""
        if not self:
            return english
        found = self._found.get(english)
        if found is None:
            found = self._found[english] = self._said(english)
        return found

    def say_if_known(self, english: str) -> str:
        """Return words in this language; what the table does not have is somebody's name, with its numbers."""
        found = self._looked_up(english) if self else english
        return self.numbers(english) if found is None else found

    def _said(self, english: str) -> str:
        inner = english.strip()
        if not inner:
            return english
        at = english.index(inner)
        return english[:at] + self._sentence(inner) + english[at + len(inner) :]

    def _sentence(self, english: str) -> str:
        """Return a sentence that is in the table, or several, or a list whose members are."""
        found = self._looked_up(english)
        if found is not None:
            return found
        for signs in (_SENTENCES, _COMMAS, _SEMICOLONS):
            pieces = signs.split(english)
            said = [self._looked_up(piece) if is_word(piece) else self.numbers(piece) for piece in pieces[::2]]
            if len(pieces) > 1 and all(one is not None for one in said):
                return "".join(one for pair in zip_longest(said, pieces[1::2], fillvalue="") for one in pair if one)
        return self._missed(english)

    def _missed(self, english: str) -> str:
        """Return what is not in the table: the sentences of it that are, and the others in English."""
        pieces = _SENTENCES.split(english)
        if len(pieces) > 1:
            return "".join(piece if i % 2 else self._sentence(piece) for i, piece in enumerate(pieces))
        if is_word(english):
            self.missed[english] = None
        return self.numbers(english)

    def _looked_up(self, english: str) -> str | None:
        """Return a sentence from the table, which may have it without its end, or with a small letter first."""
        plain, end = (english[:-1], english[-1]) if english[-1:] in (".", ":") else (english, "")
        small = english[:1].lower() + english[1:]
        for given, after in ((english, ""), (plain, end), (small, ""), (small.removesuffix(end), end)):
            found = self.entries.get(given) or next(self._filled(given), None)
            if found is not None:
                begun = found if given[:1] == english[:1] else found[:1].upper() + found[1:]
                return begun + after
        return None

    def _filled(self, english: str) -> Iterator[str]:
        """Yield the sentences with holes that a text fits, filled."""
        for template in self.templates:
            found = template.pattern.fullmatch(english)
            if found:
                texts = zip(template.holes, found.groups(), strict=True)
                yield template.with_values({name: self._value(name, text) for name, text in texts})

    @property
    def templates(self) -> tuple[Template, ...]:
        """The sentences with holes, those with the most letters first."""
        if self._templates is None:
            made = (template(key, said) for key, said in self.entries.items() if HOLE.search(key))
            self._templates = tuple(sorted(made, key=lambda one: -one.weight))
        return self._templates

    def _value(self, name: str, text: str) -> str:
        kind = name.rstrip("0123456789")
        if kind == "words":
            return self.say(text)
        if kind == "list":
            return self.joined(text)
        return self.numbers(text)

    def joined(self, text: str) -> str:
        """Return a list of names in this language: a, b und c."""
        return self.numbers(_AND.sub(lambda sign: self.entries.get(sign[0], sign[0]), text))

    # --- numbers --------------------------------------------------------------------------------------------------

    def numbers(self, text: str) -> str:
        """Return a text with this language's decimal sign in its numbers; what looks like a version stays."""
        return text if self.decimal == "." else _DECIMAL.sub(rf"\1{self.decimal}\2", text)


def template(key: str, said: str) -> Template:
    """Return a sentence with holes, ready to be matched."""
    parts, holes, at = [], [], 0
    for hole in HOLE.finditer(key):
        parts += [re.escape(key[at : hole.start()]), f"({_TAKES.get(hole[1], '.+?')})"]
        holes.append(hole[1] + hole[2])
        at = hole.end()
    parts.append(re.escape(key[at:]))
    return Template(re.compile("".join(parts), re.DOTALL), tuple(holes), said, len(HOLE.sub("", key)))


def is_word(text: str) -> bool:
    """Tell whether there are words in a text, not formulas alone.

    >>> is_word("(cos x)' = -sin x."), is_word("without a minus")
    (False, True)
    """
    return any(word not in _OF_MATHEMATICS for word in _WORD.findall(_INDEXED.sub("", text)))


ENGLISH = Words("en", {})
