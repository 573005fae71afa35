"""The laws of differentiation, one line of text each: the line shown is the line run.

Letters: `x` the variable; `c n` free of x; `k` a number; `f` any function of one argument; `u v w p q s` anything.
`D(u)` is the derivative by x, `D(u, v)` the derivative by v (the inner function of the chain rule). Within a table the
first law that fits is used, so special cases come before general ones. A constant is recognised by what it is free of;
nothing is taken for a constant because no other law fits: that is the error NoRule.
"""

from __future__ import annotations

from functools import cache

from sympy.core.symbol import Symbol

from symback.calculus.tidy import rules as tidy_rules
from symback.errors import NoRule
from symback.expr.cases import Branch, cases_of, is_cases
from symback.expr.functions import FUNCTIONS, ROWS, Function
from symback.expr.intervals import regions
from symback.expr.match import Bindings, fill, match
from symback.expr.rule import Rule
from symback.expr.tree import (
    ONE,
    ZERO,
    Apply,
    Diff,
    Inert,
    Let,
    Neg,
    Plus,
    Times,
    Tree,
    apply,
    is_free_of,
    product_of,
    sum_of,
    symbols_of,
)
from symback.expr.unknown import derived, parts
from symback.syntax import parse_law

Hit = tuple[Rule, Tree, Bindings]
Table = tuple[tuple[str, str, str], ...]

# fmt: off
POWERS_AND_FUNCTIONS: Table = (
    # name                         law                                                    example
    ("power rule",                "D(x^n) = n*x^(n - 1)",                                "x^3"),
    ("exponential rule",          "D(e^x) = e^x",                                        "e^x"),
    ("exponential rule",          "D(c^x) = c^x*ln(c)",                                  "2^x"),
    ("logarithm rule",            "D(ln(abs(x))) = 1/x",                                 "ln|x|"),
    ("logarithm rule",            "D(log(x, c)) = 1/(x*ln(c))",                          "log_2(x)"),
    ("derivative of the nth root", "D(root(x, n)) = 1/(n*root(x, n)^(n - 1))",           "\\sqrt[4]{x}"),
    ("maximum rule",              "D(max(u, c)) = step(u - c)*D(u)",                     "max(x^2, 3)"),
    ("maximum rule",              "D(max(k, u)) = step(u - k)*D(u)",                     "max(0, 1 - x)"),
    ("maximum rule",              "D(max(c, u)) = (1 - step(c - u))*D(u)",               "max(a, 1 - x)"),
    ("maximum rule",              "D(max(u, v)) = step(u - v)*D(u) + (1 - step(u - v))*D(v)", "max(x^2, x)"),
    ("minimum rule",              "D(min(u, c)) = step(c - u)*D(u)",                     "min(x^2, 3)"),
    ("minimum rule",              "D(min(k, u)) = step(k - u)*D(u)",                     "min(1, e^x)"),
    ("minimum rule",              "D(min(c, u)) = (1 - step(u - c))*D(u)",               "min(a, e^x)"),
    ("minimum rule",              "D(min(u, v)) = step(v - u)*D(u) + (1 - step(v - u))*D(v)", "min(x^2, x)"),
    ("derivative of the remainder", "D(mod(u, c)) = D(u)",                               "mod(x^2, 3)"),
    ("derivative of the remainder", "D(mod(u, v)) = D(u) - floor(u/v)*D(v)",             "mod(7, x)"),
    ("chain rule",                "D(u^n) = D(u^n, u)*D(u)",                             "(x^2 + 1)^5"),
    ("chain rule",                "D(e^u) = D(e^u, u)*D(u)",                             "e^(x^2)"),
    ("chain rule",                "D(c^u) = D(c^u, u)*D(u)",                             "2^(x^2)"),
    ("chain rule",                "D(ln(abs(u))) = D(ln(abs(u)), u)*D(u)",               "ln|sin x|"),
    ("chain rule",                "D(log(u, c)) = D(log(u, c), u)*D(u)",                 "log_2(x^2 + 1)"),
    ("chain rule",                "D(root(u, n)) = D(root(u, n), u)*D(u)",               "\\sqrt[4]{x^2 + 1}"),
    ("chain rule",                "D(f(u)) = D(f(u), u)*D(u)",                           "sin(x^2)"),
    ("change of base",            "D(log(u, v)) = D(ln(u)/ln(v))",                       "log_x(2)"),
    ("root as a power",           "D(root(u, v)) = D(u^(1/v))",                          "root(2, x)"),
    ("logarithmic differentiation", "D(u^v) = u^v*D(v*ln(u))",                           "x^x"),
)

