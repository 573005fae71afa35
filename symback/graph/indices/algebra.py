"""Sums, products and powers of index forms, each brought into its normal form as it is made.

In a normal form nothing is left of a delta with a bound index, of a bound index that is in no factor, of a sum of
probabilities, of a bracket that can be multiplied out, or of what a bracket cancels (`cancelling.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import product as combinations

from symback.graph.indices.budget import NotCovered, TooLong, spend
from symback.graph.indices.cancelling import cancelled
from symback.graph.indices.canonical import canonical, fresh, opened, renamed, whole_base
from symback.graph.indices.forms import (
    AXIS,
    E_FORM,
    FRESH,
    ONE,
    POSITION,
    ZERO,
    Base,
    Bracket,
    Call,
    Delta,
    Entry,
    Factor,
    Form,
    Index,
    Part,
    Pending,
    Product,
    Term,
    Whole,
    power_of,
)
from symback.graph.indices.laws import merged, multiplied_out, without_unused
from symback.graph.indices.parts import at_indices, joined
from symback.graph.indices.powers import (
    EVEN,
    ODD,
    begins_with_minus,
    bracket,
    content,
    exponent_of_e,
    is_negative,
    is_positive,
    is_power_of_e,
    is_single,
    root_of_number,
)
from symback.graph.indices.sums import difference, scaled, total, with_number

LONGEST_NUMBER = 4_000  # bits
MOST_FACTORS = 24  # the highest power of a sum that is multiplied out
Moves = Mapping[Index, Index]


# --- sums and products ----------------------------------------------------------------------------------------------


def times(*forms: Form) -> Form:
    """Return the product of forms, multiplied out."""
    if not all(forms):
        return ZERO
    forms = tuple(form for form in forms if form != ONE)
    if len(forms) <= 1:
        return forms[0] if forms else ONE
    single = [form for form in forms if len(form.terms) == 1]
    several = [form for form in forms if len(form.terms) > 1]
    first = assembled(Product(Fraction(1), (), ()), single)
    return reduce(lambda left, right: assembled(Product(Fraction(1), (), ()), (left, right)), several, first)


def assembled(product: Product, forms: Sequence[Form]) -> Form:
    """Return a product times forms, whose free indices may be bound by the product."""
    results = []
    for terms in combinations(*(form.terms for form in forms)):
        coefficient, bound, factors = product
        has_bound = sum(bool(term.bound) for term in terms)
        is_apart = has_bound <= 1 and all(i.level == FRESH for i in bound)  # no index has the name of another
        for term in terms if is_apart else map(opened, terms):
            coefficient, bound, factors = coefficient * term.coefficient, bound + term.bound, factors + term.factors
        results.append(normal(Product(coefficient, bound, factors)))
    return results[0] if len(results) == 1 else total(results)


def summed(form: Form, over: Iterable[Index]) -> Form:
    """Return the sum of a form over indices that stand nowhere else."""
    bound = tuple(i for i in over if i.level != POSITION)
    return assembled(Product(Fraction(1), bound, ()), (form,)) if bound else form


# --- powers ---------------------------------------------------------------------------------------------------------


def power(form: Form, exponent: Fraction | int) -> Form:
    """Return the power of a form: multiplied out where the exponent is a positive whole number, else a bracket."""
    exponent = Fraction(exponent)
    if exponent == 0:
        return ONE
    if exponent == 1:
        return form
    if not form:
        if exponent < 0:
            raise NotCovered("0 in a denominator")
        return ZERO
    if exponent.denominator == 1 and exponent > 0 and not is_single(form):
        if exponent > MOST_FACTORS:
            raise TooLong
        return reduce(times, [form] * int(exponent))
    outside, inside = content(form, exponent)
    number, roots = root_of_number(outside.coefficient, exponent)
    factors = (*roots, *((base, e * exponent) for base, e in outside.factors))
    if outside.factors:
        return assembled(Product(number, (), factors), (power(sum_of(inside), exponent),))
    plain = scaled(form, 1 / outside.coefficient)
    return normal(Product(number, (), (*factors, *bracket(plain, exponent))))


def sum_of(products: Iterable[Product]) -> Form:
    """Return the normal form of a sum of products."""
    return total(assembled(product, ()) for product in products)


def raised(base: Form, exponent: Form) -> Form:
    """Return base^exponent, a product of a power for each term of the exponent.

    Number parts of the exponent are exponents of their own, so that x^(n-1) is x^n x^-1 and e^(-2u) is (e^u)^-2.
    """
    if is_negative(base) and any(term.factors for term in exponent.terms):
        raise NotCovered("a power of a negative number")
    factors = []
    for term in exponent.terms:
        if not term.factors:
            factors.append(power(base, term.coefficient))
        elif base == ONE:
            continue
        else:
            plain = Form((with_number(term, Fraction(1)),))
            factors.append(_log_undone(base, plain, term.coefficient))
    return times(*factors)


def _log_undone(base: Form, exponent: Form, number: Fraction) -> Form:
    factors = exponent.terms[0].factors
    if base == E_FORM and len(factors) == 1 and factors[0][1] == 1:
        (inner, _) = factors[0]
        if isinstance(inner, Call) and inner.function == "ln":
            return power(inner.arguments[0], number)
    return power_of(Call("power", (base, exponent)), number)


# --- functions ------------------------------------------------------------------------------------------------------


def call(function: str, *arguments: Form) -> Form:
    """Return a function of forms; odd and even functions have one sign inside, and step(-u) is 1 - step(u)."""
    if function == "power":
        return raised(*arguments)
    (form,) = arguments
    if function == "ln":
        return _logarithm(form)
    if function == "step" and not form:
        return ZERO
    turned = scaled(form, -1) if begins_with_minus(form) else form
    if function == "step":
        plain = _step(turned)
        return plain if turned is form else difference(ONE, plain)
    if turned is not form and function == "sigmoid":
        return difference(ONE, call("sigmoid", turned))
    if turned is not form and function in ODD | EVEN:
        return scaled(power_of(Call(function, (turned,))), -1 if function in ODD else 1)
    return power_of(Call(function, (form,)))


def _step(form: Form) -> Form:
    """Return the step of a form that begins with plus; only its sign matters."""
    if form.terms[0].key == "":
        return ONE if len(form.terms) == 1 else power_of(Call("step", (form,)))
    outside, inside = content(form, Fraction(1))
    signs = tuple((base, e) for base, e in outside.factors if not is_positive(base))
    return power_of(Call("step", (assembled(Product(Fraction(1), (), signs), (sum_of(inside),)),)))


def _logarithm(form: Form) -> Form:
    """Return ln(u): 0 for 1, and v for e^v."""
    if form == ONE:
        return ZERO
    if is_single(form) and form.terms[0].coefficient == 1 and all(map(is_power_of_e, form.terms[0].factors)):
        return total(scaled(exponent_of_e(base), e) for base, e in form.terms[0].factors)
    return power_of(Call("ln", (form,)))


def whole(operation: str, formal: Sequence[Index], body: Form, indices: tuple[Index, ...]) -> Form:
    """Return a function of a whole axis or matrix: the entry `indices` of its value."""
    return power_of(whole_base(operation, formal, body, indices))


# --- the normal form of a product -----------------------------------------------------------------------------------


def normal(product: Product) -> Form:
    """Return the normal form of a product of powers."""
    while product.coefficient:
        spend(len(product.factors))
        if product.coefficient.numerator.bit_length() > LONGEST_NUMBER:
            raise TooLong
        product = merged(product)
        found = next((done for law in _LAWS if (done := law(product)) is not None), None)
        if found is None:
            return Form((canonical(product),))
        if len(found) > 1 or found[0].forms:
            return total(assembled(*one) for one in found)
        product = found[0].product
    return ZERO


def without_delta(product: Product) -> list[Pending] | None:
    """Let one delta take its index; None where there is none that can.

    What becomes another form by that (a bracket, a function) is returned beside the product.
    """
    coefficient, bound, factors = product
    for base, _ in factors:
        if not isinstance(base, Delta):
            continue
        rest = tuple(factor for factor in factors if factor[0] is not base)
        first, second = base.indices
        if first == second:
            return [Pending(Product(coefficient, bound, rest))]
        gone, stays = (second, first) if second in bound else (first, second)
        if gone in bound:
            others = tuple(i for i in bound if i != gone)
            return [_with_index(Product(coefficient, others, rest), gone, stays)]
        if first.level == second.level == POSITION:  # two entries, which may be counted from both ends
            is_known = (first.number < 0) == (second.number < 0)
            return [Pending(Product(Fraction(0), (), ()))] if is_known else None
        gone, stays = (first, second) if second.level == POSITION else (second, first)
        if any(gone in other.free for other, _ in rest):
            found = _with_index(Product(coefficient, bound, rest), gone, stays)
            return [Pending(_and(found.product, base), found.forms)]
    return None


def _and(product: Product, base: Base) -> Product:
    return Product(product.coefficient, product.bound, (*product.factors, (base, Fraction(1))))


def _with_index(product: Product, gone: Index, stays: Index) -> Pending:
    factors, forms = _all_moved(product.factors, {gone: stays})
    return Pending(Product(product.coefficient, product.bound, factors), forms)


def _all_moved(factors: Iterable[Factor], moves: Moves) -> tuple[tuple[Factor, ...], tuple[Form, ...]]:
    plain: list[Factor] = []
    forms: list[Form] = []
    for base, exponent in factors:
        if base.free.isdisjoint(moves):
            plain.append((base, exponent))
        elif isinstance(base, (Entry, Delta, Part)):
            plain.append((at_indices(base, moves), exponent))
        else:
            forms.append(power(rebuilt(base, moves, lambda form: moved(form, moves)), exponent))
    return tuple(plain), tuple(forms)


_LAWS = (multiplied_out, without_delta, without_unused, joined, cancelled)


# --- other indices --------------------------------------------------------------------------------------------------


def moved(form: Form, moves: Moves) -> Form:
    """Return the form at other indices; two may become one."""
    if form.free.isdisjoint(moves):
        return form
    targets = [moves[i] for i in form.free if i in moves]
    stay = form.free - moves.keys()
    apart = all(t.level in (AXIS, FRESH) and t not in stay for t in targets)
    if apart and len(set(targets)) == len(targets):
        return renamed(form, moves)
    return total(_term_moved(term, moves) for term in form.terms)


def _term_moved(term: Term, moves: Moves) -> Form:
    if term.free.isdisjoint(moves):
        return Form((term,))
    coefficient, bound, factors = opened(term)
    plain, forms = _all_moved(factors, moves)
    return assembled(Product(coefficient, bound, plain), forms)


def rebuilt(base: Base, moves: Moves, inside: Callable[[Form], Form]) -> Form:
    """Return a base with its indices moved, and `inside` done to the forms that it holds."""
    match base:
        case Call():
            return call(base.function, *(inside(a) for a in base.arguments))
        case Bracket():
            return inside(base.form)
        case Whole():
            names = {i: fresh(i.size) for i in base.formal}
            body = inside(renamed(base.body, names))
            return whole(base.operation, tuple(names.values()), body, tuple(moves.get(i, i) for i in base.indices))
        case Entry() | Delta() | Part():
            return power_of(at_indices(base, moves))
    return power_of(base)
