"""On which terms one person's words go to engines: through which chains, to whom, and for how much."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings

from voice_app.asking.recall import Recall
from voice_app.asking.spending import Purse
from voice_app.models import ProviderPreference
from voice_app.providers import registry
from voice_app.providers.attempts import Attempt, Recorder, record_nothing
from voice_app.providers.errors import ProviderOffForPerson
from voice_app.providers.registry import Kind

if TYPE_CHECKING:
    from tasks_app.models import User
    from voice_app.providers.base import LanguageUnderstanding, SpeechToText
    from voicebot.errors import AppError


@dataclass
class Terms:
    """One person's terms; what is not their own is the installation's."""

    user: User
    preference: ProviderPreference = field(default_factory=ProviderPreference)

    @classmethod
    def of(cls, user: User) -> Terms:
        """As they are stored."""
        return cls(user, ProviderPreference.objects.filter(user_id=user.pk).first() or ProviderPreference())

    def chain_names(self, kind: Kind) -> tuple[str, ...]:
        """The engines in the order in which they are asked; a name that a later release no longer knows is left out."""
        own = self.preference.speech_chain if kind is Kind.SPEECH else self.preference.language_chain
        known = registry.known_names(kind)
        return tuple(name for name in own if name in known) or registry.chain_names(kind)

    def speech_engines(self) -> tuple[SpeechToText, ...]:
        """Of the person's chain."""
        return registry.speech_engines(self.chain_names(Kind.SPEECH))

    def language_engines(self) -> tuple[LanguageUnderstanding, ...]:
        """Of the person's chain."""
        return registry.language_engines(self.chain_names(Kind.LANGUAGE))

    @property
    def sure_from(self) -> float:
        """From this confidence on the local engine's answer stands."""
        own = self.preference.sure_from
        return settings.VOICE_LLM_SURE_FROM if own is None else own

    def is_off(self, provider: str) -> bool:
        """Whether nothing of this person may reach a provider, be it through another engine."""
        if not self.user.shares_with_services and provider != registry.LOCAL:
            return True
        return not registry.recipients(provider).isdisjoint(self.preference.off)

    @cached_property
    def recall(self) -> Recall:
        """What was answered to this person lately, on the same terms."""
        return Recall(self.user, (*sorted(self.preference.off), self.sure_from))

    def dealing(self, record: Recorder = record_nothing) -> Dealing:
        """For one question to one chain."""
        return Dealing(self, Purse(self.user.pk), record)


@dataclass(frozen=True)
class Dealing:
    """One question to one chain, with what it costs."""

    terms: Terms
    purse: Purse
    told: Recorder

    def permit(self, provider: str) -> AppError | None:
        """Why a provider must not be asked now; None when it may."""
        if self.terms.is_off(provider):
            return ProviderOffForPerson(provider=provider)
        return self.purse.refusal()

    def record(self, attempt: Attempt) -> None:
        """Count an attempt, and hand it on."""
        self.purse.note(attempt)
        self.told(attempt)