PRODUCTS: Table = (
    ("product rule", "D(u*v) = D(u)*v + u*D(v)", "x^2 sin x"),
    ("product rule", "D(u*v*w) = D(u)*v*w + u*D(v)*w + u*v*D(w)", "x e^x sin x"),
    ("product rule", "D(u*v*w*p) = D(u)*v*w*p + u*D(v)*w*p + u*v*D(w)*p + u*v*w*D(p)", "x e^x sin x ln x"),
    ("product rule", "D(u*v*w*p*q) = D(u)*v*w*p*q + u*D(v)*w*p*q + u*v*D(w)*p*q + u*v*w*D(p)*q + u*v*w*p*D(q)",
     "x e^x sin x cos x ln x"),
)

# Constants are taken out first, and one over a power is a power.
TEXTBOOK: Table = (
    ("constant multiple rule", "D(-(c*u)) = -(c*D(u))",          "-5x^2"),
    ("constant multiple rule", "D(-u) = -D(u)",                  "-sin x"),
    ("constant multiple rule", "D(c*u) = c*D(u)",                "5x^2"),
    *PRODUCTS,
    ("constant multiple rule", "D(u/c) = D(u)/c",                "x^3/3"),
    ("constant multiple rule", "D(c*u/v) = c*D(u/v)",            "5sin(x)/x"),
    ("constant multiple rule", "D(u/(c*v)) = D(u/v)/c",          "sin(x)/(5x)"),
    ("write as a power",       "D(1/x) = D(x^(-1))",             "1/x"),
    ("write as a power",       "D(1/x^n) = D(x^(-n))",           "1/x^3"),
    ("write as a power",       "D(1/sqrt(x)) = D(x^(-1/2))",     "1/sqrt x"),
    ("write as a power",       "D(1/sqrt(u)) = D(u^(-1/2))",     "1/sqrt(1 - x^2)"),
    ("write as a power",       "D(1/u^n) = D(u^(-n))",           "1/(x^2 + 1)^3"),
    ("write as a power",       "D(1/u) = D(u^(-1))",             "1/(x^2 + 1)"),
    ("constant multiple rule", "D(c/u) = c*D(1/u)",              "3/x"),
    ("quotient rule",          "D(u/v) = (D(u)*v - u*D(v))/v^2", "x/(x^2 + 1)"),
)

# The rule that the written form asks for: a product by the product rule even where a factor is constant.
LITERAL: Table = (
    ("constant multiple rule", "D(-(k*u)) = -(k*D(u))",          "-5x^2"),
    ("constant multiple rule", "D(-u) = -D(u)",                  "-sin x"),
    ("constant multiple rule", "D(k*u) = k*D(u)",                "5x^2"),
    *PRODUCTS,
    ("quotient rule",          "D(u/v) = (D(u)*v - u*D(v))/v^2", "x^2/y"),
)
# fmt: on

