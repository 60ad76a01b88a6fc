"""Tells people of what others did: that they were given a task, or asked to share a project.

What happened is written in the transaction in which it happens, waits for a moment, so that what is taken back at once
is never told, and is then told once: the row is marked in the transaction that writes what each channel is to send.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tasks_app.events import member_invited, news_due, task_assigned
from tasks_app.mail.notices import write_news_email
from tasks_app.models import Channel, News, Notice, ProjectMember, Task, User
from tasks_app.push.notices import push_lines
from tasks_app.reminders.preferences import preference_of
from tasks_app.reminders.quiet import end_of_quiet
from tasks_app.selectors import get_user_language, zone_of
from voicebot.errors import JsonValue
from voicebot.one_line import one_line
from voicebot.transactions import publish_on_commit

GRACE = dt.timedelta(seconds=10)
"""What is taken back within it is not told."""
TOLD_JUST_NOW = dt.timedelta(minutes=2)
"""The same within it, say undone and done again, is not told a second time."""
LEASE = dt.timedelta(seconds=60)
BATCH_SIZE = 500
TITLE_LIMIT = 200


def connect() -> None:
    """Listen to the domain."""
    task_assigned.connect(_note_assignment, dispatch_uid="reminders.note_assignment")
    member_invited.connect(_note_invitation, dispatch_uid="reminders.note_invitation")


def take_due_news(now: dt.datetime) -> list[int]:
    """Lease what is to be told; two callers never take the same.

    Must run in a transaction.

    Returns:
        Ids of the people to tell.
    """
    is_free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = News.objects.filter(is_free, told_at=None, tell_at__lte=now, user__is_active=True).order_by("tell_at")
    taken = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH_SIZE])
    News.objects.filter(id__in=[each.id for each in taken]).update(lease_until=now + LEASE)
    return list(dict.fromkeys(each.user_id for each in taken))


@transaction.atomic
def tell_news(user_id: int, now: dt.datetime) -> int:
    """Tell one person, by one notice, of all that is due and still true; in quiet hours put it off.

    Args:
        user_id: Whom to tell.
        now: Aware moment.

    Returns:
        How many things the notice tells of; 0 also when another worker has told the person already.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    due = list(_due_for(user, now))
    if not due:
        return 0
    preference = preference_of(user)
    quiet_end = end_of_quiet(now, zone_of(user), preference.quiet_from, preference.quiet_until)
    if quiet_end is not None:
        News.objects.filter(id__in=[each.id for each in due]).update(tell_at=quiet_end, lease_until=None)
        return 0
    News.objects.filter(id__in=[each.id for each in due if not _is_true(each)]).delete()
    told = [each for each in due if _is_true(each)]
    if told:
        _tell(user, preference.channels, told, now)
    return len(told)


def line_of(news: News) -> str:
    """What happened, in one line in the active language."""
    by = news.by.get_full_name() or news.by.get_username()
    if news.task is not None:
        return _("%(by)s gave you a task: %(title)s") % {"by": by, "title": _short(news.task.title)}
    name = _short(news.member.project.name) if news.member else ""
    return _("%(by)s asks you to share the project %(name)s") % {"by": by, "name": name}


def _short(text: str) -> str:
    return Truncator(one_line(text)).chars(TITLE_LIMIT)


def _note_assignment(task: Task, person: User, by: User, **_kwargs: object) -> None:
    _note(person, by, News.Kind.TASK_ASSIGNED, task=task)


def _note_invitation(member: ProjectMember, by: User, **_kwargs: object) -> None:
    _note(member.user, by, News.Kind.PROJECT_SHARED, member=member)


def _note(user: User, by: User, kind: News.Kind, **about: Task | ProjectMember) -> None:
    if user == by:
        return
    now = timezone.now()
    same = News.objects.filter(user=user, **about)
    if not same.filter(told_at__gt=now - TOLD_JUST_NOW).exists():
        same.update_or_create(
            told_at=None, defaults={"by": by, "kind": kind, "tell_at": now + GRACE, **about, "user": user}
        )


def _due_for(user: User, now: dt.datetime) -> QuerySet[News]:
    due = News.objects.filter(user=user, told_at=None, tell_at__lte=now).order_by("created_at")
    return due.select_for_update(of=("self",)).select_related("by", "task", "member__project")


def _is_true(news: News) -> bool:
    """Whether it was not taken back meanwhile, and there is still something to do about it."""
    if news.task is not None:
        task = news.task
        return task.assignee_id == news.user_id and task.completed_at is None and task.deleted_at is None
    member = news.member
    return bool(member and member.joined_at is None and member.deleted_at is None and member.project.deleted_at is None)


def _tell(user: User, channels: frozenset[Channel], told: Sequence[News], now: dt.datetime) -> None:
    """Mark it as told, by one notice, and write what each channel is to send."""
    notice = Notice.objects.create(user=user, channels=sorted(channels), created_at=now)
    News.objects.filter(id__in=[each.id for each in told]).update(told_at=now, lease_until=None, notice=notice)
    news_due.send(sender=Notice, notice=notice, news=told)
    if Channel.EMAIL in channels:
        write_news_email(notice, told)
    with translation.override(get_user_language(user)):
        if Channel.PUSH in channels:
            push_lines(notice, [line_of(each) for each in told], told[0].task if len(told) == 1 else None)
        if Channel.WEB in channels:
            publish_on_commit(user.pk, _event(notice, told))


def _event(notice: Notice, told: Sequence[News]) -> dict[str, JsonValue]:
    news: list[JsonValue] = [
        {
            "kind": each.kind,
            "text": line_of(each),
            "task_id": str(each.task_id) if each.task_id else None,
            "project_id": str(each.member.project_id) if each.member else None,
        }
        for each in told
    ]
    return {"event": "news.told", "notice_id": str(notice.id), "news": news}
