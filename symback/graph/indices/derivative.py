"""The derivative of a form by an array: the product rule over factors, and da_ij/da_kl = delta_ik delta_jl.

It knows no law of the backward pass. Functions have their rows in `functions.py`; `inv`, `logdet`, `softmax` and
`logsumexp` have their differentials, one line per function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from symback.expr.functions import FUNCTIONS
from symback.expr.tree import Tree
from symback.graph.indices.algebra import assembled, call, moved, power, summed, times, whole
from symback.graph.indices.budget import NotCovered
from symback.graph.indices.canonical import fresh, opened, renamed
from symback.graph.indices.forms import (
    E_FORM,
    ONE,
    ZERO,
    Base,
    Bracket,
    Call,
    Delta,
    Entry,
    Form,
    Index,
    Product,
    Whole,
    power_of,
)
from symback.graph.indices.reading import Definition, Reader
from symback.graph.indices.sums import difference, scaled, total
from symback.graph.indices.tensors import number
from symback.syntax import parse


def index_derivative(
    form: Form, name: str, at: tuple[Index, ...], functions: Mapping[str, Definition] | None = None
) -> Form:
    """Return the derivative of a form by the entry of an array at indices that stand nowhere in it."""
    return Differentiator(name, at, functions or {}).of(form)


@dataclass(frozen=True)
class Differentiator:
    """Differentiates by the entry `at` of the array `name`; all other names are held."""

    name: str
    at: tuple[Index, ...]
    functions: Mapping[str, Definition] = field(default_factory=dict)

    def of(self, form: Form) -> Form:
        """Return the derivative of a form."""
        products = map(opened, form.terms)
        return total(assembled(*found) for product in products for found in self.of_product(product))

    def of_product(self, product: Product) -> Iterator[tuple[Product, tuple[Form]]]:
        """Yield the terms of the product rule: a product, and the derivative of one factor's base."""
        coefficient, bound, factors = product
        for place, (base, exponent) in enumerate(factors):
            inner = self.of_base(base)
            if inner:
                left = ((base, exponent - 1),) if exponent != 1 else ()
                rest = (*factors[:place], *left, *factors[place + 1 :])
                yield Product(coefficient * exponent, bound, rest), (inner,)

    def of_base(self, base: Base) -> Form:
        """Return the derivative of what a power is of."""
        match base:
            case Entry():
                return self._entry(base)
            case Bracket():
                return self.of(base.form)
            case Call():
                return self._call(base)
            case Whole():
                return self._whole(base)
        return ZERO

    def _entry(self, base: Entry) -> Form:
        """Return 1 where all indices are the same; a symmetric matrix is differentiated as any other."""
        if base.name != self.name:
            return ZERO
        return times(ONE, *(_delta(i, j) for i, j in zip(base.indices, self.at, strict=True)))

    def _call(self, base: Call) -> Form:
        inner = [self.of(a) for a in base.arguments]
        if not any(inner):
            return ZERO
        if base.function == "power":
            return self._power(base, *inner)
        outer = derivative_at(base.function, base.arguments[0], power_of(base), self.functions)
        return times(outer, inner[0])

    def _power(self, base: Call, of_base: Form, of_exponent: Form) -> Form:
        """Return that of a^b: a^b ln(a) db + b a^(b-1) da."""
        a, b = base.arguments
        own = power_of(base)
        by_exponent = times(own, call("ln", a), of_exponent) if a != E_FORM else times(own, of_exponent)
        return total((by_exponent, times(own, b, power(a, -1), of_base) if of_base else ZERO))

    def _whole(self, base: Whole) -> Form:
        names = tuple(fresh(i.size) for i in base.formal)
        body = renamed(base.body, dict(zip(base.formal, names, strict=True)))
        inner = self.of(body)
        return _DIFFERENTIALS[base.operation](base, names, body, inner) if inner else ZERO


def _delta(i: Index, j: Index) -> Form:
    return ONE if i == j else power_of(Delta(i, j))


# --- functions ------------------------------------------------------------------------------------------------------


@cache
def _row(function: str) -> Tree:
    row = FUNCTIONS.get(function)
    if row is None or not row.derivative:
        raise NotCovered(function)
    return parse(row.derivative, names=("out",))


def derivative_at(function: str, argument: Form, out: Form, functions: Mapping[str, Definition]) -> Form:
    """Return the derivative of a function of one number, by its row or as the author gave it."""
    reader = Reader(functions=functions, values={"x": number(argument), "out": number(out)})
    definition = functions.get(function)
    if definition is None:
        return reader.read(_row(function)).form
    assert definition.derivative is not None, "other functions are written out when they are read"
    return reader.of_numbers(definition.derivative, {definition.parameters[0]: number(argument)}).form


# --- functions of a whole axis or matrix: `inner` is the differential of the argument at the indices `names` ----------


def _inverse(base: Whole, names: tuple[Index, ...], body: Form, inner: Form) -> Form:
    """Return -sum_pq Z_ip Z_qj dA_pq."""
    (i, j), (p, q) = base.indices, names
    return scaled(summed(times(_again(base, i, p), _again(base, q, j), inner), names), -1)


def _logdet(base: Whole, names: tuple[Index, ...], body: Form, inner: Form) -> Form:
    """Return sum_pq inv(A)_qp dA_pq."""
    p, q = names
    return summed(times(whole("inv", names, body, (q, p)), inner), names)


def _softmax(base: Whole, names: tuple[Index, ...], body: Form, inner: Form) -> Form:
    """Return z_i (da_i - sum_k z_k da_k)."""
    (i,), (k,) = base.indices, names
    mean = summed(times(_again(base, k), inner), names)
    return times(power_of(base), difference(moved(inner, {k: i}), mean))


def _logsumexp(base: Whole, names: tuple[Index, ...], body: Form, inner: Form) -> Form:
    """Return sum_k softmax(a)_k da_k."""
    own = fresh(names[0].size)
    softmax = whole("softmax", (own,), renamed(body, {names[0]: own}), names)
    return summed(times(softmax, inner), names)


def _again(base: Whole, *indices: Index) -> Form:
    return whole(base.operation, base.formal, base.body, indices)


_DIFFERENTIALS: dict[str, Callable[[Whole, tuple[Index, ...], Form, Form], Form]] = {
    "inv": _inverse,
    "logdet": _logdet,
    "softmax": _softmax,
    "logsumexp": _logsumexp,
}
