"""Functions with their derivatives, written by hand, and wrong derivatives made from the right ones.

The rows say how good the check is: every right one must pass, every wrong one must be refused. Mutations are made on
Python's own syntax tree; whether one is really wrong is for the oracle to say (some change nothing on the domain).
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tests import oracle

RIGHT: tuple[tuple[str, str], ...] = (
    ("x**3", "3*x**2"),
    ("5*x**2 - 3*x + 7", "10*x - 3"),
    ("1/x", "-1/x**2"),
    ("3/x**2", "-6/x**3"),
    ("sqrt(x)", "1/(2*sqrt(x))"),
    ("x**(1/3)", "x**(-2/3)/3"),
    ("x**2*sin(x)", "2*x*sin(x) + x**2*cos(x)"),
    ("sin(3*x)", "3*cos(3*x)"),
    ("sin(x)**2", "2*sin(x)*cos(x)"),
    ("cos(x**2)", "-2*x*sin(x**2)"),
    ("tan(x)", "sec(x)**2"),
    ("tan(2*x)", "2/cos(2*x)**2"),
    ("cot(x)", "-csc(x)**2"),
    ("sec(x)", "sec(x)*tan(x)"),
    ("csc(x)", "-csc(x)*cot(x)"),
    ("arcsin(x)", "1/sqrt(1 - x**2)"),
    ("arccos(x/2)", "-1/sqrt(4 - x**2)"),
    ("arctan(x**2)", "2*x/(1 + x**4)"),
    ("arccot(x)", "-1/(1 + x**2)"),
    ("arcsec(x)", "1/(abs(x)*sqrt(x**2 - 1))"),
    ("arccsc(x)", "-1/(abs(x)*sqrt(x**2 - 1))"),
    ("sinh(x)", "cosh(x)"),
    ("cosh(2*x)", "2*sinh(2*x)"),
    ("tanh(x)", "1 - tanh(x)**2"),
    ("coth(x)", "-csch(x)**2"),
    ("sech(x)", "-sech(x)*tanh(x)"),
    ("csch(x)", "-csch(x)*coth(x)"),
    ("arsinh(x)", "1/sqrt(x**2 + 1)"),
    ("arcosh(x)", "1/sqrt(x**2 - 1)"),
    ("artanh(x)", "1/(1 - x**2)"),
    ("arcoth(x)", "1/(1 - x**2)"),
    ("arsech(x)", "-1/(x*sqrt(1 - x**2))"),
    ("arcsch(x)", "-1/(abs(x)*sqrt(1 + x**2))"),
    ("exp(2*x)", "2*exp(2*x)"),
    ("exp(x**2 + x)", "(2*x + 1)*exp(x**2 + x)"),
    ("2**x", "2**x*ln(2)"),
    ("x**x", "x**x*(ln(x) + 1)"),
    ("x*exp(-x)", "(1 - x)*exp(-x)"),
    ("ln(x)", "1/x"),
    ("ln(x**2 + 1)", "2*x/(x**2 + 1)"),
    ("ln(abs(x))", "1/x"),
    ("ln(abs(sin(x)))", "cos(x)/sin(x)"),
    ("log(x, 2)", "1/(x*ln(2))"),
    ("x*ln(x) - x", "ln(x)"),
    ("ln(ln(x))", "1/(x*ln(x))"),
    ("x/(x**2 + 1)", "(1 - x**2)/(x**2 + 1)**2"),
    ("(x + 1)/(x - 1)", "-2/(x - 1)**2"),
    ("(3*x**2 + 2*x + 1)**5", "5*(3*x**2 + 2*x + 1)**4*(6*x + 2)"),
    ("(x**3 + 3)**3*(2*x - 5)**5", "9*x**2*(x**3 + 3)**2*(2*x - 5)**5 + 10*(x**3 + 3)**3*(2*x - 5)**4"),
    ("sqrt(1 - x**2)", "-x/sqrt(1 - x**2)"),
    ("sqrt(x**2 - 4)", "x/sqrt(x**2 - 4)"),
    ("sin(cos(tan(x)))", "-cos(cos(tan(x)))*sin(tan(x))*sec(x)**2"),
    ("x*sin(x)*exp(x)", "sin(x)*exp(x) + x*cos(x)*exp(x) + x*sin(x)*exp(x)"),
    ("arcsin(ln(x))", "1/(x*sqrt(1 - ln(x)**2))"),
    ("exp(x**3)", "3*x**2*exp(x**3)"),
    ("x**100", "100*x**99"),
    ("ln(x - 1000)", "1/(x - 1000)"),
    ("sqrt((x - 7)*(7.1 - x))", "(14.1 - 2*x)/(2*sqrt((x - 7)*(7.1 - x)))"),
    ("abs(x)", "sign(x)"),
    ("abs(x - 1)", "sign(x - 1)"),
    ("abs(x**2 - 4)", "2*x*sign(x**2 - 4)"),
    ("x*abs(x)", "2*abs(x)"),
    ("abs(x)**3", "3*x*abs(x)"),
    ("abs(sin(x))", "cos(x)*sign(sin(x))"),
    ("abs(x - 1) + abs(x + 2)", "sign(x - 1) + sign(x + 2)"),
    ("abs(abs(x) - 1)", "sign(abs(x) - 1)*sign(x)"),
    ("sqrt(x**2)", "sign(x)"),
    ("sqrt(x**4 + x**2)", "(2*x**3 + x)/sqrt(x**4 + x**2)"),
    ("sign(x)*x**2", "2*abs(x)"),
    ("max(x, 0)", "step(x)"),
    ("max(x**2, x)", "2*x*step(x**2 - x) + step(x - x**2)"),
    ("min(x, 1)", "step(1 - x)"),
    ("relu(2*x - 3)", "2*step(2*x - 3)"),
    ("leaky_relu(x)", "step(x) + 0.01*step(-x)"),
    ("elu(x)", "step(x) + step(-x)*exp(x)"),
    ("cbrt(x)", "1/(3*cbrt(x)**2)"),
    ("cbrt(x - 2)*x", "cbrt(x - 2) + x/(3*cbrt(x - 2)**2)"),
    ("root(x, 4)", "1/(4*root(x, 4)**3)"),
    ("sigmoid(x)", "sigmoid(x)*(1 - sigmoid(x))"),
    ("sigmoid(w*x + b)", "w*sigmoid(w*x + b)*(1 - sigmoid(w*x + b))"),
    ("1/(1 + exp(-x))", "exp(-x)/(1 + exp(-x))**2"),
    ("silu(x)", "sigmoid(x) + x*sigmoid(x)*(1 - sigmoid(x))"),
    ("softplus(3*x)", "3*sigmoid(3*x)"),
    ("erf(x)", "2*exp(-x**2)/sqrt(pi)"),
    ("gelu(x)", "(1 + erf(x/sqrt(2)))/2 + x*exp(-x**2/2)/sqrt(2*pi)"),
    ("3*x**2*y", "6*x*y"),
    ("x**2*y**3 + x*z", "2*x*y**3 + z"),
    ("exp(x**2 + y**2)", "2*x*exp(x**2 + y**2)"),
    ("x**y", "y*x**(y - 1)"),
    ("y**x", "y**x*ln(y)"),
    ("sqrt(1 - x**2 - y**2)", "-x/sqrt(1 - x**2 - y**2)"),
    ("abs(x - y)", "sign(x - y)"),
    ("max(x, y)", "step(x - y)"),
    ("y*exp(y/x)", "-y**2*exp(y/x)/x**2"),
)

Mutation = tuple[str, str]  # what was done, and the wrong text


def mutations(text: str) -> Iterator[Mutation]:
    """Yield wrong derivatives made from a right one, each by one mistake."""
    yield "sign", f"-({text})"
    yield "times sign(x)", f"({text})*sign(x)"
    yield "relative 1e-9", f"({text})*1.000000001"
    yield "absolute 1e-7", f"({text}) + 0.0000001"
    tree = ast.parse(text, mode="eval")
    for place, node in enumerate(ast.walk(tree)):
        for name, change in MISTAKES:
            copied = copy.deepcopy(tree)
            spot = list(ast.walk(copied))[place]
            new = change(spot) if isinstance(node, ast.expr) else None
            if new is not None:
                yield name, ast.unparse(ast.fix_missing_locations(_Put(spot, new).visit(copied)))


def one_mutation(text: str, rng: Random) -> str:
    """Return one wrong derivative, drawn at random, without making them all."""
    simple = (f"-({text})", f"({text})*sign(x)", f"({text})*1.000000001", f"({text}) + 0.0000001")
    tree = ast.parse(text, mode="eval")
    places = [i for i, node in enumerate(ast.walk(tree)) if isinstance(node, ast.expr)]
    for _ in range(8):
        spot = list(ast.walk(tree))[rng.choice(places)]
        new = rng.choice(MISTAKES)[1](copy.deepcopy(spot))
        if new is not None:
            return ast.unparse(ast.fix_missing_locations(_Put(spot, new).visit(tree)))
    return rng.choice(simple)


class _Put(ast.NodeTransformer):
    def __init__(self, spot: ast.AST, new: ast.AST) -> None:
        self.spot, self.new = spot, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.spot else self.generic_visit(node)


def _dropped(*operators: type) -> Callable[[Any], ast.expr | None]:
    def change(node: Any) -> ast.expr | None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, operators):
            return node.left
        return None

    return change


def _dropped_left(node: Any) -> ast.expr | None:
    return node.right if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult) else None


def _larger_number(node: Any) -> ast.expr | None:
    return ast.Constant(node.value + 1) if isinstance(node, ast.Constant) and isinstance(node.value, int) else None


def _called(old: str, new: str) -> Callable[[Any], ast.expr | None]:
    def change(node: Any) -> ast.expr | None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == old:
            return ast.Call(ast.Name(new), node.args, []) if new else node.args[0]
        return None

    return change


def _sign_to_one(node: Any) -> ast.expr | None:
    return ast.Constant(1) if _called("sign", "sign")(node) is not None else None


def _inner_dropped(node: Any) -> ast.expr | None:
    """f(g(x)) becomes f(x): the inner function is forgotten."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not isinstance(node.args[0], ast.Name):
        return ast.Call(node.func, [ast.Name("x"), *node.args[1:]], [])
    return None


