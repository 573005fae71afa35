"""The mathematics in a problem file, read but not worked: every typing error is found with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from symback.errors import ParseError, SymbackError
from symback.problem.parameters import Parameter, Value, extremes
from symback.problem.placeholders import PLACEHOLDER, fill, names_in, style_of
from symback.problem.places import Path
from symback.problem.registry import names

Reader = Callable[[str], Any]


class Misread(NamedTuple):
    """What cannot be read in a text of the file: its path, a span of the text, and why."""

    path: Path
    at: int
    end: int
    message: str
    hint: str = ""


def misread(table: Mapping[str, Any], values: Mapping[str, Value]) -> Iterator[Misread]:
    """Yield what cannot be read in a problem's expressions, graphs, points and answers, with values put in."""
    kind = table.get("kind")
    if kind not in names():
        return
    page = _Page(values)
    symbols = page.names(table, "symbols")
    wrt = page.names(table, "wrt")
    if isinstance(table.get("graph"), str):
        _check_graph(page, table, symbols)
    elif kind != "matrix":
        _check_expressions(page, table, (*symbols, *wrt), wrt)
    for key in ("loss", "of", "learning_rate"):
        page.check((key,), table.get(key), _name if key != "learning_rate" else _number)
    yield from page.found


class _Page:
    """The texts of one problem, and what could not be read in them so far."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values
        self.found: list[Misread] = []

    def check(self, path: Path, value: Any, reader: Reader) -> None:
        """Read a text with a reader, and each of the texts in a list or a table."""
        if isinstance(value, str):
            self._read(path, value, reader)
        elif isinstance(value, (list, dict)):
            for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
                self.check((*path, key), entry, reader)

    def _read(self, path: Path, template: str, reader: Reader) -> Any:
        filled = fill(template, self.values, style_of(str(path[0])))
        try:
            return reader(filled.text)
        except ParseError as error:
            end = min(error.end, max(len(filled.text), 1))
            at, stop = filled.origin(error.at), filled.origin(end - 1) + 1
            self.found.append(Misread(path, at, max(stop, at + 1), error.message, error.to("file").hint))
        except SymbackError as error:
            self.found.append(Misread(path, 0, len(template), error.message, error.to("file").hint))
        return None

    def names(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """Return the names that a key lists, such as `wrt = ["x", "y"]`."""
        value = table.get(key)
        texts: dict[Path, str] = {(key,): value} if isinstance(value, str) else {}
        if isinstance(value, list):
            texts = {(key, i): entry for i, entry in enumerate(value) if isinstance(entry, str)}
        read = (self._read(path, text, _list_of_names) for path, text in texts.items())
        return tuple(name for names in read for name in names or ())


def _check_expressions(
    page: _Page, table: Mapping[str, Any], names: tuple[str, ...], variables: tuple[str, ...]
) -> None:
    from symback.question import read_question, read_questions

    parameters: list[str] = []
    occurring: list[str] = []

    def question(text: str) -> None:
        found = read_question(text, names, variables=variables)
        parameters.extend(found.parameters)
        occurring.extend(s.name for s in found.variables())

    def answer(text: str) -> None:
        read_question(text, (*names, *parameters), variables=variables or (occurring if len(occurring) == 1 else ()))

    def questions(text: str) -> None:
        for found in read_questions(text, names, variables):
            parameters.extend(found.parameters)

    several = table["kind"] == "jacobian" and isinstance(table.get("expr"), str)
    page.check(("expr",), table.get("expr"), questions if several else question)
    page.check(("at",), table.get("at"), _number)
    page.check(("answer",), table.get("answer"), _answer(answer))
    direction = table.get("direction")
    page.check(("direction",), direction, _number if isinstance(direction, list) else _numbers)


def _at(start: int, reader: Reader, part: str) -> None:
    """Read a part of a text that begins at an offset; an error says where it is in the whole."""
    try:
        reader(part)
    except ParseError as error:
        error.at, error.end = error.at + start, error.end + start
        raise


def _check_graph(page: _Page, table: Mapping[str, Any], symbols: tuple[str, ...]) -> None:
    from symback.graph.reading import parse_expression, read_graph

    given = tuple(_declared(table, ("at", "data", "constants", "parameters_start")))
    known: list[tuple[frozenset[str], tuple[str, ...]]] = []

    def graph(text: str) -> None:
        source = read_graph(text, (*symbols, *given), dict(_shapes_of(table.get("at"))))
        known.append((source.names | frozenset(source.inputs), source.sizes))

    page.check(("graph",), table["graph"], graph)
    for key in ("at", "constants", "parameters_start"):
        page.check((key,), table.get(key), _number)
    if isinstance(table.get("data"), dict) and "file" not in table["data"]:
        page.check(("data",), table["data"], _number)
    if known:
        names, sizes = known[0]
        page.check(("answer",), table.get("answer"), _answer(lambda text: parse_expression(text, names, (), sizes)))


def _declared(table: Mapping[str, Any], keys: Iterable[str]) -> Iterator[str]:
    """Yield the names that have values, which are names of the graph too, as far as they are names."""
    for key in keys:
        tables = table.get(key)
        for values in tables if isinstance(tables, list) else [tables]:
            for name in values if isinstance(values, dict) else ():
                if "[" not in name or "^" in name:
                    try:
                        yield from _list_of_names(name)
                    except ParseError:
                        continue  # it is told where it is used


def _shapes_of(at: Any) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the names and shapes of the values of a problem, as far as they can be read; what cannot is told later."""
    for name, value in (at[0] if isinstance(at, list) and at else at if isinstance(at, dict) else {}).items():
        shape: list[int] = []
        while isinstance(value, list) and value:
            shape.append(len(value))
            value = value[0]
        try:
            names = _list_of_names(name)
        except ParseError:
            continue
        if len(names) == 1:
            yield names[0], tuple(shape)


