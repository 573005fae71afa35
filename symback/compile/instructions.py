"""The small operations that code is made of, one row each: how NumPy, JAX, torch and `math` say each of them.

Every program is written in these before it becomes source (see `expand`); operations of the table in
`graph.operations` have their code in their own rows. In a text {0} and {1} are the operands.

`ufunc` is NumPy's function that writes into a buffer (`into` where it is called otherwise, {o} being the buffer),
`number` the expression for one number, `common` the one of JAX and torch alike ({m} is the module), `math` and `binds`
the expression of plain numbers and how tightly it binds (! marks an expression that reads an operand more than once),
`note` the formula in the comment.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from symback.expr.functions import FUNCTIONS

SUM, PRODUCT, SIGN, ATOM = 1, 2, 3, 4


class Instruction(NamedTuple):
    """One small operation; see the head of this file."""

    name: str
    ufunc: str = ""
    into: str = ""
    number: str = ""
    common: str = ""
    jax: str = ""
    torch: str = ""
    math: str = ""
    binds: int = ATOM
    note: str = ""
    is_quiet: bool = False  # passes through infinity or nan on the way to a finite result: no warning for it
    is_one_pass: bool = True  # may write over its operand


def _arithmetic(name: str, sign: str, binds: int, is_quiet: bool = False) -> Instruction:
    text = f"{{0}} {sign} {{1}}"
    plain = text if binds == SUM else text.replace(" ", "")
    return Instruction(name, name, "", text, text, math=plain, binds=binds, note=text, is_quiet=is_quiet)


def _of_two(name: str, common: str = "", math: str = "", **columns: Any) -> Instruction:
    return Instruction(name, name, number=f"{name}({{0}}, {{1}})", common=common, math=math, **columns)


_QUIET = frozenset(("ln", "sqrt", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "arsinh",
                    "arcosh", "artanh"))  # fmt: skip
_UFUNC = re.compile(r"np\.(\w+)\(\{x\}\)")
_AS_TENSOR = "torch.{name}(torch.as_tensor({{0}}), torch.as_tensor({{1}}))"


def _functions() -> dict[str, Instruction]:
    """Return the elementary functions that are one ufunc of NumPy, by the code of their rows."""
    made = {}
    for row in FUNCTIONS.values():
        found = _UFUNC.fullmatch(row.numpy)
        if found and row.name not in ("abs", "sign", "cbrt", "floor", "ceil", "round"):
            ufunc = found[1]
            of_math = re.sub(r"^arc", "a", ufunc)
            made[row.name] = Instruction(row.name, ufunc, "", f"{ufunc}({{0}})", f"{{m}}.{ufunc}({{0}})",
                                         math=f"{of_math}({{0}})", is_quiet=row.name in _QUIET)  # fmt: skip
    return made


def _one(name: str, ufunc: str, math: str, **columns: Any) -> Instruction:
    return Instruction(name, ufunc, number=f"{ufunc}({{0}})", common=f"{{m}}.{name}({{0}})", math=math, **columns)


# fmt: off
ELEMENTWISE: dict[str, Instruction] = {row.name: row for row in (
    _arithmetic("add", "+", SUM),
    _arithmetic("subtract", "-", SUM),
    _arithmetic("multiply", "*", PRODUCT),
    _arithmetic("divide", "/", PRODUCT, is_quiet=True),
    Instruction("negate", "negative", "", "-{0}", "-{0}", math="-{0}", binds=SIGN, note="-{0}"),
    Instruction("square", "square", "", "{0} * {0}", "{0} * {0}", math="!{0}*{0}", binds=PRODUCT, note="{0}^2"),
    _of_two("power", jax="jnp.power({0}, {1})", torch="torch.pow({0}, {1})", math="pow({0}, {1})", note="{0} ^ {1}",
            is_quiet=True),
    # a comparison with nan is false: each form of `math` then ends at its operand, so that nan stays nan
    _of_two("maximum", "{m}.maximum({0}, {1})", torch=_AS_TENSOR.format(name="maximum"),
            math="!({0} if {0} >= {1} or {0} != {0} else {1})"),
    _of_two("minimum", "{m}.minimum({0}, {1})", torch=_AS_TENSOR.format(name="minimum"),
            math="!({0} if {0} <= {1} or {0} != {0} else {1})"),
    _of_two("hypot", "{m}.hypot({0}, {1})", torch=_AS_TENSOR.format(name="hypot"), math="hypot({0}, {1})"),
    # where 0 wins over infinity; `math` raises wherever something becomes infinite, and array code takes over
    _of_two("times", "{m}.where(({0} == 0) * ({1} == {1}) + ({1} == 0) * ({0} == {0}), 0.0, {0} * {1})",
            math="{0}*{1}", binds=PRODUCT, note="{0} * {1}", is_quiet=True, is_one_pass=False),
    _of_two("ratio", "{m}.where(({0} == 0) * ({1} == 0), 0.0, {0} / {1})",
            math="!(0.0 if {0} == 0.0 == {1} else {0}/{1})", note="{0} / {1}", is_quiet=True, is_one_pass=False),
    _of_two("xlogy", jax="special.xlogy({0}, {1})", torch="torch.xlogy({0}, {1})",
            math="!({0}*log({1}) if {0} != 0.0 or {1} != 0.0 else 0.0)", is_quiet=True, is_one_pass=False),
    Instruction("choose", "choose", "choose({0}, {1}, {2}, out={o})", "choose({0}, {1}, {2})",
                jax="jnp.where({0} != 0, {1}, {2})",
                torch="torch.where(torch.as_tensor({0}) != 0, torch.as_tensor({1}), torch.as_tensor({2}))",
                math="({1} if {0} != 0.0 else {2})", note="where({0}, {1}, {2})"),
    _one("exp", "exp", "exp({0})", is_quiet=True),
    _one("log1p", "log1p", "log1p({0})", is_quiet=True),
    _one("expm1", "expm1", "expm1({0})", is_quiet=True),
    _one("floor", "floor", "float(floor({0}))"),
    _one("ceil", "ceil", "float(ceil({0}))"),
    _one("round", "rint", "float(round({0}))"),
    _one("abs", "absolute", "fabs({0})"),
    _one("sign", "sign", "!(1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else {0})"),
    _one("cbrt", "cbrt", "cbrt({0})", torch="torch.sign({0}) * torch.abs({0}) ** (1.0 / 3.0)"),
    Instruction("erf", "erf", "", "erf({0})", jax="special.erf({0})", torch="torch.erf({0})", math="erf({0})",
                is_one_pass=False),
)} | _functions()

OTHERS: dict[str, Instruction] = {row.name: row for row in (
    Instruction("matmul", common="{0} @ {1}", note="{0} @ {1}"),
    Instruction("rowdot", "rowdot", "rowdot({0}, {1}, out={o})", note="sum({0} * {1}, -1)"),
    Instruction("coldot", "coldot", "coldot({0}, {1}, out={o})", note="sum({0} * {1}, 0)"),
    Instruction("product", "product", note="{0} @ {1}", is_quiet=True),
    Instruction("vdot", number="vdot({0}, {1})", common="{m}.sum({0} * {1})", note="sum({0} * {1})"),
    Instruction("outer", common="{m}.outer({0}, {1})"),
    Instruction("transpose", common="{0}.T", note="{0}.T"),
    Instruction("reshape", number="total({0}, axis=None)", common="{0}.reshape({shape})"),
    Instruction("index", number="{0}[{place}]", common="{0}[{place}]"),
    Instruction("slice", common="{0}[{cut}]"),
    Instruction("trace", number="trace({0})", common="{m}.trace({0})"),
    Instruction("inverse", common="{m}.linalg.inv({0})", is_quiet=True),
    Instruction("logdet", number="logdet({0})", common="{m}.linalg.slogdet({0})[1]", is_quiet=True),
    Instruction("broadcast", into="copyto({o}, {0})", common="{m}.broadcast_to({0}, {shape})",
                torch="torch.as_tensor({0}).expand({shape})"),
    Instruction("stack", common="{m}.stack(({all},))"),
    Instruction("sum", into="total({0}, axis={axes}, out={o})", number="total({0}, axis=None)",
                jax="jnp.sum({0}, axis={axes})",
                torch="torch.sum({0}, dim={axes})"),
    Instruction("amax", into="greatest({0}, axis=-1, keepdims=True, out={o})",
                jax="jnp.max({0}, axis=-1, keepdims=1)", torch="torch.amax({0}, dim=-1, keepdim=True)",
                note="max({0}, -1)"),
    Instruction("concat", into="concatenate(({all},), axis={axis}, out={o})",
                jax="jnp.concatenate(({all},), axis={axis})", torch="torch.cat(({all},), dim={axis})"),
    Instruction("eye", jax="jnp.eye({count})", torch="torch.eye({count}, dtype=torch.{dtype})"),
    Instruction("one_hot", jax="nn.one_hot(jnp.int32({0}), {count})",
                torch="torch.nn.functional.one_hot({0}.long(), {count}).to(torch.{dtype})"),
    Instruction("zeros", jax="jnp.zeros({shape})", torch="torch.zeros({shape}, dtype=torch.{dtype})"),
    Instruction("put", jax="{0}.at[{place}].set({1})", torch="{0}.index_put(({tensors},), {1})"),
    # functions that plain numbers have a shorter form for than `expand` has; no exponential of a large number
    Instruction("step", math="!(1.0 if {0} > 0.0 else 0.0 if {0} <= 0.0 else {0})"),
    Instruction("relu", math="!(0.0 if {0} <= 0.0 else {0})"),
    Instruction("leaky_relu", math="!({0} if {0} > 0.0 else 0.01*{0})"),
    Instruction("sigmoid", math="!(1.0/(1.0 + exp(-{0})) if {0} > -700.0 else exp({0}))"),
    Instruction("silu", math="!({0}/(1.0 + exp(-{0})) if {0} > -700.0 else {0}*exp({0}))"),
    Instruction("softplus", math="!({0} + log1p(exp(-{0})) if {0} > 0.0 else log1p(exp({0})))"),
)}
# fmt: on

INSTRUCTIONS: dict[str, Instruction] = ELEMENTWISE | OTHERS


def column(name: str) -> dict[str, str]:
    """Return one column of the table, by instruction, where there is something in it.

    >>> column("note")["matmul"]
    '{0} @ {1}'
    """
    return {row.name: text for row in INSTRUCTIONS.values() if (text := getattr(row, name))}


JAX: dict[str, str] = column("common") | column("jax")
TORCH: dict[str, str] = column("common") | column("torch")
EXPRESSIONS: dict[str, tuple[str, int]] = {n: (text, INSTRUCTIONS[n].binds) for n, text in column("math").items()}
NUMBERS: dict[str, str] = column("number")


def _statement(row: Instruction) -> str:
    operands = "{0}, {1}" if "{1}" in row.number or row.name == "product" else "{0}"
    return row.into or f"{row.ufunc}({operands}, out={{o}})"


# An operation on arrays as a statement; {o} is where the result goes.
ARRAYS: dict[str, str] = {row.name: _statement(row) for row in INSTRUCTIONS.values() if row.ufunc or row.into}
QUIET = frozenset(row.name for row in INSTRUCTIONS.values() if row.is_quiet)