# Rules that no single line says, because they hold for any number of terms or need more than a shape.
CONSTANT_RULE = Rule("constant rule", "D(c) = 0")
IDENTITY_RULE = Rule("identity rule", "D(x) = 1")
SUM_RULE = Rule("sum rule", "D(u + v) = D(u) + D(v)")
DIFFERENCE_RULE = Rule("difference rule", "D(u - v) = D(u) - D(v)")
SUM_AND_DIFFERENCE_RULE = Rule("sum and difference rule", "D(u + v - w) = D(u) + D(v) - D(w)")
PRODUCT_BY_HALVES = Rule("product rule", "D(u*v) = D(u)*v + u*D(v)")
CASE_BY_CASE = Rule("case by case", "D(cases(u, p, v)) = cases(D(u), p, D(v)) off the joints")
JOINTS = Rule("derivative at the joints", "f'(a) is the limit of the difference quotients from both sides")
UNKNOWN_FUNCTION = Rule("derivative of an unknown function", "D(f(x)) = f'(x)")
CHAIN_RULE_OF_ONE = Rule("chain rule", "D(f(u, c)) = f_1(u, c)*D(u)")
PARTIAL_DERIVATIVE = Rule("partial derivative of an unknown function", "D(f(x, c)) = f_1(x, c)")
CHAIN_RULE_OF_ARGUMENTS = Rule("multivariable chain rule", "D(f(u, v)) = f_1(u, v)*D(u) + f_2(u, v)*D(v)")
INNER_FUNCTION = Rule("inner function", "D(o) = D(u), where o stands for u")
CHAIN_RULE = Rule("chain rule", "D(p) = D(p, o)*D(o)")
MULTIVARIABLE_CHAIN_RULE = Rule("multivariable chain rule", "D(p) = D(p, o1)*D(o1) + D(p, o2)*D(o2)")
INSERT_FUNCTIONS = Rule("insert the functions", "f(x) stands for u")
SUBSTITUTE_BACK = Rule("insert the inner functions", "o stands for u")

EXAMPLES: dict[Rule, str] = {
    CONSTANT_RULE: "7",
    IDENTITY_RULE: "x",
    SUM_RULE: "x^2 + sin x",
    DIFFERENCE_RULE: "x^2 - sin x",
    SUM_AND_DIFFERENCE_RULE: "x^3 - x^2 + x",
    CASE_BY_CASE: "cases(x^2, x < 1, 2x)",
    JOINTS: "cases(x^2, x < 1, 2x - 1)",
    UNKNOWN_FUNCTION: "f(x)",
    CHAIN_RULE: "p = o^2; o = 3x + 1",
    MULTIVARIABLE_CHAIN_RULE: "p = u v; u = x^2; v = sin x",
    INNER_FUNCTION: "p = o^2; o = 3x + 1",
    SUBSTITUTE_BACK: "p = o^2; o = 3x + 1",
    PARTIAL_DERIVATIVE: "f(x, y)",
    CHAIN_RULE_OF_ONE: "f(x^2, y)",
    CHAIN_RULE_OF_ARGUMENTS: "f(x^2, 3x)",
    INSERT_FUNCTIONS: "y = f(3x); f(x) = x^2",
}


class Law:
    """One line of a table: its rule, an example, and both sides as trees (read when they are first used)."""

    __slots__ = ("_left", "_right", "example", "rule")

    def __init__(self, name: str, text: str, example: str = "") -> None:
        self.rule = Rule(name, text)
        self.example = example
        self._left: Diff | None = None
        self._right: Tree | None = None

    @property
    def left(self) -> Diff:
        if self._left is None:
            self._left = parse_law(self.rule.law.split("=")[0])
        return self._left

    @property
    def right(self) -> Tree:
        if self._right is None:
            self._right = parse_law(self.rule.law.split("=")[1])
        return self._right

    @property
    def sides(self) -> tuple[Diff, Tree]:
        """Both sides of the law."""
        return self.left, self.right

    def apply(self, piece: Diff) -> Hit | None:
        """Return the rule, the result and the bindings where the law fits the pending derivative, else None."""
        argument, variable = piece._args
        bound = match(self.left._args[0], argument, variable)
        return None if bound is None else (self.rule, fill(self.right, bound, variable), bound)


def law_of_function(row: Function) -> Law:
    """Return the law that a row of the function table makes: `D(sin(x)) = cos(x)`."""
    own = f"{row.name}(x)"
    return Law(row.rule_name, f"D({own}) = {row.slope or row.derivative.replace('out', own)}", own)


