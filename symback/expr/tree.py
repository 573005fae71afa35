"""Inert expression trees: SymPy expressions that keep the form in which they were written.

Nothing in a tree evaluates, reorders or simplifies by itself. `a - b` is a `Plus` with a `Neg`, `a/b` a `Quotient`, and
`2(x + 1)` stays a product. Sums and products are n-ary; brackets that a person wrote are nested nodes. Leaves are
SymPy's real symbols, its non-negative integers, `pi`, `e` (`sympy.E`), and our `Decimal`. A negative number is
`Neg(number)`, a fraction a `Quotient` of integers.

This is the only file that builds nodes, and nothing in it recurses on the depth of a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from importlib import import_module
from sys import intern
from typing import Any, TypeAlias, TypeVar

from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.numbers import Integer, Rational
from sympy.core.singleton import S
from sympy.core.symbol import Str, Symbol

from symback.expr.scientific import ZEROS_BEHIND, power_of_ten

Path = tuple[int, ...]
Tree: TypeAlias = Expr  # an Inert node or one of the leaves
T = TypeVar("T")

ZERO, ONE, TWO = Integer(0), Integer(1), Integer(2)
E, PI = S.Exp1, S.Pi


class Inert(Expr):  # type: ignore[misc]
    """A node that holds its arguments as they are; `doit()` gives the ordinary, evaluated SymPy expression."""

    __slots__ = ("_names", "_pending", "_taken", "_weight", "_written")
    is_commutative = True

    def __new__(cls, *args: Basic) -> Inert:
        node: Inert = Basic.__new__(cls, *args)
        node._mhash = hash((cls.__name__, args))  # from the cached hashes of the arguments: deep trees never recurse
        node._names, node._pending = _names_in(args[1:] if cls is Let else args)
        if cls is Diff or cls is Edge:
            node._pending = True
        return node

    def __hash__(self) -> int:
        return self._mhash  # type: ignore[no-any-return]

    def __eq__(self, other: object) -> bool:
        return self is other or same_tree(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    @property
    def free_symbols(self) -> set[Symbol]:
        return set(symbols_of(self))

    def doit(self, **hints: Any) -> Expr:
        # convert.py is above this file, so it is named only here, at the moment it is needed
        return import_module("symback.syntax.convert").to_sympy(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_from_postfix, (tuple(_postfix(self)),))  # flat, so that deep trees pickle too

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return self.__reduce__()

    def __repr__(self) -> str:
        return dump(self)

    def _sympystr(self, printer: Any) -> str:
        return dump(self)


_NONE: frozenset[Symbol] = frozenset()


@lru_cache(maxsize=100_000)
def _alone(name: Symbol) -> frozenset[Symbol]:
    return frozenset((name,))


def _names_in(arguments: Sequence[Basic]) -> tuple[frozenset[Symbol], bool]:
    """Return the symbols in the arguments of a node, and whether one is pending; each argument knows its own."""
    sets: list[frozenset[Symbol]] = []
    last, pending = _NONE, False
    for argument in arguments:
        if isinstance(argument, Inert):
            names = argument._names
            pending = pending or argument._pending
        elif isinstance(argument, Symbol):
            names = _alone(argument)
        else:
            continue
        if names is not last and names:
            sets.append(names)
            last = names
    if len(sets) < 2:
        return last, pending
    first, *others = sets
    return first if all(s <= first for s in others) else first.union(*others), pending


class Plus(Inert):
    """A sum of two or more terms; a difference is a sum with a `Neg` term."""

    __slots__ = ()


class Times(Inert):
    """A product of two or more factors."""

    __slots__ = ()


class Quotient(Inert):
    """`Quotient(numerator, denominator)`."""

    __slots__ = ()


class Power(Inert):
    """`Power(base, exponent)`; the exponential function is a power of `e`."""

    __slots__ = ()


class Neg(Inert):
    """`Neg(u)` is -u."""

    __slots__ = ()


class Decimal(Inert):
    """A number written with a decimal point: `Decimal(Rational(1, 4))` is exact, and prints as 0.25 again."""

    __slots__ = ()


class Apply(Inert):
    """A function of its arguments: `Apply(Str("sin"), x)`; unknown functions too, `f'` being `Apply(Str("f'"), x)`."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return str(self._args[0].name)

    @property
    def arguments(self) -> tuple[Tree, ...]:
        return self._args[1:]  # type: ignore[no-any-return]


