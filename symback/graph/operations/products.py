"""Products of arrays: matrices in a batch, einsum, Kronecker products, determinants, linear systems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import ascii_letters
from typing import Any

from symback.errors import ShapeError
from symback.expr.tree import Tree, apply, symbol
from symback.graph.nodes import Dim, Shape, shape_text
from symback.graph.operations.basic import broadcast_shape
from symback.graph.operations.row import ArrayOperation
from symback.graph.sizes import size_tree

# --- matrices in a batch ---------------------------------------------------------------------------------------------


def _bmm(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    a, b = shapes
    what = f"The matrix product of {shape_text(a)} and {shape_text(b)} does not exist"
    if len(a) < 2 or len(b) < 2:
        hint = 'Write expand(v, 1) for the column of a vector, or an einsum, as in einsum("bij,j->bi", A, v).'
        raise ShapeError(f"{what}: a batch of matrices is multiplied by matrices.", hint=hint)
    if a[-1] != b[-2]:
        hint = "The columns of the first must be as many as the rows of the second; .mT transposes each matrix."
        raise ShapeError(f"{what}: {a[-1]} and {b[-2]} are different.", hint=hint)
    try:
        return (*broadcast_shape([a[:-2], b[:-2]]), a[-2], b[-1])
    except ShapeError:
        batches = f"the batches {shape_text(a[:-2])} and {shape_text(b[:-2])} are different"
        raise ShapeError(
            f"{what}: {batches}.", hint="The axes before the last two are equal, or one of them is 1."
        ) from None


def _back_to(text: str, place: int) -> Callable[..., str]:
    """Return a law that sums over the axes of the batch along which an input was repeated."""

    def law(shapes: Sequence[Shape], params: tuple[Any, ...]) -> str:
        is_repeated = shapes[place][:-2] != _bmm(shapes, params)[:-2]
        return f"sum_to({text}, sizes({'ab'[place]}))" if is_repeated else text

    return law


# --- einsum ----------------------------------------------------------------------------------------------------------


def einsum_parts(spec: str) -> tuple[list[str], str]:
    """Return the letters of each array and of the result: "ij,jk->ik"; without an arrow, NumPy's rule."""
    left, arrow, right = spec.replace(" ", "").partition("->")
    inputs = left.split(",")
    if not arrow:
        letters = "".join(inputs)
        right = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    return inputs, right


