"""Problem files as they are read: what becomes of every key, and every fault at its line and column."""

from __future__ import annotations

import pickle
from decimal import Decimal
from pathlib import Path

import pytest

from symback.problems import FileFaults, Problem, Sheet, faults_of, files_of, read_sheets
from symback.problems.reading import inspect
from symback.problems.registry import kind as kind_of
from symback.problems.registry import names
from tests.problems.writing import Write

DERIVE = 'kind = "derive"\nexpr = "x^2"\n'
HEAD = '[[problem]]\nkind = "derive"\nexpr = "x^2"\n'  # three lines
SHEET = """\
title = "Slopes"
text = "Differentiate."
language = "en-GB"

[[problem]]
id = "a-power"
title = "A  power"
kind = "derive"
text = "What is $f'$?"
points = 2.5
hints = "The rule."
expr = 'loss^3'
wrt = ["loss"]
symbols = ["loss"]
at = {loss = 2.50, other = "1/2"}
picture = ["contour", "graph", "contour"]
detail = "full"
answer = '3loss^2'

[[problem]]
kind = "matrix"
values = {W = [[1, 2], [3, "1/2"]], x = [1, -1]}
expr = ['W x', 'x . x']
answer = ["refused", 2]
"""


def read(path: Path) -> Sheet:
    (sheet,) = read_sheets(path)
    return sheet


# --- what is read ----------------------------------------------------------------------------------------------------


def test_a_sheet(write: Write) -> None:
    path = write(SHEET)
    sheet = read(path)
    assert (sheet.file, sheet.path) == (str(path), path)
    assert (sheet.title, sheet.text, sheet.language) == ("Slopes", "Differentiate.", "en-GB")
    assert (sheet.variant, sheet.notes, sheet.template) == (None, None, None)
    first, second = sheet.problems
    assert first == Problem(
        id="a-power", number=1, title="A power", kind="derive", text="What is $f'$?", points=2.5, hints=("The rule.",),
        pictures=("contour", "graph"), answer="3loss^2", symbols=("loss",), detail="full", file=str(path), line=5,
        asked={"expr": "loss^3", "wrt": ["loss"], "at": {"loss": Decimal("2.50"), "other": "1/2"}},
    )  # fmt: skip
    assert (second.id, second.number, second.points, second.line) == ("p2", 2, None, 20)
    assert second.asked == {"values": {"W": [[1, 2], [3, "1/2"]], "x": [1, -1]}, "expr": ["W x", "x . x"]}
    assert second.answer == ["refused", 2]


def test_decimals_keep_their_digits(write: Write) -> None:
    """An answer of 2.00 is checked to two places."""
    (problem,) = read(write("[[problem]]\n" + DERIVE + "answer = 2.00\n")).problems
    assert str(problem.answer) == "2.00"


def test_a_sheet_travels_to_a_worker(write: Write) -> None:
    sheet = read(write(SHEET))
    assert pickle.loads(pickle.dumps(sheet)) == sheet


def test_what_a_sheet_needs_not_say(write: Write) -> None:
    sheet = read(write("[[problem]]\n" + DERIVE, "chain-rule.toml"))
    assert (sheet.title, sheet.text, sheet.language) == ("chain-rule", "", "en")
    (problem,) = sheet.problems
    assert problem == Problem("p1", 1, "", "derive", asked={"expr": "x^2"}, file=sheet.file, line=1)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_mark_of_byte_order(write: Write, mark: str, ends: str) -> None:
    text = (mark + SHEET).replace("\n", ends)
    assert read(write(text)).problems[1].line == 20
    (fault,) = faults_of(write(text.replace('kind = "matrix"', 'kind = "matrx"')))
    assert (fault.line, fault.column, fault.message) == (21, 8, "There is no kind 'matrx'.")


