"""Functions of the user's and unknown functions: read, put in, differentiated, shown and read back."""

from __future__ import annotations

import json
import pickle

import pytest
import sympy

import symback
from symback.calculus.differences import difference_table
from symback.errors import ParseError, SymbackError, TooLarge
from symback.expr.tree import Diff, Tree, symbol
from symback.expr.unknown import derived, parts, slots_of, subscript
from symback.page.maths import latex, text, unicode
from symback.page.maths import sympy as in_sympy
from symback.syntax import parse, read
from symback.verify import same_value

X, Y = symbol("x"), symbol("y")

# a system, the variable (none where there is one), and the derivative
DEFINED = [
    ("y = f(2x); f(x) = x^2", None, "8x"),
    ("f(x) = x^2; y = f(2x)", None, "8x"),
    ("f(x) = x^2\ny = f(2x)", None, "8x"),
    ("f(2x); f(x) = x^2", None, "8x"),
    ("h(x) = f(x) g(x); f(x) = x^2; g(x) = sin x", None, "2x sin x + x^2 cos x"),
    ("g(x) = sin x; h(x) = f(x) g(x); f(x) = x^2", None, "2x sin x + x^2 cos x"),
    ("y = f(g(x)); g(x) = x^2; f(u) = sin u", "x", "2x cos(x^2)"),
    ("y = g(f(x)); g(x) = x^2; f(u) = sin u", "x", "2sin x cos x"),
    ("y = f(f(x)); f(x) = x^2 + 1", None, "4x^3 + 4x"),
    ("y = f(x)/f(2x); f(t) = t^2 + 1", None, "-6x/(4x^2 + 1)^2"),
    ("y = area(2x); area(r) = pi r^2", None, "8pi x"),
    ("y = sigma(2x); sigma(t) = t^3", None, "24x^2"),
    ("y = step(2x); step(t) = t^3", None, "24x^2"),
    ("z = f(x, 2x); f(a, b) = a b^2", None, "12x^2"),
    ("z = f(y, x); f(x, y) = x^2 y", "x", "y^2"),
    ("y = x f(x); f(x) = a x; a = x^3", "x", "5x^4"),
    ("y = f(u); u = 3x; f(x) = x^2", None, "18x"),
    ("z = f(u) + u; u = x^2; f(t) = sin t", None, "2x cos(x^2) + 2x"),
    ("y = f(x) + f(2); f(x) = x^3", None, "3x^2"),
    ("(f(x + h) - f(x))/h; f(x) = x^2", "x", "2"),
    ("y = f(1/x); f(x) = x^2", None, "-2/x^3"),
    ("y = f(-x) + f(|x|); f(x) = x^2", None, "4x"),
    ("y = f'(x) + x; f(x) = x^3", None, "6x + 1"),
    ("y = f'(2x); f(x) = x^2", None, "4"),
    ("y = f'(x^2); f(x) = x^3", None, "12x^3"),
    ("z = f_x(x, x^2); f(x, y) = x^2 y", None, "12x^2"),
    ("y = f(2x); f(t) = d/dt [t^3]", None, "24x"),
    ("y = f(x) g(x); f(x) = x^2", None, "2x g(x) + x^2 g'(x)"),
    ("y = f + 1; f(x) = x^2", None, "2x"),
]


@pytest.mark.parametrize(("system", "by", "answer"), DEFINED)
def test_a_function_of_the_users_is_put_in(system: str, by: str | None, answer: str) -> None:
    derivation = symback.derive(system, by)
    assert same_value(derivation.last, parse(answer)) == "yes"
    assert derivation.verify().verdict == "verified"


def test_the_system_of_a_book_in_latex() -> None:
    for between in (r" \text{ and } ", r", \quad ", r" \quad\text{where}\quad ", r",\ "):
        assert str(symback.derive(rf"y = u^2{between}u = \cos x").answer) == "-2*sin(x)*cos(x)", between


def test_the_value_of_a_derivative_is_for_evaluate_to_say() -> None:
    with pytest.raises(SymbackError, match="is a number") as raised:
        symback.derive("f'(3); f(x) = x^2")
    assert "symback evaluate" in raised.value.hint
    assert symback.evaluate("f'(3); f(x) = x^2").answer == 6


