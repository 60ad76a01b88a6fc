"""A flood of messages from many chats, with duplicates, calls that fail, and processes that are killed meanwhile."""

from __future__ import annotations

import bisect
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.telegram_server import Call, Failure, TelegramServer
from tests.faults.nursery import Nursery

ROLES = ("bot-1", "bot-2", "voice-1", "notices-1", "notices-2", "sweep-1")
SENDING = frozenset({"sendMessage", "editMessageText"})
OVERALL_A_SECOND = 30
FIRST_CHAT = 6001
TELL_EVERY_SECONDS = 60.0
SURELY_NOT_SENT = (
    Failure(500, "Internal Server Error"),
    Failure(429, "Too Many Requests: retry after 2", {"retry_after": 2}),
)
"""The others leave open whether the call was carried out."""
ACCIDENTS = (
    *SURELY_NOT_SENT * 3,
    Failure(502, "Bad Gateway"),
    Failure(is_reset=True),
    Failure(is_reset=True, is_carried_out=True),
)


@dataclass(frozen=True)
class Plan:
    """How large the flood is."""

    updates: int
    """Those that are sent once; duplicates come on top."""
    chats: int
    kills: int
    kill_every_seconds: tuple[float, float]
    duplicates: float = 0.05
    failures: float = 0.02
    victims: tuple[str, ...] = ROLES
    """Those who are killed: one after the other when they are as many as the kills, else at random."""
    seed: int = 7


@dataclass
class Outcome:
    """What came of it; every list is empty when all is well."""

    seconds: float = 0.0
    calls: int = 0
    failed_calls: int = 0
    repeated_updates: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    uncertain: int = 0
    receipts: int = 0
    most_in_a_second: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    limits_broken: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """All of them, a few of each kind."""
        return [*self.lost[:5], *self.doubled[:5], *self.disordered[:5], *self.limits_broken[:5]]


def start_programs(log: Path, environment: Mapping[str, str]) -> Nursery:
    """The processes of one bot."""
    return Nursery("tests.faults.flood_process", ROLES, log, environment)


def make_people(count: int) -> None:
    """One with a connected chat each."""
    from bots.models import ChatAccount
    from tasks_app.models import User

    users = [User(username=f"chat-{number}", language="en", timezone="UTC") for number in range(count)]
    users = User.objects.bulk_create(users)
    ChatAccount.objects.bulk_create(
        ChatAccount(user=user, chat_id=FIRST_CHAT + number) for number, user in enumerate(users)
    )


def title(number: int) -> str:
    """What the note with this number asks for."""
    return f"Buy {number + 100} eggs"


def run(
    server: TelegramServer,
    programs: Nursery,
    plan: Plan,
    *,
    wait_seconds: float,
    tell: Callable[[str], None] = lambda _line: None,
) -> Outcome:
    """Let it come, kill what is in the plan, and look at what is there in the end.

    Args:
        server: Where it comes from.
        programs: Of :func:`start_programs`.
        plan: How much of it.
        wait_seconds: What is not done then counts as lost.
        tell: Is given a line about how far it is, after each kill and then each minute.
    """
    dice, outcome, began = random.Random(plan.seed), Outcome(), time.monotonic()
    server.accident = lambda method: dice.choice(ACCIDENTS) if _may_fail(method, dice, plan) else None
    repeats: list[bool] = []
    server.is_repeated = lambda: (repeats.append(dice.random() < plan.duplicates), repeats[-1])[1]  # type: ignore[func-returns-value]  # appends on the way
    notes: dict[int, dict[int, str]] = defaultdict(dict)
    for number in range(plan.updates):
        chat = FIRST_CHAT + dice.randrange(plan.chats)
        notes[chat][server.write(chat, title(number))] = title(number)
    in_turn = len(plan.victims) == plan.kills
    for place in range(plan.kills):
        time.sleep(dice.uniform(*plan.kill_every_seconds))  # when a process dies is what is random here
        programs.kill_and_start(plan.victims[place] if in_turn else dice.choice(plan.victims))
        tell(_progress(plan, began))
    told_at = time.monotonic()
    while _unfinished(plan.updates) and time.monotonic() < began + wait_seconds:
        time.sleep(0.25)
        if time.monotonic() - told_at > TELL_EVERY_SECONDS:
            told_at = time.monotonic()
            tell(_progress(plan, began))
    outcome.seconds = time.monotonic() - began
    outcome.kills, outcome.repeated_updates = dict(programs.kills), sum(repeats)
    _look_at_notes(server, notes, outcome)
    _look_at_limits(list(server.calls), outcome)
    return outcome


def _may_fail(method: str, dice: random.Random, plan: Plan) -> bool:
    return method in SENDING | {"getUpdates"} and dice.random() < plan.failures


def _progress(plan: Plan, began: float) -> str:
    from voice_app.models import VoiceCommand

    done = VoiceCommand.objects.filter(state=VoiceCommand.State.DONE).count()
    seconds = time.monotonic() - began
    return f"{seconds:5.0f} s: {done} of {plan.updates} done, {done / seconds:.1f} a second"


