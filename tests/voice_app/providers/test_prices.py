"""What answers cost."""

from __future__ import annotations

import pytest

from voice_app.providers.prices import PRICES, cost_usd, price_of


def test_each_kind_of_token_has_its_price() -> None:
    cost = cost_usd(
        "claude-sonnet-5-5", input_tokens=1_000_000, cached_tokens=400_000, written_tokens=100_000, output_tokens=10_000
    )

    assert cost == pytest.approx(0.5 * 2 + 0.4 * 0.10 + 0.1 * 2.50 + 0.01 * 10)


def test_sound_is_paid_by_the_second() -> None:
    assert cost_usd("gpt-transcribe", audio_seconds=60) == pytest.approx(0.0045)


def test_a_dated_version_costs_what_its_model_costs() -> None:
    assert price_of("gpt-6-luna-2026-09-22") is PRICES["gpt-6-luna"]
    assert price_of("gpt-4o-mini-transcribe-2025-12-15") is PRICES["gpt-4o-mini-transcribe"]


@pytest.mark.parametrize("model", ["", "qwen3", "gpt-6-luna-fast", "my-gpt-6-luna", "-2026"])
def test_a_model_that_is_not_listed_counts_as_free(model: str) -> None:
    assert price_of(model) is None
    assert cost_usd(model, input_tokens=1_000, output_tokens=1_000, audio_seconds=5) == 0.0


def test_more_from_the_cache_than_there_was_costs_no_less_than_nothing() -> None:
    assert cost_usd("gpt-6-luna", input_tokens=10, cached_tokens=20) >= 0


@pytest.mark.parametrize("model", sorted(PRICES))
def test_every_price_is_complete(model: str) -> None:
    price = PRICES[model]

    assert price.audio_second or min(price.input, price.cached, price.written, price.output) > 0
