"""How a slash command is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SlashCommand:
    """A message that begins with a slash: ``/name@bot argument``."""

    name: str
    """In lower case; empty for a message that is no command."""
    argument: str = ""
    bot_name: str = ""
    """For which bot of a group it is; empty when it does not say."""


def read_command(text: str) -> SlashCommand:
    """The parts of a message's text."""
    if not text.startswith("/"):
        return SlashCommand("")
    head, argument = [*text[1:].split(None, 1), "", ""][:2]
    name, _at, bot_name = head.partition("@")
    return SlashCommand(name.lower(), argument.strip(), bot_name)
