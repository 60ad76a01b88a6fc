"""How the owner gets in, for the start screen."""

from __future__ import annotations

from collections.abc import Iterator

from tasks_app.web.sign_in import owner_sign_in_url
from voicebot.start_screen import StartLine, start_lines


@start_lines
def show_sign_in(address: str) -> Iterator[StartLine]:
    """The owner's link."""
    yield StartLine("Sign in", owner_sign_in_url(address), may_break=False)
    yield StartLine("Sign in", "The link is the owner's, works once and within the hour; a new one: start again.")
