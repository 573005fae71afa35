r"""Questions for Moodle's STACK: an answer is compared by algebra, so that every right spelling of it is right.

Each thing that is asked has a field and a tree of one node: `AlgEquiv` for expressions and matrices, `Int` for an
antiderivative, `NumRelative` for a number that is rounded. Our steps are the general feedback; a test of each question
gives the right answers and expects all points. What Maxima has no sign for is an essay in the same file. A variant has
its number as its seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sympy.core.symbol import Symbol

from symback.page.formula.value import NOTHING, Formula, derivative_of
from symback.page.page import SHOWS, Blocks, Cover, Section, plain_words
from symback.page.quantities import is_array
from symback.page.solution import Solution
from symback.page.writers import Format, maxima, moodle
from symback.page.writers.html_fragment import html, inline_formula

ROUNDED = "0.005"  # the relative error that a rounded number may have


class Asked(NamedTuple):
    """A field: what is right in Maxima's language, how it is compared, and with which option."""

    right: str
    test: str = "AlgEquiv"
    option: str = ""
    kind: str = "algebraic"
    left: Formula = NOTHING


def part(solution: Solution, section: Section, show: str) -> str:
    """Return a problem as a question; one that STACK cannot compare as one for a grader; nothing where it failed."""
    if any(leaf.error is not None for leaf in solution.leaves()):
        return ""
    asked = [tuple(asked_of(leaf)) for leaf in solution.leaves()]
    if not all(asked):
        return moodle.part(solution, section, show)
    level = SHOWS.index(show)
    answers, steps = (moodle.for_students(blocks, solution) for blocks in (section.answers, section.steps))
    told = (answers if level >= 2 else ()) + (steps if level >= 3 else ())
    return "\n".join(_question(solution, section, asked, told))


def _question(solution: Solution, section: Section, asked: Sequence[Sequence[Asked]], told: Blocks) -> Iterator[str]:
    pictures = moodle.Pictures(section.number)
    fields = [one for leaf in asked for one in leaf]
    title = " ".join((plain_words(section.title) or section.id).split())
    points = float(sum(leaf.points if leaf.points is not None else 1.0 for leaf in solution.leaves()))
    yield '<question type="stack">'
    yield f"<name><text>{moodle.cdata(title)}</text></name>"
    yield _text("questiontext", _with_fields(section, asked, pictures), pictures.taken())
    yield _text("generalfeedback", html(told, pictures.show), pictures.taken())
    yield f"<defaultgrade>{points:g}</defaultgrade>\n<penalty>0.1</penalty>\n<hidden>0</hidden>"
    yield f"<idnumber>{moodle.cdata(moodle.idnumber(section.id))}</idnumber>"
    variables = "\n".join(f"ta{i}: {one.right};" for i, one in enumerate(fields, 1))
    yield f"<questionvariables><text>{moodle.cdata(variables)}</text></questionvariables>"
    trees = "".join(f"[[feedback:prt{i}]]" for i in range(1, len(fields) + 1))
    yield _text("specificfeedback", trees)
    yield _text("questionnote", "")
    yield "<questionsimplify>1</questionsimplify>\n<assumepositive>0</assumepositive>\n<assumereal>1</assumereal>"
    for number, one in enumerate(fields, 1):
        yield from _input(number, one)
    weights = [(leaf.points or 1.0) / len(own) for leaf, own in zip(solution.leaves(), asked, strict=True) for _ in own]
    for number, (one, weight) in enumerate(zip(fields, weights, strict=True), 1):
        yield from _tree(number, one, weight)
    yield from _test(len(fields))
    yield "</question>"


def _text(element: str, words: str, files: str = "") -> str:
    return f'<{element} format="html"><text>{moodle.cdata(words)}</text>{files}</{element}>'


def _with_fields(section: Section, asked: Sequence[Sequence[Asked]], pictures: Any) -> str:
    """Return the text of a question with the fields of each part behind it."""
    said, number = moodle.with_marks(section, pictures), 0
    for mark, own in zip(moodle.marks_of(section), asked, strict=True):
        fields = []
        for one in own:
            number += 1
            left = f"{inline_formula(one.left.latex)} = " if len(own) > 1 and one.left else ""
            fields.append(f"{left}[[input:ans{number}]] [[validation:ans{number}]]")
        said = said.replace(mark, "<br>".join(fields))
    return said


