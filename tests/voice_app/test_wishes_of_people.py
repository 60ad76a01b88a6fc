"""Consent, retention and the confirmation policy: what people set about themselves is kept to."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tasks_app.context import Actor
from tasks_app.intents import Intent
from tasks_app.models import Confirmation, Task, User
from voice_app.asking.terms import Terms
from voice_app.models import ProviderPreference, Recording, VoiceCommand, VoiceSession
from voice_app.resolution import Plan, plan_utterance
from voice_app.resolution.scene import Scene
from voice_app.retention import forget_recordings
from voice_app.types import SpokenCommand, Understanding

pytestmark = pytest.mark.django_db


def planned(actor: Actor, intent: Intent) -> Plan:
    spoken = SpokenCommand(intent=intent, task="pay rent", due="2026-11-30")
    understanding = Understanding(text="", language="en", engine="local", confidence=0.99, commands=(spoken,))
    return plan_utterance(Scene(actor, understanding, {}, []))


@pytest.mark.parametrize(
    ("policy", "asked_about"),
    [
        (Confirmation.WHEN_UNSURE, set()),
        (Confirmation.BEFORE_DELETING, {Intent.DELETE_TASK}),
        (Confirmation.ALWAYS, {Intent.DELETE_TASK, Intent.COMPLETE_TASK, Intent.UPDATE_TASK, Intent.SNOOZE}),
    ],
)
def test_a_person_is_asked_as_often_as_they_want(actor: Actor, policy: Confirmation, asked_about: set[Intent]) -> None:
    Task.objects.create(owner=actor.user, title="Pay rent")
    actor.user.confirmation = policy
    intents = {Intent.DELETE_TASK, Intent.COMPLETE_TASK, Intent.UPDATE_TASK, Intent.SNOOZE}
    asked = {intent for intent in intents if planned(actor, intent).question is not None}
    assert asked == asked_about


def test_without_consent_nothing_leaves_the_program() -> None:
    terms = Terms(User(pk=1, shares_with_services=False), ProviderPreference())
    assert [name for name in ("local", "openai", "claude", "langchain") if not terms.is_off(name)] == ["local"]


def test_a_person_may_have_their_recordings_forgotten_sooner_and_not_kept_longer() -> None:
    kept = {}
    for days in (None, 2, 90):
        user = User.objects.create_user(f"kept-{days}", keep_recordings_days=days)
        session = VoiceSession.objects.create(user=user, source="web")
        for age in (1, 5, 40):
            command = VoiceCommand.objects.create(
                user=user, session=session, source="web", external_id=f"{days}:{age}", state="done",
                said_at=timezone.now(), timezone="UTC",
            )  # fmt: skip
            row = Recording.objects.create(command=command, ciphertext=b"x", size_bytes=1)
            Recording.objects.filter(pk=row.pk).update(created_at=timezone.now() - dt.timedelta(days=age))
            kept[days, age] = row.pk
    assert forget_recordings(older_than_days=30) == 4
    left = set(Recording.objects.filter(forgotten_at=None).values_list("pk", flat=True))
    assert {key for key, pk in kept.items() if pk in left} == {(None, 1), (None, 5), (2, 1), (90, 1), (90, 5)}
