"""The mathematics in a problem file, read but not worked: every typing error is found with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from symback.errors import ParseError, SymbackError
from symback.problems.common import Common
from symback.problems.file import fields as f
from symback.problems.file.parameters import Parameter, Value
from symback.problems.file.places import Path
from symback.problems.file.sheet import Problem
from symback.problems.registry import kind, names
from symback.problems.variants.computed import all_extremes
from symback.problems.variants.placeholders import PLACEHOLDER, fill, fill_all, names_in, style_of

Reader = Callable[[str], Any]


class Misread(NamedTuple):
    """What cannot be read in a text of the file: its path, a span of the text, and why."""

    path: Path
    at: int
    end: int
    message: str
    hint: str = ""


def misread(table: Mapping[str, Any], values: Mapping[str, Value]) -> Iterator[Misread]:
    """Yield what cannot be read in a problem's expressions, graphs, points and answers, with values put in.

    The type of each key, which its kind declares, says how its text is read.
    """
    name = table.get("kind")
    if name not in names():
        return
    page = _Page(values)
    names_of = {key: page.names(table, key) for key in ("symbols", "wrt")}
    reading = _Reading(table, **names_of)
    for key, field in {**kind(str(name)).fields, **Common.fields}.items():
        reader = reading.reader(field, table.get(key))
        if reader is not None:
            page.check((key,), table.get(key), reader)
    yield from page.found
    if name == "choice" and not page.found:
        yield from _without_one_right_option(table, values)


def _without_one_right_option(table: Mapping[str, Any], values: Mapping[str, Value]) -> Iterator[Misread]:
    """Yield what is wrong with the options of a choice: working them out is the only way to tell."""
    if "expr" not in table or "options" not in table:
        return
    from symback.problems.exercises.choices import options_are_wrong
    from symback.problems.registry import Typed

    asked = {key: fill_all(value, values, style_of(key)) for key, value in table.items() if key not in Common.fields}
    symbols = table.get("symbols", ())
    said = options_are_wrong(Typed("choice", asked, (symbols,) if isinstance(symbols, str) else symbols))
    if said:
        yield Misread(("options",), 0, 1, said)


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


class _Reading:
    """How the texts of one problem are read: expressions and graphs first, and then what names things in them."""

    def __init__(self, table: Mapping[str, Any], symbols: tuple[str, ...], wrt: tuple[str, ...]) -> None:
        self.table, self.symbols, self.wrt = table, symbols, wrt
        self.parameters: list[str] = []  # of functions that are defined, as in f(x, y) = x^2 y
        self.occurring: list[str] = []  # variables
        self.in_products = False
        self.assumed: list[Any] = []  # trees that are real where what is assumed holds
        self.graphs: list[tuple[frozenset[str], tuple[str, ...]]] = []  # names and sizes of the graph, once it is read

    def reader(self, field: f.Field[Any], value: Any) -> Reader | None:
        """Return how the texts of a key are read, None where they are not mathematics."""
        match field:
            case f.Graph():
                return self.graph
            case f.Expression():
                return self._expression(field)
            case f.Forms():
                return self.question
            case f.Assumptions():
                return self._assumption
            case f.Side():
                return self._side_reader(field.key)
            case f.Options():
                return self._answer if "expr" in self.table else None
            case f.Products():
                self.in_products = True
                return None  # read where they are worked out
            case f.Expressions():
                return self.questions if isinstance(value, str) else self.question
            case f.Answer():
                return self.answer() if kind(str(self.table["kind"])).reads_answer else None
        return _reader_of_values(field, value)

    def _expression(self, field: f.Expression) -> Reader:
        if isinstance(field, f.Equation):
            return self.equation
        return self.curve if self.table.get("of") or self.table.get("kind") == "tangent" else self.question

    def question(self, text: str) -> None:
        from symback.calculus.question import read_question

        found = read_question(text, (*self.symbols, *self.wrt), variables=self.wrt)
        self.parameters.extend(found.parameters)
        self.occurring.extend(s.name for s in found.variables())

    def equation(self, text: str) -> None:
        from symback.expr.tree import Equal, symbols_of
        from symback.syntax import read_equation

        found = read_equation(text, (*self.symbols, *self.wrt))
        self.occurring.extend(s.name for s in symbols_of(Equal(found.left, found.right)))

    def curve(self, text: str) -> None:
        """Read a curve: an equation of its coordinates, one equation for each by a parameter, or a function."""
        from symback.syntax import is_equation, read_system

        if is_equation(text):
            self.equation(text)
        elif self.table.get("of"):
            read_system(text, (*self.symbols, *self.wrt))
        else:
            self.question(text)

    def questions(self, text: str) -> None:
        from symback.calculus.question import read_questions

        for found in read_questions(text, (*self.symbols, *self.wrt), self.wrt):
            self.parameters.extend(found.parameters)

    def graph(self, text: str) -> None:
        from symback.graph.language.reader import read_graph

        given = _declared(self.table, ("at", "data", "constants", "parameters_start"))
        source = read_graph(text, (*self.symbols, *given), dict(_shapes_of(self.table.get("at"))))
        self.graphs.append((source.names | frozenset(source.inputs), source.sizes))

    def answer(self) -> Reader | None:
        """Return how an answer is read: on a graph, by its names; None where the graph could not be read."""
        if isinstance(self.table.get("graph"), str):
            return _answer(self._on_graph) if self.graphs else None
        return None if self.in_products else _answer(self._answer)

    def _on_graph(self, text: str) -> None:
        from symback.graph.language.reader import parse_expression

        names, sizes = self.graphs[0]
        parse_expression(text, names, (), sizes)

    def _assumption(self, text: str) -> None:
        from symback.problems.assumptions import assumption_of, cannot_be_met

        found = assumption_of(text, self.symbols)
        self.assumed += [found.domain] if found.domain is not None else []
        if cannot_be_met(self.assumed):
            others = " together with those before it" if len(self.assumed) > 1 else ""
            raise ParseError(f"This assumption cannot be met{others}.", text, 0, len(text), hint="Leave one out.")

    def _side_reader(self, key: str) -> Reader | None:
        """Return how a side is read: on a graph the left one is a derivative sign, the right one a formula."""
        if not isinstance(self.table.get("graph"), str):
            return self._side
        return _derivative_sign if key == "left" else self.answer()

    def _side(self, text: str) -> None:
        from symback.calculus.showing import read_side

        read_side(text, str(self.table.get("where", "")), self.symbols)

    def _answer(self, text: str) -> None:
        from symback.calculus.question import read_question

        variables = self.wrt or (self.occurring if len(self.occurring) == 1 else ())
        read_question(text, (*self.symbols, *self.wrt, *self.parameters), variables=variables)


def _reader_of_values(field: f.Field[Any], value: Any) -> Reader | None:
    match field:
        case f.Direction() if isinstance(value, str):
            return _numbers
        case f.Data():
            return _number if isinstance(value, dict) and "file" not in value else None
        case f.Point() | f.Arrays() | f.PointsOfGraph() | f.Direction() | f.Rate():
            return _number
        case f.Name():
            return _name
    return None


def _at(start: int, reader: Reader, part: str) -> None:
    """Read a part of a text that begins at an offset; an error says where it is in the whole."""
    try:
        reader(part)
    except ParseError as error:
        error.at, error.end = error.at + start, error.end + start
        raise


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
    from symback.syntax import read_names

    base, bracket, _ = text.rpartition("[")
    is_entry = bracket and text.rstrip().endswith("]") and not base.rstrip().endswith("^")
    return (*read_names(base)[:-1], text.strip()) if is_entry else read_names(text)


def _name(text: str) -> None:
    _list_of_names(text)


def _derivative_sign(text: str) -> None:
    from symback.problems.answers.claims import claim_of

    claim = claim_of(f"{text} = 0")
    if claim is None or len(claim.by) != 1:
        hint = "Write it as in left = 'dL/dz'."
        raise ParseError("On a graph, the left side is a derivative by one node.", text, 0, len(text), hint=hint)


def _number(text: str) -> None:
    from symback.syntax import parse

    parse(text)


def _numbers(text: str) -> None:
    """Read a direction such as `3, 4` or `(1/2, -1)`."""
    for start, part in _entries(text, always=True):
        _at(start, _number, part)


def _answer(reader: Reader) -> Reader:
    """Return a reader of answers: also of lists in brackets, as in `[2x, 1]`, of decimals, and of f'(x) = 2x."""
    from symback.problems.answers.claims import claim_of
    from symback.problems.answers.rights import says_no_value

    def read(text: str) -> None:
        for start, part in () if says_no_value(text) else _entries(text):
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
    for values in all_extremes(parameters):
        if all(values[name].number is not None for name in used if name in values):
            text = fill(template, values).text
            if _differs(template, text, values, tuple(names)):
                return text
    return ""


