"""Help, completion and widths: what the command line says of itself, and how wide it is."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from shutil import which

import click
import pytest

from symback import cli
from symback.cli import output
from symback.cli.completion import SHELLS
from symback.front_page import commands
from tests.running import Run, interruptible

WIDTHS = (40, 80, 120)
SHOWN = [
    ("help",), ("help", "backprop"), ("solve", "--help"), ("rules",), ("rules", "product rule"),
    ("rules", "--mistakes"),
    ("derive", "x^2 e^(3x) sin(x)/(x + 1)"), ("derive", "x^2 e^(3x)", "--detail", "full"),
    ("backprop", "d = 2b; e = a + d; L = c e", "--at", "a=3,b=1,c=-2", "--lr", "0.1"),
    ("gradient", "x y^2 + 3x^2 z", "--at", "x=1,y=0,z=2"), ("integrate", "x e^(x^2)"),
]  # fmt: skip


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("command", SHOWN, ids=" ".join)
def test_nothing_is_wider_than_the_terminal(
    symback: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, err = symback(*command)
    assert (code, err) == (0, "")
    wide = [line for line in out.splitlines() if len(line) > columns]
    assert [line for line in wide if not line.lstrip().startswith('"')] == []  # one argument, which is not broken


@pytest.mark.parametrize("columns", WIDTHS)
def test_no_short_bracket_is_broken(symback: Run, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    _, out, _ = symback("derive", "x^2 e^(3x) sin(x)/(x + 1)")
    assert "(x + 1)" in out
    assert "(x\n" not in out
    assert "[x\n" not in out


@pytest.mark.parametrize("name", commands())
def test_help_of_a_command(symback: Run, name: str) -> None:
    assert symback("help", name) == symback(name, "--help")


def test_help_without_a_command_is_the_front_page(symback: Run) -> None:
    code, out, _ = symback("help")
    assert code == 0
    assert all(f"\n  {name} " in out for name in commands())


def test_help_of_nothing(symback: Run) -> None:
    code, _, err = symback("help", "dervie")
    assert code == 2
    assert "symback derive" in err


def test_the_manual(symback: Run) -> None:
    code, out, _ = symback("help", "--man")
    assert (code, out[:13]) == (0, ".TH SYMBACK 1")
    assert all(f".SS symback {name} " in out for name in commands())


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("rules", "prodct rule"), "Did you mean: symback rules product rule"),
        (("rules", "--mistakes", "chain rule forgoten"), "symback rules --mistakes"),
        (("derve", "x"), "Did you mean: symback derive"),
    ],
)
def test_suggestions(symback: Run, command: tuple[str, ...], said: str) -> None:
    code, out, err = symback(*command)
    assert (code, out) == (2, "")
    assert said in err


def test_a_key_of_a_training_is_suggested(symback: Run, tmp_path: Path) -> None:
    file = tmp_path / "t.toml"
    file.write_text('graph = "p = w x; L = mse(p, y)"\ndata = {x = [0, 1], y = [1, 3]}\nlr = 0.1\n')
    code, _, err = symback("train", str(file))
    assert code == 3
    assert "Did you mean learning_rate?" in err


# --- completion ---


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_knows_commands_options_formats_and_rules(symback: Run, shell: str) -> None:
    code, out, err = symback("completion", shell)
    assert (code, err) == (0, "")
    for word in (*commands(), "detail", "notebook", "product", "numerator"):
        assert word in out
    runs = [
        line for line in out.splitlines() if line[:1] != "#" and "symback" in line and ("$(" in line or "`" in line)
    ]
    assert runs == []


COMPLETED = [
    (["ru"], ["rules"]),
    (["derive", "--format", "note"], ["notebook"]),
    (["backprop", "a = b", "--layout", "n"], ["numerator"]),
    (["rules", "quot"], ["quotient"]),
    (["solve", "--sho"], ["--show"]),
    (["completion", "z"], ["zsh"]),
    (["help", "gra"], ["gradient"]),
]


@pytest.mark.skipif(not which("bash"), reason="bash is not there")
def test_completion_in_bash(symback: Run, tmp_path: Path) -> None:
    file = tmp_path / "completion.sh"
    file.write_text(symback("completion", "bash").out)
    for words, found in COMPLETED:
        typed = " ".join(f"'{word}'" for word in ["symback", *words])
        script = f'source {file}; COMP_WORDS=({typed}); COMP_CWORD={len(words)}; _symback; echo "${{COMPREPLY[@]}}"'
        done = subprocess.run(
            [which("bash") or "", "-c", script], capture_output=True, text=True, check=True, env={"PATH": ""}
        )
        assert (done.stdout.split(), done.stderr) == (found, "")


@pytest.mark.skipif(not which("zsh"), reason="zsh is not installed")
def test_completion_in_zsh(symback: Run, tmp_path: Path) -> None:
    """Each line is typed in a terminal, Tab is pressed, and what the line has become is printed."""
    (tmp_path / "completion.zsh").write_text(symback("completion", "zsh").out)
    (tmp_path / "a-sheet.toml").touch()
    start = "PROMPT=; autoload -Uz compinit; compinit -u -D; source completion.zsh\n"
    cases = [*COMPLETED, (["solve", "a-sh"], ["a-sheet.toml"])]
    typed = "".join(f"{' '.join(['symback', *words])}\t\x01print -r -- '=='\n" for words, _ in cases)
    shown = in_a_terminal([which("zsh") or "", "-f", "-i"], f"{start}{typed}exit\n", tmp_path)
    found = [line.strip() for line in re.split("[\r\n]+", shown) if line.startswith("==")]
    assert found == [" ".join(["==symback", *words[:-1], *whole]) for words, whole in cases]


def in_a_terminal(command: Sequence[str], typed: str, folder: Path) -> str:
    """Return what a program shows in a terminal in which this is typed; it must end."""
    ours, theirs = pty.openpty()
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "ZDOTDIR": str(folder), "TERM": "dumb", "COLUMNS": "200"}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True, cwd=folder
    ):
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        with contextlib.suppress(OSError):  # which says that the other side is closed
            while chunk := os.read(ours, 4096):
                shown += chunk
    os.close(ours)
    return shown.decode(errors="replace")


@pytest.mark.skipif(not which("fish"), reason="fish is not installed")
def test_completion_in_fish(symback: Run, tmp_path: Path) -> None:
    (tmp_path / "completion.fish").write_text(symback("completion", "fish").out)
    (tmp_path / "a-sheet.toml").touch()
    cases = [*COMPLETED, (["solve", "a-sh"], ["a-sheet.toml"]), (["derive", "--format", ""], [])]
    asked = "; ".join(f"complete -C 'symback {' '.join(words)}'; echo ==" for words, _ in cases)
    done = subprocess.run(
        [which("fish") or "", "--no-config", "-c", f"source completion.fish; {asked}"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )  # fmt: skip
    found = [[line.partition("\t")[0] for line in part.split("\n") if line] for part in done.stdout.split("==\n")]
    assert found[: len(cases) - 1] == [whole for _, whole in cases[:-1]]
    assert {"html", "latex", "pdf"} <= set(found[len(cases) - 1])
    assert done.stderr == ""


def test_the_front_page_gives_way_to_completion() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "symback"],
        capture_output=True, text=True, env={"_SYMBACK_COMPLETE": "bash_source", "PATH": "/usr/bin:/bin"}, check=False,
    )  # fmt: skip
    assert "symback derive" not in done.stdout


# --- colours, browsers, watching ---


def test_error_is_marked_where_there_are_colours(
    symback: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    output.say("Error: a word")
    assert capfd.readouterr().err == "\x1b[38;5;131m\x1b[1mError:\x1b[0m a word\n"
    monkeypatch.setenv("NO_COLOR", "1")
    output.say("Error: a word")
    assert capfd.readouterr().err == "Error: a word\n"


def test_open_shows_the_page(symback: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[str] = []
    monkeypatch.setattr(click, "launch", opened.append)
    assert symback("derive", "x^2", "--open").code == 0
    assert symback("derive", "x^2", "-o", str(tmp_path / "a.pdf"), "--open").code == 0
    assert Path(opened[0]).read_text().startswith("<!doctype html>")
    assert opened[1] == str(tmp_path / "a.pdf")


@pytest.mark.slow
def test_watch_solves_again(tmp_path: Path) -> None:
    sheet, page = tmp_path / "s.toml", tmp_path / "out" / "s.html"
    sheet.write_text('[[problem]]\nkind = "derive"\nexpr = "x^2"\n')
    command = [sys.executable, "-m", "symback", "solve", str(sheet), "--out", str(page.parent), "--watch"]
    with interruptible(command, stderr=subprocess.DEVNULL) as run:
        _wait_for(lambda: page.is_file())
        before = page.read_text()
        time.sleep(0.1)
        sheet.write_text('[[problem]]\nkind = "derive"\nexpr = "sin x"\n')
        _wait_for(lambda: page.read_text() != before and "sin" in page.read_text())
        run.send_signal(2)
        assert run.wait(20) == cli.INTERRUPTED


def _wait_for(holds: object) -> None:
    for _ in range(300):
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError("nothing happened in 30 s")
