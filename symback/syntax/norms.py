"""The double bars of a norm, in texts about arrays: `‖x‖`, `||x||`, `\\lVert x \\rVert`, read as `norm(x)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symback.syntax.alphabet import SYMBOLS
from symback.syntax.refusals import refuse

if TYPE_CHECKING:
    from symback.syntax.tokens import Lexer

COMMANDS = ("\\lVert", "\\rVert", "\\Vert", "\\|", "‖")  # in LaTeX, also after \left and \right
_EUCLIDEAN = ("_{2}", "_{F}", "_2", "_F", "₂")  # what may stand below the second bar
_HINT = "Write sum(abs(x)) for the norm of the absolute values."


def read_double_bar(lexer: Lexer, at: int) -> int:
    """Read `‖`."""
    return refuse(lexer, at) if lexer.source.arrays is None else read_sign(lexer, at, at + 1)


def read_bar(lexer: Lexer, at: int) -> int:
    """Read `|`, or `||` where the next bar is a double one too: `||x||` is a norm, `||a| - |b||` is not."""
    doubled = lexer.source.arrays is not None and lexer.peek(at + 1) == "|"
    if doubled and (lexer.in_norm or _is_doubled(lexer, lexer.text.find("|", at + 2, lexer.stop))):
        return read_sign(lexer, at, at + 2)
    lexer.emit(SYMBOLS[lexer.text[at]], None, at, at + 1)
    return at + 1


def _is_doubled(lexer: Lexer, at: int) -> bool:
    return at >= 0 and lexer.peek(at + 1) == "|" and bool(lexer.text[at - 1 : at].strip("|"))


def read_sign(lexer: Lexer, at: int, end: int) -> int:
    """Open or close a norm; return the offset after it."""
    lexer.in_norm = not lexer.in_norm
    if lexer.in_norm:
        lexer.emit("function", "norm", at, end)
        lexer.emit("(", None, at, end)
        return end
    lexer.emit(")", None, at, end)
    below = next((mark for mark in _EUCLIDEAN if lexer.text.startswith(mark, end, lexer.stop)), "")
    if not below and lexer.peek(end) in ("_", "₁"):
        raise lexer.source.error("Only the Euclidean norm has double bars.", end, end + 2, hint=_HINT)
    return end + len(below)
