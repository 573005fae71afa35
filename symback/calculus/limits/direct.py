"""Limits that are read off: constants, values put in, known limits, parts that vanish, laws of sums and products."""

from __future__ import annotations

from collections.abc import Iterator

from symback.calculus.integrals.forms import multiple, split_constants
from symback.calculus.limits.growth import FEW, grown
from symback.calculus.limits.laws import (
    CONSTANT,
    CONSTANT_MULTIPLE,
    CONTINUITY,
    IDENTITY,
    KNOWN_LIMIT,
    POWER_VANISHES,
    PRODUCT,
    PUT_IN,
    QUOTIENT,
    SQUEEZE,
    SQUEEZE_BY,
    SQUEEZE_QUOTIENT,
    SQUEEZE_STEPS,
    SUM,
    VANISH,
    known_hit,
    outer_limits,
)  # fmt: skip
from symback.calculus.limits.work import Work
from symback.expr.cases import is_cases
from symback.expr.functions import FUNCTIONS
from symback.expr.match import match
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    ZERO,
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
    is_free_of,
    number_value,
    product_of,
    walk,
)  # fmt: skip
from symback.syntax import parse_law

BELOW_1 = 0.999
BOUNDED = frozenset(("sin", "cos", "arctan", "tanh", "sign", "erf", "sigmoid"))
STEPS = frozenset(("floor", "ceil", "round", "sign", "step"))
CONTINUOUS = frozenset(FUNCTIONS) - STEPS - {"max", "min", "mod"}  # where they are defined


def constant(work: Work, path: Path, body: Tree) -> bool:
    """The limit of a constant, and of the variable itself."""
    if is_free_of(body, work.variable):
        work.apply(CONSTANT, path, body, (("c", body),))
        return True
    if body == work.variable and not work.is_far:
        work.apply(IDENTITY, path, work.target, ((work.variable.name, work.target),))
        return True
    return False


def put_in(work: Work, path: Path, body: Tree) -> bool:
    """Put the place in where the function is continuous there."""
    if work.is_far or jumps(body, work) or not work.tendency(body).settles:
        return False
    value = work.put_in(body)
    if not work.comes_to(body, value):
        return False
    work.apply(PUT_IN, path, value, ((work.variable.name, work.target),))
    return True


def jumps(body: Tree, work: Work) -> bool:
    """Tell whether a function has steps or cases in it, which are looked at from each side."""
    return any(
        isinstance(node, Apply) and (node.name in STEPS or is_cases(node)) and not is_free_of(node, work.variable)
        for node in walk(body)
    )


def constant_out(work: Work, path: Path, body: Tree) -> bool:
    """Take a constant factor out."""
    factor, rest = split_constants(body, work.variable)
    if factor == ONE or not work.tendency(body).settles:
        return False
    work.apply(CONSTANT_MULTIPLE, path, multiple(factor, work.new(rest)), (("c", factor), ("u", rest)))
    return True


# --- known limits, and parts that vanish ------------------------------------------------------------------------------


class Settled:
    """A function with each part replaced by what it comes to; `used` are the laws, with their letters."""

    def __init__(self, work: Work, body: Tree) -> None:
        self.work, self.body = work, body
        self.used: list[tuple[Rule, tuple[tuple[str, Tree], ...]]] = []

    def of(self, tree: Tree) -> Tree | None:
        """Return what a tree comes to, written with the values of its parts; None where a part has none."""
        work = self.work
        if is_free_of(tree, work.variable):
            return tree
        for found in (self._known(tree), self._vanishing(tree), self._outgrown(tree)):
            if found is not None:
                return found
        if not work.is_far and not jumps(tree, work) and work.comes_to(tree, work.put_in(tree)):
            self.used.append((PUT_IN, ((work.variable.name, work.target),)))
            return work.put_in(tree)
        return self._by_parts(tree)

    def _by_parts(self, tree: Tree) -> Tree | None:
        if isinstance(tree, (Plus, Times, Neg, Quotient)) or (
            isinstance(tree, Power) and (is_free_of(tree._args[1], self.work.variable) or tree._args[0] == E)
        ):
            parts = [self.of(part) for part in tree._args]
            return None if any(part is None for part in parts) else type(tree)(*parts)
        if isinstance(tree, Apply) and tree.name in CONTINUOUS and len(tree.arguments) == 1:
            inner = self.of(tree.arguments[0])
            return None if inner is None else Apply(tree._args[0], inner)
        return None

    def _known(self, tree: Tree) -> Tree | None:
        for inner in inner_functions(tree, self.work):
            hit = known_hit(tree, inner)
            if hit is not None and tends(self.work, inner, hit[0].to):
                letters = (("u", inner),) if inner != self.work.variable else ()
                self.used.append((hit[0].rule, letters))
                return hit[1]
        return outer(self, tree)

    def _vanishing(self, tree: Tree) -> Tree | None:
        """Return 0 for a constant over what grows beyond all bounds."""
        if _is_small_power(self.work, tree):
            self.used.append((POWER_VANISHES, ()))
            return ZERO
        if not isinstance(tree, Quotient) or not self.work.tendency(tree._args[0]).settles:
            return None
        if self.work.tendency(tree._args[1]).kind != "infinite":
            return None
        self.used.append((VANISH, ()))
        return ZERO

    def _outgrown(self, tree: Tree) -> Tree | None:
        """Return 0 for a term such as x^3/e^x; a function that is nothing else is left to L'Hôpital's rule."""
        found = None if tree is self.body else grown(self.work, tree)
        if found is None or not found.to_zero or (isinstance(self.body, Power) and found.times <= FEW):
            return None
        self.used.append((found.rule, found.bound))
        return ZERO


