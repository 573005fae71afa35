"""A solution laid out as a section of a page."""

from __future__ import annotations

from typing import Any

import pytest

import symback
from symback import Graph
from symback.errors import SymbackError, UsageError
from symback.expr.tree import symbol
from symback.page import layout_of_solutions
from symback.page.layout_of_solutions import cover_of, points_in_words, section_of
from symback.page.page import (
    SHOWS,
    Blocks,
    Cover,
    Display,
    Figure,
    Listing,
    Paragraph,
    Remark,
    Subheading,
    Text,
    blocks_shown,
    plain_words,
)  # fmt: skip
from symback.page.solution import AnswerCheck, Document, Formula, Picture, Solution, Work
from symback.page.solution import Listing as Typed

from .fixtures import VERIFIED
from .hostile import UNSEEN
from .shown import equation, in_latex, maths

X, Y = symbol("x"), symbol("y")


def tree(text: str) -> Any:
    return symback.parse(text)


def solution(**fields: Any) -> Solution:
    return Solution(**{"id": "p1", "title": "A power", "kind": "derive", **fields})


def remarks(blocks: Blocks) -> list[tuple[str, str]]:
    return [(block.kind, plain_words(block.inlines)) for block in blocks if isinstance(block, Remark)]


# --- what is asked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "blocks"),
    [
        ({}, ()),
        ({"text": "The *slope*."}, (Paragraph((Text("The "), Text("slope", "emphasis"), Text("."))),)),
        ({"task": (("Derive ", tree("x^2"), "."),)}, (Paragraph((Text("Derive "), maths("x^{2}"), Text("."))),)),
        (
            {"task": (("Take ", X, " = ", tree("1/2"), " and ", Y, " = ", tree("-1"), "."),)},
            (Paragraph((Text("Take "), maths(r"x = \frac{1}{2}"), Text(" and "), maths("y = -1"), Text("."))),),
        ),
        ({"task": ((X, " = "),)}, (Paragraph((maths("x"), Text(" = "))),)),
        ({"task": (Formula(tree("x^2"), "f"), Formula(tree("2x"), "g1"))},
         (Display((equation("f", ("x^{2}",)), equation("g_{1}", ("2 x",)))),)),
        ({"task": (Formula(tree("x^2")),)}, (Display((equation("x^{2}", ()),)),)),
        ({"task": (Typed("a = 2\n  b"),)}, (Listing("a = 2\n  b"),)),
        (
            {"text": "a", "task": (("b:",), Formula(X), ("c",))},
            (Paragraph((Text("a"),)), Paragraph((Text("b:"),)), Display((equation("x", ()),)), Paragraph((Text("c"),))),
        ),
    ],
)  # fmt: skip
def test_problem(fields: dict[str, Any], blocks: Blocks) -> None:
    assert in_latex(section_of(solution(**fields)).problem) == blocks


def test_a_wide_formula_stands_on_its_own_line() -> None:
    wide = tree(" + ".join(f"x^{n}" for n in range(2, 30)))
    words, display = section_of(solution(task=(("Derive ", wide, "."),))).problem
    assert plain_words(words.inlines) == "Derive "
    assert isinstance(display, Display)


def test_titles_points_and_hints() -> None:
    section = section_of(solution(title="The $x$ of *it*", number=3, points=2.5, hints=("Use $u$.", "a\n\nb")))
    assert (section.id, section.number, section.points) == ("p1", 3, "2.5 points")
    assert section.title == (Text("The "), maths("x"), Text(" of *it*"))
    assert remarks(section.hints) == [("hint", "Use u."), ("hint", "a b")]


@pytest.mark.parametrize(
    ("points", "words"), [(0, "0 points"), (1, "1 point"), (1.0, "1 point"), (1.5, "1.5 points"), (None, "")]
)
def test_points(points: float | None, words: str) -> None:
    assert points_in_words(points) == words


# --- answers and steps ------------------------------------------------------------------------------------------------


def test_the_answers_of_several_works_are_one_display() -> None:
    works = tuple(Work(symback.derive("x^2 y", v), VERIFIED) for v in ("x", "y"))
    section = section_of(solution(works=works))
    [display] = section.answers
    assert isinstance(display, Display)
    assert [equation.links[0].latex for equation in display.equations] == ["2 x y", "x^{2}"]
    assert [type(block) for block in section.steps] == [Display, Remark, Display, Remark]
    assert remarks(section.steps) == [("verified", "Verified at 12 points.")] * 2


def check(key: str, verdict: str) -> AnswerCheck:
    return AnswerCheck(key, "3x", "2x", verdict)


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ((), []),
        ((check("", "confirmed"),), [("confirmed", "The given answer is right.")]),
        ((check("x", "confirmed"), check("y", "confirmed")), [("confirmed", "Both given answers are right.")]),
        (tuple(check(k, "confirmed") for k in "abc"), [("confirmed", "All 3 given answers are right.")]),
        ((check("", "wrong"),), [("wrong", "The given answer 3x is wrong; the right one is 2x.")]),
        (
            (check("x", "wrong"), check("y", "confirmed")),
            [("wrong", "The given answer for x, 3x, is wrong; the right one is 2x.")],
        ),
        (
            (check("x", "none"), check("y", "confirmed")),
            [("unverified", "The given answer for x, 3x, could not be checked; worked out was 2x.")],
        ),
    ],
)
def test_given_answers(checks: tuple[AnswerCheck, ...], expected: list[tuple[str, str]]) -> None:
    assert remarks(section_of(solution(checks=checks)).answers) == expected


