"""The laws that a backpropagation uses, derived by indices: what `detail="proof"` shows besides the usual."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from symback.errors import NoRule
from symback.expr.tree import Tree, symbol
from symback.graph.indices.proofs import ProofLine, proof_by_forms, proof_of
from symback.graph.laws_used import laws_used
from symback.syntax import parse_matrix

HEADING = "Laws used, by indices"
NONE = "No law used here is derived by indices."


class Shown(NamedTuple):
    """A law that is derived: the operation on letters of its own, the letter that it is by, a node that it is used in.

    A line is `left = right` with a reason; one that goes on from the line above has no left side.
    """

    operation: Tree
    by: Tree
    node: Tree
    lines: tuple[ProofLine, ...]


def proofs(b: Any) -> Iterator[Shown]:
    """Yield the laws by which the gradients were found, each once, as far as they are derived by indices."""
    for operation, place, ranks, axis, node in laws_used(b.graph, b.shapes, tuple(b.derivations)):
        try:
            law = proof_by_forms(operation, place, ranks, axis).law
        except NoRule:
            continue
        tree, by = parse_matrix(law.formula, law.inputs), symbol(law.inputs[place])
        yield Shown(tree, by, symbol(node), proof_of(operation, place, ranks, axis))


def parted(line: str) -> tuple[str, str]:
    """Return what stands left and right of the equals sign of a line of a proof.

    >>> parted("z_i = a_i b_i"), parted("= b_p")
    (('z_i', 'a_i b_i'), ('', 'b_p'))
    """
    left, _, right = line.removeprefix("= ").rpartition(" = ") if line.startswith("= ") else line.partition(" = ")
    return left, right
