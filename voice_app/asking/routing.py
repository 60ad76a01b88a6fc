"""Who understands an utterance: the local engine what it is sure of, a model the rest."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils import timezone

from voice_app.providers.attempts import Attempt, AttemptOutcome, Recorder, Skipped, record_nothing
from voice_app.providers.base import Availability, Deadline, LanguageUnderstanding, Understood
from voice_app.providers.breaker import Breaker
from voice_app.providers.calls import Link
from voice_app.providers.chain import ChainRules, Permit, first_answer, permit_all
from voice_app.providers.errors import ProviderUnreachable
from voice_app.providers.registry import LOCAL, Kind, model_name
from voice_app.types import Understanding, Utterance

NEEDS_NO_MODEL = frozenset({None, "confirmation"})
"""What only the person can settle, however well it is understood."""
NEARLY_SURE_FROM = 0.75
"""From this confidence on a model may do better but may not keep the person waiting: five in six are right."""


class Memory(Protocol):
    """Answers of models to the same words a little while ago."""

    def find(self, links: Sequence[Link[Understood]]) -> Understood | None:
        """What one of the links answered then, as it means now."""
        ...

    def keep(self, understood: Understood) -> None:
        """Remember an answer, where it is a model's."""
        ...


def understand(
    engines: Sequence[LanguageUnderstanding],
    utterance: Utterance,
    *,
    deadline: Deadline,
    record: Recorder = record_nothing,
    permit: Permit = permit_all,
    sure_from: float | None = None,
    memory: Memory | None = None,
) -> Understood:
    """What an utterance means.

    The local engine, wherever it stands in the chain, answers once and first, since that takes a millisecond. Where
    it is sure, nobody after it is asked, those before it have less than a second, and one that would only ask back is
    not heard. Where it is not, all models are asked in order, and its answer stands when none of them gives one;
    where it is nearly sure, they have less than a second as well.

    Args:
        engines: In the order in which they are asked.
        utterance: What was said.
        deadline: For all engines together.
        record: Told of every attempt.
        permit: Whether a provider may be asked for this person.
        sure_from: From this confidence on the local engine is sure; as the operator set it when None.
        memory: Asked before a model is.

    Raises:
        voicebot.errors.AppError: Without a local engine in the chain: the last model's error.
    """
    asking = _Asking(deadline, record, permit, memory)
    chain = tuple(enumerate(engines, 1))
    places = [place for place, engine in chain if engine.name == LOCAL]
    models = [_link_to_model(place, engine, utterance) for place, engine in chain if engine.name != LOCAL]
    if not places:
        return asking.first(models, has_standby=False)
    started_at, began = timezone.now(), time.perf_counter()
    known = engines[places[0] - 1].understand(utterance, deadline=deadline)
    seconds = time.perf_counter() - began
    if is_sure(known.understanding, settings.VOICE_LLM_SURE_FROM if sure_from is None else sure_from):
        before = [link for link in models if link.place < places[0]]
        found = asking.first([*before, _link_to_known(places[0], known)], has_standby=True)
        return known if _asks_back(found) and not _asks_back(known) else found
    if models and models[0].place > places[0]:
        record(Attempt(places[0], LOCAL, "", started_at, seconds, AttemptOutcome.SKIPPED, Skipped.UNSURE))
    is_nearly_sure = is_sure(known.understanding, NEARLY_SURE_FROM)
    return asking.first([*models, _link_to_known(places[-1], known)], has_standby=is_nearly_sure)


def _asks_back(found: Understood) -> bool:
    return found.understanding.needs is not None


def is_sure(understanding: Understanding, sure_from: float) -> bool:
    """Whether the local engine's answer stands without asking a model.

    Its confidence is the share of such answers whose intent is right, also for ``none``. A title, a choice or a
    person that it found missing may have been said in words that a model understands, and who says what is left out
    ("everything except the dentist") often says more.

    Args:
        understanding: The local engine's answer.
        sure_from: Confidence from 0 to 1.
    """
    spares = any("except" in (command.filters or {}) for command in understanding.commands)
    return understanding.confidence >= sure_from and understanding.needs in NEEDS_NO_MODEL and not spares


@dataclass(frozen=True)
class _Asking:
    """How the links are asked one question."""

    deadline: Deadline
    record: Recorder
    permit: Permit
    memory: Memory | None

    def first(self, links: Sequence[Link[Understood]], *, has_standby: bool) -> Understood:
        """From what is remembered, else from the first link that answers."""
        if self.memory and (kept := self.memory.find(links)):
            return kept
        understood = first_answer(
            links,
            deadline=self.deadline,
            rules=ChainRules.from_settings(has_standby=has_standby),
            record=self.record,
            otherwise=ProviderUnreachable(),
            permit=self.permit,
        )
        if self.memory:
            self.memory.keep(understood)
        return understood


def _link_to_model(place: int, engine: LanguageUnderstanding, utterance: Utterance) -> Link[Understood]:
    return Link(
        place,
        engine.name,
        lambda until: engine.understand(utterance, deadline=until),
        engine.availability,
        model=model_name(Kind.LANGUAGE, engine.name),
        breaker=Breaker(f"{Kind.LANGUAGE}:{engine.name}"),
    )


def _link_to_known(place: int, known: Understood) -> Link[Understood]:
    return Link(place, LOCAL, lambda _until: known, lambda: Availability(ok=True))
