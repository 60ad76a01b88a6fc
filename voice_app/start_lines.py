"""Which engines hear and understand, for the start screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voice_app.providers import registry
from voice_app.providers.base import LanguageUnderstanding, SpeechToText
from voicebot.start_screen import StartLine, start_lines


@start_lines
def show_engines(_address: str) -> Iterator[StartLine]:
    """What is on, and why the rest is off."""
    for part in registry.speech_parts():
        yield StartLine(
            "Hears with", f"{part.name}: {part.reason}" if part.on else f"{part.name} is off: {part.reason}"
        )
    yield from _describe("Hears with", [engine for engine in registry.speech_engines() if engine.name != "local"])
    yield from _describe("Understands by", registry.language_engines())


def _describe(title: str, engines: Sequence[SpeechToText | LanguageUnderstanding]) -> Iterator[StartLine]:
    """What is on, in order, and in one line what is off, since most people have no key for it."""
    found = {engine.name: engine.availability() for engine in engines}
    if on := [name for name, availability in found.items() if availability.ok]:
        yield StartLine(title, ", then ".join(on))
    if off := [f"{name} ({found[name].reason.rstrip('.')})" for name in found if not found[name].ok]:
        yield StartLine(title, f"off: {'; '.join(off)}")
