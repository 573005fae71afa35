"""The right answers of a problem, by the keys that a given answer may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from symback.expr.tree import Tree
from symback.syntax import parse
from symback.verify import Judged

REFUSED = "refused"  # the right answer where a product does not exist
NO_VALUE = frozenset(("does not exist", "dne", "undefined", "not defined"))  # ways to say that there is no answer


def says_no_value(given: Any) -> bool:
    """Tell whether an answer says that what is asked for does not exist.

    >>> says_no_value("Does not exist."), says_no_value("2x")
    (True, False)
    """
    return isinstance(given, str) and given.strip().rstrip(".").casefold() in NO_VALUE


@dataclass(frozen=True, slots=True)
class Right:
    """One right answer: as a value (a number, the tree of one, or a list for an array), as a formula, or as both.

    `same` tells "yes", "no" or "unknown" of another formula, or judges it, where comparing values of letters is not
    enough. `within` are functions that the question is about: formulas are compared where they are real. `pending` is
    the derivative that the formula is worked out from: an answer by cases may give no slope where that has none.
    """

    value: Any = None
    formula: Tree | None = None
    same: Callable[[Tree], str | Judged] | None = None
    within: tuple[Tree, ...] = ()
    pending: Tree | None = None


Rights: TypeAlias = "Right | list[Rights]"


@dataclass(frozen=True, slots=True)
class Answers:
    """The right answers by the keys that a given answer may have.

    `alone` is the key that an answer without keys is meant for, `in_order` those that a list is. `order` is how often
    the function is differentiated by the variables that a key names, None where keys name no variables. `parts` are
    tables in tables, such as `forward` and `value`. `read` reads an expression, `key` brings a key into its one
    spelling. `name` is that of the function, where the question gives one, `arguments` are its variables in their
    order, and `point` has the values of those that have one.
    """

    by_key: Mapping[str, Rights] = field(default_factory=dict)
    alone: str = ""
    in_order: tuple[str, ...] = ()
    order: int | None = None
    parts: Mapping[str, Mapping[str, Rights]] = field(default_factory=dict)
    read: Callable[[str], Tree] = parse
    key: Callable[[str], str] = str
    name: str = ""
    arguments: tuple[str, ...] = ()
    point: Mapping[str, Tree] = field(default_factory=dict)


def rights_of(values: Any) -> Rights:
    """Return the right answers that an array, nested lists or one number is."""
    plain = values.tolist() if hasattr(values, "tolist") else values
    return [rights_of(entry) for entry in plain] if isinstance(plain, (list, tuple)) else Right(plain)
