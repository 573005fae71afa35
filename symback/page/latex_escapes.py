"""Words as LaTeX: every character that means something there is written as itself."""

from __future__ import annotations

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
        "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "|": r"\textbar{}", "<": r"\textless{}",
        ">": r"\textgreater{}", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}",
    }
)  # fmt: skip


def escaped(text: str) -> str:
    r"""Return words for LaTeX: every character that means something there is written as itself.

    >>> print(escaped("100% of x_1"))
    100\% of x\_1
    """
    return "".join(c for c in text if c.isprintable()).translate(_ESCAPES)


def text_in_maths(text: str) -> str:
    """Return words inside a formula."""
    return rf"\text{{{escaped(text)}}}"
