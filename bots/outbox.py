"""Every message to a chat is a row here before it is sent, and each row is sent at most once.

A repeatable one, such as a reminder, is sent once more when nobody knows whether it arrived, and then marked as such.

A row is one message in a chat: raising its revision before it was sent replaces the text, raising it
afterwards edits the message. A process takes the next row of a chat for a short lease, sends, and settles.
See ``docs/decisions/0007-telegram-delivery.md`` for why.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from bots import accounts, groups, pace
from bots.errors import TelegramForbidden
from bots.job_names import Job
from bots.models import TELEGRAM, OutboundMessage
from tasks_app.outbox import MAX_ATTEMPTS, NotSent, Unclear, pause_after
from voicebot.transactions import enqueue_on_commit

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

State = OutboundMessage.State
Buttons: TypeAlias = "Sequence[Sequence[dict[str, str]]]"

LEASE = dt.timedelta(seconds=60)
"""Longer than any call to the platform may take."""
INTERRUPTED = "telegram_interrupted"
"""Kept with a message whose process died."""
REPEATED_MARK = "↻ "
"""Before the text of a message that may have arrived already."""
_LOCK_CLASS = 0x63686174
"""Keeps these locks apart from others in the same database; any fixed number does."""


_BEING_CHANGED_SECONDS = 0.1


@dataclass(frozen=True)
class Claim:
    """A message that this process alone may send now."""

    id: uuid.UUID
    chat_id: int
    text: str
    buttons: Buttons
    reply_to_message_id: int | None
    message_id: int | None
    """What to edit; None for a new message."""
    revision: int
    document: str = ""
    """What to send as a file, see :mod:`bots.documents`."""


@dataclass(frozen=True)
class Pause:
    """Nothing may be sent to the chat for so many seconds, and something waits."""

    seconds: float


@dataclass(frozen=True)
class Sent:
    """It arrived."""

    message_id: int


@dataclass(frozen=True)
class Refused:
    """It did not arrive and never will."""

    code: str
    is_blocked: bool = False
    """Whether the person does not want to hear from us."""


@dataclass(frozen=True)
class Moved:
    """It did not arrive: the group has another number now."""

    chat_id: int
    code: str


Delivery: TypeAlias = Sent | NotSent | Unclear | Refused | Moved


@transaction.atomic
def put(
    chat_id: int,
    dedupe_key: str,
    text: str,
    buttons: Buttons = (),
    *,
    reply_to_message_id: int | None = None,
    delay_seconds: float = 0.0,
    is_enqueued: bool = True,
    is_repeatable: bool = False,
    document: str = "",
) -> OutboundMessage:
    """Say something in a chat, or change what was said under the same key.

    Args:
        chat_id: Where.
        dedupe_key: What it is about; one message for each key.
        text: Plain text.
        buttons: Rows of ``{"text", "data"}``.
        reply_to_message_id: The person's own message that this one answers.
        delay_seconds: Hold it back so long; a newer text in between takes its place.
        is_enqueued: False when the caller sends it right after the commit.
        is_repeatable: Whether it is sent once more when nobody knows whether it arrived.
        document: A file to send with it, see :mod:`bots.documents`; it never changes.
    """
    due_at = timezone.now() + dt.timedelta(seconds=delay_seconds)
    rows = [[dict(button) for button in row] for row in buttons]
    message, is_new = OutboundMessage.objects.select_for_update().get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "platform": TELEGRAM,
            "chat_id": chat_id,
            "text": text,
            "buttons": rows,
            "reply_to_message_id": reply_to_message_id,
            "is_repeatable": is_repeatable,
            "document": document,
            "next_attempt_at": due_at,
        },
    )
    if not is_new and (message.text, message.buttons) == (text, rows):
        return message
    if not is_new:
        _revise(message, text, rows)
        if not message.attempts:
            message.next_attempt_at = due_at
        message.save()
    if is_enqueued:
        enqueue_on_commit(Job.DELIVER_MESSAGE, str(message.pk), countdown_seconds=delay_seconds)
    return message


def find_message(dedupe_key: str) -> OutboundMessage | None:
    """What was said under a key."""
    return OutboundMessage.objects.filter(dedupe_key=dedupe_key).first()


def find_sent(chat_id: int, message_id: int | None) -> OutboundMessage | None:
    """The message that the platform knows by this id; one whose sending is not settled yet may be it.

    One look finds both: between two, the message could be settled and be missed by either.
    """
    fits = Q(message_id=None, state=State.SENDING)
    if message_id is not None:
        fits |= Q(message_id=message_id)
    in_chat = OutboundMessage.objects.filter(fits, platform=TELEGRAM, chat_id=chat_id)
    return in_chat.order_by(F("message_id").asc(nulls_last=True), "-created_at").first()


def forget_chats(chat_ids: Sequence[int]) -> None:
    """Delete all that was said in some chats, and what was still to be said."""
    OutboundMessage.objects.filter(platform=TELEGRAM, chat_id__in=chat_ids).delete()


def forget_messages(dedupe_keys: Sequence[str]) -> None:
    """Delete what was said under some keys."""
    OutboundMessage.objects.filter(dedupe_key__in=dedupe_keys).delete()


def give_up(chat_id: int, code: str = TelegramForbidden.code) -> None:
    """Send nothing of what waits for a chat, now or later.

    Args:
        chat_id: Of a person who does not want to hear from us, or that is gone.
        code: The reason, kept with each message.
    """
    waiting = OutboundMessage.objects.filter(platform=TELEGRAM, chat_id=chat_id, state=State.PENDING)
    waiting.update(state=State.FAILED, error_code=code, updated_at=timezone.now())


def take_next(chat_id: int) -> Claim | Pause | None:
    """Take the chat's next message that may be sent now.

    It never waits for a message that somebody changes at this moment: whoever does may wait for this chat's lock.

    Returns:
        None when nothing waits or another process is at work on this chat; that one goes on until nothing waits.
    """
    try:
        return _take_next(chat_id)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return Pause(_BEING_CHANGED_SECONDS)
        raise


@transaction.atomic
def _take_next(chat_id: int) -> Claim | Pause | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [_LOCK_CLASS, chat_id])
    now = timezone.now()
    unfinished = OutboundMessage.objects.select_for_update(nowait=True).filter(platform=TELEGRAM, chat_id=chat_id)
    if _is_being_served(unfinished, now):
        return None
    if accounts.is_blocked(chat_id):
        give_up(chat_id)
        return None
    waits: list[float] = []
    for kind, message in _candidates(unfinished, now):
        wait = (message.next_attempt_at - now).total_seconds()
        if wait <= 0:
            wait = pace.reserve(chat_id, kind)
        if wait <= 0:
            return _claim(message, now)
        waits.append(wait)
    return Pause(min(waits)) if waits else None


@transaction.atomic
def take_said(message_id: uuid.UUID, text: str) -> Claim | None:
    """Take a new message whose very words are on their way to the chat already; None when it says something else."""
    message = OutboundMessage.objects.select_for_update().get(pk=message_id)
    is_new = message.state == State.PENDING and message.message_id is None
    return _claim(message, timezone.now()) if is_new and message.text == text and not message.buttons else None


@transaction.atomic
def leave_unclear(message_id: uuid.UUID, text: str) -> None:
    """These words may stand in the chat already, said by a process that died; any others are sent all the same."""
    message = OutboundMessage.objects.select_for_update().get(pk=message_id)
    if message.text == text:
        _note_unclear(message, INTERRUPTED)
        message.save()


@transaction.atomic
def settle(claim: Claim, delivery: Delivery) -> None:
    """Note what became of a message that was taken."""
    pace.note_answered(claim.chat_id, "send" if claim.message_id is None else "edit")
    message = OutboundMessage.objects.select_for_update().filter(pk=claim.id).first()
    if message is None:  # its person was deleted while it was on its way
        return
    message.lease_until = None
    has_newer = message.revision > claim.revision
    match delivery:
        case Sent(message_id):
            message.message_id = message_id
            message.state, message.attempts, message.error_code = State.SENT, 0, ""
        case Unclear(code) if claim.message_id is None:
            _note_unclear(message, code)
        case Unclear(code):
            _postpone(message, code, None)
        case NotSent(code, retry_after_seconds):
            _postpone(message, code, retry_after_seconds)
        case Moved(chat_id, code):
            groups.move_group(claim.chat_id, chat_id)
            _follow_move(message, chat_id, code)
        case Refused(code, is_blocked):
            message.state, message.error_code = State.FAILED, code
            _let_go(claim.chat_id, is_blocked=is_blocked)
    if has_newer and message.state in {State.SENT, State.UNCERTAIN}:
        message.state = State.PENDING
    message.save()


def list_stalled() -> list[OutboundMessage]:
    """For each chat, one message that should have been sent by now."""
    now = timezone.now()
    stalled = Q(state=State.PENDING, next_attempt_at__lte=now) | Q(state=State.SENDING, lease_until__lte=now)
    return list(OutboundMessage.objects.filter(stalled).order_by("chat_id", "created_at").distinct("chat_id"))


def _let_go(chat_id: int, *, is_blocked: bool) -> None:
    if is_blocked:
        accounts.mark_blocked(chat_id)
        groups.end_group(chat_id)
        give_up(chat_id)


def _follow_move(message: OutboundMessage, chat_id: int, code: str) -> None:
    """A new message goes to the group's new number; an old one cannot be edited any more."""
    message.state, message.error_code = State.FAILED, code
    if message.message_id is None:
        message.state, message.chat_id, message.reply_to_message_id = State.PENDING, chat_id, None
        enqueue_on_commit(Job.DELIVER_MESSAGE, str(message.pk))


