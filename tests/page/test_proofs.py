"""`detail="proof"`: the laws of arrays that a backpropagation uses, derived by indices, in every format."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from symback import cli
from symback.graph.graph import Graph
from symback.graph.indices.known_laws import LAWS
from symback.page import render
from symback.problems.file.sheet import Problem
from symback.problems.working import work

LAYER = Graph("W: m x n; x: n; z = W @ x; L = sum(z)").backprop()
# every operation whose law is derived, each with every input
ALL = Graph("""A: n x n; B: n x n; a: n; b: n
M = A @ B; v = A @ a; w = b @ A; s = a @ b; t = dot(a, b); O = outer(a, b); T = A.T
s1 = sum(a) + sum(A); s2 = sum(sum(A, 0) * sum(A, 1)); s3 = mean(a) + mean(A); s4 = sum(mean(A, 0) * mean(A, 1))
q = norm2(a) + norm2(A); p = softmax(a); P = softmax(A); l = logsumexp(a); r = trace(A); d = logdet(A); Z = inv(A)
L1 = norm2(M) + norm2(v) + norm2(w) + s t + norm2(O) + norm2(T)
L = L1 + s1 s2 + s3 s4 + q + norm2(p) + norm2(P) + l r d + norm2(Z)
""").backprop()
TEXT = """\
  Laws used, by indices

  A @ b by A, as in z:
  z_i        = Σ_j a_ij b_j          the entries of a matrix product
  ∂z_i/∂a_pq = Σ_j δ_ip δ_jq b_j     an entry has the derivative 1 by itself, and 0 by every other
             = δ_ip b_q              a delta takes its index
  ∂L/∂a_pq   = Σ_i g_i ∂z_i/∂a_pq    chain rule; g is the gradient by z
             = Σ_i g_i δ_ip b_q      the local derivative put in
             = g_p b_q               a delta takes its index
             = outer(g, b)_pq        read as a formula of arrays
"""


def test_text() -> None:
    shown = render(LAYER, detail="proof", width=110)
    assert TEXT in shown
    assert shown.count("as in") == 3
    assert shown.index("backward") < shown.index("Laws used") < shown.index("gradient check")
    assert shown.replace(shown[shown.index("  Laws") : shown.index("  ✓")], "").replace("\n\n  ✓", "\n  ✓") == render(
        LAYER, width=110
    )


def test_text_without_unicode_and_in_a_narrow_terminal() -> None:
    shown = render(LAYER, detail="proof", width=60, unicode=False)
    assert shown.isascii()
    assert "dz_i/da_pq = sum_j delta_ip delta_jq b_j" in shown
    assert max(map(len, shown.splitlines())) <= 60


def test_json_has_proofs_where_they_are_asked_for() -> None:
    made = json.loads(render(LAYER, "json", "proof"))
    assert [proof["law"] for proof in made["proofs"]] == ["A @ b by A", "A @ b by b", "sum(a) by a"]
    assert made["proofs"][1]["lines"][-1] == {
        "text": "= (A.T @ g)_p", "latex": r"= \left(A^{\top} g\right)_{p}", "reason": "read as a formula of arrays",
    }  # fmt: skip
    assert "proofs" not in json.loads(render(LAYER, "json"))


@pytest.mark.parametrize("format_", ["text", "markdown", "latex", "json", "html", "typst", "pdf", "notebook"])
def test_every_law_in_every_format(format_: str) -> None:
    shown = render(ALL, format_, "proof")
    if format_ == "pdf":
        assert shown.startswith(b"%PDF")
        return
    count = sum(len(law.sizes) for law in LAWS)
    assert len(re.findall("a delta takes its index|logarithm rule, chain rule", shown)) >= count
    assert "Laws used, by indices".lower() in shown.lower() or format_ == "json"
    assert not re.search("unsupported|cannot be shown", shown)


def test_every_law_is_in_the_graph() -> None:
    proofs = json.loads(render(ALL, "json", "proof"))["proofs"]
    assert len(proofs) == sum(len(law.sizes) for law in LAWS)
    assert len({proof["law"] for proof in proofs}) == len(proofs)


def test_a_graph_of_numbers_has_none() -> None:
    b = Graph("d = 2b; L = d^2").backprop()
    assert "No law used here is derived by indices." in render(b, detail="proof")
    assert "No law used here is derived by indices." in render(b, "markdown", "proof")
    assert json.loads(render(b, "json", "proof"))["proofs"] == []


def test_in_a_problem_file() -> None:
    asked: dict[str, Any] = {"graph": "W: m x n; x: n; L = norm2(W @ x)"}
    solution = work(Problem("p1", 1, "A layer", "backprop", asked=asked, detail="proof"))
    page = solution.render("markdown")
    assert page.index("Backward pass") < page.index("Laws used, by indices") < page.index("Gradient check")
    assert "Laws used" not in solution.render("markdown", show="answers")


def test_other_things_are_shown_as_usual() -> None:
    solution = work(Problem("p1", 1, "A power", "derive", asked={"expr": "x^3"}, detail="proof"))
    usual = work(Problem("p1", 1, "A power", "derive", asked={"expr": "x^3"}))
    assert solution.render("markdown") == usual.render("markdown")


def test_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["backprop", "W: m x n; x: n; L = sum(W @ x)", "--detail", "proof"]) == 0
    assert "A @ b by A, as in L" in capsys.readouterr().out
