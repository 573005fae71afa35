"""A second, small evaluator: from text in Python's syntax straight to numbers and their derivatives.

It shares nothing with symback: Python's own `ast` reads the text, mpmath gives the values, and derivatives come from
dual numbers (a value and its slope; nested for higher orders), exact away from kinks. It is the judge of the judge.
Only a function that is new in symback and has no line here yet is taken from its row there.

>>> value("x**2*sin(y)", {"x": 3, "y": 0})
mpf('0.0')
>>> derivative("x**3 + 2*x*y", {"x": 2, "y": 5}, ["x"])
mpf('22.0')
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from mpmath import MPContext

from symback.expr.functions import FUNCTIONS as ROWS
from symback.page import maths
from symback.syntax import parse

mp = MPContext()
mp.dps = 40


LARGEST = 10**8  # of arguments: beyond, the digits of this oracle do not tell enough


class NotReal(ArithmeticError):
    """No real, finite value here."""


class Beyond(NotReal):
    """There may be a value, but this oracle cannot tell it."""


@dataclass
class Dual:
    """A value and its slope by the variable of one level; both may be dual numbers of the levels below."""

    value: Any
    slope: Any

    def __add__(self, other: Any) -> Dual:
        other = lift(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: Any) -> Dual:
        return self + -lift(other)

    def __rsub__(self, other: Any) -> Dual:
        return lift(other) + -self

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __mul__(self, other: Any) -> Dual:
        other = lift(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: Any) -> Dual:
        return self * reciprocal(lift(other))

    def __rtruediv__(self, other: Any) -> Dual:
        return lift(other) * reciprocal(self)

    __radd__, __rmul__ = __add__, __mul__


def lift(number: Any) -> Dual:
    """Return a constant as a dual number."""
    return number if isinstance(number, Dual) else Dual(number, mp.mpf(0))


def plain(x: Any) -> Any:
    """Return the value under all levels."""
    while isinstance(x, Dual):
        x = x.value
    return x


def reciprocal(x: Any) -> Any:
    if not isinstance(x, Dual):
        if x == 0:
            raise NotReal
        return mp.mpf(1) / x
    inverse = reciprocal(x.value)
    return Dual(inverse, -(inverse * inverse) * x.slope)


# --- functions: the value by mpmath, the slope by what a book says ---------------------------------------------------


def function(of: Callable[[Any], Any], slope: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function of plain and dual numbers from its values and its slope."""

    def call(x: Any) -> Any:
        if isinstance(x, Dual):
            return Dual(call(x.value), slope(x.value) * x.slope)
        if abs(x) > LARGEST:
            raise Beyond
        y = of(x)
        if isinstance(y, mp.mpc) or not mp.isfinite(y):
            raise NotReal
        return y

    return call