def test_the_gradient_check_is_said_once() -> None:
    b = Graph("d = 2b; L = c d").backprop("L", at={"b": 1, "c": -2})
    section = section_of(solution(works=(Work(b, b.verify() if hasattr(b, "verify") else VERIFIED),)))
    assert [kind for kind, _ in remarks(section.steps)] == ["verified"]
    assert [type(block) for block in section.steps[:2]] == [Subheading, Display]


def test_notes_are_said_once_and_last() -> None:
    thing = symback.derive("log x", "x")
    section = section_of(solution(works=(Work(thing), Work(thing)), notes=("Made up.", *thing.notes)))
    assert remarks(section.steps) == [("note", thing.notes[0]), ("note", "Made up.")]


def test_detail() -> None:
    def lines(detail: str) -> int:
        section = section_of(solution(works=(Work(symback.derive("3x^2 + 5x", "x")),), detail=detail))
        return len(section.steps[0].equations)  # type: ignore[union-attr]

    assert lines("brief") < lines("normal") < lines("full")


def test_an_error_is_shown_with_the_problem() -> None:
    section = section_of(solution(error=UsageError("There is no x.", hint="Choose y.")))
    assert remarks(section.steps) == [("error", "There is no x. Choose y.")]
    assert section.answers == section.problem == ()


def test_an_error_of_reading_shows_the_place() -> None:
    with pytest.raises(SymbackError) as caught:
        symback.derive("2 sin x +", "x")
    remark, listing = section_of(solution(error=caught.value)).steps
    assert remarks((remark,)) == [("error", "The sum has no right-hand side. Write a term after +.")]
    assert listing == Listing("2 sin x +\n        ^")


# --- pictures ---------------------------------------------------------------------------------------------------------


def figures(blocks: Blocks) -> list[Figure]:
    return [block for block in blocks if isinstance(block, Figure)]


def test_a_graph_is_drawn_behind_the_steps() -> None:
    b = Graph("d = 2b; L = c d").backprop("L", at={"b": 1, "c": -2})
    section = section_of(solution(works=(Work(b),), pictures=(Picture("graph", b, "A graph."),)))
    [figure] = figures(section.steps)
    assert figure.alt == "A graph."
    assert figure.svg.startswith("<svg ")
    assert figures(section.problem) == []


def test_the_other_pictures_are_drawn_by_their_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    class Drawing:
        @staticmethod
        def svg(picture: Picture) -> str:
            return f"<svg>{picture.kind}</svg>"

    monkeypatch.setattr(layout_of_solutions.importlib, "import_module", lambda name: Drawing)
    pictures = (Picture("contour", None, "a"), Picture("loss", None, "b"))
    assert [f.svg for f in figures(section_of(solution(pictures=pictures)).steps)] == [
        "<svg>contour</svg>",
        "<svg>loss</svg>",
    ]


def test_a_picture_that_cannot_be_drawn_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    class Drawing:
        @staticmethod
        def svg(picture: Picture) -> str:
            raise UsageError("A contour picture needs matplotlib.", hint="pip install symback[plot]")

    monkeypatch.setattr(layout_of_solutions.importlib, "import_module", lambda name: Drawing)
    section = section_of(solution(pictures=(Picture("contour", None, "a"),)))
    assert remarks(section.steps) == [("note", "A contour picture needs matplotlib. pip install symback[plot]")]


# --- documents --------------------------------------------------------------------------------------------------------


def test_cover() -> None:
    document = Document("a.toml", "A\nsheet \u202e", "Intro $x$.", language="de")
    introduction = (Paragraph((Text("Intro "), maths("x"), Text("."))),)
    assert cover_of(document, "hints") == Cover("A sheet", introduction, "de", "hints", "a.toml")


def test_shows() -> None:
    section = section_of(solution(text="a", hints=("b",), works=(Work(symback.derive("x^2", "x")),)))
    counts = [len(blocks_shown(section, show)) for show in SHOWS]
    assert counts == [1, 2, 3, 4]


@pytest.mark.parametrize("text", UNSEEN)
def test_no_unseen_character_is_left(text: str) -> None:
    section = section_of(
        solution(
            title=text,
            text=text,
            hints=(text,),
            checks=(AnswerCheck(text, text, "2x", "wrong"),),
            notes=(text,),
            error=SymbackError(text, hint=text),
        )
    )
    assert not set(words_of(section)) & set("\x1b\u202e\u202c\u200b\x00\x07\x7f\x9b\u2066\u2069\udcff")


def words_of(thing: Any) -> str:
    if isinstance(thing, str):
        return thing
    return "".join(map(words_of, thing)) if isinstance(thing, tuple) else ""


@pytest.mark.parametrize("count", [2, 3])
def test_the_same_solution_gives_the_same_section(count: int) -> None:
    made = {section_of(solution(works=(Work(symback.derive("x^2 sin x", "x")),))) for _ in range(count)}
    assert len(made) == 1
