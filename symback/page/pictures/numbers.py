"""Numbers as a picture shows them."""

from __future__ import annotations

import re

from symback.page.names import SUPERSCRIPTS

_POWER = re.compile(r"(?<=\d)e([-+]?\d+)")


def drawn(written: str) -> str:
    """Return a number or a formula with the sign minus, and with powers of ten raised.

    >>> drawn("-2"), drawn("4.5e-13")
    ('−2', '4.5·10⁻¹³')
    """
    raised = _POWER.sub(lambda found: f"·10{str(int(found[1])).translate(SUPERSCRIPTS)}", written)
    return raised.replace("-", "−")
