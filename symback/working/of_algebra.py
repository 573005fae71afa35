"""Mistakes of algebra: a wrong law a row, made at one place of a line.

A row is the name of the mistake, its law, an expression in which it is made, and what a teacher says.
"""

from __future__ import annotations

from symback.working.rows import Rows

# fmt: off
OF_ALGEBRA: Rows = (
    ("square of a sum, term by term", "(u + v)^n = u^n + v^n", "(x+3)^2",
     "(u + v)^2 = u^2 + 2uv + v^2: the middle term is missing."),
    ("square of a sum, term by term", "(u - v)^n = u^n - v^n", "(x-3)^2",
     "(u - v)^2 = u^2 - 2uv + v^2."),
    ("square of a sum, term by term", "(u - v)^n = u^n + v^n", "(x-3)^2",
     "(u - v)^2 = u^2 - 2uv + v^2: the middle term is missing."),
    ("root of a sum, term by term", "sqrt(u + v) = sqrt(u) + sqrt(v)", "sqrt(x^2+1)",
     "A root of a sum is not the sum of the roots."),
    ("root of a sum, term by term", "sqrt(u^2 + v^2) = u + v", "sqrt(x^2+y^2)",
     "A root of a sum is not the sum of the roots."),
    ("root of a sum, term by term", "sqrt(u - v) = sqrt(u) - sqrt(v)", "sqrt(x^2-1)",
     "A root of a difference is not the difference of the roots."),
    ("fraction split in its denominator", "w/(u + v) = w/u + w/v", "1/(x+1)",
     "Only a sum in the numerator may be split."),
    ("fraction split in its denominator", "w/(u - v) = w/u - w/v", "1/(x-1)",
     "Only a sum in the numerator may be split."),
    ("power on the last factor only", "(u*v)^n = u*v^n", "(2x)^3",
     "Every factor gets the exponent."),
    ("exponents multiplied", "u^p*u^q = u^(p*q)", "x^2*x^3",
     "Exponents of a product are added."),
    ("exponents added", "(u^p)^q = u^(p + q)", "(x^2)^3",
     "Exponents of a power of a power are multiplied."),
    ("powers added like a product", "u^p + u^q = u^(p + q)", "x^2+x^3",
     "Only a product adds exponents."),
    ("term cancelled", "(u + v)/u = v", "(x+1)/x",
     "Only factors can be cancelled, not terms."),
    ("term cancelled", "(u + v)/u = 1 + v", "(x+1)/x",
     "u divides only the first term here: every term must be divided."),
    ("term cancelled", "(u*v + w)/u = v + w", "(2x+1)/2",
     "Every term must be divided."),
    ("term cancelled", "(u*v + w)/(u*p) = (v + w)/p", "(2x+1)/(2y)",
     "Every term must be divided."),
    ("term cancelled", "(u*v - w)/u = v - w", "(2x-1)/2",
     "Every term must be divided."),
    ("logarithm of a sum split", "ln(u + v) = ln(u) + ln(v)", "ln(x+1)",
     "ln u + ln v = ln(uv)."),
    ("logarithm of a product split wrongly", "ln(u*v) = ln(u)*ln(v)", "ln(2x)",
     "ln(uv) = ln u + ln v."),
    ("power of the logarithm taken down", "ln(u)^n = n*ln(u)", "ln(x)^2",
     "ln(u^n) = n ln u, but (ln u)^n is not."),
    ("quotient of logarithms joined", "ln(u)/ln(v) = ln(u) - ln(v)", "ln(x)/ln(2)",
     "ln(u/v) = ln u - ln v."),
    ("exponential of a sum split", "e^(u + v) = e^u + e^v", "e^(x+1)",
     "e^(u + v) = e^u e^v."),
    ("exponents multiplied", "e^u*e^v = e^(u*v)", "e^x*e^2",
     "Exponents of a product are added."),
    ("function of a sum split", "f(u + v) = f(u) + f(v)", "sin(x+1)",
     "f(u + v) is not f(u) + f(v)."),
    ("factor taken out of a function", "f(c*u) = c*f(u)", "sin(2x)",
     "A factor inside a function cannot be taken out."),
    ("negative exponent taken for a minus", "u^(-n) = -u^n", "x^(-2)",
     "u^(-n) = 1/u^n."),
    ("factor drawn into a power", "c*u^n = (c*u)^n", "3x^2",
     "The exponent belongs to u alone."),
    ("double fraction", "u/(v/w) = u/(v*w)", "1/(x/2)",
     "Dividing by v/w multiplies by w/v."),
)
# fmt: on
