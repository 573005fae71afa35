"""Workings about a graph: claims about its gradients, judged by values in every reading of a derivative sign."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations
from typing import Any

import numpy as np

from symback.errors import ParseError, SymbackError
from symback.expr.tree import Gradient, Inert, Tree, fold, is_decimal, number_value, symbol, symbols_of
from symback.graph.graph import Graph
from symback.graph.language.reader import parse_expression
from symback.working.facts import LINE, Fact
from symback.working.function_names import with_values
from symback.working.graph_values import Array, GraphValues, Reading, agree
from symback.working.labels import fault
from symback.working.of_gradients import SAYS
from symback.working.repairs import best, repairs
from symback.working.result import (
    FOLLOWS,
    GIVEN,
    MENDED,
    RIGHT,
    ROUNDED,
    UNKNOWN,
    WRONG,
    Line,
    Named,
    or_unreadable,
    worst,
)
from symback.working.rows_of_text import ABOUT, Piece, Row, check_parts
from symback.working.signs import Sign, names_a_derivative, plain_fractions, sign_of, spelled

PATH = "a path is missing"
MOST_USERS = 5  # of a name, of which some may be forgotten
NO_VALUE = "it has no value at the points that were tried"
_NAME = r"\\?[^\W\d_](?:\w|\^\[\d+\])*(?:\s?\[[^\[\]]*\])?"
_SIGN = re.compile(rf"(?:[d∂]|\\partial)\s?(?P<of>{_NAME})\s*/\s*(?:[d∂]|\\partial)\s?(?P<by>{_NAME})")


def is_claim(row: Row) -> bool:
    """Tell whether a row is a claim about a graph, and no line of the graph itself."""
    return row.goes_on or names_a_derivative(row.pieces[0].text)


class GraphLines:
    """Reads and judges the rows of a working about a graph one after the other."""

    def __init__(self, rows: Sequence[Row], given: str, names: Sequence[str]) -> None:
        own = [row.raw for row in rows if not is_claim(row)]
        self.graph = Graph("\n".join([given, *own]).strip("\n"), names)
        self.names = tuple(dict.fromkeys((*self.graph.inputs, *self.graph.trees)))
        self.notes = list(self.graph.notes)
        self.answers: list[tuple[Tree | None, Tree]] = []
        self.values: GraphValues | None = None
        self.sign: Gradient | None = None
        self.before: tuple[str, list[Array | None]] = (RIGHT, [])
        self.question = self.blamed = 0

    def line(self, row: Row) -> Line:
        """Return a row as a line with its verdict; what cannot be read is a line with an error."""
        blank = Line(row.number, row.text, GIVEN, label=row.reason, remark=row.remark)
        if not is_claim(row):
            return self._of_the_graph(blank, row)
        return or_unreadable(blank, lambda: self._read_row(blank, row))

    def _read_row(self, blank: Line, row: Row) -> Line:
        check_parts(row)
        left, pieces = self._begun(row)
        lines = [self._part(blank, piece) for piece in pieces]
        return self._whole(replace(blank, left=left), lines)

    def _of_the_graph(self, blank: Line, row: Row) -> Line:
        """Return a line of the graph itself: an assignment by its formula, any other as it was typed."""
        name = row.pieces[0].text.strip()
        tree = self.graph.trees.get(name) if len(row.pieces) == 2 else None
        return blank if tree is None else replace(blank, left=symbol(name), parts=(("", tree),))

    def _begun(self, row: Row) -> tuple[Tree | None, Sequence[Piece]]:
        first, *others = row.pieces
        if row.goes_on:
            if self.sign is None:
                raise ParseError("Nothing stands before this sign.", row.text, 0, 1, hint="Begin with dL/dx = ...")
            return None, row.pieces
        sign = sign_of(first.text, self.names)
        if sign is None or len(sign.by) != 1 or sign.by[0] not in self.names:
            raise ParseError(_unknown(sign, first.text, self.names), row.text, 0, len(first.text), hint=self._hint())
        self._begin(Gradient(symbol(sign.of), symbol(sign.by[0])))
        return self.sign, others

    def _hint(self) -> str:
        return f"The names of the graph are {', '.join(self.names[:30])}."

    def _begin(self, sign: Gradient) -> None:
        self.sign, self.before, self.blamed = sign, (RIGHT, []), 0
        loss = sign._args[0].name
        if self.values is None:
            self.values = GraphValues(self.graph, self.graph.last)
        if self.values.shapes[loss]:
            reason = f"{loss} is an array: its derivatives are matrices, which are not judged."
            raise ParseError(reason, f"d{loss}", 0, 1 + len(loss), hint="Claim the gradient of a number.")
        answer = self._gradient(sign)
        if answer is not None:
            self.answers.append((sign, answer))
        self.question = len(self.answers) if answer is not None else 0

    def _gradient(self, sign: Gradient) -> Tree | None:
        """Return the right gradient as a formula on the graph, where its values confirm it."""
        of, by = (n.name for n in sign._args)
        assert self.values is not None
        try:
            found = self.graph.backprop(of, wrt=[by]).gradients.get(by)
        except SymbackError:
            return None
        wanted = [self.values.whole(of, by, i) for i in range(3)]
        return found if found is not None and self.values.same(found, Reading(), wanted) else None

    # --- one expression -----------------------------------------------------------------------------------------------

    def _read(self, piece: Piece) -> Tree:
        """Return the tree of an expression on the graph's nodes, with its derivative signs."""
        signs: dict[str, Gradient] = {}

        def named(found: re.Match[str]) -> str:
            try:
                of, by = spelled(found["of"]), spelled(found["by"])
            except SymbackError:
                return found[0]
            if of not in self.names or by not in self.names:
                return found[0]
            name = f"gradient{len(signs)}"
            signs[name] = Gradient(symbol(of), symbol(by))
            return f" {name} "

        text = _SIGN.sub(named, with_values(plain_fractions(piece.text), self.graph.trees))
        known = (*self.names, *signs)
        shapes = self.graph.shapes
        try:
            tree = parse_expression(text, known, self.graph.functions, self.graph.sizes, shapes)
        except ParseError as error:
            error.text = piece.text
            error.at, error.end = min(error.at, len(piece.text)), min(error.end, len(piece.text) + 1)
            raise
        unknown = sorted(s.name for s in symbols_of(tree) if s.name not in known)
        if unknown:
            raise ParseError(f"The graph has no {unknown[0]}.", piece.text, 0, len(piece.text), hint=self._hint())
        return _inserted(tree, signs)

    def _part(self, blank: Line, piece: Piece) -> Line:
        """Return the line that one expression alone would be."""
        if not piece.text:
            raise ParseError("Nothing stands behind this sign.", blank.text, piece.at, piece.at + 1)
        tree = self._read(piece)
        wrong_label = fault(blank.label, tree, tree) if blank.label else ""
        line = replace(blank, parts=((piece.sign, tree),), label_is_wrong=wrong_label)
        line = self._judged(line, tree, piece)
        assert self.values is not None
        self.before = (line.verdict, [self.values.value(tree, Reading(), i) for i in range(3)])
        return line

    def _judged(self, line: Line, tree: Tree, piece: Piece) -> Line:
        assert self.values is not None
        assert self.sign is not None
        values, verdict = self.values, self.before[0]
        readings = list(values.readings(tree))
        for left in values.lefts(self.sign):
            wanted = [values.sign(self.sign, left, i) for i in range(3)]
            if any(self._is_same(tree, reading, wanted, piece) for reading in readings):
                return replace(line, verdict=MENDED if verdict in (WRONG, FOLLOWS) else RIGHT)
        wanted = [values.sign(self.sign, Reading(), i) for i in range(3)]
        if _is_rounded(tree, wanted, piece.sign):
            return replace(line, verdict=ROUNDED)
        if self._follows(tree):
            return replace(line, verdict=FOLLOWS)
        no_value = all(values.value(tree, reading, i) is None for reading in readings for i in range(3))
        if no_value and not values.clashes(tree, readings):
            return replace(line, verdict=UNKNOWN, why=NO_VALUE)
        if "*" not in piece.text:
            tree = values.with_products(tree)  # side by side, as on paper: what is wrong with it is something else
        return self._wrong(line, tree, readings, wanted)

    def _is_same(self, tree: Tree, reading: Reading, wanted: Sequence[Array], piece: Piece) -> bool:
        """Tell whether a formula has the wanted value, as NumPy or as paper has it."""
        assert self.values is not None
        if self.values.same(tree, reading, wanted):
            return True
        if all(np.ndim(value) == 0 for value in self.values.points[0].values.values()):
            return False
        return self.values.same_on_paper(tree, reading, wanted, "*" not in piece.text)

    def _follows(self, tree: Tree) -> bool:
        assert self.values is not None
        verdict, before = self.before
        known = [b for b in before if b is not None]
        return verdict in (WRONG, FOLLOWS) and len(known) == 3 and self.values.same(tree, Reading(), known)

    def _wrong(self, line: Line, tree: Tree, readings: Sequence[Reading], wanted: Sequence[Array]) -> Line:
        """Return a wrong line with the one repair that makes it right, if there is just one."""
        assert self.sign is not None
        found: dict[str, Tree] = {}
        for reading in readings:
            found = found or self._repaired(tree, reading, wanted)
        right = self.answers[self.question - 1][1] if self.question else None
        if len(found) == 1:
            ((name, repaired),) = found.items()
            fact = Fact(name, tree, repaired, repaired)
            return replace(line, verdict=WRONG, term=fact, mistake=Named(name, "", (), SAYS[name]))
        term = None if right is None else Fact(LINE, tree, right, right)
        possible = tuple(sorted(found)) if len(found) == 2 else ()
        return replace(line, verdict=WRONG, term=term, possible=possible, why=self._of_shapes(tree, wanted))

    def _repaired(self, tree: Tree, reading: Reading, wanted: Sequence[Array]) -> dict[str, Tree]:
        """Return the formulas that a repair makes right, by the names of the repairs."""
        assert self.values is not None
        assert self.sign is not None
        found: dict[str, Tree] = {}
        for name, repaired in repairs(tree, self.sign, self.values):
            if name not in found and repaired != self.sign and self.values.same(repaired, reading, wanted):
                found[name] = repaired
        if not found and self.question and self._lacks_a_path(tree, reading, wanted):
            found[PATH] = self.answers[self.question - 1][1]
        return best(found)

    def _lacks_a_path(self, tree: Tree, reading: Reading, wanted: Sequence[Array]) -> bool:
        """Tell whether all that is missing is what flows back through some of the nodes that use the name."""
        assert self.values is not None
        assert self.sign is not None
        of, by = (n.name for n in self.sign._args)
        given: list[Any] = [self.values.value(tree, reading, i) for i in range(3)]
        users = [n for n, formula in self.graph.trees.items() if symbol(by) in symbols_of(formula)]
        if of != self.values.loss or any(g is None for g in given) or not 2 <= len(users) <= MOST_USERS:
            return False
        parts = [[self.values.part(by, [user], i) for i in range(3)] for user in users]
        missing = chain.from_iterable(combinations(parts, count) for count in range(1, len(users)))
        return any(all(agree(given[i] + sum(p[i] for p in some), wanted[i]) for i in range(3)) for some in missing)

    def _of_shapes(self, tree: Tree, wanted: Sequence[Array]) -> str:
        """Return what is to be said of the shape of a line: it is another, or there is none."""
        assert self.values is not None
        found = self.values.value(tree, Reading(), 0)
        if found is None:
            return "the shapes do not fit" if self.values.clashes(tree, [Reading()]) else ""
        if np.shape(found) == np.shape(wanted[0]):
            return ""
        given, right = ("×".join(map(str, np.shape(a))) or "a number" for a in (found, wanted[0]))
        return f"its shape is {given}, not {right}"

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


