"""What comes after the last integral sign: numbers multiplied out, bars that nothing needs, the constant."""

from __future__ import annotations

from collections.abc import Iterator

from sympy.core.symbol import Symbol

from symback.calculus.engine import tidy
from symback.calculus.integrals.forms import polynomial, value_of
from symback.calculus.integrals.plan import count_integrals
from symback.errors import SymbackError
from symback.expr.rule import Move, Rule
from symback.expr.tree import (
    ZERO,
    Apply,
    E,
    Inert,
    Neg,
    Path,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    at,
    is_free_of,
    number_value,
    product_of,
    put,
    sum_of,
    symbols_of,
)
from symback.verify import approximate

DISTRIBUTE = Rule("expand", "c*(u + v) = c*u + c*v", minor=True)
UP_TO_A_CONSTANT = Rule("inverse function", "arctan(tan(u)) = u up to a constant")
POSITIVE = Rule("no bars needed", "abs(u) = u where u is positive", minor=True)


def finished(line: Tree, moves: list[Move], variable: Symbol) -> Tree:
    """Bring an antiderivative into textbook form, adding the moves, and return it."""
    for rewritten in (_untangled, _distributed, without_bars):
        for path, rule, result in rewritten(line, variable):
            moves.append(Move(rule, path, at(line, path), result))
            line = put(line, path, result)
    try:
        made: list[Move] = []
        closed = tidy(line, made, (), expand=False)
    except SymbackError:
        return line
    moves += made
    return closed


def _distributed(line: Tree, variable: Symbol) -> Iterator[tuple[Path, Rule, Tree]]:
    """Yield one move for each bracket that is multiplied by a number or a letter, from the inside out."""
    while True:
        found = next(_brackets(line, (), variable), None)
        if found is None:
            return
        path, result = found
        yield path, DISTRIBUTE, result
        line = put(line, path, result)


def _brackets(tree: Tree, path: Path, variable: Symbol) -> Iterator[tuple[Path, Tree]]:
    """Yield the places of constant multiples of sums among the terms of a line."""
    if isinstance(tree, Plus):
        for i, term in enumerate(tree._args):
            if isinstance(term, Neg) and isinstance(term._args[0], Plus):
                yield (*path, i), _negated(term._args[0])
            yield from _brackets(term, (*path, i), variable)
    elif isinstance(tree, Neg):
        if isinstance(tree._args[0], Plus):
            yield path, _negated(tree._args[0])
        yield from _brackets(tree._args[0], (*path, 0), variable)
    elif isinstance(tree, Times):
        sums = [f for f in tree._args if isinstance(f, Plus) and not is_free_of(f, variable)]
        others = [f for f in tree._args if f not in sums]
        if len(sums) == 1 and all(is_free_of(f, variable) for f in others):
            yield path, sum_of([_multiplied(others, t) for t in sums[0]._args])
    elif isinstance(tree, Quotient) and is_free_of(tree._args[1], variable) and isinstance(tree._args[0], Plus):
        if number_value(tree._args[1]) is None or not path:
            return
        yield path, sum_of([_divided(t, tree._args[1]) for t in tree._args[0]._args])


def _negated(tree: Plus) -> Tree:
    return sum_of([t._args[0] if isinstance(t, Neg) else Neg(t) for t in tree._args])


def _multiplied(factors: list[Tree], term: Tree) -> Tree:
    if isinstance(term, Neg):
        return Neg(_multiplied(factors, term._args[0]))
    return product_of([*factors, *(term._args if isinstance(term, Times) else (term,))])


def _divided(term: Tree, by: Tree) -> Tree:
    return Neg(_divided(term._args[0], by)) if isinstance(term, Neg) else Quotient(term, by)


# --- an inverse function of its own function --------------------------------------------------------------------------


