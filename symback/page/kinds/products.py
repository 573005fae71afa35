"""Products of vectors and matrices."""

from symback.page import products
from symback.page.kinds import Kind

KIND = Kind(products.blocks, products.answers, products.as_object)
