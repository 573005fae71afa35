"""Operations as text, with {0} and {1} for what they are applied to, kept away from poles and ends of domains."""

from __future__ import annotations

# fmt: off
ELEMENTWISE = (
    "sin({0})", "cos({0})", "tan(sin({0}))", "cot(2 + sin({0}))", "sec(sin({0}))", "csc(2 + sin({0}))",
    "arcsin(0.9 sin({0}))", "arccos(0.9 sin({0}))", "arctan({0})", "arccot(1 + {0}^2)", "arcsec(1.2 + {0}^2)",
    "arccsc(1.2 + {0}^2)", "sinh(sin({0}))", "cosh(sin({0}))", "tanh({0})", "coth(1 + {0}^2)", "sech({0})",
    "csch(1 + {0}^2)", "arsinh({0})", "arcosh(1.2 + {0}^2)", "artanh(0.9 sin({0}))", "arcoth(1.2 + {0}^2)",
    "arsech(1/(1.2 + {0}^2))", "arcsch(1 + {0}^2)", "ln(1 + {0}^2)", "ln(2 + sin({0}))", "log_2(1 + {0}^2)",
    "sqrt(1 + {0}^2)", "cbrt(1 + {0}^2)", "root(1 + {0}^2, 5)", "abs({0})", "sign({0}) {0}", "step({0}) {0}^2",
    "erf({0})", "sigmoid({0})", "relu({0})", "leaky_relu({0})", "elu({0})", "gelu({0})", "silu({0})", "softplus({0})",
    "selu({0})", "mish({0})", "softsign({0})", "hardtanh({0})", "floor({0}) {0}", "ceil({0}) {0}", "round({0}) {0}",
    "e^(sin({0}))", "exp(-{0}^2)", "2^(sin({0}))", "{0}^2", "{0}^3", "(1 + {0}^2)^-1", "(1 + {0}^2)^0.7", "-{0}",
    "2{0} - 1/3", "0.5 {0}", "{0}/3", "1 - {0}", "psi({0})", "q({0})", "where({0} > 0.4, {0}^2, sin({0}))",
    "({0} >= 0.7) {0}", "mod({0}, 2)*{0}",
)
COMMON = ("sin({0})", "tanh({0})", "exp(-{0}^2)", "sigmoid({0})", "relu({0})", "softplus({0})", "{0}^2", "-{0}",
          "abs({0})", "ln(1 + {0}^2)", "2{0}", "{0}/2", "q({0})")
BROADCAST = ("{0} + {1}", "{0} + {1}", "{0} - {1}", "{0} - {1}", "{0} * {1}", "{0} * {1}", "{0} / (1 + {1}^2)",
             "{0} / e^(sin({1}))", "max({0}, {1})", "min({0}, {1})", "(1 + {0}^2)^(sin({1}))", "{0} {1} + {0}",
             "where({0} > {1}, {0}, {1}^2)", "({0} < {1}) {0}")
OF_LOSS = ("2 {0}", "{0}^2", "ln(1 + {0}^2)", "{1} {0}", "{0}/2", "e^(sin({0}))", "3 - {0}", "{0} + {0}^2",
           "sqrt(1 + {0}^2)", "{0}/(1 + {1}^2)")
FUNCTIONS = "def psi(t) = 1/(1 + 3^-t)", "def q(x) = x^2 + x", "def q'(x) = 2x + 1"
# fmt: on