def _list_of_names(text: str) -> tuple[str, ...]:
    from symback.parse import read_names

    base, bracket, _ = text.rpartition("[")
    is_entry = bracket and text.rstrip().endswith("]") and not base.rstrip().endswith("^")
    return (*read_names(base)[:-1], text.strip()) if is_entry else read_names(text)


def _name(text: str) -> None:
    _list_of_names(text)


def _number(text: str) -> None:
    from symback.parse import parse

    parse(text)


def _numbers(text: str) -> None:
    """Read a direction such as `3, 4` or `(1/2, -1)`."""
    for start, part in _entries(text, always=True):
        _at(start, _number, part)


def _answer(reader: Reader) -> Reader:
    """Return a reader of answers: also of lists in brackets, as in `[2x, 1]`, of decimals, and of f'(x) = 2x."""
    from symback.problem.claims import claim_of

    def read(text: str) -> None:
        for start, part in _entries(text):
            claim = claim_of(part)
            skipped = claim.start if claim else 0
            if not _DECIMAL.fullmatch(part, skipped):
                _at(start + skipped, reader, part[skipped:])

    return read


_DECIMAL = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+\s*")


def _entries(text: str, always: bool = False) -> Iterator[tuple[int, str]]:
    """Yield the entries of a list in brackets, or of any with `always`, each with its offset; else the whole text.

    >>> list(_entries("[2x, max(1, 2)]")), list(_entries("(x + 1)"))
    ([(1, '2x'), (4, ' max(1, 2)')], [(0, '(x + 1)')])
    """
    start, stop = _inside(text)
    depth, commas = 0, [start - 1]
    for at in range(start, stop):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        commas += [at] if text[at] == "," and depth == 0 else []
    if always or (start and (len(commas) > 1 or text.lstrip()[0] == "[")):
        yield from ((a + 1, text[a + 1 : b]) for a, b in zip(commas, [*commas[1:], stop], strict=True))
    else:
        yield 0, text


def _inside(text: str) -> tuple[int, int]:
    """Return the span within brackets around the whole text; the span of all of it where there are none."""
    start, stop = len(text) - len(text.lstrip()), len(text.rstrip())
    if text[start : start + 1] not in ("(", "["):
        return 0, len(text)
    depth = 0
    for at in range(start, stop):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0:
            return (start + 1, at) if at == stop - 1 else (0, len(text))
    return 0, len(text)


# --- values that change the meaning ----------------------------------------------------------------------------------


def reads_otherwise(template: str, parameters: tuple[Parameter, ...], names: Iterable[str]) -> str:
    """Return how an expression reads with values that do not keep together there, "" where all is well.

    In `sin {{a}}x` a fraction ends the argument of the sine: `sin (1/2)x` is sin(1/2)·x.
    """
    used = [name for name, _, _ in names_in(template)]
    if not used or _part_of_a_name(template):
        return ""
    for values in extremes(parameters):
        if all(values[name].number is not None for name in used if name in values):
            text = fill(template, values).text
            if _differs(template, text, values, tuple(names)):
                return text
    return ""


def _part_of_a_name(template: str) -> bool:
    """Tell whether a value makes a name or a number together with what stands before it, as in `w_{{i}}`."""
    return any(at and (template[at - 1].isalnum() or template[at - 1] in "_.{[") for _, at, _ in names_in(template))


def _differs(template: str, text: str, values: Mapping[str, Value], names: tuple[str, ...]) -> bool:
    """Tell whether a text has another value than its template has with a letter in the place of each value."""
    from symback.check import same_value
    from symback.question import as_number, read_question
    from symback.tree import substituted, symbol, without_lets

    letters = {name: f"Q{900 + i}" for i, name in enumerate(values)}
    if any(name not in letters for name, _, _ in names_in(template)):
        return False  # a placeholder without a value, which is told elsewhere
    with_letters = PLACEHOLDER.sub(lambda found: f" {letters[found[1]]} ", template)
    try:
        asked = without_lets(read_question(with_letters, (*names, *letters.values())).tree)
        numbers = {symbol(letters[name]): as_number(value.number) for name, value in values.items()}
        meant = substituted(asked, numbers)
        return same_value(meant, without_lets(read_question(text, names).tree), budget=0.1) == "no"
    except SymbackError:
        return False  # what cannot be read is told elsewhere
