"""Every fault of a problem file, in a sentence, at its line and column."""

from __future__ import annotations

import pickle

import pytest

from symback.problems import FileFaults, faults_of, read_sheets
from symback.problems.registry import names
from tests.problems.writing import Write

DERIVE = 'kind = "derive"\nexpr = "x^2"\n'
HEAD = '[[problem]]\nkind = "derive"\nexpr = "x^2"\n'  # three lines
# fmt: off
FAULTS: list[tuple[str, int, int, str, str]] = [
    # numbers, quotation marks and keys of print
    (HEAD + "points = 1,5", 4, 10, "This number has a decimal comma.",
     "Write 1.5: numbers in a TOML file have a point, in every language."),
    (HEAD + "at = {x = 1,5}", 4, 11, "This number has a decimal comma.",
     "Write 1.5: numbers in a TOML file have a point, in every language."),
    ("[[problem]]\nexpr = “x^2”", 2, 8, "This is a quotation mark of print, not one of TOML.", "Write ' or \"."),
    (HEAD + "points = {Vorwärts = 1}", 4, 15, "A key with letters such as this one needs quotation marks.",
     'Put it between quotation marks, as in "Vorwärts" = 1.'),
    # keys
    (HEAD + 'wtr = "x"', 4, 1, "There is no key 'wtr' in a problem of kind derive.", "Did you mean wrt?"),
    (HEAD + "direction = [1]", 4, 1, "There is no key 'direction' in a problem of kind derive.",
     "It belongs to the kind directional."),
    ("titel = 'x'\n" + HEAD, 1, 1, "There is no key 'titel' above the problems.", "Did you mean title?"),
    ("expr = 'x'\n" + HEAD, 1, 1, "There is no key 'expr' above the problems.", "It belongs to a problem."),
    ("[[problems]]\n" + DERIVE, 1, 1, "There is no key 'problems' above the problems.", "Did you mean problem?"),
    ("[problem]\n" + DERIVE, 1, 1, "A problem begins with two brackets on each side.", "Write [[problem]]."),
    ("problem = 3", 1, 11, "problem must be a list of tables, not 3.", "Begin each problem with [[problem]]."),
    ("problem = [3]", 1, 12, "A problem must be a table, not 3.", "Begin each problem with [[problem]]."),
    ("title = 'x'", 1, 1, "The file has no problems.", "Begin each problem with [[problem]]."),
    ("", 1, 1, "The file has no problems.", "Begin each problem with [[problem]]."),
    ("title = 3\n" + HEAD, 1, 9, "title must be a text between quotation marks, not 3.", ""),
    ("language = 'a language'\n" + HEAD, 1, 12,
     "language must be a language tag, such as en or en-GB, not 'a language'.", ""),
    # kinds
    ("[[problem]]\nkind = 'derivee'", 2, 8, "There is no kind 'derivee'.", "Did you mean derive?"),
    ("[[problem]]\nexpr = 'x'\nlayout = 'numerator'", 1, 1,
     "The problem has no kind, and its keys fit gradient and jacobian.", "Write kind = 'gradient'."),
    ("[[problem]]\nexpr = 'x'\nodrer = 2", 3, 1, "There is no key 'odrer' in a problem of kind derive.",
     "Did you mean order?"),
    ("[[problem]]\ntitle = 'x'", 1, 1, "The problem has no kind.", f"The kinds are {', '.join(names())}."),
    ("[[problem]]\nkind = 3", 2, 8, "kind must be a text, not 3.", f"The kinds are {', '.join(names())}."),
    # what is needed
    ("\n\n[[problem]]\nkind = 'derive'", 3, 1, "A problem of kind derive needs expr.", "Write expr = '3x^2 y'."),
    ("[[problem]]\nkind = 'directional'\nexpr = 'x'", 1, 1, "A problem of kind directional needs direction.",
     "Write expr = 'x^2/2 + y^2' and direction = [3, 4]."),
    ("[[problem]]\nkind = 'jacobian'", 1, 1, "A problem of kind jacobian needs either expr or graph.",
     "Write expr = ['x^2 y', '5x + sin y'], or a graph with of and wrt."),
    ("[[problem]]\nkind = 'jacobian'\ngraph = 'y = x'", 1, 1,
     "A problem of kind jacobian needs of and wrt beside graph.",
     "Write of = 'y' and wrt = 'x', each one name of the graph."),
    ("[[problem]]\nkind = 'jacobian'\nexpr = 'x'\nof = 'y'", 4, 6, "of belongs to graph, not to expr.", ""),
    ("[[problem]]\nkind = 'hessian'", 1, 1, "A problem of kind hessian needs either expr or graph.",
     "Write expr = 'x^3 + x y^2', or a graph with wrt."),
    ("[[problem]]\nkind = 'hessian'\ngraph = 'y = x'", 1, 1, "A problem of kind hessian needs wrt beside graph.",
     "Write wrt = 'x', one name of the graph, or two for a mixed block."),
    ("[[problem]]\nkind = 'hessian'\nexpr = 'x'\nloss = 'y'", 4, 8, "loss belongs to graph, not to expr.", ""),
    (HEAD + "differences = true", 4, 15, "differences needs a point.", "Add at, as in at = {x = 2}."),
    # values
    ("[[problem]]\nkind = 'derive'\nexpr = 5", 3, 8,
     "expr must be a text between quotation marks, not 5.", "Write '5'."),
    ("[[problem]]\nkind = 'derive'\nexpr = '  '", 3, 8, "expr must not be empty.", ""),
    (HEAD + "order = 21", 4, 9, "order must be a whole number from 1 to 20, not 21.", ""),
    (HEAD + "order = true", 4, 9, "order must be a whole number from 1 to 20, not true.", ""),
    (HEAD + "at = {x = true}", 4, 11, "at.x must be a number or a text, not true.", ""),
    (HEAD + "at.y = [1]", 4, 8, "at.y must be a number or a text, not a list.", ""),
    (HEAD + "at = 3", 4, 6, "at must be a table, not 3.", ""),
    (HEAD + "at = {x = nan}", 4, 11, "at.x must be a finite number, not NaN.", ""),
    (HEAD + "at = {x = 1e999999}", 4, 11, "at.x must be a number of at most 400 digits.", ""),
    (HEAD + f"at = {{x = {'9' * 401}}}", 4, 11, "at.x must be a number of at most 400 digits.", ""),
    (HEAD + "at = {x = 1979-05-27}", 4, 11, "at.x must be a number, not 1979-05-27.", ""),
    (HEAD + "points = -1", 4, 10, "points must be a number, 0 or more, not -1.", ""),
    (HEAD + "strategy = 'text'", 4, 12,
     "strategy must be textbook or literal or definition or logarithmic, not 'text'.", "Did you mean textbook?"),
    (HEAD + "picture = 'graf'", 4, 11, "picture must be one of graph, contour, loss, curve, none, not 'graf'.", ""),
    (HEAD + "picture = ['graph', 3]", 4, 21, "picture[1] must be one of graph, contour, loss, curve, none, not 3.", ""),
    (HEAD + "hints = ['a', 2]", 4, 15, "hints[1] must be a text between quotation marks, not 2.", ""),
    (HEAD + "hints = []", 4, 9, "hints must not be empty.", ""),
    (HEAD + "answer = {x = ['1', true]}", 4, 21, "answer.x[1] must be a number or a text, not true.", ""),
    (HEAD + "answer = []", 4, 10, "answer must not be empty.", ""),
    (HEAD + "[problem.answer]\nx = {}", 5, 5, "answer.x must not be empty.", ""),
    ("[[problem]]\nkind = 'matrix'\nexpr = 'W'\nvalues = {W = [[1, 2],\n [3]]}", 5, 2,
     "values.W[1] must be as long as the first row.", ""),
    ("[[problem]]\nkind = 'backprop'\ngraph = 'L = x'\nat = [{x = 1}, 3]", 4, 16,
     "at[1] must be a table of numbers and arrays, such as {x = 1}, not 3.", ""),
    ("[[problem]]\nkind = 'train'\ngraph = 'L = w'\nmomentum = 1", 4, 12, "momentum must be below 1.", ""),
    ("[[problem]]\nkind = 'train'\ngraph = 'L = w'\nvalidation = 1.5", 4, 14,
     "validation must be a number between 0 and 1, or data, not 1.5.", ""),
    ("[[problem]]\nkind = 'train'\ngraph = 'L = w'\naccuracy = true", 4, 12,
     "accuracy must be a text between quotation marks, not true.", ""),
    ("[[problem]]\nkind = 'train'\ngraph = 'L = w'\ndata = '../x.csv'", 4, 8,
     "data must be the name of a file in the folder of the sheet, not '../x.csv'.",
     "Nothing outside the folder of the sheet is read."),
    ("[[problem]]\nkind = 'train'\ngraph = 'L = w'\ndata = {file = '/etc/x.csv'}", 4, 16,
     "data.file must be the name of a file in the folder of the sheet, not '/etc/x.csv'.",
     "Nothing outside the folder of the sheet is read."),
    # ids
    (HEAD + "id = '../x'", 4, 6, "id cannot be '../x'.",
     "An id has letters, digits, - and _, at most 64 of them, and begins with a letter or a digit."),
    (HEAD + "id = 'Con'", 4, 6, "id cannot be 'Con', which is the name of a device on Windows.", "Choose another id."),
    (HEAD + "id = 'a'\n" + HEAD + "id = 'A'", 8, 6, "The id 'A' differs from 'a' in line 4 in its case alone.",
     "Give each problem an id of its own."),
    (HEAD + "id = 'a'\n" + HEAD + "id = 'a'", 8, 6, "The problem in line 4 has the id 'a' already.",
     "Give each problem an id of its own."),
    (HEAD + "id = 'p2'\n" + HEAD, 5, 1, "The problem in line 4 has the id 'p2' already.",
     "Give each problem an id of its own."),
    # parameters
    (HEAD + "text = 'a = {{a}}'", 4, 13,
     "There is no parameter a.", "Add it, as in parameters = {a = {range = [2, 9]}}."),
    (HEAD + "text = '{{bb}} {{b}}'\nparameters = {b = {choice = [1]}}", 4, 9, "There is no parameter bb.",
     "Did you mean {{b}}?"),
    (HEAD + "parameters = {a = {rang = [1, 2]}}", 4, 20,
     "There is no key 'rang' in parameters.a.", "Did you mean range?"),
    (HEAD + "parameters = {a = {}}", 4, 19, "parameters.a needs either range or choice.",
     "Write {range = [2, 9]} or {choice = [1, 2, 5]}."),
    (HEAD + "parameters = {a = {range = [5, 2]}}", 4, 19, "parameters.a has no values.",
     "The first number of range is the least, the second the greatest."),
    (HEAD + "parameters = {a = {range = [1, 2], not = [1, 2]}}", 4, 19, "parameters.a has no values.",
     "The first number of range is the least, the second the greatest."),
    (HEAD + "parameters = {a = {range = [1, 'x']}}", 4, 32,
     "parameters.a.range[1] must be a number or a fraction such as '1/2', not 'x'.", ""),
    (HEAD + "parameters = {a = {range = [1, '1/0']}}", 4, 32, "parameters.a.range[1] must not divide by 0.", ""),
    (HEAD + "parameters = {a = {range = [1, 2], step = 0}}", 4, 43, "parameters.a.step must be above 0.", ""),
    (HEAD + "parameters = {a = {choice = [1], step = 1}}", 4, 19, "parameters.a has step or not beside choice.",
     "They belong to range."),
    (HEAD + "parameters = {a-b = {choice = [1]}}", 4, 21,
     "parameters.a-b must begin with a letter and go on with letters, digits or _.", ""),
    (HEAD + "reject = 'a'", 4, 11, "This is not a condition.",
     "Write a condition such as '{{a}} = {{b}}', '{{a}} < 2', "
     "'answer = 0', 'answer.x = 0' or 'value = 0'."),
    (HEAD + "reject = ['1 = 2', '0 < 1 < 2']", 4, 27, "A condition has one sign such as = or <.",
     "Write a condition such as '{{a}} = {{b}}', '{{a}} < 2', 'answer = 0', 'answer.x = 0' or 'value = 0'."),
    (HEAD + "reject = 'answer < 1'", 4, 18, "An answer is compared with = or !=.",
     "Write a condition such as '{{a}} = {{b}}', '{{a}} < 2', 'answer = 0', 'answer.x = 0' or 'value = 0'."),
]
# fmt: on


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), FAULTS, ids=[row[3][:50] for row in FAULTS])
def test_faults(write: Write, text: str, line: int, column: int, message: str, hint: str) -> None:
    path = write(text)
    found = [fault for fault in faults_of(path) if (fault.message, fault.hint) == (message, hint)]
    assert [(fault.line, fault.column) for fault in found] == [(line, column)], faults_of(path)
    assert found[0].file == str(path)
    with pytest.raises(FileFaults) as error:
        read_sheets(path)
    assert found[0] in error.value.faults