SIDE_BY_SIDE = [  # several functions, the variables, and their Jacobian
    ("f(x y); f(t) = t^2; x + y", None, "((2*x*y**2, 2*x**2*y), (1, 1))"),
    ("f(t) = t^2; u = f(x); v = f(y)", None, "((2*x, 0), (0, 2*y))"),
    ("f(x); f'(x); f(t) = t^3", None, "((3*x**2,), (6*x,))"),
    ("u = x^2 y; v = sin(u)", None, "((2*x*y, x**2), (2*x*y*cos(x**2*y), x**2*cos(x**2*y)))"),
    ("u = x^2 y; v = sin(u)", ["u"], "((0,), (cos(u),))"),
    ("x = y; y = x", None, "((0, 1), (1, 0))"),
    ("f(x, y) = x^2; g(x, y) = x y", None, "((2*x, 0), (y, x))"),
    ("(x^2, x y)", None, "((2*x, 0), (y, x))"),
    ("[x^2, x y]", None, "((2*x, 0), (y, x))"),
    ("x = r cos t, y = r sin t", ["r", "t"], "((cos(t), -r*sin(t)), (sin(t), r*cos(t)))"),
    ("(x + 1)(y, 2)", None, ""),
    ("f(x) = f(x) + 1; y", None, ""),
    ("f(x, y); f(a) = a", None, ""),
]


@pytest.mark.parametrize(("functions", "by", "answer"), SIDE_BY_SIDE)
def test_functions_side_by_side(functions: str, by: list[str] | None, answer: str) -> None:
    if not answer:
        with pytest.raises(ParseError):
            symback.jacobian(functions, by)
        return
    found = symback.jacobian(functions, by)
    assert str(found.answer) == answer
    assert found.verify().verdict == "verified"


def test_what_is_put_in_is_a_line_with_its_label() -> None:
    derivation = symback.derive("y = f(g(x)); g(x) = x^2; f(u) = sin u", "x")
    assert [text(line) for line in derivation.lines()[:2]] == ["d/dx [f(g(x))]", "d/dx [sin(x^2)]"]
    step = derivation.steps[0]
    assert step.rule.name == "insert the functions"
    assert {name: text(tree) for name, tree in step.bindings.items()} == {"g(x)": "x^2", "f(u)": "sin u"}
    assert "insert the functions   g(x) = x², f(u) = sin u" in str(derivation)
    assert r"f\left(u\right) = \sin u" in symback.render(derivation, "latex")
    assert json.loads(symback.render(derivation, "json"))["answer"]["text"] == "2x cos(x^2)"


def test_several_functions_and_no_question_take_the_first_and_say_so() -> None:
    derivation = symback.derive("f(x) = x^2; g(x) = sin x")
    assert text(derivation.last) == "2x"
    assert derivation.notes == ("g is not used: the question is about f.",)


BAD_SYSTEMS = [
    ("y = f(2x, 3); f(x) = x^2", 4, "f takes 1 value, but 2 are given"),
    ("y = f(2x); f(x, y) = x y", 4, "f takes 2 values, but 1 is given"),
    ("y = 1 + f(x, y, 2); f(x, y) = x y", 8, "f takes 2 values, but 3 are given"),
    ("f(x) = x f(x - 1); y = f(2)", 0, "f is defined in terms of itself"),
    ("f(x) = x f(x - 1)", 0, "f is defined in terms of itself"),
    ("y = f(x); f(x) = g(x); g(x) = f(x)", 0, "circle"),
    ("y = f(2x); f = x^2", 4, "f is defined without an argument"),
    ("y = f^2(x); f(x) = x + 1", 4, "two ways"),
    ("y = f^{-1}(x); f(x) = x + 1", 4, "two ways"),
    ("y = f(x); f(x) = x^2; f(x) = x^3", 21, "defined twice"),
    ("y = x^2; z = x^3", 0, "do not define one function"),
    ("y = x^2; x", 0, "do not define one function"),
]


@pytest.mark.parametrize(("system", "at", "reason"), BAD_SYSTEMS)
def test_a_system_that_cannot_be_put_together(system: str, at: int, reason: str) -> None:
    with pytest.raises(ParseError) as caught:
        symback.derive(system)
    assert reason in caught.value.message
    if "circle" not in reason:
        assert (caught.value.at, caught.value.text) == (at, system)


def test_functions_that_double_are_refused_at_once() -> None:
    doubling = "; ".join(f"f{i + 1}(x) = f{i}(f{i}(x)) f{i}(x)" for i in range(40))
    with pytest.raises(TooLarge):
        symback.derive(f"y = f40(x); f0(x) = x + 1; {doubling}")


# --- unknown functions ------------------------------------------------------------------------------------------------

