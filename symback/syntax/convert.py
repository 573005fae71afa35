"""Between inert trees and ordinary SymPy expressions, in both directions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, lru_cache, reduce
from typing import Any

import sympy
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.numbers import Float, Integer, Rational
from sympy.core.symbol import Str, Symbol

from symback.errors import ParseError, TooLarge, UsageError
from symback.expr.cases import AND, OR, Branch, cases_of, opposite
from symback.expr.functions import FUNCTIONS, SPELLINGS
from symback.expr.tree import (
    ONE,
    PI,
    Apply,
    Decimal,
    Diff,
    E,
    Equal,
    Inert,
    Int,
    Let,
    Lim,
    Neg,
    Plus,
    Power,
    Quotient,
    Rate,
    Times,
    Tree,
    apply,
    fold,
    number,
    product_of,
    sum_of,
    symbol,
)
from symback.expr.unknown import MOST_ARGUMENTS, derived, parts
from symback.syntax import parse_law, read_names
from symback.syntax.source import MAX_DIGITS

# Above this height SymPy's own evaluation would recurse too deep, and above this size it takes too long.
DEEPEST_EVALUATED = 40
LARGEST_EVALUATED_POWER = 20_000  # bits of an exact power of numbers


def to_sympy(tree: Tree) -> Expr:
    """Return the ordinary, evaluated SymPy expression; what is too deep or too large is built without evaluation."""
    value, _ = fold(tree, _to_sympy_node)
    return value


def _to_sympy_node(node: Basic, inner: list[tuple[Any, int]]) -> tuple[Any, int]:
    if not isinstance(node, Inert):
        return node, 0
    height = 1 + max(h for _, h in inner)
    arguments = [a for a, _ in inner]
    if height > DEEPEST_EVALUATED:
        with_evaluation = False
    else:
        with_evaluation = not (isinstance(node, Power) and _is_huge_power(*arguments))
    value = _BUILDERS[type(node)](arguments, with_evaluation)
    if height > DEEPEST_EVALUATED:  # SymPy asks all parents for these on the way down; asked now, each has its answer
        hash(value)
        value.is_commutative  # noqa: B018
    return value, height


def _is_huge_power(base: Expr, exponent: Expr) -> bool:
    """Tell whether a power of numbers has more digits than anybody wants, or is itself an unevaluated power."""
    if base.free_symbols or exponent.free_symbols:
        return False
    if not isinstance(base, Rational) or not isinstance(exponent, Rational):
        return isinstance(exponent, sympy.Pow) or (isinstance(exponent, Rational) and abs(exponent) > 1000)
    size = max(abs(int(base.p)), int(base.q)).bit_length()
    return bool(abs(exponent) * size > LARGEST_EVALUATED_POWER)


def _plus(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    return sympy.Add(*arguments, evaluate=evaluate)


def _times(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    return sympy.Mul(*arguments, evaluate=evaluate)


def _quotient(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    return sympy.Mul(arguments[0], sympy.Pow(arguments[1], -1, evaluate=evaluate), evaluate=evaluate)


def _power(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    base, exponent = arguments
    if _is_odd_root(exponent) and not (evaluate and base.is_nonnegative):
        # the real value; SymPy's own root of a negative number is complex
        size = sympy.Pow(sympy.Abs(base, evaluate=evaluate), exponent, evaluate=evaluate)
        odd = exponent.p % 2
        return sympy.Mul(sympy.sign(base, evaluate=evaluate), size, evaluate=evaluate) if odd else size
    if evaluate and isinstance(exponent, Integer) and isinstance(base, sympy.Mul) and len(base.args) == 2:
        return _power_of_root(base, exponent)
    return sympy.Pow(base, exponent, evaluate=evaluate)


def _power_of_root(root: Expr, exponent: Integer) -> Expr:
    """Return (sign(u) |u|^(1/3))^2 as |u|^(2/3), and other powers as they are."""
    size, sign = root.args if isinstance(root.args[1], sympy.sign) else root.args[::-1]
    is_root = isinstance(sign, sympy.sign) and isinstance(size, sympy.Pow) and _is_odd_root(size.exp)
    if not is_root or size.base != sympy.Abs(sign.args[0]):
        return sympy.Pow(root, exponent)
    raised = sympy.Pow(size.base, size.exp * exponent)
    return sign * raised if exponent % 2 else raised


def _is_odd_root(exponent: Expr) -> bool:
    return isinstance(exponent, Rational) and exponent.q > 1 and exponent.q % 2 == 1


def _root(base: Expr, index: Expr) -> Expr:
    return _power((base, sympy.Pow(index, -1)), evaluate=True)


def _neg(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    return sympy.Mul(-1, arguments[0], evaluate=evaluate)


def _decimal(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    return arguments[0]


def _let(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    return arguments[1]


def _equation(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    return sympy.Eq(*arguments, evaluate=False)


def _rate(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    function, variable, order = arguments
    return sympy.Derivative(sympy.Function(function.name)(variable), (variable, order))


def _diff(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    function, variable = arguments
    if function.has(sympy.Piecewise):  # whose derivative SymPy gets wrong at the joints
        return sympy.Derivative(function, variable, evaluate=False)
    if isinstance(variable, Symbol):
        return sympy.diff(function, variable)
    stand_in = sympy.Dummy("u", real=True)
    return sympy.diff(function.xreplace({variable: stand_in}), stand_in).xreplace({stand_in: variable})


def _integral(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    function, variable, *ends = arguments
    by = variable if isinstance(variable, Symbol) else sympy.Dummy("u", real=True)
    limits = [sympy.oo if e == symbol("oo") else -sympy.oo if e == -symbol("oo") else e for e in ends]
    found = sympy.Integral(function.xreplace({variable: by}), (by, *limits))
    return found if by == variable else found.xreplace({by: variable})


def _limit(arguments: Sequence[Expr], evaluate: bool) -> Expr:
    function, variable, target, *side = arguments
    ends = {symbol("oo"): sympy.oo, -symbol("oo"): -sympy.oo}
    way = "+-" if not side else "+" if side[0] == 1 else "-"
    place = ends.get(target, target)
    return sympy.Limit(function, variable, place, "-" if place is sympy.oo else "+" if place is -sympy.oo else way)


def _apply(arguments: Sequence[Any], evaluate: bool) -> Expr:
    name, *inner = arguments
    builder = _SPECIAL.get(name.name)
    if builder is not None:
        return builder(*inner)
    row = FUNCTIONS.get(name.name)
    if row is None:
        return _unknown(name.name, inner)
    if row.sympy == "sqrt":
        return sympy.Pow(inner[0], sympy.Rational(1, 2), evaluate=evaluate)
    if row.sympy:
        return getattr(sympy, row.sympy)(*inner, evaluate=evaluate)
    return to_sympy(_definition(row.name)).xreplace({symbol("x"): inner[0]})


def _unknown(name: str, arguments: Sequence[Expr]) -> Expr:
    """Return an unknown function or its derivative: `Derivative(f(x), x)`, put in afterwards where x is not a name."""
    own, slots = parts(name)
    inner = list(arguments)
    put_in = []
    for slot in sorted(set(slots)):
        others = [*arguments[:slot], *arguments[slot + 1 :]]
        if not inner[slot]._diff_wrt or any(o.has(inner[slot]) for o in others):
            stand_in = sympy.Dummy(f"xi_{slot + 1}")
            put_in.append((stand_in, inner[slot]))
            inner[slot] = stand_in
    function = sympy.Function(own)(*inner)
    if slots:
        function = sympy.Derivative(function, *(inner[slot] for slot in slots))
    return sympy.Subs(function, *zip(*put_in, strict=True)) if put_in else function


@cache
def _definition(name: str) -> Tree:
    return parse_law(FUNCTIONS[name].definition)


_BUILDERS: dict[type, Callable[[Sequence[Any], bool], Expr]] = {
    Plus: _plus,
    Times: _times,
    Quotient: _quotient,
    Power: _power,
    Neg: _neg,
    Decimal: _decimal,
    Let: _let,
    Diff: _diff,
    Int: _integral,
    Equal: _equation,
    Rate: _rate,
    Lim: _limit,
    Apply: _apply,
}


def _piecewise(*arguments: Any) -> Expr:
    """Return a Piecewise as it is written: SymPy's own evaluation of conditions can take minutes."""
    pairs: list[tuple[Any, Any]] = []
    for value, condition in zip(arguments[::2], (*arguments[1::2], sympy.true), strict=False):
        if condition == sympy.true and not pairs:
            return value
        if condition != sympy.false:
            pairs.append((value, condition))
    return sympy.Piecewise(*pairs, evaluate=False) if pairs else sympy.nan


