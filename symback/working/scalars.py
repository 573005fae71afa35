"""Workings about expressions: definitions, questions, and chains of expressions that are said to be equal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from symback.calculus.equations import side_by_side
from symback.errors import ParseError, SymbackError
from symback.expr.tree import Diff, Gradient, Let, Tree, apply, substituted, symbol, symbols_of, walk, without_lets
from symback.syntax import read_names
from symback.syntax.derivatives import MAX_ORDER, nested
from symback.syntax.reading import read_functions
from symback.working.judging import Chain, Verdict, digits_in
from symback.working.labels import fault
from symback.working.of_integrals import AntiderivativeChain, answer_of, chain_of, has_integral
from symback.working.result import FOLLOWS, GIVEN, RIGHT, UNKNOWN, WRONG, Line, or_unreadable, worst
from symback.working.right import tidied
from symback.working.rows_of_text import Piece, Row, check_parts
from symback.working.signs import Sign, sign_of

DEFINES = ":="  # the sign of the expression by which a name is defined
NOT_SAID = "it does not say what it is equal to; begin the line with = or with a derivative sign"
_LEFT = re.compile(r"(?P<name>\\?[^\W\d]\w*(?:_\{\w+\})?)\s*(?:\(\s*(?P<parameters>[^()=]*)\))?")


class Expression(NamedTuple):
    """An expression as it was typed, and with what is defined put in."""

    shown: Tree
    value: Tree


@dataclass
class Defined:
    """What names and functions stand for: the lines that define them, and the parameters of each."""

    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.lines: list[str] = []
        self.parameters: dict[str, tuple[str, ...]] = {}
        self.notes: list[str] = []

    def read(self, text: str, variables: Sequence[str] = ()) -> Expression:
        """Return an expression in these names; a ParseError points into the text itself."""
        before = "".join(line + "\n" for line in self.lines)
        try:
            readings = read_functions(before + text, self.names, variables=variables)
            own = readings[-1]
            if own.name or len(readings) != len(self.lines) + 1:
                raise ParseError("A line has one expression between its signs.", text, 0, len(text))
            found = next(s for s in reversed(side_by_side(readings, before + text, variables)) if not s.name)
        except ParseError as error:
            raise _in_the_line(error, text, len(before)) from None
        self.notes += own.notes
        value = found.tree
        if not any(isinstance(n, Diff) and isinstance(n._args[1], Let) for n in walk(value)):
            value = without_lets(value)
        return Expression(own.tree, value)

    def define(self, left: str, right: str) -> Expression:
        """Define a name or a function, and return what it stands for."""
        name, parameters = self.left_side(left)
        found = self.read(right, parameters) if not parameters else self._with_parameters(right, parameters)
        self.lines.append(f"{left} = {right}")
        self.parameters[name] = parameters
        return found

    def _with_parameters(self, right: str, parameters: tuple[str, ...]) -> Expression:
        names = self.names
        self.names = (*names, *parameters)
        try:
            return self.read(right, parameters)
        finally:
            self.names = names

    @staticmethod
    def left_side(text: str) -> tuple[str, tuple[str, ...]]:
        """Return the name and the parameters of f(x, y); ("", ()) for any other text."""
        found = _LEFT.fullmatch(text.strip())
        if not found:
            return "", ()
        try:
            names = read_names(found["name"])
            return names[0], read_names(found["parameters"]) if (found["parameters"] or "").strip() else ()
        except SymbackError:
            return "", ()

    def derivative(self, sign: Sign, text: str) -> tuple[Tree, Tree]:
        """Return a derivative sign as it is shown, and what it asks for."""
        if sign.order > MAX_ORDER:
            raise ParseError(f"Derivatives have an order from 1 to {MAX_ORDER}.", text, 0, len(text))
        parameters = self.parameters[sign.of]
        called = f"{sign.of}({', '.join(parameters)})" if parameters else sign.of
        function = self.read(called, sign.by or parameters).value
        by = [symbol(name) for name in sign.by] or self._only(function, parameters, text) * sign.order
        asked = nested(function, list(reversed(by)))
        if sign.place and not _is_name(sign.place, parameters):
            value = self.read(sign.place).value
            asked = substituted(tidied(asked), {by[0]: value})
            return apply(sign.of + "'" * sign.order, value), asked
        if sign.by and sign.order == 1:
            return Gradient(symbol(sign.of), by[0]), asked
        arguments = [symbol(p) for p in parameters] or [by[0]]
        if not sign.by:
            return (apply(sign.of + "'" * sign.order, *arguments) if parameters else _primed(sign), asked)
        return nested(symbol(sign.of), list(reversed(by))), asked

    @staticmethod
    def _only(function: Tree, parameters: tuple[str, ...], text: str) -> list[Tree]:
        found = [symbol(p) for p in parameters] or sorted(symbols_of(function), key=str)
        if len(found) != 1:
            raise ParseError("The prime does not say by which variable.", text, 0, len(text), hint="Write df/dx.")
        return list(found)


def _primed(sign: Sign) -> Tree:
    return symbol(sign.of + "'" * sign.order)


def _is_name(place: str, parameters: tuple[str, ...]) -> bool:
    try:
        return all(name in parameters or not parameters for name in read_names(place))
    except SymbackError:
        return False


def _in_the_line(error: ParseError, text: str, before: int) -> ParseError:
    """Return an error whose place is counted in the line itself."""
    if error.text != text:
        error.text, error.at, error.end = text, max(error.at - before, 0), max(error.end - before, 1)
    return error


class Scalars:
    """Reads and judges the rows of a working one after the other."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.defined = Defined(tuple(names))
        self.chain: Chain | None = None
        self.left: Tree | None = None
        self.variables: tuple[str, ...] = ()
        self.is_definition = False  # whether what stands before is a definition, no question
        self.blamed = 0  # the line from which the wrong ones follow
        self.answers: list[tuple[Tree | None, Tree]] = []
        self.question = 0  # the number of the answer of the chain

    @property
    def notes(self) -> list[str]:
        """What is to be said of how the expressions were read."""
        return self.defined.notes

    def line(self, row: Row) -> Line:
        """Return a row as a line with its verdict; what cannot be read is a line with an error."""
        blank = Line(row.number, row.text, GIVEN, label=row.reason, remark=row.remark)
        return or_unreadable(blank, lambda: self._read_row(blank, row))

    def _read_row(self, blank: Line, row: Row) -> Line:
        check_parts(row)
        left, pieces = self._begun(row)
        lines = [self._part(blank, piece) for piece in pieces]
        return self._whole(replace(blank, left=left), lines)

    def _begun(self, row: Row) -> tuple[Tree | None, Sequence[Piece]]:
        """Begin a chain where the row begins one; return its left side and the pieces that are still to be read."""
        first, *others = row.pieces
        if row.goes_on:
            if self.chain is None:
                raise ParseError("Nothing stands before this sign.", row.text, 0, 1, hint="Begin with what is asked.")
            return None, row.pieces
        sign = sign_of(first.text, self.defined.parameters)
        if sign is not None:
            shown, asked = self.defined.derivative(sign, first.text)
            self._begin(shown, asked, sign.by)
            return shown, others
        name, parameters = self.defined.left_side(first.text)
        if others and name and self._is_new(name, parameters):
            return self._define(row, name, parameters)
        if others:
            left = self.defined.read(first.text, self.variables)
            self._begin(left.shown, left.value, _by(left.value), is_open=True)
            return left.shown, others
        return None, row.pieces

    def _is_new(self, name: str, parameters: tuple[str, ...]) -> bool:
        return name not in self.defined.parameters and all(not p[:1].isdigit() for p in parameters)

    def _define(self, row: Row, name: str, parameters: tuple[str, ...]) -> tuple[Tree, Sequence[Piece]]:
        first, second, *others = row.pieces
        found = self.defined.define(first.text, second.text)
        shown = apply(name, *map(symbol, parameters)) if parameters else symbol(name)
        if isinstance(self.chain, AntiderivativeChain) and not others:
            return shown, [second._replace(sign=DEFINES)]  # let u = x^2, within a chain that goes on
        self.chain, self.left, self.variables = Chain(found.value), shown, parameters
        self.is_definition, self.question = True, 0
        return shown, [second._replace(sign=DEFINES), *others]

    def _begin(self, shown: Tree | None, asked: Tree, by: Sequence[str], is_open: bool = False) -> None:
        self.chain, self.left, self.variables = chain_of(asked, is_open), shown, tuple(dict.fromkeys(by))
        self.blamed, self.is_definition = 0, False
        self.question = len(self.answers) if self._note_answer(shown, asked) else 0

    def _note_answer(self, shown: Tree | None, asked: Tree) -> bool:
        """Keep the right answer, where the verifier confirms it."""
        if has_integral(asked):
            found = answer_of(asked)
            self.answers += [] if found is None else [(shown, found)]
            return found is not None
        try:
            answer = tidied(asked)
        except (SymbackError, ArithmeticError, RecursionError):
            return False
        if Chain(asked).judged(answer, "=", {}).verdict != RIGHT:
            return False
        self.answers.append((shown, answer))
        return True

    def _part(self, blank: Line, piece: Piece) -> Line:
        """Return the line that one expression alone would be."""
        if not piece.text:
            raise ParseError("Nothing stands behind this sign.", blank.text, piece.at, piece.at + 1)
        found = self.defined.read(piece.text, self.variables)
        if piece.sign == DEFINES:
            return replace(blank, parts=(("", found.shown),))
        if self.chain is None:
            self._begin(None, found.value, _by(found.value))
            return replace(blank, parts=((piece.sign, found.shown),))
        if not piece.sign and self.is_definition:
            return replace(blank, parts=(("", found.shown),), verdict=UNKNOWN, why=NOT_SAID)
        wrong_label = fault(blank.label, self.chain.before, found.value) if blank.label else ""
        verdict = self.chain.judged(found.value, piece.sign, digits_in([piece.text]))
        return _with(replace(blank, parts=((piece.sign, found.shown),), label_is_wrong=wrong_label), verdict)

    def _whole(self, blank: Line, lines: Sequence[Line]) -> Line:
        """Return the line with all its parts, its verdict that of the worst of them."""
        if not lines:
            return blank
        found = worst(lines)
        parts = tuple(part for line in lines for part in line.parts)
        made = replace(found, left=blank.left, parts=parts, wrong=lines.index(found), question=self.question)
        if made.verdict == WRONG:
            self.blamed = made.number
        return replace(made, follows=self.blamed) if made.verdict == FOLLOWS else made


def _by(asked: Tree) -> tuple[str, ...]:
    """Return the variables by which a question differentiates."""
    found = [n._args[1] for n in walk(asked) if isinstance(n, Diff)]
    return tuple(dict.fromkeys(v.name for v in found if hasattr(v, "name")))


def _with(line: Line, found: Verdict) -> Line:
    return replace(
        line, verdict=found.verdict, why=found.why, term=found.term, mistake=found.mistake,
        possible=found.possible, family=found.family,
    )  # fmt: skip
