"""Derivatives with the other usual ways to them."""

from symback.page import alternatives
from symback.page.kinds import Kind

KIND = Kind(alternatives.blocks, alternatives.answers, alternatives.as_object)
