"""The commands about commands: completion in a shell, and help."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import click

from symback.cli.arguments import CONTEXT
from symback.cli.pages import Command
from symback.front_page import COMMANDS, DOES, front_page

if TYPE_CHECKING:
    from collections.abc import Sequence

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", cls=Command, short_help=COMMANDS["completion"], context_settings=CONTEXT)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> Callable[[], int]:
    """Print the script that lets a shell complete commands, options, formats, rules and files.

    \b
    eval "$(symback completion bash)"
    eval "$(symback completion zsh)"
    symback completion fish > ~/.config/fish/completions/symback.fish

    The script holds all words itself: pressing Tab runs nothing.
    """
    return partial(_complete, context.find_root().command, shell)


def _complete(group: click.Command, shell: str) -> int:
    script = import_module("symback.cli.completion").script
    click.echo(script(shell, group, {"rules": _words_of_rules(), "completion": SHELLS, "help": [*COMMANDS, *_kinds()]}))
    return 0


def _kinds() -> Sequence[str]:
    return tuple(import_module("symback.problems.kinds").does())


def _words_of_rules() -> list[str]:
    """Return the words of the names of rules: a name is typed without quotes."""
    book = import_module("symback.cli.rulebook")
    names = {entry.rule.name for entry in (*book.derivatives(), *book.integrals(), *book.limits())}
    return sorted({word for name in names for word in name.split() if word.isalpha()})


@click.command("help", cls=Command, short_help=COMMANDS["help"], context_settings=CONTEXT)
@click.argument("name", required=False, metavar="COMMAND")
@click.option(
    "--man", is_flag=True, help="Print the manual page of all commands, as in symback help --man > symback.1."
)
@click.pass_context
def help_(context: click.Context, name: str | None, man: bool) -> Callable[[], int]:
    """Explain a command; without one, print the front page.

    \b
    symback help derive
    symback help --man > symback.1
    """
    root = context.find_root()
    if man:
        return partial(_print_manual, root.command)
    if not name:
        return partial(_print, front_page().rstrip())
    found, command, _ = root.command.resolve_command(root, [name])  # type: ignore[attr-defined]
    return partial(_print, command.get_help(command.context_class(command, parent=root, info_name=found)))


def _print(text: str) -> int:
    click.echo(text)
    return 0


def _print_manual(group: click.Command) -> int:
    click.echo(import_module("symback.cli.manual").page(group, DOES), nl=False)
    return 0