_RELATIONS: dict[str, type] = {
    "less": sympy.StrictLessThan,
    "greater": sympy.StrictGreaterThan,
    "at_most": sympy.LessThan,
    "at_least": sympy.GreaterThan,
    "equal": sympy.Equality,
    "differs": sympy.Unequality,
}


def _extreme(head: Callable[..., Expr], u: Expr, v: Expr) -> Expr:
    """Return a maximum or minimum; SymPy refuses to compare what is not real, such as arccos(2)."""
    try:
        return head(u, v)
    except ValueError:
        return head(u, v, evaluate=False)


# Functions that SymPy spells with several arguments or another head.
_SPECIAL: dict[str, Callable[..., Expr]] = {
    "log": lambda u, b: sympy.log(u, b),
    "root": _root,
    "cbrt": lambda u: _root(u, sympy.Integer(3)),
    "step": lambda u: sympy.Heaviside(u, 0),
    "max": lambda u, v: _extreme(sympy.Max, u, v),
    "min": lambda u, v: _extreme(sympy.Min, u, v),
    "cases": _piecewise,
    "and": sympy.And,
    "or": sympy.Or,
    **_RELATIONS,
}


# --- from SymPy -------------------------------------------------------------------------------------------------------


def from_sympy(expr: Expr) -> Tree:
    """Return an inert tree of a SymPy expression, terms in the order in which SymPy prints them.

    Symbols become symback's real symbols of the same name, in its spelling: `x_1` is `x1`. UsageError for heads that
    symback does not know, for names that it cannot read, and where two symbols would become one.
    """
    results: dict[Basic, Tree] = {}
    symbols: dict[Tree, Symbol] = {}
    stack = [(expr, False)]
    while stack:
        node, ready = stack.pop()
        if node in results:
            continue
        if ready or not node.args or isinstance(node, Inert):
            results[node] = _from_sympy_node(node, results)
            if isinstance(node, Symbol):
                _check_one_name(symbols.setdefault(results[node], node), node)
        else:
            stack.append((node, True))
            stack.extend((a, False) for a in _parts(node))
    return results[expr]