def _unfinished(updates: int) -> int:
    from bots.models import OutboundMessage
    from voice_app.models import VoiceCommand

    done = VoiceCommand.objects.filter(state=VoiceCommand.State.DONE).count()
    return updates - done + OutboundMessage.objects.filter(state__in=["pending", "sending"]).count()


def _look_at_notes(server: TelegramServer, notes: Mapping[int, Mapping[int, str]], outcome: Outcome) -> None:
    """Each note made one task, in the order in which they were sent, and has one receipt, or may have one."""
    from bots.models import ChatAccount, OutboundMessage
    from tasks_app.models import Task

    tasks: dict[int, list[str]] = defaultdict(list)
    for owner_id, name in Task.objects.order_by("created_at").values_list("owner_id", "title"):
        tasks[owner_id].append(name)
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in OutboundMessage.objects.order_by("created_at"):
        rows[row.chat_id].append(row)
    attempts = _attempts(server)
    outcome.uncertain = sum(row.state == "uncertain" for chat in rows.values() for row in chat)
    owners = dict(ChatAccount.objects.values_list("chat_id", "user_id"))
    for chat, sent in notes.items():
        wanted, made = list(sent.values()), tasks[owners[chat]]
        outcome.lost += [f"{chat}: no task {name}" for name in set(wanted) - set(made)]
        outcome.doubled += [f"{chat}: task {name} twice" for name in set(made) if made.count(name) > 1]
        if set(made) == set(wanted) and made != wanted:
            outcome.disordered.append(f"{chat}: tasks {made}")
        _look_at_receipts([message.text for message in server.chat(chat)], chat, wanted, rows[chat], outcome)
        _look_at_order(server, chat, list(sent), attempts[chat], outcome)


def _attempts(server: TelegramServer) -> dict[int, dict[int, list[Call]]]:
    """The calls that were to answer each message of a person, by chat and by that message."""
    found: dict[int, dict[int, list[Call]]] = defaultdict(lambda: defaultdict(list))
    for call in server.calls_of("sendMessage"):
        reply = json.loads(call.params.get("reply_parameters", "{}")).get("message_id", 0)
        found[int(call.params["chat_id"])][reply].append(call)
    return found


def _look_at_receipts(texts: list[str], chat: int, wanted: list[str], rows: list[Any], outcome: Outcome) -> None:
    receipts = [name for text in texts for name in wanted if f"“{name}”" in text]
    outcome.receipts += len(receipts)
    outcome.doubled += [f"{chat}: receipt of {name} twice" for name in set(receipts) if receipts.count(name) > 1]
    sent = [name for name in wanted for row in rows if row.state == "sent" and f"“{name}”" in row.text]
    outcome.lost += [f"{chat}: no receipt of {name}" for name in set(sent) - set(receipts)]
    unsettled = [row for row in rows if row.state not in {"sent", "uncertain"}]
    outcome.lost += [f"{chat}: a message is {row.state} {row.error_code}" for row in unsettled]
    if len(rows) != len(wanted):
        outcome.lost.append(f"{chat}: {len(rows)} messages for {len(wanted)} notes")


def _look_at_order(
    server: TelegramServer, chat: int, sent: list[int], attempts: Mapping[int, list[Call]], outcome: Outcome
) -> None:
    """Answers were first tried in the order of what they answer, and stand so in the chat.

    One that may have arrived before is left out of the second: its receipt came as a message of its own.
    """
    tried = sorted((number for number in sent if attempts[number]), key=lambda number: attempts[number][0].at)
    if tried != sorted(tried):
        outcome.disordered.append(f"{chat}: answered {tried}")
    unclear = {number for number in sent if any(call.failure not in SURELY_NOT_SENT for call in attempts[number][:-1])}
    shown = [message.reply_to for message in server.chat(chat) if message.reply_to and message.reply_to not in unclear]
    if shown != sorted(shown):
        outcome.disordered.append(f"{chat}: shows answers to {shown}")


def _look_at_limits(calls: list[Call], outcome: Outcome) -> None:
    """What Telegram allows, by when the calls arrived there."""
    sending = [call for call in calls if call.method in SENDING]
    outcome.calls, outcome.failed_calls = len(calls), sum(call.failed for call in calls)
    moments = [call.at for call in sending]
    counts = [bisect.bisect_left(moments, moment + 1.0) - place for place, moment in enumerate(moments)]
    outcome.most_in_a_second = max(counts, default=0)
    if outcome.most_in_a_second > OVERALL_A_SECOND:
        outcome.limits_broken.append(f"{outcome.most_in_a_second} calls in a second")
    last: dict[tuple[str, str], float] = {}
    for call in sending:
        key = (call.method, str(call.params["chat_id"]))
        if call.at - last.get(key, -10.0) < 1.0:
            outcome.limits_broken.append(f"{key}: {call.at - last[key]:.3f} s after the one before")
        last[key] = call.at
