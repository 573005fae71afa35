"""Whole runs in this process: problems that hurt, disks that are full, names that collide."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from symback import batch
from symback.batch import limits, task
from symback.batch.limits import Limits
from symback.batch.report import Report
from symback.errors import UsageError
from tests.batch import tasks
from tests.batch.sheets import folder_of_sheets, sheet, tree
from tests.marks import every

HURTING = """
[[problem]]
id = "spin"
kind = "derive"
text = "What it asks."
expr = "x^2"

[[problem]]
id = "eat"
kind = "derive"
expr = "x^2"

[[problem]]
id = "die"
kind = "derive"
expr = "x^2"

[[problem]]
id = "once-more"
kind = "derive"
expr = "x^2"

[[problem]]
id = "bug"
kind = "derive"
expr = "x^2"
"""


def solve(*paths: Path, out: Path, **options: object) -> Report:
    chosen = {"formats": ("markdown",), "jobs": 1, **options}
    return batch.solve(map(str, paths), batch.Options(out, **chosen))  # type: ignore[arg-type]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second a problem, and the problems of HURTING hurt."""
    monkeypatch.setattr(limits, "OF_PROBLEM", Limits(seconds=0.7))
    monkeypatch.setattr(task, "solve", tasks.solve)


@pytest.mark.usefixtures("short")
def test_problems_that_hurt_are_failed_problems(tmp_path: Path) -> None:
    report = solve(sheet(tmp_path / "a.toml", 3, extra=HURTING), out=tmp_path / "out")
    assert [(failure.what.split()[-1], failure.reason.message) for failure in report.failures] == [
        ("spin", "This was not finished after 0.7 s."),
        ("eat", "This needs more memory than it may have."),
        ("die", "This ended its process, and the next one too (signal 9)."),
        ("bug", "This is a bug in symback: AssertionError: impossible"),
    ]
    assert (report.problems, report.exit_code, report.written) == (8, 4, 1)
    text = (tmp_path / "out/a.md").read_text()
    assert "What it asks.\n\n### Steps\n\n> **Error:** This was not finished after 0.7 s." in text
    assert text.count("> **Error:**") == 4
    assert [line for line in text.splitlines() if line.startswith("## ")][-2:] == ["## 7.", "## 8."]


@pytest.mark.usefixtures("short")
def test_a_problem_that_cannot_even_be_shown_leaves_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "excuse", tasks.excuse)
    (tmp_path / "a.toml").write_text(HURTING[: HURTING.index("[[problem]]", 5)])
    report = solve(tmp_path / "a.toml", out=tmp_path / "out")
    assert len(report.failures) == 1
    text = (tmp_path / "out/a.md").read_text()
    assert "What it asks" not in text
    assert "> **Error:** This was not finished after 0.7 s." in text


def test_every_number_of_jobs_gives_the_same_bytes(tmp_path: Path) -> None:
    problems = folder_of_sheets(tmp_path / "in", 2, 4)
    for jobs in (1, 3):
        solve(problems, out=tmp_path / str(jobs), jobs=jobs, formats=("html", "json"))
    assert tree(tmp_path / "1") == tree(tmp_path / "3")
    assert len(tree(tmp_path / "1")) == 6


def test_a_folder_has_a_page_that_leads_to_its_documents(tmp_path: Path) -> None:
    problems = folder_of_sheets(tmp_path / "in", 2, 1)
    (problems / "s0.toml").write_text('title = "<b> & \\u202e"\n[[problem]]\nkind = "derive"\nexpr = "x"')
    solve(problems, out=tmp_path / "out", formats=("html", "markdown"))
    page = (tmp_path / "out/index.html").read_text()
    assert page.count("<li>") == 2
    assert '<a href="./more/last.html">web page</a> · <a href="./more/last.md">Markdown</a>' in page
    assert page.index("Sheet last") < page.index("&lt;b&gt; &amp;")


@pytest.mark.parametrize("formats", every(2, [(("html",),), (("markdown",),)]))
def test_a_page_of_contents_is_written_for_html_and_not_over_a_sheet(tmp_path: Path, formats: tuple[str, ...]) -> None:
    sheet(tmp_path / "in/index.toml", 1)
    solve(tmp_path / "in", out=tmp_path / "out", formats=formats)
    assert [name for name in tree(tmp_path / "out") if "index" in name] == [
        f"index.{formats[0][:4].replace('mark', 'md')}"
    ]
    assert "Contents" not in next(path.read_text() for path in (tmp_path / "out").glob("index.*"))


