"""Parameters that are worked out from others: `r = {value = '{{a}} - 1'}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from symback.errors import FileError, SymbackError
from symback.problems.file.parameters import Parameter, Value, combination, extremes, written
from symback.problems.variants.placeholders import PLACEHOLDER, names_in

HINT = "Write a formula of other parameters, such as {value = '{{a}} - 1'}."


def values_of(parameters: Sequence[Parameter], number: int) -> dict[str, Value]:
    """Return the values of a combination, with those that are worked out from others.

    >>> from symback.problems.file.parameters import in_range, value_of
    >>> a = in_range("a", [value_of(2), value_of(5)], value_of(1), [], False)
    >>> values_of([a, Parameter("r", formula="({{a}} - 1)/2", size=1)], 1)["r"]
    Value(text='1', number=Fraction(1, 1))
    """
    return _with_computed(parameters, combination(parameters, number))


def all_extremes(parameters: Sequence[Parameter]) -> Iterator[Mapping[str, Value]]:
    """Yield the combinations of all the first and of all the last values."""
    yield from (_with_computed(parameters, values) for values in extremes(parameters))


def _with_computed(parameters: Sequence[Parameter], drawn: Mapping[str, Value]) -> dict[str, Value]:
    formulas = {one.name: one.formula for one in parameters if one.formula}
    values = {name: value for name, value in drawn.items() if name not in formulas}
    for name in formulas:
        _compute(name, formulas, values, ())
    return {one.name: values[one.name] for one in parameters}


def _compute(name: str, formulas: Mapping[str, str], values: dict[str, Value], above: tuple[str, ...]) -> None:
    if name in above:
        raise FileError(f"The parameter {name} is worked out from itself.", hint=HINT)
    for other, _, _ in names_in(formulas[name]):
        if other in formulas and other not in values:
            _compute(other, formulas, values, (*above, name))
    if name not in values:
        values[name] = _value(name, formulas[name], values)


def _value(name: str, formula: str, values: Mapping[str, Value]) -> Value:
    """Return the value of a formula, which is exact; FileError where it is no fraction."""
    from symback.expr.tree import symbols_of
    from symback.syntax import parse

    text = PLACEHOLDER.sub(lambda found: f"({values[found[1]].text})" if found[1] in values else found[0], formula)
    try:
        tree = parse(text)
    except SymbackError as error:
        raise FileError(f"The parameter {name} cannot be worked out: {error.message}", hint=HINT) from None
    found = tree.doit()
    if symbols_of(tree) or not found.is_Rational:
        raise FileError(f"The parameter {name} is no whole number and no fraction with these values.", hint=HINT)
    number = Fraction(int(found.p), int(found.q))
    decimal = any("." in value.text for value in values.values()) and number.denominator != 1
    return Value(written(number, decimal), number)
