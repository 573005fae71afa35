"""The question: which derivatives are asked for, in which order, with which notes, and at which point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus import laws
from symback.calculus.at_point import limit_instead, notes_on_limits, value_at
from symback.calculus.engine import differentiate, tidy
from symback.calculus.question import (
    Question,
    has_negative_powers,
    names_in,
    notes_on_unused,
    read_question,
    read_values,
)
from symback.errors import DomainError, UsageError
from symback.expr.functions import FUNCTIONS, Function
from symback.expr.rule import Derivation, Move, next_line
from symback.expr.tree import (
    Apply,
    Diff,
    Inert,
    Let,
    Path,
    Tree,
    replaced_by_name,
    substituted,
    symbol,
    symbols_of,
    walk,
    without_lets,
)
from symback.expr.unknown import parts
from symback.syntax.source import MAX_CHARACTERS

LARGEST_ORDER = 20
STRATEGIES = tuple(laws.STRATEGIES)


def derive(
    expr: str | Expr,
    wrt: str | Expr | Sequence[str | Expr] | None = None,
    *,
    order: int = 1,
    at: Mapping[Any, Any] | None = None,
    strategy: str = "textbook",
    names: Iterable[str] = (),
    tidy: bool = True,
    max_characters: int = MAX_CHARACTERS,
) -> Derivation:
    """Differentiate an expression one labelled step at a time.

    `expr` is text in symback's language, a SymPy expression, or a tree. `wrt` may be left out if there is only one
    variable; several variables mean the mixed derivative, by the first, then by the second. `order` repeats each of
    them. `at` maps names to values, which are inserted at the end. `strategy` is `textbook` or `literal`. A text
    longer than `max_characters` is refused.

    Raises ParseError (unreadable text), UsageError (no such question) and NoRule (a function without a derivative).

    >>> derive("x^2 sin x", "x").answer
    x**2*cos(x) + 2*x*sin(x)
    """
    question = expr if isinstance(expr, Question) else read_question(expr, names, max_characters, names_in(wrt)).posed()
    question = question.with_originals(wrt, at)
    variables = question.passes(wrt, _checked_order(order))
    if strategy not in STRATEGIES:
        raise UsageError(f"There is no strategy {strategy!r}.", hint=f"Choose one of: {', '.join(STRATEGIES)}.")
    start: Tree = question.tree if question.called is None else question.called
    for variable in variables:
        start = Diff(start, variable)
    return work_out(start, variables, question, strategy, at, tidy)


def work_out(
    start: Tree,
    variables: Sequence[Tree],
    question: Question,
    strategy: str,
    at: Mapping[Any, Any] | None,
    to_the_end: bool,
) -> Derivation:
    """Return the derivation of a start line with one pending derivative inside another for each variable.

    DomainError where the function is real nowhere, or the derivative holds a constant that has no real value.
    """
    somewhere = import_module("symback.verify.somewhere")  # loaded where a derivation needs it
    somewhere.require_real(question.tree, variables)
    moves: list[Move] = []
    insert_functions(question, moves, (0,) * len(variables))
    keep = has_negative_powers(question.tree)
    line: Tree = question.tree
    functions: list[Tree] = []
    said: list[str] = []
    for depth, variable in reversed(list(enumerate(reversed(variables)))):
        base = (0,) * depth
        functions.append(line)
        before = len(moves)
        line = differentiate(Diff(line, variable), moves, base, strategy, question.has_inner, keep)
        if any(move.rule is laws.CASE_BY_CASE for move in moves[before:]):
            said += import_module("symback.verify.said_of_joints").said_of_pass(moves[before:], functions)
        if to_the_end:
            line = _tidied(line, moves, base, keep, question.has_inner and depth == 0)
    somewhere.require_constants(line)
    values = read_values(at) if at and to_the_end else {}
    line = value_at(line, values, moves, functions, variables)
    point = tuple((symbol(name), value) for name, value in values.items())
    joints = dict.fromkeys(said)
    unused = notes_on_unused(values, question.tree)
    notes = (*question.notes, *_notes_on(question, variables, moves), *joints, *unused)
    return Derivation(
        start,
        tuple(moves),
        line,
        tuple(variables),
        notes,
        question.name,
        question.source,
        strategy,
        point,
        question.originals,
    )


def insert_functions(question: Question, moves: list[Move], path: Path = ()) -> None:
    """Put in the functions that the user defined, as the first step."""
    if question.called is None:
        return
    named = {n._args[0].name: n._args[1] for n in walk(question.called) if isinstance(n, Let) and _is_name(n._args[0])}
    kept = {n._args[0].name for n in walk(question.tree) if isinstance(n, Let)}
    bound = (*question.insertions, *((name, tree) for name, tree in named.items() if name not in kept))
    moves.append(Move(laws.INSERT_FUNCTIONS, path, question.called, question.tree, bound, line=next_line(moves)))


def _is_name(tree: Tree) -> bool:
    return isinstance(tree, Symbol)


def derivatives_worked_out(question: Question, moves: list[Move], known: Mapping[Any, Tree]) -> Tree:
    """Return the question's tree with its derivatives worked out; DomainError where there is none at the point."""
    keep = has_negative_powers(question.tree)
    for node in _outermost_pending(question.tree):
        _require_value(node, known)
    line = differentiate(question.tree, moves, (), "textbook", question.has_inner)
    return _tidied(line, moves, (), keep, any(isinstance(node, Let) for node in walk(line)))


