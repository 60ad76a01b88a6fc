"""How far a long note has been heard."""

from __future__ import annotations

import pytest
from django.db import connection

from tasks_app.context import Actor
from voice_app import services
from voice_app.models import VoiceCommand
from voice_app.progress import ProgressTeller, hearing_progressed
from voice_app.providers.stt.sharing import tell_share, told_to


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_is_told_late_seldom_and_never_after_the_words_are_there(actor: Actor) -> None:
    command = services.submit_text(actor, "Buy milk", external_id="one").command
    VoiceCommand.objects.update(state=VoiceCommand.State.FETCHED)
    clock = Clock()
    told: list[float] = []

    def listen(share: float, **_kwargs: object) -> None:
        told.append(share)

    hearing_progressed.connect(listen)
    try:
        with told_to(ProgressTeller(command.pk, clock)):
            for clock.now, share in ((1.0, 0.1), (4.0, 0.2), (5.0, 0.3), (8.0, 0.5), (12.0, 1.0)):
                tell_share(share)
            VoiceCommand.objects.update(state=VoiceCommand.State.TRANSCRIBED)
            clock.now = 20.0
            tell_share(0.9)
    finally:
        hearing_progressed.disconnect(listen)

    assert told == [0.2, 0.5]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_hears_for_long_keeps_its_connection(actor: Actor) -> None:
    command = services.submit_text(actor, "Buy milk", external_id="one").command
    clock = Clock()
    before = connection.connection
    with told_to(ProgressTeller(command.pk, clock)):
        clock.now = 4.0
        tell_share(0.2)
    assert connection.connection is before
    assert before is not None


def test_nobody_needs_to_listen() -> None:
    tell_share(0.5)
