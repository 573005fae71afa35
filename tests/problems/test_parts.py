"""Parts of problems: what they inherit, what they say of one another, and how they come out."""

from __future__ import annotations

import json
from cProfile import Profile
from pathlib import Path
from pstats import Stats

import pytest

import symback
from symback.page.solution import Document, Solution
from symback.problems import FileFaults, faults_of, read_sheets, work
from symback.problems.variants.drawing import draw
from tests.running import Run


def solved(text: str, folder: Path) -> list[Solution]:
    path = folder / "sheet.toml"
    path.write_text(text, encoding="utf-8")
    return list(symback.solve(path))


def faults(text: str, folder: Path) -> list[tuple[int, int, str]]:
    path = folder / "sheet.toml"
    path.write_text(text, encoding="utf-8")
    return [(fault.line, fault.column, fault.message) for fault in faults_of(path)]


GRADIENT = """
[[problem]]
text = "Let $f(x, y) = x^3 + y^3 + 3xy$."
expr = 'f(x, y) = x^3 + y^3 + 3x y'
[[problem.part]]
kind = "gradient"
points = 2
answer = {x = '3x^2 + 3y', y = '3y^2 + 3x'}
[[problem.part]]
kind = "evaluate"
expr = '{a.x} + {a.y}'
at = {x = 1, y = 1}
answer = 12
"""

GRAPH = """
[[problem]]
graph = '''
d = 2b
e = a + d
L = c e
'''
at = {a = 3, b = 1, c = -2}
[[problem.part]]
kind = "backprop"
forward_only = true
answer = {L = -10}
[[problem.part]]
wrt = ["a", "b"]
answer = {a = -2, b = -4}
[[problem.part]]
kind = "evaluate"
expr = '{b.a}^2 + {a.L}'
answer = -6
"""

NESTED = """
[[problem]]
expr = 'f(x) = x^2 e^x'
[[problem.part]]
answer = '2x e^x + x^2 e^x'
[[problem.part]]
text = "Now use it."
[[problem.part.part]]
expr = '{a}'
points = 2
answer = 'e^x (x^2 + 4x + 2)'
[[problem.part.part]]
id = "last"
expr = '{a} + {i} + f(2x)'
points = 1.5
"""


@pytest.mark.parametrize("text", [GRADIENT, GRAPH, NESTED])
def test_answers_of_parts(text: str, tmp_path: Path) -> None:
    (solution,) = solved(text, tmp_path)
    assert solution.answer_check == "confirmed"
    assert all(leaf.error is None and leaf.works for leaf in solution.leaves())


def test_a_part_has_an_id_a_letter_and_its_points(tmp_path: Path) -> None:
    (solution,) = solved(NESTED, tmp_path)
    assert [(one.id, one.label, one.points) for one in solution.leaves()] == [
        ("p1a", "a", None),
        ("p1bi", "i", 2),
        ("last", "ii", 1.5),
    ]
    assert solution.points == 3.5
    assert [check.key for check in solution.checks] == ["a.x", "b.i.x"]


def test_a_later_part_goes_on_from_an_earlier_answer(tmp_path: Path) -> None:
    solution = solved(GRADIENT, tmp_path)[0]
    assert solution.parts[1].asked["expr"] == "{a.x} + {a.y}"
    value = solution.parts[1].works[0].thing
    assert (str(value.start), value.answer) == ("Plus(Plus(Times(3, Power(x, 2)), Times(3, y)), "
                                                "Plus(Times(3, Power(y, 2)), Times(3, x)))", 12)  # fmt: skip


def test_parts_do_not_say_again_what_their_problem_says(tmp_path: Path) -> None:
    written = solved(GRADIENT + GRAPH, tmp_path)
    markdown = [one.render("markdown", show="problems") for one in written]
    assert "**(a)** (2 points) Find the gradient of $f\\left(x, y\\right)$." in markdown[0]
    assert markdown[0].count("3xy") == 1
    assert markdown[1].count("a + d") == 1
    assert markdown[1].count("Take $a = 3$") == 1


