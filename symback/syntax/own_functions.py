"""Which names of a text are functions, and what they make of their arguments.

Functions are: what the system defines by a left side such as `f(x)`; f, g and h where nobody declared them; a name with
a prime, as in u'(x); a name before a bracket with a comma in it; and a name before a bracket that holds exactly
variables, as in u(x) v(x) where the derivative is by x. A name that is a function once is a function in the whole text.
`y'` without a bracket makes y a function of the one variable, so that y is read as y(x).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sympy.core.symbol import Symbol

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Apply, Tree, apply, symbol
from symback.expr.unknown import MOST_ARGUMENTS, named, slots_of
from symback.syntax.derivatives import partner, sign_of
from symback.syntax.words import GREEK_FUNCTIONS, UNKNOWN_FUNCTIONS

if TYPE_CHECKING:
    from symback.syntax.applications import Head
    from symback.syntax.source import Source
    from symback.syntax.tokens import Token


class Functions(NamedTuple):
    """What a text uses as functions: the names that are applied, and those that stand for y(x) without a bracket."""

    applied: frozenset[str] = frozenset()
    guessed: frozenset[str] = frozenset()  # for what is in the bracket alone
    lone: Mapping[str, str] = {}


def joined_primes(tokens: list[Token]) -> list[Token]:
    r"""Return the tokens with the raised primes of f^{\prime} and f^\prime as plain ones."""
    if not any(token.kind == "'" for token in tokens):
        return tokens
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        end = _raised_primes(tokens, at)
        joined += [t for t in tokens[at : max(end, at + 1)] if t.kind == "'" or not end]
        at = max(end, at + 1)
    return joined


def _raised_primes(tokens: Sequence[Token], at: int) -> int:
    """Return where `^'` or `^{'...'}` that begins at a token ends; 0 where there is none."""
    if tokens[at].kind != "^":
        return 0
    braced = tokens[at + 1].kind == "{"
    end = first = at + 1 + braced
    while tokens[end].kind == "'":
        end += 1
    if end == first or (braced and tokens[end].kind != "}"):
        return 0
    return end + braced


def used_in(source: Source, tokens: Sequence[Token]) -> Functions:
    """Return what the tokens of a text use as functions; an error where a function of that name cannot be."""
    if source.arrays is not None or source.law:
        return Functions()
    variables = source.variables | _differentiated_by(source, tokens)
    applied: set[str] = set()
    guessed: set[str] = set()
    lone: dict[str, str] = {}
    for index, token in enumerate(tokens):
        if token.kind != "name":
            continue
        _check_power(source, tokens, index)
        after = _after_primes(tokens, index + 1)
        if after > index + 1 and tokens[after].kind != "(":
            _note_lone(source, token, variables, lone)
        elif tokens[after].kind == "(" and _is_surely_applied(source, tokens[index], after > index + 1):
            applied.add(token.value)
        elif tokens[after].kind == "(" and _is_applied(source, tokens, index, after, variables):
            guessed.add(token.value)
    return Functions(frozenset(applied | guessed), frozenset(guessed - applied), lone)


def _differentiated_by(source: Source, tokens: Sequence[Token]) -> frozenset[str]:
    """Return the variables of the derivative signs in a text."""
    found = []
    for before, token, name in zip(tokens, tokens[1:], tokens[2:], strict=False):
        sign = sign_of(token)
        is_sign = sign == "∂" or (sign == "d" and "d" not in source.names)
        if is_sign and name.kind == "name" and before.kind in ("/", "{", "name"):
            found.append(name.value)
    return frozenset(found)


def _after_primes(tokens: Sequence[Token], index: int) -> int:
    while tokens[index].kind == "'":
        index += 1
    return index


def _check_power(source: Source, tokens: Sequence[Token], index: int) -> None:
    """Refuse f^2(x) for a function of the system: it may be meant as f(x)^2 or f(f(x)), and f^-1(x) as an inverse."""
    token = tokens[index]
    if not source.defined.get(token.value) or tokens[index + 1].kind != "^":
        return
    end = index + 2 + (tokens[index + 2].kind == "-")
    end = partner(tokens, end) if tokens[end].kind == "{" else end
    if end > 0 and tokens[end + 1].kind == "(":
        name, power = token.value, source.clip(tokens[index + 1].at, tokens[end].end)
        hint = f"Write ({name}(x)){power} for the power, or {name}({name}(x))."
        raise source.error(f"{name}{power}(...) can be read in two ways.", token.at, tokens[end].end, hint=hint)


def _note_lone(source: Source, token: Token, variables: frozenset[str], lone: dict[str, str]) -> None:
    """Remember that y' makes y a function of the one variable that there is."""
    name = token.value
    if name not in source.defined and name not in variables and len(variables) == 1:
        (lone[name],) = variables
        source.note(token.at, f"{name}' is read as {name}'({lone[name]}), so {name} is {name}({lone[name]}).")


def _is_surely_applied(source: Source, token: Token, has_prime: bool) -> bool:
    """Tell whether the name before a bracket is a function for any content of the bracket."""
    if token.value in source.defined:
        return _is_defined_function(source, token, has_prime)
    return has_prime or (token.value in UNKNOWN_FUNCTIONS and token.value not in source.names)