UNKNOWN = [  # the function, the variable, and what the derivative prints as
    ("u(x) v(x)", "x", "u'(x) v(x) + u(x) v'(x)"),
    ("u(x)/v(x)", "x", "(u'(x) v(x) - u(x) v'(x))/v(x)^2"),
    ("u(x)^2", "x", "2 u(x) u'(x)"),
    ("sin(u(x))", "x", "cos(u(x)) u'(x)"),
    ("sin x u(x)", "x", "cos(x) u(x) + sin(x) u'(x)"),
    ("x y(x)", "x", "y(x) + x y'(x)"),
    ("x(t)^2 + y(t)^2", "t", "2 x(t) x'(t) + 2 y(t) y'(t)"),
    (r"\theta(t)^2", "t", "2 theta(t) theta'(t)"),
    ("x(x + 1)", "x", "2x + 1"),
    ("a(b + c)", "a", "b + c"),
    ("a(b + c) x", "x", "a(b + c)"),
    ("f(x^2)", "x", "2x f'(x^2)"),
    ("f(f(x))", "x", "f'(f(x)) f'(x)"),
    ("f'(x)", "x", "f''(x)"),
    ("f'''(3x)", "x", "3 f''''(3x)"),
    ("f'(x)^2", "x", "2 f'(x) f''(x)"),
    ("y'", "x", "y''(x)"),
    ("x y' + y", "x", "2 y'(x) + x y''(x)"),
    ("u' v + u v'", "x", "u''(x) v(x) + 2 u'(x) v'(x) + u(x) v''(x)"),
    ("f(x, y)", "x", "f_x(x, y)"),
    ("f(x, y)", "x,y", "f_{xy}(x, y)"),
    ("f(x, y)", "y,x", "f_{xy}(x, y)"),
    ("f_x(x, y)", "x", "f_{xx}(x, y)"),
    ("f(x, y, z)", "z", "f_z(x, y, z)"),
    ("f(x^2, y)", "x", "2x f_1(x^2, y)"),
    ("f(x^2, 3x)", "x", "2x f_1(x^2, 3x) + 3 f_2(x^2, 3x)"),
    ("f(x, x)", "x", "f_1(x, x) + f_2(x, x)"),
    ("f(x, g(x))", "x", "f_1(x, g(x)) + f_2(x, g(x)) g'(x)"),
    ("f(u(x), v(x))", "x", "f_1(u(x), v(x)) u'(x) + f_2(u(x), v(x)) v'(x)"),
    ("f(f(x, y), y)", "x", "f_1(f(x, y), y) f_x(x, y)"),
    ("w(x, y) x", "x", "x w_x(x, y) + w(x, y)"),
    ("u_0(x, t)", "t", "u0_t(x, t)"),
    ("e^(f(x, y))", "y", "e^(f(x, y)) f_y(x, y)"),
]


@pytest.mark.parametrize(("typed", "by", "answer"), UNKNOWN)
def test_an_unknown_function(typed: str, by: str, answer: str) -> None:
    derivation = symback.derive(typed, by.split(","))
    assert text(derivation.last) == answer
    assert derivation.verify().verdict == "verified"


@pytest.mark.parametrize(("typed", "by", "answer"), UNKNOWN)
def test_lines_with_unknown_functions_read_back(typed: str, by: str, answer: str) -> None:
    for line in symback.derive(typed, by.split(",")).lines():
        for written in (text(line), unicode(line), latex(line)):
            assert parse(written) == line, written


@pytest.mark.parametrize(("typed", "by", "answer"), UNKNOWN)
def test_unknown_functions_in_sympy(typed: str, by: str, answer: str) -> None:
    variables = [sympy.Symbol(name) for name in by.split(",")]
    derivation = symback.derive(typed, variables)
    function = derivation.start
    while isinstance(function, Diff):
        function = function.args[0]
    plain = {s: sympy.Symbol(s.name) for s in function.doit().free_symbols}
    expected = sympy.diff(function.doit().xreplace(plain), *variables)
    found = derivation.answer.xreplace(plain)
    assert sympy.expand(found - expected) == 0
    assert sympy.expand(sympy.sympify(in_sympy(derivation.last)).doit() - expected.doit()) == 0


