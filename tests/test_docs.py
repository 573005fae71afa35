"""Every block of the README and of docs/ runs, and prints what stands there.

`console` blocks: each line `$ command` is run, and what follows it is what stdout and stderr said together.
`python` blocks: run from top to bottom, as one program a file; with `>>>` they are doctests.
`toml`, `markdown` and `text` blocks: one whose first line is a comment with the name of a file, as in `# sheet.toml`,
is that file for the commands of its page.
Other `text` and `bash` blocks are for the eye; the two `bash` blocks of the README are run by `.ci/run`.

`python -m tests.test_docs [PAGE ...]` writes what the commands print now into the console blocks; read the
difference it makes.
"""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from symback import cli
from symback.page import maths
from symback.syntax import read

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LANGUAGES = {"console", "python", "toml", "markdown", "text", "bash", "json", "latex"}
FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r"(?:# |<!-- )(\w[\w.-]*\.(?:toml|md|txt))(?: -->)?\n")  # the first line of a block that is a file


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(*languages: str) -> list[Block]:
    """Return the blocks in these languages (in any language, if none is given)."""
    return [block for page in PAGES for block in _blocks(page) if not languages or block.language in languages]


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        yield Block(page, text.count("\n", 0, match.start()) + 1, match[2], match[3])


@pytest.mark.parametrize("block", blocks(), ids=str)
def test_every_block_names_its_language(block: Block) -> None:
    assert block.language in LANGUAGES


QUOTED = re.compile(r"'[^']*'|\"[^\"$`]*\"")
ENVIRONMENT = {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}


def said_by(command: str, folder: Path) -> str:
    """Return all that a command says: of symback alone in this process, which saves its start, else in a shell."""
    plain = QUOTED.sub("", command)
    if not plain.startswith("symback ") or re.search(r"[|&;<>()$*?~`{}\\\n]", plain):
        return in_a_shell(command, folder)
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with pytest.MonkeyPatch.context() as patch, chdir(folder):
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", io.StringIO())
        patch.setattr(sys, "stdout", said)
        patch.setattr(sys, "stderr", said)
        cli.run(shlex.split(command)[1:])
    return said.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def in_a_shell(command: str, folder: Path) -> str:
    """Run a command as a reader would, with `symback` on the path and no colours, and return all it said."""
    (folder / "symback").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m symback "$@"\n', encoding="utf-8")
    (folder / "symback").chmod(0o755)
    env = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    env |= ENVIRONMENT
    shell = ["bash", "-c", command]
    done = subprocess.run(
        shell,
        cwd=folder,
        env=env,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout.decode("utf-8")


def files(page: Path) -> dict[str, str]:
    """Return the files that the blocks of a page stand for, by name."""
    return {title[1]: block.text for block in _blocks(page) if (title := TITLE.match(block.text))}


def write_files(page: Path, folder: Path) -> None:
    for name, text in files(page).items():
        (folder / name).write_text(text, encoding="utf-8")


def sessions(text: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with what it is said to print."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    assert parts, "a console block begins with `$ command`"
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


@pytest.mark.parametrize("block", blocks("console"), ids=str)
def test_console_blocks_print_what_they_show(block: Block, tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    for command, shown in sessions(block.text):
        said = said_by(command, tmp_path)
        assert _tidy(said) == _tidy(shown), f"$ {command}\n{said}"


def _tidy(text: str) -> str:
    """Return the text without the roundings in which machines differ."""
    return re.sub(r"(worst error) \d\S*", r"\1 ...", _trimmed(text))


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


@pytest.mark.parametrize("page", sorted({block.page for block in blocks("python")}), ids=lambda page: page.name)
def test_python_blocks_run(page: Path) -> None:
    names: dict[str, object] = {}
    for block in _blocks(page):
        if block.language != "python":
            continue
        if ">>>" in block.text:
            test = doctest.DocTestParser().get_doctest(block.text, names, str(block), str(page), block.line)
            runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
            runner.run(test, clear_globs=False)
            names.update(test.globs)
            assert runner.summarize(verbose=False).failed == 0, str(block)
        else:
            exec(compile(block.text, str(block), "exec"), names)  # noqa: S102


def readings() -> Iterator[tuple[str, str, bool]]:
    """Yield what the table of docs/input.md says: a text, what it is read as, and whether there is a note."""
    page = (ROOT / "docs" / "input.md").read_text(encoding="utf-8")
    for row in re.findall(r"^\| (`.*) \| (`.*`) \| (.*?) ?\|$", page, re.MULTILINE):
        written, (meaning,), noted = (re.findall("`(.*?)`", cell.replace(r"\|", "|")) for cell in row)
        yield from ((text, meaning, text in noted) for text in written)


@pytest.mark.parametrize(("text", "meaning", "noted"), list(readings()))
def test_the_table_of_readings(text: str, meaning: str, noted: bool) -> None:
    reading = read(text)
    assert maths.sympy(reading.tree) == meaning
    assert bool(reading.notes) == noted


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        text = re.sub(r"`[^`\n]+`", "", page.read_text(encoding="utf-8"))  # what is only shown leads nowhere
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", text):
            assert (page.parent / target).exists(), f"{page.name} -> {target}"


def refresh(page: Path) -> None:
    """Write what the commands of a page print now into its console blocks."""

    def printed(match: re.Match[str]) -> str:
        if match[2] != "console":
            return match[0]
        with TemporaryDirectory() as folder:
            write_files(page, Path(folder))
            said = [(command, shown, in_a_shell(command, Path(folder))) for command, shown in sessions(match[3])]
        if all(_tidy(shown) == _tidy(new) for _, shown, new in said):
            return match[0]
        parts = ["\n".join([f"$ {command}", *_trimmed(new).splitlines(), ""]) for command, _, new in said]
        return f"{match[1]}console\n{''.join(parts)}{match[1]}"

    page.write_text(FENCE.sub(printed, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    for each in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
        refresh(each)


def test_the_map_names_every_folder_and_nothing_that_is_gone() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = [line for line in text.split("## The map")[1].split("\n## ")[0].splitlines() if line.startswith("| `")]
    paths = re.findall(r"`((?:symback|tests|benchmarks|docs)/[^`]*)`", "\n".join(rows))
    named = {path.rstrip("/") for path in paths}
    assert [path for path in sorted(named) if not list(ROOT.glob(path))] == []
    folders = {str(p.parent.relative_to(ROOT)) for p in (ROOT / "symback").rglob("*.py")} - {"symback"}
    inside = {"symback/page/backprop", "symback/problems/exercises", "symback/problems/kinds"}  # named in another row
    assert folders - named - {str(Path(path).parent) for path in named} - inside == set()