def _input(number: int, asked: Asked) -> Iterator[str]:
    yield f"<input>\n<name>ans{number}</name>\n<type>{asked.kind}</type>\n<tans>ta{number}</tans>"
    yield "<boxsize>25</boxsize>\n<strictsyntax>1</strictsyntax>\n<insertstars>1</insertstars>"
    yield "<syntaxhint></syntaxhint>"
    yield "<syntaxattribute>0</syntaxattribute>\n<forbidwords></forbidwords>\n<allowwords></allowwords>"
    yield "<forbidfloat>0</forbidfloat>\n<requirelowestterms>0</requirelowestterms>"
    yield "<checkanswertype>0</checkanswertype>\n<mustverify>1</mustverify>\n<showvalidation>1</showvalidation>"
    yield "<options></options>\n</input>"


def _tree(number: int, asked: Asked, weight: float) -> Iterator[str]:
    """Yield a potential response tree of one node: all points or none."""
    name = f"prt{number}"
    yield f"<prt>\n<name>{name}</name>\n<value>{weight:.7f}</value>\n<autosimplify>1</autosimplify>"
    yield "<feedbackstyle>1</feedbackstyle>\n<feedbackvariables><text></text></feedbackvariables>"
    yield f"<node>\n<name>0</name>\n<description></description>\n<answertest>{asked.test}</answertest>"
    yield f"<sans>ans{number}</sans>\n<tans>ta{number}</tans>"
    yield f"<testoptions>{asked.option}</testoptions>\n<quiet>0</quiet>"
    for verdict, score, note in (("true", 1, "T"), ("false", 0, "F")):
        yield f"<{verdict}scoremode>=</{verdict}scoremode>\n<{verdict}score>{score}</{verdict}score>"
        yield f"<{verdict}penalty></{verdict}penalty>\n<{verdict}nextnode>-1</{verdict}nextnode>"
        yield f"<{verdict}answernote>{name}-1-{note}</{verdict}answernote>"
        yield _text(f"{verdict}feedback", "")
    yield "</node>\n</prt>"


def _test(count: int) -> Iterator[str]:
    """Yield the test of a question: the right answers, which get all points."""
    yield "<qtest>\n<testcase>1</testcase>\n<description></description>"
    for i in range(1, count + 1):
        yield f"<testinput>\n<name>ans{i}</name>\n<value>ta{i}</value>\n</testinput>"
    for i in range(1, count + 1):
        yield f"<expected>\n<name>prt{i}</name>\n<expectedscore>1.0000000</expectedscore>"
        yield f"<expectedpenalty>0.0000000</expectedpenalty>\n<expectedanswernote>prt{i}-1-T</expectedanswernote>"
        yield "</expected>"
    yield "</qtest>"


# --- what is asked ------------------------------------------------------------------------------------------------


def asked_of(solution: Solution) -> Iterator[Asked]:
    """Yield the fields of a problem without parts; none where something cannot be compared."""
    found = [list(_asked(work.thing)) for work in solution.works]
    if found and all(own and None not in own for own in found):
        yield from (one for own in found for one in own if one is not None)


def _asked(thing: Any) -> Iterator[Asked | None]:
    kind = thing.kind
    if kind in ("derivation", "differences", "directional"):
        inner = {"differences": "derivation", "directional": "product"}.get(kind)
        yield _expression((getattr(thing, inner) if inner else thing).last)
    elif kind in ("gradient", "jacobian", "hessian"):
        rows = [[maxima.written(d.last) for d in row] for row in thing.values or thing.entries]
        columns = [[row[i] for row in rows] for i in range(len(rows[0]))]
        right = maxima.matrix(columns if kind == "gradient" or getattr(thing, "is_transposed", False) else rows)
        yield None if right is None else Asked(right, kind="matrix")
    elif kind == "integral":
        yield _integral(thing)
    elif kind == "backprop":
        for name in thing.wrt:
            value = thing.values[name] if thing.values else thing.gradients[name]
            is_formula_of_array = not thing.values and bool(thing.shapes.get(name))
            found = None if is_array(value) or is_formula_of_array else _expression(value)
            yield found and found._replace(left=derivative_of(thing.loss, (Symbol(name),), True))
    else:
        yield None


def _expression(value: Any) -> Asked | None:
    right = maxima.written(value)
    if right is None:
        return None
    return Asked(right, "NumRelative", ROUNDED) if isinstance(value, float) and not value.is_integer() else Asked(right)


def _integral(thing: Any) -> Asked | None:
    if thing.definite is not None:
        return _expression(thing.definite.last)
    right, variable = maxima.written(thing.antiderivative), maxima.written(thing.variable)
    return None if right is None or variable is None else Asked(f"{right} + c", "Int", variable)


def document(cover: Cover, parts: Sequence[str]) -> str:
    """Return the questions as one file; those of a variant have its number as their seed."""
    if cover.variant is not None:
        seed = f"<deployedseed>{cover.variant}</deployedseed>\n<qtest>"
        parts = [part.replace("<qtest>", seed, 1) for part in parts]
    return moodle.document(cover, parts)


FORMAT = Format("stack", part, document)
