"""How functions and pending derivatives are written, whatever the notation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from symback.expr.cases import AND, CASES, COMPARISONS, OR
from symback.expr.tree import Diff, Gradient, Let, symbols_of
from symback.expr.unknown import parts, subscript
from symback.page import by_cases, matrices, operations
from symback.page.names import SUBSCRIPTS, SUPERSCRIPTS
from symback.page.notation import BARE, SYMPY, Notation
from symback.page.pieces import ATOM, DERIVATIVE, NEGATIVE, POWER, SUM, Piece, Style, bare, bracketed, is_atom, short
from symback.syntax.arrays import ALONG_THE_LAST


def function_name(node: Basic, inner: list[Piece], style: Style) -> Piece:
    return Piece(style.notation.functions.get(node.name, node.name))


def call(node: Basic, inner: list[Piece], style: Style) -> Piece:
    name: str = node._args[0].name
    if parts(name)[1] and not name.endswith("'"):
        return _partial(node, inner[1:], style)
    return operations.with_axis(name, _call(name, inner[1:], style), inner[1:], style.notation)


def _call(name: str, arguments: list[Piece], style: Style) -> Piece:
    if name == CASES:
        return by_cases.cases(arguments, style.notation)
    if name in (AND, OR):
        return by_cases.junction(name, arguments, style.notation)
    made = _usual_call(name, arguments, style)
    return by_cases.comparison(name, arguments, made) if name in COMPARISONS and len(arguments) == 2 else made


def _usual_call(name: str, arguments: list[Piece], style: Style) -> Piece:
    notation = style.notation
    special = _SPECIAL.get((notation.name, name))
    if special and not (name == "eye" and _is_a_name(special(arguments, notation).text, style)):
        return special(arguments, notation)
    written = operations.written(name, arguments, notation) if name not in style.words else None
    if written is not None:
        return written
    if name in ALONG_THE_LAST and len(arguments) > 1 and notation is not SYMPY:
        return operations.call(name, [arguments[0].loose or arguments[0].text], {"axis": arguments[1].text}, notation)
    spelled = notation.functions.get(name) or _unknown(name, notation)
    if spelled == "σ" and "sigma" in style.words:
        spelled = name
    return _called(name, spelled, arguments, notation)


def _is_a_name(written: str, style: Style) -> bool:
    """Tell whether what would be written, such as I_n, is a name of the graph."""
    return any(style.notation.symbol(word) == written for word in style.words)


INVERSE = "^-1"  # in the name of an inverse function


def _unknown(name: str, notation: Notation) -> str:
    if INVERSE in name and notation.name in ("latex", "unicode"):
        return name.replace(INVERSE, "^{-1}" if notation.name == "latex" else "⁻¹")
    plain = name.rstrip("'")
    if notation.name != "latex" or len(plain) == 1:
        return name
    written = notation.symbol(plain)
    return (rf"\operatorname{{{written}}}" if written.startswith(r"\mathrm") else written) + name[len(plain) :]


def _partial(node: Basic, arguments: list[Piece], style: Style) -> Piece:
    """Return a partial derivative of an unknown function: f_x(x, y), or f_1(2x, y) where no name says by what."""
    own, slots = parts(node._args[0].name)
    names = [bare(a).name if isinstance(bare(a), (Symbol, Let)) else "" for a in _unnamed(node)]
    below = subscript(slots, names)
    notation = style.notation
    spelled = _unknown(own, notation)
    if notation.name == "latex":
        below = below if below.isdigit() else "".join(map(notation.symbol, (names[slot] for slot in slots)))
        written = f"{spelled}_{{{below}}}"
    else:
        written = f"{spelled}_{below}" if len(below) == 1 else f"{spelled}_{{{below}}}"
    return _called(own, written, arguments, notation)


def _unnamed(node: Basic) -> list[Basic]:
    """Return the arguments of a function, inner functions that have a name as that name."""
    return [a._args[0] if isinstance(a, Let) else a for a in map(bare, node._args[1:])]


def _called(name: str, spelled: str, arguments: list[Piece], notation: Notation) -> Piece:
    opening, closing = notation.call
    inside = f"{opening}{', '.join([a.loose or a.text for a in arguments])}{closing}"
    letter, blank = "", " "
    if name in BARE and len(arguments) == 1 and notation is not SYMPY:
        if is_atom(arguments[0]):
            letter = arguments[0].text
        elif arguments[0].head == "bar":  # ln|x|
            letter, blank = arguments[0].text, " " if notation.name == "latex" else ""
    loose = f"{spelled}{blank}{letter}" if letter else ""
    one_letter = len(name.rstrip("'")) == 1 or spelled == "σ"  # sin x h(x) would be sin(x h(x))
    head = "name" if one_letter else "call"
    return Piece(spelled + inside, ATOM, head, "call", loose, parts=(name, spelled, inside, letter))


def _bars(arguments: list[Piece], notation: Notation) -> Piece:
    inside = arguments[0].loose or arguments[0].text
    if "|" in inside:
        return _called("abs", "abs", arguments, notation)
    return Piece(f"|{inside}|", ATOM, "bar", "bar")


def _latex_bars(arguments: list[Piece], notation: Notation) -> Piece:
    inside = arguments[0].loose or arguments[0].text
    return Piece(rf"\left|{inside}\right|", ATOM, "bar", "bar")


def _root(arguments: list[Piece], notation: Notation) -> Piece:
    return matrices.norm(arguments[0], notation) or Piece(
        f"sqrt({short(arguments[0], notation)})", ATOM, "root", "root"
    )


def _unicode_root(arguments: list[Piece], notation: Notation) -> Piece:
    inside = short(arguments[0], notation)
    root = Piece(f"√{inside}" if is_atom(arguments[0]) else f"√({inside})", POWER, "root", "root")  # (√x)³
    return matrices.norm(arguments[0], notation) or root


def _unicode_cube_root(arguments: list[Piece], notation: Notation) -> Piece:
    inside = short(arguments[0], notation)
    return Piece(f"∛{inside}" if is_atom(arguments[0]) else f"∛({inside})", POWER, "root", "root")


def _latex_square_root(arguments: list[Piece], notation: Notation) -> Piece:
    return matrices.norm(arguments[0], notation) or _latex_root(arguments, notation)


def _latex_root(arguments: list[Piece], notation: Notation) -> Piece:
    index = f"[{arguments[1].text}]" if len(arguments) > 1 else ""
    return Piece(rf"\sqrt{index}{{{arguments[0].loose or arguments[0].text}}}", ATOM, "root", "root")


def _latex_rounded(opening: str, closing: str) -> Callable[[list[Piece], Notation], Piece]:
    def rounded(arguments: list[Piece], notation: Notation) -> Piece:
        inside = arguments[0].loose or arguments[0].text
        return Piece(rf"\left{opening} {inside} \right{closing}", ATOM, "bar", "bar")

    return rounded


def _latex_modulo(arguments: list[Piece], notation: Notation) -> Piece:
    left, right = (p if p.level >= DERIVATIVE else bracketed(p, notation) for p in arguments)
    return Piece(rf"{left.text} \bmod {right.text}", SUM, "sum", "sum")  # in brackets beside every other sign


def _latex_cube_root(arguments: list[Piece], notation: Notation) -> Piece:
    return _latex_root([arguments[0], Piece("3")], notation)


def _logarithm(arguments: list[Piece], notation: Notation) -> Piece:
    base = arguments[1]
    if not is_atom(base) or (base.head == "number" and not base.text.isdigit()):
        return _called("log", "log", arguments, notation)
    small = notation.superscripts and base.head == "number"
    below = base.text.translate(SUBSCRIPTS) if small else "_" + base.text
    return _called("ln", "log" + below, arguments[:1], notation)


def _latex_logarithm(arguments: list[Piece], notation: Notation) -> Piece:
    return _called("ln", rf"\log_{{{arguments[1].loose or arguments[1].text}}}", arguments[:1], notation)


def derivative(node: Basic, inner: list[Piece], style: Style) -> Piece:
    notation, (body, by) = style.notation, inner
    if notation.name == "sympy":
        return Piece(f"Derivative({body.text}, {by.text})", ATOM, "call", "call")
    if not isinstance(bare(node._args[1]), (Symbol, Let)):
        opening, closing = notation.brackets
        variables: tuple[str, ...] = (f"{opening}{short(by, notation)}{closing}",)
        inside = body.loose or body.text
    elif isinstance(node._args[0], Diff) and body.parts and _may_stand_together(by.text, *body.parts[1]):
        inside, variables = body.parts[0], (by.text, *body.parts[1])  # d/dx [d/dx [u]] is d^2/dx^2 [u]
    else:
        inside, variables = body.loose or body.text, (by.text,)
    opening, closing = (r"\left[", r"\right]") if notation.name == "latex" else (" [", "]")
    written = f"{_d_over_d('', variables, notation, style.d)}{opening}{inside}{closing}"
    return Piece(written, DERIVATIVE, "diff", "diff", parts=(inside, variables))


def _may_stand_together(*variables: str) -> bool:
    """Tell whether derivatives by these make one sign: not by an inner function, nor by words, as in dalphadbeta."""
    return all(not v.endswith(")") and not v[1:].isalpha() for v in variables)


def integral(node: Basic, inner: list[Piece], style: Style) -> Piece:
    """Return ∫ x² dx or ∫_0^1 x² dx; int(x^2, x) in plain text, and where the d would be read as a letter."""
    notation, (body, by, *ends) = style.notation, inner
    written = [p.loose or p.text for p in (body, by, *ends)]
    if notation.name == "sympy":
        by_what = f"({', '.join(written[1:])})" if ends else written[1]
        return Piece(f"Integral({written[0]}, {by_what})", ATOM, "call", "call")
    d_is_a_name = "d" in (str(s) for s in symbols_of(node))
    if notation.name == "text" or (notation.name != "latex" and (d_is_a_name or len(by.text) > 1)):
        return Piece(f"int({', '.join(written)})", ATOM, "call", "call")
    inside = body if body.level > NEGATIVE else bracketed(body, notation)
    latex = notation.name == "latex"
    sign = (r"\int" if latex else "∫") + _limits_of(ends, notation)
    gap = r" \, " if latex else " "
    d = f"{notation.d} " if by.text.startswith("\\") else notation.d
    whole = f"{sign} {inside.loose or inside.text}{gap}{d}{by.text}"
    return Piece(whole, DERIVATIVE, "name", "diff", parts=())


def _limits_of(ends: list[Piece], notation: Notation) -> str:
    if not ends:
        return ""
    opening, closing = ("{", "}") if notation.name == "latex" else ("(", ")")
    texts = [end.loose or end.text for end in ends]
    if notation.name != "latex":
        texts = [t if is_atom(e) else f"{opening}{t}{closing}" for t, e in zip(texts, ends, strict=True)]
    else:
        texts = [f"{opening}{t}{closing}" for t in texts]
    return f"_{texts[0]}^{texts[1]}"


def limit(node: Basic, inner: list[Piece], style: Style) -> Piece:
    """Return lim x→0 [sin(x)/x], lim x→0⁺ [1/x] from the right; Limit(u, x, a, '+-') in SymPy's words."""
    notation, (body, by, target) = style.notation, inner[:3]
    side = {1: "+", -1: "-", 0: ""}[node.side]
    inside, place = body.loose or body.text, target.loose or target.text
    if notation.name == "sympy":
        way = "" if place in ("oo", "-oo") else f", '{side or '+-'}'"
        return Piece(f"Limit({inside}, {by.text}, {place}{way})", ATOM, "call", "call")
    if notation.name == "latex":
        raised = f"^{{{side}}}" if side else ""
        written = rf"\lim_{{{by.text} \to {place}{raised}}}\left[{inside}\right]"
        return Piece(written, DERIVATIVE, "diff", "diff", parts=())
    place = f"({place})" if " " in place else place
    arrow, raised = ("→", {"+": "⁺", "-": "⁻", "": ""}[side]) if notation.superscripts else ("->", side)
    return Piece(f"lim {by.text}{arrow}{place}{raised} [{inside}]", DERIVATIVE, "diff", "diff", parts=())


