"""The engine: the next place, the first rule that fits, one labelled step at a time.

`differentiate` works the pending derivatives out, leftmost and outermost first; `tidy` brings the line into textbook
form. Both are one walk over the tree with a stack of its own: a step's path is known from the stack, no line is ever
searched again from its root, and nothing recurses on the depth of a tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback import laws
from symback.cases import Branch, cases_of, is_cases
from symback.domain import check_point, point_of
from symback.errors import DomainError, UsageError
from symback.functions import FUNCTIONS, Function
from symback.parse.source import MAX_CHARACTERS
from symback.question import (
    Question,
    has_negative_powers,
    names_in,
    notes_on_unused,
    read_question,
    read_values,
)
from symback.rule import Derivation, Move, Rule
from symback.tidy import Place, cancel_at_once, place_below, tidy_once, zero_at_once
from symback.tidy.fractions import MULTIPLY_BY_ONE
from symback.tidy.powers import has_negative_power
from symback.tidy.surds import with_simple_roots
from symback.tree import (
    ONE,
    Apply,
    Decimal,
    Diff,
    Inert,
    Let,
    Neg,
    Path,
    Plus,
    Quotient,
    Times,
    Tree,
    apply,
    is_pending,
    product_of,
    replaced_by_name,
    substituted,
    symbol,
    symbols_of,
    walk,
    without_lets,
)
from symback.unknown import parts


class _Frame:
    """A node whose arguments are being worked on: those done, those to do, and the way to it from the root."""

    __slots__ = ("done", "key", "node", "ones", "path", "todo")

    def __init__(self, node: Tree, key: Any, path: Any, todo: list[tuple[Tree, Any]]) -> None:
        self.node = node
        self.key = key
        self.path = path
        self.done: list[Tree] = []
        self.todo = todo
        self.ones = 0

    def rebuilt(self) -> Tree:
        """Return the node with its worked-out arguments; the same object where nothing changed."""
        old, new = self.node._args, self.done
        if len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True)):
            return self.node
        return type(self.node)(*new)


class _Walk:
    """One pass over a tree that records its moves; a subclass says what to do before and after the arguments."""

    def __init__(self, base: Path, moves: list[Move]) -> None:
        self.base = base
        self.moves = moves

    def run(self, tree: Tree, key: Any) -> Tree:
        root = _Frame(tree, None, None, [(tree, key)])
        stack = [root]
        while True:
            frame = stack[-1]
            if frame.todo:
                node, key = frame.todo.pop()
                self._enter(node, key, stack)
            elif frame is root:
                return root.done[0]
            else:
                stack.pop()
                self._leave(frame, stack)

    def _enter(self, node: Tree, key: Any, stack: list[_Frame]) -> None:
        known = node if not isinstance(node, Inert) or isinstance(node, (Decimal, Let)) else self.done(node, key)
        if known is not None:
            stack[-1].done.append(known)
            return
        path = self._place(stack)
        if not self.before(node, key, path, stack):
            stack.append(_Frame(node, key, path, self.arguments(node, key)))

    def _leave(self, frame: _Frame, stack: list[_Frame]) -> None:
        node = frame.rebuilt()
        if not self.after(node, frame, stack):
            stack[-1].done.append(self.settled(node))

    def _place(self, stack: list[_Frame]) -> Any:
        """Return the path of the argument being worked on, as linked pairs (parent's path, index)."""
        parent = stack[-1]
        return None if len(stack) == 1 else (parent.path, len(parent.done))

    def record(self, rule: Rule, path: Any, piece: Tree, result: Tree, bound: Mapping[str, Tree]) -> None:
        self.moves.append(Move(rule, self._flat(path), piece, result, tuple(bound.items())))

    def _flat(self, path: Any) -> Path:
        indices = []
        while path is not None:
            path, index = path
            indices.append(index)
        return self.base + tuple(reversed(indices))

    def again(self, result: Tree, key: Any, stack: list[_Frame]) -> None:
        """Put a result in its place, to be worked on; in a sum or product of its own kind its parts join the others."""
        parent = stack[-1]
        head = type(parent.node)
        if len(stack) > 1 and head is type(result) and head in (Plus, Times):
            parent.todo += [(a, self.key_below(parent, key)) for a in reversed(result._args)]
        else:
            parent.todo.append((result, key))

    def key_below(self, parent: _Frame, key: Any) -> Any:
        return key

    def done(self, node: Inert, key: Any) -> Tree | None:
        """Return the node where nothing is to be done in it, else None."""
        raise NotImplementedError

    def settled(self, node: Tree) -> Tree:
        """Return the object that stands for a finished node."""
        return node

    def arguments(self, node: Inert, key: Any) -> list[tuple[Tree, Any]]:
        raise NotImplementedError

    def before(self, node: Inert, key: Any, path: Any, stack: list[_Frame]) -> bool:
        raise NotImplementedError

    def after(self, node: Tree, frame: _Frame, stack: list[_Frame]) -> bool:
        raise NotImplementedError


class _ByCases(NamedTuple):
    """Marks the derivative of a function by cases, whose joints are looked at when all branches are worked out."""

    function: Tree
    variable: Tree


_UNIT = "unit"  # marks the D(x) of a constant multiple c*D(x), whose 1 is multiplied away at once


class _Differentiate(_Walk):
    """Work out every pending derivative of a tree."""

    def __init__(self, base: Path, moves: list[Move], strategy: str, named_inner: bool) -> None:
        super().__init__(base, moves)
        self.strategy = strategy
        self.named_inner = named_inner

    def done(self, node: Inert, key: Any) -> Tree | None:
        return None if is_pending(node) else node

    def arguments(self, node: Inert, key: Any) -> list[tuple[Tree, Any]]:
        if isinstance(node, Diff):
            return [(node._args[0], None)]
        todo = [(a, None) for a in reversed(node._args)]
        if key is _UNIT:
            todo[0] = (todo[0][0], _UNIT)
        return todo

    def before(self, node: Inert, key: Any, path: Any, stack: list[_Frame]) -> bool:
        if not isinstance(node, Diff) or is_pending(node._args[0]):
            return False
        self._differentiate(node, key, path, stack)
        return True

    def after(self, node: Tree, frame: _Frame, stack: list[_Frame]) -> bool:
        if isinstance(frame.node, Diff):
            self._differentiate(Diff(frame.done[0], frame.node._args[1]), None, frame.path, stack)
            return True
        if isinstance(frame.key, _ByCases):
            return self._at_the_joints(node, frame, stack)
        if frame.ones:
            result = product_of(_without_marked(node, frame))
            self.record(MULTIPLY_BY_ONE, frame.path, node, result, {})
            parent = stack[-1]
            if len(stack) > 1 and type(parent.node) is type(result) and type(result) in (Plus, Times):
                parent.done += result._args
            else:
                parent.done.append(result)
            return True
        return False

    def _at_the_joints(self, node: Tree, frame: _Frame, stack: list[_Frame]) -> bool:
        """Put the joints where the derivative exists to the regions beside them."""
        function, variable = frame.key
        if not isinstance(variable, Symbol):
            return False
        at_joints = import_module("symback.check.at_joints")  # check stands above this file
        result = at_joints.closed(function, node, variable)
        if result == node:
            return False
        self.record(laws.JOINTS, frame.path, node, result, {})
        self.again(result, None, stack)
        return True

    def _differentiate(self, node: Diff, key: Any, path: Any, stack: list[_Frame]) -> None:
        rule, result, bound = self._hit(node)
        self.record(rule, path, node, result, bound)
        is_unit = rule.name == "constant multiple rule" and bound.get("u") == node._args[1]
        if key is _UNIT and result == ONE:
            stack[-1].ones += 1
        parent = stack[-1]
        if is_unit and isinstance(result, Times):
            if len(stack) > 1 and isinstance(parent.node, Times):
                marked: list[tuple[Tree, Any]] = [(a, None) for a in reversed(result._args)]
                marked[0] = (marked[0][0], _UNIT)
                parent.todo += marked
                return
            self.again(result, _UNIT, stack)
            return
        self.again(result, _ByCases(*node._args) if rule is laws.CASE_BY_CASE else None, stack)

    def _hit(self, node: Diff) -> laws.Hit:
        if self.named_inner:
            hit = laws.chain_through_named(node)
            if hit is not None:
                return hit
        return laws.differentiate_once(node, self.strategy)


def _without_marked(node: Tree, frame: _Frame) -> list[Tree]:
    """Return the factors without the ones that the identity rule has just put at the end of constant multiples."""
    left = frame.ones
    kept = []
    for factor in reversed(node._args):
        if left and factor == ONE:
            left -= 1
        else:
            kept.append(factor)
    return kept[::-1]


class _Tidy(_Walk):
    """Bring a tree without pending derivatives into textbook form."""

    def __init__(self, base: Path, moves: list[Move], keep_negative_powers: bool) -> None:
        super().__init__(base, moves)
        self.keep_negative_powers = keep_negative_powers
        self.finished: set[tuple[Tree, Place]] = set()
        self.known: dict[Tree, Tree] = {}

    def done(self, node: Inert, key: Place) -> Tree | None:
        return self.known[node] if (node, key) in self.finished else None

    def settled(self, node: Tree) -> Tree:
        return self.known.get(node, node)  # the first of equal trees, so that comparing them again costs nothing

    def arguments(self, node: Inert, key: Place) -> list[tuple[Tree, Any]]:
        last = len(node._args) - 1
        return [(a, place_below(node, key, last - i)) for i, a in enumerate(reversed(node._args))]

    def key_below(self, parent: _Frame, key: Place) -> Place:
        return place_below(parent.node, parent.key, 0)

    def before(self, node: Inert, key: Place, path: Any, stack: list[_Frame]) -> bool:
        hit = zero_at_once(node) or cancel_at_once(node)
        if hit is None:
            return False
        self.record(hit[0], path, node, hit[1], {})
        self.again(hit[1], key, stack)
        return True

    def after(self, node: Tree, frame: _Frame, stack: list[_Frame]) -> bool:
        # x^(-2) as a factor becomes a fraction together with its product: -2x^(-3) = -2/x^3 in one step
        waits = self._is_factor(stack) and has_negative_power(node)
        found = tidy_once(node, frame.key, self.keep_negative_powers or waits)
        if found is None:
            if not waits:
                self.finished.add((self.known.setdefault(node, node), frame.key))
            return False
        (rule, result), in_numerator = found
        if in_numerator:
            self.record(rule, (frame.path, 0), node._args[0], result, {})
            result = type(node)(result, node._args[1])
        else:
            self.record(rule, frame.path, node, result, {})
        self.again(result, frame.key, stack)
        return True

    def _is_factor(self, stack: list[_Frame]) -> bool:
        return len(stack) > 1 and isinstance(stack[-1].node, (Times, Quotient, Neg))


def differentiate(
    tree: Tree, moves: list[Move], base: Path = (), strategy: str = "textbook", named_inner: bool = False
) -> Tree:
    """Work out the pending derivatives of the tree, adding the moves, and return what comes out (not yet tidied)."""
    return _Differentiate(base, moves, strategy, named_inner).run(tree, None)


def tidy(
    tree: Tree, moves: list[Move], base: Path = (), keep_negative_powers: bool = False, expand: bool = True
) -> Tree:
    """Bring the tree into textbook form, adding the moves, and return it; without `expand` brackets stay closed."""
    return _Tidy(base, moves, keep_negative_powers).run(tree, Place.LINE if expand else Place.CLOSED)


# --- the question -----------------------------------------------------------------------------------------------------

LARGEST_ORDER = 20
SUBSTITUTE = "substitute"
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

    `expr` is text in symback's language, a SymPy expression, or a tree. `wrt` may be left out where there is one
    variable; several variables mean the mixed derivative, by the first, then by the second. `order` repeats each of
    them. `at` maps names to values that are put in at the end. `strategy` is `textbook` or `literal`. A text of more
    than `max_characters` is refused.

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
    somewhere = import_module("symback.check.somewhere")  # check stands above this file
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
        line = differentiate(Diff(line, variable), moves, base, strategy, question.has_inner)
        if any(move.rule is laws.CASE_BY_CASE for move in moves[before:]):
            said += import_module("symback.check.said_of_joints").said_of_pass(moves[before:], functions)
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
    moves.append(Move(laws.INSERT_FUNCTIONS, path, question.called, question.tree, bound))


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
    if _limit_instead(functions, line, tuple(by), point) is not None:
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
            moves.append(Move(laws.SUBSTITUTE_BACK, base, line, plain, tuple(inner.items())))
            line = tidy(plain, moves, base, keep)
    return line


def value_at(
    line: Tree,
    values: Mapping[str, Tree],
    moves: list[Move],
    functions: Iterable[Tree] = (),
    variables: Iterable[Tree] = (),
) -> Tree:
    """Put the values in and work the number out.

    Where the line has no value at the point, but the derivative exists, it is the limit of the difference quotient.
    Raises DomainError where one of the functions that were differentiated by the variables has no derivative there.
    """
    known = {symbol(name): value for name, value in values.items()}
    functions, variables = tuple(functions), tuple(variables)
    if known and variables:
        if is_cases(line) and is_cases(functions[-1]):
            line = _with_the_point(line, functions, variables[-1], known, moves)
        limit = _limit_instead(functions, line, variables, known)
        if limit is not None:
            moves.append(limit)
            return limit.result
    used = tuple((s.name, v) for s, v in known.items() if s in symbols_of(line))
    if used:
        law = ", ".join(name for name, _ in used) + " take their values"
        result = substituted(line, known)
        moves.append(Move(Rule(SUBSTITUTE, law), (), line, result, used))
        line = result
    return line if symbols_of(line) and not used else with_simple_roots(tidy(line, moves, (), True), moves)


def _with_the_point(
    line: Tree, functions: Sequence[Tree], variable: Tree, known: Mapping[Any, Tree], moves: list[Move]
) -> Tree:
    """Put the derivative at the point, as a limit, into a derivative by cases that leaves the point out."""
    at_joints = import_module("symback.check.at_joints")  # check stands above this file
    result: Tree = at_joints.with_the_point(line, functions, variable, known)
    if result != line:
        moves.append(Move(laws.JOINTS, (), line, result))
    return result


def _limit_instead(
    functions: Sequence[Tree], line: Tree, variables: Sequence[Tree], known: Mapping[Any, Tree]
) -> Move | None:
    """Return the step to the limit of the difference quotient where the formula has no value; None where it has one.

    Every derivative on the way must exist at the point. One that is a limit there is put to its formula as a case, and
    the quotients of the next are taken of that. Raises DomainError where one of them does not exist.
    """
    function, move = functions[0], None
    for order, (variable, formula) in enumerate(zip(variables, (*functions[1:], line), strict=True), 1):
        move = _limit_of_pass(function, variable, formula, functions[0], known)
        if order < len(variables):
            function = formula if move is None else _filled(formula, variables[order], move.result, known)
    return move


def _filled(formula: Tree, variable: Tree, value: Tree, known: Mapping[Any, Tree]) -> Tree:
    """Return a formula that has no value at the point, with its limit there as a case."""
    if variable not in known:
        raise DomainError(f"The derivative has no value for every {variable.name}.", hint="Choose another point.")
    away = apply("differs", variable, known[variable])
    return cases_of([Branch(formula, away), Branch(value, True)])


def _limit_of_pass(
    function: Tree, variable: Tree, formula: Tree, first: Tree, known: Mapping[Any, Tree]
) -> Move | None:
    """Return the step to the limit for one derivative, whose formula is known.

    Numbers decide, on both sides of the point and with guards against huge ones; domain.py finds the words for
    `first`, the function that was asked about.
    """
    at_a_point = import_module("symback.check.at_a_point")  # check stands above this file
    finding = at_a_point.look_at(Diff(function, variable), formula, known)
    if finding in (at_a_point.Finding.FINE, at_a_point.Finding.FROM_ONE_SIDE):
        return None
    words = ""
    if finding is at_a_point.Finding.NO_DERIVATIVE:
        limit = import_module("symback.check.quotient").limit_at(function, variable, known)
        if limit.value is not None:
            rule = LIMIT_FROM_ONE_SIDE if limit.is_one_sided else LIMIT
            return _limit_move(rule, function, variable, formula, limit.value, known)
        words = limit.why
    try:
        check_point([first], formula, [variable], point_of(known))
    except (ArithmeticError, ValueError, RecursionError):
        pass  # no words for numbers beyond all bounds
    except DomainError as error:
        more = f", and {words}." if words and error.message.startswith("The derivative") else "."
        raise DomainError(error.message.rstrip(".") + more, hint=error.hint) from None
    point = ", ".join(f"{s.name} = {known[s].doit()}" for s in known)
    what = "real value" if finding is at_a_point.Finding.NO_VALUE else "derivative"
    more = f": {words}" if words else ""
    raise DomainError(f"The function has no {what} at {point}{more}.", hint="Choose another point.")


LIMIT = Rule("limit of the difference quotient", "f'(a) = lim (f(a + h) - f(a))/h for h -> 0")
LIMIT_FROM_ONE_SIDE = Rule(LIMIT.name, "f'(a) = lim (f(a + h) - f(a))/h for h -> 0 on the side where f is real")
_LETTERS_OF_FUNCTIONS = ("f", "g", "F", "G", "phi", "psi")


def _limit_move(rule: Rule, function: Tree, variable: Tree, line: Tree, value: Tree, known: Mapping[Any, Tree]) -> Move:
    """Return the step from a formula without a value to the limit; it names the function and the point."""
    letter = next((x for x in _LETTERS_OF_FUNCTIONS if symbol(x) not in {*known, *symbols_of(function)}), "f_0")
    first = ((variable.name, known[variable]),)
    others = tuple((s.name, v) for s, v in known.items() if s != variable and s in symbols_of(function))
    return Move(rule, (), line, value, ((letter, function), *first, *others))


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


def notes_on_limits(moves: Iterable[Move]) -> list[str]:
    """Say of each derivative that is a limit of difference quotients that it was not read off its formula."""
    notes = []
    for move in moves:
        if move.rule.name == LIMIT.name:
            named = sorted(move.bound[1:], key=lambda pair: pair[0])
            point = ", ".join(f"{name} = {value.doit()}" for name, value in named)
            sides = "both sides" if move.rule == LIMIT else "the side where the function is real"
            notes.append(f"At {point} the formula has no value: the limit of the difference quotient from {sides}.")
    return notes


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
