"""The administrators' pages of providers: what they show, the button, and a person's own chains."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from pytest_django import Settings

from tasks_app.models import User
from tests.voice_app.admin.conftest import StaffWith
from voice_app.models import ProviderPreference
from voice_app.providers.breaker import Admission, Breaker, BreakerState
from voice_app.providers.errors import ProviderKeyRefused

PROVIDERS = "/admin/voice_app/providerusage/"
PREFERENCES = "/admin/voice_app/providerpreference/"


@pytest.fixture(autouse=True)
def _alone(settings: Settings, request: pytest.FixtureRequest) -> None:
    settings.REDIS_KEY_PREFIX = f"{settings.REDIS_KEY_PREFIX}:{request.node.name}:{time.time_ns()}"


@pytest.fixture
def tripped() -> Breaker:
    breaker = Breaker("llm:openai")
    breaker.fail(Admission(ok=True), ProviderKeyRefused(provider="openai"))
    return breaker


def test_the_page_tells_the_state_and_the_button_closes_a_breaker(
    root: Client, tripped: Breaker, settings: Settings
) -> None:
    settings.BUDGET_MONTH_USD = 5.0
    html = root.get(PROVIDERS).content.decode()
    for told in ("llm:openai", "provider_key_refused", "OPENAI_API_KEY is not set", "5.00 USD", "Close now"):
        assert told in html

    assert root.post(f"{PROVIDERS}close/", {"provider": "llm:openai"}).status_code == 302
    assert tripped.read().state is BreakerState.CLOSED
    assert "Close now" not in root.get(PROVIDERS).content.decode()


def test_who_may_only_look_closes_nothing(staff_with: StaffWith, tripped: Breaker) -> None:
    staff = staff_with("view_providerusage")
    assert "Close now" not in staff.get(PROVIDERS).content.decode()
    assert staff.post(f"{PROVIDERS}close/", {"provider": "llm:openai"}).status_code == 403
    assert tripped.read().state is BreakerState.OPEN


def test_a_persons_chains_are_kept_and_their_links_told(root: Client, anna: User) -> None:
    given = {"user": anna.pk, "speech_chain": "local,openai", "language_chain": "local,claude", "sure_from": "0.9"}
    assert root.post(f"{PREFERENCES}add/", {**given, "off": ["openai"]}).status_code == 302
    kept = ProviderPreference.objects.get(user=anna)
    assert (kept.speech_chain, kept.language_chain, kept.off) == (["local", "openai"], ["local", "claude"], ["openai"])

    html = root.get(f"{PREFERENCES}{kept.pk}/change/").content.decode()
    assert "stt:openai – off for this person" in html
    assert "ANTHROPIC_API_KEY is not set" in html


def test_an_engine_that_there_is_not_is_named(root: Client, anna: User) -> None:
    html = root.post(f"{PREFERENCES}add/", {"user": anna.pk, "language_chain": "local,gpt"}).content.decode()
    assert "There is no engine “gpt”" in html
    assert not ProviderPreference.objects.exists()
