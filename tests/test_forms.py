"""Answers in the form in which a textbook prints them: factored where shorter, never half, one sign, identities."""

from __future__ import annotations

import pytest

from symback import derive
from symback.page.maths import text

# what is typed | by | the last line
FORMS = """
x^2(2/x^2 + 5/x^3)                         | x   | -5/x^2
((2x + 1)^(-1) + 3)^(-1)                   | x   | 1/(2(3x + 2)^2)
4(2x^2 - x + 3)^(-2)                       | x   | -8(2x^2 - x + 3)^-3 (4x - 1)
arcsec(2t)                                 | t   | 1/(|t| sqrt(4t^2-1))
artanh(cos(x))                             | x   | -csc x
tanh(sqrt(x^2 + 1))                        | x   | x sech^2(sqrt(x^2+1))/sqrt(x^2+1)
arcosh(sec(x))                             | x   | sec x sign(tan x)
1/sin(x)                                   | x   | -cos(x)/sin^2 x
1/cos(x)                                   | x   | sin(x)/cos^2 x
2x sin(x) sec(x)                           | x   | 2(tan x + x sec^2 x)
x^(-1/2)(x^2 + 3)^(2/3)(3x - 4)^4          | x   | x^(-3/2) (x^2 + 3)^(-1/3) (3x - 4)^3 (87x^3 - 20x^2 + 189x + 36)/6
(2x + 1)^3(x^2 + 1)^2                      | x   | 2(2x + 1)^2 (x^2 + 1)(7x^2 + 2x + 3)
t^3 sin(3t)/cos(2t)                        | t   | t^2 (3 cos(2t) (sin(3t) + t cos(3t)) + 2t sin(3t) sin(2t))/cos^2(2t)
x^(log_2(x))                               | x   | 2x^(log_2 x-1) ln(x)/ln 2
(1/3)^(x^2)                                | x   | -2x * (1/3)^(x^2) ln 3
sqrt(4x y^2 + 1)                           | x,y | 4y(2xy^2 + 1)/(4xy^2 + 1)^(3/2)
sqrt(4x y^2 + 1)                           | y,x | 4y(2xy^2 + 1)/(4xy^2 + 1)^(3/2)
x y/(x^2 + y^2)                            | x,x | 2xy (x^2 - 3y^2)/(x^2 + y^2)^3
1/(x^2 + y^2 + 1)                          | x,x | 2(3x^2 - y^2 - 1)/(x^2 + y^2 + 1)^3
ln(sqrt(x^3 + y^4))                        | y,y | 2y^2 (3x^3 - y^4)/(x^3 + y^4)^2
5x^2/(4x + 3)                              | x   | 10x(2x + 3)/(4x + 3)^2
(x - 1)^2/(x + 1)^2                        | x   | 4(x - 1)/(x + 1)^3
(x - 3)^2/(x + 2)^2                        | x   | 10(x - 3)/(x + 2)^3
x^2/(x + 1)                                | x   | (x^2 + 2x)/(x + 1)^2
x(x + 1)^3                                 | x   | (x + 1)^2 (4x + 1)
x^3 (2x - 1)^4                             | x   | x^2 (2x - 1)^3 (14x - 3)
(x^2 + 1)^3 (x - 2)^2                      | x   | 2(x^2 + 1)^2 (x - 2)(4x^2 - 6x + 1)
(x + 2)^3 (x + 3)^4                        | x   | (x + 2)^2 (x + 3)^3 (7x + 17)
(x^3 + 3)^3 (2x - 2)^5                     | x   | 2(x^3 + 3)^2 (2x - 2)^4 (14x^3 - 9x^2 + 15)
(3x^2 + 2x + 1)^5                          | x   | 5(3x^2 + 2x + 1)^4 (6x + 2)
(x + 1)^2 (x - 1)                          | x   | 3x^2 + 2x - 1
(x - 1)(x - 2)(x - 3)                      | x   | 3x^2 - 12x + 11
x^2 e^x                                    | x   | x e^x (x + 2)
x^2 e^(-x)                                 | x   | x e^(-x) (2 - x)
e^(-a x) sin(b x)                          | x   | e^(-ax) (b cos(bx) - a sin(bx))
x e^x                                      | x   | e^x + x e^x
(x - y)^2                                  | y   | 2(y - x)
(1 - 2x)^3                                 | x   | -6(1 - 2x)^2
tanh(x)                                    | x   | sech^2 x
x tanh(x)                                  | x   | tanh x + x sech^2 x
coth(x)                                    | x   | -csch^2 x
ln(cosh(x))                                | x   | tanh x
ln(sinh(x))                                | x   | coth x
ln(sec(x) + tan(x))                        | x   | sec x
sin(x) sec(x)                              | x   | sec^2 x
sin(x) csc(x)                              | x   | 0
e^(3 ln(x))                                | x   | 3x^2
|2x|                                       | x   | 2 sign(x)
|-3x|                                      | x   | 3 sign(x)
x|2x|                                      | x   | 4|x|
ln(1/4) x                                  | x   | -ln 4
e^(x^3 ln(x))                              | x   | x^2 e^(x^3 ln x) (3 ln x + 1)
"""


@pytest.mark.parametrize("row", FORMS.strip().splitlines())
def test_the_answer_reads_as_in_a_book(row: str) -> None:
    typed, by, expected = (cell.strip() for cell in row.split(" | "))
    derivation = derive(typed, by.split(","))
    assert text(derivation.last) == expected
    assert derivation.verify().verdict == "verified"


def test_a_common_bracket_is_taken_out_by_steps_with_names() -> None:
    derivation = derive("(2x + 1)^3 (x^2 + 1)^2", "x")
    assert [step.rule.name for step in derivation.steps][-4:] == [
        "multiply numbers",
        "factor out",
        "expand",
        "collect like terms",
    ]
