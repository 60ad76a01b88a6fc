"""Buttons under a receipt: done, later, something else about it, or not what was said at all."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from bots import followers, outbox, receipts
from bots.expecting import expect_answer, forget_expected
from bots.telegram.handlers.answers import CHANGE, CORRECTION
from bots.telegram.handlers.incoming import Press, Taken
from bots.telegram.keyboards import NotOurButton, Rows, button
from bots.telegram.snoozing import PICK, day_rows, snooze_rows, snoozed_until
from tasks_app.clock import day_in
from tasks_app.commands import CompleteTask, SnoozeReminder, SnoozeTask
from tasks_app.selectors import get_task
from tasks_app.services import execute, undo_change_set
from voice_app.moments import moment_text
from voice_app.replies import reply_text
from voice_app.selectors import get_command
from voice_app.showing import REMINDER

if TYPE_CHECKING:
    from bots.models import OutboundMessage
    from bots.receipts import Touched
    from tasks_app.models import Task
    from voice_app.models import VoiceCommand

_TOMORROW = "1d"
_SHORT = frozenset({"10m", "1h"})


def done(press: Press) -> Taken:
    """``rd:<command>:<place>`` marks a task of the receipt as done."""
    command, touched = _task_of(press)
    change = CompleteTask(task_id=uuid.UUID(touched.task_id))
    result = execute(press.actor, [change], cause_id=press.incoming.cause_id)[0].to_json()
    return _note(press, command, touched, str(result["action"]), reply_text([result], press.actor))


def ask_until_when(press: Press) -> Taken:
    """``rs:<command>:<place>`` shows the choices of putting it off in the place of the buttons."""
    command, touched = _task_of(press)
    return press.told(message=_show(press, command, snooze_rows("rz", command.pk, touched.place)))


def snooze(press: Press) -> Taken:
    """``rz:<command>:<place>:<choice>`` puts a task of the receipt off, or shows the days to pick from."""
    command, touched = _task_of(press)
    word, now = press.pressed.word(2), timezone.now()
    if word == PICK:
        days = day_rows(now.astimezone(press.actor.tz), "rz", command.pk, touched.place)
        return press.told(message=_show(press, command, days))
    task = get_task(press.actor.user, uuid.UUID(touched.task_id), to_edit=True)
    is_early = command.intent == REMINDER and task.due_at is not None and task.due_at > now
    change = _tell_later(press, task, word, now) if is_early and word in _SHORT else _put_off(press, task, word, now)
    result = execute(press.actor, [change], cause_id=press.incoming.cause_id)[0].to_json()
    if isinstance(change, SnoozeReminder):
        when = moment_text(change.until.isoformat(), None, press.actor.tz, now)
        line = _("I will remind you: {when}.").format(when=when)
    else:
        line = reply_text([result], press.actor)
    return _note(press, command, touched, str(result["action"]), line)


def show_again(press: Press) -> Taken:
    """``rb:<command>`` puts the receipt's own buttons back."""
    command = get_command(press.actor.user, press.pressed.id())
    message = _message_of(press, command)
    followers.update_message(message, command)
    return press.told()


def take_back(press: Press) -> Taken:
    """``ru:<command>`` takes back what a button under the receipt did last."""
    command = get_command(press.actor.user, press.pressed.id())
    message = _message_of(press, command)
    if not message.acts:
        raise NotOurButton
    undo_change_set(press.actor, uuid.UUID(message.acts[-1]["set"]), press.incoming.cause_id)
    _keep_acts(message, message.acts[:-1])
    followers.update_message(message, command)
    return press.told(_("Undone."))


def edit(press: Press) -> Taken:
    """``re:<command>:<place>`` asks what shall change; the next message says so."""
    command, touched = _task_of(press)
    title = get_task(press.actor.user, uuid.UUID(touched.task_id), to_edit=True).title
    question = _("What shall change about “%(title)s”? Say or write it, for example “on Friday at six”.")
    return _ask(press, command, CHANGE, question % {"title": title}, task=touched.task_id)


