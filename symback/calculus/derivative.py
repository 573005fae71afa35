"""The question for a derivative in each of its ways: by the rules, by the definition, by logarithms, along a curve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, Literal, TypeAlias, overload

from sympy.core.expr import Expr

from symback.calculus.derive import STRATEGIES
from symback.calculus.derive import derive as by_rules
from symback.calculus.question import Question, names_in, read_question, read_values
from symback.calculus.worked import Worked
from symback.errors import UsageError
from symback.expr.rule import Derivation
from symback.syntax.source import MAX_CHARACTERS

OTHER_STRATEGIES = {
    "definition": ("by_definition", "by_definition"),
    "logarithmic": ("logarithmic", "logarithmic"),
}  # their files in curves, and the functions there
Wrt: TypeAlias = str | Expr | Sequence[str | Expr] | None


@overload
def derive(  # type: ignore[overload-overlap]
    expr: str | Expr,
    wrt: Wrt = None,
    *,
    strategy: Literal["definition", "logarithmic"],
    order: int = 1,
    at: Mapping[Any, Any] | None = None,
    names: Iterable[str] = (),
) -> Worked: ...
@overload
def derive(
    expr: str | Expr,
    wrt: Wrt = None,
    *,
    of: str,
    order: int = 1,
    at: Mapping[Any, Any] | None = None,
    names: Iterable[str] = (),
) -> Worked: ...
@overload
def derive(
    expr: str | Expr,
    wrt: Wrt = None,
    *,
    inverse: Literal[True],
    at: Mapping[Any, Any] | None = None,
    names: Iterable[str] = (),
) -> Worked: ...
@overload
def derive(
    expr: str | Expr,
    wrt: Wrt = None,
    *,
    order: int = 1,
    at: Mapping[Any, Any] | None = None,
    strategy: str = "textbook",
    names: Iterable[str] = (),
    tidy: bool = True,
    max_characters: int = MAX_CHARACTERS,
) -> Derivation: ...
def derive(  # noqa: PLR0913
    expr: Any,
    wrt: Wrt = None,
    *,
    order: int = 1,
    at: Mapping[Any, Any] | None = None,
    strategy: str = "textbook",
    names: Iterable[str] = (),
    tidy: bool = True,
    max_characters: int = MAX_CHARACTERS,
    of: str | None = None,
    inverse: bool = False,
) -> Any:
    """Differentiate an expression one labelled step at a time.

    `expr` is text in symback's language, a SymPy expression, or a tree. `wrt` may be left out if there is only one
    variable; several variables mean the mixed derivative, by the first, then by the second. `order` repeats each of
    them. `at` maps names to values, which are inserted at the end. `strategy` is `textbook` or `literal`, or
    `definition` (the limit of the difference quotient) or `logarithmic` (the logarithm of both sides). With `of` the
    text is a curve such as `x = t^2; y = t^3 - t`, and `of` and `wrt` name its coordinates. `inverse` asks for the
    derivative of the inverse function at the value that `at` gives. A text longer than `max_characters` is refused.

    Raises ParseError (unreadable text), UsageError (no such question) and NoRule (a function without a derivative).

    >>> derive("x^2 sin x", "x").answer
    x**2*cos(x) + 2*x*sin(x)
    >>> derive("x^x", "x", strategy="logarithmic").answer
    x**x*(log(x) + 1)
    >>> derive("x = t^2; y = t^3 - t", "x", of="y").answer
    (3*t**2 - 1)/(2*t)
    """
    if of:
        return _of("parametric").parametric(expr, of, wrt, order, at, names=names)
    if inverse:
        question = asked(expr, wrt, at, names, max_characters)
        return _of("inverse").inverse(question, wrt, read_values(at or {}))
    if strategy in OTHER_STRATEGIES:
        return in_another_way(asked(expr, wrt, at, names, max_characters), wrt, strategy, order, at)
    if strategy not in STRATEGIES:
        known = ", ".join((*STRATEGIES, *OTHER_STRATEGIES))
        raise UsageError(f"There is no strategy {strategy!r}.", hint=f"Choose one of: {known}.")
    return by_rules(expr, wrt, order=order, at=at, strategy=strategy, names=names, tidy=tidy,
                    max_characters=max_characters)  # fmt: skip


def asked(expr: Any, wrt: Any, at: Any, names: Iterable[str] = (), max_characters: int = MAX_CHARACTERS) -> Question:
    """Return the question that an expression asks."""
    if isinstance(expr, Question):
        return expr
    return read_question(expr, names, max_characters, names_in(wrt)).posed().with_originals(wrt, at)


def in_another_way(question: Question, wrt: Any, strategy: str, order: int = 1, at: Any = None) -> Worked:
    """Return a derivative by the definition or by logarithms."""
    file, name = OTHER_STRATEGIES[strategy]
    found: Worked = getattr(_of(file), name)(question, wrt, order, read_values(at) if at else {})
    return found


def _of(file: str) -> Any:
    """Return a file of curves, which is loaded when it is asked for."""
    return import_module(f"symback.calculus.curves.{file}")