# fmt: off
KEYS_OF_KINDS = {
    "text": "",
    "choice": "expr = 'x^2'\nwrt = 'x'\norder = 1\nat = {x = 1}\ngiven = {'f(1)' = 2}\nassume = 'x > 0'\n"
              "options = ['2', '3']",
    "show": "left = 'd/dx [f(x)]'\nright = '2x'\nwhere = 'f(x) = x^2'\nassume = 'x > 0'",
    "derive": "expr = 'x y'\nwrt = 'x,y'\norder = 1\nat = {x = 1}\nstrategy = 'literal'\ndifferences = true\n"
              "mistake = 'forgot the inner derivative'\nalternatives = false\ngiven = {f = {1 = 2}}\n"
              "assume = 'x > 0'\nways = ['y x']\nof = 'x'\ninverse = false",
    "check": "working = '''\nd/dx [x^2]\n= 2x'''\ngiven = 'y = x^2'",
    "gradient": "expr = 'p = o^2; o = x + y'\nwrt = ['x', 'y']\nat = {x = '1/2', y = -2}\nlayout = 'numerator'",
    "jacobian": "graph = '''\nx: 2\ny = 2x'''\nof = 'y'\nwrt = 'x'\nat = {x = [1, 2]}\nlayout = 'denominator'",
    "hessian": "graph = '''\nx: 2\nL = norm2(x)'''\nloss = 'L'\nwrt = 'x'\nat = {x = [1, 2]}",
    "directional": "expr = 'x y'\ndirection = ['1/2', 3]\nwrt = ['x', 'y']\nat = {x = 1, y = 2}",
    "evaluate": "expr = 'x^2'\nat = {x = 'sqrt(2)'}\ngiven = {'f(1)' = 2}\nassume = 'x > 0'",
    "backprop": "graph = 'L = w x'\nat = [{w = 1, x = 2}, {w = 2, x = [1, 2]}]\nwrt = ['w']\nloss = 'L'\n"
                "learning_rate = '1/10'\nlayout = 'numerator'\nexact = true\nfunction = false\nforward_only = false\n"
                "assume = ['sum(w) = 1']\ngiven = {'dL/dz' = [1, 2]}",
    "train": "graph = 'L = mse(w x, y)'\nconstants = {y = [1]}\nparameters_start = {w = 0}\nloss = 'L'\n"
             "data = {file = 'points.csv', x = ['a', 'b']}\nmethod = 'mini-batch'\nbatch = 2\nlearning_rate = 0.1\n"
             "momentum = 0.9\nadam = false\nepochs = 10\ntolerance = 1e-9\npatience = 5\nseed = 1\naxis = 0\n"
             "validation = 0.25\naccuracy = 'p'\nlabels = 'y'\nbest = true\nshow = 'steps'",
    "matrix": "values = {W = [[1]], x = [2]}\nexpr = 'W x'",
    "extrema": "expr = 'x^2'\nwrt = 'x'\non = [0, '1/2']\nsubject_to = 'x = 1'",
    "limit": "expr = '1/x'\nto = {x = 0}\nside = 'left'",
    "integrate": "expr = 'x^2'\nwrt = 'x'\nfrom = 0\nto = '1/2'",
    "implicit": "expr = 'x^2 + y^2 = 25'\nwrt = 't'\nof = 'y'\norder = 1\nat = {x = 3, y = 4}\nrates = {x = 2}",
    "tangent": "expr = 'x^2'\nat = {x = 2}\nnormal = true\nnear = {x = '2.1'}",
    "taylor": "expr = 'e^x'\nabout = {x = 0}\norder = 3",
}
# fmt: on


@pytest.mark.parametrize("kind", names())
def test_every_key_of_every_kind(write: Write, kind: str) -> None:
    path = write(f"[[problem]]\nkind = '{kind}'\n{KEYS_OF_KINDS[kind]}\n")
    assert inspect(path, mathematics=False).faults == ()  # together these keys ask nothing that makes sense
    (problem,) = read(path).problems
    own = set(kind_of(kind).fields)
    without = {"jacobian": {"expr"}, "hessian": {"expr"}, "choice": {"distractors"}, "show": {"graph", "at"}}
    missing = without.get(kind, set())
    assert set(problem.asked) == own - missing


def test_an_integral_may_be_called_so(write: Write) -> None:
    (problem,) = read(write("[[problem]]\nkind = 'integral'\nexpr = 'x^2'\n")).problems
    assert problem.kind == "integrate"


# fmt: off
WITHOUT_KIND = [
    ("expr = 'x^2'", "derive"), ("expr = 'x y'\nwrt = 'x'\nat = {x = 1}", "derive"),
    ("expr = ['x', 'x y']", "jacobian"), ("expr = 'x'\ndirection = [1]", "directional"),
    ("graph = 'L = w x'", "backprop"), ("graph = 'L = w x'\nat = {x = [1]}", "backprop"),
    ("graph = 'L = w x'\ndata = {x = [1]}", "train"), ("graph = 'L = w x'\nepochs = 3", "train"),
    ("graph = 'x: 2; y = 2x'\nof = 'y'\nwrt = 'x'", "jacobian"), ("values = {W = [[1]]}\nexpr = 'W W'", "matrix"),
]
# fmt: on


