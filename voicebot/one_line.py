"""Words from outside as one line."""

from __future__ import annotations


def one_line(text: str) -> str:
    """The text with one space wherever it had white space, line ends or NUL, and none around it."""
    return " ".join(text.replace("\0", " ").split())