class Diff(Inert):
    """A pending derivative: `Diff(u, x)` is d/dx [u].

    The second argument may be a tree that is in `u`, as in d/d(3x) [sin(3x)]: the derivative by the inner function,
    with every occurrence of that tree taken as the variable.
    """

    __slots__ = ()


class Int(Inert):
    """An integral still to be worked out: `Int(u, x)` is the integral of u by x, `Int(u, x, a, b)` the one from a to b.

    The second argument may be a `Let`, the inner function of a substitution, whose name is then the variable.
    """

    __slots__ = ()


class Lim(Inert):
    """A limit still to be worked out: `Lim(u, x, a)` is the limit of u as x tends to a, which may be oo or -oo.

    `Lim(u, x, a, 1)` is the limit from the right, `Lim(u, x, a, Neg(1))` the one from the left.
    """

    __slots__ = ()

    @property
    def side(self) -> int:
        """1 from the right, -1 from the left, 0 from both sides."""
        return 0 if len(self._args) == 3 else -1 if isinstance(self._args[3], Neg) else 1


class Let(Inert):
    """A named inner function, `Let(o, -x + y^2)`: printed as its name, worth its definition."""

    __slots__ = ()


class Gradient(Inert):
    """`Gradient(L, v)`: the derivative of the loss L by the node v of a graph, over all paths; printed as dL/dv."""

    __slots__ = ()


class Edge(Inert):
    """`Edge(c, v)`: the derivative of one node c by one of its inputs v, all other inputs held; printed as dc/dv.

    It prints like a `Gradient` but is another thing: with one head the chain rule would match its own result for ever.
    """

    __slots__ = ()


class Equal(Inert):
    """An equation, `Equal(left, right)`: a line of a working whose rules act on both sides."""

    __slots__ = ()


class Rate(Inert):
    """`Rate(y, x, 2)`: the second derivative of y by x, y being a function of x; printed as d²y/dx²."""

    __slots__ = ()


