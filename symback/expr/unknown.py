"""The names of unknown functions and of their derivatives, as trees keep them.

A derivative of a function of one argument has primes, `f''`. One of a function of several arguments says by which of
them, counted from 1, in the order in which they were taken: `f,1` is the derivative by the first, `f,12` that by the
first and then by the second. The comma is in no name that a user can write. It prints as f_x(x, y) where the arguments
are names, else as f_1(2x, y).
"""

from __future__ import annotations

from collections.abc import Sequence

MARK = ","
MOST_ARGUMENTS = 9  # so that a digit says which


def parts(name: str) -> tuple[str, tuple[int, ...]]:
    """Return a function's own name, and by which of its arguments (from 0) it is differentiated.

    >>> parts("f''"), parts("f,12"), parts("f")
    (('f', (0, 0)), ('f', (0, 1)), ('f', ()))
    """
    own, mark, slots = name.partition(MARK)
    if mark and slots.isdigit():  # einsum[ij,jk->ik] has a comma too
        return own, tuple(int(digit) - 1 for digit in slots)
    own = name.rstrip("'")
    return own, (0,) * (len(name) - len(own))


def derived(name: str, slot: int, count: int) -> str:
    """Return the name of the derivative by an argument, of a function of that many arguments.

    Mixed derivatives of smooth functions do not depend on the order, so there is one name for all orders.

    >>> derived("f'", 0, 1), derived("f,2", 0, 3)
    ("f''", 'f,12')
    """
    if count == 1:
        return name + "'"
    own, slots = parts(name)
    return named(own, (*slots, slot))


def named(own: str, slots: Sequence[int]) -> str:
    """Return the name of the derivative of a function of several arguments by some of them.

    >>> named("f", (1, 0))
    'f,12'
    """
    return own + MARK + "".join(str(slot + 1) for slot in sorted(slots))


def subscript(slots: Sequence[int], arguments: Sequence[str]) -> str:
    """Return what is below the function's name: `xy` where the arguments are names of letters, else `12`.

    >>> subscript((0, 1), ("x", "y")), subscript((0,), ("2x", "y")), subscript((0,), ("x", "x"))
    ('xy', '1', '1')
    """
    numbers = "".join(str(slot + 1) for slot in slots)
    if len(set(arguments)) < len(arguments) or not all(a.isalpha() for a in arguments):
        return numbers
    letters = "".join(arguments[slot] for slot in slots)
    return letters if slots_of(letters, arguments) == tuple(slots) else numbers


def slots_of(below: str, arguments: Sequence[str]) -> tuple[int, ...] | None:
    """Return which arguments a subscript names, by their numbers or by their letters; None where it is neither.

    >>> slots_of("12", ("2x", "y")), slots_of("yx", ("x", "y")), slots_of("z", ("x", "y"))
    ((0, 1), (1, 0), None)
    """
    if below.isdigit():
        slots = tuple(int(digit) - 1 for digit in below)
        return slots if all(0 <= slot < len(arguments) for slot in slots) else None
    found: list[int] = []
    while below:
        fitting = [i for i, name in enumerate(arguments) if name and below.startswith(name)]
        if len(fitting) != 1:
            return None
        found.append(fitting[0])
        below = below[len(arguments[fitting[0]]) :]
    return tuple(found) or None
