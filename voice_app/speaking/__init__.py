"""Says short texts aloud, as OGG with Opus: with a voice that a package ships, or with OpenAI's."""

from voice_app.speaking.aloud import LONGEST_TEXT, speak

__all__ = ["LONGEST_TEXT", "speak"]
