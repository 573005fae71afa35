"""The question: integrate an expression by a variable, with all steps, and between limits where they are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from symback.calculus.integrals.assumptions import ABOVE, Assumed, assumptions
from symback.calculus.integrals.breaks import jump_of
from symback.calculus.integrals.definite import INFINITY, work_out
from symback.calculus.integrals.discriminant import other_cases
from symback.calculus.integrals.elementary import not_elementary
from symback.calculus.integrals.finishing import finished, with_constant
from symback.calculus.integrals.lettered import has_letters, work_out_with_letters
from symback.calculus.integrals.moves import MOVES
from symback.calculus.integrals.plan import steps_of
from symback.calculus.integrals.result import Integral
from symback.calculus.integrals.search import OutOfTime, Search
from symback.calculus.question import Question, as_number, names_in, read_question, read_variables
from symback.errors import NoRule, UsageError, VerificationFailed
from symback.expr.functions import FUNCTIONS
from symback.expr.rule import Derivation, Move
from symback.expr.tree import Apply, Int, Neg, Quotient, Tree, put, symbol, symbols_of, walk, without_lets
from symback.verify.somewhere import require_constants, require_real

BUDGET = 3.0  # seconds
CONSTANTS = ("C", "K", "C1", "C2")
STEPWISE = ("floor", "ceil", "round", "mod", "cases", "max", "min")
WITHHELD = "It is withheld. Please report it, with the integrand."


def integrate(
    expr: str | Expr,
    wrt: str | Expr | None = None,
    limits: Sequence[Any] | None = None,
    *,
    names: Iterable[str] = (),
    budget: float = BUDGET,
) -> Integral:
    """Integrate an expression one labelled step at a time.

    `expr` is text in symback's language, a SymPy expression, or a tree; an integral sign in it says the variable and
    the limits. `limits` are two numbers or texts, "oo" among them; then the `value` is worked out too.

    Raises NoRule where no antiderivative is found, DomainError where the integral does not exist between the limits.

    >>> integrate("x cos x").antiderivative
    Plus(Times(x, Apply(sin, x)), Apply(cos, x))
    >>> integrate("1/x", limits=(1, "e")).value
    1
    """
    question = expr if isinstance(expr, Question) else read_question(expr, names, variables=names_in(wrt))
    question = question.with_originals(wrt)
    question, variable, ends = posed(question, wrt, limits)
    integrand = without_lets(question.tree)
    _require_plain(integrand, variable)
    require_real(integrand, [variable])
    start, moves, last, assumed = _worked(integrand, variable, question, budget)
    constant = next(c for c in CONSTANTS if symbol(c) not in symbols_of(integrand))
    shown = with_constant(start, moves, symbol(constant))
    between = _between(integrand, variable, ends, last, question, assumed)
    said = (*map(str, between.get("assumed", assumed)), *between.get("conditions", ()))
    notes = (*question.notes, *(f"It is assumed that {each}." for each in dict.fromkeys(said)))
    positive = (each for each in assumed if each.sign == ABOVE)
    notes = (*notes, *(case for each in positive for case in other_cases(integrand, variable, each)))
    if variable not in symbols_of(integrand):
        notes = (*notes, f"{variable.name} does not occur in the expression, which is a constant.")
    found = Integral(
        start,
        tuple(shown),
        shown[-1].result if not shown[-1].path else _last(start, shown),
        (),
        notes,
        question.name,
        question.source,
        originals=question.originals,
        antiderivative=last,
        constant=constant,
        **{"assumed": assumed, **between},
    )
    return _without_jumps(_confirmed(found))


def posed(
    question: Question, wrt: str | Expr | None, limits: Sequence[Any] | None
) -> tuple[Question, Symbol, tuple[Tree, Tree] | None]:
    """Return what is integrated, by which variable and between which limits; an integral sign says it all."""
    ends = None if limits is None else _read_limits(limits)
    tree = question.tree
    if isinstance(tree, Int):
        integrand, by, *own = tree._args
        if own and ends is not None:
            raise UsageError("The expression has limits already.", hint="Leave out the other ones.")
        ends = (own[0], own[1]) if own else ends
        if _is_given(wrt) and read_variables(wrt) != [by]:
            raise UsageError(
                f"The integral is by {by.name}.", hint="Leave out the variable, or give the function alone."
            )
        return question._replace(tree=integrand), by, ends
    if not _is_given(wrt):
        found = question.variables()
        if not found:
            return question, symbol("x"), ends
        if len(found) > 1:
            names = ", ".join(s.name for s in found)
            hint = f"Say which one to integrate by, for instance --wrt {found[0].name}."
            raise UsageError(f"The expression has {len(found)} variables ({names}).", hint=hint)
        return question, found[0], ends
    variables = read_variables(wrt)
    if len(variables) != 1:
        raise UsageError("An integral is by one variable.", hint="Give one name, as in --wrt x.")
    return question, variables[0], ends


def _is_given(wrt: Any) -> bool:
    return wrt is not None and wrt != ""


def _read_limits(limits: Sequence[Any]) -> tuple[Tree, Tree]:
    if isinstance(limits, str) or not isinstance(limits, Sequence) or len(limits) != 2:
        raise UsageError("The limits must be two numbers.", hint="Write limits=(0, 1).")
    low, high = map(read_limit, limits)
    return low, high


def read_limit(value: Any) -> Tree:
    """Return a limit as a tree; oo and its kin are infinite.

    >>> read_limit("-oo"), read_limit("1/2")
    (Neg(oo), Quotient(1, 2))
    """
    text = str(value).strip().replace("\\infty", "oo").replace("∞", "oo").replace("−", "-")
    word = text.lstrip("+-").strip().casefold()
    if word in ("oo", "inf", "infinity"):
        return Neg(INFINITY) if text.startswith("-") else INFINITY
    return as_number(value)


def _require_plain(integrand: Tree, variable: Symbol) -> None:
    """Refuse what cannot be integrated before anything is tried: integrals within, unknown functions, joints."""
    functions = {node.name for node in walk(integrand) if isinstance(node, Apply) and variable in symbols_of(node)}
    for name in sorted(functions):
        if name in STEPWISE or name not in FUNCTIONS:
            known = name in STEPWISE
            hint = "Integrate piece by piece." if known else "Write the function out, as in f(x) = x^2."
            said = "" if known else ", which is not known"
            raise NoRule(f"There is no rule for the integral of the function {name}{said}.", hint=hint)
    if any(isinstance(node, Int) for node in walk(integrand)):
        raise UsageError(
            "An integral stands within the expression.", hint="Integrate the inner one first, and give its answer."
        )


def _worked(
    integrand: Tree, variable: Symbol, question: Question, budget: float
) -> tuple[Int, list[Move], Tree, tuple[Assumed, ...]]:
    """Return the start, the moves without a constant, the antiderivative, and what is assumed of letters."""
    taken = frozenset(s.name for s in symbols_of(integrand)) | frozenset(question.parameters)
    search = Search(taken, budget, MOVES)
    try:
        plan = search.solve(integrand, variable)
    except OutOfTime:
        plan = None
        ended = f"within {budget:g} seconds "
    else:
        ended = ""
    if plan is None:
        raise _not_found(search, integrand, variable, ended)
    start = Int(integrand, variable)
    moves, line = steps_of(start, plan)
    last = finished(line, moves, variable)
    require_constants(last)
    of_laws = [each for p in plan.everything() for each in p.assumed]
    lines = [without_lets(move.result) for move in moves]
    return start, moves, last, tuple(assumptions(integrand, [*lines, last], variable, of_laws))


def _not_found(search: Search, integrand: Tree, variable: Symbol, ended: str) -> NoRule:
    known = not_elementary(integrand, variable)
    if not known:
        found = (not_elementary(f, v) for f, v in list(search.missing) if v == variable)
        inner = next((said for said in found if said), "")
        known = f"On the way: {inner}" if inner else ""
    tried = ", ".join(search.tried) or "the rules for sums and the table"
    hint = known or "Try another form of the integrand, or a numerical method."
    return NoRule(f"No antiderivative was found {ended}by the table, {tried}.", hint=hint)


def _last(start: Tree, moves: Sequence[Move]) -> Tree:

    line = start
    for move in moves:
        line = put(line, move.path, move.result)
    return line


def _between(
    integrand: Tree,
    variable: Symbol,
    ends: tuple[Tree, Tree] | None,
    last: Tree,
    question: Question,
    assumed: tuple[Assumed, ...],
) -> dict[str, Any]:
    """Return what the limits add to a result."""
    if ends is None:
        return {}
    start = Int(integrand, variable, *ends)
    if has_letters(start):
        lettered = work_out_with_letters(start, last, assumed)
        definite = Derivation(
            start, lettered.moves, lettered.last, originals=question.originals, source=question.source
        )
        return {"definite": definite, "conditions": lettered.conditions, "assumed": lettered.assumed}
    found = work_out(start, last)
    definite = Derivation(start, found.moves, found.last, originals=question.originals, source=question.source)
    return {"definite": definite, "ends": found.ends, "breaks": found.breaks}


def _without_jumps(found: Integral) -> Integral:
    """Return a result, with a note where it jumps as tan(x/2) does; NoRule where the integrand makes it jump."""
    integrand = found.start._args[0]
    is_kinked = any(isinstance(node, Apply) and FUNCTIONS[node.name].kinks for node in walk(integrand))
    if not is_kinked and not any(map(_may_jump, walk(found.antiderivative))):
        return found
    place = jump_of(integrand, found.antiderivative, found.variable)
    if not place:
        return found
    if is_kinked and found.definite is None:
        raise NoRule(
            f"No antiderivative was found: the formula that was tried jumps at {found.variable.name} = {place}.",
            hint="Integrate piece by piece.",
        )
    note = f"The antiderivative jumps at {found.variable.name} = {place}: it is one on each side by itself."
    return replace(found, notes=(*found.notes, note))


def _may_jump(node: Any) -> bool:
    """Tell whether a node is an arctangent of something with poles, as arctan(2 tan(x/2)) is."""
    is_inverse = isinstance(node, Apply) and node.name in ("arctan", "arccot")
    return is_inverse and any(isinstance(n, (Apply, Quotient)) and _has_poles(n) for n in walk(node._args[1]))


def _has_poles(node: Any) -> bool:
    return (
        isinstance(node, Quotient)
        and bool(symbols_of(node._args[1]))
        or (isinstance(node, Apply) and node.name in ("tan", "cot", "sec", "csc"))
    )


def _confirmed(found: Integral) -> Integral:
    """Return a result that numbers confirm; VerificationFailed for any other."""
    verdict = found.verify()
    if verdict.verdict != "verified":
        raise VerificationFailed(f"The result is not confirmed by numbers. {verdict.message}", hint=WITHHELD)
    return found
