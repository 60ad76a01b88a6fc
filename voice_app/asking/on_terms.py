"""Hearing and understanding on one person's terms, where what was answered a little while ago is not paid again."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.utils import timezone

from voice_app.asking.hearing import hear
from voice_app.asking.recall import CACHE, KeptAnswer, Recall, depends_on_conversation
from voice_app.asking.routing import understand
from voice_app.asking.terms import Terms
from voice_app.providers.attempts import Attempt, AttemptOutcome, Recorder, record_nothing
from voice_app.providers.base import Deadline, LanguageUnderstanding, SpeechToText, Understood
from voice_app.providers.calls import Link
from voice_app.providers.llm.asking import ModelUnderstanding
from voice_app.providers.registry import LOCAL, Kind, names_and_models
from voice_app.types import AudioClip, Transcript, Utterance


def hear_for(
    terms: Terms,
    clip: AudioClip,
    *,
    language: str | None,
    hints: Sequence[str],
    deadline: Deadline,
    record: Recorder = record_nothing,
) -> Transcript:
    """The words of a clip; arguments and errors are those of :func:`voice_app.asking.hearing.hear`."""
    engines, dealing = terms.speech_engines(), terms.dealing(record)
    before = _HeardBefore(terms.recall, engines, clip, language, hints)
    if kept := before.find(dealing.record):
        return kept
    attempts: list[Attempt] = []

    def note(attempt: Attempt) -> None:
        attempts.append(attempt)
        dealing.record(attempt)

    transcript = hear(
        engines, clip, language=language, hints=hints, deadline=deadline, record=note, permit=dealing.permit
    )
    before.keep(transcript, attempts)
    return transcript


def understand_for(
    terms: Terms, utterance: Utterance, *, deadline: Deadline, record: Recorder = record_nothing
) -> Understood:
    """What an utterance means; arguments and errors are those of :func:`voice_app.asking.routing.understand`."""
    engines, dealing = terms.language_engines(), terms.dealing(record)
    return understand(
        engines,
        utterance,
        deadline=deadline,
        record=dealing.record,
        permit=dealing.permit,
        sure_from=terms.sure_from,
        memory=_UnderstoodBefore(terms.recall, engines, utterance, dealing.record),
    )


class _HeardBefore:
    """The transcript of a clip that the person sent before; nothing where no engine of others is on."""

    def __init__(
        self,
        recall: Recall,
        engines: Sequence[SpeechToText],
        clip: AudioClip,
        language: str | None,
        hints: Sequence[str],
    ) -> None:
        self._recall, self._name = recall, b""
        self._places = {engine.name: place for place, engine in enumerate(engines, 1)}
        if any(engine.name != LOCAL and engine.availability().ok for engine in engines):
            chain = names_and_models(Kind.SPEECH, engines)
            self._name = recall.name_of_clip(clip, engines=chain, language=language, hints=hints)

    def find(self, record: Recorder) -> Transcript | None:
        began, started_at = time.perf_counter(), timezone.now()
        kept = self._recall.find(self._name) if self._name else None
        if kept is None:
            return None
        seconds = time.perf_counter() - began
        record(Attempt(self._places[kept.provider], CACHE, kept.model, started_at, seconds, AttemptOutcome.OK))
        return Transcript(kept.text, kept.language, kept.heard_by, kept.confidence)

    def keep(self, heard: Transcript, attempts: Sequence[Attempt]) -> None:
        by = next((attempt for attempt in attempts if attempt.outcome is AttemptOutcome.OK), None)
        if by is not None and by.provider != LOCAL and self._name:
            kept = KeptAnswer(by.provider, by.model, heard.text, heard.language, heard.engine, heard.confidence)
            self._recall.keep(self._name, kept)


class _UnderstoodBefore:
    """What models answered the person to the same words."""

    def __init__(
        self, recall: Recall, engines: Sequence[LanguageUnderstanding], utterance: Utterance, record: Recorder
    ) -> None:
        self._recall, self._utterance, self._record = recall, utterance, record
        self._models = {engine.name: engine for engine in engines if isinstance(engine, ModelUnderstanding)}
        self._engines = names_and_models(Kind.LANGUAGE, engines)

    def find(self, links: Sequence[Link[Understood]]) -> Understood | None:
        """Of links that are set up; the answer is held against what is known now."""
        began, started_at = time.perf_counter(), timezone.now()
        places = {link.name: link.place for link in links if link.name in self._models and link.availability().ok}
        kept = self._recall.find(*self._names()) if places else None
        if kept is None or kept.provider not in places:
            return None
        understood = self._models[kept.provider].understand_again(self._utterance, kept.text)
        if understood is not None:
            seconds = time.perf_counter() - began
            self._record(Attempt(places[kept.provider], CACHE, kept.model, started_at, seconds, AttemptOutcome.OK))
        return understood

    def keep(self, understood: Understood) -> None:
        """Under a name that is found again only where the answer means the same."""
        if not understood.answer:
            return
        alone, whole = self._names()
        name = whole if depends_on_conversation(understood.answer) else alone
        answer = KeptAnswer(understood.understanding.engine, understood.usage.model, understood.answer)
        self._recall.keep(name, answer)

    def _names(self) -> tuple[bytes, bytes]:
        return self._recall.names_of_utterance(self._utterance, engines=self._engines)
