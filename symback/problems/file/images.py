"""Images of a sheet: files in its folder, named by `image` or in a text as ![what it shows](file.png)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from symback.page.image import Image
from symback.problems.file import values as v
from symback.problems.file.fields import Field, Schema
from symback.problems.file.values import Refused

LARGEST = 5_000_000  # bytes of an image
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".svg")
_BEGINS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF87a": "gif", b"GIF89a": "gif"}
_ACTIVE = re.compile(rb"<\s*(?:script|foreignObject|!ENTITY)|\son\w+\s*=|javascript:", re.IGNORECASE)
IN_TEXT = re.compile(r"!\[(?P<alt>[^\]\n]*)\]\(\s*<?(?P<file>[^()<>\s]+)>?(?:\s+\"[^\"\n]*\")?\s*\)")
_KEYS = ("file", "alt", "width")


class Images(Field["tuple[dict[str, str], ...]"]):
    """An image, {file = "circuit.png", alt = "what it shows", width = "6cm"}, its file alone, or a list of them."""

    style = "prose"

    def check(self, value: Any) -> list[dict[str, str]]:
        return [_one(one) for one in (value if isinstance(value, list) else [value])]

    def schema(self) -> Schema:
        keys = {key: {"type": "string"} for key in _KEYS}
        table = {"type": "object", "properties": keys, "required": ["file"], "additionalProperties": False}
        one = {"anyOf": [{"type": "string", "minLength": 1}, table]}
        return {"anyOf": [*one["anyOf"], {"type": "array", "items": one}]}


def _one(value: Any) -> dict[str, str]:
    table = value if isinstance(value, dict) else {"file": value}
    unknown = next((key for key in table if key not in _KEYS), None)
    if unknown is not None:
        raise Refused("has an unknown key", f"The keys are {', '.join(_KEYS)}.", (unknown,))
    if "file" not in table:
        raise Refused("needs a file", 'Write image = {file = "circuit.png", alt = "A circuit."}.')
    made = {key: v.a_text(one) for key, one in table.items()}
    if "width" in made:
        v.a_length(made["width"])
    return made


def images_of(table: Mapping[str, Any], folder: Path) -> tuple[list[Image], list[tuple[tuple[Any, ...], str, str]]]:
    """Return the images that a problem names, and what is wrong with each that cannot be shown: path, message, hint.

    An image in a text that is not there stays as its words, and is told too.
    """
    found: list[Image] = []
    wrong: list[tuple[tuple[Any, ...], str, str]] = []
    given = table.get("image", [])
    for i, one in enumerate(given if isinstance(given, list) else [given]):
        path = ("image", i) if isinstance(given, list) else ("image",)
        asked = one if isinstance(one, dict) else {"file": one}
        try:
            found.append(image(folder, asked["file"], asked.get("alt", ""), asked.get("width", "")))
        except Refused as refused:
            wrong.append((path, refused.said, refused.hint))
    for name, alt in _named_in(table.get("text")):
        try:
            found.append(image(folder, name, alt, apart=False))
        except Refused as refused:
            wrong.append((("text",), refused.said, refused.hint))
    return found, wrong


def _named_in(text: Any) -> Iterator[tuple[str, str]]:
    """Yield the files that a text shows, with what they show; addresses in the web are no files."""
    for named in IN_TEXT.finditer(text) if isinstance(text, str) else ():
        if ":" not in named["file"]:
            yield named["file"], named["alt"]


def image(folder: Path, name: str, alt: str = "", width: str = "", apart: bool = True) -> Image:
    """Return an image of a folder; Refused where it is not in it, is none, or is too large."""
    path = _inside(folder, name)
    try:
        if not path.is_file():
            raise Refused(f"There is no image {name[:60]} beside the sheet.", "Put it into the folder of the sheet.")
        if path.stat().st_size > LARGEST:
            raise Refused(f"The image {name[:60]} is larger than 5 MB.", "Make it smaller.")
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"The image {name[:60]} cannot be read: {error.strerror}.", "") from None
    return Image(name, _media(name, data), data, sha256(data).hexdigest()[:16], alt.strip(), width, apart)


def _inside(folder: Path, name: str) -> Path:
    parts = re.split(r"[/\\]", name)
    home = folder.resolve()
    path = (home / name).resolve() if name.isprintable() and "\x00" not in name else home
    is_strange = not name.isprintable() or ":" in name or "" in parts or ".." in parts or name.startswith("~")
    if is_strange or not path.is_relative_to(home):
        raise Refused(
            "This file is not in the folder of the sheet.", "Nothing outside the folder of the sheet is read."
        )
    return path


def _media(name: str, data: bytes) -> str:
    """Return of what kind an image is; Refused where it is none, or holds what could be run."""
    known = next((media for start, media in _BEGINS.items() if data.startswith(start)), "")
    if known:
        return known
    if name.lower().endswith(".svg") and b"<svg" in data[:2000]:
        if _ACTIVE.search(data):
            raise Refused(f"The image {name[:60]} holds a script.", "Save it as plain SVG, or as PNG.")
        return "svg"
    raise Refused(f"{name[:60]} is no image that is known.", "Images are PNG, JPEG, GIF and SVG files.")
