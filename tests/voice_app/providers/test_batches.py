"""Batches of both providers: handed in, waited for, and read line by line, at half the price."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.fakes.anthropic_server import KEY as CLAUDE_KEY
from tests.fakes.batches import AnthropicBatches, BatchPlan, Fate, OpenAIBatches
from tests.fakes.openai_server import KEY as OPENAI_KEY
from tests.fakes.outcomes import Delivery, Outcome
from tests.voice_app.providers.diverted import Diverted
from voice_app.providers.base import Deadline
from voice_app.providers.errors import (
    ProviderAnswerUnusable,
    ProviderError,
    ProviderKeyRefused,
    ProviderOverloaded,
    ProviderTimedOut,
    ProviderUnreachable,
)
from voice_app.providers.http import MAX_ANSWER_BYTES, new_client
from voice_app.providers.llm.batch import (
    BATCH_SHARE,
    MAX_BATCH_BYTES,
    BatchAnswer,
    BatchModel,
    BatchRequest,
    BatchState,
)
from voice_app.providers.llm.chat import Message
from voice_app.providers.llm.claude import ClaudeChat
from voice_app.providers.llm.claude_batch import ClaudeBatch
from voice_app.providers.llm.openai import OpenAIChat
from voice_app.providers.llm.openai_batch import OpenAIBatch
from voice_app.providers.llm.proposal import answer_schema
from voice_app.providers.openai_access import OpenAIAccess

ASKED = (Message("system", "Answer in JSON."), Message("user", "buy milk"))
REQUESTS = tuple(BatchRequest(f"key-{number}", ASKED) for number in range(4))


@dataclass
class Rig:
    """A provider's server and the way to it."""

    server: OpenAIBatches | AnthropicBatches
    model: BatchModel
    chat: OpenAIChat | ClaudeChat

    def submit(self) -> str:
        return self.model.submit(REQUESTS, schema=answer_schema(), deadline=Deadline.after(30.0))

    def results(self) -> dict[str, BatchAnswer]:
        batch_id = self.submit()
        assert self.model.progress(batch_id, deadline=Deadline.after(30.0)).state is BatchState.ENDED
        return {answer.key: answer for answer in self.model.results(batch_id, deadline=Deadline.after(30.0))}


@contextmanager
def open_openai() -> Iterator[Rig]:
    with OpenAIBatches() as server, new_client(Diverted(server), max_answer_bytes=MAX_BATCH_BYTES) as client:
        access = OpenAIAccess(OPENAI_KEY, "https://api.openai.com/v1", http_client=client)
        chat = OpenAIChat(access, "gpt-6-luna")
        chat.warm_up()
        yield Rig(server, OpenAIBatch(access, chat.model), chat)


@contextmanager
def open_claude() -> Iterator[Rig]:
    with AnthropicBatches() as server, new_client(Diverted(server), max_answer_bytes=MAX_BATCH_BYTES) as client:
        chat = ClaudeChat(CLAUDE_KEY, "https://api.anthropic.com", "claude-sonnet-5-5", http_client=client)
        chat.warm_up()
        yield Rig(server, ClaudeBatch(chat), chat)


@pytest.fixture(params=[open_openai, open_claude], ids=["openai", "claude"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with request.param() as opened:
        yield opened


def test_a_batch_is_handed_in_waited_for_and_read(rig: Rig) -> None:
    rig.server.plan = BatchPlan(looks_until_ended=1)
    batch_id = rig.submit()
    first, second = (rig.model.progress(batch_id, deadline=Deadline.after(30.0)) for _ in range(2))
    assert (first.state, first.done) == (BatchState.RUNNING, 0)
    assert (second.state, second.done, second.total) == (BatchState.ENDED, 4, 4)
    found = list(rig.model.results(batch_id, deadline=Deadline.after(30.0)))
    assert {answer.key for answer in found} == {request.key for request in REQUESTS}
    assert all(answer.completion and answer.completion.text == rig.server.text for answer in found)
    assert not rig.server.problems


def test_a_batch_costs_half(rig: Rig) -> None:
    single = rig.chat.complete(ASKED, schema=answer_schema(), deadline=Deadline.after(30.0)).usage
    for answer in rig.results().values():
        assert answer.completion
        usage = answer.completion.usage
        assert (usage.input_tokens, usage.output_tokens) == (single.input_tokens, single.output_tokens)
        assert usage.cost_usd == pytest.approx(single.cost_usd * BATCH_SHARE) != 0


def test_each_line_tells_its_own_failure(rig: Rig) -> None:
    rig.server.plan = BatchPlan(fates={0: Fate.FAILED, 1: Fate.EXPIRED, 2: Fate.OVERLOADED})
    found = rig.results()
    errors = {key: type(answer.error) for key, answer in found.items() if answer.error}
    assert errors == {"key-0": ProviderError, "key-1": ProviderTimedOut, "key-2": ProviderOverloaded}
    assert found["key-3"].completion


def test_lines_that_are_lost_or_cannot_be_read_leave_the_others_alone(rig: Rig) -> None:
    rig.server.plan = BatchPlan(fates={1: Fate.LOST, 2: Fate.GARBLED})
    assert set(rig.results()) == {"key-0", "key-3"}


def test_an_answer_that_cannot_be_used_costs_half_all_the_same() -> None:
    with open_claude() as rig:
        rig.server.text = "{}"
        errors = [answer.error for answer in rig.results().values()]
        assert [type(error) for error in errors] == [ProviderAnswerUnusable] * 4
        assert all(error and error.usage.cost_usd for error in errors)


def test_results_may_be_larger_than_any_single_answer(rig: Rig) -> None:
    rig.server.text = '{"commands": [], "filling": "' + "." * MAX_ANSWER_BYTES + '"}'
    assert all(answer.completion for answer in rig.results().values())


def test_the_key_goes_nowhere_but_to_the_provider(rig: Rig) -> None:
    """Anthropic tells where the results are; what it tells is not followed."""
    assert len(rig.results()) == 4
    assert all(request.headers["authorization"].startswith("Bearer ") for request in rig.server.received)


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (Outcome(status=401), ProviderKeyRefused),
        (Outcome(raw=b"[]"), ProviderAnswerUnusable),
        (Outcome(raw=b'{"id": "../../v1/models", "status": "x", "processing_status": "x"}'), ProviderAnswerUnusable),
        (Outcome(delivery=Delivery.CLOSED), ProviderUnreachable),
    ],
    ids=["key", "shape", "strange-id", "closed"],
)
def test_what_fails_is_a_providers_error(rig: Rig, outcome: Outcome, kind: type[ProviderError]) -> None:
    rig.server.next(outcome)
    with pytest.raises(kind):
        rig.submit()


def test_a_file_that_openai_refuses_is_told() -> None:
    with open_openai() as rig:
        rig.server.plan = BatchPlan(is_refused=True)
        assert rig.model.progress(rig.submit(), deadline=Deadline.after(30.0)).state is BatchState.REFUSED
