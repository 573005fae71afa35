"""The laws of integration, one line of text each: the line shown is the line run.

`I(u)` is the integral of u by x. Letters are those of the laws of differentiation: `x` the variable, `c k n` free of x
(`k` a number), `u v w` anything. Within the table the first law that fits is used. A condition such as `n != -1` must
hold for what the letters stand for; where that is a letter itself, it is assumed, and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from symback.calculus.integrals.assumptions import ABOVE, NOT, Assumed
from symback.expr.functions import ROWS
from symback.expr.match import Bindings, fill, match
from symback.expr.rule import Rule
from symback.expr.tree import Apply, Diff, Inert, Int, Neg, Plus, Times, Tree, fold, number_value, symbols_of
from symback.syntax import parse_law
from symback.verify import Undefined, evaluate

Table = tuple[tuple[str, str, str, str], ...]

# fmt: off
TABLE: Table = (
    # name                        law                                                  condition    example
    ("power rule",               "I(x) = x^2/2",                                       "",          "x"),
    ("logarithm rule",           "I(x^(-1)) = ln(abs(x))",                             "",          "x^(-1)"),
    ("power rule",               "I(x^n) = x^(n + 1)/(n + 1)",                         "n != -1",   "x^3"),
    ("exponential rule",         "I(e^x) = e^x",                                       "",          "e^x"),
    ("exponential rule",         "I(e^(-x)) = -e^(-x)",                                "",          "e^(-x)"),
    ("exponential rule",         "I(c^x) = c^x/ln(c)",                                 "c != 1",    "2^x"),
    ("logarithm rule",           "I(1/x) = ln(abs(x))",                                "",          "1/x"),
    ("power rule",               "I(1/x^2) = -1/x",                                    "",          "1/x^2"),
    ("power rule",               "I(1/x^n) = -1/((n - 1)*x^(n - 1))",                  "n != 1",    "1/x^3"),
    ("power rule",               "I(sqrt(x)) = 2/3*x^(3/2)",                           "",          "sqrt(x)"),
    ("power rule",               "I(1/sqrt(x)) = 2*sqrt(x)",                           "",          "1/sqrt(x)"),
    ("power rule",               "I(cbrt(x)) = 3/4*x*cbrt(x)",                         "",          "cbrt(x)"),
    ("power rule",               "I(root(x, n)) = n/(n + 1)*x*root(x, n)",             "n != -1",   "\\sqrt[4]{x}"),
    ("integral of a squared secant",   "I(sec(x)^2) = tan(x)",                         "",          "sec(x)^2"),
    ("integral of a squared secant",   "I(1/cos(x)^2) = tan(x)",                       "",          "1/cos(x)^2"),
    ("integral of a squared cosecant", "I(csc(x)^2) = -cot(x)",                        "",          "csc(x)^2"),
    ("integral of a squared cosecant", "I(1/sin(x)^2) = -cot(x)",                      "",          "1/sin(x)^2"),
    ("integral of secant times tangent",     "I(sec(x)*tan(x)) = sec(x)",              "",          "sec(x) tan(x)"),
    ("integral of cosecant times cotangent", "I(csc(x)*cot(x)) = -csc(x)",             "",          "csc(x) cot(x)"),
    ("integral of a squared hyperbolic secant",   "I(sech(x)^2) = tanh(x)",            "",          "sech(x)^2"),
    ("integral of a squared hyperbolic secant",   "I(1/cosh(x)^2) = tanh(x)",          "",          "1/cosh(x)^2"),
    ("integral of a squared hyperbolic cosecant", "I(csch(x)^2) = -coth(x)",           "",          "csch(x)^2"),
    ("integral of a squared hyperbolic cosecant", "I(1/sinh(x)^2) = -coth(x)",         "",          "1/sinh(x)^2"),
    ("integral of hyperbolic secant times tangent", "I(sech(x)*tanh(x)) = -sech(x)",   "",          "sech(x) tanh(x)"),
    ("integral of hyperbolic cosecant times cotangent", "I(csch(x)*coth(x)) = -csch(x)", "",        "csch(x) coth(x)"),
    ("arctangent rule",          "I(1/(x^2 + 1)) = arctan(x)",                         "",          "1/(x^2 + 1)"),
    ("arctangent rule",          "I(1/(x^2 + c^2)) = arctan(x/c)/c",                   "c != 0",    "1/(x^2 + a^2)"),
    ("arctangent rule",          "I(1/(x^2 + c)) = arctan(x/sqrt(c))/sqrt(c)",         "c > 0",     "1/(x^2 + 2)"),
    ("logarithm of a fraction",  "I(1/(x^2 - 1)) = ln(abs((x - 1)/(x + 1)))/2",        "",          "1/(x^2 - 1)"),
    ("logarithm of a fraction",  "I(1/(1 - x^2)) = ln(abs((1 + x)/(1 - x)))/2",        "",          "1/(1 - x^2)"),
    ("logarithm of a fraction",  "I(1/(x^2 - c^2)) = ln(abs((x - c)/(x + c)))/(2*c)",  "c != 0",    "1/(x^2 - a^2)"),
    ("logarithm of a fraction",  "I(1/(c^2 - x^2)) = ln(abs((c + x)/(c - x)))/(2*c)",  "c != 0",    "1/(a^2 - x^2)"),
    ("logarithm of a fraction", "I(1/(x^2 - c)) = ln(abs((x - sqrt(c))/(x + sqrt(c))))/(2*sqrt(c))",
     "c > 0", "1/(x^2 - 2)"),
    ("logarithm of a fraction", "I(1/(c - x^2)) = ln(abs((sqrt(c) + x)/(sqrt(c) - x)))/(2*sqrt(c))",
     "c > 0", "1/(2 - x^2)"),
    ("arcsine rule",             "I(1/sqrt(1 - x^2)) = arcsin(x)",                     "",          "1/sqrt(1 - x^2)"),
    ("arcsine rule", "I(1/sqrt(c^2 - x^2)) = arcsin(x/abs(c))",
     "c != 0", "1/sqrt(a^2 - x^2)"),
    ("arcsine rule",             "I(1/sqrt(c - x^2)) = arcsin(x/sqrt(c))",             "c > 0",     "1/sqrt(4 - x^2)"),
    ("integral of one over a root", "I(1/sqrt(x^2 - c)) = ln(abs(x + sqrt(x^2 - c)))", "c != 0",    "1/sqrt(x^2 - 4)"),
    ("integral of one over a root", "I(1/sqrt(x^2 + c)) = ln(abs(x + sqrt(x^2 + c)))", "c != 0",    "1/sqrt(x^2 + 4)"),
    ("arcsecant rule", "I(1/(abs(x)*sqrt(x^2 - 1))) = arcsec(x)",
     "", "1/(|x| sqrt(x^2 - 1))"),
    ("arcsecant rule", "I(1/(x*sqrt(x^2 - 1))) = arcsec(abs(x))",
     "", "1/(x sqrt(x^2 - 1))"),
    ("reduction formula", "I(1/(x^2 + c)^n) = x/(2*c*(n - 1)*(x^2 + c)^(n - 1)) "
                          "+ (2*n - 3)/(2*c*(n - 1))*I(1/(x^2 + c)^(n - 1))",
                                                                                        "n > 1, c != 0", "1/(x^2+4)^2"),
    ("reduction formula", "I(sec(x)^n) = sec(x)^(n - 2)*tan(x)/(n - 1) + (n - 2)/(n - 1)*I(sec(x)^(n - 2))",
                                                                                        "n > 2",     "sec(x)^3"),
    ("reduction formula", "I(csc(x)^n) = -csc(x)^(n - 2)*cot(x)/(n - 1) + (n - 2)/(n - 1)*I(csc(x)^(n - 2))",
                                                                                        "n > 2",     "csc(x)^3"),
    ("error function",           "I(e^(-x^2)) = sqrt(pi)/2*erf(x)",                    "",          "e^(-x^2)"),
    ("error function",           "I(e^(-(x^2/c))) = sqrt(pi*c)/2*erf(x/sqrt(c))",     "c > 0",     "e^(-x^2/2)"),
    ("error function",           "I(e^(-(c*x^2))) = sqrt(pi/c)/2*erf(sqrt(c)*x)",      "c > 0",     "e^(-3x^2)"),
)
# fmt: on

CONSTANT_RULE = Rule("constant rule", "I(c) = c*x")
SUM_RULE = Rule("sum rule", "I(u + v) = I(u) + I(v)")
DIFFERENCE_RULE = Rule("difference rule", "I(u - v) = I(u) - I(v)")
SUM_AND_DIFFERENCE_RULE = Rule("sum and difference rule", "I(u + v - w) = I(u) + I(v) - I(w)")
CONSTANT_MULTIPLE_RULE = Rule("constant multiple rule", "I(c*u) = c*I(u)")
LINEAR = Rule("linear substitution", "I(f(k*x + c)) = F(k*x + c)/k, where D(F) = f")
SUBSTITUTION = Rule("substitution", "I(f(u)*D(u)) = I(f(u), u)")
INSERT = Rule("insert", "u stands for an expression in x")
PARTS = Rule("integration by parts", "I(u*D(v)) = u*v - I(v*D(u))")
SOLVE = Rule("solve for the integral", "I(u) = v + c*I(u) gives I(u) = v/(1 - c)")
LOGARITHM = Rule("logarithm rule", "I(D(u)/u) = ln(abs(u))")

EXAMPLES: dict[Rule, str] = {
    CONSTANT_RULE: "7",
    CONSTANT_MULTIPLE_RULE: "5 sin(x)",
    SUM_RULE: "x^2 + sin(x)",
    DIFFERENCE_RULE: "x^2 - sin(x)",
    SUM_AND_DIFFERENCE_RULE: "x^3 - x^2 + x",
    LINEAR: "cos(3x + 1)",
    SUBSTITUTION: "x e^(x^2)",
    PARTS: "x cos(x)",
    SOLVE: "e^x sin(x)",
    LOGARITHM: "2x/(x^2 + 1)",
}


class Law:
    """One line of the table: its rule, its condition, an example, and both sides as trees, read when first used."""

    def __init__(self, name: str, text: str, condition: str = "", example: str = "") -> None:
        self.rule = Rule(name, text)
        self.conditions = tuple(_condition(part) for part in condition.split(",") if part.strip())
        self.example = example

    @property
    def sides(self) -> tuple[Int, Tree]:
        """Both sides of the law."""
        return sides_of(self.rule.law)


class Condition(NamedTuple):
    """What must hold for a letter of a law: `n != -1`, `c > 0`."""

    letter: str
    sign: str
    value: int


POSITIVE = Condition("c", ABOVE, 0)


def _condition(text: str) -> Condition:
    letter, sign, value = text.split()
    return Condition(letter, sign, int(value))


@cache
def sides_of(law: str) -> tuple[Int, Tree]:
    """Return both sides of a law as trees: I(u) is an integral by x.

    >>> sides_of("I(x) = x^2/2")
    (Int(x, x), Quotient(Power(x, 2), 2))
    """
    left, right = (fold(parse_law(side.replace("I(", "D(")), _as_integral) for side in law.split(" = "))
    return left, right


def _as_integral(node: Tree, inner: list[Tree]) -> Tree:
    if isinstance(node, Diff):
        return Int(*inner)
    return type(node)(*inner) if isinstance(node, Inert) else node


def law_of_function(name: str, antiderivative: str, title: str) -> Law:
    """Return the law that a row of the function table makes: `I(cos(x)) = sin(x)`."""
    return Law(f"integral of {title}", f"I({name}(x)) = {antiderivative}", "", f"{name}(x)")


FUNCTION_LAWS: tuple[Law, ...] = tuple(
    law_of_function(row.name, row.antiderivative, row.title) for row in ROWS if row.antiderivative
)
LAWS: tuple[Law, ...] = (*FUNCTION_LAWS, *(Law(*row) for row in TABLE))


class Hit(NamedTuple):
    """A law that fits: its rule, the result, what its letters stand for, and what is assumed of them."""

    rule: Rule
    result: Tree
    bound: Bindings
    assumed: tuple[Assumed, ...] = ()


@cache
def _laws_for(head: Any, name: str) -> tuple[Law, ...]:
    def fits(law: Law) -> bool:
        pattern: Any = law.sides[0]._args[0]
        return isinstance(pattern, head) and (head is not Apply or pattern.name == name)

    return tuple(law for law in LAWS if fits(law))


def table_hit(integrand: Tree, variable: Tree) -> Hit | None:
    """Return the first law of the table that fits an integrand, in whatever order its terms and factors stand."""
    name = integrand.name if isinstance(integrand, Apply) else ""
    head: Any = type(integrand)
    laws = _laws_for(head, name) if isinstance(integrand, Inert) else LAWS
    for form in _forms(integrand):
        for law in laws:
            hit = _apply(law, form, variable)
            if hit is not None:
                return hit
    return None


def _apply(law: Law, integrand: Tree, variable: Tree) -> Hit | None:
    left, right = law.sides
    bound = match(left._args[0], integrand, variable)
    if bound is None:
        return None
    assumed = []
    for condition in law.conditions:
        found = holds(condition, bound[condition.letter])
        if found is None and (condition.sign == NOT or not isinstance(bound[condition.letter], Neg)):
            assumed.append(condition)
        elif not found:
            return None
    said = tuple(Assumed(bound[c.letter], c.sign, c.value) for c in assumed)
    return Hit(law.rule, fill(right, bound, variable), bound, said)


def _forms(tree: Tree) -> Iterator[Tree]:
    """Yield a tree with the terms of its sums of two, and the factors of its products of two, in either order."""
    seen = set()
    for sums, products in product((False, True), repeat=2):

        def turned(node: Tree, inner: list[Tree], sums: bool = sums, products: bool = products) -> Tree:
            if not isinstance(node, Inert) or not node._args:
                return node
            flipped = len(inner) == 2 and (isinstance(node, Plus) and sums or isinstance(node, Times) and products)
            return type(node)(*(reversed(inner) if flipped else inner))

        form = fold(tree, turned)
        if form not in seen:
            seen.add(form)
            yield form


SAMPLES = (0.731, -1.287, 2.413, -0.377, 0.119, -3.61)


def holds(condition: Condition, tree: Tree) -> bool | None:
    """Tell whether a condition holds for what a letter stands for; None where that depends on letters in it."""
    value = number_value(tree)
    values = [value] if value is not None else list(values_of(tree))
    checks = {NOT: lambda v: v != condition.value, ABOVE: lambda v: v > condition.value}
    found = {bool(checks[condition.sign](v)) for v in values}
    if symbols_of(tree) and (condition.sign == NOT or (len(found) == 2 and condition.value == 0)):
        return None
    return found == {True}


def values_of(tree: Tree) -> Iterator[float]:
    """Yield the values of a constant; of one with letters, those at some points."""
    letters = sorted(symbols_of(tree), key=lambda s: str(s.name))
    for turn in range(len(SAMPLES) if letters else 1):
        point = {s: SAMPLES[(turn + i) % len(SAMPLES)] for i, s in enumerate(letters)}
        try:
            yield float(evaluate(tree, point))
        except (Undefined, OverflowError):
            continue
