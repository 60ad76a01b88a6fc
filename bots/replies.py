"""What the chat shows of a command: what was heard, then the question, the receipt or what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bots import lists, receipts
from bots.telegram import keyboards
from tasks_app.clock import wire_form
from voice_app.models import VoiceCommand
from voice_app.moments import moment_text
from voicebot.errors import ERROR_CODES, ErrorCategory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks_app.context import Actor
    from tasks_app.models import Task

State = VoiceCommand.State
HEARD_LIMIT = 1500
"""Characters of what was heard that are shown; the receipt must always fit below."""


@dataclass(frozen=True)
class Shown:
    """A chat message's content."""

    text: str
    buttons: keyboards.Rows
    is_passing: bool
    """Whether something better follows shortly."""


def show_command(
    command: VoiceCommand, *, is_spoken: bool, ending: str = "", acts: Sequence[dict[str, Any]] = ()
) -> Shown:
    """The content of a command's one message, in the active language.

    Args:
        command: As it stands now.
        is_spoken: Whether it came as sound, so that what was heard is worth showing.
        ending: What became of it in the end, such as that it was undone; nothing can be pressed any more.
        acts: What the buttons under it did since.
    """
    if command.state in VoiceCommand.WORKING_STATES:
        return Shown(_working_text(command, is_spoken=is_spoken), [], is_passing=True)
    heard = _join(_late_note(command), _heard_at_all(command, is_spoken=is_spoken))
    wrong = receipts.not_said_rows(command) if is_spoken and command.command_text else []
    if ending:
        return Shown(_join(heard, command.reply, ending), [], is_passing=False)
    if command.state == State.WAITING:
        asked = str((command.question or {}).get("text") or command.reply)
        return Shown(_join(heard, asked), keyboards.question_rows(command), is_passing=False)
    if command.state == State.FAILED:
        return Shown(_join(heard, command.error_message, _reference(command)), wrong, is_passing=False)
    if lists.is_list(command):
        page = lists.show_page(command)
        return Shown(_join(heard, page.text), page.buttons, is_passing=False)
    text = _join(heard, command.reply or _("Done."), receipts.lines_of(acts))
    has_receipt = receipts.has_changes(command) or bool(receipts.find_touched(command))
    return Shown(text, receipts.receipt_rows(command, acts) if has_receipt else wrong, is_passing=False)


def shorten(command: VoiceCommand, shown: Shown) -> Shown:
    """The same for a group: what was heard is left out, and only Undo and the turning of pages can be pressed."""
    if command.state in VoiceCommand.WORKING_STATES or command.state == State.WAITING:
        return shown
    undo = [row[:1] for row in shown.buttons[:1] if row[0]["data"].startswith("u:")]
    if lists.is_list(command):
        return Shown(shown.text, lists.turning_alone(shown.buttons), is_passing=False)
    if command.state == State.DONE and command.reply:
        ending = shown.text.rpartition(command.reply)[2]
        return Shown(f"{command.reply}{ending}", undo, is_passing=False)
    return Shown(shown.text, undo, is_passing=False)


def hearing_text(share: float) -> str:
    """What a long note shows while it is being heard.

    Args:
        share: How much of it was heard, from 0 to 1.
    """
    return _("Listening… %(percent)d %%") % {"percent": int(share * 100)}


def below_heard(command: VoiceCommand, text: str, *, is_spoken: bool) -> str:
    """A text that takes the place of a command's receipt, with what was heard before it."""
    return _join(_late_note(command), _heard_at_all(command, is_spoken=is_spoken), text)


def reminders_text(tasks: Sequence[Task], actor: Actor) -> str:
    """What a reminder says, or what stands above several, in the active language and the person's zone."""
    if len(tasks) == 1:
        title, when = tasks[0].title, _due_text(tasks[0], actor)
        return f"⏰ {title}\n" + _("Due: {when}").format(when=when) if when else f"⏰ {title}"
    return lists.missed_heading(len(tasks))


def _due_text(task: Task, actor: Actor) -> str:
    due = wire_form(task.due_on, task.due_at, task.zone)
    return moment_text(due, None, actor.tz, actor.said_at) if due else ""


def _reference(command: VoiceCommand) -> str:
    """For what went wrong on our side; a person who spoke too softly needs no operator."""
    kind = ERROR_CODES.get(command.error_code)
    if kind is not None and kind.category is ErrorCategory.INVALID:
        return ""
    return _("Reference: %(ref)s") % {"ref": command.error_ref}


def listening_text() -> str:
    """What a spoken note is answered before anything of it was heard."""
    return _("Listening…")


def _working_text(command: VoiceCommand, *, is_spoken: bool) -> str:
    if not is_spoken:
        return _("Working on it…")
    if command.state in {State.TRANSCRIBED, State.UNDERSTOOD} and command.command_text:
        return _heard(command)
    return listening_text()


def _heard_at_all(command: VoiceCommand, *, is_spoken: bool) -> str:
    """What was heard or forwarded; a person need not read again what they typed themselves."""
    return _heard(command) if command.command_text and (is_spoken or command.said_by) else ""


def _late_note(command: VoiceCommand) -> str:
    """Which note it answers, where that is some time ago: from when its dates count."""
    late = command.received_at - command.said_at
    if command.said_by or late.total_seconds() < settings.TELEGRAM_LATE_AFTER_SECONDS:
        return ""
    zone = ZoneInfo(command.timezone)
    said, now = command.said_at.astimezone(zone), command.received_at.astimezone(zone)
    if said.date() == now.date():
        return _("From your note of %(time)s:") % {"time": date_format(said, "H:i")}
    return _("From your note of %(time)s:") % {"time": moment_text(said.isoformat(), None, zone, now)}


def _heard(command: VoiceCommand) -> str:
    words = command.command_text
    if len(words) > HEARD_LIMIT:
        words = f"{words[:HEARD_LIMIT].rstrip()}…"
    if command.said_by:
        return _("%(name)s says: “%(words)s”") % {"name": command.said_by, "words": words}
    return _("Heard: “%(words)s”") % {"words": words}


def _join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