FUNCTION_LAWS: dict[str, Law] = {row.name: law_of_function(row) for row in ROWS if row.derivative}
STRATEGIES: dict[str, tuple[Law, ...]] = {
    "textbook": tuple(Law(*row) for row in (*TEXTBOOK, *POWERS_AND_FUNCTIONS)),
    "literal": tuple(Law(*row) for row in (*LITERAL, *POWERS_AND_FUNCTIONS)),
}


@cache
def _laws_for(strategy: str, head: type) -> tuple[Law, ...]:
    return tuple(law for law in STRATEGIES[strategy] if isinstance(law.left._args[0], head))


def differentiate_once(piece: Diff, strategy: str) -> Hit:
    """Apply the first rule that fits a pending derivative whose argument holds no other; NoRule where none does."""
    argument, variable = piece._args
    if argument is variable or argument == variable:
        return IDENTITY_RULE, ONE, {}
    if is_free_of(argument, variable):
        return CONSTANT_RULE, ZERO, {"c": argument}
    if isinstance(argument, Plus):
        return _termwise(argument, variable)
    if isinstance(argument, Let):
        return INNER_FUNCTION, Diff(argument._args[1], variable), {"o": argument._args[0], "u": argument._args[1]}
    if is_cases(argument):
        return _case_by_case(argument, variable)
    if isinstance(argument, Apply):
        hit = _function_row(argument, variable) or _of_several(argument, variable)
        if hit is not None:
            return hit
    for law in _laws_for(strategy, type(argument)):  # type: ignore[arg-type]
        found = law.apply(piece)
        if found is not None:
            return found
    return _in_more_parts(argument, variable)


def _termwise(argument: Plus, variable: Tree) -> Hit:
    """Differentiate a sum term by term; a minus before the first term belongs to that term, all others subtract."""
    first, *others = argument._args
    parts = [t._args[0] if isinstance(t, Neg) else t for t in others]
    derivatives = [
        Neg(Diff(p, variable)) if isinstance(t, Neg) else Diff(p, variable) for p, t in zip(parts, others, strict=True)
    ]
    negative = sum(isinstance(t, Neg) for t in others)
    rule = DIFFERENCE_RULE if negative == len(others) else SUM_AND_DIFFERENCE_RULE if negative else SUM_RULE
    bound = dict(zip("uvw", (first, *parts), strict=False)) if len(parts) <= 2 else {}
    return rule, Plus(Diff(first, variable), *derivatives), bound


def _case_by_case(argument: Apply, variable: Tree) -> Hit:
    """Differentiate inside of each region; what holds at the joints is looked at when that is done."""
    branches = [Branch(Diff(value, variable), condition) for value, condition in regions(argument, variable).values()]
    if not branches:
        raise NoRule("No case holds on both sides of a point.", hint="Give a value for an interval, such as x < 1.")
    u, p, *v = argument.arguments
    bound = {"u": u, "p": p} | ({"v": v[0]} if len(v) == 1 else {})
    return CASE_BY_CASE, cases_of(branches), bound


def _function_row(argument: Apply, variable: Tree) -> Hit | None:
    if len(argument._args) != 2 or argument._args[1] != variable:
        return None
    name = argument.name
    if name in FUNCTION_LAWS:
        return FUNCTION_LAWS[name].apply(Diff(argument, variable))
    if name.rstrip("'") in FUNCTIONS:
        return None
    return UNKNOWN_FUNCTION, apply(derived(name, 0, 1), variable), {}


