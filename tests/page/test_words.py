"""Pages in other languages: no English word of ours in a German page, and tables of words that are whole."""

from __future__ import annotations

import gc
import importlib
import pickle
import pkgutil
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import symback
from symback.expr.composites import COMPOSITES
from symback.expr.rule import Rule
from symback.graph.derivation.laws import ArrayLaw
from symback.graph.operations.table import ROWS
from symback.page.formula.value import typed
from symback.page.formula.value import words as words_formula
from symback.page.page import Equation, Maths, Text
from symback.page.solution import Document, Solution
from symback.page.translated import formula, line, rules, translated
from symback.page.writers import write
from symback.words import ENGLISH, Words, entries_of, faults_of_table, words_of
from symback.working.mistakes import MISTAKES
from symback.working.of_gradients import SAYS
from tests.page.sheets import Page

PROBLEMS = Path(__file__).parents[2] / "problems"
GERMAN = words_of("de")


def in_german(document: Document) -> Document:
    solutions = tuple(replace(solution, words=GERMAN) for solution in document.solutions)
    return replace(document, language="de", words=GERMAN, solutions=solutions)


@cache
def sheets() -> tuple[Document, ...]:
    found = symback.solve(PROBLEMS)
    assert isinstance(found, tuple)
    return found


# --- no word outside the table ------------------------------------------------------------------------------------

ENGLISH_WORDS = re.compile(
    r"\b(the|and|with|rule|derivative|answer|steps?|hint|check|note|verified|find|respect|values?|points?|given|right|"
    r"wrong|should|line|forward|backward|epochs?|loss|which|where|has|does|not|by)\b",
    re.IGNORECASE,
)


@pytest.mark.slow
@pytest.mark.parametrize("detail", ["normal", "full"])
def test_every_sentence_of_the_sheets_is_in_the_table(detail: str) -> None:
    GERMAN.missed.clear()
    for document in sheets():
        german = in_german(document)
        write(replace(german, solutions=tuple(replace(s, detail=detail) for s in german.solutions)), "html")
    assert list(GERMAN.missed) == []


@pytest.mark.slow
def test_no_english_word_on_a_german_page() -> None:
    """The author's words are taken away; what is left is ours."""
    sheet = next(document for document in sheets() if document.file.endswith("05-gradients.toml"))
    mine = tuple(replace(s, title="", text="", hints=()) for s in in_german(sheet).solutions)
    for format_ in ("html", "markdown", "latex", "typst"):
        page = str(write(replace(in_german(sheet), title="Blatt", text="", solutions=mine), format_))
        body = Page(page.partition("<main>")[2]).text if format_ == "html" else page.partition("Blatt")[2]
        assert "Rechenweg" in body
        found = set(ENGLISH_WORDS.findall(_plain(body)))
        assert found <= _OF_LANGUAGES[format_], (format_, found)


_OF_LANGUAGES = {
    "html": set[str](),
    "markdown": set[str](),
    "latex": {"by", "and", "line"},
    "typst": {"note", "check", "verified"},
}  # words of the format itself


def _plain(text: str) -> str:
    return re.sub(r"\\[A-Za-z]+|#[a-z-]+|data:\S+|[a-z-]+: ", " ", text)


def names() -> set[str]:
    """Return the name of every rule, law, operation and mistake, and what is said of mistakes."""
    skipped = ("symback.cli", "symback.__main__", "symback.web", "symback.batch", "symback.page")
    for module in pkgutil.walk_packages(symback.__path__, "symback."):
        if not module.name.startswith(skipped):
            importlib.import_module(module.name)
    mine = [one for one in gc.get_objects() if isinstance(one, (Rule, ArrayLaw))]
    found = {one.name for one in mine if getattr(one, "__module__", "symback").startswith("symback")}
    found |= {row.title for row in ROWS} | {row.title for row in COMPOSITES.values()}
    found |= {mistake.name for mistake in MISTAKES} | {mistake.family for mistake in MISTAKES}
    found |= {re.sub(r"\{[^}]*\}", "x", mistake.says) for mistake in MISTAKES}
    return found | set(SAYS) | set(SAYS.values())


@pytest.mark.slow
def test_every_rule_and_mistake_has_a_german_name() -> None:
    GERMAN.missed.clear()
    for name in names():
        GERMAN.say(name)
    assert list(GERMAN.missed) == []


