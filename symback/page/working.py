"""A checked working: the lines as they were written with the verdict beside each, what is right, and the mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from symback.expr.tree import Gradient, Tree, at, put, symbols_of
from symback.page import json
from symback.page.formula.value import NOTHING, Formula, derivative_of, formula, spelled, spelled_by, words
from symback.page.law_lines import law_formula
from symback.page.maths import text, unicode, write
from symback.page.notation import Notation, marked
from symback.page.options import Options, distinct
from symback.page.page import Block, Display, Equation, Law, Paragraph, Remark, Text
from symback.page.pieces import Mark
from symback.page.remarks import sentence as whole_sentence
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

SIGNS = {RIGHT: "✓", ROUNDED: "✓", MENDED: "✓", NARROWER: "!", FOLLOWS: "↳", WRONG: "✗", UNKNOWN: "?", UNREADABLE: "✗"}
ABOUT = spelled("~ ", "≈ ", r"\approx ")
Write = Callable[[Tree], str]


def said(line: Line, written: Write) -> str:
    """Return what stands beside a line: the fact of a wrong one, why another is not simply right."""
    words = {
        RIGHT: line.why,
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


def corrected(line: Line) -> Tree | None:
    """Return a wrong line as it should be; None for any other."""
    return line.term.line if line.verdict == WRONG and line.term is not None else None


# --- blocks of a page -------------------------------------------------------------------------------------------------


def blocks(working: Working, options: Options) -> Iterator[Block]:
    """Yield the lines as one display, the mistakes one by one, and the right lines."""
    several = several_letters(working)
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
        return Equation(words(line.text), ())
    parts = [_part(line, i, tree, several) for i, (_, tree) in enumerate(line.parts)]
    about = [ABOUT + part if sign == "≈" else part for (sign, _), part in zip(line.parts, parts, strict=True)]
    beside = f"{SIGNS.get(line.verdict, '')} {_short(line)}".strip()
    left = left_of(line, several)
    is_bare = bool(not left and line.parts and not line.parts[0][0])
    links = tuple(about[1 if is_bare else 0 :])
    return Equation(parts[0] if is_bare else left, links, beside, laws=_laws(line), is_quiet=line.verdict == FOLLOWS)


def _laws(line: Line) -> tuple[Law, ...]:
    """Return the wrong law of a line, which a page opens where the reason stands."""
    if line.mistake is None:
        return ()
    return (Law(line.mistake.name, law_formula(line.mistake.law) or words(line.mistake.law)),)


def _short(line: Line) -> str:
    """Return what stands beside a line of a page, where the fact has a place of its own."""
    return line.term.how if line.verdict == WRONG and line.term is not None else said(line, str)


def left_of(line: Line, several: bool) -> Formula:
    """Return the left side of a line: df/dx of a function of one variable, ∂f/∂x of several."""
    left = line.left
    if left is None:
        return NOTHING
    if isinstance(left, Gradient) and not several:
        of, by = left._args
        return derivative_of(of.name, (by,), several)
    return formula(left, several)


def _part(line: Line, place: int, tree: Tree, several: bool) -> Formula:
    """Return a part of a line; below a wrong term stands a brace with what is wrong with it."""
    path = line.place
    if line.verdict != WRONG or place != line.wrong or path is None or line.term is None:
        return formula(tree, several)
    try:
        shown = put(tree, path, Mark(at(tree, path))) if path else Mark(tree)
    except (IndexError, AttributeError):
        return formula(tree, several)
    under = rf"}}_{{\text{{{line.term.how}}}}}"

    def written(notation: Notation) -> str:
        braces = marked(notation, r"\underbrace{", under) if notation.name == "latex" else notation
        return write(shown, braces, several)

    return spelled_by(written)


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
    several = several_letters(working)
    rows = [(words(f"line {line.number}"), tree) for line in working.lines if (tree := corrected(line)) is not None]
    right = dict.fromkeys(tree for _, tree in working.answers_of_wrong())
    found = [*rows, *((words("answer"), tree) for tree in right)]
    if found:
        yield Paragraph((Text("Right is:"),))
        yield Display(tuple(Equation(name, (formula(tree, several),)) for name, tree in found))


def several_letters(working: Working) -> bool:
    trees = [tree for line in working.lines for _, tree in line.parts]
    return len(frozenset().union(*map(symbols_of, trees))) > 1 if trees else False


# --- JSON -------------------------------------------------------------------------------------------------------------


def as_object(working: Working, options: Options) -> dict[str, Any]:
    """Return a working as the object that its JSON is."""
    several = several_letters(working)
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
