"""Sentences about the joints of a function by cases: is it continuous there, and do the slopes agree?"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sympy.core.symbol import Symbol

from symback.expr.cases import branches_of, comparisons_in
from symback.expr.rule import Move
from symback.expr.tree import Apply, Tree, is_free_of, symbols_of
from symback.verify.compare import unknown_functions
from symback.verify.joints import Joint, Joints, Kind, joints_of, short


def said_of_pass(moves: Sequence[Move], functions: Sequence[Tree]) -> list[str]:
    """Return what is said of the functions by cases of one pass; the last of `functions` is the whole."""
    whole = _whole(len(functions))
    said: list[str] = []
    for move in moves:
        function, variable = move.piece._args if move.rule.name == "case by case" else (None, None)
        if isinstance(variable, Symbol):
            said += said_of(function, variable, whole if function == functions[-1] else "the part by cases")
    return said


def said_of(function: Tree, variable: Symbol, subject: str) -> list[str]:
    """Return a sentence for each joint: whether the function is continuous there, and whether the slopes agree."""
    joints = joints_of(function, variable)
    boundaries = [c for b in branches_of(function) for c in comparisons_in(b.condition) if not is_free_of(c, variable)]
    has_letters = bool(symbols_of(function) - {variable})
    if joints.for_all_letters or not joints.complete:
        found = () if joints.for_all_letters else joints.found
        said = [_said(joint, variable, subject, has_letters) for joint in found]
        return said + _said_of_all(joints, list(dict.fromkeys(boundaries)), subject, unknown_functions(function))
    return [_said(joint, variable, subject, has_letters) for joint in joints.found]


def _said_of_all(joints: Joints, boundaries: Sequence[Apply], subject: str, unknown: Sequence[str]) -> list[str]:
    where = " or ".join(dict.fromkeys(" = ".join(map(_text, c.arguments)) for c in boundaries))
    if not where:
        return []
    if unknown:
        names = " and ".join(unknown)
        return [f"Where {where} the derivative depends on {names}, not known here: the answer holds elsewhere."]
    if not joints.complete:
        elsewhere = " at other places" if joints.found and not joints.for_all_letters else ""
        return [f"Where {where}{elsewhere} {subject} is not looked at: the derivative holds elsewhere."]
    return [f"Where {where}, in general, {_finding_said(joints.found[0], subject, has_letters=True)}"]


def said_at(joint: Joint, point: str, order: int = 1) -> str:
    """Return the sentence about one point of the derivative of an order."""
    return f"At {point} {_finding_said(joint, _whole(order), has_letters=False)}"


def _whole(order: int) -> str:
    """Return what is differentiated for the derivative of an order."""
    return "the function" if order == 1 else "the derivative" if order == 2 else f"the derivative of order {order - 1}"


def _said(joint: Joint, variable: Symbol, subject: str, has_letters: bool) -> str:
    place = f"{float(joint.place):.6g} (rounded)" if joint.at is None else _text(joint.at)
    general = ", in general," if has_letters else ""
    return f"At {variable.name} = {place}{general} {_finding_said(joint, subject, has_letters)}"


def _finding_said(joint: Joint, subject: str, has_letters: bool) -> str:
    left, right = (None if v is None or has_letters else _shown(v, joint.error) for v in (joint.left, joint.right))
    is_continuous = f"{subject} is continuous"
    if joint.kind is Kind.HOLE:
        return f"{subject} has no value."
    if joint.kind is Kind.NO_LIMIT:
        return f"{subject} comes to no number: no derivative there."
    if joint.kind is Kind.UNKNOWN:
        return f"numbers could not tell whether {subject} has a derivative."
    if joint.kind is Kind.EDGE:
        return f"{subject} is defined on one side only: no derivative there."
    if joint.kind is Kind.JUMP:
        if left is not None and left == right:
            return f"{subject} has another value than its limit {left}: no derivative there."
        return f"{subject} jumps{'' if left is None else f' from {left} to {right}'}: no derivative there."
    if joint.kind is Kind.STEEP:
        return f"{is_continuous}, but has no finite slope: no derivative there."
    if joint.kind is Kind.CORNER:
        slopes = "the slopes" if left is None else f"the slopes {left} and {right}"
        return f"{is_continuous}, but {slopes} differ: no derivative there."
    if left is None:
        return f"{is_continuous} and the slopes agree."
    return f"{is_continuous}, and the slopes {left} and {right} agree: the derivative is {left}."


def _text(tree: Tree) -> str:
    """Return a tree as it is typed."""
    maths = import_module("symback.page.maths")  # page stands above this file
    return str(maths.text(tree))


def _shown(value: Any, error: Any) -> str:
    near = short(value, error)
    return f"about {float(value):.6g}" if near is None else str(near)
