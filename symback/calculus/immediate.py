"""Which pending derivatives are one step away: a line works them out together where they stand in something greater."""

from __future__ import annotations

from sympy.core.symbol import Symbol

from symback.calculus import laws
from symback.expr.tree import Diff, Inert, Let, Neg, Plus, Power, Tree, is_pending, walk

SUMS = frozenset((laws.SUM_RULE.name, laws.DIFFERENCE_RULE.name, laws.SUM_AND_DIFFERENCE_RULE.name))
CONSTANT_MULTIPLE = "constant multiple rule"
CHAIN = laws.CHAIN_RULE.name
PRODUCT, QUOTIENT = laws.PRODUCT_BY_HALVES.name, "quotient rule"
AS_A_POWER = "write as a power"
SMALL = (CONSTANT_MULTIPLE, laws.IDENTITY_RULE.name, laws.CONSTANT_RULE.name)  # steps that nobody counts
DEEPEST = 10  # constants and sums inside each other that one line takes at once
CHAINS_IN_BRIEF = 2


class Hits:
    """The rule that fits a pending derivative, with its result: looked up once for equal ones."""

    def __init__(self, strategy: str, named_inner: bool = False) -> None:
        self.strategy = strategy
        self.named_inner = named_inner
        self._known: dict[Diff, laws.Hit] = {}

    def __call__(self, pending: Diff) -> laws.Hit:
        hit = self._known.get(pending)
        if hit is None:
            hit = (laws.chain_through_named(pending) if self.named_inner else None) or laws.differentiate_once(
                pending, self.strategy
            )
            self._known[pending] = hit
        return hit


class Immediate:
    """Tells what one line may finish where it stands in something greater.

    A leaf (x, a constant, x^n, e^x, f(x)), a constant times an immediate, a sum of immediates, 1/x^n; with `chains`
    also f(ax + b), (ax + b)^n and e^(ax + b). In `brief` any chain counts, two deep, and a product inside a quotient.
    """

    def __init__(self, hits: Hits, brief: bool = False) -> None:
        self.hits = hits
        self.brief = brief
        self._known: dict[tuple[Diff, bool, bool], bool] = {}

    def __call__(self, pending: Diff, chains: bool = True, in_quotient: bool = False) -> bool:
        key = (pending, chains, in_quotient)
        if key not in self._known:
            self._known[key] = self._is_immediate(pending, CHAINS_IN_BRIEF if chains else 0, in_quotient, DEEPEST)
        return self._known[key]

    def _is_immediate(self, pending: Diff, chains: int, in_quotient: bool, deep: int) -> bool:
        rule, result, bound = self.hits(pending)
        if not is_pending(result):
            return True
        if deep == 0:
            return False
        if rule.name == CHAIN and isinstance(bound.get("u"), Inert) and not isinstance(bound["u"], Let):
            inner = Diff(bound["u"], pending._args[1])
            if not self.brief:
                return chains > 0 and self._is_linear(inner, deep - 1)
            return chains > 0 and self._is_immediate(inner, chains - 1, False, deep - 1)
        if rule.name == AS_A_POWER and not (self.brief or isinstance(_base(result._args[0]), Symbol)):
            return False
        goes_on = rule.name in SUMS or rule.name in (CONSTANT_MULTIPLE, AS_A_POWER)
        if goes_on or (rule.name == PRODUCT and self.brief and in_quotient):
            return all(self._is_immediate(d, chains, False, deep - 1) for d in pending_in(result))
        return False

    def _is_linear(self, pending: Diff, deep: int) -> bool:
        rule, result, _ = self.hits(pending)
        if rule in (laws.IDENTITY_RULE, laws.CONSTANT_RULE):
            return True
        if deep == 0 or not (rule.name in SUMS or rule.name == CONSTANT_MULTIPLE):
            return False
        return all(self._is_linear(d, deep - 1) for d in pending_in(result))


def _base(tree: Tree) -> Tree:
    return tree._args[0] if isinstance(tree, Power) else tree  # 1/x^(-1) has become x itself


def pending_in(result: Tree) -> list[Diff]:
    """Return the pending derivatives in what a rule makes of one, from left to right."""
    if isinstance(result, Plus):  # a sum may have thousands of terms
        bare = [t._args[0] if isinstance(t, Neg) else t for t in result._args]
        if all(isinstance(t, Diff) for t in bare):
            return bare
    return [node for node in walk(result) if isinstance(node, Diff)]
