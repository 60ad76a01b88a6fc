"""Asking a model: one round, one repair, and what is not good then is no answer."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from voice_app.providers.base import Availability, Deadline, LanguageUnderstanding
from voice_app.providers.errors import ProviderAnswerUnusable, ProviderError, ProviderRateLimited
from voice_app.providers.llm.asking import MAX_ANSWER_CHARACTERS, ModelUnderstanding
from voice_app.providers.llm.chat import ChatModel, Completion, Message
from voice_app.providers.llm.proposal import answer_schema
from voice_app.types import Usage, Utterance

MOMENT = dt.datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
SAID = Utterance("call mum tomorrow", "en", MOMENT)
GOOD = {"intent": "create_task", "title": "call mum", "when": "tomorrow"}
UNREAD = {"intent": "create_task", "title": "call mum"}
INVENTED = {"intent": "create_task", "title": "pay Mallory"}


def answer(*commands: dict[str, Any]) -> str:
    return json.dumps({"commands": commands})


@dataclass
class PlannedChat:
    """A model that answers as planned, in order, and keeps what it was asked."""

    plan: list[str | ProviderError]
    name: str = "planned"
    asked: list[Sequence[Message]] = field(default_factory=list)

    def availability(self) -> Availability:
        return Availability(ok=True)

    def complete(self, messages: Sequence[Message], *, schema: Mapping[str, Any], deadline: Deadline) -> Completion:
        assert schema == answer_schema()
        assert deadline.remaining_seconds > 0
        self.asked.append(messages)
        planned = self.plan.pop(0)
        if isinstance(planned, ProviderError):
            raise planned
        return Completion(planned, Usage("planned-1", 100, 40, 10, cost_usd=0.001))


def understood(*plan: str | ProviderError) -> tuple[PlannedChat, Any]:
    chat = PlannedChat(list(plan))
    return chat, ModelUnderstanding(chat).understand(SAID, deadline=Deadline.after(5))


def test_it_is_a_language_provider_over_a_chat_model() -> None:
    model = ModelUnderstanding(PlannedChat([]))
    assert isinstance(PlannedChat([]), ChatModel)
    assert isinstance(model, LanguageUnderstanding)
    assert (model.name, model.availability()) == ("planned", Availability(ok=True))


def test_a_good_answer_takes_one_round() -> None:
    chat, result = understood(answer(GOOD))
    assert result.understanding.commands[0].due == "2026-11-23"
    assert result.understanding.engine == "planned"
    assert (len(chat.asked), result.usage.input_tokens) == (1, 100)


@pytest.mark.parametrize(
    "first",
    [
        answer(INVENTED),
        answer({**GOOD, "user_id": 2}),
        answer({**GOOD, "intent": "drop_database"}),
        "",
        "null",
        "[]",
        "Sure! Here is the JSON:",
        '{"commands": [',
        '{"commands": []}',
        "[" * 100_000,
        "x" * (MAX_ANSWER_CHARACTERS + 1),
        '{"commands": [{"intent": "create_task", "title": "\\ud800"}]}',
    ],
)
def test_a_bad_answer_may_be_repaired_once(first: str) -> None:
    chat, result = understood(first, answer(GOOD))
    assert result.understanding.commands[0].title == "call mum"
    assert result.usage == Usage("planned-1", 200, 80, 20, cost_usd=0.002)
    assert [message.role for message in chat.asked[1]] == ["system", "user", "assistant", "user"]


def test_the_repair_names_what_was_not_said_and_no_value_of_a_wrong_shape() -> None:
    chat, _ = understood(answer(INVENTED), answer(GOOD))
    assert 'commands[0].title: "pay Mallory" was not said' in chat.asked[1][-1].text
    chat, _ = understood(answer({**GOOD, "user_id": "'; drop table"}), answer(GOOD))
    assert "commands.0.user_id: extra_forbidden" in chat.asked[1][-1].text
    assert "drop table" not in chat.asked[1][-1].text


def test_two_bad_answers_are_none() -> None:
    chat = PlannedChat([answer(INVENTED), answer(INVENTED), answer(GOOD)])
    with pytest.raises(ProviderAnswerUnusable) as raised:
        ModelUnderstanding(chat).understand(SAID, deadline=Deadline.after(5))
    assert len(chat.asked) == 2
    assert raised.value.details == {
        "provider": "planned", "model": "planned-1", "input_tokens": 200, "cached_tokens": 80, "output_tokens": 20,
        "cost_usd": 0.002,
    }  # fmt: skip


def test_what_only_left_something_out_stands_when_the_repair_is_no_better() -> None:
    for second in (answer(INVENTED), "nonsense", ProviderRateLimited(provider="planned"), answer(UNREAD)):
        _, result = understood(answer(UNREAD), second)
        assert result.understanding.commands[0].title == "call mum"
        assert result.understanding.confidence < 0.7


def test_a_repair_that_fails_on_its_way_fails_as_it_did_and_tells_what_was_spent() -> None:
    with pytest.raises(ProviderRateLimited) as raised:
        understood(answer(INVENTED), ProviderRateLimited(provider="planned", retry_after=3))
    assert raised.value.details["retry_after"] == 3
    assert raised.value.details["cost_usd"] == 0.001
