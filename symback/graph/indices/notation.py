"""Index forms as people write them, in text, Unicode and LaTeX: `Σ_k a_ik b_kj`, `δ_ip`, `∂z_ij/∂a_pq`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from symback.graph.indices.forms import (
    POSITION,
    Base,
    Bracket,
    Call,
    Constant,
    Delta,
    Entry,
    Form,
    Index,
    Product,
    Whole,
)


class Notation(NamedTuple):
    """How each thing is written; `i` stands for indices, `u` and `v` for what is written already."""

    entry: str
    total: str
    delta: str
    slope: str
    power: str
    quotient: str
    brackets: str
    function: str
    e: str = "e"
    pi: str = "pi"


NOTATIONS = {
    "text": Notation("{u}_{i}", "sum_{i} ", "delta_{i}", "d{u}/d{v}", "{u}^{v}", "{u}/{v}", "({u})", "{u}({v})"),
    "unicode": Notation("{u}_{i}", "Σ_{i} ", "δ_{i}", "∂{u}/∂{v}", "{u}^{v}", "{u}/{v}", "({u})", "{u}({v})", "e", "π"),
    "latex": Notation(
        "{u}_{{{i}}}", r"\sum_{{{i}}} ", r"\delta_{{{i}}}", r"\frac{{\partial {u}}}{{\partial {v}}}", "{u}^{{{v}}}",
        r"\frac{{{u}}}{{{v}}}", r"\left({u}\right)", r"\{u} {v}", "e", r"\pi",
    ),
}  # fmt: skip

_LETTERS = "ijklrstuvw"  # p and q are kept for the entry that is differentiated by
_P_AND_Q_LAST = "ijklrstuvwpq".index


class Letters:
    """The letters of the indices of one proof, given as they come."""

    def __init__(self, known: Mapping[Index, str]) -> None:
        self.known = dict(known)

    def of(self, indices: Iterable[Index]) -> str:
        return "".join(map(self._letter, indices))

    def _letter(self, index: Index) -> str:
        if index.level == POSITION:
            return str(index.number)
        if index not in self.known:
            used = set(self.known.values())
            self.known[index] = next(letter for letter in _LETTERS if letter not in used)
        return self.known[index]


class Writer(NamedTuple):
    """Writes forms in one notation; `ranks` says of how many axes each name is."""

    notation: Notation
    letters: Letters
    ranks: Mapping[str, int]

    def sum_of(self, products: Sequence[Product]) -> str:
        """Return a sum of products, those with plus first."""
        text = ""
        for product in sorted(products, key=lambda p: p.coefficient < 0):
            sign = "-" if product.coefficient < 0 else "+"
            text += f" {sign} " if text else "-" * (sign == "-")
            text += self._product(product)
        return text or "0"

    def _product(self, product: Product) -> str:
        number = abs(product.coefficient)
        factors = sorted(product.factors, key=lambda factor: "/" in factor[0].kind)  # slopes last, as in g ∂z/∂a
        parts = len(factors) + (number != 1) + bool(product.bound)
        above = [str(number.numerator)] if number.numerator != 1 else []
        below = [str(number.denominator)] if number.denominator != 1 else []
        above += [self._power(base, e, parts > 1) for base, e in factors if e > 0]
        alone = sum(e < 0 for _, e in factors) + len(below) == 1 and not self.is_flat
        below += [self._power(base, -e, not alone) for base, e in factors if e < 0]
        summed = "".join(sorted(self.letters.of(product.bound)))
        total = self.notation.total.format(i=summed) if summed else ""
        top = " ".join(above) or "1"
        return total + (self._quotient(top, " ".join(below)) if below else top)

    @property
    def is_flat(self) -> bool:
        """Tell whether a quotient is written in one line."""
        return "frac" not in self.notation.quotient

    def _quotient(self, top: str, bottom: str) -> str:
        if self.is_flat and not _is_one(bottom):
            bottom = self.notation.brackets.format(u=bottom)
        return self.notation.quotient.format(u=top, v=bottom)

    def _power(self, base: Base, exponent: Fraction, in_brackets: bool) -> str:
        text = self._base(base)
        if isinstance(base, Bracket) and (in_brackets or exponent != 1):
            text = self.notation.brackets.format(u=text)
        return text if exponent == 1 else self.notation.power.format(u=text, v=exponent)

    def _base(self, base: Base) -> str:
        match base:
            case Entry():
                return self._entry(base)
            case Constant(name=name):
                return {"e": self.notation.e, "pi": self.notation.pi}.get(name, name)
            case Delta(indices=indices):
                return self.notation.delta.format(i="".join(sorted(self.letters.of(indices), key=_P_AND_Q_LAST)))
            case Bracket(form=form):
                return self._form(form)
            case Whole(operation="inv", indices=indices):
                inverse = self.notation.power.format(u=_matrix_in(base), v="-1")
                return self.notation.entry.format(
                    u=self.notation.brackets.format(u=inverse), i=self.letters.of(indices)
                )
            case Call(function="power", arguments=(of, exponent)):
                return self.notation.power.format(u=self._form(of), v=self._exponent(exponent))
            case Call(function=function, arguments=(argument,)):
                return self.notation.function.format(u=function, v=self._form(argument))
        raise TypeError(base)

    def _exponent(self, form: Form) -> str:
        text = self._form(form)
        return self.notation.brackets.format(u=text) if self.is_flat else text

    def _form(self, form: Form) -> str:
        return self.sum_of([Product(t.coefficient, t.bound, t.factors) for t in form.terms])

    def _entry(self, base: Entry) -> str:
        """Return an entry, small letters for those of a matrix; `dz/da` has the indices of both."""
        above, slash, below = base.name.partition("/")
        if not slash:
            return self._named(base.name, base.indices)
        top, bottom = above[1:], below[1:]
        rank = self.ranks[top]
        return self.notation.slope.format(
            u=self._named(top, base.indices[:rank]), v=self._named(bottom, base.indices[rank:])
        )

    def _named(self, name: str, indices: Sequence[Index]) -> str:
        if not indices:
            return name if self.is_flat else name.replace("det", r"\det")
        return self.notation.entry.format(u=name.lower(), i=self.letters.of(indices))


def _is_one(text: str) -> bool:
    """Tell whether a text has no blank outside brackets."""
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == " " and not depth:
            return False
    return True


def _matrix_in(inverse: Whole) -> str:
    """Return the name of the matrix that an inverse is of."""
    ((matrix, _),) = inverse.body.terms[0].factors
    assert isinstance(matrix, Entry)
    return matrix.name
