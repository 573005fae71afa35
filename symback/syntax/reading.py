"""The entry points: an expression, a named one, a system, a list of names, a point, a law."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from symback.expr.tree import Apply, Tree, substituted, symbols_of, walk
from symback.expr.unknown import parts
from symback.hints import mention
from symback.syntax import misreadings
from symback.syntax.arrays import Arrays
from symback.syntax.bars import with_sides
from symback.syntax.by_cases import BEGIN, END
from symback.syntax.derivatives import UNSAID
from symback.syntax.grammar import tree_of
from symback.syntax.integrals import with_differentials
from symback.syntax.latex import strip_delimiters
from symback.syntax.own_functions import joined_primes, used_in
from symback.syntax.plain_tex import with_fractions
from symback.syntax.source import MAX_CHARACTERS, Source, check_length
from symback.syntax.square_brackets import with_round_brackets
from symback.syntax.tokens import Token, tokenize
from symback.syntax.words import RESERVED

_LAW_NAMES = frozenset(("out",))


class Reading(NamedTuple):
    """A text as it was read: its tree, what is to be said about the reading, and the name it gives to the function."""

    tree: Tree
    notes: tuple[str, ...] = ()
    name: str = ""
    parameters: tuple[str, ...] = ()
    text: str = ""
    at: int = 0  # where the text begins
    proposals: tuple[str, ...] = ()  # the inputs that the notes propose


def parse(text: str, names: Iterable[str] = (), *, max_characters: int = MAX_CHARACTERS) -> Tree:
    """Return the tree of an expression; raise `ParseError` with the place, the reason and a hint.

    Declared `names` take precedence: with `names=["e"]`, `e` is that variable and not Euler's number. A text longer
    than `max_characters` is refused.

    >>> parse("3x^2y - sin 2x"), parse("ab", names=["ab"])
    (Plus(Times(3, Power(x, 2), y), Neg(Apply(sin, Times(2, x)))), ab)
    """
    return read(text, names, max_characters).tree


def read(
    text: str, names: Iterable[str] = (), max_characters: int = MAX_CHARACTERS, variables: Iterable[str] = ()
) -> Reading:
    """Return the reading of an expression, or of a named one such as `f(x, y) = 3x^2y` or `y = x^2`.

    `variables` are those that it will be differentiated by: u(x) is then a function, and (x^2 y)' has a meaning.

    >>> read("f(x) = log x").name, read("1/2x").notes[0]
    ('f', '1/2x is read from left to right as (1/2)*x; write 1/(2x) to divide by both.')
    """
    check_length(text, max_characters)
    return _read_span(text, 0, len(text), declared(names), declared(variables))


def parse_law(text: str) -> Tree:
    """Return the tree of one side of a law: `D(u)` is the pending derivative by x, `D(u, v)` the one by v.

    >>> parse_law("D(u)*v + u*D(v)")
    Plus(Times(Diff(u, x), v), Times(u, Diff(v, x)))
    """
    source = Source(text, _LAW_NAMES, law=True)
    return _tree(source, tokenize(source))


def parse_matrix(text: str, names: Iterable[str] = ()) -> Tree:
    """Return the tree of a law about arrays: `@`, `.T`, indices, and any word before a bracket as a function.

    >>> parse_matrix("2*g @ B.T"), parse_matrix("p*(g - sum(g*p, -1))")
    (Apply(matmul, Times(2, g), Apply(transpose, B)), Times(p, Plus(g, Neg(Apply(sum, Times(g, p), Neg(1))))))
    """
    source = Source(text, _LAW_NAMES | declared(names), law=True, arrays=Arrays())
    return tree_in(source)


def tree_in(source: Source, at: int = 0, stop: int | None = None) -> Tree:
    """Return the tree of `source.text[at:stop]`; the remarks stay in the source."""
    return _tree(source, tokenize(source, at, stop))


def read_system(
    text: str, names: Iterable[str] = (), max_characters: int = MAX_CHARACTERS, variables: Iterable[str] = ()
) -> tuple[Reading, ...]:
    """Return the readings of several named expressions, separated by `;` or line ends; one may have no name.

    The names on the left are declared in all of them, and those with arguments are functions in all of them.

    >>> [r.name for r in read_system("p = 0.5 o; o = -x + 0.5y^2")]
    ['p', 'o']
    """
    check_length(text, max_characters)
    spans = [span for span in _equations(text) if text[slice(*span)].strip()]
    if not spans:
        raise Source(text).error("There is no expression.", 0, hint="Write several, as in `p = 2o; o = x^2`.")
    defined = _left_names(text, spans)
    all_names = declared(names) | frozenset(defined)
    return tuple(_read_span(text, at, stop, all_names, declared(variables), defined) for at, stop in spans)


def read_functions(
    text: str, names: Iterable[str] = (), max_characters: int = MAX_CHARACTERS, variables: Iterable[str] = ()
) -> tuple[Reading, ...]:
    """Return the readings of several functions side by side, of which any may have no name.

    They are separated by `;` or line ends, by commas in brackets around the whole, or by commas where each is named.

    >>> [r.tree for r in read_functions("(x y, x + y)")]
    [Times(x, y), Plus(x, y)]
    """
    check_length(text, max_characters)
    spans = [span for span in _equations(text) if text[slice(*span)].strip()]
    spans = [part for span in spans for part in _listed(text, *span)] if len(spans) == 1 else spans
    defined = _left_names(text, spans, all_named=False)
    all_names = declared(names) | frozenset(defined)
    return tuple(_read_span(text, at, stop, all_names, declared(variables), defined) for at, stop in spans)


_LISTS = {"(": ")", "[": "]"}


def _listed(text: str, at: int, stop: int) -> list[tuple[int, int]]:
    """Return the spans of a list such as (x y, x + y) or [x y, x + y]; of the whole where it is none."""
    inner = text[at:stop].strip()
    at = text.index(inner, at)
    depths = list(accumulate((c in "([{") - (c in ")]}") for c in inner))
    if _LISTS.get(inner[:1]) != inner[-1:] or 0 in depths[:-1]:
        return [(at, stop)]
    commas = [at + i for i, c in enumerate(inner) if c == "," and depths[i] == 1]
    edges = [at, *commas, at + len(inner) - 1]
    return [(a + 1, b) for a, b in pairwise(edges)] if commas else [(at, stop)]


def is_system(text: str) -> bool:
    """Tell whether a text holds several equations: y = 3u - 6; u = 2x^2, or the same with a comma or a word between.

    >>> is_system("y = 3u, u = 2x"), is_system("y = 3u and u = 2x"), is_system("f(x, y) = x"), is_system("y = 0,5x")
    (True, True, False, False)
    """
    return len(_equations(text.strip())) > 1


_GAP = r"(?:,|\s|~|\\q?quad|\\[,;: ])"
_BETWEEN = re.compile(
    rf"{_GAP}{{1,40}}(?:(?:and|(?P<for>where|with))\s|\\text\s*\{{\s*(?:and|(?P<text>where|with))\s*\}}{_GAP}{{0,40}})|,",
    re.IGNORECASE,
)


def _equations(text: str) -> list[tuple[int, int]]:
    """Return the spans of the equations of a system; commas and `and` separate where each part is one."""
    return [part for span in _pieces(text, ";\n") for part in _parts_with_equals(text, *span)]


def _parts_with_equals(text: str, at: int, stop: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    start, explains = at, False
    depths = list(accumulate((c in "([{") - (c in ")]}") for c in text[at:stop]))
    inside = [span for span in _environments(text) if span[0] < stop and span[1] > at]
    for found in _BETWEEN.finditer(text, at, stop):
        if depths[found.start() - at] <= 0 and not any(a <= found.start() < b for a, b in inside):
            explains = explains or (not parts and bool(found["for"] or found["text"]))
            parts.append((start, found.start()))
            start = found.end()
    parts.append((start, stop))
    named = parts[1:] if explains else parts  # dy/dx where y = x^2
    return parts if named and all(_equals_sign(text, *part) >= 0 for part in named) else [(at, stop)]


def read_names(text: str) -> tuple[str, ...]:
    """Return the canonical names in a list such as `x, y` or `w_1, alpha`.

    >>> read_names("x,w_{32},β")
    ('x', 'w32', 'beta')
    """
    check_length(text)
    source = Source(text)
    return tuple(one_name(source, at, stop) for at, stop in _pieces(text, ",", brackets=True))


def read_point(text: str, names: Iterable[str] = ()) -> dict[str, Tree]:
    """Return the values of a point such as `x=2, y=-1/2`, by canonical name.

    >>> read_point("x = 2, y = -1/2")
    {'x': 2, 'y': Neg(Quotient(1, 2))}
    """
    check_length(text)
    known = declared(names)
    values: dict[str, Tree] = {}
    for at, stop in _pieces(text, ",;\n", brackets=True):
        name, value = _coordinate(Source(text, known), at, stop)
        if name in values:
            raise Source(text).error(f"{name} has two values.", at, stop, hint="Give each name once.")
        values[name] = value
    return values


# --- pieces of a text -----------------------------------------------------------------------------------------------


def _pieces(text: str, separators: str, brackets: bool = False) -> list[tuple[int, int]]:
    """Return the spans between the separators; with `brackets`, not those within brackets."""
    spans, start, depth = [], 0, 0
    skipped = _environments(text) if "\\" in text else []
    for at, character in enumerate(text):
        if skipped and any(first <= at < last for first, last in skipped):
            continue
        if brackets and character in "([{":
            depth += 1
        elif brackets and character in ")]}":
            depth -= 1
        elif character in separators and depth <= 0:
            spans.append((start, at))
            start = at + 1
    return [*spans, (start, len(text))]


def _tree(source: Source, tokens: list[Token]) -> Tree:
    if source.arrays is None:
        tokens = with_round_brackets(source, tokens)
    tokens = with_differentials(source, joined_primes(tokens))
    source.functions = used_in(source, tokens)
    misreadings.check(source, tokens)
    tokens = with_fractions(source, tokens)
    if any(token.kind == "|" for token in tokens):
        tokens = with_sides(source, tokens)
    _note_digits(source, tokens)
    return _settled(source, tree_of(source, tokens))


def _settled(source: Source, tree: Tree) -> Tree:
    """Return the tree with (x^2)' as the derivative by its only variable; in a system that is to be seen later."""
    if source.prime is None or source.defined:
        return tree
    found = [s for s in symbols_of(tree) if s != UNSAID]
    if len(found) != 1:
        token = source.prime
        reason = "A prime does not say by which variable it is differentiated."
        raise source.error(
            reason, token.at, token.end, hint=f"Write d/dx [...], or give the variable with {mention('wrt')}."
        )
    return substituted(tree, {UNSAID: found[0]})


