"""What stands directly after an array: its transpose, `A.T` or `A^T`, and its index, `x[3]` or `X[0, 2]`."""

from __future__ import annotations

from symback.parse import complaints
from symback.parse.source import MAX_DEPTH
from symback.parse.stack import FRAME, PREFIX, Parser
from symback.tree import Apply, Tree, apply

MAX_INDICES = 8


def take_transpose(parser: Parser) -> bool:
    """Transpose the term before `.T` or `^T`, which binds more tightly than everything else."""
    token = parser.tokens[parser.index]
    if parser.operators[-1].level >= PREFIX and parser.source.text[token.at] == "^":
        raise complaints.at_token(parser, "It is not clear what is transposed.", "Write (A^2)^T, or A.T.")
    _check_length(parser)
    parser.terms.append(apply("transpose", parser.terms.pop()))
    parser.index += 1
    return False


def _check_length(parser: Parser) -> None:
    """Refuse a run of transposes that nests too deep."""
    run = parser.tokens[max(parser.index - MAX_DEPTH, 0) : parser.index]
    if len(run) == MAX_DEPTH and all(token.kind == "transpose" for token in run):
        raise complaints.too_deep(parser)


def open_entry(parser: Parser) -> bool:
    """Open the bracket of an index, as in x[3]."""
    if parser.source.arrays is None:
        raise complaints.square_bracket(parser)
    before = parser.tokens[parser.index - 1]
    if before.kind in ("number", "constant"):
        raise complaints.at_token(parser, "A number has no entries.", "Write an index after a name, as in x[3].")
    parser.push(FRAME, "]", (close_entry, parser.terms.pop(), []))
    parser.index += 1
    return True


def close_entry(parser: Parser, last: Tree, base: Tree, indices: list[Tree]) -> bool:
    """Close the bracket of an index; the entry of a row that was taken by an index is one of the array."""
    if isinstance(base, Apply) and base.name == "index":
        base, *first = base.arguments
        indices = [*first, *indices]
    if len(indices) >= MAX_INDICES:
        raise complaints.at_token(parser, f"There are more than {MAX_INDICES} indices.", "Leave the others out.")
    parser.terms.append(apply("index", base, *indices, last))
    return False
