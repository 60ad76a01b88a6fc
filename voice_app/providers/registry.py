"""Which engines this process uses, in the order that the settings name; built once, when first asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from voice_app.providers.base import LanguageUnderstanding, SpeechToText
from voice_app.providers.llm.local import LocalUnderstanding
from voice_app.providers.stt.local import EnginePart, LocalSpeech

_SPEECH = {"local": "voice_app.providers.stt.local.LocalSpeech"}
_LANGUAGE = {"local": "voice_app.providers.llm.local.LocalUnderstanding"}
"""Each has a class method ``from_settings``; imported when it is asked for, since some are heavy."""


def speech_engines() -> tuple[SpeechToText, ...]:
    """The engines of ``VOICE_STT``; models are loaded at first use or by :func:`warm_up`."""
    return _speech_engines(os.getpid())


def language_engines() -> tuple[LanguageUnderstanding, ...]:
    """The engines of ``VOICE_LLM``."""
    return _language_engines(os.getpid())


def speech_parts() -> tuple[EnginePart, ...]:
    """What is inside the local engine, on or off and why, for the start screen and doctor."""
    return tuple(part for engine in speech_engines() if isinstance(engine, LocalSpeech) for part in engine.describe())


def warm_up() -> None:
    """Load the local models, so that the first note does not wait; what cannot be loaded is off from then on."""
    for engine in (*speech_engines(), *language_engines()):
        if isinstance(engine, LocalSpeech | LocalUnderstanding):
            engine.warm_up()


@lru_cache(maxsize=1)
def _speech_engines(_process: int) -> tuple[SpeechToText, ...]:
    """Models hold threads, which a forked process does not inherit: each process has its own."""
    return _build("VOICE_STT", settings.VOICE_STT, _SPEECH)


@lru_cache(maxsize=1)
def _language_engines(_process: int) -> tuple[LanguageUnderstanding, ...]:
    return _build("VOICE_LLM", settings.VOICE_LLM, _LANGUAGE)


def _build(setting: str, names: Sequence[str], known: Mapping[str, str]) -> tuple[Any, ...]:
    for name in names:
        _refuse_unknown(setting, name, known)
    return tuple(import_string(known[name]).from_settings() for name in names)


def refuse_unknown_engines() -> None:
    """Look at the names alone, without building an engine.

    Raises:
        ImproperlyConfigured: When a setting names an engine that there is not.
    """
    for setting, names, known in (
        ("VOICE_STT", settings.VOICE_STT, _SPEECH),
        ("VOICE_LLM", settings.VOICE_LLM, _LANGUAGE),
    ):
        for name in names:
            _refuse_unknown(setting, name, known)


def _refuse_unknown(setting: str, name: str, known: Mapping[str, str]) -> None:
    if name not in known:
        raise ImproperlyConfigured(f"{setting} names {name!r}; use {', '.join(known)}.")