def not_what_i_said(press: Press) -> Taken:
    """``w:<command>`` asks what was said really; the next message says so."""
    command = get_command(press.actor.user, press.pressed.id())
    question = _("Sorry. Please say or write it again, and I will do that instead.")
    return _ask(press, command, CORRECTION, question)


def never_mind(press: Press) -> Taken:
    """``q:<command>:<update>`` takes what was asked for by a button as not asked."""
    forget_expected(press.incoming.chat_id)
    message = outbox.find_message(_question_key(press.pressed.id(), press.pressed.number(1)))
    if message is None or message.chat_id != press.incoming.chat_id:
        raise NotOurButton
    return press.told(message=outbox.put(message.chat_id, message.dedupe_key, _("All right."), is_enqueued=False))


def _ask(press: Press, command: VoiceCommand, kind: str, question: str, *, task: str = "") -> Taken:
    update_id = press.incoming.update_id
    expect_answer(press.incoming.chat_id, kind, {"command": str(command.pk), "task": task})
    message = outbox.put(
        press.incoming.chat_id,
        _question_key(command.pk, update_id),
        question,
        [[button(_("Never mind"), "q", command.pk, update_id)]],
        reply_to_message_id=press.message_id,
        is_enqueued=False,
    )
    return press.told(message=message)


def _question_key(command_id: uuid.UUID, update_id: int) -> str:
    return f"asked:{command_id}:{update_id}"


def _tell_later(press: Press, task: Task, word: str, now: dt.datetime) -> SnoozeReminder:
    """A reminder that comes before its task is due comes again; the task stays where it is."""
    return SnoozeReminder(task_id=task.pk, until=snoozed_until(word, now, press.actor.tz))


def _put_off(press: Press, task: Task, word: str, now: dt.datetime) -> SnoozeTask | SnoozeReminder:
    """From when it is due, unless that is over; minutes on a task without a time only bring a reminder."""
    zone = press.actor.tz
    if task.due_at is None and word in _SHORT:
        return _tell_later(press, task, word, now)
    if task.due_at is None and word == _TOMORROW:
        today = day_in(zone, now)
        return SnoozeTask(task_id=task.pk, until=max(today, task.due_on or today) + dt.timedelta(days=1))
    is_relative = word in _SHORT or word == _TOMORROW
    base = max(now, task.due_at) if task.due_at and is_relative else now
    return SnoozeTask(task_id=task.pk, until=snoozed_until(word, base, zone))


def _task_of(press: Press) -> tuple[VoiceCommand, Touched]:
    """The person's own command, and the task of it that the button names.

    Raises:
        voice_app.errors.CommandNotFound: It is not theirs, or not there any more.
        NotOurButton: It left no task there.
    """
    command = get_command(press.actor.user, press.pressed.id())
    touched = receipts.get_touched(command, press.pressed.number(1))
    if touched is None:
        raise NotOurButton
    return command, touched


def _message_of(press: Press, command: VoiceCommand) -> OutboundMessage:
    message = outbox.find_message(followers.command_key(command))
    if message is None or message.chat_id != press.incoming.chat_id:
        raise NotOurButton
    return message


def _show(press: Press, command: VoiceCommand, rows: Rows) -> OutboundMessage:
    """Other buttons under the same text, and a way back."""
    message = _message_of(press, command)
    back = [button(_("Back"), "rb", command.pk)]
    return outbox.put(message.chat_id, message.dedupe_key, message.text, [*rows, back], is_enqueued=False)


def _note(press: Press, command: VoiceCommand, touched: Touched, action: str, line: str) -> Taken:
    """Write under the receipt what was done about it, so that it can be taken back there."""
    message = _message_of(press, command)
    act = {"set": str(press.incoming.cause_id), "task": touched.task_id, "action": action, "line": line}
    _keep_acts(message, [*message.acts, act])
    followers.update_message(message, command)
    return press.told(line)


def _keep_acts(message: OutboundMessage, acts: list[dict[str, str]]) -> None:
    message.acts = acts
    message.save(update_fields=["acts"])
