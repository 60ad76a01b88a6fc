"""The sentences that people get: receipts, lists, questions.

They are written in the active language; days and times are those of the speaker's zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from voice_app.moments import moment_text, recurrence_text
from voicebot.dates import list_text

if TYPE_CHECKING:
    from tasks_app.commands import CreateTask
    from tasks_app.context import Actor
    from voice_app.models import VoiceCommand
    from voice_app.resolution import Question

Result = Mapping[str, Any]

_PRIORITIES = {
    "urgent": gettext_lazy("urgent"),
    "high": gettext_lazy("high priority"),
    "medium": gettext_lazy("medium priority"),
    "low": gettext_lazy("low priority"),
}
_CONFIRMATIONS = {
    "create_task": gettext_lazy("Add {names}?"),
    "delete_task": gettext_lazy("Shall I delete {names}?"),
    "delete_project": gettext_lazy("Shall I delete the project {names} with its tasks?"),
    "complete_task": gettext_lazy("Shall I mark {names} as done?"),
    "reopen_task": gettext_lazy("Shall I open {names} again?"),
    "update_task": gettext_lazy("Shall I change {names}?"),
    "snooze": gettext_lazy("Shall I put off {names}?"),
    "assign_task": gettext_lazy("Shall I give {names} away?"),
}


def reply_text(results: list[dict[str, Any]], actor: Actor) -> str:
    """One line for each thing that was done, shown or not found."""
    lines = [_line(result, actor.tz, actor.said_at) for result in results]
    return "\n".join(line for line in lines if line) or _("Nothing was changed.")


def question_text(question: Question) -> str:
    """What is asked, without its options, which the door shows as buttons."""
    names = list_text(_quoted(name) for name in [option.label for option in question.options] or [question.phrase])
    if question.kind == "title":
        return _("What shall it be called?")
    if question.kind == "choice" and question.reason == "near_misses":
        return _("I found nothing called “{phrase}”. Did you mean one of these?").format(phrase=question.phrase)
    if question.kind == "choice" and not question.phrase:
        return _("Which one do you mean?")
    if question.kind == "choice":
        return _("Which one do you mean by “{phrase}”?").format(phrase=question.phrase)
    return str(_CONFIRMATIONS[question.intent]).format(names=names)


def proposal_text(tasks: Sequence[CreateTask], actor: Actor) -> str:
    """What is asked about tasks that somebody else's words name."""
    names = list_text(_proposed(task, actor) for task in tasks)
    return _("Shall I add {names}?").format(names=names)


def _proposed(task: CreateTask, actor: Actor) -> str:
    if task.due is None:
        return _quoted(task.title)
    when = moment_text(task.due.isoformat(), None, actor.tz, actor.said_at)
    return _("“{title}” for {when}").format(title=task.title, when=when)


def expired_reply(question: str) -> str:
    """What a question becomes that was not answered in time."""
    return f"{question}\n\n" + _("⌛ I got no answer in time, so I changed nothing.")


def _quoted(name: str) -> str:
    return _("“{title}”").format(title=name)


def cancelled_reply() -> str:
    """What follows a no."""
    return _("All right, I changed nothing.")


def answered_reply(answered: VoiceCommand) -> str:
    """What the utterance itself shows when it only answered another one's question."""
    return _("All right.") if answered.state != answered.State.CANCELLED else cancelled_reply()


def _line(result: Result, tz: ZoneInfo, now: dt.datetime) -> str:
    if "problem" in result:
        return _problem(result)
    writer = _WRITERS.get(result["action"], _nothing)
    return " ".join([writer(result, tz, now), *_remarks(result)])


def _created(result: Result, tz: ZoneInfo, now: dt.datetime) -> str:
    parts = [_("Added “{title}”").format(title=result["title"])]
    if result["due"]:
        parts.append(_("for {when}").format(when=moment_text(result["due"], result["end"], tz, now)))
    if result["project"]:
        parts.append(_("in {project}").format(project=result["project"]))
    if result["priority"]:
        parts.append(_("({priority})").format(priority=_PRIORITIES[result["priority"]]))
    text = " ".join(parts)
    if result["rrule"]:
        text += f", {recurrence_text(result['rrule'])}"
    text = text.removesuffix(".") + "."
    if result["remind"]:
        moments = "; ".join(moment_text(moment, None, tz, now) for moment in result["remind"])
        text += " " + _timed(_("I will remind you: {when}."), moments)
    return text


def _updated(result: Result, tz: ZoneInfo, now: dt.datetime) -> str:
    before = result["before"] or {}
    if not result["changed"]:
        return _("“{title}” is like that already.").format(title=result["title"])
    if result["due"] != before.get("due") and result["due"]:
        when = moment_text(result["due"], result["end"], tz, now)
        return _timed(_("Moved “{title}” to {when}."), when, title=result["title"])
    if result["title"] != before.get("title"):
        return _("Renamed “{old}” to “{title}”.").format(old=before.get("title"), title=result["title"])
    if result["project"] != before.get("project"):
        project = result["project"] or _("the inbox")
        return _("Put “{title}” into {project}.").format(title=result["title"], project=project)
    if result["priority"] != before.get("priority") and result["priority"]:
        priority = _PRIORITIES[result["priority"]]
        return _("“{title}” is {priority} now.").format(title=result["title"], priority=priority)
    return _("Changed “{title}”.").format(title=result["title"])


