"""Run a law as it is written: match its left side with a piece of a tree, fill its right side with what was found.

The letters of a law: `x` is the variable; `c` and `n` anything free of x; `k` a number; `f` any function of one
argument; `u v w p q s` anything. The match is structural (no algebra), with one convenience: in `c*u` the constants
of a product are collected in `c` and all other factors in `u`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy.core.numbers import Integer
from sympy.core.symbol import Symbol

from symback.expr.tree import (
    ONE,
    ZERO,
    Apply,
    Decimal,
    Inert,
    Neg,
    Plus,
    Power,
    Times,
    Tree,
    is_decimal,
    is_free_of,
    number,
    number_value,
    product_of,
    symbol,
)

Bindings = dict[str, Tree]

VARIABLE = symbol("x")
ANY_FUNCTION = "f"
_CONSTANT_LETTERS = frozenset("ckn")
_LETTERS = frozenset("cknuvwpqs")


def match(pattern: Tree, tree: Tree, variable: Tree) -> Bindings | None:
    """Return what the letters of the pattern stand for in the tree, or None where it does not fit.

    >>> from symback.expr.tree import Power, TWO, symbol
    >>> match(Power(symbol("x"), symbol("n")), Power(symbol("t"), TWO), symbol("t"))
    {'n': 2}
    """
    bound: Bindings = {}
    return bound if _fits(pattern, tree, variable, bound) else None


def _fits(pattern: Tree, tree: Tree, variable: Tree, bound: Bindings) -> bool:
    head = type(pattern)
    if head is Symbol:
        return _bind(pattern, tree, variable, bound)
    if head is not type(tree):
        return False
    if not isinstance(pattern, Inert):
        return bool(pattern is tree or pattern == tree)
    if head is Times and _is_constant_letter(pattern._args[0]):
        return _split_constants(pattern, tree, variable, bound)
    if head is Apply and pattern.name == ANY_FUNCTION:
        if len(tree._args) != 2:
            return False
        bound[ANY_FUNCTION] = tree._args[0]
        return _fits(pattern._args[1], tree._args[1], variable, bound)
    if len(pattern._args) != len(tree._args):
        return False
    for part, argument in zip(pattern._args, tree._args, strict=True):  # noqa: SIM110, a loop is faster
        if not _fits(part, argument, variable, bound):
            return False
    return True


def _is_constant_letter(pattern: Tree) -> bool:
    return isinstance(pattern, Symbol) and pattern.name in _CONSTANT_LETTERS


def _bind(letter: Symbol, tree: Tree, variable: Tree, bound: Bindings) -> bool:
    name = letter.name
    if name == VARIABLE.name:
        return bool(tree is variable or tree == variable)
    if name in bound:
        return bool(bound[name] == tree)
    if name == "k" and number_value(tree) is None:
        return False
    if name in _CONSTANT_LETTERS and not is_free_of(tree, variable):
        return False
    bound[name] = tree
    return True


def _split_constants(pattern: Times, tree: Times, variable: Tree, bound: Bindings) -> bool:
    """Match `c*u`: the constant factors (numbers only, for `k*u`) in the one letter, the others in the second."""
    letter, rest = pattern._args
    constants: list[Tree] = []
    others: list[Tree] = []
    for factor in tree._args:
        is_constant = number_value(factor) is not None if letter.name == "k" else is_free_of(factor, variable)
        (constants if is_constant else others).append(factor)
    if not constants or not others:
        return False
    bound[letter.name] = product_of(constants)
    return _fits(rest, product_of(others), variable, bound)


def fill(template: Tree, bound: Mapping[str, Tree], variable: Tree) -> Tree:
    """Return the template with its letters replaced.

    The law's own arithmetic on numbers is carried out (`n - 1` with n = 3 is 2, an exponent 1 is not written), and a
    product put into a product, or a sum into a sum, joins it.
    """
    head = type(template)
    if head is Symbol:
        return variable if template.name == VARIABLE.name else bound.get(template.name, template)
    if not isinstance(template, Inert):
        return template
    arguments = [fill(a, bound, variable) for a in template._args]
    if head is Plus:
        return _sum(template, arguments)
    if head is Times:
        return joined_product(arguments)
    if head is Power and arguments[1] is ONE:
        return arguments[0]
    if head is Neg:
        return negated(arguments[0])
    if head is Apply and ANY_FUNCTION in bound and template.name == ANY_FUNCTION:
        return Apply(bound[ANY_FUNCTION], *arguments[1:])
    return head(*arguments)


def _sum(template: Tree, terms: Sequence[Tree]) -> Tree:
    """Join nested sums; work out the sum of a letter and a number that a law writes, as in `n - 1`; u - 0 is u."""
    if len(terms) == 2 and number_value(template._args[1]) is not None:
        values = [number_value(t) for t in terms]
        if values[0] is not None and values[1] is not None:
            return number(values[0] + values[1], any(map(is_decimal, terms)))
    if len(terms) == 2 and terms[1] is ZERO and isinstance(template._args[1], Neg):
        return terms[0]
    return Plus(*(part for t in terms for part in (t._args if isinstance(t, Plus) else (t,))))


def joined_product(factors: Sequence[Tree]) -> Tree:
    """Return the product with inner products joined and the sign of a leading negative number in front of it all.

    A leading -1 is only that sign: the power rule gives -x^(-2), not -1 * x^(-2).
    """
    flat = [part for f in factors for part in (f._args if isinstance(f, Times) else (f,))]
    if len(flat) > 1 and isinstance(flat[0], Neg) and flat[0]._args[0] is ONE:
        return Neg(product_of(flat[1:]))
    if flat and isinstance(flat[0], Neg) and isinstance(flat[0]._args[0], (Integer, Decimal)):
        return Neg(product_of([flat[0]._args[0], *flat[1:]]))
    return product_of(flat)


def negated(tree: Tree) -> Tree:
    """Return -u, where -(-u) is u and -0 is 0."""
    if isinstance(tree, Neg):
        return tree._args[0]
    return tree if tree is ZERO else Neg(tree)
