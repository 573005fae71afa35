"""`np`: NumPy for arrays, imported when the first one is met; numbers are worked out one by one, without it.

    from symback.expr.numeric import np

    np.exp(Real(1.0))       # by `reals`, whether NumPy is there or not: the same digits everywhere
    np.exp(array)           # by NumPy; UsageError where it is not installed

A function of numbers alone gives a Real; every other name is NumPy's own.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from functools import cache
from importlib import import_module
from threading import local
from typing import Any

from symback.errors import UsageError
from symback.expr.reals import FUNCTIONS, Real

NOT_CHECKED = "Not checked: NumPy is not installed."
PLAIN = frozenset((Real, float, int, bool, Fraction))  # what is worked out without NumPy
_is_plain = PLAIN.issuperset


def numpy() -> Any:
    """Return the module NumPy; UsageError where it is not installed."""
    try:
        return _imported()
    except ImportError:
        hint = "Install it: pip install numpy. Numbers, and formulas without values, need none."
        raise UsageError("Arrays need NumPy, which is not installed.", hint=hint) from None


@cache
def _imported() -> Any:
    module = import_module("numpy")
    _silence(module)
    return module


@cache
def _of_arrays(name: str) -> Any:
    return getattr(numpy(), name)


def is_installed() -> bool:
    """Tell whether there is NumPy; it is imported then."""
    try:
        _imported()
    except ImportError:
        return False
    return True


def can_draw(shapes: Iterable[Sequence[int]]) -> bool:
    """Tell whether random values of these shapes can be drawn here: numbers always, arrays where NumPy is."""
    return not any(shapes) or is_installed()


# --- functions that numbers have too ---------------------------------------------------------------------------------


def _either(name: str, of_numbers: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that works numbers out itself, and hands everything else to NumPy."""

    def function(*operands: Any, **options: Any) -> Any:
        if not options and _is_plain(map(type, operands)):
            return of_numbers(*operands)
        return _of_arrays(name)(*operands, **options)

    function.__name__ = name
    return function


