"""Who may carry out which command in a project that is shared: every command, every role, as docs/domain.md says."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from tasks_app import commands as known
from tasks_app import services
from tasks_app.commands import Command
from tasks_app.models import Label, Project, ProjectMember, Reminder, Task, TaskComment, User
from tasks_app.services.execution import SERVICES
from tests.source_tree import ROOT
from tests.tasks_app.conftest import actor_of
from tests.tasks_app.sharing import act
from voicebot.errors import AppError

ROLES = ("owner", "editor", "viewer", "stranger")
TITLE = "| command | owner | editor | viewer | stranger |"
REFUSALS = ("not_allowed", "_not_found")
LATER = dt.datetime(2027, 5, 3, 9, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Place:
    """A project with an owner, and one more person in it or outside; and all that a command may be about."""

    person: User
    other: User
    guest: User
    project: Project
    trashed_project: Project
    task: Task
    done: Task
    trashed: Task
    reminder: Reminder
    comment: TaskComment
    label: Label
    second_label: Label
    change_set_id: uuid.UUID


Make = Callable[[Place], Command]
BUILDERS: dict[type[known.CommandBase], Make] = {
    known.CreateTask: lambda at: known.CreateTask(title="x", project_id=at.project.id),
    known.UpdateTask: lambda at: known.UpdateTask(task_id=at.task.id, title="x"),
    known.CompleteTask: lambda at: known.CompleteTask(task_id=at.task.id),
    known.ReopenTask: lambda at: known.ReopenTask(task_id=at.done.id),
    known.DeleteTask: lambda at: known.DeleteTask(task_id=at.task.id),
    known.RestoreTask: lambda at: known.RestoreTask(task_id=at.trashed.id),
    known.MoveTask: lambda at: known.MoveTask(task_id=at.task.id),
    known.SnoozeTask: lambda at: known.SnoozeTask(task_id=at.task.id, until=LATER),
    known.SnoozeReminder: lambda at: known.SnoozeReminder(task_id=at.task.id, until=LATER),
    known.AddReminders: lambda at: known.AddReminders(task_id=at.task.id, remind=(LATER,)),
    known.DeleteReminder: lambda at: known.DeleteReminder(reminder_id=at.reminder.id),
    known.PutOffReminder: lambda at: known.PutOffReminder(reminder_id=at.reminder.id, until=LATER),
    known.DismissReminder: lambda at: known.DismissReminder(reminder_id=at.reminder.id),
    known.SkipOccurrence: lambda at: known.SkipOccurrence(task_id=at.task.id),
    known.AddComment: lambda at: known.AddComment(task_id=at.task.id, text="x"),
    known.EditComment: lambda at: known.EditComment(comment_id=at.comment.id, text="x"),
    known.DeleteComment: lambda at: known.DeleteComment(comment_id=at.comment.id),
    known.CreateProject: lambda _at: known.CreateProject(name="x"),
    known.UpdateProject: lambda at: known.UpdateProject(project_id=at.project.id, name="x"),
    known.MoveProject: lambda at: known.MoveProject(project_id=at.project.id),
    known.DeleteProject: lambda at: known.DeleteProject(project_id=at.project.id),
    known.RestoreProject: lambda at: known.RestoreProject(project_id=at.trashed_project.id),
    known.InviteMember: lambda at: known.InviteMember(project_id=at.project.id, username="carl"),
    known.AcceptInvitation: lambda at: known.AcceptInvitation(project_id=at.project.id),
    known.ChangeMember: lambda at: known.ChangeMember(project_id=at.project.id, user_id=at.guest.pk, role="viewer"),
    known.RemoveMember: lambda at: known.RemoveMember(project_id=at.project.id, user_id=at.guest.pk),
    known.LeaveProject: lambda at: known.LeaveProject(project_id=at.project.id),
    known.CreateLabel: lambda _at: known.CreateLabel(name="x"),
    known.UpdateLabel: lambda at: known.UpdateLabel(label_id=at.label.id, name="x"),
    known.MergeLabels: lambda at: known.MergeLabels(label_id=at.label.id, into_id=at.second_label.id),
    known.DeleteLabel: lambda at: known.DeleteLabel(label_id=at.label.id),
    known.UndoChanges: lambda at: known.UndoChanges(change_set_id=at.change_set_id),
}
"""A command of each kind about what belongs to the maker of the project, not to the person who gives it."""


def build(role: str) -> Place:
    """Ann made the project; the person is what the role says; Gina is an editor."""
    ann, person, guest = (User.objects.create_user(name, timezone="Europe/Berlin") for name in ("ann", "bob", "gina"))
    User.objects.create_user("carl")
    project, gone = (_made_project(ann, name) for name in ("Flat", "Old flat"))
    for each in (project, gone):
        for member, given in ((person, role), (guest, "editor")):
            if given != "stranger":
                ProjectMember.objects.create(project=each, user=member, role=given, joined_at=LATER)
    task, done, trashed = (_made_task(ann, project, name) for name in ("dishes", "done", "gone"))
    act(ann, known.CompleteTask(task_id=done.id))
    act(ann, known.DeleteTask(task_id=trashed.id))
    act(ann, known.DeleteProject(project_id=gone.id))
    act(ann, known.AddComment(task_id=task.id, text="hot water"))
    act(ann, known.CreateLabel(name="one"))
    act(ann, known.CreateLabel(name="two"))
    cause = uuid.uuid4()
    services.execute(actor_of(ann), [known.UpdateTask(task_id=task.id, notes="x")], cause_id=cause)
    one, two = Label.objects.filter(owner=ann).order_by("name")
    comment, reminder = TaskComment.objects.get(task=task), Reminder.objects.get(task=task)
    return Place(person, ann, guest, project, gone, task, done, trashed, reminder, comment, one, two, cause)


def _made_project(owner: User, name: str) -> Project:
    (made,) = act(owner, known.CreateProject(name=name))
    project: Project = Project.objects.get(id=made.project_id)
    return project


def _made_task(owner: User, project: Project, title: str) -> Task:
    rule: dict[str, Any] = {"rrule": "FREQ=DAILY"} if title == "dishes" else {}
    when = dt.datetime(2027, 5, 1, 9, tzinfo=dt.UTC)
    command = known.CreateTask(title=title, project_id=project.id, due=when, remind=(when,), **rule)
    (made,) = act(owner, command)
    task: Task = Task.objects.get(id=made.task_id)
    return task


def may(person: User, command: Command) -> bool:
    """Whether the command is not refused for who gives it; what it did is taken back."""
    try:
        with transaction.atomic():
            services.execute(actor_of(person), [command], cause_id=uuid.uuid4())
            transaction.set_rollback(True)
    except AppError as error:
        return not error.code.endswith(REFUSALS)
    return True


def documented() -> dict[str, dict[str, bool]]:
    """The table of docs/domain.md, by kind and role."""
    text = (ROOT / "docs/domain.md").read_text(encoding="utf-8").split(TITLE)[1].split("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE)
    return {kind: dict(zip(ROLES, (cell == "yes" for cell in cells.split(" | ")), strict=True)) for kind, cells in rows}


def test_every_command_is_in_the_table() -> None:
    kinds = {command.model_fields["kind"].default for command in SERVICES}

    assert BUILDERS.keys() == SERVICES.keys()
    assert documented().keys() == kinds


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_the_table_says(role: str) -> None:
    place = build(role)

    found = {kind.model_fields["kind"].default: may(place.person, make(place)) for kind, make in BUILDERS.items()}

    assert found == {kind: cells[role] for kind, cells in documented().items()}
