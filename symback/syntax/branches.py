"""Where a function by cases is read: comparisons, `if` and `else`, the rows of an environment."""

from __future__ import annotations

from symback.expr.cases import CASES
from symback.expr.tree import Tree
from symback.syntax import errors as complaints
from symback.syntax.by_cases import COMPARISON_HINT, EXAMPLE, TRUE, WHERE, cases_from
from symback.syntax.postfixes import close_tuple
from symback.syntax.source import MAX_DEPTH
from symback.syntax.stack import AND, CASE, COMPARE, FRAME, OR, Operator, Parser

_LEVELS = {"and": AND, "or": OR}


def take_comparison(parser: Parser) -> bool:
    """Take a comparison, which binds less tightly than all arithmetic."""
    token = parser.tokens[parser.index]
    in_cases = is_condition_wanted(parser)
    if not in_cases and _is_value_wanted(parser):
        raise complaints.at_token(parser, "This is a condition, where cases needs a value.", EXAMPLE)
    if parser.source.arrays is None and not in_cases:
        raise complaints.at_token(parser, "A comparison is not an expression.", COMPARISON_HINT)
    parser.build_above(COMPARE)
    if parser.operators[-1].level == COMPARE and not in_cases:
        hint = "Write two comparisons and their product, as in (a < b) * (b < c)."
        raise complaints.at_token(parser, "Write one comparison at a time.", hint)
    parser.operators.append(Operator(COMPARE, token.value, parser.index))
    parser.index += 1
    return True


def take_equals(parser: Parser) -> bool:
    """Take an equals sign, which is a comparison in a condition."""
    if not is_condition_wanted(parser) or _is_where_of_a_graph(parser):
        raise complaints.equals_sign(parser)
    parser.tokens[parser.index] = parser.tokens[parser.index]._replace(kind="compare", value="equal")
    return take_comparison(parser)


def _is_value_wanted(parser: Parser) -> bool:
    """Tell whether a value of cases is being read; in a graph a value of `where` may be a comparison."""
    return _values_of(_frame(parser)) is not None and not _is_where_of_a_graph(parser)


def _frame(parser: Parser) -> Operator:
    """Return what holds the place where the parser is, brackets that only group left out."""
    found: Operator = next(o for o in reversed(parser.operators) if o.level == FRAME and not _is_group(o))
    return found


def _is_where_of_a_graph(parser: Parser) -> bool:
    frame = _frame(parser)
    is_call = isinstance(frame.data, tuple) and len(frame.data) == 3
    name = frame.data[1].name if is_call and hasattr(frame.data[1], "name") else ""
    return parser.source.arrays is not None and str(name) == WHERE


def is_condition_wanted(parser: Parser) -> bool:
    """Tell whether what is being read is a condition of cases."""
    for operator in reversed(parser.operators):
        if operator.level == CASE:
            return bool(operator.kind == "if")
        if operator.level == FRAME and not _is_group(operator):
            done = _values_of(operator)
            return done is not None and len(done) % 2 == _parity(operator)
    return False


def _is_group(frame: Operator) -> bool:
    return frame.kind == ")" and isinstance(frame.data, tuple) and len(frame.data) == 1


def _values_of(frame: Operator) -> list[Tree] | None:
    """Return what was read of the cases that a frame holds, values and conditions in turn; None for other frames."""
    data = frame.data if isinstance(frame.data, tuple) else ()
    if data[:1] in ((close_rows,), (close_pair,)):
        return data[1]  # type: ignore[no-any-return]
    is_call = len(data) == 3 and getattr(data[1], "name", "") in (CASES, WHERE)
    return data[2] if is_call else None


def _parity(frame: Operator) -> int:
    is_where = getattr(frame.data[1], "name", "") == WHERE
    return 0 if is_where and not frame.data[2] else 2 if is_where else 1


def open_point(parser: Parser) -> None:
    """Take a bracket in a condition as a point where a comma follows in it, as in (x, y) != (0, 0)."""
    frame = parser.operators[-1]
    if frame.level == FRAME and _is_group(frame) and is_condition_wanted(parser):
        parser.operators[-1] = frame._replace(data=(close_tuple, None, []))


# --- and, or, if, else ------------------------------------------------------------------------------------------------


def take_junction(parser: Parser) -> bool:
    """Take `and` or `or` between two conditions."""
    kind = parser.tokens[parser.index].kind
    if not is_condition_wanted(parser):
        hint = "It joins two comparisons, as in cases(x, 0 < x and x < 1, 2)."
        raise complaints.at_token(parser, f"{kind} is allowed only in a condition.", hint)
    parser.build_above(_LEVELS[kind])
    parser.operators.append(Operator(_LEVELS[kind], kind, parser.index))
    parser.index += 1
    return True


def take_if(parser: Parser) -> bool:
    """Take the `if` after a value, or the words before the condition of a row."""
    parser.build_above(CASE)
    frame = parser.operators[-1]
    if frame.level == FRAME and frame.kind == "}" and len(frame.data) == 1:  # {x^2 if x < 1, 2x otherwise}
        parser.operators[-1] = frame._replace(data=(close_rows, []))
        frame = parser.operators[-1]
    if frame.level == FRAME and frame.data and frame.data[0] is close_rows:
        return _end_of_value(parser, frame)
    if frame.level == CASE and frame.kind == "if":
        raise complaints.at_token(parser, "Two conditions follow each other.", EXAMPLE)
    return _next(parser, "if")


