"""The parts that doctor looks at for the voice pipeline; the last one speaks a sample through it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils import timezone

from voice_app import audio
from voice_app.asking import routing
from voice_app.asking.hearing import hear
from voice_app.models import VoiceCommand
from voice_app.providers import alerts, registry
from voice_app.providers.base import Availability, Deadline
from voice_app.providers.breaker import Breaker, BreakerState
from voice_app.types import Understanding, Utterance
from voicebot.diagnostics import CheckResult, failed, part, passed, warned
from voicebot.errors import AppError
from voicebot.messages import message_of

LATE_AFTER = dt.timedelta(minutes=1)
SAMPLE_SECONDS = 60.0


class _Engine(Protocol):
    name: str

    def availability(self) -> Availability: ...


@part("unfinished", needs=("database", "migrations"))
def check_unfinished() -> CheckResult:
    """Commands that should have ended by now."""
    working = VoiceCommand.objects.filter(state__in=VoiceCommand.WORKING_STATES)
    late = working.filter(run_after__lt=timezone.now() - LATE_AFTER).count()
    summary = f"{working.count()} at work, {late} of them for over a minute"
    return warned(summary, "See the workers and the log; they go on by themselves.") if late else passed(summary)


@part("ffmpeg")
def check_ffmpeg() -> CheckResult:
    """The decoder is there."""
    path = audio.find_ffmpeg()
    if path is None:
        return failed("no ffmpeg found", "Run `make setup`; it brings one.")
    return passed(path.name)


@part("speech")
def check_speech() -> CheckResult:
    """Something can hear; parts of the local engine that are off are named with the reason."""
    engines = _availability(registry.speech_engines())
    parts = {entry.name: Availability(ok=entry.on, reason=entry.reason) for entry in registry.speech_parts()}
    others = {name: found for name, found in engines.items() if name != registry.LOCAL}
    return _judge(engines, parts, others, "Run `make setup`; README.md tells about the speech engines.")


@part("understanding")
def check_understanding() -> CheckResult:
    """Something can understand."""
    engines = _availability(registry.language_engines())
    own = {name: found for name, found in engines.items() if name == registry.LOCAL}
    others = {name: found for name, found in engines.items() if name != registry.LOCAL}
    return _judge(engines, own, others, "Set VOICE_LLM to an engine that is there, such as local.")


@part("providers", needs=("redis",))
def check_providers() -> CheckResult:
    """No engine of others is left alone after failures, and none waits for somebody to mend it."""
    names = registry.provider_names()
    wrong = alerts.list_alerts()
    readings = {name: Breaker(name).read() for name in names}
    paused = [
        f"{name} is {reading.state} after {reading.last_error}"
        for name, reading in readings.items()
        if reading.state is not BreakerState.CLOSED
    ]
    if wrong:
        summary = "; ".join(f"{alert.provider}: {alert.code}" for alert in wrong)
        return warned(summary, "docs/errors.md says what the codes mean; correct the key, the account or the model.")
    if paused:
        return warned("; ".join(paused), "It is asked again by itself; see the provider's own status page.")
    return passed("none is paused" if names else "none is named in VOICE_STT or VOICE_LLM")


@part("sample", needs=("ffmpeg", "speech", "understanding"))
def check_sample() -> CheckResult:
    """A real note is decoded, heard and understood, in this process and without writing anything."""
    path = next(iter(sorted(Path(settings.BASE_DIR, "samples").glob("*.ogg"))), None)
    if path is None:
        return warned("there is no note in samples/", "Restore the folder samples/ from the source.")
    registry.warm_up()
    started = time.monotonic()
    try:
        meaning = _hear_and_understand(path)
    except AppError as error:
        return failed(f"{path.name}: {error.code}", message_of(error))
    seconds = time.monotonic() - started
    intents = ", ".join(command.intent for command in meaning.commands)
    summary = f"{path.name}: heard “{meaning.text}”, understood {intents}, in {seconds:.1f} s"
    if meaning.commands[0].intent == "none":
        return warned(summary, "It was heard and not understood; see VOICE_LLM.")
    return passed(summary)


def _hear_and_understand(path: Path) -> Understanding:
    deadline = Deadline.after(SAMPLE_SECONDS)
    clip = audio.decode(path.read_bytes())
    transcript = hear(registry.speech_engines(), clip, language="en", hints=(), deadline=deadline)
    utterance = Utterance(text=transcript.text, language=transcript.language, said_at=timezone.localtime())
    return routing.understand(registry.language_engines(), utterance, deadline=deadline).understanding


def _availability(engines: Sequence[_Engine]) -> dict[str, Availability]:
    return {engine.name: engine.availability() for engine in engines}


def _judge(
    engines: Mapping[str, Availability],
    own: Mapping[str, Availability],
    others: Mapping[str, Availability],
    advice: str,
) -> CheckResult:
    """Fails when no engine is on; warns of an own part that is off, and only tells of an engine of others."""
    shown = {**own, **others}
    on = ", ".join(name for name, found in shown.items() if found.ok)
    off = "; ".join(f"{name} is off: {found.reason.rstrip('.')}" for name, found in shown.items() if not found.ok)
    if not any(found.ok for found in engines.values()):
        return failed(off or "none is set up", advice)
    summary = f"{on} on; {off}" if off else f"{on} on"
    return passed(summary) if all(found.ok for found in own.values()) else warned(summary, advice)
