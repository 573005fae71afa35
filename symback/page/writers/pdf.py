"""A document as PDF: the Typst sheet, set by the compiler that comes with the extra `pdf`, tagged as PDF/UA-1 asks.

The same document gives the same bytes: there is no date in it, and the fonts are those that the compiler brings along.
Only for characters that none of them has are the fonts of the machine taken, and what no font has is written as its
number.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from symback.errors import SymbackError, UsageError
from symback.page.page import Cover
from symback.page.writers import Format
from symback.page.writers import typst as sheet
from symback.page.writers.typst_words import BREAK, NO_LIGATURE

TAGGED: Mapping[str, Any] = {"pdf_standards": ["ua-1"], "timestamp": 0}


def document(cover: Cover, parts: Sequence[str]) -> bytes:
    """Return the document as PDF.

    Raises UsageError where the compiler is not installed, SymbackError where it fails.
    """
    return compiled(sheet.document(cover, parts))


FORMAT = Format("pdf", sheet.part, document, needs="typst")


def compiled(source: str, format: str = "pdf", **options: Any) -> bytes:
    """Return a Typst source as tagged PDF, or as a picture."""
    compiler = _compiler()
    options = {"format": format, **(TAGGED if format == "pdf" else {}), **options}
    try:
        return _set(compiler, source, options)
    except compiler.TypstError as error:
        missing = _without_glyph(error)
        if not missing:
            raise _explained(error) from error
    try:
        return _set(compiler, source, options, own_fonts_only=False)
    except compiler.TypstError as error:
        missing = _without_glyph(error)
    try:
        return _set(compiler, _numbered(source, missing), options, own_fonts_only=False)
    except compiler.TypstError as error:
        raise _explained(error) from error


def _set(compiler: ModuleType, source: str, options: Mapping[str, Any], own_fonts_only: bool = True) -> bytes:
    world = compiler.Compiler(source.encode(), ignore_system_fonts=own_fonts_only)
    written: bytes = world.compile(**options)
    return written


def _compiler() -> ModuleType:
    try:
        return importlib.import_module("typst")
    except ImportError as error:
        hint = 'Install it: pip install "symback[pdf]"'
        raise UsageError("PDF needs the package typst, which is not installed.", hint=hint) from error


_NO_GLYPH = re.compile(r"the text `(.*?)` could not be displayed with font")
_POINT = re.compile(r"\\u\{([0-9a-f]+)\}")


def _without_glyph(error: Exception) -> frozenset[str]:
    """Return the characters that the compiler has no glyph for, where that is what it says."""
    told = "".join(_NO_GLYPH.findall(str(getattr(error, "diagnostic", ""))))
    told = _POINT.sub(lambda found: chr(int(found[1], 16)), told)
    return frozenset(c for c in told if not c.isascii() and c not in (BREAK, NO_LIGATURE))


def _numbered(source: str, missing: frozenset[str]) -> str:
    """Return the source with these characters as their numbers; they stand in words only, never in code."""
    for character in sorted(missing):
        source = source.replace(character, f"U+{ord(character):04X} ")
    return source


def _explained(error: Exception) -> SymbackError:
    message = str(getattr(error, "message", error)).rstrip(".")
    hint = "Write --format typst to look at the source, or leave out what was added last."
    return SymbackError(f"The PDF could not be set: {message}.", hint=hint)
