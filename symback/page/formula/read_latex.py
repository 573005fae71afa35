r"""Reads the LaTeX of a page, the printer's and the authors' alike, into the tree of `formula`.

Nothing is executed and nothing guessed: what is not in the tables, or does not fit together, is no formula, and whoever
shows it shows it as it was typed. What an author typed is given to TeX, browsers and office programs as it stands, so
it is read more strictly: letters in ASCII, plain words, fewer groups in each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from symback.page.formula import (
    Accent,
    Array,
    Bracket,
    Changed,
    Fence,
    Fraction,
    Group,
    Node,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Stacked,
    Styled,
    Words,
)  # fmt: skip
from symback.page.formula import signs as signs

LONGEST = 100_000  # characters
DEEPEST = 70  # groups in each other: whoever sets the formula has a limit too
LONGEST_TYPED, DEEPEST_TYPED = 10_000, 30  # of what an author typed

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:(?:\.|\{,\})[0-9]+)?|\s+|.", re.DOTALL)
_DIGITS = tuple("0123456789")
_WORDS_GROUP = re.compile(r"\s*\{((?:\\text[a-z]+(?:\{\}|\{[23]\})|\\[ _%&#,{}$]|[^\\{}])*)\}")
_TYPED_WORDS = re.compile(r"\s*\{((?:[^\\{}$&#^_%~`<>]|\\[ _%&#,])*)\}")
_TYPED_NAME = re.compile(r"\s*\{((?:[A-Za-z0-9 -]|\\[ ,])*)\}")  # of an operator, which is set as a formula
_ENVIRONMENT = re.compile(r"\s*\{([a-zA-Z]+)\}")
_COLUMNS = re.compile(r"\s*\{([lcr|]{1,40})\}")


class NoFormula(ValueError):
    """The text holds something that is no formula."""


@lru_cache(maxsize=16384)
def formula_of(latex: str, typed: bool = False) -> Row | None:
    r"""Return a formula as a row of nodes; None where it is none. `typed` says that an author typed it.

    >>> formula_of(r"2 x")
    (Sign(sign='2', kind='number'), Sign(sign='x', kind='letter'))
    >>> formula_of(r"\input{secret}") is formula_of(r"\frac{1}{2") is None
    True
    """
    if len(latex) > (LONGEST_TYPED if typed else LONGEST):
        return None
    try:
        return _Reader(latex, typed).row("")
    except NoFormula:
        return None


class _Reader:
    """Reads a formula from left to right."""

    def __init__(self, latex: str, typed: bool) -> None:
        self.latex = latex
        self.typed = typed
        self.deepest = DEEPEST_TYPED if typed else DEEPEST
        self.at = 0
        self.depth = 0

    def next(self) -> str:
        """Return the next sign that is not blank, and go behind it; nothing at the end."""
        while found := _TOKEN.match(self.latex, self.at):
            self.at = found.end()
            if not found[0].isspace():
                return found[0]
        return ""

    def peek(self) -> str:
        """Return the next sign and stay before it."""
        at = self.at
        sign = self.next()
        self.at = at
        return sign

    def row(self, *ends: str) -> Row:
        """Read to one of the ends, which is left where it stands; `""` is the end of the text."""
        self.depth += 1
        _needs(self.depth <= self.deepest)
        nodes: list[Node] = []
        while (sign := self.peek()) not in ends:
            self.next()
            if sign in ("^", "_", "'"):
                nodes.append(self.script(sign, nodes))
            elif sign in (r"\limits", r"\nolimits"):
                nodes.append(self.limits(sign, nodes))
            elif sign in (r"\displaystyle", r"\textstyle"):
                nodes.append(Styled(sign[1:], self.row(*ends)))
            else:
                _needs(sign != r"\middle" or ends == (r"\right",))
                nodes.append(self.node(sign))
        self.depth -= 1
        return tuple(nodes)

    def group(self) -> Row:
        """Read a row in braces, the first of which has been read."""
        inside = self.row("}")
        self.next()
        return inside

    def node(self, sign: str) -> Node:
        if sign == "{":
            return Group(self.group())
        if sign in signs.CHARACTERS:
            return signs.CHARACTERS[sign]
        if sign[:1] in _DIGITS:
            return Sign(sign.replace("{,}", ","), "number")
        if sign == "~":
            return Space(signs.SPACES[" "])
        if len(sign) == 1:
            _needs(sign.isalpha() and (sign.isascii() or not self.typed))
            return Sign(sign, "letter")
        return self.command(sign[1:])

    def command(self, name: str) -> Node:
        if name in signs.SPACES:
            return Space(signs.SPACES[name])
        if name in signs.SIGNS:
            return signs.SIGNS[name]
        if name in signs.ESCAPED and not (self.typed and name == "$"):
            return signs.ESCAPED[name]
        if name in signs.FUNCTIONS:
            return Words(name, "function")
        if name in signs.LIMITS:
            return Words(signs.LIMITS[name], "limits")
        if name in signs.WORDS:
            return self.words(name)
        read = _COMMANDS.get(name)
        _needs(read is not None)
        return read(self, name) if read else Space(0)

    # --- scripts ------------------------------------------------------------------------------------------------

    def script(self, sign: str, nodes: list[Node]) -> Node:
        """Read a script, or primes, and join it with what stands at the same sign already."""
        last = nodes.pop() if nodes else None
        at = last if isinstance(last, Script) else Script((last,) if last else (), None, None)
        if sign == "'":
            _needs(at.above is None)
            primes = 1
            while self.peek() == "'":
                self.next()
                primes += 1
            return at._replace(above=(Sign("′", "sign"),) * primes)
        inside = self.argument(scripts=True)
        if sign == "_":
            _needs(at.below is None)
            return at._replace(below=inside)
        is_prime = at.above is not None and set(at.above) == {Sign("′", "sign")}
        _needs(at.above is None or is_prime)
        return at._replace(above=(at.above or ()) + inside)

    def limits(self, sign: str, nodes: list[Node]) -> Node:
        last = nodes.pop() if nodes else None
        _needs((isinstance(last, Sign) and last.kind == "large") or (isinstance(last, Words) and last.kind == "limits"))
        return Script((last,) if last else (), None, None, sign[1:])

    def argument(self, scripts: bool = False) -> Row:
        """Read a group, or the one sign that TeX takes without braces."""
        sign = self.next()
        if sign == "{":
            return self.group()
        if sign[:1] in _DIGITS:
            self.at -= len(sign) - 1
            return (Sign(sign[0], "number"),)
        if sign[1:] in signs.AS_ARGUMENT or (scripts and sign[1:] in signs.AS_SCRIPT):
            return (self.command(sign[1:]),)
        _needs(len(sign) == 1 and sign not in "}^_&'~[]")
        return (self.node(sign),)

    # --- commands -----------------------------------------------------------------------------------------------

    def words(self, name: str) -> Node:
        """Read words in braces; the name of a function may be a sign, as in \\operatorname{\\psi}."""
        pattern = (_TYPED_NAME if name == "operatorname" else _TYPED_WORDS) if self.typed else _WORDS_GROUP
        found = pattern.match(self.latex, self.at)
        _needs(not self.typed or (found is not None and found[1].isprintable()))
        if not found:
            _needs(name == "operatorname")
            return Group(self.argument())
        self.at = found.end()
        return Words(signs.unescaped(found[1]), signs.WORDS[name])

    def fraction(self, name: str) -> Node:
        over = self.argument()
        return Fraction(over, self.argument(), name)

    def root(self, name: str) -> Node:
        index: Row = ()
        if self.peek() == "[":
            self.next()
            index = self.row("]")
            self.next()
        return Root(self.argument(), index)

    def stack(self, name: str) -> Node:
        small = self.argument()
        base = self.argument()
        return Stacked(base, small, ()) if signs.STACKS[name] else Stacked(base, (), small)

    def accent(self, name: str) -> Node:
        return Accent(name, self.argument())

    def style(self, name: str) -> Node:
        inside = self.argument()
        if name == "mathrm" and len(inside) > 1 and (words := _joined(inside)):
            return Words(words, "name")
        return Styled(name, inside)

    def changed(self, name: str) -> Node:
        _needs(not self.typed)
        return Changed(self.argument(), name)

    def remainder(self, name: str) -> Node:
        inside = self.argument()
        return Group(
            (
                Space(1.0),
                signs.CHARACTERS["("],
                Words("mod", "text"),
                Space(signs.SPACES[":"]),
                *inside,
                signs.CHARACTERS[")"],
            )
        )

    def modulo(self, name: str) -> Node:
        gap = Space(signs.SPACES[":"])
        return Group((gap, Words("mod", "text"), gap))

    def sized(self, name: str) -> Node:
        kind = {"l": "open", "r": "close"}.get(name[-1], "bar")
        return Bracket(self.bracket(), signs.SIZES[name], kind)

    def fence(self, name: str) -> Node:
        opening = self.bracket()
        inside = self.row(r"\right")
        self.next()
        return Fence(opening, inside, self.bracket())

    def middle(self, name: str) -> Node:
        return Bracket(self.bracket(), 0.0, "middle")

    def bracket(self) -> str:
        name = self.next()
        _needs(name in signs.BRACKETS)
        if name == ".":
            return ""
        sign = signs.CHARACTERS.get(name) or signs.ESCAPED.get(name[1:]) or signs.SIGNS[name[1:]]
        return _ANGLES.get(sign.sign, sign.sign)

    # --- environments -------------------------------------------------------------------------------------------

    def environment(self, name: str) -> Node:
        kind = self.environment_name()
        _needs(kind in signs.ENVIRONMENTS)
        columns = ""
        if kind == "array":
            found = _COLUMNS.match(self.latex, self.at)
            _needs(found is not None)
            columns, self.at = (found[1], found.end()) if found else ("", 0)
        rows, rules = self.cells()
        _needs(self.environment_name() == kind)
        return Array(kind, rows, columns, rules)

    def cells(self) -> tuple[tuple[tuple[Row, ...], ...], tuple[int, ...]]:
        rows: list[tuple[Row, ...]] = []
        rules: list[int] = []
        row: list[Row] = []
        while True:
            while not row and self.peek() == r"\hline":
                self.next()
                rules.append(len(rows))
            cell = self.row("&", r"\\", r"\end")
            row.append(cell)
            end = self.next()
            if end == "&":
                continue
            if end != r"\end" or row != [()]:
                rows.append(tuple(row))
            row = []
            _needs(not self.typed or end == r"\end" or self.peek() not in ("[", "*"))  # TeX would take it for a length
            if end == r"\end":
                return tuple(rows), tuple(rules)

    def environment_name(self) -> str:
        found = _ENVIRONMENT.match(self.latex, self.at)
        _needs(found is not None)
        self.at = found.end() if found else 0
        return found[1] if found else ""


_COMMANDS: dict[str, Callable[[_Reader, str], Node]] = {
    **dict.fromkeys(signs.FRACTIONS, _Reader.fraction),
    **dict.fromkeys(signs.STACKS, _Reader.stack),
    **dict.fromkeys(signs.ACCENTS, _Reader.accent),
    **dict.fromkeys(signs.STYLES, _Reader.style),
    **dict.fromkeys(signs.SIZES, _Reader.sized),
    "sqrt": _Reader.root,
    "changed": _Reader.changed,
    "taken": _Reader.changed,
    "pmod": _Reader.remainder,
    "bmod": _Reader.modulo,
    "left": _Reader.fence,
    "middle": _Reader.middle,
    "begin": _Reader.environment,
}
_ANGLES = {"<": "⟨", ">": "⟩"}


def _joined(row: Row) -> str:
    """Return letters, digits, hyphens and low lines as one word; nothing where something else is among them."""
    letters = [node.sign for node in row if isinstance(node, Sign) and (node.sign.isalnum() or node.sign in "_−.")]
    return "".join(letters).replace("−", "-") if len(letters) == len(row) else ""


def _needs(holds: bool) -> None:
    if not holds:
        raise NoFormula
