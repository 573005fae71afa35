"""Computation graphs and networks: read, run, differentiated, written as code."""

from symback.graph.graph import Graph

__all__ = ["Graph"]