def _note_digits(source: Source, tokens: list[Token]) -> None:
    """Note `x2` beside `x`: it is a name of its own, and might be meant as a power."""
    names = {token.value: token for token in tokens if token.kind == "name"}
    exponents = {token.at for sign, token in pairwise(tokens) if sign.kind == "^"}
    for name, token in names.items():
        if len(name) == 2 and name[1] in "23456789" and source.text[token.at : token.end] == name:
            letter, digit = name
            if token.at in exponents:  # has a note of its own
                continue
            if letter in names and letter + "1" not in names and name not in source.names:
                source.note(token.at, f"{name} is read as one name; write `{letter}^{digit}` for a power of {letter}.")


def _read_span(
    text: str,
    at: int,
    stop: int,
    names: frozenset[str],
    variables: frozenset[str],
    defined: Mapping[str, tuple[str, ...]] | None = None,
) -> Reading:
    at, stop = strip_delimiters(text, at, stop)
    equals = _equals_sign(text, at, stop)
    if equals < 0:
        source = Source(text, names, variables=variables, defined=defined)
        tree = _tree(source, tokenize(source, at, stop))
        return Reading(tree, source.notes, text=text[at:stop].strip(), at=at, proposals=tuple(source.proposals))
    name, parameters, at_right = _left_side(text, at, equals, stop)
    own = frozenset(parameters)
    others = {key: value for key, value in (defined or {}).items() if key not in own}
    if parameters and not defined:
        others = {name: parameters}
    source = Source(text, names | own, variables=own or variables, defined=others)
    if not text[at_right:stop].strip():
        hint = "Write an expression after =, as in `y = x^2`."
        raise source.error("The right side of the equals sign is empty.", equals, hint=hint)
    tree = _tree(source, tokenize(source, at_right, stop))
    if not defined and parameters and _applies(tree, name):
        raise source.error(
            f"{name} is defined in terms of itself.", at, stop, hint="Give the other function its own name."
        )
    return Reading(tree, source.notes, name, parameters, text[at:stop].strip(), at, tuple(source.proposals))


