"""Products of vectors and matrices."""

from symback.render import products
from symback.render.kinds import Kind

KIND = Kind(products.blocks, products.answers, products.as_object)
