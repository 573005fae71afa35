"""Code for a notebook that checks answers by numbers: plain Python, which needs nothing installed.

The code is written by the package's own code generator, and its names are v0, v1, ...: nothing that an author typed is
in it but inside comments and quoted strings of known letters. A check is written only where it was seen to hold.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any, NamedTuple

from symback.compile import scalars
from symback.compile.expand import expand
from symback.compile.notes import harmless
from symback.compile.source import Source as Code
from symback.compile.source import Statement as Line
from symback.errors import SymbackError
from symback.graph.graph import Graph
from symback.graph.nodes import GradientProgram
from symback.page.evaluated import graph_of
from symback.page.writers.checkable import Claims, Values, claims_of

LONGEST = 4000  # characters of the code of one function
STEPS = (0.0, 1e-5, 1e-4, 1e-3)  # of the differences, by how often something is differentiated
NEAR = 1e-4  # how near, relative to the answer, a difference quotient must come
NUMBERS = (0.7, 1.3, -0.6, 2.1, 0.4, -1.4, 1.8, 3.2, 0.2, -2.3)
POINTS = 2  # besides the one that was given
TRIES = 40

Function = Callable[..., float]


class Written(NamedTuple):
    """A function as code: its text, the functions of `math` that it calls, and itself."""

    text: str
    imports: frozenset[str]
    call: Function


def written(name: str, graph: Graph, result: str = "") -> Written:
    """Return a node of a graph of numbers as a function of all its inputs, in their order: v0, v1, ...

    Without a name of the node, the graph is one expression, and nothing in it has a name.
    """
    nodes, named = graph.program()
    if not result:
        nodes = tuple(node if node.op == "input" else replace(node, name="") for node in nodes)
    given = {name: named[name] for name in graph.inputs}
    program = expand(GradientProgram(nodes, named[result or graph.last], given), scalar=True)
    code = with_one_result(scalars.gradient_source(program), name)
    if len(code.text) > LONGEST:
        raise SymbackError("The function is too long to be shown.")
    used = frozenset(n.id for n in ast.walk(ast.parse(code.code)) if isinstance(n, ast.Name))
    return Written(code.text, used & (scalars.NAMES.keys() - {"float"}), code.load(scalars.NAMES))


def with_one_result(code: Code, name: str) -> Code:
    """Return the source with one result: the inputs were asked for too, but only so that all of them are arguments."""
    last = Line(code.body[-1].code.removesuffix(f", ({''.join(f'{given}, ' for given in code.given)})"))
    body = code.body[:-1]
    if body and last.code == f"return {body[-1].code.partition(' = ')[0]}":
        last = Line(f"return {body[-1].code.partition(' = ')[2]}", body[-1].note)
        body = body[:-1]
    return replace(code, name=name, body=[*body, last])


SLOPE = '''\
def slope(function, at, by, h):
    """Return how fast a function changes at a point along the arguments `by`, one after the other."""
    if not by:
        return function(*at)
    ahead, behind = list(at), list(at)
    ahead[by[0]] += h
    behind[by[0]] -= h
    return (slope(function, ahead, by[1:], h) - slope(function, behind, by[1:], h))/(2*h)
'''

LOOP = """\
for name, function, by, h, answer in checks:
    for at in points:
        expected = answer(*at) if callable(answer) else answer
        if expected is None:
            print(f"{name}: write your own answer above")
            break
        found = slope(function, at, by, h)
        verdict = "they agree" if abs(found - expected) <= 1e-4*max(1, abs(expected)) else "THEY DIFFER"
        print(f"{name} at {at}: {found:.6g} by differences, {expected:.6g} by the answer: {verdict}")
