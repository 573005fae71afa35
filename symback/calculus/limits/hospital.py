"""L'Hôpital's rule: the engine differentiates both parts of a quotient of the form 0/0 or oo/oo, line by line."""

from __future__ import annotations

from dataclasses import replace

from symback.calculus.engine import differentiate, tidy
from symback.calculus.integrals.forms import derivative_of
from symback.calculus.limits.algebra import inside
from symback.calculus.limits.laws import HOSPITAL, HOSPITAL_LAW
from symback.calculus.limits.work import Work
from symback.expr.rule import Rule, next_line
from symback.expr.tree import Diff, Path, Quotient, Tree, weight_of

FORMS = {"zero": "0/0", "infinite": "∞/∞"}
MOST_TIMES = 5
GROWTH, ROOM = 3, 40


def hospital(work: Work, path: Path, body: Tree) -> bool:
    """Differentiate above and below."""
    if not isinstance(body, Quotient) or sum(m.rule.name.startswith(HOSPITAL) for m in work.moves) >= MOST_TIMES:
        return False
    kinds = {work.tendency(part).kind for part in body._args}
    form = FORMS.get(kinds.pop()) if len(kinds) == 1 else None
    if form is None:
        return False
    slopes = [derivative_of(part, work.variable) for part in body._args]
    after = Quotient(*slopes)
    if weight_of(after) > GROWTH * weight_of(body) + ROOM:
        return False
    found, kind = work.tendency(after), work.tendency(body).kind
    if found.kind != kind or found.kind not in ("zero", "finite", "infinite"):
        return False
    u, v = body._args
    pending = Quotient(Diff(u, work.variable), Diff(v, work.variable))
    before = len(work.moves)
    work.apply(Rule(f"{HOSPITAL}, form {form}", HOSPITAL_LAW), path, work.new(pending), (("u", u), ("v", v)))
    work.tidied_by(differentiate, inside(path))
    _in_one_line(work, before)
    work.tidied_by(lambda tree, moves, base: tidy(tree, moves, base, expand=False), inside(path))
    return True


def _in_one_line(work: Work, first: int) -> None:
    """Put derivatives that are written down at once into the line of L'Hôpital's rule."""
    made = work.moves[first:]
    if len({move.line for move in made[1:]}) == 1:
        line = next_line(work.moves[:first])
        work.moves[first:] = [replace(move, line=line) for move in made]
