"""A language model as a language provider: ask, check the shape, ground every field, and once let it repair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import structlog
from pydantic import ValidationError

from voice_app.providers.base import Availability, Deadline, Understood
from voice_app.providers.errors import ProviderAnswerUnusable, ProviderError
from voice_app.providers.llm.chat import ChatModel, Message
from voice_app.providers.llm.grounding import Grounding, Grounds, ground
from voice_app.providers.llm.prompts import first_messages, repair_messages
from voice_app.providers.llm.proposal import Proposal, answer_schema
from voice_app.types import NOTHING_USED, Usage, Utterance
from voicebot.errors import JsonValue

log = structlog.get_logger(__name__)

MAX_ANSWER_CHARACTERS = 32_000
"""A longer answer is none; twelve commands with all their fields take a third of it."""
_MOST_SHAPE_PROBLEMS = 5
_LONGEST_NAME = 40


@dataclass(frozen=True)
class ModelUnderstanding:
    """Understands with a language model, and believes of its answer what was said."""

    chat: ChatModel

    @property
    def name(self) -> str:
        """As the chains name it."""
        return self.chat.name

    def availability(self) -> Availability:
        """That of the model."""
        return self.chat.availability()

    def understand(self, utterance: Utterance, *, deadline: Deadline) -> Understood:
        """What the utterance means, in at most two rounds.

        Raises:
            ProviderAnswerUnusable: When also the second answer holds what was not said, or is no answer at all.
            ProviderError: What the model's own connection raised. ``details`` of both hold what was spent all the
                same: ``model``, ``input_tokens``, ``cached_tokens``, ``output_tokens``, ``cost_usd``.
        """
        asked, grounds = first_messages(utterance), Grounds.of(utterance)
        text, first, usage = self._round(asked, grounds, deadline)
        problems = (*first.problems, *first.doubts)
        if not problems:
            return _understood(first, usage, text)
        log.info("model_answer_repaired", provider=self.name, problems=len(problems))
        try:
            repaired, second, more = self._round(repair_messages(asked, text, problems), grounds, deadline)
        except ProviderError as error:
            if first.understanding is None:
                error.details.update(_spent(usage))
                raise
            return _understood(first, usage, text)
        usage = _sum(usage, more)
        best, answer = (second, repaired) if second.understanding is not None else (first, text)
        if best.understanding is None:
            raise ProviderAnswerUnusable(provider=self.name, **_spent(usage))
        return _understood(best, usage, answer)

    def understand_again(self, utterance: Utterance, answer: str) -> Understood | None:
        """What an earlier answer of this model means now, as far as it is borne out; nothing is asked.

        Args:
            utterance: The same words, which may be said at another time.
            answer: As :attr:`Understood.answer` held it.
        """
        grounding = self._judge(answer, Grounds.of(utterance))
        return _understood(grounding, NOTHING_USED, answer) if grounding.understanding is not None else None

    def _round(self, messages: Sequence[Message], grounds: Grounds, deadline: Deadline) -> tuple[str, Grounding, Usage]:
        completion = self.chat.complete(messages, schema=answer_schema(), deadline=deadline)
        return completion.text, self._judge(completion.text, grounds), completion.usage

    def _judge(self, text: str, grounds: Grounds) -> Grounding:
        if len(text) > MAX_ANSWER_CHARACTERS:
            return Grounding(None, ("the answer is far too long",))
        try:
            proposal = Proposal.model_validate_json(text)
        except ValidationError as error:
            return Grounding(None, _shape_problems(error))
        return ground(proposal, grounds, engine=self.name)


def _shape_problems(error: ValidationError) -> tuple[str, ...]:
    """Where the shape is wrong, without the values that were answered."""
    return tuple(
        f"{'.'.join(_named(part) for part in problem['loc']) or 'the answer'}: {problem['type']}"
        for problem in error.errors(include_url=False, include_context=False, include_input=False)[
            :_MOST_SHAPE_PROBLEMS
        ]
    )


def _named(part: int | str) -> str:
    """A part of a path in an answer; the model may have made its name up."""
    return str(part)[:_LONGEST_NAME] if str(part).isidentifier() or isinstance(part, int) else "?"


def _understood(grounding: Grounding, usage: Usage, answer: str) -> Understood:
    if grounding.understanding is None:
        raise AssertionError("only an understanding is handed on")
    return Understood(grounding.understanding, usage, answer)


def _spent(usage: Usage) -> dict[str, JsonValue]:
    spent = asdict(usage)
    del spent["audio_seconds"]
    return spent


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        model=other.model or one.model,
        input_tokens=one.input_tokens + other.input_tokens,
        cached_tokens=one.cached_tokens + other.cached_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        audio_seconds=one.audio_seconds + other.audio_seconds,
        cost_usd=one.cost_usd + other.cost_usd,
    )