def from_ends(low: float, high: float, of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the function, real only between the ends."""

    def call(x: Any) -> Any:
        if not low < x < high:
            raise NotReal
        return of(x)

    return call


INF = float("inf")
exp = function(mp.exp, lambda x: exp(x))
ln = function(from_ends(0, INF, mp.log), lambda x: reciprocal(x))
sqrt = function(from_ends(0, INF, mp.sqrt), lambda x: reciprocal(sqrt(x) * 2))
sin = function(mp.sin, lambda x: cos(x))
cos = function(mp.cos, lambda x: -sin(x))
arctan = function(mp.atan, lambda x: reciprocal(x * x + 1))
arcsin = function(from_ends(-1, 1, mp.asin), lambda x: reciprocal(sqrt(1 - x * x)))
erf = function(mp.erf, lambda x: exp(-(x * x)) * (2 / mp.sqrt(mp.pi)))


def sign(x: Any) -> Any:
    KINKS.append(mp.sign(plain(x)))
    return mp.sign(plain(x))


def magnitude(x: Any) -> Any:
    return x * sign(x)


def larger(x: Any, y: Any) -> Any:
    return x if sign(x - y) > 0 else y


def cube_root(x: Any) -> Any:
    return exp(ln(magnitude(x)) / 3) * sign(x)


def sinh(x: Any) -> Any:
    return (exp(x) - exp(-x)) / 2


def cosh(x: Any) -> Any:
    return (exp(x) + exp(-x)) / 2


def sigmoid(x: Any) -> Any:
    return reciprocal(exp(-x) + 1)


def artanh(x: Any) -> Any:
    return ln((1 + x) / (1 - x)) / 2


def step(x: Any) -> Any:
    return x * 0 + (1 if sign(x) > 0 else 0)


def root(x: Any, n: Any) -> Any:
    index = plain(n)
    odd = index == int(index) and int(index) % 2
    return exp(ln(magnitude(x)) / n) * sign(x) if odd else exp(ln(x) / n)


def jumps(of: Callable[[Any], Any], shift: Any) -> Callable[[Any], Any]:
    """Return a function that is constant between its jumps; which side a point lies on is the parity of its floor."""

    def call(x: Any) -> Any:
        y, half = plain(x), mp.nint(2 * plain(x)) / 2
        y = half if abs(y - half) < 1e-20 else y  # x/x may be rounded to the other side of 1
        KINKS.append(mp.floor(y + shift) % 2)
        return x * 0 + of(y)

    return call


def remainder(x: Any, y: Any) -> Any:
    """Return x - y floor(x/y), which is 0 where rounding alone keeps it from it."""
    if abs(plain(x)) > LARGEST * abs(plain(y)):
        raise Beyond
    rest = x - y * jumps(mp.floor, 0)(x / y)
    return rest if abs(plain(rest)) > 1e-25 else rest * 0


SELU, SELU_BELOW = mp.mpf("1.0507009873554805"), mp.mpf("1.7580993408473769") / mp.mpf("1.0507009873554805")

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sin": sin,
    "cos": cos,
    "tan": lambda x: sin(x) / cos(x),
    "cot": lambda x: cos(x) / sin(x),
    "sec": lambda x: reciprocal(cos(x)),
    "csc": lambda x: reciprocal(sin(x)),
    "arcsin": arcsin,
    "arccos": lambda x: mp.pi / 2 - arcsin(x),
    "arctan": arctan,
    "arccot": lambda x: arctan(reciprocal(x)) + 0 * sign(x),
    "arcsec": lambda x: mp.pi / 2 - arcsin(reciprocal(x)),
    "arccsc": lambda x: arcsin(reciprocal(x)) + 0 * sign(x),
    "sinh": sinh,
    "cosh": cosh,
    "tanh": lambda x: 1 - 2 / (exp(2 * x) + 1),
    "coth": lambda x: cosh(x) / sinh(x),
    "sech": lambda x: reciprocal(cosh(x)),
    "csch": lambda x: reciprocal(sinh(x)),
    "arsinh": lambda x: ln(magnitude(x) + sqrt(x * x + 1)) * sign(x),
    "arcosh": lambda x: ln(x + sqrt(x - 1) * sqrt(x + 1)),
    "artanh": artanh,
    "arcoth": lambda x: artanh(reciprocal(x)),
    "arsech": lambda x: ln((1 + sqrt(1 - x * x)) / x),
    "arcsch": lambda x: ln((1 + sqrt(1 + x * x)) / magnitude(x)) * sign(x),
    "exp": exp,
    "ln": ln,
    "sqrt": sqrt,
    "cbrt": cube_root,
    "log": lambda x, base=mp.e: ln(x) / ln(base),
    "root": root,
    "abs": magnitude,
    "sign": sign,
    "step": step,
    "max": larger,
    "min": lambda x, y: -larger(-x, -y),
    "erf": erf,
    "sigmoid": sigmoid,
    "relu": lambda x: x * step(x),
    "leaky_relu": lambda x: x * (step(x) + step(-x) / 100),
    "elu": lambda x: x if sign(x) > 0 else exp(x) - 1,
    "gelu": lambda x: x * (1 + erf(x / mp.sqrt(2))) / 2,
    "silu": lambda x: x * sigmoid(x),
    "softplus": lambda x: ln(1 + exp(x)),
    "selu": lambda x: SELU * (x if sign(x) > 0 else SELU_BELOW * (exp(x) - 1)),
    "mish": lambda x: x * (1 - 2 / ((1 + exp(x)) * (1 + exp(x)) + 1)),
    "softsign": lambda x: x / (1 + magnitude(x)),
    "hardtanh": lambda x: larger(-larger(-x, x * 0 - 1), x * 0 - 1),
    "floor": jumps(mp.floor, 0),
    "ceil": jumps(mp.ceil, 0),
    "round": jumps(mp.nint, mp.mpf(1) / 2),
    "mod": remainder,
}


SPELLED = {spelled: row.name for row in ROWS.values() for spelled in (row.sympy, *row.spellings)}


def newcomer(name: str) -> Callable[..., Any]:
    """Return a function that has no line of its own above yet, by its row: its definition, or its name in mpmath.

    The slope of an mpmath function comes from differences, and never from the row.
    """
    row = ROWS[name]
    if row.definition:
        body = ast.parse(maths.sympy(parse(row.definition)), mode="eval").body
        return lambda x: evaluate(body, {"x": x})
    of = getattr(mp, row.mpmath)

    def nth(order: int) -> Callable[[Any], Any]:
        return function(of if order == 0 else lambda x: mp.diff(of, x, order), lambda x: nth(order + 1)(x))

    return nth(0)


CONSTANTS: dict[str, Any] = {"e": mp.e, "E": mp.e, "pi": mp.pi}  # SymPy prints E
KINKS: list[Any] = []  # the signs met during one evaluation: which side of every kink the point lies on


# --- reading and evaluating ------------------------------------------------------------------------------------------


def written(node: ast.expr) -> Fraction | None:
    """Return the value of an exponent that is written as a number, exactly."""
    if isinstance(node, ast.Constant):
        return Fraction(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = written(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Sub | ast.Add | ast.Mult):
        a, b = written(node.left), written(node.right)
        if a is None or b is None or (b == 0 and isinstance(node.op, ast.Div)):
            return None
        return {ast.Div: Fraction.__truediv__, ast.Sub: Fraction.__sub__, ast.Add: Fraction.__add__,
                ast.Mult: Fraction.__mul__}[type(node.op)](a, b)  # fmt: skip
    return None


def power(base: Any, node: ast.expr, names: Mapping[str, Any]) -> Any:
    exponent = written(node)
    if exponent is None:
        return exp(ln(base) * evaluate(node, names))
    if exponent.denominator == 1 and abs(exponent) < 400:
        product = mp.mpf(1)
        for _ in range(abs(exponent.numerator)):
            product = base * product
        return product if exponent >= 0 else reciprocal(product)
    if exponent.denominator % 2 == 0 or plain(base) > 0:
        return exp(ln(base) * mp.mpf(exponent.numerator) / exponent.denominator)
    size = exp(ln(-base) * mp.mpf(exponent.numerator) / exponent.denominator)
    return -size if exponent.numerator % 2 else size


def evaluate(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            exact = Fraction(str(number))
            return mp.mpf(exact.numerator) / exact.denominator
        case ast.Name(id=name):
            return names[name] if name in names else CONSTANTS[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -evaluate(inner, names)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return power(evaluate(left, names), right, names)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = evaluate(left, names), evaluate(right, names)
            if isinstance(op, ast.Div):
                return a * reciprocal(b)
            return a + b if isinstance(op, ast.Add) else a - b if isinstance(op, ast.Sub) else a * b
        case ast.Call(func=ast.Name(id="cases"), args=arguments):
            return by_cases(arguments, names)
        case ast.Call(func=ast.Name(id="Piecewise"), args=arguments):  # as SymPy writes it
            return by_cases([part for pair in arguments for part in pair.elts], names)  # type: ignore[attr-defined]
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return (FUNCTIONS.get(name) or FUNCTIONS.get(SPELLED.get(name, "")) or newcomer(name))(
                *[evaluate(a, names) for a in arguments]
            )
    raise ValueError(ast.unparse(node))


def by_cases(arguments: Sequence[ast.expr], names: Mapping[str, Any]) -> Any:
    """Return the value before the first condition that holds, else the last one."""
    for branch, condition in zip(arguments[::2], arguments[1::2], strict=False):
        if holds(condition, names):
            return evaluate(branch, names)
    if len(arguments) % 2 == 0:
        raise NotReal
    return evaluate(arguments[-1], names)


def holds(condition: ast.expr, names: Mapping[str, Any]) -> bool:
    """Tell whether a condition holds; a point on a boundary is as good as none."""
    match condition:
        case ast.Constant(value=bool() as known):
            return known
        case ast.BinOp(left=left, op=op, right=right):
            found = [holds(left, names), holds(right, names)]
            return all(found) if isinstance(op, ast.BitAnd) else any(found)
        case ast.BoolOp(op=op, values=parts):
            found = [holds(part, names) for part in parts]
            return all(found) if isinstance(op, ast.And) else any(found)
        case ast.Compare(left=left, ops=ops, comparators=others):
            values = [plain(evaluate(part, names)) for part in (left, *others)]
            signs = [sign(a - b) for a, b in pairwise(values)]
            if 0 in signs:
                raise NotReal
            return all((s < 0) is isinstance(op, ast.Lt | ast.LtE) for s, op in zip(signs, ops, strict=True))
    raise ValueError(ast.unparse(condition))


def value(text: str, point: Mapping[str, Any]) -> Any:
    """Return the value at a point; raises NotReal where there is none."""
    return derivative(text, point, [])


def derivative(text: str, point: Mapping[str, Any], by: Sequence[str]) -> Any:
    """Return the derivative by the names in turn, at a point; raises NotReal where there is no value."""
    return value_and_cell(text, point, by)[0]


def value_and_cell(text: str, point: Mapping[str, Any], by: Sequence[str]) -> tuple[Any, tuple[int, ...]]:
    """Return the derivative and the cell between kinks in which the point lies."""
    names: dict[str, Any] = {name: mp.mpf(number) for name, number in point.items()}
    for level in range(len(by)):
        names = {name: Dual(number, mp.mpf(1) if by[level] == name else mp.mpf(0)) for name, number in names.items()}
    KINKS.clear()
    try:
        result = evaluate(ast.parse(text, mode="eval").body, names)
    except (OverflowError, ZeroDivisionError):
        raise NotReal from None
    if not mp.isfinite(plain(result)):
        raise NotReal
    for _ in by:
        result = result.slope if isinstance(result, Dual) else mp.mpf(0)
    return plain(result), tuple(int(k) for k in KINKS)
