"""The page that `symback --help` prints: text alone, so that printing it loads nothing else.

`symback.cli` takes the one-line descriptions of its commands from here.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterator

WIDEST = 100  # columns: longer lines are hard to read
NARROWEST = 20
DOES = "shows its work: derivatives by the textbook rules, every step labelled and checked."
EXAMPLES = (
    'symback derive "3*x**2*y" --wrt x',
    'symback derive "x^2 e^(3x)" --detail full',
    "symback derive '\\frac{x}{x^2+1}' --at x=2 --format latex -o slope.tex",
    'symback gradient "x y^2 + 3x^2 z" --at x=1,y=0,z=2',
    "printf 'sin 2x\\nln|x|\\n' | symback derive --format json",
)
OPTIONS = {
    "--version": "Print the version.",
    "-h, --help": "Print this page; `symback COMMAND --help` explains a command.",
}
EXPRESSIONS = (
    "Expressions are read as on paper (3x^2y, sin 2x), as in Python (3*x**2*y) and as in LaTeX (\\frac{x}{y})."
)

COMMANDS = {  # besides those of the kinds of problems
    "rules": "Print the laws that are used, or one of them with an example.",
    "solve": "Solve files of problems, and write documents with the solutions.",
    "validate": "Find all faults of problem files, each with its line and column.",
    "init": "Write a first sheet of problems, to look at and to change.",
    "words": "Print the table of words of pages, for sheets in other languages.",
    "schema": "Print the JSON Schema of problem files, for editors.",
    "completion": "Print the completion of commands, options and rules for a shell.",
    "help": "Explain a command, as symback COMMAND --help does.",
    "serve": "Show the page in the browser, from this machine.",
    "site": "Write the page as a static folder that runs in the browser.",
}


def commands() -> dict[str, str]:
    """Return what each command does: those of the kinds of problems, and the others."""
    from symback.problems import kinds

    return {**kinds.does(), **COMMANDS}


def columns() -> int:
    """Return how wide a page of help is: as the terminal, but neither narrower nor wider than can be read."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def front_page() -> str:
    """Return the text of `symback --help`, as wide as the terminal."""
    wide = columns()
    lines = [
        *textwrap.wrap(f"symback {DOES}", wide),
        "",
        "Usage: symback COMMAND EXPR [OPTIONS]",
        "",
        "Examples:",
        *(line for example in EXAMPLES for line in broken(example, wide, "  ")),
        "",
        "Commands:",
        *_table(commands(), wide),
        "",
        "Options:",
        *_table(OPTIONS, wide),
        "",
        *textwrap.wrap(EXPRESSIONS, wide),
    ]
    return "\n".join(lines) + "\n"


def _table(rows: dict[str, str], wide: int) -> Iterator[str]:
    name_column = max(map(len, rows)) + 4
    for name, text in rows.items():
        yield from textwrap.wrap(
            text, wide, initial_indent=f"  {name}".ljust(name_column), subsequent_indent=" " * name_column
        )


_PARTS = re.compile(r"(?:\"[^\"]*\"|'[^']*'|\S)+")  # what a shell takes for one argument


def broken(command: str, wide: int, indent: str = "") -> Iterator[str]:
    r"""Yield a command line in lines that can be copied: each but the last ends with a backslash.

    >>> list(broken('symback derive "x^2 e^(3x)" --wrt x', 30))
    ['symback derive "x^2 e^(3x)" \\', '    --wrt x']
    """
    if len(indent + command) <= wide:
        yield indent + command
        return
    line = ""
    for part in _PARTS.findall(command):
        longer = f"{line} {part}" if line else indent + part
        if line and len(longer) + 2 > wide and line.strip() != command.split()[0]:
            yield f"{line} \\"
            longer = f"{indent}    {part}"
        line = longer
    yield line
