"""Pages in HTML: what a browser may do with them, what is shown how far, and words that try to be more than words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import symback
from symback.page.page import SHOWS, Cover, Display, Figure, Link, Paragraph, Section, Text
from symback.page.prose import blocks_of_markdown
from symback.page.solution import Solution
from symback.page.writers import write
from symback.page.writers.html import FORMAT, document, part
from symback.page.writers.mathml import formula

from .hostile import FORMULAS, GOOD_FORMULAS
from .sheets import HOSTILE, Page, section_with, sheet, squeezed
from .shown import equation, maths

SOLUTION = Solution("p1", "", "derive")
VOID = {"meta", "br", "img", "hr", "link"}


def of(section: Section, show: str = "steps", title: str = "A sheet", language: str = "en") -> str:
    return document(Cover(title, (), language), [part(SOLUTION, section, show)])


def page() -> str:
    return str(write(sheet(), "html"))


def test_the_page_of_a_sheet() -> None:
    seen = Page(page())
    assert seen.elements.count("section") == len(sheet())
    assert seen.elements.count("h1") == 1
    assert seen.elements.count("h2") == len(sheet())
    assert seen.elements.count("math") > 50
    assert ("lang", "en") in seen.attributes
    for words in ("Slopes & gradients", "An introduction with", "It costs $5.", "2 points", "Use the power rule on"):
        assert words in squeezed(seen.text)


def test_every_element_is_closed_in_order() -> None:
    opened: list[str] = []
    body = re.sub(r"<style>.*?</style>", "", page(), flags=re.DOTALL)
    for closing, name, alone in re.findall(r"<(/?)([a-zA-Z][\w-]*)(?:[^<>\"]|\"[^\"]*\")*?(/?)>", body):
        if closing:
            assert opened.pop() == name
        elif not alone and name not in VOID:
            opened.append(name)
    assert opened == []


def test_nothing_is_run_and_nothing_is_fetched() -> None:
    for html in (page(), of(section_with("<script>alert(1)</script>"))):
        seen = Page(html)
        assert not {"script", "iframe", "object", "embed", "form", "link", "base"} & set(seen.elements)
        assert not [name for name, _ in seen.attributes if name.startswith("on")]
        policy = next(value for _, value in seen.attributes if value.startswith("default-src 'none'"))
        assert "script" not in policy
        addresses = re.findall(r"(?:src|href)\s*=\s*\"([^\"]*)\"|url\(([^)]*)\)", html)
        assert all((a or b).startswith(("data:", "#", "https://example.org/")) for a, b in addresses)


def test_names_differ() -> None:
    names = [value for name, value in Page(page()).attributes if name == "id"]
    assert len(names) == len(set(names)) > len(sheet())
    references = [value for name, value in Page(page()).attributes if name == "aria-labelledby"]
    assert set(references) <= set(names)


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(words: str) -> None:
    plain, seen = Page(of(section_with("plain"), title="plain")), Page(of(section_with(words), title=words))
    if squeezed(words):
        assert sorted(seen.elements) == sorted(plain.elements)
    assert seen.comments == []
    assert squeezed(seen.text).count(squeezed(words)) >= 10


@pytest.mark.parametrize("latex", FORMULAS)
def test_what_is_no_formula_does_nothing(latex: str) -> None:
    section = Section("p1", 1, (), (Paragraph((maths(latex),)), Display((equation(latex, ("x",)),))))
    seen = Page(of(section))
    assert not {"script", "a", "img", "iframe", "style"} & set(seen.elements[seen.elements.index("body") :])
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "href"]
    assert len(seen.text) < 200_000


@pytest.mark.parametrize("latex", [f for f in FORMULAS if f.strip() and not set('`$*_\n{}[]<"') & set(f) and f != "\\"])
def test_what_an_author_takes_for_a_formula_is_shown_as_typed(latex: str) -> None:
    text = Page(of(Section("p1", 1, (), blocks_of_markdown(f"Take ${latex}$ here.")))).text
    assert squeezed(latex)[:200] in squeezed(text)


@pytest.mark.parametrize("latex", GOOD_FORMULAS)
def test_formulas_are_mathml(latex: str) -> None:
    seen = Page(of(Section("p1", 1, (), (Paragraph((maths(latex),)),))))
    assert "math" in seen.elements
    assert "merror" not in seen.elements
    assert "\\" not in seen.text


@pytest.mark.parametrize(
    ("show", "shown"),
    [("problems", ""), ("hints", "H"), ("answers", "HA"), ("steps", "HAS")],
)
def test_as_much_as_is_shown(show: str, shown: str) -> None:
    def block(word: str) -> Any:
        return (Paragraph((Text(word),)),)

    text = Page(of(Section("p1", 1, (), block("P!"), block("H!"), block("A!"), block("S!")), show)).text
    assert [word for word in "HAS" if f"{word}!" in text] == list(shown)
    assert "P!" in text
    assert show in SHOWS


def test_links_of_authors() -> None:
    links = (Link("a", "https://example.org/"), Link("b", "javascript:alert(1)"), Link("c", "data:text/html,x"))
    seen = Page(of(Section("p1", 1, (), (Paragraph(links),))))
    assert [value for name, value in seen.attributes if name == "href"] == ["https://example.org/"]
    assert all(word in seen.text for word in "abc")


def test_pictures_hold_shapes_alone() -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'><script>x</script><a href='https://e.org'><text>t</text></a>"
    seen = Page(of(Section("p1", 1, (), (Figure(f"{svg}<image href='https://e.org/x.png'/></svg>", "A picture"),))))
    assert not {"script", "a", "image"} & set(seen.elements)
    assert ("aria-label", "A picture") in seen.attributes
    assert not [name for name, _ in seen.attributes if name.startswith("on")]


@pytest.mark.parametrize(("given", "said"), [("de", "de"), ("pt-BR", "pt-BR"), ('en" onload="x', "en"), ("", "en")])
def test_languages(given: str, said: str) -> None:
    assert ("lang", said) in Page(of(Section("p1", 1, (), ()), language=given)).attributes


def test_the_same_input_gives_the_same_bytes() -> None:
    assert page() == page()
    assert (FORMAT.name, FORMAT.suffix) == ("html", ".html")


def test_a_formula_knows_its_width() -> None:
    short, long = formula("x"), formula(" + ".join("abcdefgh"))
    assert short is not None
    assert long is not None
    assert 8 * short.width < long.width < 30 * short.width


# --- laws, learners, long sheets -----------------------------------------------------------------------------------


def steps_of(expression: str, **options: object) -> str:
    return str(symback.render(symback.derive(expression, "x"), "html", **options))


@pytest.mark.parametrize(
    ("expression", "rule", "law"),
    [
        ("x^2 e^(3x)", "product rule", r"\left(u v\right)' = u' v + u v'"),
        ("(x^2+1)/(x-1)", "quotient rule", r"\left(\frac{u}{v}\right)' = \frac{u' v - u v'}{v^{2}}"),
        ("sin(x^2)", "derivative of sine", r"\left(\sin x\right)' = \cos x"),
        ("(1+x^2)^(-1)", "power rule", r"\left(x^{n}\right)' = n x^{n - 1}"),
    ],
)
def test_a_reason_opens_its_law(expression: str, rule: str, law: str) -> None:
    page = steps_of(expression)
    assert f'<div><span class="rule">{rule}</span>' in page
    assert f'<annotation encoding="application/x-tex">{law.replace("&", "&amp;")}</annotation>' in page


def test_the_letters_of_a_law_have_their_colours_in_the_line_too() -> None:
    line = next(part for part in steps_of("x^2 e^(3x)").split('<div class="line') if "product rule" in part)
    x_squared = "<msup><mi>x</mi><mn>2</mn></msup>"
    assert line.count(f'<mrow class="l1">{x_squared}</mrow>') == line.count(x_squared) == 4
    assert line.count('<mi class="l1">u</mi>') == 4  # its letter, and thrice in the law
    assert line.count('<mi class="l2">v</mi>') == 4


SHEET = """
[[problem]]
kind = "derive"
expr = 'x^2 e^x'
hints = ["Two factors.", "Take the first."]
answer = '(x^2 + 2x) e^x'
"""


def sheet_with(problems: int, tmp_path: Path) -> Any:
    path = tmp_path / "sheet.toml"
    path.write_text('title = "Slopes"\n' + SHEET * problems)
    return symback.solve(path)


@pytest.mark.parametrize(
    ("show", "folds", "confirmed"),
    [
        ("steps", [], 1),
        ("answers", [], 0),
        ("reveal", ["Hint 1", "Hint 2", "Step 1", "Step 2", "Step 3", "Check", "Answer"], 0),
    ],
)
def test_what_a_learner_opens(show: str, folds: list[str], confirmed: int, tmp_path: Path) -> None:
    page = sheet_with(1, tmp_path).render("html", show)
    assert re.findall(r'<details class="fold">\n<summary>(.*?)</summary>', page) == folds
    assert page.count("The given answer is right") == confirmed
    assert "<script" not in page


def test_a_long_sheet_has_contents_and_a_way_back(tmp_path: Path) -> None:
    short, long = (sheet_with(count, tmp_path).render("html") for count in (3, 7))
    assert '<nav class="contents"' not in short
    assert [f'<a href="#problem-{n}">' in long for n in (1, 7, 8)] == [True, True, False]
    assert '<a href="#top">' in long
    assert f"Worked by symback {symback.__version__}" in short


def test_a_sheet_to_print_has_room_to_write(tmp_path: Path) -> None:
    sheet = sheet_with(2, tmp_path)
    assert [sheet.render("html", show).count('class="room"') for show in ("problems", "hints", "steps")] == [2, 2, 0]
