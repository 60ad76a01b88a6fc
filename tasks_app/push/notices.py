"""What a notice says as a notification of a browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks_app.push import outbox
from tasks_app.push.actions import Action, action_url
from tasks_app.selectors import get_user_language, zone_of
from voicebot.dates import clock_text, day_text
from voicebot.one_line import one_line

if TYPE_CHECKING:
    from tasks_app.models import Notice, Reminder, Task, User
    from voicebot.errors import JsonValue

TITLE_LIMIT = 120
BODY_LIMIT = 400
"""In characters; with the addresses of the buttons this stays under the 4,096 bytes that push services take."""


def push_reminders(notice: Notice, reminders: Sequence[Reminder]) -> None:
    """Write a notice's notification for each browser; one of a single task has buttons for it.

    Must run in the transaction that writes the notice.
    """
    with translation.override(get_user_language(notice.user)):
        outbox.put(notice.user, f"notice:{notice.pk}", _reminders(notice, [each.task for each in reminders]))


def push_lines(notice: Notice, lines: Sequence[str], task: Task | None) -> None:
    """The same for what others did, in words that are ready; a click opens the task, if it is about one alone."""
    outbox.put(notice.user, f"notice:{notice.pk}", _payload(notice, lines[0], "\n".join(lines[1:]), task))


def _reminders(notice: Notice, tasks: Sequence[Task]) -> dict[str, JsonValue]:
    if len(tasks) > 1:
        count = len(tasks)
        head = ngettext("%(count)d missed reminder", "%(count)d missed reminders", count) % {"count": count}
        return _payload(notice, head, "\n".join(one_line(task.title) for task in tasks), None)
    (task,) = tasks
    payload = _payload(notice, one_line(task.title), _due_text(notice.user, task), task)
    payload["actions"] = [
        {"action": "done", "title": _("Done"), "url": action_url(notice, task, Action.DONE)},
        {"action": "snooze", "title": _("In 10 minutes"), "url": action_url(notice, task, Action.SNOOZE)},
    ]
    return payload


def _payload(notice: Notice, title: str, body: str, task: Task | None) -> dict[str, JsonValue]:
    return {
        "title": Truncator(title).chars(TITLE_LIMIT),
        "body": Truncator(body).chars(BODY_LIMIT),
        "tag": str(notice.pk),
        "url": f"/#task-{task.pk}" if task else "/",
        "actions": [],
    }


def _due_text(user: User, task: Task) -> str:
    if task.due_at is not None:
        moment = task.due_at.astimezone(zone_of(user))
        return f"{day_text(moment.date())}, {clock_text(moment)}"
    return day_text(task.due_on) if task.due_on else ""
