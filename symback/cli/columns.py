"""Tables of laws as wide as the terminal: columns side by side, or where there is no room one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from symback.page.layout import wrapped

BETWEEN = "  "
BELOW = "    "


def table(rows: Sequence[tuple[str, str, str]], width: int, widest: int) -> Iterator[str]:
    """Yield rows of a name, a law and an example; a law wider than `widest` pushes its example.

    >>> list(table([("sum rule", "D(u + v) = D(u) + D(v)", "x^2 + x")], 24, 56))
    ['sum rule:', '    D(u + v) = D(u)', '      + D(v)', '    x^2 + x']
    """
    first = max(len(name) for name, _, _ in rows)
    second = min(widest, max(len(law) for _, law, _ in rows))
    lines = [f"{name:{first}}{BETWEEN}{law:{second}}{BETWEEN}{example}".rstrip() for name, law, example in rows]
    if max(map(len, lines)) <= width:
        yield from lines
        return
    for name, law, example in rows:
        beside = f"{name}: {law}" if name else BELOW + law
        if len(beside) <= width:
            yield beside
        else:
            yield from wrap(f"{name}:", width, subsequent_indent=BELOW) if name else ()
            for line in wrapped(law, width - len(BELOW), BELOW, BELOW + "  "):
                yield from wrap(line, width, subsequent_indent=BELOW + "  ")  # a law in words has no signs
        yield from wrapped(example, width - len(BELOW), BELOW, BELOW + "  ")