def _outermost_pending(tree: Tree) -> list[Diff]:
    found, stack = [], [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Diff):
            found.append(node)
        elif isinstance(node, Inert) and not isinstance(node, Let):
            stack.extend(node._args)
    return found


def _require_value(pending: Diff, known: Mapping[Any, Tree]) -> None:
    """Raise DomainError where a pending derivative has no value at the point."""
    variables: list[Tree] = []
    function: Tree = pending
    while isinstance(function, Diff):
        variables.insert(0, function._args[1])
        function = function._args[0]
    point = dict(known)
    for variable in variables:
        if isinstance(variable, Let):  # f'(u) with u = 2x
            point[variable._args[0]] = substituted(without_lets(variable._args[1]), known)
            function = replaced_by_name(function, variable)
    by = [v._args[0] if isinstance(v, Let) else v for v in variables]
    if not all(isinstance(v, Symbol) and v in point for v in by):
        return
    function = without_lets(function)
    functions, line = [], function
    for variable in by:
        functions.append(line)
        line = differentiate(Diff(line, variable), [])
    if limit_instead(functions, line, tuple(by), point) is not None:
        hint = "Ask for the derivative itself at this point, which is then found as a limit."
        raise DomainError("The formula of the derivative has no value at this point.", hint=hint)


def _checked_order(order: int) -> int:
    if not isinstance(order, int) or not 1 <= order <= LARGEST_ORDER:
        raise UsageError(f"The order must be a whole number from 1 to {LARGEST_ORDER}, not {order}.")
    return order


def _tidied(line: Tree, moves: list[Move], base: Path, keep: bool, insert_inner: bool) -> Tree:
    line = tidy(line, moves, base, keep)
    if insert_inner:
        inner = {node._args[0].name: node._args[1] for node in walk(line) if isinstance(node, Let)}
        if inner:
            plain = without_lets(line)
            moves.append(Move(laws.SUBSTITUTE_BACK, base, line, plain, tuple(inner.items()), line=next_line(moves)))
            line = tidy(plain, moves, base, keep)
    return line


def _notes_on(question: Question, variables: Sequence[Tree], moves: Sequence[Move]) -> list[str]:
    present = symbols_of(question.tree)
    notes = [
        f"{v.name} does not occur in the expression, so the derivative is 0." for v in variables if v not in present
    ]
    notes += [MIXED for move in moves if _is_reordered(move)][:1]
    used = {name for move in moves for name in _kinked_functions(move)}
    notes += notes_on_limits(moves)
    notes += [_KINK_NOTES.get(name) or _kink_note(FUNCTIONS[name]) for name in FUNCTIONS if name in used]
    return list(dict.fromkeys(notes))


MIXED = "Mixed partial derivatives of an unknown function are taken as equal in every order."


def _is_reordered(move: Move) -> bool:
    """Tell whether the derivative of f_y by x was written f_xy."""
    if move.rule not in (laws.PARTIAL_DERIVATIVE, laws.CHAIN_RULE_OF_ONE, laws.CHAIN_RULE_OF_ARGUMENTS):
        return False
    taken = parts(move.piece._args[0].name)[1]
    found = (parts(node.name)[1] for node in walk(move.result) if isinstance(node, Apply))
    return bool(taken) and any(len(slots) > len(taken) and slots[: len(taken)] != taken for slots in found)


_KINK_NOTES = {
    "abs": "|u| has no derivative where u = 0; sign(u) is 1 for u > 0 and -1 for u < 0.",
    "sign": "sign(u) has no derivative where u = 0.",
    "max": "max(u, v) has no derivative where u = v; step(u) is 1 for u > 0 and 0 for u < 0.",
    "min": "min(u, v) has no derivative where u = v; step(u) is 1 for u > 0 and 0 for u < 0.",
    "mod": "mod(u, v) has no derivative where u is a multiple of v.",
    "relu": "relu(u) has no derivative where u = 0; step(u) is 1 for u > 0 and 0 for u < 0 (a network takes 0 at 0).",
}


def _kink_note(row: Function) -> str:
    """Say where a function has no derivative, and what step is where the derivative holds it."""
    of_step = "; step(u) is 1 for u > 0 and 0 for u < 0" if "step" in row.derivative else ""
    return f"{row.name}(u) has no derivative where {row.kinks_said}{of_step}."


def _kinked_functions(move: Move) -> list[str]:
    if not isinstance(move.piece, Diff) or not isinstance(move.piece._args[0], Apply):
        return []
    name = move.piece._args[0].name
    return [name] if name in _KINK_NOTES or name in FUNCTIONS and FUNCTIONS[name].kinks else []