@pytest.mark.parametrize(("keys", "kind"), WITHOUT_KIND, ids=[keys for keys, _ in WITHOUT_KIND])
def test_the_keys_say_the_kind(write: Write, keys: str, kind: str) -> None:
    path = write(f"[[problem]]\n{keys}\n")
    assert faults_of(path) == ()
    assert [problem.kind for problem in read(path).problems] == [kind]


def test_the_functions_of_a_jacobian(write: Write) -> None:
    for expr in ("['x y', 'x + y']", "'u = x y; v = x + y'", "'''\nx y\nx + y\n'''"):
        assert faults_of(write(f"[[problem]]\nkind = 'jacobian'\nexpr = {expr}\n")) == ()


# --- expressions -----------------------------------------------------------------------------------------------------

# fmt: off
EXPRESSIONS: list[tuple[str, str]] = [  # where the caret stands, and a part of what is said
    ("kind = 'derive'\nexpr = 'x + ) y'", "expr = 'x ^"),
    ("kind = 'derive'\nexpr = '''\nx + )\n'''", "x ^"),
    ('kind = "derive"\nexpr = "\\\\frac{x}{2} + )"', 'expr = "\\\\frac{x}{2} ^'),
    ("kind = 'gradient'\nexpr = 'x'\nwrt = ['x', '2']", "wrt = ['x', '^"),
    ("kind = 'gradient'\nexpr = 'x'\nat = {x = '1/'}", "at = {x = '1^"),
    ("kind = 'gradient'\nexpr = 'x'\nanswer = {x = '1 +'}", "answer = {x = '1 ^"),
    ("kind = 'hessian'\nexpr = 'x'\nanswer = [['1', '(x'], ['1', '2']]", "answer = [['1', '^"),
    ("kind = 'jacobian'\nexpr = ['x', 'y + )']", "expr = ['x', 'y ^"),
    ("kind = 'jacobian'\nexpr = 'x; y +'", "expr = 'x; y ^"),
    ("kind = 'directional'\nexpr = 'x'\ndirection = ['1/', 2]", "direction = ['1^"),
    ("kind = 'directional'\nexpr = 'x'\ndirection = '(1, 2/)'", "direction = '(1, 2^"),
    ("kind = 'gradient'\nexpr = 'x y'\nanswer = '[y, x +]'", "answer = '[y, x ^"),
    ("kind = 'backprop'\ngraph = '''\nd = 2b\ne = a + (\n'''", "e = a + ^"),
    ("kind = 'backprop'\ngraph = 'L = x'\nanswer.forward = {L = 'x +'}", "answer.forward = {L = 'x ^"),
    ("kind = 'backprop'\ngraph = 'L = x'\nloss = '2'", "loss = '^"),
    ("kind = 'train'\ngraph = 'L = w'\nparameters_start = {w = 'x y z)'}", "parameters_start = {w = 'x y z^"),
    ("kind = 'derive'\nexpr = '{{a}}x + )'\nparameters = {a = {choice = [-12]}}", "expr = '{{a}}x ^"),
]
# fmt: on


@pytest.mark.parametrize(("keys", "caret"), EXPRESSIONS, ids=[caret for _, caret in EXPRESSIONS])
def test_an_expression_with_a_typing_error(write: Write, keys: str, caret: str) -> None:
    """The fault stands where the caret of the parser does, in the file's own line and column."""
    text = f"[[problem]]\n{keys}\n"
    (fault,) = faults_of(write(text))
    before = caret.removesuffix("^")
    line = next(i for i, line in enumerate(text.split("\n"), 1) if line.startswith(before))
    assert (fault.line, fault.column - 1) == (line, len(before))
    assert fault.message
    assert read(write(text)).problems  # such a problem fails alone, when it is worked


