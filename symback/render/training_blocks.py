"""A training as blocks of a page: what is trained and how, the table of losses, why it ended, the parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symback.render.backprop.latex import value_in_latex
from symback.render.equations import power_of_ten, sentence
from symback.render.latex_rows import text_in_maths
from symback.render.names import latex_name
from symback.render.options import Options
from symback.render.page import Block, Display, Equation, Maths, Paragraph, Table, Text
from symback.render.quantities import shape_of
from symback.render.training import beside, columns, kept, last_loss, reason, what_is_trained


def blocks(history: Any, options: Options) -> Iterator[Block]:
    """Yield all that is shown of a training but its picture."""
    said = (*what_is_trained(history, Options(unicode=True)), history.settings.words())
    yield Paragraph((Text(" ".join(map(sentence, said))),))
    head, *rows = zip(*columns(history), strict=True)
    table = [((Maths(epoch),), *((_number(cell),) for cell in cells)) for epoch, *cells in rows]
    yield Table(tuple((Text(name),) for name in head), tuple(table))
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
    shown = power_of_ten(loss) if loss[-1:].isdigit() else text_in_maths(loss)
    formula = f"{latex_name(history.loss)} = {shown}"
    more = "".join(f", {said}" for said in beside(history.row(history.epochs)))
    which = f" {sentence(kept(history))}" if history.best is not None else ""
    return Paragraph((Text(f"{sentence(reason(history)).rstrip('.')}: "), Maths(formula), Text(f"{more}.{which}")))


def _number(written: str) -> Text | Maths:
    return Maths(power_of_ten(written)) if written[-1:].isdigit() else Text(written)


def _parameters(history: Any) -> Iterator[Equation]:
    for name, value in history.parameters.items():
        yield Equation(latex_name(name), (_value(value),))


def _value(value: Any) -> str:
    shape = shape_of(value)
    if len(shape) > 2:
        return text_in_maths(f"an array of {'×'.join(map(str, shape))}")
    return value_in_latex(value)