def _of_several(argument: Apply, variable: Tree) -> Hit | None:
    """Differentiate an unknown function of several arguments, by the one that is the variable or all that hold it."""
    name, arguments = argument.name, argument.arguments
    if len(arguments) < 2 or parts(name)[0] in FUNCTIONS:
        return None
    slots = [i for i, a in enumerate(arguments) if not is_free_of(a, variable)]
    partials = [apply(derived(name, i, len(arguments)), *arguments) for i in slots]
    if len(slots) == 1 and arguments[slots[0]] == variable:
        return PARTIAL_DERIVATIVE, partials[0], {}
    terms = [Times(p, Diff(arguments[i], variable)) for p, i in zip(partials, slots, strict=True)]
    bound = {letter: arguments[i] for letter, i in zip(_INNER_LETTERS, slots, strict=False)}
    return CHAIN_RULE_OF_ONE if len(slots) == 1 else CHAIN_RULE_OF_ARGUMENTS, sum_of(terms), bound


_INNER_LETTERS = ("u", "v", "w", "p", "q", "s")


def _in_more_parts(argument: Tree, variable: Tree) -> Hit:
    """Split a product of more factors than the tables have laws for into two halves."""
    if isinstance(argument, Times):
        half = len(argument._args) // 2
        u, v = product_of(argument._args[:half]), product_of(argument._args[half:])
        template = parse_law("D(u)*v + u*D(v)")
        return PRODUCT_BY_HALVES, fill(template, {"u": u, "v": v}, variable), {"u": u, "v": v}
    raise no_rule_for(argument)


def chain_through_named(piece: Diff) -> Hit | None:
    """Apply the chain rule through the inner functions that the user named: D(p) = D(p, o)*D(o), summed over the o.

    It fits where the variable stands in the inner functions only; elsewhere the ordinary laws do.
    """
    argument, variable = piece._args
    if isinstance(argument, Let) or not isinstance(variable, Symbol):
        return None
    inner = _named_inside(argument, variable)
    if not inner:
        return None
    terms = [Times(Diff(argument, o), Diff(o, variable)) for o in inner]
    rule = CHAIN_RULE if len(inner) == 1 else MULTIVARIABLE_CHAIN_RULE
    bound: Bindings = {"p": argument}
    bound |= {"o": inner[0]} if len(inner) == 1 else {f"o{i + 1}": o for i, o in enumerate(inner)}
    return rule, sum_of(terms), bound


def _named_inside(argument: Tree, variable: Symbol) -> list[Let]:
    """Return the named inner functions of the variable, none where the variable also stands outside of them."""
    found: dict[Let, None] = {}
    stack = [argument]
    while stack:
        node = stack.pop()
        if node == variable:
            return []
        if isinstance(node, Let):
            if variable in symbols_of(node):
                found[node] = None
        elif isinstance(node, Inert):
            stack.extend(reversed(node._args))
    return list(found)


def no_rule_for(argument: Tree) -> NoRule:
    """Return the error that names what cannot be differentiated."""
    what = f"the function {argument.name}" if isinstance(argument, Apply) else f"a {type(argument).__name__}"
    count = len(argument.arguments) if isinstance(argument, Apply) else 1
    more = f" of {count} arguments" if count > 1 else ""
    return NoRule(
        f"There is no rule for the derivative of {what}{more}.",
        hint="Known functions are listed by `symback rules`; an unknown function is written f(x).",
    )


# --- every rule, with an expression in whose derivation it is used ----------------------------------------------------