def _unknown(sign: Sign | None, text: str, names: Sequence[str]) -> str:
    if sign is None:
        return f"{text.strip()} is no derivative of a name of the graph."
    missing = next((name for name in sign.by if name not in names), "")
    return f"The graph has no {missing}." if missing else "Claims are about first derivatives."


def _inserted(tree: Tree, signs: Mapping[str, Gradient]) -> Tree:
    def combine(node: Any, inner: list[Any]) -> Any:
        if not isinstance(node, Inert):
            return signs.get(getattr(node, "name", ""), node)
        return type(node)(*inner)

    return fold(tree, combine)


def _is_rounded(tree: Tree, wanted: Sequence[Array], sign: str) -> bool:
    """Tell whether a number is the value to the digits that are printed, where that is the same at every point."""
    value = number_value(tree)
    if value is None or np.shape(wanted[0]) or not all(agree(w, wanted[0]) for w in wanted):
        return False
    if not (sign == ABOUT or is_decimal(tree)):
        return False
    return bool(abs(Fraction(float(wanted[0])) - value) <= Fraction(1, 2) / 10 ** _digits(value))


def _digits(value: Fraction) -> int:
    """Return how many digits after the point a decimal has."""
    digits = 0
    while (value * 10**digits).denominator != 1 and digits < 30:
        digits += 1
    return digits
