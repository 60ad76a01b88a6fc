"""Asks engines one tiny real question each, to see that key, model and address are right."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings
from django.utils import timezone

from voice_app import audio
from voice_app.errors import NoSpeech
from voice_app.providers import registry
from voice_app.providers.base import Deadline, LanguageUnderstanding, SpeechToText
from voice_app.providers.breaker import Breaker
from voice_app.providers.registry import LOCAL, Kind
from voice_app.types import SAMPLE_RATE, AudioClip, Usage, Utterance
from voicebot.errors import AppError
from voicebot.messages import message_of

CHECK_SECONDS = 30.0
SAID = "remind me to buy milk tomorrow"
SAMPLE = "call-mom.ogg"


@dataclass(frozen=True)
class CheckOutcome:
    """What came of asking an engine."""

    ok: bool
    told: str
    """What it answered, or what is wrong."""
    seconds: float
    cost_usd: float = 0.0


def check_provider(kind: Kind, name: str) -> CheckOutcome:
    """Ask one engine, past its breaker; a good answer closes that.

    Args:
        kind: What it does.
        name: As the chains name it.
    """
    began = time.monotonic()
    try:
        told, usage = _ask(registry.find_engine(kind, name))
    except AppError as error:
        return CheckOutcome(False, f"{error.code}: {message_of(error)}", time.monotonic() - began)
    if name != LOCAL:
        Breaker(f"{kind}:{name}").close()
    return CheckOutcome(True, told, time.monotonic() - began, usage.cost_usd)


def _ask(engine: SpeechToText | LanguageUnderstanding) -> tuple[str, Usage]:
    deadline = Deadline.after(CHECK_SECONDS)
    if isinstance(engine, SpeechToText):
        try:
            heard = engine.transcribe(_sample(), language="en", hints=(), deadline=deadline)
        except NoSpeech:
            return "answered that it heard no words", Usage()
        return f"heard “{heard.text}”", heard.usage
    understood = engine.understand(Utterance(SAID, "en", timezone.localtime()), deadline=deadline)
    commands = understood.understanding.commands
    told = ", ".join(f"{command.intent} “{command.title or command.task or ''}”" for command in commands)
    return f"understood {told}", understood.usage


def _sample() -> AudioClip:
    """A short spoken note; where the samples are not installed, a second of a tone."""
    path = Path(settings.BASE_DIR, "samples", SAMPLE)
    if path.is_file():
        return audio.decode(path.read_bytes())
    at = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    return AudioClip((0.2 * np.sin(2 * np.pi * 440 * at)).astype(np.float32))
