"""What stands above the first problem: the head of a sheet, included files, defaults, languages, decimal commas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import symback
from symback.problems import faults_of, files_of, read_sheets
from symback.problems.file.decimals import with_points
from symback.words import text_of

PROBLEM = "[[problem]]\nexpr = 'x^2'\n"


def files(folder: Path, **texts: str) -> Path:
    """Write files, and return the one that is called sheet."""
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / "sheet.toml"


def page(path: Path, show: str = "steps", format_: str = "markdown") -> str:
    document = symback.solve(path)
    assert not isinstance(document, tuple)
    return str(document.render(format_, show))


def faults(path: Path) -> list[tuple[str, int, str]]:
    return [(Path(fault.file).name, fault.line, fault.message) for fault in faults_of(path)]


def test_the_head(tmp_path: Path) -> None:
    head = "title = 'A'\ncourse = 'Calculus'\ndate = 'Week 1'\nlines = ['Name', 'Group']\npoints = 'total'\n"
    text = page(files(tmp_path, sheet=f"{head}{PROBLEM}points = 2\n{PROBLEM}points = 1.5\n"))
    assert text.startswith("# A\n\n**Calculus**, Week 1\n\nName: \\_")
    assert "Group: \\_" in text
    assert "**Total: 3.5 points**" in text


def test_without_settings_a_page_is_as_it_was(tmp_path: Path) -> None:
    assert page(files(tmp_path, sheet=f"title = 'A'\n{PROBLEM}"), "problems").startswith(
        "# A\n\n## 1.\n\nDifferentiate"
    )


# --- include ------------------------------------------------------------------------------------------------------


def test_an_included_head(tmp_path: Path) -> None:
    head = "course = 'Calculus'\nlines = ['Name']\n[defaults]\ndetail = 'full'\npoints = 3\n"
    own = f"include = ['head.toml']\nlines = ['Group']\n[defaults]\npoints = 1\n{PROBLEM}"
    path = files(tmp_path, head=head, sheet=own)
    (sheet,) = read_sheets(path)
    assert (sheet.heading.course, sheet.heading.lines) == ("Calculus", ("Group",))
    assert (sheet.problems[0].detail, sheet.problems[0].points) == ("full", 1)


@pytest.mark.parametrize(
    ("own", "head", "fault"),
    [
        ("include = ['../head.toml']", "", ("sheet.toml", 1, "This file is not in the folder of the sheet.")),
        ("include = ['/etc/head.toml']", "", ("sheet.toml", 1, "This file is not in the folder of the sheet.")),
        ("include = ['sheet.toml']", "", ("sheet.toml", 1, "'sheet.toml' includes itself.")),
        ("include = ['head.toml']", "include = ['sheet.toml']", ("head.toml", 1, "'sheet.toml' includes itself.")),
        ("include = ['head.toml']", "cuorse = 'x'", ("head.toml", 1, "There is no key 'cuorse' above the problems.")),
        ("include = ['head.toml']", PROBLEM, ("sheet.toml", 1, "'head.toml' has problems, and only settings are")),
        ("include = ['none.toml']", "", ("sheet.toml", 1, "'none.toml' cannot be read: ")),
        ("include = ['head.csv']", "", ("sheet.toml", 1, "This must be the name of a .toml file.")),
    ],
)  # fmt: skip
def test_faults_of_includes(tmp_path: Path, own: str, head: str, fault: tuple[str, int, str]) -> None:
    found = faults(files(tmp_path, head=head, sheet=f"{own}\n{PROBLEM}"))
    assert [(file, line) for file, line, _ in found] == [fault[:2]]
    assert found[0][2].startswith(fault[2])


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    files(tmp_path, outside="course = 'secret'")
    (tmp_path / "in" / "head.toml").symlink_to(tmp_path / "outside.toml")
    found = faults(files(tmp_path / "in", sheet=f"include = ['head.toml']\n{PROBLEM}"))
    assert [message for _, _, message in found] == ["This file is not in the folder of the sheet."]


def test_included_files_are_no_sheets_of_a_folder(tmp_path: Path) -> None:
    path = files(tmp_path, head="course = 'x'", sheet=f"include = ['head.toml']\n{PROBLEM}", other=PROBLEM)
    assert files_of(tmp_path) == (tmp_path / "other.toml", path)
    assert faults_of(tmp_path) == ()


# --- defaults -----------------------------------------------------------------------------------------------------


def test_defaults(tmp_path: Path) -> None:
    own = (
        f"[defaults]\ndetail = 'brief'\nkind = 'gradient'\npoints = 2\n{PROBLEM}{PROBLEM}detail = 'full'\npoints = 1\n"
    )
    graph = "[[problem]]\ngraph = 'L = a b'\n"
    (sheet,) = read_sheets(files(tmp_path, sheet=own + graph))
    found = [(one.kind, one.detail, one.points) for one in sheet.problems]
    assert found == [("gradient", "brief", 2), ("gradient", "full", 1), ("backprop", "brief", 2)]


def test_defaults_of_parts(tmp_path: Path) -> None:
    own = "[defaults]\npoints = 2\nspace = '3cm'\n[[problem]]\nexpr = 'x^2'\n"
    parts = "[[problem.part]]\nkind = 'derive'\n[[problem.part]]\nkind = 'evaluate'\nat = {x = 1}\npoints = 1\n"
    path = files(tmp_path, sheet=f"points = 'total'\n{own}{parts}")
    (sheet,) = read_sheets(path)
    assert sheet.heading.total == 3
    assert [(part.points, part.space) for part in sheet.problems[0].parts] == [(2, "3cm"), (1, "3cm")]


@pytest.mark.parametrize(
    ("defaults", "message"),
    [
        ("detail = 'long'", "defaults.detail must be brief or normal or full or proof, not 'long'."),
        ("kind = 'derivate'", "There is no kind 'derivate'."),
        ("answer = '2x'", "defaults.answer has no default."),
        ("space = '3 miles'", "defaults.space must be a length such as 4cm or 25mm, not '3 miles'."),
    ],
)
def test_faults_of_defaults(tmp_path: Path, defaults: str, message: str) -> None:
    assert faults(files(tmp_path, sheet=f"[defaults]\n{defaults}\n{PROBLEM}")) == [("sheet.toml", 2, message)]


def test_room_to_write_is_where_no_solution_is(tmp_path: Path) -> None:
    path = files(tmp_path, sheet=f"{PROBLEM}space = '4cm'\n")
    for format_, sign in (
        ("html", 'class="room" style="height:4cm"'),
        ("latex", r"\vspace*{4cm}"),
        ("typst", "#v(4cm)"),
    ):
        assert sign in page(path, "problems", format_)
        assert sign in page(path, "hints", format_)
        assert sign not in page(path, "answers", format_)


# --- languages ----------------------------------------------------------------------------------------------------


def test_a_german_page(tmp_path: Path) -> None:
    head = "language = 'de'\npoints = 'total'\n"
    own = f"{head}[[problem]]\nexpr = '0,5x^2 sin x'\nanswer = 'x sin x + 0,5x^2 cos x'\npoints = 1.5\n"
    text = page(files(tmp_path, sheet=own))
    for said in (
        "**Summe: 1,5 Punkte**", "## 1. (1,5 Punkte)", "Leiten Sie $0{,}5 x^{2} \\sin x$ nach $x$ ab.", "### Ergebnis",
        "### Rechenweg", "Produktregel", "Die angegebene Lösung stimmt.", "An 12 Punkten nachgeprüft.",
    ):  # fmt: skip
        assert said in text


def test_json_stays_as_it_is(tmp_path: Path) -> None:
    path = files(tmp_path, sheet="language = 'de'\n[[problem]]\nexpr = 'x sin x'\n")
    assert '"product rule"' in page(path, format_="json")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2,5x", "2.5x"),
        ("2,5x + 0,25", "2.5x + 0.25"),
        ("max(1, 2)", "max(1, 2)"),
        ("max(x; 2,5)", "max(x; 2.5)"),
        ("x[1,2]", "x[1,2]"),
        ("w_{1,2} + 1,5", "w_{1,2} + 1.5"),
        ("f(x,y)", "f(x,y)"),
        ("1, 2", "1, 2"),
    ],
)
def test_decimal_commas(text: str, read: str) -> None:
    assert with_points(text) == read


def test_a_comma_is_none_in_english(tmp_path: Path) -> None:
    (sheet,) = read_sheets(files(tmp_path, sheet="[[problem]]\nexpr = 'max(1,x)'\n"))
    assert sheet.problems[0].asked["expr"] == "max(1,x)"


def french() -> str:
    return text_of("de").replace("Produktregel", "règle du produit")


def test_a_table_of_words_beside_the_sheet(tmp_path: Path) -> None:
    own = "language = 'fr'\nwords = 'french.toml'\n[[problem]]\nexpr = 'x sin x'\n"
    path = files(tmp_path, sheet=own, french=french())
    assert r"\text{règle du produit}" in page(path)
    assert files_of(tmp_path) == (path,)


def test_a_few_words_of_ones_own(tmp_path: Path) -> None:
    own = "language = 'de'\nwords = 'own.toml'\n[[problem]]\nexpr = 'x sin x'\n"
    text = page(files(tmp_path, sheet=own, own='[labels]\n"Steps" = "Lösung"\n'))
    assert "### Lösung" in text
    assert "Produktregel" in text


@pytest.mark.parametrize(
    ("words", "table", "fault"),
    [
        ("french.toml", '[a]\n"product rule" = "x"\n', ("french.toml", 1, "The table lacks ")),
        ("french.toml", None, ("french.toml", 1, "No page has the words 'no such words'.")),
        ("none.toml", "", ("sheet.toml", 2, "'none.toml' cannot be read: ")),
        ("../french.toml", "", ("sheet.toml", 2, "This file is not in the folder of the sheet.")),
    ],
)
def test_faults_of_words(tmp_path: Path, words: str, table: Any, fault: tuple[str, int, str]) -> None:
    own = f"language = 'fr'\nwords = '{words}'\n{PROBLEM}"
    text = french() + '[more]\n"no such words" = "x"\n' if table is None else table
    ((file, line, message),) = faults(files(tmp_path, sheet=own, french=text))
    assert file == fault[0]
    assert message.startswith(fault[2])
    assert table is None or line == fault[1]


def test_a_language_without_a_table_is_said_in_english(tmp_path: Path) -> None:
    text = page(files(tmp_path, sheet="language = 'fr'\n[[problem]]\nexpr = 'x sin x'\n"))
    assert "product rule" in text