def test_a_sheet_does_not_give_earlier_answers_away(tmp_path: Path) -> None:
    gradient, nested = (one.render("markdown", show="problems") for one in solved(GRADIENT + NESTED, tmp_path))
    assert "Work out $A_{ax} + A_{ay}$ at" in gradient
    assert "Here $A_{ax}$ is the answer of part (a) for x." in gradient
    assert "3 x^{2}" not in gradient
    assert "Differentiate $A_{a}$ with respect to $x$." in nested


def test_json_has_the_parts(tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(GRADIENT + NESTED, encoding="utf-8")
    first, second = json.loads(symback.solve(path).render("json"))["problems"]
    assert [(part["id"], part["kind"], part["answer_check"]) for part in first["parts"]] == [
        ("p1a", "gradient", "confirmed"),
        ("p1b", "value", "confirmed"),
    ]
    assert (first["kind"], first["answer_check"]) == ("parts", "confirmed")
    assert [part["id"] for part in second["parts"][1]["parts"]] == ["p2bi", "last"]


@pytest.mark.parametrize("format", ["html", "latex", "typst", "notebook", "moodle", "anki", "markdown"])
def test_every_format_has_the_parts(format: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(GRADIENT, encoding="utf-8")
    written = symback.solve(path).render(format)
    assert "(a)" in written
    assert "(b)" in written


def test_a_list_of_exercises_is_parts(tmp_path: Path) -> None:
    head = "[[problem]]\nexpr = ['x^2', 'sin x']\n"
    (solution,) = solved(head + "answer = ['2x', 'cos x']", tmp_path)
    assert [(part.kind, part.answer_check) for part in solution.parts] == [("derive", "confirmed")] * 2
    (one,) = solved(head + "kind = 'evaluate'\nat = {x = 0}", tmp_path)
    assert [part.works[0].thing.answer for part in one.parts] == [0, 0]
    (jacobian,) = solved(head + "kind = 'jacobian'\nanswer = [['2x'], ['cos x']]", tmp_path)
    assert (jacobian.parts, jacobian.answer_check) == ((), "confirmed")


def test_a_wrong_part_is_wrong_in_its_problem(tmp_path: Path) -> None:
    (solution,) = solved(GRADIENT.replace("= 12", "= 13"), tmp_path)
    assert solution.answer_check == "wrong"
    wrong = [check for check in solution.checks if check.verdict == "wrong"]
    assert [(check.key, check.right) for check in wrong] == [("b.value", "12")]


def test_a_part_after_one_that_failed_says_so(tmp_path: Path) -> None:
    (solution,) = solved("[[problem]]\n[[problem.part]]\nexpr = 'x y'\n[[problem.part]]\nexpr = '{a} + x'", tmp_path)
    assert [str(one.error.message) for one in solution.parts if one.error] == [
        "The expression has 2 variables (x, y).",
        "Part (a) could not be worked, so that {a} has no value.",
    ]


def test_the_report_names_the_part_that_failed(tmp_path: Path, symback: Run) -> None:
    (tmp_path / "s.toml").write_text("[[problem]]\nexpr = 'f(x) = 1/x'\n[[problem.part]]\nkind = 'derive'\n"
                                     "[[problem.part]]\nkind = 'evaluate'\nat = {x = 0}\n")  # fmt: skip
    code, _, told = symback("solve", str(tmp_path), "--out", str(tmp_path / "out"))
    assert code == 4
    assert "Part p1b: There is no real value at x = 0: it divides by zero." in told


SEVERAL = "[[problem]]\nexpr = 'x y'\n[[problem.part]]\nwrt = ['x', 'y']\n[[problem.part]]\nkind = 'evaluate'\n"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("{a}", "{a}: part (a) has several answers: x, y."),
        ("{a.z}", "{a.z}: part (a) has no such answer; it has x, y."),
    ],
)
def test_answers_that_a_part_does_not_have(reference: str, message: str, tmp_path: Path) -> None:
    (solution,) = solved(f"{SEVERAL}expr = '{reference}'", tmp_path)
    assert solution.parts[1].error is not None
    assert solution.parts[1].error.message == message


