"""Identities: the chain from the left side to the right side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.page import equations, json, maths
from symback.page.formula.value import formula
from symback.page.kinds import Kind, Object
from symback.page.options import Options
from symback.page.page import Block, Display, Equation


def _answers(identity: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    equal = identity.verdict.verdict in ("yes", "narrower")
    yield Display((Equation(formula(identity.start), (formula(identity.right if equal else identity.last),)),))


def _data(identity: Any, options: Options) -> Object:
    made = json.derivation_object(identity, options)
    sides = {"left": json.expression(identity.start), "right": json.expression(identity.right)}
    about = {"equal": identity.verdict.verdict, "meets": identity.meets, "differs": identity.differs}
    return {**made, "kind": "show", "read_as": maths.text(identity.start), "answer": sides["right"], **sides, **about}


KIND = Kind(equations.derivation_blocks, _answers, _data)
