"""Forms that are rewritten: 0 · oo as a quotient, 1^oo as an exponential."""

from __future__ import annotations

from collections.abc import Iterator

from symback.calculus.engine import tidy
from symback.calculus.integrals.forms import tidied
from symback.calculus.limits.algebra import (
    inside,
    joined,
    over,
)
from symback.calculus.limits.laws import (
    AS_EXPONENTIAL,
    AS_EXPONENTIAL_LAW,
    AS_QUOTIENT,
    HYPERBOLIC,
)  # fmt: skip
from symback.calculus.limits.work import Work
from symback.errors import SymbackError
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    TWO,
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
    apply,
    at,
    fold,
    is_free_of,
    number_value,
    product_of,
    walk,
    weight_of,
)  # fmt: skip

LONGEST = 160


def as_quotient(work: Work, path: Path, body: Tree) -> bool:
    """Write 0 · oo as a quotient of the form 0/0 or oo/oo."""
    if not isinstance(body, Times):
        return False
    kinds = [work.tendency(f).kind for f in body._args]
    small = [f for f, kind in zip(body._args, kinds, strict=True) if kind == "zero"]
    large = [f for f, kind in zip(body._args, kinds, strict=True) if kind == "infinite"]
    others = [f for f, kind in zip(body._args, kinds, strict=True) if kind == "finite"]
    if not small or not large or len(small) + len(large) + len(others) < len(body._args):
        return False
    rule = Rule(f"{AS_QUOTIENT.name}, form 0 · ∞", AS_QUOTIENT.law)
    for result in _quotients(product_of(small), product_of(large), others):
        work.apply(rule, inside(path), result)
        return True
    return False


def _quotients(small: Tree, large: Tree, others: list[Tree]) -> Iterator[Tree]:
    """Yield the better one of 0/(1/oo) and oo/(1/0): logarithms and arctangents stay above the bar."""
    above_small = Quotient(product_of([*others, *_parts(small)]), _inverse(large))
    above_large = Quotient(product_of([*others, *_parts(large)]), _inverse(small))
    keeps = any(isinstance(n, Apply) and n.name in ("ln", "arctan", "arcsin", "arccot") for n in walk(small))
    if keeps:
        yield above_small
    elif any(isinstance(n, Apply) and n.name == "ln" for n in walk(large)) or _is_exponential(small):
        yield above_large
    elif weight_of(above_small) <= weight_of(above_large):
        yield above_small
    else:
        yield above_large


def _parts(tree: Tree) -> tuple[Tree, ...]:
    return tree._args if isinstance(tree, Times) else (tree,)


def _is_exponential(tree: Tree) -> bool:
    return isinstance(tree, Power) and (tree._args[0] == E or number_value(tree._args[0]) is not None)


_PARTNERS = {"tan": "cot", "cot": "tan", "sin": "csc", "cos": "sec", "sec": "cos", "csc": "sin"}


def _inverse(tree: Tree) -> Tree:
    """Return one over a tree, as it is written best."""
    if isinstance(tree, Apply) and tree.name in ("cot", "sec", "csc", "tan"):
        return apply(_PARTNERS[tree.name], *tree.arguments)
    if _is_exponential(tree):
        exponent = tree._args[1]
        return Power(tree._args[0], exponent._args[0] if isinstance(exponent, Neg) else Neg(exponent))
    if isinstance(tree, Quotient):
        return over(tree._args[1], tree._args[0])
    return Quotient(ONE, tree)


def as_exponential(work: Work, path: Path, body: Tree) -> bool:
    """Write u^v of the forms 1^oo, 0^0 and oo^0 as e^(v ln u)."""
    if not isinstance(body, Power) or body._args[0] == E or is_free_of(body._args[1], work.variable):
        return False
    base, exponent = body._args
    if is_free_of(base, work.variable):
        return False
    first, second = work.tendency(base), work.tendency(exponent)
    kinds = (first.kind, second.kind)
    form = {("zero", "zero"): "0^0", ("infinite", "zero"): "∞^0", ("finite", "infinite"): "1^∞"}.get(kinds, "")
    if form == "1^∞" and not work.comes_to(base, ONE):
        form = ""
    name = f"{AS_EXPONENTIAL}, form {form}" if form else AS_EXPONENTIAL
    logarithm = tidied(apply("ln", base)) if isinstance(base, Power) else apply("ln", base)
    result = Power(E, _times_exponent(exponent, logarithm))
    work.apply(Rule(name, AS_EXPONENTIAL_LAW), inside(path), result)
    return True


def _times_exponent(exponent: Tree, logarithm: Tree) -> Tree:
    if isinstance(exponent, Neg):
        return Neg(_times_exponent(exponent._args[0], logarithm))
    if isinstance(exponent, Quotient):
        return Quotient(joined(exponent._args[0], logarithm), exponent._args[1])
    return joined(exponent, logarithm)


def in_exponentials(work: Work, path: Path, body: Tree) -> bool:
    """Write cosh and sinh by exponentials far out, where they grow like them."""
    names = {node.name for node in walk(body) if isinstance(node, Apply)}
    if not work.is_far or not names & {"sinh", "cosh"} or work.tendency(body).kind == "unknown":
        return False

    def written(node: Tree, inner: list[Tree]) -> Tree:
        if isinstance(node, Apply) and node.name in ("sinh", "cosh"):
            grows, falls = Power(E, inner[1]), Power(E, Neg(inner[1]))
            return Quotient(Plus(grows, falls if node.name == "cosh" else Neg(falls)), TWO)
        return type(node)(*inner) if isinstance(node, Inert) and inner else node

    work.apply(HYPERBOLIC, inside(path), fold(body, written))
    simpler(work, path, at(work.line, inside(path)))
    return True


def simpler(work: Work, path: Path, body: Tree) -> bool:
    """Bring a function into textbook form, where that changes it."""
    if weight_of(body) > LONGEST:
        return False
    before = len(work.moves)
    try:
        work.tidied_by(lambda tree, moves, base: tidy(tree, moves, base, expand=False), inside(path))
    except SymbackError:
        return False
    return len(work.moves) > before
