"""The elementary functions, one row each; strings only, so that anyone can proof-read the table.

In every row `x` is the argument, `out` the function's own value, and the text is symback's own input language.
A row makes the parser's name, the derivative law, the numbers of the verifier, the LaTeX and the NumPy code.

    Function("sech", "hyperbolic secant", derivative="-sech(x) tanh(x)", mpmath="sech", latex=r"\\operatorname{sech}")

`definition` says what the function is in terms of other rows (then it needs no `mpmath` name); `kinks` names the values
of the argument where the function has no derivative (`n` is every whole number), and `at_kink` the value that a network
takes there. `known` holds the values that everybody knows, by argument; a trigonometric function has those of the first
turn, others are found by its `parity` (odd or even) and its reference angle. `slope` is the derivative as a calculus
book prints it, where networks write another one (by the function's own value). `antiderivative` is given where the
table of integrals has it; others are found by parts.
"""

from __future__ import annotations

from typing import NamedTuple


class Function(NamedTuple):
    """One elementary function; see the module's text for the columns."""

    name: str
    title: str
    derivative: str = ""
    spellings: tuple[str, ...] = ()
    definition: str = ""
    mpmath: str = ""
    sympy: str = ""
    kinks: tuple[str, ...] = ()
    at_kink: str = ""
    domain: str = ""
    latex: str = ""
    numpy: str = ""
    rule: str = ""
    arity: int = 1
    parity: str = ""
    known: str = ""
    slope: str = ""
    antiderivative: str = ""

    @property
    def rule_name(self) -> str:
        """The label of its derivative as a teacher says it: `derivative of sine`, `logarithm rule`."""
        return self.rule or f"derivative of {self.title}"

    @property
    def kinks_said(self) -> str:
        """Where the function has no derivative, in words: `u = 0`, `u = -1 or u = 1`, `u = v`."""
        said = [_EVERY.get(kink, ("", f"u = {kink}"))[1] for kink in self.kinks]
        return " or ".join(said) if self.arity == 1 else "u = v"

    @property
    def switches(self) -> tuple[str, ...]:
        """What is 0 at the kinks, and has another sign on each side of them."""
        return tuple(_EVERY.get(kink, (_BESIDE.get(kink, "x"), ""))[0] for kink in self.kinks)


_BESIDE = {"-1": "x + 1", "1": "x - 1"}
_EVERY = {
    "n": ("sin(pi*x)", "u is a whole number"),
    "n + 1/2": ("cos(pi*x)", "u is a whole number and a half"),
}

_F = Function
_OF_THE_SECOND = "the derivative of v (0 where u or v is a number)"

