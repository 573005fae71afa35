"""A training as blocks of a page: what is trained and how, the table of losses, why it ended, the parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.page.computed import computed, number_formula
from symback.page.formula.value import Formula, equation, name, words
from symback.page.options import Options
from symback.page.page import Block, Display, Equation, Maths, Paragraph, Table, Text
from symback.page.quantities import shape_of
from symback.page.remarks import sentence
from symback.page.training import beside, columns, kept, last_loss, reason, what_is_trained


def blocks(history: Any, options: Options) -> Iterator[Block]:
    """Yield all that is shown of a training but its picture."""
    said = (*what_is_trained(history), history.settings.words())
    yield Paragraph((Text(" ".join(map(sentence, said))),))
    head, *rows = zip(*columns(history), strict=True)
    table = [((_number(epoch),), *((_number(cell),) for cell in cells)) for epoch, *cells in rows]
    yield Table(tuple((Text(own),) for own in head), tuple(table), courses=_courses(history))
    yield _ending(history)
    if options.detail != "brief":
        yield Display(tuple(_parameters(history)))


def answers(history: Any, options: Options, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the last loss, with the reason to end, and the trained parameters."""
    yield _ending(history)
    yield Display(tuple(_parameters(history)))


def _ending(history: Any) -> Paragraph:
    """Return why the training ended, and the last loss."""
    loss = last_loss(history)
    shown = number_formula(loss) if loss[-1:].isdigit() else words(loss)
    more = "".join(f", {said}" for said in beside(history.row(history.epochs)))
    which = f" {sentence(kept(history))}" if history.best is not None else ""
    last = Maths(equation(name(history.loss), shown))
    return Paragraph((Text(f"{sentence(reason(history)).rstrip('.')}: "), last, Text(f"{more}.{which}")))


def _courses(history: Any) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Return the losses, and those of the validation data; none of fewer than three epochs."""
    courses = (("loss", history.losses), ("validation", history.validation_losses))
    return tuple((own, tuple(course)) for own, course in courses if course) if len(history.losses) > 2 else ()


def _number(written: str) -> Text | Maths:
    return Maths(number_formula(written)) if written[-1:].isdigit() else Text(written)


def _parameters(history: Any) -> Iterator[Equation]:
    for own, value in history.parameters.items():
        yield Equation(name(own), (_value(value),))


def _value(value: Any) -> Formula:
    shape = shape_of(value)
    return words(f"an array of {'×'.join(map(str, shape))}") if len(shape) > 2 else computed(value)
