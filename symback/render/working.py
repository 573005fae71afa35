"""A checked working: the lines as they were written with the verdict beside each, what is right, and the mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import Any

from symback.render import json
from symback.render.equations import sentence as whole_sentence
from symback.render.latex_rows import text_in_maths
from symback.render.layout import BAD, END, GOOD, INDENT, padded, visible, wrapped
from symback.render.maths import latex, text, unicode, write
from symback.render.notation import LATEX, marked
from symback.render.options import Options, distinct
from symback.render.page import Block, Display, Equation, Paragraph, Remark, Text
from symback.render.pieces import Mark
from symback.render.terminal import notation_for
from symback.tree import Tree, at, put, symbols_of
from symback.working.facts import Fact
from symback.working.result import (
    FOLLOWS,
    MENDED,
    NARROWER,
    RIGHT,
    ROUNDED,
    UNKNOWN,
    UNREADABLE,
    WRONG,
    Line,
    Working,
    sentence,
)  # fmt: skip

GAP = "   "
SIGNS = {RIGHT: "✓", ROUNDED: "✓", MENDED: "✓", NARROWER: "!", FOLLOWS: "↳", WRONG: "✗", UNKNOWN: "?", UNREADABLE: "✗"}
PLAIN = {"✓": "ok", "✗": "x", "↳": ">"}
GREY = "gray"
Write = Callable[[Tree], str]


def said(line: Line, written: Write) -> str:
    """Return what stands beside a line: the fact of a wrong one, why another is not simply right."""
    words = {
        RIGHT: "",
        ROUNDED: "rounded",
        MENDED: "right again, though it does not follow from the line before",
        FOLLOWS: f"follows from line {line.follows}",
        NARROWER: line.why,
        UNKNOWN: f"not judged: {line.why}" if line.why else "not judged",
        WRONG: f"line {line.number}: {_fact(line.term, written)}",
        UNREADABLE: f"line {line.number} cannot be read",
    }
    both = (words.get(line.verdict, ""), line.label_is_wrong)
    return "; ".join(filter(None, both))


def _fact(fact: Fact | None, written: Write) -> str:
    if fact is None or (fact.given is None and fact.right is None):
        return "this is not equal to the line before"
    return sentence(fact, written)


def cause(line: Line) -> str:
    """Return the mistake by name with its sentence; the family of several, or the two that are possible."""
    if line.mistake is not None:
        return f"{line.mistake.name}: {line.mistake.says}"
    if line.family and line.possible:
        return f"a mistake with the {line.family}: {', or '.join(line.possible)}"
    return f"either {' or '.join(line.possible)}" if len(line.possible) == 2 else ""


# --- text -------------------------------------------------------------------------------------------------------------


def lines(working: Working, options: Options) -> Iterator[str]:
    """Yield the lines for a terminal."""
    several = _several(working)
    notation = notation_for(options)

    def written(tree: Tree) -> str:
        return write(tree, notation, several)

    lefts = [written(line.left) if line.left is not None else "" for line in working.lines]
    bodies = [_body(line, written) for line in working.lines]
    wide = max(map(visible, lefts), default=0)
    beside = wide + 1 if wide else 0
    start = len(INDENT) + beside
    room = max(options.columns - start, 20)
    column = max((visible(b) for b in bodies if visible(b) <= room), default=0)
    for line, left, body in zip(working.lines, lefts, bodies, strict=True):
        yield from _row(line, INDENT + padded(left, beside), body, column, options, written)
    yield from _rights(working, written, options)
    yield working.summary()


def _body(line: Line, written: Write) -> str:
    """Return the parts of a line with the sign before each; a line that cannot be read as it was typed."""
    if line.error is not None or not line.parts:
        return line.text
    first = "" if line.left is None else "= "
    parts = [(f"{sign} " if sign else first if i == 0 else "") + written(t) for i, (sign, t) in enumerate(line.parts)]
    return " ".join(parts)


def _row(line: Line, lead: str, body: str, column: int, options: Options, written: Write) -> Iterator[str]:
    start = visible(lead)
    rows = list(wrapped(body, max(options.columns - start, 20), lead, " " * (start + 2)))
    sign = SIGNS.get(line.verdict, "")
    sign = sign if options.unicode else PLAIN.get(sign, sign)
    style = GOOD if line.verdict in (RIGHT, ROUNDED, MENDED) else BAD
    words = f"{sign} {said(line, written)}".strip()
    place = start + column + len(GAP)
    beside = max(options.columns - place, 0)
    told = wrap(words, beside, subsequent_indent=INDENT) if words and (beside >= 24 or len(words) <= beside) else []
    if told and visible(rows[-1]) + len(GAP) <= place:
        rows[-1] = padded(rows[-1], place) + f"{style}{told[0]}{END}"
        yield from rows
        yield from (" " * place + f"{style}{more}{END}" for more in told[1:])
    else:
        yield from rows
        indent = " " * (len(INDENT) + 4)
        yield from (f"{indent}{style}{part}{END}" for part in wrap(words, options.columns - len(indent)) if words)
    if line.verdict == WRONG and cause(line):
        indent = " " * (len(INDENT) + 4)
        yield from wrap(cause(line), options.columns, initial_indent=indent, subsequent_indent=indent + "  ")


def _rights(working: Working, written: Write, options: Options) -> Iterator[str]:
    """Yield the lines as they should be, and the answers of the questions that have a wrong line."""
    if not working.show_answer or not working.mistakes:
        return
    rows = [(f"line {line.number}", tree) for line in working.lines if (tree := corrected(line)) is not None]
    rows += [("answer", tree) for tree in dict.fromkeys(tree for _, tree in working.answers_of_wrong())]
    wide = max((len(name) for name, _ in rows), default=0)
    for i, (name, tree) in enumerate(rows):
        lead = f"{INDENT}{'right: ' if i == 0 else '       '}{name.ljust(wide)}  = "
        yield from wrapped(written(tree), max(options.columns - len(lead), 20), lead, " " * len(lead))


def corrected(line: Line) -> Tree | None:
    """Return a wrong line as it should be; None for any other."""
    return line.term.line if line.verdict == WRONG and line.term is not None else None


def ending(working: Working, options: Options) -> Iterator[str]:
    """Yield the notes."""
    if options.notes:
        for note in distinct(working.notes):
            yield from wrap(f"note: {note}", options.columns, initial_indent=INDENT, subsequent_indent=INDENT * 2)


# --- blocks of a page -------------------------------------------------------------------------------------------------


def blocks(working: Working, options: Options) -> Iterator[Block]:
    """Yield the lines as one display, the mistakes one by one, and the right lines."""
    several = _several(working)
    rows = [_equation(line, several) for line in working.lines if line.error is None]
    if rows:
        yield Display(tuple(rows))
    for line in working.lines:
        yield from _remarks(line)
    yield Remark(_verdict(working), (Text(whole_sentence(working.summary())),))
    yield from answers(working, options, ())


def _verdict(working: Working) -> str:
    """Return the kind of the last remark: verified only where every line that says something was judged right."""
    if working.exit_code():
        return "failed"
    judged, good = (working.count(*v) for v in ((RIGHT, ROUNDED, NARROWER, UNKNOWN), (RIGHT, ROUNDED)))
    return "verified" if judged and judged == good else "unverified"


def _equation(line: Line, several: bool) -> Equation:
    if not line.parts:
        return Equation(text_in_maths(line.text), ())
    parts = [_in_latex(line, i, tree, several) for i, (_, tree) in enumerate(line.parts)]
    about = [rf"\approx {part}" if sign == "≈" else part for (sign, _), part in zip(line.parts, parts, strict=True)]
    words = f"{SIGNS.get(line.verdict, '')} {_short(line)}".strip()
    left = "" if line.left is None else latex(line.left, several)
    is_bare = bool(not left and line.parts and not line.parts[0][0])
    return Equation(parts[0] if is_bare else left, tuple(about[1 if is_bare else 0 :]), words)


def _short(line: Line) -> str:
    """Return what stands beside a line of a page, where the fact has a place of its own."""
    return line.term.how if line.verdict == WRONG and line.term is not None else said(line, str)


def _in_latex(line: Line, place: int, tree: Tree, several: bool) -> str:
    """Return a part of a line: a wrong term with a brace and what is wrong with it below, a line that follows grey."""
    if line.verdict == FOLLOWS:
        return rf"\textcolor{{{GREY}}}{{{latex(tree, several)}}}"
    path = line.place
    if line.verdict != WRONG or place != line.wrong or path is None or line.term is None:
        return latex(tree, several)
    try:
        shown = put(tree, path, Mark(at(tree, path))) if path else Mark(tree)
    except (IndexError, AttributeError):
        return latex(tree, several)
    return write(shown, marked(LATEX, r"\underbrace{", rf"}}_{{\text{{{line.term.how}}}}}"), several)


def _remarks(line: Line) -> Iterator[Block]:
    if line.verdict == WRONG:
        yield Remark("failed", (Text(f"Line {line.number}: {whole_sentence(_fact(line.term, unicode))}"),))
        if cause(line):
            yield Remark("note", (Text(whole_sentence(cause(line))), *_law(line)))
    elif line.error is not None:
        said = f"Line {line.number} cannot be read: {line.error.message} {line.error.hint}"
        yield Remark("error", (Text(line.text, "code"), Text(f" {said}".rstrip())))


def _law(line: Line) -> tuple[Text, ...]:
    return (Text(" As a law: "), Text(line.mistake.law, "code"), Text(".")) if line.mistake is not None else ()


def answers(working: Working, options: Options, shown: Sequence[Block]) -> Iterator[Block]:
    """Yield the wrong lines as they should be, and the answers."""
    if not working.show_answer:
        return
    several = _several(working)
    rows = [(rf"\text{{line {line.number}}}", tree) for line in working.lines if (tree := corrected(line)) is not None]
    right = dict.fromkeys(tree for _, tree in working.answers_of_wrong())
    found = [*rows, *((r"\text{answer}", tree) for tree in right)]
    if found:
        yield Paragraph((Text("Right is:"),))
        yield Display(tuple(Equation(name, (latex(tree, several),)) for name, tree in found))


def _several(working: Working) -> bool:
    trees = [tree for line in working.lines for _, tree in line.parts]
    return len(frozenset().union(*map(symbols_of, trees))) > 1 if trees else False


# --- JSON -------------------------------------------------------------------------------------------------------------


def as_object(working: Working, options: Options) -> dict[str, Any]:
    """Return a working as the object that its JSON is."""
    several = _several(working)
    answer = working.answer if working.show_answer else None
    return {
        "schema": json.SCHEMA,
        "kind": "check",
        "input": working.source,
        "notes": distinct(working.notes),
        "lines": [_line(line, several) for line in working.lines],
        "first_wrong": working.first_wrong,
        "mistakes": working.mistakes,
        "answer": None if answer is None else json.expression(answer, several),
    }


def _line(line: Line, several: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"line": line.number, "text": line.text, "verdict": line.verdict}
    made |= {"term": None if line.term is None else _term(line.term, several), "mistake": _mistake(line)}
    made |= {"possible": list(line.possible), "right": None}
    if line.term is not None:
        made["right"] = json.expression(line.term.line, several)
    optional = {"why": line.why, "follows": line.follows, "label": line.label, "remark": line.remark}
    made |= {key: value for key, value in optional.items() if value}
    if line.label_is_wrong:
        made["label_is_wrong"] = line.label_is_wrong
    return made | ({"error": json.error_object(line.error)} if line.error is not None else {})


def _term(fact: Fact, several: bool) -> dict[str, Any]:
    def shown(tree: Tree | None) -> Any:
        return None if tree is None else json.expression(tree, several)

    return {"given": shown(fact.given), "right": shown(fact.right), "how": fact.how}


def _mistake(line: Line) -> dict[str, Any] | None:
    found = line.mistake
    if found is None:
        return None
    bindings = {letter: text(tree) for letter, tree in found.bindings}
    return {"name": found.name, "law": found.law, "bindings": bindings, "says": found.says}
