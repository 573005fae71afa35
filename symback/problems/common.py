"""The keys of a problem file that do not depend on the kind of a problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from symback.problems.file import fields as f
from symback.problems.file.images import Images
from symback.problems.file.messages import clipped
from symback.problems.file.ranges import Parameters
from symback.problems.file.tables import Table
from symback.problems.file.values import ID_RULE, Refused


class Common(Table):
    """What every problem may have."""

    id = f.Id(f"A name for links and results (p1, p2, ...). {ID_RULE}", None)
    title = f.Text("The heading of the problem.", "")
    text = f.Text("The words of the problem: Markdown, with formulas between dollar signs.", "")
    points = f.Points("How many points the problem gives; or for what: {rule = 1, answer = 2}.", None)
    hints = f.Words("A hint, or several in the order in which they help.", ())
    answer = f.Answer("The right answer. It is checked, never trusted.", None)
    picture = f.Pictures("A picture: graph, contour or loss; or a list of them.", ())
    image = Images('An image beside the sheet: "a.png", or {file = "a.png", alt = "what it shows"}.', ())
    symbols = f.Texts("Multi-letter names, which would otherwise be read as products.", ())
    detail = f.Detail("How many steps are shown.", "normal")
    space = f.Length("Room to write on paper, where the solution is not shown, such as '4cm'.", "")
    parameters = Parameters("Values that differ between variants.", {})
    reject = f.Texts(
        "Conditions under which a variant is drawn again: '{{a}} = {{b}}', 'answer.x = 0', 'value = 0'.", ()
    )


class Defaults(f.Field["dict[str, Any]"]):
    """A table of keys for all problems."""

    keys = ("detail", "kind", "points", "space", "symbols")

    def refusals(self, value: Any) -> Iterator[Refused]:
        if not isinstance(value, dict):
            yield Refused(f"must be a table, not {clipped(value)}", "Write [defaults] above the first problem.")
            return
        for key, entry in value.items():
            if key not in self.keys:
                yield Refused("has no default", f"The keys are {', '.join(self.keys)}.", (key,))
            elif key == "kind":
                yield from _below(key, f.Maths("").refusals(entry))
            else:
                yield from _below(key, Common.fields[key].refusals(entry))

    def schema(self) -> f.Schema:
        known = {key: Common.fields[key].schema() for key in self.keys if key != "kind"}
        return {
            "type": "object",
            "properties": {**known, "kind": {"type": "string"}},
            "additionalProperties": False,
        }


def _below(key: str, refusals: Iterable[Refused]) -> Iterator[Refused]:
    return (type(one)(one.said, one.hint, (key, *one.path)) for one in refusals)


class Head(Table):
    """What is above the problems of a file."""

    title = f.Text("The title of the sheet (the name of the file).", "")
    text = f.Text("An introduction: Markdown, with formulas between dollar signs.", "")
    language = f.Language("The language of the sheet; labels, questions and rules are in it too for en and de.", "en")
    course = f.Text("The course, which stands above the title.", "")
    date = f.Text("A date, as it is to be printed.", "")
    lines = f.Words("What is to be filled in by hand, such as Name.", ())
    points = f.Choice("total: how many points the sheet gives altogether stands in its head.", "", ("total",))
    include = f.Texts("Files in the folder of the sheet whose settings are taken, such as 'head.toml'.", ())
    words = f.Text("A table of words in the folder of the sheet, for another language.", "")
    defaults = Defaults("Keys that every problem has which does not say otherwise.", {})
