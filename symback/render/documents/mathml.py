r"""LaTeX as MathML, which browsers draw themselves, with its width in ems, so that a page knows where to break it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from symback.render.documents.mathml_width import NotAllowed, width_of


class Formula(NamedTuple):
    """A formula as a `<math>` element, and about how wide it is, in ems of the text around."""

    mathml: str
    width: float


@lru_cache(maxsize=16384)
def formula(latex: str, display: bool = False) -> Formula | None:
    r"""Return a formula, with `display` in the style of a line by itself; None where it is no mathematics.

    >>> formula("x").mathml
    '<math><mi>x</mi></math>'
    >>> formula(r"\href{x}{y}") is None
    True
    """
    if _MACRO.search(latex):
        return None
    try:
        mathml: str = _converter().convert_with_local_state(
            _NAMED.sub("", latex).replace("{smallmatrix}", "{matrix}"), displaystyle=display
        )
    except _refusal():
        return None
    mathml = _as_in_print(mathml)
    try:
        return Formula(mathml, width_of(mathml))
    except NotAllowed:
        return None


_MACRO = re.compile(r"\\(?:def|let|newcommand|renewcommand|providecommand)(?![A-Za-z])")  # could grow without end
_NAMED = re.compile(r"\\operatorname(?=\{\\)")  # a function whose name is a formula, which math-core takes as it is
_HYPHEN = re.compile(r"(?<=[a-z])−(?=[a-z])")  # a function called log-softmax
_PRIME = re.compile("<msup>(<mi>[^<]*</mi>)<mo>([′″‴])</mo></msup>")  # the sign is raised by itself
_STYLED = re.compile(r"<mtext><(b|i|code|span)(?: [^>]*)?>([^<]*)</\1></mtext>")  # words in bold, slanted, ...
_REPLACED = (
    ('<math display="block">', '<math displaystyle="true">'),  # it stands in a line, beside others
    ("&ApplyFunction;", "\N{FUNCTION APPLICATION}"),  # XML does not know these names
    ("&InvisibleTimes;", "\N{INVISIBLE TIMES}"),
    ('<menclose notation="box">', '<mrow class="boxed">'),  # which browsers do not draw
    ("</menclose>", "</mrow>"),
    ('style="color:#0000FF;"', 'class="changed"'),  # a blue that is readable on dark paper too
)


_BRACKET = r'<mo((?: [lr]space="[^"]*")*)>([()\[\]])</mo>'
_BRACKETS = re.compile(
    rf"<mrow>{_BRACKET}((?:(?!<mo(?: [lr]space=\"[^\"]*\")*>[()\[\]]<"
    r"|<mfrac|<mtable|<msqrt|<mroot|<munder|<mover(?! accent)).)*)"
    rf"{_BRACKET}</mrow>"
)  # around what is no higher than a line, so they need not grow
_GAP = re.compile(
    '(<mo) lspace="0.1667em"(>\N{FUNCTION APPLICATION}</mo><mrow><mo stretchy="false">[(])'
    '|(</(?:mi|mn|mrow|msub|msup|msubsup)><mrow><mo) lspace="0.1667em"( stretchy="false">[(])'
)  # before such a bracket: f(x), sin(xy)
_KEPT_SMALL = r'<mrow><mo\1 stretchy="false">\2</mo>\3<mo\4 stretchy="false">\5</mo></mrow>'


def _as_in_print(mathml: str) -> str:
    """Return MathML as it looks best: primes, hyphens, and brackets that grow only around fractions and the like."""
    for old, new in _REPLACED:
        mathml = mathml.replace(old, new)
    mathml = _PRIME.sub(r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>', _HYPHEN.sub("-", mathml))
    mathml = _STYLED.sub(r'<mtext class="\1">\2</mtext>', mathml)
    changes = 1
    while changes:
        mathml, changes = _BRACKETS.subn(_KEPT_SMALL, mathml)
    return _GAP.sub(r"\1\2\3\4", mathml)


@lru_cache(maxsize=1)
def _converter() -> Any:
    from math_core import LatexToMathML  # `format_named` has seen to it that it is there

    return LatexToMathML(fancy_error=False)


@lru_cache(maxsize=1)
def _refusal() -> type[Exception]:
    from math_core import LatexError

    refusal: type[Exception] = LatexError
    return refusal
