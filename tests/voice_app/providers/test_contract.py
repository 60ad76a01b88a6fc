"""Every provider against every trouble, on a real socket in the provider's own wire format."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import pytest

from tests.fakes.outcomes import Outcome
from tests.voice_app.providers.claude_cases import CLAUDE_CASES
from tests.voice_app.providers.contract import SPOKEN, ProviderCase, Rig, Trouble
from tests.voice_app.providers.langchain_cases import LANGCHAIN_CASES
from tests.voice_app.providers.openai_cases import OPENAI_CASES
from voice_app.providers.base import Deadline
from voice_app.providers.errors import ProviderError, ProviderTimedOut
from voicebot.errors import AppError

CASES: tuple[ProviderCase, ...] = (*OPENAI_CASES, *CLAUDE_CASES, *LANGCHAIN_CASES)
"""A provider joins the contract here."""

RigOf: TypeAlias = Callable[[ProviderCase], Rig]
LATE_SECONDS = 0.1

every_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
every_trouble = pytest.mark.parametrize(
    ("case", "trouble"),
    [pytest.param(case, trouble, id=f"{case.name}-{trouble.name}") for case in CASES for trouble in case.troubles()],
)


@pytest.fixture(scope="module")
def rig_of() -> Iterator[RigOf]:
    """The rig of a case, opened when it is first asked for and as good as new each time."""
    with ExitStack() as stack:
        opened: dict[str, Rig] = {}

        def find(case: ProviderCase) -> Rig:
            if case.name not in opened:
                opened[case.name] = stack.enter_context(case.open())
            opened[case.name].server.reset()
            return opened[case.name]

        yield find


@every_case
def test_a_good_answer_comes_with_what_it_took(case: ProviderCase, rig_of: RigOf) -> None:
    rig = rig_of(case)

    answered = rig.ask(Deadline.after(5))

    assert answered.text == rig.server.text
    assert answered.usage.model == case.model
    assert answered.usage.output_tokens or answered.usage.audio_seconds
    assert (answered.usage.cost_usd > 0) is case.is_paid
    assert rig.server.problems == []


@every_case
def test_fields_that_nobody_knows_do_no_harm(case: ProviderCase, rig_of: RigOf) -> None:
    rig = rig_of(case)
    rig.server.next(Outcome(alter=lambda answer: answer | {"surprise": {"deep": [1]}, "another": None}))

    assert rig.ask(Deadline.after(5)).text == rig.server.text


@every_case
def test_connections_are_kept(case: ProviderCase, rig_of: RigOf) -> None:
    rig = rig_of(case)

    for _ in range(3):
        rig.ask(Deadline.after(5))

    assert len({request.connection for request in rig.server.received}) == 1


@every_case
def test_nothing_is_sent_when_the_time_is_over(case: ProviderCase, rig_of: RigOf) -> None:
    rig = rig_of(case)

    with pytest.raises(ProviderTimedOut):
        rig.ask(Deadline.after(0))

    assert rig.server.received == []


@every_trouble
def test_trouble_becomes_its_error(
    case: ProviderCase, trouble: Trouble, rig_of: RigOf, caplog: pytest.LogCaptureFixture
) -> None:
    rig = rig_of(case)
    rig.server.next(trouble.outcome)
    started = time.monotonic()

    with pytest.raises(AppError) as caught:
        rig.ask(Deadline.after(trouble.seconds))

    assert time.monotonic() - started < trouble.seconds + LATE_SECONDS
    assert type(caught.value) is trouble.error
    assert caught.value.details.get("retry_after") == trouble.retry_after
    if isinstance(caught.value, ProviderError):
        assert caught.value.details["provider"] == case.provider
    assert len(rig.server.received) == 1, "one request, and no other in its place"
    told = "".join(traceback.format_exception(caught.value)) + str(caught.value.details) + caplog.text
    assert rig.key not in told
    assert SPOKEN not in told


@every_case
def test_a_failure_leaves_the_provider_usable(case: ProviderCase, rig_of: RigOf) -> None:
    rig = rig_of(case)
    reset = next(trouble for trouble in case.troubles() if trouble.name == "reset")
    rig.server.next(reset.outcome)

    with pytest.raises(reset.error):
        rig.ask(Deadline.after(5))

    assert rig.ask(Deadline.after(5)).text == rig.server.text
