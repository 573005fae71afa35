"""What is written reads back: parse(text(tree)) == tree, in plain text and in Unicode."""

from __future__ import annotations

from hypothesis import given, settings
from sympy.core.symbol import Symbol

from symback.parse import parse
from symback.render import maths
from symback.tree import Tree, walk

from .trees import trees


def names_in(tree: Tree) -> tuple[str, ...]:
    return tuple({s.name for s in walk(tree) if isinstance(s, Symbol)})


@given(trees)
@settings(max_examples=500, deadline=None)
def test_text_reads_back(tree: Tree) -> None:
    assert parse(maths.text(tree), names_in(tree)) == tree


@given(trees)
@settings(max_examples=500, deadline=None)
def test_unicode_reads_back(tree: Tree) -> None:
    for several in (False, True):
        assert parse(maths.unicode(tree, several), names_in(tree)) == tree