def _applies(tree: Tree, name: str) -> bool:
    """Tell whether a function is in the tree."""
    return any(isinstance(node, Apply) and parts(node.name)[0] == name for node in walk(tree))


_SIGNS = re.compile(
    rf"({BEGIN.pattern}|[(\[{{])|({END.pattern}|[)\]}}])|[<>!]=|(=)|(\b(?:if|falls|wenn)\b|\\text(?=\s*\{{\s*(?:if|falls)))"
)


def _equals_sign(text: str, at: int, stop: int) -> int:
    """Return the place of the equals sign of a definition, not of one in a condition; -1 if there is none."""
    depth = 0
    for found in _SIGNS.finditer(text, at, stop):
        if found[1] or found[2]:
            depth += 1 if found[1] else -1
        elif found[4] and depth <= 0:
            return -1
        elif found[3] and depth <= 0:
            return found.start()
    return -1


def _environments(text: str) -> list[tuple[int, int]]:
    """Return the places of environments of cases, in which line ends separate nothing."""
    spans = []
    for begin in BEGIN.finditer(text):
        end = END.search(text, begin.end())
        first = len(text[: begin.start()].rstrip())  # the line end after f(x) = separates nothing either
        spans.append((first, end.end() if end else len(text)))
    return spans


def _left_side(text: str, at: int, equals: int, stop: int) -> tuple[str, tuple[str, ...], int]:
    """Read `y` or `f(x, y)` left of an equals sign; also return where the right side begins."""
    source = Source(text)
    if text[equals + 1 : equals + 2] == "=":
        raise source.error(
            "A comparison is not an expression.", equals, equals + 2, hint="Write = once, as in `y = x^2`."
        )
    tokens = tokenize(source, at, equals, whole_words=True)
    names = tuple(t.value for t in tokens if t.kind == "name")
    kinds = [t.kind for t in tokens[:-1]]
    if kinds == ["name"] and names[0] not in RESERVED:
        return names[0], (), equals + 1
    if len(names) > 1 and kinds == ["name", "(", *[k for _ in names[2:] for k in ("name", ",")], "name", ")"]:
        if len(set(names)) < len(names):
            hint = "Give each its own name, as in f(x, y)."
            raise source.error("A name occurs twice to the left of the equals sign.", at, equals, hint=hint)
        return names[0], names[1:], equals + 1
    hint = "Write a name or a function there, as in `y = x^2` or `f(x, y) = 3x^2y`; bring an equation to one side."
    raise source.error("The left side of the equals sign is not a name.", tokens[0].at, equals, hint=hint)


