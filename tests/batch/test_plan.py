"""What is read and what is written, decided by names alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from symback.batch.plan import Options, check_distinct, outputs_of, sources_of
from symback.errors import UsageError

SUFFIXES = {"html": ".html", "markdown": ".md", "anki": ".anki.tsv"}


def nobody(_: Path) -> bool:
    return False


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def written(paths: list[Path], **options: object) -> list[str]:
    """Return the names of all outputs, after the check that they differ."""
    chosen = Options(Path("out"), **options)  # type: ignore[arg-type]
    sources = sources_of(map(str, paths), nobody)
    outputs = [outputs_of(source, chosen, SUFFIXES) for source in sources]
    check_distinct(sources, outputs)
    return [f"{output} {output.want.show}" for sheets in outputs for sheet in sheets for output in sheet]


def test_a_folder_stands_for_its_files_in_order(tmp_path: Path) -> None:
    made(tmp_path, "b.toml", "a.toml", "notes.md", "x.txt", ".hidden.toml", ".git/a.toml", "week 1/b.toml", "b/c.toml")
    assert written([tmp_path]) == [
        "a.html steps",
        "b/c.html steps",
        "b.html steps",
        "notes.md steps",
        "week-1/b.html steps",
    ]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    made(tmp_path, "a.toml")
    assert written([tmp_path, tmp_path / "a.toml", tmp_path / "." / "a.toml"]) == ["a.html steps"]


def test_a_folder_is_not_left_through_a_link(tmp_path: Path) -> None:
    made(tmp_path, "in/a.toml", "elsewhere/b.toml")
    (tmp_path / "in/link").symlink_to(tmp_path / "elsewhere")
    assert written([tmp_path / "in"]) == ["a.html steps"]


def test_files_that_symback_wrote_among_the_problems_are_skipped(tmp_path: Path) -> None:
    made(tmp_path, "a.toml", "out/a.md")
    found = sources_of([str(tmp_path)], lambda path: path.suffix == ".md")
    assert [source.path.name for source in found] == ["a.toml"]


def test_each_format_is_a_file(tmp_path: Path) -> None:
    made(tmp_path, "a.toml")
    options = {"formats": ("html", "anki"), "show": "hints"}
    assert written([tmp_path], **options) == ["a.html hints", "a.anki.tsv hints"]


def test_each_variant_is_a_sheet_and_its_key(tmp_path: Path) -> None:
    made(tmp_path, "a.toml")
    assert written([tmp_path / "a.toml"], count=2) == [
        "a-01.html problems",
        "keys/a-01-key.html steps",
        "a-02.html problems",
        "keys/a-02-key.html steps",
    ]
    assert written([tmp_path / "a.toml"], count=1, show="hints") == ["a-01.html hints", "keys/a-01-key.html steps"]
    assert written([tmp_path / "a.toml"], count=1, show="steps") == ["a-01.html steps"]
    assert written([tmp_path / "a.toml"], count=100)[-1] == "keys/a-100-key.html steps"


@pytest.mark.parametrize(
    ("names", "same"),
    [
        (("a.toml", "A.toml"), "a.html"),
        (("a b.toml", "a-b.toml"), "a-b.html"),
        (("Übung.toml", "ubung.toml"), "Ubung.html"),
        (("X/a.toml", "x/A.toml"), "x/A.html"),
    ],
)
def test_outputs_of_one_name_are_refused_before_any_work(tmp_path: Path, names: tuple[str, ...], same: str) -> None:
    made(tmp_path, *names)
    with pytest.raises(UsageError, match=f"would both be written to {same}"):
        written([tmp_path])


def test_files_of_one_name_in_two_folders_given_are_refused(tmp_path: Path) -> None:
    made(tmp_path, "x/a.toml", "y/a.toml")
    with pytest.raises(UsageError, match=r"x/a\.toml and .*y/a\.toml would both be written to a\.html"):
        written([tmp_path / "x" / "a.toml", tmp_path / "y" / "a.toml"])
    assert len(written([tmp_path])) == 2


def test_notes_and_a_sheet_of_one_name(tmp_path: Path) -> None:
    made(tmp_path, "a.toml", "a.md")
    assert written([tmp_path]) == ["a.md steps", "a.html steps"]
    with pytest.raises(UsageError, match=r"would both be written to a\.html"):
        written([tmp_path], formats=("html",))


def test_bad_names_stay_inside(tmp_path: Path) -> None:
    made(tmp_path, "CON.toml", "-x.toml", "a" * 240 + ".toml", "<b>.toml", "..toml")
    long = f"{'a' * 57}-9b3043.html"
    assert [output.split()[0] for output in written([tmp_path])] == ["x.html", "b.html", "CON_.html", long]