# fmt: off
ROWS: tuple[Function, ...] = (
    # --- trigonometric -------------------------------------------------------------------------------------------
    _F("sin", "sine", "cos(x)", mpmath="sin", sympy="sin", latex=r"\sin", numpy="np.sin({x})", parity="odd",
       known="0: 0, pi/12: (sqrt(6) - sqrt(2))/4, pi/6: 1/2, pi/4: sqrt(2)/2, pi/3: sqrt(3)/2, "
             "5pi/12: (sqrt(6) + sqrt(2))/4, pi/2: 1, pi: 0, 3pi/2: -1, 2pi: 0", antiderivative="-cos(x)"),
    _F("cos", "cosine", "-sin(x)", mpmath="cos", sympy="cos", latex=r"\cos", numpy="np.cos({x})", parity="even",
       known="0: 1, pi/12: (sqrt(6) + sqrt(2))/4, pi/6: sqrt(3)/2, pi/4: sqrt(2)/2, pi/3: 1/2, "
             "5pi/12: (sqrt(6) - sqrt(2))/4, pi/2: 0, pi: -1, 3pi/2: 0, 2pi: 1", antiderivative="sin(x)"),
    _F("tan", "tangent", "sec(x)^2", ("tg",), mpmath="tan", sympy="tan", latex=r"\tan", numpy="np.tan({x})",
       domain="x is not an odd multiple of pi/2", parity="odd",
       known="0: 0, pi/12: 2 - sqrt(3), pi/6: sqrt(3)/3, pi/4: 1, pi/3: sqrt(3), 5pi/12: 2 + sqrt(3), pi: 0, 2pi: 0",
       antiderivative="-ln(abs(cos(x)))"),
    _F("cot", "cotangent", "-csc(x)^2", ("ctg", "cotan"), mpmath="cot", sympy="cot", latex=r"\cot",
       numpy="1/np.tan({x})", domain="x is not a multiple of pi", parity="odd",
       known="pi/12: 2 + sqrt(3), pi/6: sqrt(3), pi/4: 1, pi/3: sqrt(3)/3, 5pi/12: 2 - sqrt(3), pi/2: 0, 3pi/2: 0",
       antiderivative="ln(abs(sin(x)))"),
    _F("sec", "secant", "sec(x) tan(x)", mpmath="sec", sympy="sec", latex=r"\sec", numpy="1/np.cos({x})",
       domain="x is not an odd multiple of pi/2", parity="even",
       known="0: 1, pi/12: sqrt(6) - sqrt(2), pi/6: 2 sqrt(3)/3, pi/4: sqrt(2), pi/3: 2, "
             "5pi/12: sqrt(6) + sqrt(2), pi: -1, 2pi: 1", antiderivative="ln(abs(sec(x) + tan(x)))"),
    _F("csc", "cosecant", "-csc(x) cot(x)", ("cosec",), mpmath="csc", sympy="csc", latex=r"\csc",
       numpy="1/np.sin({x})", domain="x is not a multiple of pi", parity="odd",
       known="pi/12: sqrt(6) + sqrt(2), pi/6: 2, pi/4: sqrt(2), pi/3: 2 sqrt(3)/3, "
             "5pi/12: sqrt(6) - sqrt(2), pi/2: 1, 3pi/2: -1", antiderivative="-ln(abs(csc(x) + cot(x)))"),
    # --- inverse trigonometric (arcsec and arccsc: |x|, so that the slope is right for x < -1 too) ------------------
    _F("arcsin", "arcsine", "1/sqrt(1 - x^2)", ("asin",), mpmath="asin", sympy="asin", latex=r"\arcsin",
       numpy="np.arcsin({x})", domain="-1 <= x <= 1", parity="odd",
       known="0: 0, 1/2: pi/6, sqrt(2)/2: pi/4, sqrt(3)/2: pi/3, 1: pi/2, "
             "(sqrt(6) - sqrt(2))/4: pi/12, (sqrt(6) + sqrt(2))/4: 5pi/12"),
    _F("arccos", "arccosine", "-1/sqrt(1 - x^2)", ("acos",), mpmath="acos", sympy="acos", latex=r"\arccos",
       numpy="np.arccos({x})", domain="-1 <= x <= 1",
       known="0: pi/2, 1/2: pi/3, sqrt(2)/2: pi/4, sqrt(3)/2: pi/6, 1: 0, "
             "-1/2: 2pi/3, -sqrt(2)/2: 3pi/4, -sqrt(3)/2: 5pi/6, -1: pi"),
    _F("arctan", "arctangent", "1/(1 + x^2)", ("atan", "arctg"), mpmath="atan", sympy="atan", latex=r"\arctan",
       numpy="np.arctan({x})", parity="odd",
       known="0: 0, 2 - sqrt(3): pi/12, sqrt(3)/3: pi/6, 1: pi/4, sqrt(3): pi/3, 2 + sqrt(3): 5pi/12"),
    _F("arccot", "arccotangent", "-1/(1 + x^2)", ("acot", "arcctg"), mpmath="acot", sympy="acot",
       latex=r"\operatorname{arccot}", numpy="np.arctan(1/{x})", domain="x is not 0", parity="odd",
       known="2 + sqrt(3): pi/12, sqrt(3): pi/6, 1: pi/4, sqrt(3)/3: pi/3, 2 - sqrt(3): 5pi/12"),
    _F("arcsec", "arcsecant", "1/(abs(x) sqrt(x^2 - 1))", ("asec",), mpmath="asec", sympy="asec",
       latex=r"\operatorname{arcsec}", numpy="np.arccos(1/{x})", domain="abs(x) >= 1",
       known="1: 0, 2 sqrt(3)/3: pi/6, sqrt(2): pi/4, 2: pi/3, -2: 2pi/3, -sqrt(2): 3pi/4, "
             "-2 sqrt(3)/3: 5pi/6, -1: pi", antiderivative="x*arcsec(x) - ln(abs(x) + sqrt(x^2 - 1))"),
    _F("arccsc", "arccosecant", "-1/(abs(x) sqrt(x^2 - 1))", ("acsc", "arccosec"), mpmath="acsc", sympy="acsc",
       latex=r"\operatorname{arccsc}", numpy="np.arcsin(1/{x})", domain="abs(x) >= 1", parity="odd",
       known="1: pi/2, 2 sqrt(3)/3: pi/3, sqrt(2): pi/4, 2: pi/6",
       antiderivative="x*arccsc(x) + ln(abs(x) + sqrt(x^2 - 1))"),
    # --- hyperbolic and inverse hyperbolic ---------------------------------------------------------------------------
    _F("sinh", "hyperbolic sine", "cosh(x)", ("sh",), mpmath="sinh", sympy="sinh", latex=r"\sinh",
       numpy="np.sinh({x})", parity="odd", known="0: 0", antiderivative="cosh(x)"),
    _F("cosh", "hyperbolic cosine", "sinh(x)", ("ch",), mpmath="cosh", sympy="cosh", latex=r"\cosh",
       numpy="np.cosh({x})", parity="even", known="0: 1", antiderivative="sinh(x)"),
    _F("tanh", "hyperbolic tangent", "1 - out^2", ("th",), mpmath="tanh", sympy="tanh", latex=r"\tanh",
       numpy="np.tanh({x})", parity="odd", known="0: 0", slope="sech(x)^2", antiderivative="ln(cosh(x))"),
    _F("coth", "hyperbolic cotangent", "-csch(x)^2", mpmath="coth", sympy="coth", latex=r"\coth",
       numpy="1/np.tanh({x})", domain="x is not 0", parity="odd", antiderivative="ln(abs(sinh(x)))"),
    _F("sech", "hyperbolic secant", "-sech(x) tanh(x)", mpmath="sech", sympy="sech", latex=r"\operatorname{sech}",
       numpy="1/np.cosh({x})", parity="even", known="0: 1", antiderivative="arctan(sinh(x))"),
    _F("csch", "hyperbolic cosecant", "-csch(x) coth(x)", ("cosech",), mpmath="csch", sympy="csch",
       latex=r"\operatorname{csch}", numpy="1/np.sinh({x})", domain="x is not 0", parity="odd",
       antiderivative="ln(abs(tanh(x/2)))"),
    _F("arsinh", "inverse hyperbolic sine", "1/sqrt(x^2 + 1)", ("asinh", "arcsinh"), mpmath="asinh", sympy="asinh",
       latex=r"\operatorname{arsinh}", numpy="np.arcsinh({x})", parity="odd", known="0: 0, 1: ln(1 + sqrt(2))"),
    _F("arcosh", "inverse hyperbolic cosine", "1/sqrt(x^2 - 1)", ("acosh", "arccosh"), mpmath="acosh", sympy="acosh",
       latex=r"\operatorname{arcosh}", numpy="np.arccosh({x})", domain="x >= 1", known="1: 0"),
    _F("artanh", "inverse hyperbolic tangent", "1/(1 - x^2)", ("atanh", "arctanh"), mpmath="atanh", sympy="atanh",
       latex=r"\operatorname{artanh}", numpy="np.arctanh({x})", domain="-1 < x < 1", parity="odd",
       known="0: 0, 1/2: ln(3)/2"),
    _F("arcoth", "inverse hyperbolic cotangent", "1/(1 - x^2)", ("acoth", "arccoth"), mpmath="acoth", sympy="acoth",
       latex=r"\operatorname{arcoth}", numpy="np.arctanh(1/{x})", domain="abs(x) > 1", parity="odd",
       known="2: ln(3)/2"),
    _F("arsech", "inverse hyperbolic secant", "-1/(x sqrt(1 - x^2))", ("asech", "arcsech"), mpmath="asech",
       sympy="asech", latex=r"\operatorname{arsech}", numpy="np.arccosh(1/{x})", domain="0 < x <= 1", known="1: 0"),
    _F("arcsch", "inverse hyperbolic cosecant", "-1/(abs(x) sqrt(1 + x^2))", ("acsch", "arccsch"), mpmath="acsch",
       sympy="acsch", latex=r"\operatorname{arcsch}", numpy="np.arcsinh(1/{x})", domain="x is not 0", parity="odd",
       known="1: ln(1 + sqrt(2))"),
    # --- logarithms and roots (exp(u) is read as e^u, a power) -------------------------------------------------------
    _F("ln", "natural logarithm", "1/x", mpmath="ln", sympy="log", latex=r"\ln", numpy="np.log({x})", domain="x > 0",
       rule="logarithm rule", known="1: 0"),
    _F("sqrt", "square root", "1/(2 sqrt(x))", mpmath="sqrt", sympy="sqrt", latex=r"\sqrt", numpy="np.sqrt({x})",
       domain="x >= 0"),
    _F("cbrt", "cube root", "1/(3 cbrt(x)^2)", mpmath="cbrt", sympy="cbrt", latex=r"\sqrt[3]",
       numpy="np.cbrt({x})", parity="odd"),
    # log(u, b), written log_b(u), and root(u, n), written \sqrt[n]{u}, have two arguments: their laws stand in laws.py
    _F("log", "logarithm to a base", definition="ln(x)/ln(b)", latex=r"\log",
       domain="x > 0, b > 0, b is not 1", arity=2),
    _F("root", "nth root", definition="x^(1/n)", latex=r"\sqrt", domain="x >= 0, or n odd; n is not 0", arity=2),
    # --- functions with kinks ----------------------------------------------------------------------------------------
    _F("abs", "absolute value", "sign(x)", mpmath="fabs", sympy="Abs", kinks=("0",), at_kink="0",
       latex=r"\operatorname{abs}", numpy="np.abs({x})", parity="even", antiderivative="x*abs(x)/2"),
    _F("sign", "sign function", "0", ("sgn",), mpmath="sign", sympy="sign", kinks=("0",), at_kink="0",
       latex=r"\operatorname{sign}", numpy="np.sign({x})", parity="odd", antiderivative="abs(x)"),
    _F("step", "unit step", "0", ("heaviside", "Heaviside"), definition="max(sign(x), 0)", kinks=("0",), at_kink="0",
       latex=r"\operatorname{step}", numpy="np.where(np.isnan({x}), {x}, {x} > 0) * 1.0",
       antiderivative="relu(x)"),
    # max(u, v) and min(u, v) have theirs where u = v: the slope by u is 0 there and by v 1, so that of max(x, x) is 1
    _F("max", "maximum", latex=r"\max", kinks=("0",), at_kink=_OF_THE_SECOND, arity=2),
    _F("min", "minimum", latex=r"\min", kinks=("0",), at_kink=_OF_THE_SECOND, arity=2),
    # --- steps from number to number; halves are rounded to the even number ------------------------------------------
    _F("floor", "floor", "0", mpmath="floor", sympy="floor", kinks=("n",), at_kink="0",
       latex=r"\operatorname{floor}", numpy="np.floor({x})"),
    _F("ceil", "ceiling", "0", ("ceiling",), mpmath="ceil", sympy="ceiling", kinks=("n",), at_kink="0",
       latex=r"\operatorname{ceil}", numpy="np.ceil({x})"),
    _F("round", "nearest whole number", "0", definition="floor(x + 1/2)", mpmath="nint", kinks=("n + 1/2",),
       at_kink="0", latex=r"\operatorname{round}", numpy="np.rint({x})"),
    # mod(u, v), written u mod v, has the sign of v; its law is in laws.py
    _F("mod", "remainder", definition="x - b floor(x/b)", sympy="Mod", latex=r"\bmod", domain="b is not 0", arity=2),
    # --- activations -------------------------------------------------------------------------------------------------
    _F("erf", "error function", "2/sqrt(pi) e^(-x^2)", mpmath="erf", sympy="erf", latex=r"\operatorname{erf}",
       numpy="erf({x})", parity="odd", known="0: 0", antiderivative="x*erf(x) + e^(-x^2)/sqrt(pi)"),
    _F("sigmoid", "sigmoid", "out (1 - out)", ("sigma", "σ", "logistic", "expit"), definition="1/(1 + e^(-x))",
       latex=r"\sigma", numpy="0.5*(1 + np.tanh(0.5*{x}))", known="0: 1/2", antiderivative="softplus(x)"),
    _F("relu", "ReLU", "step(x)", ("ReLU",), definition="max(x, 0)", kinks=("0",), at_kink="0",
       latex=r"\operatorname{ReLU}", numpy="np.maximum({x}, 0)", antiderivative="relu(x)^2/2"),
    _F("leaky_relu", "leaky ReLU", "0.99 step(x) + 0.01", ("leakyrelu", "LeakyReLU", "lrelu"),
       definition="max(x, 0.01 x)", kinks=("0",), at_kink="0.01", latex=r"\operatorname{LeakyReLU}",
       numpy="np.maximum({x}, 0.01*{x})"),
    _F("elu", "ELU", "step(x) + (1 - step(x)) e^x", ("ELU",), definition="max(x, 0) + min(e^x - 1, 0)",
       latex=r"\operatorname{ELU}", numpy="np.maximum({x}, 0) + np.expm1(np.minimum({x}, 0))"),
    _F("gelu", "GELU", "(1 + erf(x/sqrt(2)))/2 + x e^(-x^2/2)/sqrt(2 pi)", ("GELU",),
       definition="x (1 + erf(x/sqrt(2)))/2", latex=r"\operatorname{GELU}", numpy="{x}*(1 + erf({x}/np.sqrt(2)))/2",
       known="0: 0"),
    _F("silu", "SiLU", "sigmoid(x) + x sigmoid(x) (1 - sigmoid(x))", ("SiLU", "swish", "Swish"),
       definition="x sigmoid(x)", latex=r"\operatorname{SiLU}", numpy="{x}*(0.5*(1 + np.tanh(0.5*{x})))",
       known="0: 0"),
    _F("softplus", "softplus", "sigmoid(x)", ("Softplus",), definition="ln(1 + e^x)", latex=r"\operatorname{softplus}",
       numpy="np.logaddexp(0, {x})", known="0: ln(2)"),
    _F("selu", "SELU", "1.0507009873554805 step(x) + 1.7580993408473769 (1 - step(x)) e^x", ("SELU",),
       definition="1.0507009873554805 max(x, 0) + 1.7580993408473769 min(e^x - 1, 0)", kinks=("0",),
       at_kink="1.7580993408473769", latex=r"\operatorname{SELU}",
       numpy="1.0507009873554805*np.maximum({x}, 0) + 1.7580993408473769*np.expm1(np.minimum({x}, 0))", known="0: 0"),
    _F("mish", "Mish", "tanh(softplus(x)) + x sech(softplus(x))^2 sigmoid(x)", ("Mish",),
       definition="x tanh(softplus(x))", latex=r"\operatorname{Mish}", numpy="{x}*np.tanh(np.logaddexp(0, {x}))",
       known="0: 0"),
    _F("softsign", "softsign", "1/(1 + abs(x))^2", ("Softsign",), definition="x/(1 + abs(x))",
       latex=r"\operatorname{softsign}", numpy="{x}/(1 + np.abs({x}))", parity="odd"),
    _F("hardtanh", "hard tanh", "step(x + 1) step(1 - x)", ("Hardtanh", "hard_tanh"),
       definition="max(min(x, 1), -1)", kinks=("-1", "1"), at_kink="0", latex=r"\operatorname{hardtanh}",
       numpy="np.clip({x}, -1, 1)"),
)
# fmt: on