# --- sentences ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("product rule", "Produktregel"),
        ("chain rule", "Kettenregel"),
        ("quotient rule", "Quotientenregel"),
        ("power rule", "Potenzregel"),
        ("sum rule", "Summenregel"),
        ("constant multiple rule", "Faktorregel"),
        ("sum rule, constant multiple rule", "Summenregel, Faktorregel"),
        ("derivative of psi", "Ableitung von psi"),
        ("Verified at 12 points.", "An 12 Punkten nachgeprüft."),
        ("1.5 points", "1,5 Punkte"),
        ("Take a, b and c.", "Gegeben ist a, b und c."),
        ("Forgot the inner derivative: The derivative of the inside is missing: multiply by 2.5x.",
         "Innere Ableitung vergessen: Die Ableitung der inneren Funktion fehlt: mit 2,5x multiplizieren."),
        ("(cos x)' = -sin x.", "(cos x)' = -sin x."),
        ("At x = 0 the function jumps from 1 to 2.5: no derivative there.",
         "Bei x = 0 gilt: die Funktion springt von 1 auf 2,5: dort keine Ableitung."),
        ("No mistakes in 2 lines; line 2 not judged.", "Kein Fehler in 2 Zeilen; Zeile 2 nicht beurteilt."),
    ],
)  # fmt: skip
def test_a_sentence(english: str, german: str) -> None:
    assert GERMAN.say(english) == german
    assert ENGLISH.say(english) == english


def test_formulas_may_come_in_another_order() -> None:
    words = Words("xx", {"Differentiate {formula} with respect to {list}.": "By {list}: {formula}!"})
    f, x = Maths(typed("x^2")), Maths(typed("x"))
    said = line((Text("Differentiate "), f, Text(" with respect to "), x, Text(".")), words)
    assert said == (Text("By "), x, Text(": "), f, Text("!"))


def test_a_formula_has_its_words_and_its_decimal_comma() -> None:
    assert formula(words_formula("answer"), GERMAN).latex == r"\text{Ergebnis}"
    assert formula(typed(r"2.5 x + 10.25"), GERMAN).latex == r"2{,}5 x + 10{,}25"
    assert rules("power rule", GERMAN) == "Potenzregel"


def test_letters_of_one_width_are_somebodys() -> None:
    (shown,) = translated((Equation and _paragraph(Text("product rule", "code")),), GERMAN)
    assert shown.inlines == (Text("product rule", "code"),)


def _paragraph(*inlines: Any) -> Any:
    from symback.page.page import Paragraph

    return Paragraph(inlines)


def test_english_pages_are_as_they_were() -> None:
    solution = Solution("p1", "", "derive", works=())
    assert solution.words is ENGLISH
    assert not ENGLISH
    assert translated((), ENGLISH) == ()


# --- tables -------------------------------------------------------------------------------------------------------


def test_a_table_can_be_pickled_and_compared() -> None:
    again = pickle.loads(pickle.dumps(GERMAN))
    assert again == GERMAN
    assert hash(again) == hash(GERMAN)
    assert again != ENGLISH


@pytest.mark.parametrize("code", ["de", "de-AT", "DE"])
def test_languages_by_their_code(code: str) -> None:
    assert words_of(code) is not ENGLISH
    assert words_of(code).decimal == ","


@pytest.mark.parametrize("code", ["en", "en-GB", "fr"])
def test_other_languages_are_said_in_english(code: str) -> None:
    assert words_of(code) is ENGLISH


def whole() -> dict[str, Any]:
    return {"all": dict(GERMAN.entries)}


def test_a_whole_table_has_no_faults() -> None:
    assert list(faults_of_table(whole())) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decimal": ";"}, 'decimal must be "." or ",".'),
        ({"more": {"product rul": "x"}}, "No page has the words 'product rul'."),
        ({"more": {"product rule": ""}}, "The words for 'product rule' must be a text."),
        (
            {"more": {"product rule": "{words}"}},
            "The words for 'product rule' have a hole that the English ones do not have.",
        ),
        ({"more": 3}, "more must be a part of the table with sentences in it."),
    ],
)
def test_faults_of_a_table(change: dict[str, Any], message: str) -> None:
    assert message in [said for _, said in faults_of_table({**whole(), **change})]


def test_missing_words_are_a_fault() -> None:
    table = whole()
    del table["all"]["product rule"]
    assert [said for _, said in faults_of_table(table)] == ["The table lacks 'product rule'."]
    assert list(faults_of_table(table, whole=False)) == []
    assert "product rule" not in entries_of(table)