def _left_names(text: str, spans: list[tuple[int, int]], all_named: bool = True) -> dict[str, tuple[str, ...]]:
    """Return the names on the left sides of a system, each of which may occur once, with their arguments."""
    left: dict[str, tuple[str, ...]] = {}
    unnamed = 0
    for at, stop in spans:
        equals = _equals_sign(text, at, stop)
        unnamed += equals < 0
        if unnamed > 1 and all_named:
            hint = "Write a name and = before it, as in `p = 2o; o = x^2`."
            raise Source(text).error("This part of the system has no name.", at, stop, hint=hint)
        if equals < 0:
            continue
        name, arguments, _ = _left_side(text, at, equals, stop)
        if name in left:
            raise Source(text).error(f"{name} is defined twice.", at, equals, hint="Give each definition its own name.")
        left[name] = arguments
    return left


def one_name(source: Source, at: int, stop: int) -> str:
    """Return the canonical name that is alone at `source.text[at:stop]`."""
    tokens = tokenize(source, at, stop, whole_words=True)
    first = tokens[0]
    if len(tokens) != 2 or first.kind != "name":
        found = source.clip(at, stop)
        reason = f"{found} is not a name." if found else "A name is missing."
        hint = "Write letters with digits or a subscript, separated by commas, as in x, w_1, alpha."
        raise source.error(reason, first.at, max(tokens[-1].end, first.end), hint=hint)
    if first.value in RESERVED:
        hint = "Choose another name."
        raise source.error(f"{first.value} is the name of a function.", first.at, first.end, hint=hint)
    return str(first.value)