def gradient(node: Basic, inner: list[Piece], style: Style) -> Piece:
    """Return ∂L/∂a, or ∂²L/∂b∂a of the gradient by a and then by b."""
    notation, first = style.notation, node._args[0]
    if not isinstance(first, Gradient) or notation.name == "sympy":
        return matrices.gradient(node, inner, style)
    name, *by = (notation.symbol(s.name) for s in (first._args[0], node._args[1], first._args[1]))
    return Piece(_d_over_d(name, tuple(by), notation, notation.partial), DERIVATIVE, "diff", "diff")


def rate(node: Basic, inner: list[Piece], style: Style) -> Piece:
    r"""Return dy/dx, or \frac{d^{2}y}{dx^{2}}; y'(x) in plain text, which reads back."""
    function, variable, order = node._args
    notation = style.notation
    if notation.name == "sympy":
        by = ", ".join([inner[1].text] * int(order))
        return Piece(f"Derivative({inner[0].text}({inner[1].text}), {by})", ATOM, "call", "call")
    if notation.name == "text":
        return Piece(f"{function.name}{chr(39) * int(order)}({variable.name})", ATOM, "name", "call")
    written = derivative_name(function.name, [variable] * int(order), notation)
    return Piece(written, DERIVATIVE, "diff", "diff")


