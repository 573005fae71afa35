"""Comparisons, which are 1 or 0, and the choice between two arrays entry by entry."""

from __future__ import annotations

from symback.graph.operations.basic import broadcast_shape
from symback.graph.operations.row import ArrayOperation


def _comparison(name: str, title: str, sign: str, latex: str) -> ArrayOperation:
    return ArrayOperation(
        name, title, "a, b", broadcast_shape, ("", ""),
        numpy=f"truth({{0}} {sign} {{1}})", jax=f"({{0}} {sign} {{1}}) * 1.0", torch=f"({{0}} {sign} {{1}}) * 1.0",
        math=f"(1.0 if {{0}} {sign} {{1}} else 0.0)", is_at_least_0=True,
        at_kinks="the derivative of a comparison is 0, also where it jumps",
        text=f"{{a.term}} {sign} {{b.term}}", latex=latex,
    )  # fmt: skip


# fmt: off
COMPARISONS: dict[str, str] = {
    ">": "greater", "<": "less", ">=": "at_least", "<=": "at_most", "==": "equal", "!=": "differs",
}
_LATEX = {
    "<=": r"{a.term} \le {b.term}", ">=": r"{a.term} \ge {b.term}", "!=": r"{a.term} \ne {b.term}",
    "==": r"\left({a.term} = {b.term}\right)",
}
ROWS = (
    *(_comparison(name, "comparison", sign, _LATEX.get(sign, f"{{a.term}} {sign} {{b.term}}"))
      for sign, name in COMPARISONS.items()),
    ArrayOperation("where", "choice", "a, b, c", broadcast_shape,
        ("", "where(a, g, zeros(sizes(z)))", "where(a, zeros(sizes(z)), g)"),
        numpy="np.where({0} != 0, {1}, {2})", jax="jnp.where({0} != 0, {1}, {2})",
        torch="torch.where(torch.as_tensor({0}) != 0, torch.as_tensor({1}), torch.as_tensor({2}))",
        math="({1} if {0} != 0.0 else {2})"),
)
# fmt: on
