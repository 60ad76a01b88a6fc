"""What providers ask for their models, in US dollars without tax, as of 22 November 2026.

Sources: https://developers.openai.com/api/docs/pricing and https://platform.claude.com/docs/en/about-claude/pricing,
standard processing. Surcharges for very long prompts or for a region are left out. A model that is not listed, such as
one of a server of one's own, counts as free.
"""

from __future__ import annotations

from dataclasses import dataclass

_MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """What a model costs: tokens in USD a million, sound in USD a second."""

    input: float = 0.0
    cached: float = 0.0
    """Input that the provider had kept from a request before."""
    written: float = 0.0
    """Input that the provider keeps for requests to come."""
    output: float = 0.0
    audio_second: float = 0.0


PRICES: dict[str, Price] = {
    "gpt-6-luna": Price(input=0.10, cached=0.01, written=0.125, output=0.50),
    "gpt-6-sol": Price(input=2.0, cached=0.20, written=2.50, output=10.0),
    "gpt-transcribe": Price(audio_second=0.0045 / 60),
    "gpt-4o-transcribe": Price(input=2.50, cached=2.50, written=2.50, output=10.0),
    "gpt-4o-mini-transcribe": Price(input=1.25, cached=1.25, written=1.25, output=5.0),
    "whisper-1": Price(audio_second=0.006 / 60),
    "claude-sonnet-5-5": Price(input=2.0, cached=0.10, written=2.50, output=10.0),
    "claude-haiku-5-5": Price(input=0.10, cached=0.01, written=0.125, output=0.50),
}


def price_of(model: str) -> Price | None:
    """The price of a model, or of the model that it is a dated version of; None where it is not known.

    Args:
        model: As it is asked for, for example ``gpt-6-luna`` or ``gpt-6-luna-2026-09-22``.
    """
    name = model
    while name:
        if name in PRICES:
            return PRICES[name]
        name, _, version = name.rpartition("-")
        if not version.isdigit():
            return None
    return None


def cost_usd(
    model: str,
    *,
    input_tokens: int = 0,
    cached_tokens: int = 0,
    written_tokens: int = 0,
    output_tokens: int = 0,
    audio_seconds: float = 0.0,
) -> float:
    """What an answer cost; 0 where the model's price is not known.

    Args:
        model: As it was asked for.
        input_tokens: All that were read, cached and written ones among them.
        cached_tokens: Those that came from the provider's cache.
        written_tokens: Those that went into it.
        output_tokens: All that were made.
        audio_seconds: Length of the sound that was heard.
    """
    price = price_of(model)
    if price is None:
        return 0.0
    plain_tokens = max(0, input_tokens - cached_tokens - written_tokens)
    tokens = plain_tokens * price.input + cached_tokens * price.cached + written_tokens * price.written
    return (tokens + output_tokens * price.output) / _MILLION + audio_seconds * price.audio_second
