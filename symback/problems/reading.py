"""Files and folders, read as sheets."""

from __future__ import annotations

import os
from pathlib import Path

from symback.problems.file import notes
from symback.problems.file.faults import Fault, FileFaults
from symback.problems.file.settings import companions
from symback.problems.file.sheet import Sheet
from symback.problems.file.toml import read_text, source_of
from symback.problems.reader import Found, Reader


def files_of(path: Path | str) -> tuple[Path, ...]:
    """Return a file itself, or the problem files of a folder and of the folders in it, sorted.

    Those are all .toml files, and the .md and .qmd files with `symback` blocks. Hidden files and folders are left out,
    and links to folders are not followed. FileFaults where a folder has none.
    """
    path = Path(path)
    if not is_folder(path):
        return (path,)
    found = []
    for folder, inner, names in os.walk(path):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        found += [Path(folder, name) for name in names if not name.startswith(".")]
    others = companions(found)
    found = [file for file in found if file.resolve() not in others] if others else found
    files = tuple(
        sorted(file for file in found if file.suffix == ".toml" or (file.suffix in notes.ENDINGS and _has_blocks(file)))
    )
    if not files:
        hint = "Problem files end with .toml, or with .md or .qmd and have blocks that begin with ```symback."
        raise FileFaults([Fault(str(path), 0, 0, "The folder has no problem files.", hint)])
    return files


def is_folder(path: Path | str) -> bool:
    """Tell whether a name is that of a folder; one that no file can have is none."""
    try:
        return Path(path).is_dir()
    except OSError:
        return False


def _has_blocks(path: Path) -> bool:
    try:
        return bool(notes.fenced(read_text(path, str(path))))
    except FileFaults:
        return True  # so that what is wrong with it is told


def read_sheets(path: Path | str) -> tuple[Sheet, ...]:
    """Return the sheets of a file or a folder; FileFaults with everything that is wrong with any of them.

    A sheet with parameters has the values of the first variant of seed 0. A Markdown file without problems is a sheet
    without problems.
    """
    found = [inspect(file, mathematics=False) for file in files_of(path)]
    faults = [fault for one in found for fault in one.faults]
    if faults:
        raise FileFaults(faults)
    from symback.problems.variants.drawing import with_first_values

    return tuple(with_first_values(one.sheet) for one in found if one.sheet)


def faults_of(path: Path | str) -> tuple[Fault, ...]:
    """Return everything that is wrong with a file or the files of a folder, in expressions too.

    Nothing is worked, but what conditions on the answer of a variant need.
    """
    try:
        return tuple(fault for file in files_of(path) for fault in inspect(file).faults)
    except FileFaults as error:
        return error.faults


IN_TOML = "Write the sheet in TOML, which keeps backslashes and powers as typed, in a file that ends with .toml."


def inspect(path: Path | str, mathematics: bool = True) -> Found:
    """Read one file; with `mathematics`, its expressions are read too, and its variants tried."""
    path, file = Path(path), str(path)
    if path.suffix.lower() in (".yaml", ".yml"):
        return Found(file, None, (Fault(file, 0, 0, "YAML is not read.", IN_TOML),))
    try:
        text = read_text(path, file)
    except FileFaults as error:
        return Found(file, None, error.faults)
    if path.suffix in notes.ENDINGS:
        return Reader(path, file, mathematics).notes(text)
    return Reader(path, file, mathematics).sheet(source_of(file, text))
