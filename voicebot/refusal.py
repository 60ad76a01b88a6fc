"""Why the program does not start."""

from __future__ import annotations


class StartRefused(Exception):
    """One sentence for the person who starts the program: what is wrong and what to do about it."""
