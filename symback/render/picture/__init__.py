"""The picture of a graph, as SVG and for Graphviz: nodes left to right, values above the wires, gradients below."""
