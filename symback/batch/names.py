"""Names of output files that every system can keep: letters, digits, dot, dash and underscore of ASCII."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

LONGEST = 64  # characters; a name with its endings and the name of its draft stays below 255 bytes
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)  # of Windows, with any ending
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)


def safe_name(name: str) -> str:
    """Return a name that is safe on every system and still readable; what is cut or lost is replaced by a short hash.

    >>> safe_name("week_1"), safe_name("Übung 3"), safe_name("../x"), safe_name("CON"), safe_name(".hidden")
    ('week_1', 'Ubung-3', 'x', 'CON_', 'hidden')
    >>> safe_name("微分")
    'sheet-fb43cf'
    >>> len(safe_name("a" * 300))
    64
    """
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", plain)
    safe = (safe if safe == name else re.sub(r"-{2,}", "-", safe).rstrip("-")).lstrip(".-").rstrip(".")
    if any(c.isalnum() and not c.isascii() for c in plain) or not safe:
        safe = f"{safe or 'sheet'}-{_hash(name)}"
    if len(safe) > LONGEST:
        safe = f"{safe[: LONGEST - 7]}-{_hash(name)}"
    return _DEVICE.sub(r"\1_", safe, count=1) if _DEVICE.match(safe) else safe


def folded(name: str) -> str:
    """Return what two names have in common that are one name on a system that does not tell capitals apart."""
    return name.casefold()


def _hash(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