Originals = tuple[tuple[Symbol, Symbol], ...]  # symback's symbols, and those of the user that they stand for


def originals_of(*given: object) -> Originals:
    """Return the symbols of SymPy expressions that are not symback's own, each after the one that stands for it."""
    found: dict[Symbol, set[Symbol]] = {}
    for expr in given:
        for other in getattr(expr, "free_symbols", ()) if isinstance(expr, Basic) else ():
            if isinstance(other, Symbol):
                found.setdefault(own_symbol(other), set()).add(other)
    pairs = ((own, *others) for own, others in found.items() if len(others) == 1 and own not in others)
    return tuple(sorted(pairs, key=lambda pair: str(pair[0].name)))


def own_symbol(other: Symbol) -> Symbol:
    """Return symback's symbol for one of SymPy's: real, and with the name in symback's spelling."""
    return symbol(_own_name(other.name))


@lru_cache(maxsize=4096)
def _own_name(name: str) -> str:
    try:
        names = read_names(name)
    except ParseError:
        names = ()
    if len(names) != 1:
        raise UsageError(
            f"symback cannot read the name of SymPy's symbol {name[:40]!r}.",
            hint="Use letters with digits or a subscript, as in x, w_1, alpha.",
        )
    return names[0]


def _check_one_name(first: Symbol, second: Symbol) -> None:
    """Refuse x1 beside x_1, and a Dummy x beside x: two symbols would become one, and the derivative would be wrong."""
    if first != second and (first.name != second.name or {type(first), type(second)} != {Symbol}):
        raise UsageError(
            f"Two different symbols of this expression would both be called {own_symbol(first).name}.",
            hint="Rename one of them.",
        )


