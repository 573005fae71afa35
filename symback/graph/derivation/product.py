"""Products as a number and powers of bases, and sums as numbers of products: what the laws of algebra work on."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sympy.core.numbers import Integer

from symback.expr.tree import (
    Neg,
    Plus,
    Power,
    Quotient,
    Times,
    Tree,
    apply,
    is_decimal,
    number,
    number_value,
    product_of,
    sum_of,
)
from symback.graph.derivation.shapes import Shapes, is_call, ones, zeros
from symback.graph.nodes import Shape

HALF = Fraction(1, 2)
Powers = dict[Tree, Fraction]  # base -> exponent


@dataclass
class Product:
    """A number times powers of numbers and of arrays, all of one shape: `2 x/s^2` is 2, {s: -2}, {x: 1}."""

    shape: Shape
    number: Fraction = Fraction(1)
    decimal: bool = False
    scalars: Powers = field(default_factory=dict)
    arrays: Powers = field(default_factory=dict)

    def put(self, base: Tree, exponent: Fraction, is_scalar: bool) -> None:
        """Multiply by a power; equal bases are one."""
        powers = self.scalars if is_scalar else self.arrays
        total = powers.get(base, Fraction(0)) + exponent
        if total:
            powers[base] = total
        else:
            powers.pop(base, None)

    @property
    def key(self) -> tuple[Any, ...]:
        """What two like terms share."""
        return self.shape, frozenset(self.scalars.items()), frozenset(self.arrays.items())

    def copy(self) -> Product:
        return Product(self.shape, self.number, self.decimal, dict(self.scalars), dict(self.arrays))


def product(tree: Tree, shapes: Shapes) -> Product:
    """Return a formula as a product of powers."""
    made = Product(shapes.of(tree))
    stack: list[tuple[Tree, Fraction]] = [(tree, Fraction(1))]  # whole exponents
    while stack:
        node, exponent = stack.pop()
        if _multiplied(made, node, exponent, stack) or _repeated(made, node, exponent, shapes):
            continue
        base, own = as_power(node)
        if (own * exponent).denominator == 1 and _is_split(base):
            stack.append((base, own * exponent))
        else:
            made.put(base, own * exponent, not shapes.of(base))
    return made


def _repeated(made: Product, node: Tree, exponent: Fraction, shapes: Shapes) -> bool:
    """Multiply by equal rows or columns: those of a product are a product of equal rows."""
    if not is_call(node, "rows", "columns"):
        return False
    inside = product(node._args[1], shapes)
    made.number *= inside.number ** int(exponent) if inside.number or exponent > 0 else 1
    made.decimal |= inside.decimal
    for base, own in inside.scalars.items():
        made.put(base, own * exponent, True)
    for base, own in inside.arrays.items():
        made.put(apply(node.name, base, node._args[2]), own * exponent, False)
    return True


def _is_split(node: Tree) -> bool:
    is_product = isinstance(node, (Times, Quotient, Neg)) or number_value(node) is not None
    return is_product or is_call(node, "rows", "columns")


def _multiplied(made: Product, node: Tree, exponent: Fraction, stack: list[tuple[Tree, Fraction]]) -> bool:
    """Multiply by a number, or put the factors of a product on the stack; tell whether the node was one of these."""
    value = number_value(node)
    if value is not None:
        if value == 0 and exponent < 0:
            return False
        made.number *= value ** int(exponent)
        made.decimal |= is_decimal(node)
    elif isinstance(node, Times):
        stack.extend((factor, exponent) for factor in reversed(node._args))
    elif isinstance(node, Quotient):
        stack.extend(((node._args[1], -exponent), (node._args[0], exponent)))
    elif isinstance(node, Neg):
        made.number *= -1 if exponent % 2 else 1
        stack.append((node._args[0], exponent))
    elif is_call(node, "zeros"):
        made.number *= 0
    else:
        return bool(is_call(node, "ones"))
    return True


def as_power(node: Tree) -> tuple[Tree, Fraction]:
    """Return the base and the exponent of a power whose exponent is a number; a root is a power too."""
    if isinstance(node, Power):
        exponent = number_value(node._args[1])
        if exponent is not None:
            base, inner = as_power(node._args[0])
            if exponent.denominator == 1 or inner == 1:
                return base, inner * exponent
    if is_call(node, "sqrt"):
        return node._args[1], HALF
    return node, Fraction(1)


# --- written as trees ------------------------------------------------------------------------------------------------


def power(base: Tree, exponent: Fraction) -> Tree:
    """Return a power: u for 1, a root for 1/2, and a power of the norm for half of the squared norm."""
    if exponent == 1:
        return base
    if exponent.denominator == 2 and (exponent == HALF or is_call(base, "norm2")):
        root = apply("sqrt", base)
        return root if exponent == HALF else Power(root, number(exponent * 2))
    return Power(base, number(exponent))


def written(p: Product) -> Tree:
    """Return a product as a tree: the number, numbers and arrays in order, and what has a negative power below a line.

    >>> from symback.expr.tree import symbol
    >>> x, s = symbol("x"), symbol("s")
    >>> written(Product((3,), Fraction(-2), False, {s: Fraction(-2)}, {x: Fraction(1)}))
    Neg(Quotient(Times(2, x), Power(s, 2)))
    """
    if p.number == 0:
        return zeros(p.shape)
    p = _together(p)
    up: list[Tree] = [power(b, e) for powers in (p.scalars, p.arrays) for b, e in powers.items() if e > 0]
    down: list[Tree] = [power(b, -e) for powers in (p.scalars, p.arrays) for b, e in powers.items() if e < 0]
    size = abs(p.number)
    front = number(size, p.decimal)
    if not isinstance(front, Quotient):
        up = [front, *up] if size != 1 else up
    else:
        up = [Integer(size.numerator), *up] if size.numerator != 1 else up
        down = [Integer(size.denominator), *down]
    if p.shape and not p.arrays:
        up.append(ones(p.shape))
    top = product_of(up)
    tree = Quotient(top, product_of(down)) if down else top
    return Neg(tree) if p.number < 0 else tree


def _together(p: Product) -> Product:
    """Return a product in which equal rows are those of one product: rows(u, n)*rows(v, n) is rows(u*v, n).

    Above and below a line they stay apart, unless there is nothing else.
    """
    for name in ("rows", "columns"):
        of_kind = {b: e for b, e in p.arrays.items() if is_call(b, name)}
        if len(of_kind) + sum(abs(e) != 1 for e in of_kind.values()) > 1 or (
            len(of_kind) == 1 and of_kind == p.arrays and next(iter(of_kind.values())) < 0
        ):
            parts = [of_kind] if len(of_kind) == len(p.arrays) else _above_and_below(of_kind)
            p = Product(p.shape, p.number, p.decimal, p.scalars, dict(p.arrays))
            for part in parts:
                _join(p, name, part)
    return p


def _above_and_below(powers: Powers) -> list[Powers]:
    parts = [{b: e for b, e in powers.items() if e > 0}, {b: e for b, e in powers.items() if e < 0}]
    return [part for part in parts if part]


def _join(p: Product, name: str, part: Powers) -> None:
    """Put one array of equal rows in place of several, where the first of them stood."""
    length = next(iter(part))._args[2]
    is_below = all(e < 0 for e in part.values()) and len(part) < len(p.arrays)
    sign = -1 if is_below else 1
    vector = {b._args[1]: e * sign for b, e in part.items()}
    inside = written(Product(p.shape[1:] if name == "rows" else p.shape[:1], arrays=vector))
    items = list(p.arrays.items())
    p.arrays = {}
    is_written = False
    for base, exponent in items:
        if base not in part:
            p.arrays[base] = exponent
        elif not is_written:
            p.arrays[apply(name, inside, length)] = Fraction(sign)
            is_written = True


def scalar_part(p: Product) -> Tree:
    """Return the numbers of a product of arrays."""
    return written(Product((), p.number, p.decimal, p.scalars, {}))


def array_part(p: Product) -> Tree:
    """Return a product of arrays without its numbers."""
    return written(Product(p.shape, Fraction(1), False, {}, p.arrays))


def is_multiple(p: Product) -> bool:
    """Tell whether a product has numbers as factors of an array."""
    return bool(p.shape) and (p.number != 1 or bool(p.scalars))


# --- sums ------------------------------------------------------------------------------------------------------------


def terms_of(tree: Tree) -> list[Tree]:
    """Return the terms of a sum of any depth; a formula that is not a sum is its own term."""
    found: list[Tree] = []
    stack: list[tuple[Tree, bool]] = [(tree, False)]
    while stack:
        node, negative = stack.pop()
        if isinstance(node, Plus):
            stack.extend((term, negative) for term in reversed(node._args))
        elif isinstance(node, Neg) and (negative or isinstance(node._args[0], Plus)):
            stack.append((node._args[0], not negative))
        else:
            found.append(Neg(node) if negative else node)
    return found


def total(terms: list[Tree], shape: Shape) -> Tree:
    """Return the sum of terms, one with a plus sign first where there is one: p - y, not -y + p."""
    if not terms:
        return zeros(shape)
    first = next((i for i, term in enumerate(terms) if not isinstance(term, Neg)), 0)
    return sum_of([terms[first], *terms[:first], *terms[first + 1 :]])