PART = "[[problem.part]]\n"
SAME_ID = (6, 6, "The problem in line 3 has the id 'q' already.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"expr = 'x'\n{PART}expr = '{{b}}'\n{PART}", (4, 9, "{b} is the answer of a later part.")),
        (f"{PART}expr = 'x + {{a}}'", (3, 13, "{a} is the answer of this part itself.")),
        (f"{PART}expr = '2{{z.x}}'", (3, 10, "There is no part z.")),
        (f"{PART}expr = '{{p2}}'\n[[problem]]\nexpr = 'x'", (3, 9, "{p2} is the answer of another problem.")),
        (
            f"{PART}[[problem.part.part]]\nexpr = 'x'\n[[problem.part.part.part]]",
            (5, 1, "Parts nest once: (a), and in it (i)."),
        ),
        ("expr = ['x', 'y']\nanswer = ['1']\nkind = 'derive'", (3, 10, "answer has 1, where expr has 2 exercises.")),
        ("part = 3", (2, 8, "part must be a list of tables, not 3.")),
        ("[problem.part]\nexpr = 'x'", (2, 1, "A part begins with two brackets on each side.")),
        (f"answer = 3\n{PART}expr = 'x'", (2, 1, "answer belongs to a part, and this problem has parts.")),
        (f"wtr = 'x'\n{PART}expr = 'x'", (2, 1, "There is no key 'wtr' in the parts of this problem.")),
        (f"expr = 'x^'\n{PART}{PART}", (2, 10, "The power has no exponent.")),
        (f"{PART}id = 'q'\nexpr = 'x'\n{PART}id = 'q'\nkind = 'text'", SAME_ID),
        (f"{PART}expr = '{{{{k}}}}x'", (3, 9, "There is no parameter k.")),
    ],
)  # fmt: skip
def test_faults(text: str, expected: tuple[int, int, str], tmp_path: Path) -> None:
    assert faults(f"[[problem]]\n{text}\n", tmp_path) == [expected]


def test_latex_is_no_reference(tmp_path: Path) -> None:
    text = (
        "[[problem]]\n[[problem.part]]\nexpr = 'x^2'\n[[problem.part]]\nexpr = '\\frac{a}{b} x^{a} + e^{b}'\nwrt = 'x'"
    )
    (solution,) = solved(text, tmp_path)
    assert solution.parts[1].error is None


VARIANTS = """
[[problem]]
parameters = {k = {range = [2, 5]}}
expr = 'f(x) = x^{{k}}'
reject = 'answer.b = 3'
[[problem.part]]
[[problem.part]]
kind = "evaluate"
expr = '{a}'
at = {x = 1}
"""


def test_variants_of_parts(tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    path.write_text(VARIANTS, encoding="utf-8")
    (sheet,) = read_sheets(path)
    found = [work(one.problems[0]).parts[1].works[0].thing.answer for one in draw(sheet, 3)]
    assert sorted(found) == [2, 4, 5]
    assert not faults_of(path)
    path.write_text(VARIANTS.replace("[2, 5]", "[3, 3]"), encoding="utf-8")
    with pytest.raises(FileFaults, match="all 1 combinations"):
        read_sheets(path)


# --- LaTeX that is lost between double quotation marks --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'text = "$\theta$"', [(2, 10, "\\t is a tab here, not \\theta.")]),
        (r'text = "a $\frac{1}{2}$ b"', [(2, 12, "\\f is a form feed here, not \\frac.")]),
        (r'hints = ["x", "$\nabla f$"]', [(2, 17, "\\n is a new line here, not \\nabla.")]),
        (r'text = "one\ttwo\nthree"', []),
        (r'text = "$\\theta$ and $\\frac{1}{2}$"', []),
        ("text = '$\\theta$'", []),
    ],
)
def test_commands_that_toml_changes(text: str, expected: list[tuple[int, int, str]], tmp_path: Path) -> None:
    assert faults(f"[[problem]]\n{text}\nexpr = 'x'\n", tmp_path) == expected


