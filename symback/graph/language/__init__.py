"""The text of a graph: statements, shapes, definitions, loops."""
