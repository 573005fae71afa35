"""Rules, steps and derivations: a derivation is a start and its steps, and the answer is the last line.

A step stores its place and what changed there; a whole line is put together only when somebody asks for it, so a
derivation of a sum of 10,000 terms costs 10,000 small records and no copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from sympy.core.symbol import Symbol

from symback.expr.letters import free_letters, names_held, relettered
from symback.expr.tree import Diff, Let, Path, Tree, put
from symback.result import Result, text_of


class Rule(NamedTuple):
    """A rule as people see it: its name, its law (one line of text, or a sentence), and whether it only tidies."""

    name: str
    law: str
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One rule applied at one place: `piece` at `path` becomes `result`, with the law's letters bound to trees.

    `letters` says which of the law's own letters are shown as others, because the derivation holds them (letters.py).
    `line` is the number of the line, at a textbook's pace, that the move belongs to; 0 stands alone.
    """

    rule: Rule
    path: Path
    piece: Tree
    result: Tree
    bound: tuple[tuple[str, Tree], ...] = ()
    letters: tuple[tuple[str, str], ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def rule_shown(self) -> Rule:
        """The rule with its law in the letters that are shown."""
        return self.rule._replace(law=relettered(self.rule.law, dict(self.letters))) if self.letters else self.rule

    @property
    def bindings(self) -> tuple[tuple[str, Tree], ...]:
        """What the letters that are shown stand for; the user's own name of an inner function is its definition."""
        return tuple((letter, tree) for _, letter, tree in self.roles)

    @property
    def roles(self) -> tuple[tuple[str, str, Tree], ...]:
        """The letter of the law, the letter that is shown for it, and what it stands for."""
        shown = dict(self.letters)
        named = ((own, letter, _meant(letter, t)) for own, t in self.bound for letter in (shown.get(own, own),))
        return tuple((own, letter, t) for own, letter, t in named if not _is_itself(own, letter, t))


def path_of(linked: Any, base: Path = ()) -> Path:
    """Return a path that is kept as linked pairs, (the parent's path, index), as a path below another."""
    indices = []
    while linked is not None:
        linked, index = linked
        indices.append(index)
    return base + tuple(reversed(indices))


def next_line(moves: Sequence[Move]) -> int:
    """Return the number of the line that follows these moves."""
    return moves[-1].line + 1 if moves else 1


def _meant(letter: str, tree: Tree) -> Tree:
    """Return what a letter stands for: an inner function whose own name it is stands for its definition."""
    is_own = isinstance(tree, Let) and str(tree._args[0]) == letter
    return tree._args[1] if is_own else tree


def _is_itself(own: str, letter: str, tree: Tree) -> bool:
    return own == "o" and isinstance(tree, Symbol) and tree.name == letter


@dataclass(frozen=True, slots=True)
class Step:
    """A move seen in its derivation: `before` and `after` are the whole lines, `piece` and `result` what changed."""

    move: Move
    _lines: _Lines = field(repr=False, compare=False)
    _index: int = field(compare=False)

    @property
    def rule(self) -> Rule:
        """The rule, its law in letters that the derivation does not hold."""
        return self.move.rule_shown

    @property
    def path(self) -> Path:
        """Argument indices from the root of `before` to the piece."""
        return self.move.path

    @property
    def piece(self) -> Tree:
        return self.move.piece

    @property
    def result(self) -> Tree:
        return self.move.result

    @property
    def bindings(self) -> Mapping[str, Tree]:
        """What the law's letters stand for: `{"u": x^2, "v": sin x}`."""
        return MappingProxyType(dict(self.move.bindings))

    @property
    def before(self) -> Tree:
        return self._lines[self._index]

    @property
    def after(self) -> Tree:
        return self._lines[self._index + 1]

    @property
    def minor(self) -> bool:
        return self.move.rule.minor


class _Lines:
    """The lines of a derivation, put together one after the other as far as anybody has asked."""

    def __init__(self, start: Tree, moves: tuple[Move, ...]) -> None:
        self._moves = moves
        self._known = [start]

    def __getitem__(self, index: int) -> Tree:
        while len(self._known) <= index:
            move = self._moves[len(self._known) - 1]
            self._known.append(put(self._known[-1], move.path, move.result))
        return self._known[index]


def _in_free_letters(move: Move, held: frozenset[str]) -> Move:
    letters = tuple(free_letters(move.rule.law, move.bound, move.piece, held).items())
    return move if letters == move.letters else replace(move, letters=letters)


@dataclass(frozen=True, repr=False)
class Derivation(Result):
    """A start line and its moves; frozen, hashable, picklable.

    `last` is the last line as a tree, `answer` the same as an evaluated SymPy expression. `variables` are those
    differentiated by, in order (one for each pass); `point` holds symbols and the values they take in the last steps;
    `notes` are remarks for the reader: how the text was read, where the derivative does not exist. `originals` pairs
    symback's symbols with those of SymPy that the user gave; `names` are further names of the problem, which no letter
    of a law takes.

    >>> import symback
    >>> symback.derive("3*x**2*y", "x").answer
    6*x*y
    """

    kind: ClassVar[str] = "derivation"
    start: Tree
    moves: tuple[Move, ...] = ()
    last: Tree = field(default=None, compare=False)
    variables: tuple[Tree, ...] = ()
    notes: tuple[str, ...] = ()
    name: str = ""
    source: str = ""
    strategy: str = "textbook"
    point: tuple[tuple[Tree, Tree], ...] = ()
    originals: tuple[tuple[Tree, Tree], ...] = ()
    names: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        """Choose the letters of the laws: one place for all that makes derivations."""
        is_whole = isinstance(self.start, Diff)  # a gradient names its node only, its lines hold the others
        held = names_held([self.start] if is_whole else [self.start, *(m.piece for m in self.moves)], self.name)
        held |= frozenset(self.names)
        object.__setattr__(self, "moves", tuple([_in_free_letters(move, held) for move in self.moves]))

    @cached_property
    def _all_lines(self) -> _Lines:
        return _Lines(self.start, self.moves)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps, in order; `steps[i].after` is `steps[i + 1].before`."""
        return tuple(Step(move, self._all_lines, i) for i, move in enumerate(self.moves))

    @cached_property
    def answer(self) -> Tree:
        """The last line as an ordinary, evaluated SymPy expression, in the symbols that were given as SymPy's."""
        found = self.last.doit()
        return found.xreplace(dict(self.originals)) if self.originals else found

    @property
    def approximate(self) -> float | None:
        """The value of the last line as a decimal number; None if it holds letters or has no value."""
        return import_module("symback.verify").approximate(self.last)  # type: ignore[no-any-return]

    def lines(self) -> list[Tree]:
        """Return every line as a tree: the start, then the line after each step."""
        return [self._all_lines[i] for i in range(len(self.moves) + 1)]

    def verify(self) -> Any:
        """Check every step and the answer by numbers; see `symback.verify.verify`."""
        return import_module("symback.verify").verify(self)  # verify stands above this file

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("_all_lines", "steps", "answer", "names")}

    def about(self) -> str:
        """Return the first line and the last, as one equation, and the point at which it holds."""
        at = ", ".join(f"{text_of(variable)} = {text_of(value)}" for variable, value in self.point)
        equation = f"{text_of(self.start)} = {text_of(self.last)}" if self.moves else text_of(self.last)
        return f"{equation} at {at}" if at else equation

    @property
    def title(self) -> str:
        """What a document of it is called."""
        return "Derivative" if self.variables else "Value"
