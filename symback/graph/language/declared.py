"""The names of a graph: left sides, names with a shape, functions, names that the caller gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from symback.graph.language.loops import array_of
from symback.graph.language.statements import Assignment, FunctionLine, Item, Loop, ShapeLine, Span, error_at, pieces_of
from symback.graph.language.written_shapes import written_shape
from symback.graph.operations.calls import RESERVED
from symback.syntax.alphabet import ACCENT_WORDS, GREEK_NAMES
from symback.syntax.reading import one_name
from symback.syntax.source import Source
from symback.syntax.words import FUNCTION_WORDS, canonical

_FUNCTION_LEFT = re.compile(r"(?P<name>[^'′(]*)(?P<prime>['′]?)\s*\((?P<parameters>[^()]*)\)")
# a word beside @, on its left (perhaps transposed or with an index) or on its right (no function)
_BESIDE = re.compile(
    r"(?<![\w\\])\d*([A-Za-z]{2}\w*)(?:\.T|\^T|\[[^\[\]]*\])*\s*(?=@)"
    r"|@[\s-]*([A-Za-z]{2}\w*+)(?!\s*\()"
)


@dataclass
class Names:
    """What the names of a graph stand for; `families` are assigned entry by entry and have that many indices.

    `sizes` are the letters in shapes, with the place of the first shape that holds each.
    """

    plain: set[str] = field(default_factory=set)
    families: dict[str, int] = field(default_factory=dict)
    shaped: set[str] = field(default_factory=set)
    functions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    sizes: dict[str, Span] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def all(self) -> frozenset[str]:
        others = self.shaped | self.functions.keys() | self.given | self.sizes.keys()
        return frozenset(self.plain | self.families.keys() | others)


def names_of(text: str, items: Iterable[Item], given: Iterable[str]) -> Names:
    """Return the names that are declared in a text, and by the caller; refuse one name for two things."""
    names = Names(given=set(given))
    loops: list[Loop] = []
    for item in _all_items(items):
        if isinstance(item, Assignment):
            _add_left(text, item, names)
        elif isinstance(item, ShapeLine):
            names.shaped.update(array_of(name) or name for name, _ in shaped_names(text, item))
            for size in written_shape(text, item).sizes:
                if not size.isdigit():
                    names.sizes.setdefault(size, item.right)
        elif isinstance(item, FunctionLine):
            function, _, parameters = function_left(text, item)
            names.functions.setdefault(function, parameters)
        else:
            loops.append(item)
    _check_functions(text, items, names)
    _check_words(text, names)
    _check_sizes(text, loops, names)
    known = names.all
    for loop in loops:
        _check_variable(text, loop, known)
    _add_words_beside_products(text, names)
    return names


def _all_items(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        if isinstance(item, Loop):
            yield from _all_items(item.body)


# --- left sides ------------------------------------------------------------------------------------------------------


def left_name(text: str, left: Span) -> tuple[str, tuple[Span, ...]]:
    """Return the name on a left side, and the places of its indices: `h` and `t-1` of `h[t-1]`."""
    written = text[left.at : left.stop]
    bracket = written.rfind("[") if written.endswith("]") else -1
    if bracket > 0 and written[bracket - 1] not in "^{":  # a layer, as in w^[1], is part of the name
        indices = tuple(pieces_of(text, left.at + bracket + 1, left.stop - 1, ","))
        return one_name(Source(text), left.at, left.at + bracket), indices
    if re.fullmatch(r"[^()]*\([^()]*\)", written):
        hint = f"Write def {written} = ... for a function, or a name alone for a node."
        raise error_at(text, left, "The left side of the equals sign is not a name.", hint)
    return one_name(Source(text), *left), ()


def _add_left(text: str, item: Assignment, names: Names) -> None:
    name, indices = left_name(text, item.left)
    if not indices:
        names.plain.add(name)
    elif names.families.setdefault(name, len(indices)) != len(indices):
        hint = "Write as many indices in every place."
        raise error_at(text, item.left, f"{name} has {names.families[name]} indices elsewhere.", hint)
    if name in names.plain and name in names.families:
        hint = "Use another name for one of them."
        raise error_at(text, item.left, f"{name} is a node, and {name}[...] is one too.", hint)


def shaped_names(text: str, item: ShapeLine) -> list[tuple[str, Span]]:
    """Return the names that a shape line gives a shape."""
    spans = pieces_of(text, *item.left, ",")
    return [(one_name(Source(text), *span), span) for span in spans]


def _check_sizes(text: str, loops: Iterable[Loop], names: Names) -> None:
    """Refuse a letter that is a size and something else too."""
    names.given -= names.sizes.keys()
    for name, what in (
        *((name, "a name with a shape") for name in names.shaped),
        *((name, "the name of a node") for name in (*names.plain, *names.families)),
        *((name, "a function") for name in names.functions),
        *((variable_of(text, loop), "the variable of a loop") for loop in loops),
    ):
        if name in names.sizes:
            message = f"{name} is the size of an axis here, and {what} too."
            raise error_at(text, names.sizes[name], message, "Use another letter for one of them.")


# --- functions -------------------------------------------------------------------------------------------------------


def function_left(text: str, item: FunctionLine) -> tuple[str, bool, tuple[str, ...]]:
    """Return the name of a function, whether its derivative is given, and its parameters."""
    found = _FUNCTION_LEFT.fullmatch(text, *item.left)
    if not found or not found["parameters"].strip():
        hint = "Write def psi(t) = t^2, or def p(a, b) = a b^2."
        raise error_at(text, item.left, "A function has a name, and its parameters in brackets.", hint)
    source = Source(text)
    parameters = tuple(one_name(source, *span) for span in pieces_of(text, *found.span("parameters"), ","))
    if len(set(parameters)) < len(parameters):
        raise error_at(text, item.left, "A parameter is named twice.", "Give each its own name.")
    if found["prime"] and len(parameters) > 1:
        hint = "Leave this line out: its derivatives follow from its definition."
        raise error_at(text, item.left, "Only the derivative of a function of one parameter may be given.", hint)
    name = one_name(source, *found.span("name"))
    if name in FUNCTION_WORDS or name in RESERVED:
        hint = "Leave this line out, or choose another name."
        raise error_at(text, item.left, f"{name} is a function that is known already.", hint)
    return name, bool(found["prime"]), parameters


def _check_functions(text: str, items: Iterable[Item], names: Names) -> None:
    others = names.plain | names.families.keys() | names.shaped
    for item in _all_items(items):
        if isinstance(item, FunctionLine):
            name, _, parameters = function_left(text, item)
            if name in others or name in parameters:
                message = f"{name} is a function here, and another thing too."
                raise error_at(text, item.left, message, "Choose another name for one of them.")


def _check_words(text: str, names: Names) -> None:
    """Refuse a node with the name of a function that the text applies too, as in `mean = mean(x)`."""
    nodes = names.plain | names.families.keys() | names.shaped
    for name in sorted(nodes & (FUNCTION_WORDS.keys() | RESERVED.keys())):
        found = re.search(rf"(?<!\w){name}\s*\(", text)
        if found:
            message = f"{name} is a function and the name of a node here."
            raise error_at(text, Span(*found.span()), message, "Choose another name for the node.")


# --- loops, and words beside @ ---------------------------------------------------------------------------------------


def variable_of(text: str, loop: Loop) -> str:
    """Return the variable of a loop."""
    return one_name(Source(text), *loop.variable)


def _check_variable(text: str, loop: Loop, names: frozenset[str]) -> None:
    variable = variable_of(text, loop)
    inner = [variable_of(text, item) for item in _all_items(loop.body) if isinstance(item, Loop)]
    if variable in inner:
        message = f"{variable} is the variable of a loop within this one too."
        raise error_at(text, loop.variable, message, "Choose another letter for one of them.")
    if variable in names:
        message = f"{variable} is the variable of a loop, and another thing too."
        raise error_at(text, loop.variable, message, "Choose another letter for the loop.")


def _add_words_beside_products(text: str, names: Names) -> None:
    """Take an unknown word beside @ for one name: `Wx @ x` is hardly ever W*x @ x."""
    known = names.all
    found: dict[str, None] = {}
    for match in _BESIDE.finditer(text):
        word = match[1] or match[2]
        name = canonical(word)
        letters = "".join(c for c in word if c.isalpha())
        is_known = name in known or word in RESERVED or word in FUNCTION_WORDS or letters in GREEK_NAMES
        if not is_known and not _is_accented(letters) and not all(c in known for c in letters):
            found[name] = None
    if found:
        names.given.update(found)
        these = ", ".join(found)
        one = "is one name" if len(found) == 1 else "are one name each"
        names.notes.append(f"{these} {one} here, because of the @ beside it; give it a shape to declare it.")


def _is_accented(word: str) -> bool:
    return any(len(word.removesuffix(accent)) == 1 for accent in ACCENT_WORDS)
