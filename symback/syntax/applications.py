"""A function and its arguments put together: sin^2 x, sin^-1 x, log_2 x, log(x, b), max(a, b), f'(x), D(u)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sympy.core.numbers import Integer

from symback.expr.cases import CASES
from symback.expr.functions import FUNCTIONS
from symback.expr.tree import ONE, TWO, Diff, E, Neg, Power, Tree, apply, symbol
from symback.syntax import own_functions
from symback.syntax.arrays import Call, Named, applied, call_of, is_list, parted
from symback.syntax.by_cases import WHERE, cases_from, where_from
from symback.syntax.source import Source
from symback.syntax.words import UNKNOWN_FUNCTIONS

_TEN, _THREE = Integer(10), Integer(3)
_BASES = {"lg": _TEN, "lb": TWO, "ld": TWO}


class Head(NamedTuple):
    """A function whose argument is still to be read, with what stood at its name: sin^2, log_2, \\sqrt[3]."""

    name: str
    at: int
    end: int
    power: Tree | None = None
    base: Tree | None = None
    degree: Tree | None = None
    own: bool = False  # a function of the user's, or one that is not known


def apply_function(source: Source, head: Head, arguments: list[Tree], end: int) -> Tree:
    """Return the function of its arguments; `end` is the offset after the last of them."""
    name = head.name
    if head.power is not None and not head.own and _is_minus_one(head.power):
        name = _inverse(source, head)
    value = _value(source, head, name, arguments, end)
    return value if head.power is None or name != head.name else Power(value, head.power)


def _is_minus_one(power: Tree) -> bool:
    return isinstance(power, Neg) and power.args[0] == ONE


def _inverse(source: Source, head: Head) -> str:
    for name in ("arc" + head.name, "ar" + head.name):
        if name in FUNCTIONS:
            remark = f"{head.name}^-1 is read as the inverse function {name}"
            source.note(head.at, f"{remark}; write `1/{head.name}(...)` for the reciprocal.")
            return name
    message = f"{head.name} has no inverse function that is written {head.name}^-1."
    raise source.error(message, head.at, head.end, hint=f"Write `1/{head.name}(...)` for the reciprocal.")


def _value(source: Source, head: Head, name: str, arguments: list[Tree], end: int) -> Tree:
    if name in (CASES, WHERE) and (name == CASES or source.arrays is None):
        return (cases_from if name == CASES else where_from)(source, arguments, head.at, end)
    if head.own:
        return own_functions.applied_to(source, head, arguments, end)
    call = call_of(source, name)
    by_place, named = parted(arguments)
    _check_once(source, head, arguments, end)
    if call is not None:
        _check_names(source, head, call, named, end)
        if named:
            _check_arrays(source, head, call, by_place, named, end)
        else:
            _check_counts(source, head, arguments, (call.least, call.most), end)
        return applied(call, name, by_place, named)
    if named:
        _check_names(source, head, None, named, end)
    if name.rstrip("'") in UNKNOWN_FUNCTIONS:
        return apply(name, *arguments)
    if name == "D":
        return Diff(arguments[0], arguments[1] if len(arguments) > 1 else symbol("x"))
    if name == "log" or name in _BASES:
        return _logarithm(source, head, arguments, end)
    if name == "root" and head.degree is not None:
        return root_of(arguments[0], head.degree)
    row = FUNCTIONS.get(name)
    _check_arity(source, head, arguments, row.arity if row else 1, end)
    return apply(name, *arguments) if row else Power(E, arguments[0])


def root_of(argument: Tree, degree: Tree) -> Tree:
    """Return the root of the argument; the square and the cube root are functions of their own."""
    if degree == _THREE:
        return apply("cbrt", argument)
    return apply("sqrt", argument) if degree == TWO else apply("root", argument, degree)


def _logarithm(source: Source, head: Head, arguments: list[Tree], end: int) -> Tree:
    if head.name in _BASES:
        _check_arity(source, head, arguments, 1, end)
        base = _BASES[head.name]
        other = f"; write `log_{TWO if base == _TEN else _TEN}(x)` for the base {TWO if base == _TEN else _TEN}"
        source.note(head.at, f"{head.name} is read as the logarithm to the base {base}{other}.")
        return apply("log", arguments[0], base)
    if head.base is not None:
        _check_arity(source, head, arguments, 1, end)
        return apply("log", arguments[0], head.base)
    if len(arguments) == 1:
        source.note(head.at, "log is read as the natural logarithm ln; write `log_10(x)` for the base 10.")
        return apply("ln", arguments[0])
    _check_arity(source, head, arguments, 2, end)
    return apply("log", *arguments)


def _check_names(source: Source, head: Head, call: Call | None, named: Mapping[str, Tree], end: int) -> None:
    """Refuse a parameter that a function does not have."""
    known = [name for name, _ in call.parameters] if call else []
    known += ["axis", "keepdims"] if call and call.along else ["axis"] if call and call.has_many else []
    for name in named:
        if name not in known:
            hint = f"It has {' and '.join(known)}." if known else "It is applied entry by entry."
            raise source.error(f"{head.name} has no {name}.", head.at, end, hint=hint)


def _check_arrays(
    source: Source, head: Head, call: Call, by_place: list[Tree], named: Mapping[str, Tree], end: int
) -> None:
    """Refuse a call that has parameters and no array, and a parameter that is given twice."""
    needed = sum(default is None for _, default in call.parameters)
    if not by_place:
        raise source.error(f"{head.name} is of no array.", head.at, end, hint=f"Write {head.name}(x, ...).")
    if len(by_place) + needed < call.least:
        _check_arity(source, head, by_place, call.least - needed, end)
    by_place_too = [] if call.has_many else call.parameters[: max(len(by_place) - call.least, 0)]
    twice = [name for name, _ in by_place_too if name in named]
    if twice:
        raise source.error(f"{head.name} has two values for {twice[0]}.", head.at, end, hint="Leave one of them out.")


def _check_once(source: Source, head: Head, arguments: list[Tree], end: int) -> None:
    """Refuse a parameter or an axis that is named twice."""
    names = [argument.parameter for argument in arguments if isinstance(argument, Named)]
    axis = parted(arguments)[1].get("axis")
    axes = list(axis.arguments) if axis is not None and is_list(axis) else []
    for said in (names, axes):
        twice = next((one for place, one in enumerate(said) if one in said[:place]), None)
        if twice is not None:
            what = twice if said is names else f"the axis {twice}"
            raise source.error(f"{head.name} has {what} twice.", head.at, end, hint="Name each once.")


def _check_counts(source: Source, head: Head, arguments: list[Tree], counts: tuple[int, int], end: int) -> None:
    least, most = counts
    if not least <= len(arguments) <= most:
        _check_arity(source, head, arguments, least if len(arguments) < least else most, end)


def _check_arity(source: Source, head: Head, arguments: list[Tree], arity: int, end: int) -> None:
    if len(arguments) == arity:
        return
    values = "1 value" if arity == 1 else f"{arity} values"
    given = "1 is" if len(arguments) == 1 else f"{len(arguments)} are"
    reason = f"{head.name} takes {values}, but {given} given."
    raise source.error(reason, head.at, end, hint=_arity_hint(source, head.name, arity))


def _arity_hint(source: Source, name: str, arity: int) -> str:
    own = source.arrays.functions.get(name) if source.arrays is not None else None
    if own is not None:
        return f"It is defined with the parameter{'s' * (len(own) > 1)} {', '.join(own)}."
    if name in ("max", "min"):
        return f"Write `{name}(a, b)`, or `{name}(a, {name}(b, c))` for three values."
    if name == "where":
        return "Write where(x > 0, a, b): a where the comparison holds, b elsewhere."
    if arity == 1:
        return f"Write `{name}(x)`; a decimal is written with a point, as `0.5`."
    return f"Write `{name}({', '.join(['x', '2', '3', '4'][:arity])})`."
