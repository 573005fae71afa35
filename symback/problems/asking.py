"""The Python function of a kind, made from its fields: what it is given is checked as the keys of a file are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symback.problems.complaints import of_problem
from symback.problems.registry import exercise, kind


def function(name: str) -> Callable[..., Any]:
    """Return the Python function of a kind: it takes the keys as arguments, and returns what is worked out.

    >>> function("evaluate")("x^2 + 1", at={"x": "1/2"}).answer
    5/4
    """
    from inspect import Parameter, Signature

    declared = kind(name)
    signature = Signature(
        [
            Parameter(
                one.name,
                Parameter.POSITIONAL_OR_KEYWORD if one.required or number == 0 else Parameter.KEYWORD_ONLY,
                default=Parameter.empty if one.required else one.default,
            )
            for number, one in enumerate(sorted(declared.fields.values(), key=lambda one: not one.required))
        ]
    )

    def ask(*args: Any, **given: Any) -> Any:
        bound = signature.bind(*args, **given).arguments
        asked = {one.key: one.called(bound[one.name]) for one in declared.fields.values() if one.name in bound}
        return next(iter(exercise(name, _right(name, asked)).things()))

    ask.__name__ = ask.__qualname__ = name
    ask.__module__ = "symback"
    ask.__doc__ = "\n".join(
        [declared.does or declared.summary(), "", *(f"`{one.name}`: {one.says}" for one in declared.fields.values())]
    )
    ask.__signature__ = signature  # type: ignore[attr-defined]
    return ask


def _right(name: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the keys of a question; UsageError with all that is wrong with them."""
    from symback.errors import UsageError

    asked = {key: value for key, value in asked.items() if value is not None}
    wrong = list(of_problem({"kind": name, **asked}))
    if wrong:
        raise UsageError("\n".join(one.message for one in wrong), hint=wrong[0].hint)
    return asked
