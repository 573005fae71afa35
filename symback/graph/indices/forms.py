"""Index forms: a sum of terms; a term is a number times the sum over bound indices of a product of powers.

    x.T @ A @ x        sum over i, j of  x[i] A[i,j] x[j]
    1/sum(e^x)         (sum over i of e^x[i])^-1, a bracket

Forms are values: equal forms have equal keys, and nothing changes one. `canonical.py` renames bound indices, so that
terms which differ in these names alone have one key; `algebra.py` is what makes forms.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple, TypeAlias

AXIS, FRESH, POSITION, COLOUR = 0, -1, -2, -3  # levels of indices that are not bound by a form; bound ones begin at 1


class Index(NamedTuple):
    """An index and the size of its axis, a number or a letter as text.

    An axis of the result is numbered from the last (1), so that broadcasting leaves it as it is. A position is a fixed
    entry; the only index of an axis of size 1 is position 0. A bound index has a level above all that its terms hold.
    """

    level: int
    number: int
    size: str


def axis(place: int, size: str) -> Index:
    """Return the index of an axis, counted from the last, which is 1."""
    return Index(AXIS, place, size) if size != "1" else Index(POSITION, 0, "1")


def axes(shape: tuple[str, ...]) -> tuple[Index, ...]:
    """Return the indices of all axes of a shape."""
    return tuple(axis(len(shape) - k, size) for k, size in enumerate(shape))


def _text(indices: Iterable[Index]) -> str:
    return ",".join(f"{i.level}.{i.number}.{i.size}" for i in indices)


def _free(indices: Iterable[Index]) -> frozenset[Index]:
    return frozenset(i for i in indices if i.level != POSITION)


_NONE: frozenset[Index] = frozenset()
_NO_NAMES: frozenset[str] = frozenset()


class Base:
    """What a power may be of; `free` are its indices, `kind` is its name without them, `names` the arrays in it."""

    __slots__ = ("free", "height", "key", "kind", "names")
    key: str
    names: frozenset[str]
    kind: str
    free: frozenset[Index]
    height: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Base) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return self.key


class Entry(Base):
    """An entry of a named array; `is_symmetric` says A[i,j] = A[j,i], `is_normal` that the last axis sums to 1."""

    __slots__ = ("indices", "is_normal", "is_symmetric", "name")

    def __init__(self, name: str, indices: tuple[Index, ...], is_symmetric: bool = False, is_normal: bool = False):
        self.name, self.is_symmetric, self.is_normal = name, is_symmetric, is_normal
        self.indices = tuple(sorted(indices)) if is_symmetric else indices
        self.kind = f"{name}[]"
        self.key = f"{name}[{_text(self.indices)}]"
        self.free, self.height, self.names = _free(indices), 0, frozenset((name,))


class Constant(Base):
    """A number above 0 with a name: the size `n`, `e`, `pi`, or a prime number under a root."""

    __slots__ = ("name",)

    def __init__(self, name: str):
        self.name, self.key, self.kind = name, f"#{name}", f"#{name}"
        self.free, self.height, self.names = _NONE, 0, _NO_NAMES


class Delta(Base):
    """1 where two indices are the same, else 0."""

    __slots__ = ("indices",)

    def __init__(self, first: Index, second: Index):
        self.indices = (first, second) if first <= second else (second, first)
        self.kind = "delta"
        self.key = f"delta[{_text(self.indices)}]"
        self.free, self.height, self.names = _free(self.indices), 0, _NO_NAMES


class Part(Base):
    """1 where the entry `inner` of a part is the entry `outer` of the whole, which is `start` further on, else 0."""

    __slots__ = ("inner", "outer", "start")

    def __init__(self, start: str, inner: Index, outer: Index):
        self.start, self.inner, self.outer = start, inner, outer
        self.kind = f"part {start}"
        self.key = f"part {start}[{_text((inner, outer))}]"
        self.free, self.height, self.names = _free((inner, outer)), 0, _NO_NAMES


class Call(Base):
    """A function of numbers, applied to forms: `ln`, `tanh`, and `power` for an exponent that is not a number."""

    __slots__ = ("arguments", "function")

    def __init__(self, function: str, arguments: tuple[Form, ...]):
        self.function, self.arguments = function, arguments
        self.kind = f"{function}()"
        self.key = f"{function}({';'.join(a.key for a in arguments)})"
        self.free = _NONE.union(*(a.free for a in arguments))
        self.height = max(a.height for a in arguments)
        self.names = _NO_NAMES.union(*(a.names for a in arguments))


class Bracket(Base):
    """A form in brackets, for powers that are not multiplied out."""

    __slots__ = ("form",)

    def __init__(self, form: Form):
        self.form, self.kind = form, "bracket"
        self.key = f"({form.key})"
        self.free, self.height, self.names = form.free, form.height, form.names


class Whole(Base):
    """A function of a whole axis or matrix: `softmax`, `logsumexp`, `inv`, `logdet`.

    `formal` are the indices in `body` of what it is a function of, `indices` those of the entry of its value.
    """

    __slots__ = ("body", "formal", "indices", "operation")

    def __init__(self, operation: str, formal: tuple[Index, ...], body: Form, indices: tuple[Index, ...]):
        self.operation, self.formal, self.body, self.indices = operation, formal, body, indices
        self.kind = f"{operation}()"
        self.key = f"{operation}({_text(formal)}:{body.key})[{_text(indices)}]"
        self.free = (body.free - set(formal)) | _free(indices)
        self.height = max([body.height, *(i.level for i in formal)])
        self.names = body.names


Factor: TypeAlias = tuple[Base, Fraction]  # a base and its exponent


class Product(NamedTuple):
    """A term that is still to be brought into its normal form: the line of a proof, or a product just written down."""

    coefficient: Fraction
    bound: tuple[Index, ...]
    factors: tuple[Factor, ...]


class Pending(NamedTuple):
    """A product times forms, which are still to be multiplied out; their free indices may be bound by the product."""

    product: Product
    forms: tuple[Form, ...] = ()


class Term:
    """A term in its normal form; the key leaves the number out, so that like terms have one key."""

    __slots__ = ("bound", "coefficient", "factors", "free", "height", "key", "names")

    def __init__(self, coefficient: Fraction, bound: tuple[Index, ...], factors: Iterable[Factor]):
        self.coefficient, self.bound = coefficient, bound
        keyed = sorted((_factor_key(factor), k, factor) for k, factor in enumerate(factors))
        self.factors = tuple(factor for _, _, factor in keyed)
        self.key = "*".join(key for key, _, _ in keyed)
        self.free = _NONE.union(*(base.free for base, _ in self.factors)) - set(bound)
        self.names = _NO_NAMES.union(*(base.names for base, _ in self.factors))
        self.height = bound[0].level if bound else max((b.height for b, _ in self.factors), default=0)

    def with_number(self, coefficient: Fraction) -> Term:
        """Return the term with another number."""
        made = Term.__new__(Term)
        for slot in Term.__slots__:
            setattr(made, slot, getattr(self, slot))
        made.coefficient = coefficient
        return made


def _factor_key(factor: Factor) -> str:
    base, exponent = factor
    return base.key if exponent == 1 else f"{base.key}^{exponent}"


class Form:
    """A sum of terms, none of which are alike."""

    __slots__ = ("free", "height", "key", "names", "terms")

    def __init__(self, terms: Iterable[Term]):
        self.terms = tuple(sorted(terms, key=_term_key))
        if len(self.terms) == 1:
            (term,) = self.terms
            self.key = f"{term.coefficient}:{term.key}"
            self.free, self.height, self.names = term.free, term.height, term.names
            return
        self.key = "+".join(f"{t.coefficient}:{t.key}" for t in self.terms)
        self.free = _NONE.union(*(t.free for t in self.terms))
        self.height = max((t.height for t in self.terms), default=0)
        self.names = _NO_NAMES.union(*(t.names for t in self.terms))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __bool__(self) -> bool:
        """Tell whether there is a term: a form without one is 0."""
        return bool(self.terms)

    def __repr__(self) -> str:
        return f"Form({self.key})"


def _term_key(term: Term) -> str:
    return term.key


def constant(value: Fraction | int) -> Form:
    """Return the form of a number."""
    return Form((Term(Fraction(value), (), ()),)) if value else ZERO


def power_of(base: Base, exponent: Fraction | int = 1) -> Form:
    """Return the form that is one power."""
    return Form((Term(Fraction(1), (), ((base, Fraction(exponent)),)),))


ZERO = Form(())
ONE = constant(1)
E = Constant("e")
E_FORM = power_of(E)