def test_a_fault_shows_its_line_with_a_caret(write: Write) -> None:
    path = write("[[problem]]\nkind = 'derive'\n\texpr = 'x + foo(y)'\n")
    (fault,) = faults_of(path)
    shown = fault.explain().split("\n")
    assert shown[0].startswith(f"{path}:3:14: ")
    assert shown[1:3] == ["     expr = 'x + foo(y)'", "                 ^^^"]


@pytest.mark.parametrize("answer", ["'[y, x]'", "'(y, max(x, 1))'", "'(x + 1)(x - 1)'", "'1e-3'", "1e-3", "['y', 'x']"])
def test_answers_that_are_read(write: Write, answer: str) -> None:
    assert faults_of(write(f"[[problem]]\nkind = 'gradient'\nexpr = 'x y'\nanswer = {answer}\n")) == ()


def test_names_of_several_letters_may_be_used_where_they_are_declared(write: Write) -> None:
    path = write(
        "[[problem]]\nkind = 'backprop'\ngraph = 'L = rate loss'\nsymbols = ['rate', 'loss']\nanswer.rate = 'loss'"
    )
    assert faults_of(path) == ()


def test_a_value_that_does_not_keep_together_is_a_fault(write: Write) -> None:
    keys = "kind = 'derive'\nexpr = 'sin {{a}}x'\nparameters = {a = {choice = [%s]}}"
    assert faults_of(write("[[problem]]\n" + keys % "2, -3")) == ()
    (fault,) = faults_of(write("[[problem]]\n" + keys % "2, '1/2'"))
    assert (fault.line, fault.message) == (3, "With other values this is 'sin (1/2)x', which reads in another way.")
    assert fault.hint == "Put brackets around what belongs together."


def test_a_parameter_that_is_not_used_is_a_remark(write: Write) -> None:
    path = write(HEAD + "parameters = {a = {choice = [1]}}\n")
    found = inspect(path)
    assert found.faults == ()
    assert (
        str(found.remarks[0]) == f"{path}:4:15: The parameter a is not used. Write {{{{a}}}} where its value belongs."
    )


# --- folders ---------------------------------------------------------------------------------------------------------


def test_a_folder_and_the_folders_in_it(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for name in ("z.toml", "b/y.toml", "b/c/x.toml", ".git/config.toml", ".hidden.toml"):
        (tmp_path / name).write_text(HEAD)
    (tmp_path / "lecture.md").write_text("# Slopes\n\n```symback\n" + DERIVE + "```\n")
    (tmp_path / "README.md").write_text("# Nothing here\n")
    (tmp_path / "data.csv").write_text("a,b\n")
    names = ["b/c/x.toml", "b/y.toml", "lecture.md", "z.toml"]
    assert [str(path.relative_to(tmp_path)) for path in files_of(tmp_path)] == names
    assert [sheet.title for sheet in read_sheets(tmp_path)] == ["x", "y", "Slopes", "z"]


def test_the_faults_of_a_folder_are_those_of_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[[problem]]\n")
    (tmp_path / "b.toml").write_text(HEAD)
    (tmp_path / "c.toml").write_text("x")
    assert [Path(fault.file).name for fault in faults_of(tmp_path)] == ["a.toml", "c.toml"]
    with pytest.raises(FileFaults, match=r"a\.toml:1:1: The problem has no kind"):
        read_sheets(tmp_path)


def test_a_folder_without_problem_files(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path)
    assert (fault.line, fault.message) == (0, "The folder has no problem files.")
    assert str(fault).startswith(f"{tmp_path}: The folder")


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.toml").write_text(HEAD)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "a")
    assert [path.name for path in files_of(tmp_path)] == ["x.toml"]


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "x.toml").symlink_to(tmp_path / "x.toml")
    (fault,) = faults_of(tmp_path)
    assert fault.message.startswith("The file cannot be read: ")


def test_the_names_of_the_package_stay_functions(write: Write) -> None:
    """A module of the same name would take the place of the function when it is loaded."""
    from symback import problems as problem

    path = write(HEAD + "parameters = {a = {choice = [1]}}\ntitle = '{{a}}'\n")
    _ = problem.solve(path, variants=1), problem.schema(), faults_of(path)
    assert all(callable(getattr(problem, name)) for name in problem.__all__)


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "A.YAML"])
def test_yaml_is_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("expr: x^2\n")
    (fault,) = faults_of(tmp_path / name)
    assert (fault.message, fault.hint.split(",")[0]) == ("YAML is not read.", "Write the sheet in TOML")
