"""Lists as a chat shows them: page by page in one message, with buttons for each line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bots.telegram.keyboards import button
from tasks_app.agenda import is_overdue
from tasks_app.clock import day_in, wire_form
from tasks_app.models import Task
from voice_app.models import VoiceCommand
from voice_app.moments import moment_text, recurrence_text
from voice_app.showing import MORNING_AGENDA, REMINDER, WEEKLY_REVIEW
from voicebot.one_line import one_line

if TYPE_CHECKING:
    from bots.telegram.keyboards import Rows

PAGE_SIZE = 8
"""Lines of a page: as many buttons as Telegram puts side by side."""
TITLE_LIMIT = 120
NOTES_LIMIT = 1500


@dataclass(frozen=True)
class Line:
    """A place in a list of tasks."""

    number: int
    """From 1, counted through all pages, as people speak of it."""
    title: str
    due: str | None
    """As on the wire."""
    task: Task | None
    """As it is now; None when it is gone."""


@dataclass(frozen=True)
class Page:
    """What a message shows of a list."""

    text: str
    buttons: Rows


def is_list(command: VoiceCommand) -> bool:
    """Whether all that a command did was to list something."""
    results = command.results
    is_done = command.state == VoiceCommand.State.DONE
    return is_done and len(results) == 1 and bool(results[0].get("ids") or results[0].get("projects"))


def show_page(command: VoiceCommand, page: int = 0) -> Page:
    """A page of what a command listed, in the active language; the nearest one when there is no such page.

    Args:
        command: One of which :func:`is_list` is true.
        page: From 0.
    """
    result = command.results[0]
    size = len(result.get("ids") or result["projects"])
    pages = -(-size // PAGE_SIZE)
    page = min(page, pages - 1)
    shown = _projects(result, page) if result.get("projects") else _tasks(command, page)
    rows = [*shown.buttons, _turning(command, page, pages)] if pages > 1 else shown.buttons
    return Page(shown.text, rows)


def show_task(command: VoiceCommand, number: int) -> Page | None:
    """All about one line's task, in the place of the list; None when it is gone.

    Args:
        command: The list's.
        number: The line's, from 1.
    """
    line = find_line(command, number)
    if line is None or line.task is None:
        return None
    done = _("Open again") if line.task.completed_at else _("✓ Done")
    back = button(_("« Back to the list"), "l", command.pk, (number - 1) // PAGE_SIZE)
    return Page(_details(line, line.task, command), [[button(done, "d", command.pk, number, 1), back]])


def find_line(command: VoiceCommand, number: int) -> Line | None:
    """A place in a command's list of tasks; None when the list has no such place."""
    if not is_list(command) or not 0 < number <= len(command.results[0].get("ids", ())):
        return None
    return _lines(command, number - 1, number)[0]


def missed_heading(count: int) -> str:
    """What stands above several reminders that were missed."""
    return _("⏰ {count} missed reminders:").format(count=count)


def heading_of(command: VoiceCommand) -> str:
    """What stands above what a command listed."""
    result = command.results[0]
    total = result["total"]
    if command.intent == REMINDER:
        return missed_heading(total)
    if command.intent == MORNING_AGENDA:
        return ngettext("☀ Good morning! {count} task today:", "☀ Good morning! {count} tasks today:", total).format(
            count=total
        )
    if command.intent == WEEKLY_REVIEW:
        return _week_heading(result["done"], result["done_titles"])
    return ngettext("{count} task:", "{count} tasks:", total).format(count=total)


def _week_heading(done: int, titles: list[str]) -> str:
    count = [ngettext("{count} task done", "{count} tasks done", done).format(count=done)] if done else []
    return "\n".join([_("🗓 Your week"), *count, *(f"✓ {_short(title)}" for title in titles)])


def _tasks(command: VoiceCommand, page: int) -> Page:
    lines = _lines(command, page * PAGE_SIZE, (page + 1) * PAGE_SIZE)
    there = [line for line in lines if line.task is not None]
    done = [button(_mark(line), "d", command.pk, line.number, 0) for line in there]
    details = [button(f"🔍 {line.number}", "o", command.pk, line.number) for line in there]
    text = "\n".join([heading_of(command), *_texts_of(lines, command)])
    return Page(text, [row for row in (done, details) if row])


