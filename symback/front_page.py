"""The page that `symback --help` prints: text alone, so that printing it loads nothing else.

`symback.cli` takes the one-line descriptions of its commands from here.
"""

from __future__ import annotations

COMMANDS = {  # besides those of the kinds of problems
    "rules": "Print the laws that are used, or one of them with an example.",
    "solve": "Solve files of problems, and write documents with the solutions.",
    "validate": "Find all faults of problem files, each with its line and column.",
    "init": "Write a first sheet of problems, to look at and to change.",
    "words": "Print the table of words of pages, for sheets in other languages.",
    "schema": "Print the JSON Schema of problem files, for editors.",
}

_PAGE = """\
symback shows its work: derivatives by the textbook rules, every step labelled and checked.

Usage: symback COMMAND EXPR [OPTIONS]

Examples:
  symback derive "3*x**2*y" --wrt x
  symback derive "x^2 e^(3x)" --detail full
  symback derive '\\frac{x}{x^2+1}' --at x=2 --format latex -o slope.tex
  symback gradient "x y^2 + 3x^2 z" --at x=1,y=0,z=2
  printf 'sin 2x\\nln|x|\\n' | symback derive --format json

Commands:
COMMANDS

Options:
  --version    Print the version.
  -h, --help   Print this page; `symback COMMAND --help` explains a command.

Expressions are read as on paper (3x^2y, sin 2x), as in Python (3*x**2*y) and as in LaTeX (\\frac{x}{y}).
"""


def commands() -> dict[str, str]:
    """Return what each command does: those of the kinds of problems, and the others."""
    from symback.problems import kinds

    return {**kinds.does(), **COMMANDS}


def front_page() -> str:
    """Return the text of `symback --help`."""
    known = commands()
    width = max(map(len, known))
    return _PAGE.replace("COMMANDS", "\n".join(f"  {name:{width}}  {text}" for name, text in known.items()))
