"""Tables of forward passes."""

from symback.page import forward_table
from symback.page.kinds import Kind

KIND = Kind(forward_table.blocks, forward_table.answers, forward_table.as_object)
