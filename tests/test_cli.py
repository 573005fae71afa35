"""The command line as its users meet it: what it reads, what it prints where, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest

from symback import cli
from symback.cli import arguments, output
from symback.front_page import commands, front_page
from tests.running import Result, Run, interruptible, takes_less_than

SYMBACK = [sys.executable, "-m", "symback"]


def process(*args: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run([*SYMBACK, *args], capture_output=True, text=True, check=False, timeout=60, **options)


# --- help ---


def test_the_front_page_and_the_commands_are_the_same() -> None:
    context = click.Context(cli.main)
    made = {name: cli.main.get_command(context, name) for name in commands()}
    assert {name: command.short_help for name, command in made.items() if command} == commands()
    assert set(cli.main.commands) == set(commands())
    assert cli.main.get_help(click.Context(cli.main)) + "\n" == front_page()


HELP = [["--help"], ["-h"], ["--version"], [], ["derive", "--help"], ["rules", "-h"]]


@pytest.mark.parametrize("args", HELP, ids=str)
def test_help_loads_neither_sympy_nor_numpy_nor_rich(args: list[str]) -> None:
    program = (
        "import sys; from symback.__main__ import run; code = run(sys.argv[1:]);"
        "print(sorted({'sympy', 'numpy', 'rich'} & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    assert done.stdout.strip()


def test_version() -> None:
    assert process("--version").stdout.startswith("symback 0.")


@pytest.mark.parametrize("name", commands())
def test_every_command_explains_itself_with_examples(symback: Run, name: str) -> None:
    code, out, _ = symback(name, "--help")
    assert code == 0
    assert f"symback {name} " in out.split("\n\n", 1)[1]


# --- what is an expression ---


@pytest.mark.parametrize(
    "args",
    [
        ("---3x",),
        ("-3x", "--wrt", "x"),
        ("-3*x", "--wrt", "x"),
        ("--wrt", "x", "-3*x"),
        ("--wrt=x", "-3x"),
        ("--wrt", "x", "--", "-3x"),
        (" -3x",),
    ],
)
def test_a_leading_minus_is_an_expression(symback: Run, args: tuple[str, ...]) -> None:
    code, out, _ = symback("derive", "--format", "json", *args)
    assert code == 0
    assert json.loads(out)["answer"]["sympy"] == "-3"


@pytest.mark.parametrize(("text", "answer"), [("-x", "-1"), ("-h^2", "-2*h"), ("-o^2", "-2*o"), ("-v*t", None)])
def test_a_minus_before_a_letter_is_no_option(symback: Run, text: str, answer: str | None) -> None:
    code, out, err = symback("derive", text, "--format", "json")
    if answer is None:
        assert code == 2
        assert "--wrt t" in err or "--wrt v" in err
    else:
        assert json.loads(out)["answer"]["sympy"] == answer


def test_a_misspelt_option_is_still_a_mistake(symback: Run) -> None:
    code, out, err = symback("derive", "x^2", "--wrtt", "x")
    assert (code, out) == (2, "")
    assert "--wrt" in err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["x^2"], 'symback derive "x^2"'),
        (["-3x"], 'symback derive "-3x"'),
        (["derrive", "x"], "Did you mean: symback derive"),
        (["derive", "2", "sin", "x"], '"2 sin x"'),
        (
            ["derive", "x", "--format", "docx"],
            "There is no format 'docx'; there are text, markdown, latex, json, html, typst, pdf, notebook, png.",
        ),
        (["derive", "x", "--order", "21"], "--order must be a whole number from 1 to 20, not 21."),
        (["derive", "x*y"], "--wrt"),
        (["directional", "x*y"], "--direction"),
        (["rules", "no such rule"], "no such rule"),
    ],
    ids=str,
)
def test_usage_errors(symback: Run, args: list[str], says: str) -> None:
    code, out, err = symback(*args)
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_several_variables_are_listed_where_wrt_is_missing(symback: Run) -> None:
    code, _, err = symback("derive", "a x^2 + b y")
    assert code == 2
    assert all(f"--wrt {name}" in err or name in err for name in "axby")


# --- reading input that is wrong ---

BAD = {
    "empty": "",
    "blank": "   ",
    "a sum without an end": "2 sin x +",
    "an open bracket": "sin(",
    "an unknown function": "foo(x)",
    "Python": "__import__('os')",
    "an attribute": "x.y",
    "a power too large": "9**9**9**9",
    "brackets": "(" * 4000 + "x" + ")" * 4000,
    "a zero-width space": "x\N{ZERO WIDTH SPACE}y",
    "right to left": "x\N{RIGHT-TO-LEFT OVERRIDE}+1",
    "no text": "x\x00y",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_bad_input_is_explained(symback: Run, text: str) -> None:
    code, out, err = symback("derive", "-", stdin=text)
    assert (code, out) == (3, "")
    assert 1 < len(err.splitlines()) <= 6, err
    assert "Traceback" not in err
    assert all(len(line) < 200 for line in err.splitlines())
    if text.strip():
        assert any(set(line) == {" ", "^"} or set(line) == {"^"} for line in err.splitlines()), err


HUGE = {"sum": "x+" * 500_000, "brackets": "(" * 10_000 + "x" + ")" * 10_000, "digits": "9" * 100_000}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_a_megabyte_is_refused_at_once(symback: Run, text: str) -> None:
    assert takes_less_than(4, lambda: symback("derive", stdin=text))
    code, out, err = symback("derive", stdin=text)
    assert (code, out) == (3, "")
    assert len(err) < 1000
    assert "10,000" in err or "10000" in err or "400" in err or "60" in err


@pytest.mark.parametrize("wrt", ["2", "x+y", "sin x", "", "x,,y", "f(x)", "__class__"])
def test_a_wrt_that_is_no_name(symback: Run, wrt: str) -> None:
    code, out, err = symback("derive", "x^2", "--wrt", wrt)
    assert (code, out) == (3, "")
    assert "Traceback" not in err
    assert "^" in err or not wrt


@pytest.mark.parametrize("at", ["x", "x=", "=2", "x=2=3", "2=x"])
def test_a_point_that_is_none(symback: Run, at: str) -> None:
    code, out, err = symback("derive", "x^2", "--at", at)
    assert (code, out) == (3, "")
    assert "Traceback" not in err


def test_a_tower_of_powers_never_hangs(symback: Run) -> None:
    assert takes_less_than(4, lambda: symback("derive", "9**9**9**9*x"))
    assert symback("derive", "9**9**9**9*x").code in (0, 3)


def test_an_error_as_json_is_an_object_on_stdout(symback: Run) -> None:
    code, out, err = symback("derive", "2 sin x +", "--format", "json")
    error = json.loads(out)
    assert code == 3
    assert error["schema"] == 1
    assert error["error"].keys() == {"code", "message", "at", "hint"}
    assert error["error"]["code"] == "parse"
    assert error["error"]["message"] in err


def test_bytes_that_are_no_text(symback: Run) -> None:
    code, _, err = symback("derive", stdin=b"x^2 + \xff\xfe\n")
    assert code == 3
    assert "^" in err


# --- answers ---


def answers(out: str) -> list[str]:
    """Return the answers of JSON lines, as SymPy writes them."""
    return [json.loads(line)["answer"]["sympy"] for line in out.splitlines()]


def test_stdout_holds_the_answer_and_nothing_else(symback: Run) -> None:
    code, out, err = symback("derive", "3*x**2*y", "--wrt", "x")
    assert (code, err) == (0, "")
    assert "6xy" in out
    assert "constant multiple rule" in out
    assert "power rule" in out
    assert "verified" in out


def test_one_derivation_for_each_wrt(symback: Run) -> None:
    code, out, err = symback("derive", "x^3 y^2", "--wrt", "x", "--wrt", "y", "--format", "json")
    assert code == 0
    assert answers(out) == ["3*x**2*y**2", "2*x**3*y"]
    assert "mixed" not in err


def test_the_mixed_derivative_says_that_it_is_one(symback: Run) -> None:
    code, out, err = symback("derive", "x^3 y^2", "--wrt", "x,y", "--format", "json")
    assert code == 0
    assert answers(out) == ["6*x**2*y"]
    assert "by x, then by y" in err
    assert "--wrt x --wrt y" in err


@pytest.mark.parametrize("wrt", [["--wrt", "x,y"], ["--wrt", "x", "--wrt", "y"]])
def test_for_a_gradient_both_spellings_list_the_variables(symback: Run, wrt: list[str]) -> None:
    code, out, err = symback("gradient", "x^3 y^2 z", *wrt, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["wrt"] == ["x", "y"]


def test_a_wrt_that_does_not_occur_gives_zero_with_a_note(symback: Run) -> None:
    code, out, err = symback("derive", "x^2", "--wrt", "t", "--format", "json")
    assert code == 0
    assert answers(out) == ["0"]
    assert err.startswith("note: ")


def test_notes_are_on_stderr_and_in_the_json(symback: Run) -> None:
    code, out, err = symback("derive", "1/2x", "--format", "json")
    (note,) = json.loads(out)["notes"]
    assert code == 0
    assert err == f"note: {note}\n"


def test_declared_names(symback: Run) -> None:
    code, out, _ = symback("derive", "loss^2 rate", "--symbols", "loss,rate", "--wrt", "loss", "--format", "json")
    assert code == 0
    assert answers(out) == ["2*loss*rate"]


def test_wrt_declares_its_name(symback: Run) -> None:
    code, out, _ = symback("derive", "e^2 + lambda", "--wrt", "e", "--format", "json")
    assert code == 0
    assert answers(out) == ["2*e"]


def test_order(symback: Run) -> None:
    assert answers(symback("derive", "x^4", "--order", "2", "--format", "json").out) == ["12*x**2"]


def test_at_a_point(symback: Run) -> None:
    for at in (["--at", "x=2,y=1"], ["--at", "x=2", "--at", "y=1"]):
        code, out, _ = symback("derive", "x^2 y", "--wrt", "x", "--format", "json", *at)
        assert code == 0
        assert answers(out) == ["4"]


def test_strategies(symback: Run) -> None:
    literal = symback("derive", "x^2/y", "--wrt", "x", "--strategy", "literal", "--format", "json")
    textbook = symback("derive", "x^2/y", "--wrt", "x", "--format", "json")
    rules = [{step["rule"] for step in json.loads(result.out)["steps"]} for result in (literal, textbook)]
    assert "quotient rule" in rules[0] - rules[1]
    assert answers(literal.out) == answers(textbook.out) == ["2*x/y"]


def test_inner_functions_by_name(symback: Run) -> None:
    code, out, _ = symback("derive", "p = 0.5 o; o = -x + 0.5y^2", "--wrt", "y")
    assert code == 0
    assert "0.5y" in out


def test_a_jacobian_of_several_arguments_or_one(symback: Run) -> None:
    one = symback("jacobian", "x^2 y; 5x + sin y", "--format", "json")
    two = symback("jacobian", "x^2 y", "5x + sin y", "--format", "json")
    assert one.code == two.code == 0
    assert json.loads(one.out)["answer"] == json.loads(two.out)["answer"]


@pytest.mark.parametrize("direction", ["3,4", "(3, 4)", "3/5,4/5", "[3,4]"])
def test_a_direction_may_be_written_in_several_ways(symback: Run, direction: str) -> None:
    code, out, _ = symback(
        "directional", "x^2/2 + y^2", "--direction", direction, "--at", "x=1,y=1", "--format", "json"
    )
    assert code == 0
    assert "11/5" in json.dumps(json.loads(out)["answer"])


@pytest.mark.parametrize("direction", ["-1,2", "-sqrt(2), -1/2"])
def test_a_direction_may_begin_with_a_minus(symback: Run, direction: str) -> None:
    assert symback("directional", "x y", "--direction", direction).code == 0


@pytest.mark.parametrize(("direction", "code"), [("1,2,3", 2), ("0,0", 2), ("1,", 3), ("1,+", 3)])
def test_a_direction_that_is_none(symback: Run, direction: str, code: int) -> None:
    assert symback("directional", "x y", "--direction", direction).code == code


@pytest.mark.parametrize("command", ["derive", "gradient", "hessian", "jacobian"])
@pytest.mark.parametrize("to", ["text", "markdown", "latex", "json"])
@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_every_format_of_every_command(symback: Run, command: str, to: str, detail: str) -> None:
    code, out, err = symback(command, "x^2 sin x", "--format", to, "--detail", detail, "--at", "x=0")
    assert (code, err) == (0, "")
    assert out.endswith("\n")


# --- standard input and files ---


def test_each_line_of_standard_input_is_a_problem(symback: Run) -> None:
    code, out, _ = symback("derive", "-", "--format", "json", stdin="x^2\n\n  x^3\r\n-x")
    assert code == 0
    assert answers(out) == ["2*x", "3*x**2", "-1"]


def test_a_bad_line_does_not_stop_the_rest(symback: Run) -> None:
    code, out, err = symback("derive", "--format", "json", stdin="x^2\nx+\nx^3\n")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 4
    assert ["error" in line for line in lines] == [False, True, False]
    assert err.startswith("line 2:")


def test_a_mark_of_byte_order_is_skipped(symback: Run) -> None:
    assert symback("derive", stdin=b"\xef\xbb\xbfx^2\n").code == 0


def test_no_expression_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    with pytest.raises(click.UsageError, match="Give an expression"):
        next(arguments.problems(()))


def test_a_file_is_written_whole_and_never_replaced_unasked(symback: Run, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    assert symback("derive", "x^2", "-o", str(path)) == Result(0, "", "")
    assert json.loads(path.read_text())["answer"]["text"] == "2x"
    code, out, err = symback("derive", "x^3", "-o", str(path))
    assert (code, out) == (2, "")
    assert "--force" in err
    assert json.loads(path.read_text())["answer"]["text"] == "2x"
    assert symback("derive", "x^3", "-o", str(path), "--force").code == 0
    assert json.loads(path.read_text())["answer"]["text"] == "3x^2"
    assert [p.name for p in tmp_path.iterdir()] == ["answer.json"]


SUFFIXES = [("a.tex", r"\begin{align*}"), ("a.md", "$"), ("a.txt", "power rule"), ("a", "power rule")]


@pytest.mark.parametrize(("name", "has"), SUFFIXES)
def test_the_name_of_the_file_says_the_format(symback: Run, tmp_path: Path, name: str, has: str) -> None:
    symback("derive", "x^2", "-o", str(tmp_path / name))
    assert has in (tmp_path / name).read_text(encoding="utf-8")


def test_a_failed_problem_leaves_no_file(symback: Run, tmp_path: Path) -> None:
    assert symback("derive", "x +", "-o", str(tmp_path / "a.txt")).code == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", [".", "missing/a.txt"])
def test_a_place_that_cannot_be_written(symback: Run, tmp_path: Path, where: str) -> None:
    code, out, err = symback("derive", "x", "-o", str(tmp_path / where))
    assert (code, out) == (2, "")
    assert "Error:" in err


# --- how a run ends ---


@pytest.mark.parametrize("pause", [0.0, 0.01], ids=["works", "waits"])
def test_a_problem_has_five_seconds(symback: Run, monkeypatch: pytest.MonkeyPatch, pause: float) -> None:
    """Processor time counts; what only waits is ended by the clock, ten times as late."""

    def forever(*_: Any, **__: Any) -> None:
        while True:
            with contextlib.suppress(Exception):  # an engine that swallows errors must not swallow the alarm
                time.sleep(pause) if pause else None

    start = time.monotonic()
    monkeypatch.setattr("symback.problems.exercises.expressions.derive", forever)
    monkeypatch.setattr(output, "SECONDS", 0.2)
    code, out, err = symback("derive", "x^2")
    assert (code, out) == (3, "")
    assert "0.2 s" in err
    assert "5 s and 1 GiB" in err
    assert time.monotonic() - start > 2 or not pause


def test_waiting_for_a_busy_machine_is_no_work(symback: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    derive = sys.modules["symback.calculus.derive"].derive

    def slow(*given: Any, **options: Any) -> Any:
        time.sleep(0.7)
        return derive(*given, **options)

    monkeypatch.setattr("symback.problems.exercises.expressions.derive", slow)
    monkeypatch.setattr(output, "SECONDS", 0.5)
    assert symback("derive", "x^2").code == 0


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (MemoryError(), 3, "more memory"),
        (RecursionError(), 3, "nested too deeply"),
        (ZeroDivisionError("oh"), 1, "This is a bug in symback: ZeroDivisionError: oh (test_cli.py:"),
    ],
)
def test_no_failure_ends_in_a_traceback(
    symback: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, says: str
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("symback.problems.exercises.expressions.derive", broken)
    result = symback("derive", "x^2")
    assert (result.code, result.out) == (code, "")
    assert says in result.err
    assert "Traceback" not in result.err


def test_an_unknown_function_fails_where_no_rule_is_given(symback: Run) -> None:
    code, out, err = symback("derive", "foobar(x)")
    assert (code, out) == (3, "")
    assert "foobar" in err


def test_the_console_entry_leaves_with_the_code_and_everything_printed() -> None:
    done = process("derive", "x^2")
    assert done.returncode == 0
    assert "2x" in done.stdout
    assert process("derive", "x +").returncode == 3


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_control_c_ends_with_130() -> None:
    pipe = subprocess.PIPE
    with interruptible([*SYMBACK, "derive"], stdin=pipe, stdout=pipe, stderr=pipe) as run:
        assert run.stdin
        assert run.stdout
        run.stdin.write(b"x^2\n")
        run.stdin.flush()
        run.stdout.readline()  # the first answer is there: it waits for more
        run.send_signal(signal.SIGINT)
        assert run.wait(20) == 130
        assert run.stderr
        assert b"Traceback" not in run.stderr.read()


@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_a_reader_that_leaves_is_no_failure() -> None:
    done = subprocess.run(
        ["bash", "-c", f'set -o pipefail; yes "x^2" | head -40 | "{sys.executable}" -m symback derive | head -1'],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    ("arguments", "code"), [(["derive", "x^2"], 2), (["--help"], 1), (["--version"], 1), (["derive", "--help"], 2)]
)
def test_a_full_disk_is_said_in_a_sentence(arguments: list[str], code: int) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*SYMBACK, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert done.returncode == code
    assert done.stderr.startswith("Error: The answer cannot be written: ")
    assert len(done.stderr.splitlines()) == 1


def test_output_that_is_no_utf8_still_prints() -> None:
    done = process("derive", "x^2 y", "--wrt", "x", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "2xy" in done.stdout


def test_no_colours_in_a_pipe() -> None:
    assert "\x1b" not in process("derive", "x^2").stdout


# --- rules ---


def test_rules_prints_every_law(symback: Run) -> None:
    from symback.calculus.laws import RULES

    code, out, err = symback("rules")
    assert (code, err) == (0, "")
    assert all(rule.name in out for rule in RULES)
    assert "D(u*v)" in out


def test_one_rule_with_an_example(symback: Run) -> None:
    code, out, _ = symback("rules", "product rule")
    assert code == 0
    assert "D(u*v) = D(u)*v + u*D(v)" in out
    assert "verified" in out


def test_a_rule_is_found_by_a_part_of_its_name(symback: Run) -> None:
    assert symback("rules", "Product").out == symback("rules", "product rule").out


@pytest.mark.parametrize(
    ("name", "begins", "holds"),
    [
        ("a.html", b"<!doctype html>", b"product rule"),
        ("a.typ", b"// ", b"product rule"),
        ("a.pdf", b"%PDF-", b"/StructTreeRoot"),
        ("a.ipynb", b"{", b"product rule"),
    ],
)
def test_a_derivation_is_a_document_of_its_own(
    symback: Run, tmp_path: Path, name: str, begins: bytes, holds: bytes
) -> None:
    path = tmp_path / name
    code, out, _ = symback("derive", "x^2 e^(3x)", "-o", str(path))
    assert (code, out) == (0, "")
    written = path.read_bytes()
    assert written.startswith(begins)
    assert holds in written


def test_several_problems_make_one_document(symback: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    code, _, _ = symback("derive", "-o", str(path), stdin="x^2\nx^3\n")
    assert code == 0
    assert path.read_text().count("<h1") == 1
    assert path.read_text().count("<h2") == 2


# --- files ---


ENDINGS = [  # an ending, and with what such a file begins
    (".txt", b"  d/dx"), (".md", b"$$"), (".tex", b"\\begin"), (".json", b"{"), (".html", b"<!doctype"),
    (".htm", b"<!doctype"), (".typ", b"//"), (".pdf", b"%PDF"), (".ipynb", b"{"), (".png", b"\x89PNG"), ("", b"  d/dx"),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "begins"), ENDINGS)
def test_the_ending_says_the_format(symback: Run, tmp_path: Path, ending: str, begins: bytes) -> None:
    file = tmp_path / f"slope{ending}"
    assert symback("derive", "x^2", "-o", str(file)) == (0, "", "")
    assert file.read_bytes().startswith(begins)


@pytest.mark.parametrize("command", [("derive", "x^2"), ("rules",), ("check", "d/dx [x^2]", "2x")])
def test_an_unknown_ending_is_refused(symback: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    code, out, err = symback(*command, "-o", str(tmp_path / "slope.xyz"))
    assert (code, out) == (2, "")
    assert "No format has the ending '.xyz'; there are .txt, .md, " in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (
            ("derive", "x^2 e^x", "--at", "x=2"),
            ["Differentiate", "Then find its value at", "Answer", "product rule", "Check"],
        ),
        (
            ("gradient", "x^2 + 3y^2", "--at", "x=1,y=1"),
            ["Find the gradient of", "Answer", "<svg", "sum rule", "Check"],
        ),
        (
            ("backprop", "d = 2b; L = d^2", "--at", "b=1"),
            ["by backpropagation", "Take", "Answer", "<svg", "Backward", "Check"],
        ),
        (("integrate", "x e^(x^2)"), ["Answer", "substitution", "Check"]),
        (("gradient", "x y z"), ["Find the gradient of", "Answer", "Check"]),  # of three variables there is no picture
    ],
)
def test_a_page_of_its_own_is_that_of_a_sheet_with_one_problem(
    symback: Run, command: tuple[str, ...], shown: list[str]
) -> None:
    code, out, _ = symback(*command, "--format", "html")
    body = out[out.index("<body") :]
    places = [body.find(words) for words in shown]
    assert (code, places) == (0, sorted(places))
    assert -1 not in places
    assert '<h2 id="problem-0-title"><span class="title">Problem</span>' in body


def test_several_questions_on_a_page_have_numbers(symback: Run) -> None:
    _, out, _ = symback("derive", "--format", "html", stdin="x^2\nx^3\n")
    assert [f'<span class="number">{n}.</span>' in out for n in (1, 2, 3)] == [True, True, False]


def test_a_contour_is_drawn(symback: Run) -> None:
    code, out, _ = symback("gradient", "x^2 + 3y^2", "--at", "x=1,y=1", "--format", "svg")
    assert code == 0
    assert out.startswith("<svg")
    assert "at (1, 1) the gradient is (2, 6)" in out
    code, out, err = symback("gradient", "x y z", "--format", "svg")
    assert (code, out) == (2, "")
    assert "one function of two variables" in err
