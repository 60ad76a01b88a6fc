"""What engines of others answered a person lately, encrypted under that person's own key and soon forgotten.

Of a language model its own words are kept, never what was made of them: they are held against the utterance
again, so that dates count from now. The Redis-protocol server that keeps them sees neither question nor answer.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import structlog
from django.conf import settings
from django.utils.crypto import salted_hmac
from pydantic import ValidationError
from redis.exceptions import RedisError

from voice_app import vault
from voice_app.providers.llm.prompts import first_messages
from voice_app.providers.llm.proposal import Proposal
from voicebot.errors import JsonValue
from voicebot.redis import redis_client

if TYPE_CHECKING:
    from tasks_app.models import User
    from voice_app.types import AudioClip, Utterance

log = structlog.get_logger(__name__)

CACHE = "cache"
"""Stands as the provider where an answer was kept from an earlier question."""
_SALT = "voice_app.asking.recall"


@dataclass(frozen=True)
class KeptAnswer:
    """An answer as it is kept."""

    provider: str
    """The engine's name in its chain."""
    model: str
    text: str
    """What was heard, or the words of a model."""
    language: str = ""
    """Of what was heard."""
    heard_by: str = ""
    """The speech engine as transcripts name it."""
    confidence: float | None = None
    """In what was heard."""


class Recall:
    """One person's kept answers.

    Args:
        user: Whose, and whose key.
        terms: On which terms the person's words go out; other terms are other questions.
    """

    def __init__(self, user: User, terms: Sequence[JsonValue] = ()) -> None:
        self._user, self._terms = user, tuple(terms)
        self._is_on = settings.ANSWER_CACHE_SECONDS > 0

    def name_of_clip(
        self, clip: AudioClip, *, engines: Sequence[tuple[str, str]], language: str | None, hints: Sequence[str]
    ) -> bytes:
        """What a recording's transcript is kept under.

        Args:
            clip: The sound.
            engines: Names and models of the chain.
            language: As it is told to the engines.
            hints: The same.
        """
        sound = hashlib.sha256(clip.samples.tobytes()).hexdigest()
        return self._name("stt", sound, engines, language, hints)

    def names_of_utterance(self, utterance: Utterance, *, engines: Sequence[tuple[str, str]]) -> tuple[bytes, bytes]:
        """What a model's answer is kept under: alone, and where it depends on all that was said before.

        Said twice, the same words follow themselves; alone they mean the same both times.
        """
        earlier = list(utterance.conversation)
        while earlier and earlier[-1].text.strip() == utterance.text.strip():
            earlier.pop()
        alone = replace(utterance, conversation=tuple(earlier))
        moment = utterance.said_at
        when = [moment.date().isoformat(), str(moment.tzinfo), str(moment.utcoffset())]
        shared: list[Any] = [engines, when, utterance.locale, utterance.week_starts_on]
        alone_name, whole_name = (
            self._name("llm", kind, [message.text for message in first_messages(asked)], *shared)
            for kind, asked in (("alone", alone), ("whole", utterance))
        )
        return alone_name, whole_name

    def find(self, *names: bytes) -> KeptAnswer | None:
        """The answer that is kept under the first of the names that has one; None also when the server is away."""
        if not self._is_on:
            return None
        try:
            kept = cast("list[str | None]", redis_client().mget([_key(name) for name in names]))
        except RedisError as error:
            self._give_up(error)
            return None
        opened = (self._open(name, value) for name, value in zip(names, kept, strict=True) if value)
        return next((answer for answer in opened if answer), None)

    def keep(self, name: bytes, answer: KeptAnswer) -> None:
        """Keep an answer for a while, when the server is there."""
        if not self._is_on:
            return
        sealed = vault.encrypt(self._user, _context(name), json.dumps(asdict(answer)).encode())
        try:
            redis_client().set(_key(name), base64.b64encode(sealed).decode(), ex=settings.ANSWER_CACHE_SECONDS)
        except RedisError as error:
            self._give_up(error)

    def _open(self, name: bytes, value: str) -> KeptAnswer | None:
        """The answer; None when its key was forgotten or it is not what was kept."""
        try:
            plain = vault.decrypt(self._user, _context(name), base64.b64decode(value, validate=True))
            return KeptAnswer(**json.loads(plain))
        except (vault.RecordingUnreadable, ValueError, TypeError):
            return None

    def _give_up(self, error: RedisError) -> None:
        """It is not asked again for this person's command: each try may take seconds."""
        self._is_on = False
        log.warning("answers_not_recalled", error=type(error).__name__)

    def _name(self, *parts: object) -> bytes:
        told = json.dumps([self._user.pk, self._terms, *parts])
        return salted_hmac(_SALT, told, algorithm="sha256").digest()


def depends_on_conversation(answer: str) -> bool:
    """Whether a model's words mean something else after other turns."""
    try:
        return Proposal.model_validate_json(answer).carries_on
    except ValidationError:
        return True


def _context(name: bytes) -> UUID:
    """Binds the ciphertext to its place."""
    return UUID(bytes=name[:16])


def _key(name: bytes) -> str:
    return f"{settings.REDIS_KEY_PREFIX}:answer:{name.hex()}"
