"""The layout of a derivation in a terminal, line for line."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from textwrap import dedent

import pytest
from sympy import Integer

import symback
from symback.expr.tree import Plus, Power, symbol
from symback.page import options_for, render
from symback.page.layout import visible
from symback.train.history import DONE, History

from .fixtures import VERIFIED, product_with_exponential, three_x_squared_y


def block(text: str) -> str:
    return "\n".join("  " + line if line else "" for line in dedent(text).strip("\n").splitlines())


def test_a_derivation() -> None:
    assert render(three_x_squared_y(), width=80, verification=VERIFIED) == block("""
        ∂/∂x [3x²y] = 3y · 2x    constant multiple rule, power rule
                    = 6xy        multiply numbers
        ✓ verified at 12 points
    """)


def test_in_ascii() -> None:
    assert render(three_x_squared_y(), width=80, verification=VERIFIED, unicode=False) == block("""
        d/dx [3x^2y] = 3y * 2x    constant multiple rule, power rule
                     = 6xy        multiply numbers
        verified at 12 points
    """)


def test_a_wide_terminal() -> None:
    assert render(product_with_exponential(), width=116, verify=False) == block("""
        d/dx [x² e^(3x)] = d/dx [x²] · e^(3x) + x² · d/dx [e^(3x)]    product rule   u = x², v = e^(3x)
                         = 2x e^(3x) + 3x² e^(3x)                     chain rule     u = 3x, power rule, exponential rule
    """)  # noqa: E501


def test_a_narrow_terminal_wraps_at_signs() -> None:
    assert render(product_with_exponential(), "text", "normal", width=40, verify=False) == block("""
        d/dx [x² e^(3x)]
          = d/dx [x²] · e^(3x)
              + x² · d/dx [e^(3x)]
                product rule
                  u = x², v = e^(3x)
          = 2x e^(3x) + 3x² e^(3x)
                chain rule
                  u = 3x, power rule,
                  exponential rule
    """)
    assert render(product_with_exponential(), "text", "brief", width=40, verify=False) == block("""
        d/dx [x² e^(3x)]
          = 2x e^(3x) + 3x² e^(3x)
                product rule, chain rule,
                  power rule
    """)


def test_a_named_function_and_every_detail() -> None:
    assert render(product_with_exponential(name="f"), "text", "full", width=110, verify=False) == block("""
        df/dx = d/dx [x² e^(3x)]
              = d/dx [x²] · e^(3x) + x² · d/dx [e^(3x)]          product rule             u = x², v = e^(3x)
              = 2x e^(3x) + x² · d/dx [e^(3x)]                   power rule               n = 2
                Let u = 3x.
              = 2x e^(3x) + x² · d/d(3x) [e^(3x)] · d/dx [3x]    chain rule               u = 3x
              = 2x e^(3x) + x² e^(3x) · d/dx [3x]                exponential rule
              = 2x e^(3x) + x² e^(3x) · 3 · d/dx [x]             constant multiple rule   c = 3, u = x
              = 2x e^(3x) + x² e^(3x) · 3 · 1                    identity rule
              = 2x e^(3x) + x² e^(3x) · 3                        multiply by one
              = 2x e^(3x) + 3x² e^(3x)                           put the number first
    """)


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
@pytest.mark.parametrize(
    "typed", ["x^2 - 6y^2 + 3x y - x + 2y + 6", "(x^3+3)^3 (2x-5)^5 sin(x^2)", "log(e^(a x)+e^(b y))"]
)
def test_nothing_is_cut_and_lines_keep_to_the_width(typed: str, width: int) -> None:
    derivation = symback.derive(typed, "x")
    narrow, wide = (render(derivation, width=w, verify=False) for w in (width, 10_000))
    assert "".join(sorted(narrow)).split() == "".join(sorted(wide)).split()
    if width >= 60:
        assert max(map(len, narrow.splitlines())) <= width


def test_notes_and_verdicts() -> None:
    failed = type(VERIFIED)(verdict="failed", points=12, message="Step 2 changes the value.")
    shown = render(three_x_squared_y(notes=("a note", "a note")), width=80, verification=failed)
    assert shown.splitlines()[-2:] == ["  ✗ step 2 changes the value", "  note: a note"]


def test_a_derivation_without_steps() -> None:
    assert (
        render(symback.derive("x", "x", tidy=False), width=80, verify=False)
        .splitlines()[0]
        .startswith("  d/dx [x] = 1")
    )


def test_colour_marks_what_changed() -> None:
    shown = render(three_x_squared_y(), "text", "full", width=80, verify=False, colour=True).splitlines()[1]
    assert "\x1b[1;4;94m2x\x1b[0m" in shown
    assert "\x1b[3mpower rule" in shown


def test_a_long_derivation_is_shown_step_by_step() -> None:
    x = symbol("x")
    total = Plus(*[Power(x, Integer(n)) for n in range(2, 800)])
    shown = render(symback.derive(total, "x"), width=80, verify=False)
    assert len(shown) < 200_000
    assert "d/dx [x⁷] = 7x⁶" in shown
    assert " ".join(shown.split()).startswith("The lines are long, so each step is shown by itself, and the whole")


def test_words_are_ascii_where_formulas_are() -> None:
    history = History((4.0, 1.0, 0.5), {"w": [[2.0] * 20] * 20}, DONE, data=(("X", (4, 2)),))
    assert "data X 4×2" in render(history, unicode=True)
    shown = render(history, unicode=False)
    assert "data X 4x2" in shown
    assert shown.isascii()


def test_streams() -> None:
    latin = TextIOWrapper(BytesIO(), encoding="latin-1")
    assert options_for(latin) == {"colour": False, "unicode": False}
    assert options_for(TextIOWrapper(BytesIO(), encoding="UTF-8")) == {"colour": False, "unicode": True}
    assert options_for(StringIO())["colour"] is False


def test_no_colour_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = TextIOWrapper(BytesIO(), encoding="utf-8")
    monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert options_for(stream)["colour"] is True
    monkeypatch.setenv("NO_COLOR", "1")
    assert options_for(stream)["colour"] is False


def test_rich_is_not_imported_for_plain_text() -> None:
    code = (
        "import sys, symback\n"
        "from symback.page import render\n"
        "render(symback.derive('x^2', 'x'), verify=False)\n"
        "print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_width_of_marked_text() -> None:
    assert visible("\x02ab\x03c") == 3


def test_a_gradient_and_its_value() -> None:
    shown = render(symback.gradient("x y^2", at={"x": 1, "y": 2}), width=80, verification=VERIFIED)
    assert shown == block("""
        ∂f/∂x = ∂/∂x [xy²]
              = y²            constant multiple rule, identity rule

        ∂f/∂y = ∂/∂y [xy²]
              = 2xy           constant multiple rule, power rule

        ∇f = ⎡ y²  ⎤
             ⎣ 2xy ⎦

        ∂f/∂x(1, 2) = 2²    substitute   y = 2
                    = 4     work out the power

        ∂f/∂y(1, 2) = 2 · 1 · 2    substitute   x = 1, y = 2
                    = 4            multiply numbers

        ∇f(1, 2) = ⎡ 4 ⎤
                   ⎣ 4 ⎦

        ✓ verified at 12 points
    """)


def test_a_jacobian_in_ascii() -> None:
    shown = render(symback.jacobian(["x y", "x + y"], "x,y"), width=80, verify=False, unicode=False)
    assert "  J = [ y   x ]\n      [ 1   1 ]" in shown
