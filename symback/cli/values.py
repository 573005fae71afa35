"""Values from the command line and from files: numbers, fractions, lists and arrays, by the names of a graph.

a=3, b=-1/2; x=[1, 2]; W=[[1, 0], [0, sqrt(2)]]; h[0]=0.1
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from symback.errors import FileError, ParseError, SymbackError, UsageError
from symback.expr.numeric import numpy

FORM = "Write a name and its value, as in a=3, x=[1, 2]; W=[[1, 0], [0, 1]]."
MOST_NESTED = 8  # axes of an array
LARGEST = 1 << 26  # bytes of a text or JSON file


def read_values(text: str) -> dict[str, Any]:
    """Return the values in a text by canonical name: exact numbers as fractions, other numbers as floats, nested lists.

    >>> read_values("a=3, b=-1/2; x=[1, 0.25]; h[0] = sqrt(4)")
    {'a': Fraction(3, 1), 'b': Fraction(-1, 2), 'x': [Fraction(1, 1), Fraction(1, 4)], 'h[0]': Fraction(2, 1)}
    """
    values: dict[str, Any] = {}
    for at, stop in _pieces(text, 0, len(text), ",;\n"):
        if not text[at:stop].strip():
            continue
        equals = text.find("=", at, stop)
        if equals < 0:
            raise ParseError("A value has no name.", text, at, stop, hint=FORM)
        name = canonical(text[at:equals].strip())
        if not name:
            raise ParseError("The left side of = is not a name.", text, at, equals, hint=FORM)
        if name in values:
            raise ParseError(f"{name} has two values.", text, at, stop, hint="Give each name once.")
        values[name] = _value(text, equals + 1, stop)
    return values


def pointed_at(error: SymbackError, texts: Iterable[str]) -> SymbackError:
    """Return an error about a value as one that points at it, where it was typed."""
    for text in texts if error.about else ():
        for at, stop in _pieces(text, 0, len(text), ",;\n"):
            if canonical(text[at:stop].partition("=")[0].strip()) == error.about:
                found = ParseError(error.message, text, at, stop, hint=error.advice)
                found.code, found.exit_code = error.code, error.exit_code
                return found
    return error


def canonical(name: str) -> str:
    """Return a name in its canonical spelling, "" for what is none; `h[0]` is the name of one node.

    >>> canonical("w_{32}^{[1]}"), canonical("h[ 0 ]"), canonical("2x")
    ('w32^[1]', 'h[0]', '')
    """
    from symback.syntax import read_names

    base, entry = name, ""
    if name.endswith("]") and "[" in name:
        at = name.rindex("[")
        inside = name[at + 1 : -1].replace(" ", "")
        if all(part.removeprefix("-").isdigit() for part in inside.split(",")) and not name[:at].endswith("^"):
            base, entry = name[:at], f"[{inside}]"
    try:
        found = read_names(base)
    except ParseError:
        return ""
    return found[0] + entry if len(found) == 1 else ""


def _pieces(text: str, at: int, stop: int, separators: str) -> Iterator[tuple[int, int]]:
    """Yield the spans between separators that stand in no bracket, without the blanks at their ends."""
    depth, start = 0, at
    for i in range(at, stop + 1):
        character = text[i] if i < stop else ""
        depth += (character in "([{" and character != "") - (character in ")]}" and character != "")
        if i == stop or (depth <= 0 and character in separators):
            yield _stripped(text, start, i)
            start = i + 1


def _stripped(text: str, at: int, stop: int) -> tuple[int, int]:
    while at < stop and text[at].isspace():
        at += 1
    while stop > at and text[stop - 1].isspace():
        stop -= 1
    return at, stop


def _value(text: str, at: int, stop: int, depth: int = 0) -> Any:
    at, stop = _stripped(text, at, stop)
    if at == stop:
        raise ParseError("A value is missing.", text, at, stop, hint=FORM)
    if text[at] != "[":
        return _number(text, at, stop)
    if text[stop - 1] != "]":
        raise ParseError("A list is not closed.", text, at, stop, hint="Write ] at its end, as in x=[1, 2].")
    if depth == MOST_NESTED:
        raise ParseError(f"More than {MOST_NESTED} lists in lists.", text, at, stop, hint=FORM)
    entries = [_value(text, *span, depth + 1) for span in _pieces(text, at + 1, stop - 1, ",;")]
    if len({_form(entry) for entry in entries}) > 1:
        raise ParseError("The rows are not equally long.", text, at, stop, hint="Give every row as many entries.")
    return entries


def _form(value: Any) -> tuple[int, ...]:
    return (len(value), *_form(value[0])) if isinstance(value, list) and value else ()


def _number(text: str, at: int, stop: int) -> Fraction | float:
    """Return a number: exact where it is written with digits alone, else as a float."""
    from symback.expr.tree import number_value, symbols_of
    from symback.syntax import parse
    from symback.syntax.reading import refuse_infinite
    from symback.syntax.source import Source

    refuse_infinite(Source(text), at, stop)
    try:
        tree = parse(text[at:stop])
    except ParseError as error:
        raise _moved(error, text, at) from None
    unknown = sorted(s.name for s in symbols_of(tree))
    if unknown:
        hint = "Values are numbers, such as -1/2 or sqrt(2)."
        raise ParseError(f"{unknown[0]} is not a number.", text, at, stop, hint=hint)
    value = number_value(tree)
    if value is not None:
        return value
    exact = tree.doit()
    if exact.is_Rational:
        return Fraction(int(exact.p), int(exact.q))
    number = complex(exact.evalf(20))
    if number.imag or number != number or abs(number) == float("inf"):
        raise ParseError("This is not a finite real number.", text, at, stop, hint=FORM)
    return number.real


def _moved(error: ParseError, text: str, by: int) -> ParseError:
    return type(error)(error.message, text, error.at + by, error.end + by, hint=error.advice)


# --- files --------------------------------------------------------------------------------------------------------


def values_from(path: str) -> dict[str, Any]:
    """Return the values in a JSON object or an .npz file, by canonical name."""
    found = _from_npz(path) if Path(path).suffix.lower() == ".npz" else _from_json(path)
    values = {}
    for key, value in found.items():
        name = canonical(str(key))
        if not name:
            raise FileError(f"{path}: {str(key)[:60]!r} is not a name.", hint="Name the values as the graph does.")
        values[name] = value
    return values


def _from_npz(path: str) -> dict[str, Any]:
    np = numpy()
    try:
        with np.load(path, allow_pickle=False) as archive:
            found = {name: np.asarray(archive[name]) for name in archive.files}
    except (OSError, ValueError, EOFError, KeyError, AttributeError, TypeError) as error:
        raise _unreadable(path, error, "It should be written by numpy.savez.") from None
    for name, array in found.items():
        if array.dtype.kind not in "biuf":
            raise FileError(f"{path}: {name} does not hold real numbers.", hint="Save arrays of numbers.")
    return found


def _from_json(path: str) -> dict[str, Any]:
    import json

    try:
        found = json.loads(read_text(path), parse_float=Fraction, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, error, 'It should hold an object, such as {"a": 3, "x": [1, 2]}.') from None
    if not isinstance(found, dict):
        raise FileError(f"{path} does not hold an object.", hint='Write {"a": 3, "x": [1, 2]}.')
    if found.get("kind") == "training" and isinstance(found.get("parameters"), dict):
        found = dict(found["parameters"])  # what `symback train` wrote
    for name, value in found.items():
        _check_numbers(path, name, value)
    return found


def _refused(word: str) -> float:
    raise ValueError(f"{word} is not a number")


def _check_numbers(path: str, name: str, value: Any) -> None:
    stack = [value]
    while stack:
        entry = stack.pop()
        if isinstance(entry, list):
            stack.extend(entry)
        elif isinstance(entry, bool) or not isinstance(entry, (int, float, Fraction)):
            hint = "Write numbers and lists of them."
            raise FileError(f"{path}: {str(name)[:60]} does not hold numbers alone.", hint=hint)


def read_text(path: str) -> str:
    """Return the text of a file; FileError where it cannot be read."""
    try:
        if Path(path).stat().st_size > LARGEST:
            raise FileError(f"{path} is larger than {LARGEST >> 20} MiB.", hint="Keep large arrays in an .npz file.")
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{path} is not a text in UTF-8.", hint="Save it as UTF-8.") from None
    except OSError as error:
        raise _unreadable(path, error, "Check its name and whether it may be read.") from None


def _unreadable(path: str, error: BaseException, hint: str) -> FileError:
    why = getattr(error, "strerror", None) or " ".join(str(error).split())[:200] or type(error).__name__
    return FileError(f"{path} cannot be read: {why}.", hint=hint)


def merged(texts: Iterable[str], paths: Iterable[str]) -> dict[str, Any] | None:
    """Return the values of files, a later one over an earlier one, with those of `--at` over them; None for none."""
    typed: dict[str, Any] = {}
    for text in texts:
        for name, value in read_values(text).items():
            if name in typed:
                raise UsageError(f"{name} has two values.", hint="Give each name once.")
            typed[name] = value
    values: dict[str, Any] = {}
    for path in paths:
        values |= values_from(path)
    return (values | typed) or None