def _revise(message: OutboundMessage, text: str, buttons: list[list[dict[str, str]]]) -> None:
    """What was refused for good stays so; what is unclear goes on with a text that surely was not sent yet."""
    message.text, message.buttons = text, buttons
    message.revision += 1
    if message.state in {State.SENT, State.UNCERTAIN}:
        message.state = State.PENDING


def _is_being_served(unfinished: QuerySet[OutboundMessage], now: dt.datetime) -> bool:
    """Whether a living process is at work on the chat; what a dead one left is put right."""
    for message in unfinished.filter(state=State.SENDING):
        if message.lease_until is not None and message.lease_until > now:
            return True
        is_new = message.message_id is None
        has_newer = message.revision > message.sent_revision
        if is_new and not has_newer:
            _note_unclear(message, INTERRUPTED)
        else:
            message.state, message.error_code = State.PENDING, INTERRUPTED
        message.lease_until = None
        message.save()
    return False


def _note_unclear(message: OutboundMessage, code: str) -> None:
    """A new message may have arrived: a repeatable one goes once more, and not a third time."""
    goes_again = message.is_repeatable and not message.may_be_repeated
    message.state, message.error_code = State.PENDING if goes_again else State.UNCERTAIN, code
    message.may_be_repeated = message.may_be_repeated or goes_again


