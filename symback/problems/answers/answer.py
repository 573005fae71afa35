"""The answers that a file gives, checked against the right ones: which belongs to what, and what became of each.

Nothing here raises: an answer that nothing belongs to is a wrong one with a note, and one that cannot be read is named
as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeGuard

from symback.errors import ParseError, SymbackError
from symback.expr.tree import Tree, symbols_of
from symback.page.solution import CONFIRMED, NARROWER, NONE, UNREADABLE, WRONG, AnswerCheck
from symback.problems.answers.claims import Claim, claim_of, claims_of
from symback.problems.answers.comparing import compared, counted, has_letters, right_text
from symback.problems.answers.reading import Unreadable, digits_of, entries_of, given_text, read_given, split_at_commas
from symback.problems.answers.rights import REFUSED, Answers, Right, Rights, says_no_value
from symback.syntax import parse
from symback.verify import same_value

WORDS = ("does not exist", "oo", "-oo")  # answers that are no number
VERDICTS = {"yes": CONFIRMED, "no": WRONG, "narrower": NARROWER, "unknown": NONE}


class Checked(NamedTuple):
    """What came of all given answers, and what is to be said about them."""

    checks: tuple[AnswerCheck, ...] = ()
    notes: tuple[str, ...] = ()


class _Asked(NamedTuple):
    """A given answer with what it is to be compared with; with neither, the note says why."""

    key: str
    given: Any
    right: Rights | None = None
    note: str = ""


class _Judgement(NamedTuple):
    verdict: str
    right: str = ""
    note: str = ""
    where: str = ""
    reason: str = ""


def check_answers(given: Any, answers: Answers) -> Checked:
    """Compare what a file gives as the answer with what is right.

    >>> from symback.expr.tree import Times, symbol, TWO
    >>> check_answers("x + x", Answers({"x": Right(formula=Times(TWO, symbol("x")))}, "x")).checks
    (AnswerCheck(key='x', given='x + x', right='2x', verdict='confirmed', where='', reason=''),)
    """
    checks, notes = [], []
    for asked in _pairs(given, answers) if given is not None else ():
        judged = _judged(asked, answers)
        text = given_text(asked.given)
        checks.append(AnswerCheck(asked.key, text, judged.right, judged.verdict, judged.where, judged.reason))
        if judged.note:
            notes.append(f"The answer {f'for {asked.key} ' if asked.key else ''}{judged.note}")
        if judged.verdict == WRONG:
            notes += (f"In the answer {text}: {note}" for note in reading_notes(asked.given))
    return Checked(tuple(checks), tuple(notes))


def reading_notes(given: Any) -> tuple[str, ...]:
    """Return how a given answer was read, where it may have been meant otherwise.

    >>> reading_notes("cos y x")
    ('x belongs to the argument of cos; write cos(...) with brackets to end it before.',)
    """
    if not isinstance(given, str):
        return ()
    from symback.calculus.question import read_question  # few answers are wrong

    try:
        return read_question(given).notes
    except SymbackError:
        return ()


def that_it_exists(given: Any, answers: Answers) -> Checked:
    """Return that an answer is wrong which says that there is none, unless a limit was found not to exist."""
    right = answers.by_key.get(answers.alone)
    if isinstance(right, Right) and says_no_value(right.value):
        return Checked((AnswerCheck(answers.alone, given_text(given), str(right.value), CONFIRMED),))
    text = "" if right is None else right_text(right, False)
    return Checked((AnswerCheck(answers.alone, given_text(given), text or "a value that exists", WRONG),))


# --- which answer belongs to what -----------------------------------------------------------------------------------


def _pairs(given: Any, answers: Answers) -> Iterator[_Asked]:
    if isinstance(given, Mapping):
        for key, value in given.items():
            yield from _under_key(str(key), value, answers)
    elif isinstance(given, (list, tuple)) and answers.in_order:
        yield from _claimed(given, answers) or _in_order(given, answers)
    elif not answers.alone and (claimed := _claimed(given, answers)):
        yield from claimed
    elif answers.alone in answers.by_key:
        yield _Asked(answers.alone, given, answers.by_key[answers.alone])
    else:
        yield _Asked("", given, None, f"does not say what it is for; its keys may be {_known(answers)}.")


def _under_key(given_key: str, value: Any, answers: Answers) -> Iterator[_Asked]:
    key = _canonical(given_key, answers)
    if isinstance(value, Mapping) and key in answers.parts:
        part = answers.parts[key]
        for inner, entry in value.items():
            right = part.get(_canonical(str(inner), answers))
            note = "" if right is not None else f"belongs to nothing; the keys are {', '.join(part) or 'none'}."
            yield _Asked(f"{given_key}.{inner}", entry, right, note)
    elif key in answers.by_key:
        yield _Asked(given_key, value, answers.by_key[key])
    else:
        yield _Asked(given_key, value, None, f"belongs to nothing; the keys are {_known(answers)}.")


def _in_order(given: Sequence[Any], answers: Answers) -> Iterator[_Asked]:
    keys = answers.in_order
    if len(given) != len(keys):
        note = f"has {counted(len(given))}, but there are {len(keys)}: {', '.join(keys)}."
        yield _Asked("", list(given), [answers.by_key[key] for key in keys], note)
        return
    yield from (_Asked(key, value, answers.by_key[key]) for key, value in zip(keys, given, strict=True))


def _claimed(given: Any, answers: Answers) -> list[_Asked]:
    """Return the answers whose left sides say what they are for, such as f_x = 2xy; none where one does not."""
    texts = (
        list(given) if isinstance(given, (list, tuple)) else split_at_commas(given) if isinstance(given, str) else []
    )
    claims = [claim_of(text) if isinstance(text, str) else None for text in texts]
    keys = [",".join(c.by[: len(c.by) // (answers.order or 1)]) if c is not None and c.order else "" for c in claims]
    if not keys or len(set(keys)) < len(keys) or any(key not in answers.by_key for key in keys):
        return []
    return [_Asked(key, text, answers.by_key[key]) for key, text in zip(keys, texts, strict=True)]


def _canonical(key: str, answers: Answers) -> str:
    if key in answers.by_key or key in answers.parts:
        return key
    try:
        return answers.key(key)
    except ParseError:
        return key


def _known(answers: Answers) -> str:
    return ", ".join(dict.fromkeys((*answers.by_key, *answers.parts))) or "none"


# --- one answer -----------------------------------------------------------------------------------------------------


def _judged(asked: _Asked, answers: Answers) -> _Judgement:
    if asked.right is None or asked.note:
        right = "" if asked.right is None else right_text(asked.right, False)
        return _Judgement(WRONG, right, asked.note)
    if _is_word(asked.right):
        return _Judgement(CONFIRMED if _word(asked.given) == _word(asked.right.value) else WRONG, asked.right.value)
    if _word(asked.given) in WORDS:
        return _Judgement(WRONG, right_text(asked.right, False))
    other = _about_something_else(asked, answers)
    if other:
        return _Judgement(WRONG, right_text(asked.right, not _is_value(asked, answers)), other)
    try:
        given = read_given(asked.given, answers.read)
    except Unreadable as problem:
        return _Judgement(UNREADABLE, right_text(asked.right, False), reason=getattr(problem, "message", str(problem)))
    entries = list(entries_of(given))
    as_formula = any(map(has_letters, entries))
    verdict, note, where = compared(given, asked.right, as_formula, digits_of(asked.given))
    rounded = any(isinstance(entry, Decimal) for entry in entries) and not as_formula
    return _Judgement(VERDICTS[verdict], right_text(asked.right, as_formula, rounded), note, where)


def _is_word(right: Rights) -> TypeGuard[Right]:
    """Tell whether what is right is a word, such as the name of a mistake, and nothing that is read."""
    return isinstance(right, Right) and isinstance(right.value, str) and right.value != REFUSED


def _word(given: Any) -> str:
    """Return a word in one spelling: ∞ is oo."""
    if not isinstance(given, str):
        return str(given)
    plain = " ".join(given.replace("\\infty", "oo").replace("∞", "oo").replace("−", "-").split()).casefold()
    signless = plain.lstrip("+- ")
    if signless in ("oo", "infinity", "inf"):
        return "-oo" if plain.startswith("-") else "oo"
    return plain.rstrip(".")


def _about_something_else(asked: _Asked, answers: Answers) -> str:
    """Return what is to be said of an answer such as dy/dt = 2x or f''(x) = 2, where dy/dx is asked."""
    claims = claims_of(asked.given) if isinstance(asked.given, str) else []
    return next((said for claim in claims if (said := _said_of(claim, asked, answers))), "")


def _said_of(claim: Claim, asked: _Asked, answers: Answers) -> str:
    said = _of_another_name(claim, asked, answers) or _of_another_place(claim, answers)
    if said or asked.key not in answers.by_key or answers.order is None or claim.order is None:
        return said or _under_another_key(claim, asked, answers)
    wanted = [v for v in asked.key.split(",") for _ in range(answers.order)]
    if claim.order != len(wanted):
        return f"is given as a derivative of order {claim.order}, where order {len(wanted)} is asked."
    if claim.by and sorted(claim.by) != sorted(wanted):
        return f"is given as a derivative by {', '.join(dict.fromkeys(claim.by))}, where one by {asked.key} is asked."
    if claim.of and isinstance(asked.right, Right) and asked.right.within and _is_other(claim.of, asked.right, answers):
        return f"is given as the derivative of {claim.of}, which is not the function that is asked about."
    return ""


def _of_another_name(claim: Claim, asked: _Asked, answers: Answers) -> str:
    """Return what is to be said of g'(x) = ... or f(x) = ..., where f'(x) is asked; y and f are taken as one."""
    name = claim.name.lstrip("\\")
    if not name or not answers.name or name in answers.arguments:
        return ""
    if name != answers.name and {name, answers.name} != {"y", "f"}:
        of = "the derivative of " if claim.order else ""
        return f"is given as {of}{name}, where the name in the question is {answers.name}."
    if claim.order is None and answers.order is not None and name == answers.name:
        return f"is given as {name} itself, where its derivative is asked."
    if claim.order is not None and answers.order is None and asked.key == "value":
        return f"is given as a derivative of {name}, where its value is asked."
    return ""


def _under_another_key(claim: Claim, asked: _Asked, answers: Answers) -> str:
    """Return what is to be said of dL/db = ... as the answer for w."""
    key = ",".join(claim.by)
    if answers.order is not None or key == asked.key or key not in answers.by_key:
        return ""
    return f"is given as a derivative by {key}."


def _is_other(function: str, right: Right, answers: Answers) -> bool:
    """Tell whether the x^3 of d/dx [x^3] is another function than the one that is asked about."""
    try:
        return same_value(answers.read(function), right.within[0]) == "no"
    except SymbackError:
        return True


# --- the point of f'(2) = 12 ----------------------------------------------------------------------------------------


def _of_another_place(claim: Claim, answers: Answers) -> str:
    """Return what is to be said of an answer for another point than the one that is asked about."""
    if not claim.place or not answers.arguments or not _is_elsewhere(claim, answers):
        return ""
    given = ", ".join(f"{name} = {value}" if name else value for name, value in claim.place)
    if not answers.point:
        return f"is given for {given}, where the one for every {', '.join(answers.arguments)} is asked."
    alone = len(answers.arguments) == 1
    here = (("" if alone else f"{name} = ") + right_text(Right(v), False) for name, v in answers.point.items())
    return f"is given for {given}, where the one for {', '.join(here)} is asked."


def _is_elsewhere(claim: Claim, answers: Answers) -> bool:
    """Tell whether a place such as the 2 of f'(2) is another one than the point that is asked about."""
    names = answers.arguments if len(answers.arguments) == len(claim.place) else tuple(answers.point)
    if len(names) != len(claim.place) and not all(name for name, _ in claim.place):
        return any(map(_number, (value for _, value in claim.place)))
    named = ((name or names[i], value) for i, (name, value) in enumerate(claim.place))
    return any(_differs(value, answers.point.get(name)) for name, value in named)


def _differs(written: str, value: Tree | None) -> bool:
    number = _number(written)
    return number is not None and (value is None or same_value(number, value) == "no")


def _number(written: str) -> Tree | None:
    """Return the number that is written, None where it has letters or cannot be read."""
    try:
        tree = parse(written)
    except SymbackError:
        return None
    return None if symbols_of(tree) else tree


def _is_value(asked: _Asked, answers: Answers) -> bool:
    """Tell whether a left side names a number, as f'(2) = 6 does."""
    claim = claim_of(asked.given)
    return claim is not None and bool(answers.point) and any(_number(value) is not None for _, value in claim.place)
