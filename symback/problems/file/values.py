"""What the values of a problem file may be: each kind of value with its check and its JSON Schema.

A check returns plain data or raises with the end of a sentence, as in "must be a text, not 5"; the key is put before
it where the place of the fault is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from symback.problems.file.messages import clipped, suggestion

if TYPE_CHECKING:
    from decimal import Decimal

MOST_DIGITS = 400
LONGEST_ID = 64
DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{name}{i}" for name in ("com", "lpt") for i in range(1, 10))))
ID_RULE = f"An id has letters, digits, - and _, at most {LONGEST_ID} of them, and begins with a letter or a digit."


class Refused(ValueError):
    """A value that cannot be: the end of a sentence, a hint, and the path within the value."""

    def __init__(self, said: str, hint: str = "", path: tuple[str | int, ...] = ()) -> None:
        super().__init__(said)
        self.said, self.hint, self.path = said, hint, path


def fault(said: str, hint: str = "", path: tuple[str | int, ...] = ()) -> NoReturn:
    """Refuse a value."""
    raise Refused(said, hint, path)


def must_be(what: str, value: object, path: tuple[str | int, ...] = (), hint: str = "") -> NoReturn:
    """Refuse a value that is not what it must be."""
    raise Refused(f"must be {what}, not {clipped(value)}", hint, path)


def below(key: str | int, check: Callable[[Any], Any], value: Any) -> Any:
    """Return a checked entry of a list or a table; a refusal names the entry."""
    try:
        return check(value)
    except Refused as refused:
        raise Refused(refused.said, refused.hint, (key, *refused.path)) from None


# --- texts -----------------------------------------------------------------------------------------------------------


def a_text(value: Any) -> str:
    if not isinstance(value, str):
        must_be("a text between quotation marks", value)
    return value


def a_maths_text(value: Any) -> str:
    """Return a text that is not empty, such as an expression."""
    if _is_number(value):
        must_be("a text between quotation marks", value, hint=f"Write '{clipped(value)}'.")
    if not a_text(value).strip():
        fault("must not be empty")
    return str(value)


def texts(value: Any) -> str | list[str]:
    """Return a text, or a list of at least one."""
    if isinstance(value, list):
        if not value:
            fault("must not be empty")
        for i, entry in enumerate(value):
            if not isinstance(entry, str):
                must_be("a text between quotation marks", entry, (i,))
        return value
    if not isinstance(value, str):
        must_be("a text or a list of texts", value)
    return a_maths_text(value)


def an_id(value: Any) -> str:
    """Return an id in its composed form; what could not be the name of a file everywhere is refused."""
    import unicodedata

    text = unicodedata.normalize("NFC", a_text(value))
    plain = text.replace("-", "").replace("_", "")
    if not (plain.isalnum() and text[0].isalnum() and len(text) <= LONGEST_ID):
        fault(f"cannot be {clipped(value)}", ID_RULE)
    if text.casefold() in DEVICES:
        fault(f"cannot be {clipped(value)}, which is the name of a device on Windows", "Choose another id.")
    return text


def a_language(value: Any) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", a_text(value)):
        must_be("a language tag, such as en or en-GB", value)
    return str(value)


LENGTH = r"^[0-9]{1,2}(\.[0-9]{1,2})? ?(cm|mm)$"


def a_length(value: Any) -> str:
    """Return a length on paper: at most 99 cm, so that no page is torn."""
    if not re.fullmatch(LENGTH, a_text(value).replace(",", ".")):
        must_be("a length such as 4cm or 25mm", value)
    return str(value).replace(",", ".").replace(" ", "")


def one_of(words: tuple[str, ...], value: Any) -> str:
    """Return a text that is one of a few words."""
    if not isinstance(value, str) or value not in words:
        near = suggestion(value, words) if isinstance(value, str) else ""
        must_be(" or ".join(words), value, hint=f"Did you mean {near}?" if near else "")
    return str(value)


def a_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        must_be("true or false", value)
    return value


PICTURES = ("graph", "contour", "loss", "curve", "none")


def pictures(value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        must_be(f"one of {', '.join(PICTURES)}, or a list of them", value)
    for i, name in enumerate(names):
        if name not in PICTURES:
            path = (i,) if isinstance(value, list) else ()
            must_be(f"one of {', '.join(PICTURES)}", name, path)
    return tuple(dict.fromkeys(names))


# --- numbers ---------------------------------------------------------------------------------------------------------


def a_number(value: Any) -> int | Decimal:
    """Return a number that is finite and of at most 400 digits."""
    if not _is_number(value):
        must_be("a number", value)
    if isinstance(value, int):
        is_long = abs(value) >= 10**MOST_DIGITS
    else:
        if not value.is_finite():
            must_be("a finite number", value)
        is_long = len(value.as_tuple().digits) > MOST_DIGITS or abs(value.adjusted()) > MOST_DIGITS
    if is_long:
        fault(f"must be a number of at most {MOST_DIGITS} digits")
    return value  # type: ignore[no-any-return]


def _is_number(value: Any) -> bool:
    """Tell whether a value is a number of a file; its type is loaded when there is one."""
    from decimal import Decimal

    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def at_least_zero(value: Any) -> int | Decimal:
    if a_number(value) < 0:
        must_be("a number, 0 or more", value)
    return value  # type: ignore[no-any-return]


def a_rate(value: Any) -> int | Decimal | str:
    """Return a learning rate: a number above 0, or a text such as "1/10"."""
    if isinstance(value, str):
        return a_maths_text(value)
    if a_number(value) <= 0:
        must_be("a number above 0", value)
    return value  # type: ignore[no-any-return]


def a_count(value: Any, least: int, most: int | None = None) -> int:
    """Return a whole number within its limits."""
    upto = f" from {least} to {most}" if most is not None else f", {least} or more"
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        must_be(f"a whole number{upto}", value)
    return int(value)


# --- values of a point, arrays, answers ------------------------------------------------------------------------------


def a_scalar(value: Any) -> int | Decimal | str:
    """Return a number, or a text such as "1/2"."""
    if isinstance(value, str):
        return a_maths_text(value)
    if isinstance(value, (list, dict, bool)):
        must_be("a number or a text", value)
    return a_number(value)


def an_array(value: Any) -> Any:
    """Return a number, a text, or lists of them whose rows are equally long."""
    if isinstance(value, list):
        _check_entries(value, ())
        return value
    return a_scalar(value)


def _check_entries(value: list[Any], path: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of nested lists, or say where an entry is none."""
    if not value:
        fault("must not be empty", path=path)
    shapes = []
    for i, entry in enumerate(value):
        if isinstance(entry, list):
            shapes.append(_check_entries(entry, (*path, i)))
        else:
            _scalar_at(entry, (*path, i))
            shapes.append(())
        if shapes[i] != shapes[0]:
            fault("must be as long as the first row" if shapes[i] else "must have rows alone", path=(*path, i))
    return (len(value), *shapes[0])