MISTAKES: tuple[tuple[str, Callable[[Any], ast.expr | None]], ...] = (
    ("dropped factor", _dropped(ast.Mult, ast.Div, ast.Pow)),
    ("dropped term", _dropped(ast.Add, ast.Sub)),
    ("dropped left", _dropped_left),
    ("number + 1", _larger_number),
    ("sin to cos", _called("sin", "cos")),
    ("cos to sin", _called("cos", "sin")),
    ("abs to identity", _called("abs", "")),
    ("sign to 1", _sign_to_one),
    ("inner function dropped", _inner_dropped),
)


def is_wrong(function: str, derivative: str, tries: int = 400, missing_too: bool = True) -> bool:
    """Let the oracle say whether the derivative differs, or has no value, somewhere on the function's domain."""
    rng = Random(7)
    for _ in range(tries):
        point = {name: rng.choice((1, -1)) * 10 ** rng.uniform(-1.5, 1.0) for name in "xyzwb"}
        if "1000" in function:
            point["x"] += 1010
        if "7.1" in function:
            point["x"] = 7 + 0.1 * rng.random()
        try:
            right = oracle.derivative(function, point, ["x"])
        except oracle.NotReal:
            continue
        try:
            if abs(right - oracle.value(derivative, point)) > 1e-20 * (1 + abs(right)):
                return True
        except oracle.Beyond:
            continue
        except oracle.NotReal:
            if missing_too:
                return True
    return False