# What functions are called in other countries, beside the spellings of the rows: Spanish and Portuguese sen, Russian tg
# and arsh, French argsh, Italian settsenh, Polish tgh. lg, lb and ld are logarithms that the reader knows.
ABROAD: dict[str, str] = {
    "sin": "sen", "tan": "tang", "cot": "cotg cotang ctn", "csc": "csec",
    "arcsin": "arcsen asen", "arctan": "arctang atg atang", "arccot": "arccotg arcctn arccotan acotg actg",
    "arccsc": "acosec",
    "sinh": "senh", "tanh": "tgh", "coth": "cth ctgh cotgh", "sech": "sch",
    "arsinh": "arsh argsh argsinh arcsenh argsenh arsenh settsinh settsenh",
    "arcosh": "arch argch argcosh settcosh", "artanh": "arth argth argtanh artgh arctgh argtgh setttanh setttgh",
    "arcoth": "arcth argcth argcoth arcctgh",
}  # fmt: skip

FUNCTIONS: dict[str, Function] = {row.name: row for row in ROWS}
SPELLINGS: dict[str, str] = {s: row.name for row in ROWS for s in (row.name, *row.spellings)}
SPELLINGS |= {word: name for name, words in ABROAD.items() for word in words.split()}


def add(row: Function) -> None:
    """Add a function before anything else of symback is imported: what is made of the table is made then."""
    global ROWS
    ROWS = (*ROWS, row)
    FUNCTIONS[row.name] = row
    SPELLINGS.update((s, row.name) for s in (row.name, *row.spellings))