def _candidates(unfinished: QuerySet[OutboundMessage], now: dt.datetime) -> list[tuple[pace.Kind, OutboundMessage]]:
    """The edit that is due first, and the oldest new message: new ones keep their order.

    One that failed holds up those after it; one that is held back on purpose does not.
    """
    pending = unfinished.filter(state=State.PENDING)
    edit = pending.filter(message_id__isnull=False).order_by("next_attempt_at").first()
    new = pending.filter(message_id=None)
    oldest = new.exclude(attempts=0, next_attempt_at__gt=now).order_by("created_at").first()
    oldest = oldest or new.order_by("next_attempt_at").first()
    found: list[tuple[pace.Kind, OutboundMessage]] = []
    if edit:
        found.append(("edit", edit))
    if oldest:
        found.append(("send", oldest))
    return found


def _claim(message: OutboundMessage, now: dt.datetime) -> Claim:
    message.state = State.SENDING
    message.lease_until = now + LEASE
    message.sent_revision = message.revision
    message.save()
    return Claim(
        id=message.pk,
        chat_id=message.chat_id,
        text=REPEATED_MARK + message.text if message.may_be_repeated else message.text,
        buttons=message.buttons,
        reply_to_message_id=message.reply_to_message_id,
        message_id=message.message_id,
        revision=message.revision,
        document=message.document,
    )


def _postpone(message: OutboundMessage, code: str, retry_after_seconds: float | None) -> None:
    """Try again later; being asked to slow down does not count as a failure."""
    message.error_code = code
    if retry_after_seconds is not None:
        pace.hold_back(message.chat_id, retry_after_seconds)
        delay = retry_after_seconds
    else:
        message.attempts += 1
        delay = pause_after(message.attempts)
    message.state = State.PENDING if message.attempts < MAX_ATTEMPTS else State.FAILED
    message.next_attempt_at = timezone.now() + dt.timedelta(seconds=delay)
