"""What keeps the servers from starting."""

from __future__ import annotations


class ServerStartFailed(Exception):
    """One sentence for the person who starts the program: what is wrong and what to do."""