def derivative_name(name: str, variables: Sequence[Symbol], notation: Notation, several: bool = False) -> str:
    r"""Return the derivative of a named function: `df/dx`, `∂²f/∂x∂y`, `\frac{df}{dx}`."""
    by = tuple(notation.symbol(v.name) for v in reversed(variables))
    return _d_over_d(notation.symbol(name), by, notation, notation.partial if several else notation.d)


def _d_over_d(name: str, variables: tuple[str, ...], notation: Notation, d: str) -> str:
    def raised(count: int) -> str:
        if count == 1:
            return ""
        if notation.superscripts:
            return str(count).translate(SUPERSCRIPTS)
        return f"^{{{count}}}" if notation.name == "latex" else f"^{count}"

    if notation.name != "latex":
        below = ("" if d == "∂" else " ").join(f"{d}{v}{raised(count)}" for v, count in _counted(variables))
        return f"{d}{raised(len(variables))}{name}/{below}"
    blank = " " if len(d) > 1 else ""
    below = " ".join(f"{d}{blank}{v}{raised(count)}" for v, count in _counted(variables))
    return rf"\frac{{{d}{raised(len(variables))}{name and blank + name}}}{{{below}}}"


def _counted(variables: tuple[str, ...]) -> list[tuple[str, int]]:
    runs: list[tuple[str, int]] = []
    for name in variables:
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + 1)
        else:
            runs.append((name, 1))
    return runs


# Functions that are not simply called.
_SPECIAL: dict[tuple[str, str], Callable[[list[Piece], Notation], Piece]] = {
    ("text", "abs"): _bars, ("unicode", "abs"): _bars, ("latex", "abs"): _latex_bars,
    ("text", "sqrt"): _root, ("unicode", "sqrt"): _unicode_root, ("latex", "sqrt"): _latex_square_root,
    ("latex", "floor"): _latex_rounded(r"\lfloor", r"\rfloor"),
    ("latex", "ceil"): _latex_rounded(r"\lceil", r"\rceil"), ("latex", "mod"): _latex_modulo,
    ("unicode", "cbrt"): _unicode_cube_root, ("latex", "cbrt"): _latex_cube_root, ("latex", "root"): _latex_root,
    ("text", "log"): _logarithm, ("unicode", "log"): _logarithm, ("latex", "log"): _latex_logarithm,
    **matrices.SPECIAL,
}  # fmt: skip
