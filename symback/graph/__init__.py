"""Computation graphs and networks: read, run, differentiated, written as code."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symback.graph.graph import Graph

__all__ = ["Graph"]


def __getattr__(name: str) -> Any:
    """Load Graph, and NumPy with it, when it is asked for: who writes a formula needs neither."""
    if name == "Graph":
        from symback.graph.graph import Graph

        return Graph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
