"""Which engines this process uses, in the order that settings or a person name; built once, when first asked for."""

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

from voice_app.providers.addresses import host_of
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
_ABOUT_OTHERS = (
    "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_STT_MODEL", "OPENAI_LLM_MODEL", "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL", "LANGCHAIN_MODEL", "LANGCHAIN_BASE_URL", "LANGCHAIN_API_KEY",
    "PROVIDER_TIMEOUT_SECONDS",
)  # fmt: skip


def speech_engines(names: Sequence[str] = ()) -> tuple[SpeechToText, ...]:
    """The engines of a chain; models are loaded at first use or by :func:`warm_up`.

    Args:
        names: As ``VOICE_STT`` holds them; its own when empty.
    """
    return _chain("VOICE_STT", Kind.SPEECH, names or settings.VOICE_STT)


def language_engines(names: Sequence[str] = ()) -> tuple[LanguageUnderstanding, ...]:
    """The same for understanding and ``VOICE_LLM``."""
    return _chain("VOICE_LLM", Kind.LANGUAGE, names or settings.VOICE_LLM)


def known_names(kind: Kind) -> tuple[str, ...]:
    """Of all engines of a kind that there are, named in a chain or not."""
    return tuple(_KNOWN[kind])


def chain_names(kind: Kind) -> tuple[str, ...]:
    """The installation's chain."""
    return tuple(settings.VOICE_STT if kind is Kind.SPEECH else settings.VOICE_LLM)


def find_engine(kind: Kind, name: str) -> SpeechToText | LanguageUnderstanding:
    """One engine, whether a chain names it or not."""
    engine: SpeechToText | LanguageUnderstanding = _chain(kind, kind, (name,))[0]
    return engine


def recipients(name: str) -> frozenset[str]:
    """Whom a person's words reach through an engine, by the names of the engines that stand for them.

    LangChain passes them on to OpenAI or Claude, unless it has an address of its own.
    """
    maker = settings.LANGCHAIN_MODEL.split(":")[0].strip().lower() if name == "langchain" else ""
    known = {"openai": ("openai", settings.OPENAI_BASE_URL), "anthropic": ("claude", settings.ANTHROPIC_BASE_URL)}
    if maker not in known:
        return frozenset({name})
    engine, usual = known[maker]
    own = settings.LANGCHAIN_BASE_URL
    return frozenset({name} if own and host_of(own) != host_of(usual) else {name, engine})


def speech_parts() -> tuple[EnginePart, ...]:
    """What is inside the local engine, on or off and why, for the start screen and doctor."""
    local = next((engine for engine in speech_engines() if isinstance(engine, LocalSpeech)), None)
    return local.describe() if local else ()


def model_name(kind: Kind, name: str) -> str:
    """The model that the operator chose for an engine; empty for one that chooses by itself."""
    entry = _KNOWN[kind].get(name)
    return getattr(settings, entry.model_setting) if entry and entry.model_setting else ""


def names_and_models(kind: Kind, engines: Sequence[SpeechToText | LanguageUnderstanding]) -> list[tuple[str, str]]:
    """What tells a chain from another one."""
    return [(engine.name, model_name(kind, engine.name)) for engine in engines]


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


def _chain(setting: str, kind: Kind, names: Sequence[str]) -> tuple[Any, ...]:
    for name in names:
        _refuse_unknown(setting, name, _KNOWN[kind])
    return tuple(_engine(os.getpid(), kind, name, _settings_of(_KNOWN[kind][name])) for name in names)


@lru_cache(maxsize=16)
def _engine(_process: int, kind: Kind, name: str, _built_from: tuple[Any, ...]) -> object:
    """One for each name, however many chains name it; a forked process does not inherit the threads of models."""
    return _KNOWN[kind][name].build()


def _settings_of(entry: _Entry) -> tuple[Any, ...]:
    """What the operator set about engines of others, so that another key or model makes another engine."""
    return tuple(getattr(settings, name) for name in _ABOUT_OTHERS) if entry.model_setting else ()


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