def test_rules_of_unknown_functions_are_labelled() -> None:
    def labels(typed: str) -> list[tuple[str, dict[str, str]]]:
        steps = symback.derive(typed, "x").steps
        return [(s.rule.name, {k: text(t) for k, t in s.bindings.items()}) for s in steps]

    assert labels("f(x, y)") == [("partial derivative of an unknown function", {})]
    assert labels("f(x^2, y)")[0] == ("chain rule", {"u": "x^2"})
    assert labels("f(x^2, 3x)")[0] == ("multivariable chain rule", {"u": "x^2", "v": "3x"})
    assert [name for name, _ in labels("f(x^2)")[:2]] == ["chain rule", "derivative of an unknown function"]


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (Diff(parse("f(x, y)"), X), "f_x(x, y)", "yes"),
        (Diff(parse("f(x, y)"), X), "f_y(x, y)", "no"),
        (Diff(parse("f(x, y)"), X), "f_x(y, x)", "no"),
        (Diff(Diff(parse("f(x, y)"), X), Y), "f_{xy}(x, y)", "yes"),
        (Diff(Diff(parse("f(x, y)"), X), X), "f_{xy}(x, y)", "no"),
        (Diff(parse("f(x^2, 3x)"), X), "2x f_1(x^2, 3x) + 3f_2(x^2, 3x)", "yes"),
        (Diff(parse("f(x^2, 3x)"), X), "2x f_2(x^2, 3x) + 3f_1(x^2, 3x)", "no"),
        (Diff(parse("f(x^2, 3x)"), X), "2x f_1(x^2, 3x)", "no"),
        (parse("f_{xx}(x, y) f_{yy}(x, y)"), "f_{xy}(x, y)^2", "no"),
        (parse("f_x(x, y) f_{yy}(x, y)"), "f_y(x, y) f_{xy}(x, y)", "no"),
        (parse("f(x, y)"), "g(x, y)", "no"),
        (parse("f(x, y)"), "f(y, x)", "no"),
    ],
)
def test_the_stand_in_tells_derivatives_apart(left: Tree, right: str, verdict: str) -> None:
    assert same_value(left, parse(right)) == verdict


READINGS = [  # the text, the variables, and whether u stands for a function
    ("u(x)", ["x"], True),
    ("u(x)", ["y"], False),
    ("u(x)", [], False),
    ("u(2x)", ["x"], False),
    ("u(2x) u(x)", ["x"], True),
    ("u(x, y)", [], True),
    ("u(x, 2)", ["x"], True),
    ("u'(2x)", [], True),
    ("u^2(x)", ["x"], False),
    ("u(u)", ["u"], False),
    ("d/dx [u(x)]", [], True),
    (r"\frac{\partial}{\partial x} u(x)", [], True),
]


@pytest.mark.parametrize(("typed", "variables", "is_function"), READINGS)
def test_when_a_name_before_a_bracket_is_a_function(typed: str, variables: list[str], is_function: bool) -> None:
    assert (symbol("u") not in read(typed, variables=variables).tree.free_symbols) == is_function


def test_a_declared_name_is_a_function_where_the_variable_alone_is_in_its_bracket() -> None:
    assert text(symback.derive("rate(x)^2", "x", names=["rate"]).last) == "2 rate(x) rate'(x)"
    assert text(symback.derive("rate(x + 1)", "x", names=["rate"]).last) == "rate"


@pytest.mark.parametrize(
    ("typed", "at", "value"),
    [
        ("f(x)", {"x": 2}, "f(2)"),
        ("f'(x)", {"x": 2}, "f'(2)"),
        ("f(x, y)", {"x": 2, "y": 3}, "f(2, 3)"),
        ("3f(2x) + 1", {"x": 2}, "3 f(4) + 1"),
    ],
)
def test_an_unknown_function_has_no_number(typed: str, at: dict[str, int], value: str) -> None:
    found = symback.evaluate(typed, at)
    assert (text(found.last), found.approximate) == (value, None)
    verdict = found.verify()
    assert (verdict.verdict, verdict.message) == ("unverified", "Not checked: f may be any function.")


@pytest.mark.parametrize(
    ("typed", "at", "value"),
    [
        ("f(2); f(x) = x^2", {}, 4),
        ("f'(2); f(x) = x^3", {}, 12),
        ("f'(2x) + 1; f(x) = x^3", {"x": 1}, 13),
        ("g(3, 4); g(x, y) = x y^2", {}, 48),
        ("g_x(3, 4); g(x, y) = x^2 y^2", {}, 96),
        ("f(u) + u; u = x^2; f(t) = t + 1", {"x": 3}, 19),
    ],
)
def test_the_value_of_a_function_of_the_users(typed: str, at: dict[str, int], value: int) -> None:
    found = symback.evaluate(typed, at)
    assert found.answer == value
    assert found.verify().verdict == "verified"


def test_the_order_of_mixed_derivatives_is_said() -> None:
    note = "Mixed partial derivatives of an unknown function are taken as equal in every order."
    assert note in symback.derive("f(x, y)", ("y", "x")).notes
    assert note not in symback.derive("f(x, y)", ("x", "y")).notes


