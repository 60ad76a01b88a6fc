"""A person's week, looked back at and ahead from: what was done, what slipped, and what comes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max
from django.db.models.fields.json import KeyTextTransform

from tasks_app.agenda import AgendaEntry, get_agenda
from tasks_app.clock import day_in, days_from, start_of_day
from tasks_app.models import Change, Task, User

DAYS_OF_A_WEEK = 7
MOST_NAMED = 5
"""So many of what was done have their titles given."""
_DONE = "complete_task"


@dataclass(frozen=True)
class WeekReview:
    """Seven days up to today, and the seven days after it."""

    done: int
    """How often something was done; a recurring task counts each time, what was undone does not."""
    done_titles: tuple[str, ...]
    """The latest ones, each once, at most :data:`MOST_NAMED`."""
    slipped: tuple[Task, ...]
    """What is late."""
    ahead: tuple[AgendaEntry, ...]
    """What comes, each task once."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.done or self.slipped or self.ahead)


def review_week(user: User, zone: ZoneInfo, *, now: dt.datetime) -> WeekReview:
    """Look at a person's week.

    Args:
        user: Whose.
        zone: Decides which day it is.
        now: Aware; what is left of today belongs to what comes.
    """
    today = day_in(zone, now)
    changes = Change.objects.filter(
        change_set__owner=user,
        change_set__undoes=None,
        change_set__undone_by=None,
        change_set__created_at__gte=start_of_day(zone, days_from(today, 1 - DAYS_OF_A_WEEK)),
        change_set__created_at__lte=now,
        kind=Change.Kind.TASK,
        action=_DONE,
    ).order_by()
    titled = changes.annotate(title=KeyTextTransform("title", "after")).values("title")
    titles = titled.annotate(last=Max("change_set__created_at"), count=Count("pk")).order_by(F("last").desc())
    rows = [(str(row["title"]), int(row["count"])) for row in titles]
    agenda = get_agenda(user, today, days_from(today, DAYS_OF_A_WEEK), zone, now=now, with_reminders=False)
    late = {task.pk: task for task in agenda.overdue}
    late |= {entry.task.pk: entry.task for entry in agenda.entries if entry.is_overdue}
    ahead: dict[object, AgendaEntry] = {}
    for entry in agenda.entries:
        if entry.task.pk not in late:
            ahead.setdefault(entry.task.pk, entry)
    return WeekReview(
        done=sum(count for _title, count in rows),
        done_titles=tuple(title for title, _count in rows[:MOST_NAMED]),
        slipped=tuple(late.values()),
        ahead=tuple(ahead.values()),
    )
