"""Documents as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import symback
from symback import Graph
from symback.errors import SymbackError, UsageError
from symback.page.solution import AnswerCheck, Document, Solution, Work
from symback.page.writers import FORMATS, format_named, write
from symback.page.writers.json import text_of

from .fixtures import VERIFIED
from .hostile import UNSEEN, WORDS
from .specimens import hostile, one_of_each


def read(document: Document, show: str = "steps") -> dict[str, Any]:
    text = write(document, "json", show)
    assert isinstance(text, str)
    return dict(json.loads(text))


def one(*works: Any, **fields: Any) -> dict[str, Any]:
    solution = Solution("p1", "A", "derive", works=tuple(Work(work, VERIFIED) for work in works), **fields)
    return dict(read(Document("a.toml", "T", "", (solution,)))["problems"][0])


def test_a_document() -> None:
    made = read(
        Document("a.toml", "Powers", "", (Solution("p1", "A", "derive", works=(Work(symback.derive("x^3", "x")),)),))
    )
    [problem] = made.pop("problems")
    assert made == {"schema": 1, "file": "a.toml", "title": "Powers"}
    [step] = problem.pop("steps")
    assert step["rule"] == "power rule"
    [line] = problem.pop("lines")
    assert line == {"text": "3x^2", "latex": "3 x^{2}", "reason": "power rule", "steps": [0]}
    assert problem == {
        "schema": 1,
        "id": "p1",
        "number": 1,
        "title": "A",
        "answer_check": "none",
        "kind": "derivative",
        "input": "x^3",
        "read_as": "x**3",
        "notes": [],
        "wrt": ["x"],
        "order": 1,
        "answer": {"text": "3x^2", "sympy": "3*x**2", "latex": "3 x^{2}"},
    }


def test_given_answers_points_and_words() -> None:
    checks = (AnswerCheck("x", "3x", "2x", "wrong"), AnswerCheck("y", "1", "1", "confirmed"))
    made = one(
        symback.derive("x^2", "x"), checks=checks, points=2.5, text="Find $x$.", hints=("a",), notes=("Made up.",)
    )
    assert made["answer_check"] == "wrong"
    assert made["answers"][0] == {"key": "x", "given": "3x", "right": "2x", "verdict": "wrong"}
    assert (made["points"], made["question"], made["hints"], made["notes"]) == (2.5, "Find $x$.", ["a"], ["Made up."])
    assert made["verified"] == {"verdict": "verified", "points": 12}


def test_several_derivations_are_parts_of_one_problem() -> None:
    made = one(symback.derive("x^2 y", "x"), symback.derive("x^2 y", "y"))
    assert made["answer"]["text"] == "2xy"
    assert [part["wrt"] for part in made["parts"]] == [["x"], ["y"]]
    assert made["steps"] == made["parts"][0]["steps"]


def test_an_error() -> None:
    made = one(error=UsageError("There is no x.", hint="Choose y."))
    assert made["error"] == {"code": "usage", "message": "There is no x.", "at": None, "hint": "Choose y."}
    assert "answer_check" not in made


@pytest.mark.parametrize(
    ("show", "has", "has_not"),
    [
        ("problems", {"input", "wrt"}, {"hints", "answer", "steps", "answers", "notes"}),
        ("hints", {"input", "hints"}, {"answer", "steps", "answers"}),
        ("answers", {"input", "hints", "answer", "answers"}, {"steps"}),
        ("steps", {"input", "hints", "answer", "answers", "steps"}, set()),
    ],
)
def test_show(show: str, has: set[str], has_not: set[str]) -> None:
    checks = (AnswerCheck("x", "2x", "2x", "confirmed"),)
    solution = Solution("p1", "A", "derive", hints=("a",), works=(Work(symback.derive("x^2", "x")),), checks=checks)
    [made] = read(Document("a.toml", "T", "", (solution,)), show)["problems"]
    assert has <= set(made)
    assert not has_not & set(made)


def keys(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        yield from thing
        for value in thing.values():
            yield from keys(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from keys(value)


def test_every_kind_is_an_object_and_hides_its_steps() -> None:
    made = read(one_of_each())
    assert all("error" not in problem and problem["kind"] for problem in made["problems"])
    assert "steps" in set(keys(made))
    for show in ("problems", "answers"):
        assert not {"steps", "before", "after"} & set(keys(read(one_of_each(), show)))
    values = {"answer", "value", "grad", "gradients", "update", "final", "parameters", "losses"}
    assert not values - {"value"} & set(keys(read(one_of_each(), "problems")))


def test_a_training_keeps_the_title_of_its_problem() -> None:
    titles = [problem["title"] for problem in read(one_of_each())["problems"]]
    assert titles == [solution.title for solution in one_of_each().solutions]


def test_texts_of_a_graph_of_numbers_read_back() -> None:
    graph = Graph("d = 2b; e = a + d; f = sin(e) d; L = c e f")
    made = one(graph.backprop("L", at={"a": 3, "b": 1, "c": -2}))
    texts = [step[side]["text"] for step in made["steps"] for side in ("before", "after")]
    assert "d/de [L] * d/da [e]" in texts
    for text in texts:
        symback.parse(text, ("a", "b", "c", "d", "e", "f", "L"))


@pytest.mark.parametrize("words", [*WORDS, *UNSEEN])
def test_words_read_back_and_are_seen(words: str) -> None:
    text = text_of({"title": words})
    assert json.loads(text) == {"title": words}
    text.encode()
    assert text.isprintable()


def test_hostile_documents_read_back() -> None:
    made = read(hostile())
    assert [problem["title"] for problem in made["problems"]] == list(WORDS)


def test_numbers_that_json_has_no_word_for_are_null() -> None:
    assert text_of({"a": [float("nan"), 1.5], "b": {"c": float("-inf")}}) == '{"a": [null, 1.5], "b": {"c": null}}'


# --- the table of formats ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "suffix"), [("markdown", ".md"), ("latex", ".tex"), ("json", ".json")])
def test_formats_are_loaded_by_name(name: str, suffix: str) -> None:
    found = format_named(name)
    assert (found.name, found.suffix) == (name, suffix)
    assert name in FORMATS


def test_unknown_names_are_refused() -> None:
    document = Document("a.toml", "T")
    with pytest.raises(UsageError, match="Unknown document format 'docx'"):
        write(document, "docx")
    with pytest.raises(SymbackError, match="no 'all' to show"):
        write(document, "markdown", "all")
