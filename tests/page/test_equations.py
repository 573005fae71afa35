"""Worked things as blocks of a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

import symback
from symback import Graph
from symback.expr.tree import Integer, symbol
from symback.page.equations import at_the_point
from symback.page.fitting import fitting
from symback.page.formula.value import typed
from symback.page.kinds import answers_of, blocks_of
from symback.page.options import Options
from symback.page.page import Block, Display, Equation, Paragraph, Remark, Subheading, Table, Text, plain_words
from symback.page.remarks import remarks_of

from .fixtures import VERIFIED
from .shown import equation, in_latex, maths


def blocks(thing: Any, detail: str = "normal", **options: Any) -> list[Block]:
    return fitted(blocks_of(thing, Options(detail, verify=False, **options)))


def fitted(found: Iterable[Block]) -> list[Block]:
    shown = [Display(fitting(block)) if isinstance(block, Display) else block for block in found]
    return in_latex(shown)  # type: ignore[no-any-return]


def answers(thing: Any) -> list[Block]:
    options = Options(verify=False)
    return fitted(answers_of(thing, options, tuple(blocks_of(thing, options))))


def equations(found: list[Block]) -> list[Equation]:
    return [equation for block in found if isinstance(block, Display) for equation in block.equations]


def without_laws(display: Display) -> Display:
    return Display(tuple(one._replace(laws=()) for one in display.equations))


def lines(found: list[Block]) -> list[str]:
    return [" = ".join(part.latex for part in (e.left, *e.links) if part) for e in equations(found)]


# --- derivations ----------------------------------------------------------------------------------------------------


def test_a_derivation() -> None:
    [display] = blocks(symback.derive("3x^2 y", "x"))
    assert without_laws(display) == Display(
        (
            equation(
                r"\frac{\partial}{\partial x}\left[3 x^{2} y\right]",
                (r"3 y \cdot 2 x",),
                "constant multiple rule, power rule",
            ),
            equation("", ("6 x y",), "multiply numbers"),
        )
    )


def test_letters_that_are_long_are_left_out_but_in_full() -> None:
    thing = symback.derive("(x^7 + x^6 + x^5 + x^4 + x^3 + x^2 + 1)(x^7 + x^6 + x^5 + x^4 + x^3 + x^2 + 2)", "x")
    assert equations(blocks(thing))[0].letters == ()
    assert len(equations(blocks(thing, "full"))[0].letters) == 2


def test_letters_that_are_names_are_written_as_names() -> None:
    thing = symback.derive("sin(x1^2)", "x1")
    assert any(typed("u = x_{1}^{2}") in equation.letters for equation in equations(blocks(thing)))


def test_what_changed_is_marked() -> None:
    [display] = blocks_of(symback.derive("3x^2 y", "x"), Options("full"))
    assert isinstance(display, Display)
    assert display.equations[1].links[0].marked == r"3 y \cdot \changed{2 x}"
    assert display.equations[1].links[0].latex == r"3 y \cdot 2 x"
    [display] = blocks_of(symback.derive("3x^2 y", "x"), Options("full", mark=False))
    assert isinstance(display, Display)
    assert display.equations[1].links[0].marked == r"3 y \cdot 2 x"


def test_a_long_derivation_shows_each_step_by_itself() -> None:
    thing = symback.derive(" + ".join(f"x^{n}" for n in range(2, 400)), "x")
    found = equations(blocks(thing))
    assert found[1]._replace(laws=()) == equation(r"\frac{d}{dx}\left[x^{2}\right]", ("2 x",), "power rule", ("n = 2",))
    assert found[-1].left.latex.startswith("2 x + 3 x^{2} + ")
    assert lines(answers(thing)) == [rf"\frac{{df}}{{dx}} = {found[-1].left.latex}"]


def test_the_derivative_at_a_point_is_whole_where_each_step_stands_by_itself() -> None:
    thing = symback.derive(" + ".join(f"x^{n}" for n in range(2, 300)), "x", at={"x": 1})
    first, value = lines(answers(thing))
    assert first.startswith(r"\frac{df}{dx} = 2 x + 3 x^{2} + ")
    assert value == r"\left.\frac{df}{dx}\right|_{x = 1} = 44849"


ANSWERS: list[tuple[Any, list[str]]] = [
    (symback.derive("x^3", "x"), [r"\frac{d}{dx}\left[x^{3}\right] = 3 x^{2}"]),
    (symback.derive("f(x) = x^3", "x"), [r"\frac{df}{dx} = 3 x^{2}"]),
    (
        symback.derive("f(x, y) = x^3 y", "x,y"),
        [r"\frac{\partial^{2} f}{\partial y \partial x} = 3 x^{2}"],
    ),
    (
        symback.derive("f(x) = x^2 e^x", "x", at={"x": 2}),
        [
            r"\frac{df}{dx} = x e^{x} \left(x + 2\right)",
            r"\left.\frac{df}{dx}\right|_{x = 2} = 8 e^{2} \approx 59.112",
        ],
    ),
    (symback.derive("7", "x"), [r"\frac{d}{dx}\left[7\right] = 0"]),
    (symback.evaluate("x^2 + y", {"x": 2, "y": 1}), [r"\left.x^{2} + y\right|_{x = 2,\, y = 1} = 5"]),
    (
        symback.difference_table("x^2", "x", at={"x": 3}),
        [
            r"\frac{d}{dx}\left[x^{2}\right] = 2 x",
            r"\left.\frac{d}{dx}\left[x^{2}\right]\right|_{x = 3} = 6",
        ],
    ),
    (
        symback.gradient("x y^2", at={"x": 1, "y": 2}),
        [
            r"\nabla f = \begin{pmatrix} y^{2} \\ 2 x y \end{pmatrix}",
            r"\nabla f\left(1, 2\right) = \begin{pmatrix} 4 \\ 4 \end{pmatrix}",
        ],
    ),
    (symback.jacobian(["x y", "x + y"]), [r"J = \begin{pmatrix} y & x \\ 1 & 1 \end{pmatrix}"]),
    (symback.hessian("x^2 y"), [r"H = \begin{pmatrix} 2 y & 2 x \\ 2 x & 0 \end{pmatrix}"]),
    (
        symback.directional("x^2 + y^2", ["x", "y"], (3, 4), at={"x": 1, "y": 2}),
        [r"\nabla f\left(1, 2\right) \cdot \mathbf{u} = \frac{22}{5}"],
    ),
    (
        Graph("d = 2b; e = a + d; L = c e").backprop("L", at={"a": 3, "b": 1, "c": -2}, wrt=["a", "b"], lr=0.1),
        [
            "d = 2",
            "e = 5",
            "L = -10",
            r"\frac{\partial L}{\partial a} = c = -2",
            r"\frac{\partial L}{\partial b} = 2 c = -4",
            r"a^{\text{new}} = 3.2",
            r"b^{\text{new}} = 1.4",
        ],
    ),
    (Graph("d = 2b; L = c d").backprop("L", wrt=["c"]), [r"\frac{\partial L}{\partial c} = d"]),
    (Graph("d = 2b"), []),
]


@pytest.mark.parametrize(("thing", "expected"), ANSWERS, ids=[str(i) for i in range(len(ANSWERS))])
def test_answers(thing: Any, expected: list[str]) -> None:
    assert lines(answers(thing)) == expected


@pytest.mark.parametrize("thing", [thing for thing, _ in ANSWERS])
def test_the_answer_of_a_derivation_is_its_last_line(thing: Any) -> None:
    if hasattr(thing, "moves"):
        assert equations(answers(thing))[-1].links == equations(blocks(thing))[-1].links


def test_a_point_of_several_values() -> None:
    point = [(symbol("x1"), Integer(2)), (symbol("y"), Integer(-1))]
    assert at_the_point(typed("f"), point).latex == r"\left.f\right|_{x_{1} = 2,\, y = -1}"


# --- tables ---------------------------------------------------------------------------------------------------------


def test_partials_end_with_their_matrix() -> None:
    found = blocks(symback.gradient("x y^2"))
    assert [equation.left.latex for equation in equations(found) if equation.left] == [
        r"\frac{\partial f}{\partial x}",
        r"\frac{\partial f}{\partial y}",
        r"\nabla f",
    ]


def test_a_matrix_that_is_too_wide_is_shown_entry_by_entry() -> None:
    thing = symback.hessian("log(e^(a x) + e^(b y) + e^(c z))", ["x", "y", "z"])
    lefts = [equation.left.latex for equation in equations(answers(thing))]
    assert lefts == [f"H_{{{i}{j}}}" for i in "123" for j in "123"]
    wide = symback.gradient("sin(x^9 + x^8 + x^7 + x^6 + x^5 + x^4 + x^3 y) (x^9 + x^8 + x^7 + x^6 + x^5 + x^4 + x^3)")
    assert equations(answers(wide))[0].left.latex == r"\left(\nabla f\right)_{1}"


def test_a_table_of_differences() -> None:
    table = blocks(symback.difference_table("x^2", "x", at={"x": 3}))[-1]
    assert isinstance(table, Table)
    assert [plain_words(cell) for cell in table.head] == [
        "h",
        r"\frac{f\left(x + h\right) - f\left(x\right)}{h}",
        "error",
    ]
    assert table.rows[0] == ((maths("0.1"),), (maths("6.1"),), (maths("0.1"),))
    assert table.rows[-1] == ((Text("exact"),), (maths("6"),), ())
    assert any(r"\cdot 10^{-5}" in plain_words(row[0]) for row in table.rows)


# --- graphs and trainings -------------------------------------------------------------------------------------------


def headings(found: list[Block]) -> list[str]:
    return [plain_words(block.inlines) for block in found if isinstance(block, Subheading)]


def test_backpropagation() -> None:
    b = Graph("d = 2b; e = a + d; L = c e").backprop("L", at={"a": 3, "b": 1, "c": -2}, lr=0.1)
    found = blocks(b)
    assert headings(found) == ["Forward pass", "Backward pass", "Update"]
    assert lines(found[:2]) == ["d = 2 b = 2 \\cdot 1 = 2", "e = a + d = 3 + 2 = 5", "L = c e = -2 \\cdot 5 = -10"]
    backward = equations([found[3]])
    assert backward[0].rule == "seed, constant multiple rule"
    assert backward[0].links[-2:] == (typed("c"), typed("-2"))
    assert isinstance(found[-1], Remark)
    assert found[-1].kind == "verified"
    assert plain_words(found[-1].inlines).startswith("Gradient check: worst error ")


def test_backpropagation_in_full_has_a_reason_for_every_line() -> None:
    found = blocks(Graph("d = 2b; L = c d").backprop("L"), "full")
    assert all(equation.rule for equation in equations([found[3]]))


def test_shapes_stand_beside_matrix_laws() -> None:
    g = Graph("W: 3x2\nx: 2\nz = W @ x\nL = sum(z)")
    [row] = [e for e in equations(blocks(g.backprop("L"))) if e.left.latex == r"\frac{\partial L}{\partial W}"]
    assert row.letters == (typed(r"3 \times 2 = (3 \times 1)\,(1 \times 2)"),)
    assert headings(blocks(g.backprop("L", layout="numerator"))) == [
        "Forward pass",
        "Backward pass",
        "In numerator layout",
    ]


def test_a_graph() -> None:
    found = blocks(Graph("d = 2b; L = c d"))
    assert headings(found) == ["Graph"]
    assert isinstance(found[0], Paragraph)
    assert plain_words(found[0].inlines) == "Inputs: b, c"
    assert lines(found) == ["d = 2 b", "L = c d"]


def test_a_training() -> None:
    graph = Graph("p = w x + b; L = mse(p, y)")
    data = {"x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 3.0, 5.0, 7.0]}
    history = symback.train(graph, data, {"w": 0.0, "b": 0.0}, epochs=20)
    said, table, ending, parameters = blocks(history)
    assert isinstance(said, Paragraph)
    assert plain_words(said.inlines).startswith("Loss L; data x 4, y 4; 2 parameters. Full-batch gradient descent")
    assert isinstance(table, Table)
    assert [plain_words(cell) for cell in table.head] == ["epoch", "loss"]
    assert table.rows[0] == ((maths("0"),), (maths("21"),))
    assert table.courses == (("loss", history.losses),)
    assert isinstance(ending, Paragraph)
    assert plain_words(ending.inlines).startswith("All epochs done after 20 epochs: L = ")
    assert [equation.left.latex for equation in equations([parameters])] == ["w", "b"]
    assert len(blocks(history, "brief")) == 3
    assert answers(history) == [ending, parameters]


# --- verdicts -------------------------------------------------------------------------------------------------------


def test_remarks() -> None:
    thing = symback.derive("log x", "x")
    verified, *notes = remarks_of(thing, VERIFIED)
    assert verified == Remark("verified", (Text("Verified at 12 points."),))
    assert [note.kind for note in notes] == ["note"]
    assert list(remarks_of(thing, None, notes=False)) == []
