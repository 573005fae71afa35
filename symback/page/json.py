"""Derivations and results as JSON objects, one a line; every expression as text, in SymPy's syntax and in LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.errors import SymbackError
from symback.expr.rule import Derivation
from symback.expr.tree import Diff, Edge, Gradient, Inert, Tree, fold, substituted
from symback.page import differences, maths
from symback.page.lines import decimal_of, has_several, is_long, reason_of, shown
from symback.page.options import Options, distinct
from symback.page.quantities import nested
from symback.page.tables import table_rows
from symback.syntax.convert import Originals

Object = dict[str, Any]
SCHEMA = 1
LOCAL = "The lines are long, so before and after hold only what a step changes, at its path."


def one_line(thing: Object) -> str:
    """Return an object as a line of JSON; the library is loaded when JSON is asked for, not at every start."""
    from json import dumps

    return dumps(thing, ensure_ascii=False)


def error(problem: SymbackError) -> str:
    """Return an error as one line of JSON; `at` is the place in the text, where there is one.

    >>> print(error(SymbackError("No.", hint="Yes.")))
    {"schema": 1, "error": {"code": "error", "message": "No.", "at": null, "hint": "Yes."}}
    """
    return one_line({"schema": SCHEMA, "error": error_object(problem)})


def error_object(problem: SymbackError) -> Object:
    """Return an error as an object."""
    return {
        "code": problem.code,
        "message": problem.message,
        "at": getattr(problem, "at", None),
        "hint": problem.hint,
    }


# --- one derivation -----------------------------------------------------------------------------------------------


def derivation_object(derivation: Derivation, options: Options) -> Object:
    """Return a derivation as its object."""
    several = has_several(derivation)
    function = _function(derivation)
    original = derivation.originals
    local = is_long(derivation)
    made: Object = {
        "schema": SCHEMA,
        "kind": "derivative" if derivation.variables else "value",
        "input": derivation.source or maths.text(function),
        "read_as": maths.sympy(renamed(function, original)),
        "notes": distinct([*derivation.notes, *([LOCAL] if local else [])]),
        "wrt": _names(derivation),
        "order": len(derivation.variables),
        **({"point": _point(derivation.point)} if derivation.point else {}),
        "answer": expression(derivation.last, several, original),
        **_approximate(derivation),
        "steps": steps_of(derivation, several, local),
        **({} if local else {"lines": lines_of(derivation, several, options.detail)}),
    }
    return made | _verified(derivation, options)


def _approximate(derivation: Derivation) -> Object:
    """Return the decimal value of a last line that is a constant, but no plain number."""
    value = decimal_of(derivation)
    return {} if value is None else {"approximate": value}


def differences_object(table: Any, options: Options) -> Object:
    """Return a derivation with its difference quotients."""
    return derivation_object(table.derivation, options) | {"differences": differences.as_object(table)}


def _function(derivation: Derivation) -> Tree:
    tree = derivation.start
    for _ in derivation.variables:
        tree = tree._args[0] if isinstance(tree, Diff) else tree
    return tree


def _names(derivation: Derivation) -> list[str]:
    """Return the variables in order; one variable is named once, whatever the order of the derivative."""
    names = [v.name for v in derivation.variables]
    return names[:1] if len(set(names)) == 1 else names


def steps_of(derivation: Derivation, several: bool, local: bool) -> list[Object]:
    """Return the steps of a derivation; `local` ones hold only what changes."""

    def written(tree: Tree) -> Object:
        return expression(tree, several, derivation.originals)

    if local:
        pairs = [(written(m.piece), written(m.result)) for m in derivation.moves]
    else:
        lines = [written(line) for line in derivation.lines()]
        pairs = list(pairwise(lines))
    return [
        {
            "rule": move.rule.name,
            "law": move.rule_shown.law,
            "bindings": {letter: maths.text(tree, several) for letter, tree in move.bindings},
            "path": list(move.path),
            "before": before,
            "after": after,
            "minor": move.rule.minor,
        }
        for move, (before, after) in zip(derivation.moves, pairs, strict=True)
    ]


def lines_of(derivation: Derivation, several: bool, detail: str) -> list[Object]:
    """Return the lines that are shown, each with its reason and with the numbers of its steps, counted from 0."""
    found, start = [], 0
    for line in shown(derivation, detail)[1:]:
        stop = start + len(line.moves)
        names = reason_of(line, detail)
        found.append(
            {
                "text": maths.text(readable(line.tree) if several else line.tree, several),
                "latex": maths.latex(line.tree, several),
                "reason": ", ".join((*names.names, *names.more)),
                "steps": list(range(start, stop)),
            }
        )
        start = stop
    return found


def renamed(tree: Tree, originals: Originals) -> Tree:
    """Return the tree with the names that SymPy's symbols had, for SymPy to read."""
    return substituted(tree, {own: Symbol(other.name) for own, other in originals}) if originals else tree


def expression(tree: Tree, several: bool = False, originals: Originals = ()) -> Object:
    """Return an expression as plain text that reads back, in SymPy's syntax, and in LaTeX."""
    return {
        "text": maths.text(readable(tree) if several else tree, several),
        "sympy": maths.sympy(renamed(tree, originals)),
        "latex": maths.latex(tree, several),
    }


