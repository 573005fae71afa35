"""An image of the author, from a file beside the sheet: its data, and what it shows in words."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Image:
    """An image file; `alt` says what it shows to those who cannot see it, `width` how wide it is on paper.

    `apart` tells that it stands below the text; others stand where the text names them.
    """

    file: str
    media: str  # png, jpeg, gif or svg
    data: bytes = field(repr=False)
    digest: str  # of the data, so that two images are told apart where they are written as text
    alt: str = ""
    width: str = ""
    apart: bool = True

    @property
    def address(self) -> str:
        """The image as an address that holds all of it."""
        kind = "svg+xml" if self.media == "svg" else self.media
        return f"data:image/{kind};base64,{self.in_text}"

    @property
    def in_text(self) -> str:
        """The data in letters and digits."""
        return b64encode(self.data).decode()

    @property
    def name(self) -> str:
        """The name of the file without its folder."""
        return self.file.rpartition("/")[2]
