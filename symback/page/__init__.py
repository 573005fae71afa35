"""Derivations and results written as text, Markdown, LaTeX and JSON; as whole documents; graphs as pictures too.

A format is a function from a thing and its options to a text. Those of documents are rows in `symback/formats.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from symback import formats
from symback.errors import UsageError
from symback.page import terminal
from symback.page.kinds import kind_of
from symback.page.options import Options, options_for

Format = Callable[[Any, Options], str]

FORMATS: dict[str, Format] = {  # all but text are loaded when they are first asked for
    "text": terminal.render,
    "markdown": lambda thing, options: import_module("symback.page.markdown").render(thing, options),
    "latex": lambda thing, options: import_module("symback.page.latex").render(thing, options),
    "json": lambda thing, options: import_module("symback.page.json").one_line(kind_of(thing).data(thing, options)),
}


def _document(format_: str) -> Format:
    def write(thing: Any, options: Options) -> Any:
        of_works = import_module("symback.page.writers").of_works
        return of_works([(thing, options.verdict_on(thing))], format_, options.detail, options.marks)

    return write


DOCUMENTS = {name: _document(name) for name in formats.names("result") if name not in FORMATS}  # whole files


def _picture(language: str) -> Format:
    return lambda thing, options: str(getattr(import_module("symback.page.pictures"), f"{language}_of")(thing, options))


SHEETS = {name: _document(name) for name in formats.names("sheet") if name not in {*FORMATS, *DOCUMENTS}}
PICTURES: dict[str, Format] = {language: _picture(language) for language in formats.names("picture")}  # of graphs
__all__ = ["DOCUMENTS", "FORMATS", "PICTURES", "Options", "options_for", "render"]


def render(thing: Any, format: str = "text", detail: str = "normal", **options: Any) -> Any:
    r"""Return a derivation, gradient, Jacobian, Hessian, directional derivative, graph or backpropagation in a format.

    The result is text; of pdf, and of npz (the parameters of a training), it is bytes. What `symback.solve` returns has
    a `render` of its own and comes here too; its text is Markdown. `detail` is brief, normal, full, or proof (of
    backpropagations: normal, and the laws that were used, derived by indices); the other options are the fields of
    `Options`, for instance `width`.

    >>> import symback
    >>> print(render(symback.derive("3x^2", "x"), "text", verify=False))
      d/dx [3x²] = 3 · 2x    constant multiple rule, power rule
                 = 6x        multiply numbers
    """
    if hasattr(thing, "render"):
        show = options.pop("show", "steps")
        _ = Options(detail, **options)  # these are the document's own, but no other words are options
        return thing.render("markdown" if format == "text" else format, show)
    known: dict[str, Any] = {**FORMATS, **DOCUMENTS, **SHEETS, **PICTURES, **kind_of(thing).formats}
    if format not in known:
        raise UsageError(f"There is no format {format!r}.", hint=f"Choose one of: {', '.join(known)}.")
    return known[format](thing, Options(detail, **options))