def _part_of_a_name(template: str) -> bool:
    """Tell whether a value makes a name or a number together with what is before it, as in `w_{{i}}`."""
    return any(at and (template[at - 1].isalnum() or template[at - 1] in "_.{[") for _, at, _ in names_in(template))


def _differs(template: str, text: str, values: Mapping[str, Value], names: tuple[str, ...]) -> bool:
    """Tell whether a text has another value than its template has with a letter in place of each value."""
    from symback.calculus.question import as_number, read_question
    from symback.expr.tree import substituted, symbol, without_lets
    from symback.verify import same_value

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


# --- questions -----------------------------------------------------------------------------------------------------


def cannot_be_asked(problem: Problem) -> Iterator[tuple[Path, str, str]]:
    """Yield what is wrong with a problem whose keys can be read: its path, a message and a hint; nothing is worked.

    It is told at the key that the message is about, as far as the text of an error says which one it is.
    """
    try:
        kind(problem.kind).exercise(problem)
    except (SymbackError, ArithmeticError) as error:
        message = error.message if isinstance(error, SymbackError) else "A number here is too large, or has no value."
        hint = error.to("file").hint if isinstance(error, SymbackError) else ""
        text = getattr(error, "text", "")
        key = next((key for key, value in problem.asked.items() if isinstance(value, str) and value == text), "")
        yield (key,) if key else (), message, hint or ""


def does_not_occur(problem: Problem) -> Iterator[tuple[Path, str, str]]:
    """Yield the variables of an expression that is differentiated which do not occur in it."""
    from symback.calculus.question import read_question

    expr, wrt = problem.asked.get("expr"), problem.asked.get("wrt")
    if problem.kind not in ("derive", "gradient", "hessian") or not isinstance(expr, str) or wrt is None:
        return
    if problem.answer is not None:  # whoever gives the answer means it: the derivative of a constant letter
        return
    names = [name for text in ([wrt] if isinstance(wrt, str) else wrt) for name in _list_of_names(text)]
    try:
        found = read_question(expr, (*problem.symbols, *names), variables=names)
    except SymbackError:
        return  # told, or read in another way
    occurring = {s.name for s in found.variables()} | set(found.parameters)
    for name in dict.fromkeys(names):
        if name not in occurring:
            yield ("wrt",), f"{name[:40]} does not occur in the expression.", ""
