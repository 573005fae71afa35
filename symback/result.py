"""What every result has in common: its kind, its title, its notes, its check, and the ways in which it shows itself.

A derivation, a table of derivatives, a backward pass, a training, a solved sheet: each is a `Result`. How a kind is
written is in `symback.page.kinds`, which is loaded when a result is shown.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

LONGEST = 120  # characters of a repr
HIDDEN = "…"


class Result:
    """A result: `kind` says what it is, `title` what a document of it is called.

    `tells_verdict` is true where the lines of the result say the verdict on it themselves.

    >>> import symback
    >>> symback.derive("3x^2", "x")
    <Derivation: d/dx [3x^2] = 6x>
    >>> symback.gradient("x y^2")
    <Partials: gradient of x y^2 by x, y>
    """

    __slots__ = ()

    tells_verdict: ClassVar[bool] = False

    if TYPE_CHECKING:  # each class gives these; a dataclass would take what stood here for the default of its field

        @property
        def kind(self) -> str: ...

        @property
        def title(self) -> str: ...

        @property
        def notes(self) -> tuple[str, ...]: ...

    def verify(self) -> Any:
        """Return the verdict on the result; None where there is none."""
        return None

    def about(self) -> str:
        """Return in a few words what the result is of."""
        raise NotImplementedError

    def __repr__(self) -> str:
        said = " ".join(self.about().split())
        room = LONGEST - len(f"<{type(self).__name__}: >")
        cut = said if len(said) <= room else said[: room - len(HIDDEN)] + HIDDEN
        return f"<{type(self).__name__}: {cut}>"

    def __str__(self) -> str:
        return str(self._shown("text"))

    def _repr_latex_(self) -> str:
        return str(self._shown("latex"))

    def _repr_markdown_(self) -> str:
        return str(self._shown("markdown"))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return the result for a notebook, which takes of these what it shows best."""
        return import_module("symback.page.interactive").bundle(self, include, exclude)  # type: ignore[no-any-return]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Write the result for IPython: all of it where it is alone, one line within a list."""
        printer.text(repr(self) if cycle or printer.indentation else str(self))

    def __rich__(self) -> Any:
        """Return what rich prints: the lines as wide as its console, coloured where that has colours."""
        return import_module("symback.page.interactive").for_rich(self)

    def _shown(self, format: str) -> Any:
        return import_module("symback.page").render(self, format)


def text_of(tree: Any) -> str:
    """Return an expression as text in one line."""
    return str(import_module("symback.page.maths").text(tree))