class Size(Inert):
    """`Size(Str("n"))`: a letter for the size of an array, as in `x: n`; it is a number, and no name of the graph."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return str(self._args[0].name)


# --- building -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=100_000)
def symbol(name: str) -> Symbol:
    """Return the real symbol of that name: the one place where symbols are made, so equal names are equal symbols.

    Kept here because SymPy forgets its symbols when its own cache is full, and one object compares faster than two.
    """
    return Symbol(intern(name), real=True)


def apply(name: str, *arguments: Tree) -> Apply:
    """Return the function `name` of the arguments."""
    return Apply(Str(name), *arguments)


def size(length: int) -> Tree:
    """Return the size of an axis as a tree: the letter of a size that has one, else the number.

    A letter is an int with a `letter` (symback.graph.nodes.Dim).
    """
    letter = getattr(length, "letter", "")
    return Size(Str(letter)) if letter else Integer(int(length))


def sum_of(terms: Sequence[Tree]) -> Tree:
    """Return the sum of the terms: 0 for none, the term itself for one."""
    return Plus(*terms) if len(terms) > 1 else terms[0] if terms else ZERO


def product_of(factors: Sequence[Tree]) -> Tree:
    """Return the product of the factors: 1 for none, the factor itself for one."""
    return Times(*factors) if len(factors) > 1 else factors[0] if factors else ONE


def number(value: Fraction | int, decimal: bool = False) -> Tree:
    """Return the tree of a number: an integer, a reduced fraction, or (where it is finite) a decimal.

    A decimal that is whole is an integer, but for one that is written with a power of ten.

    >>> number(Fraction(-1, 2)), number(Fraction(1, 2), decimal=True)
    (Neg(Quotient(1, 2)), Decimal(1/2))
    """
    if value < 0:
        return Neg(number(-value, decimal))
    top, bottom = value.numerator, value.denominator
    if bottom == 1 and not (decimal and top >= 10**ZEROS_BEHIND and power_of_ten(top, 1)):
        return Integer(top)
    if decimal and _is_finite_decimal(bottom):
        return Decimal(Rational(top, bottom))
    return Quotient(Integer(top), Integer(bottom))


def _is_finite_decimal(denominator: int) -> bool:
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def number_value(tree: Tree) -> Fraction | None:
    """Return the exact value of a number (integer, decimal, fraction of integers, or a negative one), else None."""
    read = _VALUES.get(type(tree))
    return None if read is None else read(tree)


@lru_cache(maxsize=10_000)
def _whole(value: int) -> Fraction:
    return Fraction(value)


def _decimal_value(tree: Tree) -> Fraction:
    return Fraction(int(tree._args[0].p), int(tree._args[0].q))


def _negative_value(tree: Tree) -> Fraction | None:
    value = number_value(tree._args[0])
    return None if value is None else -value


def _quotient_value(tree: Tree) -> Fraction | None:
    top, bottom = tree._args
    if isinstance(top, Integer) and isinstance(bottom, Integer) and bottom.p:
        return Fraction(top.p, bottom.p)
    return None


_VALUES: dict[type, Callable[[Tree], Fraction | None]] = {
    **dict.fromkeys(map(type, (Integer(2), ZERO, ONE, Integer(-1))), lambda tree: _whole(tree.p)),
    Decimal: _decimal_value,
    Neg: _negative_value,
    Quotient: _quotient_value,
}


def is_decimal(tree: Tree) -> bool:
    """Tell whether a number is written with a decimal point, so that what it is multiplied with is too."""
    return isinstance(tree, Decimal) or (isinstance(tree, Neg) and isinstance(tree._args[0], Decimal))


# --- places in a tree ---------------------------------------------------------------------------------------------


def at(tree: Tree, path: Path) -> Tree:
    """Return the subtree at the path (argument indices from the root)."""
    for index in path:
        tree = tree._args[index]
    return tree


def put(tree: Tree, path: Path, new: Tree) -> Tree:
    """Return the tree with the subtree at the path replaced; a sum put into a sum joins it, and so does a product."""
    parents = []
    for index in path:
        parents.append(tree)
        tree = tree._args[index]
    joins = True  # only the new piece joins its parent; brackets further up stay as they are
    for parent, index in zip(reversed(parents), reversed(path), strict=True):
        new = _with_argument(parent, index, new, joins)
        joins = False
    return new


def _with_argument(parent: Tree, index: int, new: Tree, joins: bool) -> Tree:
    head, args = type(parent), parent._args
    middle = new._args if joins and head is type(new) and head in (Plus, Times) else (new,)
    return head(*args[:index], *middle, *args[index + 1 :])


# --- walking, without recursion -----------------------------------------------------------------------------------


def walk(tree: Basic) -> Iterator[Basic]:
    """Yield every node, the root first, left to right."""
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Inert):
            stack.extend(reversed(node._args))


def fold(tree: Tree, combine: Callable[[Basic, list[T]], T]) -> T:
    """Return `combine(node, results of its arguments)` for the root, each distinct node object being visited once.

    >>> x = symbol("x")
    >>> fold(Plus(x, Times(TWO, x)), lambda node, inner: 1 + sum(inner))
    5
    """
    results: dict[int, T] = {}
    stack: list[tuple[Basic, bool]] = [(tree, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in results:
            continue
        inner = node._args if isinstance(node, Inert) else ()
        if ready or not inner:
            results[id(node)] = combine(node, [results[id(n)] for n in inner])
        else:
            stack.append((node, True))
            stack.extend((n, False) for n in reversed(inner) if id(n) not in results)
    return results[id(tree)]


def same_tree(a: object, b: object) -> bool:
    """Tell whether two trees are the same, node by node."""
    stack = [(a, b)]
    while stack:
        a, b = stack.pop()
        if a is b:
            continue
        if isinstance(a, Inert):
            if type(a) is not type(b) or a._mhash != b._mhash or len(a._args) != len(b._args):
                return False
            stack.extend(zip(a._args, b._args, strict=True))
        elif isinstance(b, Inert) or a != b:
            return False
    return True


def symbols_of(tree: Basic) -> frozenset[Symbol]:
    """Return the symbols that occur in the tree; each node knows its own, so asking costs nothing.

    The name of a `Let` is not one of them, what it is defined by is.
    """
    if isinstance(tree, Inert):
        return tree._names  # type: ignore[no-any-return]
    return _alone(tree) if isinstance(tree, Symbol) else _NONE


def is_pending(tree: Basic) -> bool:
    """Tell whether a derivative is still to be worked out somewhere in the tree."""
    return isinstance(tree, Inert) and tree._pending


def weight_of(tree: Basic) -> int:
    """Return how long the tree is on paper, one for each number, letter, sign and bracket, to compare forms by."""
    if not isinstance(tree, Inert):
        return 1
    if not hasattr(tree, "_weight"):
        stack = [tree]
        while stack:
            node = stack[-1]
            missing = [n for n in node._args if isinstance(n, Inert) and not hasattr(n, "_weight")]
            if missing:
                stack.extend(missing)
            else:
                node._weight = _weight_from_arguments(node)
                stack.pop()
    return tree._weight  # type: ignore[no-any-return]


def _weight_from_arguments(node: Inert) -> int:
    args = node._args
    total = sum([a._weight if isinstance(a, Inert) else 1 for a in args])
    if isinstance(node, Plus):
        return total + len(args) - 1 - sum(isinstance(a, Neg) for a in args[1:])
    if isinstance(node, (Times, Power, Neg)):
        brackets = 2 * sum(isinstance(a, Plus) for a in args)
        return total + brackets + isinstance(node, Neg)
    if isinstance(node, Decimal):
        return 1
    return total + 1


def is_free_of(tree: Basic, variable: Basic) -> bool:
    """Tell whether the tree is a constant for the variable (a symbol, or an inner function that stands in for one)."""
    if isinstance(variable, Symbol):
        return variable not in symbols_of(tree)
    stack = [tree]
    while stack:
        node = stack.pop()
        if node == variable:
            return False
        if isinstance(node, Inert) and not isinstance(node, Let):  # other named functions are held
            stack.extend(node._args)
    return True


# --- replacing -------------------------------------------------------------------------------------------------------


def substituted(tree: Tree, values: Mapping[Symbol, Tree]) -> Tree:
    """Return the tree with symbols replaced, everything else as it is written."""
    if not values:
        return tree

    def replace(node: Basic, inner: list[Basic]) -> Basic:
        if not isinstance(node, Inert):
            return values.get(node, node) if isinstance(node, Symbol) else node
        if isinstance(node, Let):
            return Let(node._args[0], inner[1])
        return node if all(a is b for a, b in zip(node._args, inner, strict=True)) else type(node)(*inner)

    return fold(tree, replace)


def replaced_by_name(tree: Tree, named: Let) -> Tree:
    """Return the tree with a named inner function as a mere symbol."""

    def replace(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Let) and node == named:
            return node._args[0]
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, replace)


def without_lets(tree: Tree) -> Tree:
    """Return the tree with every named inner function written out."""

    def replace(node: Basic, inner: list[Basic]) -> Basic:
        if isinstance(node, Let):
            return inner[1]
        if not isinstance(node, Inert) or all(a is b for a, b in zip(node._args, inner, strict=True)):
            return node
        return type(node)(*inner)

    return fold(tree, replace)


# --- reading and writing nodes for people who debug, and for pickle ------------------------------------------------


def dump(tree: Basic) -> str:
    """Return the tree as constructor calls: `Plus(x, Neg(1))`."""

    def write(node: Basic, inner: list[str]) -> str:
        return f"{type(node).__name__}({', '.join(inner)})" if isinstance(node, Inert) else str(node)

    return fold(tree, write)


def _postfix(tree: Basic) -> Iterator[Any]:
    order: list[Any] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        order.append((type(node), len(node._args)) if isinstance(node, Inert) else node)
        if isinstance(node, Inert):
            stack.extend(node._args)
    return iter(order[::-1])


def _from_postfix(items: tuple[Any, ...]) -> Tree:
    stack: list[Any] = []
    for item in items:
        if isinstance(item, tuple):
            head, count = item
            arguments = stack[-count:]
            del stack[-count:]
            stack.append(head(*arguments))
        else:
            stack.append(item)
    return stack[-1]