def _is_applied(source: Source, tokens: Sequence[Token], index: int, bracket: int, variables: frozenset[str]) -> bool:
    """Tell whether the name before a bracket is a function for what is in it."""
    name = tokens[index].value
    if (
        name in source.defined
        or name in FUNCTIONS
        or name in GREEK_FUNCTIONS
        or sign_of(tokens[index])
        or name in variables
    ):
        return False
    inside, has_comma = _names_inside(tokens, bracket)
    if name in source.names:
        return bool(inside) and variables.issuperset(inside)
    return has_comma or bool(inside and name not in inside and (variables | source.names).issuperset(inside))


def _is_defined_function(source: Source, token: Token, has_prime: bool) -> bool:
    """Tell whether a name of the system is a function; f, g and h are not numbers before a bracket."""
    name = token.value
    if source.defined[name]:
        return True
    if name in UNKNOWN_FUNCTIONS or has_prime:
        hint = f"Write {name}(x) = ... for a function, or {name}*(...) for a product."
        raise source.error(f"{name} is defined without an argument.", token.at, token.end, hint=hint)
    return False


def _names_inside(tokens: Sequence[Token], bracket: int) -> tuple[tuple[str, ...], bool]:
    """Return the names that alone stand in a bracket, each once, and whether there is a comma in it."""
    depth, has_comma, kinds, end = 0, False, [], bracket
    for end in range(bracket, len(tokens)):
        kind = tokens[end].kind
        depth += (kind in ("(", "[", "{")) - (kind in (")", "]", "}"))
        has_comma |= kind == "," and depth == 1
        if depth == 0:
            break
        kinds.append(kind)
    names = tuple(t.value for t in tokens[bracket + 1 : end] if t.kind == "name")
    alone = kinds == ["(", *["name", ","] * (len(names) - 1), "name"] and len(set(names)) == len(names)
    return names if alone else (), has_comma and depth == 0


# --- a function and its arguments -------------------------------------------------------------------------------------


def applied_to(source: Source, head: Head, arguments: Sequence[Tree], end: int) -> Tree:
    """Return a function of the user's, or an unknown one, of its arguments; `f_x(x, y)` is a partial derivative."""
    name = head.name
    own = name.rstrip("'")
    primes = len(name) - len(own)
    if own in source.defined:
        _check_count(source, head, own, len(arguments), end)
    if primes and len(arguments) > 1:
        hint = f"Write {own}_x(x, y) for a partial derivative, or d/dx [...]."
        raise source.error(
            f"A prime does not say by which of its arguments {own} is differentiated.", head.at, end, hint=hint
        )
    if len(arguments) > MOST_ARGUMENTS:
        raise source.error(f"A function has at most {MOST_ARGUMENTS} arguments.", head.at, end, hint="Leave some out.")
    partial = _partial(source, head, arguments, end)
    if partial is None and source.functions is not None and name in source.functions.guessed:
        written = source.clip(head.at, end)
        source.note(head.at, f"{written} is read as a function that is not known; write {name}*... for a product.")
    return partial or apply(name, *arguments)


def _check_count(source: Source, head: Head, own: str, given: int, end: int) -> None:
    parameters = source.defined[own]
    if len(parameters) != given:
        values = "1 value" if len(parameters) == 1 else f"{len(parameters)} values"
        reason = f"{own} takes {values}, but {given} {'is' if given == 1 else 'are'} given."
        hint = f"It is defined as {own}({', '.join(parameters)})."
        raise source.error(reason, head.at, end, hint=hint)


def _partial(source: Source, head: Head, arguments: Sequence[Tree], end: int) -> Apply | None:
    """Return the partial derivative f_x(x, y), f_{xy}(x, y) or f_1(2x, y); None where the name is just a name."""
    own, below = _split(head.name)
    if len(arguments) < 2 or not below or head.name in source.defined or head.name in source.names:
        return None
    names = source.defined.get(own) or [a.name if isinstance(a, Symbol) else "" for a in arguments]
    if own in source.defined:
        _check_count(source, head, own, len(arguments), end)
    slots = slots_of(below, names)
    if slots is None:
        return None
    if below.isdigit():
        which = "by its argument " + ", then ".join(below)
        source.note(head.at, f"{source.clip(head.at, head.end)} is read as the derivative of {own} {which}.")
    return apply(named(own, slots), *arguments)


def _split(name: str) -> tuple[str, str]:
    """Return the letters of a name and its subscript: f_x, f1 and f_{12} are f with x, 1 and 12."""
    own, _, below = name.partition("_")
    if below:
        return own, below.strip("{}")
    letters = own.rstrip("0123456789")
    return letters, own[len(letters) :]


def is_function(source: Source, name: str) -> bool:
    """Tell whether the text that is being read uses a name as a function."""
    return source.functions is not None and name in source.functions.applied


def lone(functions: Functions | None, name: str, primes: int) -> Tree | None:
    """Return y(x) for a y that has a prime without a bracket somewhere; None for any other name."""
    if functions is None or name not in functions.lone:
        return None
    return apply(name + "'" * primes, symbol(functions.lone[name]))
