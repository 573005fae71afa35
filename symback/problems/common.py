"""The keys of a problem file that do not depend on the kind of a problem."""

from __future__ import annotations

from symback.problems.file import fields as f
from symback.problems.file.ranges import Parameters
from symback.problems.file.tables import Table
from symback.problems.file.values import ID_RULE


class Common(Table):
    """What every problem may have."""

    id = f.Id(f"A name for links and results (p1, p2, ...). {ID_RULE}", None)
    title = f.Text("The heading of the problem.", "")
    text = f.Text("The words of the problem: Markdown, with formulas between dollar signs.", "")
    points = f.Points("How many points the problem gives.", None)
    hints = f.Words("A hint, or several in the order in which they help.", ())
    answer = f.Answer("The right answer. It is checked, never trusted.", None)
    picture = f.Pictures("A picture: graph, contour or loss; or a list of them.", ())
    symbols = f.Texts("Multi-letter names, which would otherwise be read as products.", ())
    detail = f.Detail("How many steps are shown.", "normal")
    parameters = Parameters("Values that differ between variants.", {})
    reject = f.Texts(
        "Conditions under which a variant is drawn again: '{{a}} = {{b}}', 'answer.x = 0', 'value = 0'.", ()
    )


class Head(Table):
    """What is above the problems of a file."""

    title = f.Text("The title of the sheet (the name of the file).", "")
    text = f.Text("An introduction: Markdown, with formulas between dollar signs.", "")
    language = f.Language("The language of the author's own words.", "en")
