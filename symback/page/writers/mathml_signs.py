r"""Single signs and letters in MathML."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import NamedTuple

from symback.page.formula import Sign


class Style(NamedTuple):
    r"""How a row is set: as a line by itself or in a line, as a script, and in which letters (as `\mathbf`)."""

    display: bool
    small: bool = False
    letters: str = ""

    def in_fraction(self) -> Style:
        """Return the style of what stands above or below a bar."""
        return self._replace(display=False, small=self.small or not self.display)

    def in_script(self) -> Style:
        """Return the style of a script."""
        return self._replace(display=False, small=True)


ACCENTS: dict[
    str, tuple[str, bool, bool]
] = {  # the sign (of those that are in the font), whether it is above, and whether it grows
    "hat": ("ˆ", True, False),
    "widehat": ("\u0302", True, True),
    "bar": ("_", True, False),
    "overline": ("_", True, True),
    "underline": ("_", False, True),
    "vec": ("→", True, False),
    "overrightarrow": ("→", True, True),
    "dot": ("˙", True, False),
    "ddot": ("¨", True, False),
    "tilde": ("˜", True, False),
    "widetilde": ("˜", True, True),
    "overbrace": ("⏞", True, True),
    "underbrace": ("⏟", False, True),
}

_UPRIGHT = ' mathvariant="normal"'
_UPRIGHT_LETTERS = frozenset("∇ΓΔΘΛΞΠΣΥΦΨΩ")  # as TeX sets them
_KNOWN = frozenset("+−±∓")  # to which browsers give the space that TeX gives


@lru_cache(maxsize=2048)
def sign_of(sign: Sign, style: Style, form: str, first: bool = False) -> str:
    """Return a sign as an element; its `form` is infix, prefix, or alone in a group, where it has no space."""
    shown = escape(sign.sign, quote=False)
    kind = sign.kind
    if kind == "number":
        return f"<mn>{in_letters(shown, style.letters)}</mn>"
    if kind == "letter":
        return _letter(sign.sign, style.letters)
    if kind == "sign":
        return f'<mo lspace="0" rspace="0">{shown}</mo>' if sign.sign in "/.!?@:" else f"<mi>{shown}</mi>"
    return f"<mo{_attributes(sign, style, form, first)}>{shown}</mo>"


def _attributes(sign: Sign, style: Style, form: str, first: bool) -> str:
    kind = sign.kind
    if kind in ("open", "close", "bar"):
        return ' stretchy="false"' + (' lspace="0" rspace="0"' if kind == "bar" else "")
    if kind == "large":
        return ' lspace="0"' if first else ""
    if kind == "comma":
        return ' lspace="0" rspace="0"' if style.small or form == "alone" else ' lspace="0" rspace="0.1667em"'
    if form != "infix":
        return ' form="prefix"' if form == "prefix" and sign.sign in _KNOWN else ' lspace="0" rspace="0"'
    shape = ' form="infix"' if first else ""
    if style.small:
        return f'{shape} lspace="0" rspace="0"'
    if kind == "times" or (kind == "plus" and sign.sign not in _KNOWN):
        return f'{shape} lspace="0.2222em" rspace="0.2222em"'
    return f'{shape} lspace="0.2778em" rspace="0.2778em"' if sign.sign in "∣∥:" else shape


# --- letters ------------------------------------------------------------------------------------------------------


def _letter(letter: str, letters: str) -> str:
    shown = in_letters(letter, letters)
    upright = letters not in ("", "mathit") if shown == letter else False
    upright |= shown in _UPRIGHT_LETTERS and letters != "mathit"
    return f"<mi{_UPRIGHT if upright else ''}>{escape(shown, quote=False)}</mi>"


# Where the letters A and a, the digit 0 and the letters Α and α of each alphabet stand in Unicode.
_FIRST: dict[str, tuple[int, int, int, int, int]] = {
    "mathbf": (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2),
    "boldsymbol": (0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736),
    "mathsf": (0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0),
    "mathbb": (0x1D538, 0x1D552, 0x1D7D8, 0, 0),
    "mathcal": (0x1D49C, 0x1D4B6, 0, 0, 0),
}
_ELSEWHERE = {  # letters that Unicode had before it had the alphabet
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "mathcal": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
}


def in_letters(text: str, letters: str) -> str:
    r"""Return letters and digits in an alphabet of LaTeX's.

    >>> in_letters("W1", "mathbf"), in_letters("R", "mathbb"), in_letters("α", "boldsymbol")
    ('𝐖𝟏', 'ℝ', '𝜶')
    """
    return "".join([_in_letters(c, letters) for c in text]) if letters in _FIRST else text


def _in_letters(c: str, letters: str) -> str:
    if found := _ELSEWHERE.get(letters, {}).get(c):
        return found
    for at, ends in zip(_FIRST[letters], ("AZ", "az", "09", "ΑΩ", "αω"), strict=True):
        if at and ends[0] <= c <= ends[1]:
            return chr(at + ord(c) - ord(ends[0]))
    return c
