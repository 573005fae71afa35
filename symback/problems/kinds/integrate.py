"""The kind `integrate`, which files may call `integral`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symback.problems.file import fields as f
from symback.problems.file.values import Refused
from symback.problems.kind import Kind

if TYPE_CHECKING:
    from symback.problems.exercise import Exercise
    from symback.problems.file.sheet import Problem

LIMIT = "A number or a text such as '1/2', 'pi' or 'oo'."


class Integrate(Kind):
    """An integral, step by step."""

    does = "Integrate an expression, one labelled step at a time."
    usage = """Integrate EXPR, one labelled step at a time.

    \b
    symback integrate "x e^(x^2)"
    symback integrate "a x^2" --wrt x
    symback integrate "1/x" --from 1 --to e         between limits; oo is infinite
    symback integrate "∫_0^1 x^2 dx"

    If EXPR is - or missing, each line of standard input is one problem.
    """
    example = "expr = 'x e^(x^2)'"

    expr = f.Expression("The function, as in 'x e^(x^2)', or an integral such as '∫_0^1 x^2 dx'.")
    wrt = f.Texts("The variable to integrate by.", None, option="The variable, as in --wrt x.")
    low = f.Scalar(f"Where the integral begins. {LIMIT}", None, key="from", option=f"The lower limit. {LIMIT}")
    high = f.Scalar(f"Where the integral ends. {LIMIT}", None, key="to", option=f"The upper limit. {LIMIT}")

    @classmethod
    def disagree(cls, given: Mapping[str, Any]) -> Iterator[Refused]:
        if ("from" in given) != ("to" in given):
            missing = "to" if "from" in given else "from"
            yield Refused(f"needs {missing} as well", "Write both limits: from = 0 and to = 1.", ())
        by = given.get("wrt", "")
        if not isinstance(by, str) and len(by) > 1 or "," in str(by if isinstance(by, str) else "".join(by)):
            yield Refused("must be one variable", "Write wrt = 'x'.", ("wrt",))

    @classmethod
    def exercise(cls, problem: Problem) -> Exercise:
        from symback.problems.exercises.integrals import Integrate

        return Integrate(problem)
