"""Lines of backpropagation that are wrong, explained by the one repair that makes them right.

Each repair has its name and what a teacher says; it changes one place of a formula. It knows nothing of values: who
tries the formulas tells which of them is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sympy.core.symbol import Symbol

from symback.calculus.laws import FUNCTION_LAWS
from symback.expr.functions import FUNCTIONS
from symback.expr.match import negated
from symback.expr.tree import (
    ONE,
    TWO,
    Apply,
    Gradient,
    Inert,
    Neg,
    Path,
    Plus,
    Quotient,
    Times,
    Tree,
    apply,
    put,
    size,
    substituted,
    sum_of,
    symbol,
    symbols_of,
    walk,
)
from symback.syntax import parse
from symback.syntax.function_rows import ARGUMENT
from symback.working.graph_values import GraphValues
from symback.working.of_gradients import BETTER, FACTOR

Repair = tuple[str, Tree]


def repairs(tree: Tree, sign: Gradient, values: GraphValues) -> Iterator[Repair]:
    """Yield the name of each repair, and the formula with it made at one place."""
    yield from _of_the_whole(tree, sign, values)
    activations = _activations(values)
    for path, node in _places(tree):
        for name, new in _at(node, values, activations):
            yield name, put(tree, path, new) if path else new
    yield from _before_and_after(tree, activations)
    yield from _paths(tree, sign, values)
    yield from _factors(tree, sign, values)
    yield from _over_time(tree, values)
    yield from _softmax(sign, values)


def _places(tree: Tree) -> Iterator[tuple[Path, Tree]]:
    """Yield every place of a formula with what stands there; a derivative sign is one thing."""
    stack: list[tuple[Path, Tree]] = [((), tree)]
    while stack:
        path, node = stack.pop()
        yield path, node
        if isinstance(node, Inert) and not isinstance(node, Gradient):
            first = 1 if isinstance(node, Apply) else 0
            stack += [((*path, i), a) for i, a in enumerate(node._args) if i >= first]


def _of_the_whole(tree: Tree, sign: Gradient, values: GraphValues) -> Iterator[Repair]:
    yield "wrong sign", negated(tree)
    yield "factor 2 left out", Times(TWO, tree)
    yield "factor 2 too many", Quotient(tree, TWO)
    for count in dict.fromkeys(size(s[0]) for s in values.graph.shapes.values() if s):
        yield "mean over the batch left out", Quotient(tree, count)
        yield "mean over the batch taken twice", Times(count, tree)
    by = sign._args[1].name
    if by in (activations := _activations(values)):
        yield "derivative of the activation left out", Times(tree, _derivative(*activations[by]))
    yield "transposed", apply("transpose", tree)


Activations = dict[str, tuple[str, str, str]]  # z: the node a = f(z), f, z


def _activations(values: GraphValues) -> Activations:
    found = {}
    for name, tree in values.graph.trees.items():
        if isinstance(tree, Apply) and tree.name in FUNCTION_LAWS and isinstance(tree._args[-1], Symbol):
            found[tree._args[-1].name] = (name, tree.name, tree._args[-1].name)
    return found


def _derivative(node: str, function: str, inside: str) -> Tree:
    """Return the derivative of an activation, by its own value where its row uses that: a (1 - a)."""
    row = parse(FUNCTIONS[function].derivative, names=("out",))
    return substituted(row, {ARGUMENT: symbol(inside), symbol("out"): symbol(node)})


def _at(node: Tree, values: GraphValues, activations: Activations) -> Iterator[Repair]:
    if isinstance(node, Symbol):
        yield from _for_a_name(node, values, activations)
    elif isinstance(node, Gradient):
        yield from _for_a_sign(node, values)
    elif isinstance(node, Plus) and len(node._args) == 2 and isinstance(node._args[1], Neg):
        yield "difference the wrong way round", Plus(node._args[1]._args[0], negated(node._args[0]))
    elif isinstance(node, Times):
        for i, left in enumerate(node._args):
            for j, right in enumerate(node._args):
                if i != j:
                    yield from _products(node, left, right, (i, j))
    elif isinstance(node, Apply):
        yield from _for_a_call(node)


def _products(node: Times, left: Tree, right: Tree, places: tuple[int, int]) -> Iterator[Repair]:
    rest = [a for k, a in enumerate(node._args) if k not in places]
    for name, call in (
        ("elementwise for matrix product", "matmul"),
        ("elementwise instead of outer product", "outer"),
    ):
        made = apply(call, left, right)
        yield name, Times(*rest, made) if rest else made


def _for_a_call(node: Apply) -> Iterator[Repair]:
    arguments = node.arguments
    if node.name == "matmul":
        yield "order of the matrix product", apply("matmul", arguments[1], arguments[0])
        yield "matrix product for elementwise", Times(*arguments)
    elif node.name == "transpose" and len(arguments) == 1:
        yield "transpose too many", arguments[0]
    elif node.name in FUNCTION_LAWS and len(arguments) == 1:
        law = FUNCTION_LAWS[node.name].right
        yield "activation not differentiated", substituted(law, {ARGUMENT: arguments[0]})


def _for_a_name(node: Symbol, values: GraphValues, activations: Activations) -> Iterator[Repair]:
    shape = values.shapes.get(node.name)
    if shape is None:
        return
    if len(shape) == 2:
        yield "transpose left out", apply("transpose", node)
    after = {found[0]: z for z, found in activations.items()}
    for other, its in values.shapes.items():
        if other != node.name and its == shape and other != values.loss:
            yield _called(node.name, other, after), symbol(other)
    for factor in _other_factors(node, values):
        yield "another factor of the product taken", factor


def _called(given: str, right: str, after: Mapping[str, str]) -> str:
    if after.get(right) == given:
        return "value before the activation taken"
    return "value after the activation taken" if after.get(given) == right else "another node taken"


def _other_factors(node: Symbol, values: GraphValues) -> Iterator[Tree]:
    for tree in values.graph.trees.values():
        for part in walk(tree):
            if isinstance(part, Apply) and part.name in ("matmul", "dot") and node in part.arguments:
                yield from (a for a in part.arguments if a != node and isinstance(a, Symbol))


def _for_a_sign(node: Gradient, values: GraphValues) -> Iterator[Repair]:
    """Yield other derivatives: of the loss by another node of that shape, of other nodes by what they use."""
    of, by = (n.name for n in node._args)
    if of == values.loss:
        others = [Gradient(node._args[0], symbol(n)) for n, s in values.shapes.items() if s == values.shapes[by]]
    else:
        pairs = [(c, s.name) for c, tree in values.graph.trees.items() for s in symbols_of(tree) if c != values.loss]
        others = [Gradient(symbol(c), symbol(v)) for c, v in pairs if not values.shapes[c] and v in values.shapes]
    for other in others:
        if other != node and other._args[1].name != values.loss:
            yield "derivative of another node", other


def _before_and_after(tree: Tree, activations: Activations) -> Iterator[Repair]:
    """Yield the formula with a node taken before or after its activation wherever it stands."""
    held = symbols_of(tree)
    for before, (after, _, _) in activations.items():
        if symbol(before) in held:
            yield "value before the activation taken", substituted(tree, {symbol(before): symbol(after)})
        if symbol(after) in held:
            yield "value after the activation taken", substituted(tree, {symbol(after): symbol(before)})


def _paths(tree: Tree, sign: Gradient, values: GraphValues) -> Iterator[Repair]:
    """Yield the formula with what flows back through one more node, of numbers."""
    loss, by = sign._args
    for user, formula in values.graph.trees.items():
        if by not in symbols_of(formula):
            continue
        local = values.local(user, by.name)
        if local is None:
            continue
        flows = local if user == loss.name else _times(Gradient(loss, symbol(user)), local)
        yield "a path is missing", Plus(*_terms(tree), *_terms(flows))


def _factors(tree: Tree, sign: Gradient, values: GraphValues) -> Iterator[Repair]:
    """Yield the formula with one more factor in a term: a node, or the gradient of the loss by one."""
    fitting = [n for n, s in values.shapes.items() if s in ((), values.shapes[sign._args[1].name]) and n != values.loss]
    more = [symbol(n) for n in fitting]
    more += [
        g for n in fitting if (g := Gradient(sign._args[0], symbol(n))) != sign and sign._args[0].name == values.loss
    ]
    terms = _terms(tree)
    for i, term in enumerate(terms):
        for factor in more:
            made = Times(*(term._args if isinstance(term, Times) else (term,)), factor)
            yield FACTOR, sum_of([*terms[:i], made, *terms[i + 1 :]])


def _times(gradient: Tree, local: Tree) -> Tree:
    return gradient if local == ONE else negated(gradient) if local == Neg(ONE) else Times(local, gradient)


def _terms(tree: Tree) -> Sequence[Tree]:
    return tree._args if isinstance(tree, Plus) else (tree,)


_STEP = re.compile(r"^(?P<name>.*?[^\d])(?P<open>\[?)(?P<step>\d+)(?P<close>\]?)$")


def _over_time(tree: Tree, values: GraphValues) -> Iterator[Repair]:
    """Yield the sum of a term over all steps: of h1 and h2, of h[1] and h[2]."""
    names = {s.name for n in walk(tree) for s in symbols_of(n)} if isinstance(tree, Inert) else {str(tree)}
    steps = sorted({int(found["step"]) for name in names if (found := _STEP.match(name))})
    known = sorted({int(found["step"]) for name in values.shapes if (found := _STEP.match(name))})
    for step in steps:
        moved = [_moved(tree, step, other, values) for other in known]
        terms = [term for term in moved if term is not None]
        if len(terms) > 1:
            yield "sum over time left out", sum_of(terms)


def _moved(tree: Tree, step: int, other: int, values: GraphValues) -> Tree | None:
    """Return a term with the names of one step moved to another by as many steps; None where there is no such name."""
    swap: dict[Symbol, Tree] = {}
    for name in (s.name for s in _names(tree)):
        found = _STEP.match(name)
        if found is None:
            continue
        new = f"{found['name']}{found['open']}{int(found['step']) - step + other}{found['close']}"
        if new in values.shapes:
            swap[symbol(name)] = symbol(new)
        elif found["open"] or int(found["step"]) == step:
            return None
    return substituted(tree, swap)


def _names(tree: Tree) -> set[Any]:
    return {n for n in walk(tree) if isinstance(n, Symbol)}


def _softmax(sign: Gradient, values: GraphValues) -> Iterator[Repair]:
    """Yield the gradient through a softmax: p (g - sum(g p)), g being the gradient by p."""
    loss, by = sign._args
    for name, tree in values.graph.trees.items():
        if isinstance(tree, Apply) and tree.name == "softmax" and tree._args[1] == by and len(values.shapes[name]) == 1:
            p, flow = symbol(name), Gradient(loss, symbol(name))
            yield "only the diagonal of the softmax", Times(p, Plus(flow, Neg(apply("sum", Times(flow, p)))))


def best(found: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return the repairs without those that say the same as a better one with less."""
    worse = {name for better in found for name in BETTER.get(better, ())}
    return {name: tree for name, tree in found.items() if name not in worse}
