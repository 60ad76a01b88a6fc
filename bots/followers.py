"""Follows what happens to voice commands and reminders, and turns it into chat messages."""


def connect() -> None:
    """Connect the receivers."""
