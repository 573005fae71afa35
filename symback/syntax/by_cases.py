r"""Functions by cases as they are written: the words and signs, and how values and conditions become a tree.

    cases(x^2, x < 1, 2x)     x^2 if x < 1 else 2x     {x^2 if x < 1, 2x otherwise}     where(x < 1, x^2, 2x)
    \begin{cases} x^2 & x < 1 \\ 2x & \text{otherwise} \end{cases}

In a text about arrays the same is built of `where`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from symback.expr.cases import AND, CASES, CONDITIONS, OR, is_cases, is_condition
from symback.expr.tree import Apply, Inert, Times, Tree, apply
from symback.syntax.arrays import is_list

if TYPE_CHECKING:
    from symback.syntax.source import Source
    from symback.syntax.tokens import Lexer

WHERE = "where"
TRUE = apply("true")  # the condition of a value for everything else
WORDS: dict[str, str] = {
    **dict.fromkeys(("if", "when", "for", "falls", "wenn", "für", "si", "se"), "if"),
    **dict.fromkeys(("else", "otherwise", "elsewhere", "sonst", "sinon", "altrimenti", "else if"), "else"),
    **dict.fromkeys(("and", "und"), "and"),
    **dict.fromkeys(("or", "oder"), "or"),
}
_TYPED = frozenset(("if", "when", "falls", "wenn", "else", "otherwise", "sonst", "and", "und", "or", "oder"))
_CALLED = {"cases": CASES, "piecewise": CASES, "Piecewise": CASES, "where": WHERE, "if": WHERE}
_ENDS_TERM = frozenset(("number", "name", "constant", ")", "}", "]", "|)", "|", "⌋", "⌉"))
EXAMPLE = "Write values and conditions in turn, as in cases(x^2, x < 1, 2x)."
COMPARISON_HINT = "A comparison is allowed only in cases, as in cases(x^2, x < 1, 2x); max, min or abs may do as well."

# --- words and environments -------------------------------------------------------------------------------------------

BEGIN = re.compile(r"\\begin\s*\{[dr]?cases\}|\\left\s*\\\{\s*\\begin\s*\{(?:array|matrix|aligned)\}(?:\{[lcr| ]*\})?")
END = re.compile(r"\\end\s*\{[dr]?cases\}|\\end\s*\{(?:array|matrix|aligned)\}\s*\\right\s*\.")
ROW = re.compile(r"\\\\(?:\s*\[[0-9.]+\s*[a-z]{2}\])?")


def read_word_of_cases(lexer: Lexer, at: int, end: int) -> int:
    """Read `if`, `else`, `and`, `or`, or the name of a call such as `cases(`; return where it ends, 0 for none."""
    word, source = lexer.text[at:end], lexer.source
    if lexer.whole_words or word in source.names or (source.arrays is not None and word in source.arrays.functions):
        return 0
    after_term = bool(lexer.tokens) and lexer.tokens[-1].kind in _ENDS_TERM
    if word in _CALLED and lexer.text[end : lexer.stop].lstrip()[:1] == "(" and not (word == "if" and after_term):
        lexer.emit("function", _CALLED[word], at, end)
        return end
    if word == "True" and lexer.tokens and lexer.tokens[-1].kind == "," and any(t.value == CASES for t in lexer.tokens):
        lexer.emit("constant", TRUE, at, end)
        return end
    if word in ("not", "nicht") and any(t.kind in ("if", "begin") or t.value in (CASES, WHERE) for t in lexer.tokens):
        raise source.error(f"{word} is not read in a condition.", at, end, hint="Write the opposite: x >= 1 for x < 1.")
    if word == "mod" and after_term and lexer.peek(end) != "(":
        lexer.emit("mod", None, at, end)
        return end
    if word not in _TYPED or not lexer.tokens:
        return 0
    kind = WORDS[word]
    if kind in ("and", "or") and not any(t.kind in ("compare", "=", "if") for t in lexer.tokens):
        return 0
    lexer.emit(kind, None, at, end)
    return end


def read_words_in_braces(lexer: Lexer, word: str, at: int, end: int) -> int:
    r"""Read `\text{if }` and `\text{otherwise}`; 0 where the words are others."""
    kind = WORDS.get(" ".join(word.split()).strip(" ,.:;~"))
    if kind is None or not lexer.tokens or word in lexer.source.names:
        return 0
    lexer.emit(kind, None, at, end)
    return end


def read_words_with_dollars(lexer: Lexer, at: int) -> int:
    r"""Read `\text{if $`, whose condition is in dollar signs; 0 where something else is there."""
    found = _WITH_DOLLAR.match(lexer.text, at, lexer.stop) if is_in_environment(lexer) else None
    if found is None or WORDS.get(found[1]) != "if":
        return 0
    lexer.emit("if", None, at, found.end())
    return found.end()


def read_mark(lexer: Lexer, at: int) -> int:
    r"""Read a full stop, semicolon, colon or `$}` in the rows of cases, which say nothing; 0 where they do."""
    found = _MARK.match(lexer.text, at, lexer.stop) if is_in_environment(lexer) else None
    return found.end() if found else 0


_WITH_DOLLAR = re.compile(r"\\(?:text|textrm|mbox)\s*\{\s*(\w+)\s*\$")
_MARK = re.compile(r"\$\s*\}|[.;](?=\s*(?:\\\\|\\end|&))|:(?<=&:)|:(?<=& :)")


def begin_of_cases(lexer: Lexer, at: int) -> int:
    r"""Read `\begin{cases}`, or a brace before an array; return where it ends, 0 where it is something else."""
    found = BEGIN.match(lexer.text, at, lexer.stop)
    if found is None:
        return 0
    lexer.emit("begin", None, at, found.end())
    return found.end()


def end_of_cases(lexer: Lexer, at: int) -> int:
    r"""Read `\end{cases}`; return where it ends, 0 where it is something else."""
    found = END.match(lexer.text, at, lexer.stop)
    if found is None:
        return 0
    lexer.emit("end_cases", None, at, found.end())
    return found.end()


def is_in_environment(lexer: Lexer) -> bool:
    """Tell whether an environment of cases is open."""
    kinds = [t.kind for t in lexer.tokens]
    return kinds.count("begin") > kinds.count("end_cases")


def read_row_end(lexer: Lexer, at: int) -> int:
    r"""Read `\\` between the rows of cases; 0 where no environment is open."""
    found = ROW.match(lexer.text, at, lexer.stop) if is_in_environment(lexer) else None
    if found is None:
        return 0
    lexer.emit("row", None, at, found.end())
    return found.end()


# --- trees ------------------------------------------------------------------------------------------------------------


def cases_from(source: Source, terms: Sequence[Tree], at: int, end: int) -> Tree:
    """Return the function by cases of values and conditions in turn; ParseError where they are something else."""
    for place, term in enumerate(terms):
        is_value = place % 2 == 0
        if is_value and (is_condition(term) or source.arrays is None and _holds_condition(term)):
            raise source.error("This is a condition, where cases needs a value.", at, end, hint=EXAMPLE)
        if not is_value and not _is_proper_condition(source, term):
            raise source.error("This is a value, where cases needs a condition.", at, end, hint=EXAMPLE)
    if len(terms) < 2:
        raise source.error("A function by cases has a value and a condition.", at, end, hint=EXAMPLE)
    return apply(CASES, *terms) if source.arrays is None else _choices(source, terms, at, end)


def where_from(source: Source, terms: Sequence[Tree], at: int, end: int) -> Tree:
    """Return `where(x < 1, x^2, 2x)` as a function by cases."""
    if len(terms) != 3:
        hint = "Write where(x > 0, a, b): a where the comparison holds, b elsewhere."
        raise source.error(f"where takes 3 values, but {len(terms)} are given.", at, end, hint=hint)
    return cases_from(source, (terms[1], terms[0], terms[2]), at, end)


def compared(source: Source, name: str, left: Tree, right: Tree) -> Tree:
    """Return a comparison; two points are equal where all their coordinates are."""
    points = [tree.arguments for tree in (left, right) if is_list(tree)]
    if source.arrays is not None or not points:
        return apply(name, left, right)
    if len(points) == 2 and len(points[0]) == len(points[1]) and name in ("equal", "differs"):
        parts = [apply(name, *pair) for pair in zip(*points, strict=True)]
        return apply(AND if name == "equal" else OR, *parts)
    hint = "Write (x, y) = (0, 0) or (x, y) != (0, 0)."
    raise source.error("These points cannot be compared.", 0, len(source.text), hint=hint)


def joined_conditions(source: Source, name: str, parts: Sequence[Tree]) -> Tree:
    """Return conditions joined by `and` or `or`; in a text about arrays, where they are numbers, what does the same."""
    flat = [p for part in parts for p in (part.arguments if _is_called(part, name) else (part,))]
    if len(flat) == 1:
        return flat[0]
    if source.arrays is None:
        return apply(name, *flat)
    if name == AND:
        return Times(*flat)
    total = flat[0]
    for part in flat[1:]:
        total = apply("max", total, part)
    return total


def _is_called(tree: Tree, name: str) -> bool:
    return isinstance(tree, Apply) and tree.name == name


def _is_proper_condition(source: Source, tree: Tree) -> bool:
    """Tell whether comparisons are joined by `and` and `or` alone, none inside what is compared."""
    if source.arrays is not None:
        return True  # any number there, which is true where it is not 0
    stack = [tree]
    while stack:
        node = stack.pop()
        if not is_condition(node):
            return False
        if node.name in (AND, "or"):
            stack.extend(node.arguments)
        elif any(map(_holds_condition, node.arguments)):
            return False
    return True


def _holds_condition(tree: Tree) -> bool:
    """Tell whether a comparison is in a tree outside of the cases in it, which are looked at already."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Apply) and node.name in CONDITIONS:
            return True
        if isinstance(node, Inert) and not is_cases(node):
            stack.extend(node._args)
    return False


def _choices(source: Source, terms: Sequence[Tree], at: int, end: int) -> Tree:
    """Return `where` inside of `where`, which a graph has for cases."""
    if len(terms) % 2 == 0:
        hint = "Add the value for everything else, as in cases(x^2, x < 1, 2x)."
        raise source.error("In a graph cases have a value everywhere.", at, end, hint=hint)
    made = terms[-1]
    for place in range(len(terms) - 3, -1, -2):
        made = apply(WHERE, terms[place + 1], terms[place], made)
    return made