def test_all_faults_at_once_from_top_to_bottom(write: Write) -> None:
    path = write('titel = "x"\n' + HEAD +
                 'wtr = "x"\norder = 0\n[[problem]]\nkind = "hesian"\n[[problem]]\nkind = "derive"\n'
                 "expr = 'x^'\n")  # fmt: skip
    assert [(fault.line, fault.column) for fault in faults_of(path)] == [(1, 1), (5, 1), (6, 9), (8, 8), (11, 10)]
    with pytest.raises(FileFaults) as error:
        read_sheets(path)
    assert error.value.exit_code == 3
    assert str(error.value).startswith("There are 4 faults:\n")  # expressions are read when a problem is worked
    assert f"{path}:5:1: There is no key 'wtr' in a problem of kind derive. Did you mean wrt?" in str(error.value)
    assert pickle.loads(pickle.dumps(error.value)).faults == error.value.faults


# fmt: off
TOLD_BY_VALIDATE: list[tuple[str, int, int, str, str]] = [
    # what names, shapes and files tell
    ("[[problem]]\nexpr = 'x y'", 1, 1, "The expression has 2 variables (x, y).",
     "Say which one to differentiate by, for instance wrt = ['x']."),
    ("[[problem]]\ngraph = 'L = w x'\nwrt = 'q'", 1, 1, "The graph has no node q.", "Its nodes are w, x, L."),
    ("[[problem]]\nexpr = 'A .* B'\nvalues = {A = [[1]], B = [[1]]}", 2, 8, "A dot is allowed only inside a number.",
     "Write * for a product, and 0.5 for a decimal."),
]
# fmt: on


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), TOLD_BY_VALIDATE)
def test_what_names_and_shapes_tell(write: Write, text: str, line: int, column: int, message: str, hint: str) -> None:
    (fault,) = faults_of(write(text))
    assert (fault.line, fault.column, fault.message, fault.hint) == (line, column, message, hint)