def _is_small_power(work: Work, tree: Tree) -> bool:
    """Tell whether a tree is a power such as (2/3)^u or (1/u)^u, where u grows beyond all bounds."""
    if not isinstance(tree, Power) or not tends(work, tree._args[1], "oo"):
        return False
    base = number_value(tree._args[0])
    if base is not None:
        return 0 < base < 1
    found = work.tendency(tree._args[0])
    return found.sign > 0 and (found.kind == "zero" or (found.value is not None and found.value < BELOW_1))


def outer(settled: Settled, tree: Tree) -> Tree | None:
    """Return what a function such as e^u comes to, where u grows beyond all bounds; None for an infinity."""
    for row in outer_limits():
        if row.value in ("oo", "-oo"):
            continue
        for inner in inner_functions(tree, settled.work):
            if match(row.pattern, tree, inner) is not None and tends(settled.work, inner, row.to):
                settled.used.append((row.rule, (("u", inner),) if inner != settled.work.variable else ()))
                return parse_law(row.value)
    return None


def inner_functions(tree: Tree, work: Work) -> Iterator[Tree]:
    """Yield the parts of a tree that may be the u of a law: those with the variable, the largest first."""
    seen: set[Tree] = set()
    for node in walk(tree):
        if node is not tree and node not in seen and isinstance(node, (Inert, type(work.variable))):
            seen.add(node)
            if not is_free_of(node, work.variable):
                yield node


def tends(work: Work, inner: Tree, to: str) -> bool:
    found = work.tendency(inner)
    if to == "0":
        return found.kind == "zero"
    return found.kind == "infinite" and found.sign == (1 if to == "oo" else -1)


def settle(work: Work, path: Path, body: Tree) -> bool:
    """Replace every part by what it comes to: known limits, parts that vanish, values put in."""
    if not work.tendency(body).settles:
        return False
    settled = Settled(work, body)
    value = settled.of(body)
    if value is None or not work.comes_to(body, value):
        return False
    work.apply(*_said(settled, path, value))
    return True


def _said(settled: Settled, path: Path, value: Tree) -> tuple[Rule, Path, Tree, tuple[tuple[str, Tree], ...]]:
    """Return the step with the names of all laws that were used, and the letters where there is one law alone."""
    used = list(dict.fromkeys(settled.used))
    rules = list(dict.fromkeys(rule for rule, _ in used))
    names = _names([rule.name for rule in rules])
    laws = "; ".join(dict.fromkeys(rule.law for rule in rules))
    letters = {letter for _, letter in used}
    bound = letters.pop() if len(letters) == 1 else ()
    return Rule(", ".join(names), laws), path, value, bound


def _names(names: list[str]) -> list[str]:
    """Return the names of laws, those of several known limits as one: known limits of sin(u)/u and tan(u)/u."""
    known = [name.removeprefix(f"{KNOWN_LIMIT} of ") for name in names if name.startswith(KNOWN_LIMIT)]
    others = [name for name in names if not name.startswith(KNOWN_LIMIT)]
    if len(known) < 2:
        return names
    return [f"{KNOWN_LIMIT}s of {', '.join(known[:-1])} and {known[-1]}", *others]


# --- squeezing --------------------------------------------------------------------------------------------------------


def squeeze(work: Work, path: Path, body: Tree) -> bool:
    """A bounded factor times what vanishes, or over what grows; a step function over what grows."""
    if isinstance(body, Times):
        return _squeezed_product(work, path, body)
    if isinstance(body, Quotient):
        return _squeezed_quotient(work, path, body)
    return False