def _untangled(line: Tree, variable: Symbol) -> Iterator[tuple[Path, Rule, Tree]]:
    """Yield one move for each multiple of arctan(tan u), which is u up to a constant and does not jump."""
    stack: list[tuple[Tree, Path]] = [(line, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, (Plus, Neg)):
            stack.extend((a, (*path, i)) for i, a in enumerate(node._args))
        elif isinstance(node, Times):
            inner = [(a, (*path, i)) for i, a in enumerate(node._args) if not is_free_of(a, variable)]
            stack.extend(inner if len(inner) == 1 else ())
        elif isinstance(node, Quotient) and is_free_of(node._args[1], variable):
            stack.append((node._args[0], (*path, 0)))
        elif isinstance(node, Apply) and node.name == "arctan" and isinstance(node._args[1], Apply):
            inside = node._args[1]
            if inside.name == "tan" and len(inside.arguments) == 1:
                yield path, UP_TO_A_CONSTANT, inside._args[1]


# --- bars -------------------------------------------------------------------------------------------------------------


def without_bars(line: Tree, variable: Symbol) -> Iterator[tuple[Path, Rule, Tree]]:
    """Yield one move for each ln|u| where u is positive everywhere."""
    while True:
        found = _needless(line, variable)
        if found is None:
            return
        yield found[0], POSITIVE, found[1]
        line = put(line, *found)


def _needless(tree: Tree, variable: Symbol) -> tuple[Path, Tree] | None:
    stack: list[tuple[Tree, Path]] = [(tree, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, Apply) and node.name == "abs" and is_positive(node._args[1], variable):
            return path, node._args[1]
        if isinstance(node, Inert):
            stack.extend((a, (*path, i)) for i, a in enumerate(node._args))
    return None


def is_positive(tree: Tree, variable: Symbol) -> bool:
    """Tell whether a tree is certainly positive wherever it is real.

    >>> from symback.syntax import parse
    >>> x = parse("x")
    >>> is_positive(parse("x^2 + x + 1"), x), is_positive(parse("e^x + 1"), x), is_positive(parse("x^2 - 1"), x)
    (True, True, False)
    """
    value = number_value(tree)
    if value is not None:
        return value > 0
    if isinstance(tree, Power) and tree._args[0] == E:
        return True
    if not symbols_of(tree):
        return (approximate(tree) or 0.0) > 0
    if isinstance(tree, Apply) and tree.name == "cosh":
        return True
    if isinstance(tree, Plus):
        strict = [is_positive(t, variable) for t in tree._args]
        if any(strict) and all(s or _is_not_negative(t) for s, t in zip(strict, tree._args, strict=True)):
            return True
    if isinstance(tree, (Times, Quotient)):
        return all(is_positive(f, variable) for f in tree._args)
    found = polynomial(value_of(tree), variable)
    if found is None or found.degree() != 2 or found.free_symbols != {variable}:
        return False
    a, b, c = found.all_coeffs()
    return bool(a > 0 and b * b - 4 * a * c < 0)


def _is_not_negative(tree: Tree) -> bool:
    if isinstance(tree, Power):
        value = number_value(tree._args[1])
        return value is not None and value.denominator == 1 and value.numerator % 2 == 0
    if isinstance(tree, (Times, Quotient)):
        return all(_is_not_negative(f) or (number_value(f) or 0) > 0 for f in tree._args)
    return isinstance(tree, Apply) and tree.name in ("sqrt", "abs")


# --- the constant -----------------------------------------------------------------------------------------------------


def with_constant(start: Tree, moves: list[Move], constant: Tree) -> list[Move]:
    """Return the moves with the constant in every line that has no integral sign any more."""
    made: list[Move] = []
    line = start
    for move in moves:
        after = put(line, move.path, move.result)
        if count_integrals(line):
            made.append(move if count_integrals(after) else _whole(move, line, added(after, constant)))
        else:
            made.append(_shifted(move, line, after, constant))
        line = after
    return made


def added(tree: Tree, constant: Tree) -> Tree:
    """Return a line and the constant, which stands alone where the line is 0."""
    if tree == ZERO:
        return constant
    return Plus(*tree._args, constant) if isinstance(tree, Plus) else Plus(tree, constant)


def _shifted(move: Move, line: Tree, after: Tree, constant: Tree) -> Move:
    if isinstance(line, Plus) and move.path:
        return move
    if isinstance(line, Plus) or after == ZERO:
        return _whole(move, added(line, constant), added(after, constant))
    return Move(move.rule, (0, *move.path), move.piece, move.result, move.bound, move.letters)


def _whole(move: Move, before: Tree, after: Tree) -> Move:
    return Move(move.rule, (), before, after, move.bound, move.letters)
