"""Documents with everything in them, for the tests of the formats."""

from __future__ import annotations

from typing import Any

import symback
from symback import Graph
from symback.errors import ParseError
from symback.page.solution import AnswerCheck, Document, Formula, Listing, Picture, Solution, Work

from .hostile import GOOD_FORMULAS, WORDS

GRAPH = Graph("d = 2b; e = a + d; L = c e")
POINT = {"a": 3, "b": 1, "c": -2}
NET = Graph("W: 3x2\nx: 2\nz = W @ x + b\na = sigmoid(z)\nL = norm2(a)")
NET_POINT = {"W": [[1, 0], [0, 1], [1, 1]], "x": [1, -1], "b": [0, 0, 0]}
LINE = Graph("p = w x + b; L = mse(p, y)")
LINE_DATA = {"x": [0.0, 1.0, 2.0], "y": [1.0, 3.0, 5.0]}

THINGS: dict[str, Any] = {
    "a derivation": symback.derive("f(x) = (x^3+3)^3 (2x-5)^5", "x"),
    "a fraction": symback.derive("(x^2+3x+1)(x^3+2)/((x+1)(x^2+4x+4) + sin(x) cos(x))", "x"),
    "a value": symback.derive("x^2 e^x", "x", at={"x": 2}),
    "a number": symback.evaluate("x^2 + y", {"x": 2, "y": 1}),
    "a long sum": symback.derive(" + ".join(f"x^{n}" for n in range(2, 40)), "x"),
    "a gradient": symback.gradient("x y^2 + 3x^2 z", at={"x": 1, "y": 0, "z": 2}),
    "a wide Hessian": symback.hessian("log(e^(a x) + e^(b y))", ["x", "y"]),
    "a Jacobian": symback.jacobian(["x y", "x + y"]),
    "a direction": symback.directional("x^2 + y^2", ["x", "y"], (3, 4), at={"x": 1, "y": 2}),
    "differences": symback.difference_table("x^2 e^x", "x", at={"x": 2}),
    "a graph": GRAPH,
    "backpropagation": GRAPH.backprop("L", at=POINT, lr=0.1),
    "a net": NET.backprop("L", at=NET_POINT, layout="numerator"),
    "arrays": NET.jacobian("a", "x", at=NET_POINT),
    "second derivatives": NET.hessian("L", ["x", "b"], at=NET_POINT),
    "a training": symback.train(LINE, LINE_DATA, {"w": 0.0, "b": 0.0}, epochs=30),
}


def one_of_each(detail: str = "normal") -> Document:
    """Return a document with a problem for each kind of thing."""
    solutions = [
        Solution(f"p{i}", title, "derive", i, i / 2, works=(Work(thing),), detail=detail)
        for i, (title, thing) in enumerate(THINGS.items(), 1)
    ]
    return Document("each.toml", "One of each", "Of *every* kind one: $x$.", tuple(solutions))


def hostile() -> Document:
    """Return a document whose every word is hostile, with all kinds of blocks."""
    solutions = [
        Solution(
            f"p{i}",
            words,
            "derive",
            i,
            task=((words,), Listing(words), Formula(symback.parse("x^2"), "f")),
            hints=(f"`{words[:3]}`",),
            checks=(AnswerCheck(words, words, words, "wrong"),),
            pictures=(Picture("graph", GRAPH, words),),
            notes=(words,),
            error=ParseError(words, words, 0, hint=words),
        )
        for i, words in enumerate(WORDS, 1)
    ]
    return Document("hostile.toml", WORDS[0], "", tuple(solutions))


def formulas() -> Document:
    """Return a document with all formulas that authors may write, in a line and by themselves."""
    text = "\n\n".join(f"In a line ${latex}$.\n\n$${latex}$$" for latex in GOOD_FORMULAS)
    return Document("formulas.toml", "Formulas", "", (Solution("p1", "All", "derive", text=text),))
