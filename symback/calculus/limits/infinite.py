"""Limits that are infinite: the forms that are determined, such as 1/0+, oo · 2 and oo + 1."""

from __future__ import annotations

from mpmath import mp

from symback.calculus.integrals.forms import value_of
from symback.calculus.limits.direct import inner_functions, tends
from symback.calculus.limits.laws import FORM, POWER_GROWS, VARIABLE, outer_limits
from symback.calculus.limits.work import Work, is_exact
from symback.expr.match import match
from symback.expr.rule import Rule
from symback.expr.tree import ONE, Apply, Neg, Path, Plus, Power, Quotient, Times, Tree, apply, is_free_of, number_value
from symback.result import text_of
from symback.syntax.convert import from_sympy
from symback.verify.limits import INFINITY

ABOVE_1 = 1.001
BY_SINES = {"tan": ("sin", "cos"), "cot": ("cos", "sin"), "sec": ("", "cos"), "csc": ("", "sin")}

Said = tuple[Rule, tuple[tuple[str, Tree], ...]]


def infinite(work: Work, path: Path, body: Tree) -> bool:
    """Say that a function grows beyond all bounds, where its form tells so."""
    found = work.tendency(body)
    if path or found.kind != "infinite":
        return False
    if not found.sign and work.letters:
        raise work.depends()
    said = (VARIABLE, ()) if body == work.variable else _outer(work, body) or _by_form(work, body)
    if not found.sign or said is None:
        return False
    work.apply(said[0], path, INFINITY if found.sign > 0 else Neg(INFINITY), said[1])
    return True


def _outer(work: Work, body: Tree) -> Said | None:
    for row in outer_limits():
        for inner in inner_functions(body, work):
            if match(row.pattern, body, inner) is not None and tends(work, inner, row.to):
                return row.rule, ((("u", inner),) if inner != work.variable else ())
    if isinstance(body, Power) and is_free_of(body._args[0], work.variable) and tends(work, body._args[1], "oo"):
        return POWER_GROWS, (("c", body._args[0]),)
    return None


def _by_form(work: Work, body: Tree) -> Said | None:
    form = _form(work, body)
    return None if form is None else (Rule(f"{FORM.name} {form.replace('oo', '∞')}", FORM.law), ())


def _form(work: Work, body: Tree) -> str | None:
    """Return the form of a function in signs, such as 1/0+, where it is determined; None where it is not."""
    if isinstance(body, Neg):
        inner = _form(work, body._args[0])
        return None if inner is None else f"-({inner})"
    if isinstance(body, Quotient):
        return _of_quotient(work, body)
    if isinstance(body, (Times, Plus)):
        return _of_parts(work, body)
    if isinstance(body, Power):
        return _of_power(work, body)
    if isinstance(body, Apply) and body.name in BY_SINES:
        top, bottom = (apply(name, body._args[1]) if name else ONE for name in BY_SINES[body.name])
        form = _of_quotient(work, Quotient(top, bottom))
        return None if form is None else f"{form}, as {text_of(body)} = {text_of(top)}/({text_of(bottom)})"
    return "oo" if body == work.variable else None


def _of_parts(work: Work, body: Tree) -> str | None:
    """Return oo + 1 or oo · 2; a product with 0, and infinities of both signs in a sum, have no value."""
    found = [work.tendency(part) for part in body._args]
    allowed = {"finite", "infinite", "zero"} if isinstance(body, Plus) else {"finite", "infinite"}
    if not {one.kind for one in found} <= allowed:
        return None
    if isinstance(body, Plus) and len({one.sign for one in found if one.kind == "infinite"}) != 1:
        return None
    said = [_said(work, part) for part in body._args]
    sign = " + " if isinstance(body, Plus) else " · "
    return None if None in said else sign.join(map(str, said)).replace("+ -", "- ")


def _of_power(work: Work, body: Power) -> str | None:
    grows = work.tendency(body._args[1])
    if grows.kind == "infinite" and grows.sign > 0:
        return _of_growing_exponent(work, body)
    exponent = number_value(body._args[1])
    if exponent is None or exponent <= 0 or work.tendency(body._args[0]).kind != "infinite":
        return None
    return f"{_bracketed(_said(work, body._args[0]))}^{text_of(body._args[1])}"


def _of_growing_exponent(work: Work, body: Power) -> str | None:
    """Return oo^oo or 2^oo; what comes to 1 or less tells nothing."""
    base = work.tendency(body._args[0])
    above_1 = base.kind == "finite" and base.value is not None and base.value > ABOVE_1
    if base.sign < 1 or not (base.kind == "infinite" or above_1):
        return None
    return f"{_bracketed(_said(work, body._args[0]))}^∞"


def _of_quotient(work: Work, body: Quotient) -> str | None:
    top, bottom = (work.tendency(part) for part in body._args)
    above, below = (_said(work, part) for part in body._args)
    if above is None or below is None:
        return None
    if bottom.kind == "zero" and top.kind in ("finite", "infinite") and bottom.sign:
        return f"{above}/0{'+' if bottom.sign > 0 else '-'}"
    return f"{above}/{_bracketed(below)}" if bottom.kind == "finite" and top.kind == "infinite" else None


def _bracketed(said: str | None) -> str:
    return f"({said})" if said and (said.startswith("-") or "/" in said) else str(said)


def _said(work: Work, part: Tree) -> str | None:
    """Return what a part tends to in signs: a number as it is written, or an infinity."""
    found = work.tendency(part)
    if found.kind == "infinite":
        return {1: "oo", -1: "-oo"}.get(found.sign)
    if not found.settles:
        return None
    if found.kind == "zero":
        return "0"
    value = part if work.is_far else work.put_in(part)
    if is_free_of(value, work.variable) and is_exact(value) and work.comes_to(part, value):
        return text_of(from_sympy(value_of(value)))
    is_whole = found.value is not None and abs(found.value - mp.nint(found.value)) < 1e-12
    return str(int(mp.nint(found.value))) if is_whole else "c"
