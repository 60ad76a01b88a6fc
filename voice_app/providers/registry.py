"""Which engines this process uses, in the order that the settings name; built once, when first asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from voice_app.providers.base import LanguageUnderstanding, SpeechToText
from voice_app.providers.stt.local import EnginePart, LocalSpeech

LOCAL = "local"
"""The engine inside the program, in both chains."""


class Kind(StrEnum):
    """What an engine does; with its name it tells it from all others."""

    SPEECH = "stt"
    LANGUAGE = "llm"


@runtime_checkable
class _WarmsUp(Protocol):
    """An engine that takes long to load."""

    def warm_up(self) -> None: ...


@dataclass(frozen=True)
class _Entry:
    path: str
    """Of its class, which has a class method ``from_settings``; imported when it is asked for, since some are heavy."""
    model_setting: str = ""
    is_chat: bool = False
    """A language model that still has to be told what to do."""

    def build(self) -> object:
        engine = import_string(self.path).from_settings()
        return import_string("voice_app.providers.llm.asking.ModelUnderstanding")(engine) if self.is_chat else engine


_SPEECH = {
    LOCAL: _Entry("voice_app.providers.stt.local.LocalSpeech"),
    "openai": _Entry("voice_app.providers.stt.openai.OpenAISpeech", "OPENAI_STT_MODEL"),
}
_LANGUAGE = {
    LOCAL: _Entry("voice_app.providers.llm.local.LocalUnderstanding"),
    "openai": _Entry("voice_app.providers.llm.openai.OpenAIChat", "OPENAI_LLM_MODEL", is_chat=True),
    "claude": _Entry("voice_app.providers.llm.claude.ClaudeChat", "ANTHROPIC_MODEL", is_chat=True),
    "langchain": _Entry("voice_app.providers.llm.langchain.LangChainChat", "LANGCHAIN_MODEL", is_chat=True),
}
_KNOWN = {Kind.SPEECH: _SPEECH, Kind.LANGUAGE: _LANGUAGE}


def speech_engines() -> tuple[SpeechToText, ...]:
    """The engines of ``VOICE_STT``; models are loaded at first use or by :func:`warm_up`."""
    return _speech_engines(os.getpid(), tuple(settings.VOICE_STT))


def language_engines() -> tuple[LanguageUnderstanding, ...]:
    """The engines of ``VOICE_LLM``."""
    return _language_engines(os.getpid(), tuple(settings.VOICE_LLM))


def speech_parts() -> tuple[EnginePart, ...]:
    """What is inside the local engine, on or off and why, for the start screen and doctor."""
    local = next((engine for engine in speech_engines() if isinstance(engine, LocalSpeech)), None)
    return local.describe() if local else ()


def model_name(kind: Kind, name: str) -> str:
    """The model that the operator chose for an engine; empty for one that chooses by itself."""
    entry = _KNOWN[kind].get(name)
    return getattr(settings, entry.model_setting) if entry and entry.model_setting else ""


def provider_names() -> tuple[str, ...]:
    """Of the engines of others in both chains, as their breakers name them."""
    chains = ((Kind.SPEECH, speech_engines()), (Kind.LANGUAGE, language_engines()))
    found = (f"{kind}:{engine.name}" for kind, engines in chains for engine in engines if engine.name != LOCAL)
    return tuple(dict.fromkeys(found))


def warm_up() -> None:
    """Load models and the libraries of providers, so that the first note does not wait; what is off stays away."""
    engines: Sequence[SpeechToText | LanguageUnderstanding] = (*speech_engines(), *language_engines())
    for engine in {id(engine): engine for engine in engines}.values():
        inner = getattr(engine, "chat", engine)
        if isinstance(inner, _WarmsUp) and engine.availability().ok:
            inner.warm_up()


@lru_cache(maxsize=1)
def _speech_engines(_process: int, names: tuple[str, ...]) -> tuple[SpeechToText, ...]:
    """Models hold threads, which a forked process does not inherit: each process has its own."""
    return _build("VOICE_STT", names, _SPEECH)


@lru_cache(maxsize=1)
def _language_engines(_process: int, names: tuple[str, ...]) -> tuple[LanguageUnderstanding, ...]:
    return _build("VOICE_LLM", names, _LANGUAGE)


def _build(setting: str, names: Sequence[str], known: Mapping[str, _Entry]) -> tuple[Any, ...]:
    """One engine for each name, however often the chain names it."""
    for name in names:
        _refuse_unknown(setting, name, known)
    built = {name: known[name].build() for name in dict.fromkeys(names)}
    return tuple(built[name] for name in names)


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


def _refuse_unknown(setting: str, name: str, known: Mapping[str, _Entry]) -> None:
    if name not in known:
        raise ImproperlyConfigured(f"{setting} names {name!r}; use {', '.join(known)}.")