def test_a_single_file_has_no_page_of_contents(tmp_path: Path) -> None:
    solve(sheet(tmp_path / "a.toml", 1), out=tmp_path / "out", formats=("html",))
    assert sorted(tree(tmp_path / "out")) == [".symback.json", "a.html"]


def test_only_notes_with_problems_are_taken_from_a_folder(tmp_path: Path) -> None:
    sheet(tmp_path / "in/a.toml", 1)
    (tmp_path / "in/README.md").write_text("# About\n")
    (tmp_path / "in/notes.md").write_bytes(
        b"before\r\n\r\n```symback\r\nkind = 'derive'\r\nexpr = 'x^3'\r\n```\r\n after"
    )
    report = solve(tmp_path / "in", out=tmp_path / "out", formats=())
    assert sorted(tree(tmp_path / "out")) == [".symback.json", "a.html", "index.html", "notes.md"]
    assert (report.files, report.problems) == (2, 2)
    notes = (tmp_path / "out/notes.md").read_bytes()
    assert notes.startswith(b"before\r\n\r\n")
    assert notes.endswith(b"\r\n after")
    assert b"3 x^{2}" in notes
    assert b"```symback" not in notes


def test_the_same_command_again_replaces_what_symback_wrote(tmp_path: Path) -> None:
    source = sheet(tmp_path / "a.toml", 1)
    solve(source, out=tmp_path / "out")
    sheet(source, 2)
    solve(source, out=tmp_path / "out")
    assert "## 2." in (tmp_path / "out/a.md").read_text()


def test_what_a_teacher_wrote_is_not_replaced(tmp_path: Path) -> None:
    sources = [sheet(tmp_path / "a.toml", 1), sheet(tmp_path / "b.toml", 1)]
    solve(*sources, out=tmp_path / "out")
    before = tree(tmp_path / "out")
    mine = before["b.md"] + b"My own words.\n"
    (tmp_path / "out/b.md").write_bytes(mine)
    with pytest.raises(UsageError, match=r"b\.md is not replaced: .* --force"):
        solve(*sources, out=tmp_path / "out")
    assert (tmp_path / "out/b.md").read_bytes() == mine
    solve(*sources, out=tmp_path / "out", force=True)
    assert tree(tmp_path / "out") == before


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def submit(self: object, key: object, *arguments: object, **options: object) -> None:
        (tmp_path / "out").mkdir(exist_ok=True)
        if type(key).__name__ == "Write":
            (tmp_path / "out/a.md").write_text("mine")
        original(self, key, *arguments, **options)

    original = batch.Pool.submit
    monkeypatch.setattr(batch.Pool, "submit", submit)
    report = solve(sheet(tmp_path / "a.toml", 1), sheet(tmp_path / "b.toml", 1), out=tmp_path / "out")
    assert report.exit_code == 4
    assert [failure.what for failure in report.failures] == [f"{tmp_path / 'a.toml'}: a.md"]
    assert (tmp_path / "out/a.md").read_text() == "mine"
    assert (tmp_path / "out/b.md").exists()


def test_a_source_is_never_replaced_by_its_output(tmp_path: Path) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("```symback\nkind = 'derive'\nexpr = 'x'\n```\n")
    with pytest.raises(UsageError, match=r"notes\.md is not replaced: it is one of the files to be solved"):
        solve(notes, out=tmp_path, force=True)
    assert "```symback" in notes.read_text()


def test_documents_among_the_problems_are_not_problems(tmp_path: Path) -> None:
    sheet(tmp_path / "a.toml", 1)
    solve(tmp_path, out=tmp_path)
    report = solve(tmp_path, out=tmp_path)
    assert (report.files, report.exit_code) == (1, 0)