def _completed(result: Result, tz: ZoneInfo, now: dt.datetime) -> str:
    if not result["changed"]:
        return _("“{title}” was done already.").format(title=result["title"])
    if result["next_due"]:
        when = moment_text(result["next_due"], None, tz, now)
        return _timed(_("Done: “{title}”. Next time: {when}."), when, title=result["title"])
    return _("Done: “{title}”.").format(title=result["title"])


def _timed(sentence: str, when: str, **names: str) -> str:
    """The sentence with its time; the dot of a shortened month also ends the sentence."""
    return sentence.replace("{when}.", "{when}" if when.endswith(".") else "{when}.").format(when=when, **names)


def _reopened(result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    return _("“{title}” is open again.").format(title=result["title"])


def _deleted(result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    return _("Deleted “{title}”.").format(title=result["title"])


def _project_created(result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    return _("Made the project “{title}”.").format(title=result["title"])


def _project_updated(result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    return _("The project is called “{title}” now.").format(title=result["title"])


def _project_deleted(result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    count = result["tasks_touched"]
    return ngettext(
        "Deleted the project “{title}” and its {count} task.",
        "Deleted the project “{title}” and its {count} tasks.",
        count,
    ).format(title=result["title"], count=count)


def _undone(result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    titles = ", ".join(_quoted(undone["title"]) for undone in result["undone"])
    return _("Undone: {titles}.").format(titles=titles)


def _listed(result: Result, tz: ZoneInfo, now: dt.datetime) -> str:
    total = result["total"]
    if not total and result.get("text"):
        return _("Nothing on your list has “{words}” in it.").format(words=result["text"])
    if not total:
        return _("There is nothing on your list there.") if result["from"] else _("There is nothing on your list.")
    heading = ngettext("{count} task:", "{count} tasks:", total).format(count=total)
    lines = [_numbered(number, task, tz, now) for number, task in enumerate(result["tasks"], start=1)]
    hidden = total - len(lines)
    if hidden:
        lines.append(ngettext("and {count} more", "and {count} more", hidden).format(count=hidden))
    return "\n".join([heading, *lines])


def _numbered(number: int, task: Result, tz: ZoneInfo, now: dt.datetime) -> str:
    when = f", {moment_text(task['due'], task['end'], tz, now)}" if task["due"] else ""
    return f"{number}. {task['title']}{when}"


def _projects_listed(result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    if not result["projects"]:
        return _("You have no projects yet. Say “make a project called Garden”.")
    return "\n".join([_("Your projects:"), *(f"- {project['name']}" for project in result["projects"])])


def _help(_result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    return _(
        "Say what you want done, for example: “call mum tomorrow at five”, “milk and eggs on the shopping list”, "
        "“what is due today?”, “move the dentist to Friday”, “mark the report as done”, “undo”."
    )


def _greeting(_result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    return _("Hello! What shall I write down?")


def _nothing_open(_result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    return _("There is no open question.")


def _nothing(_result: Result, _tz: ZoneInfo, _now: dt.datetime) -> str:
    return _("I did not hear anything about your tasks, so I changed nothing. Say “help” for examples.")


def _problem(result: Result) -> str:
    template = _problems().get(result["problem"], _("I could not do that with “{phrase}”."))
    return template.format(phrase=result["phrase"])


def _problems() -> dict[str, str]:
    return {
        "task_not_found": _("I found no task called “{phrase}”."),
        "project_not_found": _("You have no project called “{phrase}”. Say “make a project called {phrase}”."),
        "project_name_taken": _("You have a project called “{phrase}” already."),
        "person_not_found": _("I know nobody called “{phrase}” to give it to."),
        "change_missing": _("I did not hear what to change about “{phrase}”."),
        "due_missing": _("“{phrase}” has no date to count from. Say when it shall be."),
        "beyond_project": _("That works only in a chat of our own."),
        "time_missing": _("“{phrase}” has a day and no time to count from. Say a time, such as “at three”."),
    }


def _remarks(result: Result) -> list[str]:
    remarks = []
    if "unknown_project" in result:
        text = _("You have no project called “{name}”; say “make a project called {name}” if you want it.")
        remarks.append(text.format(name=result["unknown_project"]))
    if "unknown_labels" in result:
        remarks.append(_("You have no label {names}.").format(names=result["unknown_labels"]))
    if "not_moved" in result:
        remarks.append(_("Not moved, for want of a date or time: {names}.").format(names=result["not_moved"]))
    if "unknown_person" in result:
        remarks.append(_("I know nobody called “{name}”.").format(name=result["unknown_person"]))
    return remarks


_WRITERS: dict[str, Callable[[Result, ZoneInfo, dt.datetime], str]] = {
    "create_task": _created,
    "update_task": _updated,
    "snooze_task": _updated,
    "complete_task": _completed,
    "reopen_task": _reopened,
    "delete_task": _deleted,
    "create_project": _project_created,
    "update_project": _project_updated,
    "delete_project": _project_deleted,
    "undo_changes": _undone,
    "list_tasks": _listed,
    "agenda": _listed,
    "list_projects": _projects_listed,
    "help": _help,
    "greeting": _greeting,
    "confirm": _nothing_open,
    "deny": _nothing_open,
    "cancel": _nothing_open,
}