def _parts(node: Basic) -> list[Basic]:
    if isinstance(node, sympy.Mul):
        return [*_fraction(node)[0], *_fraction(node)[1]]
    if isinstance(node, sympy.Piecewise):
        return [part for pair in node.args for part in pair.args if part not in (sympy.true, sympy.false)]
    if isinstance(node, sympy.Pow) and _is_negative(node.exp) and node.base is not sympy.E:
        return [1 / node]
    if isinstance(node, (sympy.Derivative, sympy.Subs)):
        found = _derivative_of_unknown(node)
        if found is not None:
            return list(found[1])
        if isinstance(node, sympy.Derivative) and all(isinstance(v, Symbol) for v in node.variables):
            return [node.expr, *node.variables]
    if not isinstance(node, (sympy.Add, sympy.Pow, sympy.exp, sympy.core.function.AppliedUndef)):
        _check_known(node)
    return list(node.args)


def _derivative_of_unknown(node: Basic) -> tuple[str, tuple[Expr, ...]] | None:
    """Return the name and the arguments of Derivative(f(x), x), or of one that is put in by Subs; None for others."""
    put_in = dict(zip(node.variables, node.point, strict=True)) if isinstance(node, sympy.Subs) else {}
    inner = node.expr if put_in else node
    if not isinstance(inner, sympy.Derivative) or not isinstance(inner.expr, sympy.core.function.AppliedUndef):
        return None
    arguments = inner.expr.args
    own = name = inner.expr.func.__name__
    for variable in inner.variables:
        slots = [i for i, argument in enumerate(arguments) if argument.has(variable)]
        if len(slots) != 1 or arguments[slots[0]] != variable:
            return None
        name = derived(name, slots[0], len(arguments))
    if own in FUNCTIONS or len(arguments) > MOST_ARGUMENTS:
        return None
    return name, tuple(put_in.get(argument, argument) for argument in arguments)


def _check_known(node: Basic) -> None:
    """Refuse a head that symback does not know before its arguments are looked at, which may be no expressions."""
    if type(node).__name__ not in (_FROM_SYMPY | _FROM_CONDITIONS) and not isinstance(node, sympy.Heaviside):
        raise UsageError(
            f"symback does not know SymPy's {type(node).__name__}.",
            hint="Write the expression with elementary functions.",
        )


def _fraction(node: sympy.Mul) -> tuple[list[Basic], list[Basic]]:
    """Return the factors above and below the line, the number without its sign first."""
    coefficient, factors = node.as_coeff_mul()
    top: list[Basic] = []
    bottom: list[Basic] = []
    if coefficient.is_Rational:
        top += [Integer(abs(coefficient.p))] if abs(coefficient.p) != 1 else []
        bottom += [Integer(coefficient.q)] if coefficient.q != 1 else []
    elif abs(coefficient) != 1:
        top.append(abs(coefficient))
    for factor in sympy.Mul(*factors, evaluate=False).as_ordered_factors() if factors else ():
        if isinstance(factor, sympy.Pow) and _is_negative(factor.exp) and factor.base is not sympy.E:
            bottom.append(1 / factor)
        else:
            top.append(factor)
    return top, bottom


def _is_negative(exponent: Expr) -> bool:
    return bool(exponent.is_Rational and exponent < 0)


def _from_sympy_node(node: Basic, known: dict[Basic, Tree]) -> Tree:
    if isinstance(node, sympy.Mul):
        top, bottom = _fraction(node)
        tree = product_of([known[f] for f in top])
        if bottom:
            tree = Quotient(tree, product_of([known[f] for f in bottom]))
        return Neg(tree) if node.as_coeff_Mul()[0] < 0 else tree
    if isinstance(node, sympy.Add):
        return sum_of([known[t] for t in node.as_ordered_terms()])
    if isinstance(node, sympy.Pow):
        return _from_power(node, known)
    if isinstance(node, sympy.exp):
        return Power(E, known[node.args[0]])
    leaf = _from_leaf(node)
    return _from_function(node, known) if leaf is None else leaf


def _from_leaf(node: Basic) -> Tree | None:
    """Return a constant, symbol or number as a tree, and a tree as it is; None for what has arguments."""
    if isinstance(node, Inert):
        return node
    if node is sympy.E or node is sympy.pi:
        return E if node is sympy.E else PI
    if isinstance(node, Symbol):
        return own_symbol(node)
    if isinstance(node, Rational):
        return written_number(Fraction(int(node.p), int(node.q)))
    return written_number(Fraction(str(node)), decimal=True) if isinstance(node, Float) else None