def _coordinate(source: Source, at: int, stop: int) -> tuple[str, Tree]:
    equals = source.text.find("=", at, stop)
    if equals < 0:
        hint = "Write a name and its value, as in x=2, y=-1/2; decimals have a point."
        raise source.error("A coordinate has a name and a value.", at, max(stop, at + 1), hint=hint)
    name = one_name(Source(source.text), at, equals)
    if not source.text[equals + 1 : stop].strip():
        raise source.error(f"{name} has no value.", at, equals + 1, hint="Write its value after =, as in x=2.")
    refuse_infinite(source, equals + 1, stop)
    return name, _tree(source, tokenize(source, equals + 1, stop))


NO_NUMBERS = frozenset(("nan", "inf", "infinity", "oo", "∞", r"\infty"))


def refuse_infinite(source: Source, at: int, stop: int) -> None:
    """Raise ParseError for nan and inf as a value: they are neither products of letters nor real numbers."""
    word = source.text[at:stop].strip().lstrip("+-").strip().casefold()
    if word in NO_NUMBERS and word not in source.names:
        raise source.error(f"{word} is not a real number.", at, stop, hint="Give a value such as 2 or -1/2.")


# --- declared names -------------------------------------------------------------------------------------------------


def declared(names: Iterable[str]) -> frozenset[str]:
    """Return declared names in their canonical spelling; a text is a list of them, such as `x,y`."""
    return _declared((names,) if isinstance(names, str) else tuple(names))


@lru_cache(maxsize=256)
def _declared(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(canonical for name in names for canonical in read_names(name))


# --- equations ------------------------------------------------------------------------------------------------------


class Equation(NamedTuple):
    """An equation as it was read: both sides, and what is to be said about the reading."""

    left: Tree
    right: Tree
    notes: tuple[str, ...] = ()


def read_equation(text: str, names: Iterable[str] = (), max_characters: int = MAX_CHARACTERS) -> Equation:
    """Return the reading of an equation such as `x^2 + y^2 = 25`; what has no equals sign is a ParseError.

    >>> read_equation("x^2 + y = 25").right
    25
    """
    check_length(text, max_characters)
    known = declared(names)
    at, stop = strip_delimiters(text, 0, len(text))
    equals = _equals_sign(text, at, stop)
    if equals < 0:
        hint = "Write both sides, as in `x^2 + y^2 = 25`."
        raise Source(text).error("An equation needs an equals sign.", at, stop, hint=hint)
    after = equals + 1
    second = _equals_sign(text, after, stop)
    if second >= 0:
        hint = "Give one equation, as in `x^2 + y^2 = 25`."
        raise Source(text).error("There are two equals signs.", second, second + 1, hint=hint)
    sides, notes = [], list[str]()
    for begin, end, which in ((at, equals, "left"), (after, stop, "right")):
        source = Source(text, known)
        if not text[begin:end].strip():
            hint = "Write both sides, as in `x^2 + y^2 = 25`."
            raise source.error(f"The {which} side of the equation is empty.", equals, equals + 1, hint=hint)
        sides.append(_tree(source, tokenize(source, begin, end)))
        notes += source.notes
    return Equation(sides[0], sides[1], tuple(dict.fromkeys(notes)))


def is_equation(text: str) -> bool:
    """Tell whether a text is an equation, and not a function with its name such as `y = x^2` or `f(x) = x^2`.

    >>> is_equation("x^2 + y^2 = 25"), is_equation("y = x^2"), is_equation("x = y^2"), is_equation("x^2")
    (True, False, False, False)
    """
    at, stop = strip_delimiters(text, 0, len(text))
    equals = _equals_sign(text, at, stop)
    if equals < 0 or is_system(text):
        return False
    left = text[at:equals].strip()
    return re.fullmatch(r"[^\W\d]\w*(\s*\([\w\s,]*\))?", left) is None or bool(
        re.search(rf"\b{re.escape(left)}\b", text[equals + 1 : stop])
    )
