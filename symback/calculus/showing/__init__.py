"""Identities: both sides worked until they meet, in one chain of labelled steps.

>>> found = show("d/dx [x^2]", "x + x")
>>> found.meets, found.verdict.verdict
(True, 'yes')
"""

from symback.calculus.showing.identity import Identity as Identity
from symback.calculus.showing.identity import read_side as read_side
from symback.calculus.showing.identity import show as show

__all__ = ["Identity", "read_side", "show"]
