"""What the pipeline needs from the doors above it, without knowing them."""

from __future__ import annotations

from typing import Protocol


class AudioFetcher(Protocol):
    """Brings the bytes of a recording that a chat platform keeps."""

    def fetch(self, reference: str, *, max_bytes: int) -> bytes:
        """The file's bytes.

        Raises:
            voicebot.errors.AppError: Retryable when another attempt may help.
        """
        ...


_FETCHERS: dict[str, AudioFetcher] = {}


def register_fetcher(platform: str, fetcher: AudioFetcher) -> None:
    """Name who fetches recordings of a platform; called once, when the door's application is ready."""
    _FETCHERS[platform] = fetcher


def fetcher_for(platform: str) -> AudioFetcher:
    """Who fetches recordings of a platform.

    Raises:
        KeyError: When no door registered for it, which is a fault of the set-up.
    """
    return _FETCHERS[platform]
