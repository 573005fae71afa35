"""Results in the cells of a real notebook: executed by a kernel, and what is shown of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

import symback
from symback.errors import ParseError, SymbackError, UsageError
from symback.notebook import symback as magic

nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
pytest.importorskip("ipykernel", reason="ipykernel is not installed")

CELLS = [
    "import symback\n%load_ext symback.notebook",
    "symback.derive('x^2 e^(3x)', 'x')",
    "symback.Graph('d = 2b; e = a + d; L = c e').backprop(at={'a': 3, 'b': 1, 'c': -2})",
    "symback.derive('2 sin x +', 'x')",
    "%%symback derive --wrt x\nx^2 y",
    "%%symback backprop --at a=3,b=1,c=-2\nd = 2b; e = a + d; L = c e",
    "%%symback\n[[problem]]\nexpr = 'x^2'",
    "%%symback derive\n2 sin x +",
    "[symback.derive('x^2', 'x')]",
]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])  # type: ignore[no-untyped-call]
    where = {"metadata": {"path": str(Path(symback.__file__).parents[1])}}
    nbclient.NotebookClient(book, timeout=100, kernel_name="python3", allow_errors=True, resources=where).execute()
    return [cell.outputs for cell in book.cells]


def test_results_are_shown_by_formulas_and_pictures(outputs: list[list[Any]]) -> None:
    for cell, words in (
        (1, "product rule"),
        (2, "Backward pass"),
        (4, "power rule"),
        (5, "<svg"),
        (6, "Differentiate"),
    ):
        [output] = outputs[cell]
        assert {"text/html", "text/latex", "text/plain"} <= output.data.keys()
        assert words in output.data["text/html"]
        assert "<math" in output.data["text/html"]
        assert "<script" not in output.data["text/html"]
        assert "$" not in output.data["text/html"].partition("</style>")[2]
    assert "image/svg+xml" in outputs[2][0].data
    assert outputs[8][0].data["text/plain"] == "[<Derivation: d/dx [x^2] = 2x>]"


@pytest.mark.parametrize("cell", [3, 7])
def test_an_error_is_a_few_lines_with_a_caret(outputs: list[list[Any]], cell: int) -> None:
    [output] = outputs[cell]
    assert output.output_type == "error"
    assert output.traceback == [
        "ParseError: The sum has no right-hand side.\n2 sin x +\n        ^\nWrite a term after +."
    ]


def test_what_an_error_says() -> None:
    with pytest.raises(ParseError) as caught:
        symback.parse("2 sin x +")
    assert str(caught.value).splitlines()[1:3] == ["2 sin x +", "        ^"]
    assert str(SymbackError("No.", hint="Do that.")) == "No.\nDo that."


def test_the_magic() -> None:
    assert repr(magic("derive --wrt x", "x^2 y")) == "<Derivation: d/dx [x^2y] = 2xy>"
    assert [one.variables[0].name for one in magic("derive --wrt x --wrt y", "x^2 y")] == ["x", "y"]
    assert len(magic("", "[[problem]]\nexpr = 'x^2'")) == 1
    for line, cell in (("", "x^2"), ("derive --nothing 1", "x^2"), ("dervie", "x^2")):
        with pytest.raises(UsageError):
            magic(line, cell)