def _scalar_at(value: Any, path: tuple[str | int, ...]) -> None:
    try:
        a_scalar(value)
    except Refused as refused:
        raise Refused(refused.said, refused.hint, path) from None


def an_answer(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    """Return an answer: a text, a number, lists and tables of them."""
    if isinstance(value, (list, dict)):
        if not value:
            fault("must not be empty", path=path)
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            an_answer(entry, (*path, key))
    else:
        _scalar_at(value, path)
    return value


def a_direction(value: Any) -> Any:
    """Return a direction: a text such as "3, 4", or a list of numbers and texts."""
    if isinstance(value, list):
        if any(isinstance(entry, list) for entry in value):
            fault("must be a list of numbers")
        return an_array(value)
    if not isinstance(value, str):
        must_be("a list of numbers, such as [3, 4]", value)
    return a_maths_text(value)


def arrays(value: Any) -> dict[str, Any]:
    """Return a table of arrays."""
    if not isinstance(value, dict):
        must_be("a table of numbers and arrays, such as {x = [1, 2]}", value)
    for name, entry in value.items():
        below(name, an_array, entry)
    return value


def points_of_graph(value: Any) -> Any:
    """Return a table of arrays, or a list of such tables."""
    if not isinstance(value, list):
        return arrays(value)
    if not value:
        fault("must not be empty")
    for i, entry in enumerate(value):
        if not isinstance(entry, dict):
            must_be("a table of numbers and arrays, such as {x = 1}", entry, (i,))
        below(i, arrays, entry)
    return value


def data(value: Any) -> Any:
    """Return training data: a table of arrays, the name of a .csv or .npz file beside the sheet, or columns of one."""
    if isinstance(value, dict) and "file" in value:
        _inside_the_folder(value["file"], ("file",))
        for name, columns in value.items():
            if not (isinstance(columns, str) or _are_texts(columns)):
                must_be("the name of a column, or a list of names", columns, (name,))
        return value
    if isinstance(value, str):
        _inside_the_folder(value, ())
        return value
    return arrays(value)


def validation(value: Any) -> Any:
    """Return training data, or the part of the data that is kept out: a number between 0 and 1."""
    if isinstance(value, bool) or _is_number(value):
        if isinstance(value, bool) or not 0 < a_number(value) < 1:
            must_be("a number between 0 and 1, or data", value)
        return value
    return data(value)


def accuracy(value: Any) -> Any:
    """Return the name of a node, or false."""
    return value if value is False else a_maths_text(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, str) for entry in value)


def _inside_the_folder(value: Any, path: tuple[str | int, ...]) -> None:
    if not isinstance(value, str):
        must_be("the name of a file", value, path)
    parts = re.split(r"[/\\]", value)
    if not value.isprintable() or ":" in value or "" in parts or ".." in parts or value.startswith("~"):
        hint = "Nothing outside the folder of the sheet is read."
        fault(f"must be the name of a file in the folder of the sheet, not {clipped(value)}", hint, path)
    if not value.lower().endswith((".csv", ".npz")):
        fault(f"must be a .csv or an .npz file, not {clipped(value)}", path=path)
