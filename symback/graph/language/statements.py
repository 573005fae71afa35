"""The lines of a graph's text: assignments, shapes, functions and loops, as places in it that are still to be read.

One assignment is on a line, or between semicolons; `#` begins a comment; a line goes on while a bracket is open;
the body of a loop is indented, or follows its colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from symback.errors import ParseError
from symback.syntax.source import Source

MAX_NESTING = 8


class Span(NamedTuple):
    """A place in the text, without the blanks at its ends."""

    at: int
    stop: int


class Assignment(NamedTuple):
    """`z = W @ x + b`, or with `adds` the addition `L += z^2`."""

    left: Span
    right: Span
    adds: bool

    @property
    def whole(self) -> Span:
        return Span(self.left.at, self.right.stop)


class ShapeLine(NamedTuple):
    """`W1, W2: 3x2`, or with `is_member` `W1, W2 in R^(3x2)`."""

    left: Span
    right: Span
    is_member: bool = False

    @property
    def whole(self) -> Span:
        return Span(self.left.at, self.right.stop)


class FunctionLine(NamedTuple):
    """`def psi(t) = t^2`, without the word def."""

    left: Span
    right: Span


class Loop(NamedTuple):
    """`for t in 1..3:` with its body."""

    variable: Span
    first: Span
    last: Span
    body: tuple[Item, ...]


Item: TypeAlias = "Assignment | ShapeLine | FunctionLine | Loop"


class Line(NamedTuple):
    """A line without its indentation, or several where a bracket goes on."""

    indent: str
    at: int
    stop: int


def items_of(text: str) -> tuple[Item, ...]:
    """Return what is in a text that has no comments."""
    block = _Block(text, list(_lines(text)))
    return tuple(block.items(None))


def without_comments(text: str) -> str:
    """Return the text with blanks in place of comments, so that every offset stays."""
    return re.sub(r"#[^\n]*", lambda found: " " * len(found[0]), text)


def error_at(text: str, span: Span, message: str, hint: str) -> ParseError:
    """Return the error for a place in the text."""
    return Source(text).error(message, span.at, span.stop, hint=hint)


def stripped(text: str, at: int, stop: int) -> Span:
    """Return a place without the blanks at its ends; an empty one stays where it began."""
    inside = text[at:stop]
    if not inside.strip():
        return Span(at, at)
    return Span(at + len(inside) - len(inside.lstrip()), stop - len(inside) + len(inside.rstrip()))


# --- lines -----------------------------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[Line]:
    at = 0
    while at < len(text):
        stop = _line_end(text, at)
        span = stripped(text, at, stop)
        if span.at < span.stop:
            yield Line(text[at : span.at].rpartition("\n")[2], *span)
        at = stop + 1


def _line_end(text: str, at: int) -> int:
    """Return where the line ends: not within brackets, unless the next line is plainly another statement."""
    depth = 0
    for place in range(at, len(text)):
        character = text[place]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "\n" and (depth <= 0 or _begins_statement(text, place + 1)):
            return place
    return len(text)


def _begins_statement(text: str, at: int) -> bool:
    stop = text.find("\n", at)
    line = _BRACKETED.sub("", text[at : stop if stop >= 0 else len(text)])  # x[0:2] is not a shape
    return "=" in line or ":" in line


def pieces_of(text: str, at: int, stop: int, separator: str) -> Iterator[Span]:
    """Yield the places between separators that stand outside brackets."""
    depth = 0
    for place in range(at, stop):
        character = text[place]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == separator and depth <= 0:
            yield stripped(text, at, place)
            at = place + 1
    yield stripped(text, at, stop)


# --- blocks ----------------------------------------------------------------------------------------------------------


class _Block:
    """The lines that are still to be read."""

    def __init__(self, text: str, lines: list[Line]) -> None:
        self.text = text
        self.lines = lines
        self.index = 0
        self.loops: list[str] = []  # the indentations of the loops that are open

    def items(self, indent: str | None) -> Iterator[Item]:
        """Yield the items of the lines with this indentation; None at the outside, where any is good."""
        while self.index < len(self.lines):
            line = self.lines[self.index]
            if indent is not None and line.indent != indent:
                if line.indent.startswith(indent):
                    raise self._wrong_indent(line, "deeper than")
                if line.indent not in self.loops and len(line.indent) > len(self.loops[0]):
                    raise self._wrong_indent(line, "neither like the loop nor like")
                return
            self.index += 1
            yield from self._line(line, Span(line.at, line.stop), 0)

    def _wrong_indent(self, line: Line, how: str) -> ParseError:
        message = f"This line is indented {how} the lines before it."
        return error_at(self.text, Span(line.at, line.stop), message, "Indent all lines of a loop alike.")

    def _line(self, line: Line, rest: Span, nesting: int) -> Iterator[Item]:
        """Yield the items of one line: a loop takes all that follows its colon."""
        at = rest.at
        for piece in pieces_of(self.text, rest.at, rest.stop, ";"):
            at = max(at, piece.at)
            if self._is_word(piece, "for"):
                yield self._loop(line, Span(piece.at, rest.stop), nesting)
                return
            if piece.at < piece.stop:
                yield self._item(piece)

    def _is_word(self, span: Span, word: str) -> bool:
        found = self.text[span.at : span.at + len(word) + 1]
        return found[:-1] == word and found[-1].isspace()

    def _loop(self, line: Line, span: Span, nesting: int) -> Loop:
        found = _FOR.match(self.text, span.at, span.stop)
        if not found:
            hint = "Write for t in 1..3: and the lines of the loop below it, indented."
            end = self.text.find(":", span.at, span.stop)
            where = Span(span.at, end + 1 if end >= 0 else span.stop)
            raise error_at(self.text, where, "This loop cannot be read.", hint)
        if len(self.loops) + nesting >= MAX_NESTING:
            hint = "Write the innermost lines out."
            raise error_at(self.text, span, f"Loops nest more than {MAX_NESTING} levels deep.", hint)
        variable, first, last = (stripped(self.text, *found.span(k)) for k in (1, 2, 3))
        rest = stripped(self.text, found.end(), span.stop)
        body = tuple(self._line(line, rest, nesting + 1)) if rest.at < rest.stop else self._indented(line)
        if not body:
            hint = "Indent the lines of the loop, or write them after the colon."
            raise error_at(self.text, Span(span.at, found.end()), "This loop has no lines.", hint)
        return Loop(variable, first, last, body)

    def _indented(self, line: Line) -> tuple[Item, ...]:
        """Read the indented lines below a loop."""
        if self.index == len(self.lines):
            return ()
        indent = self.lines[self.index].indent
        if not indent.startswith(line.indent) or indent == line.indent:
            return ()
        self.loops.append(line.indent)
        body = tuple(self.items(indent))
        self.loops.pop()
        return body

    def _item(self, span: Span) -> Item:
        """Read an assignment, a shape or a function."""
        equals = self.text.find("=", *span)
        colon = _outside_brackets(self.text, span, ":")
        if self._is_word(span, "def"):
            if equals < 0:
                hint = "Write def psi(t) = t^2."
                raise error_at(self.text, span, "This function has no equals sign.", hint)
            return FunctionLine(stripped(self.text, span.at + 4, equals), stripped(self.text, equals + 1, span.stop))
        if colon >= 0 and (equals < 0 or colon < equals):
            if equals == colon + 1:
                raise error_at(self.text, Span(colon, equals + 1), "An assignment has no colon.", "Write =.")
            return ShapeLine(stripped(self.text, span.at, colon), stripped(self.text, colon + 1, span.stop))
        member = _MEMBER.fullmatch(self.text, *span) if equals < 0 else None
        if member:
            return ShapeLine(stripped(self.text, *member.span(1)), stripped(self.text, *member.span(2)), True)
        if equals < 0:
            hint = "Write a name and = before it, as in z = w x + b; a shape has a colon, as in x: 2."
            raise error_at(self.text, span, "This line gives no name to what it says.", hint)
        return self._assignment(span, equals)

    def _assignment(self, span: Span, equals: int) -> Assignment:
        before, after = self.text[equals - 1 : equals], self.text[equals + 1 : equals + 2]
        if after == "=" or before and before in "-*/^@!<>" and equals > span.at:
            at = equals if after == "=" else equals - 1
            hint = "Write = for a definition, and += to add to a sum."
            raise error_at(self.text, Span(at, at + 2), "Only = and += give a name to something.", hint)
        adds = before == "+" and equals > span.at
        right = stripped(self.text, equals + 1, span.stop)
        left = stripped(self.text, span.at, equals - adds)
        if right.at == right.stop:
            hint = "Write an expression after it, as in y = x^2."
            raise error_at(self.text, Span(equals, equals + 1), "The right side of the equals sign is empty.", hint)
        return Assignment(left, right, adds)


def _outside_brackets(text: str, span: Span, sign: str) -> int:
    """Return the place of a sign outside all brackets; -1 if there is none."""
    first = next(pieces_of(text, *span, sign))
    place = text.find(sign, first.stop, span.stop)
    return place if place >= 0 and not text[first.stop : place].strip() else -1


_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_MEMBER = re.compile(r"([^=:]*?)(?:\s+in\s+|\s*∈\s*|\s*\\in(?![A-Za-z])\s*)([^=:]*)")
_FOR = re.compile(r"for\s+([^:]*?)\s+in\s+([^:]*?)(?:\.\.\.?|…)([^:]*):")
