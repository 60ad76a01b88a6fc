"""What a notice says as a mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasks_app.mail import outbox
from tasks_app.mail.unsubscribe import unsubscribe_url
from tasks_app.models.notices import SUBJECT_MAX_LENGTH
from tasks_app.selectors import get_user_language, zone_of
from voicebot.dates import clock_text, day_text
from voicebot.one_line import one_line

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from tasks_app.models import News, Notice, Reminder, Task, User

MOST_LISTED = 25
"""Tasks that one mail names; the page shows the others."""


def write_email(notice: Notice, reminders: Sequence[Reminder]) -> None:
    """Put a notice into the outbox, in the person's language and zone; nothing when they have no address.

    Must run in the transaction that writes the notice.
    """
    user = notice.user
    if not settings.EMAIL_IS_ON or not user.email:
        return
    with translation.override(get_user_language(user)):
        subject, text, html = _content(user, [reminder.task for reminder in reminders])
    outbox.put(user, f"notice:{notice.pk}", subject=subject, text=text, html=html)


def write_news_email(notice: Notice, news: Sequence[News]) -> None:
    """The same for what others did."""
    from tasks_app.reminders.news import line_of

    user = notice.user
    if not settings.EMAIL_IS_ON or not user.email:
        return
    with translation.override(get_user_language(user)):
        lines = [line_of(each) for each in news]
        count = len(lines)
        subject = ngettext("%(count)d thing that others did", "%(count)d things that others did", count)
        heading = lines[0] if count == 1 else subject % {"count": count}
        heading = Truncator(heading).chars(SUBJECT_MAX_LENGTH)
        text, html = _render(user, heading, [{"title": line, "due": ""} for line in lines])
    outbox.put(user, f"notice:{notice.pk}", subject=heading, text=text, html=html)


def _content(user: User, tasks: Sequence[Task]) -> tuple[str, str, str]:
    zone = zone_of(user)
    subject = _subject(tasks)
    items = [{"title": task.title, "due": _due_text(task, zone)} for task in tasks]
    return subject, *_render(user, subject, items)


def _render(user: User, heading: str, items: Sequence[dict[str, str]]) -> tuple[str, str]:
    context = {
        "heading": heading,
        "items": items[:MOST_LISTED],
        "more": max(0, len(items) - MOST_LISTED),
        "home_url": settings.PUBLIC_URL,
        "unsubscribe_url": unsubscribe_url(user),
    }
    return render_to_string("mail/notice.txt", context), render_to_string("mail/notice.html", context)


def _subject(tasks: Sequence[Task]) -> str:
    """One line; a title may have several."""
    if len(tasks) == 1:
        title = one_line(tasks[0].title)
        return Truncator(_("Reminder: %(title)s") % {"title": title}).chars(SUBJECT_MAX_LENGTH)
    count = len(tasks)
    return ngettext("%(count)d missed reminder", "%(count)d missed reminders", count) % {"count": count}


def _due_text(task: Task, zone: ZoneInfo) -> str:
    if task.due_at is not None:
        moment = task.due_at.astimezone(zone)
        return f"{day_text(moment.date(), with_year=True)}, {clock_text(moment)}"
    return day_text(task.due_on, with_year=True) if task.due_on else ""