@pytest.mark.parametrize("link", every(2, ["a.md", "more"]))
def test_an_output_that_is_a_link_or_lies_behind_one_is_refused(tmp_path: Path, link: str) -> None:
    sheet(tmp_path / "in/a.toml", 1)
    sheet(tmp_path / "in/more/b.toml", 1)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "precious").write_text("keep")
    (tmp_path / "out").mkdir()
    target = "precious" if link == "a.md" else "elsewhere"
    (tmp_path / "out" / link).symlink_to(tmp_path / target)
    for force in (False, True):
        with pytest.raises(UsageError, match="symback does not write through links"):
            solve(tmp_path / "in", out=tmp_path / "out", force=force)
    assert (tmp_path / "precious").read_text() == "keep"
    assert tree(tmp_path / "elsewhere") == {}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [link]


def test_variants_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    (tmp_path / "v.toml").write_text(
        'title = "Powers"\n[[problem]]\nkind = "derive"\nexpr = "{{a}}x^{{n}}"\n'
        "parameters = {a = {range = [2, 9]}, n = {range = [2, 9], not = [5]}}\n"
    )
    for out, seed in (("one", 7), ("two", 7), ("three", 8)):
        solve(tmp_path / "v.toml", out=tmp_path / out, count=3, seed=seed)
    one = tree(tmp_path / "one")
    assert sorted(one) == [
        ".symback.json",
        *(f"keys/v-0{n}-key.md" for n in (1, 2, 3)),
        *(f"v-0{n}.md" for n in (1, 2, 3)),
    ]
    assert tree(tmp_path / "two") == one
    assert tree(tmp_path / "three") != one
    assert len({one[f"v-0{n}.md"] for n in (1, 2, 3)}) == 3
    assert b"Answer" not in one["v-01.md"]
    assert b"Steps" in one["keys/v-01-key.md"]
    assert one["v-02.md"].startswith(b"# Powers, variant 2\n")


def test_the_json_of_a_failed_problem_has_its_error(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[[problem]]\nkind = "derive"\nexpr = "x^2 +"\n')
    report = solve(tmp_path / "a.toml", out=tmp_path / "out", formats=("json",))
    assert report.exit_code == 4
    (problem,) = json.loads((tmp_path / "out/a.json").read_text())["problems"]
    assert problem["error"]["code"] == "parse"


def test_a_formula_that_fails_its_check_is_withheld(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "solve", tasks.solve_with_a_wrong_law)
    graphs = ["x: 3; L = norm2(x)^2", "x: 3; L = sum(x)"]
    (tmp_path / "a.toml").write_text("".join(f'[[problem]]\nkind = "backprop"\ngraph = "{g}"\n' for g in graphs))
    report = solve(tmp_path / "a.toml", out=tmp_path / "out")
    assert (report.exit_code, [failure.reason.code for failure in report.failures]) == (1, ["verification"])
    assert any("The formula by x does not give the gradient." in line for line in report.lines())
    first, second = (tmp_path / "out/a.md").read_text().split("## 2.")
    assert "> **Error:** The formula by x does not give the gradient." in first
    assert ("✓" in first, "✓ Gradient check at random values" in second) == (False, True)


# --- disks ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 96 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a file system")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)


def test_a_full_disk_ends_the_run_and_resume_goes_on(tmp_path: Path, disk: Path) -> None:
    problems = folder_of_sheets(tmp_path / "in", 4, 10)
    solve(problems, out=tmp_path / "enough")
    with pytest.raises(UsageError, match="No space left on device") as caught:
        solve(problems, out=disk / "out")
    assert "--resume goes on" in caught.value.hint
    left = tree(disk / "out")
    assert not [name for name in left if name.endswith(".part")]
    whole = tree(tmp_path / "enough")
    assert all(left[name] == whole[name] for name in left if not name.startswith("."))
    remount(disk, "size=10m")
    report = solve(problems, out=disk / "out", resume=True)
    assert report.resumed > 0
    assert tree(disk / "out") == whole


def test_a_folder_that_is_read_only_is_refused_before_any_work(tmp_path: Path, disk: Path) -> None:
    (disk / "out").mkdir()
    remount(disk, "ro")
    with pytest.raises(UsageError, match="Nothing can be written to .*Read-only file system"):  # noqa: RUF043
        solve(sheet(tmp_path / "a.toml", 1), out=disk / "out")
    with pytest.raises(UsageError, match="cannot be made or opened: Read-only file system"):
        solve(sheet(tmp_path / "a.toml", 1), out=disk / "other")
    remount(disk, "rw")