# fmt: off
_TIDYING: tuple[tuple[Rule, str], ...] = (
    (tidy_rules.MULTIPLY_BY_ZERO, "x^2 sign(x)"),
    (tidy_rules.ZERO_NUMERATOR, "x/x"),
    (tidy_rules.MULTIPLY_BY_ONE, "x e^x"),
    (tidy_rules.DIVIDE_BY_ONE, "x^2/1"),
    (tidy_rules.MULTIPLY_NUMBERS, "3x^2"),
    (tidy_rules.MULTIPLY_TERMS, "x sqrt(x^2 + 1)"),
    (tidy_rules.REDUCE_FRACTION, "x^2/6"),
    (tidy_rules.MULTIPLY_FRACTIONS, "x^2 ln x"),
    (tidy_rules.DIVIDE_FRACTIONS, "ln(x/2)"),
    (tidy_rules.NUMBER_FIRST, "e^(3x)"),
    (tidy_rules.REORDER, "sin(a x)"),
    (tidy_rules.SIMPLIFY_SIGNS, "cos(cos x)"),
    (tidy_rules.ABSOLUTE_VALUE, "x|x|"),
    (tidy_rules.COMBINE_POWERS, "x e^(x^2)"),
    (tidy_rules.CHOOSE, "cases(x^2, 1 < 2, x)"),
    (tidy_rules.CANCEL, "x ln x"),
    (tidy_rules.NEGATIVE_POWER, "1/x"),
    (tidy_rules.POWER_OF_POWER, "(x^2)^3"),
    (tidy_rules.POWER_OF_PRODUCT, "(2x)^3"),
    (tidy_rules.EXPONENT_ONE, "x^1 e^x"),
    (tidy_rules.EXPONENT_ZERO, "x^1"),
    (tidy_rules.BASE_ONE, "1^y x"),
    (tidy_rules.NUMBER_POWER, "2^3 x"),
    (tidy_rules.CLEAR_FRACTIONS, "arctan(x/a)"),
    (tidy_rules.FACTOR, "(x^2-1)/(x-1)"),
    (tidy_rules.DROP_ZEROS, "x^2 + 1"),
    (tidy_rules.REMOVE_BRACKETS, "(x - 1)/(x + 1)"),
    (tidy_rules.REMOVE_MINUS_BRACKETS, "-(x^2 + x^3)"),
    (tidy_rules.FACTOR_OUT, "-(y ln(sigma(w x)) + (1 - y) ln(1 - sigma(w x)))"),
    (tidy_rules.ADD_NUMBERS, "x + 2x"),
    (tidy_rules.ADD_FRACTIONS, "x sqrt(1 - x^2) + arcsin x"),
    (tidy_rules.COLLECT, "x(x + 1)"),
    (tidy_rules.EXPAND, "x^2 (x + 1)"),
    (tidy_rules.PYTHAGORAS, "sin(x)/(1 + cos(x))"),
    (tidy_rules.COMPLEMENT, "x - sin x cos x"),
    (tidy_rules.QUOTIENT_IDENTITY, "ln(cos x)"),
    (tidy_rules.PRODUCT_IDENTITY, "sin(x) sec(x)"),
    (tidy_rules.CHANGE_BASE, "x^(log_2(x))"),
    (tidy_rules.ABSOLUTE_PRODUCT, "arcsec(2x)"),
    (tidy_rules.RECIPROCAL_IDENTITY, "sin(x)/cos(x)"),
    (tidy_rules.NUMBER_ROOT, "sqrt(4) x"),
    (tidy_rules.SIMPLIFY_ROOT, "sqrt(50) x"),
    (tidy_rules.NUMBER_LOGARITHM, "log(8, 2) x"),
    (tidy_rules.ODD, "sin(-1) x"),
    (tidy_rules.EVEN, "cos(-1) x"),
    (tidy_rules.REFERENCE_ANGLE, "sin(7pi/6) x"),
    (tidy_rules.LOGARITHM_OF_PRODUCT, "ln(3e^2) x"),
    (tidy_rules.LOGARITHM_OF_QUOTIENT, "ln(e^2/3) x"),
    (tidy_rules.LOGARITHM_OF_RECIPROCAL, "(1/3)^x"),
    (tidy_rules.POWER_OF_SUM, "e^(2 + ln 3) x"),
    (tidy_rules.SIZE_OF_NUMBER, "|-3| x"),
)
# fmt: on


def _examples() -> dict[Rule, str]:
    laws = [law for table in STRATEGIES.values() for law in table]
    examples = {law.rule: law.example for law in (*laws, *FUNCTION_LAWS.values())}
    return {**EXAMPLES, **examples, **dict(_TIDYING), **dict(tidy_rules.IDENTITIES)}


_EXAMPLES = _examples()
RULES: tuple[Rule, ...] = tuple(_EXAMPLES)


def example_of(rule: Rule) -> str:
    """Return an expression in whose derivation the rule is used."""
    return _EXAMPLES.get(rule, "")
