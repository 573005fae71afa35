"""Tables of forward passes."""

from symback.render import forward_table
from symback.render.kinds import Kind

KIND = Kind(forward_table.blocks, forward_table.answers, forward_table.as_object)