def test_a_gradient_that_holds_f_is_not_that_of_f() -> None:
    assert "∂F/∂x = ∂/∂x [f(x, y) x]" in str(symback.gradient("f(x, y) x", "x,y"))
    assert "∂f/∂x" in str(symback.gradient("g(x, y) x", "x,y"))


def test_an_unknown_function_has_no_difference_quotients() -> None:
    with pytest.raises(SymbackError, match="f is not known"):
        difference_table("f(x)", "x", {"x": 2})


def test_names_of_unknown_functions() -> None:
    assert derived(derived("f", 0, 1), 0, 1) == "f''"
    assert derived(derived("f", 1, 2), 0, 2) == derived(derived("f", 0, 2), 1, 2) == "f,12"
    assert parts("f,12") == ("f", (0, 1))
    assert subscript((1,), ("x", "xy")) == "2"  # its x could be the first
    assert slots_of("3", ("x", "y")) is None


# --- graphs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", ["x", "u", "v", "c", "n", "k", "f", "p", "s", "e", "out", "L", "alpha", "x1", "w"])
def test_a_parameter_of_any_name_meets_no_node_and_no_letter_of_a_law(letter: str) -> None:
    node = f"def q({letter}) = {letter}^2; {letter} = 5b; M = q(b) + {letter} q({letter})"
    found = symback.Graph(node).backprop("M", at={"b": 2})
    assert found.values["b"] == 2 * 2 + 3 * 125 * 2**2
    nested = symback.Graph(f"def q({letter}) = {letter}^2 + 1; M = q(q(2b))").backprop("M", at={"b": 1})
    assert nested.values["b"] == 2 * 5 * 2 * 2 * 2
    for result in (found, nested):
        shown = symback.render(result, "text")
        assert "= 0 =" not in shown
        assert "✓ gradient check" in shown


# --- SymPy ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x_1", "x", "alpha_1", "w_{32}", "lambda", "loss"])
@pytest.mark.parametrize("assumptions", [{}, {"positive": True}, {"real": True}, {"integer": True}, {"complex": True}])
def test_symbols_of_sympy_come_back(name: str, assumptions: dict[str, bool]) -> None:
    own, other = sympy.Symbol(name, **assumptions), sympy.Symbol("q")
    for expr, by in ((own**2, own), (own**2, name), (own**2, None)):
        derivation = symback.derive(expr, by)
        assert derivation.answer == 2 * own
        assert derivation.answer.subs(own, 3) == 6
        assert pickle.loads(pickle.dumps(derivation)).answer == 2 * own
    assert symback.gradient(own**2 * other, [own, other]).answer == (2 * own * other, own**2)
    assert symback.gradient(own**2 * other, [own, other], at={own: 2, other: 1}).value == (4, 4)
    assert symback.hessian(own**2 * other, [own, other]).answer == ((2 * other, 2 * own), (2 * own, 0))
    assert symback.jacobian([own * other], [own, other]).answer == ((other, own),)
    assert symback.directional(own**2 * other, [own, other], (3, 4)).answer.free_symbols == {own, other}


def test_the_variable_alone_may_be_sympys() -> None:
    x = sympy.Symbol("x")
    assert symback.derive("x^2", x).answer.subs(x, 2) == 4
    assert symback.derive("x^2 y", [x, "y"]).answer == 2 * x
    assert symback.evaluate(x**2, {x: 3}).answer == 9


def test_names_of_sympys_symbols_in_json() -> None:
    made = json.loads(symback.render(symback.derive(sympy.Symbol("x_1") ** 2), "json"))
    assert (made["answer"]["sympy"], made["answer"]["text"]) == ("2*x_1", "2 x1")
    assert made["steps"][0]["before"]["sympy"] == "Derivative(x_1**2, x_1)"
    assert json.loads(symback.render(symback.derive("f(x)"), "json"))["answer"]["sympy"] == "Derivative(f(x), x)"


def test_derivatives_of_sympy_are_read() -> None:
    x, y = sympy.symbols("x y")
    f = sympy.Function("f")
    for expr in (sympy.Derivative(f(x), x), sympy.Derivative(f(x, y), x, y), sympy.diff(f(2 * x), x), f(x, y)):
        assert symback.derive(expr, x).answer == sympy.diff(expr, x)
    assert symback.derive(sympy.Derivative(x**3, x)).answer == 3 * x**2
    with pytest.raises(SymbackError):
        symback.derive(sympy.Subs(sympy.Derivative(x**2, x), x, y), y)
