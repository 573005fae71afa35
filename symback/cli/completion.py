r"""Completion in bash, zsh and fish: scripts that know every command, option and word, and run nothing to complete.

A script is made from the commands of click when it is asked for, so that pressing Tab neither waits for Python nor can
do anything but read the names of files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import click

FILES = ("output", "files", "given", "values")  # the options that are followed by the name of a file
FOLDERS = ("out",)


class Flag(NamedTuple):
    """An option: its spellings, what it is for, what may follow: nothing, words, a file or a folder."""

    spelled: tuple[str, ...]
    says: str
    words: tuple[str, ...] = ()
    takes: str = ""  # "", "word", "file" or "folder"


class Entry(NamedTuple):
    """A command: its name, what it does, its options, and the words that may stand without one."""

    name: str
    says: str
    flags: tuple[Flag, ...]
    words: tuple[str, ...] = ()


def script(shell: str, group: click.Group, words: dict[str, Sequence[str]]) -> str:
    """Return the script for a shell; `words` are those that commands take without an option."""
    context = click.Context(group, info_name="symback")
    entries = list(_entries(group, context, words))
    return SHELLS[shell](entries)


def _entries(group: click.Group, context: click.Context, words: dict[str, Sequence[str]]) -> Iterator[Entry]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None:
            inner = click.Context(command, parent=context, info_name=name)
            flags = tuple(_flag(param, inner) for param in command.get_params(inner) if isinstance(param, click.Option))
            yield Entry(name, _plain(command.get_short_help_str(200)), flags, tuple(words.get(name, ())))


def _flag(option: click.Option, context: click.Context) -> Flag:
    says = _plain((option.help or "").partition("  ")[0])
    spelled = tuple(one for one in option.opts if one.startswith("-"))
    if option.is_flag or option.count:
        return Flag(spelled, says)
    words = tuple(item.value for item in option.shell_complete(context, "") if item.type == "plain")
    takes = "file" if option.name in FILES else "folder" if option.name in FOLDERS else "word"
    return Flag(spelled, says, words, takes)


def _plain(words: str) -> str:
    """Return words without the signs that mean something in a quoted description, in one line.

    >>> _plain("brief: few lines; 'full' [all] (each step)")
    'brief, few lines; full all (each step)'
    """
    kept = "".join(c if c.isalnum() or c in " .,;()-/=+" else " " for c in words.replace(": ", ", "))
    return " ".join(kept.split())


# --- bash -----------------------------------------------------------------------------------------------------------

_BASH = """\
# Completion of symback for bash: eval "$(symback completion bash)"
_symback() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" command="${{COMP_WORDS[1]}}"
    local words=""
    COMPREPLY=()
    if [ "$COMP_CWORD" -le 1 ]; then
        COMPREPLY=($(compgen -W "{commands}" -- "$current"))
        return
    fi
    case "$command $before" in
{values}
    esac
    case "$command" in
{options}
    esac
    if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}}
complete -o bashdefault -o default -F _symback symback
"""


def _bash(entries: Sequence[Entry]) -> str:
    names = " ".join([entry.name for entry in entries] + ["--help", "--version"])
    values = "\n".join(
        f"        {_patterns(entry, flag)}) {_bash_value(flag)}; return ;;"
        for entry in entries
        for flag in entry.flags
        if flag.takes
    )
    options = "\n".join(f"        {entry.name}) {_bash_words(entry)} ;;" for entry in entries)
    return _BASH.format(commands=names, values=values, options=options)


def _patterns(entry: Entry, flag: Flag) -> str:
    return "|".join(f'"{entry.name} {spelled}"' for spelled in flag.spelled)


def _bash_value(flag: Flag) -> str:
    if flag.words:
        return f'COMPREPLY=($(compgen -W "{" ".join(flag.words)}" -- "$current"))'
    if flag.takes == "folder":
        return 'COMPREPLY=($(compgen -d -- "$current"))'
    return 'COMPREPLY=($(compgen -f -- "$current"))' if flag.takes == "file" else ":"


def _bash_words(entry: Entry) -> str:
    flags = " ".join(spelled for flag in entry.flags for spelled in flag.spelled)
    plain = f'else words="{" ".join(entry.words)}"; ' if entry.words else ""
    return f'if [[ "$current" == -* ]]; then words="{flags}"; {plain}fi'


# --- zsh ------------------------------------------------------------------------------------------------------------

_ZSH = """\
#compdef symback
# Completion of symback for zsh: eval "$(symback completion zsh)", or a file _symback in a folder of $fpath
_symback() {{
    local -a commands
    commands=(
{commands}
    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    local command="${{words[2]}}"
    shift words
    (( CURRENT-- ))
    case "$command" in
{options}
    esac
}}
if [ "${{funcstack[1]}}" = _symback ]; then _symback "$@"; else compdef _symback symback; fi
"""


def _zsh(entries: Sequence[Entry]) -> str:
    commands = "\n".join(f"        '{entry.name}:{entry.says}'" for entry in entries)
    options = "\n".join(_zsh_command(entry) for entry in entries)
    return _ZSH.format(commands=commands, options=options)


def _zsh_command(entry: Entry) -> str:
    rest = f"'*:name:({' '.join(entry.words)})'" if entry.words else "'*:file:_files'"
    lines = [f"'*{spelled}[{flag.says}]{_zsh_value(flag)}'" for flag in entry.flags for spelled in flag.spelled]
    return f"        {entry.name}) _arguments {' '.join([*lines, rest])} ;;"


def _zsh_value(flag: Flag) -> str:
    if not flag.takes:
        return ""
    if flag.words:
        return f":value:({' '.join(flag.words)})"
    return {"file": ":file:_files", "folder": ":folder:_files -/", "word": ":value: "}[flag.takes]


# --- fish -----------------------------------------------------------------------------------------------------------


def _fish(entries: Sequence[Entry]) -> str:
    lines = ["# Completion of symback for fish: symback completion fish > ~/.config/fish/completions/symback.fish"]
    lines += [f"complete -c symback -n __fish_use_subcommand -f -a {e.name} -d '{e.says}'" for e in entries]
    for entry in entries:
        chosen = f"complete -c symback -n '__fish_seen_subcommand_from {entry.name}'"
        lines += [f"{chosen} {_fish_flag(flag)}" for flag in entry.flags]
        if entry.words:
            lines.append(f"{chosen} -f -a '{' '.join(entry.words)}'")
    return "\n".join(lines) + "\n"


def _fish_flag(flag: Flag) -> str:
    names = [f"-l {s[2:]}" if s.startswith("--") else f"-s {s[1:]}" for s in flag.spelled]
    takes = {"": "", "word": " -x", "file": " -r -F", "folder": " -x -a '(__fish_complete_directories)'"}[flag.takes]
    words = f" -a '{' '.join(flag.words)}'" if flag.words else ""
    return f"{' '.join(names)}{takes}{words} -d '{flag.says}'"


SHELLS: dict[str, Callable[[Sequence[Entry]], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
