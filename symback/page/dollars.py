r"""Formulas between dollar signs, in words and in Markdown: $x^2$ in a line, $$x^2$$ by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from symback.page.formula.subset import safe_latex
from symback.page.formula.value import typed
from symback.page.page import Inline, Maths, Text

# As pandoc has it: no blank within either sign, and no digit behind the last, so $5 and $6 are words.
_INLINE = re.compile(r"\$(?![\s$])((?:\\.|[^\\$])*)(?<!\s)\$(?![\d$])", re.DOTALL)
_DISPLAY = re.compile(r"\$\$((?:\\.|[^\\$])+)\$\$", re.DOTALL)
_EITHER = re.compile(rf"\\\$|{_DISPLAY.pattern}|{_INLINE.pattern}", re.DOTALL)


def maths_or_code(latex: str) -> Maths | Text:
    """Return a formula, or where it holds more than mathematics what was typed."""
    shown = safe_latex(latex)
    return Maths(typed(shown)) if shown else Text(f"${latex.strip()}$", "code")


def with_formulas(text: str) -> Iterator[Inline]:
    r"""Yield words and the formulas between them; \\$ is a dollar sign."""
    start, words = 0, ""
    for found in _EITHER.finditer(text):
        words += text[start : found.start()]
        start = found.end()
        if found[0] == r"\$":
            words += "$"
            continue
        if words:
            yield Text(words)
            words = ""
        yield maths_or_code(found[1] or found[2])
    if words + text[start:]:
        yield Text(words + text[start:])


# --- rules for markdown-it ----------------------------------------------------------------------------------------


def in_line(state: Any, silent: bool) -> bool:
    """Read $...$ or $$...$$ within a paragraph."""
    if state.src[state.pos] != "$":
        return False
    found = _DISPLAY.match(state.src, state.pos, state.posMax) or _INLINE.match(state.src, state.pos, state.posMax)
    if not found:
        width = len(state.src) - len(state.src[state.pos :].lstrip("$")) - state.pos
        if not silent:
            state.pending += "$" * width
        state.pos += width
        return True
    if not silent:
        state.push("formula", "", 0).content = found[1]
    state.pos = found.end()
    return True


def by_itself(state: Any, first: int, last: int, silent: bool) -> bool:
    """Read a formula whose first line begins with $$ and whose last line ends so."""
    start = state.bMarks[first] + state.tShift[first]
    if not state.src.startswith("$$", start) or state.is_code_block(first):
        return False
    line = first
    while line < last and not state.isEmpty(line) and not _ends(state.src[start : state.eMarks[line]], line == first):
        line += 1
    if line == last or state.isEmpty(line):
        return False
    if not silent:
        lines = state.getLines(first, line + 1, state.blkIndent, False).strip()
        state.push("display", "", 0).content = lines[2:-2]
        state.line = line + 1
    return True


def _ends(lines: str, is_one: bool) -> bool:
    """Tell whether lines that begin with $$ are a whole formula; in one line nothing may stand behind its end."""
    lines = lines.strip()
    return _DISPLAY.fullmatch(lines) is not None if is_one else len(lines) > 4 and lines.endswith("$$")