def take_else(parser: Parser) -> bool:
    """Take the `else` between a condition and the next value, or the word after the last value of a row."""
    parser.build_above(CASE)
    frame = parser.operators[-1]
    if frame.level == FRAME and frame.data and frame.data[0] is close_rows and len(frame.data[1]) % 2 == 0:
        return _last_row(parser)
    if frame.level != CASE or frame.kind != "if":
        raise complaints.at_token(parser, "There is no condition before it.", "Write x^2 if x < 1 else 2x.")
    return _next(parser, "else")


def _next(parser: Parser, kind: str) -> bool:
    parser.operators.append(Operator(CASE, kind, parser.index))
    if parser.depth + sum(operator.level == CASE for operator in parser.operators) > 2 * MAX_DEPTH:
        raise complaints.too_deep(parser)
    parser.index += 1
    return True


# --- rows -------------------------------------------------------------------------------------------------------------


def open_rows(parser: Parser) -> bool:
    r"""Open the rows of \begin{cases}."""
    parser.push(FRAME, "end_cases", (close_rows, []))
    parser.index += 1
    return True


def take_ampersand(parser: Parser) -> bool:
    """Take the sign between a value and its condition."""
    parser.build_above(FRAME)
    return _end_of_value(parser, parser.operators[-1])


def _end_of_value(parser: Parser, frame: Operator) -> bool:
    if len(frame.data[1]) % 2:
        raise complaints.at_token(parser, "A row has one value and one condition.", r"Begin the next row with \\.")
    while parser.tokens[parser.index].kind in ("&", "if", ","):
        parser.index += 1
    if parser.tokens[parser.index].kind == "else":
        return _last_row(parser)
    if parser.tokens[parser.index].kind in ("row", frame.kind):
        raise complaints.at_token(parser, "The condition of this row is missing.", "Write x < 1, or otherwise.")
    frame.data[1].append(parser.terms.pop())
    return True


def _last_row(parser: Parser) -> bool:
    """Step over `otherwise`; its value stays on the stack, to be taken at the end."""
    parser.index += 1
    while parser.tokens[parser.index].kind in ("row", ",", "&"):
        parser.index += 1
    frame = parser.operators[-1]
    if parser.tokens[parser.index].kind != frame.kind:
        raise complaints.at_token(parser, "The case for everything else is the last one.", "Put it at the end.")
    return False


def take_row_end(parser: Parser) -> bool:
    """Take the end of a row after its condition."""
    parser.build_above(FRAME)
    frame = parser.operators[-1]
    if not frame.data or frame.data[0] is not close_rows:
        return complaints.no_operator(parser)
    parser.index += 1
    if len(frame.data[1]) % 2 == 0:
        raise complaints.at_token(parser, "The condition of a row is missing.", "Write 2x & \\text{otherwise}.")
    if parser.tokens[parser.index].kind == frame.kind:
        return False  # the condition is taken at the end
    frame.data[1].append(parser.terms.pop())
    return True


def take_comma_in_rows(parser: Parser) -> bool | None:
    """Take a comma of rows: one before the condition says nothing, one between braces ends a row; else None."""
    frame = parser.operators[-1]
    if _is_pair(parser):
        parser.operators[-1] = frame._replace(data=(close_pair, [parser.terms.pop()]))
        parser.index += 1
        return True
    if frame.level != FRAME or not frame.data or frame.data[0] is not close_rows:
        return None
    following = parser.tokens[parser.index + 1].kind
    if following in ("&", "if", "else", "row", frame.kind):
        parser.index += 1
        return False
    if frame.kind == "}":
        return take_row_end(parser)
    return _end_of_value(parser, frame) if len(frame.data[1]) % 2 == 0 else None


def _is_pair(parser: Parser) -> bool:
    """Tell whether a bracket holds a value and a condition, as in SymPy's Piecewise((x^2, x < 1), (2x, True))."""
    frame = parser.operators[-1]
    if frame.level != FRAME or not _is_group(frame):
        return False
    above = parser.operators[-2]
    is_call = above.level == FRAME and isinstance(above.data, tuple) and len(above.data) == 3
    return bool(is_call and getattr(above.data[1], "name", "") == CASES and len(above.data[2]) % 2 == 0)


def close_pair(parser: Parser, last: Tree, items: list[Tree]) -> bool:
    """Close a value with its condition; one that is `True` says that the value is for everything else."""
    if last == TRUE:
        parser.terms.append(items[0])
        return False
    parser.operators[-1].data[2].append(items[0])
    parser.terms.append(last)
    return False


def close_rows(parser: Parser, last: Tree, items: list[Tree]) -> bool:
    """Close the rows and build the function."""
    opened = parser.tokens[parser.index - 1]
    parser.terms.append(cases_from(parser.source, [*items, last], opened.at, opened.end))
    return False
