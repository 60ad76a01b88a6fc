"""Rows of a file as tasks that could be made: every value checked, without a look at what the person has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from tasks_app.clock import day_in, localise
from tasks_app.commands import (
    COMMENT_MAX_LENGTH,
    DURATION_MAX_MINUTES,
    LABELS_MAX_COUNT,
    NAME_MAX_LENGTH,
    NOTES_MAX_LENGTH,
    REMIND_BEFORE_MAX,
    REMINDERS_MAX_COUNT,
    TITLE_MAX_LENGTH,
    YEARS,
    BeforeStart,
    RemindAt,
)
from tasks_app.errors import RecurrenceInvalid, TaskRangeInvalid
from tasks_app.models import Reminder, Task, TaskComment, User
from tasks_app.recurrence import first_occurrence, parse_recurrence
from tasks_app.reminders import planned_reminder
from tasks_app.serialization import priority_number
from tasks_app.services import schedule
from tasks_app.transfer.errors import RecurrenceLeftOut, ReminderLeftOut, TextShortened, TimesLeftOut
from tasks_app.transfer.incoming import Circumstances, ClockTime, IncomingFile, IncomingTask, Moment
from voicebot.errors import AppError
from voicebot.one_line import one_line

_MORE = "…"


@dataclass(slots=True)
class Draft:
    """A task that could be made."""

    incoming: IncomingTask
    task: Task
    """Without owner, project and parent."""
    labels: list[str]
    reminders: list[Reminder]
    comments: list[tuple[TaskComment, dt.datetime | None]]
    """With the moments at which they were written, where that is told."""
    warnings: list[AppError] = field(default_factory=list)
    """What could not be kept."""


def make_drafts(file: IncomingFile, user: User, around: Circumstances) -> Iterator[Draft]:
    """The rows of a file, one by one.

    Args:
        file: As it was read.
        user: Who brings it in.
        around: Where and when.
    """
    for incoming in file.tasks:
        yield _Drafting(incoming, user, around).draft


class _Drafting:
    """One row in hand."""

    def __init__(self, incoming: IncomingTask, user: User, around: Circumstances) -> None:
        self._incoming, self._user, self._around = incoming, user, around
        self._zone = ZoneInfo(incoming.zone) if incoming.zone else around.zone
        self._warnings = list(incoming.warnings)
        self._task = self._make_task()
        self._set_times()
        self._set_recurrence()
        self.draft = Draft(
            incoming, self._task, self._labels(), self._reminders(), list(self._comments()), self._warnings
        )

    def _make_task(self) -> Task:
        given = self._incoming
        title, notes = clean(given.title), given.notes.replace("\0", "")
        if len(title) > TITLE_MAX_LENGTH:
            notes = f"{title}\n\n{notes}".strip()
            title = title[: TITLE_MAX_LENGTH - 1] + _MORE
        duration = given.duration_minutes
        done_at = given.completed_at or self._around.now
        return Task(
            title=title,
            notes=self._shortened(notes, NOTES_MAX_LENGTH),
            priority=priority_number(given.priority),
            duration_minutes=duration if duration and 1 <= duration <= DURATION_MAX_MINUTES else None,
            zone=self._zone.key,
            completed_at=done_at.astimezone(dt.UTC) if given.is_done else None,
        )

    def _shortened(self, text: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self._warnings.append(TextShortened())
        return text[: limit - 1] + _MORE

    def _set_times(self) -> None:
        task, given = self._task, self._incoming
        task.due_on, task.due_at, task.due_time = place(given.due, self._zone)
        task.start_on, task.start_at, task.start_time = place(given.start, self._zone)
        task.end_on, task.end_at, task.end_time = place(given.end, self._zone)
        if given.snoozed_from:
            task.snoozed_from_on, task.snoozed_from_time = given.snoozed_from.on, given.snoozed_from.time
        for name in ("end", "start"):
            try:
                schedule.check_range(task)
            except TaskRangeInvalid:
                setattr(task, f"{name}_on", None)
                setattr(task, f"{name}_at", None)
                setattr(task, f"{name}_time", None)
                self._warnings.append(TimesLeftOut())

    def _set_recurrence(self) -> None:
        """As :func:`tasks_app.services.schedule.set_recurrence`, but a rule that comes no more is no reason to fail."""
        task, rule = self._task, self._incoming.rrule
        if not rule:
            return
        try:
            recurrence = parse_recurrence(rule)
            start = schedule.due_on_clock(task)
            if task.completed_at is None:
                today = dt.datetime.combine(day_in(self._zone, self._around.now), dt.time())
                first = first_occurrence(recurrence, start or today, self._zone)
                task.due_on = task.due_on or first.local.date()
        except RecurrenceInvalid:
            self._warnings.append(RecurrenceLeftOut(words=rule[:100]))
            task.snoozed_from_on = task.snoozed_from_time = None
            return
        task.rrule = recurrence.text
        task.repeats_after_completion = self._incoming.repeats_after_completion

    def _labels(self) -> list[str]:
        names = list(dict.fromkeys(name for each in self._incoming.labels if (name := clean_name(each))))
        if len(names) > LABELS_MAX_COUNT:
            self._warnings.append(TextShortened())
        return names[:LABELS_MAX_COUNT]

    def _reminders(self) -> list[Reminder]:
        wanted = [each for each in dict.fromkeys(self._incoming.remind) if _can_remind(each)][:REMINDERS_MAX_COUNT]
        if len(wanted) < len(set(self._incoming.remind)):
            self._warnings.append(ReminderLeftOut())
        return [self._reminder(each) for each in wanted]

    def _reminder(self, when: RemindAt) -> Reminder:
        """One whose moment has passed was told by the other program, or is of no use any more."""
        reminder = planned_reminder(self._task, when)
        if reminder.remind_at is not None and reminder.remind_at <= self._around.now:
            reminder.state = Reminder.State.SENT
        return reminder

    def _comments(self) -> Iterator[tuple[TaskComment, dt.datetime | None]]:
        for each in self._incoming.comments:
            is_own = each.author in {None, self._around.username}
            text = clean(each.text) if is_own else f"{clean(each.author or '')}: {clean(each.text)}"
            if clean(each.text):
                author = self._user if is_own else None
                comment = TaskComment(task=self._task, author=author, text=self._shortened(text, COMMENT_MAX_LENGTH))
                yield comment, each.created_at


def _can_remind(when: RemindAt) -> bool:
    if isinstance(when, dt.datetime):
        return when.year in YEARS
    before = when.before_start if isinstance(when, BeforeStart) else when
    return dt.timedelta(0) <= before <= REMIND_BEFORE_MAX


def place(value: Moment | None, zone: ZoneInfo) -> tuple[dt.date | None, dt.datetime | None, dt.time | None]:
    """Day, moment in UTC and time on the clock of a zone."""
    match value:
        case None:
            return None, None, None
        case ClockTime(on, None, _):
            return on, None, None
        case ClockTime(on, time, at):
            return on, _moment_of(dt.datetime.combine(on, time or dt.time()), at, zone), time
        case dt.datetime():
            local = value if value.tzinfo is None else value.astimezone(zone).replace(tzinfo=None)
            at = localise(local, zone) if value.tzinfo is None else value.astimezone(dt.UTC)
            return local.date(), at, local.time().replace(fold=0)
        case _:
            return value, None, None


def _moment_of(local: dt.datetime, told: dt.datetime | None, zone: ZoneInfo) -> dt.datetime:
    """The moment of a time on the clock; of one that comes twice, the one that is told."""
    both = [localise(local.replace(fold=fold), zone) for fold in (0, 1)]
    return told.astimezone(dt.UTC) if told in both else both[0]


def clean(text: str) -> str:
    """A text without what the database has no place for, and without space around it."""
    return text.replace("\0", "").strip()


def clean_name(text: str) -> str:
    """A name of a project or label, no longer than it can be."""
    return one_line(text)[:NAME_MAX_LENGTH].strip()