@pytest.mark.parametrize(
    ("whole", "parts", "expected"),
    [
        ("4", ("1", "2"), [(3, 10, "The problem gives 4 points, its parts together 3.")]),
        ("3", ("1", "2"), []),
        ("0.3", ("0.1", "0.2"), []),
        ("4", ("1", None), []),
    ],
)
def test_points_of_a_problem_are_those_of_its_parts(
    whole: str, parts: tuple[str | None, ...], expected: list[tuple[int, int, str]], tmp_path: Path
) -> None:
    text = f"\n[[problem]]\npoints = {whole}\nexpr = 'x^2'\n"
    text += "".join("[[problem.part]]\n" + (f"points = {one}\n" if one else "kind = 'derive'\n") for one in parts)
    assert faults(text, tmp_path) == expected


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("(p - y) @ x.T", "confirmed"),
        ("outer(p - y, x)", "confirmed"),
        ("(y - p) @ x.T", "wrong"),
        ("x @ (p - y).T", "wrong"),
    ],
)
def test_a_gradient_by_a_matrix_is_a_product_of_columns(answer: str, status: str, tmp_path: Path) -> None:
    graph = "W: 3x3\nx: 3\ny: 3\np = softmax(W @ x)\nL = cross_entropy(p, y)"
    (one,) = solved(f"[[problem]]\ngraph = '''\n{graph}\n'''\nwrt = ['W']\nanswer = {{W = '{answer}'}}", tmp_path)
    assert one.answer_check == status


def sheet_of(text: str, folder: Path) -> Document:
    path = folder / "sheet.toml"
    path.write_text(text, encoding="utf-8")
    return symback.solve(path)


HINTED = """
[[problem]]
hints = "of the whole"
expr = 'f(x) = 1/x'
[[problem.part]]
hints = "first part"
answer = '-1/x^2'
[[problem.part]]
hints = ["second part", "once more"]
at = {x = 0}
[[problem.part]]
kind = "evaluate"
at = {x = 2}
answer = '1/3'
"""


def test_hints_stand_beside_their_part(tmp_path: Path) -> None:
    written = sheet_of(HINTED, tmp_path).render("markdown", "hints")
    places = [written.index(words) for words in ("of the whole", "(a)", "first part", "(b)", "second part", "(c)")]
    assert places == sorted(places)
    assert "Hint" not in sheet_of(HINTED, tmp_path).render("markdown", "problems")


@pytest.mark.parametrize("name", ["markdown", "html", "latex", "typst", "notebook"])
def test_a_part_that_fails_says_so_in_the_key_alone_and_hides_no_other(tmp_path: Path, name: str) -> None:
    document = sheet_of(HINTED, tmp_path)
    for show in ("problems", "hints", "answers"):
        assert "divides by zero" not in document.render(name, show), show
    key = document.render(name)
    assert "divides by zero" in key
    assert "1/3" in key
    (problem,) = document
    assert [check.verdict for check in problem.checks] == ["confirmed", "wrong"]


def test_parts_cost_what_problems_cost(tmp_path: Path) -> None:
    """Calls are counted, which a busy machine does not change."""
    exprs = [f"x^{n} sin({n}x)" for n in range(2, 12)]
    single = "".join(f"[[problem]]\nkind = 'derive'\nexpr = '{expr}'\n" for expr in exprs)
    parts = "[[problem]]\n" + "".join(f"[[problem.part]]\nkind = 'derive'\nexpr = '{expr}'\n" for expr in exprs)
    sheet_of(single, tmp_path).render("html")
    assert calls(parts, tmp_path) <= 1.1 * calls(single, tmp_path)


def calls(text: str, folder: Path) -> int:
    profile = Profile()
    profile.enable()
    sheet_of(text, folder).render("html")
    profile.disable()
    return int(Stats(profile).total_calls)  # type: ignore[attr-defined]