def _einsum(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    inputs, result = einsum_parts(params[0])
    if len(inputs) != len(shapes):
        raise ShapeError(f"einsum has letters for {len(inputs)} arrays, but {len(shapes)} are given.")
    sizes: dict[str, int] = {}
    for letters, shape in zip(inputs, shapes, strict=True):
        if len(letters) != len(shape):
            hint = "Each axis of each array has one letter."
            raise ShapeError(f"{letters} names {len(letters)} axes, but a {shape_text(shape)} has {len(shape)}.",
                             hint=hint)  # fmt: skip
        for letter, n in zip(letters, shape, strict=True):
            if sizes.setdefault(letter, n) != n:
                message = f"The letter {letter} stands for axes of {sizes[letter]} and of {n} entries."
                raise ShapeError(message, hint="Use one letter only for axes of one length.")
    if len(set(result)) < len(result):
        raise ShapeError(f"A letter occurs twice in {result}, the axes of the result.", hint="Name each axis once.")
    missing = next((letter for letter in result if letter not in sizes), "")
    if missing:
        raise ShapeError(
            f"The letter {missing} to the right of the arrow names no axis.", hint="Name axes of the arrays."
        )
    return tuple(sizes[letter] for letter in result)


def _einsum_back(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Tree:
    """Return the einsum of g and the other arrays; along a letter that occurs nowhere else it is repeated."""
    spec, place = params
    inputs, result = einsum_parts(spec)
    own, diagonals = _apart_letters(inputs[place], {*spec})
    others = [(letters, symbol(f"p{i}")) for i, letters in enumerate(inputs) if i != place]
    known = {*result, *"".join(letters for letters, _ in others)}
    alone = [
        (letter, apply("ones", size_tree(n)))
        for letter, n in zip(own, shapes[place], strict=True)
        if letter not in known and not any(letter in pair for pair in diagonals)
    ]
    alone += [(pair, apply("eye", size_tree(shapes[place][own.index(pair[1])]))) for pair in diagonals]
    parts = [(result, symbol("g")), *others, *alone]
    return apply(f"einsum[{','.join(letters for letters, _ in parts)}->{own}]", *(tree for _, tree in parts))


def _apart_letters(own: str, taken: set[str]) -> tuple[str, list[str]]:
    """Return the letters of an array with another one in place of each that occurs twice, and these pairs.

    >>> _apart_letters("iji", {"i", "j"})
    ('ija', ['ia'])
    """
    made, pairs = "", list[str]()
    for letter in own:
        if letter in made:
            fresh = next(c for c in ascii_letters if c not in taken)
            taken.add(fresh)
            pairs.append(letter + fresh)
            letter = fresh
        made += letter
    return made, pairs


# --- matrices --------------------------------------------------------------------------------------------------------


def _square(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    if len(shapes[0]) != 2 or shapes[0][0] != shapes[0][1]:
        raise ShapeError(f"A square matrix is needed, not a {shape_text(shapes[0])}.")
    return ()


def _solve(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    a, b = shapes
    _square(shapes[:1], ())
    if not 1 <= len(b) <= 2 or b[0] != a[0]:
        hint = "solve(A, b) is the x of A @ x = b: b has as many rows as A."
        raise ShapeError(f"The system of {shape_text(a)} and {shape_text(b)} does not fit.", hint=hint)
    return b


def _by_matrix(shapes: Sequence[Shape], params: tuple[Any, ...]) -> str:
    return "-outer(solve(a.T, g), z)" if len(shapes[1]) == 1 else "-solve(a.T, g) @ z.T"


def _kron(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Shape:
    a, b = shapes
    if len(a) != 2 or len(b) != 2:
        raise ShapeError(f"kron multiplies matrices, not {shape_text(a)} and {shape_text(b)}.")
    if any(isinstance(n, Dim) for n in (*a, *b)):
        raise ShapeError("The sizes of a Kronecker product are products of letters.", hint="Give sizes as numbers.")
    return (a[0] * b[0], a[1] * b[1])


def _apart(place: int) -> Callable[..., Tree]:
    """Return the law of a factor of a Kronecker product, whose entries are a[i, j] b[k, l] at i, k and j, l."""

    def law(shapes: Sequence[Shape], params: tuple[Any, ...]) -> Tree:
        (n, m), (p, q) = shapes
        letters, other = ("kl->ij", "b") if place == 0 else ("ij->kl", "a")
        g = apply("reshape", symbol("g"), *map(size_tree, (n, p, m, q)))
        return apply(f"einsum[ikjl,{letters}]", g, symbol(other))

    return law


# fmt: off
ROWS = (
    ArrayOperation("bmm", "matrix products of a batch", "a, b", _bmm,
        (_back_to("bmm(g, matrix_transpose(b))", 0), _back_to("bmm(matrix_transpose(a), g)", 1)),
        numpy="np.matmul({0}, {1})", jax="jnp.matmul({0}, {1})", torch="torch.matmul({0}, {1})", exact=True,
        text="{a.chain} @ {b.factor}", latex="{a.chain} {b.factor}",
        linear="ab"),
    ArrayOperation("einsum", "sum of products", "*parts, spec=0", _einsum, (_einsum_back,),
        numpy="einsum({subscripts})", jax="jnp.einsum({subscripts})", torch="torch.einsum({subscripts})",
        text='einsum("{spec}", {all})', latex=r"\operatorname{{einsum}}\left({letters}, {all}\right)",
        linear="*"),
    ArrayOperation("det", "determinant", "a", _square, ("g*z*inv(a).T",),
        numpy="np.linalg.det({0})", jax="jnp.linalg.det({0})", torch="torch.linalg.det({0})", latex=r"\det"),
    ArrayOperation("solve", "linear system", "a, b", _solve, (_by_matrix, "solve(a.T, g)"),
        numpy="solve({0}, {1})", jax="jnp.linalg.solve({0}, {1})", torch="torch.linalg.solve({0}, {1})",
        is_finite=False, latex="{a.base}^{{-1}} {b.factor}",
        linear="b"),
    ArrayOperation("kron", "Kronecker product", "a, b", _kron, (_apart(0), _apart(1)),
        numpy="np.kron({0}, {1})", jax="jnp.kron({0}, {1})", torch="torch.kron({0}, {1})", exact=True,
        latex=r"{a.factor} \otimes {b.factor}",
        linear="ab"),
)
# fmt: on
