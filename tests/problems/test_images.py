"""Images of a sheet: files in its folder, embedded in every format, with what they show in words."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path

import pytest

import symback
from symback.problems import faults_of, read_sheets

PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><path d="M0 0h9"/></svg>'
SHEET = """
[[problem]]
text = "The circuit ![two resistors](circuit.png) has the current $t^2$."
expr = 't^2'
image = {file = "figures/roof.svg", alt = "a <roof>", width = "4cm"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "figures").mkdir()
    (tmp_path / "circuit.png").write_bytes(PNG)
    (tmp_path / "figures" / "roof.svg").write_bytes(SVG)
    return tmp_path


def sheet(folder: Path, text: str) -> Path:
    path = folder / "sheet.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_format_holds_the_images(folder: Path) -> None:
    document = symback.solve(sheet(folder, SHEET))
    data = b64encode(PNG).decode()
    for name in ("html", "markdown", "notebook", "moodle", "stack", "anki"):
        written = document.render(name, "problems")
        assert data in written, name
        assert "two resistors" in written, name
        assert b64encode(SVG).decode() in written, name
    typst = document.render("typst")
    assert "#photo((137, 80, 78, 71" in typst
    assert "width: 4cm" in typst
    latex = document.render("latex")
    assert r"\IfFileExists{circuit.png}{\includegraphics" in latex
    assert r"\usepackage{graphicx}" in latex
    assert '"file": "figures/roof.svg", "alt": "a <roof>"' in document.render("json")
    assert 'alt="a &lt;roof&gt;"' in document.render("html")


def test_the_words_stand_around_the_image(folder: Path) -> None:
    written = symback.solve(sheet(folder, SHEET)).render("markdown", "problems")
    assert written.index("The circuit") < written.index("![two resistors]") < written.index("has the current")


def test_a_pdf_holds_them(folder: Path) -> None:
    pytest.importorskip("typst")
    assert symback.solve(sheet(folder, SHEET)).render("pdf").startswith(b"%PDF")


FAULTS = [
    ('"nothere.png"', "There is no image nothere.png"),
    ('"../secret.png"', "not in the folder"),
    ('"/etc/passwd"', "not in the folder"),
    ('"sheet.toml"', "no image that is known"),
    ('"active.svg"', "holds a script"),
    ('"figures"', "There is no image figures"),
    ('{alt = "words"}', "needs a file"),
    ('{file = "circuit.png", size = "4cm"}', "has an unknown key"),
    ('{file = "circuit.png", width = "wide"}', "image"),
    ("3", "image"),
    ('["circuit.png", "nothere.png"]', "There is no image nothere.png"),
]


@pytest.mark.parametrize(("given", "message"), FAULTS)
def test_faults(folder: Path, given: str, message: str) -> None:
    (folder / "active.svg").write_text("<svg><script>alert(1)</script></svg>", encoding="utf-8")
    (fault,) = faults_of(sheet(folder, f"[[problem]]\nexpr = 'x^2'\nimage = {given}\n"))
    assert message in fault.message
    assert fault.line == 3


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "secret.png"
    other.write_bytes(PNG)
    (folder / "link.png").symlink_to(other)
    (fault,) = faults_of(sheet(folder, "[[problem]]\nexpr = 'x^2'\nimage = 'link.png'\n"))
    assert "not in the folder" in fault.message


def test_a_part_has_images_of_its_own(folder: Path) -> None:
    text = "[[problem]]\nexpr = 'x^2'\nimage = 'circuit.png'\n[[problem.part]]\n[[problem.part]]\nimage = 'no.png'\n"
    (fault,) = faults_of(sheet(folder, text))
    assert fault.line == 6
    (problem,) = read_sheets(sheet(folder, text.replace("no.png", "figures/roof.svg")))[0].problems
    assert [len(problem.images), *(len(part.images) for part in problem.parts)] == [1, 0, 1]


def test_an_image_in_a_text_that_is_not_there_stays_as_its_words(folder: Path) -> None:
    written = symback.solve(sheet(folder, "[[problem]]\ntext = 'See ![two boxes](no.png).'\nexpr = 'x^2'\n"))
    assert "See two boxes." in written.render("markdown", "problems")
