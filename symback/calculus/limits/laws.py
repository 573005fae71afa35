"""The laws of limits: what each step is called, and the limits that are known by heart, one line of text each.

In the table `x` stands for any function that tends to what the column says; the line shown is the line run.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from symback.expr.match import Bindings, fill, match
from symback.expr.rule import Rule
from symback.expr.tree import Tree
from symback.syntax import parse_law

# fmt: off
KNOWN: tuple[tuple[str, str, str, str], ...] = (
    # function              comes to    for x to    example
    ("sin(x)/x",            "1",        "0",        "sin(3x)/(3x)"),
    ("x/sin(x)",            "1",        "0",        "x/sin(x)"),
    ("tan(x)/x",            "1",        "0",        "tan(2x)/(2x)"),
    ("x/tan(x)",            "1",        "0",        "x/tan(x)"),
    ("arcsin(x)/x",         "1",        "0",        "arcsin(x)/x"),
    ("x/arcsin(x)",         "1",        "0",        "x/arcsin(x)"),
    ("arctan(x)/x",         "1",        "0",        "arctan(x)/x"),
    ("x/arctan(x)",         "1",        "0",        "x/arctan(x)"),
    ("sinh(x)/x",           "1",        "0",        "sinh(x)/x"),
    ("x/sinh(x)",           "1",        "0",        "x/sinh(x)"),
    ("tanh(x)/x",           "1",        "0",        "tanh(x)/x"),
    ("x/tanh(x)",           "1",        "0",        "x/tanh(x)"),
    ("(1 - cos(x))/x",      "0",        "0",        "(1 - cos(x))/x"),
    ("(cos(x) - 1)/x",      "0",        "0",        "(cos(x) - 1)/x"),
    ("(1 - cos(x))/x^2",    "1/2",      "0",        "(1 - cos(4x))/(4x)^2"),
    ("x^2/(1 - cos(x))",    "2",        "0",        "x^2/(1 - cos(x))"),
    ("(cos(x) - 1)/x^2",    "-(1/2)",   "0",        "(cos(x) - 1)/x^2"),
    ("(e^x - 1)/x",         "1",        "0",        "(e^(2x) - 1)/(2x)"),
    ("x/(e^x - 1)",         "1",        "0",        "x/(e^x - 1)"),
    ("(c^x - 1)/x",         "ln(c)",    "0",        "(2^x - 1)/x"),
    ("ln(1 + x)/x",         "1",        "0",        "ln(1 + x^2)/x^2"),
    ("ln(x + 1)/x",         "1",        "0",        "ln(x + 1)/x"),
    ("x/ln(1 + x)",         "1",        "0",        "x/ln(1 + x)"),
    ("x/ln(x + 1)",         "1",        "0",        "x/ln(x + 1)"),
    ("(1 + x)^(1/x)",       "e",        "0",        "(1 + x)^(1/x)"),
    ("(x + 1)^(1/x)",       "e",        "0",        "(x + 1)^(1/x)"),
    ("(1 + 1/x)^x",         "e",        "oo",       "(1 + 1/x)^x"),
)

OUTER: tuple[tuple[str, str, str], ...] = (
    # function      for x to    comes to
    ("e^x",         "-oo",      "0"),
    ("e^x",         "oo",       "oo"),
    ("ln(x)",       "oo",       "oo"),
    ("ln(x)",       "0",        "-oo"),
    ("sqrt(x)",     "oo",       "oo"),
    ("cbrt(x)",     "oo",       "oo"),
    ("cbrt(x)",     "-oo",      "-oo"),
    ("arctan(x)",   "oo",       "pi/2"),
    ("arctan(x)",   "-oo",      "-pi/2"),
    ("arccot(x)",   "oo",       "0"),
    ("arccot(x)",   "-oo",      "0"),
    ("tanh(x)",     "oo",       "1"),
    ("tanh(x)",     "-oo",      "-1"),
    ("coth(x)",     "oo",       "1"),
    ("coth(x)",     "-oo",      "-1"),
    ("sech(x)",     "oo",       "0"),
    ("sech(x)",     "-oo",      "0"),
    ("sinh(x)",     "oo",       "oo"),
    ("sinh(x)",     "-oo",      "-oo"),
    ("cosh(x)",     "oo",       "oo"),
    ("cosh(x)",     "-oo",      "oo"),
    ("arsinh(x)",   "oo",       "oo"),
    ("arsinh(x)",   "-oo",      "-oo"),
    ("arcosh(x)",   "oo",       "oo"),
    ("erf(x)",      "oo",       "1"),
    ("erf(x)",      "-oo",      "-1"),
    ("sigmoid(x)",  "oo",       "1"),
    ("sigmoid(x)",  "-oo",      "0"),
)
# fmt: on

CONSTANT = Rule("limit of a constant", "lim c = c")
IDENTITY = Rule("limit of the variable", "lim x = a for x -> a")
CONSTANT_MULTIPLE = Rule("constant multiple rule", "lim (c*u) = c*lim(u)")
SUM = Rule("sum rule", "lim (u + v) = lim(u) + lim(v)")
PRODUCT = Rule("product rule", "lim (u*v) = lim(u)*lim(v)")
QUOTIENT = Rule("quotient rule", "lim (u/v) = lim(u)/lim(v), where lim(v) is not 0")
CONTINUITY = Rule("continuity", "lim f(u) = f(lim u), where f is continuous there")
PUT_IN = Rule("put in", "lim u(x) = u(a) for x -> a, where u is continuous at a")
VANISH = Rule("terms tend to 0", "lim v/u = 0, where v tends to a number and u to oo or -oo")
POWER_VANISHES = Rule("powers tend to 0", "lim u^v = 0 for u -> c with 0 <= c < 1, u >= 0, and v -> oo")
KNOWN_LIMIT = "known limit"
EXPONENTIALS_WIN = Rule("exponentials outgrow powers", "lim u^a/c^u = 0 and lim c^u/u^a = oo for u -> oo and c > 1")
POWERS_WIN = Rule("powers outgrow logarithms", "lim ln(u)^a/u^b = 0 and lim u^b/ln(u)^a = oo for u -> oo and b > 0")
LOGARITHMS_LOSE = Rule("exponentials outgrow logarithms", "lim ln(u)^a/c^u = 0 for u -> oo and c > 1")
POWERS_WIN_AT_0 = Rule("powers outgrow logarithms", "lim u^b*ln(u)^a = 0 for u -> 0+ and b > 0")
SAME_EXPONENT = Rule("powers with one exponent", "u^n/v^n = (u/v)^n")
HYPERBOLIC = Rule("in exponentials", "cosh(u) = (e^u + e^(-u))/2, sinh(u) = (e^u - e^(-u))/2")
SQUEEZE = Rule("squeeze theorem", "-c*abs(v) <= u*v <= c*abs(v) for abs(u) <= c, and v tends to 0")
SQUEEZE_BY = Rule("squeeze theorem", "abs(u*v) <= c*abs(v) for abs(u) <= c, so u*v tends to 0 as v does")
SQUEEZE_STEPS = Rule("squeeze theorem", "u - 1 <= f(u) <= u + 1 for floor, ceil, round: f(u)/v tends to what u/v does")
SQUEEZE_QUOTIENT = Rule("squeeze theorem", "abs(u/v) <= c/abs(v) for abs(u) <= c, and v grows beyond all bounds")
EXPAND = Rule("expand", "u*(v + w) = u*v + u*w")
FACTOR = Rule("factor", "u*v + u*w = u*(v + w)")
CANCEL = Rule("cancel", "(u*w)/(v*w) = u/v")
CONJUGATE = Rule("multiply by the conjugate", "u - v = (u - v)*(u + v)/(u + v)")
THIRD_BINOMIAL = Rule("difference of squares", "(u - v)*(u + v) = u^2 - v^2")
COMMON = Rule("common denominator", "u/v + w/z = (u*z + w*v)/(v*z)")
DIVIDE = Rule("divide by the highest power", "u/v = (u/w)/(v/w)")
DIVIDE_BY = Rule("divide by the largest term", "u/v = (u/w)/(v/w)")
FACTOR_OUT = Rule("factor out the largest term", "u + v = u*(1 + v/u)")
REWRITE_KNOWN = Rule("rewrite for known limits", "f(u) = u*(f(u)/u)")
HOSPITAL = "L'Hôpital's rule"
HOSPITAL_LAW = "lim u/v = lim D(u)/D(v), where u and v both tend to 0 or both grow beyond all bounds"
AS_QUOTIENT = Rule("as a quotient", "u*v = u/(1/v)")
AS_EXPONENTIAL = "as an exponential"
AS_EXPONENTIAL_LAW = "u^v = e^(v*ln(u))"
JOIN_LOGARITHMS = Rule("logarithm of a quotient", "ln(u) - ln(v) = ln(u/v)")
SINES = Rule("in sine and cosine", "tan(u) = sin(u)/cos(u)")
ABSOLUTE = Rule("absolute value", "abs(u) = u for u > 0, and -u for u < 0")
NEAR_A_STEP = Rule("constant on this side", "a step function does not change between its jumps")
THE_CASE = Rule("the case that holds", "near the place one case holds")
GREATER = Rule("the one that is taken", "near the place one of the two is the greater one")
FORM = Rule("form", "what grows beyond all bounds stays so: oo + c = oo, c*oo = oo for c > 0, c/0+ = oo for c > 0")
POWER_GROWS = Rule("c^u tends to ∞", "lim c^u = oo for c > 1 and u -> oo")
VARIABLE = Rule("limit of the variable", "lim x = oo for x -> oo")

EXAMPLES: tuple[tuple[Rule, str], ...] = (
    (CONSTANT, "lim x->2 [7]"),
    (IDENTITY, "lim x->2 [x]"),
    (VARIABLE, "lim x->oo [x]"),
    (CONSTANT_MULTIPLE, "lim x->0 [(x - sin(x))/(2x^3)]"),
    (SUM, "lim x->oo [(x + sin(x))/x]"),
    (QUOTIENT, "lim x->oo [(x + sin(x))/(2x - cos(x))]"),
    (CONTINUITY, "lim x->0 [(1 + 2x)^(1/x)]"),
    (PUT_IN, "lim x->3 [x^2 - 2x + 1]"),
    (EXPAND, "lim h->0 [((3 + h)^2 - 9)/h]"),
    (FACTOR, "lim x->2 [(x^2 - 4)/(x - 2)]"),
    (CANCEL, "lim x->1 [(x^3 - 1)/(x - 1)]"),
    (CONJUGATE, "lim x->0 [(sqrt(x + 4) - 2)/x]"),
    (THIRD_BINOMIAL, "lim x->oo [sqrt(x + 1) - sqrt(x)]"),
    (COMMON, "lim x->2 [(1/x - 1/2)/(x - 2)]"),
    (REWRITE_KNOWN, "lim x->0 [sin(5x)/sin(3x)]"),
    (SINES, "lim x->pi/2 [sec(x) - tan(x)]"),
    (Rule(HOSPITAL, HOSPITAL_LAW), "lim x->0 [(e^x - 1 - x)/x^2]"),
    (AS_QUOTIENT, "lim x->0+ [x ln(x)]"),
    (Rule(AS_EXPONENTIAL, AS_EXPONENTIAL_LAW), "lim x->0+ [x^x]"),
    (SQUEEZE, "lim x->0 [x^2 sin(1/x)]"),
    (SQUEEZE_BY, "lim x->0 [x^2 sin(1/x)/sin(x)]"),
    (SQUEEZE_QUOTIENT, "lim x->oo [cos(x)/x^2]"),
    (SQUEEZE_STEPS, "lim x->oo [floor(x)/x]"),
    (FORM, "lim x->2 [1/(x - 2)^2]"),
    (VANISH, "lim x->oo [5/x^3]"),
    (DIVIDE, "lim x->oo [(2x - 1)/(x + 3)]"),
    (DIVIDE_BY, "lim x->oo [(e^x - e^(-x))/(e^x + e^(-x))]"),
    (FACTOR_OUT, "lim x->oo [e^x - x^2]"),
    (JOIN_LOGARITHMS, "lim x->oo [ln(2x + 1) - ln(x)]"),
    (EXPONENTIALS_WIN, "lim x->oo [x^100/e^x]"),
    (LOGARITHMS_LOSE, "lim x->oo [ln(x)^5/2^x]"),
    (POWERS_WIN, "lim x->oo [ln(x)^5/x]"),
    (POWERS_WIN_AT_0, "lim x->0+ [sqrt(x) ln(x)^3]"),
    (SAME_EXPONENT, "lim x->oo [2^x/3^x]"),
    (POWER_VANISHES, "lim x->oo [(1/2)^x]"),
    (POWER_GROWS, "lim x->oo [2^x]"),
    (HYPERBOLIC, "lim x->oo [cosh(x)/e^x]"),
    (ABSOLUTE, "lim x->3+ [abs(x - 3)/(x - 3)]"),
    (NEAR_A_STEP, "lim x->2- [floor(x)]"),
    (THE_CASE, "lim x->1+ [cases(x^2, x < 1, 2x)]"),
    (GREATER, "lim x->0+ [max(x, -x)/x]"),
)  # fmt: skip


class KnownLimit(NamedTuple):
    """A line of the table: the pattern, what it comes to, and what x must tend to: 0 or oo."""

    rule: Rule
    pattern: Tree
    value: Tree
    to: str


@cache
def known_limits() -> tuple[KnownLimit, ...]:
    """Return the table with both sides read."""
    return tuple(_known(*row[:3]) for row in KNOWN)


def _known(text: str, value: str, to: str) -> KnownLimit:
    written = text.replace("x", "u")
    rule = Rule(f"{KNOWN_LIMIT} of {written}", f"lim {written} = {value} for u -> {to}")
    return KnownLimit(rule, parse_law(text), parse_law(value), to)


class Outer(NamedTuple):
    """What a function comes to where its argument grows beyond all bounds, or comes to 0 from above."""

    rule: Rule
    pattern: Tree
    to: str
    value: str


def _said(text: str) -> str:
    """Return a function of the table as it is said in a label: e^u, arctan u, π/2."""
    bare = text.replace("(x)", " x").replace("x", "u")
    return bare.replace("oo", "∞").replace("pi", "π")


@cache
def outer_limits() -> tuple[Outer, ...]:
    """Return the table of functions at infinity, with each pattern read."""
    return tuple(
        Outer(
            Rule(f"{_said(text)} tends to {_said(value)}", f"lim {text.replace('x', 'u')} = {value} for u -> {to}"),
            parse_law(text),
            to,
            value,
        )
        for text, to, value in OUTER
    )


def examples() -> Iterator[tuple[Rule, str]]:
    """Yield every law with an example of its use: the methods, the limits known by heart, the functions far out."""
    yield from EXAMPLES
    for known, (_, _, to, example) in zip(known_limits(), KNOWN, strict=True):
        yield known.rule, f"lim x->{to} [{example}]"
    for outer, (function, to, _) in zip(outer_limits(), OUTER, strict=True):
        yield outer.rule, f"lim x->{to}{'+' if to == '0' else ''} [{function}]"


def known_hit(tree: Tree, variable: Tree) -> tuple[KnownLimit, Tree, Bindings] | None:
    """Return the known limit of a function of a letter with its value; None where it is none of the table."""
    for known in known_limits():
        bound = match(known.pattern, tree, variable)
        if bound is not None:
            return known, fill(known.value, bound, variable), bound
    return None