def _of_one(name: str, of_number: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of one array, that of a number being plain whatever the options."""

    def function(x: Any, *operands: Any, **options: Any) -> Any:
        if type(x) in PLAIN:
            return of_number(x, *operands, **options)
        return _of_arrays(name)(x, *operands, **options)

    function.__name__ = name
    return function


def _late(name: str) -> Callable[..., Any]:
    """Return a function of NumPy's that a table can hold before NumPy is imported."""

    def function(*operands: Any, **options: Any) -> Any:
        return _of_arrays(name)(*operands, **options)

    function.__name__ = name
    return function


def _as_number(x: Any, dtype: Any = None) -> Any:
    return Real(x) if dtype is float or type(x) is float else x


def _summed(x: Any, axis: Any = None, where: Any = True, initial: Any = 0, keepdims: bool = False) -> Any:
    return _as_number(x) if where else Real(0.0)


def _greatest(x: Any, axis: Any = None, where: Any = True, initial: Any = None, keepdims: bool = False) -> Any:
    found = [v for v in (x if where else None, initial) if v is not None]
    return _as_number(next((v for v in found if v != v), max(found)))  # nan stays


def _shape(x: Any) -> tuple[int, ...]:
    """Return the shape of a value; what is no array and no list is one thing, as text and formulas are."""
    found = getattr(x, "shape", None)
    if isinstance(found, tuple):
        return found
    if isinstance(x, (list, tuple)):
        return tuple(numpy().shape(x))
    return ()


def _broadcast_to(x: Any, shape: Sequence[int]) -> Any:
    return numpy().broadcast_to(x, shape) if len(shape) else _as_number(x)


def _places(*shape: Any) -> Iterator[tuple[int, ...]]:
    """Yield the places of the entries of an array of a shape."""
    return itertools.product(*(range(n) for n in (shape[0] if len(shape) == 1 else shape)))


def _filled(name: str, value: float) -> Callable[..., Any]:
    def function(shape: Any, *options: Any, **more: Any) -> Any:
        return Real(value) if shape == () else getattr(numpy(), name)(shape, *options, **more)

    return function


_OF_ONE: dict[str, Callable[..., Any]] = {
    "asarray": _as_number,
    "array": _as_number,
    "sum": _summed,
    "max": _greatest,
    "all": lambda x: bool(x),
    "any": lambda x: bool(x),
    "transpose": lambda x: x,
    "mean": lambda x: x,
    "broadcast_to": _broadcast_to,
}

_OF_ARRAYS = ("matmul", "dot", "outer", "trace", "diag", "kron")  # that stand in tables of operations


def some_places(shape: tuple[int, ...], most: int) -> list[tuple[int, ...]]:
    """Return the places of the entries of an array, or so many of them, evenly spread."""
    if not shape:
        return [()]
    count = math.prod(shape)
    chosen = range(count) if count <= most else np.linspace(0, count - 1, most).astype(int)
    return [tuple(int(i) for i in np.unravel_index(k, shape)) for k in chosen]


def with_entry(x: Any, place: tuple[int, ...], value: Any) -> Any:
    """Return an array with another value at one place, () for the whole of a number."""
    if not np.ndim(x):
        return Real(value)
    made = np.array(x, dtype=float)
    made[place] = value
    return made


# --- warnings --------------------------------------------------------------------------------------------------------

_OPEN = local()  # of each thread: how many blocks are within `quiet`, and NumPy's settings before


class quiet(AbstractContextManager[None]):  # noqa: N801
    """A block within which NumPy gives inf and nan without a warning, also where it is imported only there."""

    def __enter__(self) -> None:
        _OPEN.depth = getattr(_OPEN, "depth", 0) + 1
        if _imported.cache_info().currsize:
            _silence(_imported())

    def __exit__(self, *error: object) -> None:
        _OPEN.depth -= 1
        if not _OPEN.depth and getattr(_OPEN, "before", None):
            _imported().seterr(**_OPEN.before)
            _OPEN.before = None


def _silence(module: Any) -> None:
    if getattr(_OPEN, "depth", 0) and not getattr(_OPEN, "before", None):
        _OPEN.before = module.seterr(all="ignore")


# --- random numbers --------------------------------------------------------------------------------------------------


class _Draws:
    """Random numbers one at a time, with the names that NumPy's generator has for them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311

    def uniform(self, low: float = 0.0, high: float = 1.0, shape: tuple[()] = ()) -> Real:
        return Real(self._random.uniform(low, high))

    def normal(self, middle: float, spread: float, shape: tuple[()] = ()) -> Real:
        return Real(self._random.gauss(middle, spread))

    def integers(self, low: int, high: int | None = None, shape: tuple[()] = ()) -> int:
        return self._random.randrange(*((low,) if high is None else (low, high)))


def generator(seed: int, shapes: Iterable[Sequence[int]]) -> Any:
    """Return what draws random values of these shapes: with NumPy where one of them is an array."""
    return numpy().random.default_rng(seed) if any(shapes) else _Draws(seed)


# --- the names -------------------------------------------------------------------------------------------------------


class _Names:
    """All names of NumPy; those that numbers have too are its own."""

    inf, nan, e, pi = math.inf, math.nan, math.e, math.pi
    shape = staticmethod(_shape)
    ndim = staticmethod(lambda x: len(_shape(x)))
    size = staticmethod(lambda x: math.prod(_shape(x)))
    ndindex = staticmethod(_places)
    zeros, ones = (staticmethod(_filled(name, value)) for name, value in (("zeros", 0.0), ("ones", 1.0)))

    def __init__(self) -> None:
        self.__dict__ |= {name: _either(name, function) for name, function in FUNCTIONS.items()}
        self.__dict__ |= {name: _of_one(name, function) for name, function in _OF_ONE.items()}
        self.__dict__ |= {name: _late(name) for name in _OF_ARRAYS}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(numpy(), name)
        self.__dict__[name] = found
        return found


np: Any = _Names()
