"""Lecture notes: which blocks are problems, where their faults stand, and that nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symback.errors import UsageError
from symback.problems import faults_of, files_of, read_sheets
from symback.problems.file.notes import fenced, replaced, title_of
from tests.problems.writing import Write
from tests.running import takes_less_than

BLOCK = "```symback\nkind = 'derive'\nexpr = 'x^2'\n```"
SEVERAL = "~~~symback\n[[problem]]\nkind = 'derive'\nexpr = 'x'\n\n[[problem]]\nkind = 'hessian'\nexpr = 'x y'\n~~~"


# --- what is a block -------------------------------------------------------------------------------------------------

FOUND = {
    "backticks": (BLOCK, 1),
    "tildes": (BLOCK.replace("```", "~~~"), 1),
    "a longer fence": (BLOCK.replace("```", "`````"), 1),
    "a longer end": (BLOCK + "``", 1),
    "words after the language": (BLOCK.replace("symback", "symback  a problem"), 1),
    "blanks before the language": (BLOCK.replace("symback", " \tsymback"), 1),
    "set in": (BLOCK.replace("\n", "\n  ").replace("```s", "  ```s"), 1),
    "in a quotation": ("> " + BLOCK.replace("\n", "\n> "), 1),
    "in a list": ("1. a\n\n   " + BLOCK.replace("\n", "\n   ") + "\n", 1),
    "two": (BLOCK + "\n" + BLOCK, 2),
    "another language": (BLOCK.replace("symback", "python"), 0),
    "a longer name": (BLOCK.replace("symback", "symbacks"), 0),
    "no language": (BLOCK.replace("symback", ""), 0),
    "shown in a longer fence": ("````markdown\n" + BLOCK + "\n````", 0),
    "shown in tildes": ("~~~~text\n" + BLOCK + "\n~~~~", 0),
    "a comment": ("<!--\n" + BLOCK + "\n-->", 0),
    "an indented block": ("a\n\n    " + BLOCK.replace("\n", "\n    "), 0),
    "in a line": ("a ```symback``` b", 0),
}


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_is_a_block(name: str, ends: str, mark: str) -> None:
    text, count = FOUND[name]
    for around in ("", "# Notes\n\n"):
        source = mark + (around + text + "\n\nafter\n").replace("\n", ends)
        blocks = fenced(source)
        assert len(blocks) == count
        for block in blocks:
            assert block.is_closed
            assert block.content == "kind = 'derive'\nexpr = 'x^2'\n"
            assert source[block.at : block.stop].strip("`~") != source[block.at : block.stop]
            assert source[: block.at].count("\n") + 2 == block.line


def test_the_title_is_the_first_heading() -> None:
    assert title_of("before\n\n## two\n\n# The *rule*\n\n# later\n") == "The *rule*"
    assert title_of("The rule\n========\n") == "The rule"
    assert title_of("\ufeff# The rule") == "The rule"
    assert title_of("```\n# not this\n```\n") == ""


# --- sheets of notes -------------------------------------------------------------------------------------------------


def test_a_sheet_of_notes(write: Write) -> None:
    text = f"\ufeff# Slopes\r\n\r\n{BLOCK}\r\n\r\nWords.\r\n\r\n{SEVERAL}\r\n"
    (sheet,) = read_sheets(write(text, "lecture.md"))
    assert (sheet.title, sheet.notes) == ("Slopes", text)
    assert [(p.id, p.number, p.kind, p.block) for p in sheet.problems] == [
        ("p1", 1, "derive", 0),
        ("p2", 2, "derive", 1),
        ("p3", 3, "hessian", 1),
    ]
    lines = text.replace("\r\n", "\n").split("\n")
    assert [lines[problem.line - 1] for problem in sheet.problems] == ["kind = 'derive'", "[[problem]]", "[[problem]]"]


def test_notes_without_problems_are_a_sheet_without_problems(write: Write) -> None:
    (sheet,) = read_sheets(write("# symback\n\nWords.\n", "README.md"))
    assert (sheet.title, sheet.problems, sheet.notes) == ("symback", (), "# symback\n\nWords.\n")


@pytest.mark.parametrize("prefix", ["", "  ", "> ", "1. a\n\n   ", "> - "])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_faults_stand_where_they_are_in_the_notes(write: Write, prefix: str, ends: str) -> None:
    first = prefix.split("\n")[-1]
    rest = first.replace("-", " ")
    block = "```symback\nkind = 'derive'\nwtr = 'x'\nexpr = 'x + )'\n```"
    text = "# Notes\n\n" + prefix + block.replace("\n", "\n" + rest) + "\n"
    faults = faults_of(write(text.replace("\n", ends), "lecture.md"))
    lines = text.split("\n")
    assert [(lines[f.line - 1][f.column - 1 :], f.shown) for f in faults] == [
        ("wtr = 'x'", rest + "wtr = 'x'"),
        ("+ )'", rest + "expr = 'x + )'"),
    ]


def test_no_toml(write: Write) -> None:
    (fault,) = faults_of(write("# Notes\n\n  ```symback\n  kind = derive\n  ```\n", "lecture.md"))
    assert (fault.line, fault.column, fault.message) == (4, 10, "This is not a value.")


def test_ids_are_compared_across_blocks(write: Write) -> None:
    block = BLOCK.replace("kind", "id = 'a'\nkind")
    (fault,) = faults_of(write(f"{block}\n\n{block}\n", "lecture.md"))
    assert (fault.line, fault.message) == (8, "The problem in line 2 has the id 'a' already.")


def test_a_block_without_an_end(write: Write) -> None:
    (fault,) = faults_of(write(BLOCK + "\n\n```symback\nkind = 'derive'\n\n# More\n", "lecture.md"))
    assert (fault.line, fault.message) == (7, "The block that begins above this line has no end.")


def test_keys_beside_the_problems_of_a_block(write: Write) -> None:
    (fault,) = faults_of(write(SEVERAL.replace("[[", "title = 'x'\n[[", 1), "lecture.md"))
    assert (fault.line, fault.message) == (2, "title is beside [[problem]] and belongs to no problem.")


def test_an_empty_block(write: Write) -> None:
    (fault,) = faults_of(write("```symback\n```\n", "lecture.md"))
    assert fault.message == "The problem has no kind."


# --- solutions in their place ----------------------------------------------------------------------------------------


def test_each_block_gives_its_place_to_its_solutions() -> None:
    source = f"# Notes\n\n{BLOCK}\nclose\n\n{SEVERAL}\n\nThe end, without a line end"
    made = replaced(source, ["**1**\n\nx\n", "**2**", "**3**\n"])
    assert made == "# Notes\n\n**1**\n\nx\nclose\n\n**2**\n\n**3**\n\nThe end, without a line end"


def test_quotations_lists_and_line_ends_stay() -> None:
    quoted = ("> Words\n>\n> " + BLOCK.replace("\n", "\n> ") + "\n\nb").replace("\n", "\r\n")
    assert replaced(quoted, ["x\n\ny"]) == "> Words\r\n>\r\n> x\r\n>\r\n> y\r\n\r\nb"
    listed = "1. a\n2. " + BLOCK.replace("\n", "\n   ") + "\n"
    assert replaced(listed, ["x\n\ny"]) == "1. a\n2. x\n\n   y\n"


def test_as_many_texts_as_problems() -> None:
    with pytest.raises(UsageError, match="There are 2 texts for 1 problems"):
        replaced(BLOCK, ["a", "b"])
    assert replaced("no problems\r", []) == "no problems\r"


PROSE = st.sampled_from(
    ["# Title", "Words  ", "", "", "* item", "> quoted", "```python\nx = 1\n```", "~~~\n```symback\n~~~",
     "````markdown\n```symback\nkind = 1\n```\n````", "| a | b |\n|---|---|", "<div>\n\n</div>", "    indented",
     "\ttab", "a\\\nb", "---",
     "trailing \t", "\u2028é\U0001f600", "\x0c", "$x$ and `y`", "```", "[a]: b"]
)  # fmt: skip


@given(
    st.lists(st.tuples(PROSE, st.booleans()), max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans()
)
@settings(max_examples=100, deadline=None)
def test_everything_else_stays_byte_for_byte(parts: list[tuple[str, bool]], ends: str, mark: bool, ended: bool) -> None:
    texts = [text + ("\n\n" + BLOCK if block else "") for text, block in parts]
    source = ("\ufeff" * mark + "\n\n".join(texts) + "\n" * ended).replace("\n", ends)
    blocks = fenced(source)
    marks = [f"<<{i}>>" for i in range(len(blocks))]
    made = replaced(source, marks)
    at, rest = 0, made
    for block, name in zip(blocks, marks, strict=True):
        kept = source[at : block.at] + name
        assert rest.startswith(kept)
        at, rest = block.stop, rest[len(kept) :]
    assert rest == source[at:]
    back = made
    for block, name in zip(blocks, marks, strict=True):
        back = back.replace(name, source[block.at : block.stop], 1)
    assert back.encode() == source.encode()


@pytest.mark.parametrize(
    "text",
    ["> " * 100_000, "- " * 100_000, "[" * 200_000, "`" * 300_000 + "symback", "```symback\n" * 20_000, "*" * 300_000,
     "<" * 300_000, "symback " + "\n".join(f"[{i}]: x" for i in range(40_000)), "# symback\n" * 50_000],
    ids=lambda text: text[:10],
)  # fmt: skip
def test_notes_that_are_hard_to_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "lecture.md").write_text("symback\n" + text + "\n")
    assert takes_less_than(10, lambda: faults_of(tmp_path / "lecture.md"))


QUARTO = """---
title: Rules
---

```{.symback #first}
expr = 'x^3'
```

```{python}
print(1)
```

```{symback}
expr = 'x^4'
```
"""


def test_notes_for_quarto(tmp_path: Path) -> None:
    path = tmp_path / "rules.qmd"
    path.write_text(QUARTO, encoding="utf-8")
    assert files_of(tmp_path) == (path,)
    (sheet,) = read_sheets(path)
    assert [problem.asked["expr"] for problem in sheet.problems] == ["x^3", "x^4"]
    made = replaced(QUARTO, ["one", "two"])
    assert "\none\n" in made
    assert "\ntwo\n" in made
    assert "```{python}" in made
    assert faults_of(path) == ()


def test_other_fences_with_braces_are_not_ours() -> None:
    assert fenced("```{.symbacks}\nexpr = 'x'\n```\n") == ()
    assert fenced("```{.python .symback}\nexpr = 'x'\n```\n") == ()