def readable(tree: Tree) -> Tree:
    """Return an expression with the gradients of nodes, dL/de, as pending derivatives, d/de [L], which read back."""
    return fold(tree, _pending)


def _pending(node: Basic, inner: list[Tree]) -> Tree:
    if isinstance(node, (Gradient, Edge)):
        return Diff(*inner)
    return type(node)(*inner) if isinstance(node, Inert) else node


def _verified(thing: Any, options: Options) -> Object:
    verdict = options.verdict_on(thing)
    return {} if verdict is None else {"verified": {"verdict": verdict.verdict, "points": verdict.points}}


# --- several derivations ------------------------------------------------------------------------------------------


def partials_object(partials: Any, options: Options) -> Object:
    """Return a gradient, Jacobian or Hessian, with each of its derivations."""
    inner = Options(options.detail, verify=options.verify, notes=options.notes)
    functions = [_function(row[0]) for row in partials.entries if row]
    if partials.kind == "hessian":
        functions = functions[:1]
    made: Object = {
        "schema": SCHEMA,
        "kind": partials.kind,
        "input": partials.source or "; ".join(map(maths.text, functions)),
        "read_as": "; ".join(map(maths.sympy, functions)),
        "notes": distinct(partials.notes),
        "wrt": [v.name for v in partials.variables],
        "point": _point(partials.point),
        **({"layout": partials.layout} if partials.layout else {}),
        "answer": table(table_rows(partials, partials.entries)),
        "partials": [derivation_object(d, inner) for row in partials.entries for d in row],
    }
    if partials.values:
        made["value"] = table(table_rows(partials, partials.values))
        made["approximate"] = [[d.approximate for d in row] for row in partials.values]
    return made | _verified(partials, options)


def directional_object(thing: Any, options: Options) -> Object:
    """Return a directional derivative, with its gradient."""
    partials = partials_object(thing.gradient, Options(options.detail, verify=options.verify))
    made: Object = {
        **{key: partials[key] for key in ("schema", "kind", "input", "read_as", "notes", "wrt", "point")},
        "kind": "directional",
        "notes": distinct(thing.notes),
        "direction": [maths.text(c) for c in thing.direction],
        "unit": [expression(c) for c in thing.unit],
        "answer": expression(thing.product.last, has_several(thing.product)),
        "gradient": partials,
        "steps": steps_of(thing.product, has_several(thing.product), is_long(thing.product)),
    }
    return made | _verified(thing, options)


def _point(point: Sequence[tuple[Any, Tree]]) -> dict[str, str]:
    return {variable.name: maths.text(value) for variable, value in point}


def table(rows: Sequence[Sequence[Tree]]) -> Object:
    """Return a matrix, or a column vector, whose text is in rows: `(6xy, 3x^2)`, `((y, x), (1, 1))`."""
    column = all(len(row) == 1 for row in rows)

    def listed(write: Callable[[Tree], str], opening: str, closing: str) -> str:
        inner = [", ".join(map(write, row)) for row in rows]
        if not column:
            inner = [opening + cells + closing for cells in inner]
        return opening + ", ".join(inner) + closing

    cells = r" \\ ".join(" & ".join(maths.latex(cell) for cell in row) for row in rows)
    return {
        "text": listed(maths.text, "(", ")"),
        "sympy": f"Matrix({listed(maths.sympy, '[', ']')})",
        "latex": rf"\begin{{pmatrix}} {cells} \end{{pmatrix}}",
    }


def array_jacobian_object(thing: Any, options: Options) -> Object:
    """Return the Jacobians of a vector on a graph: formulas, values as nested lists, steps and the check."""
    return {
        "schema": SCHEMA,
        "kind": "jacobian",
        "input": thing.graph.text,
        "notes": distinct(thing.notes),
        "of": thing.of,
        "wrt": list(thing.wrt),
        "layout": thing.layout,
        "jacobians": {
            name: expression(tree, True) | ({"value": nested(thing.values[name])} if name in thing.values else {})
            for name, tree in thing.jacobians.items()
        },
        "steps": [
            {"node": name, **step} for name, found in thing.derivations.items() for step in steps_of(found, True, False)
        ],
        "check": {"verdict": thing.check.verdict, "worst_error": thing.check.worst_error, "points": thing.check.points},
    }


def array_hessian_object(thing: Any, options: Options) -> Object:
    """Return the second derivatives of a number on a graph, by the first name and then by the second."""
    blocks = dict.fromkeys((*thing.hessians, *thing.values))
    return {
        "schema": SCHEMA,
        "kind": "hessian",
        "input": thing.graph.text,
        "notes": distinct(thing.notes),
        "loss": thing.loss,
        "wrt": list(thing.wrt),
        "gradients": {name: expression(tree, True) for name, tree in thing.gradients.items()},
        "called": dict(thing.called),
        "hessians": [
            {"wrt": list(pair)}
            | (expression(thing.hessians[pair], True) if pair in thing.hessians else {"missing": thing.missing[pair]})
            | ({"value": nested(thing.values[pair])} if pair in thing.values else {})
            for pair in blocks
        ],
        "steps": [
            {"node": name, **step}
            for derivations in (thing.gradient_derivations, thing.derivations)
            for name, found in derivations.items()
            for step in steps_of(found, True, False)
        ],
        "check": {"verdict": thing.check.verdict, "worst_error": thing.check.worst_error, "points": thing.check.points},
    }
