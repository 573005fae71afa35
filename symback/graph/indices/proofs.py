"""The law of an operation, derived by indices: from the entries of its value to the gradient as a formula of arrays.

Each line is a form that this package's engine made from the one before: it differentiates, lets a delta take its index,
and reads the formula of the last line back into a form, which must be the line before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from sympy.core.symbol import Str, Symbol

from symback.errors import NoRule
from symback.expr.tree import Apply, Inert, Size, Tree, fold
from symback.graph.indices.algebra import call, sum_of
from symback.graph.indices.canonical import fresh, renamed_base
from symback.graph.indices.derivative import Differentiator, derivative_at
from symback.graph.indices.forms import Delta, Entry, Product, power_of
from symback.graph.indices.known_laws import LAWS, Law
from symback.graph.indices.notation import NOTATIONS, Letters, Writer
from symback.graph.indices.reading import Reader
from symback.graph.indices.steps import (
    Line,
    Matrix,
    Products,
    joined,
    product_of,
    products_of,
    with_own_value,
    without_deltas,
)
from symback.graph.indices.sums import difference
from symback.graph.indices.tensors import at
from symback.graph.indices.writing_out import in_powers_of_e
from symback.graph.nodes import Dim, Shape
from symback.syntax import parse_matrix


class ProofLine(NamedTuple):
    """One line of a proof in three notations, with its reason; a line that goes on begins with an equals sign."""

    text: str
    unicode: str
    latex: str
    reason: str


def proof_of(operation: str, place: int, ranks: tuple[int, ...], axis: int | None = None) -> tuple[ProofLine, ...]:
    """Return the derivation of the law of an operation for its input number `place`, for inputs of these ranks.

    Names are those of the operations of graphs; `axis` is the one of a sum or a mean. NoRule where the law is not
    derived by indices.

    >>> for line in proof_of("transpose", 0, (2,)):
    ...     print(line.unicode)
    z_ij = a_ji
    ∂z_ij/∂a_pq = δ_iq δ_jp
    ∂L/∂a_pq = Σ_ij g_ij ∂z_ij/∂a_pq
    = Σ_ij g_ij δ_iq δ_jp
    = g_qp
    = (Gᵀ)_pq
    """
    proof = proof_by_forms(operation, place, ranks, axis)
    befores = (None, *(line.left for line in proof.lines))
    return tuple(_written(line, line.left == before, proof) for before, line in zip(befores, proof.lines, strict=False))


@dataclass(frozen=True)
class Proof:
    """The lines of a proof as forms, the law, and the letters of the indices."""

    lines: tuple[Line, ...]
    law: Law
    letters: Letters
    shapes: Mapping[str, Shape]  # of the inputs, the value and what flows in


@cache
def proof_by_forms(operation: str, place: int, ranks: tuple[int, ...], axis: int | None = None) -> Proof:
    """Return the lines of a proof as forms, so that they can be worked out with numbers."""
    for law in LAWS:
        if (law.operation, law.ranks, law.axis) == (operation, ranks, axis) and place < len(law.sizes):
            return _Prover(law, place).proof()
    raise NoRule(f"The law of {operation} is not derived by indices for these shapes.")


# --- writing --------------------------------------------------------------------------------------------------------


def _written(line: Line, goes_on: bool, proof: Proof) -> ProofLine:
    maths: Any = import_module("symback.page.maths")  # these stand above graphs
    signs: Any = import_module("symback.page.shapes")
    texts = []
    for name, notation in NOTATIONS.items():
        writer = Writer(notation, proof.letters, {"L": 0, "det A": 0, proof.law.value: proof.law.rank})
        if isinstance(line.right, Matrix):
            formula = getattr(maths, name)(signs.with_elementwise_signs(line.right.tree, proof.shapes))
            if not (writer.is_flat and _is_call(line.right.tree)):
                formula = notation.brackets.format(u=formula)
            indices = proof.letters.of(line.right.indices)
            right = notation.entry.format(u=formula, i=indices) if indices else formula
        else:
            right = writer.sum_of(line.right)
        texts.append(f"= {right}" if goes_on else f"{writer.sum_of(line.left)} = {right}")
    text, unicode, latex = texts
    return ProofLine(text, unicode, latex, line.reason)


def _is_call(tree: Tree) -> bool:
    return isinstance(tree, Apply) and tree.name not in ("matmul", "transpose")


# --- proofs ---------------------------------------------------------------------------------------------------------

_SIZES = {letter: Dim(letter, sample) for letter, sample in (("n", 3), ("m", 4), ("d", 5))}
_TAKES = "a delta takes its index"
_OWN = "an entry has the derivative 1 by itself, and 0 by every other"


class _Prover:
    """Derives the law of one input of an operation."""

    def __init__(self, law: Law, place: int) -> None:
        self.law, self.place = law, place
        self.a, self.z, self.g = law.inputs[place], law.value, law.upstream
        reader = Reader({name: tuple(sizes) for name, sizes in law.sizes.items()})
        self.value = reader.read(parse_matrix(law.formula, law.inputs))
        self.out = tuple(map(fresh, self.value.shape))
        self.by = tuple(map(fresh, law.sizes[self.a]))
        self.reader = Reader({**reader.shapes, self.z: self.value.shape, self.g: self.value.shape})
        self.lines: list[Line] = []

    def proof(self) -> Proof:
        slope = _SPECIAL.get(self.law.operation, _Prover.by_entries)(self)
        self._chain_rule(slope)
        shapes = {name: tuple(_SIZES[n] for n in shape) for name, shape in self.reader.shapes.items()}
        known = dict(zip((*self.out, *self.by), [*"ij"[: len(self.out)], *"pq"[: len(self.by)]], strict=True))
        return Proof(tuple(self.lines), self.law, Letters(known), shapes)

    def line(self, left: Product, right: Products | Matrix, reason: str) -> None:
        self.lines.append(Line((left,), right, reason))

    @property
    def own(self) -> Entry:
        return Entry(self.z, self.out)

    @property
    def slope(self) -> Product:
        return product_of(Entry(f"d{self.z}/d{self.a}", (*self.out, *self.by)))

    def by_entries(self) -> Products:
        """Differentiate what the entries of the value are."""
        entries = products_of(in_powers_of_e(at(self.value, self.out)))
        self.line(product_of(self.own), entries, self.law.meaning)
        slope = self.differentiated(self.slope, entries)
        if self.law.operation == "softmax":
            (value,) = entries
            slope = tuple(with_own_value(product, value, self.own) for product in slope)
            self.line(self.slope, slope, "the value of softmax by its name")
        return slope

    def differentiated(self, left: Product, products: Products) -> Products:
        """Add the lines of a derivative: by the product rule, then without deltas."""
        of = Differentiator(self.a, self.by)
        found = [pair for product in products for pair in of.of_product(product)]
        raw = tuple(joined(inner, product) for product, (form,) in found for inner in products_of(form))
        self.line(left, raw, f"{self.law.rule}; {_OWN}" if self.law.rule else _OWN)
        return self.simplified(left, raw)

    def simplified(self, left: Product, right: Products) -> Products:
        simpler = tuple(map(without_deltas, right))
        if simpler != right:
            self.line(left, simpler, _TAKES)
        return simpler

    def _chain_rule(self, slope: Products) -> None:
        """Add the lines from the local derivative to the gradient."""
        left = product_of(Entry(f"dL/d{self.a}", self.by))
        flows_in = product_of(Entry(self.g, self.out), bound=self.out)
        self.line(left, (joined(flows_in, self.slope),), f"chain rule; {self.g} is the gradient by {self.z}")
        put_in = tuple(joined(flows_in, product) for product in slope)
        self.line(left, put_in, "the local derivative put in")
        found = self.simplified(left, put_in)
        tree = with_sizes(parse_matrix(self.law.gradients[self.place], (*self.reader.shapes, "n", "m")))
        assert not in_powers_of_e(difference(at(self.reader.read(tree), self.by), sum_of(found))), self.law
        self.line(left, Matrix(tree, self.by), "read as a formula of arrays")

    # --- matrices whose entries have no formula of their own ----------------------------------------------------------

    def inverse(self) -> Products:
        """Differentiate Z A = I, and multiply by Z."""
        (i, j), (p, q) = self.out, self.by
        k, other = fresh("n"), fresh("n")
        whole = product_of(Entry("Z", (i, k)), Entry("A", (k, j)), bound=(k,))
        self.line(whole, (product_of(Delta(i, j)),), self.law.meaning)
        changed = product_of(Entry("dZ/dA", (i, k, p, q)), Entry("A", (k, j)), bound=(k,))
        held = product_of(Entry("Z", (i, k)), Delta(k, p), Delta(j, q), bound=(k,))
        self.lines.append(Line((changed, held), (), "product rule; the identity matrix is constant"))
        right = without_deltas(held)._replace(coefficient=-held.coefficient)
        self.line(changed, (right,), _TAKES)
        factors = tuple((renamed_base(base, {j: other}), e) for base, e in right.factors)
        times_z = joined(Product(right.coefficient, (other,), factors), product_of(Entry("Z", (other, j))))
        self.line(self.slope, (times_z,), "both sides times Z; A Z is the identity matrix")
        return self.simplified(self.slope, (times_z,))

    def logdet(self) -> Products:
        """Differentiate the expansion of the determinant along a row."""
        (p, q), k = self.by, fresh("n")
        det = Entry("det A", ())
        self.line(product_of(self.own), products_of(call("ln", power_of(det))), self.law.meaning)
        expanded = product_of(Entry("A", (p, k)), Entry("C", (p, k)), bound=(k,))
        self.line(product_of(det), (expanded,), "expansion along row p; the cofactors c hold no entry of that row")
        (cofactor,) = self.differentiated(product_of(Entry("ddet A/dA", self.by)), (expanded,))
        (by_det,) = products_of(derivative_at("ln", power_of(det), power_of(self.own), {}))
        self.line(self.slope, (joined(cofactor, by_det),), "chain rule, logarithm rule")
        inverse = products_of(at(Reader({"A": ("n", "n")}).read(parse_matrix("inv(A)", "A")), (q, p)))
        self.line(self.slope, inverse, "Cramer's rule: the inverse has the transposed cofactors over the determinant")
        return inverse


_SPECIAL: dict[str, Callable[[_Prover], Products]] = {"inverse": _Prover.inverse, "logdet": _Prover.logdet}


def with_sizes(tree: Tree) -> Tree:
    """Return the formula of a law with sizes for the letters n and m."""

    def combine(node: Any, inner: list[Any]) -> Any:
        if isinstance(node, Symbol) and node.name in ("n", "m"):
            return Size(Str(node.name))
        return type(node)(*inner) if isinstance(node, Inert) else node

    return fold(tree, combine)