def _squeezed_product(work: Work, path: Path, body: Times) -> bool:
    bounded = [f for f in body._args if is_bounded(f) and not is_free_of(f, work.variable)]
    others = [f for f in body._args if f not in bounded]
    if not bounded or not others or all(work.tendency(f).settles for f in bounded):
        return False
    rest, inside = product_of(others), product_of(bounded)
    if work.tendency(rest).kind != "zero":
        return False
    _squeeze(work, path, rest, (("u", inside), ("v", rest)))
    return True


def _squeeze(work: Work, path: Path, rest: Tree, bound: tuple[tuple[str, Tree], ...]) -> None:
    """Write 0; where it takes more to see that the other factor vanishes, its limit, which is worked out next."""
    value = Settled(work, rest).of(rest)
    is_seen = value is not None and work.comes_to(rest, value)
    work.apply(SQUEEZE if is_seen else SQUEEZE_BY, path, ZERO if is_seen else work.new(rest), bound)


def _squeezed_quotient(work: Work, path: Path, body: Quotient) -> bool:
    top, bottom = body._args
    if isinstance(top, Apply) and top.name in ("floor", "ceil", "round") and work.is_far:
        if work.tendency(bottom).kind != "infinite":
            return False
        inner = top.arguments[0]
        work.apply(SQUEEZE_STEPS, path, work.new(Quotient(inner, bottom)), (("u", inner), ("v", bottom)))
        return True
    factors = top._args if isinstance(top, Times) else (top,)
    bounded = [f for f in factors if is_bounded(f) and not is_free_of(f, work.variable)]
    if not bounded or all(work.tendency(f).settles for f in bounded):
        return False
    others = [f for f in factors if f not in bounded]
    if not others and work.tendency(bottom).kind == "infinite":
        work.apply(SQUEEZE_QUOTIENT, path, ZERO, (("u", top), ("v", bottom)))
        return True
    rest = Quotient(product_of(others), bottom)
    if work.tendency(rest).kind != "zero":
        return False
    _squeeze(work, path, rest, (("u", product_of(bounded)), ("v", rest)))
    return True


def is_bounded(tree: Tree) -> bool:
    """Tell whether a function is bounded wherever it is real, by how it is written.

    >>> from symback.syntax import parse
    >>> is_bounded(parse("2 sin(x)^2 - cos(1/x)")), is_bounded(parse("x sin x"))
    (True, False)
    """
    if isinstance(tree, Apply) and tree.name in BOUNDED:
        return True
    if isinstance(tree, (Plus, Times, Neg)):
        return all(map(is_bounded, tree._args))
    if isinstance(tree, Power):
        exponent = number_value(tree._args[1])
        return is_bounded(tree._args[0]) and exponent is not None and exponent > 0
    if isinstance(tree, Apply) and tree.name == "abs":
        return is_bounded(tree.arguments[0])
    if isinstance(tree, Quotient):
        return is_bounded(tree._args[0]) and number_value(tree._args[1]) is not None
    return number_value(tree) is not None


# --- sums, products, quotients, functions of limits -------------------------------------------------------------------


def by_laws(work: Work, path: Path, body: Tree) -> bool:
    """Take the limit of each part, where every part has a finite one."""
    if isinstance(body, (Plus, Times)):
        parts = [p._args[0] if isinstance(p, Neg) else p for p in body._args]
        if not all(work.tendency(p).settles for p in parts):
            return False
        rule = SUM if isinstance(body, Plus) else PRODUCT
        work.apply(rule, path, type(body)(*(_limit_of_part(work, p) for p in body._args)))
        return True
    if isinstance(body, Quotient):
        top, bottom = body._args
        if not work.tendency(top).settles or work.tendency(bottom).kind != "finite":
            return False
        work.apply(QUOTIENT, path, Quotient(_limit_of_part(work, top), _limit_of_part(work, bottom)))
        return True
    return _of_inner(work, path, body)


def _limit_of_part(work: Work, part: Tree) -> Tree:
    if is_free_of(part, work.variable):
        return part
    return Neg(work.new(part._args[0])) if isinstance(part, Neg) else work.new(part)


def _of_inner(work: Work, path: Path, body: Tree) -> bool:
    """Take the limit inside a continuous function."""
    if isinstance(body, Power) and (is_free_of(body._args[1], work.variable) or body._args[0] == E):
        place = 0 if is_free_of(body._args[1], work.variable) else 1
    elif isinstance(body, Apply) and body.name in CONTINUOUS and not is_free_of(body._args[1], work.variable):
        place = 1
    else:
        return False
    inner = body._args[place]
    if not work.tendency(inner).settles or not work.tendency(body).settles:
        return False
    result = type(body)(*(work.new(a) if i == place else a for i, a in enumerate(body._args)))
    work.apply(CONTINUITY, path, result, (("u", inner),))
    return True
