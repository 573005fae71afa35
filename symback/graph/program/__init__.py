"""The program of a graph: nodes, and what numbers need beyond it."""