"""

OWN = "return None  # write your own answer here"
COMMON = frozenset(("cos", "exp", "log", "sin", "sqrt", "tan"))  # which a student's own answer may need
HEAD = "# A check by numbers: close to a point, a difference quotient is nearly the derivative. It needs Python alone."


def cell(things: Sequence[Any], reveal: bool = True) -> str:
    """Return the code of a check of what was worked out; without `reveal` a student writes the answers.

    Nothing where there is nothing to check, or no point was found at which the check holds.
    """
    try:
        claims = claims_of(things)
        if claims is None:
            return ""
        names = [_numbered("f", i, claims.functions) for i in range(len(claims.functions))]
        functions = [written(name, *function) for name, function in zip(names, claims.functions, strict=True)]
        answers = [_answer(claims, i) for i in range(len(claims.claims))]
        points = tuple(_points(claims, functions, answers))
    except SymbackError:
        return ""
    return "\n".join(_lines(claims, functions, answers, points, reveal)).rstrip("\n") if points else ""


def _numbered(letter: str, i: int, several: Sequence[Any]) -> str:
    return f"{letter}{i + 1}" if len(several) > 1 else letter


def _answer(claims: Claims, i: int) -> Written:
    """Return an answer as a function; a number has no text of its own."""
    answer = claims.claims[i].answer
    if isinstance(answer, float):
        return Written("", frozenset(), lambda *_: answer)
    return written(_numbered("answer", i, claims.claims), graph_of(answer, claims.arguments))


def _lines(
    claims: Claims, functions: Sequence[Written], answers: Sequence[Written], points: Sequence[Values], reveal: bool
) -> Iterator[str]:
    yield HEAD
    if claims.arguments:
        yield "# " + ", ".join(f"v{i} is {harmless(name)}" for i, name in enumerate(claims.arguments))
    formulas = [a for a in answers if a.text]
    imports = {name for w in (*functions, *(formulas if reveal else ())) for name in w.imports}
    imports |= COMMON if formulas and not reveal else set()
    yield f"from math import {', '.join(sorted(imports))}\n" if imports else ""
    yield from (function.text for function in functions)
    for claim, answer in zip(claims.claims, answers, strict=True):
        first, _, rest = answer.text.partition("\n")
        if answer.text:
            yield f"{first}  # {claim.name}\n{rest if reveal else f'    {OWN}' + chr(10)}"
    yield SLOPE
    yield f"points = {list(points)!r}"
    yield "checks = ["
    for i, claim in enumerate(claims.claims):
        known = _numbered("answer", i, claims.claims) if answers[i].text else repr(claim.answer) if reveal else "None"
        function = _numbered("f", claim.function, claims.functions)
        yield f"    ({claim.name!r}, {function}, {claim.by!r}, {STEPS[len(claim.by)]!r}, {known}),"
    yield "]\n" + LOOP


# --- points -------------------------------------------------------------------------------------------------------


def _points(claims: Claims, functions: Sequence[Written], answers: Sequence[Written]) -> Iterator[Values]:
    """Yield points at which every answer agrees with the differences: the one that was given, and a few others."""
    held = [p for p in ([claims.point] if claims.point else []) if _holds(claims, functions, answers, p)]
    yield from held
    if not any(isinstance(claim.answer, float) or not claim.by for claim in claims.claims):
        found = 0
        for k in range(TRIES):
            point = tuple(NUMBERS[(k + 3 * i) % len(NUMBERS)] for i in range(len(claims.arguments)))
            if k >= len(NUMBERS):  # closer to 0, on the positive side: logarithms, roots, inverse functions
                point = tuple(round(abs(v) / (1 + k // len(NUMBERS)), 3) for v in point)
            if point not in held and _holds(claims, functions, answers, point):
                yield point
                found += 1
                if found == POINTS:
                    return


def _holds(claims: Claims, functions: Sequence[Written], answers: Sequence[Written], point: Values) -> bool:
    try:
        return all(
            near(slope(functions[c.function].call, point, c.by, STEPS[len(c.by)]), answers[i].call(*point))
            for i, c in enumerate(claims.claims)
        )
    except (ArithmeticError, ValueError):
        return False


def slope(function: Function, at: Sequence[float], by: Sequence[Any], h: float) -> float:
    """Return what the function of the same name in a cell returns."""
    if not by:
        return function(*at)
    ahead, behind = list(at), list(at)
    ahead[by[0]] += h
    behind[by[0]] -= h
    return (slope(function, ahead, by[1:], h) - slope(function, behind, by[1:], h)) / (2 * h)


def near(found: float, expected: float) -> bool:
    """Tell whether a difference quotient agrees with an answer."""
    return isfinite(found) and isfinite(expected) and abs(found - expected) <= NEAR * max(1.0, abs(expected))