def written_number(value: Fraction, *, decimal: bool = False) -> Tree:
    """Return a number as a tree; TooLarge where it has more digits than a text may have."""
    if max(abs(value.numerator), value.denominator) >= 10**MAX_DIGITS:
        raise TooLarge(f"A number has more than {MAX_DIGITS} digits.", hint="Use a letter for it.")
    return number(value, decimal=decimal)


def _from_power(node: sympy.Pow, known: dict[Basic, Tree]) -> Tree:
    if _is_negative(node.exp) and node.base is not sympy.E:
        return Quotient(Integer(1), known[1 / node])
    if node.exp == sympy.Rational(1, 2):
        return apply("sqrt", known[node.base])
    return Power(known[node.base], known[node.exp])


_FROM_SYMPY = {row.sympy: row.name for row in FUNCTIONS.values() if row.sympy} | {
    "Max": "max",
    "Min": "min",
    "log": "ln",
}
_FROM_CONDITIONS = {head.__name__: name for name, head in _RELATIONS.items()} | {
    "And": AND,
    "Or": OR,
    "Not": "",
    "frac": "",
}


def _from_derivative(node: Basic, known: dict[Basic, Tree]) -> Tree:
    found = _derivative_of_unknown(node)
    if found is not None:
        return apply(found[0], *(known[a] for a in found[1]))
    tree = known[node.expr]
    for variable in node.variables:
        tree = Diff(tree, known[variable])
    return tree


def _from_function(node: Basic, known: dict[Basic, Tree]) -> Tree:
    if isinstance(node, sympy.Piecewise):
        return _from_piecewise(node, known)
    if isinstance(node, (sympy.Derivative, sympy.Subs)):
        return _from_derivative(node, known)
    inner = [known[a] for a in node.args]
    if isinstance(node, sympy.frac):
        return Plus(inner[0], Neg(apply("floor", inner[0])))
    if isinstance(node, sympy.Not):
        return opposite(inner[0])
    if type(node).__name__ in _FROM_CONDITIONS:
        return apply(_FROM_CONDITIONS[type(node).__name__], *inner)
    if isinstance(node, sympy.Heaviside):
        return _from_heaviside(inner[0], node.args[1])
    if isinstance(node, (sympy.Max, sympy.Min)):
        return reduce(lambda u, v: apply(_FROM_SYMPY[type(node).__name__], u, v), inner)
    if isinstance(node, sympy.core.function.AppliedUndef):
        return _from_undefined(node.func.__name__, inner)
    _check_known(node)
    return apply(_FROM_SYMPY[type(node).__name__], *inner)


def _from_piecewise(node: sympy.Piecewise, known: dict[Basic, Tree]) -> Tree:
    conditions = {sympy.true: True, sympy.false: False}
    return cases_of([Branch(known[v], conditions.get(c) if c in conditions else known[c]) for v, c in node.args])


def _from_heaviside(inner: Tree, at_zero: Expr) -> Tree:
    """Return a unit step; at 0 symback's step is 0, whatever SymPy's default of 1/2 is meant to be."""
    if at_zero == 1:
        return Plus(ONE, Neg(apply("step", Neg(inner))))
    if at_zero not in (0, sympy.Rational(1, 2)):
        raise UsageError(f"symback does not know a Heaviside step with the value {at_zero} at 0.", hint="Use 0 or 1.")
    return apply("step", inner)


def _from_undefined(name: str, inner: list[Tree]) -> Tree:
    """Return an unknown function, or the one that symback knows by that name, such as `Function("sigmoid")`."""
    row = FUNCTIONS.get(SPELLINGS.get(name, ""))
    if row is not None and row.arity == len(inner):
        return apply(row.name, *inner)
    plain = name.rstrip("'")
    if row is not None or name in _OTHER_FUNCTIONS or not (plain.isascii() and plain.isalnum() and plain[0].isalpha()):
        raise UsageError(f"A function of {len(inner)} arguments cannot be called {name[:40]!r}.", hint="Call it f.")
    return apply(name, *inner)


_OTHER_FUNCTIONS = ("exp", "lg", "log")  # these have other heads in symback

__all__ = ["Str", "from_sympy", "to_sympy"]