def _texts_of(lines: list[Line], command: VoiceCommand) -> list[str]:
    """The lines; those of a week's review stand under what slipped and what comes."""
    if command.intent != WEEKLY_REVIEW:
        return [_line_text(line, command) for line in lines]
    slipped = command.results[0]["slipped"]
    late = [_line_text(line, command) for line in lines if line.number <= slipped]
    ahead = [_line_text(line, command) for line in lines if line.number > slipped]
    under_late = ["", _("Slipped:"), *late] if late else []
    return [*under_late, *(["", _("In the next seven days:"), *ahead] if ahead else [])]


def _mark(line: Line) -> str:
    is_done = line.task is not None and line.task.completed_at
    return f"↩ {line.number}" if is_done else f"✓ {line.number}"


def _projects(result: dict[str, Any], page: int) -> Page:
    start = page * PAGE_SIZE
    projects = list(enumerate(result["projects"], 1))[start : start + PAGE_SIZE]
    text = "\n".join([_("Your projects:"), *(f"{number}. {_short(project['name'])}" for number, project in projects)])
    return Page(text, [[button(str(number), "p", UUID(project["id"])) for number, project in projects]])


def _turning(command: VoiceCommand, page: int, pages: int) -> list[dict[str, str]]:
    place = _("{page} of {pages}").format(page=page + 1, pages=pages)
    return [
        button("◀", "l", command.pk, (page - 1) % pages),
        button(place, "l", command.pk, page),
        button("▶", "l", command.pk, (page + 1) % pages),
    ]


def turning_alone(rows: Rows) -> Rows:
    """Of a page's buttons those that turn it, for a chat of several people."""
    return [row for row in rows if all(each["data"].startswith("l:") for each in row)]


def _lines(command: VoiceCommand, start: int, end: int) -> list[Line]:
    result = command.results[0]
    ids = [UUID(task_id) for task_id in result["ids"][start:end]]
    visible = Task.objects.visible_to(command.user).with_everything().filter(id__in=ids)
    if command.within_project_id:
        visible = visible.filter(project_id=command.within_project_id)  # what left the project is not the group's
    by_id: dict[UUID, Task] = {task.pk: task for task in visible}
    listed = {task["id"]: task for task in result["tasks"]}
    return [
        _line(number, by_id.get(task_id), listed.get(str(task_id), {})) for number, task_id in enumerate(ids, start + 1)
    ]


def _line(number: int, task: Task | None, listed: dict[str, Any]) -> Line:
    """A recurring task stands in a list at the time that was asked about, until it is changed."""
    if task is None:
        return Line(number, listed.get("title", ""), None, None)
    is_as_listed = listed.get("version") == task.version
    due = listed["due"] if is_as_listed else wire_form(task.due_on, task.due_at, task.zone)
    return Line(number, task.title, due, task)


def _line_text(line: Line, command: VoiceCommand) -> str:
    title = _short(line.title)
    if line.task is None:
        return _("{number}. {title} (gone)").format(number=line.number, title=title)
    zone = ZoneInfo(command.timezone)
    is_late = is_overdue(line.task, command.said_at, day_in(zone, command.said_at))
    mark = "✓ " if line.task.completed_at else "⚠ " if is_late else ""
    when = f", {moment_text(line.due, None, zone, command.said_at)}" if line.due else ""
    return f"{line.number}. {mark}{title}{when}"


def _details(line: Line, task: Task, command: VoiceCommand) -> str:
    zone = ZoneInfo(command.timezone)
    facts = [f"✓ {task.title}" if task.completed_at else task.title]
    if line.due:
        facts.append(_("Due: {when}").format(when=moment_text(line.due, None, zone, command.said_at)))
    if task.rrule:
        facts.append(_("Repeats: {rule}").format(rule=recurrence_text(task.rrule)))
    if task.project:
        facts.append(_("Project: {name}").format(name=task.project.name))
    if labels := ", ".join(label.name for label in task.labels.all()):
        facts.append(_("Labels: {names}").format(names=labels))
    text = "\n".join(facts)
    return f"{text}\n\n{Truncator(task.notes).chars(NOTES_LIMIT)}" if task.notes else text


def _short(title: str) -> str:
    return Truncator(one_line(title)).chars(TITLE_LIMIT)
